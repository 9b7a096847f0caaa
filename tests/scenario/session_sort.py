#!/usr/bin/env python3
"""Finding the router that hangs among many: what the list of sessions shows of what waits for them."""

import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
from api_case import ApiCase

SAMPLE_S = 1


class Case(ApiCase):
    SECTIONS = {"session": {"send-hold": 600, "send-hold-sample": SAMPLE_S}}


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


if __name__ == "__main__":
    unittest.main()
