#!/usr/bin/env python3
"""pceload with IPv6 sources: a prefix that is routed to the host, one address of it for each session. In
a network namespace of its own, so that the route is nobody else's."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import namespace
import networks
from load import Run

PREFIX = "fd00:4189::/64"


class Ipv6(unittest.TestCase):
    def test_each_session_has_an_address_of_the_prefix(self):
        with daemon.Pced(topology=networks.DIAMOND, log={"rate": 1000}) as pced:
            run = Run("--sessions", 40, "--depth", 2, "--requests", 400, "--sources", PREFIX,
                      "--ipv6", server=pced.address6, topology=networks.DIAMOND)
            self.assertEqual(run.code, 0, run.text)
            self.assertEqual(run.sessions["up"], 40)
            self.assertEqual(run.requests["replied"], 400)
            self.assertEqual(len({line.split("peer=")[1].split()[0]
                                  for line in pced.lines_with("session up peer")}), 40)
            self.assertTrue(pced.lines_with("session up peer=fd00:4189::28 "))


if __name__ == "__main__":
    if not daemon.has_ipv6() or not namespace.enter(PREFIX):
        print("SKIP: no IPv6, or no right to make a network namespace")
        sys.exit(77)
    unittest.main(verbosity=2)
