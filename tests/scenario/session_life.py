#!/usr/bin/env python3
"""The life of a session against the real server: handshake, negotiation, timers, the end."""

import os
import signal
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from case import ScenarioCase, next_source
from daemon import Pced
from peer import WAIT_S, Peer


class Handshake(ScenarioCase):
    SECTIONS = {"session": {"keepalive": 30, "dead-timer": 120, "keepalive-min": 5,
                            "dead-timer-max": 200, "allow-keepalive-zero": True}}

    def test_open_names_what_is_configured(self):
        theirs = self.connect().open()
        version, keepalive, dead, _ = theirs.one(pcep.OC_OPEN).unpack("!BBBB")
        self.assertEqual((version >> 5, keepalive, dead), (1, 30, 120))
        tlvs = dict(theirs.one(pcep.OC_OPEN).tlvs(4))
        self.assertIn(pcep.TLV_STATEFUL, tlvs)
        self.assertIn(pcep.TLV_PST_CAPABILITY, tlvs)

    def test_our_sr_capability_has_no_limit_of_msd(self):
        """RFC 8664 5.1: a PCE says N = 0, X = 1, MSD = 0."""
        theirs = self.connect().open()
        value = dict(theirs.one(pcep.OC_OPEN).tlvs(4))[pcep.TLV_PST_CAPABILITY]
        count = value[3]
        self.assertIn(pcep.SETUP_SR, value[4:4 + count])
        subs = dict(pcep.parse_tlvs(value[4 + count + (-count % 4):]))
        _, flags, msd = struct.unpack("!HBB", subs[pcep.TLV_SR_CAPABILITY])
        self.assertEqual((flags & 3, msd), (1, 0))

    def test_session_ids_differ_between_sessions(self):
        sids = set()
        for _ in range(4):
            peer = self.connect()
            sids.add(peer.open().one(pcep.OC_OPEN).unpack("!BBBB")[3])
        self.assertGreater(len(sids), 1)

    def test_open_octet_by_octet(self):
        peer = self.connect()
        for octet in pcep.open_message(tlvs=pcep.sr_capability_tlv()) + pcep.keepalive_message():
            peer.send(bytes([octet]))
        self.assertEqual([peer.next().type for _ in range(2)], [pcep.OPEN, pcep.KEEPALIVE])
        self.assertEqual(peer.ask(1, networks.A, networks.D).labels(), networks.PLAIN_A_D)

    def test_handshake_and_request_in_one_segment(self):
        """A client that does not wait for us: all of it arrives as one piece."""
        peer = self.connect()
        peer.send(pcep.open_message(tlvs=pcep.sr_capability_tlv()) + pcep.keepalive_message()
                  + pcep.request_message(7, networks.A, networks.D))
        reply = pcep.parse_responses(self._after_handshake(peer))
        self.assertEqual((reply[0].request_id, reply[0].labels()), (7, networks.PLAIN_A_D))

    def _after_handshake(self, peer):
        self.assertEqual([peer.next().type for _ in range(2)], [pcep.OPEN, pcep.KEEPALIVE])
        return peer.expect(pcep.PCREP)

    def test_open_without_tlvs_is_a_plain_pcc(self):
        peer = self.connect()
        peer.open(tlvs=b"")
        self.assertIsNotNone(peer.ask(1, networks.A, networks.D, setup=None).ero)

    def test_unacceptable_keepalive_is_negotiated(self):
        """RFC 5440 Appendix A: PCErr 1/4 with what would be acceptable, and then it is accepted."""
        peer = self.connect()
        peer.send(pcep.open_message(keepalive=2, dead=8))
        self.assertEqual(peer.next().type, pcep.OPEN)
        error = peer.expect_error((1, 4))
        version, keepalive, dead, _ = error.one(pcep.OC_OPEN).unpack("!BBBB")
        self.assertEqual(version >> 5, 1)
        self.assertGreaterEqual(keepalive, 5)
        self.assertLessEqual(dead, 200)
        peer.send(pcep.keepalive_message())
        peer.send(pcep.open_message(keepalive=keepalive, dead=dead,
                                    tlvs=pcep.sr_capability_tlv()))
        self.assertEqual(peer.next().type, pcep.KEEPALIVE)
        self.assertEqual(peer.ask(1, networks.A, networks.D).labels(), networks.PLAIN_A_D)

    def test_second_unacceptable_open_ends_it(self):
        peer = self.connect()
        peer.send(pcep.open_message(keepalive=2, dead=8))
        self.assertEqual(peer.next().type, pcep.OPEN)
        peer.expect_error((1, 4))
        peer.send(pcep.keepalive_message())
        peer.send(pcep.open_message(keepalive=2, dead=8))
        self.assert_ends_with_error(peer, (1, 5))

    def test_second_open_before_ours_is_acknowledged(self):
        """In KeepWait an Open is out of place (RFC 5440 Appendix A)."""
        peer = self.connect()
        peer.send(pcep.open_message() * 2)
        self.assertEqual([peer.next().type for _ in range(2)], [pcep.OPEN, pcep.KEEPALIVE])
        self.assert_ends_with_error(peer, (1, 1))

    def test_first_message_that_is_no_open(self):
        for first in (pcep.keepalive_message(),
                      pcep.request_message(1, networks.A, networks.D),
                      pcep.message(pcep.PCERR, pcep.error_object(1, 1)),
                      pcep.message(99)):
            with self.subTest(first=first.hex()):
                peer = self.connect()
                self.assertEqual(peer.next().type, pcep.OPEN)
                peer.send(first)
                self.assert_ends_with_error(peer, (1, 1))

    def test_version_that_is_not_supported(self):
        for first in (pcep.message(pcep.OPEN, pcep.open_object(), version=2),
                      pcep.message(pcep.OPEN, pcep.open_object(), version=0)):
            with self.subTest(first=first.hex()):
                peer = self.connect()
                self.assertEqual(peer.next().type, pcep.OPEN)
                peer.send(first)
                self.assert_ends_with_error(peer, (1, 8))

    def test_malformed_open(self):
        short = pcep.message(pcep.OPEN, pcep.obj(pcep.OC_OPEN, 1, bytes(0)))
        no_object = pcep.message(pcep.OPEN)
        past_end = pcep.message(pcep.OPEN, pcep.obj(pcep.OC_OPEN, 1, bytes([0x20, 30, 120, 1]),
                                                    length=64))
        two_objects = pcep.message(pcep.OPEN, pcep.open_object(), pcep.open_object())
        for first in (short, no_object, past_end, two_objects):
            with self.subTest(first=first.hex()):
                peer = self.connect()
                self.assertEqual(peer.next().type, pcep.OPEN)
                peer.send(first)
                self.assert_ends_with_error(peer, (1, 1))

    def test_open_with_a_tlv_that_does_not_fit(self):
        for type_ in (16, 34, 60000):
            with self.subTest(type_=type_):
                peer = self.connect()
                self.assertEqual(peer.next().type, pcep.OPEN)
                peer.send(pcep.open_message(tlvs=pcep.tlv(type_, bytes(4), length=400)))
                self.assert_ends_with_error(peer, (10, 11))

    def test_close_instead_of_an_open_is_answered_with_nothing(self):
        peer = self.connect()
        self.assertEqual(peer.next().type, pcep.OPEN)
        peer.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
        self.assertEqual([m.name for m in peer.until_end()], [])

    def test_second_connection_of_the_same_pcc(self):
        """PCErr 9 on the new connection; the first one stays (RFC 5440 Appendix A)."""
        source = next_source()
        first = self.connect(source=source)
        first.open(keepalive=0, dead=0)
        second = self.connect(source=source)
        second.send_quietly(pcep.open_message())
        error = next(m for m in second.until_end() if m.type == pcep.PCERR)
        self.assertEqual([type_ for type_, _ in error.errors()], [9])
        self.assertEqual(first.ask(1, networks.A, networks.D).labels(), networks.PLAIN_A_D)

    def test_a_pcc_comes_back_after_its_connection_has_ended(self):
        source = next_source()
        for turn in range(5):
            peer = self.connect(source=source)
            peer.open(keepalive=0, dead=0)
            self.assertEqual(peer.ask(turn + 1, networks.A, networks.D).labels(),
                             networks.PLAIN_A_D)
            peer.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
            self.assertEqual([m.name for m in peer.until_end()], [])
            peer.drop()

    def test_a_pcc_that_resets_and_comes_back_at_once(self):
        """The new connection may be there before the reset has been seen: then it is told so with PCErr 9
        and comes again, as routers do."""
        source = next_source()
        refused = 0
        for turn in range(100):
            deadline = time.monotonic() + WAIT_S
            while True:
                peer = self.connect(source=source)
                first = [m for m in (peer.next(),) if m.type == pcep.OPEN]
                if first:
                    break
                refused += 1
                peer.drop()
                self.assertLess(time.monotonic(), deadline)
            peer.send(pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv())
                      + pcep.keepalive_message())
            self.assertEqual(peer.next().type, pcep.KEEPALIVE)
            self.assertEqual(peer.ask(turn + 1, networks.A, networks.D).labels(),
                             networks.PLAIN_A_D)
            peer.reset()
        print(f"refused in between: {refused}", end=" ")

    def test_close_is_answered_with_nothing(self):
        peer = self.up()
        peer.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
        self.assertEqual([m.name for m in peer.until_end()], [])

    @unittest.skipUnless(daemon.has_ipv6(), "SKIP: no IPv6 on the loopback")
    def test_session_over_ipv6(self):
        with Peer(self.pced.address6) as peer:
            peer.open(keepalive=0, dead=0)
            self.assertEqual(peer.ask(1, networks.A, networks.D).labels(), networks.PLAIN_A_D)

    @unittest.skipUnless(daemon.has_ipv6(), "SKIP: no IPv6 on the loopback")
    def test_second_connection_over_ipv6(self):
        with Peer(self.pced.address6) as first, Peer(self.pced.address6) as second:
            winner, loser = first, second
            answer = first.next()
            if answer.type == pcep.PCERR:  # the second one was taken first
                winner, loser = second, first
                self.assertEqual(second.next().type, pcep.OPEN)
                errors = answer.errors()
            else:
                errors = second.next().errors()
            self.assertEqual([type_ for type_, _ in errors], [9])
            loser.until_end()
            winner.send(pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv())
                        + pcep.keepalive_message())
            self.assertEqual(winner.next().type, pcep.KEEPALIVE)
            self.assertEqual(winner.ask(1, networks.A6, networks.D6).labels(), [16104])

    def test_source_port_4189_is_as_good_as_another(self):
        source = next_source()
        try:
            peer = Peer(self.pced.address, source=(source, pcep.PORT))
        except PermissionError:
            self.skipTest("SKIP: port 4189 may not be bound here")
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        self.assertEqual(peer.ask(1, networks.A, networks.D).labels(), networks.PLAIN_A_D)


class Timers(ScenarioCase):
    SECTIONS = {"session": {"keepalive": 1, "dead-timer": 4, "open-wait": 1, "keep-wait": 1}}

    def test_keepalives_come_at_their_interval(self):
        peer = self.up()
        begun = time.monotonic()
        for _ in range(3):
            self.assertEqual(peer.next(wait_s=10).type, pcep.KEEPALIVE)
        elapsed = time.monotonic() - begun
        self.assertGreater(elapsed, 1.5)

    def test_dead_timer_closes_a_silent_peer(self):
        """The timer that runs is the one that the peer named: 2 s."""
        peer = self.up(keepalive=1, dead=2)
        begun = time.monotonic()
        self.assert_ends_with_close(peer, pcep.CLOSE_DEAD_TIMER)
        self.assertGreater(time.monotonic() - begun, 1.5)

    def test_any_message_keeps_a_peer_alive(self):
        """Requests instead of Keepalives, for longer than the DeadTimer."""
        peer = self.up(keepalive=1, dead=3)
        begun, number = time.monotonic(), 0
        while time.monotonic() - begun < 5:
            number += 1
            self.assertIsNotNone(peer.ask(number, networks.A, networks.D).ero)
            self.assertEqual(peer.next().type, pcep.KEEPALIVE)  # theirs: a second has gone by
        self.assertGreater(number, 2)

    def test_peer_without_keepalives_is_not_watched(self):
        peer = self.up(keepalive=0, dead=0)
        for _ in range(5):
            self.assertEqual(peer.next().type, pcep.KEEPALIVE)
        self.assertIsNotNone(peer.ask(1, networks.A, networks.D).ero)

    def test_silent_connection_ends_by_open_wait(self):
        peer = self.connect()
        self.assertEqual(peer.next().type, pcep.OPEN)
        self.assert_ends_with_error(peer, (1, 2))

    def test_half_an_open_ends_by_open_wait(self):
        peer = self.connect()
        peer.send(pcep.open_message()[:9])
        self.assertEqual(peer.next().type, pcep.OPEN)
        self.assert_ends_with_error(peer, (1, 2))

    def test_no_answer_to_our_open_ends_by_keep_wait(self):
        peer = self.connect()
        peer.send(pcep.open_message())
        self.assertEqual([peer.next().type for _ in range(2)], [pcep.OPEN, pcep.KEEPALIVE])
        self.assert_ends_with_error(peer, (1, 7))


class Endings(unittest.TestCase):
    def test_sigterm_sends_close_to_every_peer(self):
        pced = Pced(topology=networks.DIAMOND, server={"shards": 4}).start()
        peers = [Peer(pced.address, source=next_source()) for _ in range(40)]
        for peer in peers:
            peer.open(keepalive=0, dead=0)
        pced.signal(signal.SIGTERM)
        for peer in peers:
            self.assertEqual(peer.expect_close(pcep.CLOSE_NONE).type, pcep.CLOSE)
            self.assertEqual([m.name for m in peer.until_end()], [])
            peer.drop()
        pced.stop()

    def test_shutdown_does_not_wait_for_a_peer_that_does_not_close(self):
        """The peer takes its Close and stays: the wait is bounded, the exit code is 0."""
        pced = Pced(topology=networks.DIAMOND, server={"shutdown-grace": 1}).start()
        with Peer(pced.address, source=next_source()) as peer:
            peer.open(keepalive=0, dead=0)
            begun = time.monotonic()
            pced.stop()
            self.assertLess(time.monotonic() - begun, 15)
            peer.expect_close(pcep.CLOSE_NONE)

    def test_shutdown_does_not_wait_for_a_peer_that_does_not_read(self):
        """Thousands of answers wait for it and it takes none: the wait is bounded all the same."""
        pced = Pced(topology=networks.DIAMOND, server={"shutdown-grace": 1}).start()
        with Peer(pced.address, source=next_source(), receive_buffer=4096) as peer:
            peer.open(keepalive=0, dead=0)
            octets = b"".join(pcep.request_message(n, networks.A, networks.D)
                              for n in range(1, 60001))
            sender = threading.Thread(target=peer.send_quietly, args=(octets,), daemon=True)
            sender.start()
            pced.wait_line("paused")
            begun = time.monotonic()
            pced.stop()
            self.assertLess(time.monotonic() - begun, 15)
            sender.join()

    def test_sigint_ends_it_too(self):
        pced = Pced(topology=networks.DIAMOND).start()
        pced.signal(signal.SIGINT)
        self.assertEqual(pced.wait_exit(), 0)
        pced.stop()

    def test_peers_find_the_port_again_after_a_restart(self):
        port = daemon.free_port()
        for _ in range(2):
            with Pced(topology=networks.DIAMOND, port=port) as pced:
                with Peer(pced.address, source="127.0.9.9") as peer:
                    peer.open(keepalive=0, dead=0)
                    self.assertEqual(peer.ask(1, networks.A, networks.D).labels(),
                                     networks.PLAIN_A_D)


if __name__ == "__main__":
    unittest.main(verbosity=2)
