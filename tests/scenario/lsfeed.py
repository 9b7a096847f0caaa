#!/usr/bin/env python3
"""lsfeed, which tells networks in measurements and tests: it does what its lines ask, and says so when it cannot."""

import os
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
import daemon

sys.path.insert(0, os.path.join(daemon.ROOT, "bench"))

from measure import feed

ADDRESS, SOURCE = "127.0.9.3", "127.0.9.4"
TOPOLOGY = os.path.join(daemon.ROOT, "deploy", "topologies", "national.yaml")
MP_REACH, MP_UNREACH = 14, 15
LINK_NLRI = 2


def nlris(body, attribute):
    """Types of the NLRIs that an UPDATE announces or withdraws."""
    octets = body[4:]
    while octets and octets[1] != attribute:
        octets = octets[4 + struct.unpack("!H", octets[2:4])[0]:]
    found, octets = [], octets[4:4 + struct.unpack("!H", octets[2:4])[0]] if octets else b""
    octets = octets[5 + octets[3]:] if attribute == MP_REACH and octets else octets[3:]
    while octets:
        kind, size = struct.unpack("!HH", octets[:4])
        found.append(kind)
        octets = octets[4 + size:]
    return found


class Feed(unittest.TestCase):
    def setUp(self):
        self.consumer = bgp_ls.Speaker(ADDRESS)
        self.addCleanup(self.consumer.close)
        self.feed = feed.Feed(daemon.program("lsfeed"), TOPOLOGY, (ADDRESS, self.consumer.port), SOURCE)
        self.addCleanup(self.feed.stop)
        self.links = int(self.feed.ready["links"])

    def open(self):
        self.feed.begin("up")
        self.consumer.accept()
        self.assertEqual(self.feed.wait("up")["extended"], 1)

    def heard(self, messages):
        """The UPDATEs so far, when there are that many."""
        deadline = time.monotonic() + bgp_ls.WAIT_S
        with self.consumer.news:
            while len(found := [body for kind, body in self.consumer.received if kind == bgp_ls.UPDATE]) < messages:
                self.assertTrue(self.consumer.news.wait(deadline - time.monotonic()), f"{len(found)} of {messages}")
        self.assertEqual(len(found), messages)
        return found

    def refuses(self, *words):
        self.feed.begin(*words)
        self.feed.wait("wrong")

    def test_its_table_is_all_objects_and_the_end(self):
        self.open()
        told = self.feed.ask("table")
        updates = self.heard(int(told["messages"]))
        self.assertEqual(sum(19 + len(body) for body in updates), told["octets"])
        self.assertEqual(bgp_ls.message(bgp_ls.UPDATE, updates[-1]), bgp_ls.END_OF_RIB)
        kinds = [kind for body in updates for kind in nlris(body, MP_REACH)]
        self.assertEqual((kinds.count(1), kinds.count(LINK_NLRI)), (self.feed.ready["nodes"], self.links))

    def test_as_many_links_as_there_are_go_and_come(self):
        self.open()
        withdrawn = int(self.feed.ask("withdraw", self.links)["messages"])
        announced = int(self.feed.ask("announce", self.links)["messages"])
        updates = self.heard(withdrawn + announced)
        self.assertEqual(len([kind for body in updates for kind in nlris(body, MP_UNREACH)]), announced)
        self.assertGreater(max(len(body) for body in updates), 4096, "both ends take extended messages")
        self.refuses("withdraw", self.links + 1)

    def test_what_is_between_two_nodes_goes_in_both_directions(self):
        self.open()
        self.feed.ask("cut", "Nantes", "La-Rochelle")
        self.assertEqual(nlris(self.heard(1)[0], MP_UNREACH), [LINK_NLRI] * 2)
        self.refuses("cut", "Nantes", "nowhere")

    def test_flaps_are_as_many_as_asked_for(self):
        self.open()
        told = self.feed.ask("flap", 1, 20, 3)
        self.assertEqual((told["times"], told["links"]), (3, 2))
        updates = self.heard(3 * (1 + 2))
        self.assertEqual([len(nlris(body, MP_UNREACH)) for body in updates], [2, 0, 0] * 3)

    def test_links_have_numbers_below_their_count(self):
        self.open()
        self.feed.ask("metric", self.links - 1, 70000)
        self.feed.ask("bandwidth", self.links - 1, 50)
        self.heard(2)
        self.refuses("metric", self.links, 10)

    def test_it_does_nothing_that_it_does_not_understand(self):
        self.open()
        for words in (("dance",), ("metric", 1), ("metric", 1, 2, 3), ("metric", "x", 2), ("flap", 1, 2), ("",)):
            self.refuses(*words)
        self.heard(0)

    def test_it_says_that_there_is_no_session(self):
        self.refuses("table")
        self.open()
        self.consumer.drop()
        self.feed.wait("lost")
        self.refuses("table")
        self.open()


if __name__ == "__main__":
    unittest.main(verbosity=2)
