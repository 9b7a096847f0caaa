#!/usr/bin/env python3
"""An independent reader of captures: real traffic between pcectl and pced, as it was captured and as the
test changes it, must have the same messages in pcectl decode and in tshark: same packets, times, ends,
types and order. Skips visibly where nothing can be captured."""

import ipaddress
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import capture
import daemon
import networks

SESSIONS = 4
REASON = capture.can_capture() or (None if shutil.which("tshark") else "tshark is not installed")


def decode(path, *options, port):
    run = subprocess.run([daemon.program("pcectl"), "decode", "--port", str(port), *options, path],
                         capture_output=True, env=daemon.environment(), check=False, timeout=120)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def ours(path, port, *options):
    """(packet, time in ns, from, to, type) of each message."""
    code, out, err = decode(path, "--json", *options, port=port)
    found, events = [], []
    for text in out.splitlines():
        line = json.loads(text)
        seen = line["capture"]
        if "message" not in line:
            events.append(line)
            continue
        s, ns = seen["time"].rstrip("Z").split(".")
        found.append((seen["packet"], s, int(ns), seen["from"]["address"], seen["from"]["port"],
                      seen["to"]["address"], seen["to"]["port"], line["type"]))
    return code, found, events, err


def tsharks(path, port):
    """The same, told by tshark."""
    fields = ["frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst",
              "tcp.dstport", "pcep.msg"]
    command = ["tshark", "-n", "-r", path, "-d", f"tcp.port=={port},pcep",
               "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "pcep", "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, check=True, timeout=120)
    found = []
    for line in run.stdout.decode().splitlines():
        number, epoch, *rest = line.split("\t")
        v4_from, v6_from, port_from, v4_to, v6_to, port_to, types = rest
        s, ns = epoch.split(".")
        date = datetime.fromtimestamp(int(s), timezone.utc)
        for kind in types.split(","):
            found.append((int(number), date.strftime("%Y-%m-%dT%H:%M:%S"), int(ns.ljust(9, "0")),
                          str(ipaddress.ip_address(v4_from or v6_from)), int(port_from),
                          str(ipaddress.ip_address(v4_to or v6_to)), int(port_to), int(kind)))
    return found


@unittest.skipIf(REASON, f"SKIP: {REASON}")
class Tshark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pced-capture-")
        cls.pced = daemon.Pced(topology=networks.DIAMOND).start()
        cls.port = cls.pced.port
        tap = capture.Tap(cls.port)
        try:
            with ThreadPoolExecutor(SESSIONS) as pool:
                for run in [pool.submit(cls.ask, number) for number in range(SESSIONS)]:
                    run.result()
            cls.packets = tap.until_closed(SESSIONS)
        finally:
            tap.stop()
            cls.pced.stop()
        print("%d packets of %d sessions captured" % (len(cls.packets), SESSIONS))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def ask(cls, number):
        """A session of its own for each number: a PCC is known by its address."""
        is_v6 = number == 1 and daemon.has_ipv6()
        server = "[::1]:%d" if is_v6 else "127.0.0.1:%d"
        run = subprocess.run(
            [daemon.program("pcectl"), "request", "--server", server % cls.port, "--source",
             "::1" if is_v6 else f"127.0.4.{number}", "--topology", cls.pced.topology_path,
             "--pairs", "40", "--seed", str(1 + number), "--parallel",
             str(1 + 4 * number)],
            capture_output=True, env=daemon.environment(), check=False, timeout=60)
        assert run.returncode in (0, 1), run.stdout + run.stderr  # 1: some pairs have no path

    def agree(self, name, write, *arguments, **options):
        path = os.path.join(self.folder, name)
        write(path, *arguments, **options)
        theirs = tsharks(path, self.port)
        code, mine, events, err = ours(path, self.port)
        self.assertGreater(len(theirs), SESSIONS * 80)
        self.assertEqual(mine, theirs)
        self.assertEqual((code, events, err), (0, [], ""))
        return mine

    def test_what_was_captured(self):
        mine = self.agree("plain.pcap", capture.write_pcap, capture.plain(self.packets))
        kinds = Counter(message[-1] for message in mine)
        self.assertEqual(kinds[3], kinds[4], "a PCRep for each PCReq")
        self.assertEqual(kinds[1], 2 * SESSIONS)

    def test_every_form_of_file(self):
        packets = capture.plain(self.packets)
        for order in "<>":
            for is_nano in (False, True):
                self.agree(f"form{ord(order)}{is_nano}.pcap", capture.write_pcap, packets, order=order,
                           is_nano=is_nano)
            self.agree(f"form{ord(order)}.pcapng", capture.write_pcapng, packets, order=order)

    def test_every_link(self):
        packets = capture.plain(self.packets)
        for number, link in enumerate((capture.RAW, capture.SLL, capture.NULL)):
            self.agree(f"link{number}.pcap", capture.write_pcap, packets, link_type=link)
        self.agree("vlan.pcap", capture.write_pcap, packets, tags=(0x8100,))
        self.agree("qinq.pcap", capture.write_pcap, packets, tags=(0x88A8, 0x8100))

    def test_sequence_numbers_that_wrap(self):
        self.agree("wrap.pcap", capture.write_pcap, capture.wrapped(self.packets))

    def test_segments_of_any_size(self):
        for turn in range(3):
            self.agree("small.pcap", capture.write_pcap,
                       capture.resegmented(self.packets, capture.seeded(turn), (9, 40, 300)[turn]))

    def test_segments_twice(self):
        for turn in range(3):
            self.agree("twice.pcap", capture.write_pcap,
                       capture.duplicated(self.packets, capture.seeded(turn)))

    def test_fragments(self):
        for turn in range(3):
            self.agree("fragments.pcap", capture.write_pcap,
                       capture.fragmented(self.packets, capture.seeded(turn)))

    def late_segments(self, path):
        """How many segments came behind a hole: that the change did change something."""
        out = decode(path, "--json", "--stats", port=self.port)[1]
        return json.loads(out)["summary"]["packets"]["late_segments"]

    def test_segments_out_of_order(self):
        path = os.path.join(self.folder, "order.pcap")
        for turn in range(3):
            self.agree("order.pcap", capture.write_pcap,
                       capture.reordered(self.packets, capture.seeded(turn)))
            self.assertGreater(self.late_segments(path), 5)

    def test_small_segments_out_of_order(self):
        path = os.path.join(self.folder, "small-order.pcap")
        for turn in range(3):
            small = capture.again(capture.resegmented(self.packets, capture.seeded(turn), 60))
            self.agree("small-order.pcap", capture.write_pcap,
                       capture.reordered(small, capture.seeded(turn)))
            self.assertGreater(self.late_segments(path), 100)

    def test_everything_at_once(self):
        for turn in range(3):
            draw = capture.seeded(turn)
            packets = capture.again(capture.wrapped(self.packets))
            packets = capture.again(capture.resegmented(packets, draw, 100))
            packets = capture.again(capture.reordered(packets, draw))
            self.agree("everything.pcapng", capture.write_pcapng, capture.fragmented(packets, draw))

    def test_filters_and_summary(self):
        path = os.path.join(self.folder, "filter.pcap")
        capture.write_pcap(path, capture.plain(self.packets))
        theirs = tsharks(path, self.port)
        client = next(m for m in theirs if m[6] == self.port)[3:5]
        peer = ("[%s]:%d" if ":" in client[0] else "%s:%d") % client
        wanted = [m for m in theirs if client in (m[3:5], m[5:7])]
        self.assertEqual(ours(path, self.port, "--peer", peer)[1], wanted)
        self.assertEqual(ours(path, self.port, "--type", "pcrep,Open")[1],
                         [m for m in theirs if m[-1] in (1, 4)])
        self.assertEqual(ours(path, self.port, "--peer", peer, "--type", "3")[1],
                         [m for m in wanted if m[-1] == 3])
        code, out, _ = decode(path, "--json", "--stats", port=self.port)
        summary = json.loads(out)["summary"]
        self.assertEqual(code, 0)
        self.assertEqual(summary["session_count"], SESSIONS)
        self.assertEqual(sum(summary["messages"].values()), len(theirs))
        self.assertEqual(summary["messages"]["PCReq"], sum(m[-1] == 3 for m in theirs))
        for session in summary["sessions"]:
            self.assertIn(session["end"], ("closed", "reset"))
            self.assertEqual(session["to_server"]["PCReq"], session["to_client"]["PCRep"])

    def test_any_port_is_seen(self):
        path = os.path.join(self.folder, "any.pcap")
        capture.write_pcap(path, capture.plain(self.packets))
        self.assertEqual(ours(path, "any")[1], tsharks(path, self.port))

    def test_messages_behind_a_missing_packet_are_found(self):
        """One segment of each session is taken out, in turn: it is said, and nothing else is lost."""
        whole = ours_of(self, self.packets)[1]
        candidates = [i for i, p in enumerate(self.packets) if p.payload]
        draw = capture.seeded(9)
        for index in draw.sample(candidates, min(40, len(candidates))):
            lost = self.packets[index]
            code, found, events, err = ours_of(self, self.packets[:index] + self.packets[index + 1:])
            self.assertEqual((code, err), (1, ""))
            gaps = [e for e in events if e["event"] == "gap"]
            self.assertEqual([g["octets"] for g in gaps], [len(lost.payload)])
            missing = Counter(m[1:] for m in whole) - Counter(m[1:] for m in found)
            self.assertLessEqual(Counter(m[1:] for m in found), Counter(m[1:] for m in whole))
            self.assertTrue(all(m[2:4] == (address_of(lost.source), lost.ports[0]) for m in missing))
            self.assertLessEqual(sum(missing.values()), len(lost.payload) // 4)


def address_of(octets):
    return str(ipaddress.ip_address(octets))


def ours_of(case, packets):
    path = os.path.join(case.folder, "lost.pcap")
    capture.write_pcap(path, capture.plain(packets))
    return ours(path, case.port)


if __name__ == "__main__":
    if REASON:
        print(f"SKIP: {REASON}")
    unittest.main(verbosity=2)
