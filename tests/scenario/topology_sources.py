#!/usr/bin/env python3
"""The network as programs tell it through the API: alone, beside routers and the file; kept over a restart; changed link
by link; refused whole where a part is wrong."""

import json
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
import daemon
import networks
import pcep
from api_case import UnixConnection, ask, pcectl
from api import Description as ApiDescription
from case import next_source
from daemon import Pced, WAIT_S
from pcc import FrrPcc, Lsp
from peer import Peer

SOURCES = "/api/v1/topology/sources"
BY_B, BY_C = 20, 40  # IGP metric from A to D
OCTETS_MAX = 3 << 20
NODE = '  - {{name: "{0}", router-id: 10.9.{1}.{2}}}\n'


def many_nodes(count):
    return "nodes:\n" + "".join(NODE.format(f"n{i}", i >> 8, i & 255) for i in range(1, count + 1))


def padded(size):
    """The diamond, and a comment until the text has this size."""
    text = networks.DIAMOND + "#"
    return text + "." * (size - len(text) - 1) + "\n"


class Case(unittest.TestCase):
    TOPOLOGY, STORE, BGP_LS = None, True, None

    def setUp(self):
        sections = {"lsp": {"settle_time": 0}, "reopt": {"interval": 0}}
        if self.STORE:
            sections["store"] = {"path": "records"}
        if self.BGP_LS:
            sections["bgp_ls"] = self.BGP_LS()
        self.pced = Pced(topology=self.TOPOLOGY, **sections)
        if self.STORE:
            os.mkdir(os.path.join(self.pced.folder, "records"))
        self.addCleanup(self.pced.stop)
        self.begin()

    def begin(self):
        self.pced.start()
        self.pced.socket = self.pced.sections["control"]["socket"]
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0)
        self.request_id = 0

    def restart(self):
        self.pced.signal(signal.SIGKILL)
        self.pced.wait_exit()
        self.peer.drop()
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.lines.clear()
        self.begin()

    def api(self, method, target, body=None, wanted=200):
        connection = UnixConnection(self.pced.socket)
        self.addCleanup(connection.close)
        code, answer = ask(connection, method, target, None if body is None else body.encode())
        self.assertEqual(code, wanted, answer)
        return answer

    def put(self, body, name="lab", arguments="", wanted=200):
        return self.api("PUT", f"{SOURCES}/{name}{arguments}", body, wanted)

    def change(self, body, name="lab", wanted=200):
        return self.api("PATCH", f"{SOURCES}/{name}", body if isinstance(body, str) else json.dumps(body), wanted)

    def sources(self):
        return {row["name"]: row for row in self.api("GET", SOURCES)["sources"]}

    def cost(self):
        """From A to D by the IGP; None: there is no path."""
        self.request_id += 1
        answer = self.peer.ask(self.request_id, networks.A, networks.D, pcep.metric(pcep.METRIC_IGP, computed=True))
        return None if answer.ero is None else answer.metric(pcep.METRIC_IGP)

    def wait_cost(self, wanted):
        deadline = time.monotonic() + WAIT_S
        while (cost := self.cost()) != wanted:
            self.assertLess(time.monotonic(), deadline, f"{cost} is not {wanted}\n{self.pced.log()}")
            time.sleep(0.02)

    def link(self, ends, name="A"):
        rows = self.api("GET", "/api/v1/topology?limit=1000")["links"]
        return next(row for row in rows if (row["from"], row["to"]) == tuple(ends))


class Alone(Case):
    def setUp(self):
        super().setUp()
        self.assertIsNone(self.cost(), "nobody has told anything yet")
        answer = self.put(networks.DIAMOND)
        self.assertEqual([answer[key] for key in ("outcome", "name", "rank", "completes", "nodes", "links", "kept",
                                                  "why_not")], ["created", "lab", 200, False, 6, 10, True, None])
        self.wait_cost(BY_B)

    def test_it_is_read_back_as_it_was_told(self):
        answer = self.api("GET", f"{SOURCES}/lab")
        self.assertEqual(answer["network"], networks.DIAMOND)
        self.assertEqual(self.sources()["lab"]["octets"], len(networks.DIAMOND))
        self.assertLess(self.sources()["lab"]["age_s"], 60)

    def test_a_restart_keeps_it_as_it_is_before_anybody_is_served(self):
        self.change({"withdraw": {"links": [{"from": "B", "to": "D"}]}})
        self.wait_cost(BY_C)
        before = self.api("GET", f"{SOURCES}/lab")
        self.restart()
        self.assertEqual(self.cost(), BY_C)
        after = self.api("GET", f"{SOURCES}/lab")
        self.assertEqual({**before, "age_s": 0}, {**after, "age_s": 0})

    def test_a_deletion_withdraws_it_for_good(self):
        self.assertEqual(self.api("DELETE", f"{SOURCES}/lab"), {"name": "lab", "outcome": "deleted"})
        self.wait_cost(None)
        self.restart()
        self.assertIsNone(self.cost())
        self.assertEqual(self.sources(), {})
        self.api("DELETE", f"{SOURCES}/lab", wanted=404)
        self.api("GET", f"{SOURCES}/lab", wanted=404)
        self.change({}, wanted=404)

    def test_what_is_told_anew_takes_the_place_of_what_was(self):
        answer = self.put(networks.diamond(upper_igp=70), arguments="?rank=7")
        self.assertEqual([answer["outcome"], answer["rank"]], ["replaced", 7])
        self.wait_cost(BY_C)

    def test_single_links_and_nodes_change(self):
        self.change("links:\n  - {from: A, to: B, igp-metric: 70, te-metric: null}\n")
        self.wait_cost(BY_C)
        link = self.link("AB")
        self.assertEqual([link["igp-metric"], link["capacity"], link.get("te-metric")], [70, 1e9, None])
        self.change({"nodes": [{"name": "G", "router-id": "10.0.0.7", "srgb": {"base": 16000, "size": 8000}, "prefix-sid": 7}],
                     "links": [{"from": "A", "to": "G", "igp-metric": 1}, {"from": "G", "to": "D", "igp-metric": 2}]})
        self.wait_cost(3)
        answer = self.change({"withdraw": {"nodes": ["G"]}})
        self.assertEqual([answer["outcome"], answer["nodes"], answer["links"]], ["changed", 6, 10])
        self.wait_cost(BY_C)

    def test_only_what_changes_is_in_the_log(self):
        before = self.api("GET", "/api/v1/topology/log?limit=1000")["next"]
        self.change({"withdraw": {"links": [{"from": "B", "to": "D"}]}})
        self.wait_cost(BY_C)
        rows = self.api("GET", f"/api/v1/topology/log?since={before}")["changes"]
        self.assertEqual({(row["what"], row["source"]) for row in rows if row["kind"] == "link"}, {("went", "api:lab")})
        self.assertEqual(sum(row["kind"] == "link" for row in rows), 2, rows)

    def test_a_link_that_is_withdrawn_moves_an_lsp(self):
        pcc = FrrPcc(self.pced.address, source=next_source())
        self.addCleanup(pcc.drop)
        pcc.begin()
        pcc.synchronise(Lsp(1, "UPPER", networks.A, networks.D, [24001, 24003]))
        pcc.nothing_for(0.3)
        self.change({"withdraw": {"links": [{"from": "B", "to": "D"}]}})
        self.assertEqual(pcc.order(pcep.PCUPD).labels, [16004], "by C, which is the shortest now")

    def test_what_is_wrong_changes_nothing_and_is_told_where(self):
        wrong = ((networks.DIAMOND.replace("to: D", "to: X", 1), "line 41: links[1] (B - X): to"),
                 ("nodes:\n  - {name: A, router-id: 1.2.3}\n", "line 2: nodes[0] (A): router-id"),
                 ("", "line 1"), ("nodes: [", "no YAML"), ("[]", "mapping"), ("nodes: []\n", "nodes: there is none"),
                 ("nodes: &a [*a]", "anchors"), ("{" * 100, "line 1"), ("nodes: {" * 100, "line 1"))
        for body, message in wrong:
            answer = self.put(body, wanted=400)
            self.assertEqual(answer["error"]["field"], "body")
            self.assertIn(message, answer["error"]["message"])
        connection = UnixConnection(self.pced.socket)
        self.addCleanup(connection.close)
        self.assertEqual(ask(connection, "PUT", f"{SOURCES}/lab", b"nodes: \xff\n")[0], 400)
        self.assertEqual(self.api("GET", f"{SOURCES}/lab")["network"], networks.DIAMOND)
        self.assertEqual(self.cost(), BY_B)

    def test_a_change_that_is_wrong_changes_nothing_and_is_told_where(self):
        wrong = (({"links": [{"from": "A", "to": "B", "igp-metric": "x"}]}, "links[0]"),
                 ({"links": [{"from": "A"}]}, "line 1: links[0]: to is missing"),
                 ({"links": [{"from": "A", "to": "Y"}]}, "to"),
                 ({"links": [{"from": "B", "to": "A"}]}, "the other way round, from A to B"),
                 ({"withdraw": {"links": [{"from": "A", "to": "D"}]}}, "withdraw"),
                 ({"withdraw": {"nodes": ["Y"]}}, "no node of this name"),
                 ({"withdraw": {"nodes": list("ABCDEF")}}, "there is none"),
                 ({"nodes": "A"}, "a list is wanted"), ({"nodes": ["A"]}, "a mapping is wanted"),
                 ({"node": []}, "no such key"), ({"defaults": {}}, "no such key"), ("links: {", "no YAML"))
        for body, message in wrong:
            with self.subTest(body=body):
                answer = self.change(body, wanted=400)
                self.assertIn(message, answer["error"]["message"])
        self.assertEqual(self.api("GET", f"{SOURCES}/lab")["network"], networks.DIAMOND)

    def test_arguments_and_names_are_looked_at(self):
        for target, method in (("x y", "PUT"), ("a" * 33, "PUT"), ("lab?rank=65536", "PUT"), ("lab?completes=maybe", "PUT"),
                               ("lab?rnk=1", "PUT"), ("lab?rank=1", "PATCH")):
            self.api(method, f"{SOURCES}/{target.replace(' ', '%20')}", networks.DIAMOND, 400)
        self.put(networks.DIAMOND, "a" * 32, "?rank=65535&completes=true")
        self.api("POST", f"{SOURCES}/lab", "", 405)

    def test_pcectl_tells_shows_and_deletes(self):
        path = os.path.join(self.pced.folder, "told.yaml")
        self.pced.write(path, networks.diamond(upper_igp=70))
        code, text, error = pcectl(self.pced, "topology", "source", "set", "lab", path, "--rank", "20")
        self.assertEqual((code, text), (0, "replaced lab\n"), error)
        self.wait_cost(BY_C)
        self.pced.write(path, "withdraw: {nodes: [F]}\n")
        self.assertEqual(pcectl(self.pced, "topology", "source", "change", "lab", path)[:2], (0, "changed lab\n"))
        code, text, _ = pcectl(self.pced, "topology", "source", "list")
        self.assertRegex(text, r"lab +20 tells +5 +8 ")
        code, text, _ = pcectl(self.pced, "topology", "source", "show", "lab")
        self.assertEqual(text, self.api("GET", f"{SOURCES}/lab")["network"])
        self.pced.write(path, "withdraw: {nodes: [F]}\n")
        code, _, error = pcectl(self.pced, "topology", "source", "change", "lab", path)
        self.assertEqual(code, 2)
        self.assertIn("no node of this name", error)
        self.assertEqual(pcectl(self.pced, "topology", "source", "delete", "lab")[:2], (0, "deleted lab\n"))
        self.assertEqual(pcectl(self.pced, "topology", "source", "show")[0], 2)


class Described(ApiDescription):
    """docs/openapi.yaml says what the server answers."""
    SECTIONS = {"store": {"path": "."}}

    def test_answers(self):
        one, path = f"{SOURCES}/lab", SOURCES + "/{name}"
        for method, target, schema, body in (("PUT", one, path, networks.DIAMOND), ("PATCH", one, path, "{}"),
                                             ("GET", one, path, None), ("GET", SOURCES, SOURCES, None),
                                             ("DELETE", one, path, None)):
            code, answer = ask(self.connection, method, target, body)
            self.assertEqual(code, 200, answer)
            self.check(self.answer_schema(schema, "200", method.lower()), answer, method)
        code, answer = ask(self.connection, "DELETE", one)
        self.assertEqual(code, 404)
        self.check(self.answer_schema(path, "404", "delete"), answer, "absent")


class Limits(Case):
    def test_octets_of_a_body(self):
        self.put(padded(OCTETS_MAX))
        self.wait_cost(BY_B)
        self.put(padded(OCTETS_MAX + 1), wanted=413)
        self.restart()
        self.assertEqual(self.cost(), BY_B)
        self.assertEqual(self.sources()["lab"]["octets"], OCTETS_MAX)
        self.put(networks.DIAMOND)
        self.restart()
        self.assertEqual(self.sources()["lab"]["octets"], len(networks.DIAMOND))

    def test_octets_that_a_change_makes(self):
        self.put(padded(OCTETS_MAX - 100))
        self.put(many_nodes(100), "small")
        large = {"nodes": [{"name": "n1", "addresses": ["10.1.1.1"]}]}
        self.change(large, "small")
        self.assertEqual(self.sources()["small"]["nodes"], 100)

    def test_other_bodies_are_as_small_as_before(self):
        self.api("PUT", f"/api/v1/intents/{networks.A}/x", "x" * 65537, 413)

    def test_nodes(self):
        self.put(many_nodes(20000))
        answer = self.put(many_nodes(20001), wanted=400)
        self.assertIn("20000", answer["error"]["message"])
        self.assertEqual(self.sources()["lab"]["nodes"], 20000)

    def test_links(self):
        nodes = many_nodes(2)
        link = "  - {from: n1, to: n2}\n"
        self.put(nodes + "links:\n" + link * 40000)
        answer = self.put(nodes + "links:\n" + link * 40000 + "  - {from: n1, to: n2, one-way: true}\n", wanted=400)
        self.assertIn("80000", answer["error"]["message"])
        self.assertEqual(self.sources()["lab"]["links"], 80000)

    def test_sources(self):
        for number in range(16):
            self.put(networks.DIAMOND, f"s{number}")
        self.put(networks.DIAMOND, "s16", wanted=507)
        self.put(networks.DIAMOND, "s15")
        self.api("DELETE", f"{SOURCES}/s3")
        self.put(networks.DIAMOND, "s16")
        counters = self.api("GET", "/api/v1/status")["counters"]
        self.assertEqual([counters["api_sources"], counters["api_orders"], counters["api_orders_refused"]], [16, 19, 1])

    def test_bodies_that_come_together(self):
        """Four of 3 MiB have room, the fifth none; the room comes back."""
        waiting = []
        for _ in range(5):
            connection = UnixConnection(self.pced.socket)
            self.addCleanup(connection.close)
            connection.putrequest("PUT", f"{SOURCES}/lab")
            connection.putheader("Content-Length", str(OCTETS_MAX))
            connection.endheaders()
            connection.send(padded(OCTETS_MAX)[:-1].encode())
            waiting.append(connection)
        for connection in waiting:
            connection.send(b"\n")
        codes = sorted(connection.getresponse().status for connection in waiting)
        self.assertEqual(codes, [200, 200, 200, 200, 503])
        self.assertEqual(self.api("GET", "/api/v1/status")["counters"]["http_large_refused"], 1)
        self.put(padded(OCTETS_MAX))


class WithoutStore(Case):
    STORE = False

    def test_the_answer_says_that_it_is_not_kept(self):
        self.assertIs(self.put(networks.DIAMOND)["kept"], False)
        self.wait_cost(BY_B)
        self.restart()
        self.assertIsNone(self.cost())


class BesideFile(Case):
    TOPOLOGY = networks.DIAMOND

    def test_the_file_stays_a_network_of_its_own(self):
        self.assertEqual(self.cost(), BY_B)
        self.put("nodes:\n  - {name: Z, router-id: 10.0.0.26}\n")
        self.pced.wait_line("topology published.*nodes=7 links=10")
        self.assertEqual(self.cost(), BY_B)
        self.pced.reload()
        self.pced.wait_line("reload done")
        self.assertEqual(self.cost(), BY_B)
        self.api("DELETE", f"{SOURCES}/lab")
        self.pced.wait_line("topology (published|changed).*nodes=6 links=10")
        self.pced.reload()
        self.assertEqual(self.cost(), BY_B)

    def test_one_of_a_better_rank_says_which_links_there_are(self):
        self.put(networks.diamond(upper_igp=70), arguments="?rank=10")
        self.wait_cost(BY_C)
        self.put(networks.diamond(upper_igp=70), arguments="?rank=60")
        self.wait_cost(BY_B)


class BesideRouters(Case):
    def BGP_LS(self):
        self.router = bgp_ls.Speaker("127.0.9.1")
        self.addCleanup(self.router.close)
        return {"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250", "peers": [
            {"address": self.router.address, "port": self.router.port, "as": bgp_ls.AS_NUMBER, "connect-retry": 1}]}

    def test_it_completes_what_they_tell_and_goes_without_a_trace(self):
        self.router.accept()
        self.router.tell(bgp_ls.diamond())
        self.wait_cost(BY_B)
        rows = self.api("GET", "/api/v1/topology?limit=1000")
        names = {node["router-id"]: node["name"] for node in rows["nodes"]}
        self.put("""
nodes:
  - {name: Abbeville, router-id: 10.0.0.1, position: [50.1, 1.8]}
  - {name: Beauvais, router-id: 10.0.0.2}
links:
  - {from: Abbeville, to: Beauvais, addresses: [10.1.0.0, 10.1.0.1], srlgs: [7, 9]}
""", arguments="?completes=true")
        deadline = time.monotonic() + WAIT_S
        while not self.completed():
            self.assertLess(time.monotonic(), deadline, self.pced.log())
            time.sleep(0.02)
        self.assertEqual(self.cost(), BY_B)
        self.api("DELETE", f"{SOURCES}/lab")
        while self.completed():
            self.assertLess(time.monotonic(), deadline, self.pced.log())
            time.sleep(0.02)
        rows = self.api("GET", "/api/v1/topology?limit=1000")
        self.assertEqual({node["router-id"]: node["name"] for node in rows["nodes"]}, names)

    def completed(self):
        rows = self.api("GET", "/api/v1/topology?limit=1000")
        link = next((row for row in rows["links"] if row.get("addresses") == ["10.1.0.0", "10.1.0.1"]), {})
        node = next(row for row in rows["nodes"] if row["router-id"] == networks.A)
        self.assertEqual(len(rows["nodes"]), 6)
        return link.get("srlgs") == [7, 9] and node.get("position") == [50.1, 1.8]


del ApiDescription, Case

if __name__ == "__main__":
    unittest.main(verbosity=2)
