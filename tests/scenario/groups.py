#!/usr/bin/env python3
"""LSPs of several head-ends, on several shards, are computed as the groups that they are in ask."""

import ipaddress
import os
import signal
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from api_case import ApiCase, pcectl
from case import next_source
from lsp_views import ACTIVE, ADMINISTRATIVE, DELEGATED, identifiers

OC_ASSOCIATION = 40
TLV_CONFIGURATION, TLV_STATUS, TLV_PROTECTION, TLV_BIDIRECTIONAL = 46, 47, 38, 54
DISJOINT, PROTECTION, BIDIRECTIONAL_SR = 2, 1, 8
LINK, NODE, STRICT = 1, 2, 16
UPPER, LOWER = [24001, 24003], [24005, 24007]  # adjacency SIDs from A to D by B, and by C
BACK_UPPER, BACK_LOWER = [24004, 24002], [24008, 24006]


def without(*ends):
    """The diamond without the links between these."""
    starts = tuple(f"  - {{from: {a}, to: {b}," for a, b in ends)
    return "".join(line for line in networks.DIAMOND.splitlines(keepends=True) if not line.startswith(starts))


def association(type_, number, source, flags):
    kind = {DISJOINT: TLV_CONFIGURATION, PROTECTION: TLV_PROTECTION, BIDIRECTIONAL_SR: TLV_BIDIRECTIONAL}[type_]
    body = struct.pack("!HHHH", 0, 0, type_, number) + ipaddress.ip_address(source).packed
    return pcep.obj(OC_ASSOCIATION, 1, body + pcep.tlv(kind, struct.pack("!I", flags)))


class Member:
    """One LSP of a PCC of its own, which does what it is asked."""

    def __init__(self, case, number, flags, type_=DISJOINT, ends=(networks.A, networks.D)):
        self.case, self.peer, self.source = case, None, next_source()
        self.number, self.flags, self.type, self.ends = number, flags, type_, ends
        self.labels, self.status = [], None

    def up(self, labels):
        """Synchronised, in no group, and not delegated."""
        self.peer = self.case.up(self.source)
        self.report(labels, is_alone=True)
        self.peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        self.case.wait(lambda: self.case.get(f"/api/v1/lsps?pcc={self.source}")["lsps"])
        self.shard = self.case.get(f"/api/v1/lsps?pcc={self.source}")["lsps"][0]["id"].split("-")[0]
        return self

    def report(self, labels, srp_id=0, is_alone=False):
        self.labels = labels
        flags = ADMINISTRATIVE | (0 if is_alone else DELEGATED) | (ACTIVE if labels else 0)
        group = b"" if is_alone else association(self.type, self.number, "192.0.2.1", self.flags)
        self.peer.send(pcep.message(
            pcep.PCRPT, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
            pcep.lsp_object(7, flags, "blue", identifiers(*self.ends)),
            group, pcep.ero_object(labels), pcep.lspa()))

    def come_back(self):
        """With all that it has, as routers do."""
        self.peer = self.case.up(self.source)
        self.report(self.labels)
        self.peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))

    def expect_update(self):
        """Takes the next PCUpd, does it, and remembers the status in it."""
        message = self.peer.expect(pcep.PCUPD)
        update, = pcep.parse_lsp_states(message)
        self.case.assertEqual(update.plsp_id, 7)
        for item in message.objects:
            if item.class_ == OC_ASSOCIATION:
                tlvs = dict(item.tlvs(12))
                self.case.assertEqual(struct.unpack("!I", tlvs[TLV_CONFIGURATION])[0], self.flags)
                self.status = struct.unpack("!I", tlvs[TLV_STATUS])[0]
        self.report(update.labels(), srp_id=update.srp_id)
        return update.labels()

    def expect_status(self, status):
        while self.status != status:
            self.expect_update()


def is_upper(labels):
    return labels in networks.UPPER_A_D or labels == networks.PLAIN_A_D


def is_lower(labels):
    return labels in networks.LOWER_A_D


class Case(ApiCase):
    SECTIONS = {"server": {"shards": 2}, "lsp": {"settle-time": 0}, "reopt": {"interval": 0, "hold-down": 0}}
    number = 0

    def setUp(self):
        super().setUp()
        Case.number += 1
        self.before = self.get("/api/v1/status")["counters"]

    def tearDown(self):
        self.change(networks.DIAMOND)
        for peer in list(self.peers):  # its LSPs would stay for a while, and be in their groups
            self.remove_all(peer)
        self.wait(lambda: self.get("/api/v1/status")["counters"]["groups"] == 0)
        super().tearDown()

    def remove_all(self, peer):
        """A synchronisation that brings nothing removes what there was."""
        source = peer.socket.getsockname()[0]
        peer.drop()
        self.wait(lambda: not self.get(f"/api/v1/sessions?peer={source}")["sessions"])
        again = self.up(source)
        again.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        self.wait(lambda: not self.get(f"/api/v1/lsps?pcc={source}")["lsps"])

    def change(self, topology):
        self.pced.write_topology(topology)
        self.pced.reload()

    def count(self, name):
        return self.get("/api/v1/status")["counters"].get(name, 0) - self.before.get(name, 0)

    def pair(self, flags, first, second, type_=DISJOINT, **options):
        """Two members, each on a shard of its own."""
        one = Member(self, Case.number, flags, type_).up(first)
        other = Member(self, Case.number, flags, type_, **options).up(second)
        while other.shard == one.shard:
            other.peer.drop()
            self.peers.remove(other.peer)
            other = Member(self, Case.number, flags, type_, **options).up(second)
        one.report(first)
        other.report(second)
        return one, other


def numbers(group):
    return group["type"], group["id"], group["source"]


class Disjoint(Case):
    def test_operators_see_the_group_its_members_and_why(self):
        one, other = self.pair(LINK | STRICT, UPPER, LOWER)
        one.expect_status(LINK)
        other.expect_status(LINK)
        name = (DISJOINT, Case.number, "192.0.2.1")
        group, = [row for row in self.get(f"/api/v1/groups?pcc={one.source}")["groups"] if numbers(row) == name]
        self.assertEqual((group["kind"], group["wanted"], group["state"], group["achieved"], group["why"]),
                         ("disjoint", ["link", "strict"], "as asked", ["link"], None))
        self.assertEqual(sorted(member["pcc"] for member in group["members"]), sorted([one.source, other.source]))
        self.assertTrue(all(member["has_path"] and member["movable"] for member in group["members"]))
        self.change(without("BD"))
        self.wait(lambda: self.get("/api/v1/groups?state=cannot%20be%20as%20asked")["groups"])
        code, text, _ = pcectl(self.pced, "lsp", "groups", "--state", "cannot be as asked")
        self.assertEqual(code, 0)
        self.assertIn("the network has no such paths", text)
        self.assertIn("no path for it", text)
        self.assertEqual(self.get("/api/v1/groups?pcc=192.0.2.99"), {"groups": [], "next": None})
        for argument in ("state=up", "limit=0", "cursor=9.1", "pcc=x"):
            self.get("/api/v1/groups?" + argument, 400)
        self.assertEqual(pcectl(self.pced, "lsp", "groups", "a")[0], 2)

    def test_a_list_of_groups_goes_on_over_shards(self):
        member = Member(self, 0, LINK, DISJOINT).up(UPPER)
        for number in range(1000, 1012):
            member.peer.send(pcep.message(
                pcep.PCRPT, pcep.srp_object(0, setup=pcep.SETUP_SR),
                pcep.lsp_object(number, ADMINISTRATIVE | DELEGATED | ACTIVE, f"lsp {number}",
                                identifiers(networks.A, networks.D)),
                association(DISJOINT, number, "192.0.2.1", LINK), pcep.ero_object(UPPER), pcep.lspa()))
        self.wait(lambda: self.get("/api/v1/status")["counters"]["groups"] == 12)
        found, cursor = [], ""
        while cursor is not None:
            page = self.get("/api/v1/groups?limit=5" + (f"&cursor={cursor}" if cursor else ""))
            self.assertLessEqual(len(page["groups"]), 5)
            found += [row["id"] for row in page["groups"]]
            cursor = page["next"]
        self.assertEqual(sorted(found), list(range(1000, 1012)))

    def test_two_of_two_shards_on_the_same_links_are_led_apart(self):
        one, other = self.pair(LINK | NODE | STRICT, UPPER, UPPER)
        one.expect_status(LINK | NODE)
        other.expect_status(LINK | NODE)
        self.assertNotEqual(is_upper(one.labels), is_upper(other.labels), (one.labels, other.labels))
        self.assertTrue(is_lower(one.labels) or is_lower(other.labels))

    def test_a_strict_pair_that_cannot_be_any_more_loses_the_broken_path_and_is_cured(self):
        one, other = self.pair(LINK | STRICT, UPPER, LOWER)
        one.expect_status(LINK)
        other.expect_status(LINK)
        since = self.pced.mark()
        upper, lower = (one, other) if is_upper(one.labels) else (other, one)
        self.change(without("BD"))
        self.assertEqual(upper.expect_update(), [], "RFC 8800 5.6: an empty ERO")
        self.pced.wait_line("a group of LSPs is not what it has to be", since)
        self.assertTrue(is_lower(lower.labels), "it keeps its path")
        self.wait(lambda: self.get("/api/v1/status")["counters"]["groups_blocked"] == 1)
        self.change(networks.DIAMOND)
        while not upper.labels:
            upper.expect_update()
        self.pced.wait_line("a group of LSPs is what it has to be", since)
        self.assertTrue(is_upper(upper.labels))
        self.wait(lambda: self.get("/api/v1/status")["counters"]["groups_blocked"] == 0)

    def test_a_strict_pair_that_could_never_be_is_refused_and_keeps_its_paths(self):
        self.change(without("AC"))
        one, other = self.pair(LINK | STRICT, UPPER, UPPER)
        for member in (one, other):
            found = member.peer.next()
            while found.type in (pcep.KEEPALIVE, pcep.PCUPD):
                found = member.peer.next()
            self.assertEqual(found.errors(), [(26, 7)])

    def test_a_relaxed_pair_shares_what_it_must_and_comes_apart_when_it_can(self):
        one, other = self.pair(LINK | NODE, UPPER, LOWER)
        one.expect_status(LINK | NODE)
        other.expect_status(LINK | NODE)
        upper, lower = (one, other) if is_upper(one.labels) else (other, one)
        self.change(without("BD"))
        self.assertIn(upper.expect_update(), [*networks.LOWER_A_D, networks.PLAIN_A_D])
        upper.expect_status(0)
        lower.expect_status(0)
        self.change(networks.DIAMOND)
        one.expect_status(LINK | NODE)
        other.expect_status(LINK | NODE)
        self.assertNotEqual(is_lower(one.labels), is_lower(other.labels))


class Restart(Case):
    def kill(self):
        for peer in self.peers:
            peer.drop()
        self.peers.clear()
        self.pced.signal(signal.SIGKILL)
        self.pced.wait_exit()
        self.pced.lines.clear()
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()
        self.connection.close()

    def test_a_group_is_known_and_kept_again_when_its_routers_are_back(self):
        one, other = self.pair(LINK | STRICT, UPPER, LOWER)
        one.expect_status(LINK)
        other.expect_status(LINK)
        self.kill()
        for member in (one, other):
            member.status = None
            member.come_back()
        one.expect_status(LINK)
        other.expect_status(LINK)
        upper = one if is_upper(one.labels) else other
        self.change(without("BD"))
        self.assertEqual(upper.expect_update(), [], "the other one has the only way")


class CoRouted(Case):
    def test_the_reverse_lsp_follows_the_forward_one_over_shards(self):
        one, other = self.pair(2, LOWER, [], type_=BIDIRECTIONAL_SR, ends=(networks.D, networks.A))
        while other.labels != BACK_LOWER:  # it may have come first, and have a path of its own
            other.expect_update()
        self.change(without("CD"))
        self.assertEqual(one.expect_update(), UPPER)
        self.assertEqual(other.expect_update(), BACK_UPPER)


if __name__ == "__main__":
    unittest.main(verbosity=2)
