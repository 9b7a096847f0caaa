"""What the scenarios of the operator's side have in common: one server per class, asked over its socket."""

import http.client
import json
import os
import subprocess
import time
import unittest

import daemon
import networks
from case import next_source
from daemon import Pced, free_port, program
from peer import Peer

WAIT_S = 20


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a UNIX socket."""

    def __init__(self, path, timeout=WAIT_S):
        super().__init__("pced", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = daemon.connect_unix(self.path, self.timeout)


def ask(connection, method, path, body=None):
    connection.request(method, path, body=body)
    response = connection.getresponse()
    text = response.read().decode()
    is_json = response.getheader("Content-Type") == "application/json"
    return response.status, json.loads(text) if is_json else text


def pcectl(pced, *arguments):
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [*arguments[:end], "--socket", pced.socket, *arguments[end:]]
    run = subprocess.run([program("pcectl"), *options],
                         capture_output=True, text=True, timeout=60, env=daemon.environment(),
                         check=False)
    return run.returncode, run.stdout, run.stderr


class ApiCase(unittest.TestCase):
    SECTIONS = {}

    @classmethod
    def setUpClass(cls):
        cls.api_port = free_port()
        control = {"socket": "api.sock", "socket-mode": "0600", "listen": str(cls.api_port),
                   "hosts": "pce.example.net"}
        cls.pced = Pced(topology=networks.DIAMOND, control=control, **cls.SECTIONS)
        cls.pced.socket = os.path.join(cls.pced.folder, "api.sock")
        cls.pced.start()

    @classmethod
    def tearDownClass(cls):
        path = cls.pced.socket
        cls.pced.stop()
        assert not os.path.exists(path), "the socket is left behind"

    def setUp(self):
        self.peers = []
        self.connection = UnixConnection(self.pced.socket)

    def tearDown(self):
        for peer in self.peers:
            peer.drop()
        self.wait(lambda: self.get("/api/v1/status")["sessions"]["peers"] == 0)
        self.connection.close()

    def wait(self, is_so):
        """Until it is so, or too long."""
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            self.assertLess(time.monotonic(), deadline, "it did not become so")
            time.sleep(0.02)

    def up(self, source=None, **options):
        peer = Peer(self.pced.address, source=source or next_source())
        self.peers.append(peer)
        peer.open(keepalive=options.get("keepalive", 0), dead=options.get("dead", 0))
        return peer

    def one_up(self, source=None):
        """The same, and the server knows it."""
        self.up(source)
        self.wait(lambda: self.get("/api/v1/status")["counters"]["sessions_up"] == 1)

    def get(self, path, status=200):
        code, answer = ask(self.connection, "GET", path)
        self.assertEqual(code, status, answer)
        return answer

    def refused(self, field, path, status=400, method="GET", body=None):
        code, answer = ask(self.connection, method, path, body)
        self.assertEqual(code, status, answer)
        self.assertEqual(answer["error"]["field"], field)
        self.assertTrue(answer["error"]["message"])
