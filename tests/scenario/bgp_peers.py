#!/usr/bin/env python3
"""What operators see of the routers that tell the network by BGP-LS, and what they may order of one."""

import json
import os
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import bgp_ls
from api import Description as ApiDescription
from api_case import ApiCase, UnixConnection, ask, pcectl
from daemon import Pced, WAIT_S

ROUTER, OTHER = "127.0.9.11", "127.0.9.12"
PATH = "/api/v1/topology/peers"
LS_ONLY = bgp_ls.capability(1, struct.pack("!HBB", bgp_ls.AFI, 0, bgp_ls.SAFI))


class Case(unittest.TestCase):
    def setUp(self):
        self.router = bgp_ls.Speaker(ROUTER)
        self.addCleanup(self.router.close)
        self.pced = Pced(bgp_ls=self.configuration()).start()
        self.addCleanup(self.pced.stop)
        self.pced.socket = self.pced.sections["control"]["socket"]
        self.connection = UnixConnection(self.pced.socket)
        self.addCleanup(self.connection.close)

    def configuration(self):
        peers = [{"address": ROUTER, "port": self.router.port, "connect-retry": 1, "rank": 7},
                 {"address": OTHER, "port": 1, "connect-retry": 600, "md5-key": "not to be shown"}]
        return {"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250", "peers": peers}

    def ask(self, method, path, wanted=200):
        code, answer = ask(self.connection, method, path)
        self.assertEqual(code, wanted, answer)
        return answer

    def one(self, address=ROUTER):
        return self.ask("GET", f"{PATH}/{address}")

    def wait(self, true, what=""):
        deadline = time.monotonic() + WAIT_S
        while not true():
            self.assertLess(time.monotonic(), deadline, f"{what}\n{self.pced.log()}")
            time.sleep(0.02)

    def up(self):
        self.router.accept(restart=120)
        self.router.tell(bgp_ls.diamond())
        self.wait(lambda: self.one()["routes"]["links"] == 10)


class Views(Case):
    def test_all_peers_in_a_row_each(self):
        self.up()
        rows = {row["address"]: row for row in self.ask("GET", PATH)["peers"]}
        self.assertEqual(set(rows), {ROUTER, OTHER})
        row = rows[ROUTER]
        self.assertEqual((row["as"], row["state"], row["identifier"], row["rank"], row["established"]),
                         (bgp_ls.AS_NUMBER, "Established", "192.0.2.1", 7, 1))
        self.assertEqual(row["routes"], {"nodes": 6, "links": 10, "prefixes": 12, "srv6_sids": 0})
        self.assertIsNone(row["stale_age_s"])
        self.assertEqual((rows[OTHER]["state"], rows[OTHER]["identifier"]), ("Connect", None), "a refusal is not signed")

    def test_one_in_detail(self):
        self.up()
        peer = self.one()
        self.assertEqual(peer["capabilities"]["peers"], ["Multiprotocol", "Route-Refresh", "Extended-Message",
                                                         "Graceful-Restart", "Four-Octet-AS", "Enhanced-Route-Refresh"])
        self.assertEqual(peer["capabilities"]["ours"], peer["capabilities"]["peers"])
        self.assertEqual(peer["negotiated"]["hold_time_s"], 90)
        self.assertEqual(peer["negotiated"]["restart_time_s"], 120)
        self.assertEqual(peer["messages_received"]["OPEN"], 1)
        self.assertEqual(peer["messages_received"]["UPDATE"], 29)
        self.assertEqual(peer["messages_sent"]["OPEN"], 1)
        self.assertEqual(peer["nlris"]["announced"], 28)
        self.assertLess(85, peer["session"]["deadline_left_s"])
        self.assertLess(25, peer["session"]["keepalive_left_s"])
        self.assertIsNotNone(peer["end_of_rib_age_s"])
        self.assertEqual((peer["table"], peer["last_end"], peer["notification_received"]), ("fresh", None, None))
        self.assertEqual(self.one(OTHER)["session"]["authentication"], "md5")
        self.assertNotIn("not to be shown", json.dumps(self.one(OTHER)))

    def test_mistakes_are_told_by_kind(self):
        self.up()
        found, attributes = bgp_ls.diamond()["BD"][0]
        self.router.send(bgp_ls.update([found], attributes, as_path=struct.pack("!BBI", 2, 1, bgp_ls.AS_NUMBER)))
        self.router.send(bgp_ls.update([found], attributes, more=bgp_ls.attribute(0x40, 3, b"\1")))
        self.wait(lambda: self.one()["errors"]["treated_as_withdraw"] == 1)
        self.assertEqual(self.one()["errors"]["own_as"], 1)
        self.assertEqual(self.one()["routes"]["links"], 9)

    def test_what_the_other_operator_says_is_shown(self):
        self.up()
        self.router.send(bgp_ls.message(bgp_ls.NOTIFICATION, b"\6\2\x05" + b"lunch"))
        self.wait(lambda: self.one()["notification_received"])
        peer = self.one()
        self.assertEqual((peer["notification_received"]["code"], peer["notification_received"]["communication"]),
                         (6, "lunch"))
        self.assertEqual((peer["table"], peer["routes"]["links"]), ("stale", 10))
        self.assertIsNotNone(peer["stale_left_s"])
        self.assertEqual(peer["last_end"]["by"], "peer")
        self.assertIn("communication=lunch", self.pced.log())

    def test_states_are_metrics(self):
        self.up()
        self.pced.wait_line("topology (published|changed).*nodes=6")
        counters = self.ask("GET", "/api/v1/status")["counters"]
        self.assertEqual((counters["bgp_peers"], counters["bgp_peers_up"], counters["bgp_peers_connect"]), (2, 1, 1))
        self.router.drop()
        self.wait(lambda: self.ask("GET", "/api/v1/status")["counters"]["bgp_peers_stale"] == 1)

    def test_who_is_no_peer_and_what_is_no_address(self):
        self.assertEqual(self.ask("GET", f"{PATH}/192.0.2.77", 404)["error"]["field"], "peer")
        self.assertEqual(self.ask("GET", f"{PATH}/router-1", 400)["error"]["field"], "peer")
        self.assertEqual(self.ask("POST", f"{PATH}/192.0.2.77/reset", 404)["error"]["field"], "peer")
        self.ask("GET", f"{PATH}/{'1' * 300}", 400)

    def test_many_clients_at_once_are_all_answered(self):
        self.up()
        codes = []

        def some():
            connection = UnixConnection(self.pced.socket)
            for _ in range(20):
                codes.append(ask(connection, "GET", PATH)[0])
            connection.close()
        threads = [threading.Thread(target=some) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(codes, [200] * 320)


class NoPeers(ApiCase):
    def test_there_are_none(self):
        code, answer = ask(self.connection, "GET", PATH)
        self.assertEqual((code, answer), (200, {"peers": []}))
        self.assertEqual(ask(self.connection, "POST", f"{PATH}/127.0.0.1/refresh")[0], 404)


class Orders(Case):
    def test_a_refresh_is_asked_for(self):
        self.up()
        self.ask("POST", f"{PATH}/{ROUTER}/refresh")
        self.assertEqual(self.router.wait(bgp_ls.ROUTE_REFRESH), struct.pack("!HBB", bgp_ls.AFI, 0, bgp_ls.SAFI))

    def test_a_refresh_needs_a_session_and_a_peer_that_can(self):
        self.assertEqual(self.ask("POST", f"{PATH}/{OTHER}/refresh", 409)["error"]["field"], "peer")
        self.router.take(self.router.listener.accept()[0], capabilities=LS_ONLY)
        self.wait(lambda: self.one()["state"] == "Established")
        self.assertIn("RFC 2918", self.ask("POST", f"{PATH}/{ROUTER}/refresh", 409)["error"]["message"])

    def test_a_reset_says_why_and_begins_anew(self):
        self.up()
        self.ask("POST", f"{PATH}/{ROUTER}/reset?text=moving%20%C3%A9")
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION), b"\6\4\x09moving \xc3\xa9")
        self.router.accept()
        self.assertEqual(self.one()["notification_sent"]["communication"], "moving é")
        self.assertEqual(self.one()["established"], 2)
        self.assertEqual(self.one()["table"], "retelling")
        self.router.tell(bgp_ls.diamond())
        self.wait(lambda: self.one()["table"] == "fresh")

    def test_a_text_may_have_255_octets_and_no_more(self):
        self.up()
        self.ask("POST", f"{PATH}/{ROUTER}/reset?text={'x' * 256}", 400)
        self.ask("POST", f"{PATH}/{ROUTER}/reset?text={'x' * 255}")
        self.assertEqual(len(self.router.wait(bgp_ls.NOTIFICATION)), 3 + 255)

    def test_pcectl(self):
        self.up()
        code, text, _ = pcectl(self.pced, "topology", "peers")
        self.assertEqual(code, 0)
        self.assertRegex(text, rf"{ROUTER} +{bgp_ls.AS_NUMBER} +Established .* 192.0.2.1 +7 +6 +10 +12 +0  -\n")
        code, text, _ = pcectl(self.pced, "topology", "peers", ROUTER)
        self.assertRegex(text, r"messages_received.UPDATE +29\n")
        code, text, _ = pcectl(self.pced, "topology", "peers", "--json")
        self.assertEqual(len(json.loads(text)), 2)
        self.assertEqual(pcectl(self.pced, "topology", "refresh", ROUTER)[:2], (0, "ordered\n"))
        self.router.wait(bgp_ls.ROUTE_REFRESH)
        self.assertEqual(pcectl(self.pced, "topology", "reset", ROUTER, "--text", "a b")[0], 0)
        self.assertEqual(self.router.wait(bgp_ls.NOTIFICATION), b"\6\4\3a b")
        self.assertEqual(pcectl(self.pced, "topology", "peers", "192.0.2.77")[0], 1)
        self.assertEqual(pcectl(self.pced, "topology", "reset")[0], 2)


class Described(ApiDescription):
    """docs/openapi.yaml says what the server answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.router = bgp_ls.Speaker(ROUTER)
        cls.pced.reload(bgp_ls={"as": bgp_ls.AS_NUMBER, "router-id": "192.0.2.250",
                                "peers": [{"address": ROUTER, "port": cls.router.port, "connect-retry": 1}]})

    @classmethod
    def tearDownClass(cls):
        cls.router.close()
        super().tearDownClass()

    def test_answers(self):
        one = PATH + "/{peer}"
        self.router.accept()
        self.router.tell(bgp_ls.diamond())
        for path, at in ((PATH, PATH), (one, f"{PATH}/{ROUTER}")):
            self.check(self.answer_schema(path, "200"), self.get(at), path)
        code, answer = ask(self.connection, "POST", f"{PATH}/{ROUTER}/refresh")
        self.check(self.answer_schema(one + "/refresh", "200", "post"), answer, "refresh")
        code, answer = ask(self.connection, "POST", f"{PATH}/{ROUTER}/reset")
        self.check(self.answer_schema(one + "/reset", "200", "post"), answer, "reset")
        self.check(self.answer_schema(one, "200"), self.get(f"{PATH}/{ROUTER}"), "without a session")


del ApiCase, ApiDescription

if __name__ == "__main__":
    unittest.main(verbosity=2)
