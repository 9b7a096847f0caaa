#!/usr/bin/env python3
"""Requests that had no path are remembered, and it is told when there is one."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from api_case import ApiCase, pcectl
from networks import A, D, E

TOLD = "a path has become possible; the router will not ask again by itself"
JOINED = networks.DIAMOND + networks._link("DE", 10, 10, 1000, "1G", 3, 10, 24011)
UNKNOWN = "10.0.0.99"


class NoPaths(ApiCase):
    SECTIONS = {"limits": {"no-paths-per-session": 3}}

    def tearDown(self):
        self.change(networks.DIAMOND)
        super().tearDown()

    def change(self, topology):
        self.pced.write_topology(topology)
        self.pced.reload()

    def count(self, name):
        return self.get("/api/v1/status")["counters"].get(name, 0)

    @staticmethod
    def source_of(peer):
        return peer.socket.getsockname()[0]

    def rows(self, arguments=""):
        return self.get("/api/v1/no-paths" + arguments)["no_paths"]

    def ask_in_vain(self, peer, request_id, destination, *objects, **options):
        self.assertIsNotNone(peer.ask(request_id, A, destination, *objects, **options).no_path)

    def test_they_are_shown_with_what_was_in_the_way(self):
        peer = self.up()
        self.ask_in_vain(peer, 7, D, pcep.bandwidth(2 * networks.GBIT))
        self.ask_in_vain(peer, 8, UNKNOWN, setup=None)
        self.assertIsNone(peer.ask(9, A, D).no_path)
        row, other = sorted(self.rows(), key=lambda one: one["request_id"])
        self.assertEqual((row["peer"], row["source"], row["destination"]), (self.source_of(peer), A, D))
        self.assertEqual((row["request_id"], row["times"], row["setup_type"]), (7, 1, "SR-MPLS"))
        self.assertEqual((row["why"], row["why_now"]), (["bandwidth"], ["bandwidth"]))
        self.assertEqual((row["cured"], row["cured_s"]), (False, None))
        self.assertEqual([one["object"] for one in row["objects"]], ["RP", "END-POINTS", "BANDWIDTH"])
        self.assertEqual((other["why"], other["setup_type"]), (["unknown destination"], "RSVP-TE"))
        self.assertEqual(self.count("no_paths"), 2)

    def test_a_path_that_has_become_possible_is_told_and_nothing_is_sent(self):
        peer = self.up()
        self.ask_in_vain(peer, 7, E)
        self.ask_in_vain(peer, 8, UNKNOWN)
        cures, since = self.count("no_path_cures"), self.pced.mark()
        self.change(JOINED)
        line = self.pced.wait_line(TOLD + ".*", since).group(0)
        self.assertRegex(line, r"request=7 from=A to=E")
        self.wait(lambda: self.count("no_paths_cured") == 1)
        cured, = self.rows("?cured=true")
        self.assertEqual((cured["request_id"], cured["cured"], cured["why_now"]), (7, True, []))
        self.assertGreaterEqual(cured["cured_s"], 0)
        self.assertEqual([row["request_id"] for row in self.rows("?cured=false")], [8])
        self.assertEqual(self.count("no_path_cures"), cures + 1)
        checks = self.count("no_path_checks")
        self.change(JOINED + "# the same network anew\n")
        self.wait(lambda: self.count("no_path_checks") == checks + 2)
        self.assertEqual(len(self.pced.lines_with(TOLD, since)), 1)
        self.assertIsNone(peer.ask(9, A, D).no_path)  # nothing else has come before this answer
        self.change(networks.DIAMOND)
        self.wait(lambda: self.count("no_paths_cured") == 0)
        self.assertEqual(self.rows("?cured=true"), [])

    def test_one_that_is_asked_again_and_gets_its_path_is_gone(self):
        peer = self.up()
        for request_id in (7, 8, 9):
            self.ask_in_vain(peer, request_id, E)
        row, = self.rows()
        self.assertEqual((row["request_id"], row["times"]), (9, 3))
        self.change(JOINED)
        self.wait(lambda: self.count("no_paths_cured") == 1)
        self.assertIsNone(peer.ask(10, A, E).no_path)
        self.assertEqual(self.rows(), [])

    def test_they_go_with_their_session(self):
        peer, stays = self.up(), self.up()
        self.ask_in_vain(peer, 7, E)
        self.ask_in_vain(stays, 8, E)
        self.assertEqual(pcectl(self.pced, "session", "close", self.source_of(peer))[0], 0)
        self.wait(lambda: self.count("no_paths") == 1)
        self.assertEqual([row["peer"] for row in self.rows()], [self.source_of(stays)])

    def test_the_oldest_of_a_session_gives_way(self):
        peer = self.up()
        displaced = self.count("no_paths_displaced")
        for request_id in range(1, 4):
            self.ask_in_vain(peer, request_id, E, pcep.bandwidth(request_id))
        self.assertEqual(self.count("no_paths_displaced"), displaced)
        self.ask_in_vain(peer, 4, E, pcep.bandwidth(4))
        self.assertEqual({row["request_id"] for row in self.rows()}, {2, 3, 4})
        self.wait(lambda: self.count("no_paths_displaced") == displaced + 1)

    def test_pages_and_filters(self):
        peers = [self.up() for _ in range(5)]
        for peer in peers:
            for request_id in range(1, 4):
                self.ask_in_vain(peer, request_id, E, pcep.bandwidth(request_id))
        found, cursor = [], ""
        while cursor is not None:
            page = self.get("/api/v1/no-paths?limit=4" + (f"&cursor={cursor}" if cursor else ""))
            self.assertLessEqual(len(page["no_paths"]), 4)
            found += [(row["peer"], row["request_id"]) for row in page["no_paths"]]
            cursor = page["next"]
        self.assertEqual(sorted(found), sorted((self.source_of(peer), n) for peer in peers for n in range(1, 4)))
        one = self.rows("?peer=" + self.source_of(peers[2]))
        self.assertEqual([row["peer"] for row in one], 3 * [self.source_of(peers[2])])
        self.assertEqual(self.rows("?peer=192.0.2.0/24"), [])
        for field, argument in (("cured", "cured=maybe"), ("peer", "peer=x"), ("limit", "limit=0"),
                                ("cursor", "cursor=999.0"), ("state", "state=up")):
            self.refused(field, "/api/v1/no-paths?" + argument)

    def test_pcectl(self):
        peer = self.up()
        self.ask_in_vain(peer, 7, E)
        self.ask_in_vain(peer, 8, D, pcep.bandwidth(2 * networks.GBIT), pcep.lspa(include_any=8))
        code, text, _ = pcectl(self.pced, "session", "no-paths")
        self.assertEqual(code, 0)
        self.assertIn("bandwidth, affinities", text)
        self.assertNotIn("session close", text)
        self.change(JOINED)
        self.wait(lambda: self.count("no_paths_cured") == 1)
        code, text, _ = pcectl(self.pced, "session", "no-paths", self.source_of(peer), "--cured", "true")
        self.assertEqual(code, 0)
        row, = [line.split() for line in text.splitlines() if self.source_of(peer) in line]
        self.assertEqual(row[1:7], [self.source_of(peer), "7", "1", A, E, "SR-MPLS"])
        self.assertIn("session close", text)
        self.assertEqual(pcectl(self.pced, "session", "no-paths", "a", "b")[0], 2)


class NoneKept(ApiCase):
    SECTIONS = {"limits": {"no-paths": 0}}

    def test_with_a_limit_of_none_nothing_is_kept(self):
        self.assertIsNotNone(self.up().ask(1, A, E).no_path)
        self.assertEqual(self.get("/api/v1/no-paths"), {"no_paths": [], "next": None})
        self.assertEqual(self.get("/api/v1/status")["counters"]["no_paths"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
