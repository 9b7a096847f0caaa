#!/usr/bin/env python3
"""pceload as PCCs that report: against pced and the floor, and against a PCE that orders."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from floor import Floor
from load import FalsePce, Run, path, reply

SESSIONS, LSPS = 20, 300
D = 1  # of the flags of the LSP object
SRP_R = 1
NATIONAL = os.path.join(daemon.ROOT, "deploy", "topologies", "national.yaml")


def without_first_link(text):
    """A topology file whose first link is gone."""
    head, links = text.split("\nlinks:\n")
    rows = re.split(r"^(?=  - )", links, flags=re.M)
    return head + "\nlinks:\n" + "".join(rows[:1] + rows[2:])


def states_of(messages):
    return [state for octets in messages if octets[1] == pcep.PCRPT
            for state in pcep.parse_lsp_states(pcep.parse_message(octets))]


def update(srp_id, plsp_id, label):
    return pcep.message(pcep.PCUPD, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
                        pcep.lsp_object(plsp_id, D), pcep.ero_object([label]))


def initiate(srp_id, name, label):
    return pcep.message(pcep.PCINITIATE, pcep.srp_object(srp_id, setup=pcep.SETUP_SR),
                        pcep.lsp_object(0, D, name=name), pcep.end_points(networks.A, networks.D),
                        pcep.ero_object([label]))


def remove(srp_id, plsp_id):
    return pcep.message(pcep.PCINITIATE, pcep.srp_object(srp_id, flags=SRP_R),
                        pcep.lsp_object(plsp_id, 0))


@contextlib.contextmanager
def running(command):
    """A pceload that would run for long: it ends with the test, and before that where the server does not do its
    part, so that nobody waits for a line that does not come."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=daemon.environment()) as run:
        watch = threading.Timer(3 * daemon.WAIT_S, run.kill)
        watch.start()
        try:
            yield run
        finally:
            watch.cancel()
            run.kill()


class Synchronises(unittest.TestCase):
    def expect_synchronised(self, run, sessions=SESSIONS):
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual(run.errors, {})
        self.assertEqual(run.reports["sent"], sessions * LSPS)
        self.assertEqual(run.reports["synchronised"], sessions)
        self.assertGreater(run.reports["sync_seconds"], 0)
        self.assertAlmostEqual(run.reports["synchronised_at"] - run.reports["first_at"],
                               run.reports["sync_seconds"], places=3)

    def test_with_pced_which_has_counted_every_report(self):
        pced = daemon.Pced(topology=networks.DIAMOND).start()
        self.addCleanup(pced.stop)
        for options in ((), ("--setup", "rsvp"), ("--nai", "--lsp-bandwidth", "0.5:1"), ("--ipv6",)):
            with self.subTest(options=options):
                before = pced.metrics()["pced_reports_total"]
                run = Run("--sessions", SESSIONS, "--reports", LSPS, *options, server=pced.address,
                          topology=networks.DIAMOND)
                self.expect_synchronised(run)
                self.assertEqual(pced.metrics()["pced_reports_total"] - before, SESSIONS * LSPS)
        self.assertEqual(pced.metrics()["pced_reports_refused_total"], 0)

    def test_with_the_floor_by_the_same_mark(self):
        with Floor() as floor:
            run = Run("--floor", "--sessions", SESSIONS, "--reports", LSPS, server=floor.address)
            self.expect_synchronised(run)
            self.assertEqual(floor.stop()["requests"], SESSIONS, "a mark of each session, and no more")

    def test_not_where_the_mark_is_not_answered(self):
        with FalsePce(lambda number: b"") as server:
            run = Run("--sessions", 2, "--reports", LSPS, "--duration", 1, server=server.address)
        self.assertEqual(run.code, 1)
        self.assertEqual(run.reports["synchronised"], 0)
        self.assertEqual(run.reports["sync_seconds"], 0)
        self.assertEqual(run.reports["sent"], 2 * LSPS)

    def test_not_before_it_is_told_where_it_holds(self):
        with FalsePce(lambda number: reply(number, pcep.obj(3, 1, bytes(4)))) as server:
            command = [daemon.program("pceload"), "--quiet", "--control", "--hold", "--reports", "10",
                       "--sessions", "2", "%s:%d" % server.address]
            with running(command) as run:
                self.assertEqual(run.stdout.readline(), "up 2\n")
                self.assertRaises(subprocess.TimeoutExpired, run.wait, 0.5)
                self.assertEqual([m for m in server.heard if m[1] == pcep.PCRPT], [])
                run.send_signal(signal.SIGUSR1)
                self.assertRegex(run.stdout.readline(), r"^synchronised 2 0\.\d+\n$")
                self.assertEqual(run.wait(daemon.WAIT_S), 0)
            self.assertEqual(len([m for m in server.heard if m[1] == pcep.PCRPT]), 2 * (10 + 1))

    def test_again_when_the_session_was_lost(self):
        lost = []

        def answer(number):
            if not lost:
                lost.append(number)
                return None
            return path(number, 16004)
        with FalsePce(answer) as server:
            run = Run("--reports", 10, "--reconnect", 0.2, server=server.address)
            states = states_of(server.heard)
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual((run.sessions["up"], run.sessions["lost"]), (1, 1))
        self.assertEqual(run.reports["synchronised"], 1)
        self.assertEqual([s.name for s in states[:10]], [s.name for s in states[11:21]])


class Follows(unittest.TestCase):
    def ask(self, *orders, options=("--reports", 3, "--delegate", 1)):
        """What a session answers to orders that come with the answer of its mark."""
        def answer(number):
            return [path(number, 16004), *orders]
        with FalsePce(answer) as server:
            run = Run(*options, "--duration", 1, server=server.address)
            at = [number for number, octets in enumerate(server.heard) if octets[1] == pcep.PCREQ][0]
            return run, server.heard[at + 1:]

    def test_an_update_and_an_initiation(self):
        run, heard = self.ask(update(7, 2, 16002), initiate(8, "of the PCE", 16003))
        self.assertEqual(run.code, 0, run.text)
        states = states_of(heard)
        self.assertEqual([(s.srp_id, s.plsp_id, s.labels()) for s in states],
                         [(7, 2, [16002]), (8, 4, [16003])])
        self.assertEqual([s.name for s in states], ["pceload-0000000-00000002", "of the PCE"])
        self.assertEqual([(s.delegated, s.created_by_pce) for s in states], [(True, False), (True, True)])
        self.assertEqual({name: run.orders[name] for name in ("updates", "initiations", "refused")},
                         {"updates": 1, "initiations": 1, "refused": 0})
        self.assertGreaterEqual(run.orders["last_at"], run.orders["first_at"])

    def test_a_removal_and_what_it_refuses(self):
        run, heard = self.ask(initiate(1, "a", 16003), remove(2, 4), remove(3, 4), remove(4, 1))
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual(len(states_of(heard)), 2)
        errors = [pcep.parse_message(octets).errors() for octets in heard if octets[1] == pcep.PCERR]
        self.assertEqual(errors, [[(19, 3)], [(19, 9)]])
        self.assertEqual((run.orders["removals"], run.orders["refused"]), (3, 2))

    def test_orders_without_lsps_of_its_own(self):
        run, heard = self.ask(initiate(1, "a", 16003), options=("--stateful",))
        self.assertEqual(run.code, 0, run.text)
        self.assertEqual([s.plsp_id for s in states_of(heard)], [1])
        self.assertEqual((run.reports["sent"], run.reports["synchronised"]), (0, 1))

    def test_every_update_of_pced_after_a_failure_is_done(self):
        with open(NATIONAL, encoding="utf-8") as file:
            text = file.read()
        pced = daemon.Pced(topology=text, lsp={"settle-time": 0},
                           reopt={"interval": 0, "gain-min": 100}).start()
        self.addCleanup(pced.stop)
        times = os.path.join(pced.folder, "order-times")
        command = [daemon.program("pceload"), "--quiet", "--control", "--sessions", "20", "--reports", "50",
                   "--delegate", "1", "--segments", "4", "--adjacent", "--topology", pced.topology_path,
                   "--order-times", times, "--duration", "1000", "--json", "-", "%s:%d" % pced.address]
        with running(command) as run:
            self.assertEqual(run.stdout.readline(), "up 20\n")
            self.assertRegex(run.stdout.readline(), r"^synchronised 20 ")
            self.wait_quiet(pced)
            self.assertEqual(pced.metrics()["pced_orders_sent_total"], 0, "each path lies on the network")
            failed = time.monotonic()
            pced.write_topology(without_first_link(text))
            pced.reload()
            self.wait_quiet(pced, lambda found: 0 < found["pced_orders_sent_total"])
            run.send_signal(signal.SIGTERM)
            orders = json.loads(run.stdout.read())["orders"]
            self.assertEqual(run.wait(daemon.WAIT_S), 0)
        metrics = pced.metrics()
        self.assertEqual((orders["updates"], orders["refused"], orders["unanswered"]),
                         (metrics["pced_orders_sent_total"], 0, 0))
        with open(times, encoding="ascii") as file:
            instants = [float(line) for line in file]
        self.assertEqual(len(instants), orders["updates"])
        self.assertGreater(min(instants), failed)
        self.assertAlmostEqual(max(instants), orders["last_at"], places=3)
        self.assertEqual((metrics["pced_orders_refused_total"], metrics["pced_orders_unconfirmed_total"]),
                         (0, 0))

    def wait_quiet(self, pced, is_wanted=lambda _: True):
        """Until nothing waits, and every move that pced has asked for is done."""
        deadline = time.monotonic() + daemon.WAIT_S
        while True:
            found = pced.metrics()
            quiet = not any(found[f"pced_{name}"] for name in
                            ("reopt_urgent", "reopt_waiting", "orders_waiting", "orders_in_flight"))
            if quiet and is_wanted(found) and found["pced_orders_sent_total"] == found["pced_orders_done_total"]:
                return
            self.assertLess(time.monotonic(), deadline, found)
            pced.let_pass(0.1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
