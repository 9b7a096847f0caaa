#!/usr/bin/env python3
"""pcectl from the outside: what it prints, its exit codes, and PCEs that misbehave towards it."""

import concurrent.futures
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from daemon import Pced, program
from peer import Peer

OK, NO, USAGE, NO_SESSION = 0, 1, 2, 3
TIMEOUTS_S = (0.5, 2, 8, 32)  # of one after the other, until the machine lets it hear what there is to hear
SEED = int(os.environ.get("PCED_TEST_SEED", "4189"))


def pcectl(*arguments, octets=b""):
    done = subprocess.run([program("pcectl"), *map(str, arguments)], input=octets, timeout=60,
                          capture_output=True, env=daemon.environment(), check=False)
    done.text = done.stdout.decode() + done.stderr.decode()
    return done


class Case(unittest.TestCase):
    def assert_ends(self, done, code):
        self.assertNotRegex(done.text, daemon.REPORT)
        self.assertEqual(done.returncode, code, done.text)


class Decode(Case):
    MESSAGE = pcep.request_message(7, "10.0.0.1", "10.0.0.4", pcep.lspa(exclude_any=1),
                                   pcep.metric(pcep.METRIC_TE, 5, bound=True))

    def test_octets_and_hex_are_the_same(self):
        as_octets = pcectl("decode", octets=self.MESSAGE)
        as_hex = pcectl("decode", "--hex", octets=self.MESSAGE.hex().encode())
        self.assert_ends(as_octets, OK)
        self.assertEqual(as_octets.stdout, as_hex.stdout)
        for word in ("PCReq", "END-POINTS", "10.0.0.4", "LSPA", "METRIC"):
            self.assertIn(word, as_octets.text)

    def test_json(self):
        done = pcectl("decode", "--json", octets=self.MESSAGE * 2)
        self.assert_ends(done, OK)
        messages = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([m["message"] for m in messages], ["PCReq", "PCReq"])
        self.assertEqual(messages[0]["objects"][0]["body"]["request_id"], 7)

    def test_what_is_wrong_is_said(self):
        broken = bytearray(self.MESSAGE)
        broken[7] = 200  # the length of the RP object: past the message
        self.assert_ends(pcectl("decode", octets=bytes(broken)), NO)
        self.assert_ends(pcectl("decode", octets=self.MESSAGE[:-3]), NO)
        self.assert_ends(pcectl("decode", "/nonexistent/file"), USAGE)
        self.assert_ends(pcectl("decode", "--nonsense"), USAGE)

    def test_random_octets_end_in_an_exit_code(self):
        draw = random.Random(SEED)
        for turn in range(40):
            octets = bytearray(self.MESSAGE * 2 if turn % 2 else draw.randbytes(200))
            octets[draw.randrange(len(octets))] ^= 1 << draw.randrange(8)
            with self.subTest(seed=SEED, turn=turn):
                done = pcectl("decode", "--binary", octets=bytes(octets))
                self.assertIn(done.returncode, (OK, NO))
                self.assertNotRegex(done.text, daemon.REPORT)


class CheckTopology(Case):
    def test_good_and_bad(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "net.yaml")
            for text, code in ((networks.DIAMOND, OK),
                               (networks.DIAMOND.replace("to: D", "to: Nowhere", 1), NO)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                done = pcectl("check-topology", path)
                self.assertEqual(done.returncode == OK, code == OK, done.text)
                if code != OK:
                    line = next(n for n, l in enumerate(text.splitlines(), 1) if "Nowhere" in l)
                    self.assertIn(f"{path}:{line}:", done.text)
                    self.assertIn("Nowhere", done.text)


class TopologyCheck(Case):
    def check(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "net.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return pcectl("topology", "check", path, *options)

    def test_findings_and_exit_codes(self):
        done = self.check(networks.DIAMOND)  # E has no link
        self.assert_ends(done, NO)
        self.assertIn("isolated_node", done.text)
        whole = networks.DIAMOND + networks._link("EA", 10, 10, 1, "1G", 0, 20, 24021)
        self.assert_ends(self.check(whole), OK)

    def test_json(self):
        done = self.check(networks.DIAMOND, "--json")
        self.assert_ends(done, NO)
        answer = json.loads(done.stdout)
        self.assertEqual((answer["nodes"], answer["links"]), (6, 10))
        found = {row["kind"]: row for row in answer["findings"]}
        self.assertEqual(found["isolated_node"]["found"], ["E"])
        self.assertEqual(found["isolated_node"]["severity"], "error")

    def test_what_is_wrong_is_said(self):
        self.assert_ends(self.check("nodes: 1\n"), USAGE)
        self.assert_ends(pcectl("topology", "check", "/nonexistent/file"), USAGE)
        for arguments in ((), ("check", "a", "b"), ("nonsense",), ("check", "--nonsense")):
            self.assert_ends(pcectl("topology", *arguments), USAGE)
        self.assert_ends(pcectl("topology", "--help"), OK)


class Request(Case):
    @classmethod
    def setUpClass(cls):
        cls.pced = Pced(topology=networks.DIAMOND).start()

    @classmethod
    def tearDownClass(cls):
        cls.pced.stop()

    def ask(self, *arguments, server=None):
        return pcectl("request", "--server", server or f"127.0.0.1:{self.pced.port}", "--topology",
                      self.pced.topology_path, *arguments)

    def test_path_as_a_table(self):
        done = self.ask("--from", "A", "--to", "D")
        self.assert_ends(done, OK)
        self.assertIn("16004 D", done.text)

    def test_path_as_json(self):
        done = self.ask("--json", "--from", "A", "--to", "D", "--metric", "te")
        self.assert_ends(done, OK)
        answer = json.loads(done.stdout)[0]
        self.assertIn([hop["label"] for hop in answer["hops"]], networks.LOWER_A_D)
        self.assertEqual(answer["metrics"]["te"], 20)

    def test_no_path(self):
        done = self.ask("--from", "A", "--to", "E")
        self.assert_ends(done, NO)
        self.assertIn("NO-PATH", done.text)

    def test_the_constraint_that_stands_in_the_way_is_named(self):
        done = self.ask("--from", "A", "--to", "D", "--bandwidth", "900G")
        self.assert_ends(done, NO)
        self.assertIn("cannot be met: bandwidth", done.text)
        done = self.ask("--json", "--from", "A", "--to", "D", "--bound", "te=1")
        self.assert_ends(done, NO)
        self.assertEqual(json.loads(done.stdout)[0]["unmet"], ["bound on te"])

    def test_addresses_instead_of_names_over_ipv6(self):
        if not daemon.has_ipv6():
            print("SKIP: no IPv6 on the loopback")
            self.skipTest("no IPv6 on the loopback")
        done = self.ask("--from", networks.A6, "--to", networks.D6,
                        server=f"[::1]:{self.pced.port}")
        self.assert_ends(done, OK)
        self.assertIn("16104", done.text)

    def test_wrong_arguments(self):
        for arguments in (["--from", "A"], ["--from", "A", "--to", "Nowhere"], ["--metric", "best"],
                          [], ["--from", "A", "--to", "D", "--msd", "0x"]):
            with self.subTest(arguments=arguments):
                self.assert_ends(self.ask(*arguments), USAGE)

    def test_nobody_listens(self):
        done = self.ask("--from", "A", "--to", "D", server=f"127.0.0.1:{daemon.free_port()}")
        self.assert_ends(done, NO_SESSION)
        self.assertIn("refused", done.text)


class Chatter(Case):
    """A PCE that says much and answers nothing."""

    def test_the_time_for_an_answer_ends_all_the_same(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        stopped = threading.Event()

        def serve():
            client, _ = listener.accept()
            with client:
                client.sendall(pcep.open_message() + pcep.message(2))
                while not stopped.wait(0.2):
                    client.sendall(pcep.message(2))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            done = pcectl("request", "--server", "127.0.0.1:%d" % listener.getsockname()[1], "--from",
                          "192.0.2.1", "--to", "192.0.2.2", "--timeout", 2)
        finally:
            stopped.set()
            thread.join()
        self.assertIn("no answer within 2000 ms", done.text)
        self.assert_ends(done, NO)


class FullDisk(Case):
    def test_half_of_an_output_is_no_success(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program("pcectl"), "help"], stdout=full, stderr=subprocess.PIPE,
                                  timeout=60, env=daemon.environment(), check=False)
        self.assertEqual(done.returncode, NO_SESSION)
        self.assertIn(b"the output cannot be written: No space left on device", done.stderr)


class SecondSession(Case):
    """The PCE has a session with 127.0.0.1, and keeps it: another pcectl from there is refused (PCErr 9)."""

    def setUp(self):
        self.pced = Pced(topology=networks.DIAMOND).start()
        self.addCleanup(self.pced.stop)
        self.hold("127.0.0.1")

    def hold(self, source):
        peer = Peer(("::1" if ":" in source else "127.0.0.1", self.pced.port), source=source)
        self.addCleanup(peer.drop)
        peer.open(keepalive=0, dead=0)
        return peer

    def command(self, *arguments, server="127.0.0.1"):
        return ["request", "--server", f"{server}:{self.pced.port}", "--topology",
                self.pced.topology_path, "--from", "A", "--to", "D", *arguments]

    def test_many_at_once_take_addresses_of_their_own(self):
        for count in (8, 20):
            with self.subTest(count=count), concurrent.futures.ThreadPoolExecutor(count) as pool:
                for done in pool.map(lambda _: pcectl(*self.command("--timeout", 50)), range(count)):
                    self.assert_ends(done, OK)
                    self.assertIn("16004 D", done.text)
                    self.assertEqual(done.stderr, b"")
        self.assertEqual(self.pced.metrics()["pced_sessions_opened_total"], 1 + 8 + 20)
        self.assertEqual(self.pced.lines_with("session ended peer=127.0.0.1 "), [])

    def refused(self, arguments, *words, **options):
        """One line that says what happened and what to do, also as JSON."""
        for timeout_s in TIMEOUTS_S:
            done = pcectl(*self.command("--json", "--timeout", timeout_s, *arguments, **options))
            if all(word in done.text for word in words):
                break
        self.assert_ends(done, NO_SESSION)
        line, = done.stderr.decode().splitlines()
        error = json.loads(done.stdout)["error"]
        self.assertEqual((error["message"], error["error_type"]), (line, 9))
        for word in ("PCErr 9", "--timeout", *words):
            self.assertIn(word, line)

    def test_an_address_that_is_named_is_kept(self):
        self.refused(["--source", "127.0.0.1"], "a session with 127.0.0.1 already", "name another --source")
        done = pcectl(*self.command("--source", "127.0.0.1", "--timeout", 0.5))
        self.assert_ends(done, NO_SESSION)
        self.assertEqual(done.stdout, b"")

    def test_ipv6_has_one_loopback_address(self):
        if not daemon.has_ipv6():
            self.skipTest("no IPv6 on the loopback")
        self.hold("::1")
        self.refused([], "ask it at 127.0.0.1", server="[::1]")

    def test_it_waits_until_the_other_session_ends(self):
        other = self.hold("127.0.0.2")
        since = self.pced.mark()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(pcectl, *self.command("--source", "127.0.0.2", "--timeout", 50))
            self.pced.wait_lines("connection refused peer=127.0.0.2 .*counter=refused_second", 2, since)
            other.drop()
            self.assert_ends(asked.result(), OK)

    def test_an_access_list_that_admits_no_other_address(self):
        self.pced.reload(access={"policy": "deny", "permit": ["127.0.0.1"]})
        self.refused([], "name with --source", "access list admits", "from 127.")


class BadPce(Case):
    """A PCE of our own that does not keep to the rules: pcectl ends with a message, never in a crash."""

    def against(self, script, timeout_s=1):
        with socket.socket() as listener, tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(networks.DIAMOND)
            file.flush()
            listener.bind(("127.0.0.1", 0))
            listener.listen()

            def serve():
                connection, _ = listener.accept()
                with connection:
                    try:
                        script(connection)
                    except OSError:
                        pass  # it has gone
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            done = pcectl("request", "--server", f"127.0.0.1:{listener.getsockname()[1]}",
                          "--topology", file.name, "--timeout", timeout_s, "--from", "A", "--to", "D")
            thread.join(20)
            self.assertFalse(thread.is_alive())
        self.assertNotRegex(done.text, daemon.REPORT)
        return done

    HELLO = pcep.open_message(keepalive=0, dead=0,
                              tlvs=pcep.sr_capability_tlv()) + pcep.keepalive_message()

    @staticmethod
    def drain(connection):
        while connection.recv(65536):
            pass

    def answering(self, reply):
        """A session that is up, and this in return for the request."""
        def script(connection):
            connection.sendall(self.HELLO)
            seen = b""
            while len(seen) < 80:
                more = connection.recv(65536)
                if not more:
                    return
                seen += more
            connection.sendall(reply)
            self.drain(connection)
        return script

    def test_silence(self):
        self.assert_ends(self.against(self.drain), NO_SESSION)

    def test_closes_at_once(self):
        self.assert_ends(self.against(lambda connection: None), NO_SESSION)

    def test_answers_instead_of_a_handshake(self):
        for first in (pcep.message(pcep.PCERR, pcep.error_object(1, 1)), b"HTTP/1.1 400 Bad\r\n\r\n",
                      pcep.message(pcep.CLOSE, pcep.close_object(1)), bytes(64), b"\xff" * 64):
            with self.subTest(first=first):
                def script(connection, octets=first):
                    connection.sendall(octets)
                    self.drain(connection)
                self.assert_ends(self.against(script), NO_SESSION)

    def test_a_constraint_that_we_do_not_know_is_named_by_its_number(self):
        reply = pcep.message(pcep.PCREP, pcep.rp(1, 1),
                             pcep.obj(pcep.OC_NO_PATH, 1, b"\0\x80\0\0"),
                             pcep.metric(pcep.METRIC_TE, 7, bound=True),
                             pcep.metric(17, 3, bound=True))
        self.assertIn("cannot be met: bound on te, bound on metric-17",
                      self.against(self.answering(reply), timeout_s=30).text)

    def test_replies_that_are_wrong(self):
        ero = pcep.ero_object([16004])
        replies = {
            "another request": pcep.message(pcep.PCREP, pcep.rp(99, 1), ero),
            "no path and no NO-PATH": pcep.message(pcep.PCREP, pcep.rp(1, 1)),
            "no RP": pcep.message(pcep.PCREP, ero),
            "ERO that does not fit": pcep.message(pcep.PCREP, pcep.rp(1, 1),
                                                  pcep.obj(pcep.OC_ERO, 1, b"\x24\xff\0\0")),
            "PCErr": pcep.message(pcep.PCERR, pcep.rp(1, 1), pcep.error_object(6, 3)),
            "Close": pcep.message(pcep.CLOSE, pcep.close_object(1)),
        }
        for name, reply in replies.items():
            with self.subTest(reply=name):
                self.assertIn(self.against(self.answering(reply)).returncode,
                              (NO, NO_SESSION))


if __name__ == "__main__":
    unittest.main(verbosity=2)
