#!/usr/bin/env python3
"""Finding the router that hangs among many: sessions sorted and filtered by what waits for them, in the API
and by pcectl."""

import os
import select
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from api_case import ApiCase, pcectl
from case import next_source
from peer import Peer

HEALTHY = 6
SAMPLE_S = 1
SOFT = 131072  # limits.pending-soft: past it a peer is not read
REQUEST = pcep.request_message(1, networks.A, networks.D)


def addresses(page):
    return [row["address"] for row in page["sessions"]]


class Case(ApiCase):
    SECTIONS = {"session": {"send-hold": 600, "send-hold-sample": SAMPLE_S}}

    def hang(self):
        """A router that asks until it is not read any more, and takes no answer; when that is known."""
        source = next_source()
        peer = Peer(self.pced.address, source=source, receive_buffer=4096)
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        self.wait(lambda: peer.ask_without_reading(REQUEST * 4000) < len(REQUEST) * 4000)
        self.wait(lambda: (self.row(source)["progress_age_s"] or 0) >= 1 and self.row(source)["paused"])
        return peer, source

    def row(self, source):
        return self.get("/api/v1/sessions?peer=" + source)["sessions"][0]

    def healthy(self):
        """Routers that have asked and taken their answers."""
        sources = [next_source() for _ in range(HEALTHY)]
        for number, source in enumerate(sources):
            self.assertIsNotNone(self.up(source).ask(number + 1, networks.A, networks.D).ero)
        return sources

    def list(self, *arguments):
        """What pcectl prints: the rows by the names of the columns."""
        code, out, err = pcectl(self.pced, "session", "list", *arguments)
        self.assertEqual((code, err), (0, ""))
        heading, *rows = [line.split() for line in out.splitlines()]
        return [dict(zip(heading, row)) for row in rows]


class Hanging(Case):
    def setUp(self):
        super().setUp()
        self.sources = self.healthy()
        self.hung, self.source = self.hang()
        self.sources += self.healthy()

    def test_sorted_by_pending_octets(self):
        page = self.get("/api/v1/sessions?sort=-pending_octets&limit=3")
        self.assertEqual(addresses(page)[0], self.source)
        self.assertEqual((len(page["sessions"]), page["next"], page["total"]), (3, None, 2 * HEALTHY + 1))
        self.assertGreater(page["sessions"][0]["pending_octets"], SOFT // 2)
        self.assertEqual([row["pending_octets"] for row in page["sessions"][1:]], [0, 0])
        page = self.get("/api/v1/sessions?sort=pending_octets")
        self.assertEqual(addresses(page)[-1], self.source)
        self.assertEqual(sorted(addresses(page)), sorted(self.sources + [self.source]))

    def test_who_has_nothing_outstanding_has_no_age_and_comes_last_either_way(self):
        for key in ("progress_age_s", "-progress_age_s"):
            page = self.get("/api/v1/sessions?sort=" + key)
            self.assertEqual(addresses(page)[0], self.source)
            self.assertGreaterEqual(page["sessions"][0]["progress_age_s"], 1)
            self.assertEqual([row["progress_age_s"] for row in page["sessions"][1:]], [None] * 2 * HEALTHY)

    def test_filters_leave_others_out(self):
        for filters in ("pending_octets_min=1", "progress_age_s_min=1", "progress_age_s_min=0",
                        f"pending_octets_min={SOFT // 2}&progress_age_s_min=1&state=UP",
                        "pending_octets_min=1&sort=-progress_age_s"):
            page = self.get("/api/v1/sessions?" + filters)
            self.assertEqual(addresses(page), [self.source], filters)
            self.assertEqual(page["total"], 1 if "sort" in filters else None)
        for filters in ("pending_octets_min=999999999", "progress_age_s_min=4000", "sort=pending_octets&peer=::/0"):
            self.assertEqual(addresses(self.get("/api/v1/sessions?" + filters)), [], filters)
        self.assertEqual(len(self.get("/api/v1/sessions?pending_octets_min=0")["sessions"]), 2 * HEALTHY + 1)

    def test_pcectl(self):
        rows = self.list("--sort", "-pending")
        self.assertEqual(len(rows), 2 * HEALTHY + 1)
        self.assertEqual((rows[0]["PEER"], rows[0]["PAUSED"]), (self.source, "yes"))
        self.assertRegex(rows[0]["PROGRESS"], r"^[1-9]\d*s$")
        self.assertEqual({(row["PENDING"], row["PROGRESS"], row["PAUSED"]) for row in rows[1:]},
                         {("0", "-", "-")})
        for arguments in (["--sort", "-progress-age", "--limit", "1"], ["--pending-min", "1"],
                          ["--progress-age-min", "1"], ["--sort", "-pending_octets", "--limit", "1"]):
            self.assertEqual([row["PEER"] for row in self.list(*arguments)], [self.source], arguments)
        self.assertEqual(self.list("--sort", "pending")[-1]["PEER"], self.source)
        self.assertEqual(self.list("--pending-min", "999999999"), [])

    def take_all(self):
        """What comes while it comes, however long a busy machine needs for it."""
        while select.select([self.hung.socket], [], [], 2 * SAMPLE_S)[0] and self.hung.take(65536):
            pass

    def test_who_takes_what_waits_for_it_is_not_found_any_more(self):
        """All of it: the requests that were not read are answered, too."""
        self.take_all()
        def rests():
            self.take_all()
            row = self.row(self.source)
            found = addresses(self.get("/api/v1/sessions?progress_age_s_min=0"))
            return (row["pending_octets"], row["paused"], found) == (0, False, [])
        self.wait(rests)
        self.assertIsNone(self.row(self.source)["progress_age_s"])


class Two(Case):
    def test_the_one_that_hangs_for_longer_is_first_by_age(self):
        _, first = self.hang()
        _, second = self.hang()
        self.healthy()
        self.assertEqual(addresses(self.get("/api/v1/sessions?sort=-progress_age_s&limit=2")), [first, second])
        self.assertEqual(addresses(self.get("/api/v1/sessions?sort=progress_age_s&limit=2")), [second, first])
        page = self.get("/api/v1/sessions?sort=-pending_octets&limit=2")
        self.assertEqual(sorted(addresses(page)), sorted([first, second]))
        octets = [row["pending_octets"] for row in page["sessions"]]
        self.assertEqual(octets, sorted(octets, reverse=True))


class Busy(Case):
    """Routers that ask without a pause and take each answer."""

    def test_progress_is_shown_only_while_octets_are_pending(self):
        stop = threading.Event()

        def keep_asking(peer):
            number = 0
            while not stop.is_set():
                number += 1
                peer.ask(number, networks.A, networks.D)
        threads = [threading.Thread(target=keep_asking, args=[self.up()]) for _ in range(4)]
        for thread in threads:
            thread.start()
        seen = []
        end = time.monotonic() + 3 * SAMPLE_S
        try:
            while time.monotonic() < end:
                seen += self.get("/api/v1/sessions")["sessions"]
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        wrong = [row for row in seen if row["progress_age_s"] is not None and row["pending_octets"] == 0]
        self.assertTrue(seen)
        self.assertEqual(wrong[:1], [])


class Arguments(Case):
    def test_what_is_wrong_is_refused(self):
        for field, value in (("sort", "sort=x"), ("sort", "sort="), ("sort", "sort=-"),
                             ("cursor", "sort=pending_octets&cursor=0.1"),
                             ("pending_octets_min", "pending_octets_min=-1"),
                             ("progress_age_s_min", "progress_age_s_min=1s"),
                             ("pending_min", "pending_min=1")):
            self.refused(field, "/api/v1/sessions?" + value)
        error = self.get("/api/v1/sessions?sort=x", 400)["error"]["message"]
        for key in ("pending_octets", "progress_age_s"):
            self.assertIn(key, error)
        for arguments in (["--sort", "x"], ["--sort", ""], ["--sort"], ["--pending-min", "x"],
                          ["--progress-age-min", "-1"]):
            code, _, err = pcectl(self.pced, "session", "list", *arguments)
            self.assertEqual(code, 2, arguments)
            self.assertTrue(err)
        _, _, err = pcectl(self.pced, "session", "list", "--sort", "x")
        self.assertRegex(err, r"pending.*progress-age")
        _, out, _ = pcectl(self.pced, "session", "list", "--help")
        for option in ("--sort", "--pending-min", "--progress-age-min"):
            self.assertIn(option, out)


if __name__ == "__main__":
    unittest.main()
