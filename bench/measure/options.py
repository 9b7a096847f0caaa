"""The options of every script of bench/, and how large its runs are."""

import argparse
import os
import sys

from . import namespace

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIZES = ("tiny", "short", "full")


def parser(text):
    found = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = found.add_mutually_exclusive_group()
    size.add_argument("--full", dest="size", action="store_const", const="full", default="short",
                      help="the whole measurement; without it a short version of it")
    size.add_argument("--tiny", dest="size", action="store_const", const="tiny",
                      help="a second or two: shows that the script works, its figures mean nothing")
    found.add_argument("--build", default=os.path.join(ROOT, "build", "release"), metavar="FOLDER",
                       help="where the programs were built (build/release)")
    found.add_argument("--results", metavar="FOLDER", help="where JSON goes (build/bench)")
    found.add_argument("--pairs", type=int, metavar="N", help="runs of pced and of the floor, in turn")
    found.add_argument("--seconds", type=float, metavar="S", help="length of one counted run")
    found.add_argument("--no-namespace", action="store_true",
                       help="stay in the network namespace of the caller (limits of it hold)")
    return found


class Options:
    """What was asked for, with the sizes filled in."""

    def __init__(self, given, seconds, pairs):
        """seconds, pairs: the defaults, by size."""
        self.size = given.size
        self.build = os.path.abspath(given.build)
        self.results = os.path.abspath(given.results or os.path.join(ROOT, "build", "bench"))
        self.seconds = given.seconds or seconds[given.size]
        self.pairs = given.pairs or pairs[given.size]
        self.given = given
        os.makedirs(self.results, exist_ok=True)

    def pick(self, **by_size):
        """The value for the size of this run."""
        return by_size[self.size]

    def program(self, name):
        for folder in ("bench", "server", ""):
            path = os.path.join(self.build, folder, name)
            if os.access(path, os.X_OK) and os.path.isfile(path):
                return path
        sys.exit(f"no {name} in {self.build}: build it first (cmake --preset release && "
                 "cmake --build build/release), or name the folder with --build")

    def file(self, name):
        return os.path.join(self.results, name)


def read(text, seconds, pairs, add=None):
    """Reads the command line, and enters a network namespace of its own."""
    found = parser(text)
    if add:
        add(found)
    given = found.parse_args()
    if not given.no_namespace:
        namespace.enter()
    return Options(given, seconds, pairs)
