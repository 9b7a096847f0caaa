"""The real pced, started for one test: its configuration, its log as events, its end.

The program is found through PCED_BUILD, the build directory. It may be a release or a sanitized one: what
a sanitizer reports makes the test fail, whatever else the test saw.
"""

import ctypes
import errno
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import shortage

WAIT_S = float(os.environ.get("PCED_TEST_WAIT_S", 30))
END_WAIT_S = 30
LOWEST_PORT = 10240
ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
READY = re.compile(r"\bready\b")
REPORT = re.compile(r"ERROR: \w+Sanitizer|WARNING: \w+Sanitizer|runtime error:|CHECK failed|"
                    r"check failed")


def program(name):
    """Where a built program lies."""
    build = os.environ.get("PCED_BUILD")
    if not build:
        sys.exit("PCED_BUILD is not set: name the build directory, such as build/release")
    for folder in ("server", "bench", "bin", ""):
        path = os.path.join(os.path.abspath(build), folder, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    sys.exit(f"no {name} in {build}: build it first")


def preload(name):
    """Where a library to be loaded before a program lies."""
    path = os.path.join(os.path.abspath(os.environ["PCED_BUILD"]), "tests", "preload", f"lib{name}.so")
    if not os.path.isfile(path):
        sys.exit(f"no {path}: build it first")
    return path


def is_sanitized():
    """A sanitizer brings its own allocator."""
    with open(program("pced"), "rb") as file:
        return b"__asan_init" in file.read()


def free_port():
    """A port that is free on both loopback addresses, below those that connections are given: one of them
    could be taken by any connection before the program under test listens."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        lowest = int(file.read().split()[0])
    while True:
        port = random.randrange(LOWEST_PORT, lowest)
        with socket.socket(socket.AF_INET) as four, socket.socket(socket.AF_INET6) as six:
            try:
                four.bind(("127.0.0.1", port))
                six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                six.bind(("::1", port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
            return port  # or there is no IPv6 here


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as six:
            six.bind(("::1", 0))
        return True
    except OSError:
        return False


def connect_unix(path, wait_s=WAIT_S):
    """A connection to a UNIX socket. A connect() that blocks waits while the listener's backlog is full, one with
    a timeout of Python's does not block and fails with EAGAIN."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(wait_s), 0))
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    connection.settimeout(wait_s)
    return connection


def _yaml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def render(sections):
    """{section: {key: value}} as a configuration file; peers and groups are lists of mappings."""
    lines = []
    for section, keys in sections.items():
        if not isinstance(keys, dict):
            lines.append(f"{section}: {_yaml(keys)}")
            continue
        lines.append(f"{section}:")
        lines += [f"  {key}: {_yaml(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def environment():
    """Sanitizers: a small quarantine, so that memory figures mean something; leaks are failures."""
    result = dict(os.environ)
    for name, options in (("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=8"),
                          ("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")):
        result[name] = ":".join(filter(None, (options, result.get(name))))
    return result


class Pced:
    """One running server. Sections of the configuration may be given as keywords:
    Pced(topology=TEXT, session={"keepalive": 1})."""
    REPORT = REPORT

    def __init__(self, topology=None, addresses=None, port=None, **sections):
        self.folder = tempfile.mkdtemp(prefix="pced-test-")
        self.port = port or free_port()
        self.addresses = addresses or ["127.0.0.1"] + (["::1"] if has_ipv6() else [])
        self.sections = {"listen": {"addresses": self.addresses, "port": self.port},
                         "server": {"shards": 2, "shutdown-grace": 5},
                         "control": {"socket": os.path.join(self.folder, "pced.sock")}}
        self.topology_path = os.path.join(self.folder, "topology.yaml")
        if topology is not None:
            self.sections["topology"] = {"file": "topology.yaml"}
            self.write_topology(topology)
        self._take_sections(sections)
        self.path = os.path.join(self.folder, "pced.yaml")
        self.write(self.path, render(self.sections))
        self.process = None
        self.was_killed = False  # as it did not end by itself
        self.was_crashed = False  # as the test wanted it
        self.was_ready = False
        self.lines = []
        self._shortage = None
        self._news = threading.Condition()
        self._reader = None

    def _take_sections(self, sections):
        """peers=[…] and peer_groups=[…] are lists, all others mappings; "_" stands for "-"."""
        for section, keys in sections.items():
            name = section.replace("_", "-")
            if not isinstance(keys, dict):
                self.sections[name] = keys
                continue
            self.sections.setdefault(name, {}).update(
                {key.replace("_", "-"): value for key, value in keys.items()})

    # -- files

    def write(self, path, text):
        """In one step, so that the server never reads half a file."""
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def write_topology(self, text):
        self.write(self.topology_path, text)

    def reload(self, **sections):
        """SIGHUP with these sections changed; returns when the new ones are in force."""
        self._take_sections(sections)
        self.write(self.path, render(self.sections))
        since = self.mark()
        self.signal(signal.SIGHUP)
        self.wait_line("reload done", since)

    # -- life

    def spawn(self, before_exec=None):
        """Starts the program without waiting for anything."""
        env, settings = environment(), shortage.wanted()
        if settings:
            self._shortage = shortage.watch(self, settings)
            env = self._shortage.environment(preload("short_memory"), env)
        self.process = subprocess.Popen([program("pced"), "--config", self.path],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env=env,
                                        preexec_fn=before_exec)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def start(self, wait_s=END_WAIT_S):
        self.spawn()
        try:
            self.wait_line(READY, wait_s=wait_s)
        except BaseException as error:
            if self._shortage is None or isinstance(error, TimeoutError):
                self.kill()  # else it is judged by how it ends by itself
            raise
        if self._shortage:
            self._shortage.arm()
        return self

    def _read(self):
        with self.process.stdout as stream:
            for raw in stream:
                with self._news:
                    self.lines.append(raw.decode(errors="replace").rstrip("\n"))
                    self.was_ready = self.was_ready or READY.search(self.lines[-1]) is not None
                    self._news.notify_all()
        with self._news:
            self.lines.append(None)  # the end
            self._news.notify_all()

    def wait_line(self, pattern, since=0, wait_s=WAIT_S):
        """Waits for a line of the log; returns its match. Fails at once when the program ends."""
        deadline, at = time.monotonic() + wait_s, since
        with self._news:
            while True:
                while at < len(self.lines):
                    line, at = self.lines[at], at + 1
                    if line is None:
                        raise AssertionError(f"pced ended; no line {pattern}:\n{self.log()}")
                    found = re.search(pattern, line)
                    if found:
                        return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no line {pattern} in the log:\n{self.log()}")
                self._news.wait(left)

    def lines_with(self, pattern, since=0):
        """What the log has of such lines so far."""
        with self._news:
            return [line for line in self.lines[since:] if line and re.search(pattern, line)]

    def wait_lines(self, pattern, count, since=0, wait_s=WAIT_S):
        """Waits until there are so many lines of the log with that."""
        deadline = time.monotonic() + wait_s
        with self._news:
            while len(self.lines_with(pattern, since)) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not self.is_alive():
                    raise TimeoutError(f"not {count} lines {pattern}:\n{self.log()}")
                self._news.wait(left)

    def let_pass(self, seconds):
        """Time goes by, for something that must not happen in it; fails at once when pced ends."""
        deadline = time.monotonic() + seconds
        with self._news:
            while time.monotonic() < deadline:
                if None in self.lines[-1:]:
                    raise AssertionError(f"pced ended:\n{self.log()}")
                self._news.wait(deadline - time.monotonic())

    def mark(self):
        """Where the log stands now, for wait_line(since=…)."""
        with self._news:
            return len(self.lines)

    def log(self):
        return "\n".join(line for line in self.lines if line is not None)

    def crash(self):
        """What a test wants to be a crash: no judgement of how it ends."""
        self.was_crashed = True
        self.process.kill()
        self.process.wait()

    def kill(self):
        """Where it should have ended, or come up, and did not."""
        self.was_killed = self.process.poll() is None
        self.process.kill()
        self.process.wait()

    def wait_exit(self, wait_s=END_WAIT_S):
        """The exit code, when the program has ended by itself."""
        try:
            code = self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"pced did not end within {wait_s} s:\n{self.log()}") from None
        self.join_reader()
        return code

    def join_reader(self):
        self._reader.join(END_WAIT_S)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM, and then all must be well: exit code 0, no report of a sanitizer."""
        try:
            if self.process is not None:
                if self.process.poll() is None:
                    self.signal(signal.SIGTERM)
                code = self.wait_exit()
                report = [line for line in self.lines if line and REPORT.search(line)]
                if code != 0 or report:
                    raise AssertionError(f"pced ended with {code}; {report}\n{self.log()[-8000:]}")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def is_alive(self):
        return self.process.poll() is None

    # -- facts

    def metrics(self):
        """{name: value} of /metrics, those without labels."""
        with connect_unix(self.sections["control"]["socket"]) as control:
            control.sendall(b"GET /metrics HTTP/1.1\r\nHost: pced\r\nConnection: close\r\n\r\n")
            text = b""
            while octets := control.recv(65536):
                text += octets
        rows = (line.split() for line in text.decode().splitlines() if line.startswith("pced_"))
        return {row[0]: float(row[1]) for row in rows if len(row) == 2}

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @property
    def address6(self):
        return ("::1", self.port)

    def rss_kib(self):
        """Resident memory."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        raise AssertionError("no VmRSS")


# ---- a kernel that refuses io_uring -------------------------------------------------------------

_SECCOMP_RET_ALLOW, _SECCOMP_RET_ERRNO = 0x7FFF0000, 0x00050000
_NR_IO_URING_SETUP = 425  # the same on every architecture


class _Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte),
                ("k", ctypes.c_uint)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter))]


def refuse_io_uring(error):
    """A function for spawn(before_exec=…): io_uring_setup fails with this errno from then on, as under
    a container's seccomp profile."""
    rows = (_Filter * 4)(_Filter(0x20, 0, 0, 0),                      # load the call's number
                         _Filter(0x15, 0, 1, _NR_IO_URING_SETUP),     # equal: the next row
                         _Filter(0x06, 0, 0, _SECCOMP_RET_ERRNO | error),
                         _Filter(0x06, 0, 0, _SECCOMP_RET_ALLOW))
    libc = ctypes.CDLL(None, use_errno=True)

    def install():
        if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
            raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
        filter_ = _Program(len(rows), rows)
        if libc.prctl(22, 2, ctypes.byref(filter_), 0, 0) != 0:  # PR_SET_SECCOMP, mode filter
            raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")
    return install
