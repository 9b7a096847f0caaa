"""How many shards serve best here, with the client on the same cores: measured once for a results
folder, the same for pced and for the floor."""

import json
import math
import os

from . import load, servers, topologies

FILE = "shards.json"
LOADS = ((100, 1), (100, 8), (100, 64))


def _score(options, count):
    """The geometric mean of the rates of some loads."""
    product, rates = 1.0, {}
    with servers.Pced(options, count, topologies.NATIONAL) as pced:
        for sessions, depth in LOADS:
            run = load.run(pced, sessions=sessions, depth=depth, topology=topologies.NATIONAL,
                           warm_up=0.5, duration=options.pick(tiny=0.2, short=1, full=3))
            rates[f"{sessions} x {depth}"] = run["rate"]
            product *= max(run["rate"], 1)
    return math.pow(product, 1 / len(LOADS)), rates


def best(options, results):
    """The number of shards; measures 1, 2, 4 … up to the number of cores when nobody has yet."""
    path = options.file(FILE)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    else:
        counts = [1]
        while counts[-1] * 2 <= (os.cpu_count() or 1):
            counts.append(counts[-1] * 2)
        scores = {count: _score(options, count) for count in counts}
        shards = max(scores, key=lambda count: scores[count][0])
        found = {"shards": shards, "rates": {str(count): scores[count][1] for count in counts}}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)
    told = "; ".join(f"{count}: " + ", ".join(f"{name} {rate:,.0f}/s" for name, rate in rates.items())
                     for count, rates in found["rates"].items())
    results.note(f"{found['shards']} shards (pced's rates by number of shards: {told})")
    return found["shards"]
