#!/usr/bin/env python3
"""Networks that come faster than a path is computed, told by BGP-LS: who waits for a path gets it, and where there
is none its operator hears that: docs/REOPTIMISATION.md, "What takes more than limits.path-work-inline"."""

import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from case import next_source
from daemon import Pced, free_port
from lsp_views import ACTIVE, ADMINISTRATIVE, DELEGATED, identifiers
from peer import Peer

sys.path.insert(0, os.path.join(daemon.ROOT, "bench"))

from measure import feed

SIZE, WAIT_S = 40, 60
FIRST, LAST = networks.grid_address(0, 0), networks.grid_address(SIZE - 1, SIZE - 1)
EVERY_S = 0.002


class Case(unittest.TestCase):
    LIMITS = {}

    def setUp(self):
        port = free_port()
        listening = {"as": feed.AS, "router-id": "192.0.2.250", "listen": "127.0.0.1", "listen-port": port,
                     "peers": [{"address": feed.SOURCE, "passive": True}]}
        self.pced = Pced(bgp_ls=listening, lsp={"settle-time": 0}, reopt={"interval": 0},
                         server={"shards": 1, "compute-threads": 1},
                         limits={"path-work-inline": 1000, **self.LIMITS})
        self.pced.sections["topology"] = {"gather": 0}
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()
        self.addCleanup(self.pced.stop)
        path = os.path.join(self.pced.folder, "grid.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write(networks.grid(SIZE))
        self.feed = feed.Feed(daemon.program("lsfeed"), path, ("127.0.0.1", port))
        self.addCleanup(self.feed.stop)
        self.feed.ask("up")
        self.feed.ask("table")
        self.wait(lambda: self.metric("topology_nodes") == SIZE * SIZE)
        self.peer = Peer(self.pced.address, source=next_source())
        self.addCleanup(self.peer.drop)
        self.peer.open(keepalive=0, dead=0)

    def metric(self, name):
        return self.pced.metrics()["pced_" + name]

    def wait(self, is_so):
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            self.assertLess(time.monotonic(), deadline)
            self.pced.let_pass(0.02)

    def begin_changes(self):
        """One metric after the other, of a link in a corner that no path of least cost takes."""
        ended = threading.Event()

        def change():
            turn = 0
            while not ended.wait(EVERY_S):
                turn += 1
                self.feed.ask("metric", 0, 1000 + turn % 2)

        thread = threading.Thread(target=change)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)

    def report_without_path(self):
        self.peer.send(pcep.message(
            pcep.PCRPT, pcep.srp_object(0, setup=pcep.SETUP_RSVP_TE),
            pcep.lsp_object(7, ADMINISTRATIVE | ACTIVE | DELEGATED, "blue", identifiers(FIRST, LAST)),
            pcep.ero_object([]), pcep.lspa(), pcep.metric(pcep.METRIC_DELAY, 29000, bound=True)))
        self.peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))


class Found(Case):
    def test_a_path_is_ordered(self):
        self.begin_changes()
        self.report_without_path()
        self.peer.socket.settimeout(WAIT_S)
        update, = pcep.parse_lsp_states(self.peer.expect(pcep.PCUPD))
        self.assertEqual(update.plsp_id, 7)


class Missing(Case):
    LIMITS = {"path-work": 300000}

    def test_that_there_is_none_is_told(self):
        since = self.pced.mark()
        self.begin_changes()
        self.report_without_path()
        self.pced.wait_line("no path for an LSP that needs one", since, wait_s=WAIT_S)
        self.wait(lambda: self.metric("reopt_blocked") == 1)
        self.wait(lambda: self.metric("reopt_late_total") > 0)
        self.assertEqual(len(self.pced.lines_with("no path for an LSP that needs one", since)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
