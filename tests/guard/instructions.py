#!/usr/bin/env python3
"""Instructions of what a shard does most often, counted by callgrind, against the bounds of bounds.json."""

import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import guard


@unittest.skipUnless(shutil.which("valgrind"), "no valgrind")
class Instructions(unittest.TestCase):
    def test_none_takes_more_than_its_bound(self):
        with guard.Topologies() as topologies:
            for row in guard.read_bounds()["instructions"]:
                with self.subTest(row["name"]):
                    found = guard.instructions(row, topologies)
                    print(f"{row['name']}: {found:,.0f} instructions, measured {row['measured']:,} when "
                          f"the bound {row['bound']:,} was set")
                    self.assertLessEqual(found, row["bound"], row["why"])
                    self.assertGreater(found, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
