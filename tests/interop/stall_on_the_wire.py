#!/usr/bin/env python3
"""What a stalled peer leaves on the wire, recorded packet by packet in a network namespace: tshark decodes
whole messages and a Close, and none that is torn."""

import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import capture
import netns
import networks
import pcep
from daemon import Pced
from networks import A, D
from peer import Peer

HOLD_S, GRACE_S, REASON = 3, 5, 6
COMPUTED = [pcep.metric(kind, computed=True) for kind in
            (pcep.METRIC_IGP, pcep.METRIC_TE, pcep.METRIC_HOPS, pcep.METRIC_DELAY)]
SMALL, LARGE = 1000, 400
STALLED = r"peer is stalled: session closed.*SendHoldTimer expired.*dropped_messages=(\d+)"


def small(first):
    return b"".join(pcep.request_message(n, A, D, *COMPUTED) for n in range(first, first + SMALL))


def large():
    return pcep.message(pcep.PCREQ, *[pcep.request(n, A, D, *COMPUTED)
                                      for n in range(1, LARGE + 1)])


class OnTheWire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            if not capture.has_tshark():
                raise netns.Unavailable("tshark is not installed")
            netns.enter()
        except netns.Unavailable as reason:
            print(f"SKIP: {reason}")
            raise unittest.SkipTest(str(reason)) from None

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="pced-interop-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.pced = Pced(topology=networks.DIAMOND, addresses=["127.0.0.1"], port=pcep.PORT,
                         session={"send-hold": HOLD_S, "send-hold-sample": 1, "keepalive": 0,
                                  "send-hold-grace": GRACE_S, "dead-timer": 0},
                         limits={"reply-size": 65535}).start()
        self.addCleanup(self.pced.stop)
        self.capture = capture.Capture(os.path.join(folder, "pcep.pcap"))

    def stall(self, octets, source):
        """A peer that asks this and reads nothing, until the server has closed it: how many messages
        were dropped."""
        peer = Peer(self.pced.address, source=source, receive_buffer=4096)
        self.addCleanup(peer.drop)
        peer.open(keepalive=0, dead=0)
        since = self.pced.mark()
        self.assertEqual(peer.ask_without_reading(octets), len(octets))
        return peer, int(self.pced.wait_line(STALLED, since)[1])

    def counts(self):
        """What tshark decoded of the server's messages, by type; nothing may be wrong with one."""
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        self.assertEqual(capture.complaints(self.capture.path, "127.0.0.1"), [])
        return capture.message_counts(self.capture.path, "127.0.0.1")

    def test_resumed_within_the_grace(self):
        peer, dropped = self.stall(small(1), "127.1.0.1")
        rest = peer.whole_until_end()
        self.assertEqual(rest[-1].close_reason(), REASON)
        self.assertEqual(len(rest) - 1 + dropped, SMALL)
        counts = self.counts()
        self.assertEqual(counts, {pcep.OPEN: 1, pcep.KEEPALIVE: 1, pcep.PCREP: SMALL - dropped,
                                  pcep.CLOSE: 1})
        print(f"\n  sent {SMALL - dropped} PCReps whole and a Close; dropped {dropped}")

    def test_stopped_in_the_middle_of_a_large_pcrep(self):
        peer, dropped = self.stall(large() + small(1001), "127.1.0.2")
        rest = peer.whole_until_end()
        self.assertEqual([m.type for m in rest], [pcep.PCREP, pcep.CLOSE])
        self.assertEqual(len(pcep.parse_responses(rest[0])), LARGE)
        self.assertEqual(self.counts(), {pcep.OPEN: 1, pcep.KEEPALIVE: 1, pcep.PCREP: 1,
                                         pcep.CLOSE: 1})
        print(f"\n  a PCRep of {len(rest[0].octets)} octets, then the Close; dropped {dropped}")

    def test_never_resumed(self):
        """What was sent is whole up to where the reset cuts it."""
        peer, _ = self.stall(small(1), "127.1.0.3")
        peer.wait_broken()
        counts = self.counts()
        self.assertEqual((counts[pcep.OPEN], counts.get(pcep.CLOSE, 0)), (1, 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
