#!/usr/bin/env python3
"""How pcectl finds pced: by itself, by option, by environment; and what it says where it cannot."""

import concurrent.futures
import ctypes
import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
from daemon import Pced, free_port, program

OK, NO, USAGE, NO_ANSWER = 0, 1, 2, 3
CLONE_NEWNS = 0x20000
MS_PRIVATE_ALL = (1 << 18) | (1 << 14)
MS_RDONLY = 1


def hide_run(*more):
    """Gives this process a /run of its own, empty and read-only: nothing there can be made. The same of
    other folders."""
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.unshare(CLONE_NEWNS) != 0 or
            libc.mount(b"none", b"/", None, MS_PRIVATE_ALL, None) != 0 or
            any(libc.mount(b"none", folder, b"tmpfs", MS_RDONLY, b"size=4k") != 0
                for folder in (b"/run", *more))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def hide_all():
    """The last place as well."""
    hide_run(f"/tmp/pced-{os.geteuid()}".encode())


def can_hide_run():
    return subprocess.run(["true"], preexec_fn=hide_run, check=False).returncode == 0


def status(runtime=None, *arguments, before_exec=None, **environment):
    """pcectl status, with that environment alone of what it looks at."""
    variables = daemon.environment()
    for name in ("PCED_SOCKET", "PCED_API", "XDG_RUNTIME_DIR"):
        variables.pop(name, None)
    if runtime is not None:
        variables["XDG_RUNTIME_DIR"] = runtime
    variables.update(environment)
    return subprocess.run([program("pcectl"), "status", *arguments], env=variables, timeout=60,
                          capture_output=True, text=True, preexec_fn=before_exec, check=False)


class Named(unittest.TestCase):
    """Somebody has said which server."""

    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.pced = Pced(control={"listen": f"127.0.0.1:{cls.port}"}).start()
        cls.addClassCleanup(cls.pced.stop)
        cls.socket = cls.pced.sections["control"]["socket"]

    def assert_asked(self, done):
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertIn("uptime", done.stdout)

    def test_by_option(self):
        self.assert_asked(status(None, "--socket", self.socket))
        self.assert_asked(status(None, "--api", f"127.0.0.1:{self.port}"))
        self.assert_asked(status(None, "--api", f"http://localhost:{self.port}/"))

    def test_by_environment(self):
        self.assert_asked(status(PCED_SOCKET=self.socket))
        self.assert_asked(status(PCED_API=f"127.0.0.1:{self.port}"))

    def test_an_option_goes_before_the_environment(self):
        self.assert_asked(status(None, "--socket", self.socket, PCED_API="127.0.0.1:1"))

    def test_both_options_exclude_each_other(self):
        done = status(None, "--socket", self.socket, "--api", f"127.0.0.1:{self.port}")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("exclude each other", done.stderr)

    def test_no_address(self):
        for text in ("nonsense", ":8080", "[::1:8080", "a@b:80", "http://127.0.0.1:80/path"):
            with self.subTest(text=text):
                done = status(None, "--api", text)
                self.assertEqual(done.returncode, NO_ANSWER)
                self.assertIn("is no HOST:PORT", done.stderr)


class Explained(unittest.TestCase):
    """Nobody answers: why, and what to do."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pced-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def refused(self, done, *words):
        self.assertEqual(done.returncode, NO_ANSWER, done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotIn("port 80", done.stderr)

    def test_no_socket(self):
        self.refused(status(PCED_SOCKET=f"{self.folder}/none"), "there is no such socket",
                     "control.socket")

    def test_socket_that_is_left_over(self):
        path = f"{self.folder}/left"
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(path)
        self.refused(status(PCED_SOCKET=path), "nobody serves it")

    def full_listener(self):
        """A socket whose backlog has no room left; the connections that fill it."""
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(f"{self.folder}/full")
        listener.listen(1)
        held = []
        while True:
            held.append(socket.socket(socket.AF_UNIX))
            self.addCleanup(held[-1].close)
            held[-1].setblocking(False)
            try:
                held[-1].connect(listener.getsockname())
            except BlockingIOError:
                held.pop()
                return listener, held

    def test_socket_that_takes_nobody_for_a_while(self):
        """pcectl waits for its place."""
        listener, held = self.full_listener()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(status, None, "--json", "--socket", listener.getsockname())
            with self.assertRaises(concurrent.futures.TimeoutError):
                asked.result(timeout=2)
            for _ in held:
                listener.accept()[0].close()
            with listener.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                done = asked.result()
        self.assertEqual((done.returncode, done.stdout.strip()), (OK, "{}"), done.stderr)

    def test_socket_that_takes_nobody_at_all(self):
        self.refused(status(PCED_SOCKET=self.full_listener()[0].getsockname()),
                     "others wait for it already")

    def test_nobody_listens(self):
        self.refused(status(PCED_API=f"127.0.0.1:{free_port()}"), "nobody listens there",
                     "control.listen")


class Found(unittest.TestCase):
    """A pced without a socket in its configuration, and without the right to /run/pced."""

    def setUp(self):
        if not can_hide_run():
            print("SKIP: no right to make a mount namespace")
            self.skipTest("no right to make a mount namespace")
        folder = tempfile.TemporaryDirectory(prefix="pced-test-")
        self.addCleanup(folder.cleanup)
        self.runtime = folder.name
        os.environ["XDG_RUNTIME_DIR"] = self.runtime
        self.addCleanup(os.environ.pop, "XDG_RUNTIME_DIR", None)
        self.path = os.path.join(self.runtime, "pced", "pced.sock")

    def configured(self):
        pced = Pced()
        del pced.sections["control"]
        pced.write(pced.path, daemon.render(pced.sections))
        return pced

    def start(self):
        pced = self.configured()
        pced.spawn(before_exec=hide_run)
        self.addCleanup(pced.stop)
        pced.wait_line(daemon.READY)
        return pced

    def test_by_itself(self):
        pced = self.start()
        pced.wait_line(f"control API socket={self.path}")
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.path)).st_mode), 0o700)
        done = status(self.runtime, before_exec=hide_run)
        self.assertEqual(done.returncode, OK, done.stderr)
        pced.stop()
        done = status(self.runtime, before_exec=hide_run)
        self.assertEqual(done.returncode, NO_ANSWER)
        self.assertIn(self.path, done.stderr)
        self.assertIn("PCED_SOCKET", done.stderr)

    def test_folder_that_others_may_write_to_is_not_used(self):
        os.mkdir(os.path.dirname(self.path))
        os.chmod(os.path.dirname(self.path), 0o777)
        pced = self.start()
        self.assertNotIn(f"socket={self.path}", pced.log())
        with socket.socket(socket.AF_UNIX) as forged:
            forged.bind(self.path)
            forged.listen()
            done = status(self.runtime, before_exec=hide_run)
        self.assertNotIn(self.path, done.stdout + done.stderr.split(";")[0])
        self.assertEqual(done.returncode, OK, done.stderr)  # the place behind it


class Checked(Found):
    """--check-config says where a start would put the socket, and makes nothing."""
    hide = staticmethod(hide_run)

    def check(self, pced):
        before = sorted(os.listdir(self.runtime))
        done = subprocess.run([program("pced"), "--config", pced.path, "--check-config"], timeout=60,
                              capture_output=True, text=True, env=daemon.environment(),
                              preexec_fn=self.hide, check=False)
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertEqual(sorted(os.listdir(self.runtime)), before)
        found = re.search(r"note: .*/run/pced.*; a start by this user (.*)$", done.stderr, re.M)
        self.assertIsNotNone(found, done.stderr)
        return found.group(1)

    def start_and_check(self):
        """The same words as the log's, of one configuration."""
        pced = self.configured()
        said = self.check(pced)
        pced.spawn(before_exec=self.hide)
        self.addCleanup(pced.stop)
        pced.wait_line(daemon.READY)
        return said, pced

    def test_by_itself(self):
        said, pced = self.start_and_check()
        self.assertEqual(said, f"takes {self.path}")
        pced.wait_line(f"control API socket={self.path}")
        after = self.check(pced)  # that place is in use now: another server would go on to the next
        self.assertNotIn(self.path, after)
        self.assertIn("takes ", after)

    def test_folder_that_others_may_write_to_is_not_used(self):
        os.mkdir(os.path.dirname(self.path))
        os.chmod(os.path.dirname(self.path), 0o777)
        said, pced = self.start_and_check()
        self.assertNotIn(self.path, said)
        pced.wait_line(f"control API socket={said.removeprefix('takes ')}$")

    def test_no_place_at_all(self):
        os.environ["XDG_RUNTIME_DIR"] = os.path.join(self.runtime, "none")
        os.makedirs(f"/tmp/pced-{os.geteuid()}", mode=0o700, exist_ok=True)
        self.hide = hide_all
        said, pced = self.start_and_check()
        self.assertEqual(said, "has no control socket")
        pced.wait_line("no control socket why=")


if __name__ == "__main__":
    unittest.main(verbosity=2)
