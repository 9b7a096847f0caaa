#!/usr/bin/env python3
"""Intents: kept before they are acknowledged, brought to the router and kept there, whatever ends in between.

The router is played as FRR's pathd behaves: it keeps its LSPs over sessions, answers an order with three reports,
and has its SRP-ID in all of them. PCED_INTENT_KILLS says how often the server is killed (20).
"""

import json
import os
import random
import signal
import struct
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from api import Description as ApiDescription
from api_case import UnixConnection, ask, pcectl
from case import next_source
from daemon import Pced
from peer import Closed, Peer

DELEGATED, SYNC, REMOVED, ADMINISTRATIVE, CREATED = 0x1, 0x2, 0x4, 0x8, 0x80
DOWN, ACTIVE, GOING_UP = 0 << 4, 2 << 4, 4 << 4
OURS = DELEGATED | ADMINISTRATIVE | CREATED
SRP_R = 0x1
OC_ASSOCIATION = 40
CAPABILITIES = 0x1 | 0x4  # LSP-UPDATE, LSP-INSTANTIATION
WAIT_S = 30
KILLS = int(os.environ.get("PCED_INTENT_KILLS", 20))


class Router:
    """A PCC with its LSPs, by name: (PLSP-ID, labels, D). refuse: a PCErr for what is initiated."""

    def __init__(self, source=None):
        self.source = source or next_source()
        self.lsps = {}
        self.groups = {}     # name -> the ASSOCIATION that it was initiated with
        self.initiated = {}  # name -> how often
        self.orders = []     # (kind, name), of all sessions
        self.refuse = None
        self.silent = False
        self.peer = None
        self.lock = threading.Lock()
        self.thread = None
        self.next_id = 1

    def connect(self, address):
        self.peer = Peer(address, source=self.source)
        self.peer.open(keepalive=0, dead=0, tlvs=pcep.stateful_tlv(CAPABILITIES) + pcep.sr_capability_tlv())
        with self.lock:
            for name, (plsp_id, labels, flags) in self.lsps.items():
                self.report(name, plsp_id, labels, flags | ADMINISTRATIVE | SYNC | ACTIVE, 0)
            self.peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        self.thread = threading.Thread(target=self.serve, args=(self.peer,), daemon=True)
        self.thread.start()

    def drop(self):
        if self.peer is not None:
            self.peer.socket.shutdown(2)
            self.thread.join(WAIT_S)
            self.peer.drop()
            self.peer = None

    def report(self, name, plsp_id, labels, flags, srp_id):
        self.peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
                                    pcep.lsp_object(plsp_id, flags, name) + self.groups.get(name, b""),
                                    pcep.ero_object(labels)))

    def serve(self, peer):
        try:
            while True:
                found = peer.next(wait_s=3600)
                if found.type in (pcep.PCUPD, pcep.PCINITIATE):
                    with self.lock:
                        self.obey(found)
                elif found.type == pcep.CLOSE:
                    return
        except (Closed, OSError):
            return

    def obey(self, found):
        state, = pcep.parse_lsp_states(found)
        is_removal = any(item.class_ == pcep.OC_SRP and item.unpack("!II")[0] & SRP_R for item in found.objects)
        name = state.name or next((name for name, lsp in self.lsps.items() if lsp[0] == state.plsp_id), None)
        self.orders.append((found.type, "remove" if is_removal else name, name))
        if self.silent:
            return
        if is_removal:
            plsp_id, labels, _ = self.lsps.pop(name)
            self.report(name, plsp_id, labels, OURS | REMOVED, state.srp_id)
            return
        if self.refuse is not None and state.plsp_id == 0:
            self.peer.send(pcep.message(pcep.PCERR, pcep.srp_object(state.srp_id),
                                        pcep.error_object(*self.refuse)))
            return
        if state.plsp_id == 0:
            self.groups[name] = b"".join(pcep.obj(item.class_, item.type, item.body) for item in found.objects
                                         if item.class_ == OC_ASSOCIATION)
            self.initiated[name] = self.initiated.get(name, 0) + (name not in self.lsps)
            if name not in self.lsps:
                self.lsps[name] = (self.next_id, [], DELEGATED | CREATED)
                self.next_id += 1
        plsp_id, labels, flags = self.lsps[name]
        if state.ero is not None:
            labels = [hop.label for hop in pcep.parse_ero(state.ero)]
        self.lsps[name] = (plsp_id, labels, flags | DELEGATED)
        for operational in (DOWN, GOING_UP, ACTIVE):
            self.report(name, plsp_id, labels, OURS | operational, state.srp_id)


def explicit(*labels, endpoint="192.0.2.9", **members):
    return {"endpoint": endpoint, "paths": [{"segments": [{"label": label} for label in labels]}], **members}


def dynamic(**members):
    return {"source": networks.A, "endpoint": networks.D, "paths": [{"dynamic": members}]}


class IntentCase(unittest.TestCase):
    SECTIONS = {}

    def setUp(self):
        sections = {"store": {"path": "records"}, "lsp": {"settle-time": 0}, **self.SECTIONS}
        self.pced = Pced(topology=networks.DIAMOND, **sections)
        os.mkdir(os.path.join(self.pced.folder, "records"))
        self.pced.socket = self.pced.sections["control"]["socket"]
        self.pced.start()
        self.routers = []
        self.addCleanup(self.end)

    def end(self):
        for router in self.routers:
            router.drop()
        self.pced.stop()

    def router(self, connects=True):
        router = Router()
        self.routers.append(router)
        if connects:
            router.connect(self.pced.address)
        return router

    def ask(self, method, path, body=None):
        connection = UnixConnection(self.pced.socket)
        try:
            return ask(connection, method, path, None if body is None else json.dumps(body))
        finally:
            connection.close()

    def put(self, router, name, intent, status=200):
        code, answer = self.ask("PUT", f"/api/v1/intents/{router.source}/{name}", intent)
        self.assertEqual(code, status, answer)
        return answer

    def delete(self, router, name, status=200, arguments=""):
        code, answer = self.ask("DELETE", f"/api/v1/intents/{router.source}/{name}{arguments}")
        self.assertEqual(code, status, answer)
        return answer

    def show(self, router, name):
        code, answer = self.ask("GET", f"/api/v1/intents/{router.source}/{name}")
        return answer if code == 200 else None

    def state(self, router, name):
        answer = self.show(router, name)
        return None if answer is None else answer["state"]

    def wait(self, is_so, what="it did not become so"):
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            self.assertTrue(self.pced.is_alive(), "pced has ended")
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def wait_state(self, router, name, state):
        self.wait(lambda: self.state(router, name) == state,
                  f"{name} is not {state}")

    def labels(self, router, name):
        with router.lock:
            return router.lsps[name][1]


class Life(IntentCase):
    def test_an_intent_is_initiated_changed_and_removed(self):
        router = self.router()
        self.assertEqual(self.put(router, "gold", explicit(16001))["outcome"], "created")
        self.wait_state(router, "gold", "up")
        self.assertEqual(self.labels(router, "gold"), [16001])
        self.assertEqual(self.put(router, "gold", explicit(16002, 16003))["outcome"], "replaced")
        self.wait(lambda: self.labels(router, "gold") == [16002, 16003])
        self.wait_state(router, "gold", "up")
        self.assertEqual(router.initiated["gold"], 1)
        self.assertEqual(self.delete(router, "gold")["outcome"], "deleted")
        self.wait(lambda: not router.lsps)
        self.wait(lambda: self.show(router, "gold") is None)
        self.delete(router, "gold", status=404)

    def test_the_same_again_asks_for_nothing(self):
        router = self.router()
        for _ in range(3):
            self.put(router, "gold", explicit(16001))
            self.wait_state(router, "gold", "up")
        self.pced.let_pass(0.5)
        self.assertEqual(len(router.orders), 1)

    def test_what_is_put_without_a_router_is_initiated_when_it_comes(self):
        router = self.router(connects=False)
        self.put(router, "gold", explicit(16001))
        self.assertEqual(self.state(router, "gold"), "waiting")
        router.connect(self.pced.address)
        self.wait_state(router, "gold", "up")

    def test_paths_of_one_policy_are_lsps_of_their_own(self):
        router = self.router()
        paths = [{"preference": 200, "segments": [{"label": 16001}]}, {"preference": 100, "segments": [{"label": 16002}]}]
        self.put(router, "gold", {"endpoint": "192.0.2.9", "paths": paths})
        self.wait(lambda: set(router.lsps) == {"gold-200", "gold-100"})
        self.wait_state(router, "gold", "up")
        self.put(router, "gold", {"endpoint": "192.0.2.9", "paths": [{**paths[0], "lsp": "gold-200"}]})
        self.wait(lambda: set(router.lsps) == {"gold-200"})
        rows = self.show(router, "gold")["lsps"]
        self.assertEqual([row["lsp"] for row in rows if row["wanted"]], ["gold-200"])

    def test_another_endpoint_takes_the_lsp_away_first(self):
        router = self.router()
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "up")
        self.put(router, "gold", explicit(16001, endpoint="192.0.2.8"))
        self.wait(lambda: router.initiated["gold"] == 2)
        self.wait_state(router, "gold", "up")
        self.assertEqual([kind for kind, *_ in router.orders], [pcep.PCINITIATE] * 3)

    def test_a_path_follows_the_network(self):
        router = self.router()
        self.put(router, "fast", dynamic(metric="igp"))
        self.wait_state(router, "fast", "up")
        self.assertEqual(self.labels(router, "fast"), [16004])
        self.pced.write_topology(networks.diamond(first_sid=51))
        self.pced.reload()
        self.wait(lambda: self.labels(router, "fast") == [16054])
        self.wait_state(router, "fast", "up")
        self.assertEqual(router.initiated["fast"], 1)

    def test_no_path_says_what_stands_in_the_way_and_is_tried_again(self):
        router = self.router()
        self.put(router, "fast", dynamic(metric="igp", bounds={"igp": 15}))
        self.wait_state(router, "fast", "no path")
        lsp, = self.show(router, "fast")["lsps"]
        self.assertEqual(lsp["unmet"], ["bound on igp"])
        self.assertFalse(router.orders)
        self.pced.write_topology(networks.diamond(upper_igp=5))
        self.pced.reload()
        self.wait_state(router, "fast", "up")

    def test_a_refusal_is_shown_and_not_repeated(self):
        router = self.router()
        router.refuse = (24, 1)
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "refused")
        answer = self.show(router, "gold")
        self.assertEqual((answer["error_type"], answer["error_value"]), (24, 1))
        self.pced.let_pass(3)
        self.assertEqual(len(router.orders), 1)
        router.refuse = None
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "up")

    def test_silence_is_not_asked_again(self):
        router = self.router()
        router.silent = True
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "unconfirmed")
        self.pced.let_pass(6)
        self.assertEqual(len(router.orders), 1)

    def test_a_session_that_comes_back_finds_its_lsps(self):
        router = self.router()
        self.put(router, "gold", explicit(16001))
        self.put(router, "lost", explicit(16002))
        self.wait(lambda: len(router.lsps) == 2)
        self.wait_state(router, "lost", "up")
        router.drop()
        self.wait_state(router, "gold", "waiting")
        del router.lsps["lost"]
        router.connect(self.pced.address)
        self.wait(lambda: self.state(router, "lost") == self.state(router, "gold") == "up")
        self.assertEqual(router.initiated, {"gold": 1, "lost": 2})

    def test_an_orphan_is_adopted(self):
        router = self.router(connects=False)
        router.lsps["gold"] = (7, [16001], CREATED)
        self.put(router, "gold", explicit(16001))
        router.connect(self.pced.address)
        self.wait_state(router, "gold", "up")
        self.assertEqual([kind for kind, *_ in router.orders], [pcep.PCINITIATE])

    def test_what_the_router_has_made_itself_is_a_conflict(self):
        router = self.router(connects=False)
        router.lsps["gold"] = (7, [16001], 0)
        self.put(router, "gold", explicit(16002))
        router.connect(self.pced.address)
        self.wait_state(router, "gold", "conflict")
        self.delete(router, "gold")
        self.wait(lambda: self.show(router, "gold") is None)
        self.assertFalse(router.orders)
        self.assertIn("gold", router.lsps)

    def test_what_is_forgotten_is_left_at_the_router(self):
        router = self.router()
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "up")
        self.delete(router, "gold", arguments="?forget=true")
        self.assertIsNone(self.show(router, "gold"))
        self.pced.let_pass(0.5)
        self.assertIn("gold", router.lsps)


def with_bandwidth(octets, priority=7):
    path = {"bandwidth": octets, "setup_priority": priority, "holding_priority": priority,
            "dynamic": {"protection": "unprotected-only"}}
    return {"source": networks.A, "endpoint": networks.D, "paths": [path]}


class Bandwidth(IntentCase):
    """The router reports no bandwidth, as FRR's pathd; the upper way has 1 Gbit/s, the lower one 100 Mbit/s."""

    SECTIONS = {"server": {"shards": 2}, "reopt": {"interval": 2}}

    def states(self, routers, names):
        found = [self.state(router, name) for router in routers for name in names]
        return {state: found.count(state) for state in found}

    def connect(self, routers):
        threads = [threading.Thread(target=router.connect, args=(self.pced.address,)) for router in routers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)

    def ways(self, routers, names):
        """How many LSPs go by B, and by C."""
        labels = [self.labels(router, name) for router in routers for name in names if name in router.lsps]
        return (sum(label in networks.UPPER_A_D for label in labels),
                sum(label in networks.LOWER_A_D for label in labels))

    def counter(self, name):
        return self.ask("GET", "/api/v1/status")[1]["counters"][name]

    def test_intents_of_all_threads_at_once_do_not_overbook(self):
        routers = [self.router(connects=False) for _ in range(8)]
        names = [f"i{n}" for n in range(3)]
        for router in routers:
            for name in names:
                self.put(router, name, with_bandwidth(400 * networks.MBIT))
        self.connect(routers)
        self.wait(lambda: self.states(routers, names) == {"up": 2, "no path": 22}, "two fit")
        self.assertEqual(self.ways(routers, names), (2, 0))
        self.assertEqual(self.counter("reopt_holds"), 0)
        first = next((router, name) for router in routers for name in names if name in router.lsps)
        self.delete(*first)
        self.wait(lambda: self.states(routers, names).get("up") == 2, "another one has its place")
        self.assertEqual(self.ways(routers, names), (2, 0))

    def test_those_that_lose_a_link_share_what_is_left_and_no_more(self):
        routers = [self.router() for _ in range(6)]
        for router in routers:
            self.put(router, "i", with_bandwidth(40 * networks.MBIT))
        self.wait(lambda: self.states(routers, ["i"]) == {"up": 6})
        self.assertEqual(self.ways(routers, ["i"]), (6, 0))
        self.pced.write_topology("".join(line for line in networks.DIAMOND.splitlines(keepends=True)
                                         if not line.startswith("  - {from: B, to: D,")))
        self.pced.reload()
        self.wait(lambda: self.states(routers, ["i"]) == {"up": 2, "no path": 4}, "two fit there")
        self.assertEqual(self.ways(routers, ["i"])[1], 2)
        self.pced.write_topology(networks.DIAMOND)
        self.pced.reload()
        self.wait(lambda: self.states(routers, ["i"]) == {"up": 6}, "the others are on their old path again")

    def test_a_higher_priority_takes_the_place_of_a_lower_one(self):
        low, high = self.router(), self.router()
        self.put(low, "i", with_bandwidth(80 * networks.MBIT))
        self.wait_state(low, "i", "up")
        self.put(high, "i", with_bandwidth(950 * networks.MBIT, priority=2))
        self.wait_state(high, "i", "up")
        self.wait(lambda: self.ways([low], ["i"]) == (0, 1), "the loser is rerouted")
        self.assertEqual(self.ways([high], ["i"]), (1, 0))
        self.wait_state(low, "i", "up")


class Disjoint(IntentCase):
    SECTIONS = {"server": {"shards": 2}, "reopt": {"interval": 1, "hold-down": 0},
                "lsp": {"settle-time": 0, "originator-address": "192.0.2.250"}}

    def intent(self, relaxed):
        return {"source": networks.A, "endpoint": networks.D,
                "disjoint": {"group": 7, "type": "link", "relaxed": relaxed},
                "paths": [{"dynamic": {"protection": "unprotected-only"}}]}

    def ways(self, routers):
        labels = [router.lsps["i"][1] for router in routers if "i" in router.lsps]
        return sorted("upper" if found in networks.UPPER_A_D else "lower" for found in labels
                      if found in networks.UPPER_A_D + networks.LOWER_A_D)

    def test_intents_at_two_routers_have_no_link_in_common(self):
        routers = [self.router(), self.router()]
        for router in routers:
            self.put(router, "i", self.intent(relaxed=False))
        self.wait(lambda: self.ways(routers) == ["lower", "upper"], "their group leads them apart")
        for router in routers:
            self.wait_state(router, "i", "up")
        self.assertEqual(len(set(router.groups["i"] for router in routers)), 1, "it is the same group")
        self.put(routers[0], "i", {key: value for key, value in self.intent(False).items() if key != "disjoint"})
        self.wait(lambda: routers[0].groups["i"] == b"" and self.ways(routers[:1]) == ["upper"],
                  "it is on its best path, and in no group")

    def test_without_an_address_for_all_routers_it_is_refused(self):
        self.pced.reload(lsp={"originator-address": ""})
        router = self.router()
        self.put(router, "i", self.intent(relaxed=True))
        self.wait_state(router, "i", "refused")
        self.assertIn("originator-address", self.show(router, "i")["lsps"][0]["reason"])


class Bindings(IntentCase):
    """Labels that stand for paths (RFC 9604)."""

    TLV = 55
    SECTIONS = {"reopt": {"interval": 0}}

    class Router(Router):
        """Gives what it is asked for, 4000 where it may choose, and nothing below 100 (32/2)."""

        def __init__(self):
            super().__init__()
            self.asked = []  # values of each order that had any
            self.label = None

        def obey(self, found):
            values = [value for type_, value in found.one(pcep.OC_LSP).tlvs(4) if type_ == Bindings.TLV]
            labels = [int.from_bytes(value[4:7], "big") >> 4 if len(value) > 4 else None for value in values]
            if values:
                self.asked.append([("-" if value[1] & 0x80 else "+", label)
                                   for value, label in zip(values, labels)])
            for value, label in zip(values, labels):
                if label is not None and label < 100:
                    state, = pcep.parse_lsp_states(found)
                    self.orders.append((found.type, "refused", None))
                    self.peer.send(pcep.message(pcep.PCERR, pcep.srp_object(state.srp_id),
                                                pcep.error_object(32, 2)))
                    return
                self.label = None if value[1] & 0x80 else label or 4000
            super().obey(found)

        def report(self, name, plsp_id, labels, flags, srp_id):
            body = struct.pack("!I", plsp_id << 12 | flags) + pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name.encode())
            if self.label is not None:
                body += pcep.tlv(Bindings.TLV, bytes(4) + (self.label << 4).to_bytes(3, "big"))
            self.peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
                                        pcep.obj(pcep.OC_LSP, 1, body), pcep.ero_object(labels)))

    def router(self, connects=True):
        router = self.Router()
        self.routers.append(router)
        router.connect(self.pced.address)
        return router

    @staticmethod
    def intent(binding=None):
        return {"endpoint": "192.0.2.9",
                "paths": [{"segments": [{"label": 16003}], **({} if binding is None else {"binding": binding})}]}

    def wait_bound(self, router, asked, reported):
        self.wait(lambda: self.show(router, "i")["lsps"][0]["binding"] == {"asked": asked, "reported": reported})

    def test_a_label_is_initiated_changed_and_taken_back(self):
        router = self.router()
        self.put(router, "i", self.intent("any"))
        self.wait_bound(router, "any", 4000)
        self.wait_state(router, "i", "up")
        self.assertEqual(router.asked, [[("+", None)]])
        self.put(router, "i", self.intent(5000))
        self.wait_bound(router, 5000, 5000)
        self.assertEqual(router.asked[1:], [[("-", 4000), ("+", 5000)]], "the former one goes (RFC 9604 5)")
        self.put(router, "i", self.intent())
        self.wait_bound(router, None, None)
        self.assertEqual(router.asked[2:], [[("-", 5000)]])
        self.wait_state(router, "i", "up")
        self.assertEqual(router.initiated, {"i": 1})

    def test_what_the_router_has_is_not_asked_for_again_after_a_start(self):
        router = self.router()
        self.put(router, "i", self.intent(5000))
        self.wait_bound(router, 5000, 5000)
        router.drop()
        self.pced.signal(signal.SIGTERM)
        self.pced.wait_exit()
        self.pced.lines.clear()
        self.pced.start()
        router.connect(self.pced.address)
        self.wait_state(router, "i", "up")
        self.wait_bound(router, 5000, 5000)
        self.assertEqual(len(router.asked), 1)

    def test_a_refusal_stays_to_be_seen_and_another_network_does_not_repeat_it(self):
        router = self.router()
        self.put(router, "i", self.intent(99))
        self.wait_state(router, "i", "refused")
        row = self.show(router, "i")["lsps"][0]
        self.assertEqual((row["error_type"], row["error_value"]), (32, 2))
        self.assertEqual(row["binding"], {"asked": 99, "reported": None})
        for cost in (11, 12):
            self.pced.write_topology(networks.diamond(cost))
            since = self.pced.mark()
            self.pced.reload()
            self.pced.wait_line("topology published", since)
            time.sleep(0.5)
        self.assertEqual(len(router.asked), 1)
        self.put(router, "i", self.intent(100))
        self.wait_bound(router, 100, 100)
        self.wait_state(router, "i", "up")

    def test_what_cannot_be_asked_is_refused_with_the_member(self):
        router = self.router()
        for binding in (15, 1048576, "2001:db8::1", "all", True, -1):
            answer = self.put(router, "i", self.intent(binding), 400)
            self.assertIn("paths", answer["error"]["field"])


class Tunnels(IntentCase):
    """RSVP-TE: what is ordered is in the network's unreserved bandwidth a while later."""

    SECTIONS = {"server": {"shards": 2}, "reopt": {"interval": 0, "flood-time": 60}}

    class Router(Router):
        """Sets up what it is asked for, hop by hop as it was said; or refuses."""

        def obey(self, found):
            state, = pcep.parse_lsp_states(found)
            self.orders.append((found.type, state.name, state.name))
            if self.refuse is not None:
                self.peer.send(pcep.message(pcep.PCERR, pcep.srp_object(state.srp_id, pcep.SETUP_RSVP_TE),
                                            pcep.error_object(*self.refuse)))
                return
            ends = b"".join(bytes(map(int, address.split("."))) for address in (networks.A, networks.D))
            tlvs = pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, ends[:4] + struct.pack("!HH", 1, 1) + ends[:4] + ends[4:])
            tlvs += pcep.tlv(pcep.TLV_SYMBOLIC_NAME, state.name.encode())
            path = found.one(pcep.OC_ERO)
            for operational in (DOWN, ACTIVE):
                self.peer.send(pcep.message(
                    pcep.PCRPT, pcep.srp_object(state.srp_id, pcep.SETUP_RSVP_TE),
                    pcep.obj(pcep.OC_LSP, 1, struct.pack("!I", 1 << 12 | OURS | operational) + tlvs),
                    pcep.obj(pcep.OC_ERO, 1, path.body)))

    def router(self, connects=True):
        router = self.Router()
        self.routers.append(router)
        router.connect(self.pced.address)
        return router

    def intent(self, mbit):
        return {"source": networks.A, "endpoint": networks.D, "setup_type": "RSVP-TE",
                "paths": [{"dynamic": {}, "bandwidth": mbit * networks.MBIT}]}

    def flooding(self):
        counters = self.ask("GET", "/api/v1/status")[1]["counters"]
        return counters["reopt_holds"], counters["reopt_flooding"]

    def test_what_one_is_ordered_to_take_no_other_is_given_before_the_network_shows_it(self):
        first, second = self.router(), self.router()
        self.put(first, "i", self.intent(600))
        self.wait_state(first, "i", "up")
        self.wait(lambda: self.flooding() == (0, 1))
        self.put(second, "i", self.intent(401))
        self.wait_state(second, "i", "no path")
        self.put(second, "i", self.intent(400))
        self.wait_state(second, "i", "up")
        self.wait(lambda: self.flooding() == (0, 2))

    def test_what_a_router_refuses_is_there_for_others(self):
        first, second = self.router(), self.router()
        first.refuse = (24, 2)
        self.put(first, "i", self.intent(1000))
        self.wait_state(first, "i", "refused")
        self.assertEqual(self.flooding(), (0, 0))
        self.put(second, "i", self.intent(1000))
        self.wait_state(second, "i", "up")


class Refused(IntentCase):
    SECTIONS = {"limits": {"intents": 2, "intent-paths": 2, "intent-segments": 3}}

    def refused(self, field, intent, name="gold", status=400):
        router = self.routers[0] if self.routers else self.router(connects=False)
        answer = self.put(router, name, intent, status=status)
        self.assertEqual(answer["error"]["field"], field)
        self.assertTrue(answer["error"]["message"])
        return answer["error"]["message"]

    def test_the_member_that_is_wrong_is_named(self):
        self.refused("endpoint", {"paths": [{"dynamic": {}}]})
        self.refused("paths[0].weight", {"endpoint": "192.0.2.9", "paths": [{"weight": 1}]})
        self.refused("paths[0].segments[0].label", explicit(3))
        self.refused("paths[0].segments", explicit(16, 17, 18, 19))
        self.refused("paths", {"endpoint": "192.0.2.9", "paths": [{"dynamic": {}}] * 3})
        self.refused("body", [])
        code, answer = self.ask("PUT", "/api/v1/intents/nobody/gold", explicit(16001))
        self.assertEqual((code, answer["error"]["field"]), (400, "pcc"))
        code, answer = self.ask("PUT", "/api/v1/intents/192.0.2.1/a%20b", explicit(16001))
        self.assertEqual((code, answer["error"]["field"]), (400, "name"))

    def test_a_body_may_have_65536_octets(self):
        router = self.router(connects=False)
        connection = UnixConnection(self.pced.socket)
        path = f"/api/v1/intents/{router.source}/gold"
        text = json.dumps(explicit(16001))
        code, answer = ask(connection, "PUT", path, text + " " * (65536 - len(text)))
        self.assertEqual(code, 200, answer)
        code, answer = ask(connection, "PUT", path, text + " " * (65537 - len(text)))
        self.assertEqual((code, answer["error"]["field"]), (413, "body"))
        connection.close()

    def test_one_more_than_the_limit_is_refused_and_counted(self):
        router = self.router(connects=False)
        self.put(router, "a", explicit(16001))
        self.put(router, "b", explicit(16001))
        self.assertIn("limits.intents", self.refused(None, explicit(16001), "c", 507))
        self.put(router, "b", explicit(16002))
        self.assertEqual(self.pced.metrics()["pced_intents_over_limit_total"], 1)
        self.assertEqual(self.pced.metrics()["pced_intents"], 2)
        self.delete(router, "a", arguments="?forget=true")
        self.put(router, "c", explicit(16001))

    def test_an_lsp_of_another_intent_is_refused(self):
        router = self.router(connects=False)
        self.put(router, "a", explicit(16001))
        intent = explicit(16001)
        intent["paths"][0]["lsp"] = "a"
        self.assertIn("LSP a", self.refused("paths", intent, "b", 409))


class WithoutStore(unittest.TestCase):
    def test_nothing_is_taken_that_cannot_be_kept(self):
        with Pced(topology=networks.DIAMOND) as pced:
            connection = UnixConnection(pced.sections["control"]["socket"])
            code, answer = ask(connection, "PUT", "/api/v1/intents/192.0.2.1/gold", json.dumps(explicit(16001)))
            self.assertEqual(code, 503)
            self.assertIn("store.path", answer["error"]["message"])
            self.assertEqual(ask(connection, "GET", "/api/v1/intents")[1]["intents"], [])
            connection.close()


class FullStore(IntentCase):
    SECTIONS = {"store": {"path": "records", "size-max": 1}}

    def test_a_full_store_refuses_and_goes_on(self):
        router = self.router()
        big = {"endpoint": "192.0.2.9", "paths": [
            {"preference": n, "segments": [{"label": 16000 + k} for k in range(64)]} for n in range(8)]}
        self.put(router, "small", explicit(16001))
        count, code = 0, 200
        while code == 200 and count < 2000:
            code, answer = self.ask("PUT", f"/api/v1/intents/{router.source}/n{count}", big)
            count += code == 200
        self.assertEqual(code, 507, answer)
        self.assertTrue(answer["error"]["message"])
        self.assertIsNone(self.show(router, f"n{count}"))
        self.wait_state(router, "small", "up")
        self.delete(router, "n0")
        self.wait(lambda: self.show(router, "n0") is None)
        self.assertGreaterEqual(self.pced.metrics()["pced_intents_not_kept_total"], 1)


class Client(IntentCase):
    def run_ok(self, *arguments):
        code, text, error = pcectl(self.pced, "intent", *arguments)
        self.assertEqual((code, error), (0, ""), text)
        return text

    def test_put_list_show_delete(self):
        router = self.router()
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({**explicit(16001), "color": 7, "setup_type": "SR-MPLS"}, file)
            file.flush()
            self.assertIn("created gold", self.run_ok("put", router.source, "gold", file.name))
        self.wait(lambda: self.state(router, "gold") not in ("waiting", "ordered"))
        self.assertIn("gold", self.run_ok("list"))
        self.assertIn("gold", self.run_ok("list", "--color", "7", "--pcc", router.source))
        self.assertNotIn("gold", self.run_ok("list", "--color", "8"))
        self.assertIn("16001", self.run_ok("show", router.source, "gold"))
        self.assertIn("deleted gold", self.run_ok("delete", router.source, "gold"))
        self.wait(lambda: self.show(router, "gold") is None)
        self.assertEqual(pcectl(self.pced, "intent", "show", router.source, "gold")[0], 1)
        self.assertEqual(pcectl(self.pced, "intent", "put", router.source, "gold", "/nowhere")[0], 2)
        self.assertEqual(pcectl(self.pced, "intent", "put")[0], 2)

    def test_pages_hold_each_intent_once(self):
        router = self.router(connects=False)
        other = self.router(connects=False)
        for n in range(30):
            self.put((router, other)[n % 2], f"n{n}", explicit(16001))
        seen, cursor = [], ""
        while cursor is not None:
            code, page = self.ask("GET", "/api/v1/intents?limit=7" + (f"&cursor={cursor}" if cursor else ""))
            self.assertEqual(code, 200, page)
            seen += [row["name"] for row in page["intents"]]
            cursor = page["next"]
        self.assertEqual(sorted(seen), sorted(f"n{n}" for n in range(30)))
        rows = self.ask("GET", f"/api/v1/intents?pcc={other.source}&state=waiting")[1]["intents"]
        self.assertEqual(len(rows), 15)
        code, answer = self.ask("GET", "/api/v1/intents?state=green")
        self.assertEqual((code, answer["error"]["field"]), (400, "state"))


class Described(ApiDescription):
    """docs/openapi.yaml says what the server answers."""
    SECTIONS = {"store": {"path": "."}}

    def test_answers(self):
        intent = {**dynamic(bounds={"igp": 1}), "color": 3}
        intent["paths"].append({"preference": 1, "segments": [{"label": 16001}]})
        path = "/api/v1/intents/{pcc}/{name}"
        code, answer = ask(self.connection, "PUT", "/api/v1/intents/192.0.2.1/gold", json.dumps(intent))
        self.assertEqual(code, 200, answer)
        self.check(self.answer_schema(path, "200", "put"), answer, "put")
        self.check(self.answer_schema("/api/v1/intents", "200"), self.get("/api/v1/intents"), "list")
        self.check(self.answer_schema(path, "200"), self.get("/api/v1/intents/192.0.2.1/gold"), "one")
        code, answer = ask(self.connection, "DELETE", "/api/v1/intents/192.0.2.1/gold?forget=true")
        self.check(self.answer_schema(path, "200", "delete"), answer, "delete")
        code, answer = ask(self.connection, "DELETE", "/api/v1/intents/192.0.2.1/gold")
        self.assertEqual(code, 404)
        self.check(self.answer_schema(path, "404", "delete"), answer, "absent")


class Killed(IntentCase):
    """kill -9 at random moments: what was acknowledged holds, and nothing else comes back."""
    NAMES = [f"n{n}" for n in range(12)]

    def begin(self):
        self.dice = random.Random(int(os.environ.get("PCED_TEST_SEED", random.randrange(1 << 32))))
        # What the server has acknowledged last of each name: labels, or None for deleted; and what was asked
        # and had no answer, which may hold or not.
        self.held = {name: None for name in self.NAMES}
        self.acknowledged = 0
        self.unknown = {}

    def order_some(self, router, stop):
        while not stop.is_set():
            name, label = self.dice.choice(self.NAMES), self.dice.randrange(16000, 17000)
            wanted = None if self.dice.random() < 0.35 else [label]
            self.unknown[name] = self.unknown.get(name, []) + [wanted]
            try:
                code, answer = self.ask("DELETE" if wanted is None else "PUT",
                                        f"/api/v1/intents/{router.source}/{name}",
                                        None if wanted is None else explicit(*wanted))
            except (OSError, ValueError, EOFError):
                continue  # killed meanwhile
            except Exception as error:  # http.client has its own, of no common kind
                if stop.is_set() or not self.pced.is_alive():
                    continue
                raise error
            if code == 200 or (code == 404 and wanted is None):
                self.held[name], self.unknown[name] = wanted, []
                self.acknowledged += 1
            elif code != 503:
                self.failures.append((code, answer))

    def kill_and_start(self, router):
        stop = threading.Event()
        orders = threading.Thread(target=self.order_some, args=(router, stop))
        orders.start()
        time.sleep(self.dice.uniform(0.02, 0.6))
        stop_now = self.dice.random() < 0.5
        if stop_now:
            stop.set()
        self.pced.signal(signal.SIGKILL)
        stop.set()
        orders.join(WAIT_S)
        self.pced.wait_exit()
        router.drop()
        self.pced.lines.clear()
        # The kernel closes the rings of a process that was killed, and their sockets, a little later.
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()

    def check(self, router):
        """Kept are exactly those that were acknowledged; an unanswered order may hold, too."""
        for name in self.NAMES:
            answer = self.show(router, name)
            intent = None if answer is None else answer["intent"]
            has = None if intent is None else [hop["label"] for hop in intent["paths"][0]["segments"]]
            self.assertIn(has, [self.held[name], *self.unknown.get(name, [])], f"{name}, seed {self.dice}")
            self.held[name], self.unknown[name] = has, []

    def settled(self, router):
        rows = self.ask("GET", "/api/v1/intents?limit=1000")[1]["intents"]
        wanted = {name: labels for name, labels in self.held.items() if labels is not None}
        return (all(row["state"] == "up" for row in rows) and len(rows) == len(wanted) and
                {name: lsp[1] for name, lsp in router.lsps.items()} == wanted)

    def test_no_acknowledged_intent_is_lost_and_no_deleted_one_comes_back(self):
        self.begin()
        self.failures = []
        router = self.router()
        for round_ in range(KILLS):
            self.kill_and_start(router)
            self.check(router)
            router.connect(self.pced.address)
            if round_ % 5 == 4 or round_ == KILLS - 1:
                self.wait(lambda: self.settled(router), f"not settled: {router.lsps} {self.held}")
        self.assertEqual(self.failures, [])
        self.assertGreater(self.acknowledged, 5 * KILLS, "there were orders to be lost")
        self.assertEqual(len({lsp[0] for lsp in router.lsps.values()}), len(router.lsps))

    def test_what_is_being_removed_is_removed_after_a_kill(self):
        self.begin()
        router = self.router()
        self.put(router, "gold", explicit(16001))
        self.wait_state(router, "gold", "up")
        router.drop()
        self.wait_state(router, "gold", "waiting")
        self.delete(router, "gold")
        self.pced.signal(signal.SIGKILL)
        self.pced.wait_exit()
        self.pced.lines.clear()
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()
        self.assertTrue(self.show(router, "gold")["deleted"])
        router.connect(self.pced.address)
        self.wait(lambda: not router.lsps)
        self.wait(lambda: self.show(router, "gold") is None)


del ApiDescription, IntentCase

if __name__ == "__main__":
    unittest.main(verbosity=2)
