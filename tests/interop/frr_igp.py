#!/usr/bin/env python3
"""Routers of FRR 10.7 or later with IS-IS, traffic engineering and segment routing: what isisd knows, bgpd tells pced by
BGP-LS. pced has what the routers show, value for value, and follows what changes.

PCED_FRR10 names the folder that FRR was installed in; without it nothing is tested."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr
import frr_network
import netns
import pcep
from api_case import UnixConnection, ask
from daemon import Pced
from peer import Peer

PCE, TELLER = "198.51.100.1", "198.51.100.2"
# Ends, number, IGP metric: two links of 2 and 3 are parallel.
LINKS = ((1, 2, 12, 10), (2, 3, 23, 20), (2, 3, 24, 25), (3, 4, 34, 30), (4, 1, 41, 40))
LINK_PARAMETERS = ("max-bw 1.25e+08", "max-rsv-bw 1e+08", "unrsv-bw 0 9e+07", "unrsv-bw 1 8e+07", "admin-grp 0x5",
                   "delay-variation 12", "packet-loss 0.5")
# What bgpd shows of a link, with the key of the topology file and what the value is multiplied by.
SAME = (("igpMetric", "igp-metric", 1), ("teMetric", "te-metric", 1), ("delay", "delay", 1), ("adminGroup", "admin-group", 1),
        ("maxLinkBandwidth", "capacity", 8), ("maxResvLinkBandwidth", "reservable", 8), ("jitter", "delay-variation", 1),
        ("loss", "loss", 1))


def configuration_of_link(interface, number, metric):
    return [f"interface {interface}", "ip router isis 1", "ipv6 router isis 1", "isis network point-to-point",
            f"isis metric {metric}", "link-params", f"metric {metric * 10}", *LINK_PARAMETERS,
            f"delay {number * 10} min {number * 10 - 5} max {number * 10 + 7}", "exit-link-params", "exit"]


def configuration(number, links):
    lines = [f"hostname r{number}", "interface lo", "ip router isis 1", "ipv6 router isis 1", "isis passive", "exit", *links,
             "router isis 1", f"net 49.0001.0000.0000.000{number}.00", "is-type level-2-only", "metric-style wide",
             "lsp-gen-interval 1", "topology ipv6-unicast", "mpls-te on", f"mpls-te router-address 192.0.2.{number}",
             f"mpls-te router-address ipv6 2001:db8:0:{number}::1", "mpls-te export", "segment-routing on",
             "segment-routing global-block 16000 23999", "segment-routing node-msd 8",
             f"segment-routing prefix 192.0.2.{number}/32 index {number}",
             f"segment-routing prefix 2001:db8:0:{number}::1/128 index {number + 100}", "exit"]
    if number == 1:
        lines += ["router bgp 65000", f"bgp router-id 192.0.2.{number}", f"neighbor {PCE} remote-as 65000",
                  f"neighbor {PCE} timers connect 1", "address-family link-state link-state", f"neighbor {PCE} activate",
                  "exit-address-family", "exit"]
    return "\n".join(lines) + "\n"



class Igp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            frr_network.prefix()
            netns.enter()
            cls.folder = tempfile.mkdtemp(prefix="pced-frr-")
            cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
            cls.make_routers()
        except netns.Unavailable as reason:
            print(f"SKIP: {reason}")
            raise unittest.SkipTest(str(reason)) from None
        cls.pced = Pced(addresses=[PCE], port=pcep.PORT, bgp_ls={
            "as": 65000, "router-id": PCE, "listen": PCE, "peers": [{"address": TELLER, "connect-retry": 1}]}).start()
        cls.addClassCleanup(cls.pced.stop)
        cls.peer, cls.request_id = Peer((PCE, pcep.PORT), source=PCE), 0
        cls.addClassCleanup(cls.peer.drop)
        cls.peer.open(keepalive=0, dead=0)
        cls.wait(lambda: len(cls.network().get("links", ())) == len(LINKS), "all links are told", 120)

    @classmethod
    def make_routers(cls):
        cls.routers = {}
        for number in range(1, 5):
            cls.routers[number] = frr_network.Router(cls.folder, f"r{number}")
            cls.addClassCleanup(cls.routers[number].stop)
        links = {number: [] for number in cls.routers}
        for one, other, number, metric in LINKS:
            for end, name in zip((one, other), frr_network.join(cls.routers[one], cls.routers[other], number)):
                links[end] += configuration_of_link(name, number, metric)
        subprocess.run(["ip", "link", "add", "pce", "type", "veth", "peer", "name", "r1-up"], check=True)
        subprocess.run(["ip", "address", "add", f"{PCE}/30", "dev", "pce"], check=True)
        subprocess.run(["ip", "link", "set", "pce", "up"], check=True)
        cls.routers[1].take("r1-up", f"{TELLER}/30")
        for number, router in cls.routers.items():
            router.run("ip", "address", "add", f"192.0.2.{number}/32", "dev", "lo")
            router.run("ip", "address", "add", f"2001:db8:0:{number}::1/128", "dev", "lo", "nodad")
            router.start(configuration(number, links[number]))

    @classmethod
    def wait(cls, question, what, wait_s=frr.WAIT_S):
        return frr.wait_until(question, what, wait_s, cls.describe)

    @classmethod
    def describe(cls):
        return cls.pced.log() + "".join(f"\n{link}" for link in cls.network().get("links", ())) + \
            cls.routers[1].vtysh("-c", "show bgp link-state link-state") + \
            cls.routers[1].vtysh("-c", "show isis database detail")

    @classmethod
    def get(cls, target):
        connection = UnixConnection(cls.pced.sections["control"]["socket"])
        try:
            return ask(connection, "GET", target)[1]
        finally:
            connection.close()

    @classmethod
    def network(cls):
        return cls.get("/api/v1/topology?limit=1000")

    def told(self):
        """What bgpd shows: {(local address, remote address): attributes} of IPv4 links, and nodes by their router id."""
        routes = [paths[0] for paths in self.routers[1].ask("show bgp link-state link-state")["routes"].values()]
        links = {(route["nlri"]["linkDescriptors"].get("ipv4InterfaceAddress"),
                  route["nlri"]["linkDescriptors"].get("ipv4NeighborAddress")): route["linkStateAttrs"]
                 for route in routes if route["nlri"]["nlriType"] == "link"}
        links.pop((None, None), None)
        nodes = {route["linkStateAttrs"]["routerIdLocal"]: route["linkStateAttrs"]
                 for route in routes if route["nlri"]["nlriType"] == "node"}
        return links, nodes

    def directions(self):
        """{(local address, remote address): keys} of pced's links, both directions; a value that is in no direction of
        its own is that of the first."""
        found = {}
        for link in self.network()["links"]:
            ends = tuple(link["addresses"])
            found[ends] = link
            found[ends[::-1]] = {**link, **link.get("reverse", {})}
        return found

    def test_1_links_are_as_bgpd_shows_them(self):
        links, _ = self.told()
        ours = self.directions()
        self.assertEqual(len(links), 2 * len(LINKS))
        self.assertEqual(set(ours), set(links))
        for ends, theirs in links.items():
            for shown, key, factor in SAME:
                self.assertAlmostEqual(ours[ends].get(key), theirs[shown] * factor, places=5, msg=f"{ends}: {key}")
            self.assertEqual(ours[ends]["delay-range"], [theirs["minDelay"], theirs["maxDelay"]], ends)
            unreserved = [8 * value for row in theirs["unreservedBandwidth"] for value in row.values()]
            self.assertEqual(ours[ends]["unreserved"], unreserved, ends)

    def test_2_links_are_as_they_are_configured(self):
        ours = self.directions()
        for _, _, number, metric in LINKS:
            for ends in ((f"10.0.{number}.0", f"10.0.{number}.1"), (f"10.0.{number}.1", f"10.0.{number}.0")):
                found = [ours[ends][key] for key in ("igp-metric", "te-metric", "delay", "capacity", "admin-group")]
                self.assertEqual(found, [metric, metric * 10, number * 10, 1e9, 5], ends)

    def test_3_nodes_are_as_bgpd_shows_them(self):
        _, nodes = self.told()
        ours = {node["router-id"]: node for node in self.network()["nodes"]}
        self.assertEqual(set(ours), set(nodes))
        for router_id, theirs in nodes.items():
            node, number = ours[router_id], int(router_id.rsplit(".", 1)[1])
            self.assertEqual([node["name"], node["router-id-v6"], node["node-msd"]],
                             [theirs["nodeName"], theirs["routerIdLocalV6"], theirs["msd"][0]["value"]])
            capability = theirs["srCapabilities"]
            self.assertEqual(node["srgb"], {"base": capability["lowerBound"], "size": capability["rangeSize"]})
            self.assertEqual({sid["family"]: sid["index"] for sid in node["prefix-sids"]},
                             {"ipv4": number, "ipv6": number + 100})

    def cost(self):
        """IGP metric and labels from 1 to 3."""
        type(self).request_id += 1
        answer = self.peer.ask(self.request_id, "192.0.2.1", "192.0.2.3",
                               pcep.metric(pcep.METRIC_IGP, computed=True))
        return (None, None) if answer.ero is None else (answer.metric(pcep.METRIC_IGP), answer.labels())

    def test_4_paths_follow_links_that_go_and_come(self):
        self.assertEqual(self.cost(), (30, [16003]))
        self.routers[2].run("ip", "link", "set", "r2-12", "down")
        self.wait(lambda: self.cost() == (70, [16003]), "the link has gone")
        self.routers[2].run("ip", "link", "set", "r2-12", "up")
        self.wait(lambda: self.cost() == (30, [16003]), "the link is back", 60)

    def test_5_a_metric_that_changes_is_followed(self):
        self.routers[1].configure("interface r1-12", "isis metric 300")
        self.wait(lambda: self.cost()[0] == 70, "the metric is told")
        self.routers[1].configure("interface r1-12", "isis metric 10")
        self.wait(lambda: self.cost()[0] == 30, "the metric is told again")

    def test_6_nothing_contradicts_itself_but_parallel_links_of_two_families(self):
        self.assertLessEqual({row["kind"] for row in self.get("/api/v1/topology/findings")["findings"]}, {"paired_by_order"})


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
