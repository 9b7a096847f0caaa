#!/usr/bin/env python3
"""Limits against the real server: at each one all is well, one past it somebody is told so, and nobody else
notices."""

import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import ScenarioCase, next_source
from daemon import Pced
from networks import A, D, PLAIN_A_D
from peer import WAIT_S, Closed, Peer

COMPUTED = [pcep.metric(kind, computed=True) for kind in
            (pcep.METRIC_IGP, pcep.METRIC_TE, pcep.METRIC_HOPS, pcep.METRIC_DELAY)]


class Connections(unittest.TestCase):
    def open(self, pced):
        peer = Peer(pced.address, source=next_source())
        self.addCleanup(peer.drop)
        peer.open(keepalive=0, dead=0)
        return peer

    def open_when_there_is_room(self, pced):
        """The place of a session that has ended is free when the server has seen its last octet."""
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                return self.open(pced)
            except Closed:
                if time.monotonic() > deadline:
                    raise

    def assert_one_more_is_turned_away(self, pced):
        """It never gets as far as an Open."""
        try:
            with Peer(pced.address, source=next_source()) as peer:
                self.assertEqual([m.name for m in peer.until_end()], [])
        except Closed as closed:
            self.assertEqual((closed.how, closed.rest), ("reset", b""))

    def test_sessions(self):
        with Pced(topology=networks.DIAMOND, limits={"sessions": 4}) as pced:
            peers = [self.open(pced) for _ in range(4)]
            self.assert_one_more_is_turned_away(pced)
            for number, peer in enumerate(peers, 1):
                self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)
            peers[0].send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
            peers[0].until_end()
            peers[0].drop()
            self.assertEqual(self.open_when_there_is_room(pced).ask(9, A, D).labels(), PLAIN_A_D)

    def test_half_open_connections(self):
        with Pced(topology=networks.DIAMOND, limits={"half_open": 3}) as pced:
            silent = [Peer(pced.address, source=next_source()) for _ in range(3)]
            for peer in silent:
                self.addCleanup(peer.drop)
                self.assertEqual(peer.next().type, pcep.OPEN)
                peer.send(pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv()))
                self.assertEqual(peer.next().type, pcep.KEEPALIVE)
            self.assert_one_more_is_turned_away(pced)
            silent[0].send(pcep.keepalive_message())
            self.assertEqual(silent[0].ask(1, A, D).labels(), PLAIN_A_D)
            self.assertEqual(self.open(pced).ask(1, A, D).labels(), PLAIN_A_D)


class Requests(ScenarioCase):
    def test_request_id_zero_is_unknown(self):
        """RFC 5440 7.4.1, 7.15: PCErr 8; at the fifth within a minute Close with reason 4."""
        peer = self.up()
        for _ in range(4):
            peer.send(pcep.request_message(0, A, D))
            self.assertEqual([type_ for type_, _ in peer.expect(pcep.PCERR).errors()], [8])
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
        peer.send(pcep.request_message(0, A, D))
        rest = peer.until_end()
        self.assertEqual(rest[-1].close_reason(), pcep.CLOSE_UNKNOWN_REQUESTS)
        self.assertTrue(all(m.type == pcep.PCERR for m in rest[:-1]))

    def test_object_that_is_known_and_not_supported(self):
        """RFC 5440 7.2: PCErr 4 with the RP when it must be processed, else it is left out."""
        peer = self.up()
        iro = b"\x01\x08\x0a\x00\x00\x03\x20\x00"  # 10.0.0.3/32
        peer.send(pcep.request_message(5, A, D, pcep.obj(pcep.OC_IRO, 1, iro, p=True)))
        error = peer.expect_error((4, 1))
        self.assertEqual(error.one(pcep.OC_RP).unpack("!II")[1], 5)
        self.assertEqual(peer.ask(6, A, D, pcep.obj(pcep.OC_IRO, 1, iro)).labels(), PLAIN_A_D)


class SlowReader(ScenarioCase):
    COUNT = 60000

    def test_a_peer_that_does_not_read_is_not_read(self):
        """It asks and asks and takes no answer: the server pauses it, and serves the others. When it reads
        at last, every request has its answer, in order."""
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        since = self.pced.mark()
        octets = b"".join(pcep.request_message(n, A, D, *COMPUTED)
                          for n in range(1, self.COUNT + 1))
        sender = threading.Thread(target=peer.send_quietly, args=(octets,), daemon=True)
        peer.socket.settimeout(None)
        sender.start()
        self.pced.wait_line("paused", since)
        for _ in range(100):
            self.ask_healthy()
        self.assertLess(self.pced.rss_kib() - self.rss_before, 32 * 1024)
        wanted = 1
        while wanted <= self.COUNT:
            for response in pcep.parse_responses(peer.expect(pcep.PCREP)):
                self.assertEqual(response.request_id, wanted)
                wanted += 1
        sender.join()

    def test_peers_that_stop_reading_and_go(self):
        for _ in range(5):
            peer = self.connect(receive_buffer=4096)
            peer.open(keepalive=0, dead=0)
            octets = b"".join(pcep.request_message(n, A, D, *COMPUTED) for n in range(1, 4000))
            peer.send_quietly(octets)
            self.ask_healthy()
            peer.reset()


class StalledReader(ScenarioCase):
    """More waits for a peer than may: it is ended as one that is stalled, at once."""
    SECTIONS = {"limits": {"pending-soft": 4096, "pending-hard": 16384},
                "session": {"send-hold": 600, "send-hold-grace": 20}}

    def overrun(self):
        """A peer for which one message asks for far more than may wait."""
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        since, begun = self.pced.mark(), time.monotonic()
        # Answers stop at the soft limit; errors (10/1: the P flag of RP) must be told all the same.
        one = pcep.rp(1, p=False) + pcep.end_points(A, D)
        peer.ask_without_reading(pcep.message(pcep.PCREQ, *[one] * (60000 // len(one))) * 4)
        self.pced.wait_line("peer is stalled: session closed.*pending-hard", since)
        self.assertLess(time.monotonic() - begun, 10)
        return peer

    def test_more_than_the_hard_limit_ends_the_session(self):
        """What it can still read is whole messages, the Close, and the end: nothing is torn."""
        peer = self.overrun()
        self.ask_healthy()
        rest = peer.whole_until_end()
        self.assertEqual(rest[-1].close_reason(), 6)
        self.assertEqual({m.type for m in rest[:-1]} - {pcep.PCREP, pcep.PCERR}, set())

    def test_its_place_is_free_at_once(self):
        peer = self.overrun()
        again = self.connect(source=peer.socket.getsockname()[0])
        again.open(keepalive=0, dead=0)
        self.assertEqual(again.ask(1, A, D).labels(), PLAIN_A_D)


class LowerLimits(ScenarioCase):
    """A reload brings limits below what waits for a peer already: nothing has to happen for it to be ended."""
    SECTIONS = {"limits": {"pending-soft": 64 << 20, "pending-hard": 128 << 20},
                "session": {"send-hold": 600, "send-hold-grace": 1, "send-hold-sample": 60}}

    def test_they_hold_at_once(self):
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        one = pcep.rp(1, p=False) + pcep.end_points(A, D)
        peer.ask_without_reading(pcep.message(pcep.PCREQ, *[one] * (60000 // len(one))) * 40)
        self.ask_healthy()
        self.pced.let_pass(2)  # then nothing is written to it any more
        since = self.pced.mark()
        self.pced.reload(limits={"pending-soft": 4096, "pending-hard": 16384},
                         session=self.SECTIONS["session"])
        self.pced.wait_line("peer is stalled: session closed.*pending-hard", since)


class StalledAndGone(ScenarioCase):
    """A peer passes its hard limit and ends its session by what it sends next, all in one turn."""
    SECTIONS = {"limits": {"pending-soft": 4096, "pending-hard": 16384},
                "session": {"send-hold": 600, "send-hold-grace": 1}}
    FLOOD = pcep.message(pcep.PCREQ, *[pcep.rp(1, p=False) + pcep.end_points(A, D)] * 1500)

    def end_with(self, octets):
        for _ in range(10):
            peer = self.connect(receive_buffer=4096)
            peer.open(keepalive=0, dead=0)
            peer.send_quietly(self.FLOOD + octets)
            peer.wait_broken()
            peer.drop()
            self.ask_healthy()

    def test_by_its_close(self):
        self.end_with(pcep.message(pcep.CLOSE, pcep.close_object(1)))

    def test_by_octets_that_are_no_message(self):
        self.end_with(b"\xff" * 400)


class Total(ScenarioCase):
    """1 MiB for all peers together, and no peer is at a limit of its own."""
    SECTIONS = {"limits": {"pending-total": 1, "pending-soft": 4194304, "pending-hard": 8388608},
                "session": {"send-hold": 600}, "log": {"rate": 1000000}}

    def stall(self, count):
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        peer.ask_without_reading(b"".join(pcep.request_message(n, A, D, *COMPUTED)
                                          for n in range(1, count + 1)))
        return peer

    def test_the_worst_offender_goes_first(self):
        since = self.pced.mark()
        small = [self.stall(1500) for _ in range(4)]  # 120 KB each
        self.pced.let_pass(0.5)
        self.assertEqual(self.pced.lines_with("is stalled", since), [])
        worst = self.stall(20000)
        line = self.pced.wait_line("peer is stalled: session closed.*pending-total", since).string
        self.assertIn(f"peer={worst.socket.getsockname()[0]} ", line)
        self.assertEqual(worst.whole_until_end()[-1].close_reason(), 6)
        self.ask_healthy()
        for peer in small:
            for number in range(1, 1501):
                replies = pcep.parse_responses(peer.expect(pcep.PCREP))
                self.assertEqual([r.request_id for r in replies], [number])
            self.assertEqual(peer.ask(1501, A, D).labels(), PLAIN_A_D)
        self.assertEqual(len(self.pced.lines_with("is stalled", since)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
