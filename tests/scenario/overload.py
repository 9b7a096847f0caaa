#!/usr/bin/env python3
"""More requests than can be computed in time, against the real server: docs/OVERLOAD.md."""

import os
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import next_source
from daemon import Pced
from peer import Peer

SIZE = 24
TLV_OVERLOADED_DURATION = 2
LONG_S = 120


def heavy(request_id, turn=0, priority=0):
    """A request over the whole grid with a bound that the shortest way does not meet."""
    source = networks.grid_address(turn % 5, turn // 5 % 5)
    target = networks.grid_address(SIZE - 1 - turn // 25 % 5, SIZE - 1)
    return pcep.message(
        pcep.PCREQ, pcep.rp(request_id, pcep.SETUP_RSVP_TE, priority), pcep.end_points(source, target),
        pcep.metric(pcep.METRIC_DELAY, 16000, bound=True), pcep.metric(pcep.METRIC_IGP, computed=True))


def flood(first, count, priority=0):
    return b"".join(heavy(first + n, n, priority) for n in range(count))


def cancel(*request_ids):
    """PCNtf 1/1 (RFC 5440 7.14)."""
    return pcep.message(pcep.PCNTF, *[pcep.rp(n) for n in request_ids],
                        pcep.notification_object(1, 1))


class Loud(threading.Thread):
    """Sends a flood and takes its answers as they come."""

    def __init__(self, case, count):
        super().__init__(daemon=True)
        self.case, self.count, self.peer = case, count, case.peer()
        self.sender = threading.Thread(target=self.peer.send_quietly, args=(flood(1, count),),
                                       daemon=True)
        self.result = self.error = None
        self.peer.socket.settimeout(LONG_S)
        self.sender.start()
        self.start()

    def run(self):
        try:
            self.result = self.case.collect(self.peer, range(1, self.count + 1))
        except Exception as error:  # told to whoever asks for the result
            self.error = error

    def finish(self):
        self.join(LONG_S)
        if self.error:
            raise self.error
        self.sender.join(LONG_S)
        return self.result


class Overload(unittest.TestCase):
    # Every request is computed, though many of them are equal.
    SECTIONS = {"limits": {"requests-in-flight": 1000000, "reply-cache": 0}}

    def setUp(self):
        self.pced = Pced(topology=networks.grid(SIZE), server={"shards": 1},
                         **self.SECTIONS).start()
        self.addCleanup(self.pced.stop)
        self.each_s = self.measure()

    def peer(self):
        peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(peer.drop)
        peer.open(keepalive=0, dead=0)
        return peer

    def measure(self):
        """Seconds that one of the flood takes here."""
        peer = self.peer()
        begun = time.monotonic()
        peer.send(flood(1, 50))
        self.collect(peer, {*range(1, 51)})
        return (time.monotonic() - begun) / 50

    def collect(self, peer, wanted):
        """Waits until each of these was answered or cancelled: (answered in order, cancelled,
        notifications of congestion)."""
        answered, cancelled, told = [], [], []
        wanted = set(wanted)
        while wanted:
            found = peer.next(LONG_S)
            if found.type == pcep.PCREP:
                numbers = [response.request_id for response in pcep.parse_responses(found)]
                answered += numbers
                wanted -= set(numbers)
            elif found.type == pcep.PCNTF:
                kind = found.one(pcep.OC_NOTIFICATION).unpack("!BBBB")[2:]
                if kind == (1, 2):
                    numbers = [rp.unpack("!II")[1] for rp in found.all(pcep.OC_RP)]
                    cancelled += numbers
                    wanted -= set(numbers)
                else:
                    told.append((kind, dict(found.one(pcep.OC_NOTIFICATION).tlvs(4))))
        return answered, cancelled, told


class Cancelling(Overload):
    def test_what_the_peer_cancels_is_not_computed(self):
        count = max(400, int(0.5 / self.each_s))
        last = range(count - 99, count + 1)
        peer = self.peer()
        peer.send(flood(1, count) + cancel(*last) + heavy(count + 1))
        answered, cancelled, _ = self.collect(peer, {count + 1})
        self.assertEqual(cancelled, [])
        self.assertEqual([n for n in answered if n not in last],
                         [*range(1, count - 99), count + 1])
        missing = 100 - len([n for n in answered if n in last])
        self.assertGreater(missing, 0)
        self.assertEqual(self.pced.metrics()["pced_requests_cancelled_total"], missing)

    def test_what_a_peer_that_is_gone_has_asked_is_not_computed(self):
        count = int(6 / self.each_s)
        peer, other = self.peer(), self.peer()
        peer.send(flood(1, min(count, 50000)))
        other.send(heavy(1))
        self.collect(other, {1})
        peer.reset()
        begun = time.monotonic()
        for number in range(2, 12):
            other.send(heavy(number))
            self.collect(other, {number})
        self.assertLess(time.monotonic() - begun, 3)
        self.assertGreater(self.pced.metrics()["pced_requests_gone_total"], 0)


class Fairness(Overload):
    def test_a_flood_makes_its_own_requests_wait(self):
        begun, worst = time.monotonic(), 0.0
        quiet = self.peer()
        loud = Loud(self, min(50000, int(3 / self.each_s)))
        for number in range(1, 6):
            asked = time.monotonic()
            quiet.send(heavy(number, number))
            self.collect(quiet, {number})
            worst = max(worst, time.monotonic() - asked)
        answered, cancelled, _ = loud.finish()
        total = time.monotonic() - begun
        self.assertEqual(cancelled, [])
        self.assertEqual(answered, [*range(1, loud.count + 1)])
        print(f"flood of {loud.count}: {total:.2f} s; the other's worst: {worst * 1000:.0f} ms",
              end=" ")
        self.assertLess(worst, total / 4)

    def test_keepalives_leave_in_time(self):
        self.pced.reload(session={"keepalive": 1, "dead-timer": 4})
        watched = self.peer()
        loud = Loud(self, min(50000, int(4 / self.each_s)))
        last = time.monotonic()
        for _ in range(3):
            self.assertEqual(watched.next().type, pcep.KEEPALIVE)
            self.assertLess(time.monotonic() - last, 2)
            last = time.monotonic()
        loud.finish()


class Congestion(Overload):
    def test_it_is_told_and_ends_and_priorities_count(self):
        """RFC 5440 7.14: PCNtf 2/1 with OVERLOADED-DURATION, and 2/2 when it is over."""
        other = self.peer()
        loud = Loud(self, min(100000, int(5 / self.each_s)))
        self.wait_congested()
        low, high = range(1, 101), range(1001, 1101)
        other.send(flood(1, 100, priority=1) + flood(1001, 100, priority=7))
        answered, _, _ = self.collect(other, {*low, *high})
        first = answered[:100]
        self.assertGreater(len([n for n in first if n in high]), 60, first)
        _, cancelled, told = loud.finish()
        self.assertEqual(cancelled, [])
        kinds = [kind for kind, _ in told]
        durations = [struct.unpack("!I", tlvs[TLV_OVERLOADED_DURATION])[0]
                     for kind, tlvs in told if kind == (2, 1)]
        self.assertTrue(durations)
        self.assertTrue(all(0 < seconds < 60 for seconds in durations), durations)
        while kinds[-1] != (2, 2):
            found = loud.peer.expect(pcep.PCNTF, LONG_S)
            kinds.append(found.one(pcep.OC_NOTIFICATION).unpack("!BBBB")[2:])

    def wait_congested(self):
        deadline = time.monotonic() + 20
        while self.pced.metrics()["pced_congestions_total"] == 0:
            self.assertLess(time.monotonic(), deadline)
            self.pced.let_pass(0.05)


class InFlight(Overload):
    SECTIONS = {"limits": {"reply-cache": 0, "requests-in-flight": 100}}

    def test_one_more_than_may_wait_is_cancelled(self):
        """Each request is answered or named in a PCNtf 1/2, and none twice."""
        count = max(1000, int(0.5 / self.each_s))
        peer = self.peer()
        peer.send(flood(1, count))
        answered, cancelled, _ = self.collect(peer, range(1, count + 1))
        self.assertEqual(sorted(answered + cancelled), [*range(1, count + 1)])
        self.assertGreaterEqual(len(answered), 100)
        self.assertGreater(len(cancelled), 0)
        self.assertEqual(self.pced.metrics()["pced_requests_over_limit_total"], len(cancelled))


if __name__ == "__main__":
    unittest.main(verbosity=2)
