#!/usr/bin/env python3
"""The bare responder of the benchmarks (bench/pcefloor): what it answers, and what it does not look at."""

import json
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import pcep
from peer import Closed, Peer

SOURCE, DESTINATION = "192.0.2.1", "192.0.2.2"
REPLY = 60


class Floor:
    """pcefloor, started for one test."""

    def __init__(self, *options, address="127.0.0.1"):
        self.port = daemon.free_port()
        name = f"[{address}]" if ":" in address else address
        self.process = subprocess.Popen(
            [daemon.program("pcefloor"), "--reply-octets", str(REPLY), *options, f"{name}:{self.port}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=daemon.environment())
        self.address = (address, self.port)
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise AssertionError(f"{line!r} {self.process.communicate(timeout=20)}")

    def stop(self):
        """Ends it; returns what it says."""
        self.process.send_signal(signal.SIGTERM)
        out, errors = self.process.communicate(timeout=60)
        if self.process.returncode != 0 or daemon.REPORT.search(errors):
            raise AssertionError(f"exit {self.process.returncode}: {errors}")
        return json.loads(out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=20)


def up(floor, source=None):
    peer = Peer(floor.address, source=source)
    peer.send(pcep.open_message() + pcep.keepalive_message())
    assert peer.next().type == pcep.OPEN and peer.next().type == pcep.KEEPALIVE
    return peer


def ask(number):
    return pcep.request_message(number, SOURCE, DESTINATION, pcep.bandwidth(1e6))


def take_ids(peer, count):
    ids = []
    for _ in range(count):
        reply = peer.expect(pcep.PCREP)
        response, = pcep.parse_responses(reply)
        ids.append(response.request_id)
    return ids


class Answers(unittest.TestCase):
    def test_each_request_gets_one_reply_of_the_wanted_size_with_its_id(self):
        with Floor() as floor, up(floor) as peer:
            peer.send(b"".join(ask(number) for number in range(1, 201)))
            self.assertEqual(take_ids(peer, 200), list(range(1, 201)))
            sizes = {len(message.octets) for message in peer.received if message.type == pcep.PCREP}
            self.assertEqual(sizes, {REPLY})
            said = floor.stop()
            self.assertEqual((said["connections"], said["requests"], said["dropped"]), (1, 200, 0))

    def test_a_request_that_comes_octet_by_octet_is_answered_once(self):
        with Floor() as floor, up(floor) as peer:
            octets = ask(7) + pcep.keepalive_message() + ask(0xFFFFFFFE) + ask(9)[:13]
            for at in range(len(octets)):
                peer.send(octets[at:at + 1])
            peer.send(ask(9)[13:])
            self.assertEqual(take_ids(peer, 3), [7, 0xFFFFFFFE, 9])

    def test_messages_of_other_types_are_passed_over(self):
        with Floor() as floor, up(floor) as peer:
            large = pcep.message(10, bytes(60000))
            peer.send(large + pcep.message(99, b"") + pcep.message(3, b"") + ask(5))
            self.assertEqual(take_ids(peer, 1), [5])

    def test_a_length_below_the_header_ends_that_connection_alone(self):
        with Floor() as floor, up(floor) as peer, up(floor) as other:
            peer.send(b"\x20\x03\x00\x03")
            with self.assertRaises(Closed):
                peer.expect(pcep.PCREP)
            other.send(ask(1))
            self.assertEqual(take_ids(other, 1), [1])
            self.assertEqual(floor.stop()["dropped"], 1)

    def test_a_peer_that_reads_late_gets_every_reply(self):
        count = 40000
        with Floor() as floor, up(floor) as peer:
            peer.send(b"".join(ask(number) for number in range(count)))
            self.assertEqual(take_ids(peer, count), list(range(count)))


class Sessions(unittest.TestCase):
    def test_keepalives_come_in_each_period(self):
        with Floor("--keepalive", "1") as floor, up(floor) as peer:
            for _ in range(3):
                self.assertEqual(peer.next(wait_s=10).type, pcep.KEEPALIVE)

    def test_many_shards_serve_each_source(self):
        with Floor("--shards", "20") as floor:
            peers = [up(floor, f"127.0.1.{last}") for last in range(1, 41)]
            for number, peer in enumerate(peers):
                peer.send(ask(number))
            self.assertEqual([take_ids(peer, 1) for peer in peers], [[number] for number in range(40)])
            for peer in peers[:20]:
                peer.drop()
            for peer in peers[20:]:
                peer.reset()
            with up(floor) as peer:  # a descriptor that was used before
                peer.send(ask(3))
                self.assertEqual(take_ids(peer, 1), [3])
            self.assertEqual(floor.stop()["connections"], 41)

    @unittest.skipUnless(daemon.has_ipv6(), "SKIP: no IPv6 on loopback")
    def test_ipv6(self):
        with Floor("--shards", "2", address="::1") as floor, up(floor) as peer:
            peer.send(ask(8))
            self.assertEqual(take_ids(peer, 1), [8])


if __name__ == "__main__":
    unittest.main(verbosity=2)
