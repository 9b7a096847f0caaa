#!/usr/bin/env python3
"""Clients of the control API that hold connections and ask nothing, or take nothing: others are served."""

import http.client
import os
import signal
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import networks
from daemon import Pced, connect_unix, free_port

WAIT_S = 20
PROMPT_S = 3  # on a machine that does much else
ATTACKERS = 200
PLACES = 64
OF_ONE_ADDRESS = 16
REQUEST_S = 10
BURST = 500


# What is sent an octet at a time, and what of it at once.
SLOW_HEADER = (b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1000, 1)
HEADER = b"POST /api/v1/sessions/127.1.1.1/close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
SLOW_BODY = (HEADER + b" " * 1000, len(HEADER) + 1)


class Slow:
    """One connection that sends an octet of a request now and then."""

    def __init__(self, address, source=None, family=socket.AF_INET, shape=SLOW_HEADER):
        self.socket = socket.socket(family)
        if source is not None:
            self.socket.bind((source, 0))
        self.socket.connect(address)  # waits while the backlog is full
        self.socket.settimeout(WAIT_S)
        self.text, at_once = shape
        self.sent = 0
        self.drips = -1
        self.is_over = False
        self.heard = b""
        self.drip(at_once)

    def drip(self, count=1):
        try:
            self.socket.sendall(self.text[self.sent:self.sent + count])
            self.sent += count
            self.drips += 1
        except OSError:
            self.is_over = True

    def has_ended(self):
        """Whether the server has ended it."""
        self.socket.setblocking(False)
        try:
            while octets := self.socket.recv(4096):
                self.heard += octets
            return True
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self):
        self.socket.close()


class Case(unittest.TestCase):
    DRIP_S = 1

    def setUp(self):
        self.api_port = free_port()
        self.pced = Pced(topology=networks.DIAMOND,
                         control={"listen": str(self.api_port)}).start()
        self.unix = self.pced.sections["control"]["socket"]
        self.held = []
        self.is_over = threading.Event()
        self.dripper = threading.Thread(target=self.keep_dripping, daemon=True)

    def tearDown(self):
        self.is_over.set()
        if self.dripper.is_alive():
            self.dripper.join()
        for slow in self.held:
            slow.close()
        self.pced.stop()

    def keep_dripping(self):
        while not self.is_over.wait(self.DRIP_S):
            for slow in list(self.held):
                if not slow.is_over:
                    slow.drip()

    def hold(self, count, source_of, address=None, family=socket.AF_INET, shape=SLOW_HEADER):
        for number in range(count):
            self.held.append(Slow(address or ("127.0.0.1", self.api_port), source_of(number), family, shape))

    def attack(self, source_of, address=None, family=socket.AF_INET):
        self.hold(ATTACKERS, source_of, address, family)
        self.dripper.start()

    def ask(self, path, source):
        """Over TCP from that address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=WAIT_S,
                                                source_address=(source, 0))
        return self.answer(connection, path)

    def ask_unix(self, path):
        connection = http.client.HTTPConnection("pced", timeout=WAIT_S)
        connection.sock = connect_unix(self.unix, WAIT_S)
        return self.answer(connection, path)

    def answer(self, connection, path):
        began = time.monotonic()
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        self.assertLess(time.monotonic() - began, PROMPT_S, path)
        return status

    def assert_served(self, source):
        for path in ("/healthz", "/api/v1/status", "/metrics", "/api/v1/sessions"):
            self.assertEqual(self.ask_unix(path), 200)
            self.assertEqual(self.ask(path, source), 200)

    def count_held(self):
        return sum(not slow.has_ended() for slow in self.held)

    def wait_held(self, most):
        deadline = time.monotonic() + WAIT_S
        while self.count_held() > most:
            self.assertLess(time.monotonic(), deadline, f"{self.count_held()} are held")
            time.sleep(0.05)


class SlowClients(Case):
    def test_one_address_holds_a_part_of_the_places(self):
        self.attack(lambda _: "127.66.0.1")
        self.assert_served("127.66.0.2")
        self.assertEqual(self.ask("/healthz", "127.66.0.1"), 200, "another one of that address is served")
        self.wait_held(OF_ONE_ADDRESS)
        metrics = self.pced.metrics()
        self.assertGreaterEqual(metrics["pced_http_gave_way_total"], ATTACKERS - OF_ONE_ADDRESS)
        self.assertEqual(metrics["pced_http_refused_total"], 0)

    def test_many_addresses_give_way(self):
        self.attack(lambda number: f"127.67.{number // 200}.{1 + number % 200}")
        self.assert_served("127.66.0.2")
        self.wait_held(PLACES)

    def test_the_unix_socket_as_well(self):
        self.attack(lambda _: None, self.unix, socket.AF_UNIX)
        self.assert_served("127.66.0.2")
        self.wait_held(PLACES)

    def test_a_burst_waits_in_the_backlog(self):
        """Clients that do not wait find room there, also while the server has no time for them."""
        self.pced.signal(signal.SIGSTOP)
        try:
            for _ in range(BURST):
                client = socket.socket(socket.AF_UNIX)
                self.addCleanup(client.close)
                client.setblocking(False)
                client.connect(self.unix)
        finally:
            self.pced.signal(signal.SIGCONT)
        self.assertEqual(self.ask_unix("/healthz"), 200)

    def test_no_drip_outlives_its_deadline(self):
        began = time.monotonic()
        self.held = [Slow(("127.0.0.1", self.api_port), "127.66.0.1") for _ in range(OF_ONE_ADDRESS)]
        self.dripper.start()
        self.assertEqual(self.count_held(), OF_ONE_ADDRESS, "at the limit all of them stay")
        self.wait_held(0)
        self.assertGreater(time.monotonic() - began, REQUEST_S - 1)
        self.assertEqual(self.pced.metrics()["pced_http_slow_requests_total"], OF_ONE_ADDRESS)


class OctetIn9Seconds(Case):
    """As many connections as there are places, each with an octet in less than any timer of silence: some owe
    the end of their header, some that of their body."""
    DRIP_S = 9
    SHAPES = (SLOW_HEADER, SLOW_BODY)

    def assert_served_throughout(self):
        """Until those that are left have sent their second octet, and none outlives its deadline."""
        self.dripper.start()
        began = time.monotonic()
        while time.monotonic() - began < REQUEST_S + 1:
            self.assert_served("127.66.0.9")
            time.sleep(0.2)
        self.assertTrue(any(slow.drips > 0 for slow in self.held), "no second octet was sent")
        self.wait_held(0)

    def assert_told(self, count):
        """Those that kept their places until their deadline."""
        told = [slow.heard for slow in self.held if slow.heard.startswith(b"HTTP/1.1 408 ")]
        self.assertEqual(len(told), count)
        self.assertTrue(all(b'"message":"the request did not come whole in time"' in text for text in told))
        self.assertEqual(self.pced.metrics()["pced_http_slow_requests_total"], count)

    def test_of_one_address(self):
        for number, shape in enumerate(self.SHAPES):
            self.hold(PLACES, lambda _, host=number: f"127.66.0.{1 + host}", shape=shape)
        self.assert_served_throughout()
        self.assert_told(len(self.SHAPES) * OF_ONE_ADDRESS)

    def test_of_many_addresses_and_on_the_unix_socket(self):
        for number, shape in enumerate(self.SHAPES):
            self.hold(PLACES, lambda n, net=number: f"127.67.{net}.{1 + n}", shape=shape)
            self.hold(PLACES, lambda _: None, self.unix, socket.AF_UNIX, shape)
        self.assert_served_throughout()
        self.assertEqual(self.pced.metrics()["pced_http_refused_total"], 0)


if __name__ == "__main__":
    unittest.main()
