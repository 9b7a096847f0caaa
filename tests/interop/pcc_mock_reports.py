#!/usr/bin/env python3
"""Many PCCs of another implementation report their LSPs: OpenDaylight's pcc-mock against pced.

The sizes are those of OpenDaylight's own test of its PCE, which has to come to its end within 180 s for the
many PCCs and 900 s for the many LSPs of one; what pced took is printed beside that.
"""

import json
import os
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "lib"), os.path.join(HERE, "..", "scenario", "lib")]

import frr
import netns
import pcc_mock
from api_case import UnixConnection, ask
from daemon import ROOT, Pced

FOLDER = os.path.join(ROOT, "build", "interop")
TOPOLOGY = os.path.join(ROOT, "deploy", "topologies", "small.yaml")
LIMITS = {"half-open": 1000, "half-open-per-prefix": 1000}  # they all come in one instant
LOOK_S = 0.02
PCC = "127.0.0.2"  # the first of pcc-mock


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            pcc_mock.check_java()
            os.makedirs(FOLDER, exist_ok=True)
            cls.jar = pcc_mock.find_jar(FOLDER)
        except netns.Unavailable as reason:
            print(f"SKIP: {reason}")
            raise unittest.SkipTest(str(reason)) from None

    def setUp(self):
        store = tempfile.TemporaryDirectory(prefix="pced-interop-store-")
        self.addCleanup(store.cleanup)
        with open(TOPOLOGY, encoding="utf-8") as file:
            self.pced = Pced(topology=file.read(), limits=LIMITS, store={"path": store.name},
                             lsp={"settle-time": 1}).start()
        self.addCleanup(self.pced.stop)

    def wait(self, mock, is_done, limit_s, begin):
        """Looks at the metrics until that holds; when, counted from `begin`, and when the first session was
        up."""
        first_s = None
        while True:
            metrics, now_s = self.pced.metrics(), time.monotonic() - begin
            if first_s is None and metrics["pced_sessions_opened_total"] > 0:
                first_s = now_s
            if is_done(metrics):
                return metrics, first_s, now_s
            self.assertFalse(mock.has_ended(), "pcc-mock has ended")
            self.assertLess(now_s, limit_s, f"not within {limit_s} s: {metrics}")
            time.sleep(LOOK_S)  # between two questions, never instead of one

    def synchronise(self, pccs, lsps, limit_s):
        begin = time.monotonic()
        log = os.path.join(self.pced.folder, "pcc-mock.log")
        with pcc_mock.PccMock(self.jar, self.pced.address, pccs, lsps, log) as mock:
            metrics, first_s, all_s = self.wait(
                mock, lambda found: found["pced_lsp_syncs_total"] == pccs, limit_s, begin)
            print(f"\n  {pccs} PCCs x {lsps:,} LSPs: synchronised {all_s - first_s:.2f} s after the first "
                  f"session, {all_s:.2f} s after the start of Java; OpenDaylight allows itself {limit_s} s")
            self.assertEqual(metrics["pced_lsps"], pccs * lsps)
            self.assertEqual(metrics["pced_lsp_pccs"], pccs)
            self.assertEqual(metrics["pced_lsps_stale"], 0)
            self.assertEqual(metrics["pced_reports_total"], pccs * lsps)
            self.assertEqual(metrics["pced_reports_refused_total"], 0)
            self.assertEqual(metrics["pced_lsp_syncs_broken_total"], 0)

    def test_150_pccs_with_400_lsps_each(self):
        self.synchronise(150, 400, 180)

    def test_one_pcc_with_65535_lsps(self):
        self.synchronise(1, 65535, 900)

    # ---- orders

    def ask(self, method, path, body=None):
        connection = UnixConnection(self.pced.sections["control"]["socket"])
        try:
            return ask(connection, method, "/api/v1/" + path, None if body is None else json.dumps(body))
        finally:
            connection.close()

    def put(self, hops):
        status, answer = self.ask("PUT", f"intents/{PCC}/wanted", {
            "endpoint": hops[-1], "setup_type": "RSVP-TE",
            "paths": [{"hops": [{"address": hop} for hop in hops]}]})
        self.assertEqual(status, 200, answer)

    def reported(self):
        status, answer = self.ask("GET", f"lsps/{PCC}/wanted")
        return None if status == 404 else answer["reported"][0]["path"]

    def wait_reported(self, path, what):
        frr.wait_until(lambda: self.reported() == path, what,
                       describe=lambda: f"{self.reported()}\n{self.ask('GET', f'intents/{PCC}/wanted')}")

    def test_what_an_intent_says_is_initiated_changed_and_removed(self):
        log = os.path.join(self.pced.folder, "pcc-mock.log")
        with pcc_mock.PccMock(self.jar, self.pced.address, 1, 10, log) as mock:
            self.wait(mock, lambda found: found["pced_lsp_syncs_total"] == 1, 60, time.monotonic())
            self.put(["10.0.0.1", "10.0.0.2"])
            self.wait_reported([["10.0.0.1/32", "10.0.0.2/32"]], "initiated")
            self.put(["10.0.0.3", "10.0.0.2"])
            self.wait_reported([["10.0.0.3/32", "10.0.0.2/32"]], "changed")
            self.assertEqual(self.ask("DELETE", f"intents/{PCC}/wanted")[0], 200)
            self.wait_reported(None, "removed")
            self.assertEqual(self.pced.metrics()["pced_lsps"], 10)
            self.assertEqual(self.pced.metrics()["pced_reports_refused_total"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
