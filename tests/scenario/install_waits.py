#!/usr/bin/env python3
"""Packages are installed although another package manager holds a lock: deploy/lib.sh waits for it, and
gives up at once for any other reason. An apt-get of our own stands in for the real one."""

import os
import stat
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

APT_GET = """#!/bin/sh
echo "$@" >>"$CALLS"
case " $* " in
*" update "*)
    if [ "$(grep -c update "$CALLS")" -le "$FAILURES" ]; then
        echo "$ERROR" >&2
        exit 100
    fi ;;
esac
"""
LOCKED = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)"


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.calls = os.path.join(folder.name, "calls")
        for name, text in (("apt-get", APT_GET), ("sleep", "#!/bin/sh\n")):
            path = os.path.join(folder.name, name)
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            os.chmod(path, stat.S_IRWXU)
        self.path = folder.name + ":" + os.environ["PATH"]

    def install(self, failures, error):
        # The policy that keeps daemons from being started is not what this is about.
        script = ('source deploy/lib.sh; sh -c "${PCED_INSTALL//\\/usr\\/sbin\\/policy-rc.d/\\/dev\\/null}"'
                  ' install_packages one two')
        return subprocess.run(
            ["bash", "-c", script], cwd=ROOT, text=True, timeout=60, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": self.path, "CALLS": self.calls, "FAILURES": str(failures),
                 "ERROR": error})

    def calls_made(self):
        with open(self.calls, encoding="ascii") as file:
            return file.read().splitlines()

    def test_a_lock_is_waited_for_and_that_is_said(self):
        done = self.install(2, LOCKED)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("waiting for it"), 2, done.stdout)
        self.assertEqual(len(self.calls_made()), 4)
        self.assertIn("DPkg::Lock::Timeout=1800 one two", self.calls_made()[-1])

    def test_another_error_ends_it(self):
        done = self.install(9, "E: The repository is not signed.")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("not signed", done.stdout)
        self.assertEqual(len(self.calls_made()), 1)


if __name__ == "__main__":
    unittest.main()
