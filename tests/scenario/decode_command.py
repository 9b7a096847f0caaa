#!/usr/bin/env python3
"""pcectl decode: what it reads, what it shows, and its exit code."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon

GOLDEN = os.path.join(daemon.ROOT, "tests", "golden")
KEEPALIVE = "20020004"
CLOSE = "2007000c0f10000800000002"
CLOSE_TEXT = "CLOSE (15/1): flags 0x00, reason 2 [dead timer expired]"


def decode(*arguments, octets=b""):
    run = subprocess.run(
        [daemon.program("pcectl"), "decode", *arguments],
        input=octets,
        capture_output=True,
        env=daemon.environment(),
        check=False,
        timeout=60,
    )
    return run.returncode, run.stdout.decode(), run.stderr.decode()


class Bgp(unittest.TestCase):
    MARKER = "ff" * 16
    KEEPALIVE = MARKER + "001304"

    def test_messages_are_known_by_their_marker(self):
        for name in sorted(os.listdir(os.path.join(GOLDEN, "bgp"))):
            if not name.endswith(".hex"):
                continue
            path = os.path.join(GOLDEN, "bgp", name)
            with open(path[:-4] + ".txt", encoding="utf-8") as file:
                text = file.read()
            code, out, err = decode(path)
            self.assertEqual((code, err), (1 if name.startswith("malformed-") else 0, ""), name)
            self.assertEqual(out, text, name)

    def test_json_and_octets(self):
        code, out, err = decode("--json", octets=bytes.fromhex(2 * self.KEEPALIVE))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([json.loads(line)["message"] for line in out.splitlines()], 2 * ["KEEPALIVE"])

    def test_a_message_that_is_cut_off_is_a_fault(self):
        for octets in (self.KEEPALIVE + self.KEEPALIVE[:-2], self.KEEPALIVE + self.MARKER + "00"):
            code, out, _ = decode(octets)
            self.assertEqual(code, 1, out)
            self.assertIn("! at octet 19 of the input: the message is cut off", out)

    def test_octets_that_are_no_message_are_a_fault(self):
        code, out, _ = decode(self.KEEPALIVE + self.MARKER + "001309")
        self.assertEqual(code, 1, out)
        self.assertIn("! at octet 19 of the input: unknown message type", out)

    def test_an_open_says_how_long_an_as_is(self):
        opened = self.MARKER + "001d0104fde8005ac000020900"
        update = self.MARKER + "002202" + "0000" + "000b" + "40010100" + "400204" + "0201fde9"
        self.assertIn("as-octets 2", decode(opened + update)[1])
        self.assertIn("malformed AS_PATH", decode(update)[1])


class Input(unittest.TestCase):
    def expect_close(self, *arguments, octets=b""):
        code, out, err = decode(*arguments, octets=octets)
        self.assertEqual((code, err), (0, ""), out)
        self.assertIn(CLOSE_TEXT, out)

    def test_hex_as_an_argument(self):
        self.expect_close(CLOSE)
        self.expect_close(CLOSE.upper())
        self.expect_close("20:07:00:0c 0f:10:00:08 00:00:00:02")

    def test_hex_from_standard_input(self):
        self.expect_close(octets=CLOSE.encode())
        self.expect_close("-", octets=CLOSE.encode())

    def test_hex_as_programs_write_it(self):
        self.expect_close(octets=b"0x20, 0x07, 0x00, 0x0c,\n0x0f 0x10 0x00 0x08\r\n00000002\n")
        self.expect_close(
            octets=b"00000000: 2007 000c 0f10 0008 0000 0002            ...............\n"
        )
        self.expect_close(octets=b"# a comment\n2007000c  # header\n  0f100008 00000002 # CLOSE\n")

    def test_binary_is_seen_or_said(self):
        self.expect_close(octets=bytes.fromhex(CLOSE))
        self.expect_close("--binary", octets=bytes.fromhex(CLOSE))

    def test_binary_from_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes.fromhex(KEEPALIVE + CLOSE))
            file.flush()
            self.expect_close(file.name)

    def test_several_messages_in_a_row(self):
        code, out, _ = decode(KEEPALIVE + CLOSE + KEEPALIVE)
        self.assertEqual(code, 0)
        self.assertEqual(out.count("Keepalive (2), 4 octets"), 2)
        self.assertIn(CLOSE_TEXT, out)

    def test_golden_messages_print_their_text(self):
        names = [n[:-4] for n in os.listdir(GOLDEN) if n.endswith(".hex")]
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(name):
                code, out, _ = decode(os.path.join(GOLDEN, name + ".hex"))
                with open(os.path.join(GOLDEN, name + ".txt"), encoding="ascii") as file:
                    self.assertEqual(out, file.read())
                self.assertEqual(code, 1 if name.startswith("malformed-") else 0)


class Output(unittest.TestCase):
    def test_json_is_one_object_on_a_line(self):
        code, out, _ = decode("--json", KEEPALIVE + CLOSE)
        self.assertEqual(code, 0)
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([line["message"] for line in lines], ["Keepalive", "Close"])
        self.assertEqual(lines[1]["objects"][0]["body"]["reason"], 2)

    def test_offsets_begin_the_lines(self):
        _, out, _ = decode("--offsets", CLOSE)
        self.assertEqual([line[:5] for line in out.splitlines()], ["00000", "00004"])

    def test_help_goes_to_standard_output(self):
        code, out, err = decode("--help")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("usage: pcectl decode", out)


class Refusal(unittest.TestCase):
    def test_faults_give_1_and_are_pointed_at(self):
        cases = {
            "cut off": CLOSE[:-8],
            "no multiple of 4": "2007000e" + "00" * 10,
            "version is not 1": "4002" + "0004",
            "below 4": "20020000",
            "unknown message type": "20630004",
            "RP missing": "20030010" + "0412000cc0000201c0000209",
            "END-POINTS missing": "20030010" + "0212000c0000000000000001",
            "object length": "200700080f100003",
        }
        for text, octets in cases.items():
            for option in ([], ["--json"]):
                with self.subTest(text, option=option):
                    code, out, _ = decode(*option, octets)
                    self.assertEqual(code, 1)
                    self.assertIn(text, out)

    def test_usage_and_input_errors_give_2(self):
        for arguments in (["--no-such-option"], ["a", "b"], ["/no/such/file"], ["2007000"]):
            with self.subTest(arguments):
                code, out, err = decode(*arguments)
                self.assertEqual((code, out), (2, ""))
                self.assertIn("pcectl decode", err)

    def test_line_that_is_no_hex_is_named(self):
        code, _, err = decode("--hex", octets=b"20020004\nfar away\n")
        self.assertEqual(code, 2)
        self.assertIn("line 2", err)

    def test_empty_input_is_no_fault(self):
        self.assertEqual(decode(octets=b"")[:2], (0, ""))


if __name__ == "__main__":
    unittest.main()
