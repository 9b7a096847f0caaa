"""The networks that are asked about: the national one of the repository, and generated ones."""

import os
import random
import re
import subprocess

from .options import ROOT

NATIONAL = os.path.join(ROOT, "deploy", "topologies", "national.yaml")


def of_size(options, nodes, degree=None):
    """A generated topology file; it is made once for a results folder. degree: links of a node, both directions;
    None: what is usual."""
    path = options.file(f"topology-{nodes}.yaml" if degree is None else f"topology-{nodes}-{degree}.yaml")
    if not os.path.exists(path):
        part = path + ".part"
        with open(part, "wb") as file:
            subprocess.run([options.program("topogen"), "--nodes", str(nodes),
                            *(() if degree is None else ("--degree", str(degree)))], stdout=file, check=True)
        os.replace(part, path)
    return path


def find(options, name):
    """"national", or a number of nodes."""
    return NATIONAL if name == "national" else of_size(options, int(name))


def pairs_of(options, path, count=10000, seed=7):
    """A file of pairs of a topology's nodes: what a network's routers ask for again and again. All pairs,
    where there are no more than that."""
    with open(path, encoding="utf-8") as file:
        nodes = re.findall(r"router-id: ([0-9.]+)", file.read())
    draw = random.Random(seed)
    if len(nodes) * (len(nodes) - 1) <= count:
        chosen = [(one, other) for one in nodes for other in nodes if one != other]
    else:
        chosen = [draw.sample(nodes, 2) for _ in range(count)]
    name = options.file(f"pairs-{os.path.basename(path).removesuffix('.yaml')}.txt")
    with open(name, "w", encoding="ascii") as file:
        file.writelines(f"{one} {other}\n" for one, other in chosen)
    return name, len(chosen)


def label(name):
    return "national" if name == "national" else f"{int(name):,} nodes"
