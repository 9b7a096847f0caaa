#!/usr/bin/env python3
"""The send hold against the real server: whoever takes no whole message for the send-hold time is closed,
whoever takes one now and then lives; what a closed peer can still read is whole messages and a Close."""

import os
import sys
import threading
import time
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import pcep
from case import ScenarioCase, next_source
from networks import A, D, PLAIN_A_D

HOLD_S, SAMPLE_S, GRACE_S, KEEPALIVE_S = 3, 1, 4, 1
STALL_WAIT_S = 60  # for what a sanitized server does in HOLD_S + SAMPLE_S where the machine lets it
RUNS_MAX = 5
PAUSE_S = 0.8  # of a peer that reads slowly
REASON = 6
QUIET = {"send-hold": HOLD_S, "send-hold-sample": SAMPLE_S, "send-hold-grace": GRACE_S,
         "keepalive": 0, "dead-timer": 0}
COMPUTED = [pcep.metric(kind, computed=True) for kind in
            (pcep.METRIC_IGP, pcep.METRIC_TE, pcep.METRIC_HOPS, pcep.METRIC_DELAY)]
MANY = 1500  # requests whose answers are more than the kernel takes, and below the soft limit
STALLED = (r"peer is stalled: session closed.* why=\"SendHoldTimer expired\" "
           r"pending_octets=(\d+) without_progress_s=(\d+) dropped_messages=(\d+) "
           r"dropped_octets=(\d+)")


def requests(first, count):
    return b"".join(pcep.request_message(n, A, D, *COMPUTED) for n in range(first, first + count))


def large_request(first, count):
    """One message, whose answers stand in one PCRep where it may be so long."""
    return pcep.message(pcep.PCREQ, *[pcep.request(n, A, D, *COMPUTED)
                                      for n in range(first, first + count)])


def answered(message):
    return [response.request_id for response in pcep.parse_responses(message)]


def responses(peer, count):
    """So many request numbers at least: how many stand in one PCRep depends on how they came to be read."""
    found = []
    while len(found) < count:
        found += answered(peer.expect(pcep.PCREP))
    return found


def octets_of(messages, count, like):
    """Of so many PCReps with so many responses in all, each as long as those of that one."""
    return 4 * messages + count * (len(like.octets) - 4) // len(answered(like))


class Acknowledged:
    """What a peer's kernel has acknowledged, and how long at most it was without more of it: measured, as a busy
    machine holds the peer up. With its small buffer the kernel opens the window when all in it was read."""

    def __init__(self, peer):
        self.peer, self.taken, self.octets = peer, 0, 0
        self.looked = self.since = time.monotonic()  # since: not after more was acknowledged for the last time
        self.gap_s = 0.0

    def look(self):
        now, octets = time.monotonic(), self.taken + self.peer.unread()
        if octets > self.octets:
            self.gap_s, self.octets, self.since = self.longest_s(), octets, self.looked
        self.looked = now

    def longest_s(self):
        return max(self.gap_s, time.monotonic() - self.since)

    def take(self):
        """Reads all that is there."""
        self.look()
        self.taken += self.peer.take(self.peer.unread())
        self.look()


class Case(ScenarioCase):
    SECTIONS = {"session": QUIET}

    def conclude(self, run):
        """Until a run has shown something: not where the machine kept the peer from its part of it for as long
        as the send hold, so that the server is right to close it, or was not put to the test."""
        for _ in range(RUNS_MAX):
            if run():
                return
            print("INCONCLUSIVE: the machine held the peer up; it begins anew")
        self.skipTest(f"SKIP: the machine held the peer up in {RUNS_MAX} runs")

    def stalled_line(self, peer, since, wait_s=STALL_WAIT_S):
        """Waits for what the log says of this peer: (pending, seconds, messages, octets)."""
        source = peer.socket.getsockname()[0]
        found = self.pced.wait_line(STALLED, since, wait_s)
        self.assertIn(f"peer={source} ", found.string)
        return tuple(int(group) for group in found.groups())

    def slow(self, **options):
        """A peer with its session UP and next to no room for what comes."""
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0, **options)
        return peer

    def assert_took(self, begun, least_s):
        """How long at most is for the simulation (tests/sim/hold.c), whose time is not the machine's."""
        self.assertGreaterEqual(time.monotonic() - begun, least_s - 0.1)


class ZeroWindow(Case):
    def test_a_peer_that_never_resumes(self):
        """Closed at the send-hold time, reset at the end of the grace."""
        peer = self.slow()
        since, begun = self.pced.mark(), time.monotonic()
        peer.ask_without_reading(requests(1, MANY))
        pending, seconds, messages, octets = self.stalled_line(peer, since)
        self.assert_took(begun, HOLD_S)
        self.assertGreaterEqual(seconds, HOLD_S)
        self.assertGreater(messages, 10)
        self.assertGreater(octets, 1000)
        self.assertGreater(pending, octets)
        peer.wait_broken()
        self.assert_took(begun, HOLD_S + GRACE_S)

    def test_a_peer_that_resumes_within_the_grace(self):
        """The messages that were under way, whole and in order; the Close; the end."""
        peer = self.slow()
        since = self.pced.mark()
        peer.ask_without_reading(requests(1, MANY))
        _, _, dropped, octets = self.stalled_line(peer, since)
        rest = peer.whole_until_end()
        self.assertEqual(rest[-1].close_reason(), REASON)
        self.assertEqual({m.type for m in rest[:-1]}, {pcep.PCREP})
        replies = [request_id for m in rest[:-1] for request_id in answered(m)]
        self.assertEqual(replies, list(range(1, len(replies) + 1)))
        self.assertLess(len(replies), MANY)
        self.assertEqual(octets, octets_of(dropped, MANY - len(replies), rest[0]))

    def test_its_place_is_free_at_once(self):
        """The PCC may come back while the old connection has its grace."""
        source = next_source()
        peer = self.connect(source=source, receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        since = self.pced.mark()
        peer.ask_without_reading(requests(1, MANY))
        self.stalled_line(peer, since)
        again = self.connect(source=source)
        again.open(keepalive=0, dead=0)
        self.assertEqual(again.ask(1, A, D).labels(), PLAIN_A_D)
        self.assertEqual(peer.whole_until_end()[-1].close_reason(), REASON)
        self.assertEqual(again.ask(2, A, D).labels(), PLAIN_A_D)


class LargeReply(Case):
    """Answers of one PCReq in one PCRep of up to 65,535 octets."""
    SECTIONS = {"session": QUIET, "limits": {"reply-size": 65535}}
    COUNT = 400
    LONG_COUNT = 800  # takes a dripping peer several times the send hold
    DRIP_S = HOLD_S / 2
    SPARE = 16384  # more than its kernel holds besides

    def test_stopped_in_the_middle(self):
        """The PCRep arrives whole, the Close directly behind it, and nothing of what was queued after."""
        peer = self.slow()
        since = self.pced.mark()
        self.assertEqual(peer.ask_without_reading(large_request(1, self.COUNT)
                                                  + requests(1000, 50)),
                         len(large_request(1, self.COUNT) + requests(1000, 50)))
        pending, _, dropped, octets = self.stalled_line(peer, since)
        self.assertGreater(pending, 20000)
        rest = peer.whole_until_end()
        self.assertEqual(octets, octets_of(dropped, 50, rest[0]))
        self.assertEqual([m.type for m in rest], [pcep.PCREP, pcep.CLOSE])
        self.assertEqual(answered(rest[0]), list(range(1, self.COUNT + 1)))
        self.assertGreater(len(rest[0].octets), 20000)
        self.assertEqual(rest[1].close_reason(), REASON)

    def dripping_is_over(self):
        peer = self.slow()
        since, begun = self.pced.mark(), time.monotonic()
        size = len(large_request(1, self.LONG_COUNT))  # that of its answer as well
        peer.ask_without_reading(large_request(1, self.LONG_COUNT) + requests(1000, 50))
        acknowledged = Acknowledged(peer)
        while not self.pced.lines_with("is stalled", since):
            if acknowledged.taken > size - self.SPARE:
                self.assertGreaterEqual(acknowledged.longest_s(), HOLD_S, "octets keep it alive")
                return False
            acknowledged.take()
            self.pced.let_pass(self.DRIP_S)
        longest_s = acknowledged.longest_s()
        self.stalled_line(peer, since)
        self.assert_took(begun, HOLD_S)
        self.assertGreater(acknowledged.octets, 8192)
        self.assertLess(acknowledged.octets, size)
        rest = peer.whole_until_end()  # small ones may have gone behind the large one meanwhile
        self.assertEqual(answered(rest[0]), list(range(1, self.LONG_COUNT + 1)))
        self.assertGreaterEqual(len(rest[0].octets), size)
        self.assertEqual({m.type for m in rest[1:-1]} - {pcep.PCREP}, set())
        self.assertEqual(rest[-1].close_reason(), REASON)
        return longest_s < HOLD_S

    def test_dripping_without_ever_finishing_a_message(self):
        """Octets are acknowledged all the time, and it dies all the same."""
        self.conclude(self.dripping_is_over)


class SlowReader(Case):
    COUNT = 3000  # whose answers it does not come to the end of

    def slow_reader_lives(self):
        peer = self.slow()
        since, begun = self.pced.mark(), time.monotonic()
        asked = requests(1, self.COUNT)
        self.assertEqual(peer.ask_without_reading(asked), len(asked))
        acknowledged = Acknowledged(peer)
        while time.monotonic() - begun < 4 * HOLD_S:
            acknowledged.take()
            self.pced.let_pass(PAUSE_S)
            if self.pced.lines_with("is stalled", since):
                self.assertGreaterEqual(acknowledged.longest_s(), HOLD_S, "closed while it took messages")
                return False
        self.assertEqual(responses(peer, self.COUNT), list(range(1, self.COUNT + 1)))
        self.assertLess(acknowledged.octets, sum(len(m.octets) for m in peer.received))
        self.assertEqual(peer.ask(self.COUNT + 1, A, D).labels(), PLAIN_A_D)
        return True

    def test_a_message_now_and_then_is_enough(self):
        """For four times the send-hold time; in the end each request has its answer."""
        self.conclude(self.slow_reader_lives)


class SingleKeepalive(Case):
    """The first Keepalive comes after 4 s, the next one would after 8."""
    SECTIONS = {"session": {**QUIET, "keepalive": 4, "dead-timer": 16}}

    def test_one_that_is_never_acknowledged(self):
        """Four octets are outstanding and nothing is queued."""
        begun = time.monotonic()
        peer = self.up()
        since = self.pced.mark()
        peer.deaf()
        pending, seconds, messages, _ = self.stalled_line(peer, since)
        self.assertEqual((pending, messages), (4, 0))
        self.assertGreaterEqual(seconds, HOLD_S)
        self.assert_took(begun, 4 + HOLD_S)

    def late_one_lives(self):
        begun, since = time.monotonic(), self.pced.mark()
        peer = self.up()
        peer.deaf()
        self.pced.let_pass(4 + 1)
        peer.hear()
        # The kernel tries again 1.4 s after the first time, and then 3 s.
        is_in_time = time.monotonic() - begun < 4 + 1.4
        found = peer.next().type
        if self.pced.lines_with("is stalled", since):
            self.assertFalse(is_in_time, "closed while its Keepalive was acknowledged")
            return False
        self.assertEqual(found, pcep.KEEPALIVE)
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
        self.assertEqual(self.pced.lines_with("is stalled", since), [])
        return True

    def test_one_that_is_acknowledged_late(self):
        """Its host was away for less than the send-hold time."""
        self.conclude(self.late_one_lives)

    def test_a_send_hold_that_is_not_above_the_dead_timer_is_told_once(self):
        before = self.pced.metrics()["pced_send_hold_short_total"]
        for _ in range(3):
            self.up().ask(1, A, D)
        self.assertEqual(self.pced.metrics()["pced_send_hold_short_total"], before + 3)
        told = self.pced.lines_with("not longer than the dead timer")
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], "where=session send_hold_s=3 dead_timer_s=")


class Memory(Case):
    """16 MB wait for one peer; its memory is back when its Close is written, not when TCP gives up."""
    SECTIONS = {"session": {**QUIET, "send-hold-grace": 20},
                "limits": {"pending-soft": 64 << 20, "pending-hard": 128 << 20,
                           "requests-in-flight": 1000000}}
    COUNT = 200000
    KEPT_KIB = 8192  # what the shards keep for the next messages

    @classmethod
    def setUpClass(cls):
        if daemon.is_sanitized():
            cls.GROWTH_KIB_MAX = 128 * 1024  # a sanitizer's allocator keeps what the 16 MB took at their peak
        # Free pages go back to the system soon, so that the figure of the process shows it.
        with unittest.mock.patch.dict(os.environ, {
                "MALLOC_CONF": "background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:0"}):
            super().setUpClass()

    def wait_figure(self, figure, limit, wait_s):
        deadline = time.monotonic() + wait_s
        while figure() > limit:
            self.assertLess(time.monotonic(), deadline, f"{figure()} is more than {limit}")
            self.pced.let_pass(0.1)

    def test_is_back_before_the_reset(self):
        peer = self.slow()
        since = self.pced.mark()
        octets = requests(1, self.COUNT)
        sender = threading.Thread(target=peer.send_quietly, args=(octets,), daemon=True)
        peer.socket.settimeout(None)
        sender.start()
        pending = self.stalled_line(peer, since, 60)[0]
        self.assertGreater(pending, 8 << 20)
        metrics = self.pced.metrics()
        self.assertEqual((metrics["pced_pending_octets"], metrics["pced_peers"]), (0, 2))
        if not daemon.is_sanitized():  # a sanitizer keeps what was freed
            self.wait_figure(self.pced.rss_kib, self.rss_before + self.KEPT_KIB, 10)
        self.assertEqual(self.pced.metrics()["pced_peers"], 2)  # the connection is still there
        peer.reset()
        sender.join()


class PerPeer(Case):
    """The longest prefix decides; its group, and the sections, for what it does not name."""
    SECTIONS = {
        "session": {**QUIET, "send-hold": 600, "send-hold-grace": 600, "send-hold-reason": 77},
        "peer_groups": [{"name": "quick", "send-hold": HOLD_S, "send-hold-grace": 1}],
        "peers": [{"prefix": "127.200.0.0/16", "group": "quick"},
                  {"prefix": "127.200.0.9", "send-hold": "off"}],
    }

    def stall(self, source):
        peer = self.connect(source=source, receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        peer.ask_without_reading(requests(1, MANY))
        return peer

    def test_times_of_groups_and_peers(self):
        since, begun = self.pced.mark(), time.monotonic()
        lives = [self.stall("127.200.0.9"), self.stall(next_source())]
        dies = self.stall("127.200.0.1")
        self.stalled_line(dies, since)
        self.assert_took(begun, HOLD_S)
        self.assertEqual(dies.whole_until_end()[-1].close_reason(), 77)
        self.pced.let_pass(HOLD_S + SAMPLE_S)
        for peer in lives:
            self.assertEqual(responses(peer, 10)[:10], list(range(1, 11)))

    def test_the_grace_of_a_group(self):
        since, begun = self.pced.mark(), time.monotonic()
        peer = self.stall("127.200.0.2")
        self.stalled_line(peer, since)
        peer.wait_broken()
        self.assert_took(begun, HOLD_S + 1)


class Reload(Case):
    SECTIONS = {"session": {**QUIET, "send-hold": 600}}

    def test_a_session_that_runs_takes_the_new_time(self):
        peer = self.slow()
        peer.ask_without_reading(requests(1, MANY))
        self.pced.let_pass(HOLD_S + SAMPLE_S)
        since = self.pced.mark()
        self.pced.reload(session=QUIET)
        self.stalled_line(peer, since)
        self.assertEqual(peer.whole_until_end()[-1].close_reason(), REASON)

    def tearDown(self):
        super().tearDown()
        self.pced.reload(session={**QUIET, "send-hold": 600})


class Many(Case):
    SECTIONS = {"session": QUIET, "log": {"rate": 1000000}}

    def test_peers_that_break_off_while_they_drain(self):
        """Each at another point of what it has left to read."""
        peers = [self.slow() for _ in range(30)]
        since = self.pced.mark()
        for peer in peers:
            peer.ask_without_reading(requests(1, MANY))
        self.pced.wait_lines("is stalled", len(peers), since)
        for number, peer in enumerate(peers):
            for _ in range(number):
                self.assertEqual(peer.next().type, pcep.PCREP)
            peer.reset()


if __name__ == "__main__":
    unittest.main(verbosity=2)
