#!/usr/bin/env python3
"""The programs of tests/scenario, with servers whose memory is short.

Judged is how the servers end (lib/shortage.py of the scenarios), not what the scenarios assert. Each program
runs with a seed and a rate of its own, which are printed: PCED_TEST_SEED runs others. A program under which
no allocation failed has shown nothing, and fails.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SCENARIOS = os.path.join(ROOT, "tests", "scenario")
# With the classes that have a server, where a program is long without one.
PROGRAMS = ("admission", "api", "bad_input", "closing", "compute", "groups", "limits", "lsp_orders", "lsp_views",
            "outgoing", "overload", "path_requests", "path_sets", "pcectl Request", "pceload", "pceload_ipv6",
            "pceload_lsps", "reoptimisation", "send_hold", "session_life", "session_rows", "session_sort",
            "start_and_reload", "store", "tolerance")
# From nearly nothing can be had to hardly anything is refused: other code is reached by each.
RATES = (3, 12, 50, 120)
RUN_S = 25   # then the program is told to end; what was reached until then is judged
END_S = 60   # for its servers to end, at most
AT_A_TIME = 2 * (os.cpu_count() or 1)  # they wait most of their time


class Outcome:
    """One program: what its servers said."""

    def __init__(self, program, one_in, seed):
        self.name = f"{program}, one in {one_in}, seed {seed}"
        with tempfile.TemporaryDirectory(prefix="pced-shortage-") as folder:
            results = os.path.join(folder, "results")
            settings = {"one_in": one_in, "seed": seed, "from": "ready", "results": results}
            env = dict(os.environ, PCED_TEST_SHORTAGE=json.dumps(settings), PCED_TEST_WAIT_S="2")
            file, *classes = program.split()
            self.ended = self.run([sys.executable, os.path.join(SCENARIOS, file + ".py"), *classes], env)
            self.servers = self.read(results)

    @staticmethod
    def run(words, env):
        process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            process.wait(RUN_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(END_S)
            return True
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False

    @staticmethod
    def read(path):
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def failed(self):
        return sum(server["failed"] for server in self.servers)

    def bad(self):
        return [server for server in self.servers if server["bad"]]


class Scenarios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        seed = int(os.environ.get("PCED_TEST_SEED", random.randrange(1, 10**6)))
        print(f"seed {seed}", flush=True)
        runs = [(program, RATES[(i + seed) % len(RATES)], seed + 1000 * i)
                for i, program in enumerate(PROGRAMS)]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            cls.outcomes = dict(zip(PROGRAMS, pool.map(lambda run: Outcome(*run), runs)))

    def test_requests_that_the_library_refuses(self):
        """Where it has no memory for its own answer it ends a connection without a word to us."""
        seed = int(os.environ.get("PCED_TEST_SEED", random.randrange(1, 10**6)))
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for outcome in pool.map(lambda i: Outcome("api Refusals", RATES[0], seed + i), range(16)):
                self.judge(outcome)

    def check(self, program):
        self.judge(self.outcomes[program])

    def judge(self, outcome):
        calls = sum(server["calls"] for server in outcome.servers)
        print(f"{outcome.name}: {len(outcome.servers)} servers, {outcome.failed()} of {calls} calls failed",
              flush=True)
        self.assertTrue(outcome.ended, f"{outcome.name}: the scenario did not end")
        self.assertGreater(outcome.failed(), 0, f"{outcome.name}: nothing was refused")
        for server in outcome.bad():
            print("\n".join(server["log"]))
        self.assertEqual([server["bad"] for server in outcome.bad()], [], outcome.name)


for name in PROGRAMS:
    setattr(Scenarios, "test_" + name.split()[0], lambda self, program=name: self.check(program))


if __name__ == "__main__":
    unittest.main(verbosity=2)
