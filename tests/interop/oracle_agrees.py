#!/usr/bin/env python3
"""The oracle of the interop test against brute force: on small random networks, every label list is
followed through the simulation, and the best of them has to be what the oracle calls the best."""

import dataclasses
import itertools
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
try:
    import oracle
    import yaml
except ImportError as error:
    print(f"SKIP: {error}: install python3-networkx and python3-yaml")
    sys.exit(0)

SEED = int(os.environ.get("PCED_TEST_SEED", "20"))


def random_network(draw, size):
    names = [f"n{i}" for i in range(size)]
    nodes = [{"name": n, "router-id": f"10.0.0.{i}", "srgb": {"base": 16000, "size": 100},
              "prefix-sid": i} for i, n in enumerate(names)]
    pairs = [(names[i], names[draw.randrange(i)]) for i in range(1, size)]
    pairs += [tuple(draw.sample(names, 2)) for _ in range(size // 2)]
    links = [{"from": a, "to": b, "igp-metric": draw.randint(1, 3), "te-metric": draw.randint(1, 9),
              "delay": draw.randint(1, 5), "capacity": draw.choice([80, 160, 240]),
              "admin-group": draw.choice([0, 1, 2, 3]), "adj-sid": 24000 + 2 * i,
              "reverse": {"adj-sid": 24001 + 2 * i}} for i, (a, b) in enumerate(pairs)]
    return oracle.Network(yaml.safe_dump({"nodes": nodes, "links": links}))


def brute_force(network, request):
    """By MBP the width comes first: the greatest one with which anything is found."""
    if not request.widest:
        return brute_force_within(network, request)
    for width in sorted({link.unreserved[request.priority] for link in network.links}, reverse=True):
        found = brute_force_within(network, dataclasses.replace(request, widest=False, width=width))
        if found[0] is not None:
            return found
    return None, []


def brute_force_within(network, request):
    allowed, best, lists = network.permitted(request), None, []
    every = sorted({label for link in network.links for label in link.labels}
                   | {16000 + i for i in range(len(network.nodes))})
    for size in range(1, request.msd + 1):
        for labels in itertools.product(every, repeat=size):
            try:
                end, used, sums = network.simulate(request.source, labels)
            except ValueError:
                continue
            if end != request.destination or used - allowed:
                continue
            if any(sums[m] > bound for m, bound in request.bounds.items()):
                continue
            if best is None or sums[request.metric] < best:
                best, lists = sums[request.metric], [list(labels)]
            elif sums[request.metric] == best and size == len(lists[0]):
                lists.append(list(labels))
    return best, lists


class OracleAgrees(unittest.TestCase):
    def test_best_lists_are_those_of_brute_force(self):
        draw = random.Random(SEED)
        found = 0
        for turn in range(60):
            network = random_network(draw, draw.randint(3, 5))
            request = oracle.Request("n0", "n1", metric=draw.choice(oracle.METRICS),
                                     exclude_any=draw.choice([0, 0, 1, 2]),
                                     bandwidth=draw.choice([0, 15, 25]), msd=draw.choice([1, 2]),
                                     widest=draw.random() < 0.2)
            if draw.random() < 0.4:
                request.bounds[draw.choice(oracle.METRICS)] = draw.randint(2, 9)
            best, lists = brute_force(network, request)
            mine, my_lists = network.best_lists(request)
            with self.subTest(seed=SEED, turn=turn, request=request):
                self.assertEqual(best, mine)
                self.assertEqual(sorted(lists), sorted(my_lists))
            found += best is not None
        self.assertGreater(found, 20)
        self.assertLess(found, 60)


if __name__ == "__main__":
    unittest.main(verbosity=2)
