"""Servers whose memory is short: one call of the allocator in so many fails (tests/preload/short_memory.c).

PCED_TEST_SHORTAGE, a JSON object, has every server of a scenario program run so: one_in, seed, from ("ready"
or "start"), results (a file; a line of JSON for each server that has ended). What the scenario itself asserts
may fail then. What a server may not do, whatever it was refused: end by a signal, a failed CHECK or the report
of a sanitizer, hang, or end with a failure when it had been ready.
"""

import atexit
import json
import mmap
import os
import signal
import struct
import subprocess
import tempfile

WORDS = struct.Struct("=5Q")  # struct shortage: is_armed, one_in, seed, calls, failed
END_WAIT_S = 30
EXIT_CODES = (0, 1, 2, 3)  # as pced --help names them
# The loader's own memory is known as such by who asks for it, which is the preloaded library now.
LOADER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shortage.supp")
SANITIZED = {"ASAN_OPTIONS": "verify_asan_link_order=0:allocator_may_return_null=1",
             "LSAN_OPTIONS": f"suppressions={LOADER}:print_suppressions=0"}

_runs = []


def wanted():
    text = os.environ.get("PCED_TEST_SHORTAGE")
    return json.loads(text) if text else None


class Shortage:
    """What the server and the test share: how often, and how often up to now."""

    def __init__(self, one_in, seed):
        descriptor, self.path = tempfile.mkstemp(prefix="pced-shortage-")
        os.write(descriptor, WORDS.pack(0, one_in, seed, 0, 0))
        self.words = mmap.mmap(descriptor, WORDS.size)
        os.close(descriptor)

    def arm(self):
        self.words[0:8] = struct.pack("=Q", 1)

    def disarm(self):
        self.words[0:8] = struct.pack("=Q", 0)

    def counts(self):
        """(calls, failed)"""
        return WORDS.unpack(self.words[:])[3:]

    def environment(self, library, before):
        after = dict(before, LD_PRELOAD=library, PCED_SHORT_MEMORY=self.path)
        for name, options in SANITIZED.items():
            after[name] = ":".join(filter(None, (before.get(name), options)))
        return after

    def forget(self):
        if os.path.exists(self.path):
            os.unlink(self.path)


def watch(pced, settings):
    """The shortage of a server that is about to start; it is judged when the program ends."""
    if not _runs:
        atexit.register(_judge_all)
    shortage = Shortage(settings["one_in"], settings["seed"] + len(_runs))
    if settings["from"] == "start":
        shortage.arm()
    _runs.append((pced, shortage))
    return shortage


def verdict(code, was_killed, was_ready, lines, report):
    """What is wrong with how a server ended; None when nothing is."""
    found = [line for line in lines if report.search(line)]
    if was_killed:
        return "it hung"
    if code == -signal.SIGTERM and not was_ready and not lines:
        return None  # it was told to end before it had begun
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    if found:
        return found[0]
    if code not in EXIT_CODES or (was_ready and code != 0):
        return f"exit code {code}, ready: {was_ready}"
    if code != 0 and not lines:
        return f"exit code {code} without a word"
    return None


def _end(pced):
    """A test that failed may have left its server behind."""
    if pced.process.poll() is not None:
        return
    pced.process.send_signal(signal.SIGTERM)
    try:
        pced.process.wait(END_WAIT_S)
    except subprocess.TimeoutExpired:
        pced.was_killed = True
        pced.process.send_signal(signal.SIGABRT)  # says where it was
        pced.process.wait()


def _judge_all():
    settings = wanted()
    with open(settings["results"], "a", encoding="utf-8") as results:
        for pced, shortage in _runs:
            _end(pced)
            pced.join_reader()
            shortage.forget()
            lines = [line for line in pced.lines if line]
            calls, failed = shortage.counts()
            if pced.was_crashed:  # only what it has said before counts
                bad = next((line for line in lines if pced.REPORT.search(line)), None)
            else:
                bad = verdict(pced.process.returncode, pced.was_killed, pced.was_ready, lines, pced.REPORT)
            print(json.dumps({"seed": settings["seed"], "calls": calls, "failed": failed, "bad": bad,
                              "code": pced.process.returncode, "log": lines[-60:] if bad else lines[-1:]}),
                  file=results)
