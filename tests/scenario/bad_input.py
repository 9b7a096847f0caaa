#!/usr/bin/env python3
"""What a broken or hostile peer may send. Each test names the error that the standard has for it; beside
each a healthy session goes on being answered, and the server's memory stays bounded (case.py)."""

import os
import random
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from case import ScenarioCase
from networks import A, D, PLAIN_A_D
from peer import Closed

SEED = int(os.environ.get("PCED_TEST_SEED", "5440"))
LARGEST = 65532  # the largest multiple of four in a 16-bit length
FILL = pcep.obj(250, 15, bytes(1000))  # an unknown object that need not be processed


class Framing(ScenarioCase):
    def refuse(self, octets):
        """In state UP these octets are malformed: Close reason 3 and the end."""
        peer = self.up()
        peer.send(octets)
        self.assert_ends_with_close(peer, pcep.CLOSE_MALFORMED)

    def test_message_shorter_than_its_header(self):
        for length in range(4):
            with self.subTest(length=length):
                self.refuse(pcep.message(pcep.KEEPALIVE, length=length))

    def test_message_length_that_is_no_multiple_of_four(self):
        for length in (5, 6, 7, 65533, 65534, 65535):
            with self.subTest(length=length):
                self.refuse(pcep.message(pcep.PCREQ, bytes(length - 4), length=length))

    def test_another_version_in_state_up(self):
        for version in (0, 2, 7):
            with self.subTest(version=version):
                self.refuse(pcep.message(pcep.KEEPALIVE, version=version))

    def test_object_lengths_that_do_not_fit(self):
        end_points = pcep.end_points(A, D)
        for length in (0, 1, 2, 3, 5, 6, 10, 11, 13, 400, 65535):
            with self.subTest(length=length):
                rp = pcep.obj(pcep.OC_RP, 1, struct.pack("!II", 0, 1), p=True, length=length)
                self.refuse(pcep.message(pcep.PCREQ, rp, end_points))

    def test_object_header_cut_off(self):
        """No object fits into what is left: the rest is too short for a header."""
        whole = pcep.message(pcep.PCREQ, pcep.request(1, A, D))
        for keep in range(8, len(whole), 4):
            cut = bytearray(whole[:keep])
            struct.pack_into("!H", cut, 2, keep)
            at, is_whole = 4, False
            while at < keep:  # where the cut falls between two objects the message is well formed
                at += struct.unpack_from("!H", cut, at + 2)[0]
                is_whole = at == keep
            if not is_whole:
                with self.subTest(keep=keep):
                    self.refuse(bytes(cut))

    def test_tlv_that_runs_past_its_object(self):
        body = struct.pack("!II", 0, 1)
        for length in (5, 100, 65535):
            with self.subTest(length=length):
                rp = pcep.obj(pcep.OC_RP, 1, body + pcep.tlv(28, bytes(4), length=length), p=True)
                peer = self.up()
                peer.send(pcep.message(pcep.PCREQ, rp, pcep.end_points(A, D)))
                self.assert_refused(peer)

    def assert_refused(self, peer):
        """A Close for a malformed message, or a PCErr about a malformed object."""
        answer = peer.next()
        if answer.type == pcep.CLOSE:
            self.assertEqual(answer.close_reason(), pcep.CLOSE_MALFORMED)
            self.assertEqual(peer.until_end(), [])
        else:
            self.assertEqual([e[0] for e in answer.errors()], [10])
            self.assertEqual(peer.ask(77, A, D).labels(), PLAIN_A_D)

    def test_largest_message_that_is_right(self):
        peer = self.up()
        request = pcep.request(1, A, D)
        room = LARGEST - 4 - len(request)
        fills = [FILL] * (room // len(FILL))
        rest = room - len(FILL) * len(fills)
        fills += [pcep.obj(250, 15, bytes(rest - 4))] if rest >= 4 else []
        octets = pcep.message(pcep.PCREQ, request, *fills)
        self.assertEqual(len(octets), LARGEST)
        peer.send(octets)
        self.assertEqual(pcep.parse_responses(peer.expect(pcep.PCREP))[0].labels(), PLAIN_A_D)

    def test_one_object_as_large_as_a_message(self):
        peer = self.up()
        peer.send(pcep.message(pcep.PCREQ, pcep.request(1, A, D),
                               pcep.obj(250, 15, bytes(LARGEST - 4 - 4
                                                       - len(pcep.request(1, A, D))))))
        self.assertEqual(pcep.parse_responses(peer.expect(pcep.PCREP))[0].labels(), PLAIN_A_D)

    def test_thousands_of_empty_objects(self):
        """An object of four octets is the smallest there is: as many as a message can hold."""
        peer = self.up()
        request = pcep.request(1, A, D)
        count = (LARGEST - 4 - len(request)) // 4
        peer.send(pcep.message(pcep.PCREQ, request, *[pcep.obj(250, 15)] * count))
        self.assertEqual(pcep.parse_responses(peer.expect(pcep.PCREP))[0].labels(), PLAIN_A_D)

    def test_thousands_of_empty_tlvs(self):
        peer = self.up()
        rp = pcep.obj(pcep.OC_RP, 1, struct.pack("!II", 0, 1)
                      + pcep.tlv(60000, b"") * 16000, p=True)
        peer.send(pcep.message(pcep.PCREQ, rp, pcep.end_points(A, D)))
        self.assertEqual(pcep.parse_responses(peer.expect(pcep.PCREP))[0].request_id, 1)


class SmallMessages(ScenarioCase):
    SECTIONS = {"limits": {"message-size": 1024}}

    def test_at_the_limit(self):
        peer = self.up()
        request = pcep.request(1, A, D)
        octets = pcep.message(pcep.PCREQ, request,
                              pcep.obj(250, 15, bytes(1024 - 4 - 4 - len(request))))
        self.assertEqual(len(octets), 1024)
        peer.send(octets)
        self.assertEqual(pcep.parse_responses(peer.expect(pcep.PCREP))[0].labels(), PLAIN_A_D)

    def test_one_past_the_limit(self):
        """Its header is enough: nothing of it is awaited."""
        peer = self.up()
        peer.send(pcep.message(pcep.PCREQ, length=1028))
        self.assert_ends_with_close(peer, pcep.CLOSE_MALFORMED)


class Grammar(ScenarioCase):
    def refused(self, *objects, errors, request_id=None):
        """The message draws exactly these errors, and the session goes on."""
        peer = self.up()
        peer.send(pcep.message(pcep.PCREQ, *objects))
        error = peer.expect_error(*errors)
        if request_id is not None:
            self.assertEqual([o.unpack("!II")[1] for o in error.all(pcep.OC_RP)], [request_id])
        self.assertEqual(peer.ask(4000, A, D).labels(), PLAIN_A_D)

    def test_missing_rp(self):
        self.refused(pcep.end_points(A, D), errors=[(6, 1)])

    def test_empty_request(self):
        self.refused(errors=[(6, 1)])

    def test_missing_end_points(self):
        self.refused(pcep.rp(5, pcep.SETUP_SR), errors=[(6, 3)], request_id=5)

    def test_rp_and_end_points_without_p_flag(self):
        self.refused(pcep.rp(6, pcep.SETUP_SR, p=False), pcep.end_points(A, D), errors=[(10, 1)],
                     request_id=6)
        self.refused(pcep.rp(7, pcep.SETUP_SR), pcep.end_points(A, D, p=False), errors=[(10, 1)],
                     request_id=7)

    def test_unknown_object_class_that_must_be_processed(self):
        self.refused(pcep.request(8, A, D), pcep.obj(250, 1, bytes(8), p=True), errors=[(3, 1)],
                     request_id=8)

    def test_unknown_object_type_that_must_be_processed(self):
        self.refused(pcep.request(9, A, D), pcep.obj(pcep.OC_BANDWIDTH, 15, bytes(4), p=True),
                     errors=[(3, 2)], request_id=9)

    def test_unknown_objects_without_p_flag_are_skipped(self):
        peer = self.up()
        response = peer.ask(10, A, D, pcep.obj(250, 1, bytes(8)),
                            pcep.obj(pcep.OC_BANDWIDTH, 15, bytes(4)))
        self.assertEqual(response.labels(), PLAIN_A_D)

    def test_unknown_end_points_type(self):
        self.refused(pcep.rp(11, pcep.SETUP_SR),
                     pcep.obj(pcep.OC_END_POINTS, 15, bytes(8), p=True),
                     errors=[(3, 2), (6, 3)], request_id=11)

    def test_a_bad_request_does_not_harm_its_neighbours(self):
        peer = self.up()
        peer.send(pcep.message(pcep.PCREQ, pcep.request(1, A, D), pcep.rp(2, pcep.SETUP_SR),
                               pcep.request(3, A, D), pcep.request(4, A, D),
                               pcep.obj(250, 1, p=True), pcep.request(5, A, D)))
        answered, refused = set(), {}
        while len(answered) + len(refused) < 5:
            found = peer.next()
            if found.type == pcep.PCREP:
                answered |= {r.request_id for r in pcep.parse_responses(found)}
            else:
                self.assertEqual(found.type, pcep.PCERR)
                for rp in found.all(pcep.OC_RP):
                    refused[rp.unpack("!II")[1]] = found.errors()
        self.assertEqual(answered, {1, 3, 5})
        self.assertEqual(refused, {2: [(6, 3)], 4: [(3, 1)]})

    def test_setup_type_that_is_not_supported(self):
        """RFC 8408 5: PCErr 21/1; the session is closed by its sender or goes on."""
        peer = self.up()
        peer.send(pcep.request_message(12, A, D, setup=77))
        peer.expect_error((21, 1))

    def test_bodies_that_are_too_short(self):
        for class_, type_ in ((pcep.OC_RP, 1), (pcep.OC_END_POINTS, 1), (pcep.OC_END_POINTS, 2),
                              (pcep.OC_BANDWIDTH, 1), (pcep.OC_METRIC, 1), (pcep.OC_LSPA, 1)):
            with self.subTest(class_=class_, type_=type_):
                peer = self.up()
                short = pcep.obj(class_, type_, b"", p=True)
                whole = [pcep.rp(13, pcep.SETUP_SR), pcep.end_points(A, D)]
                objects = {pcep.OC_RP: [short, whole[1]],
                           pcep.OC_END_POINTS: [whole[0], short]}.get(class_, whole + [short])
                peer.send(pcep.message(pcep.PCREQ, *objects))
                answer = peer.next()
                self.assertIn(answer.type, (pcep.PCERR, pcep.CLOSE))
                if answer.type == pcep.CLOSE:
                    self.assertEqual(answer.close_reason(), pcep.CLOSE_MALFORMED)
                else:
                    self.assertIn(answer.errors()[0][0], (6, 10))

    def test_numbers_at_their_ends(self):
        """Not-a-number, infinity, negative: no bandwidth and no bound, but no crash either."""
        peer = self.up()
        for number, octets in enumerate((b"\x7f\xc0\0\0", b"\x7f\x80\0\0", b"\xff\x80\0\0",
                                         b"\xbf\x80\0\0", b"\x7f\x7f\xff\xff", b"\0\0\0\1")):
            for objects in ([pcep.obj(pcep.OC_BANDWIDTH, 1, octets, p=True)],
                            [pcep.obj(pcep.OC_METRIC, 1, b"\0\0\1\2" + octets, p=True)],
                            [pcep.obj(pcep.OC_METRIC, 1, b"\0\0\1\x0b" + octets, p=True)]):
                peer.send(pcep.message(pcep.PCREQ, pcep.request(100 + number, A, D), *objects))
                self.assertIn(peer.next().type, (pcep.PCREP, pcep.PCERR))
        self.assertEqual(peer.ask(4000, A, D).labels(), PLAIN_A_D)

    def test_unknown_message_types(self):
        """PCErr 2 for each; at the fifth within a minute Close with reason 5 (RFC 5440 6.9)."""
        peer = self.up()
        for kind in (99, 200, 255, 77):
            peer.send(pcep.message(kind, pcep.rp(1), pcep.obj(250, 1, bytes(8))))
            self.assertEqual([type_ for type_, _ in peer.expect(pcep.PCERR).errors()], [2])
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
        peer.send(pcep.message(99))
        rest = peer.until_end()
        self.assertEqual(rest[-1].close_reason(), pcep.CLOSE_UNKNOWN_MESSAGES)
        self.assertTrue(all(m.type == pcep.PCERR for m in rest[:-1]))

    def test_messages_that_only_a_pce_sends(self):
        """A PCRep or PCUpd from a PCC is answered or ignored, and never ends the server."""
        for kind in (pcep.PCREP, pcep.PCUPD, pcep.PCINITIATE, pcep.PCNTF, pcep.PCERR):
            for objects in ([], [pcep.rp(1)], [pcep.srp_object(1), pcep.lsp_object(1, 0)],
                            [pcep.error_object(1, 1)], [pcep.notification_object(1, 1)]):
                peer = self.up()
                peer.send(pcep.message(kind, *objects))
                peer.send_quietly(pcep.request_message(2, A, D))
                try:
                    while peer.next().type != pcep.PCREP:
                        pass
                except Closed:
                    self.assertEqual(peer.received[-1].type, pcep.CLOSE)

    def test_reports_without_what_they_need(self):
        peer = self.up()
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, pcep.SETUP_SR),
                               pcep.ero_object([16004])))
        peer.expect_error((6, 8))
        peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(1, 0x9, "name")))
        peer.expect_error((6, 9))
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)

    def test_reports_of_a_peer_that_did_not_offer_them(self):
        """RFC 8231 5.4: PCErr 19/5."""
        peer = self.up(tlvs=pcep.sr_capability_tlv())
        peer.send(pcep.message(pcep.PCRPT, pcep.srp_object(0, pcep.SETUP_SR),
                               pcep.lsp_object(1, 0x9, "name"), pcep.ero_object([16004])))
        peer.expect_error((19, 5))


class Endings(ScenarioCase):
    def test_close_in_the_middle_of_a_message(self):
        whole = pcep.request_message(1, A, D)
        for keep in (1, 3, 4, 7, len(whole) - 1):
            for end in ("end", "reset"):
                with self.subTest(keep=keep, end=end):
                    peer = self.up()
                    peer.send(whole[:keep])
                    if end == "reset":
                        peer.reset()
                    else:
                        peer.shut_sending()
                        self.assertNotIn(pcep.PCREP, [m.type for m in peer.until_end()])

    def test_close_in_the_middle_of_the_handshake(self):
        octets = pcep.open_message()
        for keep in range(0, len(octets) + 1, 3):
            peer = self.connect()
            peer.send(octets[:keep])
            peer.reset()
        for keep in range(0, len(octets) + 1, 3):
            peer = self.connect()
            peer.send(octets[:keep])
            peer.shut_sending()
            peer.until_end()

    def test_silent_connections(self):
        """A hundred that say nothing: each gets our Open, none costs the others anything."""
        silent = [self.connect() for _ in range(100)]
        for peer in silent:
            self.assertEqual(peer.next().type, pcep.OPEN)
        self.ask_healthy()

    def test_half_messages_by_the_hundred(self):
        """Each holds a gathering buffer of the largest size; they are given back with the sessions."""
        peers = [self.up() for _ in range(100)]
        for peer in peers:
            peer.send(pcep.message(pcep.PCREQ, bytes(40000), length=LARGEST))
        self.ask_healthy()
        for peer in peers:
            peer.reset()


class Noise(ScenarioCase):
    def talk(self, octets, is_up):
        """Sends the octets and ends; whatever comes back is well formed."""
        peer = self.up() if is_up else self.connect()
        if peer.send_quietly(octets):
            try:
                peer.shut_sending()
            except OSError:
                pass  # the server has reset the connection already
        peer.until_end()
        peer.drop()

    def test_random_octets(self):
        draw = random.Random(SEED)
        for turn in range(120):
            with self.subTest(seed=SEED, turn=turn):
                octets = draw.randbytes(draw.choice((1, 4, 16, 100, 3000, 100000)))
                self.talk(octets, is_up=turn % 2 == 0)

    def test_random_bodies_behind_right_headers(self):
        draw = random.Random(SEED + 1)
        for turn in range(120):
            body = draw.randbytes(4 * draw.randrange(0, 200))
            kind = draw.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20))
            with self.subTest(seed=SEED + 1, turn=turn):
                self.talk(pcep.message(kind, body), is_up=turn % 4 != 0)

    def test_random_objects_in_right_messages(self):
        draw = random.Random(SEED + 2)
        for turn in range(150):
            objects = [pcep.obj(draw.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
                                             17, 21, 32, 33, 40, 250)), draw.choice((1, 1, 1, 2, 3)),
                                draw.randbytes(4 * draw.randrange(0, 12)), p=draw.random() < 0.5)
                       for _ in range(draw.randrange(1, 12))]
            kind = draw.choice((3, 3, 3, 5, 6, 10, 10, 11, 12))
            with self.subTest(seed=SEED + 2, turn=turn):
                self.talk(pcep.message(kind, *objects), is_up=True)

    def test_changed_octets_in_right_messages(self):
        draw = random.Random(SEED + 3)
        request = pcep.request_message(1, A, D, pcep.lspa(exclude_any=1), pcep.bandwidth(1000),
                                       pcep.metric(pcep.METRIC_TE, 5, bound=True),
                                       pcep.objective(3))
        report = pcep.message(pcep.PCRPT, pcep.srp_object(0, pcep.SETUP_SR),
                              pcep.lsp_object(5, 0x9, "policy"), pcep.ero_object([16003, 16004]))
        for turn in range(200):
            octets = bytearray(request + report + request)
            for _ in range(draw.randrange(1, 6)):
                octets[draw.randrange(len(octets))] = draw.choice((0, 1, 4, 127, 128, 255,
                                                                   draw.randrange(256)))
            with self.subTest(seed=SEED + 3, turn=turn):
                self.talk(bytes(octets), is_up=True)

    def test_changed_octets_in_the_handshake(self):
        draw = random.Random(SEED + 6)
        right = (pcep.open_message(tlvs=pcep.stateful_tlv() + pcep.sr_capability_tlv())
                 + pcep.keepalive_message() + pcep.request_message(1, A, D))
        for turn in range(300):
            octets = bytearray(right)
            for _ in range(draw.randrange(1, 4)):
                octets[draw.randrange(len(octets))] = draw.choice((0, 1, 4, 127, 128, 255,
                                                                   draw.randrange(256)))
            with self.subTest(seed=SEED + 6, turn=turn):
                self.talk(bytes(octets), is_up=False)

    def test_octets_lost_or_doubled(self):
        draw = random.Random(SEED + 4)
        octets = pcep.request_message(1, A, D, pcep.lspa(), pcep.bandwidth(1000)) * 3
        for turn in range(100):
            at, size = draw.randrange(len(octets)), draw.randrange(1, 9)
            changed = (octets[:at] + octets[at + size:] if turn % 2
                       else octets[:at] + octets[at:at + size] + octets[at:])
            with self.subTest(seed=SEED + 4, turn=turn):
                self.talk(changed, is_up=True)

    def test_thousands_of_bad_sessions_leave_nothing_behind(self):
        """After the first thousand the server has what it needs: two thousand more add nothing."""
        draw = random.Random(SEED + 5)
        request = pcep.request_message(1, A, D, pcep.lspa(), pcep.bandwidth(1000))
        halfway = 0
        for turn in range(3000):
            if turn == 1000:
                halfway = self.pced.rss_kib()
            octets = bytearray(request * 3 + pcep.message(pcep.PCREQ, bytes(2000), length=4000))
            octets[draw.randrange(len(octets))] ^= 1 << draw.randrange(8)
            self.talk(bytes(octets), is_up=turn % 3 != 0)
        self.assertLess(self.pced.rss_kib() - halfway, 12 * 1024)


if __name__ == "__main__":
    unittest.main(verbosity=2)
