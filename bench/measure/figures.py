"""Figures: what was measured, what was wanted, and whether that is met."""

import json
import operator
import os
import statistics
import sys
import time

from . import probe

ABSENT = object()
COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


def show(value):
    """A number for people: three or four digits that count."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 and value == int(value) else f"{value:.3g}"


def median(values):
    return statistics.median(values) if values else None


class Results:
    """The figures of one script: each is printed when it is known; all go into a JSON file."""

    def __init__(self, target, title, options):
        self.target, self.options = target, options
        self.document = {"target": target, "title": title, "size": options.size,
                         "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                         "machine": probe.machine(), "figures": [], "series": {}, "notes": []}
        self._wrong = []
        print(f"{target}: {title}")

    def figure(self, name, value, unit, floor=None, ratio=ABSENT, wanted=None, runs=None):
        """wanted: ("<=", bound), held against the ratio where one is given, else against the value.
        A ratio of None could not be had: then nothing is judged. runs: what the medians are of."""
        judged = value if ratio is ABSENT else ratio
        ratio = None if ratio is ABSENT else ratio
        met = None if wanted is None or judged is None else COMPARE[wanted[0]](judged, wanted[1])
        row = {"name": name, "value": value, "unit": unit, "floor": floor, "ratio": ratio,
               "wanted": f"{wanted[0]} {show(wanted[1])}" if met is not None else None, "met": met, "runs": runs}
        self.document["figures"].append(row)
        print(line(row), flush=True)

    def series(self, name, rows):
        """Rows of a table or a plot: a list of objects with the same members."""
        self.document["series"][name] = rows

    def note(self, text):
        self.document["notes"].append(text)
        print(f"  {text}", flush=True)

    def wrong(self, text):
        """The measurement itself is no good: the script ends with 1."""
        self._wrong.append(text)
        self.note(f"WRONG: {text}")

    def finish(self):
        """Writes the file; returns the exit code."""
        path = self.options.file(f"{os.path.basename(self.target)}.json")
        self.document["wrong"] = self._wrong
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.document, file, indent=1)
        print(f"  {path}", file=sys.stderr)
        return 1 if self._wrong else 0


def line(row):
    """One figure as a line of the table."""
    parts = [f"  {row['name']:<52} {show(row['value']):>11} {row['unit']:<9}"]
    parts.append(f"floor {show(row['floor']):>11}" if row["floor"] is not None else " " * 17)
    parts.append(f"ratio {show(row['ratio']):>6}" if row["ratio"] is not None else " " * 12)
    parts.append(f"wanted {row['wanted']}" if row["wanted"] else "")
    parts.append({True: "met", False: "MISSED", None: ""}[row["met"]])
    return "  ".join(parts).rstrip()
