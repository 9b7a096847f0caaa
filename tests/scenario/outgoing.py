#!/usr/bin/env python3
"""Sessions that the server opens, and segments signed with TCP-MD5, against scripted PCCs that listen."""

import os
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
import pcep
from case import next_source
from daemon import Pced, free_port
from networks import A, D, PLAIN_A_D
from peer import WAIT_S, Listener, Peer, set_md5_key

LOCAL, HIGH = "127.0.0.1", "127.250.0.1"  # addresses of pced; those of the peers lie between


def target(listener, **connect):
    return {"prefix": listener.address, "connect": {"port": listener.port, **connect}}


class Case(unittest.TestCase):
    def listen(self, address, port=0, md5_key_of=None):
        listener = Listener(address, port, md5_key_of)
        self.addCleanup(listener.socket.close)
        return listener

    def start(self, **sections):
        self.port = free_port()
        pced = Pced(topology=networks.DIAMOND, port=self.port, addresses=[LOCAL, HIGH],
                    **sections).start()
        self.addCleanup(pced.stop)
        return pced

    def accept(self, listener, wait_s=WAIT_S):
        """The server's connection: (Peer, its address and port)."""
        peer, address, port = listener.accept(wait_s)
        self.addCleanup(peer.drop)
        return peer, (address, port)

    def connect(self, pced, source, **options):
        peer = Peer(pced.address, source=source, **options)
        self.addCleanup(peer.drop)
        return peer

    def assert_works(self, peer):
        peer.open(keepalive=0, dead=0)
        self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)


class Outgoing(Case):
    def test_a_listener_and_several_outgoing_on_one_address_and_port(self):
        """The program that fails without SO_REUSEPORT: here each of them has its session, at one time."""
        same = [self.listen(f"127.90.0.{n}") for n in range(1, 6)]
        other = [self.listen(f"127.90.1.{n}") for n in range(1, 3)]
        port = free_port()
        with Pced(topology=networks.DIAMOND, port=port, peers=[
                *[target(each, **{"local-address": LOCAL, "local-port": port}) for each in same],
                *[target(each, **{"local-address": LOCAL}) for each in other]]) as pced:
            peers = []
            for listener in same:
                peer, where = self.accept(listener)
                self.assertEqual(where, (LOCAL, port))
                peers.append(peer)
            for listener in other:
                peer, where = self.accept(listener)
                self.assertEqual(where[0], LOCAL)
                self.assertNotEqual(where[1], port)
                peers.append(peer)
            peers += [self.connect(pced, next_source()) for _ in range(3)]
            for peer in peers:
                self.assert_works(peer)
            for number, peer in enumerate(peers, 2):
                self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)

    def test_tries_again_until_somebody_listens(self):
        """RFC 5440 Appendix A: with a delay that grows."""
        with socket.socket() as reserved:
            reserved.bind(("127.91.0.1", 0))
            port = reserved.getsockname()[1]
            pced = self.start(peers=[{"prefix": "127.91.0.1", "connect": {"port": port}}])
            begun = time.monotonic()
            pced.wait_lines("cannot connect to a peer.*127.91.0.1|session not established.*127.91.0.1", 2)
            self.assertGreater(time.monotonic() - begun, 1)
        peer, _ = self.accept(self.listen("127.91.0.1", port))
        self.assert_works(peer)

    def test_connects_anew_when_the_session_has_ended(self):
        listener = self.listen("127.92.0.1")
        self.start(peers=[target(listener)])
        for turn in range(2):
            peer, _ = self.accept(listener)
            self.assert_works(peer)
            if turn == 0:
                ended = time.monotonic()
                peer.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
                self.assertEqual(peer.whole_until_end(), [])
                peer.drop()
        self.assertGreater(time.monotonic() - ended, 1)

    def test_does_not_connect_to_a_peer_that_has_a_session(self):
        listener = self.listen("127.93.0.1")
        pced = self.start()
        mine = self.connect(pced, "127.93.0.1")
        self.assert_works(mine)
        pced.reload(peers=[target(listener)])
        with self.assertRaises(TimeoutError):
            listener.accept(wait_s=3)
        self.assertEqual(mine.ask(2, A, D).labels(), PLAIN_A_D)
        mine.send(pcep.message(pcep.CLOSE, pcep.close_object(1)))
        mine.drop()
        peer, _ = self.accept(listener)
        self.assert_works(peer)

    def test_a_reload_takes_up_peers_and_forgets_others(self):
        first, second = self.listen("127.94.0.1"), self.listen("127.94.0.2")
        pced = self.start(peers=[target(first)])
        peer, _ = self.accept(first)
        self.assert_works(peer)
        pced.reload(peers=[target(second)])
        other, _ = self.accept(second)
        self.assert_works(other)
        self.assertEqual(peer.ask(2, A, D).labels(), PLAIN_A_D)  # it stays
        peer.reset()
        with self.assertRaises(TimeoutError):
            first.accept(wait_s=4)


class Collision(Case):
    """Both ends have opened a connection, and neither is UP: that of the higher address stays."""

    def collide(self, local):
        """(The server's connection, mine), both half-open."""
        listener = self.listen("127.95.0.1")
        pced = self.start(peers=[target(listener, **{"local-address": local})])
        theirs, where = self.accept(listener)
        self.assertEqual(where[0], local)
        self.assertEqual(theirs.next().type, pcep.OPEN)
        mine = Peer((local, pced.port), source="127.95.0.1")
        self.addCleanup(mine.drop)
        return theirs, mine

    def test_the_peer_has_the_higher_address(self):
        theirs, mine = self.collide(LOCAL)
        self.assert_works(mine)
        self.assertEqual({m.type for m in theirs.until_end()} - {pcep.PCERR, pcep.CLOSE}, set())

    def test_the_server_has_the_higher_address(self):
        theirs, mine = self.collide(HIGH)
        self.assertEqual({m.type for m in mine.until_end()} - {pcep.PCERR}, set())
        theirs.send(pcep.open_message(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv())
                    + pcep.keepalive_message())
        self.assertEqual(theirs.next().type, pcep.KEEPALIVE)
        self.assertEqual(theirs.ask(1, A, D).labels(), PLAIN_A_D)


def has_md5():
    with socket.socket() as probe:
        try:
            set_md5_key(probe, "127.0.0.1", "key")
        except OSError:
            return False
    return True


@unittest.skipUnless(has_md5(), "SKIP: no TCP-MD5 in this kernel")
class Signed(Case):
    KEY, OTHER = "a secret of two", "another secret"

    def assert_no_connection(self, pced, source, md5_key=None):
        """Its SYN is dropped: nobody answers."""
        with self.assertRaises(TimeoutError):
            Peer(pced.address, source=source, md5_key=md5_key, wait_s=2)

    def test_peers_that_connect(self):
        pced = self.start(peers=[{"prefix": "127.96.0.1", "md5-key": self.KEY},
                                 {"prefix": "127.97.0.0/16", "md5-key": self.OTHER}])
        self.assert_works(self.connect(pced, "127.96.0.1", md5_key=self.KEY))
        self.assert_works(self.connect(pced, "127.97.3.1", md5_key=self.OTHER))
        self.assert_works(self.connect(pced, next_source()))
        self.assert_no_connection(pced, "127.97.3.2")
        self.assert_no_connection(pced, "127.97.3.3", self.KEY)
        self.assertEqual(pced.lines_with(f"{self.KEY}|{self.OTHER}"), [])

    def test_peers_that_the_server_connects_to(self):
        signed = self.listen("127.98.0.1", md5_key_of=(LOCAL, self.KEY))
        wrong = self.listen("127.98.0.2", md5_key_of=(LOCAL, self.OTHER))
        self.start(peers=[
            {**target(each, **{"local-address": LOCAL}), "md5-key": self.KEY}
            for each in (signed, wrong)])
        peer, _ = self.accept(signed)
        self.assert_works(peer)
        with self.assertRaises(TimeoutError):
            wrong.accept(wait_s=2)

    def test_a_reload_brings_a_key(self):
        pced = self.start()
        self.assert_works(self.connect(pced, "127.99.0.1"))
        pced.reload(peers=[{"prefix": "127.99.0.2", "md5-key": self.KEY}])
        self.assert_works(self.connect(pced, "127.99.0.2", md5_key=self.KEY))
        self.assert_no_connection(pced, "127.99.0.2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
