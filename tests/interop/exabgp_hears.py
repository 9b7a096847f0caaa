#!/usr/bin/env python3
"""ExaBGP as a witness: what it hears of pced's session, and of lsfeed's network, whose octets are made by hand. It
announces no link state itself."""

import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

try:
    import oracle
except ImportError as missing:
    print(f"SKIP: {missing}: install python3-networkx and python3-yaml")
    sys.exit(77)

import bgp_told
import exabgp
import netns
from daemon import ROOT, Pced, free_port

FOLDER = os.path.join(ROOT, "build", "interop")
TOPOLOGY = os.path.join(ROOT, "deploy", "topologies", "national.yaml")
ADDRESS = "127.0.9.8"


def setUpModule():
    try:
        if os.geteuid() != 0:
            raise netns.Unavailable("ExaBGP is started as root")
        os.makedirs(FOLDER, exist_ok=True)
        Case.program = exabgp.find_program(FOLDER)
    except netns.Unavailable as reason:
        print(f"SKIP: {reason}")
        raise unittest.SkipTest(str(reason)) from None


class Case(unittest.TestCase):
    program = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pced-exabgp-")
        self.addCleanup(folder.cleanup)
        self.port = free_port()
        self.exabgp = exabgp.Exabgp(self.program, folder.name, ADDRESS, self.port)
        self.addCleanup(self.exabgp.stop)


class Session(Case):
    """pced connects to it."""

    def setUp(self):
        super().setUp()
        self.pced = Pced(bgp_ls={"as": exabgp.AS, "router-id": "192.0.2.250", "peers": [
            {"address": ADDRESS, "port": self.port, "connect-retry": 1}]}).start()
        self.addCleanup(self.pced.stop)
        self.pced.wait_line(f"BGP-LS peer up peer={ADDRESS}")

    def test_it_understands_our_open(self):
        said = self.exabgp.wait("open")[0]["open"]
        self.assertEqual((said["version"], said["asn"], said["hold_time"], said["router_id"]),
                         (4, exabgp.AS, 90, "192.0.2.250"))
        found = {one["name"]: one for one in said["capabilities"].values()}
        self.assertEqual(found["multiprotocol"]["families"], ["bgp-ls/bgp-ls"])
        self.assertEqual(found["asn4"]["asn4"], exabgp.AS)
        self.assertEqual(found["extended-message"]["size"], 65535)
        self.assertIn("route-refresh", found)

    def test_it_is_told_of_the_shutdown(self):
        self.pced.stop()
        said = self.exabgp.wait("notification")[0]["notification"]
        self.assertEqual((said["code"], said["subcode"]), (6, 2))

    def test_its_end_is_told_to_operators(self):
        """This version closes without a NOTIFICATION when it is ended."""
        self.exabgp.stop()
        self.pced.wait_line("BGP-LS peer down.*by=peer")


class Network(Case):
    """lsfeed tells it the national network; it is compared with the file as the oracle reads it."""

    def setUp(self):
        super().setUp()
        with open(TOPOLOGY, encoding="utf-8") as file:
            text = file.read()
        self.network = oracle.Network(text)
        told = bgp_told.Told(text, (ADDRESS, self.port))
        self.addCleanup(told.stop)
        told.start(source="127.0.0.1")
        heard = self.exabgp.wait("update", lambda all_: any("eor" in one["message"] for one in all_))
        self.updates = [one["message"]["update"] for one in heard if "update" in one["message"]]

    def objects(self, kind):
        """(NLRI, attribute) of that type."""
        for update in self.updates:
            for several in update["announce"]["bgp-ls bgp-ls"].values():
                for nlri in several:
                    if nlri["ls-nlri-type"] == kind:
                        yield nlri, update["attribute"]["bgp-ls"]

    def names(self):
        return {nlri["node-descriptors"][0]["router-id"]: said["node-name"]
                for nlri, said in self.objects("bgpls-node")}

    def test_nodes_are_those_of_the_file(self):
        self.assertEqual(sorted(self.names().values()), sorted(self.network.nodes))
        for _, said in self.objects("bgpls-node"):
            node = self.network.nodes[said["node-name"]]
            self.assertLessEqual(set(said["local-te-router-ids"]), {str(one) for one in node.addresses})

    def test_prefix_sids_are_those_of_the_file(self):
        names, found = self.names(), {}
        for nlri, said in self.objects("bgpls-prefix-v4"):
            if said.get("sids"):
                found[names[nlri["node-descriptors"][0]["router-id"]]] = said["sids"][0]
        self.assertEqual(found, {node.name: node.sid_index for node in self.network.nodes.values()})

    def test_links_are_those_of_the_file(self):
        names, found = self.names(), []
        for nlri, said in self.objects("bgpls-link"):
            ends = [names[nlri[f"{side}-node-descriptors"][0]["router-id"]] for side in ("local", "remote")]
            found.append((*ends, nlri["interface-addresses"][0], said["igp-metric"], said["te-metric"],
                          int(said["generic-lsid-1114"][0], 16), said["admin-group-mask"], said["sr-adj"]["sids"],
                          said["unreserved-bandwidth"]))
        wanted = [(link.start, link.end, str(min(a for a in link.local if a.version == 4)), link.igp, link.te,
                   link.delay, link.admin_group, link.labels, link.unreserved) for link in self.network.links]
        for heard, link in zip(sorted(found), sorted(wanted), strict=True):
            self.assertEqual(heard[:-1], link[:-1])
            for one, other in zip(heard[-1], link[-1], strict=True):
                self.assertAlmostEqual(one / other, 1, places=6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
