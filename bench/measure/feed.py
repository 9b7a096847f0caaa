"""lsfeed beside a server: a network that is told by BGP-LS."""

import os
import queue
import subprocess
import threading

from . import servers

LIMIT_S = 600
AS = 65001
SOURCE = "127.0.9.1"


def configuration(port, source=SOURCE):
    """What pced's configuration needs for a feed that connects to this port."""
    return f"""bgp-ls:
  as: {AS}
  router-id: 192.0.2.250
  listen: {servers.ADDRESS}
  listen-port: {port}
  peers: [{{address: {source}, passive: true}}]
"""


def _value(text):
    try:
        return float(text)
    except ValueError:
        return text


class Lines:
    """A process that says what it does in lines "word name=value …"."""

    def __init__(self, command, **given):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1, **given)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.ready = self.wait("ready")

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.split())
        self._lines.put(None)

    def wait(self, word):
        """The values of the next line, which has to begin with that word."""
        words = self._lines.get(timeout=LIMIT_S)
        if words is None or words[0] != word:
            raise RuntimeError(f"{self.process.args[0]}: {words} where {word} was awaited")
        return {name: _value(value) for name, value in (one.split("=") for one in words[1:] if "=" in one)}

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Feed(Lines):
    """A speaker of the network in a topology file; `ready` has its nodes and links."""

    def __init__(self, program, path, peer, source=SOURCE):
        super().__init__([program, "--topology", path, "--source", source, "--as", str(AS), "%s:%d" % peer])

    def ask(self, *words):
        """Has it done; what it says of it."""
        self.begin(*words)
        return self.wait(str(words[0]))

    def begin(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")


class BareReader(Lines):
    """What only splits messages and drops them."""

    def __init__(self, program):
        self.place = (servers.ADDRESS, servers.free_port())
        super().__init__([program, "--floor", "%s:%d" % self.place])
