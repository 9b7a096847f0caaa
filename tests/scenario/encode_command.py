#!/usr/bin/env python3
"""pcectl encode: what decode shows as JSON becomes the same octets again, and what it refuses."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon

GOLDEN = os.path.join(daemon.ROOT, "tests", "golden")
SHARED = os.environ.get("PCED_SHARED", os.path.join(daemon.ROOT, "..", "shared"))
VECTORS = os.path.join(SHARED, "vectors")
KEEPALIVE = "20020004"
CLOSE = "2007000c0f10000800000002"


def run(command, *arguments, octets=b""):
    done = subprocess.run(
        [daemon.program("pcectl"), command, *arguments],
        input=octets,
        capture_output=True,
        env=daemon.environment(),
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr.decode()


def encode(*arguments, text=""):
    return run("encode", *arguments, octets=text.encode())


def to_json(octets):
    """The lines of JSON that decode shows; a message with a fault in it is shown, too."""
    _, out, err = run("decode", "--binary", "--json", octets=octets)
    assert err == "", err
    return out.decode()


def message(kind, *objects):
    return json.dumps({"type": kind, "objects": list(objects)}) + "\n"


def entry(class_, body, **more):
    return {"class": class_, "type": 1, "header_flags": 0, "body": body, **more}


RP = entry(2, {"request_id": 1}) | {"header_flags": 2}
ENDS = entry(4, {"source": "192.0.2.1", "destination": "192.0.2.9"}) | {"header_flags": 2}


class RoundTrip(unittest.TestCase):
    def expect_same(self, octets):
        code, out, err = encode("--binary", text=to_json(octets))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.hex(), octets.hex())

    def test_golden_messages(self):
        names = [n for n in os.listdir(GOLDEN) if n.endswith(".hex")]
        self.assertGreater(len(names), 20)
        whole = b""
        for name in names:
            with open(os.path.join(GOLDEN, name), encoding="utf-8") as file:
                octets = bytes.fromhex("".join(line.split("#")[0] for line in file))
            with self.subTest(name):
                self.expect_same(octets)
            whole += octets
        self.expect_same(whole)

    @unittest.skipUnless(os.path.isdir(VECTORS), "SKIP: no reference data at " + VECTORS)
    def test_messages_of_other_implementations(self):
        count = 0
        for folder, _, names in os.walk(VECTORS):
            for name in sorted(names):
                if not name.endswith(".bin"):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    octets = file.read()
                with self.subTest(name):
                    self.expect_same(octets)
                count += 1
        self.assertGreater(count, 90)
        print("%d messages of other implementations through JSON to the same octets" % count)

    def test_hex_is_a_line_for_each_message(self):
        code, out, _ = encode(text=to_json(bytes.fromhex(KEEPALIVE + CLOSE)))
        self.assertEqual((code, out.decode()), (0, KEEPALIVE + "\n" + CLOSE + "\n"))

    def test_hex_goes_back_into_decode(self):
        _, out, _ = encode(text=to_json(bytes.fromhex(CLOSE)))
        code, text, _ = run("decode", octets=out)
        self.assertEqual(code, 0)
        self.assertIn(b"dead timer expired", text)


class Input(unittest.TestCase):
    def test_from_a_file_and_with_blank_lines(self):
        with tempfile.NamedTemporaryFile(mode="w", suffix=".json") as file:
            file.write('\n {"type":2} \r\n\n{"type":2}')
            file.flush()
            self.assertEqual(encode(file.name)[:2], (0, (KEEPALIVE + "\n").encode() * 2))

    def test_what_is_left_out_is_zero(self):
        code, out, _ = encode(text=message(7, entry(15, {"reason": 2})))
        self.assertEqual((code, out.decode().strip()), (0, CLOSE))

    def test_nothing_is_nothing(self):
        self.assertEqual(encode(text=""), (0, b"", ""))

    def test_help_goes_to_standard_output(self):
        code, out, err = encode("--help")
        self.assertEqual((code, err), (0, ""))
        self.assertIn(b"usage: pcectl encode", out)


class Refusal(unittest.TestCase):
    def expect(self, text, *said, options=()):
        code, out, err = encode(*options, text=text)
        self.assertEqual(code, 1, err)
        self.assertEqual(out, b"")
        for part in ("pcectl encode: -: line 1: ",) + said:
            self.assertIn(part, err)

    def test_names_the_line_and_the_member(self):
        self.expect("{", "no JSON")
        self.expect('{"type":2}x', "no JSON")
        self.expect('{"type":2,"type":2}', "no JSON")
        self.expect("{}", "type: ")
        self.expect('{"type":2,"objects":7}', "objects: is no list")
        self.expect(
            message(3, RP, entry(6, {"value": "much"})), "objects[1].body.value: is no number"
        )
        self.expect(
            message(3, entry(2, {}, tlvs=[{"type": 28, "body": {"pst": 256}}])),
            "objects[0].tlvs[0].body.pst: is out of range",
        )
        self.expect(
            message(4, entry(7, {}, subobjects=[{"type": 1, "body": {"prefix": "here"}}])),
            "objects[0].subobjects[0].body.prefix: is no address",
        )
        self.expect(message(3, entry(2, {"request-id": 7})), "objects[0].body.request-id")

    def test_what_does_not_fit(self):
        big = {"type": 34, "octets": "00" * 65000}
        self.expect(message(1, *[entry(1, {}, tlvs=[big])] * 2), "too long")

    def test_the_others_are_encoded(self):
        code, out, err = encode(text='{"type":2}\n{"type":"x"}\n{"type":2}\n')
        self.assertEqual((code, out.decode()), (1, (KEEPALIVE + "\n") * 2))
        self.assertIn("line 2: ", err)

    def test_check_refuses_what_may_not_be_sent(self):
        cases = {
            "RP missing (PCErr 6/1)": message(3, ENDS),
            "END-POINTS missing (PCErr 6/3)": message(3, RP),
            "objects[3]: may not be sent: object out of its place": message(
                3, RP, ENDS, entry(9, {}), entry(9, {})
            ),
            "objects[1]: may not be sent: a reserved field": message(
                3, RP, ENDS | {"class": 6, "body": {"reserved": 1}}
            ),
            "RP without P flag (PCErr 10/1)": message(3, RP | {"header_flags": 0}, ENDS),
            "unknown or malformed object": message(
                3, RP, ENDS, {"class": 200, "type": 1, "header_flags": 0, "octets": ""}
            ),
        }
        for said, text in cases.items():
            with self.subTest(said):
                self.expect(text, said, options=["--check"])
                self.assertEqual(encode("--lenient", text=text)[0], 0)

    def test_check_lets_pass_what_may_be_sent(self):
        code, out, err = encode("--check", text=message(3, RP, ENDS))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(
            out.decode().strip(), "2003001c" + "0212000c0000000000000001" + "0412000cc0000201c0000209"
        )

    def test_usage_and_input_errors_give_2(self):
        for arguments in (["--no-such-option"], ["a", "b"], ["/no/such/file"], ["/"]):
            with self.subTest(arguments):
                code, out, err = encode(*arguments)
                self.assertEqual((code, out), (2, b""))
                self.assertIn("pcectl encode", err)


if __name__ == "__main__":
    unittest.main()
