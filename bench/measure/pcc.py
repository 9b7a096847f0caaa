"""A PCC that asks fast: requests are made beforehand, of the answers only the lengths and types are read.

It is for what is counted, not timed: allocations per request, memory. For rates there is pceload."""

import os
import random
import socket
import struct
import sys

from .options import ROOT

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario", "lib"))

import pcep  # noqa: E402  pylint: disable=wrong-import-position

WAIT_S = 60
STATEFUL = pcep.open_message(keepalive=0, dead=0, tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv()) \
    + pcep.keepalive_message()
OPENING = pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv()) + pcep.keepalive_message()


class Failed(Exception):
    """The server did not do what it should have done."""


class Pcc:
    """One session."""

    def __init__(self, port, source=None, opening=OPENING):
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(WAIT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect(("127.0.0.1", port))
        self._rest = b""
        self.socket.sendall(opening)
        self.take({pcep.OPEN: 1, pcep.KEEPALIVE: 1})

    def take(self, wanted):
        """Reads until there were so many messages of each type; Keepalives may come besides."""
        wanted = dict(wanted)
        while any(count > 0 for count in wanted.values()):
            octets = self.socket.recv(1 << 20)
            if not octets:
                raise Failed("the server has ended the session")
            self._rest = _count(self._rest + octets, wanted)

    def say(self, octets):
        self.socket.sendall(octets)

    def close(self):
        self.socket.close()


def _count(octets, wanted):
    """Takes whole messages off; returns what is left."""
    at = 0
    while len(octets) - at >= 4:
        kind, size = octets[at + 1], octets[at + 2] << 8 | octets[at + 3]
        if size < 4 or len(octets) - at < size:
            break
        if kind in wanted:
            wanted[kind] -= 1
        elif kind != pcep.KEEPALIVE:
            raise Failed(f"message of type {kind}: {octets[at:at + size].hex()}")
        at += size
    return octets[at:]


def ask_all(pccs, batch, rounds):
    """Each PCC asks its batch, so often; all batches are out at the same time."""
    octets, count = batch
    for _ in range(rounds):
        for pcc in pccs:
            pcc.say(octets)
        for pcc in pccs:
            pcc.take({pcep.PCREP: count})


def same_batch(source, destination, count):
    """(octets, count) of PCReqs that ask one thing again and again."""
    return b"".join(pcep.request_message(i + 1, source, destination) for i in range(count)), count


def report(plsp_id, source, destination, labels):
    """PCRpt of an LSP that is up."""
    ends = socket.inet_aton(source) + struct.pack("!HH", 1, plsp_id) + socket.inet_aton(source) \
        + socket.inet_aton(destination)
    lsp = pcep.lsp_object(plsp_id, 0x19, name=f"measured-{plsp_id:015}",
                          tlvs=pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, ends))
    return pcep.message(pcep.PCRPT, pcep.srp_object(0, setup=pcep.SETUP_SR), lsp, pcep.ero_object(labels))


def end_of_sync():
    return pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0, tlvs=pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, bytes(16))),
                        pcep.ero_object([]))


def different_batches(addresses, size, seed):
    """Endless batches of PCReqs of which no two are equal: each names a bandwidth of its own."""
    dice, number = random.Random(seed), 0
    ends = [dice.sample(addresses, 2) for _ in range(size)]
    while True:
        octets = []
        for i, (source, destination) in enumerate(ends):
            number += 1  # exact as a float up to 2^24
            octets.append(pcep.request_message(i + 1, source, destination,
                                               pcep.bandwidth(float(number % (1 << 24)))))
        yield b"".join(octets), size


def patch_bandwidths(octets, first, size):
    """The same batch with other bandwidths, without making it again."""
    changed = bytearray(octets)
    for i, at in enumerate(range(size - 4, len(octets), size)):
        struct.pack_into("!f", changed, at, float((first + i) % (1 << 24)))
    return bytes(changed)
