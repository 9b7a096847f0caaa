#!/usr/bin/env python3
"""Paths that are set up by SRv6 (RFC 9603): requested, kept on their way when the network changes, initiated by
intents, and refused where they cannot be. The octets are read by pcep.py, which shares nothing with the server's
codec; tshark 4.0 has no SRv6-ERO."""

import ipaddress
import json
import os
import signal
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import load
import networks
import pcep
from case import next_source
from intent_case import IntentCase
from networks import A, A6, D6, end, end_x
from pcc import A as ADMINISTRATIVE
from pcc import ACTIVE, C, D, R, S, Order, Pcc

SRV6 = pcep.SETUP_SRV6
H_ENCAPS, SEGMENTS_LEFT = 44, 41
DIAMOND = networks.with_srv6(networks.DIAMOND)
UPPER, LOWER = [end_x(1, 2), end_x(2, 4)], [end_x(1, 3), end_x(3, 4)]
# In any right spelling, as those of networks.py.
UPPER_A_D = ([end(4)], [end(2), end(4)], [end_x(1, 2), end(4)], [end(2), end_x(2, 4)], UPPER)
LOWER_A_D = ([end(3), end(4)], [end_x(1, 3), end(4)], [end(3), end_x(3, 4)], LOWER)


def without(*ends, text=DIAMOND):
    """The diamond without the link between these two."""
    start = f"  - {{from: {ends[0]}, to: {ends[1]},"
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(start))


def sids_of(ero):
    return [hop.sid for hop in pcep.parse_ero(ero)]


class Srv6Pcc(Pcc):
    def begin(self, msds=((H_ENCAPS, 10), (SEGMENTS_LEFT, 4)), setups=None):
        setups = pcep.srv6_capability_tlv(*msds) if setups is None else setups
        self.hello = self.open(tlvs=pcep.stateful_tlv(0x5) + setups, keepalive=0, dead=0)

    def tell(self, name, sids, plsp_id=1, srp_id=0, flags=D | ADMINISTRATIVE | ACTIVE, setup=SRV6, tlvs=b""):
        ends = pcep.end_points(A6, D6)[4:]
        identifiers = pcep.tlv(19, ends[:16] + struct.pack("!HH", 0, 0) + ends[:16] + ends[16:])
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, setup, flags=int(bool(flags & R))),
                               pcep.lsp_object(plsp_id, flags, name, identifiers + tlvs), pcep.ero_object(sids)))

    def end_mark(self):
        self.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0), pcep.ero_object([])))

    def obey(self, kind, name, plsp_id=1, flags=D | ADMINISTRATIVE | ACTIVE | C):
        """The order of this kind, which is done; its SIDs."""
        order = Order(self.expect(kind))
        self.tell(name, sids_of(order.ero), plsp_id, order.srp_id, flags)
        return sids_of(order.ero)


class Srv6Case(IntentCase):
    TOPOLOGY = DIAMOND
    SECTIONS = {"capabilities": {"srv6": True}, "lsp": {"settle-time": 0}, "reopt": {"interval": 0}}

    def pcc(self, source=None, **options):
        peer = Srv6Pcc(self.pced.address, source=source or next_source())
        peer.source = peer.socket.getsockname()[0]
        self.peers.append(peer)
        peer.begin(**options)
        return peer

    def change(self, topology):
        self.pced.write_topology(topology)
        self.pced.reload()

    def tearDown(self):
        self.change(self.TOPOLOGY)
        super().tearDown()


class Requests(Srv6Case):
    asked = 100

    def ask(self, peer, *objects, source=A6, destination=D6):
        self.asked += 1
        return peer.ask(self.asked, source, destination, *objects, setup=SRV6)

    def test_the_open_offers_it(self):
        tlvs = dict(self.pcc().hello.one(pcep.OC_OPEN).tlvs(4))
        self.assertEqual(tlvs[pcep.TLV_PST_CAPABILITY][3:7], bytes([3, 0, 1, 3]))

    def test_a_shortest_path_is_one_end(self):
        response = self.ask(self.pcc())
        self.assertEqual(response.setup, SRV6)
        hop, = response.hops()
        self.assertEqual((hop.sid, hop.behavior, hop.structure, hop.nai), (end(4), 29, (32, 16, 16, 0), ()))

    def test_ends_of_ipv4_will_do(self):
        self.assertEqual(self.ask(self.pcc(), source=A, destination=networks.D).sids(), [end(4)])

    def test_te_metric_takes_the_other_way(self):
        peer = self.pcc()
        response = self.ask(peer, pcep.metric(pcep.METRIC_TE),
                            pcep.metric(pcep.METRIC_MSD, 3, bound=True, computed=True))
        self.assertIn(response.sids(), LOWER_A_D)
        self.assertEqual(response.metric(pcep.METRIC_MSD), 2)

    def test_affinities_hold(self):
        self.assertIn(self.ask(self.pcc(), pcep.lspa(exclude_any=1)).sids(), LOWER_A_D)

    def test_where_only_unprotected_sids_will_do_there_are_others(self):
        peer = self.pcc()
        enforced = pcep.obj(pcep.OC_LSPA, 1, struct.pack("!IIIBBBB", 0, 0, 0, 7, 7, 0x2, 0), p=True)
        self.assertEqual(self.ask(peer, pcep.metric(pcep.METRIC_TE), enforced).sids(), LOWER)
        self.change(DIAMOND.replace(f'"{end_x(1, 3)}"', f'"{end_x(1, 3)}", protected: true'))
        self.assertEqual(self.ask(peer, pcep.metric(pcep.METRIC_TE), enforced).sids(), UPPER)

    def test_the_limit_of_the_open_is_that_of_encapsulation(self):
        peer = self.pcc(msds=((SEGMENTS_LEFT, 9), (H_ENCAPS, 1)))
        self.assertEqual(self.ask(peer, pcep.metric(pcep.METRIC_TE)).sids(), [end(4)])
        peer.send(pcep.request_message(7, A6, D6, pcep.metric(pcep.METRIC_MSD, 2, bound=True), setup=SRV6))
        peer.expect_error((10, 9))

    def test_what_the_network_knows_counts_before_the_open(self):
        self.change(DIAMOND.replace("node-msd: 10", "node-msd: 10\n    srv6-msd: 2"))
        peer = self.pcc(msds=((H_ENCAPS, 1),))
        self.assertIn(self.ask(peer, pcep.metric(pcep.METRIC_TE)).sids(), LOWER_A_D)

    def test_an_answer_that_is_kept_is_the_same(self):
        peer = self.pcc()
        self.assertEqual([self.ask(peer).sids() for _ in range(5)], [[end(4)]] * 5)

    def test_a_network_without_sids_has_no_path(self):
        self.change(networks.DIAMOND)
        self.assertIsNotNone(self.ask(self.pcc()).no_path)

    def test_a_sid_that_two_routers_claim_is_used_for_neither(self):
        self.change(DIAMOND.replace(end(4), end(3)))
        self.assertIn(self.ask(self.pcc()).sids(), (UPPER, [end(2), end_x(2, 4)]))

    def test_a_peer_that_has_not_said_it_is_refused(self):
        peer = self.up()
        peer.send(pcep.request_message(1, A6, D6, setup=SRV6))
        self.assert_ends_with_error(peer, (21, 1))

    def test_a_server_that_has_not_said_it_refuses(self):
        self.pced.reload(capabilities={"srv6": False})
        try:
            peer = self.pcc()
            peer.send(pcep.request_message(1, A6, D6, setup=SRV6))
            self.assert_ends_with_error(peer, (21, 1))
        finally:
            self.pced.reload(capabilities={"srv6": True})

    def test_the_setup_type_without_its_capability_and_a_limit_that_is_none_of_srv6_refuse_the_open(self):
        bare = pcep.tlv(pcep.TLV_PST_CAPABILITY, bytes([0, 0, 0, 2, 0, 3, 0, 0]))
        for tlvs, error in ((bare, (10, 34)), (pcep.srv6_capability_tlv((1, 10)), (1, 1))):
            peer = self.connect()
            peer.send(pcep.open_message(tlvs=tlvs))
            peer.expect(pcep.OPEN)
            self.assert_ends_with_error(peer, error)

    def pcectl(self, *options):
        run = subprocess.run([daemon.program("pcectl"), "request", "--server",
                              f"{self.pced.address[0]}:{self.pced.port}", "--topology", self.pced.topology_path,
                              "--setup", "srv6", "--from", "A", "--to", "D", *options],
                             capture_output=True, text=True, timeout=60, env=daemon.environment(), check=False)
        return run.returncode, run.stdout, run.stderr

    def test_pcectl_asks_for_it(self):
        code, out, err = self.pcectl("--json")
        self.assertEqual(code, 0, err)
        hop, = json.loads(out)[0]["hops"]
        self.assertEqual((hop["sid"], hop["text"]), (end(4), f"{end(4)} D"))
        code, out, _ = self.pcectl("--metric", "te")
        self.assertEqual(code, 0)
        self.assertIn("SID list", out)
        self.assertIn(f"{end(4)} D", out)


class Load(Srv6Case):
    def test_pceload_follows_every_path(self):
        run = load.Run("--setup", "srv6", "--sessions", 8, "--depth", 2, "--requests", 400, "--constraints", "mix",
                       server=self.pced.address, topology=self.TOPOLOGY)
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual(run.requests["replied"], 400)


class Moves(Srv6Case):
    def synchronise(self, sids, flags=D | ADMINISTRATIVE | ACTIVE):
        peer = self.pcc()
        peer.tell("blue", sids, flags=flags | S)
        peer.end_mark()
        self.wait_lsps(peer.source, {"blue"})
        return peer

    def test_an_lsp_whose_link_is_gone_is_moved(self):
        # The last one is led to B by the locator of its End.X.
        for sids in (UPPER, [end(2), end_x(2, 4)], [end_x(2, 4)]):
            with self.subTest(sids):
                peer = self.synchronise(sids)
                self.change(without("B", "D"))
                self.assertIn(peer.obey(pcep.PCUPD, "blue", flags=D | ADMINISTRATIVE | ACTIVE), ([end(4)], *LOWER_A_D))
                peer.drop()
                self.change(DIAMOND)

    def test_an_end_is_led_around_a_failure_by_the_igp(self):
        peer = self.synchronise([end(4)])
        self.change(without("B", "D"))
        peer.nothing_for(1)
        since = self.pced.mark()
        self.change(without("B", "D", text=without("C", "D")))
        self.pced.wait_line("no path for an LSP that needs one", since)

    def test_an_lsp_on_other_links_is_left_where_it_is(self):
        peer = self.synchronise(LOWER)
        self.change(without("B", "D"))
        self.change(without("D", "F"))
        peer.nothing_for(1)

    def test_the_limit_of_the_router_holds_for_updates(self):
        peer = self.pcc(msds=((H_ENCAPS, 1),))
        peer.tell("blue", [], flags=D | ADMINISTRATIVE | S)
        peer.end_mark()
        self.assertEqual(peer.obey(pcep.PCUPD, "blue"), [end(4)])

    def test_segments_of_srv6_in_a_path_of_another_setup_type_are_refused(self):
        peer = self.pcc()
        peer.end_mark()
        peer.tell("blue", UPPER, setup=pcep.SETUP_SR)
        peer.expect_error((19, 19))
        peer.tell("green", UPPER, plsp_id=2)
        self.wait_lsps(peer.source, {"green"})

    def check_srv6_is_refused(self, peer, plsp_id=1):
        """The path with SRv6 segments is, and nothing else of the session."""
        peer.tell("blue", UPPER, plsp_id=plsp_id, flags=ADMINISTRATIVE | ACTIVE)
        found = peer.expect_error((19, 19))
        self.assertEqual(found.objects[0].class_, pcep.OC_SRP)
        peer.tell("green", [], plsp_id=2, setup=pcep.SETUP_RSVP_TE, flags=ADMINISTRATIVE | ACTIVE)
        self.wait_lsps(peer.source, {"green"})
        self.assertTrue(peer.ask(7, A, networks.D, setup=pcep.SETUP_SR).labels())

    def test_segments_of_srv6_from_a_router_without_the_capability_are_refused(self):
        setups = pcep.tlv(pcep.TLV_PST_CAPABILITY, struct.pack("!HBB", 0, 0, 2) + bytes([0, 1, 0, 0]) +
                          pcep.tlv(pcep.TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10)))
        self.check_srv6_is_refused(self.pcc(setups=setups))

    def test_segments_of_srv6_where_we_have_not_the_capability_are_refused(self):
        self.pced.reload(capabilities={"srv6": False})
        try:
            self.check_srv6_is_refused(self.pcc())
        finally:
            self.pced.reload(capabilities={"srv6": True})

    def test_segments_of_sr_mpls_from_a_router_without_the_capability_are_kept(self):
        setups = pcep.tlv(pcep.TLV_PST_CAPABILITY, struct.pack("!HBB", 0, 0, 1) + bytes([0, 0, 0, 0]))
        peer = self.pcc(setups=setups)
        peer.tell("blue", [16004], setup=pcep.SETUP_SR, flags=ADMINISTRATIVE | ACTIVE)
        self.wait_lsps(peer.source, {"blue"})

    def test_a_sid_of_nobody_is_replaced(self):
        peer = self.pcc()
        peer.tell("blue", ["fcbb:bb:99:1::"], flags=D | ADMINISTRATIVE | ACTIVE | S)
        peer.end_mark()
        self.assertEqual(peer.obey(pcep.PCUPD, "blue", flags=D | ADMINISTRATIVE | ACTIVE), [end(4)])

    def test_a_binding_sid_is_asked_for(self):
        peer = self.synchronise(UPPER)
        code, answer = self.api("POST", f"/api/v1/lsps/{peer.source}/blue/bind?sid=fcbb:bb:1:b1::")
        self.assertIn(code, (200, 202), answer)
        order = Order(peer.expect(pcep.PCUPD))
        binding = dict(order.message.one(pcep.OC_LSP).tlvs(4))[55]
        self.assertEqual(binding[0] >> 0, 2, "an SRv6 SID (RFC 9604 4)")

    def test_a_binding_sid_is_taken_back_with_the_structure_that_it_was_reported_with(self):
        peer = self.pcc()
        binding = bytes([3, 0, 0, 0]) + ipaddress.ip_address("fcbb:bb:1:b1::").packed + \
            struct.pack("!HHBBBB", 0, 14, 32, 16, 16, 0)
        peer.tell("blue", UPPER, tlvs=pcep.tlv(55, binding))
        peer.end_mark()
        self.wait_lsps(peer.source, {"blue"})
        code, answer = self.api("POST", f"/api/v1/lsps/{peer.source}/blue/bind?sid=fcbb:bb:1:b1::&remove=true")
        self.assertEqual(code, 202, answer)
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual(dict(order.message.one(pcep.OC_LSP).tlvs(4))[55], b"\x03\x80" + binding[2:])
        self.assertEqual(sids_of(order.ero), UPPER)


class Intents(Srv6Case):
    def intent(self, path, **more):
        return {"source": A6, "endpoint": D6, "setup_type": "SRv6", "paths": [path], **more}

    def test_a_computed_path_is_initiated_and_moved(self):
        peer = self.pcc()
        peer.end_mark()
        pinned = {"metric": "te", "protection": "unprotected-only"}
        self.put(peer.source, "gold", self.intent({"dynamic": pinned}))
        self.assertEqual(peer.obey(pcep.PCINITIATE, "gold"), LOWER)
        self.wait_intent(peer.source, "gold", "up")
        self.change(without("C", "D"))
        self.assertEqual(peer.obey(pcep.PCUPD, "gold"), UPPER)
        self.wait_intent(peer.source, "gold", "up")

    def test_segments_are_sids_nodes_and_adjacencies(self):
        peer = self.pcc()
        peer.end_mark()
        segments = [{"node": "fd00::2"}, {"sid": end_x(2, 4)}, {"sid": "fcbb:bb:4:d46::", "node": D6}]
        self.put(peer.source, "gold", self.intent({"segments": segments}))
        order = Order(peer.expect(pcep.PCINITIATE))
        hops = pcep.parse_ero(order.ero)
        self.assertEqual([hop.sid for hop in hops], [end(2), end_x(2, 4), "fcbb:bb:4:d46::"])
        self.assertEqual([hop.behavior for hop in hops], [29, 0xFFFF, 0xFFFF])
        self.assertEqual([hop.nai for hop in hops], [("fd00::2",), (), (D6,)])
        peer.tell("gold", [hop.sid for hop in hops], 1, order.srp_id, D | ADMINISTRATIVE | ACTIVE | C)
        self.wait_intent(peer.source, "gold", "up")
        self.assertEqual(self.intent_of(peer.source, "gold")["intent"]["paths"][0]["segments"], segments)

    def test_more_segments_than_the_router_takes_are_refused(self):
        peer = self.pcc(msds=((H_ENCAPS, 2),))
        peer.end_mark()
        self.put(peer.source, "gold", self.intent({"segments": [{"sid": end(n)} for n in (2, 3, 4)]}))
        self.wait_intent(peer.source, "gold", "refused")
        self.assertIn("more segments than the peer's MSD", self.intent_of(peer.source, "gold")["reason"])

    def test_a_router_without_it_is_asked_nothing(self):
        source = next_source()
        peer = Pcc(self.pced.address, source=source)
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0), pcep.ero_object([])))
        self.put(source, "gold", self.intent({"dynamic": {}}))
        self.wait_intent(source, "gold", "refused")
        peer.nothing_for(0.5)

    def test_it_is_there_after_a_restart(self):
        source = next_source()
        peer = self.pcc(source)
        peer.end_mark()
        self.put(source, "gold", self.intent({"dynamic": {"metric": "te"}}))
        sids = peer.obey(pcep.PCINITIATE, "gold")
        self.wait_intent(source, "gold", "up")
        for other in self.peers:
            other.drop()
        self.pced.signal(signal.SIGKILL)
        self.pced.wait_exit()
        self.pced.lines.clear()
        # The kernel closes the rings of a process that was killed, and their sockets, a little later.
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()
        self.healthy = self.connect()
        self.healthy.open(keepalive=0, dead=0)
        self.rss_before = self.pced.rss_kib()
        peer = self.pcc(source)
        peer.tell("gold", sids, flags=D | ADMINISTRATIVE | ACTIVE | C | S)
        peer.end_mark()
        self.wait_intent(source, "gold", "up")
        peer.nothing_for(1)


class Ipv6Alone(Srv6Case):
    """A network and routers that have no IPv4."""
    TOPOLOGY = networks.without_ipv4(DIAMOND)

    def ask_healthy(self):
        """There are no labels: a path of strict hops will do."""
        self.next_id += 1
        response = self.healthy.ask(self.next_id, A6, D6, setup=None)
        self.assertIsNotNone(response.ero)

    def test_requests_are_answered(self):
        self.assertNotIn("10.", self.TOPOLOGY)
        peer = self.pcc()
        self.assertEqual(peer.ask(1, A6, D6, setup=SRV6).sids(), [end(4)])
        self.assertIn(peer.ask(2, A6, D6, pcep.metric(pcep.METRIC_TE), setup=SRV6).sids(), LOWER_A_D)

    def test_an_lsp_is_moved(self):
        peer = self.pcc()
        peer.tell("blue", UPPER, flags=D | ADMINISTRATIVE | ACTIVE | S)
        peer.end_mark()
        self.wait_lsps(peer.source, {"blue"})
        self.change(without("B", "D", text=self.TOPOLOGY))
        self.assertIn(peer.obey(pcep.PCUPD, "blue", flags=D | ADMINISTRATIVE | ACTIVE), ([end(4)], *LOWER_A_D))


if __name__ == "__main__":
    unittest.main()
