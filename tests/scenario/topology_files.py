#!/usr/bin/env python3
"""pcectl topology from the outside: files of others become networks that pced takes, and networkx, which
reads the same files with its own readers, sees the same nodes, links and shortest paths in them."""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

try:
    import networkx
    import yaml
except ImportError as missing:
    print(f"SKIP: {missing}: install python3-networkx and python3-yaml")
    sys.exit(77)

import bgp_ls
import daemon
import networks
from api_case import UnixConnection, ask
from daemon import Pced, program

OK, NO, USAGE, FAILED = 0, 1, 2, 3
SEED = int(os.environ.get("PCED_TEST_SEED", "1736"))
SHARED = os.environ.get("PCED_SHARED")
FOLDER = os.path.join(SHARED, "topologies") if SHARED else None
SAMPLES = sorted(f for f in os.listdir(FOLDER) if f.endswith((".graphml", ".json"))) \
    if FOLDER and os.path.isdir(FOLDER) else []


def topology(*arguments, octets=b""):
    done = subprocess.run([program("pcectl"), "topology", *map(str, arguments)], input=octets, timeout=120,
                          capture_output=True, env=daemon.environment(), check=False)
    done.text = done.stdout.decode() + done.stderr.decode()
    return done


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def assert_ends(self, done, code):
        self.assertNotRegex(done.text, daemon.REPORT)
        self.assertEqual(done.returncode, code, done.text)
        return done


# ---- what networkx sees, by the rules of docs/TOPOLOGY-FILES.md ----

def great_circle_km(a, b):
    (lat_a, lon_a), (lat_b, lon_b) = (map(math.radians, place) for place in (a, b))
    cosine = (math.sin(lat_a) * math.sin(lat_b)
              + math.cos(lat_a) * math.cos(lat_b) * math.cos(lon_a - lon_b))
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))


def read_graph(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if path.endswith(".graphml"):
            return networkx.read_graphml(path)
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    data["links"] = data.pop("edges", data.get("links"))
    return networkx.node_link_graph(data)


def place_of(data):
    if "pos" in data:
        return data["pos"][1], data["pos"][0]
    if "Latitude" in data and "Longitude" in data:
        return data["Latitude"], data["Longitude"]
    return None


def plain_links(graph):
    """Links as (node, node, km or None), without nodes of others, loops and links of many ends."""
    gone = {n for n, d in graph.nodes(data=True)
            if d.get("Internal", 1) == 0 and not d.get("hyperedge")}
    links = [(a, b, d.get("dist")) for a, b, d in graph.edges(data=True)
             if a not in gone and b not in gone and a != b]
    for hub in [n for n, d in graph.nodes(data=True) if d.get("hyperedge")]:
        ends = [(b if a == hub else a, km) for a, b, km in links if hub in (a, b)]
        links = [link for link in links if hub not in link[:2]]
        links += [(a, b, x + y if x is not None and y is not None else None)
                  for i, (a, x) in enumerate(ends) for b, y in ends[i + 1:] if a != b]
        gone.add(hub)
    return [n for n in graph if n not in gone], links


def name_nodes(graph, nodes):
    names, taken = {}, set()
    for node in nodes:
        data = graph.nodes[node]
        label = str(data.get("label", data.get("name", "")))
        if not label:
            name = f"node {node}" if str(node).isdigit() else str(node)
        else:
            name = f"{label} ({node})" if label in taken else label
            taken.add(label)
        names[node] = name
    return names


def expected_network(path):
    """The names of nodes, and links as (name, name, metric); the metric is that of the length."""
    graph = read_graph(path)
    nodes, links = plain_links(graph)
    names = name_nodes(graph, nodes)
    places = {n: place_of(graph.nodes[n]) for n in nodes}
    if any(p and (abs(p[0]) > 90 or abs(p[1]) > 180) for p in places.values()):
        places = dict.fromkeys(nodes)
    found = []
    for a, b, km in links:
        if km is None:
            km = great_circle_km(places[a], places[b]) if places[a] and places[b] else 100
        found.append((names[a], names[b], max(1, km)))
    return set(names.values()), found


def network_of(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def distances(names, links):
    graph = networkx.Graph()
    graph.add_nodes_from(names)
    for a, b, metric in links:
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > metric:
            graph.add_edge(a, b, weight=metric)
    return graph


class Witness(Case):
    def assert_same(self, source, result, exact=True):
        names, wanted = expected_network(source)
        network = network_of(result)
        self.assertEqual({n["name"] for n in network["nodes"]}, names)
        links = [(str(l["from"]), str(l["to"]), l["igp-metric"]) for l in network["links"] or []]
        key = lambda link: (sorted(link[:2]), link[2])
        for (a, b, km), (c, d, metric) in zip(sorted(wanted, key=key), sorted(links, key=key), strict=True):
            self.assertEqual({a, b}, {c, d})
            self.assertLessEqual(abs(km - metric), 0.51, f"{a} - {b}")
        # Lengths that are rounded already: then the shortest paths have to be the same, node by node.
        rounded = [(a, b, m) for (a, b, _), (_, _, m) in zip(sorted(wanted, key=key), sorted(links, key=key))]
        mine, theirs = distances(names, links), distances(names, rounded)
        draw = random.Random(SEED)
        for source_node in draw.sample(sorted(names), min(len(names), 20)):
            self.assertEqual(networkx.single_source_dijkstra_path_length(mine, source_node),
                             networkx.single_source_dijkstra_path_length(theirs, source_node))

    def import_file(self, source, *options):
        result = self.path("network.yaml")
        done = self.assert_ends(topology("import", source, "-o", result, *options), OK)
        self.assertEqual(done.stdout, b"")
        return result

    def random_graph(self, draw, kind):
        graph = networkx.gnm_random_graph(draw.randint(2, 30), draw.randint(1, 60), seed=draw.randrange(1 << 30))
        graph = kind(graph)
        for n, data in graph.nodes(data=True):
            data["label"] = draw.choice(["Ä & <b>", "x", "y: z", f"n{n}"])
            data["Latitude"], data["Longitude"] = draw.uniform(-90, 90), draw.uniform(-180, 180)
        return graph

    def test_graphs_that_networkx_wrote(self):
        draw = random.Random(SEED)
        for turn in range(10):
            kind = networkx.MultiGraph if turn % 2 else networkx.Graph
            graph = self.random_graph(draw, kind)
            path = self.path("random.graphml")
            networkx.write_graphml(graph, path)
            with self.subTest(seed=SEED, turn=turn):
                self.assert_same(path, self.import_file(path))
            path = self.path("random.json")
            for _, data in graph.nodes(data=True):
                data["pos"] = [data.pop("Longitude"), data.pop("Latitude")]
            with open(path, "w", encoding="utf-8") as file:
                json.dump(networkx.node_link_data(graph), file)
            with self.subTest(seed=SEED, turn=turn, form="node-link"):
                self.assert_same(path, self.import_file(path))

    def test_graphs_with_directions(self):
        draw = random.Random(SEED)
        graph = networkx.DiGraph()
        for a in range(8):
            for b in draw.sample([n for n in range(8) if n != a], 3):
                graph.add_edge(a, b, weight=draw.randint(1, 9))
        path = self.path("directed.graphml")
        networkx.write_graphml(graph, path)
        found = set()
        for link in network_of(self.import_file(path))["links"]:
            found.add((link["from"], link["to"], link["igp-metric"]))
            if not link.get("one-way"):
                back = link.get("reverse", {}).get("igp-metric", link["igp-metric"])
                found.add((link["to"], link["from"], back))
        self.assertEqual(found, {(f"node {a}", f"node {b}", d["weight"])
                                 for a, b, d in graph.edges(data=True)})

    @unittest.skipUnless(SAMPLES, "PCED_SHARED has no topologies")
    def test_networks_of_the_world(self):
        for name in SAMPLES:
            with self.subTest(name):
                path = os.path.join(FOLDER, name)
                result = self.import_file(path)
                self.assert_same(path, result)
                self.assert_taken(result)

    def assert_taken(self, result):
        """What was written is what pced reads, and it comes back from an export as it was."""
        done = topology("check", result)
        self.assertNotRegex(done.text, daemon.REPORT)
        self.assertIn(done.returncode, (OK, NO), done.text)
        exported = self.path("exported.yaml")
        with open(exported, "wb") as file:
            file.write(self.assert_ends(topology("export", "--from", result), OK).stdout)
        self.assertEqual(self.assert_ends(topology("diff", result, exported), OK).stdout, b"")
        checked = subprocess.run([program("pced"), "--check-config", "--config", self.configuration(result)],
                                 capture_output=True, timeout=120, env=daemon.environment(), check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr.decode())

    def configuration(self, result):
        return self.file("pced.yaml", f"topology: {{file: {result}}}\n")


class Import(Case):
    SNDLIB = ("?SNDlib native format\nNODES (\n A ( 1 2 )\n B ( 3 4 )\n)\nLINKS (\n"
              " L ( A B ) 100.0 0 0 0 ( )\n)\nDEMANDS (\n D ( A B ) 1 7.5 UNLIMITED\n)\n")

    def test_result_goes_to_stdout_and_notes_beside_it(self):
        done = self.assert_ends(topology("import", self.file("a.txt", self.SNDLIB)), OK)
        network = yaml.safe_load(done.stdout)
        self.assertEqual([n["name"] for n in network["nodes"]], ["A", "B"])
        self.assertEqual(network["links"][0]["capacity"], "100M")
        self.assertIn(b"sndlib: network", done.stderr)

    def test_demands_are_a_file_of_their_own(self):
        path = self.path("demands.yaml")
        self.assert_ends(topology("import", self.file("a.txt", self.SNDLIB), "--demands", path), OK)
        self.assertEqual(network_of(path), {"demands": [{"from": "A", "to": "B", "bandwidth": "7.5M"}]})

    def test_demands_of_repetita_come_from_a_file_beside(self):
        graph = self.file("a.graph", "NODES 2\nlabel x y\nA 1 2\nB 3 4\nEDGES 2\nlabel src dest weight bw delay\n"
                                     "e 0 1 5 1000 7\ne 1 0 5 1000 7\n")
        demands = self.file("a.demands", "DEMANDS 1\nlabel src dest bw\nd 0 1 20\n")
        path = self.path("demands.yaml")
        self.assert_ends(topology("import", graph, "--with-demands", demands, "--demands", path), OK)
        self.assertEqual(network_of(path)["demands"][0]["bandwidth"], "20k")
        bad = self.file("b.demands", "DEMANDS 1\nlabel src dest bw\nd 0 7 20\n")
        done = self.assert_ends(topology("import", graph, "--with-demands", bad), USAGE)
        self.assertIn(f"{bad}:3: demands: there is no node 7", done.text)

    def test_what_is_wrong_is_said_with_file_and_line(self):
        path = self.file("a.txt", self.SNDLIB.replace("A B ) 100", "A C ) 100"))
        done = self.assert_ends(topology("import", path), USAGE)
        self.assertIn(f"{path}:7: edge: there is no node C", done.text)
        self.assertEqual(done.stdout, b"")

    def test_wrong_arguments_are_refused(self):
        path = self.file("a.txt", self.SNDLIB)
        for arguments in ((), (path, path), (path, "--format", "pdf"), (path, "--capacity", "much"),
                          (path, "--external", "maybe"), (path, "-o"), ("/nonexistent",), (self.folder,)):
            self.assert_ends(topology("import", *arguments), USAGE)
        self.assert_ends(topology("import", path, "-o", "/nonexistent/file"), FAILED)
        self.assert_ends(topology("import", path, "-o", "/dev/full"), FAILED)
        both = self.path("both.yaml")
        self.assert_ends(topology("import", path, "-o", both, "--demands", both), USAGE)

    def test_a_file_that_is_there_is_replaced_when_the_new_one_is_whole(self):
        path = self.file("a.txt", self.SNDLIB)
        there, link = self.file("there.yaml", "old"), self.path("link.yaml")
        os.chmod(there, 0o640)
        os.symlink(there, link)
        bad = self.file("b.txt", self.SNDLIB.replace("A B ) 100", "A C ) 100"))
        self.assert_ends(topology("import", bad, "-o", link), USAGE)
        with open(there, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        before = sorted(os.listdir(self.folder))
        self.assert_ends(topology("import", path, "-o", link), OK)
        self.assertTrue(os.path.islink(link))
        self.assertEqual(os.stat(there).st_mode & 0o777, 0o640)
        self.assertIn("nodes", network_of(there))
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_random_octets_end_in_an_exit_code(self):
        draw = random.Random(SEED)
        for turn in range(30):
            octets = bytearray(self.SNDLIB.encode())
            for _ in range(draw.randint(1, 4)):
                octets[draw.randrange(len(octets))] = draw.randrange(256)
            with open(self.path("a.txt"), "wb") as file:
                file.write(octets)
            with self.subTest(seed=SEED, turn=turn):
                done = topology("import", self.path("a.txt"))
                self.assertIn(done.returncode, (OK, USAGE), done.text)
                self.assertNotRegex(done.text, daemon.REPORT)


class Export(Case):
    def test_json_and_yaml_are_the_same_network(self):
        source = self.file("a.yaml", networks.DIAMOND)
        as_json = self.assert_ends(topology("export", "--from", source, "--format", "json"), OK).stdout
        as_yaml = self.assert_ends(topology("export", "--from", source), OK).stdout
        again = self.file("b.json", as_json.decode())
        self.assertEqual([n["name"] for n in json.loads(as_json)["nodes"]], list("ABCDEF"))
        self.assertEqual(json.loads(as_json)["links"][0]["capacity"], 1e9)
        self.assertEqual(topology("export", "--from", again).stdout, as_yaml)

    def test_wrong_arguments_are_refused(self):
        source = self.file("a.yaml", networks.DIAMOND)
        for arguments in (("--from", source, "--format", "xml"), ("--from", "/nonexistent"), (source,)):
            self.assert_ends(topology("export", *arguments), USAGE)


class Diff(Case):
    def diff(self, older, newer, *options):
        return topology("diff", self.file("older.yaml", older), self.file("newer.yaml", newer), *options)

    def test_same_networks_do_not_differ(self):
        done = self.assert_ends(self.diff(networks.DIAMOND, networks.DIAMOND), OK)
        self.assertEqual(done.stdout, b"")

    def test_each_value_is_told_with_old_and_new(self):
        done = self.assert_ends(self.diff(networks.DIAMOND, networks.diamond(upper_igp=11)), NO)
        self.assertEqual(done.text.splitlines(), [
            f"changed  link    {a} > {b} ({end}): igp-metric: 10 -> 11" for a, b, end in
            (("A", "B", "10.1.0.0"), ("B", "A", "10.1.0.1"), ("B", "D", "10.1.0.2"), ("D", "B", "10.1.0.3"))])

    def test_nodes_and_links_that_come_and_go(self):
        without = "".join(line for line in networks.DIAMOND.splitlines(True)
                          if "from: D, to: F" not in line)
        at = without.index("  - name: F")
        without = without[:at] + without[without.index("links:"):]
        for older, newer, what in ((networks.DIAMOND, without, "removed"), (without, networks.DIAMOND, "added")):
            done = self.assert_ends(self.diff(older, newer, "--json"), NO)
            self.assertEqual({(row["what"], row["kind"], row["name"]) for row in json.loads(done.stdout)},
                             {(what, "node", "F"), (what, "link", "D > F (10.1.0.8)"),
                              (what, "link", "F > D (10.1.0.9)")})

    def test_new_address_is_a_change(self):
        newer = networks.DIAMOND.replace("[10.1.0.0, 10.1.0.1]", "[10.1.9.0, 10.1.9.1]")
        done = self.assert_ends(self.diff(networks.DIAMOND, newer, "--json"), NO)
        self.assertEqual({(row["name"], row["key"], row["newer"]) for row in json.loads(done.stdout)},
                         {("A > B (10.1.0.0)", "addresses", "[10.1.9.0, 10.1.9.1]"),
                          ("B > A (10.1.0.1)", "addresses", "[10.1.9.1, 10.1.9.0]")})

    def test_value_that_is_not_there_has_no_text(self):
        newer = networks.DIAMOND.replace("node-msd: 10", "node-msd: 0", 1)
        done = self.assert_ends(self.diff(networks.DIAMOND, newer), NO)
        self.assertEqual(done.text, "changed  node    A: node-msd: 10 -> -\n")

    def test_wrong_files_are_refused(self):
        self.assert_ends(self.diff(networks.DIAMOND, "nodes: 1\n"), USAGE)
        self.assert_ends(topology("diff", "/nonexistent", "/nonexistent"), USAGE)


class Running(Case):
    """The network of a pced, over the API."""

    def begin(self, text, **sections):
        self.pced = Pced(topology=text, **sections).start()
        self.addCleanup(self.pced.stop)
        self.socket = self.pced.sections["control"]["socket"]

    def running(self, *arguments):
        return topology(*arguments, "--socket", self.socket)

    def get(self, target, code=200):
        connection = UnixConnection(self.socket)
        self.addCleanup(connection.close)
        status, answer = ask(connection, "GET", target)
        self.assertEqual(status, code, answer)
        return answer

    def test_network_of_a_file_comes_back(self):
        self.begin(networks.DIAMOND)
        source = self.file("a.yaml", networks.DIAMOND)
        running = self.assert_ends(self.running("export"), OK)
        self.assertEqual(running.stdout, topology("export", "--from", source).stdout)
        self.assertEqual(self.assert_ends(self.running("diff", source), OK).stdout, b"")
        self.assert_ends(self.running("diff", self.file("b.yaml", networks.diamond(upper_igp=7))), NO)
        self.assertIn("isolated_node", self.assert_ends(self.running("check"), NO).text)

    def test_network_of_many_pages_comes_back(self):
        self.begin(networks.grid(40))  # 1600 nodes
        source = self.file("a.yaml", networks.grid(40))
        self.assertEqual(self.assert_ends(self.running("diff", source), OK).stdout, b"")

    def test_pages_have_each_node_and_link_once(self):
        self.begin(networks.DIAMOND)
        nodes, links, cursor, pages = [], [], "", 0
        while cursor is not None:
            page = self.get(f"/api/v1/topology?limit=2{'&cursor=' if cursor else ''}{cursor}")
            self.assertLessEqual(len(page["nodes"]) + len(page["links"]), 2)
            nodes += [node["name"] for node in page["nodes"]]
            links += [(link["from"], link["to"]) for link in page["links"]]
            cursor, pages = page["next"], pages + 1
        self.assertEqual(nodes, list("ABCDEF"))
        self.assertEqual(links, [("A", "B"), ("B", "D"), ("A", "C"), ("C", "D"), ("D", "F")])
        self.assertEqual(pages, 6)

    def test_page_of_a_topology_that_was_replaced_is_refused(self):
        self.begin(networks.DIAMOND)
        cursor = self.get("/api/v1/topology?limit=2")["next"]
        self.get(f"/api/v1/topology?cursor={cursor}")
        mark = self.pced.mark()
        self.pced.write_topology(networks.diamond(upper_igp=7))
        self.pced.reload()
        self.pced.wait_line("topology published", since=mark)
        self.assertEqual(self.get(f"/api/v1/topology?cursor={cursor}", 409)["error"]["field"], "cursor")
        for bad in ("cursor=x", "cursor=0-1", "cursor=1", "cursor=1-2-3", "limit=0", "limit=1001", "peers=1"):
            self.get(f"/api/v1/topology?{bad}", 400)
        # A place past the end is a last page with nothing on it.
        generation = self.get("/api/v1/topology")["generation"]
        page = self.get(f"/api/v1/topology?cursor={generation}-9000000")
        self.assertEqual((page["nodes"], page["links"], page["next"]), ([], [], None))

    def test_pced_without_a_topology_or_no_pced_has_none(self):
        self.begin(None)
        self.get("/api/v1/topology", 404)
        self.assertEqual(self.get("/api/v1/topology/findings"), {"findings": []})
        self.assert_ends(self.running("export"), FAILED)
        done = topology("export", "--socket", self.path("nowhere"))
        self.assert_ends(done, FAILED)

    def test_what_routers_contradict_each_other_in_is_a_finding(self):
        router = bgp_ls.Speaker("127.0.9.3")
        self.addCleanup(router.close)
        peers = [{"address": router.address, "port": router.port, "as": bgp_ls.AS_NUMBER, "connect-retry": 1}]
        self.begin(None, bgp_ls={"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250", "peers": peers})
        network = bgp_ls.diamond()
        router.accept()
        router.tell(network)
        self.pced.wait_line("topology (published|changed).*links=10")
        router.withdraw(network["BD"][1:])
        self.pced.wait_line("topology (published|changed).*links=9")
        done = self.assert_ends(self.running("check", "--json"), NO)
        found = [(row["kind"], row["by"], row["count"]) for row in json.loads(done.stdout)["findings"]]
        self.assertIn(("half_link", "check", 1), found)
        self.assertIn(("half_link", "sources", 1), found)
        self.assertIn("sources: half_link", self.running("check").text)
        exported = self.assert_ends(self.running("export"), OK).stdout
        self.assertEqual(self.assert_ends(self.running("diff", self.file("a.yaml", exported.decode())), OK).text, "")


if __name__ == "__main__":
    unittest.main()
