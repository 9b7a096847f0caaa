#!/usr/bin/env python3
"""Path requests against the real server: every kind of constraint, both setups, both families, and the
ways to say that there is no path. The network is small: every right answer stands in networks.py."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import ScenarioCase, next_source
from daemon import Pced
from networks import A, A6, B, C, D, D6, E, GBIT, LOWER_A_D, MBIT, PLAIN_A_D, UPPER_A_D
from peer import Peer

UNAVAILABLE, UNKNOWN_DESTINATION, UNKNOWN_SOURCE = 1 << 0, 1 << 1, 1 << 2  # NO-PATH-VECTOR
REPLY_SIZE_MAX = 2048  # some PCCs take no longer message


class SegmentRouting(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.peer = self.up()
        self.asked = 100

    def ask(self, *objects, source=A, destination=D, **options):
        self.asked += 1
        return self.peer.ask(self.asked, source, destination, *objects, **options)

    def test_plain_request(self):
        response = self.ask()
        self.assertEqual(response.labels(), PLAIN_A_D)
        self.assertEqual(response.setup, pcep.SETUP_SR)
        self.assertFalse(any(hop.loose for hop in response.hops()))

    def test_te_metric_takes_the_other_way(self):
        self.assertIn(self.ask(pcep.metric(pcep.METRIC_TE)).labels(), LOWER_A_D)

    def test_igp_metric_by_name_is_the_short_way(self):
        self.assertEqual(self.ask(pcep.metric(pcep.METRIC_IGP)).labels(), PLAIN_A_D)

    def test_delay_metric(self):
        self.assertIn(self.ask(pcep.metric(pcep.METRIC_DELAY)).labels(), UPPER_A_D)

    def test_computed_metrics_are_reported(self):
        response = self.ask(pcep.metric(pcep.METRIC_TE, computed=True),
                            pcep.metric(pcep.METRIC_HOPS, 9, bound=True, computed=True))
        self.assertEqual(response.metric(pcep.METRIC_TE), 20)
        self.assertEqual(response.metric(pcep.METRIC_HOPS), 2)
        for _, flags, _ in response.metrics:
            self.assertFalse(flags & 1, "a computed value is no bound (RFC 5440 7.8)")

    def test_bounds(self):
        cases = ((pcep.METRIC_TE, 100, LOWER_A_D), (pcep.METRIC_TE, 20, LOWER_A_D),
                 (pcep.METRIC_TE, 19, None), (pcep.METRIC_IGP, 20, UPPER_A_D),
                 (pcep.METRIC_IGP, 19, None), (pcep.METRIC_HOPS, 2, UPPER_A_D),
                 (pcep.METRIC_HOPS, 1, None))
        for kind, bound, right in cases:
            with self.subTest(kind=kind, bound=bound):
                response = self.ask(pcep.metric(kind, bound, bound=True))
                if right is None:
                    self.assertIsNotNone(response.no_path)
                else:
                    self.assertIn(response.labels(), right)

    def test_two_bounds_that_no_path_meets_together(self):
        response = self.ask(pcep.metric(pcep.METRIC_IGP, 30, bound=True),
                            pcep.metric(pcep.METRIC_TE, 100, bound=True))
        self.assertIsNotNone(response.no_path)

    def test_affinities(self):
        cases = (({"exclude_any": 1}, LOWER_A_D), ({"exclude_any": 2}, UPPER_A_D),
                 ({"include_any": 2}, LOWER_A_D), ({"include_any": 3}, UPPER_A_D),
                 ({"include_all": 1}, UPPER_A_D), ({"include_all": 2}, LOWER_A_D),
                 ({"include_all": 3}, None), ({"exclude_any": 3}, None),
                 ({"include_any": 0x80000000}, None))
        for affinities, right in cases:
            with self.subTest(affinities=affinities):
                response = self.ask(pcep.lspa(**affinities))
                if right is None:
                    self.assertIsNotNone(response.no_path)
                else:
                    self.assertIn(response.labels(), right)

    def test_bandwidth(self):
        te = pcep.metric(pcep.METRIC_TE)
        cases = ((50 * MBIT, LOWER_A_D), (100 * MBIT, LOWER_A_D), (100 * MBIT + 1, UPPER_A_D),
                 (GBIT, UPPER_A_D), (GBIT * 1.01, None))
        for octets_per_second, right in cases:
            with self.subTest(octets_per_second=octets_per_second):
                response = self.ask(pcep.bandwidth(octets_per_second), te)
                if right is None:
                    self.assertIsNotNone(response.no_path)
                else:
                    self.assertIn(response.labels(), right)

    def test_sid_depth_of_the_request(self):
        """With one label there is one way only, whatever the metric."""
        response = self.ask(pcep.metric(pcep.METRIC_TE, computed=True),
                            pcep.metric(pcep.METRIC_MSD, 1, bound=True))
        self.assertEqual(response.labels(), PLAIN_A_D)
        self.assertEqual(response.metric(pcep.METRIC_TE), 200)

    def test_sid_depth_of_the_peer(self):
        peer = self.up(tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv(msd=1))
        response = peer.ask(1, A, D, pcep.metric(pcep.METRIC_TE))
        self.assertEqual(response.labels(), PLAIN_A_D)
        self.assertIsNotNone(peer.ask(2, A, D, pcep.lspa(exclude_any=1)).no_path)

    def test_sid_depth_above_the_peers_own_is_refused(self):
        """RFC 8664 5.3.1: PCErr 10/9."""
        peer = self.up(tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv(msd=4))
        peer.send(pcep.request_message(9, A, D, pcep.metric(pcep.METRIC_MSD, 5, bound=True)))
        error = peer.expect_error((10, 9))
        self.assertEqual(error.one(pcep.OC_RP).unpack("!II")[1], 9)
        self.assertEqual(peer.ask(10, A, D).labels(), PLAIN_A_D)

    def test_objective_functions(self):
        for code, right in ((1, UPPER_A_D), (3, UPPER_A_D)):  # MCP, MBP
            with self.subTest(code=code):
                self.assertIn(self.ask(pcep.objective(code)).labels(), right)

    def test_any_address_of_a_node_is_an_end_point(self):
        for source, destination in ((networks.LINK_A_B, D), (A, networks.LINK_D_C),
                                    (networks.LINK_A_C, networks.LINK_D_B)):
            with self.subTest(source=source, destination=destination):
                self.assertEqual(self.ask(source=source, destination=destination).labels(),
                                 PLAIN_A_D)

    def test_neighbours(self):
        self.assertIn(self.ask(source=A, destination=B).labels(), ([16002], [24001]))
        self.assertIn(self.ask(source=B, destination=A).labels(), ([16001], [24002]))

    def test_no_path_to_an_isolated_node(self):
        response = self.ask(destination=E)
        nature, flags, _ = response.no_path.unpack("!BHB")
        self.assertEqual(nature, 0)  # no path satisfying the constraints could be found
        self.assertEqual(response.no_path_vector() or 0, 0)
        self.assertEqual(response.setup, pcep.SETUP_SR)

    def test_unsatisfied_constraints_are_named(self):
        """RFC 5440 7.5: C flag, and the objects that could not be met."""
        cases = ((pcep.OC_BANDWIDTH, pcep.bandwidth(9 * GBIT)),
                 (pcep.OC_LSPA, pcep.lspa(exclude_any=3)),
                 (pcep.OC_METRIC, pcep.metric(pcep.METRIC_TE, 1, bound=True)))
        for class_, constraint in cases:
            with self.subTest(class_=class_):
                response = self.ask(constraint)
                _, flags, _ = response.no_path.unpack("!BHB")
                self.assertTrue(flags & 0x8000, "NO-PATH without its C flag")
                classes = {item.class_ for item in response.others}
                classes |= {pcep.OC_METRIC} if response.metrics else set()
                self.assertIn(class_, classes)

    def test_unknown_end_points(self):
        for source, destination, bits in (("192.0.2.1", D, UNKNOWN_SOURCE),
                                          (A, "192.0.2.1", UNKNOWN_DESTINATION),
                                          ("192.0.2.1", "192.0.2.2",
                                           UNKNOWN_SOURCE | UNKNOWN_DESTINATION)):
            with self.subTest(source=source, destination=destination):
                response = self.ask(source=source, destination=destination)
                self.assertEqual(response.no_path_vector(), bits)

    def test_ipv6_end_points(self):
        response = self.ask(source=A6, destination=D6)
        self.assertEqual(response.labels(), [16104])


class RsvpTe(ScenarioCase):
    def test_strict_hops(self):
        """Each hop is the address at which the next router is entered (RFC 3209 4.3)."""
        for setup in (None, pcep.SETUP_RSVP_TE):
            with self.subTest(setup=setup):
                response = self.up().ask(1, A, D, pcep.metric(pcep.METRIC_TE), setup=setup)
                hops = response.hops()
                self.assertEqual([hop.address for hop in hops],
                                 [networks.LINK_C_A, networks.LINK_D_C])
                self.assertEqual({(hop.loose, hop.prefix) for hop in hops}, {(False, 32)})
                self.assertEqual(response.setup or 0, 0)

    def test_constraints_hold_as_well(self):
        response = self.up().ask(1, A, D, pcep.lspa(exclude_any=2), setup=None)
        self.assertEqual([hop.address for hop in response.hops()],
                         [networks.LINK_B_A, networks.LINK_D_B])

    def test_no_path(self):
        self.assertIsNotNone(self.up().ask(1, A, E, setup=None).no_path)


class ManyRequests(ScenarioCase):
    def answers(self, peer, count):
        """{request id: response} of so many responses, over as many PCReps as it takes."""
        found = {}
        while len(found) < count:
            reply = peer.expect(pcep.PCREP)
            self.assertLessEqual(len(reply.octets), REPLY_SIZE_MAX)
            for response in pcep.parse_responses(reply):
                self.assertNotIn(response.request_id, found)
                found[response.request_id] = response
        return found

    def test_several_requests_in_one_message(self):
        peer = self.up()
        peer.send(pcep.message(pcep.PCREQ, pcep.request(1, A, D), pcep.request(2, A, E),
                               pcep.request(3, A, D, pcep.metric(pcep.METRIC_TE)),
                               pcep.request(4, B, C, setup=None)))
        found = self.answers(peer, 4)
        self.assertEqual(found[1].labels(), PLAIN_A_D)
        self.assertIsNotNone(found[2].no_path)
        self.assertIn(found[3].labels(), LOWER_A_D)
        self.assertEqual(found[4].hops()[0].kind, "address")

    def test_as_many_requests_as_a_message_holds(self):
        peer = self.up()
        one = len(pcep.request(1, A, D))
        count = 65532 // one
        peer.send(pcep.message(pcep.PCREQ, *(pcep.request(n, A, D) for n in range(1, count + 1))))
        found = self.answers(peer, count)
        self.assertEqual(set(found), set(range(1, count + 1)))
        self.assertEqual({tuple(r.labels()) for r in found.values()}, {tuple(PLAIN_A_D)})

    def test_many_messages_in_one_segment(self):
        peer = self.up()
        peer.send(b"".join(pcep.request_message(n, A, D) for n in range(1, 201)))
        self.assertEqual(set(self.answers(peer, 200)), set(range(1, 201)))

    def test_requests_octet_by_octet(self):
        peer = self.up()
        for octet in b"".join(pcep.request_message(n, A, D) for n in range(1, 4)):
            peer.send(bytes([octet]))
        self.assertEqual(set(self.answers(peer, 3)), {1, 2, 3})

    def test_every_way_to_cut_two_messages(self):
        peer = self.up()
        size = len(pcep.request_message(1, A, D) + pcep.keepalive_message())
        for number, cut in enumerate(range(1, size), 1):
            octets = pcep.request_message(number, A, D) + pcep.keepalive_message()
            peer.send(octets[:cut])
            peer.send(octets[cut:])
            self.assertEqual(set(self.answers(peer, 1)), {number})

    def test_peers_in_parallel_get_their_own_answers(self):
        peers = [self.up() for _ in range(50)]
        for number, peer in enumerate(peers):
            peer.send(pcep.request_message(1000 + number, A, D))
        for number, peer in enumerate(peers):
            self.assertEqual(set(self.answers(peer, 1)), {1000 + number})


class Log(unittest.TestCase):
    """The line of an answer without a path says why, with the words of pcectl request."""

    ASKED = (([pcep.bandwidth(9 * GBIT)], ["bandwidth"], {}),
             ([pcep.lspa(exclude_any=3)], ["affinities"], {}),
             ([pcep.metric(pcep.METRIC_TE, 19.5, bound=True)], ["bound on te"], {"te": 19.5}),
             ([pcep.lspa(exclude_any=1), pcep.metric(pcep.METRIC_MSD, 1, bound=True)],
              ["affinities", "bound on sids"], {"sids": 1}))

    def ask(self, pced):
        """Everything three times: what is asked so often is answered by the cache."""
        with Peer(pced.address, source=next_source()) as peer:
            peer.open(keepalive=0, dead=0)
            for number, (objects, _, _) in enumerate(self.ASKED, 1):
                for _ in range(3):
                    self.assertIsNotNone(peer.ask(number, A, D, *objects).no_path)
            self.assertIsNotNone(peer.ask(1000, A, E).no_path)
            pced.wait_line(r"request answered.*\b1000\b")

    def test_json_has_each_constraint_and_each_bound(self):
        with Pced(topology=networks.DIAMOND,
                  log={"format": "json", "level": "debug", "rate": 1000}) as pced:
            self.ask(pced)
            told = [json.loads(line) for line in pced.lines_with("request answered")]
        for number, (_, unmet, bounds) in enumerate(self.ASKED, 1):
            lines = [line for line in told if line["request"] == number]
            self.assertEqual([line["work"] == 0 for line in lines], [False, False, True])
            for line in lines:
                with self.subTest(line=line):
                    self.assertEqual(line["answer"], "no path")
                    self.assertEqual(line["unmet"], unmet)
                    said = {name[6:]: line[name] for name in line if name.startswith("bound_")}
                    self.assertEqual(said, bounds)
        last = next(line for line in told if line["request"] == 1000)
        self.assertNotIn("unmet", last, "nothing leads to E, whatever is asked")

    def test_text_has_them_as_one_field(self):
        with Pced(topology=networks.DIAMOND, log={"level": "debug", "rate": 1000}) as pced:
            self.ask(pced)
            for text in ('answer="no path" unmet=bandwidth hops=0',
                         'answer="no path" unmet="bound on te" bound_te=19.5 hops=0',
                         'answer="no path" unmet="affinities, bound on sids" bound_sids=1 enough=each hops=0'):
                self.assertEqual(len(pced.lines_with(text)), 3, pced.log())

    def test_the_depth_that_binds_may_be_the_sessions(self):
        with Pced(topology=networks.DIAMOND, log={"level": "debug"}) as pced, \
                Peer(pced.address, source=next_source()) as peer:
            peer.open(keepalive=0, dead=0,
                      tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv(msd=1))
            response = peer.ask(1, A, D, pcep.lspa(exclude_any=1))
            self.assertIsNotNone(response.no_path)
            self.assertFalse(response.metrics, "a METRIC that the request did not have")
            pced.wait_line('answer="no path" unmet="affinities, SID depth" msd=1')


class WithoutTopology(unittest.TestCase):
    def test_no_path_says_that_the_pce_is_unavailable(self):
        with Pced() as pced, Peer(pced.address, source=next_source()) as peer:
            peer.open(keepalive=0, dead=0)
            self.assertEqual(peer.ask(1, A, D).no_path_vector(), UNAVAILABLE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
