#!/usr/bin/env python3
"""Requests that are too long for a shard, against the real server: docs/ARCHITECTURE.md, "What takes
longer than a turn". One shard and one compute thread, so that orders mean something."""

import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import next_source
from daemon import Pced, program
from peer import Peer

SIZE = 40
LONG_S = 120
FIRST, LAST = networks.grid_address(0, 0), networks.grid_address(SIZE - 1, SIZE - 1)


def heavy(request_id, kind=0):
    """Hundreds of thousands of steps: the way of least metric is too slow. Each kind is a search of its
    own."""
    return pcep.message(
        pcep.PCREQ, pcep.rp(request_id, pcep.SETUP_RSVP_TE), pcep.end_points(FIRST, LAST),
        pcep.metric(pcep.METRIC_DELAY, 29000 + kind, bound=True),
        pcep.metric(pcep.METRIC_IGP, computed=True))


def heavies(count, first=1):
    return b"".join(heavy(first + n, first + n) for n in range(count))


def light(request_id):
    """One link."""
    return pcep.message(pcep.PCREQ, pcep.rp(request_id, pcep.SETUP_RSVP_TE),
                        pcep.end_points(FIRST, networks.grid_address(0, 1)))


def cancel(*request_ids):
    """PCNtf 1/1 (RFC 5440 7.14)."""
    return pcep.message(pcep.PCNTF, *[pcep.rp(n) for n in request_ids],
                        pcep.notification_object(1, 1))


class ComputeCase(unittest.TestCase):
    LIMITS = {"path-work-inline": 1000}

    def setUp(self):
        self.pced = Pced(topology=networks.grid(SIZE), server={"shards": 1, "compute-threads": 1},
                         session={"keepalive": 1, "dead-timer": 4}, limits=self.LIMITS).start()
        self.addCleanup(self.pced.stop)

    def peer(self, **options):
        peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(peer.drop)
        peer.open(**{"keepalive": 0, "dead": 0, **options})
        peer.socket.settimeout(LONG_S)
        return peer

    def collect(self, peer, wanted):
        """Waits until each of these was answered or cancelled: (answers in their order, cancelled)."""
        answers, cancelled, wanted = [], [], set(wanted)
        while wanted:
            found = peer.next(LONG_S)
            if found.type == pcep.PCREP:
                responses = pcep.parse_responses(found)
                answers += responses
                wanted -= {response.request_id for response in responses}
            elif found.type == pcep.PCNTF and \
                    found.one(pcep.OC_NOTIFICATION).unpack("!BBBB")[2:] == (1, 2):
                numbers = [rp.unpack("!II")[1] for rp in found.all(pcep.OC_RP)]
                cancelled += numbers
                wanted -= set(numbers)
        return answers, cancelled

    def ids(self, answers):
        return [answer.request_id for answer in answers]

    def metric(self, name):
        return self.pced.metrics()["pced_" + name]

    def wait_metric(self, name, value):
        deadline = time.monotonic() + LONG_S
        while self.metric(name) != value:
            self.assertLess(time.monotonic(), deadline, name)
            self.pced.let_pass(0.02)


class Overtaking(ComputeCase):
    def test_light_requests_overtake_heavy_ones_of_the_same_session(self):
        peer = self.peer()
        peer.send(heavies(6) + light(100) + light(101))
        answers, _ = self.collect(peer, [*range(1, 7), 100, 101])
        self.assertEqual(sorted(self.ids(answers)[:2]), [100, 101])
        self.assertEqual(sorted(self.ids(answers)[2:]), [*range(1, 7)])
        self.assertTrue(all(answer.ero for answer in answers))
        self.assertEqual(self.metric("computations_total"), 6)

    def test_other_sessions_and_keepalives_go_on_meanwhile(self):
        loud, quiet = self.peer(), self.peer()
        count = 1500
        loud.send(heavies(count))
        asked = 0
        while asked < 50:
            asked += 1
            quiet.send(light(asked))
            self.assertEqual(self.ids(self.collect(quiet, [asked])[0]), [asked])
        left = self.metric("requests_waiting")
        self.assertGreater(left, 500, "fifty small ones before a thousand large ones")
        for _ in range(2):
            begun = time.monotonic()
            self.assertEqual(quiet.next().type, pcep.KEEPALIVE)
            self.assertLess(time.monotonic() - begun, 2.5)
        self.assertGreater(self.metric("requests_waiting"), 0, "there was something to wait for")

    def test_sessions_take_turns(self):
        loud, quiet = self.peer(), self.peer()
        loud.send(heavies(40))
        self.wait_metric("requests_total", 40)
        quiet.send(heavy(1, 1000))
        self.collect(quiet, [1])
        self.assertGreater(self.metric("requests_waiting"), 20, "it did not wait for all of them")
        self.collect(loud, range(1, 41))


class TheSame(ComputeCase):
    def test_the_same_request_is_computed_once(self):
        """One is in the way, so that all the others come before theirs has been computed."""
        first, *others = [self.peer() for _ in range(10)]
        first.send(heavies(3, 50))
        for peer in others:
            peer.send(heavy(7) + heavy(8))
        eros = set()
        for peer in others:
            answers, _ = self.collect(peer, [7, 8])
            self.assertEqual(sorted(self.ids(answers)), [7, 8])
            eros |= {answer.ero.body for answer in answers}
        self.assertEqual(len(eros), 1)
        self.collect(first, range(50, 53))
        self.assertEqual(self.metric("computations_total"), 4)
        found = self.pced.metrics()
        self.assertEqual(found["pced_requests_coalesced_total"] + found["pced_replies_cached_total"],
                         2 * len(others) - 1)
        self.assertGreater(found["pced_requests_coalesced_total"], 0)


class Ending(ComputeCase):
    def test_what_is_cancelled_while_it_waits_or_is_computed_is_not_answered(self):
        peer = self.peer()
        peer.send(heavies(30) + cancel(*range(11, 31)) + light(100))
        self.collect(peer, [100])
        answers, _ = self.collect(peer, range(1, 11))
        self.assertEqual(sorted(self.ids(answers)), [*range(1, 11)])
        self.wait_metric("requests_waiting", 0)
        self.assertEqual(self.metric("requests_cancelled_total"), 20)
        self.assertLess(self.metric("computations_total"), 30)

    def test_what_a_session_that_ended_had_asked_is_dropped_and_others_are_served(self):
        gone, other = self.peer(), self.peer()
        gone.send(heavies(200))
        self.wait_metric("requests_total", 200)
        other.send(heavy(1, 1))  # the same as one of theirs
        gone.reset()
        answers, _ = self.collect(other, [1])
        self.assertTrue(answers[0].ero)
        self.wait_metric("requests_waiting", 0)
        found = self.pced.metrics()
        self.assertGreater(found["pced_requests_gone_total"], 150)
        self.assertLess(found["pced_computations_total"], 50)

    def test_the_server_ends_with_computations_under_way(self):
        peer, other = self.peer(), self.peer()
        peer.send(heavies(100))
        self.wait_metric("requests_total", 100)
        self.assertGreater(self.metric("requests_computing"), 0)
        begun = time.monotonic()
        self.pced.signal(signal.SIGTERM)
        self.assertEqual(other.until_end()[-1].type, pcep.CLOSE)
        self.assertEqual(peer.until_end(LONG_S)[-1].type, pcep.CLOSE)
        self.assertEqual(self.pced.wait_exit(), 0)
        self.assertLess(time.monotonic() - begun, 20)


class Reloading(ComputeCase):
    def test_a_topology_may_be_replaced_while_requests_are_computed(self):
        peer = self.peer()
        for turn in range(3):
            first = 1 + 100 * turn
            peer.send(heavies(10, first))
            self.pced.reload()
            answers, _ = self.collect(peer, range(first, first + 10))
            self.assertTrue(all(answer.ero for answer in answers))
        self.assertEqual(self.metric("requests_total"), 30)
        self.assertEqual(self.metric("replies_path_total"), 30)

    def test_without_a_topology_what_waits_is_answered_with_no_path(self):
        peer = self.peer()
        peer.send(heavies(30))
        self.wait_metric("requests_total", 30)
        self.pced.reload(topology={"file": ""})
        answers, _ = self.collect(peer, range(1, 31))
        self.assertEqual(sorted(self.ids(answers)), [*range(1, 31)])
        self.assertGreater(len([answer for answer in answers if not answer.ero]), 20)

    def test_the_shard_computes_everything_itself_when_that_is_asked(self):
        self.pced.reload(limits={"path-work-inline": 0})
        peer = self.peer()
        peer.send(heavies(3) + light(100))
        answers, _ = self.collect(peer, [1, 2, 3, 100])
        self.assertEqual(self.ids(answers), [1, 2, 3, 100], "in the order of the requests")
        self.assertEqual(self.metric("computations_total"), 0)


class Limits(ComputeCase):
    LIMITS = {"path-work-inline": 1000, "requests-in-flight": 10}

    def test_the_limit_of_a_peer_counts_what_is_computed(self):
        peer = self.peer()
        peer.send(heavies(40))
        answers, cancelled = self.collect(peer, range(1, 41))
        self.assertEqual(sorted(self.ids(answers) + cancelled), [*range(1, 41)])
        self.assertGreaterEqual(len(answers), 10)
        self.assertGreater(len(cancelled), 0)
        self.assertEqual(self.metric("requests_over_limit_total"), len(cancelled))


class GivenUp(ComputeCase):
    LIMITS = {"path-work-inline": 1000, "path-work": 100000}

    def test_what_is_too_long_for_the_compute_threads_too_is_given_up_and_logged(self):
        peer = self.peer()
        peer.send(heavy(1))
        answers, _ = self.collect(peer, [1])
        self.assertFalse(answers[0].ero)
        self.assertEqual(self.metric("compute_given_up_total"), 1)
        self.pced.wait_line("request given up at limits.path-work from=r0-0 to=r39-39")
        run = subprocess.run([program("pcectl"), "status", "--socket",
                              self.pced.sections["control"]["socket"]],
                             capture_output=True, text=True, timeout=60, check=True)
        self.assertRegex(run.stdout, r"(?m)^  compute_given_up +1$")
        self.assertRegex(run.stdout, r"(?m)^  compute_seconds +\d+\.\d{3}$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
