"""Records every packet of the loopback into a pcap file, and asks tshark about it.

The capture ends by an event, not by a time: stop() sends a datagram with a secret of its own, and the
recorder is done when it has seen it, so that everything sent before is in the file.
"""

import collections
import ipaddress
import json
import os
import shutil
import socket
import struct
import subprocess
import threading
import time

import pcep

ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_RCVBUFFORCE = 33
LINKTYPE_ETHERNET = 1
WAIT_S = 30

Segment = collections.namedtuple("Segment", "source source_port target target_port sequence payload")


def parse_segment(packet):
    """The TCP segment of an Ethernet frame with IPv4; None for anything else."""
    if packet[12:14] != b"\x08\x00" or packet[23] != socket.IPPROTO_TCP:
        return None
    header = 14 + 4 * (packet[14] & 15)
    end = 14 + struct.unpack_from("!H", packet, 16)[0]
    source_port, target_port, sequence = struct.unpack_from("!HHI", packet, header)
    payload = packet[header + 4 * (packet[header + 12] >> 4):end]
    source, target = (str(ipaddress.ip_address(packet[at:at + 4])) for at in (26, 30))
    return Segment(source, source_port, target, target_port, sequence, payload)


class Stream:
    """One direction of one connection, put together by sequence numbers."""

    def __init__(self):
        self.expected = None
        self.waiting = {}
        self.rest = b""

    def add(self, segment):
        """Returns the messages that became whole."""
        if not segment.payload:
            return []
        if self.expected is None:
            self.expected = segment.sequence
        if len(segment.payload) > len(self.waiting.get(segment.sequence, b"")):
            self.waiting[segment.sequence] = segment.payload
        while self._take_next():
            pass
        found, self.rest = pcep.split_stream(self.rest)
        return found

    def _take_next(self):
        """What is sent again may begin and end elsewhere than the first time."""
        for sequence in list(self.waiting):
            known = (self.expected - sequence) % (1 << 32)
            if known >= 1 << 31:
                continue  # it begins later
            payload = self.waiting.pop(sequence)[known:]
            if payload:
                self.expected = (self.expected + len(payload)) % (1 << 32)
                self.rest += payload
                return True
        return False


class Capture:
    """messages: (source address, connection number, message) of every PCEP message, in order."""

    def __init__(self, path, port=4189):
        self.path, self.port = path, port
        self.messages = []
        self.connections = 0
        self._streams = {}
        self._news = threading.Condition()
        self._failure = None
        self._mark = b"end of capture " + os.urandom(16)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self._socket.bind(("lo", ETH_P_ALL))
        self._thread = threading.Thread(target=self._record, daemon=True)
        self._thread.start()

    def _record(self):
        try:
            with open(self.path, "wb") as file:
                self._record_to(file)
        except Exception as error:  # told to whoever waits
            with self._news:
                self._failure = error
                self._news.notify_all()

    def _record_to(self, file):
        file.write(struct.pack("!IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINKTYPE_ETHERNET))
        while True:
            packet, address = self._socket.recvfrom(262144)
            if address[2] == PACKET_OUTGOING:
                continue  # the loopback shows each packet twice
            now = time.time()
            file.write(struct.pack("!IIII", int(now), int(now % 1 * 1e6), len(packet),
                                   len(packet)) + packet)
            if self._mark in packet:
                return
            segment = parse_segment(packet)
            if segment and self.port in (segment.source_port, segment.target_port):
                self._follow(segment, is_first=packet[14 + 20 + 13] & 0x12 == 2
                             and segment.target_port == self.port)

    def _follow(self, segment, is_first):
        with self._news:
            if is_first:  # SYN to the server: a new connection, maybe of ports used before
                self.connections += 1
                for key in ((segment.source, segment.source_port),
                            (segment.target, segment.source_port)):
                    self._streams[key] = (self.connections, Stream())
            pcc_port = (segment.source_port if segment.target_port == self.port
                        else segment.target_port)
            number, stream = self._streams.get((segment.source, pcc_port), (0, None))
            for message in stream.add(segment) if stream else []:
                self.messages.append((segment.source, number, message))
                self._news.notify_all()

    def wait(self, question, what, since=0, wait_s=WAIT_S):
        """Waits until question(messages from `since` on) gives something; returns that."""
        deadline = time.monotonic() + wait_s
        with self._news:
            while True:
                if self._failure:
                    raise self._failure
                answer = question(self.messages[since:])
                if answer:
                    return answer
                left = deadline - time.monotonic()
                if left <= 0:
                    shown = [(source, number, message)
                             for source, number, message in self.messages[since:]]
                    raise TimeoutError(f"{what}: not within {wait_s} s; seen: {shown}")
                self._news.wait(left)

    def mark(self):
        """Where the messages stand now, for wait(since=…)."""
        with self._news:
            return len(self.messages)

    def stop(self):
        """Ends the capture; returns how many packets the kernel had to drop."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(self._mark, ("127.0.0.1", 9))
        self._thread.join(WAIT_S)
        if self._thread.is_alive():
            raise TimeoutError("the capture did not see its own end mark")
        if self._failure:
            raise self._failure
        _, drops = struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        self._socket.close()
        return drops


def has_tshark():
    return shutil.which("tshark") is not None


def tshark(path, *arguments, port=4189):
    """tshark's answer as text; PCEP is looked for on `port`."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-d", f"tcp.port=={port},pcep", *arguments],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tshark: {done.stderr.strip()}")
    return done.stdout


def message_counts(path, source, port=4189):
    """{message type: count} of the PCEP messages that `source` sent, as tshark counts them."""
    text = tshark(path, "-Y", f"pcep && ip.src == {source}", "-T", "fields", "-e", "pcep.msg",
                  port=port)
    counts = {}
    for line in text.split():
        for kind in line.split(","):
            counts[int(kind)] = counts.get(int(kind), 0) + 1
    return counts


def complaints(path, source, port=4189):
    """What tshark finds wrong in the packets of `source`: malformed, undecoded, against the protocol.
    Notes about TCP itself (resets, retransmissions) are of other groups and not asked for."""
    groups = "_ws.expert.group == 0x07000000 || _ws.expert.group == 0x05000000 || " \
             "_ws.expert.group == 0x09000000"
    text = tshark(path, "-Y", f"ip.src == {source} && tcp && (_ws.malformed || {groups})", "-T",
                  "json", port=port)
    return json.loads(text or "[]")
