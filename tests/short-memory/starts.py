#!/usr/bin/env python3
"""Starts with short memory: every one that does not come up ends by itself, with an exit code that the manual
names and the reason on stderr."""

import os
import random
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenario", "lib"))

import daemon
import networks
import shortage
from daemon import Pced

STARTS = 60
RATES = (2, 10, 100, 1000, 10000, 1000000)  # none comes up at the first, nearly all do at the last
CONFIGURED = {"peers": [{"prefix": "127.9.0.0/16", "keepalive": 5}],
              "server": {"compute-threads": 2}}


class Starts(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("PCED_TEST_SEED", random.randrange(1, 10**6)))
        print(f"seed {self.seed}", flush=True)

    def start(self, one_in, seed):
        """(calls that failed, whether it came up)"""
        pced = Pced(topology=networks.DIAMOND, **CONFIGURED)
        short = shortage.Shortage(one_in, seed)
        short.arm()
        try:
            os.environ.update(short.environment(daemon.preload("short_memory"), {}))
            pced.spawn()
        finally:
            for name in ("LD_PRELOAD", "PCED_SHORT_MEMORY"):
                os.environ.pop(name, None)
        try:
            try:
                pced.wait_line(daemon.READY)
                pced.signal(signal.SIGHUP)
                pced.wait_line("reload (done|refused)")
                pced.signal(signal.SIGTERM)
            except AssertionError:
                pass  # it ended before
            code = pced.wait_exit()
        finally:
            short.forget()
        lines = [line for line in pced.lines if line]
        bad = shortage.verdict(code, pced.was_killed, pced.was_ready, lines, daemon.REPORT)
        self.assertIsNone(bad, f"one in {one_in}, seed {seed}:\n" + "\n".join(lines))
        return short.counts()[1], pced.was_ready

    def test_every_start_comes_up_or_says_why_not(self):
        failed, up = 0, 0
        for i in range(STARTS):
            refused, was_ready = self.start(RATES[i % len(RATES)], self.seed + i)
            failed, up = failed + refused, up + was_ready
        print(f"{STARTS} starts, {up} came up, {failed} calls failed")
        self.assertGreater(failed, 0)
        self.assertGreater(up, 0)
        self.assertLess(up, STARTS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
