#!/usr/bin/env python3
"""A real router asks for paths and gets them: FRR's pathd against pced, in a network namespace.

pced has the national sample network. pathd stands in for the router in Brest: for each policy below it
sends a PCReq, takes the PCRep's label stack as the policy's chosen candidate path, and reports it back by
PCRpt. The reported labels are compared with what the oracle (lib/oracle.py) computes from the topology
file. Every packet is recorded; tshark has the last word on the form of our messages.
"""

import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

try:
    import networkx  # noqa: F401  (both belong to the oracle)
    import yaml      # noqa: F401
except ImportError as missing:
    print(f"SKIP: {missing}: install python3-networkx and python3-yaml")
    sys.exit(77)

import capture
import frr
import netns
import oracle
import pcep
from daemon import ROOT, Pced

PCE = "127.0.0.1"
HEADEND = "Brest"
MSD = 10
RECONNECTS = 10
TOPOLOGY = os.path.join(ROOT, "deploy", "topologies", "national.yaml")


class Policy:
    """A policy of the router: its pathd configuration and what it means to the oracle."""

    def __init__(self, name, destination, lines=(), **constraints):
        self.name, self.destination, self.lines = name, destination, lines
        self.request = oracle.Request(HEADEND, destination, **{"msd": MSD, **constraints})

    lsp_name = property(lambda self: f"{self.name}-asked")


POLICIES = [
    Policy("plain", "Nice"),
    Policy("te", "Pau", ["metric te 1 required"], metric="te"),
    Policy("te-msd", "Pau", ["metric te 1 required", "metric bound msd 2 required"], metric="te",
           msd=2),
    Policy("te-bound", "Lille", ["metric igp 1 required", "metric bound te 70 required"],
           bounds={"te": 70}),
    Policy("regional", "Nice", ["affinity include-all 0x00000002"], include_all=2),
    Policy("owned", "La-Rochelle", ["affinity exclude-any 0x00000004"], exclude_any=4),
    Policy("core-or-regional", "Lyon", ["affinity include-any 0x00000003", "metric te 1 required"],
           include_any=3, metric="te"),
    Policy("wide", "Angouleme", ["bandwidth 6000000000 required", "metric te 1 required"],
           bandwidth=6e9, metric="te"),
    Policy("widest", "Lille", ["affinity include-all 0x00000002", "objective-function mbp required"],
           include_all=2, widest=True),
    Policy("all-at-once", "Montpellier",
           ["affinity exclude-any 0x00000004", "bandwidth 1000000000 required",
            "metric te 1 required", "metric bound msd 4 required"],
           exclude_any=4, bandwidth=1e9, metric="te", msd=4),
]
# Every way into Cherbourg is narrower than 40 Gbit/s. The policy has a path of its own to fall back on.
IMPOSSIBLE = Policy("impossible", "Cherbourg", ["bandwidth 5000000000 required"], bandwidth=5e9)


def configuration(network, source):
    lines = ["debug pathd pcep basic path message pceplib", "segment-routing", " traffic-eng",
             "  segment-list BY-HAND", "   index 10 mpls label 16021", "  exit"]
    for color, policy in enumerate(POLICIES + [IMPOSSIBLE], 1):
        lines += [f"  policy color {color} endpoint {router_id(network, policy.destination)}",
                  f"   name {policy.name}", "   candidate-path preference 100 name asked dynamic"]
        lines += [f"    {line}" for line in policy.lines] + ["   exit"]
        if policy is IMPOSSIBLE:
            lines.append("   candidate-path preference 10 name by-hand explicit "
                         "segment-list BY-HAND")
        lines.append("  exit")
    lines += ["  pcep", "   pce PCED", f"    address ip {PCE} port {pcep.PORT}",
              f"    source-address ip {source}",
              "    timer keep-alive 30 dead-timer 120 pcep-request 30", "   exit",
              "   pcc", f"    msd {MSD}", "    peer PCED precedence 10", "   exit", "  exit", " exit",
              "exit"]
    return "\n".join(lines) + "\n"


def router_id(network, name):
    """The IPv4 router id: the address that is on no link."""
    on_links = {a for link in network.links for a in link.local | link.remote}
    return str(min(a for a in network.nodes[name].addresses - on_links if a.version == 4))


class Story(unittest.TestCase):
    """pced, FRR's pathd and a capture in a network of their own, for one story in steps; the names of the
    steps keep their order."""
    SECTIONS = {}  # of pced's configuration

    @classmethod
    def setUpClass(cls):
        cls.undo = []
        try:
            frr.check()
            if not capture.has_tshark():
                raise netns.Unavailable("tshark is not installed")
            netns.enter()
            cls.set_up()
        except netns.Unavailable as reason:
            print(f"SKIP: {reason}")
            raise unittest.SkipTest(str(reason)) from None
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def set_up(cls):
        with open(TOPOLOGY, encoding="utf-8") as file:
            text = file.read()
        cls.network = oracle.Network(text)
        cls.source = router_id(cls.network, HEADEND)
        netns.add_address(f"{cls.source}/32")
        netns.add_address("fd00::1/128")  # without IPv6 pathd loses 20 s at its start
        cls.folder = tempfile.mkdtemp(prefix="pced-interop-")
        os.chmod(cls.folder, 0o755)
        cls.undo.append(lambda: shutil.rmtree(cls.folder, ignore_errors=True))
        cls.capture = capture.Capture(os.path.join(cls.folder, "pcep.pcap"))
        cls.pced = cls.make_pced(text).start()
        cls.undo.append(lambda: cls.pced.stop())
        cls.teach_pced()
        cls.frr = cls.make_frr()
        cls.undo.append(cls.frr.stop)
        cls.frr.start()

    @classmethod
    def make_pced(cls, text):
        return Pced(topology=text, addresses=[PCE], port=pcep.PORT, **cls.SECTIONS)

    @classmethod
    def teach_pced(cls):
        """What it does not have from its file."""

    @classmethod
    def make_frr(cls):
        return frr.Frr(cls.folder, configuration(cls.network, cls.source))

    @classmethod
    def tearDownClass(cls):
        while cls.undo:
            cls.undo.pop()()


class FirstLight(Story):
    # ---- what was seen

    def reports(self, messages):
        """{LSP name: newest LspState} of what pathd reported."""
        found = {}
        for source, _, message in messages:
            if source == self.source and message.type == pcep.PCRPT:
                for state in pcep.parse_lsp_states(message):
                    if state.name:
                        found[state.name] = state
        return found

    def responses(self, messages):
        return [response for source, _, message in messages
                if source == PCE and message.type == pcep.PCREP
                for response in pcep.parse_responses(message)]

    def wait_reports(self, since, what):
        """All policies reported with a path of ours, delegated."""
        def question(messages):
            states = self.reports(messages)
            mine = [states.get(policy.lsp_name) for policy in POLICIES]
            return states if all(s and s.labels() and s.delegated for s in mine) else None
        return self.capture.wait(question, what, since)

    def wait_no_path(self, since, what):
        return self.capture.wait(
            lambda messages: [r for r in self.responses(messages) if r.no_path], what, since)

    def wait_impossible(self, since):
        """pathd asks again and is refused, or (from the second time on) reports that it has nothing."""
        def question(messages):
            state = self.reports(messages).get(IMPOSSIBLE.lsp_name)
            return state and not state.labels() or [r for r in self.responses(messages)
                                                    if r.no_path]
        self.capture.wait(question, "the impossible policy is asked for or reported", since)

    def chosen(self):
        """Names of the policies whose chosen candidate path is the one that we computed."""
        return {name for name, paths in self.frr.policies().items()
                for path in paths if path["chosen"] and path["name"] == "asked"
                and path["segment_list"] == "(created by PCE)"}

    def wait_chosen(self):
        wanted = {policy.name for policy in POLICIES}
        frr.wait_until(lambda: wanted <= self.chosen(), "pathd chooses our paths",
                       describe=lambda: self.frr.vtysh("show sr-te policy detail"))

    def assert_labels_are_right(self, states):
        for policy in POLICIES:
            with self.subTest(policy=policy.name):
                labels = states[policy.lsp_name].labels()
                self.assertEqual(oracle.check(self.network, policy.request, labels), [])

    # ---- the story

    def test_1_pathd_chooses_our_paths(self):
        self.wait_reports(0, "pathd reports the paths")
        self.wait_chosen()
        states = self.wait_reports(0, "pathd reports the paths")
        self.assertTrue(all(states[p.lsp_name].created_by_pce for p in POLICIES))

    def test_2_labels_are_those_of_an_independent_computation(self):
        states = self.wait_reports(0, "pathd reports the paths")
        print()
        for policy in POLICIES:
            labels = states[policy.lsp_name].labels()
            expected = self.network.expected_labels(policy.request)
            word = "the only right ones" if expected else "one of several right ones"
            print(f"  {policy.name:17} {HEADEND} -> {policy.destination:12} {labels} ({word})"
                  f"  {'; '.join(policy.lines)}")
        self.assert_labels_are_right(states)
        self.assertGreaterEqual(sum(self.network.expected_labels(p.request) is not None
                                    for p in POLICIES), 7, "too few policies with one answer")

    def test_3_impossible_policy_gets_no_path(self):
        self.assertIsNone(self.network.best_lists(IMPOSSIBLE.request)[0])
        refusal = self.wait_no_path(0, "NO-PATH for the impossible policy")[0]
        self.assertEqual(refusal.setup, pcep.SETUP_SR)
        self.assertNotIn(IMPOSSIBLE.name, self.chosen())
        fallback = [path for path in self.frr.policies()[IMPOSSIBLE.name] if path["chosen"]]
        self.assertEqual([path["name"] for path in fallback], ["by-hand"])

    def test_4_session_survives_ten_reconnects(self):
        for turn in range(1, RECONNECTS + 1):
            with self.subTest(turn=turn):
                since = self.capture.mark()
                self.frr.vtysh("clear sr-te pcep session")
                states = self.wait_reports(since, "pathd synchronises its LSPs")
                self.wait_impossible(since)
                self.assertNotIn(IMPOSSIBLE.name, self.chosen())
                self.assert_labels_are_right(states)
                self.wait_chosen()
        opens = [m for source, _, m in self.capture.messages
                 if source == self.source and m.type == pcep.OPEN]
        self.assertEqual(len(opens), 1 + RECONNECTS)

    def test_5_pced_comes_back(self):
        since = self.capture.mark()
        self.pced.stop()
        self.capture.wait(lambda messages: [m for source, _, m in messages if source == PCE
                                            and m.type == pcep.CLOSE], "Close at shutdown", since)
        with open(TOPOLOGY, encoding="utf-8") as file:
            type(self).pced = Pced(topology=file.read(), addresses=[PCE], port=pcep.PORT).start()
        states = self.wait_reports(since, "pathd synchronises with the new pced")
        self.assert_labels_are_right(states)
        self.wait_chosen()

    def test_6_a_policy_that_is_made_anew_is_asked_for_anew(self):
        policy, color = POLICIES[1], 2
        head = ["configure terminal", "segment-routing", "traffic-eng",
                f"policy color {color} endpoint {router_id(self.network, policy.destination)}"]
        self.frr.vtysh(*head, "no candidate-path preference 100")
        since = self.capture.mark()
        self.frr.vtysh(*head, "candidate-path preference 100 name asked dynamic", *policy.lines)
        state = self.capture.wait(
            lambda messages: [s for name, s in self.reports(messages).items()
                              if name == policy.lsp_name and s.created_by_pce and s.labels()],
            "pathd reports the new path", since)[0]
        self.assertEqual(oracle.check(self.network, policy.request, state.labels()), [])
        self.wait_chosen()

    def test_7_no_error_was_sent_by_either_side(self):
        for source, number, message in self.capture.messages:
            self.assertNotEqual(message.type, pcep.PCERR, f"{source}, connection {number}")
            if message.type == pcep.CLOSE:
                self.assertEqual(message.close_reason(), pcep.CLOSE_NONE)

    def test_8_tshark_has_nothing_against_our_messages(self):
        self.frr.stop()
        self.pced.stop()
        type(self).undo = self.undo[:1]
        self.assertEqual(self.capture.stop(), 0, "packets were lost by the capture")
        path = self.capture.path
        mine = {}
        for source, _, message in self.capture.messages:
            if source == PCE:
                mine[message.type] = mine.get(message.type, 0) + 1
        print(f"\n  sent by pced, by type: { {pcep.MESSAGE_NAMES[k]: v for k, v in mine.items()} }")
        self.assertEqual(capture.message_counts(path, PCE), mine)
        self.assertGreaterEqual(mine[pcep.OPEN], RECONNECTS + 2)
        self.assertEqual(capture.complaints(path, PCE), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
