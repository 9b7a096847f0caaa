#!/usr/bin/env python3
"""Path computation against networkx on the reference topologies.

Each topology is written as one of our topology files, with metrics, affinities, bandwidths and SIDs that
depend on its name alone. path_query answers random requests on it; networkx computes the same on the
graph without the links that a request rules out, and the labels of each answer are forwarded here, over
every ECMP branch, by what each router's own label tables say.

Needs: PCED_BUILD (the build folder with path_query in it), PCED_SHARED (default ../shared beside the
repository), networkx. What is missing is skipped with a line that says so. PCED_TEST_SEED gives other
requests.
"""

import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import networkx as nx
except ImportError:
    nx = None

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PCED_SHARED", ROOT.parent / "shared"))
TOPOLOGIES = SHARED / "topologies"
BUILD = Path(os.environ.get("PCED_BUILD", ROOT / "build" / "release"))
SEED = os.environ.get("PCED_TEST_SEED", "1")
SKIPPED = 77  # what the test command takes for "could not run"

METRICS = ("igp", "te", "hops", "delay")
CONSTRAINT_BITS = {"bandwidth": 1, "affinity": 2, "sids": 4, "protection": 8, "hops": 16, "list": 32,
                   "bound": 0x7f00}
PROTECTIONS = ("unprotected", "protected", "only-unprotected", "only-protected")
PARALLEL_STEP = 1 << 20
SIMPLE_PATHS_MAX = 400


def find_tool():
    for path in (BUILD / "tests" / "path-oracle" / "path_query", BUILD / "path_query"):
        if path.is_file():
            return path
    return None


class Network:
    """A topology with made-up values, as directed links numbered as in our files: each entry of `links`
    is one link, or two where it has another direction."""

    def __init__(self, name, graph):
        self.name = name
        rng = random.Random("network " + self.name)
        self.nodes = {str(node): number for number, node in enumerate(graph.nodes())}
        self.names = [f"n{number}" for number in range(len(self.nodes))]
        self.bases = [rng.choice((16000, 16000, 30000, 100000)) for _ in self.names]
        self.has_sid = [rng.random() < 0.97 for _ in self.names]
        self.has_v6 = [rng.random() < 0.9 for _ in self.names]
        self.entries = []  # the numbers of their links
        self.links = []
        lengths = lengths_of(graph)
        for (a, b), length in zip(graph.edges(), lengths):
            if a == b:
                continue
            ends = self.nodes[str(a)], self.nodes[str(b)]
            self.add(rng, ends, length)
        self.igp = nx.DiGraph()  # reversed: distances towards a node
        self.igp.add_nodes_from(range(len(self.names)))
        self.into = [[] for _ in self.names]
        self.out_of = [[] for _ in self.names]
        joined = {(link["from"], link["to"]) for link in self.links}
        for link in self.links:
            self.into[link["to"]].append(link)
            self.out_of[link["from"]].append(link)
            # An IGP uses no link that nothing leads back from (RFC 2328 16.1).
            link["two-way"] = (link["to"], link["from"]) in joined
            if not link["two-way"]:
                continue
            known = self.igp.get_edge_data(link["to"], link["from"])
            if known is None or known["weight"] > link["igp"]:
                self.igp.add_edge(link["to"], link["from"], weight=link["igp"])
        self.distances = {}

    def add(self, rng, ends, length):
        igp = 1 + round(length / 50)
        names = {"v4": rng.random() < 0.5, "v6": rng.random() < 0.4, "ids": rng.random() < 0.3}
        directions = 1 if rng.random() < 0.04 else 2
        self.entries.append([len(self.links) + number for number in range(directions)])
        for direction in range(directions):
            capacity = rng.choice((1e9, 10e9, 100e9)) if direction == 0 else self.links[-1]["capacity"]
            free = sorted((capacity * rng.randrange(0, 9) / 8 for _ in range(3)), reverse=True)
            link = {
                "from": ends[direction],
                "to": ends[1 - direction],
                "igp": igp if rng.random() < 0.9 else igp + rng.randrange(1, 5),
                "te": rng.randrange(1, 100),
                "hops": 1,
                "delay": max(1, round(length * 5)) + rng.randrange(50),
                "admin": sum(1 << bit for bit in range(3) if rng.random() < 0.15),
                "capacity": capacity,
                "unreserved": [free[0]] * 2 + [free[1]] * 3 + [free[2]] * 3,
                "adj": None if rng.random() < 0.1 else 500000 + len(self.links),
                "protected": 600000 + len(self.links) if rng.random() < 0.6 else None,
                **names,
            }
            self.links.append(link)

    def yaml(self):
        def values(link):
            sids = [] if link["protected"] is None else [f"{{label: {link['protected']}, protected: true}}"]
            sids += [] if link["adj"] is None else [f"{{label: {link['adj']}}}"]
            adj = f", adj-sids: [{', '.join(sids)}]"
            unreserved = ", ".join(f"{free:.0f}" for free in link["unreserved"])
            return (
                f"igp-metric: {link['igp']}, te-metric: {link['te']}, delay: {link['delay']}, "
                f"admin-group: {link['admin']}, unreserved: [{unreserved}]{adj}"
            )

        lines = [f"network: {{name: {self.name}}}", "nodes:"]
        for number, name in enumerate(self.names):
            sid = f", prefix-sid: {number}" if self.has_sid[number] else ""
            router = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            router = f"11{router[2:]}"
            srgb = f"{{base: {self.bases[number]}, size: 8000}}"
            v6 = f', router-id-v6: "fd00::{number + 1:x}"' if self.has_v6[number] else ""
            lines.append(f"  - {{name: {name}, router-id: {router}{v6}, srgb: {srgb}{sid}}}")
        lines.append("links:")
        for number, entry in enumerate(self.entries):
            link = self.links[entry[0]]
            other = f"reverse: {{{values(self.links[entry[1]])}}}" if len(entry) > 1 else "one-way: true"
            lines.append(
                f"  - {{from: {self.names[link['from']]}, to: {self.names[link['to']]}, "
                f"capacity: {link['capacity']:.0f}, {values(link)}{ends_of(link, number)}, {other}}}"
            )
        return "\n".join(lines) + "\n"

    def distances_to(self, node):
        """IGP distances of all nodes towards one, over the whole topology."""
        if node not in self.distances:
            self.distances[node] = nx.single_source_dijkstra_path_length(self.igp, node)
        return self.distances[node]

    def siblings(self, link):
        return [other for other in self.out_of[link["from"]] if other["to"] == link["to"]]

    def is_named_by_node(self, link, request):
        """Whether a strict hop may mean any link between the two nodes."""
        is_v6 = request.get("family") == "6"
        if request["setup"] != "rsvp" or "family" not in request or link["v6" if is_v6 else "v4"]:
            return False
        if is_v6 and not self.has_v6[link["to"]]:
            return False
        return (is_v6 or not link["ids"]) and len(self.siblings(link)) > 1

    def has_hop(self, link, request):
        """Whether some strict hop of the family means the link, or only links that are as good."""
        if request["setup"] != "rsvp" or "family" not in request:
            return True
        if not self.is_named_by_node(link, request):
            return request["family"] == "4" or link["v6"] or self.has_v6[link["to"]]
        return all(
            is_usable(other, request) and all(other[m] <= link[m] for m in bounds_of(request))
            for other in self.siblings(link)
        )

    def usable(self, request):
        if request["setup"] == "rsvp" and request.get("protection") == "only-protected":
            return []
        return [link for link in self.links if is_usable(link, request) and self.has_hop(link, request)]

    def badness(self, link, request):
        meant = self.siblings(link) if self.is_named_by_node(link, request) else [link]
        return max(badness(other, request) for other in meant)


def ends_of(link, number):
    """How the ends of an entry are named in the file."""
    first = 2 * number
    ends = ""
    if link["v4"]:
        v4 = [f"12.{end >> 16}.{end >> 8 & 255}.{end & 255}" for end in (first, first + 1)]
        ends += f", addresses: [{v4[0]}, {v4[1]}]"
    if link["v6"]:
        ends += f', addresses-v6: ["fd01::{first:x}", "fd01::{first + 1:x}"]'
    if link["ids"]:
        ends += f", interface-ids: [{first + 1}, {first + 2}]"
    return ends


def unreserved_of(link, request):
    """Without LSPA the setup priority is 0 (RFC 5440 7.11)."""
    return link["unreserved"][request.get("priority", 0)]


def adjacency_of(link, protection):
    """The adjacency SID that a list takes (RFC 9488 5); None: there is none that it may."""
    wanted, other = link["adj"], link["protected"]
    if protection in ("protected", "only-protected"):
        wanted, other = other, wanted
    if wanted is None and not protection.startswith("only-"):
        return other
    return wanted


def protection_of(request):
    return request.get("protection", "unprotected")


def lengths_of(graph):
    """Kilometres of each edge, from the data or from the places of its ends."""
    for a, b, data in graph.edges(data=True):
        if "dist" in data:
            yield float(data["dist"])
            continue
        ends = [graph.nodes[a], graph.nodes[b]]
        if any("Latitude" not in end for end in ends):
            yield 100.0
            continue
        (y1, x1), (y2, x2) = [
            (math.radians(end["Latitude"]), math.radians(end["Longitude"])) for end in ends
        ]
        cosine = math.sin(y1) * math.sin(y2) + math.cos(y1) * math.cos(y2) * math.cos(x1 - x2)
        yield 6371 * math.acos(max(-1.0, min(1.0, cosine)))


def read_graph(path):
    if path.suffix == ".graphml":
        return nx.read_graphml(path)
    data = json.loads(path.read_text())
    graph = nx.MultiGraph()
    for node in data["nodes"]:
        graph.add_node(node["id"])
    for edge in data["edges"]:
        graph.add_edge(edge["source"], edge["target"], dist=edge["dist"])
    return graph


def is_usable(link, request):
    if unreserved_of(link, request) / 8 < request.get("bandwidth", 0):
        return False
    if link["admin"] & request.get("exclude-any", 0):
        return False
    any_of = request.get("include-any", 0)
    if any_of and not link["admin"] & any_of:
        return False
    all_of = request.get("include-all", 0)
    return link["admin"] & all_of == all_of


def make_request(rng, network):
    source, destination = rng.sample(range(len(network.names)), 2)
    request = {"from": source, "to": destination, "setup": rng.choice(("rsvp", "sr", "sr"))}
    request["metric"] = rng.choice(METRICS)
    if request["setup"] == "sr" and rng.random() < 0.1:
        request["metric"] = "sids"
    if rng.random() < 0.15:
        request["objective"] = rng.choice(("load", "residual"))
    if rng.random() < 0.4:
        request["bandwidth"] = rng.choice((1e6, 1e8, 3e8, 1e9))
    if rng.random() < 0.3:
        request["exclude-any"] = rng.randrange(1, 8)
    if rng.random() < 0.1:
        request["include-any"] = rng.randrange(1, 8)
    if rng.random() < 0.03:
        request["include-all"] = 1 << rng.randrange(3)
    if rng.random() < 0.5:
        request["priority"] = rng.randrange(8)
    if request["setup"] == "rsvp":
        request["family"] = "6" if rng.random() < 0.2 else "4"
    if rng.random() < 0.2:
        request["protection"] = rng.choice(PROTECTIONS)
    if rng.random() < 0.3:
        bounded = rng.choice([metric for metric in METRICS if metric != request["metric"]])
        reach = least(graph_of(network.usable(request), bounded, len(network.names)), request)
        if reach is not None:
            request["bound-" + bounded] = math.floor(reach[0] * rng.uniform(0.9, 1.3))
    if request["setup"] == "sr" and rng.random() < 0.6:
        request["sids-max"] = rng.randrange(1, 8)
    return request


def request_line(request, network):
    words = [network.names[request["from"]], network.names[request["to"]]]
    for key, value in request.items():
        if key not in ("from", "to"):
            words.append(f"{key}={value}")
    return " ".join(words)


def graph_of(links, metric, node_count):
    """The least of parallel links; the key of our searches: metric first, then hops."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(node_count))
    for link in links:
        weight = link[metric] * PARALLEL_STEP + 1
        known = graph.get_edge_data(link["from"], link["to"])
        if known is None or known["weight"] > weight:
            graph.add_edge(link["from"], link["to"], weight=weight, link=link)
    return graph


def least(graph, request):
    """(metric, hops) of the best path; None when there is none."""
    try:
        key = nx.bidirectional_dijkstra(graph, request["from"], request["to"])[0]
    except nx.NetworkXNoPath:
        return None
    return key // PARALLEL_STEP, key % PARALLEL_STEP


def bounds_of(request):
    return {m: request["bound-" + m] for m in METRICS if "bound-" + m in request}


def badness(link, request):
    if request.get("objective") == "load":
        return round((link["capacity"] - unreserved_of(link, request)) / link["capacity"] * 1e6)
    return -unreserved_of(link, request)


class Forwarder:
    """Sends a packet with a label stack over every branch and reports what the worst one met."""

    def __init__(self, network):
        self.network = network

    def segment(self, at, target, label):
        """The links of all shortest paths from a node to another, farthest first."""
        network = self.network
        distance = network.distances_to(target)
        index = label - network.bases[at]
        reached, used = {at}, []
        for node in sorted_by_distance(network, at, distance):
            if node not in reached or node == target:
                continue
            for link in network.out_of[node]:
                if is_forwarding(link, distance):
                    assert 0 <= index < 8000, "a node does not know the label"
                    used.append(link)
                    reached.add(link["to"])
        return used

    def run(self, source, labels):
        """(end, all links used, worst sum by metric)."""
        network, at, used = self.network, source, []
        worst = dict.fromkeys(METRICS, 0)
        for label in labels:
            pinned = [link for link in network.out_of[at] if label in (link["adj"], link["protected"])]
            if pinned:
                segment, end = pinned, pinned[0]["to"]
            else:
                end = label - network.bases[at]
                assert 0 <= end < len(network.names), f"label {label} is unknown at n{at}"
                assert network.has_sid[end], f"n{end} has no SID"
                assert at in network.distances_to(end), f"the IGP does not lead to n{end}"
                segment = self.segment(at, end, label)
            used += segment
            for metric in METRICS:
                sums = {at: 0}
                for link in segment:
                    value = sums[link["from"]] + link[metric]
                    sums[link["to"]] = max(value, sums.get(link["to"], 0))
                worst[metric] += sums[end]
            at = end
        return at, used, worst


def is_forwarding(link, distance):
    """Whether a packet on its way to where the distances lead takes the link."""
    rest = distance.get(link["to"], math.inf)
    return link["two-way"] and rest + link["igp"] == distance.get(link["from"])


def sorted_by_distance(network, at, distance):
    """The nodes that can be on the way, from the farthest to the nearest."""
    waiting, seen = [at], {at}
    while waiting:
        node = waiting.pop()
        for link in network.out_of[node]:
            to = link["to"]
            if to not in seen and is_forwarding(link, distance):
                seen.add(to)
                waiting.append(to)
    return sorted(seen, key=lambda node: -distance[node])


class Judge:
    """Compares one answer with networkx; raises AssertionError."""

    def __init__(self, network, counts):
        self.network = network
        self.counts = counts

    def judge(self, request, answer):
        links = self.network.usable(request)
        metric = "igp" if request["metric"] == "sids" else request["metric"]
        graph = graph_of(links, metric, len(self.network.names))
        best = least(graph, request)
        self.counts[answer["outcome"]] = self.counts.get(answer["outcome"], 0) + 1
        if answer["outcome"] == "work":
            assert request["setup"] == "sr" or bounds_of(request), "a plain search gave up"
        elif answer["outcome"] == "none":
            self.judge_none(request, answer, graph, best, metric)
        else:
            assert answer["outcome"] == "found", answer["outcome"]
            assert best is not None, "there is no path"
            self.judge_found(request, answer, links, metric, best, graph)

    def judge_none(self, request, answer, graph, best, metric):
        unsatisfied = answer["unsatisfied"]
        bounds = bounds_of(request)
        if best is not None and not bounds:
            assert request["setup"] == "sr", "there is a path"
            named = CONSTRAINT_BITS["sids"] | CONSTRAINT_BITS["list"]
            if protection_of(request).startswith("only-"):
                named |= CONSTRAINT_BITS["protection"]
            assert unsatisfied & named, "neither the SID list, its depth nor the protection is named"
        if best is not None and bounds and request["setup"] == "rsvp":
            assert self.first_within(request, graph, metric) is None, "a path keeps the bounds"
            assert unsatisfied & CONSTRAINT_BITS["bound"], "the bound is not named"
        if request["setup"] == "rsvp" and not bounds:
            self.judge_unsatisfied(request, unsatisfied)

    def judge_unsatisfied(self, request, unsatisfied):
        groups = {
            "bandwidth": ("bandwidth",),
            "affinity": ("exclude-any", "include-any", "include-all"),
        }
        asked = [name for name, keys in groups.items() if any(key in request for key in keys)]
        groups["hops"] = ("family",)
        groups["protection"] = ("protection",)
        if protection_of(request).startswith("only-"):
            asked.append("protection")
        asked.append("hops")

        def frees(names):
            gone = {key for name in names for key in groups[name]}
            return self.has_path({k: v for k, v in request.items() if k not in gone})

        alone = [name for name in asked if frees([name])]
        if alone:
            assert unsatisfied == sum(CONSTRAINT_BITS[name] for name in alone), "not what helps alone"
            return
        if not frees(asked):
            assert unsatisfied == 0, "something is blamed where nothing helps"
            return
        named = [name for name in asked if unsatisfied & CONSTRAINT_BITS[name]]
        assert unsatisfied == sum(CONSTRAINT_BITS[name] for name in named), "not asked"
        assert frees(named), "what is blamed does not help"
        for size in range(2, len(named)):
            for names in itertools.combinations(asked, size):
                assert not frees(names), f"{names} are fewer than {named}"

    def has_path(self, request):
        graph = graph_of(self.network.usable(request), "igp", len(self.network.names))
        return nx.has_path(graph, request["from"], request["to"])

    def first_within(self, request, graph, metric):
        """Cost of the best path that keeps the bounds, by going through the paths in order; None when
        no path does, or () when that would take too long or there are parallel links."""
        bounds = bounds_of(request)
        for bounded, bound in bounds.items():
            other = graph_of(
                [link for *_, link in graph.edges(data="link")], bounded, len(self.network.names)
            )
            reach = least(other, request)
            if reach is not None and reach[0] > bound:
                return None
        usable = self.network.usable(request)
        if len(self.network.names) > 200 or graph.number_of_edges() < len(usable):
            return ()
        paths = nx.shortest_simple_paths(graph, request["from"], request["to"], weight="weight")
        for number, path in enumerate(paths):
            if number == SIMPLE_PATHS_MAX:
                return ()
            links = [graph.edges[edge]["link"] for edge in zip(path, path[1:])]
            if all(sum(one[m] for one in links) <= bound for m, bound in bounds.items()):
                self.counts["bounds proven"] = self.counts.get("bounds proven", 0) + 1
                return sum(link[metric] for link in links)
        return None

    def judge_found(self, request, answer, links, metric, best, graph):
        path = [self.network.links[number] for number in answer["links"]]
        self.judge_path(request, answer, path)
        judged = set(bounds_of(request)) | {metric}
        if request["setup"] == "sr":
            end, used, worst = Forwarder(self.network).run(request["from"], answer["labels"])
            assert end == request["to"], "the labels lead elsewhere"
            assert all(is_usable(link, request) for link in used), "a branch is ruled out"
            assert all(link in used for link in path), "the links are no branch"
            assert 0 < answer["sids"] == len(answer["labels"]) <= request.get("sids-max", 255)
            self.judge_protection(request, answer)
            for m in judged:
                assert answer[m] == worst[m], f"a branch has {m} {worst[m]}"
            self.counts["labels"] = self.counts.get("labels", 0) + len(answer["labels"])
        else:
            assert answer["labels"] == []
            for m in METRICS:
                assert answer[m] == sum(link[m] for link in path), f"sum of {m}"
        for m, bound in bounds_of(request).items():
            assert answer[m] <= bound, f"above the bound of {m}"
        self.judge_objective(request, answer, links, metric, best, graph, path)

    def judge_protection(self, request, answer):
        """Adjacency SIDs are those that are wanted; node SIDs count as protected."""
        protection, protected, nodes = protection_of(request), True, 0
        sids = {
            sid: link for link in self.network.links for sid in (link["adj"], link["protected"]) if sid
        }
        for label in answer["labels"]:
            if label in sids:
                assert label == adjacency_of(sids[label], protection), "another SID is wanted"
                protected = protected and label == sids[label]["protected"]
            else:
                nodes += 1
        assert protection != "only-unprotected" or nodes == 0, "a node SID is protected"
        assert answer["protected"] == protected, "protection is claimed falsely"

    def judge_path(self, request, answer, path):
        at = request["from"]
        assert answer["nodes"][0] == self.network.names[at]
        for name, link in zip(answer["nodes"][1:], path):
            assert link["from"] == at, "the links do not join"
            assert is_usable(link, request), "a link is ruled out"
            at = link["to"]
            assert name == self.network.names[at]
        assert at == request["to"], "the path ends elsewhere"

    def judge_objective(self, request, answer, links, metric, best, graph, path):
        bounds = bounds_of(request)
        depth = request["setup"] == "sr" and ("sids-max" in request or request["metric"] == "sids")
        pinned = request["setup"] == "sr"
        if request.get("objective") is not None:
            if bounds or pinned:
                return
            rate = self.network.badness
            worst = max(rate(link, request) for link in path)
            better = [link for link in links if rate(link, request) < worst]
            assert least(graph_of(better, "igp", len(self.network.names)), request) is None, (
                "there is a path with a better worst link"
            )
            equal = [link for link in links if rate(link, request) <= worst]
            best = least(graph_of(equal, metric, len(self.network.names)), request)
        assert answer[metric] >= best[0], "better than the best"
        if bounds and not pinned and answer[metric] != best[0]:
            first = self.first_within(request, graph, metric)
            assert first in ((), answer[metric]), f"{metric} {first} keeps the bounds"
        elif not bounds and not depth:
            # Without an adjacency SID the best path may have no list: then it may be dearer.
            if answer[metric] != best[0]:
                assert pinned and self.lacks_sid(best, graph, request), f"{metric} {best[0]} is possible"
            elif not pinned:
                assert len(path) == best[1], "more hops than needed"
        if not bounds and answer[metric] == best[0]:
            self.counts["optimal"] = self.counts.get("optimal", 0) + 1

    def lacks_sid(self, best, graph, request):
        """Whether some path of the best cost is short of a SID on one of its links."""
        path = nx.bidirectional_dijkstra(graph, request["from"], request["to"])[1]
        links = [graph.edges[edge]["link"] for edge in zip(path, path[1:])]
        return any(adjacency_of(link, protection_of(request)) is None for link in links)


def pairs_of(network):
    count = len(network.names)
    return 300 if count <= 200 else 150 if count <= 1000 else 60


def answers_to(network, requests):
    """What path_query says of each request on the network."""
    with tempfile.TemporaryDirectory() as folder:
        topology = Path(folder) / "topology.yaml"
        topology.write_text(network.yaml())
        lines = "\n".join(request_line(request, network) for request in requests) + "\n"
        run = subprocess.run(
            [find_tool(), topology], input=lines, text=True, capture_output=True, timeout=300
        )
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(requests)
    return [{**line["answer"], "us": line["us"]} for line in answers]


class NetworkxOracle(unittest.TestCase):
    maxDiff = None

    def check(self, path):
        network = Network(path.stem, read_graph(path))
        rng = random.Random(f"requests {SEED} {network.name}")
        requests = [make_request(rng, network) for _ in range(pairs_of(network))]
        answers = answers_to(network, requests)
        counts = {}
        judge = Judge(network, counts)
        for request, answer in zip(requests, answers):
            try:
                judge.judge(request, answer)
            except AssertionError as error:
                line = request_line(request, network)
                self.fail(f"seed {SEED}, {network.name}, {line}: {error}; answer {answer}")
        slowest = max(answer["us"] for answer in answers)
        text = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        print(f"{network.name}: {len(network.names)} nodes, {len(requests)} requests: {text}; "
              f"slowest {slowest:.0f} us", flush=True)
        self.assertGreater(counts.get("found", 0), len(requests) // 8)
        self.assertGreater(counts.get("optimal", 0), 0)
        if network.name == "sndlib_germany50" and SEED == "1":
            self.assertGreater(counts.get("bounds proven", 0), 0)


def add_tests():
    for path in sorted(TOPOLOGIES.glob("*.graphml")) + sorted(TOPOLOGIES.glob("*.json")):
        def test(self, path=path):
            self.check(path)
        name = "".join(c if c.isalnum() else "_" for c in path.stem)
        setattr(NetworkxOracle, "test_" + name, test)


def main():
    missing = None
    if nx is None:
        missing = "networkx is not installed"
    elif not TOPOLOGIES.is_dir():
        missing = "no reference topologies (PCED_SHARED)"
    elif find_tool() is None:
        missing = "path_query is not built (PCED_BUILD)"
    if missing is not None:
        print(f"SKIP: networkx oracle: {missing}")
        sys.exit(SKIPPED)
    add_tests()
    unittest.main(verbosity=1)


if __name__ == "__main__":
    main()
