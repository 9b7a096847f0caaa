#!/usr/bin/env python3
"""A real router's LSPs are kept: FRR's pathd reports explicit and dynamic policies to pced, in a network
namespace, while either of the two is restarted, by SIGTERM and by SIGKILL, in every order.

What pced knows is asked of its metrics; what pathd has is its own configuration.
"""

import os
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr_first_light as light  # its network, its dynamic policies

import capture
import frr
import pcep
from daemon import Pced

DYNAMIC = light.POLICIES[:4]
EXPLICIT = {f"by-hand-{number}": destination for number, destination in
            enumerate(("Nice", "Pau", "Lille", "Lyon", "La-Rochelle"), 1)}
FIRST_COLOR = 100  # of the explicit ones
RECONNECT_S = 150  # pathd's pause between attempts goes up to two minutes


def policy_lines(network, name):
    number = list(EXPLICIT).index(name)
    return [f"policy color {FIRST_COLOR + number} endpoint {light.router_id(network, EXPLICIT[name])}",
            f"name {name}", "candidate-path preference 100 name path explicit segment-list BY-HAND"]


def configuration(network, source):
    lines = ["debug pathd pcep basic", "segment-routing", " traffic-eng", "  segment-list BY-HAND",
             "   index 10 mpls label 16021", "   index 20 mpls label 16005", "  exit"]
    for name in EXPLICIT:
        lines += [*policy_lines(network, name), "exit"]
    for color, policy in enumerate(DYNAMIC, 1):
        lines += [f"  policy color {color} endpoint {light.router_id(network, policy.destination)}",
                  f"   name {policy.name}", "   candidate-path preference 100 name asked dynamic"]
        lines += [f"    {line}" for line in policy.lines] + ["   exit", "  exit"]
    lines += ["  pcep", "   pce PCED", f"    address ip {light.PCE} port {pcep.PORT}",
              f"    source-address ip {source}", "    pce-initiated",
              "    timer keep-alive 30 dead-timer 120 pcep-request 30", "   exit",
              "   pcc", f"    msd {light.MSD}", "    peer PCED precedence 10", "   exit", "  exit", " exit",
              "exit"]
    return "\n".join(lines) + "\n"


class Lsps(light.Story):
    @classmethod
    def make_frr(cls):
        return frr.Frr(cls.folder, configuration(cls.network, cls.source))

    # ---- what was seen

    def wait_metrics(self, what, **wanted):
        """Waits until pced says so of all of them."""
        names = {name: f"pced_{name}" for name in wanted}
        seen = {}

        def question():
            metrics = self.pced.metrics()
            seen.update({name: metrics[names[name]] for name in wanted})
            return seen == wanted
        frr.wait_until(question, what, RECONNECT_S, lambda: f"{seen}, wanted {wanted}\n{self.pced.log()}")

    def wait_all(self, what, syncs, explicit=len(EXPLICIT)):
        """Every LSP that pathd has is known and fresh; the dynamic ones are ours."""
        self.wait_metrics(what, lsp_pccs=1, lsp_syncs_total=syncs, lsps_stale=0,
                          lsps_delegated=len(DYNAMIC), lsps=explicit + len(DYNAMIC))

    # ---- what is done

    def start_pced(self):
        with open(light.TOPOLOGY, encoding="utf-8") as file:
            type(self).pced = Pced(topology=file.read(), addresses=[light.PCE], port=pcep.PORT).start()

    def end_pced(self, number=signal.SIGTERM):
        self.assertEqual(self.pced.metrics()["pced_reports_refused_total"], 0)
        if number == signal.SIGTERM:
            self.pced.stop()
        else:
            self.pced.kill()
            self.pced.join_reader()

    # ---- the story

    def test_1_explicit_paths_are_known_and_dynamic_ones_delegated(self):
        self.wait_all("all are reported", syncs=1)
        self.pced.wait_line(f"LSP state synchronised.*peer={self.source} ")

    def test_2_pced_is_restarted(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=number.name):
                self.end_pced(number)
                self.start_pced()
                self.wait_all("all are reported to the new pced", syncs=1)

    def test_3_pathd_is_restarted(self):
        for syncs, number in enumerate((signal.SIGTERM, signal.SIGKILL), 2):
            with self.subTest(signal=number.name):
                self.frr.end_pathd(number)
                self.wait_metrics("its LSPs are stale, and kept", lsps_stale=len(EXPLICIT) + len(DYNAMIC))
                self.frr.start_pathd()
                self.wait_all("all are reported anew, and none is left of before", syncs=syncs)

    def test_4_both_are_restarted_pathd_first(self):
        self.frr.end_pathd()
        self.end_pced()
        self.frr.start_pathd()
        self.start_pced()
        self.wait_all("all are reported", syncs=1)

    def test_5_both_are_restarted_pced_first(self):
        self.frr.end_pathd(signal.SIGKILL)
        self.end_pced(signal.SIGKILL)
        self.start_pced()
        self.frr.start_pathd()
        self.wait_all("all are reported", syncs=1)

    def test_6_a_policy_comes_and_goes(self):
        head, name = ["configure terminal", "segment-routing", "traffic-eng"], "by-hand-3"
        lines = policy_lines(self.network, name)
        removed = self.pced.metrics()["pced_lsps_removed_total"]
        self.frr.vtysh(*head, f"no {lines[0]}")
        self.wait_all("one less", syncs=1, explicit=len(EXPLICIT) - 1)
        self.wait_metrics("pathd has removed it", lsps_removed_total=removed + 1)
        self.frr.vtysh(*head, *lines)
        self.wait_all("it is back", syncs=1)

    def test_7_no_error_was_sent_by_either_side(self):
        self.assertEqual(self.pced.metrics()["pced_reports_refused_total"], 0)
        for source, number, message in self.capture.messages:
            self.assertNotEqual(message.type, pcep.PCERR, f"{source}, connection {number}")

    def test_8_tshark_has_nothing_against_our_messages(self):
        self.frr.stop()
        self.pced.stop()
        type(self).undo = self.undo[:1]
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        self.assertEqual(capture.complaints(self.capture.path, light.PCE), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
