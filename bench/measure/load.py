"""pceload, run to its end or in the background."""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time

from . import children
from .servers import ADDRESS

LIMIT_S = 1200
DRAIN_S = 20  # longest wait for answers that are still out when the counted time is over


def arguments(**given):
    """Options as pceload has them: depth=8 is --depth 8, floor=True is --floor; None is left out."""
    result = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        result.append("--" + name.replace("_", "-"))
        if value is not True:
            result.append(str(value))
    return result


class Load:
    """One pceload against a server."""

    def __init__(self, server, control=False, **given):
        handle, self.path = tempfile.mkstemp(prefix="pceload-", suffix=".json")
        os.close(handle)
        is_floor = server.name == "floor"
        command = [server.options.program("pceload"), "--quiet", "--json", self.path,
                   *arguments(floor=is_floor, control=control, **given), f"{ADDRESS}:{server.port}"]
        self.process = children.start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.errors = []
        self._readers = [threading.Thread(target=self._read, daemon=True),
                         threading.Thread(target=self._read_errors, daemon=True)]
        for reader in self._readers:
            reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), line.split()))
        self.lines.put((time.monotonic(), None))

    def _read_errors(self):
        self.errors += self.process.stderr.readlines()

    def wait_up(self, seconds=LIMIT_S):
        """Waits for the line "up N" of --control; returns when it came."""
        return self._wait_word("up", seconds)[0]

    def wait_synchronised(self, seconds=LIMIT_S):
        """Waits for "synchronised N S" of --control; returns S: from the first report to the last mark."""
        return float(self._wait_word("synchronised", seconds)[1][2])

    def _wait_word(self, word, seconds):
        while True:
            at, words = self.lines.get(timeout=seconds)
            if words is None:
                raise RuntimeError(f"pceload ended before it said {word}: {''.join(self.errors)}")
            if words[:1] == [word]:
                return at, words

    def begin(self):
        self.process.send_signal(signal.SIGUSR1)

    def end(self):
        """Ends it now; its results."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.results()

    def results(self, seconds=LIMIT_S):
        """Waits for its own end. The results have "exit": 0 when all was right."""
        try:
            code = self.process.wait(seconds)
            for reader in self._readers:
                reader.join(10)
            with open(self.path, encoding="utf-8") as file:
                text = file.read()
            if code not in (0, 1) or not text:
                raise RuntimeError(f"pceload ended with {code}: {''.join(self.errors)[-2000:]}")
            return dict(json.loads(text), exit=code, said="".join(self.errors)[-2000:])
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            os.unlink(self.path)


def run(server, **given):
    """From begin to end. Over all of it, what is not counted included: the server's processor time in
    "server_cpu", and in "server_requests" what it was asked, where it says so (the floor does not)."""
    before = server.cpu(), server.requests()
    results = Load(server, **{"drain": DRAIN_S, **given}).results()
    results["server_cpu"] = server.cpu() - before[0]
    results["server_requests"] = server.requests() - before[1]
    return results


def complaint(results):
    """What is wrong with a run; None when nothing is."""
    sessions, requests = results["sessions"], results["requests"]
    found = []
    if sessions["up"] < sessions["wanted"]:
        found.append(f"{sessions['up']} of {sessions['wanted']} sessions came up")
    if sessions["lost"]:
        found.append(f"{sessions['lost']} sessions lost")
    if requests.get("wrong") or requests.get("unanswered"):
        found.append(f"{requests['wrong']} wrong replies, {requests['unanswered']} requests unanswered")
    if results["exit"] != 0 and not found:
        found.append(f"pceload was not content: {results['errors']} {results['said']}")
    return "; ".join(found) or None
