#!/usr/bin/env python3
"""A real router's LSPs are kept: FRR's pathd reports explicit and dynamic policies to pced, in a network
namespace, while either of the two is restarted, by SIGTERM and by SIGKILL, in every order.

What pced knows is asked of its metrics; what pathd has is its own configuration.
"""

import os
import shutil
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr_first_light as light  # its network, its dynamic policies

import capture
import frr
import oracle
import pcep
import yaml
from api_case import UnixConnection, ask
from daemon import Pced

DYNAMIC = light.POLICIES[:4]
GAIN_MIN = 0.1  # as reopt.gain-min is by default
EXPLICIT = {f"by-hand-{number}": destination for number, destination in
            enumerate(("Nice", "Pau", "Lille", "Lyon", "La-Rochelle"), 1)}
BY_HAND = [16021, 16005]  # labels of the explicit ones
FIRST_COLOR = 100  # of the explicit ones
RECONNECT_S = 150  # pathd's pause between attempts goes up to two minutes


def policy_lines(network, name):
    number = list(EXPLICIT).index(name)
    return [f"policy color {FIRST_COLOR + number} endpoint {light.router_id(network, EXPLICIT[name])}",
            f"name {name}", "candidate-path preference 100 name path explicit segment-list BY-HAND"]


def configuration(network, source):
    lines = ["debug pathd pcep basic", "segment-routing", " traffic-eng", "  segment-list BY-HAND",
             *(f"   index {at} mpls label {label}" for at, label in enumerate(BY_HAND, 1)), "  exit"]
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


def is_listening():
    with open("/proc/net/tcp", encoding="ascii") as file:
        rows = [line.split() for line in list(file)[1:]]
    return any(row[3] == "0A" and int(row[1].split(":")[1], 16) == pcep.PORT for row in rows)


def gain(network, request, labels):
    """How much less than these labels the best list costs; 1 where they lead nowhere, or not as asked. Where the IGP
    repairs a list, and little is gained by another one, pced leaves it alone (reopt.gain-min)."""
    try:
        end, used, sums = network.simulate(request.source, labels)
    except ValueError:
        return 1
    if end != request.destination or used - network.permitted(request) or any(
            sums[metric] > bound for metric, bound in request.bounds.items()):
        return 1
    return 1 - network.best_lists(request)[0] / sums[request.metric]


class Reporting(light.Story):
    """A router that reports explicit and dynamic policies, and what it was seen to report."""

    @classmethod
    def make_frr(cls):
        return frr.Frr(cls.folder, configuration(cls.network, cls.source))

    def states(self, messages):
        """{LSP name: newest state} of what pathd has reported."""
        return {state.name: state for source, _, message in messages
                if source == self.source and message.type == pcep.PCRPT
                for state in pcep.parse_lsp_states(message) if state.name}

    def wait_states(self, policies, is_right, since):
        """Waits until the newest report of each has a path that is right."""
        def question(messages):
            found = self.states(messages)
            return all(policy.lsp_name in found and is_right(policy, found[policy.lsp_name])
                       for policy in policies) and found
        return self.capture.wait(question, f"right paths of {[p.name for p in policies]}", since)

    def find_failure(self, states):
        """A link without which paths that are set up are no good, and others are there for all of them:
        (these policies, the topology without it, the oracle's network of that, its ends)."""
        with open(light.TOPOLOGY, encoding="utf-8") as file:
            whole = yaml.safe_load(file)
        _, used, _ = self.network.simulate(light.HEADEND, states[DYNAMIC[1].lsp_name].labels())
        for ends in sorted({(self.network.links[i].start, self.network.links[i].end) for i in used}):
            links = [link for link in whole["links"] if {link["from"], link["to"]} != set(ends)]
            text = yaml.safe_dump({**whole, "links": links}, sort_keys=False)
            network = oracle.Network(text)
            broken = [policy for policy in DYNAMIC if
                      oracle.check(network, policy.request, states[policy.lsp_name].labels())]
            if broken and all(network.best_lists(policy.request)[1] for policy in DYNAMIC) and all(
                    gain(network, policy.request, states[policy.lsp_name].labels()) > GAIN_MIN
                    for policy in broken):
                return broken, text, network, ends
        raise AssertionError("no link whose failure breaks a path and leaves another")


class Lsps(Reporting):
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

    def get(self, path):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        try:
            status, answer = ask(connection, "GET", f"/api/v1/{path}")
        finally:
            connection.close()
        self.assertEqual(status, 200, answer)
        return answer

    def wait_all(self, what, syncs, missing=()):
        """Every LSP that pathd has is known and fresh; the dynamic ones are ours."""
        names = [name for name in EXPLICIT if name not in missing]
        self.wait_metrics(what, lsp_pccs=1, lsp_syncs_total=syncs, lsps_stale=0,
                          lsps_delegated=len(DYNAMIC), lsps=len(names) + len(DYNAMIC))
        rows = self.get("lsps?limit=100")["lsps"]
        self.assertEqual({row["name"]: row["delegated"] for row in rows},
                         {f"{name}-path": False for name in names}
                         | {policy.lsp_name: True for policy in DYNAMIC})
        self.assertEqual({(row["pcc"], row["setup_type"], row["stale"]) for row in rows},
                         {(self.source, "SR-MPLS", False)})

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
            shutil.rmtree(self.pced.folder, ignore_errors=True)
            # The kernel takes the sockets of a killed process's rings down a little later.
            frr.wait_until(lambda: not is_listening(), "the listening sockets are gone")

    # ---- the story

    def test_1_explicit_paths_are_known_and_dynamic_ones_delegated(self):
        self.wait_all("all are reported", syncs=1)
        self.pced.wait_line(f"LSP state synchronised.*peer={self.source} ")
        pcc, = self.get("pccs")["pccs"]
        self.assertEqual((pcc["address"], pcc["sync"], pcc["may_update"], pcc["may_initiate"]),
                         (self.source, "finished", True, True))

    def test_1_paths_are_those_of_the_router(self):
        states = self.wait_states(DYNAMIC, lambda policy, state: state.labels(), 0)
        wanted = {f"{name}-path": BY_HAND for name in EXPLICIT}
        wanted |= {policy.lsp_name: states[policy.lsp_name].labels() for policy in DYNAMIC}
        for name, labels in wanted.items():
            reported, = self.get(f"lsps/{self.source}/{name}")["reported"]
            self.assertEqual(reported["path"], [[f"label {label}" for label in labels]], name)

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
                self.wait_metrics("its session has ended", sessions_up=0)
                found = self.pced.metrics()
                if number == signal.SIGKILL:
                    self.assertEqual(found["pced_lsps"], len(EXPLICIT) + len(DYNAMIC))
                # One that ends in order may have removed its LSPs before.
                self.assertEqual(found["pced_lsps_stale"], found["pced_lsps"])
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
        self.wait_all("one less", syncs=1, missing=[name])
        self.wait_metrics("pathd has removed it", lsps_removed_total=removed + 1)
        self.frr.vtysh(*head, *lines)
        self.wait_all("it is back", syncs=1)

    def test_7_a_failure_moves_the_paths_that_it_breaks(self):
        states = self.wait_states(DYNAMIC, lambda policy, state: state.labels(), 0)
        broken, text, network, _ = self.find_failure(states)
        since, moved = self.capture.mark(), self.pced.metrics()["pced_reopt_moved_total"]
        self.pced.write_topology(text)
        self.pced.reload()
        after = self.wait_states(
            broken, lambda policy, state: not oracle.check(network, policy.request, state.labels()), since)
        for policy in broken:
            print(f"\n  {policy.name}: {states[policy.lsp_name].labels()} -> "
                  f"{after[policy.lsp_name].labels()}", end="")
        self.assertGreaterEqual(self.pced.metrics()["pced_reopt_moved_total"], moved + len(broken))
        chosen = self.frr.policies()
        for policy in broken:
            self.assertEqual([(path["chosen"], path["segment_list"]) for path in chosen[policy.name]],
                             [(True, "(created by PCE)")])
        self.wait_all("nothing else has changed", syncs=1)

    def test_8_no_error_was_sent_by_either_side(self):
        self.assertEqual(self.pced.metrics()["pced_reports_refused_total"], 0)
        for source, number, message in self.capture.messages:
            self.assertNotEqual(message.type, pcep.PCERR, f"{source}, connection {number}")

    def test_9_tshark_has_nothing_against_our_messages(self):
        self.frr.stop()
        self.pced.stop()
        type(self).undo = self.undo[:1]
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        self.assertEqual(capture.complaints(self.capture.path, light.PCE), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
