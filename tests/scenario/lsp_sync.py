#!/usr/bin/env python3
"""Synchronisation of LSPs as PCCs do it: what a session brings, what the next one does not bring again, what a
lost one leaves and for how long, limits, and reports that contradict (RFC 8231 5.6, 6.1)."""

import os
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from api_case import ApiCase, ask
from case import next_source
from pcc import A, C, D, R, S, TLV_DB_VERSION, UP, FrrPcc, Lsp, MockPcc

SOURCE, DESTINATION = "10.0.0.1", "10.0.0.4"
SHARED = os.environ.get("PCED_SHARED", "")


class SyncCase(ApiCase):
    def pcc(self, kind=FrrPcc, source=None):
        peer = kind(self.pced.address, source=source or next_source())
        self.peers.append(peer)
        peer.begin()
        return peer

    def lsps(self, peer):
        """{name: row} of what is known of this PCC."""
        return {row["name"]: row for row in self.get("/api/v1/lsps?limit=1000&pcc=" + self.address(peer))["lsps"]}

    def address(self, peer):
        return peer if isinstance(peer, str) else peer.socket.getsockname()[0]

    def state(self, peer):
        rows = self.get("/api/v1/pccs?peer=" + self.address(peer))["pccs"]
        return rows[0] if rows else None

    def wait_state(self, peer, **wanted):
        def reached():
            row = self.state(peer)
            return row and all(row[key] == value for key, value in wanted.items()) and row
        return self.wait(reached)

    def counters(self):
        return self.get("/api/v1/status")["counters"]


def lsp(plsp_id, name, label=16003):
    return Lsp(plsp_id, name, SOURCE, DESTINATION, [label])


class Synchronisation(SyncCase):
    def test_what_is_not_reported_again_goes_at_the_end_mark(self):
        first = self.pcc()
        pcc = self.address(first)
        first.synchronise(lsp(1, "a"), lsp(2, "b"), lsp(3, "c"))
        self.wait_state(first, sync="finished", lsps=3, stale_lsps=0)
        first.drop()
        self.wait_state(pcc, sync="no-session", stale_lsps=3)
        second = self.pcc(source=pcc)
        second.report(lsp(7, "b"), D | A | C | S)
        self.wait_state(second, sync="ongoing", lsps=3, stale_lsps=2)
        self.assertEqual(self.lsps(second)["b"]["plsp_id"], 7)
        self.assertIsNone(self.lsps(second)["a"]["plsp_id"])
        second.end_mark()
        self.wait_state(second, sync="finished", lsps=1, stale_lsps=0)
        self.assertEqual(list(self.lsps(second)), ["b"])

    def test_the_line_of_a_synchronisation_has_its_numbers(self):
        since = self.pced.mark()
        peer = self.pcc()
        peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.pced.wait_line(rf"LSP state synchronised peer={self.address(peer)} reports=2 lsps=2 gone=0 ms=", since)

    def test_a_session_that_ends_in_between_leaves_what_was_there_before(self):
        first = self.pcc()
        pcc = self.address(first)
        first.synchronise(lsp(1, "old"))
        self.wait_state(first, sync="finished")
        first.drop()
        self.wait_state(pcc, sync="no-session")
        second = self.pcc(source=pcc)
        second.report(lsp(1, "old"), A | S)
        second.report(lsp(2, "new"), A | S)
        self.wait_state(second, sync="ongoing", lsps=2)
        second.drop()
        self.wait_state(pcc, sync="no-session", lsps=1, stale_lsps=1)
        self.assertEqual(list(self.lsps(pcc)), ["old"])

    def test_reports_with_the_s_flag_after_the_end_mark_are_ordinary(self):
        peer = self.pcc(MockPcc)
        peer.synchronise(lsp(1, "a"))
        self.wait_state(peer, sync="finished", lsps=1)
        peer.report(lsp(2, "late"), D | A | UP | S)
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)
        peer.end_mark()  # once more, and it says nothing
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)

    def test_the_next_path_of_a_tunnel_stands_beside_the_first(self):
        peer = self.pcc(MockPcc)
        peer.end_mark()
        for lsp_id, flags in ((1, UP), (2, UP), (1, UP | R)):
            body = struct.pack("!I", 5 << 12 | A | flags) + self.identifiers(lsp_id) + \
                pcep.tlv(pcep.TLV_SYMBOLIC_NAME, b"tunnel")
            hop = struct.pack("!BB4sBB", 1, 8, bytes([10, 0, 0, 4]), 32, 0)
            peer.send(pcep.message(pcep.PCRPT, pcep.obj(pcep.OC_LSP, 1, body), pcep.obj(pcep.OC_ERO, 1, hop)))
            wanted = 2 if (lsp_id, flags) == (2, UP) else 1
            self.wait(lambda: self.lsps(peer).get("tunnel", {}).get("instances") == wanted)
        self.assertEqual(self.get(f"/api/v1/lsps/{self.address(peer)}/tunnel")["reported"][0]["lsp_id"], 2)

    @staticmethod
    def identifiers(lsp_id):
        ends = bytes([10, 0, 0, 1])
        return pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, ends + struct.pack("!HH", lsp_id, 9) + ends + bytes([10, 0, 0, 4]))

    def test_an_r_in_the_srp_alone_removes(self):
        peer = self.pcc(MockPcc)
        peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.wait_state(peer, lsps=2)
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, flags=1), pcep.lsp_object(1, D | A | UP | S)))
        self.wait_state(peer, lsps=1)
        self.assertEqual(list(self.lsps(peer)), ["b"])


class Stale(SyncCase):
    SECTIONS = {"lsp": {"stale-time": 1}}

    def test_stale_lsps_go_when_their_time_is_over(self):
        peer = self.pcc()
        pcc = self.address(peer)
        peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.wait_state(peer, sync="finished", lsps=2)
        before = self.counters()["lsps_purged"]
        peer.drop()
        self.wait_state(pcc, stale_lsps=2)
        self.wait(lambda: self.state(pcc) is None)
        self.assertGreaterEqual(self.counters()["lsps_purged"], before + 2)

    def test_a_session_without_an_end_mark_does_not_keep_them(self):
        peer = self.pcc()
        pcc = self.address(peer)
        peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.wait_state(peer, sync="finished", lsps=2)
        peer.drop()
        again = self.pcc(source=pcc)
        again.report(lsp(1, "a"), A | S)
        self.wait_state(again, sync="ongoing", lsps=1, stale_lsps=0)
        self.assertEqual(list(self.lsps(again)), ["a"])


class BadReports(SyncCase):
    def setUp(self):
        super().setUp()
        self.witness = self.pcc()
        self.witness.synchronise(lsp(1, "witness"))
        self.wait_state(self.witness, sync="finished", lsps=1)

    def tearDown(self):
        self.assertEqual(list(self.lsps(self.witness)), ["witness"])
        super().tearDown()

    def test_contradictions_are_refused_one_by_one(self):
        """The error that the RFCs have, or the nearest; nothing else of the session is touched."""
        peer = self.pcc()
        peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.wait_state(peer, sync="finished", lsps=2)
        for wrong, error in ((lsp(3, "a"), (23, 1)), (lsp(1, "c"), (20, 1)), (lsp(0, "zero"), (10, 11)),
                             (lsp(0xFFFFF, "last"), (10, 11)), (lsp(4, "x" * 256), (20, 1))):
            peer.report(wrong, D | A | C)
            peer.expect_error(error)
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, 1), pcep.lsp_object(9, A), pcep.ero_object([16003])))
        peer.expect_error((10, 8))
        peer.report(lsp(2, "b", 16002), D | A | C)
        peer.report(lsp(5, "d"), D | A | C)
        self.wait_state(peer, lsps=3, stale_lsps=0)
        self.assertEqual(sorted(self.lsps(peer)), ["a", "b", "d"])

    def test_a_report_in_a_message_does_not_harm_the_others(self):
        peer = self.pcc()
        peer.synchronise()
        reports = [pcep.srp_object(0, 1) + pcep.lsp_object(number, A, name) + pcep.ero_object([16003])
                   for number, name in ((1, "one"), (0, "none"), (2, "two"))]
        peer.send(pcep.message(pcep.PCRPT, *reports))
        peer.expect_error((10, 11))
        self.wait_state(peer, lsps=2)

    def test_more_groups_than_an_lsp_may_be_in(self):
        peer = self.pcc()
        peer.synchronise()
        groups = [pcep.obj(40, 1, struct.pack("!HHHH4s", 0, 0, 5, number, bytes([10, 0, 0, 1])))
                  for number in range(1, 4001)]
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, 1), pcep.lsp_object(1, A, "many"), *groups,
                               pcep.ero_object([16003])))
        peer.expect_error((26, 3))
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, 1), pcep.lsp_object(1, A, "many"), *groups[:64],
                               pcep.ero_object([16003])))
        self.wait_state(peer, lsps=1)
        self.wait(lambda: self.counters()["lsp_groups"] == 64)

    def test_a_report_of_the_longest_message(self):
        peer = self.pcc()
        peer.synchronise()
        vendor = pcep.obj(34, 1, struct.pack("!I", 9) + bytes(65000))
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, 1), pcep.lsp_object(1, A, "long"),
                               pcep.ero_object([16003]), vendor))
        self.wait_state(peer, lsps=1)
        self.wait(lambda: self.counters()["lsp_octets"] > 65000)

    def test_a_delegation_that_was_not_agreed_on(self):
        peer = MockPcc(self.pced.address, source=next_source())
        self.peers.append(peer)
        peer.open(tlvs=pcep.stateful_tlv(0x0), keepalive=0, dead=0)
        peer.report(lsp(1, "a"), D | A | UP | S)
        peer.expect_error((19, 1))
        self.wait_state(peer, lsps=1)
        self.assertFalse(self.lsps(peer)["a"]["delegated"])


class Strict(SyncCase):
    SECTIONS = {"session": {"wrong-report-closes": True}}

    def test_a_bad_report_ends_the_synchronisation(self):
        peer = self.pcc()
        pcc = self.address(peer)
        peer.report(lsp(1, "a"), A | S)
        peer.report(lsp(0, "zero"), A | S)
        peer.expect_error((20, 1))
        peer.expect_close(1)
        self.wait(lambda: self.state(pcc) is None)


class Limits(SyncCase):
    SECTIONS = {"limits": {"lsps": 8, "lsps-per-pcc": 5}, "server": {"shards": 1}}

    def expect_limit(self, peer):
        notification, = peer.expect(pcep.PCNTF).all(pcep.OC_NOTIFICATION)
        self.assertEqual(notification.unpack("!BBBB")[2:], (4, 1))

    def test_one_more_than_a_pcc_may_have(self):
        since = self.pced.mark()
        peer = self.pcc()
        pcc = self.address(peer)
        for number in range(1, 6):
            peer.report(lsp(number, f"lsp-{number}"), A | S)
        self.wait_state(peer, lsps=5)
        peer.report(lsp(6, "lsp-6"), A | S)
        self.expect_limit(peer)
        peer.expect_close(1)
        self.pced.wait_line(r"limit of LSPs is reached.*limit=limits.lsps-per-pcc", since)
        self.wait(lambda: self.state(pcc) is None)  # it was not synchronised
        self.assertEqual(self.counters()["lsp_limit_per_pcc"], 1)

    def test_one_more_than_all_may_have(self):
        first, second = self.pcc(), self.pcc()
        first.synchronise(*(lsp(number, f"lsp-{number}") for number in range(1, 6)))
        self.wait_state(first, sync="finished", lsps=5)
        for number in range(1, 5):
            second.report(lsp(number, f"lsp-{number}"), A | S)
        self.expect_limit(second)
        second.expect_close(1)
        self.assertEqual(self.state(first)["lsps"], 5)
        self.assertEqual(self.counters()["lsp_limit_lsps"], 1)


class Gone(SyncCase):
    """Two shards: those that have gone may be of the other one."""
    SECTIONS = {"limits": {"lsps": 40, "lsps-per-pcc": 5}, "server": {"shards": 2}}

    def test_no_pcc_is_refused_for_lsps_of_pccs_that_are_gone(self):
        reported = [lsp(number, f"lsp-{number}") for number in range(1, 6)]
        gone = [self.pcc() for _ in range(8)]
        addresses = [self.address(peer) for peer in gone]
        for peer in gone:
            peer.synchronise(*reported)
            self.wait_state(peer, sync="finished", lsps=5)
            peer.drop()
        self.wait(lambda: self.counters()["lsps_gone"] == 40)
        for number in range(1, 9):
            peer = self.pcc()
            peer.synchronise(*reported)
            self.wait_state(peer, sync="finished", lsps=5)
            self.wait(lambda: self.counters()["lsps"] <= 40)
        counters = self.counters()
        self.assertEqual((counters["lsp_limit_lsps"], counters["lsps_gone"]), (0, 0))
        self.assertEqual((counters["lsps"], counters["lsps_gone_gave_way"]), (40, 40))
        self.assertEqual([self.state(pcc) for pcc in addresses], [None] * 8)


class VersionedPcc(FrrPcc):
    """Says the version of its LSP-DB (RFC 8232)."""
    FLAGS = 0x5 | 0x2 | 0x8  # S, T

    def begin(self, version=0, flags=FLAGS):
        sub = pcep.tlv(pcep.TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10))
        setup = pcep.tlv(pcep.TLV_PST_CAPABILITY, bytes([0, 0, 0, 1, 1, 0, 0, 0]) + sub)
        tlvs = pcep.stateful_tlv(flags) + setup + (self.version_tlv(version) if version else b"")
        self.theirs = self.open(tlvs=tlvs, keepalive=0, dead=0)

    @staticmethod
    def version_tlv(version):
        return pcep.tlv(TLV_DB_VERSION, struct.pack("!Q", version))

    def told(self):
        """The version in the server's Open; None: none."""
        tlvs = dict(self.theirs.one(pcep.OC_OPEN).tlvs(4))
        return struct.unpack("!Q", tlvs[TLV_DB_VERSION])[0] if TLV_DB_VERSION in tlvs else None

    def tell(self, plsp_id, version, name=None, flags=A, labels=(16003,), srp_id=0):
        tlvs = self.version_tlv(version) if version is not None else b""
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(srp_id, 1), pcep.lsp_object(plsp_id, flags, name, tlvs),
                               pcep.ero_object(list(labels))))

    def end(self, version):
        self.tell(0, version, flags=0, labels=())


class Versions(SyncCase):
    SECTIONS = {"session": {"lsp-db-version": True, "triggered-resync": True}, "lsp": {"settle_time": 0}}

    def versioned(self, source, version=0, flags=VersionedPcc.FLAGS):
        peer = VersionedPcc(self.pced.address, source=source)
        self.peers.append(peer)
        peer.begin(version, flags)
        return peer

    def left(self):
        """The address of a PCC whose session has left two LSPs at version 7."""
        source = next_source()
        peer = self.versioned(source, version=7)
        self.assertIsNone(peer.told(), "nothing is known yet")
        stateful = dict(peer.theirs.one(pcep.OC_OPEN).tlvs(4))[pcep.TLV_STATEFUL]
        self.assertEqual(stateful, struct.pack("!I", 0x1 | 0x2 | 0x4 | 0x8 | 0x10))
        peer.tell(1, 7, "a", A | S)
        peer.tell(2, 7, "b", A | S)
        peer.end(7)
        self.wait_state(peer, sync="finished", lsps=2)
        peer.drop()
        self.wait_state(source, sync="no-session", stale_lsps=2)
        return source

    def test_equal_versions_need_no_synchronisation(self):
        source = self.left()
        peer = self.versioned(source, version=7)
        self.assertEqual(peer.told(), 7)
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)
        self.assertEqual(self.lsps(peer)["b"]["plsp_id"], 2)
        peer.tell(2, 8, flags=A | R)
        self.wait_state(peer, lsps=1)

    def test_changes_alone_are_told_where_both_can(self):
        peer = self.versioned(self.left(), version=9, flags=VersionedPcc.FLAGS | 0x10)
        self.wait_state(peer, sync="ongoing", lsps=2, stale_lsps=0)
        peer.tell(3, 9, "c", A | S)
        peer.end(9)
        self.wait_state(peer, sync="finished", lsps=3, stale_lsps=0)

    def test_a_session_that_skips_though_the_versions_differ(self):
        peer = self.versioned(self.left(), version=9)
        peer.tell(3, 10, "c")
        peer.expect_error((20, 2))
        peer.expect_close(1)

    def test_a_report_without_a_version(self):
        peer = self.versioned(next_source())
        peer.tell(1, None, "a", A | S)
        peer.expect_error((6, 12))
        peer.expect_close(1)

    def test_reserved_versions(self):
        for version in (0, 0xFFFFFFFFFFFFFFFF):
            peer = self.versioned(next_source())
            peer.tell(1, version, "a", A | S)
            peer.expect_error((20, 6))
            peer.expect_close(1)

    def test_a_peer_without_the_flag_is_not_asked_for_versions(self):
        peer = self.versioned(next_source(), flags=0x5)
        peer.tell(1, None, "a", A | S)
        peer.end(None)
        self.wait_state(peer, sync="finished", lsps=1)

    def asked_anew(self):
        peer = self.versioned(self.left(), version=7)
        self.wait_state(peer, sync="finished", stale_lsps=0)
        status, answer = ask(self.connection, "POST", f"/api/v1/pccs/{self.address(peer)}/resync")
        self.assertEqual(status, 202, answer)
        update = peer.expect(pcep.PCUPD)
        srp, lsp_object, ero = update.objects
        self.assertEqual(lsp_object.unpack("!I")[0], S, "PLSP-ID 0, SYNC")
        self.assertEqual(ero.body, b"")
        self.wait_state(peer, sync="ongoing", stale_lsps=2)
        return peer, srp.unpack("!II")[1]

    def test_all_lsps_are_asked_for_anew(self):
        peer, srp_id = self.asked_anew()
        peer.tell(2, 7, "b", A | S, srp_id=srp_id)
        peer.end(7)
        self.wait_state(peer, sync="finished", lsps=1, stale_lsps=0)
        self.assertEqual(list(self.lsps(peer)), ["b"])

    def test_a_pcc_that_cannot_report_all_anew(self):
        peer, srp_id = self.asked_anew()
        peer.send(pcep.message(pcep.PCERR, pcep.srp_object(srp_id), pcep.error_object(20, 5)))
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)


class Triggered(SyncCase):
    """RFC 8232 5: a PCC reports nothing before it is asked to."""
    SECTIONS = {"session": {"triggered-sync": True}, "server": {"shards": 1},
                "lsp": {"settle_time": 0, "syncs_at_once": 2}}
    FLAGS = 0x1 | 0x4 | 0x20

    def waiting(self, flags=FLAGS, source=None):
        peer = VersionedPcc(self.pced.address, source=source or next_source())
        self.peers.append(peer)
        peer.begin(0, flags)
        return peer

    def asked(self, peer):
        """The SRP-ID of what asks for all LSPs."""
        update = peer.expect(pcep.PCUPD)
        srp, lsp_object, ero = update.objects
        self.assertEqual((lsp_object.unpack("!I")[0], ero.body), (S, b""), "PLSP-ID 0, SYNC, an empty ERO")
        return srp.unpack("!II")[1]

    def test_a_pcc_is_asked_for_its_lsps(self):
        since, peer = self.pced.mark(), self.waiting()
        stateful = dict(peer.theirs.one(pcep.OC_OPEN).tlvs(4))[pcep.TLV_STATEFUL]
        self.assertEqual(stateful, struct.pack("!I", 0x1 | 0x4 | 0x20))
        srp_id = self.asked(peer)
        self.wait_state(peer, sync="ongoing")
        peer.tell(1, None, "a", A | S)
        peer.tell(2, None, "b", A | S)
        peer.end(None)
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)
        self.pced.wait_line(f"LSP order carried out.*order=resync by=synchronisation.*srp_id={srp_id}", since)
        peer.drop()

    def test_so_many_are_asked_at_a_time(self):
        peers = [self.waiting() for _ in range(4)]  # lsp.syncs-at-once is 2
        asked = [self.asked(peers[0]), self.asked(peers[1])]
        self.assertNotIn(0, asked)
        self.wait_state(peers[2], sync="pending")
        self.wait_state(peers[3], sync="pending")
        peers[2].nothing_for(0.5)
        peers[0].end(None)
        self.asked(peers[2])  # in the order of their coming
        peers[1].drop()
        self.asked(peers[3])
        for peer in peers[2:]:
            peer.end(None)
            self.wait_state(peer, sync="finished")
            peer.drop()

    def test_one_that_does_not_answer_holds_up_no_other(self):
        silent = [self.waiting(), self.waiting()]
        for peer in silent:
            self.asked(peer)
        last = self.waiting()
        self.wait_state(last, sync="pending")
        self.asked(last)  # after 5 s
        refusing = self.waiting()
        srp_id = self.asked(refusing)
        refusing.send(pcep.message(pcep.PCERR, pcep.srp_object(srp_id), pcep.error_object(20, 5)))
        other = self.waiting()
        self.asked(other)
        silent[0].tell(1, None, "late", A | S)
        silent[0].end(None)
        self.wait_state(silent[0], sync="finished", lsps=1)
        for peer in (*silent, last, refusing, other):
            peer.drop()

    def test_reports_before_that_are_refused(self):
        first, second = self.waiting(), self.waiting()
        self.asked(first)
        self.asked(second)
        peer = self.waiting()
        peer.tell(1, None, "early", A | S)
        peer.expect_error((20, 3))
        peer.end(None)
        peer.expect_error((20, 3))
        self.wait_state(peer, sync="pending", lsps=0)
        first.drop()
        self.asked(peer)
        peer.tell(1, None, "early", A | S)
        peer.end(None)
        self.wait_state(peer, sync="finished", lsps=1)
        second.drop()
        peer.drop()

    def test_a_pcc_without_the_flag_reports_by_itself(self):
        peer = self.waiting(flags=0x5)
        peer.tell(1, None, "a", A | S)
        peer.end(None)
        self.wait_state(peer, sync="finished", lsps=1)
        peer.nothing_for(0.3)


class Speakers(SyncCase):
    """RFC 8232 3.3.2: two sessions with one SPEAKER-ENTITY-ID are one too many."""
    SECTIONS = {"session": {"speaker-entity-id": "pce-1"}, "server": {"shards": 3}}

    def speaker(self, name, source=None):
        peer = VersionedPcc(self.pced.address, source=source or next_source())
        self.peers.append(peer)
        sub = pcep.tlv(pcep.TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10))
        setup = pcep.tlv(pcep.TLV_PST_CAPABILITY, bytes([0, 0, 0, 1, 1, 0, 0, 0]) + sub)
        peer.theirs = peer.open(tlvs=pcep.stateful_tlv(0x5) + setup + pcep.tlv(24, name), keepalive=0, dead=0)
        return peer

    def test_ours_is_told_last(self):
        peer = self.speaker(b"router-0")
        self.assertEqual(list(peer.theirs.one(pcep.OC_OPEN).tlvs(4))[-2], (24, b"pce-1"), "35 alone comes after it")

    def test_the_second_session_is_refused_from_whatever_address(self):
        for n in range(8):  # they meet in one shard or in another
            name = b"router-%d" % n
            first = self.speaker(name)
            first.end(None)
            self.wait_state(first, sync="finished")
            second = self.speaker(name)
            second.expect_error((20, 7))
            second.expect_close(1)
            first.nothing_for(0.1)
            first.drop()
            deadline = time.monotonic() + 10
            while True:  # what has gone leaves its identifier to others
                third = self.speaker(name)
                try:
                    third.nothing_for(0.2)
                    break
                except AssertionError:
                    self.assertLess(time.monotonic(), deadline)

    def test_others_are_let_be(self):
        for name in (b"a", b"b", b"a" * 200):
            self.speaker(name).nothing_for(0.1)
        source = next_source()
        for _ in range(3):  # the same router comes back
            peer = self.speaker(b"again", source)
            peer.nothing_for(0.2)
            peer.drop()
            self.wait_gone(source)

    def wait_gone(self, source):
        self.wait(lambda: ask(self.connection, "GET", f"/api/v1/sessions/{source}")[0] == 404)


class SpeakersLetBe(Speakers):
    SECTIONS = {**Speakers.SECTIONS, "session": {"speaker-entity-id": "pce-1", "speaker-check": False}}

    def test_the_second_session_is_refused_from_whatever_address(self):
        for _ in range(3):
            self.speaker(b"one").nothing_for(0.2)


@unittest.skipUnless(os.path.isdir(os.path.join(SHARED, "vectors", "pcc-mock")), "no recorded messages (PCED_SHARED)")
class Recorded(SyncCase):
    """What FRR's pathd and OpenDaylight's simulator sent, octet by octet."""

    def messages(self, folder, prefixes):
        directory = os.path.join(SHARED, "vectors", folder)
        for name in sorted(os.listdir(directory)):
            if name.startswith(prefixes) and name.endswith("PCRpt.hex"):
                with open(os.path.join(directory, name), encoding="ascii") as file:
                    yield bytes.fromhex(file.read())

    def test_pcc_mock(self):
        peer = self.pcc(MockPcc)
        for message in self.messages("pcc-mock", ("sync",)):
            peer.send(message)
        self.wait_state(peer, sync="finished", lsps=2, stale_lsps=0)
        for message in self.messages("pcc-mock", ("initiate",)):
            peer.send(message)
        self.wait_state(peer, lsps=3)
        for message in self.messages("pcc-mock", ("delete",)):
            peer.send(message)
        self.wait_state(peer, lsps=2)

    def test_frr(self):
        refused = self.counters()["reports_refused"]
        peer = self.pcc(FrrPcc)
        for message in self.messages("frr-stateful", ("v8-sync", "v8-reply", "v8-initiate-1", "v8-initiate-2",
                                                      "v8-initiate-3")):
            peer.send(message)
        self.wait_state(peer, sync="finished", stale_lsps=0)
        self.wait(lambda: len(self.lsps(peer)) >= 3)
        self.assertEqual(self.counters()["reports_refused"], refused)


if __name__ == "__main__":
    unittest.main(verbosity=2)
