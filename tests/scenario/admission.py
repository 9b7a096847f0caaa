#!/usr/bin/env python3
"""Who may have a session: access list, half-open connections of one prefix, the second connection of a PCC,
any source port. All against the real server."""

import os
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from case import ScenarioCase, next_source
from daemon import Pced
from networks import A, D, PLAIN_A_D
from peer import WAIT_S, Closed, Peer


class Case(ScenarioCase):
    def assert_no_session(self, source):
        """The connection is reset, and not an octet came."""
        try:
            with Peer(self.pced.address, source=source) as peer:
                self.assertEqual([m.name for m in peer.until_end()], [])
        except Closed as closed:
            self.assertEqual((closed.how, closed.rest), ("reset", b""))

    def assert_session(self, source):
        peer = self.connect(source=source)
        peer.open(keepalive=0, dead=0)
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
        return peer


class AccessList(Case):
    ACCESS = {"policy": "deny", "permit": ["127.0.0.0/8", "127.66.0.7"], "deny": ["127.66.0.0/16"]}
    SECTIONS = {"access": ACCESS}

    def test_the_longest_prefix_decides(self):
        self.assert_session("127.65.0.1")
        self.assert_no_session("127.66.0.1")
        self.assert_session("127.66.0.7")
        self.assert_no_session("127.66.0.8")

    @unittest.skipUnless(daemon.has_ipv6(), "SKIP: no IPv6 on the loopback")
    def test_the_policy_for_the_rest(self):
        try:
            with Peer(self.pced.address6) as peer:
                self.assertEqual([m.name for m in peer.until_end()], [])
        except Closed as closed:
            self.assertEqual((closed.how, closed.rest), ("reset", b""))

    def test_a_reload_changes_it_and_leaves_sessions_alone(self):
        stays = self.assert_session("127.67.0.1")
        self.pced.reload(access={"policy": "permit", "permit": [], "deny": ["127.67.0.0/16"]})
        try:
            self.assert_no_session("127.67.0.2")
            self.assert_session("127.66.0.2")
            self.assertEqual(stays.ask(2, A, D).labels(), PLAIN_A_D)
        finally:
            self.pced.reload(access=self.ACCESS)
        self.assert_session("127.67.0.2")
        self.assert_no_session("127.66.0.2")
        self.assertEqual(stays.ask(3, A, D).labels(), PLAIN_A_D)

    def test_a_bad_list_changes_nothing(self):
        sections = {**self.pced.sections, "access": {"permit": ["127.66.0.1/8"]}}
        since = self.pced.mark()
        self.pced.write(self.pced.path, daemon.render(sections))
        self.pced.signal(daemon.signal.SIGHUP)
        self.pced.wait_line("reload refused.*pced.yaml:.*access.permit", since)
        self.assert_no_session("127.66.0.1")


class HalfOpen(Case):
    SECTIONS = {"limits": {"half-open-per-prefix": 3, "half-open-prefix-v4": 24}}

    def test_of_one_prefix(self):
        silent = [self.connect(source=f"127.70.0.{n}") for n in (1, 2, 3)]
        for peer in silent:  # they have spoken, and keep their places
            self.assertEqual(peer.next().type, pcep.OPEN)
            peer.send(pcep.open_message(keepalive=0, dead=0))
            self.assertEqual(peer.next().type, pcep.KEEPALIVE)
        self.pced.let_pass(1.2)
        self.assert_no_session("127.70.0.4")
        self.assert_session("127.70.1.4")
        silent[0].send(pcep.keepalive_message())
        self.assertEqual(silent[0].ask(1, A, D, setup=None).request_id, 1)
        self.assert_session("127.70.0.4")


class Flood(Case):
    """Silent connections from a few prefixes fill all places there are for strangers."""
    SECTIONS = {"limits": {"half-open": 64}, "server": {"shards": 1},
                "peers": [{"prefix": "127.74.0.0/24"}]}

    def flood(self):
        """16 of each prefix have a place, and four prefixes all 64; the kernel connects them sooner
        than pced looks at them."""
        for number in range(20 * 5):
            try:
                self.connect(source=f"127.72.{number // 20}.{1 + number % 20}")
            except Closed:
                pass
        deadline = time.monotonic() + WAIT_S
        while self.pced.metrics()["pced_refused_limit_total"] < 20 * 5 - 64:
            self.assertLess(time.monotonic(), deadline)
            self.pced.let_pass(0.02)

    def test_others_still_come_up(self):
        known = self.assert_session("127.72.0.200")
        known.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
        known.until_end()
        self.flood()
        self.assertEqual(self.pced.metrics()["pced_half_open"], 64)
        self.assert_session("127.72.0.200")  # had a session
        self.assert_session("127.74.0.9")  # is configured
        self.pced.let_pass(1.2)
        displaced = self.pced.metrics()["pced_half_open_displaced_total"]
        self.assert_session("127.73.0.1")  # a stranger from elsewhere
        self.assert_session("127.72.1.201")  # a stranger of a prefix that is full
        self.assertEqual(self.pced.metrics()["pced_half_open_displaced_total"], displaced + 2)
        self.assertLessEqual(self.pced.metrics()["pced_half_open"], 64)


class SecondConnection(Case):
    """RFC 5440 4.2.1: one session for each PCC."""

    def refused(self, source):
        second = self.connect(source=source)
        second.send_quietly(pcep.open_message())
        self.assertEqual([m.errors() for m in second.whole_until_end()], [[(9, 0)]])

    def test_is_refused_while_the_first_one_lives(self):
        source = next_source()
        first = self.assert_session(source)
        for number in range(2, 7):
            begun = time.monotonic()
            self.refused(source)
            self.assertLess(time.monotonic() - begun, 3)
            self.assertEqual(first.ask(number, A, D).labels(), PLAIN_A_D)

    def test_is_refused_while_the_first_one_is_half_open(self):
        source = next_source()
        first = self.connect(source=source)
        self.assertEqual(first.next().type, pcep.OPEN)
        self.refused(source)
        first.send(pcep.open_message(keepalive=0, dead=0) + pcep.keepalive_message())
        self.assertEqual(first.next().type, pcep.KEEPALIVE)

    def test_is_refused_while_the_first_one_does_not_read(self):
        """A closed window is no proof of death."""
        source = next_source()
        first = self.connect(source=source, receive_buffer=4096)
        first.open(keepalive=0, dead=0)
        count = 1000
        first.ask_without_reading(b"".join(pcep.request_message(n, A, D)
                                           for n in range(1, count + 1)))
        self.refused(source)
        for number in range(1, count + 1):
            replies = pcep.parse_responses(first.expect(pcep.PCREP))
            self.assertEqual([r.request_id for r in replies], [number])

    def assert_replaced(self, source):
        """The second connection waits, and then has a session of its own."""
        begun = time.monotonic()
        second = self.assert_session(source)
        self.assertLess(time.monotonic() - begun, 10)
        return second

    def test_replaces_one_whose_host_does_not_answer(self):
        source = next_source()
        first = self.assert_session(source)
        first.deaf()
        self.pced.let_pass(0.3)  # its delayed acknowledgement of the answer is on the way
        second = self.assert_replaced(source)
        first.hear()
        self.assertEqual(second.ask(2, A, D).labels(), PLAIN_A_D)

    def test_replaces_one_whose_host_has_restarted(self):
        source = next_source()
        first = self.assert_session(source)
        try:
            first.vanish()
        except PermissionError:
            self.skipTest("SKIP: no right to forget a connection (CAP_NET_ADMIN)")
        self.assert_replaced(source)

    def test_replaces_a_half_open_one_whose_host_has_restarted(self):
        source = next_source()
        first = self.connect(source=source)
        self.assertEqual(first.next().type, pcep.OPEN)
        try:
            first.vanish()
        except PermissionError:
            self.skipTest("SKIP: no right to forget a connection (CAP_NET_ADMIN)")
        self.assert_replaced(source)

    def test_many_at_once_leave_one_session(self):
        source = next_source()
        first = self.assert_session(source)
        others = [self.connect(source=source) for _ in range(20)]
        for other in others:
            self.assertIn([m.errors() for m in other.until_end()], ([[(9, 0)]], []))
        self.assertEqual(first.ask(2, A, D).labels(), PLAIN_A_D)


class SourcePorts(Case):
    def connect_from(self, source, port):
        try:
            peer = self.connect(source=(source, port))
        except PermissionError:
            self.skipTest(f"SKIP: port {port} may not be bound here")
        peer.open(keepalive=0, dead=0)
        return peer

    def test_any_port_and_4189_at_the_same_time(self):
        peers = [self.connect_from(next_source(), port)
                 for port in (pcep.PORT, 1023, 0, 65535, pcep.PORT)]
        for peer in peers:
            self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
        self.assertEqual([p.socket.getsockname()[1] for p in peers[::4]], [pcep.PORT] * 2)

    def test_another_port_is_still_the_same_pcc(self):
        source = next_source()
        first = self.connect_from(source, pcep.PORT)
        second = self.connect(source=source)
        self.assertEqual([m.errors() for m in second.until_end()], [[(9, 0)]])
        self.assertEqual(first.ask(1, A, D).labels(), PLAIN_A_D)


class SeveralAddresses(unittest.TestCase):
    def test_listen_where_it_is_configured_and_nowhere_else(self):
        addresses = ["127.0.0.1", "127.80.0.1", "127.80.0.2"] + (["::1"] if daemon.has_ipv6() else [])
        with Pced(topology=networks.DIAMOND, addresses=addresses) as pced:
            for address in addresses:
                with Peer((address, pced.port),
                          source="::1" if ":" in address else next_source()) as peer:
                    peer.open(keepalive=0, dead=0)
                    self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.80.0.3", pced.port), WAIT_S)


if __name__ == "__main__":
    unittest.main(verbosity=2)
