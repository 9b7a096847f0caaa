#!/usr/bin/env python3
"""Colours of LSPs outside of SR policies (RFC 9863): agreed in the Opens, given with an initiation, kept in an
update, and refused where a router has not said that it knows them."""

import os
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import next_source
from intent_case import IntentCase
from pcc import A, ACTIVE, C, D, MockPcc, Order, identifiers

COLOR_CAPABILITY = 0x800
TLV_COLOR = 67


class ColorPcc(MockPcc):
    """An RSVP-TE PCC with associations and no SR policies; flags: of its STATEFUL-PCE-CAPABILITY."""

    def begin(self, flags):
        self.hello = self.open(tlvs=pcep.stateful_tlv(0x5 | flags), keepalive=0, dead=0)

    def tell(self, plsp_id, name, color=None, srp_id=0, flags=D | A | C | ACTIVE, hop=networks.D, association=None):
        tlvs = identifiers(networks.A, networks.D, 1, plsp_id) + pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name.encode())
        if color is not None:
            tlvs += pcep.tlv(TLV_COLOR, struct.pack("!I", color))
        body = struct.pack("!I", plsp_id << 12 | flags) + tlvs
        path = struct.pack("!BB4sBB", 1, 8, bytes(map(int, hop.split("."))), 32, 0)
        groups = []
        if association is not None:
            groups = [pcep.obj(40, 1, struct.pack("!IHH4s", 0, 1, association, bytes([192, 0, 2, 1])))]
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id), pcep.obj(pcep.OC_LSP, 1, body), *groups,
                               pcep.obj(pcep.OC_ERO, 1, path)))


def color_of(order):
    """The value of the COLOR TLV of its LSP; None: it has none."""
    found = [value for type_, value in order.message.one(pcep.OC_LSP).tlvs(4) if type_ == TLV_COLOR]
    return struct.unpack("!I", found[0])[0] if found else None


class ColorCase(IntentCase):
    SECTIONS = {"session": {"lsp-color": True}, "lsp": {"settle-time": 0}, "reopt": {"interval": 0},
                "capabilities": {"rsvp-te": True}}

    def pcc(self, flags=COLOR_CAPABILITY):
        source = next_source()
        peer = ColorPcc(self.pced.address, source=source)
        peer.source = source
        self.peers.append(peer)
        peer.begin(flags)
        return peer

    def intent(self, color):
        return {"source": networks.A, "endpoint": networks.D, "setup_type": "RSVP-TE", "color": color,
                "paths": [{"hops": [{"address": networks.D}]}]}

    def test_the_open_offers_it(self):
        peer = self.pcc()
        tlvs = dict(peer.hello.one(pcep.OC_OPEN).tlvs(4))
        self.assertTrue(struct.unpack("!I", tlvs[16])[0] & COLOR_CAPABILITY)

    def test_a_tunnel_is_initiated_with_its_colour_and_shown_with_it(self):
        peer = self.pcc()
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(0x01020304))
        order = Order(peer.expect(pcep.PCINITIATE))
        self.assertEqual(color_of(order), 0x01020304)
        self.assertFalse(order.message.all(40), "no association")
        peer.tell(1, "gold", 0x01020304, order.srp_id)
        self.wait_intent(peer.source, "gold", "up")
        self.assertEqual(self.lsp(peer.source, "gold")["color"], 0x01020304)

    def test_an_update_keeps_the_colour_that_was_reported(self):
        peer = self.pcc()
        peer.tell(1, "own", 42, flags=D | A | ACTIVE, hop="198.51.100.9")
        peer.tell(2, "plain", None, flags=D | A | ACTIVE, hop="198.51.100.9")
        peer.end_mark()
        orders = {}
        for name in ("own", "plain"):
            self.reoptimise(peer.source, name)
            order = Order(peer.expect(pcep.PCUPD))
            orders[order.plsp_id] = color_of(order)
        self.assertEqual(orders, {1: 42, 2: None})

    def test_a_router_that_has_not_said_so_is_not_told(self):
        peer = self.pcc(flags=0)
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(7))
        self.wait_intent(peer.source, "gold", "refused")
        self.assertIn("C flag", self.intent_of(peer.source, "gold")["reason"])
        peer.nothing_for(0.5)

    def test_another_colour_in_a_path_protection_group_is_an_error(self):
        peer = self.pcc()
        peer.tell(1, "working", 5, association=9)
        peer.tell(2, "protecting", 6, association=9)
        peer.expect_error((19, 32))
        peer.end_mark()
        self.wait_lsps(peer.source, {"working"})


class NotOffered(ColorCase):
    """Where ours does not offer it nothing is sent, whatever the router says."""
    SECTIONS = {**ColorCase.SECTIONS, "session": {"lsp-color": False}}

    def test_the_open_offers_it(self):
        tlvs = dict(self.pcc().hello.one(pcep.OC_OPEN).tlvs(4))
        self.assertFalse(struct.unpack("!I", tlvs[16])[0] & COLOR_CAPABILITY)

    def test_a_tunnel_is_initiated_with_its_colour_and_shown_with_it(self):
        peer = self.pcc()
        peer.end_mark()
        self.put(peer.source, "gold", self.intent(7))
        self.wait_intent(peer.source, "gold", "refused")

    def test_an_update_keeps_the_colour_that_was_reported(self):
        peer = self.pcc()
        peer.tell(1, "own", 42, flags=D | A | ACTIVE, hop="198.51.100.9")
        peer.end_mark()
        self.reoptimise(peer.source, "own")
        self.assertIsNone(color_of(Order(peer.expect(pcep.PCUPD))))

    def test_another_colour_in_a_path_protection_group_is_an_error(self):
        peer = self.pcc()
        peer.tell(1, "working", 5, association=9)
        peer.tell(2, "protecting", 6, association=9)
        peer.end_mark()
        self.wait_lsps(peer.source, {"working", "protecting"})


if __name__ == "__main__":
    unittest.main()
