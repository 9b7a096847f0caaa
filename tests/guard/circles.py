#!/usr/bin/env python3
"""Circles of calls between the files of core/, io/ and server/, by the symbols of their objects.

A file that calls into another one and is called back by it cannot be read, tested or replaced alone.
What is called through a pointer in a table of functions is no call by name."""

import glob
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROOMS = ("core", "io", "server")
# A format's reader hands on what it reads through the file that it was opened by.
ALLOWED = [{"server/pcectl/capture/file", "server/pcectl/capture/pcap", "server/pcectl/capture/pcapng"}]


def symbols_of(objects):
    """What each object calls, and where each function is; objects by the name of their source."""
    calls, home = {}, {}
    for name, path in objects.items():
        listing = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
        for kind, symbol in re.findall(r"^(?:[0-9a-f]*)\s+([A-Za-z]) (\S+)$", listing, re.M):
            if kind == "T":
                home[symbol] = name
            elif kind == "U":
                calls.setdefault(name, set()).add(symbol)
    return calls, home


def circles_of(objects):
    """Sets of files that reach each other (Tarjan's algorithm)."""
    calls, home = symbols_of(objects)
    arrows = {name: {home[s] for s in calls.get(name, ()) if s in home} - {name} for name in objects}
    order, low, stack, found = {}, {}, [], []

    def visit(name):
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in arrows[name]:
            if other not in order:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            circle = set(stack[stack.index(name):])
            del stack[stack.index(name):]
            if len(circle) > 1:
                found.append(circle)

    for name in sorted(objects):
        if name not in order:
            visit(name)
    return found


def objects_of(build):
    found = {}
    for room in ROOMS:
        pattern = os.path.join(build, room, "CMakeFiles", "*.dir", "**", "*.o")
        for path in glob.glob(pattern, recursive=True):
            inner = re.sub(r"^.*?/CMakeFiles/[^/]+\.dir/", "", path[len(build):])
            source = f"{room}/{inner[:-len('.o')]}"
            if os.path.exists(os.path.join(ROOT, source)):  # and not of a file that has moved since
                found[source[:-len('.c')]] = path
    return found


class Circles(unittest.TestCase):
    def test_there_is_none(self):
        objects = objects_of(os.environ["PCED_BUILD"])
        self.assertGreater(len(objects), 100)
        circles = [sorted(circle) for circle in circles_of(objects) if circle not in ALLOWED]
        self.assertEqual(circles, [])

    def test_one_is_found(self):
        sources = {"a": "void b(void); void a(void) { b(); }",
                   "b": "void c(void); void b(void) { c(); }",
                   "c": "void a(void); void d(void); void c(void) { a(); d(); }",
                   "d": "void d(void) {}"}
        with tempfile.TemporaryDirectory(prefix="pced-guard-") as folder:
            objects = {}
            for name, text in sources.items():
                objects[name] = os.path.join(folder, name + ".o")
                subprocess.run([os.environ.get("CC", "cc"), "-c", "-x", "c", "-", "-o", objects[name]],
                               input=text, text=True, check=True)
            self.assertEqual(circles_of(objects), [{"a", "b", "c"}])


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    unittest.main(verbosity=2)
