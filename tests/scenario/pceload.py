#!/usr/bin/env python3
"""pceload against the real server: sessions that stay, load in both kinds of loop, and sessions that
misbehave beside others."""

import os
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
from load import Run

KINDS = ("stall:4:2000", "drip:4", "half-open:4", "reset:4:0.3", "reconnect:4:0.2", "malformed:4:20")


class AgainstPced(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pced = daemon.Pced(topology=networks.DIAMOND,
                               session={"keepalive": 2, "dead-timer": 8, "open-wait": 2,
                                        "keepalive-min": 1}).start()

    @classmethod
    def tearDownClass(cls):
        cls.pced.stop()

    def run_load(self, *options, **files):
        files.setdefault("topology", networks.DIAMOND)
        files.setdefault("pairs", f"# some pairs\n{networks.A} {networks.D}\n"
                                  f"{networks.B} {networks.F}\n{networks.D} {networks.A}\n")
        return Run(*options, server=self.pced.address, **files)

    def expect_all_right(self, run):
        self.assertEqual(run.code, 0, f"{run.text}\n{run.result}")
        self.assertEqual(run.requests["wrong"], 0)
        self.assertEqual(run.requests["unanswered"], 0)
        self.assertEqual(run.sessions["lost"], 0)

    def test_idle_sessions_live_by_keepalives_of_both_sides(self):
        run = self.run_load("--sessions", 50, "--keepalive", 2, "--dead-timer", 5,
                            "--duration", 7, "--rings", 3)
        self.expect_all_right(run)
        self.assertEqual(run.sessions["up"], 50)
        self.assertEqual(run.errors, {})
        self.assertGreaterEqual(run.sessions["keepalives_sent"], 2 * 50)
        self.assertGreaterEqual(run.sessions["keepalives_received"], 2 * 50)

    def test_closed_loop_has_every_answer_verified(self):
        run = self.run_load("--sessions", 20, "--depth", 8, "--requests", 5000, "--warm-up", 0)
        self.expect_all_right(run)
        self.assertEqual(run.requests["sent"], 5000)
        self.assertEqual(run.requests["paths"], 5000)
        self.assertGreater(run.rate, 0)
        self.assertGreater(run.latency_us["p50"], 0)
        self.assertLessEqual(run.latency_us["p50"], run.latency_us["p99"])
        self.assertLessEqual(run.latency_us["p999"], run.latency_us["max"])

    def test_rsvp_constraints_and_every_way_to_pick(self):
        for options in (("--setup", "rsvp"), ("--constraints", "mix", "--pick", "zipf:1.1"),
                        ("--constraints", "unique", "--pick", "all-pairs"), ("--ipv6",)):
            with self.subTest(options=options):
                run = self.run_load("--sessions", 6, "--depth", 4, "--requests", 600, *options,
                                    pairs=None)
                self.expect_all_right(run)
                self.assertEqual(run.requests["replied"], 600)

    def test_requests_of_unknown_routers_are_answered_without_path(self):
        run = self.run_load("--sessions", 2, "--depth", 2, "--requests", 40,
                            pairs=f"{networks.A} 203.0.113.1\n")
        self.expect_all_right(run)
        self.assertEqual(run.requests["no_paths"], 40)

    def test_open_loop_sends_what_is_due_and_measures_from_then(self):
        run = self.run_load("--sessions", 30, "--open-loop", 600, "--duration", 3)
        self.expect_all_right(run)
        self.assertAlmostEqual(run.requests["sent"], 1800, delta=2)
        self.assertAlmostEqual(run.rate, 600, delta=60)
        self.assertEqual(run.seconds, 3)

    def test_stopped_server_shows_in_the_latency_of_an_open_loop(self):
        """Coordinated omission: a second without answers is a second of latencies, not one of them."""
        command = [daemon.program("pceload"), "--sessions", "4", "--open-loop", "200", "--warm-up", "0.5",
                   "--duration", "4", "--progress", "0", "--control", "--pairs", "/dev/stdin",
                   "--json", "-", "%s:%d" % self.pced.address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, env=daemon.environment()) as run:
            run.stdin.write(f"{networks.A} {networks.D}\n")
            run.stdin.close()
            self.assertEqual(run.stdout.readline(), "up 4\n")
            run.send_signal(signal.SIGUSR1)  # it is measured from now on
            self.pced.let_pass(1)
            self.pced.signal(signal.SIGSTOP)
            try:
                self.assertRaises(subprocess.TimeoutExpired, run.wait, 1.5)
            finally:
                self.pced.signal(signal.SIGCONT)
            text = run.stdout.readline()
            self.assertEqual(run.wait(daemon.WAIT_S), 0, run.stderr.read())
        found = {name: float(value) for name, value in re.findall(r'"(\w+)":([\d.]+)', text)}
        self.assertGreater(found["max"], 1e6)
        # 300 of 800 requests fell into the stop; half of those waited longer than half of it.
        self.assertGreater(found["p90"], 0.5e6)
        self.assertLess(found["p50"], 0.5e6)

    def test_histogram_file_is_a_percentile_distribution(self):
        path = os.path.join(self.pced.folder, "latency.hdr")
        run = self.run_load("--sessions", 5, "--depth", 2, "--requests", 500, "--hdr", path)
        self.expect_all_right(run)
        with open(path, encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0].split(), ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"])
        rows = [line.split() for line in lines[1:] if line and not line.startswith("#")]
        self.assertEqual((float(rows[-1][1]), int(rows[-1][2])), (1.0, 500))
        self.assertAlmostEqual(float(rows[-1][0]), run.latency_us["max"], delta=0.001)
        self.assertEqual(sum(line.startswith("#[") for line in lines), 3)

    def test_synchronisation_flood_is_taken(self):
        run = self.run_load("--sessions", 5, "--reports", 2000, "--duration", 2)
        self.expect_all_right(run)
        self.assertEqual(run.reports["sent"], 5 * 2000)
        self.assertGreater(run.reports["seconds"], 0)
        self.assertEqual(run.errors, {})

    def test_each_misbehaviour_leaves_the_others_unharmed(self):
        for kind in KINDS:
            name = kind.split(":")[0]
            with self.subTest(kind=kind):
                run = self.run_load("--sessions", 14, "--depth", 1, "--duration", 3,
                                    "--misbehave", kind)
                self.expect_all_right(run)
                self.assertEqual(run.sessions["up"], 10)
                self.assertGreater(run.requests["paths"], 0)
                found = run.misbehaviour[name]
                self.assertEqual(found["sessions"], 4)
                self.assertGreaterEqual(found["connected"], 4)
                if name == "half-open":
                    self.assertEqual(found["up"], 0)
                    self.assertGreaterEqual(found["ended_by_server"], 4, "OpenWait")
                else:
                    self.assertGreaterEqual(found["acts"], 4)
                if name in ("reset", "reconnect"):
                    self.assertGreater(found["connected"], 8)
                if name == "malformed":
                    self.assertGreaterEqual(found["ended_by_server"], 4)

    def test_no_server_is_found_out_at_once(self):
        run = Run("--sessions", 3, "--ramp-limit", 20, server=("127.0.0.1", daemon.free_port()))
        self.assertEqual(run.code, 1)
        self.assertEqual(run.sessions["up"], 0)
        self.assertEqual(run.sessions["failed"], 3)
        self.assertIn("errno-ECONNREFUSED", run.errors)

    def test_every_option_is_in_the_documentation(self):
        text = subprocess.run([daemon.program("pceload"), "--help"], capture_output=True, text=True,
                              check=True).stdout
        with open(os.path.join(daemon.ROOT, "docs", "PCELOAD.md"), encoding="utf-8") as file:
            rows = [line for line in file if line.startswith("| `--")]
        known = set(re.findall(r"^  (--[a-z0-9-]+)", text, re.M))
        told = {name for row in rows for name in re.findall(r"`(--[a-z0-9-]+)", row.split("|")[1])}
        self.assertEqual(known, told)

    def test_wrong_options_are_refused_with_a_reason(self):
        run = Run("--depth", 1, server=("127.0.0.1", 4189))
        self.assertEqual(run.code, 2)
        self.assertIn("--topology or --pairs", run.text)
        run = Run("--depth", 1, server=("127.0.0.1", 4189), pairs="10.0.0.1 ten\n")
        self.assertEqual(run.code, 2)
        self.assertIn("line 1", run.text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
