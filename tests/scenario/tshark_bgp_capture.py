#!/usr/bin/env python3
"""An independent reader of captures of BGP: a real session of BGP-LS with pced, as it was captured and as the test
changes it, must have the same messages in pcectl decode and in tshark, value by value. Skips visibly where nothing
can be captured."""

import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
import capture
import daemon
from tshark_bgp import FIELDS, Ours, difference, is_gap, value_of

ROUTER = "127.0.9.31"
REASON = capture.can_capture() or (None if shutil.which("tshark") else "tshark is not installed")


def tshark(path, port, *options):
    command = ["tshark", "-n", "-r", path, "-d", f"tcp.port=={port},bgp", "-o", "tcp.reassemble_out_of_order:TRUE",
               "-Y", "bgp", *options]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()


def their_messages(path, port):
    """(packet, type) of each message."""
    found = []
    for line in tshark(path, port, "-T", "fields", "-e", "frame.number", "-e", "bgp.type").splitlines():
        number, types = line.split("\t")
        found += [(int(number), int(kind)) for kind in types.split(",")]
    return found


def their_values(path, port):
    found = collections.defaultdict(list)
    for field in ElementTree.fromstring(tshark(path, port, "-T", "pdml")).iter("field"):
        name = field.get("name")
        if name.startswith("bgp.") and field.get("show") not in ("", None, "[ Null ]"):
            found[name].append(value_of(field.get("show")))
        elif name == "bgp.ls.warn":
            found[name].append("")
    return found


def decode(path, port, *options):
    run = subprocess.run([daemon.program("pcectl"), "decode", "--bgp-port", str(port), *options, path],
                         capture_output=True, env=daemon.environment(), check=False, timeout=120)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


@unittest.skipIf(REASON, f"SKIP: {REASON}")
class Tshark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="pced-capture-")
        router = bgp_ls.Speaker(ROUTER)
        cls.port = router.port
        tap = capture.Tap(cls.port)
        try:
            pced = daemon.Pced(bgp_ls={
                "as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250",
                "peers": [{"address": ROUTER, "port": cls.port, "connect-retry": 1}]}).start()
            router.accept(restart=120)
            router.tell(bgp_ls.diamond())
            router.send(b"".join(bgp_ls.update([found], attributes)  # several in one segment
                                 for found, attributes in bgp_ls.diamond()["AB"]))
            router.withdraw(bgp_ls.diamond()["CD"])
            pced.wait_line("topology (published|changed).*links=8")
            pced.stop()
            router.wait(bgp_ls.NOTIFICATION)
            router.close()
            cls.packets = tap.until_closed(1)
        finally:
            tap.stop()
            router.close()
        print("%d packets captured" % len(cls.packets))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def agree(self, name, write, packets):
        path = os.path.join(self.folder, name)
        write(path, packets)
        code, out, err = decode(path, self.port, "--json")
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, err), (0, ""))
        messages = [(line["capture"]["packet"], line["type"]) for line in lines]
        self.assertEqual(messages, their_messages(path, self.port))
        self.assertGreater(len(messages), 35)
        self.compare_values(path, lines)
        return lines

    def compare_values(self, path, lines):
        ours = [Ours(line) for line in lines]
        theirs = their_values(path, self.port)
        compared = 0
        for field, values in theirs.items():
            if is_gap(field):
                continue
            self.assertIn(field, FIELDS)
            mine = [value for message in ours for value in message.of(field)]
            wrong = difference(values, mine, "bgp.ls.warn" in theirs)
            self.assertFalse(wrong, f"{field}: {wrong}")
            compared += len(values)
        self.assertGreater(compared, 1000)

    def test_what_was_captured(self):
        lines = self.agree("plain.pcap", capture.write_pcap, capture.plain(self.packets))
        kinds = collections.Counter(line["type"] for line in lines)
        self.assertEqual((kinds[1], kinds[3]), (2, 1))

    def test_pcapng(self):
        self.agree("plain.pcapng", capture.write_pcapng, capture.plain(self.packets))

    def test_segments_of_any_size(self):
        for turn, size in enumerate((9, 40, 300)):
            self.agree("small.pcap", capture.write_pcap,
                       capture.resegmented(self.packets, capture.seeded(turn), size))

    def test_segments_out_of_order_and_twice(self):
        self.agree("order.pcap", capture.write_pcap, capture.reordered(self.packets, capture.seeded(1)))
        self.agree("twice.pcap", capture.write_pcap, capture.duplicated(self.packets, capture.seeded(2)))

    def test_a_missing_packet_is_said_and_costs_its_own_messages_alone(self):
        whole = self.agree("whole.pcap", capture.write_pcap, capture.plain(self.packets))
        for index in [i for i, packet in enumerate(self.packets) if len(packet.payload) > 40][2:]:
            path = os.path.join(self.folder, "lost.pcap")
            capture.write_pcap(path, capture.plain(self.packets[:index] + self.packets[index + 1:]))
            code, out, _ = decode(path, self.port, "--json")
            lines = [json.loads(line) for line in out.splitlines()]
            self.assertEqual(code, 1)
            self.assertEqual([line["octets"] for line in lines if line.get("event") == "gap"],
                             [len(self.packets[index].payload)])
            lost = sum(line["capture"]["packet"] == index + 1 for line in whole)
            self.assertEqual(sum("message" in line for line in lines), len(whole) - lost)

    def test_types_and_summary(self):
        path = os.path.join(self.folder, "types.pcap")
        capture.write_pcap(path, capture.plain(self.packets))
        theirs = collections.Counter(kind for _, kind in their_messages(path, self.port))
        out = decode(path, self.port, "--json", "--type", "update")[1]
        self.assertEqual([json.loads(line)["type"] for line in out.splitlines()], [2] * theirs[2])
        self.assertEqual(decode(path, self.port, "--json", "--type", "PCReq")[1], "")
        summary = json.loads(decode(path, self.port, "--json", "--stats")[1])["summary"]
        self.assertEqual(summary["session_count"], 1)
        self.assertEqual((summary["messages"]["UPDATE"], summary["messages"]["OPEN"]), (theirs[2], 2))
        self.assertIn("UPDATE", decode(path, self.port, "--stats")[1])

    def test_without_the_port_it_is_nothing_of_ours(self):
        path = os.path.join(self.folder, "port.pcap")
        capture.write_pcap(path, capture.plain(self.packets))
        self.assertEqual(decode(path, 179, "--json")[:2], (0, ""))


if __name__ == "__main__":
    if REASON:
        print(f"SKIP: {REASON}")
    unittest.main(verbosity=2)
