#!/usr/bin/env python3
"""Intents at a real router: pced initiates, changes and removes policies of FRR's pathd, and finds them again after
either of the two was killed. What pathd has is told by `show sr-te policy detail`."""

import json
import os
import signal
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr_first_light as light
import frr_lsps as lsps  # its way of ending and starting pced

import frr
import pcep
from api_case import UnixConnection, ask
from daemon import Pced

RECONNECT_S = lsps.RECONNECT_S
FIRST, SECOND = [16021, 16005], [16005]  # labels of an explicit path, and of what replaces it


def configuration(source):
    lines = ["segment-routing", " traffic-eng", "  pcep", "   pce PCED", f"    address ip {light.PCE} port {pcep.PORT}",
             f"    source-address ip {source}", "    pce-initiated", "   exit", "   pcc", f"    msd {light.MSD}",
             "    peer PCED precedence 10", "   exit", "  exit", " exit", "exit"]
    return "\n".join(lines) + "\n"


class Intents(light.Story):
    @classmethod
    def setUpClass(cls):
        cls.store = tempfile.TemporaryDirectory(prefix="pced-interop-store-")
        cls.SECTIONS = {"store": {"path": cls.store.name}, "lsp": {"settle-time": 1}}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.store.cleanup()

    @classmethod
    def make_frr(cls):
        return frr.Frr(cls.folder, configuration(cls.source))

    def ask(self, method, name, body=None):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        try:
            status, answer = ask(connection, method, f"/api/v1/intents/{self.source}/{name}",
                                 None if body is None else json.dumps(body))
        finally:
            connection.close()
        self.assertEqual(status, 200, answer)
        return answer

    def put(self, name, color, path):
        return self.ask("PUT", name, {"endpoint": light.router_id(self.network, "Nice"), "color": color,
                                      "paths": [path]})

    def wait_up(self, name, what, labels=None):
        """The router has it, by its own word and by what it reports."""
        def question():
            lsp, = self.ask("GET", name)["lsps"]
            self.seen = lsp
            return lsp["state"] == "up" and self.paths(name)
        chosen = frr.wait_until(question, what, RECONNECT_S, lambda: f"{self.seen}\n{self.frr.policies()}")
        self.assertEqual([path["chosen"] for path in chosen], [True])
        if labels is not None:
            self.assertEqual(self.reported(name), labels)

    def paths(self, name):
        """Of the policy that has a candidate path of this name."""
        found = [paths for paths in self.frr.policies().values() if [p for p in paths if p["name"] == name]]
        return found[0] if found else None

    def reported(self, name):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        try:
            _, answer = ask(connection, "GET", f"/api/v1/lsps/{self.source}/{name}")
        finally:
            connection.close()
        path, = answer["reported"][0]["path"]
        return [int(hop.split()[1]) for hop in path]

    # ---- the story

    def explicit(self, labels):
        return {"preference": 100, "segments": [{"label": label} for label in labels]}

    def test_1_an_explicit_policy_is_initiated(self):
        self.put("by-intent", 7, self.explicit(FIRST))
        self.wait_up("by-intent", "the policy is set up", FIRST)

    def test_2_a_dynamic_one_beside_it(self):
        self.put("computed", 8, {"preference": 100, "dynamic": {"metric": "igp"}})
        self.wait_up("computed", "the computed policy is set up")

    def test_3_its_path_is_changed(self):
        self.put("by-intent", 7, self.explicit(SECOND))
        frr.wait_until(lambda: self.reported("by-intent") == SECOND, "the path is the new one")
        self.wait_up("by-intent", "it is up again", SECOND)

    def test_4_pced_is_killed(self):
        lsps.Lsps.end_pced(self, signal.SIGKILL)
        with open(light.TOPOLOGY, encoding="utf-8") as file:
            type(self).pced = Pced(topology=file.read(), addresses=[light.PCE], port=pcep.PORT, **self.SECTIONS).start()
        self.wait_up("by-intent", "the policy is found again", SECOND)
        self.wait_up("computed", "so is the other")
        self.assertEqual(len(self.frr.policies()), 2, "none is doubled")

    def test_5_pathd_is_killed(self):
        self.frr.end_pathd(signal.SIGKILL)
        self.frr.start_pathd()
        self.wait_up("by-intent", "the policy is initiated again", SECOND)
        self.wait_up("computed", "so is the other")
        self.assertEqual(len(self.frr.policies()), 2, "none is doubled")

    def test_6_it_is_removed(self):
        for name in ("by-intent", "computed"):
            self.ask("DELETE", name)
            frr.wait_until(lambda name=name: self.paths(name) is None, f"{name} is gone")


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
