#!/usr/bin/env python3
"""Reports that contradict, overdo and repeat: each gets the error of its own LSP, and nobody else is harmed."""

import os
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from lsp_sync import SyncCase, lsp
from pcc import A, C, D, R, UP, identifiers

MESSAGE_MAX = 65532  # lengths are multiples of 4
GROUPS_MAX, INSTANCES_MAX = 64, 8


def state(plsp_id, name=None, flags=A, setup=1, lsp_id=None, more=b""):
    """One report: SRP, LSP, ERO of a label, and whatever is to follow the LSP."""
    tlvs = b"" if lsp_id is None else identifiers("10.0.0.1", "10.0.0.4", lsp_id, 5)
    if name is not None:
        tlvs += pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name.encode())
    body = struct.pack("!I", plsp_id << 12 | flags) + tlvs
    return pcep.srp_object(0, setup) + pcep.obj(pcep.OC_LSP, 1, body) + more + pcep.ero_object([16003])


def group(number, flags=0):
    return pcep.obj(40, 1, struct.pack("!HHHH4s", 0, flags, 5, number, bytes([10, 0, 0, 1])))


class BadInput(SyncCase):
    def setUp(self):
        super().setUp()
        self.witness = self.pcc()
        self.witness.synchronise(lsp(1, "witness"))
        self.wait_state(self.witness, sync="finished", lsps=1)
        self.peer = self.pcc()
        self.peer.synchronise(lsp(1, "a"), lsp(2, "b"))
        self.wait_state(self.peer, sync="finished", lsps=2)
        self.wait(lambda: self.here() == 3)  # counters are told at the end of a turn

    def tearDown(self):
        self.assertEqual(list(self.lsps(self.witness)), ["witness"])
        self.assertEqual(self.state(self.witness)["sync"], "finished")
        super().tearDown()

    def send(self, *states):
        self.peer.send(pcep.message(pcep.PCRPT, *states))

    def here(self):
        counters = self.counters()
        return counters["lsps"] - counters["lsps_gone"]

    def names(self):
        return {name: row["plsp_id"] for name, row in self.lsps(self.peer).items()}

    def test_names_swapped_in_one_message(self):
        self.send(state(1, "b"), state(2, "a"))
        self.peer.expect_error((20, 1))
        self.peer.expect_error((20, 1))
        self.assertEqual(self.names(), {"a": 1, "b": 2})

    def test_names_swapped_over_their_removal(self):
        self.send(state(1, flags=R), state(2, flags=R), state(1, "b"), state(2, "a"))
        self.wait(lambda: self.names() == {"a": 2, "b": 1})

    def test_a_plsp_id_that_is_free_again_while_its_new_name_is_not(self):
        self.send(state(1, flags=R), state(1, "b"), state(3, "c"))
        self.peer.expect_error((23, 1))
        self.wait(lambda: self.names() == {"b": 2, "c": 3})

    def test_lsp_ids_that_go_back_and_one_path_too_many(self):
        numbers = [9, 3, 65535, 1, 2, 4, 5, 6]
        self.send(*(state(7, "tunnel", A | UP, 0, number) for number in numbers))
        self.wait(lambda: self.lsps(self.peer).get("tunnel", {}).get("instances") == INSTANCES_MAX)
        self.send(state(7, "tunnel", A | UP, 0, 7))
        self.peer.expect_error((20, 1))
        self.send(state(7, "tunnel", A | R, 0, 77))  # of none
        self.send(*(state(7, "tunnel", A | R, 0, number) for number in numbers[1:]))
        self.wait(lambda: self.lsps(self.peer)["tunnel"]["instances"] == 1)

    def test_groups_without_end(self):
        """As many as a message has room for: joined, left without having been joined, and one over and over."""
        many = (MESSAGE_MAX - 200) // 16
        self.send(state(1, more=b"".join(group(number) for number in range(1, many))))
        self.peer.expect_error((26, 3))
        before = self.counters()
        begin = time.monotonic()
        for _ in range(4):
            self.send(state(1, more=group(9) + b"".join(group(number, 1) for number in range(1, many))))
            self.send(state(2, more=group(9)))
            self.send(state(2, more=b"".join(group(9, 2 * (number % 2)) for number in range(1, many))))
        # Both are in it; of what is listed twice the first counts, which is other octets once.
        self.wait(lambda: self.counters()["lsp_groups"] == 1)
        self.wait(lambda: self.counters()["reports"] - before["reports"] == 12)
        after = self.counters()
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(after["reports_refused"], before["reports_refused"])
        self.assertEqual(after["reports_changed"] - before["reports_changed"], 1 + 4 * 2)
        self.send(state(1, flags=R), state(2, flags=R))
        self.wait(lambda: self.counters()["lsp_groups"] == 0)

    def test_the_longest_messages_leave_nothing_behind(self):
        before = self.counters()["lsp_octets"]
        head = len(pcep.message(pcep.PCRPT, state(5, "long"), pcep.obj(34, 1, struct.pack("!I", 9))))
        for number in range(100):
            filler = bytes([number]) * (MESSAGE_MAX - head)
            self.send(state(5, "long"), pcep.obj(34, 1, struct.pack("!I", 9) + filler))
        self.wait(lambda: self.counters()["lsp_octets"] > before + 65000)
        self.wait(lambda: self.counters()["lsp_octets"] < before + 70000)
        self.send(state(5, flags=R))
        self.wait(lambda: self.counters()["lsp_octets"] == before)

    def test_removals_without_end(self):
        before = self.counters()
        known = [state(number, f"lsp-{number}") for number in range(10, 110)]
        gone = [state(number, flags=R) for number in range(10, 400)]
        for _ in range(50):
            self.send(*known)
            for at in range(0, len(gone), 100):
                self.send(*gone[at:at + 100])
        self.wait(lambda: self.counters()["lsps_removed"] - before["lsps_removed"] == 5000)
        self.assertEqual(self.names(), {"a": 1, "b": 2})
        self.assertEqual(self.counters()["reports_refused"], before["reports_refused"])

    def test_removals_in_the_srp_and_the_lsp_at_once(self):
        self.send(pcep.srp_object(0, 1, flags=1) + pcep.lsp_object(1, R, "b") + pcep.ero_object([16003]))
        self.peer.expect_error((20, 1))  # the PLSP-ID is that of another name
        self.send(pcep.srp_object(0, 1, flags=1) + pcep.lsp_object(9, R, "b"))
        self.send(state(3, "c", D | A | C))
        self.wait(lambda: sorted(self.names()) == ["a", "b", "c"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
