#!/usr/bin/env python3
"""The store of the real server: who may have it, what is said of a file that is wrong, a reload, a kill."""

import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
from daemon import Pced, program

EXIT_MACHINE = 3


class Store(unittest.TestCase):
    def setUp(self):
        self.pced = Pced(store={"path": "records"})
        self.addCleanup(self.pced.stop)
        self.folder = os.path.join(self.pced.folder, "records")
        self.data = os.path.join(self.folder, "data.mdb")
        os.mkdir(self.folder)

    def run_here(self, *arguments):
        return subprocess.run([program("pced"), "--config", self.pced.path, *arguments], capture_output=True,
                              text=True, timeout=60, env=daemon.environment(), check=False)

    def test_a_start_makes_the_store_and_tells_its_size(self):
        self.pced.start()
        self.pced.wait_line("store opened")
        self.assertGreaterEqual(os.path.getsize(self.data), self.pced.metrics()["pced_store_size"])
        self.assertGreater(self.pced.metrics()["pced_store_size"], 0)
        self.assertEqual(self.pced.metrics()["pced_store_commits_total"], 0)

    def test_a_second_server_on_the_same_store_is_refused_with_the_number_of_the_first(self):
        self.pced.start()
        self.take_another_port()
        done = self.run_here()
        self.assertEqual(done.returncode, EXIT_MACHINE, done.stderr)
        self.assertIn(f"is in use by another process: {self.pced.process.pid}", done.stderr)
        checked = self.run_here("--check-config")
        self.assertIn("note: store: the store", checked.stderr)

    def take_another_port(self):
        """The kernel closes the rings of a process that was killed, and their sockets, a little later."""
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))

    def test_a_kill_leaves_a_store_that_opens(self):
        for _ in range(3):
            self.pced.start()
            self.take_another_port()
            self.pced.signal(signal.SIGKILL)
            self.pced.wait_exit()
            self.pced.lines.clear()
        self.pced.start()

    def test_a_damaged_file_is_refused_with_what_to_do_and_left_as_it_is(self):
        self.pced.start()
        self.pced.signal(signal.SIGTERM)
        self.assertEqual(self.pced.wait_exit(), 0)
        os.truncate(self.data, 5000)
        with open(self.data, "rb") as file:
            before = file.read()
        for arguments in ((), ("--check-config",)):
            done = self.run_here(*arguments)
            self.assertEqual(done.returncode, EXIT_MACHINE, done.stderr)
            for words in (self.data, "is damaged and was left as it is", "put a good copy in its place"):
                self.assertIn(words, done.stderr)
            self.assertNotRegex(done.stderr, daemon.REPORT)
        with open(self.data, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_a_folder_that_is_missing_is_refused(self):
        os.rmdir(self.folder)
        done = self.run_here()
        self.assertEqual(done.returncode, EXIT_MACHINE, done.stderr)
        self.assertIn(f"the folder of the store, {self.folder}: No such file", done.stderr)

    def test_a_reload_does_not_move_the_store(self):
        self.pced.start()
        self.pced.sections["store"]["path"] = "elsewhere"
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.signal(signal.SIGHUP)
        self.pced.wait_line(r'reload refused.*store\.path.*elsewhere.*records.*needs a restart')


if __name__ == "__main__":
    unittest.main(verbosity=2)
