"""What the guard compares: figures that are counted, and the bounds that bounds.json sets for them.

Each figure has the value that was measured when its bound was set, the bound, and why it is what it is.
tests/guard/renew measures anew and sets the bounds by the margins that stand in the same file."""

import json
import math
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
BOUNDS = os.path.join(ROOT, "tests", "guard", "bounds.json")
NATIONAL = os.path.join(ROOT, "deploy", "topologies", "national.yaml")

sys.path.insert(0, os.path.join(ROOT, "tests", "scenario", "lib"))

import daemon  # noqa: E402  pylint: disable=wrong-import-position

SESSION_LIMITS = {"sessions": 20000, "half-open": 20000, "half-open-per-prefix": 20000}


def read_bounds():
    with open(BOUNDS, encoding="utf-8") as file:
        return json.load(file)


def bound_of(measured, margin):
    """The measured value and its margin, rounded up to three digits that count."""
    value = measured * (1 + margin)
    if value <= 0:
        return 0
    step = 10 ** max(0, math.floor(math.log10(value)) - 2)
    return math.ceil(value / step) * step


# ---- instructions -------------------------------------------------------------------------------

def _collected(program, *arguments):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          daemon.program(program), *map(str, arguments)],
                         capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        raise AssertionError(f"{program} {arguments} ended with {run.returncode}:\n{run.stderr[-4000:]}")
    return int(found[1])


def instructions(row, topologies):
    """Instructions of one round: what twice the rounds take more than the rounds, by their number."""
    arguments = [topologies[row["topology"]]] if "topology" in row else []
    once, twice = (_collected(row["program"], row["case"], row["rounds"] * n, *arguments) for n in (1, 2))
    return (twice - once) / row["rounds"]


class Topologies:
    """The networks of the figures, as files: {name: path}; the generated ones go away at the end."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="pced-guard-")  # pylint: disable=consider-using-with
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def __getitem__(self, name):
        if name == "national":
            return NATIONAL
        path = os.path.join(self._folder.name, f"{name}.yaml")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                subprocess.run([daemon.program("topogen"), "--nodes", name], stdout=file, check=True)
        return path
