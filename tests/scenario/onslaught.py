#!/usr/bin/env python3
"""Whole sessions of bad will, many at once, over real sockets: golden messages and what becomes of them when they
are changed, in pieces, unread, reset, from few addresses, while the configuration is read again and again. Meanwhile a
healthy session gets its answers. The same without sockets, in many more orders, is tests/sim.

ONSLAUGHT_SECONDS says how long (25); PCED_TEST_SEED runs other ones."""

import glob
import os
import random
import selectors
import socket
import struct
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lib"))

import pcep
from case import ScenarioCase

SEED = int(os.environ.get("PCED_TEST_SEED") or 1)
SECONDS = float(os.environ.get("ONSLAUGHT_SECONDS") or 25)
CONNECTIONS = 120  # at a time
SOURCES = 40  # so that connections of one PCC meet
RELOAD_S = 2
ASK_S = 1
CONFIGS = (
    {"limits": {"pending-soft": 4096, "pending-hard": 8192, "half-open": 40, "message-size": 1024}},
    {"session": {"open-wait": 1, "keep-wait": 1, "send-hold": 1, "send-hold-sample": 1, "send-hold-grace": 1}},
    {"limits": {"path-work-inline": 1, "requests-in-flight": 4, "pending-total": 1}},
    {"limits": {}, "session": {}},
)


def read_hex(path):
    with open(path, encoding="ascii", errors="replace") as file:
        lines = [line.split("#")[0] for line in file]
    return bytes.fromhex("".join("".join(lines).split()))


def seeds():
    """Golden messages, and captured ones where there are any."""
    paths = sorted(glob.glob(os.path.join(HERE, "..", "golden", "*.hex")))
    found = [read_hex(path) for path in paths]
    shared = os.environ.get("PCED_SHARED", "")
    for path in sorted(glob.glob(os.path.join(shared, "vectors", "*", "*.bin"))) if shared else ():
        with open(path, "rb") as file:
            found.append(file.read())
    return [octets for octets in found if len(octets) >= 4]


def objects_of(message):
    found, at = [], 4
    while len(message) - at >= 4:
        size = struct.unpack_from(">H", message, at + 2)[0]
        if size < 4 or size > len(message) - at:
            break
        found.append(bytes(message[at:at + size]))
        at += size
    return found


def changed(draw, all_seeds):
    """A seed with its objects left out, doubled, in another order, or with other octets; mostly framed well."""
    message = draw.choice(all_seeds)
    objects = objects_of(message)
    if objects and draw.random() < 0.6:
        how = draw.randrange(4)
        at = draw.randrange(len(objects))
        if how == 0:
            del objects[at]
        elif how == 1:
            objects.insert(at, objects[at])
        elif how == 2:
            draw.shuffle(objects)
        else:
            objects[at:at] = objects_of(draw.choice(all_seeds))[:1]
        message = message[:4] + b"".join(objects)
    octets = bytearray(message[:65532])
    for _ in range(draw.choice((0, 0, 1, 2, 8))):
        if len(octets) > 4:
            octets[draw.randrange(4, len(octets))] = draw.choice((0, 1, 4, 0x7f, 0x80, 0xff, draw.randrange(256)))
    if draw.random() < 0.97:
        struct.pack_into(">H", octets, 2, len(octets))
    return bytes(octets)


class Rogue:
    """One connection: what it has to say, and how."""

    def __init__(self, address, draw, all_seeds):
        self.draw = draw
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((f"127.77.0.{1 + draw.randrange(SOURCES)}", 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(address)
        self.reads = draw.random() < 0.7
        said = [] if draw.random() < 0.1 else [pcep.open_message(keepalive=0, dead=0), pcep.keepalive_message()]
        if said:
            said += [changed(draw, all_seeds) for _ in range(draw.choice((1, 5, 40, 200)))]
        self.messages = len(said)
        self.octets = b"".join(said)
        self.piece = draw.choice((1, 3, 100, 4096, 65536))
        self.deadline = time.monotonic() + draw.choice((0.05, 0.5, 3))

    def step(self):
        """False: it is over."""
        try:
            if self.octets:
                self.octets = self.octets[self.socket.send(self.octets[:self.piece]):]
            if self.reads and not self.socket.recv(65536):
                return False
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            return False
        return time.monotonic() < self.deadline

    def end(self):
        if self.draw.random() < 0.5:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Onslaught(ScenarioCase):
    SECTIONS = {"server": {"shards": 2, "compute-threads": 2}}
    GROWTH_KIB_MAX = 256 * 1024  # what connections and answers leave in the allocators

    def test_witness_is_served(self):
        print(f"onslaught: PCED_TEST_SEED={SEED}, {SECONDS:.0f} s")
        draw = random.Random(SEED)
        all_seeds = seeds()
        rogues, connections, messages, reloads, asks = [], 0, 0, 0, 0
        begun = time.monotonic()
        next_reload, next_ask = begun + RELOAD_S, begun + ASK_S
        selector = selectors.DefaultSelector()
        while (now := time.monotonic()) < begun + SECONDS:
            while len(rogues) < CONNECTIONS:
                rogue = Rogue(self.pced.address, draw, all_seeds)
                selector.register(rogue.socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
                rogues.append(rogue)
                connections += 1
            selector.select(0.01)
            left = []
            for rogue in rogues:
                if rogue.step():
                    left.append(rogue)
                    continue
                messages += rogue.messages if not rogue.octets else 0
                selector.unregister(rogue.socket)
                rogue.end()
            rogues = left
            if now >= next_reload:
                self.pced.reload(**CONFIGS[reloads % len(CONFIGS)])
                reloads, next_reload = reloads + 1, now + RELOAD_S
            if now >= next_ask:
                self.ask_healthy()
                asks, next_ask = asks + 1, now + ASK_S
        for rogue in rogues:
            rogue.end()
        selector.close()
        self.assertGreater(asks, 0)
        print(f"onslaught: {connections} connections, {messages} messages of those that said all they had, "
              f"{reloads} reloads, {asks} answers to the healthy session")


if __name__ == "__main__":
    unittest.main(verbosity=2)
