#!/usr/bin/env python3
"""Requests that come faster than they are computed, against the real server: each has one end, a flood makes
nobody else wait, and who waits is told."""

import http.client
import os
import re
import socket
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import ScenarioCase
from networks import A, D, PLAIN_A_D
from peer import WAIT_S

SIDE = 30  # of a grid whose corners are so far apart that a turn computes some dozens of paths
TLV_OVERLOADED_DURATION = 2


def place(row, column):
    return f"10.{20 + row}.{column}.1"


def grid():
    """Beside the diamond, and not joined with it: what is asked there is as cheap as ever."""
    nodes, links = [], []
    for row in range(SIDE):
        for column in range(SIDE):
            name, number = f"g{row}-{column}", row * SIDE + column
            nodes.append(f"  - {{name: {name}, router-id: {place(row, column)}, "
                         f"srgb: {{base: 16000, size: 8000}}, prefix-sids: [{{index: {300 + number}}}]}}\n")
            for next_row, next_column in ((row, column + 1), (row + 1, column)):
                if next_row < SIDE and next_column < SIDE:
                    links.append(f"  - {{from: {name}, to: g{next_row}-{next_column}, "
                                 f"igp-metric: {10 + (row * 7 + column * 3) % 5}, reverse: {{}}}}\n")
    return "".join(nodes), "".join(links)


def network():
    nodes, links = grid()
    return networks.DIAMOND.replace("links:\n", nodes + "links:\n") + links


FROM, TO = place(0, 0), place(SIDE - 1, SIDE - 1)


def flood(first, count, priority=0):
    """Requests across the grid, in PCReqs as long as they may be."""
    octets = b""
    for start in range(first, first + count, 1000):
        ids = range(start, min(start + 1000, first + count))
        octets += pcep.message(pcep.PCREQ, *[
            pcep.rp(n, pcep.SETUP_SR, priority=priority) + pcep.end_points(FROM, TO) for n in ids])
    return octets


def cancellation(ids):
    return pcep.message(pcep.PCNTF, *[pcep.rp(n, p=False) for n in ids],
                        pcep.notification_object(1, 1))


class Case(ScenarioCase):
    TOPOLOGY = network()
    SECTIONS = {}

    def counter(self, name):
        """Of the server's metrics."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(WAIT_S)
        connection.sock.connect(os.path.join(self.pced.folder, "pced.sock"))
        try:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        found = re.search(rf"^pced_{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)$", text, re.MULTILINE)
        self.assertIsNotNone(found, f"no metric pced_{name}")
        return float(found.group(1))

    def read(self, peer, is_enough):
        """Reads PCReps and PCNtfs until is_enough(): (answered, cancelled, overloads, ends), with those
        that were read before."""
        answered, cancelled, overloads, ends = [], [], [], 0
        before = iter([m for m in peer.received if m.type in (pcep.PCREP, pcep.PCNTF)])
        while not is_enough(answered, cancelled, overloads, ends):
            message = next(before, None) or peer.next()
            if message.type == pcep.PCREP:
                answered += [r.request_id for r in pcep.parse_responses(message)]
                continue
            self.assertEqual(message.type, pcep.PCNTF)
            kind, value = message.one(pcep.OC_NOTIFICATION).unpack("!BBBB")[2:]
            rps = [o.unpack("!II")[1] for o in message.all(pcep.OC_RP)]
            if kind == 1:
                self.assertEqual(value, 2)
                self.assertTrue(rps)
                cancelled += rps
            elif value == 1:
                self.assertEqual((kind, rps), (2, []))
                tlvs = dict(message.one(pcep.OC_NOTIFICATION).tlvs(4))
                overloads.append(struct.unpack("!I", tlvs[TLV_OVERLOADED_DURATION])[0])
            else:
                self.assertEqual((kind, value, rps), (2, 2, []))
                ends += 1
        return answered, cancelled, overloads, ends


class Waiting(Case):
    def test_a_flood_makes_nobody_else_wait(self):
        """Another one's request is answered while the flood is far from its end."""
        peer, other = self.up(), self.up()
        peer.send(flood(1, 3000))
        peer.next()
        self.assertEqual(other.ask(1, A, D).labels(), PLAIN_A_D)
        waiting = self.counter("requests_waiting")
        answered, _, _, _ = self.read(peer, lambda a, *_: len(a) >= 2000)
        self.assertGreater(waiting, 0)
        self.assertEqual(answered, sorted(answered), "in the order in which they were asked")

    def test_a_cancelled_request_is_not_computed(self):
        peer = self.up()
        before = self.counter("requests_cancelled_total")
        # The cancellation comes with the requests; the sentinel comes last.
        peer.send(flood(1, 1000) + cancellation(range(501, 1001))
                  + pcep.request_message(5000, A, D))
        answered, cancelled, _, _ = self.read(peer, lambda a, *_: 5000 in a)
        self.assertEqual(cancelled, [])
        self.assertEqual(answered[:500], list(range(1, 501)))
        self.assertLess(len(answered), 1001)
        self.assertEqual(self.counter("requests_cancelled_total") - before, 1001 - len(answered))

    def test_nothing_is_computed_for_a_session_that_has_ended(self):
        peer = self.up()
        before = self.counter("requests_gone_total")
        peer.send(flood(1, 1000) + pcep.message(pcep.CLOSE, pcep.close_object(1)))
        answered = sum(len(pcep.parse_responses(m)) for m in peer.until_end())
        gone = self.counter("requests_gone_total") - before
        self.assertGreater(gone, 0)
        self.assertLessEqual(answered + gone, 1000)
        self.assertEqual(self.counter("requests_waiting"), 0)


class InFlight(Case):
    SECTIONS = {"limits": {"requests-in-flight": 50}}

    def test_what_is_above_the_limit_is_cancelled(self):
        peer = self.up()
        peer.send(flood(1, 1000))
        answered, cancelled, _, _ = self.read(peer, lambda a, c, *_: len(a) + len(c) >= 1000)
        self.assertEqual(sorted(answered + cancelled), list(range(1, 1001)))
        self.assertGreaterEqual(len(answered), 50)
        self.assertGreater(len(cancelled), 0)
        self.assertEqual(peer.ask(2000, A, D).labels(), PLAIN_A_D, "and goes on")


class Memory(Case):
    SECTIONS = {"limits": {"request-queue": 64}}

    def test_a_full_queue_is_told_and_so_is_its_end(self):
        peer = self.up()
        peer.send(flood(1, 3000))
        answered, cancelled, overloads, ends = self.read(peer, lambda a, c, o, e: e > 0)
        self.assertEqual(sorted(answered + cancelled), list(range(1, 3001)))
        self.assertGreater(len(cancelled), 0)
        self.assertGreaterEqual(len(overloads), 1)
        self.assertTrue(all(1 <= seconds <= 60 for seconds in overloads), overloads)
        self.assertEqual(ends, 1)
        self.assertGreater(self.counter("congestions_total"), 0)

    def test_the_heavy_one_makes_room_for_a_light_one(self):
        peer, light = self.up(), self.up()
        peer.send(flood(1, 3000))
        peer.next()
        light.send(flood(1, 20))
        answered, cancelled, _, _ = self.read(light, lambda a, c, *_: len(a) + len(c) >= 20)
        self.assertEqual((answered, cancelled), (list(range(1, 21)), []))
        self.read(peer, lambda a, c, *_: len(a) + len(c) >= 3000)

    def test_priorities_count_while_congested(self):
        peer = self.up()
        peer.send(flood(1, 450) + flood(1001, 60, priority=7))
        answered, cancelled, _, _ = self.read(peer, lambda a, c, *_: len(a) + len(c) >= 510)
        last_high = max(answered.index(n) for n in answered if n > 1000)
        after = [n for n in answered[last_high:] if n <= 1000]
        self.assertGreater(len(after), 50, "those without priority wait")
        self.assertLess(len(cancelled), 100)


if __name__ == "__main__":
    unittest.main()
