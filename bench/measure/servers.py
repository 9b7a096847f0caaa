"""pced and the floor, started for one measurement."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import children, probe

START_S = 120
STOP_S = 180
ADDRESS = "127.0.0.1"


def free_port():
    with socket.socket() as probing:
        probing.bind((ADDRESS, 0))
        return probing.getsockname()[1]


class Server:
    """A running process that answers on a port."""

    def __init__(self, name, options):
        self.name, self.options = name, options
        self.folder = tempfile.mkdtemp(prefix="pced-bench-")
        self.port = free_port()
        self.process = None
        self._again = None
        self.start_seconds = None

    def _start(self, command, is_ready):
        self._again = (command, is_ready)
        log = os.path.join(self.folder, "log")
        with open(log, "wb") as output:
            self.process = children.start(command, stdout=output, stderr=subprocess.STDOUT)
        end = time.monotonic() + START_S
        begin = time.monotonic()
        while not is_ready(self.log()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} did not start: {self.log()[-2000:]}")
            time.sleep(0.01)
        self.start_seconds = time.monotonic() - begin

    def kill(self):
        """As a crash would end it."""
        self.process.kill()
        self.process.wait()

    def start_again(self):
        """On the same port, with the same files. What the kernel still holds of the port is waited for."""
        begin = time.monotonic()
        while True:
            try:
                self._start(*self._again)
                break
            except RuntimeError:
                if "in use" not in self.log() or time.monotonic() > begin + START_S:
                    raise
                time.sleep(0.02)
        self.start_seconds = time.monotonic() - begin

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    @property
    def pid(self):
        return self.process.pid

    def cpu(self):
        return probe.cpu_seconds(self.pid)

    def rss(self):
        return probe.rss_octets(self.pid)

    def requests(self):
        """Requests so far; 0 where it does not say."""
        return 0

    def stop(self):
        """Ends it; its log when it did not end well."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        log = self.log()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.process = None
        return None if code == 0 else f"{self.name} ended with {code}: {log[-2000:]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Floor(Server):
    """The bare responder, with replies of the size that pced's had."""

    def __init__(self, options, shards, reply_octets=100, keepalive=30):
        super().__init__("floor", options)
        size = max(20, min(4096, int(reply_octets + 2) // 4 * 4))
        self._start([options.program("pcefloor"), "--shards", str(shards), "--keepalive", str(keepalive),
                     "--reply-octets", str(size), f"{ADDRESS}:{self.port}"], lambda log: "ready\n" in log)


class Pced(Server):
    """The server itself; its configuration is what an operator would set for so many sessions."""

    def __init__(self, options, shards, topology=None, sessions=20000, more=""):
        super().__init__("pced", options)
        self.socket = os.path.join(self.folder, "pced.sock")
        path = os.path.join(self.folder, "pced.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""listen:
  addresses: [{ADDRESS}]
  port: {self.port}
server:
  shards: {shards}
  shutdown-grace: 1
topology:
  file: "{topology or ''}"
limits:
  sessions: {sessions}
  half-open: {sessions}
  half-open-per-prefix: {sessions}
control:
  socket: "{self.socket}"
{more}""")
        self._start([options.program("pced"), "--config", path], lambda log: " ready" in log)

    def metrics(self):
        """The metrics as {name with labels: value}."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.settimeout(30)
        connection.sock.connect(self.socket)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def requests(self):
        return sum(value for name, value in self.metrics().items() if name.startswith("pced_requests_total"))
