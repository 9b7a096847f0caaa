#!/usr/bin/env python3
"""An independent decoder looks at our golden messages: tshark must find none of the good ones malformed,
and finds the same objects in them.

What tshark (4.0) does not know, or gets wrong, is listed below with the reason. Skips visibly without
tshark and text2pcap."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = os.path.join(ROOT, "tests", "golden")

# Golden messages that tshark cannot judge.
NOT_FOR_TSHARK = {
    "malformed-ero": "malformed by intent",
    "malformed-tlv": "malformed by intent",
    "unknown-kept": "unknown by intent",
    "malformed-algorithm": "malformed by intent",
    "open-algorithm": "tshark 4.0 does not pad sub-TLVs and has no SRv6-PCE-CAPABILITY",
    "pcrpt-algorithm": "tshark 4.0 has no A flag and no TLVs above 59",
    "pcrpt-srv6-algorithm": "tshark 4.0 has no SRv6 subobject",
    "starttls": "tshark 4.0 has no StartTLS",
    "open-srv6": "tshark 4.0 does not pad sub-TLVs, has no SRv6-PCE-CAPABILITY and misreads TLV 29",
    "pcreq-rare": "tshark 4.0 misreads an AS and a 128-bit path key in an XRO, and has few of the rest",
    "open-auto-bandwidth": "tshark 4.0 has no TLV 36",
    "pcrpt-multipath": "tshark 4.0 has no PATH-ATTRIB, S2LS and TLVs above 59",
    "pcrpt-binding-old": "tshark 4.0 has no TLV 65505",
    "pcrep-srv6": "tshark 4.0 has no SRv6 subobject",
    "open-capabilities": "tshark 4.0 misreads TLV 29 and has few of the others",
    "pcinitiate-flowspec": "tshark 4.0 has no FLOWSPEC",
    "pcinitiate-native-ip": "tshark 4.0 has no CCI, BPI, EPR and PPA",
    "pcinitiate-pcecc": "tshark 4.0 has no CCI",
    "pcrep-layers": "tshark 4.0 has no INTER-LAYER, SWITCH-LAYER and what goes with them",
    "pcreq-gmpls": "tshark 4.0 has no generalized END-POINTS, BANDWIDTH and LOAD-BALANCING",
    "pcreq-wavelength": "tshark 4.0 has no WA",
    "pcrpt-drafts": "TLVs of drafts",
    "pcrpt-p2mp": "tshark 4.0 has no S2LS",
    "pcrpt-sr-policy-attributes": "tshark 4.0 has no PATH-ATTRIB and TLVs above 59",
    "pcrpt-sr-policy-old": "TLVs of drafts",
    "pcrpt-v6": "tshark 4.0 misreads IPV6-LSP-IDENTIFIERS and has no SRv6 subobject",
}


def read_golden(name):
    """Octets of an annotated hex file."""
    with open(os.path.join(GOLDEN, name + ".hex"), encoding="utf-8") as file:
        return bytes.fromhex("".join(line.split("#")[0] for line in file))


def capture(path, messages):
    """Writes one TCP segment on port 4189 for each message."""
    dump = path + ".txt"
    with open(dump, "w", encoding="ascii") as file:
        for octets in messages:
            for at in range(0, len(octets), 16):
                file.write("%06x %s\n" % (at, octets[at : at + 16].hex(" ")))
            file.write("\n")
    subprocess.run(
        ["text2pcap", "-q", "-T", "40000,4189", dump, path], check=True, capture_output=True
    )


def dissect(path):
    """What tshark says of each packet: its PCEP layer as text of JSON, with every key kept."""
    run = subprocess.run(
        ["tshark", "-r", path, "-T", "json", "--no-duplicate-keys"],
        check=True,
        capture_output=True,
    )
    return [packet["_source"]["layers"] for packet in json.loads(run.stdout)]


def numbers(layers, key):
    """All values of a field, wherever it stands, in order."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            for name, value in node.items():
                if name == key:
                    found.extend(value if isinstance(value, list) else [value])
                else:
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(layers)
    return [int(value, 0) for value in found]


def classes_of(octets):
    """Object classes by the lengths of the object headers alone."""
    classes = []
    at = 4
    while at < len(octets):
        classes.append(octets[at])
        at += struct.unpack(">H", octets[at + 2 : at + 4])[0]
    return classes


@unittest.skipUnless(
    shutil.which("tshark") and shutil.which("text2pcap"), "SKIP: tshark is not installed"
)
class Tshark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = sorted(n[:-4] for n in os.listdir(GOLDEN) if n.endswith(".hex"))
        cls.names = [n for n in names if n not in NOT_FOR_TSHARK]
        cls.octets = {n: read_golden(n) for n in cls.names}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "golden.pcap")
            capture(path, [cls.octets[n] for n in cls.names])
            cls.layers = dict(zip(cls.names, dissect(path)))
        print("%d golden messages to tshark, %d not:" % (len(cls.names), len(NOT_FOR_TSHARK)))
        for name, why in sorted(NOT_FOR_TSHARK.items()):
            print("  %s: %s" % (name, why))

    def test_list_of_exceptions_names_golden_messages(self):
        for name in NOT_FOR_TSHARK:
            self.assertTrue(os.path.exists(os.path.join(GOLDEN, name + ".hex")), name)

    def test_every_message_is_seen_as_pcep(self):
        self.assertGreater(len(self.names), 15)
        for name in self.names:
            with self.subTest(name):
                self.assertIn("pcep", self.layers[name])

    def test_none_is_malformed(self):
        for name in self.names:
            with self.subTest(name):
                text = json.dumps(self.layers[name])
                self.assertNotIn("_ws.malformed", text)
                self.assertIsNone(re.search(r"[Uu]nknown (object|TLV|subobject)", text))

    def test_objects_are_the_same(self):
        for name in self.names:
            with self.subTest(name):
                # JSON gathers objects of one class: their order is lost, not their number.
                self.assertEqual(
                    sorted(numbers(self.layers[name], "pcep.object")),
                    sorted(classes_of(self.octets[name])),
                )


if __name__ == "__main__":
    sys.exit(unittest.main())
