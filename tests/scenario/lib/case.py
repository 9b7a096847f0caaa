"""What the scenario tests have in common: one server per class, and beside each test a healthy session
that must go on being answered."""

import itertools
import unittest

import networks
import pcep
from daemon import Pced
from peer import Peer

_sources = itertools.count(1)


def next_source():
    """An address of its own for each connection: a PCC is known by its address."""
    number = next(_sources)
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


class ScenarioCase(unittest.TestCase):
    TOPOLOGY = networks.DIAMOND
    SECTIONS = {}
    GROWTH_KIB_MAX = 32 * 1024  # a test may leave the server so much larger, sanitizer included

    @classmethod
    def setUpClass(cls):
        cls.pced = Pced(topology=cls.TOPOLOGY, **cls.SECTIONS).start()

    @classmethod
    def tearDownClass(cls):
        cls.pced.stop()

    def setUp(self):
        self.peers = []
        self.healthy = self.connect()
        self.healthy.open(keepalive=0, dead=0)
        self.next_id = 0
        self.ask_healthy()
        self.rss_before = self.pced.rss_kib()

    def tearDown(self):
        try:
            self.assertTrue(self.pced.is_alive(), "pced has ended")
            self.ask_healthy()
            grown = self.pced.rss_kib() - self.rss_before
            self.assertLess(grown, self.GROWTH_KIB_MAX, f"pced has grown by {grown} KiB")
        finally:
            for peer in self.peers:
                peer.drop()

    def ask_healthy(self):
        """The healthy session asks for a path whose answer is known."""
        self.next_id += 1
        response = self.healthy.ask(self.next_id, networks.A, networks.D)
        self.assertIsNotNone(response.ero, "NO-PATH for the healthy session")
        self.assertEqual(response.labels(), networks.PLAIN_A_D)

    def connect(self, source=None, **options):
        peer = Peer(self.pced.address, source=source or next_source(), **options)
        self.peers.append(peer)
        return peer

    def up(self, **options):
        """A new peer with its session UP."""
        peer = self.connect()
        options.setdefault("keepalive", 0)
        options.setdefault("dead", 0)
        peer.open(**options)
        return peer

    def assert_ends_with_close(self, peer, reason):
        """Close with this reason, and then the end of the connection."""
        peer.expect_close(reason)
        self.assertEqual([m.name for m in peer.until_end()], [])

    def assert_ends_with_error(self, peer, *errors):
        """PCErr with these, and then the end of the connection (a Close may stand between)."""
        peer.expect_error(*errors)
        rest = [m.type for m in peer.until_end()]
        self.assertIn(rest, ([], [pcep.CLOSE]))
