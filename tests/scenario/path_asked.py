#!/usr/bin/env python3
"""Paths that an operator asks for: by the API, by pcectl, and by pcectl on a file without a server."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from api_case import ApiCase, UnixConnection, ask, pcectl
from daemon import program
from networks import A, D

PATHS = "/api/v1/paths"


class Asked(ApiCase):
    def compute(self, expected=200, connection=None, **body):
        code, answer = ask(connection or self.connection, "POST", PATHS, json.dumps(body))
        self.assertEqual(code, expected, answer)
        return answer

    def test_a_path_and_what_its_constraints_cost(self):
        answer = self.compute(**{"from": "A", "to": D, "bandwidth": 10,
                                 "dynamic": {"exclude_any": 1, "bounds": {"te": 50}}})
        self.assertEqual(answer["outcome"], "path")
        self.assertEqual(answer["nodes"], ["A", "C", "D"])
        self.assertIn([sid["label"] for sid in answer["sids"]], networks.LOWER_A_D)
        self.assertEqual((answer["metrics"]["igp"], answer["metrics"]["te"]), (40, 20))
        self.assertNotIn("loss", answer["metrics"], "no link says one")
        why = answer["why"]
        self.assertEqual((why["metric"], why["cost"], why["cost_unconstrained"]), ("igp", 40, 20))
        self.assertEqual({row["constraint"]: row["cost_without"] for row in why["constraints"]},
                         {"bandwidth": 40, "affinities": 40, "bound on te": 40, "SID list": 40},
                         "affinities and the bound each keep it on the lower way")

    def test_no_path_what_has_to_go_and_the_cut(self):
        answer = self.compute(**{"from": "A", "to": "D", "bandwidth": networks.GBIT * 0.5,
                                 "dynamic": {"exclude_any": 1}})
        self.assertEqual(answer["outcome"], "no path")
        why = answer["why_not"]
        self.assertEqual((why["blame"], why["constraints"]), ("each", ["bandwidth", "affinities"]))
        self.assertEqual(sorted((row["from"], row["to"], *row["breaks"]) for row in why["cut"]),
                         [("A", "B", "affinities"), ("A", "C", "bandwidth")])
        self.assertEqual(why["cut_links"], 2)

    def test_only_together(self):
        answer = self.compute(**{"from": "A", "to": "D", "bandwidth": 2 * networks.GBIT,
                                 "dynamic": {"bounds": {"te": 1, "hops": 9}}})
        self.assertEqual(answer["why_not"]["blame"], "least")
        self.assertEqual(answer["why_not"]["constraints"], ["bandwidth", "bound on te"])
        answer = self.compute(**{"from": "A", "to": "D", "dynamic": {"bounds": {"te": 1}}})
        self.assertEqual(answer["why_not"]["bounds"], [{"metric": "te", "bound": 1, "least": 20}])

    def test_nodes_are_kept_off_and_must_be_there(self):
        answer = self.compute(**{"from": "A", "to": "D", "exclude_nodes": ["B"],
                                 "setup_type": "RSVP-TE"})
        self.assertEqual(answer["nodes"], ["A", "C", "D"])
        self.assertEqual(answer["sids"], [])
        for body in ({"from": "A", "to": "Z"}, {"from": "10.9.9.9", "to": "D"},
                     {"from": "A", "to": "D", "exclude_nodes": ["Z"]}):
            self.assertEqual(self.compute(**body)["outcome"], "unknown node")
        answer = self.compute(**{"from": "A", "to": "E"})
        self.assertEqual(answer["why_not"]["blame"], "none", "E has no link at all")

    def test_what_is_no_question_is_refused_by_its_member(self):
        for body, field in (({"from": "A"}, "to"), ({"from": "A", "to": "D", "via": "B"}, "via"),
                            ({"from": "A", "to": 4}, "to"), ({"from": "A" * 256, "to": "D"}, "from"),
                            ({"from": "A", "to": "D", "algorithm": 5}, "algorithm"),
                            ({"from": "A", "to": "D", "objective": "best"}, "objective"),
                            ({"from": "A", "to": "D", "bandwidth": -1}, "bandwidth"),
                            ({"from": "A", "to": "D", "exclude_srlgs": list(range(33))},
                             "exclude_srlgs"),
                            ({"from": "A", "to": "D", "dynamic": {"bounds": {"te": -1}}},
                             "dynamic.bounds"),
                            ({"from": "A", "to": "D", "dynamic": {"bounds": {
                                name: 1 for name in ("igp", "te", "delay", "loss", "min-delay")}}},
                             "dynamic.bounds")):
            with self.subTest(body=body):
                self.assertEqual(self.compute(400, **body)["error"]["field"], field)
        code, _ = ask(self.connection, "POST", PATHS, "{")
        self.assertEqual(code, 400)

    def test_many_at_once_and_orders_do_not_wait_for_them(self):
        answers = []

        def keep_asking():
            connection = UnixConnection(self.pced.socket)
            for _ in range(50):
                answers.append(ask(connection, "POST", PATHS,
                                   json.dumps({"from": "A", "to": "D"})))
            connection.close()

        threads = [threading.Thread(target=keep_asking) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({code for code, _ in answers}, {200})
        self.assertEqual({answer["outcome"] for _, answer in answers}, {"path"})
        self.assertGreaterEqual(self.get("/api/v1/status")["counters"]["paths_asked"], 200)

    def test_the_answer_is_that_of_a_session(self):
        peer = self.up()
        response = peer.ask(1, A, D, pcep.lspa(exclude_any=1))
        answer = self.compute(**{"from": A, "to": D, "dynamic": {"exclude_any": 1}})
        self.assertEqual([sid["label"] for sid in answer["sids"]], response.labels())

    def test_pcectl_asks_the_server(self):
        code, text, _ = pcectl(self.pced, "path", "compute", "A", "D", "--exclude-any", "0x1",
                               "--bounds", "te=50,hops=9")
        self.assertEqual(code, 0)
        self.assertIn("A > C > D", text)
        self.assertIn("without any constraint 20", text)
        code, text, _ = pcectl(self.pced, "path", "compute", "A", "D", "--bounds", "te=1")
        self.assertEqual(code, 1)
        self.assertIn("bound on te", text)
        code, _, error = pcectl(self.pced, "path", "compute", "A", "D", "--bounds", "best=1")
        self.assertEqual(code, 2, error)


class Offline(unittest.TestCase):
    def compute(self, *arguments):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(networks.DIAMOND)
            file.flush()
            run = subprocess.run([program("pcectl"), "path", "compute", *arguments, "--topology",
                                  file.name], capture_output=True, text=True, timeout=60,
                                 env=daemon.environment(), check=False)
        return run.returncode, run.stdout, run.stderr

    def test_on_a_file(self):
        code, text, _ = self.compute("A", "D", "--metric", "te", "--json")
        self.assertEqual(code, 0)
        self.assertEqual(json.loads(text)["nodes"], ["A", "C", "D"])
        code, text, _ = self.compute("A", "D", "--bandwidth", "1e9", "--exclude-any", "3")
        self.assertEqual(code, 1)
        self.assertIn("no fewer", text)
        self.assertIn("A to B: bandwidth, affinities", text)
        self.assertIn("A to C: bandwidth, affinities", text)

    def test_wrong_words(self):
        for words in (("A", "D", "--setup", "best"), ("A", "D", "--bandwidth", "x"),
                      ("A", "D", "--exclude-any", "1x"), ("A", "D", "--bounds", "te"), ("A",),
                      ("A", "D", "--exclude-srlgs", "1,x"), ("A", "D", "--nothing", "1")):
            with self.subTest(words=words):
                code, _, error = self.compute(*words)
                self.assertEqual(code, 2)
                self.assertTrue(error)


if __name__ == "__main__":
    unittest.main()
