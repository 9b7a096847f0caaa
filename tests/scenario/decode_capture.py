#!/usr/bin/env python3
"""pcectl decode on captures: what it prints, that it streams and follows, and its exit code."""

import gzip
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import capture
import daemon

CLIENT, SERVER = ("192.0.2.1", 40000), ("192.0.2.2", 4189)
OPEN = bytes.fromhex("2001000c01100008201e7801")
KEEPALIVE = bytes.fromhex("20020004")
CLOSE = bytes.fromhex("2007000c0f10000800000002")
WITHOUT_RP = bytes.fromhex("200300100412000cc0000201c0000209")
START_NS = 1700000000 * 10**9 + 5
WAIT_S = 60
LINES = ["Open (1), 12 octets", "Keepalive (2), 4 octets", "Close (7), 12 octets"]


class Talk:
    """Packets of one session, a second apart: (time, IP packet)."""

    def __init__(self):
        self.packets = []
        self.sent = {CLIENT: 1000, SERVER: 5000}

    def put(self, source, flags, payload=b"", is_captured=True):
        other = SERVER if source == CLIENT else CLIENT
        tcp = struct.pack("!HHIIBBHHH", source[1], other[1], self.sent[source], self.sent[other], 0x50,
                          flags, 1000, 0, 0) + payload
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0,
                         socket.inet_aton(source[0]), socket.inet_aton(other[0])) + tcp
        if is_captured:
            self.packets.append((START_NS + len(self.packets) * 10**9, ip))
        self.sent[source] += len(payload) + bool(flags & (capture.SYN | capture.FIN))
        return self

    def shake(self):
        self.put(CLIENT, capture.SYN)
        return self.put(SERVER, capture.SYN | capture.ACK)

    def say(self, payload, source=CLIENT, is_captured=True):
        return self.put(source, capture.ACK, payload, is_captured)

    def end(self):
        self.put(CLIENT, capture.FIN | capture.ACK)
        return self.put(SERVER, capture.FIN | capture.ACK)

    def octets(self):
        return capture.pcap_header(capture.RAW) + b"".join(
            capture.pcap_record(time_ns, ip) for time_ns, ip in self.packets)


def good():
    return Talk().shake().say(OPEN).say(KEEPALIVE).say(CLOSE).end()


def with_gap():
    talk = Talk().shake().say(OPEN).say(KEEPALIVE, is_captured=False).say(CLOSE)
    return talk.end()


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pced-decode-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, octets, name="input"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(octets)
        return path

    def decode(self, *arguments, octets=b""):
        run = subprocess.run([daemon.program("pcectl"), "decode", *arguments], input=octets,
                             capture_output=True, env=daemon.environment(), check=False, timeout=WAIT_S)
        return run.returncode, run.stdout.decode(), run.stderr.decode()

    def start(self, *arguments, stdin=subprocess.DEVNULL):
        process = subprocess.Popen([daemon.program("pcectl"), "decode", *arguments], stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=daemon.environment())
        guard = threading.Timer(WAIT_S, process.kill)  # a read of a line must not hang the test
        guard.start()
        self.addCleanup(guard.cancel)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        return process

    def expect_line(self, process, text):
        """The next line that is no head of a message and none of its objects."""
        while True:
            line = process.stdout.readline().decode()
            self.assertNotEqual(line, "", f"it ended before {text}")
            if line[0] not in " 0123456789":
                self.assertEqual(line.rstrip("\n"), text)
                return


class Form(Case):
    def test_text(self):
        code, out, err = self.decode(self.file(good().octets()))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines()[:3], [
            "2023-11-14T22:13:22.000000005Z 192.0.2.1:40000 > 192.0.2.2:4189 to-server session 1 packet 3",
            "Open (1), 12 octets",
            "  OPEN (1/1): version 1, flags 0x00, keepalive-s 30, dead-timer-s 120, sid 1"])

    def test_json(self):
        code, out, _ = self.decode("--json", self.file(good().octets()))
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, [line["message"] for line in lines]), (0, ["Open", "Keepalive", "Close"]))
        self.assertEqual(lines[1]["capture"], {
            "packet": 4, "time": "2023-11-14T22:13:23.000000005Z",
            "from": {"address": "192.0.2.1", "port": 40000},
            "to": {"address": "192.0.2.2", "port": 4189}, "direction": "to-server", "session": 1})
        plain = json.loads(self.decode("--json", KEEPALIVE.hex())[1])
        del lines[1]["capture"]
        self.assertEqual(lines[1], plain)

    def encode(self, lines):
        run = subprocess.run([daemon.program("pcectl"), "encode"], input=lines.encode(), check=False,
                             capture_output=True, env=daemon.environment(), timeout=WAIT_S)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        return bytes.fromhex(run.stdout.decode())

    def test_json_can_be_encoded_again(self):
        out = self.decode("--json", self.file(good().octets()))[1]
        self.assertEqual(self.encode(out), OPEN + KEEPALIVE + CLOSE)

    def test_events_and_summary_are_passed_over_by_encode(self):
        path = self.file(with_gap().octets())
        self.assertEqual(self.encode(self.decode("--json", path)[1]), OPEN + CLOSE)
        self.assertEqual(self.encode(self.decode("--stats", "--json", path)[1]), b"")

    def test_events(self):
        path = self.file(with_gap().octets())
        code, out, _ = self.decode(path)
        self.assertEqual(code, 1)
        self.assertIn("\n! gap: 4 octets are missing\n", out)
        code, out, _ = self.decode("--json", path)
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 1)
        gap = lines[1]
        self.assertEqual((gap["event"], gap["octets"], gap["fault"]), ("gap", 4, True))
        self.assertEqual(gap["capture"]["from"]["port"], 40000)
        self.assertEqual([line.get("message") for line in lines], ["Open", None, "Close"])

    def test_summary(self):
        code, out, _ = self.decode("--stats", self.file(with_gap().octets()))
        self.assertEqual(code, 1)
        for text in ("sessions: 1, messages: 2", "session 1 192.0.2.1:40000 > 192.0.2.2:4189: closed",
                     "to-server 24 octets: Open 1, Close 1", "to-client 0 octets: none",
                     "! gap: 1 (4 octets)"):
            self.assertIn(text, out)
        self.assertNotIn("Open (1)", out)

    def test_offsets(self):
        out = self.decode("--offsets", "--type", "close", self.file(good().octets()))[1]
        self.assertEqual([line[:5] for line in out.splitlines()[1:]], ["00000", "00004"])

    def test_type_is_for_hex_too(self):
        text = (OPEN + KEEPALIVE + CLOSE).hex()
        out = self.decode("--type", "KEEPALIVE,7", text)[1]
        self.assertEqual([line for line in out.splitlines() if line[0] != " "], LINES[1:])


class ExitCode(Case):
    def test_all_is_good(self):
        for octets in (good().octets(), capture.pcap_header(capture.RAW)):
            self.assertEqual(self.decode(self.file(octets))[0], 0)

    def test_faults_and_gaps_give_1(self):
        cases = {
            "RP missing": Talk().shake().say(WITHOUT_RP).end().octets(),
            "gap: 4 octets": with_gap().octets(),
            "bad-header: message length is below 4": Talk().shake().say(b"\x20\x01\0\0" + OPEN).octets(),
            "cut: the connection ended after 8 octets": Talk().shake().say(OPEN[:8]).end().octets(),
            "damaged: the file ends within a record": good().octets()[:-1],
        }
        for text, octets in cases.items():
            for option in ([], ["--json"], ["--stats"]):
                with self.subTest(text, option=option):
                    code, out, err = self.decode(*option, self.file(octets))
                    self.assertEqual((code, err), (1, ""))
                    if option != ["--stats"]:
                        self.assertIn(text.split(": ")[-1], out)

    def test_what_is_left_out_does_not_count(self):
        path = self.file(Talk().shake().say(WITHOUT_RP).say(KEEPALIVE).end().octets())
        self.assertEqual(self.decode(path)[0], 1)
        self.assertEqual(self.decode("--type", "Keepalive", path)[0], 0)
        self.assertEqual(self.decode("--peer", "198.51.100.1", path)[:2], (0, ""))
        self.assertEqual(self.decode("--port", "4190", path)[:2], (0, ""))

    def test_connection_under_way_and_unfinished_is_good(self):
        code, out, _ = self.decode(self.file(Talk().say(b"\0\0" + KEEPALIVE + OPEN[:8]).octets()))
        self.assertEqual(code, 0, out)
        self.assertIn("* skipped: 2 octets", out)
        self.assertIn("* unfinished: the capture ended after 8 octets of a message of 12", out)

    def test_input_that_cannot_be_used_gives_2(self):
        whole = good().octets()
        damaged = bytearray(whole)
        struct.pack_into("<I", damaged, 24 + 8, 2**31)
        cases = {"longer than any": bytes(damaged), "compressed": gzip.compress(whole),
                 "version of the pcap": whole[:4] + b"\7" + whole[5:]}
        for text, octets in cases.items():
            with self.subTest(text):
                code, _, err = self.decode(self.file(octets))
                self.assertEqual(code, 2)
                self.assertIn(text, err)

    def test_messages_before_the_damage_are_shown(self):
        octets = good().octets() + struct.pack("<IIII", 0, 0, 2**31, 0)
        code, out, err = self.decode(self.file(octets))
        self.assertEqual(code, 2)
        self.assertIn(f"at octet {len(good().octets())}:", err)
        self.assertEqual([line for line in out.splitlines() if line in LINES], LINES)

    def test_usage_gives_2(self):
        path = self.file(good().octets())
        for arguments in (["--peer", "x", path], ["--type", "Opens", path], ["--port", "0", path],
                          ["--port", "65536", path], ["--port", "", path], ["--port"],
                          ["--follow", "/no/such/file"], ["--stats", KEEPALIVE.hex()],
                          ["--hex", path], [self.folder],
                          *([["--port", "1"] * 17 + [path]])):
            with self.subTest(arguments):
                code, out, err = self.decode(*arguments)
                self.assertEqual((code, out), (2, ""))
                self.assertIn("pcectl decode", err)

    def test_output_that_cannot_be_written_gives_2(self):
        with open("/dev/full", "wb") as full:
            run = subprocess.run([daemon.program("pcectl"), "decode", self.file(good().octets())],
                                 stdout=full, stderr=subprocess.PIPE, env=daemon.environment(),
                                 check=False, timeout=WAIT_S)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"cannot be written", run.stderr)


class Streaming(Case):
    """Each message is seen before the next packet is written: nothing waits for the end."""

    def feed(self, process, write, talk):
        write(capture.pcap_header(capture.RAW))
        lines = iter(LINES)
        for number, (time_ns, ip) in enumerate(talk.packets):
            record = capture.pcap_record(time_ns, ip)
            write(record[:20])  # in two pieces
            write(record[20:])
            if 2 <= number < 5:
                self.expect_line(process, next(lines))

    @staticmethod
    def wait_until_it_follows(process):
        """The file is open and signals wait for it; before that a signal would end it."""
        blocked = 0
        while not blocked & 1 << (signal.SIGTERM - 1):
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                blocked = next(int(line.split()[1], 16) for line in file if line.startswith("SigBlk"))

    def test_standard_input(self):
        for name in ([], ["-"]):
            process = self.start(*name, stdin=subprocess.PIPE)

            def write(octets, to=process.stdin):
                to.write(octets)
                to.flush()

            self.feed(process, write, good())
            process.stdin.close()
            self.assertEqual(process.wait(), 0)

    def test_standard_input_that_is_followed_ends_with_it_and_with_a_signal(self):
        for number in (None, signal.SIGINT):
            process = self.start("--follow", "-", stdin=subprocess.PIPE)

            def write(octets, to=process.stdin):
                to.write(octets)
                to.flush()

            self.feed(process, write, good())
            if number is None:
                process.stdin.close()
            else:
                process.send_signal(number)
            self.assertEqual(process.wait(), 0)
            process.stdin.close()

    def test_growing_file(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            path = self.file(b"", f"growing{int(number)}")
            process = self.start("--follow", path)
            with open(path, "ab", buffering=0) as file:
                self.feed(process, file.write, good())
            process.send_signal(number)
            self.assertEqual(process.wait(), 0)

    def test_file_that_is_there_already_and_grows(self):
        talk = good()
        octets = talk.octets()
        path = self.file(octets[:-70])
        process = self.start("--follow", path)
        for line in LINES[:2]:
            self.expect_line(process, line)
        with open(path, "ab", buffering=0) as file:
            file.write(octets[-70:] + capture.pcap_record(START_NS, Talk().say(KEEPALIVE).packets[0][1]))
        self.expect_line(process, LINES[2])
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)

    def test_end_of_following_tells_what_was_wrong(self):
        talk = with_gap()
        path = self.file(talk.octets())
        process = self.start("--follow", path)
        self.expect_line(process, LINES[0])
        process.send_signal(signal.SIGINT)
        out = process.stdout.read().decode()
        self.assertEqual(process.wait(), 1, out)
        self.assertIn("! gap", out)

    def test_summary_comes_at_the_end_of_following(self):
        path = self.file(good().octets())
        process = self.start("--follow", "--stats", path)
        self.wait_until_it_follows(process)
        os.unlink(path)  # a file that is gone will not grow
        out = process.stdout.read().decode()
        self.assertEqual(process.wait(), 0)
        self.assertIn("sessions: 1, messages: 3", out)

    def test_signal_before_the_first_octet(self):
        path = self.file(b"")
        process = self.start("--follow", path)
        self.wait_until_it_follows(process)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)

    def test_large_capture_needs_no_more_memory(self):
        """Ten times as many sessions, one after the other: the same memory but for a margin."""
        peaks = []
        for count in (300, 3000):
            process = self.start("--stats", "-", stdin=subprocess.PIPE)
            process.stdin.write(capture.pcap_header(capture.RAW))
            talk = Talk()
            for number in range(count):
                talk.packets = []
                talk.sent = {CLIENT: 1000 + number * 100000, SERVER: 5000 + number * 100000}
                talk.shake().say(OPEN + KEEPALIVE * 500).say(KEEPALIVE * 400).end()
                process.stdin.write(b"".join(capture.pcap_record(t, ip) for t, ip in talk.packets))
            process.stdin.flush()
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                peaks.append(next(int(line.split()[1]) for line in file if line.startswith("VmHWM")))
            process.stdin.close()
            out = process.stdout.read().decode()
            self.assertEqual(process.wait(), 0)
            self.assertIn(f"sessions: {count}, messages: {901 * count}", out)
        self.assertLess(peaks[1] - peaks[0], 8192, peaks)


if __name__ == "__main__":
    unittest.main(verbosity=2)
