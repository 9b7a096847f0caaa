#!/usr/bin/env python3
"""Calls of the allocator on the way from a request to its answer, and for a report that changes nothing, counted
in pced by bench/allocations."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import guard


class Allocations(unittest.TestCase):
    def test_there_are_none_after_warm_up(self):
        row = guard.read_bounds()["allocations"]
        with tempfile.TemporaryDirectory(prefix="pced-guard-") as folder:
            run = subprocess.run([os.path.join(guard.ROOT, "bench", "allocations"), "--build",
                                  os.environ["PCED_BUILD"], "--results", folder],
                                 capture_output=True, text=True, timeout=300, check=False)
            print(f"\n{run.stdout}{run.stderr}")
            self.assertEqual(run.returncode, 0)
            with open(os.path.join(folder, "allocations.json"), encoding="utf-8") as file:
                figures = json.load(file)["figures"]
        self.assertEqual(len(figures), 5)
        for figure in figures:
            with self.subTest(figure["name"]):
                self.assertLessEqual(figure["value"], row["bound"], row["why"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
