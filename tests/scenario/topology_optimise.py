#!/usr/bin/env python3
"""pcectl topology optimise from the outside: a plan of which demands to move, on a network of a file and on
that of a running pced, and what it says of wrong input."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
from api_case import ApiCase
from daemon import program

OK, USAGE = 0, 2
TWO = "demands:\n  - {from: A, to: D, bandwidth: 600M}\n  - {from: A, to: D, bandwidth: 90M}\n"


class Optimise(ApiCase):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.topology = self.write("t.yaml", networks.DIAMOND)
        self.demands = self.write("d.yaml", TWO)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    @staticmethod
    def run_it(*arguments):
        done = subprocess.run([program("pcectl"), "topology", "optimise", *arguments], timeout=60, text=True,
                              capture_output=True, env=daemon.environment(), check=False)
        return done.returncode, done.stdout, done.stderr

    def plan(self, *arguments):
        code, out, err = self.run_it("--demands", self.demands, "--json", *arguments)
        self.assertEqual(code, OK, err)
        return json.loads(out)

    def test_a_plan_of_a_file(self):
        # 690 Mbit/s on 1 Gbit/s; the other way has 100 Mbit/s, so that only the small one could go there, at 90 %.
        plan = self.plan("--topology", self.topology)
        self.assertAlmostEqual(plan["worst_before"], 0.69, places=4)
        self.assertEqual((plan["steps"], plan["demands"], plan["without_path"]), ([], 2, 0))
        self.write("d.yaml", TWO.replace("90M", "50M").replace("600M", "700M"))
        plan = self.plan("--topology", self.topology)
        self.assertEqual([(s["from"], s["to"], s["via"], s["bandwidth"]) for s in plan["steps"]],
                         [("A", "D", ["C"], 50e6)])
        self.assertAlmostEqual(plan["worst_after"], 0.70, places=4)
        self.assertAlmostEqual(plan["steps"][0]["worst_during"], 0.75, places=4)

    def test_what_brings_too_little_stays(self):
        self.write("d.yaml", TWO.replace("90M", "50M").replace("600M", "700M"))
        self.assertEqual(self.plan("--topology", self.topology, "--gain", "10")["steps"], [])

    def test_the_network_of_a_running_pced(self):
        plan = self.plan("--socket", self.pced.socket)
        self.assertAlmostEqual(plan["worst_before"], 0.69, places=4)

    def test_the_table_names_each_step(self):
        self.write("d.yaml", TWO.replace("90M", "50M").replace("600M", "700M"))
        code, out, _ = self.run_it("--demands", self.demands, "--topology", self.topology)
        self.assertEqual(code, OK)
        self.assertIn("most loaded link 75.0 % now, 70.0 % after 1 steps", out)
        self.assertIn("A -> D via C", out)

    def test_what_is_wrong_is_said(self):
        cases = ((), ("--demands", "nowhere"), ("--demands", self.demands, "--gain", "x"),
                 ("--demands", self.demands, "--gain", "nan"), ("--demands", self.demands, "--segments", "6"),
                 ("--demands", self.demands, "--segments", "1"), ("--demands", self.topology))
        for arguments in cases:
            with self.subTest(arguments=arguments):
                code, out, err = self.run_it("--topology", self.topology, *arguments)
                self.assertEqual((code, out), (USAGE, ""))
                self.assertTrue(err)
        broken = self.write("b.yaml", "demands:\n  - {from: A, to: Z, bandwidth: 1M}\n")
        code, _, err = self.run_it("--topology", self.topology, "--demands", broken)
        self.assertEqual(code, USAGE)
        self.assertIn("b.yaml:2:", err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
