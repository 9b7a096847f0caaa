#!/usr/bin/env python3
"""Bandwidth that follows traffic (RFC 8733): a router reports what an LSP needs, and is told a path with room for
it; within the bounds, and only where both Opens offer it."""

import ipaddress
import os
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import next_source
from intent_case import IntentCase
from networks import MBIT
from pcc import A, ACTIVE, C, D, Order, Pcc, identifiers

TLV_CAPABILITY, TLV_ATTRIBUTES, TLV_DURATION = 36, 37, 2
SUB_SAMPLE, SUB_THRESHOLD, SUB_MIN, SUB_MAX = 1, 4, 8, 9
OC_LSPA, OC_BANDWIDTH = 9, 5
QUIET_S = 0.6


def number(type_, value):
    return pcep.tlv(type_, struct.pack("!I", value))


def amount(type_, value):
    return pcep.tlv(type_, struct.pack("!f", value))


def lspa(attributes=None):
    """attributes: sub-TLVs; None: no TLV."""
    tlv = b"" if attributes is None else pcep.tlv(TLV_ATTRIBUTES, attributes)
    return pcep.obj(OC_LSPA, 1, struct.pack("!IIIBBH", 0, 0, 0, 7, 7, 0) + tlv)


def attributes_of(order):
    """Sub-TLVs of the update, by type; None: no TLV."""
    found = dict(order.message.one(OC_LSPA).tlvs(16)).get(TLV_ATTRIBUTES)
    return None if found is None else dict(pcep.parse_tlvs(found))


def bandwidth_of(order):
    return order.message.one(OC_BANDWIDTH).unpack("!f")[0]


class BandwidthPcc(Pcc):
    def begin(self, offers=True, msd=10):
        tlvs = pcep.stateful_tlv(0x5)
        tlvs += pcep.tlv(34, bytes([0, 0, 0, 2, 0, 1, 0, 0]) + pcep.tlv(26, struct.pack("!HBB", 0, 0, msd)))
        if offers:
            tlvs += number(TLV_CAPABILITY, 0)
        self.hello = self.open(tlvs=tlvs, keepalive=0, dead=0)

    def tell(self, name, octets_per_s, attributes=b"", labels=None, hops=None, plsp_id=1, srp_id=0, flags=D | A | ACTIVE):
        """One LSP from A to D: of segment routing with labels, by the TE metric (the lower way is the best), of
        RSVP-TE with hops by that of the IGP (the upper one)."""
        body = struct.pack("!I", plsp_id << 12 | flags) + identifiers(networks.A, networks.D, 1, plsp_id) + \
            pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name.encode())
        if labels is not None:
            ero = pcep.ero_object(labels)
        else:
            ero = pcep.obj(pcep.OC_ERO, 1, b"".join(struct.pack("!BB4sBB", 1, 8, ipaddress.ip_address(hop).packed, 32, 0)
                                                    for hop in hops))
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, pcep.SETUP_SR if labels is not None else 0),
                               pcep.obj(pcep.OC_LSP, 1, body), ero, lspa(attributes),
                               pcep.obj(OC_BANDWIDTH, 1, struct.pack("!f", octets_per_s)),
                               pcep.metric(2 if labels is not None else 1)))

    def end_mark(self):
        self.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0), pcep.ero_object([])))


class BandwidthCase(IntentCase):
    SECTIONS = {"session": {"auto-bandwidth": True}, "lsp": {"settle-time": 0}, "reopt": {"interval": 0, "hold-down": 0}}

    def pcc(self, offers=True):
        source = next_source()
        peer = BandwidthPcc(self.pced.address, source=source)
        peer.source = source
        self.peers.append(peer)
        peer.begin(offers)
        return peer

    def granted(self, peer, name="auto"):
        found = self.lsp(peer.source, name)["auto_bandwidth"]
        return None if found is None else found["granted"]


class Adjusted(BandwidthCase):
    def test_the_open_offers_it_behind_what_is_older(self):
        types = [type_ for type_, _ in self.pcc().hello.one(pcep.OC_OPEN).tlvs(4)]
        self.assertEqual(types[:2], [16, 34])
        self.assertEqual(types[-1], TLV_CAPABILITY)

    def test_the_path_stays_where_it_has_room(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004])
        peer.end_mark()
        peer.nothing_for(QUIET_S)
        peer.tell("auto", 20 * MBIT, labels=[16003, 16004])
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual(order.labels, [16003, 16004])
        self.assertEqual(bandwidth_of(order), 20 * MBIT)
        self.assertIsNotNone(attributes_of(order), "without the TLV the PCC would stop to measure")
        self.assertEqual(self.granted(peer), 10 * MBIT)
        peer.tell("auto", 20 * MBIT, labels=order.labels, srp_id=order.srp_id)
        self.wait(lambda: self.granted(peer) == 20 * MBIT)
        peer.nothing_for(QUIET_S)

    def test_another_path_has_room(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004])
        peer.end_mark()
        peer.nothing_for(QUIET_S)
        peer.tell("auto", 200 * MBIT, labels=[16003, 16004])
        order = Order(peer.expect(pcep.PCUPD))
        self.assertIn(order.labels, networks.UPPER_A_D)
        self.assertEqual(bandwidth_of(order), 200 * MBIT)

    def test_a_tunnel_of_rsvp_te_is_adjusted(self):
        peer = self.pcc()
        hops = [networks.LINK_B_A, networks.LINK_D_B]
        peer.tell("auto", 10 * MBIT, hops=hops)
        peer.end_mark()
        peer.nothing_for(QUIET_S)
        for bandwidth in (20 * MBIT, 5 * MBIT, 40 * MBIT):
            peer.tell("auto", bandwidth, hops=hops)
            order = Order(peer.expect(pcep.PCUPD))
            self.assertEqual(bandwidth_of(order), bandwidth)
            peer.tell("auto", bandwidth, hops=hops, srp_id=order.srp_id)
            self.wait(lambda: self.granted(peer) == bandwidth)

    def test_no_room_leaves_it_as_it_is(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004])
        peer.end_mark()
        peer.tell("auto", 2000 * MBIT, labels=[16003, 16004])
        peer.nothing_for(QUIET_S)
        self.assertEqual(self.granted(peer), 10 * MBIT)
        peer.tell("auto", 30 * MBIT, labels=[16003, 16004])
        self.assertEqual(bandwidth_of(Order(peer.expect(pcep.PCUPD))), 30 * MBIT)

    def test_bounds_hold_and_small_changes_are_none(self):
        peer = self.pcc()
        bounds = amount(SUB_MIN, 5 * MBIT) + amount(SUB_MAX, 50 * MBIT) + amount(SUB_THRESHOLD, 4 * MBIT)
        peer.tell("auto", 10 * MBIT, bounds, labels=[16003, 16004])
        peer.end_mark()
        peer.tell("auto", 13 * MBIT, labels=[16003, 16004])
        peer.nothing_for(QUIET_S)
        for requested, given in ((90 * MBIT, 50 * MBIT), (1 * MBIT, 5 * MBIT)):
            peer.tell("auto", requested, labels=[16003, 16004])
            order = Order(peer.expect(pcep.PCUPD))
            self.assertEqual(bandwidth_of(order), given)
            peer.tell("auto", requested, labels=[16003, 16004], srp_id=order.srp_id)
            self.wait(lambda: self.granted(peer) == given)
            peer.nothing_for(QUIET_S)

    def test_without_the_attributes_a_bandwidth_is_only_reported(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, None, labels=[16003, 16004])
        peer.end_mark()
        peer.tell("auto", 20 * MBIT, None, labels=[16003, 16004])
        peer.nothing_for(QUIET_S)
        self.assertIsNone(self.granted(peer))

    def test_a_refused_adjustment_is_not_asked_in_a_loop(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004])
        peer.end_mark()
        peer.tell("auto", 20 * MBIT, labels=[16003, 16004])
        order = Order(peer.expect(pcep.PCUPD))
        peer.send(pcep.message(pcep.PCERR, pcep.srp_object(order.srp_id), pcep.error_object(24, 1)))
        peer.nothing_for(3)
        self.assertEqual(self.granted(peer), 10 * MBIT)


class Overwhelmed(BandwidthCase):
    def test_a_pcc_that_is_overwhelmed_is_left_alone_until_it_is_not(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004])
        peer.end_mark()
        peer.nothing_for(QUIET_S)
        peer.send(pcep.message(pcep.PCNTF, pcep.notification_object(5, 1)))
        peer.tell("auto", 20 * MBIT, labels=[16003, 16004])
        peer.nothing_for(QUIET_S)
        peer.send(pcep.message(pcep.PCNTF, pcep.notification_object(5, 2)))
        self.assertEqual(bandwidth_of(Order(peer.expect(pcep.PCUPD))), 20 * MBIT)


class TooOften(BandwidthCase):
    SECTIONS = {**BandwidthCase.SECTIONS, "limits": {"auto-bandwidth-rate": 2}}

    def test_a_pcc_that_adjusts_too_often_is_told_to_pause(self):
        peer = self.pcc()
        peer.tell("auto", 10 * MBIT, labels=[16003, 16004], flags=A | ACTIVE)
        peer.end_mark()
        for bandwidth in (20, 30):
            peer.tell("auto", bandwidth * MBIT, labels=[16003, 16004], flags=A | ACTIVE)
        peer.nothing_for(QUIET_S)
        peer.tell("auto", 40 * MBIT, labels=[16003, 16004])
        found = peer.expect(pcep.PCNTF).one(12)
        self.assertEqual(found.body[2:4], bytes([5, 1]))
        self.assertEqual(struct.unpack("!I", dict(found.tlvs(4))[TLV_DURATION])[0], 60)
        peer.tell("auto", 60 * MBIT, labels=[16003, 16004])
        peer.nothing_for(QUIET_S)


class NotAgreed(BandwidthCase):
    def refused(self, peer):
        peer.tell("auto", 10 * MBIT, labels=[16004])
        peer.expect_error((19, 14))
        peer.end_mark()
        self.assertIsNone(self.granted(peer))
        self.reoptimise(peer.source, "auto")
        order = Order(peer.expect(pcep.PCUPD))
        self.assertIsNone(attributes_of(order))
        self.assertEqual(bandwidth_of(order), 10 * MBIT)

    def test_a_peer_that_has_not_offered_it_is_told_so(self):
        self.refused(self.pcc(offers=False))

    def test_an_intent_for_such_a_peer_says_why_not(self):
        peer = self.pcc(offers=False)
        peer.end_mark()
        self.put(peer.source, "gold", {"source": networks.A, "endpoint": networks.D, "paths": [
            {"dynamic": {}, "auto_bandwidth": {}}]})
        self.wait_intent(peer.source, "gold", "refused")
        self.assertIn("RFC 8733", self.intent_of(peer.source, "gold")["reason"])
        peer.nothing_for(QUIET_S)


class NotOffered(NotAgreed):
    SECTIONS = {**BandwidthCase.SECTIONS, "session": {"auto-bandwidth": False}}

    def test_a_peer_that_has_not_offered_it_is_told_so(self):
        peer = self.pcc()
        self.assertNotIn(TLV_CAPABILITY, dict(peer.hello.one(pcep.OC_OPEN).tlvs(4)))
        self.refused(peer)


class Wanted(BandwidthCase):
    def intent(self, **members):
        return {"source": networks.A, "endpoint": networks.D, "paths": [
            {"dynamic": {"metric": "te"}, "bandwidth": 10 * MBIT,
             "auto_bandwidth": {"max": 300 * MBIT, "sample_interval": 60, **members}}]}

    def test_an_intent_gives_the_attributes_and_follows_the_traffic(self):
        peer = self.pcc()
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(overflow={"percentage": 50, "count": 3}))
        order = Order(peer.expect(pcep.PCINITIATE))
        self.assertEqual(bandwidth_of(order), 10 * MBIT)
        self.assertEqual(attributes_of(order), {SUB_SAMPLE: struct.pack("!I", 60), SUB_MAX: struct.pack("!f", 300 * MBIT),
                                                11: bytes([50 << 1, 0, 0, 3]) + bytes(4)})
        flags = D | A | C | ACTIVE
        peer.tell("gold", 10 * MBIT, labels=order.labels, srp_id=order.srp_id, flags=flags)
        self.wait_intent(peer.source, "gold", "up")
        self.assertIn(order.labels, networks.LOWER_A_D)
        peer.tell("gold", 200 * MBIT, labels=order.labels, flags=flags)
        moved = Order(peer.expect(pcep.PCUPD))
        self.assertEqual(bandwidth_of(moved), 200 * MBIT)
        self.assertIn(moved.labels, networks.UPPER_A_D)
        self.assertEqual(attributes_of(moved), attributes_of(order))
        peer.tell("gold", 200 * MBIT, labels=moved.labels, srp_id=moved.srp_id, flags=flags)
        self.wait(lambda: self.granted(peer, "gold") == 200 * MBIT)
        peer.tell("gold", 900 * MBIT, labels=moved.labels, flags=flags)
        self.assertEqual(bandwidth_of(Order(peer.expect(pcep.PCUPD))), 300 * MBIT)

    def test_what_is_wrong_is_refused(self):
        peer = self.pcc()
        for members in ({"min": 400 * MBIT}, {"sample_interval": 100000}, {"threshold": {}},
                        {"overflow": {"count": 2}}, {"overflow": {"value": 1, "count": 32}},
                        {"threshold": {"percentage": 101}}, {"threshold": {"value": 1, "min_change": 2}}, {"other": 1}):
            answer = self.put(peer.source, "gold", self.intent(**members), status=400)
            self.assertIn("auto_bandwidth", answer["error"]["field"], answer)


if __name__ == "__main__":
    unittest.main()
