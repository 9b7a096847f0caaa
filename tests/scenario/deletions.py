#!/usr/bin/env python3
"""Deletions that an operator orders: kept before they are acknowledged, and carried out whatever ends in between."""

import http.client
import json
import os
import random
import signal
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import yaml
import pcep
from api import Description as ApiDescription
from api_case import UnixConnection, ask, pcectl
from case import next_source
from daemon import Pced
from pcc import A, C, D, R, FrrPcc, Lsp, MockPcc

WAIT_S = 30
KILLS = int(os.environ.get("PCED_DELETION_KILLS", 10))


class Router(FrrPcc):
    """A PCC whose LSPs a PCE has made; SR-MPLS and RSVP-TE, so that nobody takes it for pathd."""

    def begin(self):
        sub = pcep.tlv(pcep.TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10))
        setup = pcep.tlv(pcep.TLV_PST_CAPABILITY, bytes([0, 0, 0, 2, 0, 1, 0, 0]) + sub)
        self.open(tlvs=pcep.stateful_tlv(0x5) + setup, keepalive=0, dead=0)

    def removal(self):
        """What it is asked to delete."""
        order = self.order(pcep.PCINITIATE)
        assert order.srp_flags & 1, "R of the SRP"
        return order

    def obey(self, order, lsp):
        lsp.srp_id = order.srp_id
        self.report(lsp, D | A | C | R, removed=True)


class DeletionCase(unittest.TestCase):
    SECTIONS = {"store": {"path": "records"}}

    def setUp(self):
        self.pced = Pced(topology=networks.DIAMOND, lsp={"settle-time": 0}, **self.SECTIONS)
        os.mkdir(os.path.join(self.pced.folder, "records"))
        self.pced.socket = self.pced.sections["control"]["socket"]
        self.pced.start()
        self.source = next_source()
        self.peers = []
        self.addCleanup(self.end)

    def end(self):
        for peer in self.peers:
            peer.drop()
        self.pced.stop()

    def router(self, *lsps):
        peer = Router(self.pced.address, source=self.source)
        self.peers.append(peer)
        peer.begin()
        peer.synchronise(*lsps)
        self.wait_finished()
        return peer

    def wait_finished(self):
        self.wait(lambda: [row["sync"] for row in self.get(f"/api/v1/pccs?peer={self.source}")["pccs"]] == ["finished"])

    def ask(self, method, path, status=None):
        connection = UnixConnection(self.pced.socket)
        try:
            code, answer = ask(connection, method, path)
        finally:
            connection.close()
        if status is not None:
            self.assertEqual(code, status, answer)
        return answer

    def get(self, path):
        return self.ask("GET", path, 200)

    def delete(self, name, status=202):
        return self.ask("POST", f"/api/v1/lsps/{self.source}/{name}/delete", status)

    def rows(self):
        return self.get("/api/v1/deletions")["deletions"]

    def wait(self, is_so, what="it did not become so"):
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            self.assertTrue(self.pced.is_alive(), "pced has ended")
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def wait_state(self, state):
        self.wait(lambda: [row["state"] for row in self.rows()] == ([state] if state else []), f"not {state}")

    def kill(self):
        for peer in self.peers:
            peer.drop()
        self.peers.clear()
        self.pced.signal(signal.SIGKILL)
        self.pced.wait_exit()
        self.pced.lines.clear()
        # The kernel closes the rings of a process that was killed, and their sockets, a little later.
        self.pced.port = self.pced.sections["listen"]["port"] = daemon.free_port()
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.pced.start()

    @staticmethod
    def lsp(plsp_id=1, name="old"):
        """Between routers that the network does not have: nobody finds it a better path."""
        return Lsp(plsp_id, name, "192.0.2.1", "192.0.2.9", [16003])


class Kept(DeletionCase):
    def test_a_deletion_is_kept_until_the_router_has_done_it(self):
        lsp = self.lsp()
        router = self.router(lsp)
        order = self.delete("old")["order"]
        asked = router.removal()
        row, = self.rows()
        self.assertEqual((row["pcc"], row["name"], row["state"], row["order"]), (self.source, "old", "ordered", order))
        self.assertEqual(self.delete("old")["order"], order, "asked twice it is one order")
        router.obey(asked, lsp)
        self.wait_state(None)
        router.nothing_for(0.3)

    def test_it_outlives_the_process(self):
        lsp = self.lsp()
        router = self.router(lsp)
        self.delete("old")
        router.removal()
        self.kill()
        self.wait_state("waiting")
        lsp.srp_id = 0
        router = self.router(lsp, self.lsp(2, "other"))
        router.obey(router.removal(), lsp)
        self.wait_state(None)
        self.kill()
        self.assertEqual(self.rows(), [])
        router = self.router(self.lsp(3, "old"))
        router.nothing_for(1)  # it is another one of that name: nobody has ordered anything about it

    def test_a_router_that_comes_back_without_the_lsp_is_asked_nothing(self):
        self.router(self.lsp()).drop()
        self.wait(lambda: self.get(f"/api/v1/lsps/{self.source}/old")["stale"])
        self.assertIsNone(self.delete("old")["order"], "its router has no session")
        self.wait_state("waiting")
        router = self.router(self.lsp(2, "other"))
        self.wait_state(None)
        router.nothing_for(0.3)

    def test_one_that_is_refused_is_tried_in_the_next_session(self):
        lsp = self.lsp()
        router = self.router(lsp)
        self.delete("old")
        router.refuse(router.removal(), 24, 2)
        row, = self.rows()
        self.assertEqual(row["state"], "ordered", "the order tries again by itself")
        router.drop()
        self.kill()
        router = self.router(lsp)
        router.obey(router.removal(), lsp)
        self.wait_state(None)

    def test_what_is_the_routers_own_is_not_asked_for_again(self):
        lsp = self.lsp()
        router = self.router(lsp)
        since = self.pced.mark()
        self.delete("old")
        router.refuse(router.removal(), 19, 9)
        self.wait_state(None)
        self.pced.wait_line("LSP need not be deleted any more.*name=old.*the PCC's own", since)
        router.drop()
        self.router(lsp).nothing_for(0.5)

    def test_it_can_be_forgotten(self):
        self.router(self.lsp()).drop()
        self.wait(lambda: self.get(f"/api/v1/lsps/{self.source}/old")["stale"])
        code, text, error = pcectl(self.pced, "lsp", "delete", self.source, "old")
        self.assertEqual((code, text, error), (0, "taken\n", ""))
        code, text, _ = pcectl(self.pced, "lsp", "deletions")
        self.assertEqual(code, 0)
        self.assertRegex(text, "old .*waiting")
        code, text, _ = pcectl(self.pced, "lsp", "deletions", "--json", "--pcc", self.source)
        self.assertEqual([row["name"] for row in json.loads(text)], ["old"])
        self.assertEqual(pcectl(self.pced, "lsp", "forget", self.source, "old")[:2], (0, "forgotten\n"))
        self.wait_state(None)
        self.assertEqual(pcectl(self.pced, "lsp", "forget", self.source, "old")[0], 1)
        self.assertEqual(pcectl(self.pced, "lsp", "forget", self.source)[0], 2)
        self.kill()
        self.assertEqual(self.rows(), [])
        self.router(self.lsp()).nothing_for(0.5)

    def test_what_cannot_be_asked_is_refused_and_not_kept(self):
        peer = MockPcc(self.pced.address, source=self.source)
        self.peers.append(peer)
        peer.open(tlvs=pcep.stateful_tlv(0x1), keepalive=0, dead=0)
        peer.synchronise(self.lsp())
        self.wait_finished()
        answer = self.delete("old", 409)
        self.assertIn("no instantiation", str(answer))
        self.wait_state(None)
        self.delete("none", 404)

    def test_pages_and_what_is_wrong(self):
        lsps = [self.lsp(n, f"n{n}") for n in range(1, 8)]
        self.router(*lsps).drop()
        self.wait(lambda: self.get(f"/api/v1/lsps/{self.source}/n1")["stale"])
        for lsp in lsps:
            self.delete(lsp.name)
        names, cursor = [], None
        while True:
            page = self.get("/api/v1/deletions?limit=3" + (f"&cursor={cursor}" if cursor else ""))
            names += [row["name"] for row in page["deletions"]]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(sorted(names), [lsp.name for lsp in lsps])
        for argument in ("pcc=x", "limit=0", "cursor=9", "cursor=900-1"):
            self.assertEqual(self.ask("GET", "/api/v1/deletions?" + argument, 400)["error"]["field"],
                             argument.split("=")[0])
        self.ask("DELETE", "/api/v1/deletions/0-1-1", 400)
        self.ask("DELETE", f"/api/v1/deletions/{self.source}/none", 404)


class Killed(DeletionCase):
    """kill -9 at random moments: no acknowledged deletion is lost."""

    def order_all(self, names, taken, failures):
        for name in names:
            try:
                connection = UnixConnection(self.pced.socket)
                code, answer = ask(connection, "POST", f"/api/v1/lsps/{self.source}/{name}/delete")
                connection.close()
            except (OSError, ValueError, EOFError, http.client.HTTPException):
                return  # killed meanwhile
            if code == 202:
                taken.add(name)
            elif code != 503:
                failures.append((code, answer))

    def test_no_acknowledged_deletion_is_lost(self):
        dice = random.Random(int(os.environ.get("PCED_TEST_SEED", random.randrange(1 << 32))))
        lsps = {f"n{n}": self.lsp(n, f"n{n}") for n in range(1, 201)}
        taken, failures = set(), []
        for _ in range(KILLS):
            self.router(*lsps.values()).drop()
            self.wait(lambda: self.get(f"/api/v1/pccs?peer={self.source}")["pccs"][0]["sync"] == "no-session")
            names = dice.sample(sorted(set(lsps) - taken), 15)
            orders = threading.Thread(target=self.order_all, args=(names, taken, failures))
            orders.start()
            time.sleep(dice.uniform(0.001, 0.05))
            self.pced.signal(signal.SIGKILL)
            orders.join(WAIT_S)
            self.kill()
            kept = {row["name"] for row in self.get("/api/v1/deletions?limit=1000")["deletions"]}
            self.assertLessEqual(taken, kept)
            taken = kept  # what was kept and not acknowledged holds as well
        self.assertEqual(failures, [])
        self.assertGreater(len(taken), KILLS, "there were deletions to be lost")
        gone = set()
        router = self.router(*(lsps[name] for name in taken))
        while gone != taken:
            order = router.removal()
            lsp, = (lsp for lsp in lsps.values() if lsp.plsp_id == order.plsp_id)
            self.assertNotIn(lsp.name, gone)
            gone.add(lsp.name)
            router.obey(order, lsp)
        self.wait_state(None)


class NotKept(DeletionCase):
    SECTIONS = {}

    def test_without_a_store_a_deletion_is_an_order_and_no_more(self):
        lsp = self.lsp()
        router = self.router(lsp)
        self.assertIsNotNone(self.delete("old")["order"])
        asked = router.removal()
        self.assertEqual(self.rows(), [])
        router.obey(asked, lsp)
        self.wait(lambda: not self.get(f"/api/v1/lsps?pcc={self.source}")["lsps"])


class Described(DeletionCase):
    resolve, merged, check = ApiDescription.resolve, ApiDescription.merged, ApiDescription.check
    answer_schema = ApiDescription.answer_schema

    def test_answers_are_as_described(self):
        with open(os.path.join(daemon.ROOT, "docs", "openapi.yaml"), encoding="utf-8") as file:
            self.document = yaml.safe_load(file)
        self.router(self.lsp()).drop()
        self.wait(lambda: self.get(f"/api/v1/lsps/{self.source}/old")["stale"])
        self.delete("old")
        answer = self.get("/api/v1/deletions")
        self.assertEqual(len(answer["deletions"]), 1)
        self.check(self.answer_schema("/api/v1/deletions", "200"), answer, "deletions")
        path = f"/api/v1/deletions/{self.source}/old"
        self.check(self.answer_schema("/api/v1/deletions/{pcc}/{name}", "200", "delete"), self.ask("DELETE", path, 200),
                   "forgotten")


del ApiDescription, DeletionCase

if __name__ == "__main__":
    unittest.main(verbosity=2)
