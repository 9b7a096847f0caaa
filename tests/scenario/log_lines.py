#!/usr/bin/env python3
"""What peers send, in the lines of the log: each a JSON object whatever the octets, each with words for its
numbers."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import pcep
from case import ScenarioCase


class Json(ScenarioCase):
    SECTIONS = {"log": {"format": "json", "rate": 100000, "level": "debug"}}

    def setUp(self):
        super().setUp()
        self.since = self.pced.mark()

    def wait_event(self, event, count):
        """So many lines of it; all lines since then are JSON."""
        self.pced.wait_lines(f'"event":"{event}"', count, self.since)
        lines = [json.loads(line) for line in self.pced.lines[self.since:] if line]
        return [line for line in lines if line["event"] == event]

    def report(self, plsp_id, name):
        return pcep.message(pcep.PCRPT, pcep.srp_object(0, pcep.SETUP_SR),
                            pcep.lsp_object(plsp_id, 0x9, tlvs=pcep.tlv(pcep.TLV_SYMBOLIC_NAME, name)),
                            pcep.ero_object([16004]))

    def test_names_that_are_no_utf_8(self):
        """RFC 8231 7.3.2 asks for printable text and no encoding; a peer sends what it likes."""
        names = {"Z\u00fcrich \u2192 Bern".encode(): "Z\u00fcrich \u2192 Bern",
                 b"caf\xe9 \xff\xc3": "caf\\xe9 \\xff\\xc3",
                 b"\xed\xa0\x80 \xc0\xaf \xf5\x80\x80\x80": "\\xed\\xa0\\x80 \\xc0\\xaf \\xf5\\x80\\x80\\x80",
                 b'" \\ \n\r\t\x01\x7f</script>': '" \\ \n\r\t\x01\x7f</script>',
                 b"x" * 126 + "\u00fc".encode() * 20: "x" * 126 + "\\xc3"}
        peer = self.up()
        peer.send(b"".join(self.report(number, name) for number, name in enumerate(names, 1)))
        told = {line["plsp_id"]: line["name"] for line in self.wait_event("LSP reported", len(names))}
        self.assertEqual([told[number] for number in range(1, len(names) + 1)], list(names.values()))

    def test_every_octet_in_a_name(self):
        peer = self.up()
        names = [bytes([a, b]) for a in range(1, 256) for b in (0xc3, 0x22)]
        for number, name in enumerate(names, 1):
            peer.send(self.report(number, name))
        self.assertEqual(len(self.wait_event("LSP reported", len(names))), len(names))

    def test_a_received_error_has_a_meaning(self):
        """Also one whose value has no text of its own, or whose type IANA has not assigned."""
        peer = self.up()
        errors = {(8, 0): "unknown request reference", (6, 1): "RP missing",
                  (6, 200): "mandatory object missing"}
        for type_, value in list(errors) + [(8, 77), (250, 1)]:
            peer.send(pcep.message(pcep.PCERR, pcep.error_object(type_, value)))
        lines = self.wait_event("PCErr received", len(errors) + 2)
        told = {(line["error_type"], line["error_value"]): line["meaning"] for line in lines}
        self.assertTrue(all(told.values()), told)
        self.assertEqual(told[8, 77], errors[8, 0])
        for error, meaning in errors.items():
            self.assertIn(meaning, told[error])


if __name__ == "__main__":
    unittest.main(verbosity=2)
