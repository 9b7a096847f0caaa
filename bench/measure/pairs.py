"""pced, floor, pced, floor …: runs in turn, so that what changes on the machine touches both alike."""

from . import figures, load, probe


class Pairs:
    """Runs of one load against both servers, and what comes of them."""

    def __init__(self, results, pced, floor, **given):
        self.results, self.servers, self.given = results, (pced, floor), given
        self.runs = {"pced": [], "floor": []}

    def run(self, count):
        for _ in range(count):
            for server in self.servers:
                self._run_one(server)
        return self

    def _run_one(self, server):
        # Not awaited before the first run: what listens stays.
        quiet = probe.sockets()
        run = load.run(server, **self.given)
        wrong = load.complaint(run)
        if wrong:
            self.results.wrong(f"{server.name}: {wrong}")
        elif run["requests"]["replied"] == 0:
            self.results.note(f"{server.name}: not one reply in the counted time of a run")
        self.runs[server.name].append(run)
        probe.wait_sockets(quiet)

    def values(self, name, take):
        return [take(run) for run in self.runs[name]]

    def compare(self, take):
        """Medians of pced and of the floor, the median of the ratios of each pair, and the runs."""
        ours, floors = self.values("pced", take), self.values("floor", take)
        ratios = [one / other if other else None for one, other in zip(ours, floors)]
        ratio = None if None in ratios else figures.median(ratios)
        return {"value": figures.median(ours), "floor": figures.median(floors), "ratio": ratio,
                "runs": {"pced": ours, "floor": floors}}


def rate(run):
    return run["rate"]


def p99(run):
    return run["latency_us"]["p99"]
