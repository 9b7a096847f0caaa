#!/usr/bin/env python3
"""The operator's side of a running server: the HTTP API on both sockets, metrics, and pcectl."""

import collections
import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import unittest

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from api_case import WAIT_S, ApiCase, UnixConnection, ask, pcectl
from case import next_source
from daemon import Pced, program
from peer import Listener, Peer

MANY = 1500  # sessions: more than one answer holds, and more than one batch of a shard


class Sessions(ApiCase):
    def test_list_and_detail(self):
        source = next_source()
        peer = self.up(source, keepalive=30, dead=120)
        self.wait(lambda: self.get("/api/v1/sessions?state=up")["sessions"])
        rows = self.get("/api/v1/sessions")["sessions"]
        self.assertEqual([row["address"] for row in rows], [source])
        self.assertEqual(rows[0]["state"], "UP")
        self.assertEqual(rows[0]["port"], peer.socket.getsockname()[1])
        for name in (rows[0]["id"], source):
            one = self.get("/api/v1/sessions/" + name)
            self.assertEqual(one["id"], rows[0]["id"])
            self.assertEqual(one["negotiated"]["peer_dead_timer_s"], 120)
            self.assertEqual(one["negotiated"]["send_hold_s"], 480)
            self.assertEqual(one["peer_open"]["keepalive_s"], 30)
            self.assertEqual(one["local"]["port"], self.pced.port)
            self.assertEqual(one["counters"]["errors_sent"], 0)
            self.assertGreaterEqual(one["counters"]["messages_received"], 2)
            self.assertLessEqual(one["timers"]["dead_timer_s"], 120)
            self.assertGreater(one["timers"]["dead_timer_s"], 100)
            self.assertIsNone(one["timers"]["wait_s"])
            self.assertIsNone(one["last_error"])
            self.assertFalse(one["pending"]["paused"])
            self.assertIsNone(one["pending"]["progress_age_s"], "it takes what it gets")

    def test_half_open_sessions_show_what_they_wait_for(self):
        source = next_source()
        self.peers.append(Peer(self.pced.address, source=source))
        self.wait(lambda: self.get("/api/v1/sessions?state=OpenWait")["sessions"])
        one = self.get("/api/v1/sessions/" + source)
        self.assertEqual(one["state"], "OpenWait")
        self.assertIsNone(one["peer_open"])
        self.assertLessEqual(one["timers"]["wait_s"], 60)
        self.assertGreater(one["timers"]["wait_s"], 30)

    def test_filters(self):
        for source in ("127.77.1.1", "127.77.1.2", "127.77.2.1"):
            self.up(source)
        self.wait(lambda: len(self.get("/api/v1/sessions?state=UP")["sessions"]) == 3)
        found = self.get("/api/v1/sessions?peer=127.77.1.0/24&state=UP")["sessions"]
        self.assertEqual(sorted(row["address"] for row in found), ["127.77.1.1", "127.77.1.2"])
        self.assertEqual(self.get("/api/v1/sessions?state=KeepWait")["sessions"], [])
        self.assertEqual(self.get("/api/v1/sessions?peer=::/0")["sessions"], [])

    def test_last_error(self):
        peer = self.up()
        source = peer.socket.getsockname()[0]
        peer.send(pcep.message(pcep.PCERR, pcep.error_object(6, 3)))
        self.wait(lambda: self.get("/api/v1/sessions/" + source)["last_error"])
        error = self.get("/api/v1/sessions/" + source)["last_error"]
        self.assertEqual(error, {"by": "peer", "error_type": 6, "error_value": 3})

    def test_pending_octets_of_a_peer_that_does_not_read(self):
        source = next_source()
        peer = Peer(self.pced.address, source=source, receive_buffer=4096)
        self.peers.append(peer)
        peer.open(keepalive=0, dead=0)
        one_request = pcep.message(pcep.PCREQ, pcep.rp(1, setup=pcep.SETUP_SR),
                                   pcep.end_points(networks.A, networks.D))
        self.wait(lambda: peer.ask_without_reading(one_request * 4000) < len(one_request) * 4000)
        self.wait(lambda: self.get("/api/v1/sessions/" + source)["pending"]["octets"] > 0)
        one = self.get("/api/v1/sessions/" + source)
        self.wait(lambda: self.get("/api/v1/sessions/" + source)["pending"]["progress_age_s"])
        self.assertGreater(one["counters"]["octets_sent"], 0)
        peer.reset()

    def test_close_by_id_and_address(self):
        first, second = self.up(), self.up()
        source = first.socket.getsockname()[0]
        other = second.socket.getsockname()[0]
        name = self.get("/api/v1/sessions/" + source)["id"]
        code, answer = ask(self.connection, "DELETE", f"/api/v1/sessions/{name}?reason=5")
        self.assertEqual((code, answer), (200, {"closed": name, "reason": 5}))
        first.expect_close(5)
        code, _ = ask(self.connection, "POST", f"/api/v1/sessions/{other}/close", '{"reason": 1}')
        self.assertEqual(code, 200)
        second.expect_close(1)
        self.refused("session", "/api/v1/sessions/" + name, 404)
        self.refused("session", "/api/v1/sessions/" + name, 404, "DELETE")

    def test_the_id_of_a_session_that_has_gone_never_comes_back(self):
        source = next_source()
        names = []
        for _ in range(3):
            peer = self.up(source)
            names.append(self.get("/api/v1/sessions/" + source)["id"])
            peer.drop()
            self.wait(lambda: ask(self.connection, "GET", "/api/v1/sessions/" + source)[0] == 404)
        self.assertEqual(len(set(names)), 3)
        for name in names:
            self.refused("session", "/api/v1/sessions/" + name, 404)


class HistoryCase(ApiCase):
    def history(self, path="/api/v1/history"):
        """All pages."""
        rows, cursor = [], None
        while True:
            arguments = [path[path.find("?") + 1:]] if "?" in path else []
            arguments += [f"cursor={cursor}"] if cursor else []
            page = self.get("/api/v1/history" + ("?" + "&".join(arguments) if arguments else ""))
            rows += page["ended"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def ended(self, source, count):
        """The records of this PCC, when there are so many."""
        self.wait(lambda: len(self.history(f"?peer={source}")) == count)
        return self.history(f"?peer={source}")


class History(HistoryCase):
    """Why sessions have ended: kept where the log drops it."""
    SECTIONS = {"log": {"rate": 20}, "limits": {"session-history": 1000, "session-history-per-peer": 3}}

    def test_who_ended_it_and_why(self):
        source = next_source()
        self.up(source).reset()
        row, = self.ended(source, 1)
        self.assertEqual((row["why"], row["by"], row["state"], row["times"]),
                         ("connection reset by the peer", "peer", "UP", 1))
        self.assertLess(abs(row["ended"] - time.time()), 60)
        self.assertLess(row["state_s"], 60)
        self.assertGreaterEqual(row["counters"]["messages_received"], 2)
        peer = self.up(source)
        peer.drop()
        self.assertEqual(self.ended(source, 2)[0]["why"], "the peer closed the connection")
        peer = self.up(source)
        self.assertEqual(ask(self.connection, "DELETE", f"/api/v1/sessions/{source}?reason=5")[0], 200)
        row = self.ended(source, 3)[0]
        self.assertEqual((row["by"], row["close_reason"], row["why"]), ("us", 5, "closed by the operator"))

    def test_a_pcc_has_its_newest_ends(self):
        source = next_source()
        for _ in range(4):
            self.up(source).reset()
            self.wait(lambda: ask(self.connection, "GET", "/api/v1/sessions/" + source)[0] == 404)
        rows = self.ended(source, 3)
        self.assertEqual(sorted(row["ended"] for row in rows), [row["ended"] for row in reversed(rows)])

    def test_failures_that_repeat_are_one_record(self):
        source = next_source()
        for _ in range(5):
            peer = Peer(self.pced.address, source=source)
            self.wait(lambda: ask(self.connection, "GET", "/api/v1/sessions/" + source)[0] == 200)
            peer.reset()
            self.wait(lambda: ask(self.connection, "GET", "/api/v1/sessions/" + source)[0] == 404)
        row, = self.ended(source, 1)
        self.assertEqual((row["state"], row["times"]), ("OpenWait", 5))

    def told_by_the_log(self, since):
        """How often each reason was written in a line of its own, and how often summed up."""
        written, summed = collections.Counter(), collections.Counter()
        for line in self.pced.lines_with("session ended ", since):
            if "peer=" in line:
                written[re.search(r' why="([^"]*)"', line)[1]] += 1
            reasons = re.search(r' suppressed=(\d+) reasons="([^"]*)"', line)
            if reasons is not None:
                parts = re.findall(r"(\d+) ([^,]+)", reasons[2])
                self.assertEqual(sum(int(count) for count, _ in parts), int(reasons[1]), line)
                summed.update({why: int(count) for count, why in parts})
        return written, summed

    def test_all_300_reasons_are_there_where_the_log_drops_280(self):
        sources = [f"127.99.{n // 100}.{1 + n % 100}" for n in range(300)]
        for source in sources:
            self.up(source)
        since = self.pced.mark()
        for peer in self.peers[:200]:
            peer.reset()
        for peer in self.peers[200:]:
            peer.drop()
        self.wait(lambda: len(self.history("?peer=127.99.0.0/16&limit=7")) == 300)
        rows = self.history("?peer=127.99.0.0/16&limit=7")
        self.assertEqual(sorted(row["address"] for row in rows), sorted(sources))
        whys = {"connection reset by the peer": 200, "the peer closed the connection": 100}
        self.assertEqual(collections.Counter(row["why"] for row in rows), whys)
        self.wait(lambda: sum(self.told_by_the_log(since), collections.Counter()) == whys)
        written, summed = self.told_by_the_log(since)
        self.assertGreater(summed.total(), written.total(), "a line sums up what the rate of 20 has dropped")
        code, out, err = pcectl(self.pced, "session", "history", "127.99.0.0/16", "--json")
        self.assertEqual((code, err, len(json.loads(out))), (0, "", 300))
        code, out, _ = pcectl(self.pced, "session", "history", sources[7], "--limit", "1")
        self.assertEqual(code, 0)
        self.assertRegex(out, rf"Z +{re.escape(sources[7])} +\d+ UP .* connection reset by the peer\n$")
        self.assertGreaterEqual(self.get("/api/v1/status")["counters"]["history_records"], 300)

    def test_arguments(self):
        for field, value in (("peer", "x"), ("limit", "0"), ("cursor", "1"), ("cursor", "0.1.2"),
                             ("cursor", "9.1.1.1"), ("cursor", "0.1.1.4294967296"), ("cursor", "0.1.1.1."),
                             ("state", "UP")):
            self.refused(field, f"/api/v1/history?{field}={value}")
        self.get("/api/v1/history?cursor=0.5.999999.4294967295")
        self.assertEqual(pcectl(self.pced, "session", "history", "x")[0], 2)
        for limit in ("0", "-1", "x"):
            self.assertEqual(pcectl(self.pced, "session", "history", "--limit", limit)[0], 2, limit)
        self.assertEqual(pcectl(self.pced, "session", "history", "127.0.0.1", "x")[0], 2)


class HistoryOfRefusals(HistoryCase):
    """Second connections while the first session lives: PCErr 9, counted with the PCC."""
    LIVES = "the peer has a session, and its connection lives"

    def refuse(self, source, count):
        for _ in range(count):
            peer = Peer(self.pced.address, source=source)
            self.peers.append(peer)
            peer.expect_error((9, 0))
        return peer.socket.getsockname()[1]

    def test_the_session_in_their_way_counts_them(self):
        source = next_source()
        self.up(source)
        self.assertEqual(self.get("/api/v1/sessions/" + source)["refused"],
                         {"count": 0, "last_ago_s": None, "last_port": None, "last_why": None})
        port = self.refuse(source, 20)
        refused = self.get("/api/v1/sessions/" + source)["refused"]
        self.assertLess(refused.pop("last_ago_s"), 60)
        self.assertEqual(refused, {"count": 20, "last_port": port, "last_why": self.LIVES})
        code, out, _ = pcectl(self.pced, "session", "show", source)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^refused\.count +20$")
        self.assertRegex(out, rf"(?m)^refused\.last_why +{self.LIVES}$")
        self.pced.wait_line(f'connection refused peer={source} .*counter=refused_second why="{self.LIVES}"')

    def test_one_record_that_outlives_the_session(self):
        source = next_source()
        self.up(source)
        port = self.refuse(source, 12)
        row, = self.ended(source, 1)
        self.assertEqual((row["state"], row["by"], row["times"], row["port"], row["why"], row["error"]),
                         ("Idle", "us", 12, port, self.LIVES, {"error_type": 9, "error_value": 0}))
        self.assertEqual(ask(self.connection, "DELETE", f"/api/v1/sessions/{source}")[0], 200)
        self.assertEqual([row["why"] for row in self.ended(source, 2)],
                         ["closed by the operator", self.LIVES])
        self.up(source)
        self.assertEqual(self.get("/api/v1/sessions/" + source)["refused"]["count"], 0)
        self.refuse(source, 3)
        self.assertEqual(self.get("/api/v1/sessions/" + source)["refused"]["count"], 3)
        rows = self.ended(source, 2)
        self.assertEqual([(row["why"], row["times"]) for row in rows],
                         [(self.LIVES, 15), ("closed by the operator", 1)])


class HistoryOfTimers(HistoryCase):
    """A timer of ours is neither the peer's doing nor the operator's."""
    SECTIONS = {"session": {"open-wait": 1, "keep-wait": 1, "dead-timer-min": 1, "send-hold-grace": 1,
                            "send-hold-sample": 1},
                "peers": [{"prefix": "127.98.0.0/16", "send-hold": 2}],
                "limits": {"pending-soft": 4096}}

    def ended_so(self, source):
        row, = self.ended(source, 1)
        return row["why"], row["by"], row["state"]

    def test_each_timer(self):
        sources = [next_source() for _ in range(3)] + ["127.98.0.1"]
        silent, half, dead, hung = (Peer(self.pced.address, source=source, receive_buffer=4096)
                                    for source in sources)
        self.peers += [silent, half, dead, hung]
        half.send(pcep.open_message(keepalive=1, dead=4, tlvs=pcep.sr_capability_tlv()))
        dead.open(keepalive=1, dead=2)
        hung.open(keepalive=0, dead=0)
        hung.ask_without_reading(b"".join(pcep.request_message(n, networks.A, networks.D)
                                          for n in range(1, 400)))
        self.assertEqual([self.ended_so(source) for source in sources],
                         [("no Open within OpenWait", "timer", "OpenWait"),
                          ("no Keepalive within KeepWait", "timer", "KeepWait"),
                          ("DeadTimer expired", "timer", "UP"),
                          ("SendHoldTimer expired", "timer", "UP")])


class Refusals(ApiCase):
    def test_arguments(self):
        for field, value in (("state", "UPP"), ("peer", "10.0.0.1/8"), ("peer", "x"),
                             ("limit", "0"), ("limit", "1001"), ("limit", "-1"), ("limit", "1x"),
                             ("cursor", "1"), ("cursor", "99.1"), ("cursor", "0.x"), ("colour", "1")):
            self.refused(field, f"/api/v1/sessions?{field}={value}")
        self.refused("state", "/api/v1/sessions?state=UP&state=UP")
        self.refused("x", "/api/v1/status?x=1")

    def test_paths_and_methods(self):
        self.refused("path", "/", 404)
        self.refused("path", "/api/v2/sessions", 404)
        self.refused("method", "/api/v1/sessions", 405, "DELETE")
        self.refused("method", "/api/v1/status", 405, "POST")
        self.refused("method", "/metrics", 405, "PUT")
        for name in ("0-1", "0-1-2-3", "01-1-1", "0-1-99999999999", "300.1.1.1", "%20"):
            self.refused("session", "/api/v1/sessions/" + name)
        self.refused("session", "/api/v1/sessions/999-1-1", 404)

    def test_web_pages(self):
        self.connection.request("GET", "/api/v1/status", headers={"Origin": "http://127.0.0.1"})
        response = self.connection.getresponse()
        self.assertEqual((response.status, json.loads(response.read())["error"]["field"]),
                         (403, "Origin"))

    def test_bodies(self):
        for body in ("x", "[]", '{"reason": 0}', '{"reason": 256}', '{"reason": "1"}', '{"a": 1}',
                     '{"reason": 1, "reason": 2}'):
            code, answer = ask(self.connection, "POST", "/api/v1/sessions/127.1.1.1/close", body)
            self.assertEqual(code, 400, (body, answer))
        for size, status in ((65536, 400), (65537, 413)):
            code, _ = ask(self.connection, "POST", "/api/v1/sessions/1.1.1.1/close", "x" * size)
            self.assertEqual(code, status)

    def raw(self, octets):
        """What a socket of its own gets for these octets, until the server ends it: status, header, body."""
        with socket.create_connection(("127.0.0.1", self.api_port), timeout=WAIT_S) as client:
            client.sendall(octets)
            text = b""
            while more := client.recv(65536):
                text += more
        head, _, body = text.decode().partition("\r\n\r\n")
        return int(head.split()[1]), head, body

    def refused_raw(self, status, field, octets):
        code, head, body = self.raw(octets)
        self.assertEqual(code, status, (octets, head))
        self.assertIn("Content-Type: application/json", head)
        self.assertEqual(json.loads(body)["error"]["field"], field)

    def test_requests_that_can_be_read_in_two_ways(self):
        ask_metrics = b"GET /metrics HTTP/1.1\r\n"
        for field, head in (("Host", b"\r\n"), ("Host", b"Host: localhost\r\nHost: localhost\r\n\r\n")):
            self.refused_raw(400, field, ask_metrics + head)
        post = b"POST /api/v1/sessions/127.1.1.1/close HTTP/1.1\r\nHost: localhost\r\n"
        behind = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self.refused_raw(400, "Content-Length",
                         post + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + behind)
        self.refused_raw(400, "Content-Length",
                         post + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde")
        self.refused_raw(400, "Transfer-Encoding",
                         post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        self.refused_raw(501, "Transfer-Encoding", post + b"Transfer-Encoding: gzip\r\n\r\nabc")
        for name in (b"Content-Length ", b"Transfer-Encoding\t", b"Host ", b"a b", b"\xc3\xbc"):
            self.refused_raw(400, "header", post + name + b": 5\r\n\r\nabcde" + behind)

    def test_what_the_library_refuses(self):
        """docs/API.md: it ends the connection, with the status of HTTP and a page of its own."""
        get, host = b"GET /healthz HTTP/1.1\r\n", b"Host: localhost\r\n"
        close = b"POST /api/v1/sessions/127.1.1.1/close HTTP/1.1\r\n" + host
        for status, octets in ((400, b"\xff\xfe nonsense\r\n\r\n"), (400, get + host + b"no colon\r\n\r\n"),
                               (400, close + b"Content-Length: -1\r\n\r\n"),
                               (400, close + b"Content-Length: 5 5\r\n\r\n"),
                               (413, close + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n"),
                               (431, get + host + b"X: " + b"a" * 33000 + b"\r\n\r\n"),
                               (505, b"GET /healthz HTTP/2.0\r\n" + host + b"\r\n")):
            with self.subTest(octets=octets[:80]):
                self.assertEqual(self.raw(octets)[0], status)
        self.assertEqual(self.get("/healthz"), "ok\n")

    def test_targets_that_are_none(self):
        for target in (b"/metrics%00", b"/metrics%00x", b"/api/v1/sessions?peer=%00", b"/metrics%", b"/%zz",
                       b"/a b"):
            self.refused_raw(400, "path", b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_a_method_that_does_not_fit_names_those_that_do(self):
        for path, method, allowed in (("/metrics", "POST", "GET, HEAD"),
                                      ("/api/v1/sessions/127.1.1.1", "PUT", "GET, HEAD, DELETE"),
                                      ("/api/v1/sessions/127.1.1.1/close", "PUT", "POST, GET, HEAD, DELETE")):
            self.connection.request(method, path)
            response = self.connection.getresponse()
            response.read()
            self.assertEqual((response.status, response.getheader("Allow")), (405, allowed))

    def test_another_host_name_is_refused(self):
        for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", ""):
            head = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            self.assertEqual(self.raw(head.encode())[0], 421, host)
        for host in ("127.0.0.1", "[::1]:80", "localhost:1", "pce.example.net"):
            head = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            self.assertEqual(self.raw(head.encode())[0], 200, host)
        self.assertEqual(self.raw(b"GET /healthz HTTP/1.0\r\n\r\n")[0], 200)

    def test_a_client_that_goes_away(self):
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as half:
                half.connect(self.pced.socket)
                half.sendall(b"GET /api/v1/sessions HTTP/1.1\r\nHost: x\r\n\r\n")
        with socket.socket(socket.AF_UNIX) as half:
            half.connect(self.pced.socket)
            half.sendall(b"\xff\xfe nonsense\r\n\r\n")
        self.assertEqual(self.get("/healthz"), "ok\n")

    def test_the_socket_is_for_its_owner(self):
        mode = stat.S_IMODE(os.stat(self.pced.socket).st_mode)
        self.assertEqual(mode, 0o600)

    def test_a_second_server_does_not_take_the_socket(self):
        other = Pced(control={"socket": self.pced.socket}).spawn()
        try:
            self.assertEqual(other.wait_exit(), 3)
            self.assertIn("another process serves this socket", other.log())
        finally:
            shutil.rmtree(other.folder)
        self.assertEqual(self.get("/healthz"), "ok\n")


class Numbers(ApiCase):
    def test_status(self):
        self.one_up()
        status = self.get("/api/v1/status")
        self.assertEqual(status["sessions"]["peers"], 1)
        self.assertEqual(status["counters"]["sessions_up"], 1)
        self.assertEqual(status["topology"]["nodes"], 6)
        self.assertLess(status["topology"]["published"], time.time())
        self.assertGreater(status["topology"]["published"], time.time() - status["uptime_s"] - 1)
        self.assertEqual(status["shards"], 2)

    def test_tcp_gives_the_same(self):
        tcp = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=WAIT_S)
        self.assertEqual(ask(tcp, "GET", "/healthz"), (200, "ok\n"))
        self.assertEqual(ask(tcp, "GET", "/api/v1/status")[1]["shards"], 2)
        tcp.close()

    def test_the_time_of_the_start_stands(self):
        def start():
            found = re.search(r"(?m)^pced_start_time_seconds (.*)$", self.get("/metrics"))
            return float(found.group(1))

        first = start()
        self.assertLess(abs(first - time.time()), 300)
        time.sleep(0.3)
        self.assertEqual(start(), first)

    def test_head_has_no_body(self):
        self.assertEqual(ask(self.connection, "HEAD", "/healthz"), (200, ""))
        self.assertEqual(self.get("/healthz"), "ok\n")

    def test_metrics_pass_promtool(self):
        self.one_up()
        text = self.get("/metrics")
        self.assertRegex(text, r"(?m)^pced_sessions_up 1$")
        self.assertRegex(text, r"(?m)^pced_sessions_opened_total \d+$")
        if shutil.which("promtool") is None:
            print("SKIP: no promtool on this machine")
            self.skipTest("no promtool")
        run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                             text=True, check=False, timeout=60)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))


class Pcectl(ApiCase):
    def test_status(self):
        self.one_up()
        code, out, err = pcectl(self.pced, "status")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"sessions +1 UP, 1 connected, 0 half-open")
        code, out, _ = pcectl(self.pced, "status", "--json")
        self.assertEqual((code, json.loads(out)["counters"]["sessions_up"]), (0, 1))

    def test_list_show_close(self):
        self.one_up("127.88.0.1")
        peer = self.peers[0]
        code, out, err = pcectl(self.pced, "session", "list")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"127\.88\.0\.1 +\d+ UP ")
        code, out, _ = pcectl(self.pced, "session", "list", "--json", "--peer", "127.88.0.0/16")
        self.assertEqual([row["address"] for row in json.loads(out)], ["127.88.0.1"])
        self.assertEqual(pcectl(self.pced, "session", "list", "--state", "KeepWait", "--json")[1],
                         "[]\n")
        code, out, _ = pcectl(self.pced, "session", "show", "127.88.0.1")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^negotiated\.send_hold_s +480$")
        code, out, _ = pcectl(self.pced, "session", "close", "127.88.0.1", "--reason", "4")
        self.assertEqual(code, 0)
        self.assertIn("closed ", out)
        peer.expect_close(4)

    def test_exit_codes(self):
        self.assertEqual(pcectl(self.pced, "session", "show", "127.88.9.9")[0], 1)
        self.assertEqual(pcectl(self.pced, "session", "show", "nobody")[0], 2)
        for limit in ("0", "-1", "+1", "", "01", "1 "):
            self.assertEqual(pcectl(self.pced, "session", "list", "--limit", limit)[0], 2, limit)
        for reason in ("0", "-1", "256", "04"):
            self.assertEqual(pcectl(self.pced, "session", "close", "127.88.0.9", "--reason", reason)[0],
                             2, reason)
        self.assertEqual(pcectl(self.pced, "session", "list", "--state", "x")[0], 2)
        self.assertEqual(pcectl(self.pced, "session", "list", "--colour", "x")[0], 2)
        self.assertEqual(pcectl(self.pced, "session", "close")[0], 2)
        self.assertEqual(pcectl(self.pced, "session")[0], 2)
        self.assertEqual(pcectl(self.pced, "session", "list", "--help")[0], 0)
        self.assertEqual(pcectl(self.pced, "status", "--json", "x")[0], 2)
        run = subprocess.run([program("pcectl"), "status", "--socket", "/nowhere.sock"],
                             capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(run.returncode, 3)
        self.assertIn("/nowhere.sock", run.stderr)


class Log(unittest.TestCase):
    def test_every_line_is_json_and_the_peer_is_named(self):
        pced = Pced(topology=networks.DIAMOND, log={"format": "json", "level": "debug", "rate": 5})
        with pced:
            for _ in range(40):
                peer = Peer(pced.address, source=next_source())
                peer.open(keepalive=0, dead=0)
                peer.send(pcep.message(pcep.PCERR, pcep.error_object(6, 3)))
                peer.ask(1, networks.A, networks.D)
                peer.drop()
        lines = [json.loads(line) for line in pced.lines if line]
        told = [line for line in lines if line["event"] == "session up"]
        ups = [line for line in told if "peer" in line]
        self.assertTrue(all(line["peer"].startswith("127.") for line in ups))
        self.assertLess(len(ups), 40, "a site writes at most `rate` lines a second")
        self.assertEqual(len(ups) + sum(line.get("suppressed", 0) for line in told), 40)


class Outgoing(unittest.TestCase):
    def test_a_session_that_the_server_has_opened(self):
        with Listener("127.55.0.1") as listener:
            target = {"prefix": listener.address,
                      "connect": {"port": listener.port, "local-address": "127.55.0.9"}}
            pced = Pced(peers=[target], control={"socket": "api.sock"})
            pced.socket = os.path.join(pced.folder, "api.sock")
            with pced:
                peer, _, _ = listener.accept()
                peer.open(keepalive=0, dead=0)
                connection = UnixConnection(pced.socket)
                code, one = ask(connection, "GET", "/api/v1/sessions/" + listener.address)
                self.assertEqual(code, 200, one)
                self.assertEqual((one["role"], one["port"]), ("initiated", listener.port))
                self.assertEqual(one["local"], {"address": "127.55.0.9", "port": None})
                connection.close()
                peer.drop()


class Unreachable(unittest.TestCase):
    """A peer whose TCP does not answer: a listener whose queue is full drops what comes."""

    def test_an_attempt_is_shown_and_may_be_closed(self):
        with socket.socket() as deaf:
            deaf.bind(("127.55.0.2", 0))
            deaf.listen(0)
            others = [socket.socket() for _ in range(4)]
            for other in others:
                other.setblocking(False)
                other.connect_ex(deaf.getsockname())
            port = deaf.getsockname()[1]
            pced = Pced(peers=[{"prefix": "127.55.0.2", "connect": {"port": port}}],
                        control={"socket": "api.sock"})
            pced.socket = os.path.join(pced.folder, "api.sock")
            with pced:
                connection = UnixConnection(pced.socket)
                deadline = time.monotonic() + WAIT_S
                while ask(connection, "GET", "/api/v1/sessions/127.55.0.2")[0] != 200:
                    self.assertLess(time.monotonic(), deadline, "no attempt is shown")
                rows = ask(connection, "GET", "/api/v1/sessions?state=TCPPending")[1]["sessions"]
                self.assertEqual([(row["address"], row["role"]) for row in rows],
                                 [("127.55.0.2", "initiated")])
                self.assertEqual(ask(connection, "DELETE", "/api/v1/sessions/" + rows[0]["id"])[0],
                                 200)
                self.assertEqual(ask(connection, "GET", "/api/v1/sessions/" + rows[0]["id"])[0], 404)
                connection.close()
            for other in others:
                other.close()


class Description(ApiCase):
    """What docs/openapi.yaml says is what the server answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(os.path.join(daemon.ROOT, "docs", "openapi.yaml"), encoding="utf-8") as file:
            cls.document = yaml.safe_load(file)

    def resolve(self, schema):
        while "$ref" in schema:
            where = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                where = where[step]
            schema = where
        return schema

    def merged(self, schema):
        """An object's properties and the required ones, allOf included."""
        schema = self.resolve(schema)
        properties, required = dict(schema.get("properties", {})), set(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, needed = self.merged(part)
            properties.update(more)
            required |= needed
        return properties, required

    def check(self, schema, value, where):
        schema = self.resolve(schema)
        if value is None:
            self.assertTrue(schema.get("nullable"), where)
        elif isinstance(value, dict) and "additionalProperties" not in schema:
            properties, required = self.merged(schema)
            self.assertLessEqual(set(value), set(properties), where)
            self.assertLessEqual(required, set(value), where)
            for name, member in value.items():
                self.check(properties[name], member, f"{where}.{name}")
        elif isinstance(value, list):
            self.assertEqual(schema["type"], "array", where)
            for member in value:
                self.check(schema["items"], member, where + "[]")
        elif not isinstance(value, dict):
            kinds = {bool: "boolean", int: ("integer", "number"), float: "number", str: "string"}
            self.assertIn(schema["type"], kinds[type(value)], where)
            self.assertIn(value, schema.get("enum", [value]), where)

    def answer_schema(self, path, status, method="get"):
        response = self.resolve(self.document["paths"][path][method]["responses"][status])
        return response["content"]["application/json"]["schema"]

    def test_answers(self):
        self.one_up("127.66.0.1")
        self.assertIsNotNone(self.peers[0].ask(1, networks.A, networks.E).no_path)
        for path, at in (("/api/v1/sessions", "/api/v1/sessions"),
                         ("/api/v1/sessions/{session}", "/api/v1/sessions/127.66.0.1"),
                         ("/api/v1/no-paths", "/api/v1/no-paths?peer=127.66.0.1"),
                         ("/api/v1/groups", "/api/v1/groups"),
                         ("/api/v1/status", "/api/v1/status")):
            self.check(self.answer_schema(path, "200"), self.get(at), path)
        self.peers.append(Peer(self.pced.address, source="127.66.0.2"))
        self.wait(lambda: self.get("/api/v1/sessions?state=OpenWait")["sessions"])
        self.check(self.answer_schema("/api/v1/sessions/{session}", "200"),
                   self.get("/api/v1/sessions/127.66.0.2"), "half-open")
        self.check(self.answer_schema("/api/v1/sessions", "400"),
                   self.get("/api/v1/sessions?limit=0", 400), "error")
        self.check(self.answer_schema("/api/v1/sessions/{session}", "404"),
                   self.get("/api/v1/sessions/127.66.0.9", 404), "error")
        for body in ({"from": "A", "to": "D"}, {"from": "A", "to": "E", "bandwidth": 1},
                     {"from": "A", "to": "Z"}):
            _, path = ask(self.connection, "POST", "/api/v1/paths", json.dumps(body))
            self.check(self.answer_schema("/api/v1/paths", "200", "post"), path, body)
        _, closed = ask(self.connection, "DELETE", "/api/v1/sessions/127.66.0.1")
        self.check(self.answer_schema("/api/v1/sessions/{session}", "200", "delete"), closed, "close")

    def test_every_path_is_there(self):
        for path, methods in self.document["paths"].items():
            for method in set(methods) - {"parameters"}:
                if "text/event-stream" in methods[method]["responses"].get("200", {}).get("content", {}):
                    continue  # it stays open
                code, answer = ask(self.connection, method.upper(), path.replace("{session}", "127.66.9.9").replace("{lsp}", "0-9-9")
                                   .replace("{order}", "return").replace("{pcc}", "127.66.9.9").replace("{id}", "0-9"))
                self.assertIn(str(code), methods[method]["responses"], (path, method, answer))


class Thousands(ApiCase):
    """Sessions are listed while others are answered, and nobody waits for it."""
    SECTIONS = {"limits": {"half-open": 4096}}

    def list_all(self):
        """All pages, and how many there were."""
        rows, cursor, pages = [], None, 0
        while True:
            path = "/api/v1/sessions?limit=400" + (f"&cursor={cursor}" if cursor else "")
            page = self.get(path)
            rows += page["sessions"]
            pages += 1
            cursor = page["next"]
            if cursor is None:
                return rows, pages

    def test_list_during_traffic(self):
        sources = [next_source() for _ in range(MANY)]
        for source in sources:
            self.up(source)
        healthy = self.up()
        slowest, asked, stop = 0.0, 0, threading.Event()
        failures = []

        def keep_listing():
            connection = UnixConnection(self.pced.socket)
            try:
                while not stop.is_set():
                    code, _ = ask(connection, "GET", "/api/v1/sessions?limit=1000")
                    if code != 200:
                        failures.append(code)
            finally:
                connection.close()
        listers = [threading.Thread(target=keep_listing) for _ in range(3)]
        for lister in listers:
            lister.start()
        rows, pages = self.list_all()
        for number in range(1, 101):
            begin = time.monotonic()
            self.assertIsNotNone(healthy.ask(number, networks.A, networks.D).ero)
            slowest, asked = max(slowest, time.monotonic() - begin), asked + 1
        stop.set()
        for lister in listers:
            lister.join(WAIT_S)
        self.assertEqual(failures, [])
        self.assertEqual(len(rows), MANY + 1)
        self.assertEqual(len({row["id"] for row in rows}), MANY + 1)
        self.assertTrue(set(sources) <= {row["address"] for row in rows})
        self.assertGreaterEqual(pages, 4)
        print(f"{asked} requests while {MANY} sessions were listed, the slowest took "
              f"{slowest * 1000:.1f} ms")
        code, out, _ = pcectl(self.pced, "session", "list", "--json")
        self.assertEqual((code, len(json.loads(out))), (0, MANY + 1))


class Reload(ApiCase):
    def test_a_reload_keeps_sessions_and_takes_what_it_may(self):
        peer = self.up("127.99.0.1")
        self.assertEqual(self.get("/api/v1/status")["configuration"]["peers"], 0)
        text = daemon.render(self.pced.sections)
        mark = self.pced.mark()
        self.pced.write(self.pced.path, text +
                        "peers:\n  - {prefix: 127.99.0.0/16, send-hold: 33, pending-soft: 8192}\n")
        self.pced.signal(signal.SIGHUP)
        self.pced.wait_line("reload done", since=mark)
        self.assertEqual(self.get("/api/v1/status")["configuration"],
                         {"generation": 2, "peers": 1})
        self.wait(lambda: self.get("/api/v1/sessions/127.99.0.1")["pending"]["soft_limit"] == 8192)
        self.assertEqual(self.get("/api/v1/sessions/127.99.0.1")["negotiated"]["send_hold_s"], 33)
        self.assertIsNotNone(peer.ask(1, networks.A, networks.D).ero)
        mark = self.pced.mark()
        self.pced.write(self.pced.path, text + "peers:\n  - {prefix: 127.99.0.0/16, send-hold: x}\n")
        self.pced.signal(signal.SIGHUP)
        line = self.pced.wait_line(r"reload refused.*", since=mark).group(0)
        self.assertRegex(line, r"pced\.yaml:\d+: peers\[0\]\.send-hold: is x, must be auto, off or")
        self.assertEqual(self.get("/api/v1/sessions/127.99.0.1")["negotiated"]["send_hold_s"], 33)
        mark = self.pced.mark()
        self.pced.write(self.pced.path, text.replace(f"port: {self.pced.port}", "port: 1"))
        self.pced.signal(signal.SIGHUP)
        self.pced.wait_line(r'configuration changed key=listen\.port holds="after a restart"',
                            since=mark)
        self.pced.wait_line("reload done", since=mark)
        self.assertIsNotNone(peer.ask(2, networks.A, networks.D).ero)


if __name__ == "__main__":
    unittest.main()
