#!/usr/bin/env python3
"""Pairs of disjoint paths against networkx: the least sum of two paths is a flow of least cost.

The networks are the samples of deploy/topologies, and the reference topologies where they are; metrics,
affinities and SIDs are made up as in networkx_oracle.py. A pair of strict paths has to cost what the flow
costs, and to exist where the flow does; of a pair of segment lists each branch is forwarded, and none may
lead over what the other list uses.

Needs what networkx_oracle.py needs, and PyYAML for the samples. PCED_TEST_SEED gives other requests.
"""

import itertools
import random
import sys
import unittest

import networkx_oracle as oracle
from networkx_oracle import ROOT, SEED, SKIPPED, TOPOLOGIES, Forwarder, Network, answers_to, find_tool, nx

try:
    import yaml
except ImportError:
    yaml = None

SHARED_COST = 10**9  # above the metric of any two paths
SAMPLES = ROOT / "deploy" / "topologies"


def read_sample(path):
    data = yaml.safe_load(path.read_text())
    graph = nx.MultiGraph()
    graph.add_nodes_from(node["name"] for node in data["nodes"])
    for number, link in enumerate(data["links"]):
        graph.add_edge(link["from"], link["to"], dist=50 + 37 * (number % 11))
    return graph


def make_request(rng, network):
    source, destination = rng.sample(range(len(network.names)), 2)
    request = {"from": source, "to": destination, "setup": rng.choice(("rsvp", "rsvp", "sr"))}
    request["metric"] = rng.choice(oracle.METRICS)
    request["pair"] = rng.choice(("link", "node"))
    if request["setup"] == "rsvp":
        request["family"] = "none"
    if rng.random() < 0.3:
        request["exclude-any"] = rng.randrange(1, 8)
    if rng.random() < 0.2:
        request["bandwidth"] = rng.choice((1e6, 1e8))
    if rng.random() < 0.3 and request["pair"] == "link" and "bandwidth" not in request:
        request["relaxed"] = 1
    return request


def usable(network, request):
    return [link for link in network.links if oracle.is_usable(link, request)]


def least_flow(network, request):
    """(links that are shared, metric) of two paths at least; None where there are no two."""
    graph = nx.MultiDiGraph()
    ends = request["from"], request["to"]
    by_node = request["pair"] == "node"
    for node in range(len(network.names)):
        is_end = node in ends
        graph.add_edge(("in", node), ("out", node), capacity=2 if is_end or not by_node else 1, weight=0)
    for link in usable(network, request):
        tail, head = ("out", link["from"]), ("in", link["to"])
        graph.add_edge(tail, head, capacity=1, weight=link[request["metric"]])
        if "relaxed" in request:
            graph.add_edge(tail, head, capacity=1, weight=link[request["metric"]] + SHARED_COST)
    graph.nodes[("in", ends[0])]["demand"] = -2
    graph.nodes[("out", ends[1])]["demand"] = 2
    try:
        cost = nx.network_simplex(graph)[0]
    except nx.NetworkXUnfeasible:
        return None
    return divmod(cost, SHARED_COST)


class Judge:
    def __init__(self, network, counts):
        self.network = network
        self.counts = counts
        self.both = {}  # of each link the number of its entry
        for number, entry in enumerate(network.entries):
            self.both.update({link: number for link in entry})
        self.numbers = {id(link): number for number, link in enumerate(network.links)}

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def judge(self, request, answer):
        flow = least_flow(self.network, request)
        self.count(f"{request['setup']} {answer['outcome']}")
        if flow is None:
            assert answer["outcome"] == "none", "there are no two paths"
            return
        if answer["outcome"] != "found":
            assert request["setup"] == "sr", "there are two paths"
            return
        used = [self.used(request, member) for member in answer["members"]]
        shared = len(used[0] & used[1])
        assert answer["shared"] == shared, f"shared {shared}"
        if request["pair"] == "node":
            self.judge_nodes(request, used)
        cost = sum(member[request["metric"]] for member in answer["members"])
        assert answer["cost"] == cost, f"the members cost {cost}"
        assert (shared, cost) >= flow, f"better than the best, {flow}"
        assert answer["cost-min"] <= cost
        if request["setup"] == "rsvp":
            assert answer["optimal"], "not proven"
            assert (shared, cost) == flow, f"{flow} is possible"
        elif (shared, cost) == flow:
            self.count("sr optimal")

    def used(self, request, member):
        """The entries of all links that the traffic may take."""
        if request["setup"] == "rsvp":
            links = [self.network.links[number] for number in member["links"]]
            at = request["from"]
            for link in links:
                assert link["from"] == at, "the links do not join"
                at = link["to"]
        else:
            at, links, _ = Forwarder(self.network).run(request["from"], member["labels"])
        assert at == request["to"], "the path ends elsewhere"
        assert all(oracle.is_usable(link, request) for link in links), "a link is ruled out"
        return {self.both[self.numbers[id(link)]] for link in links}

    def judge_nodes(self, request, used):
        nodes = [
            {self.network.links[self.network.entries[entry][0]][end] for entry in one for end in ("from", "to")}
            for one in used
        ]
        assert nodes[0] & nodes[1] == {request["from"], request["to"]}, "a node is shared"


class PairOracle(unittest.TestCase):
    def check(self, name, graph):
        network = Network(name, graph)
        rng = random.Random(f"pairs {SEED} {name}")
        requests = [make_request(rng, network) for _ in range(60 if len(network.names) <= 200 else 15)]
        counts = {}
        judge = Judge(network, counts)
        slowest = 0
        for request, answer in zip(requests, answers_to(network, requests)):
            slowest = max(slowest, answer["us"])
            try:
                judge.judge(request, answer)
            except AssertionError as error:
                line = oracle.request_line(request, network)
                self.fail(f"seed {SEED}, {name}, {line}: {error}; answer {answer}")
        text = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        print(f"{name}: {len(network.names)} nodes, {len(requests)} pairs: {text}; slowest {slowest:.0f} us",
              flush=True)
        if len(network.names) > 20:
            self.assertGreater(counts.get("rsvp found", 0), 0)


def add_test(name, read, path):
    def test(self):
        self.check(path.stem, read(path))
    setattr(PairOracle, "test_" + "".join(c if c.isalnum() else "_" for c in name), test)


def main():
    if nx is None or find_tool() is None:
        print("SKIP: pair oracle: no networkx, or path_query is not built (PCED_BUILD)")
        sys.exit(SKIPPED)
    if yaml is None:
        print("SKIP: pair oracle: the samples of deploy/topologies need PyYAML")
    else:
        for path in sorted(SAMPLES.glob("*.yaml")):
            add_test("sample_" + path.stem, read_sample, path)
    if not TOPOLOGIES.is_dir():
        print("SKIP: pair oracle: no reference topologies (PCED_SHARED)")
    for path in itertools.chain(sorted(TOPOLOGIES.glob("*.graphml")), sorted(TOPOLOGIES.glob("*.json"))):
        add_test(path.stem, oracle.read_graph, path)
    unittest.main(verbosity=1)


if __name__ == "__main__":
    main()
