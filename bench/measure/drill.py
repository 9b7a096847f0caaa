"""What bench/failure and bench/comeback share: PCCs whose LSPs lie on the links of a network, a link of it
that fails, and pced until it has nothing left to do."""

import json
import os
import signal
import subprocess
import time

from . import api, load, network, servers, topologies

QUIET_S = 600  # longest wait until nothing is left to do
LOOK_S = 0.02
# Only what breaks is moved: whatever is moved in a drill is the failure's.
SETTINGS = "reopt: {interval: 0, gain-min: 100}\nlsp: {settle-time: 0}\n"
WAITING = ("pced_reopt_urgent", "pced_reopt_waiting", "pced_orders_waiting", "pced_orders_in_flight")
SEGMENTS = 5


class Drill:
    """One network with its PCCs, on a pced of its own. wide: megabits of half of the LSPs; 0: of none."""

    def __init__(self, asked, count, kind, pccs, lsps, wide=0):
        self.asked, self.count, self.pccs, self.lsps, self.wide = asked, count, pccs, lsps, wide
        self.network = network.Network(topologies.find(asked, kind))
        self.path = asked.file(f"drill-{kind}.yaml")
        self.network.write(self.path, None)
        self.pced = servers.Pced(asked, count, self.path, more=SETTINGS)

    @property
    def total(self):
        return self.pccs * self.lsps

    def start_pccs(self, server=None, **given):
        """PCCs that report at once, and answer orders until they are ended."""
        return load.Load(server or self.pced, control=True, sessions=self.pccs, reports=self.lsps, delegate=1,
                         adjacent=True, segments=SEGMENTS, topology=self.path, duration=1000000,
                         lsp_bandwidth=f"0.5:{self.wide}" if self.wide else None,
                         rings=max(1, self.count // 2), **given)

    def account(self):
        """Of every LSP as pced has its report, laid by the script itself."""
        return network.Account(self.network, api.lsps(self.pced))

    def is_quiet(self, found):
        return not any(found[name] for name in WAITING) and found["pced_lsps"] == self.total \
            and found["pced_lsps_stale"] == 0

    def wait_quiet(self):
        """Until every LSP is known and no order is out, twice in a row; the metrics then."""
        end, times = time.monotonic() + QUIET_S, 0
        while times < 2:
            found = self.pced.metrics()
            times = times + 1 if self.is_quiet(found) else 0
            if time.monotonic() > end:
                raise RuntimeError(f"something is left to do: {({name: found[name] for name in WAITING})}, "
                                   f"{found['pced_lsps']:.0f} LSPs, {found['pced_lsps_stale']:.0f} stale")
            time.sleep(LOOK_S)
        return found

    def fail(self, entry):
        """Takes a link out of the file; returns when pced has published the network without it, by the
        monotonic clock, as it says itself: its log line may come later than the shards' first work."""
        part = self.path + ".part"
        self.network.write(part, entry)
        os.replace(part, self.path)
        self.network.remove(entry)
        status = api.Api(self.pced.socket)
        before = status.get("/api/v1/status")["topology"]["published"]
        self.pced.process.send_signal(signal.SIGHUP)
        while (at := status.get("/api/v1/status")["topology"]["published"]) == before:
            time.sleep(0.002)
        status.close()
        return at - time.time() + time.monotonic()

    def computation_us(self, requests):
        """Mean processor time of one computation between random nodes of this network, alone."""
        done = subprocess.run([self.asked.program("path_bench"), "--topology", self.path, "--json", "-",
                               *load.arguments(setup="sr", msd=10, requests=requests,
                                               constraints="mix" if self.wide else "none")],
                              stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)["mean_us"]

    def stop(self):
        self.pced.stop()


def read_times(path):
    """What pceload's --order-times has written, in order of time."""
    with open(path, encoding="ascii") as file:
        return sorted(float(line) for line in file)
