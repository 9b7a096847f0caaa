#!/usr/bin/env python3
"""pceload against a PCE that answers wrongly: each kind of wrong answer is found out and counted."""

import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from load import FalsePce, Run, path, reply

RIGHT = 16004  # the node SID of D


def hops(request_id, *addresses):
    """A path of strict hops."""
    return reply(request_id, pcep.obj(7, 1, b"".join(
        bytes((1, 8)) + socket.inet_aton(address) + bytes((32, 0)) for address in addresses), p=True))


def closing(request_id):
    """Ends the session instead of an answer."""
    return pcep.message(pcep.CLOSE, pcep.close_object(1)) if request_id else b""


class WrongAnswers(unittest.TestCase):
    REQUESTS = 8

    def ask(self, answer, *options):
        with FalsePce(answer) as server:
            return Run("--sessions", 2, "--depth", 2, "--requests", self.REQUESTS, "--duration", 2,
                       "--warm-up", 0, "--drain", 0.3, *options, server=server.address,
                       topology=networks.DIAMOND, pairs=f"{networks.A} {networks.D}\n")

    def expect_wrong(self, kind, answer, *options, count=REQUESTS):
        run = self.ask(answer, *options)
        self.assertEqual(run.code, 1, run.text)
        self.assertEqual(run.errors.get(kind), count, run.errors)
        self.assertEqual(run.requests["wrong"], count)
        return run

    def test_right_answers_are_right(self):
        run = self.ask(lambda number: path(number, RIGHT))
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual(run.errors, {})
        self.assertEqual(run.requests["paths"], self.REQUESTS)

    def test_wrong_destination(self):
        self.expect_wrong("ero-ends-elsewhere", lambda number: path(number, 16003))

    def test_label_that_nobody_knows(self):
        self.expect_wrong("label-unknown", lambda number: path(number, 17999))

    def test_more_labels_than_the_source_can_push(self):
        self.expect_wrong("label-stack-above-msd", lambda number: path(number, 16002, 16003, RIGHT),
                          "--msd", 2)

    def test_hops_for_a_segment_routed_request(self):
        hop = pcep.obj(7, 1, bytes((1, 8, 10, 0, 0, 4, 32, 0)), p=True)
        self.expect_wrong("ero-other-setup-type", lambda number: reply(number, hop))

    def test_strict_hops_over_each_link_in_turn_are_right(self):
        for way in ((networks.LINK_B_A, networks.LINK_D_B), (networks.C, networks.LINK_D_C),
                    (networks.LINK_B_D, networks.D)):
            with self.subTest(way=way):
                run = self.ask(lambda number, way=way: hops(number, *way), "--setup", "rsvp")
                self.assertEqual(run.code, 0, run.text)
                self.assertEqual(run.errors, {})

    def test_first_hop_over_a_link_of_another_router(self):
        self.expect_wrong("ero-first-hop-not-reachable",
                          lambda number: hops(number, networks.LINK_D_B), "--setup", "rsvp")

    def test_hop_over_a_link_that_is_not_there(self):
        self.expect_wrong("ero-hop-not-reachable",
                          lambda number: hops(number, networks.LINK_B_A, networks.LINK_C_A,
                                              networks.LINK_D_C), "--setup", "rsvp")

    def test_hops_that_end_before_the_destination(self):
        self.expect_wrong("ero-ends-elsewhere", lambda number: hops(number, networks.LINK_B_A),
                          "--setup", "rsvp")

    def test_empty_path(self):
        self.expect_wrong("ero-empty", lambda number: path(number))

    def test_neither_path_nor_no_path(self):
        self.expect_wrong("reply-without-path", lambda number: reply(number))

    def test_wrong_number(self):
        run = self.expect_wrong("reply-unknown-request", lambda number: path(number + 1000, RIGHT),
                                count=4)  # two sessions of depth two: nothing is answered
        self.assertEqual(run.requests["unanswered"], 4)

    def test_answered_twice(self):
        run = self.ask(lambda number: path(number, RIGHT) + path(number, RIGHT))
        self.assertEqual(run.code, 1)
        self.assertEqual(run.errors, {"reply-again": self.REQUESTS})

    def test_answers_that_nobody_asked_for(self):
        run = self.ask(lambda number: path(number, RIGHT) + path(0x70000000 + number, RIGHT))
        self.assertEqual(run.code, 1)
        self.assertEqual(run.errors, {"reply-unknown-request": self.REQUESTS})

    def test_no_answer(self):
        run = self.ask(lambda number: b"")
        self.assertEqual(run.code, 1)
        self.assertEqual(run.requests["unanswered"], 4)
        self.assertEqual(run.requests["wrong"], 0)

    def test_torn_object(self):
        def torn(number):
            octets = bytearray(path(number, RIGHT))
            octets[26] = 1  # the ERO's length
            return bytes(octets)
        run = self.ask(torn)
        self.assertEqual(run.code, 1)
        self.assertEqual(run.errors, {"reply-malformed": 4})

    def test_stream_that_cannot_be_read_on(self):
        run = self.ask(lambda number: b"\x20\x04\x00\x01")
        self.assertEqual(run.code, 1)
        self.assertEqual(run.errors.get("message-malformed"), 2)
        self.assertEqual(run.sessions["lost"], 2)

    def test_refusals_are_counted_by_their_error(self):
        def refuse(number):
            return pcep.message(pcep.PCERR, pcep.rp(number), pcep.error_object(4, 4))
        run = self.ask(refuse)
        self.assertEqual(run.code, 0)
        self.assertEqual(run.requests["refused"], self.REQUESTS)
        self.assertEqual(run.errors, {"pcerr-4-4": self.REQUESTS})

    def test_closed_session_is_lost(self):
        run = self.ask(closing)
        self.assertEqual(run.code, 1)
        self.assertEqual(run.errors.get("close-reason-1"), 4)

    def test_octets_that_trickle_are_put_together(self):
        """Each octet in a segment of its own."""
        run = self.ask(lambda number: [bytes((octet,)) for octet in path(number, RIGHT)])
        self.assertEqual(run.code, 0)
        self.assertEqual(run.errors, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
