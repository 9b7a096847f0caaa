"""An independent answer to "which paths are right here", from the topology file and the request.

Three views, none of them the server's own way of working:
- simulate(): a forwarding simulation. It follows a label stack through the network as routers would
  (RFC 8402, RFC 8660) over every equal-cost branch, and says where the traffic ends, which links it
  may use, and the greatest sum of each metric on any branch.
- least_cost(): the optimum by networkx's Dijkstra on the links that the request permits; no SID list
  can do better, whatever its length.
- best_lists(): the optimum over all SID lists of at most MSD labels, by dynamic programming, and every
  shortest list that reaches it.
- expected_labels(): where one path alone is the cheapest, the labels that have to come: at each step
  the node SID that follows that path farthest, an adjacency SID only where no node SID does.
"""

import dataclasses
import functools
import heapq
import ipaddress
import itertools
from dataclasses import dataclass, field

import networkx
import yaml

LISTS_MAX = 64  # lists kept for one node and length; more means: not unique
METRICS = ("igp", "te", "hops", "delay")


def _once(method):
    """Computes an answer about a request once: networks and requests do not change."""
    @functools.wraps(method)
    def answer(network, request):
        key = (method.__name__, repr(request))
        if key not in network.answers:
            network.answers[key] = method(network, request)
        return network.answers[key]
    return answer


@dataclass
class Link:
    index: int
    start: str
    end: str
    igp: int
    te: int
    delay: int
    admin_group: int
    unreserved: list
    labels: list
    local: set
    remote: set
    hops: int = 1

    def cost(self, metric):
        return getattr(self, metric)


@dataclass
class Node:
    name: str
    addresses: set
    srgbs: list
    sid_index: int = None


@dataclass
class Request:
    source: str
    destination: str
    metric: str = "igp"
    bounds: dict = field(default_factory=dict)  # metric -> greatest sum
    bandwidth: float = 0.0                      # octets per second
    priority: int = 7
    exclude_any: int = 0
    include_any: int = 0
    include_all: int = 0
    msd: int = 255
    widest: bool = False  # MBP: the narrowest link as wide as can be, then the metric
    width: float = 0.0    # no link narrower than this


def _number(value, units):
    """A number with its unit: 10G, 500us, or plain."""
    text = str(value)
    for unit in sorted(units, key=len, reverse=True):
        if unit and text.endswith(unit):
            return float(text[:-len(unit)]) * units[unit]
    return float(text) * units[""]


BITS = {"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
MICROSECONDS = {"": 1, "us": 1, "ms": 1000, "s": 1000000}


def _octets(value):
    return _number(value, BITS) / 8


class Network:
    def __init__(self, text):
        data = yaml.safe_load(text)
        self._defaults = data.get("defaults", {})
        self.nodes, self.links = {}, []
        for item in data["nodes"]:
            self._add_node({**self._defaults, **item})
        for item in data.get("links", []):
            self._add_link(item)
        self.out = {name: [] for name in self.nodes}
        for link in self.links:
            self.out[link.start].append(link)
            self.nodes[link.start].addresses |= link.local
            self.nodes[link.end].addresses |= link.remote
        self._spf = {}
        self.answers = {}

    # ---- reading

    def _add_node(self, item):
        addresses = {ipaddress.ip_address(a) for a in item.get("addresses", [])}
        for key in ("router-id", "router-id-v6"):
            if key in item:
                addresses.add(ipaddress.ip_address(item[key]))
        srgb = item.get("srgb", [])
        ranges = [(r["base"], r["size"]) for r in (srgb if isinstance(srgb, list) else [srgb])]
        index = item.get("prefix-sid")
        for sid in item.get("prefix-sids", []):
            if sid.get("algorithm", 0) == 0 and sid.get("family", "ipv4") == "ipv4":
                index = sid["index"]
        self.nodes[item["name"]] = Node(item["name"], addresses, ranges, index)

    def _add_link(self, item):
        own = ("reverse", "adj-sid", "adj-sids", "from", "to", "addresses", "addresses-v6")
        back = {**{k: v for k, v in item.items() if k not in own}, **item.get("reverse", {})}
        ends = [ipaddress.ip_address(a) for key in ("addresses", "addresses-v6")
                for a in item.get(key, [])]
        local, remote = set(ends[::2]), set(ends[1::2])
        self._add_direction(item, (item["from"], item["to"]), (local, remote))
        if not item.get("one-way"):
            self._add_direction(back, (item["to"], item["from"]), (remote, local))

    def _add_direction(self, item, ends, addresses):
        defaults = self._defaults
        igp = item.get("igp-metric", defaults.get("igp-metric", 10))
        group = item.get("admin-group", defaults.get("admin-group", 0))
        if isinstance(group, list):
            group = sum(1 << bit for bit in set(group))
        labels = [item["adj-sid"]] if "adj-sid" in item else []
        labels += [s["label"] for s in item.get("adj-sids", []) if s.get("family") != "ipv6"]
        capacity = item.get("capacity", defaults.get("capacity", 0))
        unreserved = item.get("unreserved", [item.get("reservable", capacity)] * 8)
        self.links.append(Link(
            len(self.links), *ends, igp, item.get("te-metric", defaults.get("te-metric", igp)),
            round(_number(item.get("delay", defaults.get("delay", 0)), MICROSECONDS)), group,
            [_octets(value) for value in unreserved], labels, *addresses))

    def node_of(self, address):
        wanted = ipaddress.ip_address(address)
        return next(n.name for n in self.nodes.values() if wanted in n.addresses)

    def label_of(self, at, target):
        """The label that node `at` understands as the node SID of `target` (RFC 8660 2.4)."""
        index = self.nodes[target].sid_index
        if index is None:
            return None
        for base, size in self.nodes[at].srgbs:
            if index < size:
                return base + index
            index -= size
        return None

    # ---- what a request permits

    def permits(self, request, link):
        group = link.admin_group
        return (not group & request.exclude_any
                and (not request.include_any or bool(group & request.include_any))
                and group & request.include_all == request.include_all
                and (request.bandwidth <= 0
                     or link.unreserved[request.priority] >= request.bandwidth))

    @_once
    def permitted(self, request):
        """Indexes of the links that the request may use; for MBP only those that are as wide as the
        narrowest link of the widest path that meets all else."""
        if request.widest:
            request = dataclasses.replace(request, widest=False, width=self._width(request))
        return {link.index for link in self.links if self.permits(request, link)
                and link.unreserved[request.priority] >= request.width}

    def _width(self, request):
        for width in sorted({link.unreserved[request.priority] for link in self.links},
                            reverse=True):
            fixed = dataclasses.replace(request, widest=False, width=width)
            if self.best_lists(fixed)[0] is not None:
                return width
        return 0.0

    def _graph(self, request):
        graph, allowed = networkx.MultiDiGraph(), self.permitted(request)
        graph.add_nodes_from(self.nodes)
        for link in self.links:
            if link.index in allowed:
                graph.add_edge(link.start, link.end, weight=link.cost(request.metric))
        return graph

    @_once
    def least_cost(self, request):
        """Of any path over permitted links; None when there is none."""
        try:
            return networkx.dijkstra_path_length(self._graph(request), request.source,
                                                 request.destination)
        except networkx.NetworkXNoPath:
            return None

    def cheapest_path(self, request):
        """The links of the cheapest path when there is exactly one; None when there are several."""
        graph, allowed = self._graph(request), self.permitted(request)
        found = list(itertools.islice(networkx.all_shortest_paths(
            graph, request.source, request.destination, weight="weight"), 2))
        if len(found) != 1:
            return None
        path = []
        for start, end in zip(found[0], found[0][1:]):
            links = [link for link in self.out[start] if link.end == end and link.index in allowed]
            least = min(link.cost(request.metric) for link in links)
            best = [link for link in links if link.cost(request.metric) == least]
            if len(best) != 1:
                return None
            path.append(best[0])
        return path

    def _farthest(self, request, path, at):
        """(label, position) of the node segment that follows the path farthest; None without one."""
        allowed, start = self.permitted(request), path[at].start
        for position in range(len(path), at, -1):
            part, end = path[at:position], path[position - 1].end
            segment, label = self.node_segment(start, end), self.label_of(start, end)
            if (label is not None and segment[0] <= allowed
                    and self.spf(start)[0][end] == sum(link.igp for link in part)
                    and all(segment[1][m] <= sum(link.cost(m) for link in part)
                            for m in [request.metric, *request.bounds])):
                return label, position
        return None

    @_once
    def expected_labels(self, request):
        """The only right label stack, where the request has one; else None."""
        best, lists = self.best_lists(request)
        if best is None:
            return None
        if len(lists) == 1 and len(lists[0]) == request.msd:
            return lists[0]
        path = self.cheapest_path(request) if self.least_cost(request) == best else None
        labels, at = [], 0
        while path is not None and at < len(path):
            label, at = self._farthest(request, path, at) or (path[at].labels[0], at + 1)
            labels.append(label)
        return labels if path is not None and len(labels) <= request.msd else None

    # ---- forwarding

    def spf(self, start):
        """(distances, links on shortest paths into each node, nodes in order) over all links."""
        if start in self._spf:
            return self._spf[start]
        distance, into, order, heap = {start: 0}, {start: []}, [], [(0, start)]
        while heap:
            reached, name = heapq.heappop(heap)
            if name in order:
                continue
            order.append(name)
            for link in self.out[name]:
                total = reached + link.igp
                if total < distance.get(link.end, float("inf")):
                    distance[link.end], into[link.end] = total, [link]
                    heapq.heappush(heap, (total, link.end))
                elif total == distance[link.end] and link.end not in order:
                    into[link.end].append(link)
        self._spf[start] = distance, into, order
        return self._spf[start]

    def node_segment(self, start, end):
        """(links that any branch uses, {metric: greatest sum}); None where IGP cannot reach it."""
        distance, into, order = self.spf(start)
        if end not in distance:
            return None
        used, wanted = set(), [end]
        seen = {end}
        while wanted:
            for link in into[wanted.pop()]:
                used.add(link.index)
                if link.start not in seen:
                    seen.add(link.start)
                    wanted.append(link.start)
        worst = {start: dict.fromkeys(METRICS, 0)}
        for name in order:
            if name in seen and name != start:
                worst[name] = {m: max(worst[link.start][m] + link.cost(m) for link in into[name])
                               for m in METRICS}
        return used, worst[end]

    def segment_of_label(self, at, label):
        """(end, links, sums) of the segment that a label means at a node; None when unknown there."""
        for link in self.out[at]:
            if label in link.labels:
                return link.end, {link.index}, {m: link.cost(m) for m in METRICS}
        for name in self.nodes:
            if self.label_of(at, name) == label:
                segment = self.node_segment(at, name)
                return (name, *segment) if segment else None
        return None

    def simulate(self, source, labels):
        """(node where the traffic ends, links it may use, {metric: greatest sum})."""
        at, used, sums = source, set(), dict.fromkeys(METRICS, 0)
        for label in labels:
            segment = self.segment_of_label(at, label)
            if segment is None:
                raise ValueError(f"label {label} means nothing at {at}")
            at, links, more = segment
            used |= links
            sums = {m: sums[m] + more[m] for m in METRICS}
        return at, used, sums

    # ---- the best SID lists

    def _segments(self, request, allowed, at):
        """(label, end, sums) of every segment from a node that keeps to the permitted links."""
        for link in self.out[at]:
            if link.index in allowed:
                for label in link.labels:
                    yield label, link.end, {m: link.cost(m) for m in METRICS}
        for name in self.nodes:
            label = self.label_of(at, name)
            segment = self.node_segment(at, name) if name != at and label is not None else None
            if segment and segment[0] <= allowed:
                yield label, name, segment[1]

    @_once
    def best_lists(self, request):
        """(least cost, [label lists of least length that reach it]); (None, []) without a path."""
        allowed = self.permitted(request)
        keys = [request.metric] + [m for m in request.bounds if m != request.metric]
        limits = [request.bounds.get(m, float("inf")) for m in keys]
        segments, layer = {}, {request.source: [((0,) * len(keys), ())]}
        kept = {request.source: [(0,) * len(keys)]}
        best, lists = None, []
        for _ in range(min(request.msd, len(self.nodes))):
            new = {}
            for at, states in layer.items():
                if at not in segments:
                    segments[at] = list(self._segments(request, allowed, at))
                for vector, labels in states:
                    for label, end, sums in segments[at]:
                        total = tuple(v + sums[m] for v, m in zip(vector, keys))
                        if all(t <= limit for t, limit in zip(total, limits)):
                            new.setdefault(end, []).append((total, labels + (label,)))
            layer = {}
            for end, states in new.items():
                fresh = [s for s in states if not _dominated(s[0], kept.get(end, []), True)
                         and not _dominated(s[0], [o[0] for o in states], False)]
                if fresh:
                    layer[end] = sorted(set(fresh))[:LISTS_MAX]
                    kept.setdefault(end, []).extend({s[0] for s in fresh})
            for vector, labels in layer.get(request.destination, []):
                if best is None or vector[0] < best:
                    best, lists = vector[0], [labels]
                elif vector[0] == best and len(labels) == len(lists[0]):
                    lists.append(labels)
            if not layer:
                break
        return best, [list(labels) for labels in lists]


def _dominated(vector, others, or_equal):
    """Whether another vector is nowhere worse, and (unless or_equal) somewhere better."""
    return any(all(o <= v for o, v in zip(other, vector)) and (or_equal or other != vector)
               for other in others)


def check(network, request, labels):
    """What is wrong with a label stack as the answer to a request: a list of sentences."""
    wrong = []
    if len(labels) > request.msd:
        wrong.append(f"{len(labels)} labels, the MSD is {request.msd}")
    try:
        end, used, sums = network.simulate(request.source, labels)
    except ValueError as error:
        return wrong + [str(error)]
    if end != request.destination:
        wrong.append(f"the traffic ends at {end}, not at {request.destination}")
    forbidden = used - network.permitted(request)
    if forbidden:
        names = [f"{network.links[i].start}-{network.links[i].end}" for i in sorted(forbidden)]
        wrong.append(f"the traffic may use links that the request forbids: {names}")
    for metric, bound in request.bounds.items():
        if sums[metric] > bound:
            wrong.append(f"{metric} sum {sums[metric]} above its bound {bound}")
    best, _ = network.best_lists(request)
    floor = network.least_cost(request)
    if best is None:
        return wrong + ["there is no path"]
    if floor > best:
        wrong.append(f"the oracle disagrees with itself: {floor} > {best}")
    if sums[request.metric] != best:
        wrong.append(f"{request.metric} {sums[request.metric]}, the best is {best}")
    expected = network.expected_labels(request)
    if expected is not None and list(labels) != expected:
        wrong.append(f"labels {labels}, the only right ones are {expected}")
    return wrong
