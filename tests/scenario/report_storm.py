#!/usr/bin/env python3
"""Reports that come faster than they are taken, and more LSPs than there is room for: docs/OVERLOAD.md."""

import os
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from api_case import ApiCase
from case import next_source
from pcc import A, S, FrrPcc, Lsp
from peer import Closed

TLV_OVERLOADED_DURATION = 2
TALL = 200  # LSPs whose reports a storm is made of
LATE, OVER = "reports come faster than they are taken", "reports are taken as they come again"


class Recorder:
    """Stands in for a socket: what a PCC would send."""

    def __init__(self):
        self.octets = b""

    def setsockopt(self, *_):
        pass

    def sendall(self, octets):
        self.octets += octets


def reports_of(name, flags, labels):
    pcc = FrrPcc.of(Recorder())
    for n in range(1, TALL + 1):
        pcc.report(Lsp(n, f"{name}-{n}", "10.0.0.1", "10.0.0.4", labels), flags)
    return pcc.socket.octets


class Storm(threading.Thread):
    """A PCC that reports its LSPs anew, with another path each time, as fast as they are taken, until it is told to
    stop or its session ends. It reads nothing meanwhile."""

    def __init__(self, case, source, is_synchronised):
        super().__init__(daemon=True)
        self.pcc = FrrPcc(case.pced.address, source=source)
        case.peers.append(self.pcc)
        self.pcc.begin()
        if is_synchronised:
            self.pcc.end_mark()
        self.octets = 4 * b"".join(reports_of("storm", A | (0 if is_synchronised else S), [16003 + turn])
                                   for turn in range(2))
        self.is_over = False
        self.was_closed = False
        self.start()

    def run(self):
        while not self.is_over:
            if not self.pcc.send_quietly(self.octets):
                self.was_closed = True
                return

    def finish(self):
        self.is_over = True
        self.join(60)

    def notifications(self):
        """(type, value, seconds) of the PCNtf that have come, up to the end of the session or of what is there."""
        found = []
        try:
            while True:
                message = self.pcc.next(1)
                if message.type == pcep.PCNTF:
                    body = message.objects[0]
                    found.append((body.body[2], body.body[3], seconds_of(body.body[4:])))
                elif message.type == pcep.CLOSE:
                    found.append("close")
        except (TimeoutError, Closed, ConnectionResetError):
            return found


def seconds_of(tlvs):
    return struct.unpack("!HHI", tlvs)[2] if tlvs else None


class Reports(ApiCase):
    SECTIONS = {"server": {"shards": 1},
                "lsp": {"reports-late": 1, "reports-late-close": 2, "readmit-after": 5}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever else the machine does, it is not the storm that is too slow.
        for thread in os.listdir(f"/proc/{cls.pced.process.pid}/task"):
            os.setpriority(os.PRIO_PROCESS, int(thread), 19)

    def counter(self, name):
        return self.get("/api/v1/status")["counters"][name]

    def witness(self):
        pcc = FrrPcc(self.pced.address, source=next_source())
        self.peers.append(pcc)
        pcc.begin()
        pcc.synchronise(Lsp(1, "quiet", "10.0.0.1", "10.0.0.4", [16004]))
        return pcc

    def storm(self, is_synchronised=True, source=None):
        storm = Storm(self, source or next_source(), is_synchronised)
        self.addCleanup(storm.finish)
        return storm

    def test_a_storm_is_told_then_closed_and_kept_away_and_others_stay(self):
        witness = self.witness()
        since = self.pced.mark()
        storm = self.storm()
        self.pced.wait_line(LATE, since)
        self.wait(lambda: self.counter("shards_late") == 1 and self.counter("report_lag_seconds") >= 1)
        line = self.pced.wait_line("session closed: it reports most.*", since).group()
        source = storm.pcc.socket.getsockname()[0]
        self.assertIn(f"peer={source} ", line)
        self.assertIn("synchronised=yes", line)
        storm.join(20)
        self.assertTrue(storm.was_closed)
        self.pced.wait_line(OVER, since)
        self.wait(lambda: self.counter("shards_late") == 0 and self.counter("report_lag_seconds") == 0)
        self.assertEqual(self.counter("late_closed"), 1)
        self.assertEqual(self.counter("barred"), 1)
        with self.assertRaises(Closed):  # too early
            FrrPcc(self.pced.address, source=source).begin()
        self.wait(lambda: self.counter("barred") == 0)
        again = FrrPcc(self.pced.address, source=source)
        self.peers.append(again)
        again.begin()
        witness.report(Lsp(1, "quiet", "10.0.0.1", "10.0.0.4", [16004]), A)
        where = "/api/v1/lsps?pcc=" + witness.socket.getsockname()[0]
        self.wait(lambda: self.get(where)["lsps"][0]["plsp_id"] == 1)
        witness.nothing_for(0.2)  # it was told nothing of all that

    def test_of_two_the_one_that_is_not_synchronised_goes_first(self):
        since = self.pced.mark()
        storms = [self.storm(True), self.storm(False)]
        self.pced.wait_lines("session closed: it reports most", 2, since)
        lines = self.pced.lines_with("session closed: it reports most", since)
        for storm in storms:
            storm.join(20)
            self.assertTrue(storm.was_closed)
        self.assertIn("synchronised=no", str(lines[0]))
        self.assertIn("synchronised=yes", str(lines[1]))
        self.pced.wait_line(OVER, since)

    def test_a_storm_that_ends_in_time_is_told_the_end_of_it_and_stays(self):
        since, told = self.pced.mark(), self.counter("overload_ends_told")
        storm = self.storm()
        self.pced.wait_line(LATE, since)
        storm.finish()
        self.pced.wait_line(OVER, since)
        self.wait(lambda: self.counter("overload_ends_told") > told)
        found = storm.notifications()
        self.assertEqual(found[0][:2], (2, 1))
        self.assertGreaterEqual(found[0][2], 1)
        self.assertEqual(found[-1], (2, 2, None))
        self.assertFalse(storm.was_closed)


class Fill(ApiCase):
    SECTIONS = {"server": {"shards": 1}, "limits": {"lsps": 20}, "lsp": {"fill-close": 90, "readmit-after": 60}}

    def test_who_brings_most_in_its_synchronisation_goes_before_the_limit_is_reached(self):
        since = self.pced.mark()
        old = FrrPcc(self.pced.address, source=next_source())
        greedy = FrrPcc(self.pced.address, source=next_source())
        self.peers += [old, greedy]
        old.begin()
        old.synchronise(*(Lsp(n, f"old-{n}", "10.0.0.1", "10.0.0.4", [16003]) for n in range(1, 9)))
        greedy.begin()
        for n in range(1, 10):
            greedy.report(Lsp(n, f"new-{n}", "10.0.0.1", "10.0.0.4", [16003]), A | S)
        time.sleep(1.5)  # 17 of 20: no reason yet
        greedy.report(Lsp(10, "new-10", "10.0.0.1", "10.0.0.4", [16003]), A | S)
        source = greedy.socket.getsockname()[0]
        for turn in range(15):
            if greedy.has_ended():
                break
            greedy.report(Lsp(10, "new-10", "10.0.0.1", "10.0.0.4", [16003 + turn % 2]), A | S)
            time.sleep(0.1)
        self.assertEqual(tuple(greedy.expect(pcep.PCNTF).objects[0].body[2:4]), (4, 1))
        greedy.expect_close(1)
        self.pced.wait_line(f"session closed: LSPs near their limit.*peer={source} .*new_lsps=10", since)
        self.assertEqual(self.get("/api/v1/status")["counters"]["lsp_limit_lsps"], 0)
        old.report(Lsp(9, "old-9", "10.0.0.1", "10.0.0.4", [16003]), A)
        self.wait(lambda: len(self.get("/api/v1/lsps?limit=100")["lsps"]) == 9)


if __name__ == "__main__":
    unittest.main()
