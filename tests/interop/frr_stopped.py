#!/usr/bin/env python3
"""A real router that hangs: FRR's pathd is stopped by SIGSTOP and resumed on either side of the send-hold
time, in a network namespace.

Its kernel goes on acknowledging until the receive buffer is full. So that this does not take hours, the
buffers of the namespace are small, and the test asks for paths on pathd's own connection (a second descriptor
of its socket) while pathd is stopped: the answers close the window.
"""

import os
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr_first_light as light  # its network, its policies and their configuration

import capture
import netns
import pcep

# The grace is longer than the pause between two window probes after so long a hold: the kernel may need one
# to learn that pathd reads again.
HOLD_S, SAMPLE_S, GRACE_S = 6, 1, 15
SHORT_STOP_S = 3
ASKED = 120  # requests, whose answers are more than the buffer of pathd holds
STALLED = "peer is stalled: session closed.*SendHoldTimer expired"


class Stopped(light.Story):
    SECTIONS = {"session": {"send-hold": HOLD_S, "send-hold-sample": SAMPLE_S, "send-hold-grace": GRACE_S,
                            "keepalive": 1, "dead-timer": 60}}

    @classmethod
    def set_up(cls):
        netns.set_receive_buffers(4096)
        super().set_up()
        cls.destination = light.router_id(cls.network, "Nice")

    def wait_session(self, since):
        """pathd has a session and has synchronised its LSPs."""
        self.pced.wait_line(f"LSP state synchronised.*peer={self.source} ", since, 150)  # pathd takes its time

    def stop_pathd(self):
        """It hangs, and what it has asked for waits for it."""
        self.frr.signal("pathd", signal.SIGSTOP)
        octets = b"".join(
            pcep.request_message(1000 + n, self.source, self.destination) for n in range(ASKED))
        with self.frr.connection("pathd", pcep.PORT) as same:
            same.sendall(octets)

    def resume_pathd(self):
        self.frr.signal("pathd", signal.SIGCONT)

    def test_1_the_session_comes_up(self):
        self.wait_session(0)

    def test_2_resumed_before_the_send_hold_time(self):
        """Nothing happens: pathd takes what waited, and the session goes on."""
        log = self.pced.mark()
        self.stop_pathd()
        try:
            self.pced.let_pass(SHORT_STOP_S)
        finally:
            self.resume_pathd()
        since = self.capture.mark()
        self.capture.wait(lambda messages: [m for source, _, m in messages
                                            if source == self.source], "pathd speaks", since, 60)
        self.pced.let_pass(HOLD_S + SAMPLE_S)
        self.assertEqual(self.pced.lines_with("is stalled|session ended", log), [])

    def test_3_resumed_within_the_grace(self):
        """pathd reads what was under way and the Close, and comes again."""
        log = self.pced.mark()
        self.stop_pathd()
        try:
            line = self.pced.wait_line(STALLED, log, 60).string
        finally:
            self.resume_pathd()
        self.assertIn(f"peer={self.source} ", line)
        self.capture.wait(lambda messages: [m for source, _, m in messages if source == light.PCE
                                            and m.type == pcep.CLOSE and m.close_reason() == 6],
                          "the Close is on the wire")
        self.wait_session(log)

    def test_4_resumed_after_the_grace(self):
        """Its connection has been reset meanwhile."""
        log = self.pced.mark()
        self.stop_pathd()
        try:
            self.pced.wait_line(STALLED, log, 60)
            self.pced.let_pass(GRACE_S + 1)
        finally:
            self.resume_pathd()
        self.wait_session(log)

    def test_5_tshark_sees_no_torn_message(self):
        self.frr.stop()
        self.pced.stop()
        type(self).undo = self.undo[:1]
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        self.assertEqual(capture.complaints(self.capture.path, light.PCE), [])
        closes = [m.close_reason() for source, _, m in self.capture.messages
                  if source == light.PCE and m.type == pcep.CLOSE]
        self.assertEqual(closes.count(6), 1, "the second Close found nobody who reads")


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
