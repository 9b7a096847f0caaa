#!/usr/bin/env python3
"""Several segment lists of one candidate path (draft-ietf-pce-multipath): agreed in the Opens, shown list by list,
initiated and updated with weights and backups, and refused where a router has not said that it takes them."""

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
from pcc import A, ACTIVE, C, D, Order, Pcc

TLV_CAP, TLV_WEIGHT, TLV_BACKUP, TLV_BACK = 60, 61, 62, 63
OC_PATH_ATTRIB = 45
WEIGHTS, BACKUPS = 0x1, 0x2
UPPER, LOWER = [24001, 24003], [24005, 24007]  # adjacency SIDs from A to D by B, and by C


def attributes(path_id, weight=None, backup=False, flags=0, back=None):
    tlvs = b"" if weight is None else pcep.tlv(TLV_WEIGHT, struct.pack("!I", weight))
    if backup:
        tlvs += pcep.tlv(TLV_BACKUP, struct.pack("!HH", 0, 1))
    if back is not None:
        tlvs += pcep.tlv(TLV_BACK, struct.pack("!HHI", 0, 2, back))
    return pcep.obj(OC_PATH_ATTRIB, 1, struct.pack("!II", flags, path_id) + tlvs)


def recorded(labels):
    """An RRO of SR-RRO subobjects without NAI (RFC 8664 4.4)."""
    return pcep.obj(pcep.OC_RRO, 1, b"".join(struct.pack("!BBHI", 36, 8, 0x9, label << 12) for label in labels))


def lists_of(order):
    """(path ID, weight, is backup, labels) of each list."""
    found, objects = [], order.message.objects
    for at, item in enumerate(objects):
        if item.class_ != pcep.OC_ERO:
            continue
        before = objects[at - 1]
        if before.class_ != OC_PATH_ATTRIB:
            found.append((None, None, None, [hop.label for hop in pcep.parse_ero(item)]))
            continue
        tlvs = dict(before.tlvs(8))
        weight = struct.unpack("!I", tlvs[TLV_WEIGHT])[0] if TLV_WEIGHT in tlvs else 1
        found.append((before.unpack("!II")[1], weight, TLV_BACKUP in tlvs,
                      [hop.label for hop in pcep.parse_ero(item)]))
    return found


class MultipathPcc(Pcc):
    def begin(self, paths=4, flags=WEIGHTS | BACKUPS):
        tlvs = pcep.stateful_tlv(0x5) + \
            pcep.tlv(34, bytes([0, 0, 0, 2, 0, 1, 0, 0]) + pcep.tlv(26, struct.pack("!HBB", 0, 0, 10)))
        if paths is not None:
            tlvs += pcep.tlv(TLV_CAP, struct.pack("!HH", paths, flags))
        self.hello = self.open(tlvs=tlvs, keepalive=0, dead=0)

    def tell(self, name, lists, plsp_id=1, srp_id=0, flags=D | A | C | ACTIVE, bandwidth=None, cap=None, actual=()):
        """lists: of (PATH-ATTRIB, labels); actual: the same, of RROs. cap: MULTIPATH-CAP of this LSP: (paths, flags)."""
        ends = ipaddress.ip_address(networks.A).packed, ipaddress.ip_address(networks.D).packed
        body = struct.pack("!I", plsp_id << 12 | flags) + \
            pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, ends[0] + struct.pack("!HH", 0, 0) + ends[0] + ends[1]) + \
            pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name.encode()) + \
            (b"" if cap is None else pcep.tlv(TLV_CAP, struct.pack("!HH", *cap)))
        paths = [octets for attrib, labels in lists for octets in (attrib, pcep.ero_object(labels))]
        paths += [octets for attrib, labels in actual for octets in (attrib, recorded(labels))]
        rest = [] if bandwidth is None else [pcep.obj(5, 1, struct.pack("!f", bandwidth))]
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, pcep.SETUP_SR), pcep.obj(pcep.OC_LSP, 1, body),
                               *paths, *rest))

    def end_mark(self):
        self.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0), pcep.ero_object([])))


class MultipathCase(IntentCase):
    SECTIONS = {"session": {"multipaths": 8}, "lsp": {"settle-time": 0}, "reopt": {"interval": 0}}

    def pcc(self, **options):
        source = next_source()
        peer = MultipathPcc(self.pced.address, source=source)
        peer.source = source
        self.peers.append(peer)
        peer.begin(**options)
        return peer

    def intent(self, *lists):
        return {"source": networks.A, "endpoint": networks.D, "paths": [{"lists": [
            {**more, "segments": [{"label": label} for label in labels]} for labels, more in lists]}]}

    def change(self, topology):
        self.pced.write_topology(topology)
        self.pced.reload()

    def refused(self, peer, reason, *lists):
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(*lists))
        self.wait_intent(peer.source, "gold", "refused")
        self.assertIn(reason, self.intent_of(peer.source, "gold")["reason"])
        peer.nothing_for(0.5)


class Lists(MultipathCase):
    def test_the_open_offers_it_last(self):
        tlvs = self.pcc().hello.one(pcep.OC_OPEN).tlvs(4)
        self.assertEqual(tlvs[-1], (TLV_CAP, struct.pack("!HH", 8, WEIGHTS | BACKUPS)))

    def test_a_policy_is_initiated_with_its_lists_and_updated(self):
        peer = self.pcc()
        peer.end_mark()
        lists = [([16002, 16004], {"weight": 3}), ([16003, 16004], {}), ([16004], {"backup": True})]
        self.put(peer.source, "gold", self.intent(*lists))
        order = Order(peer.expect(pcep.PCINITIATE))
        self.assertEqual(lists_of(order), [(1, 3, False, [16002, 16004]), (2, 1, False, [16003, 16004]),
                                           (3, 1, True, [16004])])
        told = [(attributes(1, 3), [16002, 16004]), (attributes(2), [16003, 16004]),
                (attributes(3, backup=True), [16004])]
        peer.tell("gold", told, srp_id=order.srp_id)
        self.wait_intent(peer.source, "gold", "up")
        lists[1] = ([24005, 24007], {})
        self.put(peer.source, "gold", self.intent(*lists))
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual([labels for *_, labels in lists_of(order)], [[16002, 16004], [24005, 24007], [16004]])

    def test_a_second_list_that_is_another_one_is_seen(self):
        peer = self.pcc()
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(([16002], {}), ([16003], {})))
        order = Order(peer.expect(pcep.PCINITIATE))
        peer.tell("gold", [(attributes(1), [16002]), (attributes(2), [16003])], srp_id=order.srp_id)
        self.wait_intent(peer.source, "gold", "up")
        peer.tell("gold", [(attributes(1), [16002]), (attributes(2), [16004])])
        self.assertEqual([labels for *_, labels in lists_of(Order(peer.expect(pcep.PCUPD)))], [[16002], [16003]])

    def test_lists_are_shown_one_by_one(self):
        peer = self.pcc()
        peer.tell("own", [(attributes(7, 3, flags=2), [16002, 16004]), (attributes(8, backup=True), [16004]),
                          (attributes(9, flags=8), [16001])], flags=A | ACTIVE)
        peer.end_mark()
        self.wait_lsps(peer.source, {"own"})
        reported, = self.lsp(peer.source, "own")["reported"]
        self.assertEqual(reported["path"], [["label 16002", "label 16004"], ["label 16004"], ["label 16001"]])
        self.assertEqual([row["path_id"] for row in reported["path_attributes"]], [7, 8, 9])
        self.assertEqual(reported["path_attributes"][0],
                         {"path_id": 7, "weight": 3, "state": "active", "is_backup": False, "is_reverse": False})
        self.assertTrue(reported["path_attributes"][1]["is_backup"])
        self.assertTrue(reported["path_attributes"][2]["is_reverse"])

    def test_one_path_never_takes_the_place_of_several(self):
        peer = self.pcc()
        peer.tell("own", [(attributes(1), [16003, 16004]), (attributes(2), LOWER)], flags=D | A | ACTIVE)
        peer.end_mark()
        self.reoptimise(peer.source, "own")
        better, kept = lists_of(Order(peer.expect(pcep.PCUPD)))
        self.assertIn(better[3], networks.UPPER_A_D)
        self.assertEqual(kept, (2, 1, False, LOWER))

    def test_a_list_whose_link_fails_is_moved_and_the_others_are_said_with_it(self):
        self.addCleanup(self.change, networks.DIAMOND)
        peer = self.pcc()
        peer.tell("own", [(attributes(1, 3), UPPER), (attributes(2, backup=True), LOWER)], flags=D | A | ACTIVE)
        peer.end_mark()
        self.wait_lsps(peer.source, {"own"})
        self.change("".join(line for line in networks.DIAMOND.splitlines(keepends=True)
                            if not line.startswith("  - {from: B, to: D,")))
        moved, backup = lists_of(Order(peer.expect(pcep.PCUPD)))
        self.assertEqual(moved[:3], (1, 3, False))
        self.assertIn(moved[3], ([16004], LOWER))
        self.assertEqual(backup, (2, 1, True, LOWER))

    def test_what_the_lists_actually_are_is_taken_and_not_asked_for(self):
        self.addCleanup(self.change, networks.DIAMOND)
        peer = self.pcc()
        lists = [(attributes(1, 3), UPPER), (attributes(2), LOWER)]
        peer.tell("own", lists, flags=D | A | ACTIVE, actual=lists)
        peer.end_mark()
        self.wait_lsps(peer.source, {"own"})
        self.change("".join(line for line in networks.DIAMOND.splitlines(keepends=True)
                            if not line.startswith("  - {from: B, to: D,")))
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual([item.class_ for item in order.message.objects if item.class_ in
                          (OC_PATH_ATTRIB, pcep.OC_ERO, pcep.OC_RRO)], [OC_PATH_ATTRIB, pcep.OC_ERO] * 2)

    def test_ways_back_are_no_lists_and_no_more_said_when_a_list_has_moved(self):
        self.addCleanup(self.change, networks.DIAMOND)
        peer = self.pcc(paths=2)
        peer.tell("own", [(attributes(1, 3, back=3), UPPER), (attributes(2, back=0), LOWER),
                          (attributes(3, flags=8, back=1), [16001])], flags=D | A | ACTIVE)
        peer.end_mark()
        self.wait_lsps(peer.source, {"own"})
        code, answer = self.api("POST", f"/api/v1/lsps/{peer.source}/own/bind?label=1000")
        self.assertEqual(code, 202, answer)
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual(len(lists_of(order)), 3, "as they were reported")
        peer.tell("own", [(attributes(1, 3, back=3), UPPER), (attributes(2, back=0), LOWER),
                          (attributes(3, flags=8, back=1), [16001])], flags=D | A | ACTIVE, srp_id=order.srp_id)
        self.change("".join(line for line in networks.DIAMOND.splitlines(keepends=True)
                            if not line.startswith("  - {from: B, to: D,")))
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual([row[:3] for row in lists_of(order)], [(1, 3, False), (2, 1, False)])
        for item in order.message.objects:
            if item.class_ == OC_PATH_ATTRIB:
                self.assertNotIn(TLV_BACK, dict(item.tlvs(8)))

    def test_a_binding_is_asked_for_with_all_lists(self):
        peer = self.pcc()
        peer.tell("own", [(attributes(1, 3), UPPER), (attributes(2), LOWER)], flags=D | A | ACTIVE)
        peer.end_mark()
        self.wait_lsps(peer.source, {"own"})
        code, answer = self.api("POST", f"/api/v1/lsps/{peer.source}/own/bind?label=1000")
        self.assertEqual(code, 202, answer)
        order = Order(peer.expect(pcep.PCUPD))
        self.assertEqual(lists_of(order), [(1, 3, False, UPPER), (2, 1, False, LOWER)])
        self.assertIn(55, dict(order.message.one(pcep.OC_LSP).tlvs(4)))

    def test_what_an_lsp_says_that_it_takes_counts_more_than_the_open(self):
        peer = self.pcc(paths=4)
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(([16002], {}), ([16003], {})))
        order = Order(peer.expect(pcep.PCINITIATE))
        peer.tell("gold", [(attributes(1), [16002]), (attributes(2), [16003])], srp_id=order.srp_id,
                  cap=(2, WEIGHTS | BACKUPS))
        self.wait_intent(peer.source, "gold", "up")
        self.put(peer.source, "gold", self.intent(([16002], {}), ([16003], {}), ([16004], {})))
        self.wait_intent(peer.source, "gold", "refused")
        self.assertIn("more segment lists", self.intent_of(peer.source, "gold")["reason"])
        peer.nothing_for(0.5)

    def test_more_lists_than_the_peer_takes_are_refused(self):
        self.refused(self.pcc(paths=2), "more segment lists", *[([16000 + n], {}) for n in (2, 3, 4)])

    def test_weights_that_the_peer_does_not_know_are_refused(self):
        self.refused(self.pcc(flags=BACKUPS), "weights", ([16002], {"weight": 2}), ([16003], {}))

    def test_a_peer_without_the_capability_is_told_nothing_of_it(self):
        self.refused(self.pcc(paths=None), "MULTIPATH-CAP", ([16002], {}), ([16003], {}))


class NotOffered(MultipathCase):
    SECTIONS = {**MultipathCase.SECTIONS, "session": {"multipaths": 0}}

    def test_nothing_is_said_or_sent(self):
        peer = self.pcc()
        self.assertNotIn(TLV_CAP, dict(peer.hello.one(pcep.OC_OPEN).tlvs(4)))
        self.refused(peer, "MULTIPATH-CAP", ([16002], {}), ([16003], {}))


if __name__ == "__main__":
    unittest.main()
