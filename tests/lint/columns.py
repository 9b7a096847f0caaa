#!/usr/bin/env python3
"""The columns that a reader measures code by, a row for each room; judges nothing.

    columns.py [--markdown] [ROOM...]

functions and their lines (median, 95 of 100, longest); comment lines of 100 lines that are not blank, in
.c files and in .c and .h files; CHECKs, _Static_asserts and checks of the thread for each function, in
both. A line counts as comment when it holds a part of one.
"""

import os
import re
import sys

import lint

HEAD = ("room", "files", "lines", "functions", "median", "p95", "max", "comment .c", "comment", "checks",
        "a function")
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(/\*.*?\*/|//[^\n]*)', re.S)
CHECK = re.compile(r"(?<!define )(?<!void )\b(?:CHECK|_Static_assert|thread_owner_check)\(")


def commented(text):
    """How many lines hold a part of a comment."""
    lines = set()
    for match in COMMENT.finditer(text):
        if match[1]:
            first = text.count("\n", 0, match.start())
            lines.update(range(first, first + match[1].count("\n") + 1))
    return len(lines)


class Columns:
    def __init__(self):
        self.files = self.checks = 0
        self.lengths = []
        self.lines = {".c": 0, ".h": 0}
        self.comments = {".c": 0, ".h": 0}

    def add(self, path, text):
        suffix = path[-2:]
        self.files += 1
        self.lines[suffix] += sum(1 for line in text.splitlines() if line.strip())
        self.comments[suffix] += commented(text)
        blank = lint.without_comments(text)
        self.checks += len(CHECK.findall(blank))
        self.lengths += [last - first + 1 for first, last, _ in lint.functions(blank.splitlines())]

    def row(self, name):
        ordered = sorted(self.lengths) or [0]
        lines, comments = sum(self.lines.values()), sum(self.comments.values())
        return (name, self.files, lines, len(self.lengths), ordered[len(ordered) // 2],
                ordered[len(ordered) * 95 // 100], ordered[-1],
                f"{100 * self.comments['.c'] / max(self.lines['.c'], 1):.1f}",
                f"{100 * comments / max(lines, 1):.1f}", self.checks,
                f"{self.checks / max(len(self.lengths), 1):.3f}")


def main(arguments):
    markdown = "--markdown" in arguments
    wanted = [argument.rstrip("/") for argument in arguments if argument != "--markdown"]
    rooms, total = {}, Columns()
    for path in lint.files(lint.REPOSITORY, (".c", ".h")):
        if not path.startswith(lint.SIZED_FOLDERS):
            continue
        room = lint.room_of(path) or path.split("/")[0]
        if wanted and room not in wanted:
            continue
        text = lint.read(lint.REPOSITORY, path)
        rooms.setdefault(room, Columns()).add(path, text)
        total.add(path, text)
    rows = [HEAD, *(rooms[name].row(name) for name in sorted(rooms)), total.row("all")]
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(HEAD))]
    for number, row in enumerate(rows):
        cells = [str(c).ljust(w) if i == 0 else str(c).rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        print(f"| {' | '.join(cells)} |" if markdown else "  ".join(cells))
        if markdown and number == 0:
            print("|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|")


if __name__ == "__main__":
    main(sys.argv[1:])
