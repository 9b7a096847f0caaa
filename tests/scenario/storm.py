#!/usr/bin/env python3
"""A small storm (bench/storm): stalled, dripping, silent and reconnecting peers among healthy ones. All of its
bounds hold; the figures of a large one are for a quiet machine."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon


class Storm(unittest.TestCase):
    def test_healthy_peers_are_served_and_stalled_ones_closed_in_time(self):
        topology = os.path.join(daemon.ROOT, "deploy", "topologies", "national.yaml")
        run = subprocess.run(
            [daemon.program("storm"), "--pced", daemon.program("pced"), "--topology", topology,
             "--port", str(daemon.free_port()), "--count", "60", "--calm", "2", "--send-hold", "4",
             "--sample", "2", "--grace", "2"],
            capture_output=True, text=True, timeout=120, env=daemon.environment(), check=False)
        print(f"\n{run.stdout}{run.stderr}")
        self.assertEqual(run.returncode, 0)
        self.assertIn("all bounds hold", run.stdout)
        self.assertIsNone(daemon.REPORT.search(run.stderr))


if __name__ == "__main__":
    unittest.main(verbosity=2)
