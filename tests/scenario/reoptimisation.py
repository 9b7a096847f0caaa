#!/usr/bin/env python3
"""Delegated LSPs are moved when the network under them changes, and left alone otherwise; path requests see
what LSPs hold."""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from api_case import ApiCase
from case import next_source
from lsp_views import ACTIVE, ADMINISTRATIVE, DELEGATED, REMOVED, identifiers
from peer import Peer

UPPER, LOWER = [24001, 24003], [24005, 24007]  # adjacency SIDs from A to D by B, and by C


def without(*ends):
    """The diamond without the link between these two."""
    start = f"  - {{from: {ends[0]}, to: {ends[1]},"
    return "".join(line for line in networks.DIAMOND.splitlines(keepends=True) if not line.startswith(start))


class Case(ApiCase):
    SECTIONS = {"lsp": {"settle-time": 0}, "reopt": {"interval": 0}}

    def setUp(self):
        super().setUp()
        self.peer = Peer(self.pced.address, source=next_source())
        self.peers.append(self.peer)
        self.peer.open(keepalive=0, dead=0)
        self.before = self.get("/api/v1/status")["counters"]

    def tearDown(self):
        self.change(networks.DIAMOND)
        super().tearDown()

    def report(self, labels, flags=DELEGATED, srp_id=0, bandwidth=0, peer=None, lsp=(7, "blue")):
        objects = [pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
                   pcep.lsp_object(lsp[0], ADMINISTRATIVE | ACTIVE | flags, lsp[1],
                                   identifiers(networks.A, networks.D)),
                   pcep.ero_object(labels), pcep.lspa()]
        if bandwidth:
            objects.append(pcep.bandwidth(bandwidth, p=False))
        (peer or self.peer).send(pcep.message(pcep.PCRPT, *objects))

    def synchronise(self, labels, peer=None, **options):
        laid = self.count("reopt_laid")
        self.report(labels, peer=peer, **options)
        (peer or self.peer).send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        self.wait(lambda: self.count("reopt_laid") > laid)

    def count(self, name):
        return self.get("/api/v1/status")["counters"].get(name, 0) - self.before.get(name, 0)

    def change(self, topology):
        self.pced.write_topology(topology)
        self.pced.reload()

    def expect_move(self):
        """The PCUpd; the PCC does what it says."""
        update, = pcep.parse_lsp_states(self.peer.expect(pcep.PCUPD))
        self.assertEqual(update.plsp_id, 7)
        self.assertTrue(update.delegated)
        self.report(update.labels(), srp_id=update.srp_id)
        return update.labels()


class Moves(Case):
    def test_an_lsp_whose_link_is_gone_is_moved(self):
        self.synchronise(UPPER)
        self.change(without("B", "D"))
        self.assertIn(self.expect_move(), ([16004], *networks.LOWER_A_D))
        self.wait(lambda: self.count("reopt_moved") == 1)

    def test_an_lsp_that_is_not_delegated_is_left_where_it_is(self):
        self.synchronise(UPPER, flags=0)
        laid = self.count("reopt_laid")
        self.change(without("B", "D"))
        self.wait(lambda: self.count("reopt_laid") > laid)
        self.assertEqual(self.count("reopt_moved"), 0)

    def test_an_lsp_on_other_links_is_left_where_it_is(self):
        self.synchronise(LOWER)
        self.change(without("D", "F"))
        self.change(without("B", "D"))
        time.sleep(1)  # nothing is to come: there is no event for that
        self.assertEqual(self.count("reopt_moved"), 0)

    def test_an_lsp_that_is_delegated_without_a_path_gets_one(self):
        self.synchronise([])
        self.assertIn(self.expect_move(), networks.UPPER_A_D)

    def test_lsps_of_many_pccs_share_what_is_left_and_no_more(self):
        others = [self.up() for _ in range(7)]  # on all shards
        for peer in (self.peer, *others):
            self.synchronise(UPPER, peer=peer, bandwidth=30 * networks.MBIT)
        self.change(without("B", "D"))
        self.wait(lambda: self.get("/api/v1/status")["counters"]["reopt_blocked"] == 5)
        self.assertEqual(self.count("reopt_moved"), 3, "three times 30 Mbit/s fit into 100")

    def test_no_path_is_told_and_so_is_its_cure(self):
        since = self.pced.mark()
        self.synchronise(UPPER, bandwidth=networks.GBIT // 2)  # the lower way has 100 Mbit/s
        self.change(without("B", "D"))
        self.pced.wait_line("no path for an LSP that needs one", since)
        self.change(networks.DIAMOND)
        self.pced.wait_line("there is a path again for an LSP", since)
        self.wait(lambda: self.get("/api/v1/status")["counters"]["reopt_blocked"] == 0)


class Requests(Case):
    asked = 0

    def ask(self, peer, bandwidth, *objects):
        """The labels that a request of the LSPs' priority gets; None: no path."""
        self.asked += 1
        wanted = (pcep.bandwidth(bandwidth),) if bandwidth else ()
        response = peer.ask(self.asked, networks.A, networks.D, *objects, pcep.lspa(), *wanted)
        if response.ero is not None:
            return response.labels()
        self.assertIsNotNone(response.no_path)
        self.assertEqual([o.class_ for o in response.others if o.class_ == pcep.OC_BANDWIDTH],
                         [pcep.OC_BANDWIDTH], "NO-PATH names the bandwidth")
        return None

    def test_two_lsps_that_fill_a_link_send_a_third_request_round_it_and_not_their_own(self):
        blue, red = (7, "blue"), (8, "red")
        other = self.up()  # it may be on another shard
        for _ in range(3):
            self.assertIn(self.ask(other, 80 * networks.MBIT), networks.UPPER_A_D)
        self.report(UPPER, lsp=red, bandwidth=350 * networks.MBIT)
        self.synchronise(UPPER, bandwidth=600 * networks.MBIT)
        self.wait(lambda: self.count("reopt_laid") >= 2)
        with self.subTest("others"):
            for _ in range(3):  # and what was answered before the LSPs came is not answered again
                self.assertIn(self.ask(other, 80 * networks.MBIT), networks.LOWER_A_D)
            self.assertIn(self.ask(other, 50 * networks.MBIT), networks.UPPER_A_D)
            self.assertIsNone(self.ask(other, 120 * networks.MBIT))
            self.assertEqual(self.ask(other, 0), networks.PLAIN_A_D)
        with self.subTest("their own"):
            self.assertIn(self.ask(self.peer, 620 * networks.MBIT, pcep.lsp_object(7, 0)), networks.UPPER_A_D)
            self.assertIn(self.ask(self.peer, 400 * networks.MBIT, pcep.lsp_object(0, 0, "red")), networks.UPPER_A_D)
            self.assertIsNone(self.ask(self.peer, 420 * networks.MBIT, pcep.lsp_object(8, 0)))
            self.assertIsNone(self.ask(other, 620 * networks.MBIT, pcep.lsp_object(7, 0)), "it has none of that number")
        with self.subTest("what is gone"):
            self.report(UPPER, flags=REMOVED, lsp=red)
            self.wait(lambda: self.ask(other, 80 * networks.MBIT) in networks.UPPER_A_D)
            self.report(UPPER, flags=REMOVED, lsp=blue)
            self.wait(lambda: self.ask(other, networks.GBIT) in networks.UPPER_A_D)


if __name__ == "__main__":
    unittest.main(verbosity=2)
