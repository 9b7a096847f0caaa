#!/usr/bin/env python3
"""What an idle session adds to the resident memory of pced, against the bound of bounds.json."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import crowd
import guard


class Memory(unittest.TestCase):
    def test_an_idle_session_takes_no_more_than_its_bound(self):
        row = guard.read_bounds()["memory"]
        if crowd.raise_file_limit() < row["to"] + 100:
            self.skipTest(f"the limit of open files is below {row['to'] + 100}")
        found = crowd.octets_per_session(row["from"], row["to"], guard.SESSION_LIMITS)
        print(f"{row['name']}: {found:,.0f}, measured {row['measured']:,} when the bound "
              f"{row['bound']:,} was set")
        self.assertLessEqual(found, row["bound"], row["why"])
        self.assertGreater(found, 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
