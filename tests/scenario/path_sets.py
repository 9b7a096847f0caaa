#!/usr/bin/env python3
"""Requests that belong together, against the real server: SVECs with their diversities, objectives and
metrics, what is missing of a set, and sets that have to wait."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from api_case import ApiCase
from networks import A, B, C, D, LOWER_A_D, MBIT, UPPER_A_D

NO_DISJOINT_PATH = 1 << 20  # NO-PATH-VECTOR (RFC 8800 7.4)
MCC = 6


class Sets(ApiCase):
    def setUp(self):
        super().setUp()
        self.peer = self.up()

    def send(self, head, *requests):
        self.peer.send(pcep.message(pcep.PCREQ, head + b"".join(requests)))

    def responses(self):
        return pcep.parse_responses(self.peer.expect(pcep.PCREP))

    def expect_ways(self, responses):
        """One path over each way from A to D."""
        ways = ["upper" if r.labels() in UPPER_A_D else "lower" if r.labels() in LOWER_A_D else r.labels()
                for r in responses]
        self.assertEqual(sorted(ways), ["lower", "upper"])

    def test_two_diverse_paths(self):
        for flags in (pcep.SVEC_LINK, pcep.SVEC_NODE, pcep.SVEC_SRLG, 7):
            with self.subTest(flags=flags):
                self.send(pcep.svec(flags, [1, 2]), pcep.request(1, A, D), pcep.request(2, A, D))
                self.expect_ways(self.responses())

    def test_strict_hops_are_diverse_too(self):
        self.send(pcep.svec(pcep.SVEC_NODE, [1, 2]), pcep.request(1, A, D, setup=0), pcep.request(2, A, D, setup=0))
        first, second = [{hop.address for hop in r.hops()} for r in self.responses()]
        self.assertEqual((len(first), len(second), first & second), (2, 2, set()))

    def test_the_third_of_a_set_has_no_disjoint_path(self):
        self.send(pcep.svec(pcep.SVEC_LINK, [1, 2, 3]), *(pcep.request(i, A, D) for i in (1, 2, 3)))
        responses = self.responses()
        self.assertEqual([r.no_path_vector() for r in responses if r.no_path is not None], [NO_DISJOINT_PATH])
        self.expect_ways([r for r in responses if r.no_path is None])
        rows = self.get("/api/v1/no-paths")["no_paths"]
        self.assertEqual(rows, [], "alone it would have a path: nothing is there to be cured")

    def test_objective_and_metrics_of_the_set(self):
        head = pcep.svec(pcep.SVEC_LINK, [1, 2]) + pcep.objective(MCC)
        head += b"".join(pcep.metric(kind, computed=True) for kind in (4, 5, 6, 7))
        band = pcep.bandwidth(10 * MBIT)
        self.send(head, pcep.request(1, A, D, band), pcep.request(2, A, D, band))
        reply = self.peer.expect(pcep.PCREP)
        self.expect_ways(pcep.parse_responses(reply))
        told = pcep.parse_set(reply)
        self.assertEqual([item.class_ for item in told], [pcep.OC_SVEC, pcep.OC_OF] + 4 * [pcep.OC_METRIC])
        values = {kind: value for _, _, kind, value in (item.unpack("!HBBf") for item in told[2:])}
        self.assertEqual(values[6], 60)
        self.assertEqual(values[7], 220)
        self.assertAlmostEqual(values[4] / (40 * MBIT), 1, places=5)
        self.assertAlmostEqual(values[5], 0.1, places=5)

    def test_a_set_whose_request_is_missing(self):
        self.send(pcep.svec(pcep.SVEC_LINK, [1, 2]), pcep.request(1, A, D), pcep.request(5, A, D))
        kinds = {}
        for _ in range(2):
            found = self.peer.next()
            kinds[found.type] = found
        self.assertEqual(set(kinds), {pcep.PCERR, pcep.PCREP})
        error = [item for item in kinds[pcep.PCERR].objects if item.class_ == pcep.OC_PCEP_ERROR][0]
        self.assertEqual(error.unpack("!BBBB")[2:], (7, 0))

    def test_many_sets_at_once_are_all_answered(self):
        count = 30
        self.peer.send(b"".join(
            pcep.message(pcep.PCREQ, pcep.svec(pcep.SVEC_LINK, [2 * i + 1, 2 * i + 2]) +
                         pcep.request(2 * i + 1, A, D) + pcep.request(2 * i + 2, A, D)) for i in range(count)))
        answered = {}
        while len(answered) < 2 * count:
            for response in self.responses():
                answered[response.request_id] = response
        for i in range(count):
            self.expect_ways([answered[2 * i + 1], answered[2 * i + 2]])

    def test_a_peer_that_goes_in_the_middle_of_its_sets_harms_nobody(self):
        other = self.up()
        other.send(b"".join(
            pcep.message(pcep.PCREQ, pcep.svec(pcep.SVEC_LINK, [1, 2]) + pcep.request(1, A, D) +
                         pcep.request(2, A, D)) for _ in range(40)))
        other.reset()
        self.send(pcep.svec(pcep.SVEC_LINK, [1, 2]), pcep.request(1, A, D), pcep.request(2, B, C))
        self.assertEqual(len(self.responses()), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
