#!/usr/bin/env python3
"""GoBGP as the one that tells pced the network by BGP-LS: what its operator has put into it, and what it
reflects of another speaker. Judged is what paths come of it."""

import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import bgp_ls
import gobgp
import netns
import networks
import pcep
from case import next_source
from daemon import ROOT, Pced, free_port
from peer import Peer

FOLDER = os.path.join(ROOT, "build", "interop")
ROUTER, RELAY = "127.0.9.1", "127.0.9.9"
BY_B, BY_C = 20, 40  # IGP metric from A to D
RESTART_S = 60


def setUpModule():
    try:
        os.makedirs(FOLDER, exist_ok=True)
        Case.programs = gobgp.find_programs(FOLDER)
    except netns.Unavailable as reason:
        print(f"SKIP: {reason}")
        raise unittest.SkipTest(str(reason)) from None


class Case(unittest.TestCase):
    programs = None
    RESTART_S = 0

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pced-gobgp-")
        self.addCleanup(folder.cleanup)
        port = free_port()
        self.pced = Pced(bgp_ls={"as": gobgp.AS, "router-id": "192.0.2.250", "listen": "127.0.0.1",
                                 "listen-port": port,
                                 "peers": [{"address": RELAY, "passive": True, "keep": 600}]}).start()
        self.addCleanup(self.pced.stop)
        self.relay = gobgp.Gobgp(self.programs, folder.name, RELAY, free_port(), free_port(),
                                 {"127.0.0.1": port, **self.neighbours()}, self.RESTART_S).start()
        self.addCleanup(self.relay.stop)
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0)
        self.request_id = 0

    def neighbours(self):
        return {}

    def ask(self, *objects):
        self.request_id += 1
        return self.peer.ask(self.request_id, networks.A, networks.D, *objects)

    def cost(self, kind=pcep.METRIC_IGP):
        answer = self.ask(pcep.metric(kind, computed=True))
        return None if answer.ero is None else answer.metric(kind)

    def wait_cost(self, wanted, kind=pcep.METRIC_IGP):
        gobgp.frr.wait_until(lambda: self.cost(kind) == wanted, f"a cost of {wanted}",
                             describe=lambda: f"{self.cost(kind)}\n{self.pced.log()}\n{self.relay.text()}")


class Reflected(Case):
    """What another speaker tells comes by way of gobgpd."""

    def neighbours(self):
        self.router = bgp_ls.Speaker(ROUTER)
        self.addCleanup(self.router.close)
        return {ROUTER: self.router.port}

    def setUp(self):
        super().setUp()
        self.router.accept(asn=gobgp.AS)
        self.network = bgp_ls.diamond()
        self.router.tell(self.network)
        self.wait_cost(BY_B)

    def test_all_of_it_comes_and_paths_take_it(self):
        self.pced.wait_line("topology (published|changed).* links=10$")
        metrics = self.pced.metrics()
        self.assertEqual((metrics["pced_bgp_nodes"], metrics["pced_bgp_links"], metrics["pced_bgp_prefixes"]),
                         (6, 10, 12))
        self.assertEqual((metrics["pced_bgp_ignored_total"], metrics["pced_bgp_refused_total"]), (0, 0))
        self.assertIn(self.ask(pcep.metric(pcep.METRIC_TE)).labels(), networks.LOWER_A_D)

    def test_a_withdrawn_link_is_left_and_taken_again(self):
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)
        self.router.tell({"BD": self.network["BD"]})
        self.wait_cost(BY_B)

    def test_a_metric_that_changes_moves_paths(self):
        self.router.tell({"AB": bgp_ls.both((bgp_ls.A, bgp_ls.B), 0, 24001, igp=70000, **bgp_ls.UPPER)})
        self.wait_cost(BY_C)

    def test_what_the_speaker_has_told_goes_with_its_session(self):
        self.router.drop()
        self.wait_cost(None)
        self.router.accept(asn=gobgp.AS)
        self.router.tell(self.network)
        self.wait_cost(BY_B)

    def test_a_reset_by_the_operator_tells_the_network_again(self):
        since = self.pced.mark()
        self.relay.tell("neighbor", "127.0.0.1", "reset", "maintenance")
        self.pced.wait_line("BGP-LS network is stale", since)
        self.assertEqual(self.cost(), BY_B)
        self.pced.wait_line("BGP-LS peer up", since)
        self.assertEqual(self.cost(), BY_B)
        self.router.withdraw(self.network["BD"])
        self.wait_cost(BY_C)

    def test_the_network_outlives_a_crash_of_gobgpd(self):
        since = self.pced.mark()
        self.relay.stop(is_crash=True)
        self.pced.wait_line("BGP-LS network is stale", since)
        self.assertEqual(self.cost(), BY_B)


class Restart(Case):
    """Graceful restart of gobgpd (RFC 4724)."""
    RESTART_S = RESTART_S
    neighbours = Reflected.neighbours

    def test_what_is_told_after_it_is_the_network(self):
        self.router.accept(asn=gobgp.AS, restart=RESTART_S)
        network = bgp_ls.diamond()
        self.router.tell(network)
        self.wait_cost(BY_B)
        since = self.pced.mark()
        self.relay.stop(is_crash=True)
        self.pced.wait_line("BGP-LS network is stale", since)
        self.relay.start("-r")
        self.router.accept(asn=gobgp.AS, restart=RESTART_S)
        self.assertEqual(self.cost(), BY_B)
        del network["BD"]
        self.router.tell(network)
        self.wait_cost(BY_C)


class Injected(Case):
    """What an operator puts into gobgpd: two routers, and links between them."""
    NODE = ("protocol", "2", "identifier", "0")

    def router(self, number, kind="local"):
        return [f"{kind}-asn", "65001", f"{kind}-bgp-ls-id", "0", f"{kind}-igp-router-id",
                f"0000.0000.000{number}"]

    def rib(self, what, *words):
        self.relay.tell("global", "rib", what, "-a", "ls", *words)

    def link(self, start, end, net, metric):
        """One direction; the addresses are of the net, by the router's number."""
        return ["link", "bgp", *self.NODE, *self.router(start), *self.router(end, "remote"),
                "ipv4-interface-address", f"10.1.{net}.{start}", "ipv4-neighbor-address", f"10.1.{net}.{end}",
                "max-link-bandwidth", "125000000", "te-default-metric", str(metric + 1), "metric", str(metric),
                "unidirectional-link-delay", str(100 * metric)]

    def setUp(self):
        super().setUp()
        for number in (1, 4):
            self.rib("add", "node", "bgp", *self.NODE, *self.router(number), "node-name", f"r{number}")
        self.links = {net: [self.link(1, 4, net, metric), self.link(4, 1, net, metric)]
                      for net, metric in ((1, 10), (2, 300))}
        for several in self.links.values():
            for words in several:
                self.rib("add", *words)
        self.pced.wait_line("topology (published|changed).* links=4$")

    def cost(self, kind=pcep.METRIC_IGP):
        """Between the ends of links: gobgpd's operator names no router id, and no SID of an IGP."""
        self.request_id += 1
        answer = self.peer.ask(self.request_id, "10.1.1.1", "10.1.1.4", pcep.metric(kind, computed=True),
                               setup=pcep.SETUP_RSVP_TE)
        return None if answer.ero is None else answer.metric(kind)

    def test_what_was_put_in_is_what_is_learned(self):
        metrics = self.pced.metrics()
        self.assertEqual((metrics["pced_bgp_nodes"], metrics["pced_bgp_links"]), (2, 4))
        self.assertEqual([self.cost(kind) for kind in (pcep.METRIC_IGP, pcep.METRIC_TE, pcep.METRIC_DELAY)],
                         [10, 11, 1000])

    def test_what_is_taken_out_is_left(self):
        for words in self.links[1]:
            self.rib("del", *words)
        self.pced.wait_line("topology (published|changed).* links=2$")
        self.request_id += 1
        answer = self.peer.ask(self.request_id, "10.1.2.1", "10.1.2.4", pcep.metric(pcep.METRIC_IGP, computed=True),
                               setup=pcep.SETUP_RSVP_TE)
        self.assertEqual(answer.metric(pcep.METRIC_IGP), 300)


if __name__ == "__main__":
    unittest.main(verbosity=2)
