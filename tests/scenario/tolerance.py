#!/usr/bin/env python3
"""What a session bears: reports that lack what they must have, and TLVs of an Open that nothing depends on.
The error is that of the standard; which of them end a session, a key says."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from case import ScenarioCase
from networks import A, D, PLAIN_A_D

# LSP with PLSP-ID 1, and then what does not stand for an ERO.
WITH_SERO = bytes.fromhex("200a001820100008000010001d10000c0108c00002342000")
WITH_CCI = bytes.fromhex("200a001c20100008000010002c100010000000010000000000010000")
# Hops of RSVP-TE, and no LSP-IDENTIFIERS.
SIGNALED = bytes.fromhex("200a001820100008000100000710000c0108c00002012000")
ERO_MISSING, IDENTIFIERS_MISSING, PCECC_WITHOUT_CAPABILITY = (6, 9), (6, 11), (19, 16)
TLV_DOMAIN_ID = 14


def whole(octets):
    return [octets]


def octet_by_octet(octets):
    return [octets[at:at + 1] for at in range(len(octets))]


class Case(ScenarioCase):
    def assert_up(self, peer, number=1):
        self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)

    def assert_told(self, peer, octets, parts, *error):
        """This error, and nothing of an SRP that was not there."""
        before = self.pced.metrics()
        for part in parts(octets):
            peer.send(part)
        self.assertEqual([o.class_ for o in peer.expect_error(*error).objects], [pcep.OC_PCEP_ERROR])
        return before

    def grown(self, before, name):
        return self.pced.metrics()[name] - before[name]


class Reports(Case):
    def test_a_sero_without_an_ero(self):
        """RFC 8231 6.1: the ERO is mandatory; the session goes on (7.3 asks for no close)."""
        for parts in (whole, octet_by_octet):
            with self.subTest(parts=parts.__name__):
                peer, other = self.up(), self.up()
                before = self.assert_told(peer, WITH_SERO, parts, ERO_MISSING)
                self.assert_up(peer)
                self.assert_up(other)
                self.assertEqual(self.grown(before, "pced_reports_refused_total"), 1)
                self.assertEqual(self.grown(before, "pced_reports_total"), 0)

    def test_a_sero_without_an_ero_beside_sound_reports(self):
        """In one segment with requests and reports: each gets what it would get alone."""
        peer = self.up()
        sound = pcep.message(pcep.PCRPT, pcep.srp_object(0, pcep.SETUP_SR),
                             pcep.lsp_object(5, 0x9, "policy"), pcep.ero_object([16004]))
        before = self.pced.metrics()
        peer.send(sound + WITH_SERO + pcep.request_message(1, A, D) + WITH_SERO + sound)
        peer.expect_error(ERO_MISSING)
        found = [peer.next(), peer.next()]
        self.assertEqual(sorted(m.type for m in found), [pcep.PCREP, pcep.PCERR])
        self.assert_up(peer, 2)
        self.assertEqual(self.grown(before, "pced_reports_total"), 2)
        self.assertEqual(self.grown(before, "pced_reports_refused_total"), 2)

    def test_instructions_of_a_central_controller(self):
        """RFC 9050 5.4: 19/16, and that session is over; no other one is."""
        for parts in (whole, octet_by_octet):
            with self.subTest(parts=parts.__name__):
                peer, other = self.up(), self.up()
                self.assert_told(peer, WITH_CCI, parts, PCECC_WITHOUT_CAPABILITY)
                self.assertEqual([m.type for m in peer.until_end()], [pcep.CLOSE])
                self.assert_up(other)

    def test_lsp_identifiers_missing_leave_the_session(self):
        peer = self.up()
        for number in range(1, 4):
            self.assert_told(peer, SIGNALED, whole, IDENTIFIERS_MISSING)
            self.assert_up(peer, number)


class WrongReportCloses(Case):
    """RFC 8231 7.3.1, where the configuration wants it to the letter."""
    SECTIONS = {"session": {"wrong-report-closes": True}}

    def assert_closed_by(self, octets, *error):
        peer = self.up()
        self.assert_told(peer, octets, whole, *error)
        self.assert_ends_with_close(peer, pcep.CLOSE_NONE)

    def test_lsp_identifiers_missing_close_the_session(self):
        other = self.up()
        since = self.pced.mark()
        self.assert_closed_by(SIGNALED, IDENTIFIERS_MISSING)
        self.pced.wait_line('session ended .*why="LSP-IDENTIFIERS', since)
        self.assert_up(other)

    def test_other_faults_do_not(self):
        peer = self.up()
        self.assert_told(peer, WITH_SERO, whole, ERO_MISSING)
        self.assert_up(peer)

    def test_a_reload_holds_for_sessions_that_begin_afterwards(self):
        strict = self.up()
        since = self.pced.mark()
        self.pced.reload(session={"wrong-report-closes": False})
        try:
            self.pced.wait_line('configuration changed key=session.wrong-report-closes '
                                'holds="for new sessions"', since)
            mild = self.up()
            self.assert_told(mild, SIGNALED, whole, IDENTIFIERS_MISSING)
            self.assert_up(mild)
            self.assert_told(strict, SIGNALED, whole, IDENTIFIERS_MISSING)
            self.assert_ends_with_close(strict, pcep.CLOSE_NONE)
        finally:
            self.pced.reload(session={"wrong-report-closes": True})
        self.assert_told(mild, SIGNALED, whole, IDENTIFIERS_MISSING)
        self.assert_up(mild, 2)
        self.assert_closed_by(SIGNALED, IDENTIFIERS_MISSING)


class OpenTlvs(Case):
    """RFC 8685 3.2.2 has no domain of type 0, and each has an identifier. Nothing here depends on it."""
    NO_DOMAIN = pcep.tlv(TLV_DOMAIN_ID, bytes([0, 0, 0, 0]))
    AS_65000 = pcep.tlv(TLV_DOMAIN_ID, bytes([2, 0, 0, 0]) + (65000).to_bytes(4, "big"))

    def assert_skipped(self, count, *tlvs):
        """The session is as good as any, and the line that tells of it has the count."""
        peer = self.connect()
        since, before = self.pced.mark(), self.pced.metrics()
        peer.open(keepalive=0, dead=0, tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv() + b"".join(tlvs))
        self.assert_up(peer)
        line = self.pced.wait_line(f"session up peer={peer.socket.getsockname()[0]} .*", since).group(0)
        self.assertEqual(re.findall(r" open_tlvs_skipped=(\d+)", line), [str(count)] if count else [])
        self.assertEqual(self.grown(before, "pced_open_tlvs_skipped_total"), count)

    def test_malformed_ones_are_told_and_counted(self):
        self.assert_skipped(1, self.NO_DOMAIN)
        self.assert_skipped(3, self.NO_DOMAIN, self.AS_65000, self.NO_DOMAIN, pcep.tlv(TLV_DOMAIN_ID, b"\0"))

    def test_more_than_are_counted(self):
        self.assert_skipped(255, self.NO_DOMAIN * 300)

    def test_sound_and_unknown_ones_are_not(self):
        self.assert_skipped(0)
        self.assert_skipped(0, self.AS_65000)
        self.assert_skipped(0, pcep.tlv(TLV_DOMAIN_ID, bytes([0, 0, 0, 0]) + bytes(4)))
        self.assert_skipped(0, pcep.tlv(65000, b"abc"))

    def test_one_that_decides_refuses_the_session(self):
        peer = self.connect()
        self.assertEqual(peer.next().type, pcep.OPEN)
        peer.send(pcep.open_message(tlvs=self.NO_DOMAIN + pcep.tlv(pcep.TLV_STATEFUL, b"")))
        self.assert_ends_with_error(peer, (10, 11))


if __name__ == "__main__":
    unittest.main(verbosity=2)
