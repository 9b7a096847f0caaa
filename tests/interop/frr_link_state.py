#!/usr/bin/env python3
"""A real router on a network that pced knows by BGP-LS alone: FRR's pathd has paths on what lsfeed tells, and
follows when a link is withdrawn."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr_first_light as light  # its network, its dynamic policies
import frr_lsps

import bgp_told
import capture
import oracle
import pcep
from daemon import Pced


class LinkState(frr_lsps.Reporting):
    @classmethod
    def make_pced(cls, text):
        cls.told = bgp_told.Told(text)
        cls.undo.append(cls.told.stop)
        return Pced(addresses=[light.PCE], port=pcep.PORT, bgp_ls=cls.told.configuration)

    @classmethod
    def teach_pced(cls):
        cls.told.tell(cls.pced)

    def right(self, network):
        return lambda policy, state: not oracle.check(network, policy.request, state.labels())

    def wait_paths(self, network, policies=frr_lsps.DYNAMIC, since=0):
        return self.wait_states(policies, lambda policy, state:
                                state.labels() and self.right(network)(policy, state), since)

    def test_1_pathd_has_the_paths_of_the_file(self):
        states = self.wait_paths(self.network)
        for policy in frr_lsps.DYNAMIC:
            expected = self.network.expected_labels(policy.request)
            self.assertIn(expected, (None, states[policy.lsp_name].labels()), policy.name)

    def test_2_a_withdrawn_link_moves_the_paths_on_it(self):
        before = self.wait_paths(self.network)
        broken, _, network, ends = self.find_failure(before)
        since = self.capture.mark()
        self.told.feed.ask("cut", *ends)
        after = self.wait_paths(network, broken, since)
        updated = {update.name or update.plsp_id for source, _, message in self.capture.messages[since:]
                   if source == light.PCE and message.type == pcep.PCUPD
                   for update in pcep.parse_lsp_states(message)}
        self.assertTrue(updated, "no PCUpd")
        for policy in broken:
            print(f"\n  without {' - '.join(ends)}, {policy.name}: {before[policy.lsp_name].labels()} -> "
                  f"{after[policy.lsp_name].labels()}", end="")

    def test_3_no_error_was_sent_by_either_side(self):
        for source, number, message in self.capture.messages:
            self.assertNotEqual(message.type, pcep.PCERR, f"{source}, connection {number}")

    def test_4_tshark_has_nothing_against_our_messages(self):
        self.frr.stop()
        self.pced.stop()
        self.told.stop()
        type(self).undo = self.undo[:1]
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        self.assertEqual(capture.complaints(self.capture.path, light.PCE), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
