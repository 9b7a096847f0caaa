"""A topology file as a script reads it by itself: where labels lead, and what its links hold. It shares
nothing with pced, so that what pced says of paths can be held against it. Only what the national file and
topogen's have: one SRGB, a prefix SID and one adjacency SID a direction, the same metric and capacity both
ways."""

import heapq
import re

UNITS = {"M": 1e6, "G": 1e9, "T": 1e12}


class Link:
    """One direction of an entry of the file."""

    def __init__(self, entry, ends, text, label):
        self.entry, self.ends, self.label = entry, ends, label
        self.metric = int(_find(r"igp-metric: (\d+)", text))
        amount, unit = re.search(r"capacity: ([0-9.]+)([MGT])", text).groups()
        self.octets = float(amount) * UNITS[unit] / 8


def _find(pattern, text):
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"no {pattern} in {text}")
    return found.group(1)


class Network:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.head, rest = file.read().split("\nlinks:\n")
        self.entries = [part for part in re.split(r"^(?=\s*- )", rest, flags=re.M) if part.strip()]
        self._read_nodes()
        self.links = []
        for number, text in enumerate(self.entries):
            self._read_entry(number, text)
        self._after_change()

    def _read_nodes(self):
        base = int(_find(r"srgb: \{base: (\d+)", self.head))
        self.node_of_router, self.node_of_label = {}, {}
        for text in re.split(r"^(?=\s*- )", self.head.split("\nnodes:\n")[1], flags=re.M):
            if not text.strip():
                continue
            name = _find(r"name: ([\w-]+)", text)
            self.node_of_router[_find(r"router-id: ([0-9.]+)", text)] = name
            self.node_of_label[base + int(_find(r"prefix-sids?: (?:\[\{index: )?(\d+)", text))] = name

    def _read_entry(self, number, text):
        ends = (_find(r"from: ([\w-]+)", text), _find(r"to: ([\w-]+)", text))
        there, back = text.split("reverse: {")
        if re.search(r"metric|capacity|reservable", back):
            raise ValueError(f"not the same both ways: {text}")
        self.links.append(Link(number, ends, there, int(_find(r"adj-sid: (\d+)", there))))
        self.links.append(Link(number, ends[::-1], there, int(_find(r"adj-sid: (\d+)", back))))

    def _after_change(self):
        self._out, self._into, self._distances = {}, {}, {}
        for link in self.links:
            self._out.setdefault(link.ends[0], []).append(link)
            self._into.setdefault(link.ends[1], []).append(link)
        self._by_label = {(link.ends[0], link.label): link for link in self.links}

    def remove(self, entry):
        """Takes a link out, both directions."""
        self.links = [link for link in self.links if link.entry != entry]
        self._after_change()

    def write(self, path, without):
        """The file anew, but for one entry, as the server reads it."""
        text = self.head + "\nlinks:\n" + "".join(part for number, part in enumerate(self.entries)
                                                  if number != without)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def _distances_to(self, node):
        if node in self._distances:
            return self._distances[node]
        found, heap = {}, [(0, node)]
        while heap:
            distance, at = heapq.heappop(heap)
            if at in found:
                continue
            found[at] = distance
            for link in self._into.get(at, ()):
                heapq.heappush(heap, (distance + link.metric, link.ends[0]))
        self._distances[node] = found
        return found

    def _shortest(self, at, node):
        """Links of all shortest paths of the IGP; None: there is none."""
        distances, taken, left, seen = self._distances_to(node), set(), [at], {at}
        if at not in distances:
            return None
        while left:
            here = left.pop()
            for link in self._out.get(here, ()):
                if distances.get(link.ends[1], 1e18) + link.metric != distances[here]:
                    continue
                taken.add(link)
                if link.ends[1] not in seen:
                    seen.add(link.ends[1])
                    left.append(link.ends[1])
        return taken

    def lay(self, source, labels):
        """Links that a path takes; None: it leads nowhere."""
        at, taken = self.node_of_router[source], set()
        for label in labels:
            link, node = self._by_label.get((at, label)), self.node_of_label.get(label)
            more = {link} if link else self._shortest(at, node) if node else None
            if more is None:
                return None
            taken |= more
            at = link.ends[1] if link else node
        return taken


class Account:
    """What LSPs hold: [(source, labels, octets a second)] on a network."""

    def __init__(self, network, lsps):
        self.count, self.held, self.broken = {}, {}, 0
        for source, labels, octets in lsps:
            links = network.lay(source, labels)
            self.broken += links is None
            for entry in {link.entry for link in links or ()}:
                self.count[entry] = self.count.get(entry, 0) + 1
            for link in links or ():
                self.held[link] = self.held.get(link, 0) + octets

    def busiest(self):
        """The entry that most LSPs take, in either direction, and how many do."""
        entry = max(self.count, key=lambda one: (self.count[one], -one))
        return entry, self.count[entry]

    def overbooked(self):
        return [link for link, octets in self.held.items() if octets > link.octets * (1 + 1e-6)]

    def fullest(self):
        """The largest part of a link's capacity that is held."""
        return max((octets / link.octets for link, octets in self.held.items()), default=0)
