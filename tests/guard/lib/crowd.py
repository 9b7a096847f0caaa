"""Many idle sessions of one process, opened quickly, and what they add to pced's memory."""

import resource
import socket
import time

from guard import daemon
import pcep

CHUNK = 250  # sessions that are opened side by side
OPENING = pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv()) + pcep.keepalive_message()
WAIT_S = 60
SETTLE_S = 30


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Crowd:
    """Idle sessions, each from a source address of its own."""

    def __init__(self, port):
        self.port = port
        self.sockets = []

    def grow_to(self, count):
        while len(self.sockets) < count:
            self._open(min(CHUNK, count - len(self.sockets)))

    def _open(self, count):
        begun = []
        for _ in range(count):
            index = len(self.sockets)
            peer = socket.socket()
            peer.settimeout(WAIT_S)
            peer.bind((f"127.2.{index // 250}.{1 + index % 250}", 0))
            peer.connect(("127.0.0.1", self.port))
            peer.sendall(OPENING)
            self.sockets.append(peer)
            begun.append(peer)
        for peer in begun:
            _take_two(peer)

    def close(self):
        for peer in self.sockets:
            peer.close()


def _take_two(peer):
    """Open and Keepalive: the session is UP."""
    octets = b""
    while len(pcep.split_stream(octets)[0]) < 2:
        more = peer.recv(4096)
        if not more:
            raise AssertionError("pced has ended a session")
        octets += more


def _rss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for row in file:
            if row.startswith("Rss:"):
                return int(row.split()[1]) * 1024
    raise AssertionError("no Rss in smaps_rollup")


def settled_rss(server, sessions):
    """Resident memory with so many sessions UP, when it stays the same for two seconds."""
    end, before, since = time.monotonic() + SETTLE_S, None, time.monotonic()
    while True:
        now, rss = time.monotonic(), _rss(server.process.pid)
        if rss != before or server.metrics()["pced_sessions_up"] != sessions:
            before, since = rss, now
        elif now - since >= 2:
            return rss
        if now > end:
            raise TimeoutError(f"memory does not settle with {sessions} sessions: {server.log()[-2000:]}")
        time.sleep(0.2)  # between two looks


def octets_per_session(few, many, limits):
    """The slope of resident memory between so few and so many idle sessions."""
    with daemon.Pced(limits=limits) as server:
        crowd = Crowd(server.port)
        try:
            crowd.grow_to(few)
            begin = settled_rss(server, few)
            crowd.grow_to(many)
            return (settled_rss(server, many) - begin) / (many - few)
        finally:
            crowd.close()
