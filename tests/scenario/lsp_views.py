#!/usr/bin/env python3
"""LSPs and PCCs as operators see them: lists, one LSP with its objects, pcectl."""

import concurrent.futures
import ipaddress
import json
import os
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from api import Description as ApiDescription
from api_case import ApiCase, ask, pcectl
from case import next_source
from peer import Peer

DELEGATED, SYNC, REMOVED, ADMINISTRATIVE, ACTIVE = 0x1, 0x2, 0x4, 0x8, 2 << 4
TLV_IPV4_LSP_IDENTIFIERS = 18


def identifiers(source, destination, lsp_id=1, tunnel_id=7):
    def octets(text):
        return ipaddress.ip_address(text).packed
    return pcep.tlv(TLV_IPV4_LSP_IDENTIFIERS,
                    octets(source) + lsp_id.to_bytes(2, "big") + tunnel_id.to_bytes(2, "big") +
                    octets(source) + octets(destination))


def report(plsp_id, name, labels, flags, destination="10.0.0.9", srp_id=0):
    """One SR-MPLS LSP from 10.0.0.1."""
    tlvs = identifiers("10.0.0.1", destination)
    return (pcep.srp_object(srp_id, setup=pcep.SETUP_SR) + pcep.lsp_object(plsp_id, flags, name, tlvs) +
            pcep.ero_object(labels))


class LspCase(ApiCase):
    def stateful(self, source=None):
        peer = Peer(self.pced.address, source=source or next_source())
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        return peer

    def synchronised(self, *reports, source=None):
        peer = self.stateful(source)
        for one in reports:
            peer.send(pcep.message(pcep.PCRPT, one))
        peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        address = peer.socket.getsockname()[0]
        self.wait(lambda: [row for row in self.get("/api/v1/pccs?peer=" + address)["pccs"]
                           if row["sync"] == "finished"])
        return peer, address


class Lists(LspCase):
    def test_a_row_says_what_was_reported(self):
        _, pcc = self.synchronised(report(5, "blue", [16001, 16002], DELEGATED | SYNC | ADMINISTRATIVE | ACTIVE))
        row, = self.get("/api/v1/lsps?pcc=" + pcc)["lsps"]
        wanted = {"pcc": pcc, "name": "blue", "plsp_id": 5, "state": "active", "setup_type": "SR-MPLS",
                  "source": "10.0.0.1", "destination": "10.0.0.9", "delegated": True, "stale": False,
                  "administrative_up": True, "created_by_pce": False, "bandwidth": None, "instances": 1}
        self.assertEqual({key: row[key] for key in wanted}, wanted)

    def test_filters(self):
        _, pcc = self.synchronised(report(1, "a", [16001], SYNC | ACTIVE), report(2, "b", [16002], SYNC | DELEGATED),
                                   report(3, "c", [16003], SYNC, destination="10.9.0.1"))
        for arguments, names in (("", "abc"), ("&name=b", "b"), ("&state=active", "a"), ("&delegated=true", "b"),
                                 ("&delegated=false", "ac"), ("&destination=10.9.0.0/16", "c"), ("&stale=true", ""),
                                 ("&source=10.0.0.1&state=down", "bc"), ("&setup_type=rsvp-te", "")):
            rows = self.get(f"/api/v1/lsps?pcc={pcc}{arguments}")["lsps"]
            self.assertEqual("".join(sorted(row["name"] for row in rows)), names, arguments)

    def test_pages_hold_each_lsp_once(self):
        _, pcc = self.synchronised(*(report(i, f"lsp-{i}", [16000 + i], SYNC) for i in range(1, 601)))
        names, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/api/v1/lsps?pcc={pcc}&limit=97" + (f"&cursor={cursor}" if cursor else ""))
            names += [row["name"] for row in page["lsps"]]
            cursor = page["next"]
        self.assertEqual(sorted(names), sorted(f"lsp-{i}" for i in range(1, 601)))

    def test_wrong_arguments_are_named(self):
        for argument in ("pcc=x", "source=1.2.3.4/33", "name=%5Cx1", "state=nice", "setup_type=7x", "delegated=2",
                         "stale=", "limit=0", "cursor=9", "colour=1"):
            answer = self.get("/api/v1/lsps?" + argument, 400)
            self.assertEqual(answer["error"]["field"], argument.split("=")[0])

    def test_what_a_lost_session_leaves_is_stale(self):
        peer, pcc = self.synchronised(report(1, "left", [16001], SYNC | DELEGATED))
        peer.drop()
        self.wait(lambda: self.get("/api/v1/lsps?stale=true&pcc=" + pcc)["lsps"])
        row, = self.get("/api/v1/lsps?pcc=" + pcc)["lsps"]
        self.assertIsNone(row["plsp_id"], "PLSP-IDs are of one session")
        row, = self.get("/api/v1/pccs?peer=" + pcc)["pccs"]
        self.assertEqual((row["up"], row["sync"], row["lsps"], row["stale_lsps"]), (False, "no-session", 1, 1))


class Detail(LspCase):
    def test_one_lsp_by_id_and_by_name(self):
        peer, pcc = self.synchronised(report(1, "red/one", [16001, 16002], SYNC))
        row, = self.get("/api/v1/lsps?pcc=" + pcc)["lsps"]
        by_id = self.get("/api/v1/lsps/" + row["id"])
        by_name = self.get(f"/api/v1/lsps/{pcc}/red/one")
        self.assertEqual(by_id["id"], by_name["id"])
        instance, = by_id["reported"]
        self.assertEqual(instance["path"], [["label 16001", "label 16002"]])
        self.assertEqual([one["object"] for one in instance["objects"]], ["LSP", "ERO"])
        peer.send(pcep.message(pcep.PCRPT, report(1, "red/one", [16003], ACTIVE)))
        self.wait(lambda: self.get("/api/v1/lsps/" + row["id"])["reported"][0]["path"] == [["label 16003"]])
        changes = [entry["change"] for entry in self.get("/api/v1/lsps/" + row["id"])["history"]]
        self.assertIn("path changed", changes)
        self.assertIn("operational state changed", changes)

    def test_a_candidate_path_of_an_sr_policy(self):
        _, pcc = self.synchronised(self.candidate(1, "gold-200", 200))
        row, = self.get("/api/v1/lsps?destination=192.0.2.9&pcc=" + pcc)["lsps"]
        self.assertEqual((row["source"], row["destination"]), ("10.0.0.1", "192.0.2.9"))
        self.assertEqual(row["policy"], {
            "color": 100, "headend": "10.0.0.1", "endpoint": "192.0.2.9", "preference": 200,
            "path_id": {"origin": 30, "as": 65000, "originator": "10.0.0.1", "discriminator": 7},
            "name": "gold", "path_name": "gold\\x0a"})
        self.assertEqual(self.get("/api/v1/lsps/" + row["id"])["policy"], row["policy"])
        code, text, _ = pcectl(self.pced, "lsp", "show", pcc, "gold-200")
        self.assertEqual(code, 0)
        self.assertIn("192.0.2.9", text)
        self.get("/api/v1/lsps?destination=192.0.2.8&pcc=" + pcc)
        _, pcc = self.synchronised(report(1, "plain", [16001], SYNC))
        row, = self.get("/api/v1/lsps?pcc=" + pcc)["lsps"]
        self.assertIsNone(row["policy"])

    def candidate(self, plsp_id, name, preference):
        """Without LSP-IDENTIFIERS."""
        head, end = (ipaddress.ip_address(text).packed for text in ("10.0.0.1", "192.0.2.9"))
        path_id = struct.pack("!B3xI12x4sI", 30, 65000, head, 7)
        group = pcep.obj(40, 1, struct.pack("!HHHH4s", 0, 0, 6, 1, head) +
                         pcep.tlv(31, struct.pack("!I4s", 100, end)) + pcep.tlv(57, path_id) +
                         pcep.tlv(59, struct.pack("!I", preference)) + pcep.tlv(56, b"gold") + pcep.tlv(58, b"gold\n"))
        return (pcep.srp_object(0, setup=pcep.SETUP_SR) + pcep.lsp_object(plsp_id, SYNC, name) + group +
                pcep.ero_object([16001]))

    def test_an_lsp_that_is_not_there(self):
        _, pcc = self.synchronised()
        self.get("/api/v1/lsps/0-1-99", 404)
        self.get("/api/v1/lsps/200-1-1", 404)
        self.get(f"/api/v1/lsps/{pcc}/none", 404)
        self.get("/api/v1/lsps/none", 400)

    def test_names_of_any_octets(self):
        peer = self.stateful()
        name = pcep.tlv(pcep.TLV_SYMBOLIC_NAME, b"\x00\xff\\q\n")
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, setup=pcep.SETUP_SR) +
                               pcep.lsp_object(4, 0, None, name + identifiers("10.0.0.1", "10.0.0.2")) +
                               pcep.ero_object([16001])))
        pcc = peer.socket.getsockname()[0]
        self.wait(lambda: self.get("/api/v1/lsps?pcc=" + pcc)["lsps"])
        row, = self.get("/api/v1/lsps?pcc=" + pcc)["lsps"]
        self.assertEqual(row["name"], "\\x00\\xff\\x5cq\\x0a")
        row, = self.get("/api/v1/lsps?pcc=" + pcc + "&name=%5Cx00%5Cxff%5Cx5cq%5Cx0a")["lsps"]
        self.assertEqual(self.get(f"/api/v1/lsps/{pcc}/%5Cx00%5Cxff%5Cx5cq%5Cx0a")["id"], row["id"])


class Orders(LspCase):
    def ended(self, order):
        self.wait(lambda: self.get("/api/v1/orders/" + order)["ended_ago_s"] is not None)
        return self.get("/api/v1/orders/" + order)

    def post(self, path, status=202):
        code, answer_ = ask(self.connection, "POST", path)
        self.assertEqual(code, status, answer_)
        return answer_

    def test_a_delegation_is_given_back(self):
        peer, pcc = self.synchronised(report(1, "mine", [16001], SYNC | DELEGATED))
        order = self.post(f"/api/v1/lsps/{pcc}/mine/return")["order"]
        update = peer.expect(pcep.PCUPD)
        state, = pcep.parse_lsp_states(update)
        self.assertEqual((state.plsp_id, state.flags & DELEGATED), (1, 0))
        peer.send(pcep.message(pcep.PCRPT, report(1, "mine", [16001], ACTIVE, srp_id=state.srp_id)))
        done = self.ended(order)
        self.assertEqual((done["state"], done["order"], done["by"], done["srp_id"]),
                         ("done", "return", "operator", state.srp_id))
        self.assertIn(order, [row["id"] for row in self.get("/api/v1/orders?pcc=" + pcc)["orders"]])

    def test_what_the_router_refuses_says_why(self):
        peer, pcc = self.synchronised(report(1, "own", [16001], SYNC))
        order = self.post(f"/api/v1/lsps/{pcc}/own/delete")["order"]
        state, = pcep.parse_lsp_states(peer.expect(pcep.PCINITIATE))
        self.assertEqual(state.plsp_id, 1)
        peer.send(pcep.message(pcep.PCERR, pcep.srp_object(state.srp_id), pcep.error_object(19, 9)))
        self.wait(lambda: self.get("/api/v1/orders/" + order)["error"] is not None)
        self.assertEqual(self.get("/api/v1/orders/" + order)["error"], {"error_type": 19, "error_value": 9})

    def test_what_cannot_be_asked_is_409_with_the_reason(self):
        peer, pcc = self.synchronised(report(1, "left", [16001], SYNC))
        self.assertIn("delegated", self.post(f"/api/v1/lsps/{pcc}/left/reoptimise", 409)["error"]["message"])
        self.assertIn("esynchroni", self.post(f"/api/v1/pccs/{pcc}/resync", 409)["error"]["message"])
        peer.drop()
        self.wait(lambda: self.get("/api/v1/lsps?stale=true&pcc=" + pcc)["lsps"])
        self.assertIn("session", self.post(f"/api/v1/lsps/{pcc}/left/return", 409)["error"]["message"])

    def test_wrong_paths_and_bodies(self):
        _, pcc = self.synchronised(report(1, "x", [16001], SYNC))
        self.post(f"/api/v1/lsps/{pcc}/x/explode", 404)
        self.post(f"/api/v1/lsps/{pcc}/none/return", 404)
        self.post("/api/v1/pccs/nobody/resync", 400)
        code, _ = ask(self.connection, "POST", f"/api/v1/lsps/{pcc}/x/return", body="{}")
        self.assertEqual(code, 400)
        self.get("/api/v1/orders/9", 400)
        self.get("/api/v1/orders/0-99999", 404)
        self.get("/api/v1/orders?pcc=x", 400)

    def test_pages_hold_each_order_once(self):
        peer, pcc = self.synchronised(*(report(i, f"o{i}", [16000 + i], SYNC | DELEGATED) for i in range(1, 31)))
        orders = [self.post(f"/api/v1/lsps/{pcc}/o{i}/return")["order"] for i in range(1, 31)]
        seen, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/api/v1/orders?pcc={pcc}&limit=7" + (f"&cursor={cursor}" if cursor else ""))
            seen += [row["id"] for row in page["orders"]]
            cursor = page["next"]
        self.assertEqual(seen, list(reversed(orders)))
        peer.drop()

    def test_pcectl_waits_for_the_outcome(self):
        peer, pcc = self.synchronised(report(1, "back", [16001], SYNC | DELEGATED))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            run = pool.submit(pcectl, self.pced, "lsp", "return", pcc, "back")
            state, = pcep.parse_lsp_states(peer.expect(pcep.PCUPD))
            peer.send(pcep.message(pcep.PCRPT, report(1, "back", [16001], ACTIVE, srp_id=state.srp_id)))
            code, text, _ = run.result()
        self.assertEqual(code, 0)
        self.assertIn("done", text)
        self.assertEqual(pcectl(self.pced, "lsp", "reoptimise", pcc, "back")[0], 1)
        code, text, error = pcectl(self.pced, "lsp", "orders", "--pcc", pcc)
        self.assertEqual((code, error), (0, ""))
        self.assertIn("return", text)


class Changes(LspCase):
    SECTIONS = {"limits": {"lsp-journal": 64}}

    def read(self, arguments=""):
        return self.get("/api/v1/changes" + arguments)

    def test_a_reader_goes_on_where_it_was(self):
        start = self.read("?limit=1000")["next"]
        peer, pcc = self.synchronised(report(1, "seen", [16001], SYNC))
        page = self.read(f"?cursor={start}&limit=1000")
        words = [row["change"] for row in page["changes"] if row["pcc"] == pcc]
        self.assertEqual(words, ["PCC up", "created", "PCC synchronised"])
        created = page["changes"][words.index("created")]
        self.assertEqual((created["name"], created["by"]), ("seen", "pcc"))
        self.assertEqual(self.read(f"?cursor={page['next']}")["changes"], [])
        peer.send(pcep.message(pcep.PCRPT, report(1, "seen", [], REMOVED)))
        self.wait(lambda: self.read(f"?cursor={page['next']}")["changes"])
        gone, = self.read(f"?cursor={page['next']}")["changes"]
        self.assertEqual((gone["change"], gone["name"]), ("removed", "seen"))

    def test_a_reader_that_is_late_is_told_what_it_missed(self):
        start = self.read("?limit=1000")["next"]
        self.synchronised(*(report(i, f"many-{i}", [16001], SYNC) for i in range(1, 201)))
        page = self.read(f"?cursor={start}&limit=1000")
        self.assertEqual(page["missed"] + len(page["changes"]), 202)
        self.assertGreater(page["missed"], 0)

    def test_a_reader_of_another_process_is_told_that_it_missed_something(self):
        self.synchronised(report(1, "here", [16001], SYNC))
        life, numbers = self.read("?limit=1000")["next"].split("-")
        page = self.read(f"?cursor={int(life) - 1}-{numbers}&limit=1000")
        self.assertGreaterEqual(page["missed"], 1)
        self.assertIn("here", [row["name"] for row in page["changes"]])
        self.assertEqual(page["next"].split("-")[0], life)

    def test_pages_hold_each_change_once(self):
        start = self.read("?limit=1000")["next"]
        _, pcc = self.synchronised(*(report(i, f"page-{i}", [16001], SYNC) for i in range(1, 31)))
        seen, cursor, more = [], start, True
        while more:
            page = self.read(f"?pcc={pcc}&limit=7&cursor={cursor}")
            seen += [row["name"] for row in page["changes"] if row["name"]]
            cursor, more = page["next"], page["more"]
        self.assertEqual(seen, [f"page-{i}" for i in range(1, 31)])

    def test_wrong_cursors(self):
        start = self.read("?limit=1000")["next"].split("-")[0] + "-1.1"
        for cursor in ("x", "0", "1.1", "-1", "1.", start + ".1", start[:-1] + "0", start[:-1]):
            self.assertEqual(self.get("/api/v1/changes?cursor=" + cursor, 400)["error"]["field"], "cursor")

    def test_pcectl(self):
        _, pcc = self.synchronised(report(1, "told", [16001], SYNC))
        code, text, _ = pcectl(self.pced, "lsp", "changes", "--pcc", pcc)
        self.assertEqual(code, 0)
        self.assertIn("told", text)


class Described(ApiDescription, LspCase):
    """docs/openapi.yaml says what the server answers."""

    def ordered(self, pcc, name):
        code, taken = ask(self.connection, "POST", f"/api/v1/lsps/{pcc}/{name}/return")
        self.assertEqual(code, 202, taken)
        return taken["order"]

    def test_answers(self):
        peer, pcc = self.synchronised(report(1, "one", [16001], SYNC | DELEGATED))
        peer.send(pcep.message(pcep.PCRPT, report(1, "one", [16002], DELEGATED)))
        self.wait(lambda: self.get(f"/api/v1/lsps/{pcc}/one")["history"])
        for path, at in (("/api/v1/lsps", "/api/v1/lsps"), ("/api/v1/lsps/{lsp}", f"/api/v1/lsps/{pcc}/one"),
                         ("/api/v1/pccs", "/api/v1/pccs"), ("/api/v1/orders", "/api/v1/orders"),
                         ("/api/v1/changes", "/api/v1/changes"),
                         ("/api/v1/orders/{id}", "/api/v1/orders/" + self.ordered(pcc, "one"))):
            self.check(self.answer_schema(path, "200"), self.get(at), path)


class Command(LspCase):
    def test_list_show_and_pccs(self):
        _, pcc = self.synchronised(report(1, "green", [16001, 16004], SYNC | ACTIVE))
        code, text, _ = pcectl(self.pced, "lsp", "list", "--pcc", pcc)
        self.assertEqual(code, 0)
        self.assertIn("green", text)
        code, text, _ = pcectl(self.pced, "lsp", "list", "--pcc", pcc, "--json")
        self.assertEqual(json.loads(text)[0]["name"], "green")
        code, text, _ = pcectl(self.pced, "lsp", "show", pcc, "green")
        self.assertEqual(code, 0)
        self.assertIn("label 16004", text)
        code, text, _ = pcectl(self.pced, "lsp", "pccs", "--peer", pcc)
        self.assertEqual(code, 0)
        self.assertIn("finished", text)

    def test_any_name_is_shown(self):
        names = ("..", ".", "a/b", "../x", "%2e", "-x", "n" * 255)
        _, pcc = self.synchronised(*(report(i, name, [16001], SYNC) for i, name in enumerate(names, 1)))
        for i, name in enumerate(names, 1):
            code, text, error = pcectl(self.pced, "lsp", "show", pcc, name, "--json")
            self.assertEqual(code, 0, f"{name}: {error}")
            self.assertEqual(json.loads(text)["plsp_id"], i, name)

    def test_a_name_that_looks_like_an_option_is_named_behind_two_dashes(self):
        names = ("--socket", "--json", "--help", "--no-wait", "--")
        _, pcc = self.synchronised(*(report(i, name, [16001], SYNC) for i, name in enumerate(names, 1)))
        for i, name in enumerate(names, 1):
            code, text, error = pcectl(self.pced, "lsp", "show", "--json", "--", pcc, name)
            self.assertEqual(code, 0, f"{name}: {error}")
            self.assertEqual(json.loads(text)["plsp_id"], i, name)
            code, text, error = pcectl(self.pced, "lsp", "return", "--no-wait", "--", pcc, name)
            self.assertEqual((code, text), (1, ""), f"{name}: {error}")
            self.assertIn("not delegated", error)
        code, text, _ = pcectl(self.pced, "lsp", "list", "--name", "--socket", "--json")
        self.assertEqual([row["plsp_id"] for row in json.loads(text)], [1])
        self.assertEqual(pcectl(self.pced, "lsp", "show", pcc, "--none")[0], 2)

    def test_what_is_not_there_and_what_is_wrong(self):
        self.assertEqual(pcectl(self.pced, "lsp", "show", "0-1-99")[0], 1)
        self.assertEqual(pcectl(self.pced, "lsp", "show")[0], 2)
        self.assertEqual(pcectl(self.pced, "lsp", "list", "--limit", "0")[0], 2)
        self.assertEqual(pcectl(self.pced, "lsp", "none")[0], 2)
        self.assertEqual(pcectl(self.pced, "lsp", "--help")[0], 0)


del ApiCase, ApiDescription, LspCase

if __name__ == "__main__":
    unittest.main()
