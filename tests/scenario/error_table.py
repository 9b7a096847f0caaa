#!/usr/bin/env python3
"""docs/ERRORS.md says which errors of stateful sessions we send: what the source raises, no more and no less.

PCED_REGENERATE=1 writes its table anew.
"""

import glob
import os
import re
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DOCUMENT = os.path.join(ROOT, "docs", "ERRORS.md")
BEGIN, END = "<!-- table -->\n", "<!-- end of the table -->\n"
TYPES = (6, 10, 19, 20, 21, 23, 24, 26, 27, 32)
# These files compare what has come, and raise nothing.
READERS = ("order_fsm.c", "order_answer.c", "on_pcerr.c", "deletion_look.c", "resolve_reason.def")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def errors():
    """(type, value, id, text, document) of each row."""
    text = read(os.path.join(ROOT, "core", "pcep", "error.def"))
    row = re.compile(r'PCEP_ERROR\((\w+),\s*(\d+),\s*(\d+),\s*"([^"]*)",\s*"([^"]*)"\)')
    return [(int(m[2]), int(m[3]), m[1], m[4], m[5]) for m in row.finditer(text) if int(m[2]) in TYPES]


def raised():
    """The ids that the source names where it may raise them."""
    found = set()
    for folder in ("core", "server"):
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.[ch]"), recursive=True):
            if os.path.basename(path) not in READERS:
                found |= set(re.findall(r"PCEP_ERROR_(\w+)", read(path)))
    return found


def table():
    sent = raised()
    lines = ["| error | meaning | document | sent |", "|---|---|---|---|"]
    lines += [f"| {type_}/{value} | {text} | {document} | {'yes' if name in sent else '–'} |"
              for type_, value, name, text, document in errors()]
    return "\n".join(lines) + "\n"


class ErrorTable(unittest.TestCase):
    def test_the_document_has_what_the_source_raises(self):
        text = read(DOCUMENT)
        before, rest = text.split(BEGIN)
        old, after = rest.split(END)
        if os.environ.get("PCED_REGENERATE"):
            with open(DOCUMENT, "w", encoding="utf-8") as file:
                file.write(before + BEGIN + table() + END + after)
            return
        self.assertEqual(old, table(), "PCED_REGENERATE=1 writes it anew")

    def test_the_source_raises_some_and_not_all(self):
        sent = {f"{type_}/{value}" for type_, value, name, _, _ in errors() if name in raised()}
        self.assertLessEqual({"20/1", "20/3", "20/7", "19/5", "23/1", "32/5"}, sent)
        self.assertFalse({"19/3", "24/1", "32/1"} & sent, "those are a PCC's")


if __name__ == "__main__":
    unittest.main(verbosity=2)
