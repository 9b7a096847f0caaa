#!/usr/bin/env python3
"""The network as FRR's bgpd tells what its isisd knows: nodes by TLV 515 alone, a link once for each family, IPv6 in
topology 2, no adjacency SID, TLVs in no order, prefixes that nobody withdraws."""

import ipaddress
import os
import socket
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
import pcep
from bgp_ls import tlv
from case import next_source
from daemon import Pced, WAIT_S
from peer import Peer

ROUTER = "127.0.9.1"
ALL = (1, 2, 3, 4)
# Ends, metric, number of the network between them: two links of 2 and 3 are parallel.
LINKS = {"12": (1, 2, 10, 0), "23": (2, 3, 20, 1), "23-too": (2, 3, 25, 2), "34": (3, 4, 30, 3), "41": (4, 1, 40, 4)}
SHORT, LONG = 30, 70  # from 1 to 3, by 2 and by 4


def loopback(number, family=4):
    return f"192.0.2.{number}" if family == 4 else f"2001:db8:0:{number}::1"


def packed(address):
    return ipaddress.ip_address(address).packed


def mt(*topologies):
    return tlv(263, struct.pack(f"!{len(topologies)}H", *topologies))


def node(number):
    srgb = b"\xc0\0" + (8000).to_bytes(3, "big") + tlv(1161, (16000).to_bytes(3, "big"))
    return [bgp_ls.nlri(1, bgp_ls.descriptor(256, number))], [
        tlv(1026, f"r{number}".encode()), tlv(1027, b"\x49\0\1"), tlv(1034, srgb), tlv(266, b"\1\x0a"),
        tlv(1028, packed(loopback(number))), tlv(1029, packed(loopback(number, 6))), mt(0, 2)]


def prefix(number, family):
    """The prefix SID has its flags in its own octets: there is no TLV 1170."""
    address, index = packed(loopback(number, family)), number + (100 if family == 6 else 0)
    topology = [mt(2)] if family == 6 else []
    reachability = tlv(265, bytes([8 * len(address)]) + address)
    return [bgp_ls.nlri(3 if family == 4 else 4, bgp_ls.descriptor(256, number), *topology, reachability)], [
        tlv(1155, struct.pack("!I", 0)), tlv(1158, b"\x60\0\0\0" + struct.pack("!I", index))]


def direction(start, end, net, is_back):
    """The NLRI of each family."""
    ends = [bgp_ls.descriptor(256, start), bgp_ls.descriptor(257, end)]
    own, other = (2, 1) if is_back else (1, 2)
    v4 = [tlv(kind, socket.inet_aton(f"198.51.100.{4 * net + host}")) for kind, host in ((259, own), (260, other))]
    v6 = [tlv(kind, packed(f"2001:db8:100:{net}::{host}")) for kind, host in ((261, own), (262, other))]
    return [bgp_ls.nlri(2, *ends, *v4), bgp_ls.nlri(2, *ends, *v6, mt(2))]


def link(name, metric=None):
    """Both directions and families: what has the same attribute shares an UPDATE."""
    start, end, usual, net = LINKS[name]
    metric = usual if metric is None else metric
    bandwidth = struct.pack("!f", 1.25e9)
    return direction(start, end, net, False) + direction(end, start, net, True), [
        tlv(1088, struct.pack("!I", 4)), tlv(1089, bandwidth), tlv(1090, bandwidth), tlv(1091, 8 * bandwidth),
        tlv(1092, struct.pack("!I", metric + 1)), tlv(1095, bgp_ls.metric_octets(metric)),
        tlv(1114, struct.pack("!I", 1000)), tlv(1115, struct.pack("!II", 900, 1100))]


def srv6_sid(number):
    """518 before 263: not in order."""
    return [bgp_ls.nlri(6, bgp_ls.descriptor(256, number), tlv(518, packed(f"2001:db8:f{number}::")), mt(2))], [
        tlv(1252, bytes([32, 16, 16, 0])), tlv(1250, struct.pack("!HBB", 43, 0, 0))]


class Network(unittest.TestCase):
    def setUp(self):
        self.router = bgp_ls.Speaker(ROUTER)
        self.addCleanup(self.router.close)
        self.pced = Pced(bgp_ls={"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250", "peers": [
            {"address": ROUTER, "port": self.router.port, "connect-retry": 1}]}).start()
        self.addCleanup(self.pced.stop)
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0)
        self.request_id = 0
        self.router.accept()
        for number in ALL:
            self.tell(node(number), prefix(number, 4), prefix(number, 6))
        self.tell(*(link(name) for name in LINKS), srv6_sid(1))
        self.router.send(bgp_ls.END_OF_RIB)
        self.wait_cost(SHORT)

    def tell(self, *objects):
        for several, attributes in objects:
            self.router.send(bgp_ls.update(several, attributes))

    def ask(self, family=4, end=3):
        self.request_id += 1
        return self.peer.ask(self.request_id, loopback(1, family), loopback(end, family),
                             pcep.metric(pcep.METRIC_IGP, computed=True))

    def cost(self, **what):
        answer = self.ask(**what)
        return None if answer.ero is None else answer.metric(pcep.METRIC_IGP)

    def wait_cost(self, wanted):
        deadline = time.monotonic() + WAIT_S
        while (cost := self.cost()) != wanted:
            self.assertLess(time.monotonic(), deadline, f"{cost} is not {wanted}\n{self.pced.log()}")
            time.sleep(0.02)

    def test_both_families_of_a_link_are_one_link(self):
        self.pced.wait_line("topology (published|changed).* links=10$")
        metrics = self.pced.metrics()
        self.assertEqual((metrics["pced_bgp_nodes"], metrics["pced_bgp_links"], metrics["pced_bgp_prefixes"]), (4, 20, 8))
        self.assertEqual((metrics["pced_bgp_ignored_total"], metrics["pced_bgp_refused_total"],
                          metrics["pced_bgp_faults_total"]), (0, 0, 0))

    def test_node_sids_of_each_family_lead_the_way(self):
        self.assertEqual(self.ask().labels(), [16003])
        self.assertEqual(self.ask(family=6).labels(), [16103])

    def test_a_metric_has_one_to_three_octets(self):
        self.router.send(bgp_ls.update(unreach=link("23-too")[0]))
        for metric in (256, 15, 70000, 20):
            with self.subTest(metric=metric):
                self.tell(link("23", metric))
                self.wait_cost(min(10 + metric, LONG))

    def test_a_withdrawn_link_is_left_in_both_families(self):
        for name in ("23", "23-too"):
            self.router.send(bgp_ls.update(unreach=link(name)[0]))
        self.wait_cost(LONG)
        self.assertEqual(self.cost(family=6), LONG)

    def test_a_prefix_that_nobody_withdraws_is_no_way_to_its_router(self):
        for name in ("23", "23-too", "34"):
            self.router.send(bgp_ls.update(unreach=link(name)[0]))
        self.router.send(bgp_ls.update(unreach=node(3)[0]))
        self.wait_cost(None)
        self.assertEqual(self.pced.metrics()["pced_bgp_prefixes"], 8)
        self.assertEqual(self.cost(end=2), 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
