#!/usr/bin/env python3
"""Plans of pcectl topology optimise against the optimum of a linear program that may split every demand at
will: the reference topologies up to 200 nodes, with their own demands or made-up ones by gravity, scaled so
that the most loaded link is full at first. Prints the table of docs/PATHS.md.

Needs scipy (with HiGHS) and the reference topologies; says so and is skipped without them."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SHARED = os.environ.get("PCED_SHARED")
PCECTL = os.path.join(os.environ.get("PCED_BUILD", os.path.join(ROOT, "build", "release")), "server", "pcectl")
FILES = ("Abilene.graphml", "sndlib_nobel-eu.json", "Geant2012.graphml", "sndlib_germany50.json", "GtsCe.graphml",
         "Colt.graphml")
GAP_MAX = 0.10
SKIPPED = 77


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(SKIPPED)


try:
    import numpy
    from scipy.optimize import linprog
    from scipy.sparse import coo_array
except ImportError:
    skip("scipy is not installed")


def pcectl(*arguments):
    done = subprocess.run([PCECTL, "topology", *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"pcectl topology {' '.join(arguments)}: exit code {done.returncode}")
    return done.stdout


def read_demands(path):
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = re.match(r'\s*- \{from: (.+), to: (.+), bandwidth: ([0-9.]+)([kMGT]?)\}', line)
            if match:
                a, b, value, unit = match.groups()
                found.append((a.strip('"'), b.strip('"'), float(value) * 10 ** (" kMGT".find(unit or " ") * 3)))
    return found


def gravity(nodes, seed):
    """Each node has a mass; what two of them send each other is the product (Repetita's way)."""
    random.seed(seed)
    masses = {node: random.expovariate(1) for node in nodes}
    return [(a, b, 1e9 * masses[a] * masses[b]) for a in nodes for b in nodes if a != b]


def write_demands(path, demands, factor):
    with open(path, "w", encoding="utf-8") as file:
        file.write("demands:\n")
        for a, b, bits in demands:
            file.write(f"  - {{from: {json.dumps(a)}, to: {json.dumps(b)}, bandwidth: {bits * factor:.0f}}}\n")


def bits_of(value):
    return float(value) if isinstance(value, (int, float)) else \
        float(value.rstrip("kMGT")) * 10 ** (" kMGT".find(value[-1] if value[-1].isalpha() else " ") * 3)


def directed(network):
    links = []
    for link in network["links"]:
        capacity = bits_of(link.get("capacity", network.get("defaults", {}).get("capacity")))
        links.append((link["from"], link["to"], capacity))
        if not link.get("one-way", False):
            back = link.get("reverse", {}).get("capacity")
            links.append((link["to"], link["from"], capacity if back is None else bits_of(back)))
    return links


def optimum(network, demands):
    """The least load of the most loaded link: flows to each destination, and the load, as variables."""
    nodes = {node["name"]: i for i, node in enumerate(network["nodes"])}
    links = directed(network)
    targets = sorted({b for _, b, _ in demands})
    n, m, k = len(nodes), len(links), len(targets)
    scale = max(capacity for _, _, capacity in links)
    rows, columns, values, right = [], [], [], numpy.zeros(n * k)
    for t, target in enumerate(targets):
        for l, (a, b, _) in enumerate(links):
            rows += [t * n + nodes[a], t * n + nodes[b]]
            columns += [t * m + l] * 2
            values += [1, -1]
        for a, b, bits in demands:
            if b == target:
                right[t * n + nodes[a]] += bits / scale
                right[t * n + nodes[b]] -= bits / scale
    equal = coo_array((values, (rows, columns)), shape=(n * k, m * k + 1)).tocsr()
    rows = [l for _ in range(k) for l in range(m)] + list(range(m))
    columns = [t * m + l for t in range(k) for l in range(m)] + [m * k] * m
    values = [1] * (m * k) + [-capacity / scale for _, _, capacity in links]
    above = coo_array((values, (rows, columns)), shape=(m, m * k + 1)).tocsr()
    cost = numpy.zeros(m * k + 1)
    cost[-1] = 1
    answer = linprog(cost, A_ub=above, b_ub=numpy.zeros(m), A_eq=equal, b_eq=right, method="highs")
    if answer.status != 0:
        raise SystemExit(f"the linear program: {answer.message}")
    return answer.x[-1]


def measure(name, folder):
    topology, wanted = os.path.join(folder, "t.yaml"), os.path.join(folder, "d.yaml")
    subprocess.run([PCECTL, "topology", "import", os.path.join(SHARED, "topologies", name), "-o", topology,
                    "--demands", wanted], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    network = json.loads(pcectl("export", "--from", topology, "--format", "json"))
    demands = read_demands(wanted)
    own = bool(demands)
    if not own:
        demands = gravity([node["name"] for node in network["nodes"]], name)
    write_demands(wanted, demands, 1)
    ask = ("optimise", "--topology", topology, "--demands", wanted, "--json")
    first = json.loads(pcectl(*ask, "--gain", "50"))
    if first["without_path"]:
        print(f"{name}: {first['without_path']} demands without a path are left out", file=sys.stderr)
        demands = connected(network, demands)
    factor = 1 / first["worst_before"]
    write_demands(wanted, demands, factor)
    plan = json.loads(pcectl(*ask))
    best = optimum(network, [(a, b, bits * factor) for a, b, bits in demands])
    return {"network": name.split(".")[0], "nodes": len(network["nodes"]), "links": len(directed(network)),
            "demands": len(demands), "own": own, "ecmp": plan["worst_before"], "plan": plan["worst_after"],
            "best": best, "steps": len(plan["steps"]), "blocked": plan["blocked"]}


def connected(network, demands):
    """Those between nodes of one part of the network."""
    part = {node["name"]: node["name"] for node in network["nodes"]}

    def root(name):
        while part[name] != name:
            name = part[name]
        return name
    for a, b, _ in directed(network):
        part[root(a)] = root(b)
    return [(a, b, bits) for a, b, bits in demands if root(a) == root(b)]


def main():
    if not SHARED or not os.path.isdir(os.path.join(SHARED, "topologies")):
        skip("PCED_SHARED names no reference topologies")
    wrong = []
    print("| network | nodes | directed links | demands | ECMP | plan | optimum | above it | moves |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in sys.argv[1:] or FILES:
        with tempfile.TemporaryDirectory() as folder:
            row = measure(name, folder)
        gap = row["plan"] / row["best"] - 1
        print(f"| {row['network']} | {row['nodes']} | {row['links']} | {row['demands']}{'' if row['own'] else ' made up'} | "
              f"{row['ecmp']:.3f} | {row['plan']:.3f} | {row['best']:.3f} | {100 * gap:.1f} % | {row['steps']} |", flush=True)
        if row["plan"] < row["best"] * (1 - 1e-4):
            wrong.append(f"{name}: better than the optimum")
        if gap > GAP_MAX:
            wrong.append(f"{name}: {100 * gap:.1f} % above the optimum")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
