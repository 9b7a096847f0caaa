#!/usr/bin/env python3
"""What deploy/quickstart tells people to do with FRR is done here, word for word, and has to work."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr
import netns
from daemon import ROOT

WAIT_S = 60


class QuickStartAdvice(unittest.TestCase):
    def setUp(self):
        try:
            frr.check()
            netns.enter()
        except netns.Unavailable as reason:
            print(f"SKIP: {reason}")
            self.skipTest(str(reason))
        netns.add_address("fd00::1/128")

    def start(self):
        """The script, waiting for Ctrl-C, and what it said so far."""
        command = [os.path.join(ROOT, "deploy", "quickstart"), "--build", os.environ["PCED_BUILD"]]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True)
        self.addCleanup(process.wait, WAIT_S)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return process, "".join(said)
        self.fail("".join(said))

    def test_frr_gets_its_path(self):
        process, said = self.start()
        address = re.search(r"^    ip address add (\S+) dev lo$", said, re.M).group(1)
        lines = re.search(r"^    segment-routing$.*?^    exit$", said, re.M | re.S).group(0)
        netns.add_address(address)
        folder = tempfile.mkdtemp(prefix="pced-interop-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)
        router = frr.Frr(folder, re.sub(r"^    ", "", lines, flags=re.M) + "\n")
        router.module = "pathd_pcep"  # by name, as the advice has it
        self.addCleanup(router.stop)
        router.start()
        frr.wait_until(lambda: any(path["chosen"] and path["segment_list"] == "(created by PCE)"
                                   for path in router.policies().get("to-Pau", [])),
                       "pathd chooses the path",
                       describe=lambda: router.vtysh("show sr-te pcep session",
                                                     "show sr-te policy detail"))
        router.stop()
        process.send_signal(signal.SIGINT)
        self.assertIn("ended cleanly", process.stdout.read())
        self.assertEqual(process.wait(WAIT_S), 0)
        process.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
