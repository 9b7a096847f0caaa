"""A network out of a topology file that pced is told by BGP-LS, by lsfeed."""

import os
import sys
import tempfile

import daemon

sys.path.insert(0, os.path.join(daemon.ROOT, "bench"))

from measure import feed


class Told:
    """lsfeed with a topology, for pced, whose section bgp-ls needs `configuration`, or for another one: peer, its
    address and port."""

    def __init__(self, text, peer=None):
        self.folder = tempfile.TemporaryDirectory(prefix="pced-told-")
        self.path = os.path.join(self.folder.name, "topology.yaml")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        self.peer = peer or ("127.0.0.1", daemon.free_port())
        self.configuration = {"as": feed.AS, "router-id": "192.0.2.250", "listen": self.peer[0],
                              "listen-port": self.peer[1], "peers": [{"address": feed.SOURCE, "passive": True}]}
        self.feed = None

    def start(self, source=feed.SOURCE):
        """The whole table is sent."""
        self.feed = feed.Feed(daemon.program("lsfeed"), self.path, self.peer, source)
        self.feed.ask("up")
        self.feed.ask("table")

    def tell(self, pced):
        """Returns when pced has published all of it."""
        self.start()
        pced.wait_line(f"topology (published|changed).* links={self.feed.ready['links']:.0f}$")

    def stop(self):
        if self.feed is not None:
            self.feed.stop()
        self.folder.cleanup()
