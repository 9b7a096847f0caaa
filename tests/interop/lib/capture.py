"""Records every packet of the loopback into a pcap file, and asks tshark about it.

The capture ends by an event, not by a time: stop() sends a datagram with a secret of its own, and the
recorder is done when it has seen it, so that everything sent before is in the file.
"""

import json
import os
import shutil
import socket
import struct
import subprocess
import threading
import time

ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4
SOL_PACKET, PACKET_STATISTICS = 263, 6
SO_RCVBUFFORCE = 33
LINKTYPE_ETHERNET = 1
WAIT_S = 20


class Capture:
    def __init__(self, path):
        self.path = path
        self._mark = b"end of capture " + os.urandom(16)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self._socket.bind(("lo", ETH_P_ALL))
        self._thread = threading.Thread(target=self._record, daemon=True)
        self._thread.start()

    def _record(self):
        with open(self.path, "wb") as file:
            file.write(struct.pack("!IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINKTYPE_ETHERNET))
            while True:
                packet, address = self._socket.recvfrom(262144)
                if address[2] == PACKET_OUTGOING:
                    continue  # the loopback shows each packet twice
                now = time.time()
                file.write(struct.pack("!IIII", int(now), int(now % 1 * 1e6), len(packet),
                                       len(packet)))
                file.write(packet)
                if self._mark in packet:
                    return

    def stop(self):
        """Ends the capture; returns how many packets the kernel had to drop."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(self._mark, ("127.0.0.1", 9))
        self._thread.join(WAIT_S)
        if self._thread.is_alive():
            raise TimeoutError("the capture did not see its own end mark")
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
