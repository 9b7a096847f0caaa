#!/usr/bin/env python3
"""deploy/quickstart, with the programs that are built already: what it says, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
from daemon import ROOT, free_port

SCRIPT = os.path.join(ROOT, "deploy", "quickstart")
WAIT_S = 60


def command(port, *options):
    return [SCRIPT, "--build", os.environ.get("PCED_BUILD", ""), "--port", str(port), *options]


class QuickStart(unittest.TestCase):
    def test_no_wait_stops_by_itself(self):
        done = subprocess.run(command(free_port(), "--no-wait"), capture_output=True, text=True,
                              timeout=WAIT_S, env=daemon.environment(), check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("16027 Vannes | 16034 La-Rochelle | 16005 Bordeaux | 24006", done.stdout)
        self.assertIn("16005 Bordeaux | 24006", done.stdout)
        self.assertIn("NO-PATH", done.stdout)
        self.assertRegex(done.stdout.splitlines()[-1], "^quickstart: .*ended cleanly")

    def test_port_that_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            done = subprocess.run(command(port, "--no-wait"), capture_output=True, text=True,
                                  timeout=WAIT_S, env=daemon.environment(), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"127.0.0.1:{port} is taken", done.stderr)
        self.assertIn("--port", done.stderr)

    def assert_can_be_copied(self, said):
        """Each command that it has printed does in a shell what it did for the script."""
        commands = re.findall(r"^  (\S+/pcectl request .*)$", said, re.M)
        around = re.search(r"^Look around:((?:.*\n)+?)Other networks:", said, re.M).group(1)
        commands += filter(None, map(str.strip, re.sub(r"\\\n\s*", "", around).splitlines()))
        self.assertEqual(len(commands), 9)
        for line in commands:
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT,
                                  timeout=WAIT_S, env=daemon.environment(), check=False)
            expected = 1 if "Cherbourg" in line else 0  # NO-PATH
            self.assertEqual(done.returncode, expected, line + done.stdout + done.stderr)

    def test_ctrl_c_ends_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                process = subprocess.Popen(command(free_port()), stdout=subprocess.PIPE,
                                           stderr=subprocess.STDOUT, text=True,
                                           env=daemon.environment(), start_new_session=True)
                seen = []
                for line in process.stdout:
                    seen.append(line)
                    if "Ctrl-C" in line:
                        break
                else:
                    self.fail("".join(seen))
                self.assert_can_be_copied("".join(seen))
                os.killpg(process.pid, number)  # as a terminal does: to all of them
                seen += process.stdout.readlines()
                self.assertEqual(process.wait(WAIT_S), 0, "".join(seen))
                self.assertIn("ended cleanly", seen[-1])

    def test_wrong_options(self):
        for options in (["--nowait"], ["--port"], ["--port", "many"]):
            done = subprocess.run([SCRIPT, *options], capture_output=True, text=True,
                                  timeout=WAIT_S, check=False)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn("quickstart:", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
