#!/usr/bin/env python3
"""Orders to PCCs, and what they answer: two scripted PCCs that behave as FRR's pathd and OpenDaylight's
simulator do. What makes the server ask is its policy of delegations, and a link that goes."""

import os
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from api_case import UnixConnection, ask
from case import ScenarioCase, next_source
from pcc import A, ACTIVE, C, D, S, UP, FrrPcc, Lsp, MockPcc

QUIET_S = 1.5
LOWER = [16003, 16004]  # by C
WITHOUT_LOWER = "".join(line for line in networks.DIAMOND.splitlines(True) if "from: C, to: D" not in line)


class OrderCase(ScenarioCase):
    SECTIONS = {"lsp": {"settle_time": 0}, "reopt": {"interval": 0}, "log": {"level": "debug", "rate": 10000}}

    def pcc(self, kind):
        peer = kind(self.pced.address, source=next_source())
        self.peers.append(peer)
        peer.begin()
        return peer

    def lsp(self, plsp_id=1, name="DYN"):
        return Lsp(plsp_id, name, networks.A, networks.D, list(LOWER))

    def foreign(self, plsp_id, name):
        """Between routers that the network does not have: nobody finds it a better path."""
        return Lsp(plsp_id, name, "192.0.2.1", "192.0.2.9", [])

    def break_lower(self):
        """The link from C to D goes: what takes it has to move."""
        self.pced.write_topology(WITHOUT_LOWER)
        self.pced.reload()
        self.addCleanup(self.mend)

    def mend(self):
        self.pced.write_topology(networks.DIAMOND)
        self.pced.reload()


class LikeFrr(OrderCase):
    def moved(self, *lsps):
        """An FRR that has delegated these LSPs, all on a link that has gone."""
        frr = self.pcc(FrrPcc)
        frr.synchronise(*lsps)
        frr.nothing_for(0.3)
        self.break_lower()
        return frr

    def test_three_reports_carry_one_order_out(self):
        lsp, since = self.lsp(), self.pced.mark()
        frr = self.moved(lsp)
        order = frr.order(pcep.PCUPD)
        self.assertEqual(order.plsp_id, 1)
        self.assertEqual(order.flags, D | A)
        self.assertNotEqual(order.srp_id, 0)
        self.assertIn(order.labels, networks.UPPER_A_D)
        for at in range(0, len(order.ero.body), 8):  # labels without NAI: F and M
            self.assertEqual(order.ero.body[at:at + 4], bytes([36, 8, 0, 9]))
        frr.answer(order, lsp)
        self.pced.wait_line(f"LSP order carried out.*name=DYN.*srp_id={order.srp_id}", since)
        frr.report(lsp, D | A | C)  # the number sticks: no error, no other order
        frr.nothing_for(QUIET_S)

    def test_an_error_before_its_srp_refuses_the_order(self):
        lsp, since = self.lsp(), self.pced.mark()
        frr = self.moved(lsp)
        order = frr.order(pcep.PCUPD)
        frr.refuse(order, 24, 1)
        self.pced.wait_line(f"LSP order refused.*srp_id={order.srp_id} error_type=24 error_value=1", since)
        frr.nothing_for(QUIET_S)

    def test_an_error_that_names_nothing_refuses_the_only_order(self):
        lsp, since = self.lsp(), self.pced.mark()
        frr = self.moved(lsp)
        order = frr.order(pcep.PCUPD)
        frr.send(pcep.message(pcep.PCERR, pcep.error_object(10, 13)))
        self.pced.wait_line(f"LSP order refused.*srp_id={order.srp_id} error_type=10 error_value=13.*"
                            "names no order", since)
        frr.nothing_for(QUIET_S)

    def test_silence_is_told_and_nothing_is_asked_twice(self):
        since = self.pced.mark()
        frr = self.moved(self.lsp())
        order = frr.order(pcep.PCUPD)
        frr.nothing_for(6)
        self.pced.wait_line(f"LSP order without an answer.*srp_id={order.srp_id}", since)

    def test_policies_of_one_name_are_kept_apart_by_their_endpoints(self):
        one = self.lsp(1, "gold")
        two = Lsp(2, "gold", networks.A, networks.C, [16003])
        frr = self.pcc(FrrPcc)
        frr.synchronise(one, two)
        frr.nothing_for(0.3)
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        self.addCleanup(connection.close)
        _, answer = ask(connection, "GET", f"/api/v1/lsps?pcc={frr.socket.getsockname()[0]}")
        self.assertEqual({(row["name"], row["plsp_id"], row["destination"]) for row in answer["lsps"]},
                         {("gold", 1, networks.D), (f"gold@{networks.C}", 2, networks.C)})
        self.break_lower()
        order = frr.order(pcep.PCUPD)
        self.assertEqual(order.plsp_id, 1, "the other one does not take that link")
        frr.answer(order, one)
        frr.nothing_for(0.3)

    def test_a_delegation_without_a_path_is_a_request(self):
        lsp = self.lsp()
        lsp.labels = []
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp)
        order = frr.order(pcep.PCUPD)
        self.assertIn(order.labels, networks.UPPER_A_D)
        frr.answer(order, lsp)
        frr.nothing_for(0.3)


class InFlight(OrderCase):
    SECTIONS = {**OrderCase.SECTIONS, "lsp": {"settle_time": 0, "updates_in_flight": 2}}

    def test_answers_pace_the_orders(self):
        lsps = {n: self.lsp(n, f"DYN-{n}") for n in range(1, 6)}
        frr = self.pcc(FrrPcc)
        frr.synchronise(*lsps.values())
        frr.nothing_for(0.3)
        self.break_lower()
        open_orders = [frr.order(pcep.PCUPD), frr.order(pcep.PCUPD)]
        frr.nothing_for(QUIET_S)
        asked = {order.plsp_id for order in open_orders}
        for _ in range(3):
            order = open_orders.pop(0)
            frr.answer(order, lsps[order.plsp_id])
            open_orders.append(frr.order(pcep.PCUPD))
            asked.add(open_orders[-1].plsp_id)
        self.assertEqual(asked, set(lsps))
        for order in open_orders:
            frr.answer(order, lsps[order.plsp_id])
        frr.nothing_for(0.3)


class Refused(OrderCase):
    SECTIONS = {**OrderCase.SECTIONS,
                "delegation-rules": [{"name": "gold-*", "delegation": "accept"},
                                     {"setup-type": "rsvp-te", "delegation": "refuse"},
                                     {"name": "DYN", "delegation": "refuse"}]}

    def test_a_delegation_goes_back_at_once_and_once(self):
        lsp = self.foreign(7, "tunnel_7")
        mock = self.pcc(MockPcc)
        mock.synchronise(lsp, self.foreign(8, "gold-8"))
        order = mock.order(pcep.PCUPD)
        self.assertEqual((order.plsp_id, order.flags & D, order.ero.body), (7, 0, b""))
        mock.report(lsp, A | S | UP, srp_id=order.srp_id)
        mock.nothing_for(QUIET_S)
        mock.report(lsp, D | A | S | UP)  # and again: answered after a pause
        again = mock.order(pcep.PCUPD)
        self.assertEqual((again.plsp_id, again.flags & D), (7, 0))
        mock.refuse(again, 19, 1)
        mock.nothing_for(0.3)

    def test_nothing_is_asked_before_the_end_mark(self):
        mock = self.pcc(MockPcc)
        mock.report(self.foreign(7, "tunnel_7"), D | A | S | UP)
        mock.nothing_for(QUIET_S)
        mock.end_mark()
        self.assertEqual(mock.order(pcep.PCUPD).plsp_id, 7)

    def test_srp_ids_go_on_in_the_next_session(self):
        lsp = self.foreign(7, "tunnel_7")
        mock = self.pcc(MockPcc)
        mock.synchronise(lsp)
        first = mock.order(pcep.PCUPD)
        source = mock.socket.getsockname()[0]
        mock.drop()
        again = MockPcc(self.pced.address, source=source)
        self.peers.append(again)
        again.begin()
        again.report(lsp, D | A | S | UP, srp_id=first.srp_id)  # as pathd has it
        again.end_mark()
        self.assertEqual(again.order(pcep.PCUPD).srp_id, first.srp_id + 1)

    def test_a_peer_that_takes_nothing_back_is_left_alone(self):
        lsp, since = self.lsp(), self.pced.mark()
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp)
        frr.nothing_for(0.3)
        self.break_lower()
        frr.nothing_for(QUIET_S)
        with self.assertRaises(TimeoutError):
            self.pced.wait_line("LSP order", since, wait_s=0.1)


class Returned(OrderCase):
    def ask_for(self, pcc, what, status=202):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        self.addCleanup(connection.close)
        code, answer = ask(connection, "POST", f"/api/v1/lsps/{pcc.socket.getsockname()[0]}/DYN/{what}")
        self.assertEqual(code, status, answer)
        return answer

    def test_what_an_operator_returns_is_left_alone_where_the_router_cannot_take_it_back(self):
        frr = self.pcc(FrrPcc)
        frr.synchronise(self.lsp())
        frr.nothing_for(0.3)
        self.assertEqual(self.ask_for(frr, "return"), {"order": None})
        self.break_lower()
        frr.nothing_for(QUIET_S)
        self.assertEqual(self.ask_for(frr, "control"), {"order": None})
        self.assertIn(frr.order(pcep.PCUPD).labels, networks.UPPER_A_D)

    def test_a_router_that_goes_on_delegating_what_was_returned_is_left_alone(self):
        lsp, mock = self.foreign(1, "DYN"), self.pcc(MockPcc)
        mock.synchronise(lsp)
        mock.nothing_for(0.3)
        self.assertIsNotNone(self.ask_for(mock, "return")["order"])
        self.assertEqual(mock.order(pcep.PCUPD).flags & D, 0)
        mock.report(lsp, D | A | UP)
        mock.nothing_for(0.3)
        self.assertIn("not delegated", str(self.ask_for(mock, "reoptimise", 409)))


class Revoked(OrderCase):
    def test_what_a_pce_has_initiated_cannot_be_taken_back(self):
        lsp = self.foreign(7, "tunnel_7")
        mock = self.pcc(MockPcc)
        mock.synchronise(lsp, flags=D | A | C | UP)
        mock.report(lsp, A | C | S | UP)
        found = mock.expect_error((19, 7))
        self.assertEqual(found.objects[0].class_, pcep.OC_SRP)
        mock.report(lsp, D | A | C | S | ACTIVE)
        mock.nothing_for(0.3)


class Binding(OrderCase):
    """RFC 9604: a label or SID that stands for an LSP."""
    TLV = 55

    def ask_for(self, pcc, arguments="", status=202):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        self.addCleanup(connection.close)
        code, answer = ask(connection, "POST", f"/api/v1/lsps/{pcc.socket.getsockname()[0]}/DYN/bind{arguments}")
        self.assertEqual(code, status, answer)
        return answer

    def show(self, pcc):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        self.addCleanup(connection.close)
        return ask(connection, "GET", f"/api/v1/lsps/{pcc.socket.getsockname()[0]}/DYN")[1]

    def bound(self, order):
        """The values of what the order asks for."""
        return [value for type_, value in order.message.one(pcep.OC_LSP).tlvs(4) if type_ == self.TLV]

    def report(self, frr, lsp, flags, tlvs):
        body = struct.pack("!I", lsp.plsp_id << 12 | flags | ACTIVE) + \
            pcep.tlv(pcep.TLV_SYMBOLIC_NAME, lsp.name.encode()) + tlvs
        frr.send(pcep.message(pcep.PCRPT, pcep.srp_object(lsp.srp_id, 1), pcep.obj(pcep.OC_LSP, 1, body, p=True),
                              pcep.ero_object(lsp.labels)))

    def test_a_label_is_asked_for_reported_and_removed(self):
        lsp, since = Lsp(1, "DYN", "192.0.2.1", "192.0.2.9", [16003]), self.pced.mark()
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp)
        frr.nothing_for(0.3)
        self.ask_for(frr)
        order = frr.order(pcep.PCUPD)
        self.assertEqual((order.plsp_id, order.flags & D, order.labels), (1, D, [16003]), "the path that it has")
        self.assertEqual(self.bound(order), [bytes(4)], "any label")
        lsp.srp_id = order.srp_id
        label = struct.pack("!BBH", 0, 0, 0) + (1000 << 4).to_bytes(3, "big")
        self.report(frr, lsp, D | A | C, pcep.tlv(self.TLV, label))
        self.pced.wait_line(f"LSP order carried out.*srp_id={order.srp_id}", since)
        bindings = self.show(frr)["reported"][0]["bindings"]
        self.assertEqual(bindings, [{"type": "MPLS label", "value": 1000, "removed": False}])
        self.ask_for(frr, "?label=1000&remove=true")
        order = frr.order(pcep.PCUPD)
        self.assertEqual(self.bound(order), [b"\x00\x80" + label[2:]], "R")
        frr.refuse(order, 32, 4)
        self.pced.wait_line(f"LSP order refused.*srp_id={order.srp_id} error_type=32 error_value=4", since)
        self.ask_for(frr, "?label=2000")
        order = frr.order(pcep.PCUPD)
        self.assertEqual(self.bound(order), [bytes(4) + (2000 << 4).to_bytes(3, "big")])
        frr.refuse(order, 32, 2)

    def test_what_is_wrong_is_refused(self):
        lsp = Lsp(1, "DYN", "192.0.2.1", "192.0.2.9", [16003])
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp)
        frr.nothing_for(0.3)
        for arguments in ("?label=15", "?label=1048576", "?sid=192.0.2.1", "?remove=true", "?label=x"):
            self.assertIn(arguments[1:].split("=")[0], str(self.ask_for(frr, arguments, 400)))
        self.assertIn("SRv6", str(self.ask_for(frr, "?sid=2001:db8::1", 409)))
        frr.report(lsp, A)
        frr.nothing_for(0.3)
        self.assertIn("not delegated", str(self.ask_for(frr, "", 409)))

    def test_bindings_that_are_wrong_are_refused(self):
        lsp = Lsp(1, "DYN", "192.0.2.1", "192.0.2.9", [16003])
        frr = self.pcc(FrrPcc)
        frr.synchronise()
        both = pcep.tlv(self.TLV, bytes(4) + (100 << 4).to_bytes(3, "big")) + \
            pcep.tlv(self.TLV, b"\x01\x00\x00\x00" + struct.pack("!I", 100 << 12))
        self.report(frr, lsp, D | A | C, both)
        frr.expect_error((32, 5))
        self.report(frr, lsp, D | A | C, pcep.tlv(self.TLV, bytes(4) + (3 << 4).to_bytes(3, "big")))
        frr.expect_error((10, 2))
        self.report(frr, lsp, D | A | C | 0x800, pcep.tlv(self.TLV, bytes(4)))  # the PCE is to allocate
        frr.expect_error((19, 16))
        frr.expect_close(1)


class Away(OrderCase):
    """The session is away, and the router's Redelegation Timeout or State Timeout runs out (RFC 8231 5.7.2.2)."""

    def back(self, source):
        frr = FrrPcc(self.pced.address, source=source)
        self.peers.append(frr)
        frr.begin()
        return frr

    def left(self, lsp, flags=D | A | C):
        """The address of a router that has gone, and left this LSP."""
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp, flags=flags)
        frr.nothing_for(0.3)
        source = frr.socket.getsockname()[0]
        frr.drop()
        return source

    def test_what_was_redelegated_to_a_backup_is_left_alone_until_it_comes_back(self):
        lsp = self.lsp()
        source = self.left(lsp)
        self.break_lower()
        frr = self.back(source)
        frr.synchronise(lsp, flags=A | C)  # it is a backup's now
        frr.nothing_for(QUIET_S)
        frr.report(lsp, D | A | C)
        order = frr.order(pcep.PCUPD)
        self.assertIn(order.labels, networks.UPPER_A_D)
        frr.answer(order, lsp)
        frr.nothing_for(0.3)

    def test_within_the_redelegation_timeout_a_delegation_holds(self):
        lsp = self.lsp()
        source = self.left(lsp)
        self.break_lower()
        frr = self.back(source)
        frr.report(lsp, D | A | C | S)
        frr.nothing_for(0.5)  # not before the end mark
        frr.end_mark()
        self.assertIn(frr.order(pcep.PCUPD).labels, networks.UPPER_A_D)

    def test_an_order_that_was_out_is_given_anew_by_what_the_router_reports(self):
        lsp = self.lsp()
        frr = self.pcc(FrrPcc)
        frr.synchronise(lsp)
        frr.nothing_for(0.3)
        self.break_lower()
        frr.order(pcep.PCUPD)
        source = frr.socket.getsockname()[0]
        frr.drop()  # it has not answered
        frr = self.back(source)
        lsp.labels = list(networks.UPPER_A_D[0])  # and has done it all the same
        frr.synchronise(lsp)
        frr.nothing_for(QUIET_S)

    def test_after_the_state_timeout_an_empty_path_is_a_request(self):
        lsp = self.lsp()
        source = self.left(lsp)
        lsp.labels = []
        frr = self.back(source)
        frr.synchronise(lsp)
        order = frr.order(pcep.PCUPD)
        self.assertEqual(order.plsp_id, lsp.plsp_id)
        self.assertTrue(order.labels)
        frr.answer(order, lsp)

    def test_what_the_router_has_thrown_away_is_forgotten_at_its_end_mark(self):
        lsp = self.lsp()
        source = self.left(lsp)
        self.break_lower()
        frr = self.back(source)
        frr.synchronise()
        frr.nothing_for(QUIET_S)
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        self.addCleanup(connection.close)
        self.assertEqual(ask(connection, "GET", f"/api/v1/lsps?pcc={source}")[1]["lsps"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
