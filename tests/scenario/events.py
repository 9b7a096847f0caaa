#!/usr/bin/env python3
"""What happens, as server-sent events: kinds, choice, coming back, what was missed, many streams."""

import http.client
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import pcep
from api_case import WAIT_S, ApiCase, UnixConnection
from case import next_source
from daemon import program
from peer import Peer

SYNC, REMOVED = 0x2, 0x4
EVENTS_MAX = 8192
STREAMS_MAX = 200


def report(plsp_id, name, labels, flags):
    return pcep.message(pcep.PCRPT, pcep.srp_object(0, setup=pcep.SETUP_SR) +
                        pcep.lsp_object(plsp_id, flags, name, identifiers()) + pcep.ero_object(labels))


def identifiers():
    ends = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 9))
    return pcep.tlv(18, ends[0] + b"\0\1\0\7" + ends[0] + ends[1])


class Stream:
    """A client that reads events."""

    def __init__(self, pced, arguments="", since=None):
        self.connection = UnixConnection(pced.socket)
        headers = {} if since is None else {"Last-Event-ID": since}
        self.connection.request("GET", "/api/v1/events" + arguments, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.id = None
        self.first = self.block() if self.status == 200 else None

    def block(self):
        """The fields up to an empty line; the id stays that of the last one that had one."""
        fields = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line == "" and fields:
                self.id = fields.get("id", self.id)
                return fields
            if line == "":
                raise EOFError
            name, _, value = line.partition(": ")
            fields[name] = value

    def event(self):
        """The next (kind, data)."""
        while True:
            fields = self.block()
            if "data" in fields:
                return fields["event"], json.loads(fields["data"])

    def events(self, count):
        return [self.event() for _ in range(count)]

    def close(self):
        self.response.close()
        self.connection.close()


class EventCase(ApiCase):
    def setUp(self):
        super().setUp()
        self.streams = []

    def tearDown(self):
        for stream in self.streams:
            stream.close()
        self.wait(lambda: self.get("/api/v1/status")["counters"]["streams_open"] == 0)
        super().tearDown()

    def stream(self, *arguments, **options):
        stream = Stream(self.pced, *arguments, **options)
        self.streams.append(stream)
        return stream

    def synchronised(self, *reports):
        peer = Peer(self.pced.address, source=next_source())
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        for one in reports:
            peer.send(one)
        peer.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, 0) + pcep.ero_object([])))
        pcc = peer.socket.getsockname()[0]
        self.wait(lambda: [row for row in self.get("/api/v1/pccs?peer=" + pcc)["pccs"]
                           if row["sync"] == "finished"])
        return peer, pcc


class Events(EventCase):
    def test_a_stream_says_what_happens(self):
        stream = self.stream()
        before = time.time()
        peer, pcc = self.synchronised(report(1, "blue", [16001], SYNC))
        seen = stream.events(4)
        self.assertEqual(sorted(data["change"] for _, data in seen),
                         ["PCC synchronised", "PCC up", "created", "session up"])
        created, = [(kind, data) for kind, data in seen if data["change"] == "created"]
        self.assertEqual((created[0], created[1]["name"], created[1]["pcc"], created[1]["by"]),
                         ("lsp", "blue", pcc, "pcc"))
        self.assertTrue(before - 1 < created[1]["at"] < time.time() + 1)
        peer.drop()
        self.peers.remove(peer)
        kinds = dict((data["change"], (kind, data)) for kind, data in stream.events(2))
        kind, ended = kinds["session ended"]
        self.assertEqual((kind, ended["by"], ended["pcc"]), ("session", "pcc", pcc))
        self.assertTrue(ended["why"])
        self.assertEqual(kinds["PCC down"][0], "pcc")

    def test_a_reload_of_the_network_is_an_event(self):
        stream = self.stream("?kind=topology")
        with open(self.pced.topology_path, "a", encoding="utf-8") as file:
            file.write("# a comment more\n")
        self.pced.reload()
        kind, data = stream.event()
        self.assertEqual((kind, data["kind"], data["what"]), ("topology", "file", "read"))

    def test_a_stream_says_what_was_chosen_alone(self):
        by_kind = self.stream("?kind=session,pcc")
        by_name = self.stream("?name=bl*&change=created")
        by_pcc = self.stream("?pcc=127.99.0.0/16")
        _, pcc = self.synchronised(report(1, "red", [16001], SYNC), report(2, "blue", [16001], SYNC))
        self.assertEqual({kind for kind, _ in by_kind.events(3)}, {"session", "pcc"})
        self.assertEqual(by_name.event()[1]["name"], "blue")
        self.assertNotIn("127.99.", pcc)
        other = Peer(self.pced.address, source="127.99.0.7")
        self.peers.append(other)
        other.open(keepalive=0, dead=0)
        self.assertEqual(by_pcc.event()[1]["pcc"], "127.99.0.7")

    def test_a_client_that_comes_back_goes_on_where_it_was(self):
        stream = self.stream("?kind=lsp")
        peer, _ = self.synchronised(report(1, "one", [16001], SYNC))
        self.assertEqual(stream.event()[1]["name"], "one")
        stream.close()
        for number in range(2, 40):
            peer.send(report(number, f"many-{number}", [16001], 0))
        self.wait(lambda: self.get("/api/v1/lsps?limit=1000")["lsps"][-1]["name"] == "many-39")
        again = self.stream("?kind=lsp", since=stream.id)
        self.assertEqual([data["name"] for _, data in again.events(38)],
                         [f"many-{number}" for number in range(2, 40)])

    def test_the_argument_does_what_the_header_does(self):
        stream = self.stream("?kind=lsp")
        self.synchronised(report(1, "told", [16001], SYNC))
        _, data = stream.event()
        self.assertEqual(data["name"], "told")
        life, number = stream.id.split("-")
        again = self.stream(f"?kind=lsp&since={life}-{int(number) - 1}")
        self.assertEqual(again.event()[1], data)

    def test_a_client_of_another_process_is_told_that_it_missed_something(self):
        stream = self.stream()
        life, number = stream.id.split("-")
        again = self.stream(since=f"{int(life) - 1}-{number}")
        self.assertEqual((again.first["event"], again.first["data"]), ("missed", '{"missed":1}'))

    def test_wrong_requests(self):
        life, number = self.stream().id.split("-")
        for since in ("x", "1", "-", f"{life}-", f"{life}-x", f"{life}-{int(number) + 10 ** 6}"):
            answer = self.get("/api/v1/events?since=" + since, 400)
            self.assertEqual(answer["error"]["field"], "Last-Event-ID", since)
        for field, value in (("kind", "lsps"), ("kind", ""), ("kind", "lsp,"), ("pcc", "x"), ("color", "1"), ("change", "createt")):
            self.assertEqual(self.get(f"/api/v1/events?{field}={value}", 400)["error"]["field"], field)

    def test_pcectl_prints_them(self):
        run = subprocess.Popen([program("pcectl"), "events", "--count", "2", "--kind", "lsp", "--socket",
                                self.pced.socket], stdout=subprocess.PIPE, text=True,
                               env=daemon.environment())
        self.wait(lambda: self.get("/api/v1/status")["counters"]["streams_open"] == 1)
        self.synchronised(report(1, "red", [16001], SYNC), report(2, "blue", [16001], SYNC))
        lines = run.communicate(timeout=WAIT_S)[0].splitlines()
        self.assertEqual(run.returncode, 0)
        self.assertEqual([line.split(" lsp ")[1].strip().split(" ", 1)[1] for line in lines],
                         ["created, by pcc: red", "created, by pcc: blue"])


class Missed(EventCase):
    SECTIONS = {"limits": {"lsp-journal": 16}}

    def test_what_the_journal_has_dropped_is_told(self):
        stream = self.stream("?kind=lsp")
        peer, _ = self.synchronised(report(1, "first", [16001], SYNC))
        self.assertEqual(stream.event()[1]["name"], "first")
        stream.close()
        self.wait(lambda: self.get("/api/v1/status")["counters"]["streams_open"] == 0)
        for number in range(2, 200):
            peer.send(report(number, f"many-{number}", [16001], 0))
        self.wait(lambda: self.get("/api/v1/status")["counters"]["lsp_changes"] >= 201)
        again = self.stream("?kind=lsp", since=stream.id)
        missed, read = 0, []
        if again.first.get("event") == "missed":
            missed += json.loads(again.first["data"])["missed"]
        while not read or read[-1] != "many-199":
            kind, data = again.event()
            if kind == "missed":
                missed += data["missed"]
            else:
                read.append(data["name"])
        self.assertGreaterEqual(len(read), 1)
        self.assertLessEqual(len(read), 17)
        self.assertIn(missed + len(read), (198, 199))  # the end of the synchronisation may be missed, too


class Many(EventCase):
    def test_all_streams_say_all_of_it_and_one_more_is_refused(self):
        streams = [self.stream("?kind=lsp") for _ in range(STREAMS_MAX)]
        refused = Stream(self.pced)
        self.assertEqual(refused.status, 503)
        refused.close()
        self.synchronised(*(report(i, f"lsp-{i}", [16001], SYNC) for i in range(1, 21)))
        for stream in streams:
            self.assertEqual([data["name"] for _, data in stream.events(20)],
                             [f"lsp-{i}" for i in range(1, 21)])

    def test_a_client_that_does_not_read_holds_nobody_up(self):
        lazy = self.stream()
        reads = self.stream("?kind=lsp&name=last")
        peer, _ = self.synchronised()
        for number in range(1, 3 * EVENTS_MAX):
            peer.send(report(number, f"lsp-{number}", [16001], 0))
        peer.send(report(3 * EVENTS_MAX, "last", [16001], 0))
        kind, data = reads.event()
        while kind == "missed":
            kind, data = reads.event()
        self.assertEqual(data["name"], "last")
        missed = 0
        while data is not None:
            kind, data = lazy.event()
            if kind == "missed":
                missed += data["missed"]
            if kind == "lsp" and data["name"] == "last":
                data = None
        self.assertGreater(missed, 0)


if __name__ == "__main__":
    unittest.main()
