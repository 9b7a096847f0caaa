#!/usr/bin/env python3
"""More silent connections than there are half-open places, each from an address of its own of one IPv6 /64,
against a server with default limits: routers from elsewhere come up, and known ones of that very prefix. In a
network namespace of its own, where the prefix is routed to the host."""

import ipaddress
import os
import resource
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import namespace
import pcep
from case import ScenarioCase
from networks import A, D, PLAIN_A_D
from peer import Closed, Peer

PREFIXES = FLOOD, SAME_56, ELSEWHERE = ("2001:db8:1::/64", "2001:db8:1:1::/64", "2001:db8:2::/48")
CONNECTIONS = 4200
AGAIN = 10 * CONNECTIONS  # attempts at most: one that is turned away comes again from another address
HALF_OPEN, OF_ONE_PREFIX = 4096, 256  # the defaults
FILES = CONNECTIONS + 500
KNOWN, CONFIGURED, STANDING = "2001:db8:1::a", "2001:db8:1::b", "2001:db8:1::c"


class Flooder:
    """Connects and says nothing; keeps CONNECTIONS of them, and tries again when one is turned away."""

    def __init__(self, server):
        self.server = server
        self.held = []
        self.attempts = 0
        self.is_enough = threading.Event()
        self.is_told_to_end = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        first = int(ipaddress.ip_network(FLOOD).network_address) + 0x10000
        while not self.is_told_to_end.is_set() and self.attempts < AGAIN:
            slot = self.attempts % CONNECTIONS
            if slot < len(self.held) and self.held[slot] is not None and not self.held[slot].has_ended():
                self.attempts += 1
                continue
            try:
                peer = Peer(self.server, source=str(ipaddress.ip_address(first + self.attempts)), is_free=True)
            except Closed:
                peer = None
            if slot < len(self.held):
                if self.held[slot] is not None:
                    self.held[slot].drop()
                self.held[slot] = peer
            else:
                self.held.append(peer)
            self.attempts += 1
            if self.attempts == CONNECTIONS:
                self.is_enough.set()
        self.is_enough.set()

    def stop(self):
        self.is_told_to_end.set()
        self.thread.join()

    def drop(self):
        self.stop()
        for peer in self.held:
            if peer is not None:
                peer.drop()


class FloodOfOnePrefix(ScenarioCase):
    SECTIONS = {"peers": [{"prefix": CONFIGURED}], "log": {"rate": 5}}

    def assert_session(self, source, number=1):
        peer = Peer(self.pced.address6 if ":" in source else self.pced.address, source=source, is_free=True)
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)
        return peer

    def assert_bounded(self):
        """No more places are taken than one prefix has, but for one that each shard gave at the same moment."""
        self.assertLessEqual(self.pced.metrics()["pced_half_open"], OF_ONE_PREFIX + 2)

    def test_others_come_up_and_known_ones_keep_their_room(self):
        standing = self.assert_session(STANDING)
        known = self.assert_session(KNOWN)
        known.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
        known.until_end()
        known.drop()
        flooder = Flooder(self.pced.address6)
        self.addCleanup(flooder.drop)
        flooder.thread.start()
        for number in range(20):  # while the flood rises
            self.assert_session(f"2001:db8:2:{number:x}::1")
            self.assert_session(f"127.90.{number}.1")
        flooder.is_enough.wait()
        self.assertGreaterEqual(flooder.attempts, CONNECTIONS)
        self.assert_bounded()
        for number in range(20, 40):  # at its height
            self.assert_session(f"2001:db8:2:{number:x}::1")
            self.assert_session(f"127.90.{number}.1")
        self.assert_session(KNOWN)  # had a session
        self.assert_session(CONFIGURED)
        self.assertEqual(standing.ask(2, A, D).labels(), PLAIN_A_D)
        self.assert_bounded()
        flooder.stop()
        self.pced.let_pass(1.2)
        self.assert_session("2001:db8:1:1::1")  # a stranger of the /56 takes a place of one that is silent
        metrics = self.pced.metrics()
        self.assertGreater(metrics["pced_half_open_displaced_total"], 0)
        self.assertGreater(metrics["pced_refused_limit_total"], CONNECTIONS - HALF_OPEN)
        self.assertEqual(metrics["pced_places_unmatched_total"], 0)
        self.assertEqual(metrics["pced_sessions_up"], 1 + 1 + 80 + 2 + 1)  # with the healthy one
        self.assertTrue(self.pced.lines_with(
            'connection refused .*counter=refused_limit why="limits.half-open-per-prefix is reached"'))


def may_open_files():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    return True


if __name__ == "__main__":
    if not may_open_files():
        print(f"SKIP: fewer than {FILES} open files are permitted")
        sys.exit(77)
    if not daemon.has_ipv6() or not namespace.enter(*PREFIXES):
        print("SKIP: no IPv6, or no right to make a network namespace")
        sys.exit(77)
    unittest.main(verbosity=2)
