#!/usr/bin/env python3
"""The server against the oracle: random requests under random constraints on the sample networks, each
answer followed through the network and held against the optimum that the oracle computes by itself. The server has
the network from its file, or is told it by BGP-LS."""

import contextlib
import os
import random
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

try:
    import oracle
except ImportError as missing:
    print(f"SKIP: {missing}: install python3-networkx and python3-yaml")
    sys.exit(77)

import bgp_told
import pcep
from daemon import ROOT, Pced
from peer import Peer

SEED = int(os.environ.get("PCED_TEST_SEED", "8664"))
KINDS = {"igp": pcep.METRIC_IGP, "te": pcep.METRIC_TE, "hops": pcep.METRIC_HOPS,
         "delay": pcep.METRIC_DELAY}
MSD = 10


def read(name):
    with open(os.path.join(ROOT, "deploy", "topologies", name), encoding="utf-8") as file:
        return file.read()


class OraclePaths(unittest.TestCase):
    def random_request(self, draw, network):
        source, destination = draw.sample(sorted(network.nodes), 2)
        request = oracle.Request(source, destination, metric=draw.choice(oracle.METRICS), msd=MSD)
        groups = sorted({link.admin_group for link in network.links})
        widths = sorted({width for link in network.links for width in link.unreserved})
        if draw.random() < 0.3:
            request.exclude_any = draw.choice([1, 2, 4, 8])
        if draw.random() < 0.15:
            request.include_any = draw.choice(groups) or 1
        if draw.random() < 0.1:
            request.include_all = draw.choice(groups)
        if draw.random() < 0.4:
            request.bandwidth = draw.choice(widths) * draw.choice([0.5, 1])
            request.priority = draw.randrange(8)
        if draw.random() < 0.3:
            request.msd = draw.choice([1, 2, 3])
        request.widest = draw.random() < 0.15
        if draw.random() < 0.4:
            metric = draw.choice(oracle.METRICS)
            plain = oracle.Request(source, destination, metric=metric)
            request.bounds[metric] = round(network.least_cost(plain) * draw.uniform(0.95, 1.6))
        return request

    def objects(self, request):
        yield pcep.lspa(request.exclude_any, request.include_any, request.include_all,
                        setup=request.priority)
        if request.bandwidth:
            yield pcep.bandwidth(request.bandwidth)
        yield pcep.metric(KINDS[request.metric], computed=True)
        for metric, bound in request.bounds.items():
            yield pcep.metric(KINDS[metric], bound, bound=True)
        if request.msd != MSD:
            yield pcep.metric(pcep.METRIC_MSD, request.msd, bound=True)
        if request.widest:
            yield pcep.objective(3)

    def serve(self, text):
        """The server, with this network."""
        return Pced(topology=text)

    def compare(self, name, count):
        text, draw = read(name), random.Random(SEED)
        network = oracle.Network(text)
        address = {n.name: str(min(a for a in n.addresses if a.version == 4))
                   for n in network.nodes.values()}
        paths = several = 0
        with self.serve(text) as pced, Peer(pced.address) as peer:
            peer.open(keepalive=0, dead=0, tlvs=pcep.sr_capability_tlv(msd=MSD))
            for number in range(1, count + 1):
                request = self.random_request(draw, network)
                response = peer.ask(number, address[request.source], address[request.destination],
                                    *self.objects(request))
                with self.subTest(seed=SEED, number=number, request=request):
                    if response.no_path is not None:
                        self.assertIsNone(network.best_lists(request)[0], "NO-PATH")
                        continue
                    self.assertEqual(oracle.check(network, request, response.labels()), [])
                    self.assertEqual(response.metric(KINDS[request.metric]),
                                     network.best_lists(request)[0])
                    paths += 1
                    several += len(response.labels()) > 1
        print(f"\n  {name}: {count} requests, {paths} paths, {several} of several labels")
        self.assertGreater(paths, count // 3)
        self.assertLess(paths, count)
        self.assertGreater(several, count // 10)

    def test_small_network(self):
        self.compare("small.yaml", 400)

    def test_national_network(self):
        self.compare("national.yaml", 150)


class OraclePathsByBgpLs(OraclePaths):
    @contextlib.contextmanager
    def serve(self, text):
        told = bgp_told.Told(text)
        self.addCleanup(told.stop)
        with Pced(bgp_ls=told.configuration) as pced:
            told.tell(pced)
            yield pced


if __name__ == "__main__":
    unittest.main(verbosity=2)
