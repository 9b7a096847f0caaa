#!/usr/bin/env python3
"""Rows of docs/SESSION-FSM.md over the wire that session_life.py and bad_input.py do not have: each message
out of place in each state, with the exact PCErr or Close and the end behind it."""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from case import ScenarioCase
from networks import A, D, PLAIN_A_D

STARTTLS = 13
OPENING = pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv())
KEEPALIVE = pcep.keepalive_message()
CLOSE = pcep.message(pcep.CLOSE, pcep.close_object(1))


def proposal(keepalive, dead):
    """PCErr 1/4 with an OPEN that would be accepted."""
    return pcep.message(pcep.PCERR, pcep.error_object(1, 4),
                        pcep.open_object(keepalive=keepalive, dead=dead))


class Case(ScenarioCase):
    def in_open_wait(self):
        peer = self.connect()
        self.assertEqual(peer.next().type, pcep.OPEN)
        return peer

    def in_keep_wait(self):
        peer = self.in_open_wait()
        peer.send(OPENING)
        self.assertEqual(peer.next().type, pcep.KEEPALIVE)
        return peer

    def assert_ends_silently(self, peer):
        self.assertEqual([m.name for m in peer.until_end()], [])

    def assert_up(self, peer, number=1):
        self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)


class OpenWait(Case):
    def test_messages_out_of_place(self):
        """PCErr 1/1 (RFC 5440 Appendix A)."""
        for octets in (proposal(30, 120), pcep.message(pcep.PCNTF, pcep.notification_object(1, 1)),
                       pcep.message(pcep.PCRPT, pcep.lsp_object(1, 0)), CLOSE[:1] + b"\x63" + CLOSE[2:],
                       pcep.message(pcep.KEEPALIVE, pcep.close_object(1))):
            with self.subTest(octets=octets.hex()):
                peer = self.in_open_wait()
                peer.send(octets)
                self.assert_ends_with_error(peer, (1, 1))

    def test_a_proposal_that_is_followed(self):
        """Their first Open is out of range and answered with 1/4, the second is accepted."""
        peer = self.in_open_wait()
        peer.send(pcep.open_message(keepalive=30, dead=20, tlvs=pcep.sr_capability_tlv()))
        error = peer.expect_error((1, 4))
        _, keepalive, dead, _ = error.one(pcep.OC_OPEN).unpack("!BBBB")
        self.assertGreaterEqual(dead, keepalive)
        peer.send(KEEPALIVE)
        peer.send(pcep.open_message(keepalive=keepalive, dead=dead, tlvs=pcep.sr_capability_tlv()))
        self.assertEqual(peer.next().type, pcep.KEEPALIVE)
        self.assert_up(peer)


class KeepWait(Case):
    def test_messages_out_of_place(self):
        for octets in (pcep.request_message(1, A, D), pcep.message(77), OPENING,
                       pcep.message(pcep.PCREQ)[:2] + b"\0\x06",  # a length that is no multiple of 4
                       pcep.message(pcep.KEEPALIVE, pcep.close_object(1))):
            with self.subTest(octets=octets.hex()):
                peer = self.in_keep_wait()
                peer.send(octets)
                self.assert_ends_with_error(peer, (1, 1))

    def test_another_version(self):
        peer = self.in_keep_wait()
        peer.send(pcep.message(pcep.KEEPALIVE, version=3))
        self.assert_ends_with_error(peer, (1, 8))

    def test_a_proposal_that_we_can_live_with(self):
        """We adjust, and say so in a new Open; the session comes up with those timers."""
        peer = self.in_keep_wait()
        peer.send(proposal(7, 28))
        again = peer.expect(pcep.OPEN)
        self.assertEqual(again.one(pcep.OC_OPEN).unpack("!BBBB")[1:3], (7, 28))
        peer.send(KEEPALIVE)
        self.assert_up(peer)

    def test_a_proposal_that_we_cannot_live_with(self):
        for octets in (proposal(200, 20), pcep.message(pcep.PCERR, pcep.error_object(1, 4))):
            with self.subTest(octets=octets.hex()):
                peer = self.in_keep_wait()
                peer.send(octets)
                self.assert_ends_with_error(peer, (1, 6))

    def test_proposals_without_end(self):
        peer = self.in_keep_wait()
        opens = 0
        for turn in range(20):
            peer.send(proposal(10 + turn, 120))
            found = peer.next()
            if found.type != pcep.OPEN:
                break
            opens += 1
        self.assertEqual(found.errors(), [(1, 6)])
        self.assertLess(opens, 10)
        self.assert_ends_silently(peer)

    def test_an_error_or_a_close_ends_it_without_an_answer(self):
        for octets in (pcep.message(pcep.PCERR, pcep.error_object(1, 3)), CLOSE):
            with self.subTest(octets=octets.hex()):
                peer = self.in_keep_wait()
                peer.send(octets)
                self.assert_ends_silently(peer)


class Up(Case):
    def test_a_second_open_is_refused_and_the_session_stays(self):
        peer = self.up()
        peer.send(OPENING)
        self.assertEqual([type_ for type_, _ in peer.expect(pcep.PCERR).errors()], [9])
        self.assert_up(peer)

    def test_malformed_messages(self):
        """Close with reason 3."""
        for octets in (pcep.message(pcep.PCREQ)[:2] + b"\0\x06", pcep.message(pcep.OPEN),
                       pcep.message(pcep.KEEPALIVE, version=2),
                       pcep.message(pcep.PCREQ, pcep.obj(pcep.OC_RP, 1, bytes(8), length=400))):
            with self.subTest(octets=octets.hex()):
                peer = self.up()
                peer.send(octets)
                self.assert_ends_with_close(peer, 3)

    def test_errors_and_proposals_are_only_told(self):
        peer = self.up()
        peer.send(proposal(10, 40) + pcep.message(pcep.PCERR, pcep.error_object(6, 1)))
        self.assert_up(peer)

    def test_nothing_is_sent_behind_the_close_of_a_peer(self):
        """RFC 5440 6.8: not the answers either."""
        peer = self.up()
        peer.send(b"".join(pcep.request_message(n, A, D) for n in range(1, 200)) + CLOSE
                  + pcep.request_message(500, A, D))
        replies = [response.request_id for m in peer.until_end()
                   for response in pcep.parse_responses(m)]
        self.assertEqual(replies, list(range(1, len(replies) + 1)))
        self.assertNotIn(500, replies)


class StartTls(Case):
    def test_where_the_peer_may_go_on_in_the_clear(self):
        peer = self.in_open_wait()
        peer.send(pcep.message(STARTTLS))
        self.assert_ends_with_error(peer, (25, 4))

    def test_behind_other_messages(self):
        for peer in (self.in_keep_wait(), self.up()):
            peer.send(pcep.message(STARTTLS))
            self.assert_ends_with_error(peer, (25, 1))


class StartTlsRefused(Case):
    SECTIONS = {"session": {"starttls": "refuse"}}

    def test_it_may_not(self):
        peer = self.in_open_wait()
        peer.send(pcep.message(STARTTLS))
        self.assert_ends_with_error(peer, (25, 3))


class FixedTimers(Case):
    SECTIONS = {"session": {"negotiate": False, "keepalive-min": 10, "keepalive-max": 60,
                            "dead-timer-min": 20, "allow-keepalive-zero": True}}

    def test_timers_that_are_not_negotiable(self):
        for keepalive, dead in ((5, 20), (61, 244), (10, 10)):
            with self.subTest(keepalive=keepalive, dead=dead):
                peer = self.in_open_wait()
                peer.send(pcep.open_message(keepalive=keepalive, dead=dead))
                self.assert_ends_with_error(peer, (1, 3))

    def test_timers_at_the_ends_of_the_range(self):
        for keepalive, dead in ((10, 20), (60, 255), (0, 0)):
            with self.subTest(keepalive=keepalive, dead=dead):
                self.assert_up(self.up(keepalive=keepalive, dead=dead))


class SessionIds(Case):
    SECTIONS = {"server": {"shards": 1}}

    def test_one_more_for_each_session_and_round_again(self):
        """RFC 5440 7.3: eight bits."""
        sids = []
        for _ in range(260):
            peer = self.connect()
            sids.append(peer.next().one(pcep.OC_OPEN).unpack("!BBBB")[3])
            peer.reset()
        for one, next_ in zip(sids, sids[1:]):
            self.assertEqual(next_, (one + 1) % 256)


class DeadTimer(Case):
    """The peer's own value runs, in a server that sends no Keepalives itself."""
    SECTIONS = {"session": {"keepalive": 0, "dead-timer": 0, "dead-timer-min": 1}}

    def test_a_peer_without_keepalives_has_no_dead_timer(self):
        peer = self.up(keepalive=0, dead=2)
        self.pced.let_pass(4)
        self.assert_up(peer)

    def test_a_peer_that_does_not_read_is_dead_when_it_is_silent_too(self):
        """It is paused by the soft limit, and nothing of it waits unread."""
        self.pced.reload(limits={"pending-soft": 4096})
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=1, dead=2)
        since, begun = self.pced.mark(), time.monotonic()
        peer.ask_without_reading(b"".join(pcep.request_message(n, A, D) for n in range(1, 400)))
        self.pced.wait_line(f"paused.*{peer.socket.getsockname()[0]}", since)
        source = peer.socket.getsockname()[0]
        self.pced.wait_line(f"session ended peer={source} .*close_reason=2", since, 25)
        self.assertGreater(time.monotonic() - begun, 1.5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
