#!/usr/bin/env python3
"""The scripts of bench/ in their tiny form: that they run to their end and leave figures. What the figures
are is for a quiet machine and the full form."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon

BENCH = os.path.join(daemon.ROOT, "bench")
WAIT_S = 240


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pced-test-bench-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_script(self, name, *more):
        run = subprocess.run(
            [os.path.join(BENCH, name), "--tiny", "--build", os.environ["PCED_BUILD"],
             "--results", self.folder, *more],
            capture_output=True, text=True, timeout=WAIT_S, env=daemon.environment(), check=False)
        print(f"\n{run.stdout}{run.stderr}")
        self.assertIsNone(daemon.REPORT.search(run.stderr))
        return run

    def figures_of(self, name, *more):
        run = self.run_script(name, *more)
        self.assertEqual(run.returncode, 0)
        with open(os.path.join(self.folder, f"{name}.json"), encoding="utf-8") as file:
            document = json.load(file)
        self.assertEqual(document["target"], name)
        for row in document["figures"]:
            self.assertIsInstance(row["value"], (int, float), row)
            self.assertEqual(row["met"] is None, row["wanted"] is None, row)
        return {row["name"]: row for row in document["figures"]}, document["series"]

    def test_throughput(self):
        figures, series = self.figures_of("throughput")
        self.assertEqual(len(figures), 2)
        for row in figures.values():
            self.assertGreater(row["value"], 0)
            self.assertGreater(row["floor"], 0)
        self.assertEqual([row["depth"] for row in series["throughput"]], [1, 64])

    def test_computation(self):
        figures, _ = self.figures_of("computation")
        self.assertTrue(all(row["value"] > 0 for row in figures.values()))

    def test_latency(self):
        figures, _ = self.figures_of("latency")
        self.assertTrue(any(name.startswith("p99,") and row["ratio"] > 0 for name, row in figures.items()))

    def test_hostile(self):
        figures, series = self.figures_of("hostile")
        self.assertTrue(figures["healthy sessions lost"]["met"])
        self.assertTrue(figures["stalled peers closed"]["met"])
        self.assertEqual([row["phase"] for row in series["phases"]],
                         ["calm", "machine_onset", "machine_storm", "onset", "storm"])

    @unittest.skipUnless(not daemon.is_sanitized(), "SKIP: a sanitizer has an allocator of its own")
    def test_allocations(self):
        figures, _ = self.figures_of("allocations")
        self.assertTrue(all(row["value"] >= 0 for row in figures.values()))

    def test_hostile(self):
        figures, _ = self.figures_of("hostile")
        self.assertTrue(figures["healthy sessions lost"]["met"])

    def test_lsps(self):
        figures, series = self.figures_of("lsps")
        self.assertTrue(all(row["value"] > 0 for row in figures.values()))
        self.assertEqual([row["lsps"] for row in series["memory"]], [50, 500])

    def test_failure(self):
        figures, series = self.figures_of("failure")
        touched = figures["national, 20 PCCs: LSPs on the busiest link"]["value"]
        self.assertGreater(touched, 0)
        self.assertEqual(figures["national, 20 PCCs: LSPs that were moved"]["value"], touched)
        self.assertTrue(figures["national, 20 PCCs: links overbooked afterwards"]["met"])
        self.assertEqual(series["timeline-national"][-1]["moved"], touched)

    def test_comeback(self):
        figures, _ = self.figures_of("comeback")
        whole = figures["20 PCCs: from the kill until nothing is left to do"]
        self.assertGreaterEqual(whole["value"], figures["20 PCCs: all synchronised"]["value"])
        self.assertGreater(figures["20 PCCs: updates, before and after the kill"]["value"], 0)
        self.assertTrue(figures["20 PCCs: links overbooked at the end"]["met"])

    def test_linkstate(self):
        figures, _ = self.figures_of("linkstate")
        self.assertGreater(figures["500 nodes, 5,000 links: told and published"]["value"], 0)
        self.assertGreater(figures["100 nodes, one metric: until it is published"]["value"], 0)
        self.assertTrue(figures["100 nodes, 10 links flap: sessions lost"]["met"])
        self.assertTrue(figures["100 nodes, session lost and ended: of them without a path"]["met"])

    def test_paths(self):
        figures, _ = self.figures_of("paths", "--base-build", os.environ["PCED_BUILD"])
        self.assertGreater(figures["1,000 nodes, strict hops: mean"]["ratio"], 0)
        self.assertTrue(figures["1,000 nodes, SID lists: work exceeded, of 20"]["met"])

    def test_growth_shows_what_sessions_has_found(self):
        figures, series = self.figures_of("sessions")
        self.assertTrue(figures["sessions up at once, as pced counts them"]["met"])
        self.assertTrue(figures["sessions lost in the hold"]["met"])
        _, growth = self.figures_of("growth")
        self.assertEqual(growth["idle-pced"], series["pced"])
        self.assertEqual([row["nodes"] for row in growth["nodes"]], [50])

    def test_a_run_writes_a_report(self):
        run = self.run_script("run", "--no-install", "--only", "throughput")
        self.assertEqual(run.returncode, 0)
        with open(os.path.join(self.folder, "report.md"), encoding="utf-8") as file:
            report = file.read()
        self.assertIn("| throughput | national, 4 x 64 |", report)

    def test_without_the_programs_it_says_what_to_do(self):
        run = subprocess.run([os.path.join(BENCH, "throughput"), "--tiny", "--build", self.folder,
                              "--results", self.folder], capture_output=True, text=True, timeout=WAIT_S,
                             check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn("build it first", run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
