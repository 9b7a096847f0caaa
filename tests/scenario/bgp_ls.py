#!/usr/bin/env python3
"""The network as its routers tell it: by BGP-LS, from scripted speakers; each path is one that the same network out
of a file would have."""

import os
import socket
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
import networks
import pcep
from api_case import UnixConnection, ask, pcectl
from case import next_source
from daemon import Pced, WAIT_S, free_port
from lsp_views import ACTIVE, ADMINISTRATIVE, DELEGATED, identifiers
from peer import Peer, set_md5_key

ROUTER, OTHER = "127.0.9.1", "127.0.9.2"
IP_MINTTL = 21  # Linux; Python has no name for it
BY_B, BY_C = 20, 40  # IGP metric from A to D
UNPROTECTED_ONLY = 2  # flag E without L of LSPA (RFC 9488): no node SIDs


class Case(unittest.TestCase):
    TOPOLOGY = None
    KEEP = 600

    def configuration(self, *speakers, **more):
        peers = [{"address": speaker.address, "port": speaker.port, "as": bgp_ls.AS_NUMBER, "connect-retry": 1,
                  "keep": self.KEEP, **more} for speaker in speakers]
        return {"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250", "peers": peers}

    def begin(self, *speakers, topology=None, sections=None, open=None, **more):
        self.pced = Pced(topology=topology, bgp_ls=self.configuration(*speakers, **more), **(sections or {})).start()
        self.addCleanup(self.pced.stop)
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0, **(open or {}))
        self.request_id = 0

    def speaker(self, address=ROUTER):
        speaker = bgp_ls.Speaker(address)
        self.addCleanup(speaker.close)
        return speaker

    def passive(self, **more):
        """A server that one router connects to."""
        router, self.port = self.speaker(), free_port()
        self.listening = {"listen": "127.0.0.1", "listen-port": self.port}
        self.pced = Pced(bgp_ls={**self.configuration(router, passive=True, **more), **self.listening}).start()
        self.addCleanup(self.pced.stop)
        return router

    def cost(self):
        """From A to D by the IGP; None: there is no path."""
        self.request_id += 1
        answer = self.peer.ask(self.request_id, networks.A, networks.D, pcep.metric(pcep.METRIC_IGP, computed=True))
        return None if answer.ero is None else answer.metric(pcep.METRIC_IGP)

    def get(self, target):
        code, answer = ask(UnixConnection(self.pced.sections["control"]["socket"]), "GET", target)
        self.assertEqual(code, 200)
        return answer

    def wait_cost(self, wanted):
        deadline = time.monotonic() + WAIT_S
        while (cost := self.cost()) != wanted:
            self.assertLess(time.monotonic(), deadline, f"{cost} is not {wanted}\n{self.pced.log()}")
            time.sleep(0.02)


class Network(Case):
    def setUp(self):
        self.router = self.speaker()
        self.begin(self.router)
        self.assertIsNone(self.cost(), "nobody has told anything yet")
        self.router.accept()
        self.network = bgp_ls.diamond()
        self.router.tell(self.network)
        self.wait_cost(BY_B)

    def test_what_is_told_is_what_paths_take(self):
        self.pced.wait_line("topology published.*nodes=6 links=10")
        self.request_id += 1
        answer = self.peer.ask(self.request_id, networks.A, networks.D, pcep.metric(pcep.METRIC_TE))
        self.assertIn(answer.labels(), networks.LOWER_A_D)

    def test_a_link_that_is_withdrawn_is_left(self):
        counters = self.get("/api/v1/status")["counters"]
        self.assertEqual([counters[name] for name in ("bgp_peers", "bgp_peers_up", "bgp_nodes", "bgp_links")],
                         [1, 1, 6, 10])
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)
        self.router.tell({"BD": self.network["BD"]})
        self.wait_cost(BY_B)

    def test_a_half_link_is_used_where_a_path_pins_it_alone(self):
        """IGPs do not use it (RFC 2328 16.1), so that no node SID leads over it; its adjacency SID does."""
        self.router.withdraw(self.network["BD"][1:])
        self.pced.wait_line("topology published.*links=9")
        self.request_id += 1
        answer = self.peer.ask(self.request_id, networks.A, networks.D)
        self.assertIn(answer.labels(), ([16002, 24003], [24001, 24003]))

    def test_a_metric_that_changes_moves_paths(self):
        self.router.tell({"AB": bgp_ls.both((bgp_ls.A, bgp_ls.B), 0, 24001, igp=70000, **bgp_ls.UPPER)})
        self.wait_cost(BY_C)

    def test_each_change_is_in_the_log_with_who_told_it(self):
        before = self.get("/api/v1/topology/log?limit=1000")
        self.assertEqual(before["missed"], 0)
        self.assertTrue(all(row["source"] == ROUTER or row["kind"] == "file" for row in before["changes"]))
        self.router.tell({"AB": bgp_ls.both((bgp_ls.A, bgp_ls.B), 0, 24001, igp=70000, **bgp_ls.UPPER)})
        self.wait_cost(BY_C)
        after = self.get(f"/api/v1/topology/log?since={before['next']}")
        rows = [row for row in after["changes"] if row["kind"] == "link"]
        self.assertEqual({row["what"] for row in rows}, {"changed"})
        self.assertTrue(all("igp_metric 10 -> 70000" in row["text"] for row in rows), rows)
        self.assertLessEqual(rows[0]["generation"], self.get("/api/v1/status")["topology"]["generation"])
        self.pced.socket = self.pced.sections["control"]["socket"]
        code, shown, _ = pcectl(self.pced, "topology", "log", "--since", str(before["next"]))
        self.assertEqual(code, 0)
        self.assertIn("igp_metric 10 -> 70000", shown)

    def test_one_link_that_changes_leaves_the_rest_alone(self):
        before = self.get("/api/v1/status")["counters"]
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)
        self.router.tell({"BD": self.network["BD"]})
        self.wait_cost(BY_B)
        after = self.get("/api/v1/status")["counters"]
        self.assertEqual(after["topology_whole"], before["topology_whole"])
        self.assertGreaterEqual(after["topology_followed"], before["topology_followed"] + 2)

    def test_an_nlri_without_its_attribute_is_no_withdrawal(self):
        self.router.send(bgp_ls.update([found for found, _ in self.network["BD"]]))
        self.router.withdraw(self.network["DF"])
        self.pced.wait_line("topology published.*links=8")
        self.assertEqual(self.cost(), BY_B)

    def test_the_network_outlives_the_session(self):
        self.router.drop()
        self.pced.wait_line("BGP-LS network is stale")
        self.assertEqual(self.cost(), BY_B)
        self.router.accept()
        self.assertEqual(self.cost(), BY_B)
        del self.network["AB"]
        self.router.tell(self.network)
        self.wait_cost(BY_C)

    def test_the_attribute_may_come_first_and_tlvs_in_any_order(self):
        found, attributes = self.network["BD"][0]
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)
        octets = bgp_ls.update([found], attributes[::-1])
        path = octets[23:]
        at = path.index(struct.pack("!BB", 0x90, 29))
        body = struct.pack("!HH", 0, len(path)) + path[at:] + path[:at]
        self.router.send(bgp_ls.message(bgp_ls.UPDATE, body))
        self.router.tell({"DB": self.network["BD"][1:]})
        self.wait_cost(BY_B)

    def test_a_malformed_update_ends_the_session_and_nothing_else(self):
        """Lengths of NLRIs that do not fit: RFC 7606 3 j, RFC 9552 8.2.2."""
        broken = bgp_ls.attribute(0x80, 14, struct.pack("!HBB", bgp_ls.AFI, bgp_ls.SAFI, 4) + bytes(4) + b"\0"
                                  + struct.pack("!HH", 1, 900) + b"abc")
        self.router.send(bgp_ls.message(bgp_ls.UPDATE, struct.pack("!HH", 0, len(broken)) + broken))
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION)[0], 3)
        self.router.wait_end()
        self.assertEqual(self.cost(), BY_B)
        self.router.accept()
        since = self.pced.mark()
        self.router.tell(self.network)
        self.pced.wait_line("BGP-LS network is told", since)
        self.assertEqual(self.cost(), BY_B)

    def test_a_bad_marker_is_answered(self):
        self.router.send(bytes(19))
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION)[:2], b"\1\1")
        self.router.wait_end()

    def test_a_reload_leaves_the_session_alone(self):
        self.pced.reload(session={"keepalive": 20})
        self.router.send(bgp_ls.message(bgp_ls.KEEPALIVE))
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)
        self.assertFalse(self.router.has_ended)

    def test_a_peer_that_is_configured_no_more_goes_with_what_it_told(self):
        self.pced.reload(bgp_ls={"peers": []})
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION)[:2], b"\6\3")
        self.router.wait_end()
        self.wait_cost(None)

    def test_the_end_of_the_server_is_told(self):
        self.pced.stop()
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION)[:2], b"\6\2")


class Open(Case):
    def test_another_as_is_refused(self):
        router = self.speaker()
        self.begin(router)
        connection, _ = router.listener.accept()
        router.socket, router.received = connection, []
        threading.Thread(target=router._read, args=(connection,), daemon=True).start()
        router.send(bgp_ls.open_message(asn=65009))
        self.assertEqual(router.wait(bgp_ls.NOTIFICATION)[:2], b"\2\2")

    def test_a_stranger_is_turned_away(self):
        router, stranger = self.speaker(), self.speaker(OTHER)
        port = free_port()
        self.pced = Pced(bgp_ls={**self.configuration(router), "listen": "127.0.0.1", "listen-port": port}).start()
        self.addCleanup(self.pced.stop)
        with self.assertRaises((AssertionError, OSError)):
            stranger.connect("127.0.0.1", port)
        self.pced.wait_line(f"BGP connection turned away.*{OTHER}")

    def test_segments_are_signed_where_there_is_a_key(self):
        router = self.speaker()
        set_md5_key(router.listener, "127.0.0.1", "secret")
        self.begin(router, **{"md5-key": "secret", "local-address": "127.0.0.1"})
        router.accept()
        router.tell(bgp_ls.diamond())
        self.wait_cost(BY_B)

    def test_a_key_that_is_configured_no_more_is_not_asked_for(self):
        router = self.passive(**{"md5-key": "secret"})
        self.pced.reload(bgp_ls={**self.configuration(router, passive=True), **self.listening})
        router.connect("127.0.0.1", self.port)
        router.tell(bgp_ls.diamond())
        self.pced.wait_line("topology published.*nodes=6")

    def test_a_passive_peer_connects_to_us(self):
        router = self.passive()
        router.connect("127.0.0.1", self.port)
        router.tell(bgp_ls.diamond())
        self.pced.wait_line("topology published.*nodes=6")


    def test_a_router_that_lost_its_connection_is_heard_on_the_next(self):
        """The first never says a word, and would be awaited for 240 s."""
        router = self.passive()
        silent = [router.dial("127.0.0.1", self.port) for _ in range(2)]
        self.addCleanup(lambda: [one.close() for one in silent])
        router.connect("127.0.0.1", self.port)
        router.tell(bgp_ls.diamond())
        self.pced.wait_line("topology published.*nodes=6")
        self.assertGreaterEqual(self.get("/api/v1/status")["counters"]["bgp_superseded"], 1)

    def test_where_we_listen_may_change_again_and_again(self):
        router = self.passive()
        for port in (free_port(), self.port, free_port(), self.port):
            since = self.pced.mark()
            self.pced.reload(bgp_ls={"listen-port": port})
            self.assertNotIn("refused", self.pced.log()[since:])
            router.connect("127.0.0.1", port)
            router.drop()
            self.pced.wait_line("BGP-LS peer down", since)


class Hops(Case):
    """Who is further away than he is said to be is not heard (RFC 5082): on the loopback a packet comes with the TTL
    that it was sent with."""

    def test_who_sends_with_another_ttl_is_not_heard(self):
        router = self.passive(**{"ttl-security": 1})
        with self.assertRaises(OSError):
            router.dial("127.0.0.1", self.port, patience=1)
        router.ttl = 255
        router.connect("127.0.0.1", self.port)
        router.tell(bgp_ls.diamond())
        self.pced.wait_line("topology (published|changed).*nodes=6")
        self.assertEqual(self.get("/api/v1/topology/peers/" + ROUTER)["session"]["ttl_security"], 1)

    def test_our_own_connection_says_and_asks_the_same(self):
        router = self.speaker()
        router.listener.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
        router.listener.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 255)
        self.begin(router, **{"ttl-security": 1})
        router.accept()
        router.tell(bgp_ls.diamond())
        self.wait_cost(BY_B)

    def test_a_ttl_that_is_asked_for_is_sent(self):
        router = self.speaker()
        router.listener.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 200)
        self.begin(router, ttl=200)
        router.accept()

    def test_what_does_not_go_together_is_refused(self):
        for more, why in (({"ttl-security": 1, "ttl": 9}, "RFC 5082"), ({"ttl-security": 255}, "from 1 to 254"),
                          ({"tcp-ao-send-id": 3}, "need a tcp-ao-key"),
                          ({"tcp-ao-key": "secret", "md5-key": "secret"}, "not both|no TCP-AO")):
            with self.subTest(more):
                pced = Pced(bgp_ls=self.configuration(self.speaker(), **more)).spawn()
                self.assertNotEqual(pced.wait_exit(), 0)
                self.assertRegex(pced.log(), why)


class Ignored(Case):
    """Routes that have been with us before (RFC 4271 9.1.2, RFC 4456 8)."""

    def setUp(self):
        self.router = self.speaker()
        self.begin(self.router, **{"local-address": "127.0.0.1"})
        self.router.accept()
        self.network = bgp_ls.diamond()
        self.router.tell(self.network)
        self.wait_cost(BY_B)

    def counted(self):
        return self.get("/api/v1/status")["counters"]["bgp_unfeasible"]

    def check_ignored(self, why, **more):
        """It takes the place of what was told before, and the session goes on."""
        for found, attributes in self.network["BD"]:
            self.router.send(bgp_ls.update([found], attributes, **more))
        self.wait_cost(BY_C)
        self.pced.wait_line(f'BGP-LS routes are ignored.*{why}')
        self.assertEqual(self.counted(), 2)
        self.assertEqual(self.pced.log().count("BGP-LS routes are ignored"), 1, "once in a session")
        self.router.tell({"BD": self.network["BD"]})
        self.wait_cost(BY_B)

    def test_our_own_as(self):
        self.check_ignored("our own AS", as_path=struct.pack("!BBII", 1, 2, 65009, bgp_ls.AS_NUMBER))

    def test_our_own_identifier_as_originator(self):
        self.check_ignored("ORIGINATOR_ID", more=bgp_ls.attribute(0x80, 9, bytes([192, 0, 2, 250])))

    def test_our_own_identifier_among_clusters(self):
        self.check_ignored("CLUSTER_LIST", more=bgp_ls.attribute(0x80, 10, bytes([10, 0, 0, 1, 192, 0, 2, 250])))

    def test_our_own_address_as_next_hop(self):
        self.check_ignored("next hop", next_hop="127.0.0.1")


class Overload(Case):
    """A router that carries no transit, as RFC 9552 5.3.1.1 tells it."""

    def setUp(self):
        self.router = self.speaker()
        self.begin(self.router, sections={"lsp": {"settle-time": 0}, "reopt": {"interval": 1, "hold-down": 0}})
        self.router.accept()
        self.router.tell(bgp_ls.diamond())
        self.wait_cost(BY_B)

    def overload(self, number, name, flags):
        self.router.tell({name: [bgp_ls.node(number, name, flags)]})

    def test_paths_go_around_it_and_end_at_it(self):
        self.overload(bgp_ls.B, "B", bgp_ls.OVERLOAD)
        self.wait_cost(BY_C)
        self.request_id += 1
        answer = self.peer.ask(self.request_id, networks.A, networks.D)
        self.assertEqual(answer.labels(), [16004], "the IGP goes around it by itself")
        for ends in ((networks.A, "10.0.0.2"), ("10.0.0.2", networks.D)):
            self.request_id += 1
            self.assertIsNotNone(self.peer.ask(self.request_id, *ends).ero, ends)
        self.overload(bgp_ls.B, "B", 0)
        self.wait_cost(BY_B)

    def test_a_delegated_lsp_leaves_it_and_comes_back(self):
        upper, lower = [24001, 24003], [24005, 24007]
        self.report(upper)
        self.peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        self.overload(bgp_ls.B, "B", bgp_ls.OVERLOAD)
        self.assertEqual(self.move(), lower)
        self.overload(bgp_ls.B, "B", 0)
        self.assertEqual(self.move(), upper)

    def report(self, labels, srp_id=0):
        self.peer.send(pcep.message(
            pcep.PCRPT, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
            pcep.lsp_object(7, ADMINISTRATIVE | ACTIVE | DELEGATED, "blue", identifiers(networks.A, networks.D)),
            pcep.ero_object(labels), pcep.lspa(flags=UNPROTECTED_ONLY)))

    def move(self):
        update, = pcep.parse_lsp_states(self.peer.expect(pcep.PCUPD))
        self.report(update.labels(), srp_id=update.srp_id)
        return update.labels()


class FlexibleAlgorithm(Case):
    """Algorithm 128: A, C, D and F take part in it, and A says what it is (RFC 9350, RFC 9351)."""

    def setUp(self):
        self.router = self.speaker()
        self.begin(self.router, sections={"lsp": {"settle-time": 0}, "reopt": {"interval": 1, "hold-down": 0}},
                   open={"tlvs": pcep.stateful_tlv() + pcep.sr_capability_tlv(algorithms=True)})
        self.router.accept()
        self.network = bgp_ls.diamond()
        for number, name in enumerate("ABCDEF", 1):
            if name in "ACDF":
                more = [bgp_ls.algorithms(0, 128)] + ([bgp_ls.flexible(128)] if name == "A" else [])
                self.network["node", number][:2] = [
                    bgp_ls.node(number, name, more=more),
                    bgp_ls.prefix(number, f"10.0.0.{number}", number, more=[(128, 200 + number)])]
        self.router.tell(self.network)
        self.pced.wait_line("topology (published|changed).*flex_algorithms=1")
        self.wait(lambda: self.ask().ero is not None)

    def ask(self, strict=True):
        self.request_id += 1
        return self.peer.ask(self.request_id, networks.A, networks.D,
                             pcep.lspa(tlvs=pcep.sr_algorithm_tlv(128, strict)),
                             pcep.metric(pcep.METRIC_IGP, computed=True))

    def test_a_path_is_one_of_its_topology_and_has_its_sids(self):
        answer = self.ask()
        self.assertEqual(answer.labels(), [16204])
        self.assertEqual(answer.metric(pcep.METRIC_IGP), BY_C)
        self.assertEqual(self.cost(), BY_B, "others are asked for as ever")

    def test_without_a_path_of_it_strict_gets_none_and_another_any(self):
        self.router.tell({"C": [bgp_ls.node(bgp_ls.C, "C", more=[bgp_ls.algorithms(0)])]})
        self.wait(lambda: self.ask().ero is None)
        self.assertIsNotNone(self.ask().no_path)
        self.assertEqual(self.ask(strict=False).labels(), [16004])

    def test_a_definition_that_is_not_known_makes_no_path(self):
        self.router.tell({"F": [bgp_ls.node(bgp_ls.F, "F", more=[bgp_ls.algorithms(0, 128),
                                                                bgp_ls.flexible(128, metric=77, priority=200)])]})
        self.wait(lambda: self.ask().ero is None)
        self.pced.wait_line("flex_unknown")

    def wait(self, condition):
        deadline = time.monotonic() + WAIT_S
        while not condition():
            self.assertLess(time.monotonic(), deadline, self.pced.log())
            time.sleep(0.02)


class Several(Case):
    def test_the_better_rank_is_believed_and_the_other_stands_in(self):
        first, second = self.speaker(), self.speaker(OTHER)
        configuration = self.configuration(first, second)
        configuration["peers"][0]["rank"] = 10
        configuration["peers"][0]["keep"] = 1
        self.pced = Pced(bgp_ls=configuration).start()
        self.addCleanup(self.pced.stop)
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0)
        self.request_id = 0
        second.accept()
        second.tell(bgp_ls.diamond())
        self.wait_cost(BY_B)
        first.accept(identifier="192.0.2.2")
        network = bgp_ls.diamond()
        del network["BD"]
        first.tell(network)
        self.wait_cost(BY_C)
        first.close()
        self.wait_cost(BY_B)


class File(Case):
    def test_the_file_completes_and_makes_no_link(self):
        router = self.speaker()
        self.begin(router, topology=networks.DIAMOND)
        self.assertIsNone(self.cost(), "a file that completes is no network")
        network = bgp_ls.diamond()
        del network["AB"]
        router.accept()
        router.tell(network)
        self.wait_cost(BY_C)

    def test_without_peers_the_file_is_the_network(self):
        self.begin(topology=networks.DIAMOND)
        self.assertEqual(self.cost(), BY_B)


if __name__ == "__main__":
    unittest.main(verbosity=2)
