#!/usr/bin/env python3
"""Close of a peer against the real server: whatever waits for that peer is not sent any more (RFC 5440 6.8),
and the connection ends in order."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from case import ScenarioCase
from networks import A, D

COMPUTED = [pcep.metric(kind, computed=True) for kind in
            (pcep.METRIC_IGP, pcep.METRIC_TE, pcep.METRIC_HOPS, pcep.METRIC_DELAY)]
CLOSE = pcep.message(pcep.CLOSE, pcep.close_object(1))


class Closing(ScenarioCase):
    SECTIONS = {"session": {"keepalive": 0, "dead-timer": 0}}

    def ask(self, peer, count):
        peer.send(b"".join(pcep.request_message(n, A, D, *COMPUTED) for n in range(1, count + 1)))

    def test_nothing_is_answered(self):
        peer = self.up()
        peer.send(CLOSE)
        self.assertEqual(peer.whole_until_end(), [])

    def test_what_waits_is_dropped(self):
        """Whole answers in order, as far as they were under way; no Close, no PCErr, no reset."""
        count = 1500  # whose answers are more than the kernel takes
        peer = self.connect(receive_buffer=4096)
        peer.open(keepalive=0, dead=0)
        self.ask(peer, count)
        peer.send(CLOSE)
        answered = [pcep.parse_responses(m)[0].request_id for m in peer.whole_until_end()]
        self.assertEqual(answered, list(range(1, len(answered) + 1)))
        self.assertLess(len(answered), count)

    def test_what_follows_it_is_not_read(self):
        peer = self.up()
        peer.send(CLOSE + pcep.request_message(1, A, D))
        self.assertEqual(peer.whole_until_end(), [])


if __name__ == "__main__":
    unittest.main()
