#!/usr/bin/env python3
"""Connections that say nothing, many from one address, against the real server: while all is well, while it is
told to stop, and while a limit is reached. A connection changes hands then between the session, the one that
waits for its place, and the one that is told to go; the server outlives every order of that."""

import os
import signal
import socket
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
from case import ScenarioCase, next_source
from daemon import Pced
from networks import A, D, PLAIN_A_D
from peer import Closed, Peer

SILENT = 400


def silent_connection(address, source):
    """A socket that is connected, or on its way; None: it was turned away meanwhile."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((source, 0))
    sock.settimeout(20)
    try:
        sock.connect(address)
    except OSError:
        sock.close()
        return None
    return sock


def is_ended_by_server(sock):
    """Reads until the server's FIN or RST."""
    try:
        while sock.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True


class OneAddress(ScenarioCase):
    def test_many_silent_connections(self):
        for _ in range(3):
            source = next_source()
            socks = [silent_connection(self.pced.address, source) for _ in range(SILENT)]
            self.ask_healthy()
            first, others = socks[0], [sock for sock in socks[1:] if sock is not None]
            for sock in others:
                self.assertTrue(is_ended_by_server(sock))
                sock.close()
            first.settimeout(0.1)
            self.assertEqual(first.recv(4)[:2], b"\x20\x01")  # its Open: it is the one that stays
            first.close()
            self.ask_healthy()
        self.assertGreater(self.pced.metrics()["pced_refused_second_total"], 0)


class Stopping(unittest.TestCase):
    def storm(self, pced, source, is_over):
        """Connects again and again, and keeps what it has."""
        kept = []
        while not is_over.is_set() and len(kept) < 2000:
            sock = silent_connection(pced.address, source)
            if sock is not None:
                kept.append(sock)
        for sock in kept:
            sock.close()

    def test_in_a_storm_of_reconnects(self):
        for _ in range(3):
            with Pced(topology=networks.DIAMOND, server={"shutdown-grace": 2}) as pced:
                with Peer(pced.address, source=next_source()) as healthy:
                    healthy.open(keepalive=0, dead=0)
                    is_over = threading.Event()
                    threads = [threading.Thread(target=self.storm, args=(pced, next_source(), is_over))
                               for _ in range(4)]
                    for thread in threads:
                        thread.start()
                    for number in range(1, 101):
                        self.assertEqual(healthy.ask(number, A, D).labels(), PLAIN_A_D)
                    pced.signal(signal.SIGTERM)
                    try:
                        self.assertEqual(pced.wait_exit(), 0)
                    finally:
                        is_over.set()
                        for thread in threads:
                            thread.join()


class Waiting(unittest.TestCase):
    """Second connections wait for the end of first ones whose hosts do not answer."""
    COUNT = 20

    def begin(self, pced):
        """Pairs of a session whose host is deaf, and the connection that waits for its place."""
        sources = [next_source() for _ in range(self.COUNT)]
        firsts = [Peer(pced.address, source=source) for source in sources]
        for first in firsts:
            self.addCleanup(first.drop)
            first.open(keepalive=0, dead=0)
            self.assertEqual(first.ask(1, A, D).labels(), PLAIN_A_D)
        for first in firsts:
            first.deaf()
        pced.let_pass(0.3)  # delayed acknowledgements are on the way
        seconds = [Peer(pced.address, source=source) for source in sources]
        for second in seconds:
            self.addCleanup(second.drop)
        return seconds

    def test_when_the_limit_of_sessions_is_reached(self):
        limits = {"sessions": 1000}
        with Pced(topology=networks.DIAMOND, limits=limits) as pced:
            with Peer(pced.address, source=next_source()) as healthy:
                healthy.open(keepalive=0, dead=0)
                seconds = self.begin(pced)
                pced.reload(limits={"sessions": 1})
                for second in seconds:
                    self.assertTrue(is_ended_by_server(second.socket))
                self.assertGreater(pced.metrics()["pced_refused_limit_total"], 0)
                self.assertEqual(healthy.ask(1, A, D).labels(), PLAIN_A_D)
                pced.reload(limits=limits)
                with Peer(pced.address, source=next_source()) as late:
                    late.open(keepalive=0, dead=0)
                    self.assertEqual(late.ask(1, A, D).labels(), PLAIN_A_D)

    def test_when_places_are_just_enough(self):
        """The first ones have not gone when the second ones take their places."""
        with Pced(topology=networks.DIAMOND, limits={"sessions": self.COUNT + 1}) as pced:
            with Peer(pced.address, source=next_source()) as healthy:
                healthy.open(keepalive=0, dead=0)
                for second in self.begin(pced):
                    try:
                        second.next()  # an Open, or a PCErr …
                    except Closed:
                        pass  # … or no place
                self.assertEqual(healthy.ask(1, A, D).labels(), PLAIN_A_D)

    def test_when_the_server_stops(self):
        with Pced(topology=networks.DIAMOND, server={"shutdown-grace": 2}) as pced:
            seconds = self.begin(pced)
            pced.signal(signal.SIGTERM)
            for second in seconds:
                self.assertTrue(is_ended_by_server(second.socket))
            self.assertEqual(pced.wait_exit(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
