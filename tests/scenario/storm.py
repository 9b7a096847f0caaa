#!/usr/bin/env python3
"""A small storm (bench/storm): stalled, dripping, silent and reconnecting peers among healthy ones. All of its
bounds hold; the figures of a large one are for a quiet machine."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon


class Storm(unittest.TestCase):
    def test_healthy_peers_are_served_and_stalled_ones_closed_in_time(self):
        topology = os.path.join(daemon.ROOT, "deploy", "topologies", "national.yaml")
        with tempfile.TemporaryDirectory(prefix="storm-test-") as folder:
            results = os.path.join(folder, "results.json")
            run = subprocess.run(
                [daemon.program("storm"), "--pced", daemon.program("pced"), "--topology", topology,
                 "--port", str(daemon.free_port()), "--peers", "300", "--calm", "2", "--machine", "2",
                 "--send-hold", "4", "--sample", "2", "--grace", "2", "--json", results],
                capture_output=True, text=True, timeout=120, env=daemon.environment(), check=False)
            print(f"\n{run.stdout}{run.stderr}")
            self.assertEqual(run.returncode, 0)
            with open(results, encoding="utf-8") as file:
                seen = json.load(file)
        self.assertIn("all bounds hold", run.stdout)
        self.assertIsNone(daemon.REPORT.search(run.stderr))
        self.assertEqual((seen["peers"], seen["bounds_hold"]), (300, True))
        self.assertEqual(set(seen["healthy"]["phases"]),
                         {"calm", "machine_onset", "machine_storm", "onset", "storm"})
        # The same load on the sinks and on pced.
        for phase in ("machine_onset", "onset"):
            others = seen["healthy"]["phases"][phase]["others"]
            self.assertEqual(others["stalled"]["connections"], 60)
            self.assertGreater(others["dripping"]["sends"], 60)
            self.assertGreater(others["reconnecting"]["connections"], 60)
        self.assertEqual(seen["healthy"]["lost"], 0)
        self.assertEqual(seen["stalled"]["by_send_hold"], 60)
        self.assertEqual(seen["stalled"]["reset"], 60)
        self.assertLess(seen["memory"]["largest_kib"] / 1024, seen["memory"]["limit_mib"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
