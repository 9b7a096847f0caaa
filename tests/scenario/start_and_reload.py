#!/usr/bin/env python3
"""Starting the real server, well and not so well, and reloading it while sessions live."""

import errno
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import networks
import pcep
from case import next_source
from daemon import Pced, program
from networks import A, D, LOWER_A_D, PLAIN_A_D
from peer import Peer

EXIT_USAGE, EXIT_MACHINE = 2, 3
ANOTHER_TOPOLOGY = networks.diamond(first_sid=501)  # node SIDs 16501 …: D is 16504
BY_C = networks.diamond(upper_igp=100)              # the lower way is the short one now


def run(*arguments, **options):
    return subprocess.run([program("pced"), *arguments], capture_output=True, text=True, timeout=60,
                          env=daemon.environment(), check=False, **options)


class Version(unittest.TestCase):
    def test_the_version_tells_which_allocator_is_there_and_how_it_is_set(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^pced \d+\.\d+\.\d+\n")
        if not daemon.is_sanitized():
            self.assertRegex(done.stdout, r"\njemalloc \d\S*, background thread on, "
                                          r"free pages kept for 30000 ms\n$")


class WrongStart(unittest.TestCase):
    """Each mistake gives exit code 2, and one line that names file, line, key and reason."""

    def refused(self, text, *words, topology=None):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "pced.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            if topology is not None:
                with open(os.path.join(folder, "topology.yaml"), "w", encoding="utf-8") as file:
                    file.write(topology)
            done = run("--config", path)
            self.assertEqual(done.returncode, EXIT_USAGE, done.stderr)
            for word in words:
                self.assertIn(word.replace("FOLDER", folder), done.stderr)
            self.assertNotRegex(done.stderr, daemon.REPORT)

    def test_unknown_key(self):
        self.refused("session:\n  keepalive: 30\n  keep-alive: 30\n", "FOLDER/pced.yaml:3:",
                     "session.keep-alive")

    def test_unknown_section(self):
        self.refused("server: {shards: 1}\nsesion: {keepalive: 30}\n", "pced.yaml:2:", "sesion")

    def test_value_out_of_range(self):
        self.refused("server:\n  shards: 257\n", "pced.yaml:2:", "server.shards", "256")

    def test_value_of_the_wrong_kind(self):
        self.refused("\n\nserver:\n  shards: many\n", "pced.yaml:4:", "server.shards", "many")

    def test_address_that_is_none(self):
        self.refused("listen:\n  addresses: [127.0.0.1, 127.0.0.256]\n", "pced.yaml:2:",
                     "listen.addresses", "127.0.0.256")

    def test_values_that_do_not_fit_together(self):
        self.refused("session:\n  keepalive: 60\n  dead-timer: 30\n", "pced.yaml:3:",
                     "session.dead-timer")

    def test_yaml_that_is_broken(self):
        self.refused("listen:\n  addresses: [127.0.0.1\nserver: {shards: 1}\n", "pced.yaml:")

    def test_file_that_is_not_there(self):
        done = run("--config", "/nonexistent/pced.yaml")
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertIn("/nonexistent/pced.yaml", done.stderr)

    def test_no_configuration_at_all(self):
        done = run()
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertIn("usage", done.stderr)

    def test_topology_that_is_wrong(self):
        text = networks.DIAMOND.replace("igp-metric: 10", "igp-metric: ten", 1)
        line = next(n for n, l in enumerate(text.splitlines(), 1) if "igp-metric: ten" in l)
        port = daemon.free_port()
        self.refused(f"listen: {{addresses: [127.0.0.1], port: {port}}}\n"
                     "topology: {file: topology.yaml}\n", f"FOLDER/topology.yaml:{line}:",
                     "igp-metric", topology=text)

    def test_topology_that_is_not_there(self):
        self.refused(f"listen: {{addresses: [127.0.0.1], port: {daemon.free_port()}}}\n"
                     "topology: {file: topology.yaml}\n", "FOLDER/topology.yaml", "No such file")


class Refusals(unittest.TestCase):
    """What the machine refuses is said in words that help: exit code 3."""

    def ended(self, pced, *words):
        code = pced.wait_exit()
        log = pced.log()
        self.assertEqual(code, EXIT_MACHINE, log)
        for word in words:
            self.assertIn(word, log)
        self.assertNotRegex(log, daemon.REPORT)

    def test_io_uring_refused_by_a_seccomp_profile(self):
        for number in (errno.EPERM, errno.ENOSYS):
            with self.subTest(errno=errno.errorcode[number]):
                pced = Pced(topology=networks.DIAMOND)
                pced.spawn(before_exec=daemon.refuse_io_uring(number))
                self.ended(pced, "io_uring_setup", "seccomp", errno.errorcode[number])

    def test_port_that_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            pced = Pced(addresses=["127.0.0.1"], port=port).spawn()
            self.ended(pced, "127.0.0.1", str(port), "in use")
            self.assertEqual(len(pced.lines_with("address in use: waiting")), 1)

    def test_port_that_is_free_a_moment_later(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            pced = Pced(addresses=["127.0.0.1"], port=other.getsockname()[1]).spawn()
            self.addCleanup(pced.stop)
            pced.wait_line("address in use: waiting")
        pced.wait_line(daemon.READY)

    def test_restart_right_after_a_crash_under_sessions(self):
        pced = Pced(addresses=["127.0.0.1"], server={"shards": 16}).start()
        sessions = [socket.create_connection(("127.0.0.1", pced.port)) for _ in range(200)]
        pced.crash()
        again = Pced(addresses=["127.0.0.1"], port=pced.port).start()
        self.addCleanup(again.stop)
        for session in sessions:
            session.close()

    def test_address_that_is_not_ours(self):
        self.ended(Pced(addresses=["192.0.2.77"]).spawn(), "192.0.2.77")


class Check(unittest.TestCase):
    """--check-config says what the start would meet, and leaves no trace."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def check(self, code, *words, **sections):
        """The configuration is good but for what the machine lacks."""
        listen = sections.pop("listen", {"addresses": ["127.0.0.1"], "port": daemon.free_port()})
        path = os.path.join(self.folder, "pced.yaml")
        control = {"socket": os.path.join(self.folder, "s")} | sections.pop("control", {})
        with open(path, "w", encoding="utf-8") as file:
            file.write(daemon.render({"listen": listen, "control": control, **sections}))
        before = sorted(os.listdir(self.folder))
        done = run("--config", path, "--check-config")
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual("pced.yaml: good" in done.stdout, code == 0)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotRegex(done.stderr, daemon.REPORT)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        return done.stderr, path

    def starts_not(self, path, word):
        """The start fails for the same reason, so that the check has not cried wolf."""
        done = run("--config", path)
        self.assertEqual(done.returncode, EXIT_MACHINE, done.stderr)
        self.assertIn(word, done.stderr)

    def test_all_is_good(self):
        self.assertEqual(self.check(0, log={"destination": "file", "file": "x.log"})[0], "")

    def test_the_folder_of_the_log_is_not_there(self):
        _, path = self.check(EXIT_MACHINE, "/nowhere/pced",
                             log={"destination": "file", "file": "/nowhere/pced/x.log"})
        self.starts_not(path, "/nowhere/pced")

    def test_the_folder_of_the_socket_is_not_there(self):
        _, path = self.check(EXIT_MACHINE, "/nowhere/pced", control={"socket": "/nowhere/pced/s"})
        self.starts_not(path, "/nowhere/pced")

    def test_a_file_is_where_the_socket_should_be(self):
        with open(os.path.join(self.folder, "s"), "w", encoding="utf-8"):
            pass
        _, path = self.check(EXIT_MACHINE, "no socket")
        self.starts_not(path, "no socket")

    def test_an_address_is_not_local(self):
        for sections in ({"listen": {"addresses": ["192.0.2.77"], "port": daemon.free_port()}},
                         {"control": {"listen": f"192.0.2.77:{daemon.free_port()}"}}):
            _, path = self.check(EXIT_MACHINE, "192.0.2.77", **sections)
            self.starts_not(path, "192.0.2.77")

    def test_every_problem_is_named(self):
        self.check(EXIT_MACHINE, "192.0.2.77", "/nowhere/a", "/nowhere/b",
                   listen={"addresses": ["192.0.2.77"], "port": daemon.free_port()},
                   control={"socket": "/nowhere/a/s"}, log={"destination": "file", "file": "/nowhere/b/x"})

    def test_what_runs_is_a_note_and_is_left_alone(self):
        with Pced(addresses=["127.0.0.1"]) as pced:
            done = run("--config", pced.path, "--check-config")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, r"note: .*127\.0\.0\.1 port \d+.* in use")
            self.assertIn("note: " + pced.sections["control"]["socket"], done.stderr)
            peer = Peer(pced.address, source=next_source())
            peer.open(keepalive=0, dead=0)
            self.assertEqual(pced.metrics()["pced_strayed_total"], 0)
            peer.drop()

    def test_io_uring_is_refused(self):
        path = self.check(0)[1]
        done = run("--config", path, "--check-config", preexec_fn=daemon.refuse_io_uring(errno.EPERM))
        self.assertEqual(done.returncode, EXIT_MACHINE, done.stderr)
        self.assertIn("io_uring_setup", done.stderr)

    def test_a_short_send_hold_is_told_once(self):
        peers = [{"prefix": f"198.51.100.{n}", "send-hold": 30} for n in range(1, 200)]
        err, _ = self.check(0, session={"send-hold": 60}, peers=peers)
        self.assertEqual(err.splitlines(),
                         ["pced: warning: session: send-hold (60 s) is not longer than dead-timer (120 s)",
                          "pced: warning: peers: 198.51.100.1/32 and 198 more: send-hold (30 s) is not "
                          "longer than dead-timer (120 s)"])


class ByteOrderMark(unittest.TestCase):
    """Editors of another system begin a text with a mark (YAML 1.2 5.2): configuration and topology."""

    def start(self, encoding):
        pced = Pced(topology=networks.DIAMOND, session={"keepalive": 17, "dead-timer": 68})
        for path in (pced.path, pced.topology_path):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding=encoding) as file:
                file.write(text)
        self.addCleanup(pced.stop)
        return pced.start()

    def test_in_utf_8_and_utf_16(self):
        for encoding in ("utf-8-sig", "utf-16"):
            with self.subTest(encoding=encoding):
                pced = self.start(encoding)
                with Peer(pced.address, source=next_source()) as peer:
                    self.assertEqual(peer.open().one(pcep.OC_OPEN).unpack("!BBBB")[1:3], (17, 68))
                    self.assertEqual(peer.ask(1, A, D).labels(), PLAIN_A_D)
                since = pced.mark()
                pced.signal(signal.SIGHUP)
                pced.wait_line("reload done", since)


class OpenFiles(unittest.TestCase):
    """The hard limit of open files is below what is needed."""

    def start(self, limit, expects=0, shards=1, **sections):
        def lower():
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        pced = Pced(topology=networks.DIAMOND, addresses=["127.0.0.1"], server={"shards": shards}, **sections)
        pced.spawn(before_exec=lower)
        if expects:
            self.assertEqual(pced.wait_exit(), expects, pced.log())
        else:
            self.addCleanup(pced.stop)
            pced.wait_line(daemon.READY)
        return pced

    def test_too_few_for_the_start(self):
        """It ends with the number, whatever it was that had none; and never speaks of memory."""
        every = [(limit, 1) for limit in range(7, 12)]
        for limit, shards in every + [(limit, 16) for limit in range(20, 49, 4)] + [(64, 40), (300, 200)]:
            with self.subTest(limit=limit, shards=shards):
                pced = self.start(limit, shards=shards, expects=EXIT_MACHINE)
                if "locked memory" in pced.log():
                    self.skipTest("no rings for so many shards on this machine")
                self.assertRegex(pced.log(), rf"open files is {limit}|[Tt]oo many open files")
                self.assertNotRegex(pced.log(), "(?i)no memory")

    def connect(self, pced):
        peer = Peer(pced.address, source=next_source())
        self.addCleanup(peer.drop)
        return peer

    def assert_up(self, peer, number=1):
        self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)

    def test_fewer_sessions_than_configured(self):
        """Said at the start with numbers, and counted, logged and survived when it is reached."""
        for limit in (64, 300):
            with self.subTest(limit=limit):
                pced = self.start(limit)
                line = pced.lines_with("leaves room for fewer sessions")[0]
                said = {name: int(number) for name, number in re.findall(r" (\w+)=(\d+)", line)}
                self.assertEqual((said["open_files"], said["sessions"]), (limit, 20000))
                self.assertGreater(said["needed"], 20000)
                self.assertEqual(pced.metrics()["pced_files_full_total"], 0)
                self.fill(pced, limit, said["room"])
                self.assertNotRegex(pced.log(), "(?i)no memory")

    def fill(self, pced, limit, room):
        """All that was said to be room, and three that wait until some have gone."""
        peers = [self.connect(pced) for _ in range(room + 3)]
        for peer in peers[:room]:
            peer.open(keepalive=0, dead=0)
        pced.wait_line(f"no room for more connections.* open_files={limit}")
        self.assertGreater(pced.metrics()["pced_files_full_total"], 0)
        for number, peer in enumerate(peers[:room], 1):
            self.assert_up(peer, number)
        for peer in peers[:3]:
            peer.drop()
        for peer in peers[room:]:
            peer.open(keepalive=0, dead=0)
            self.assert_up(peer)

    def test_as_many_as_configured(self):
        """Nothing is said, and nobody waits."""
        pced = self.start(300, limits={"sessions": 40})
        self.assertEqual(pced.lines_with("open files"), [])
        peers = [self.connect(pced) for _ in range(40)]
        for peer in peers:
            peer.open(keepalive=0, dead=0)
            self.assert_up(peer)
        self.assertEqual(pced.metrics()["pced_files_full_total"], 0)


class Faults(unittest.TestCase):
    """A fault of our own ends the process: it says where, and the status stays what it would have been."""

    def test_last_words(self):
        if daemon.is_sanitized():
            self.skipTest("the sanitizer tells")
        for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGABRT):
            with self.subTest(signal=number.name):
                pced = Pced(topology=networks.DIAMOND).start()
                pced.signal(number)
                self.assertEqual(pced.wait_exit(), -number)
                self.assertRegex(pced.log(), rf"fatal signal {number.name}; thread pced; calls:\n"
                                             r"(\S*pced\(\+0x|\S*\.so)")


class Shards(unittest.TestCase):
    def answer_from_many_sources(self, shards, count):
        with Pced(topology=networks.DIAMOND, server={"shards": shards}) as pced:
            peers = [Peer(pced.address, source=next_source()) for _ in range(count)]
            for peer in peers:
                peer.open(keepalive=0, dead=0)
            for number, peer in enumerate(peers, 1):
                self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)
            for peer in peers:
                peer.drop()

    def test_one_shard(self):
        self.answer_from_many_sources(1, 20)

    def test_more_shards_than_cores(self):
        self.answer_from_many_sources(16, 100)

    def test_256_shards(self):
        """Or, where the machine has not the locked memory for so many rings, its words for that."""
        pced = Pced(topology=networks.DIAMOND, server={"shards": 256}).spawn()
        try:
            pced.wait_line(daemon.READY, wait_s=60)
        except AssertionError:
            self.assertEqual(pced.wait_exit(), EXIT_MACHINE, pced.log())
            self.assertRegex(pced.log(), "locked memory|open files")
            print("SKIP: no 256 rings on this machine: " + pced.log().splitlines()[-1])
            self.skipTest("no 256 rings on this machine")
        peers = [Peer(pced.address, source=next_source()) for _ in range(300)]
        for peer in peers:
            peer.open(keepalive=0, dead=0)
        for number, peer in enumerate(peers, 1):
            self.assertEqual(peer.ask(number, A, D).labels(), PLAIN_A_D)
        for peer in peers:
            peer.drop()
        pced.stop()


def read_text(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


class EarlySignal(unittest.TestCase):
    @staticmethod
    def has_open(pced):
        folder = f"/proc/{pced.process.pid}/fd"
        try:
            return any(os.readlink(os.path.join(folder, name)) == pced.path for name in os.listdir(folder))
        except FileNotFoundError:  # one was closed meanwhile
            return False

    def test_a_reload_that_comes_while_the_configuration_is_read(self):
        """It does not end the start: the configuration comes through a pipe, the signal in the middle of it."""
        pced = Pced(topology=networks.DIAMOND)
        self.addCleanup(pced.stop)
        with open(pced.path, "rb") as file:
            text = file.read()
        os.remove(pced.path)
        os.mkfifo(pced.path)
        pipe = os.open(pced.path, os.O_RDWR)
        os.write(pipe, text[:10])
        pced.spawn()
        while not self.has_open(pced):  # it reads
            self.assertIsNone(pced.process.poll())
            time.sleep(0.01)
        pced.signal(signal.SIGHUP)
        time.sleep(0.1)
        os.write(pipe, text[10:])
        reader = os.open(pced.path, os.O_RDONLY | os.O_NONBLOCK)  # the pipe stays for the reload
        self.addCleanup(os.close, reader)
        os.close(pipe)
        pced.wait_line("reload refused.*No data available")
        self.assertTrue(pced.is_alive())


class ReloadOfTheLog(unittest.TestCase):
    def wait_text(self, pced, path, word):
        """Until the log file has it; fails when the server ends first."""
        self.wait_for(pced, lambda: word in read_text(path), f"{word} in {path}")

    def wait_for(self, pced, is_so, what):
        deadline = time.monotonic() + daemon.WAIT_S
        while not is_so():
            self.assertLess(time.monotonic(), deadline, f"no {what}")
            pced.let_pass(0.02)

    def test_a_folder_that_has_gone_is_told(self):
        with tempfile.TemporaryDirectory() as outer:
            folder = os.path.join(outer, "log")
            os.mkdir(folder)
            path = os.path.join(folder, "pced.log")
            pced = Pced(log={"destination": "file", "file": path}).spawn()
            try:
                self.wait_text(pced, path, "ready")
                os.rename(folder, folder + ".gone")
                pced.signal(signal.SIGHUP)
                pced.wait_line("reload: cannot open the log file .*log/pced.log")
                old = os.path.join(outer, "log.gone", "pced.log")
                self.wait_text(pced, old, 'reload refused: the old one stays in force part=log')
                self.wait_for(pced, lambda: pced.metrics()["pced_reloads_refused_total"] == 1, "count")
                self.assertNotIn("reload done", read_text(old))
                os.rename(folder + ".gone", folder)
                pced.signal(signal.SIGHUP)
                self.wait_text(pced, path, "reload done")
                metrics = pced.metrics()
                self.assertEqual((metrics["pced_reloads_total"], metrics["pced_reloads_refused_total"]), (2, 1))
            finally:
                pced.stop()


class Reload(unittest.TestCase):
    def setUp(self):
        self.pced = Pced(topology=networks.DIAMOND, server={"shards": 4}).start()
        self.addCleanup(self.pced.stop)
        self.peers = [Peer(self.pced.address, source=next_source()) for _ in range(12)]
        for peer in self.peers:
            self.addCleanup(peer.drop)
            peer.open(keepalive=0, dead=0)
        self.asked = 0

    def ask(self, peer, *objects):
        self.asked += 1
        return peer.ask(self.asked, A, D, *objects).labels()

    def reload(self, line):
        since = self.pced.mark()
        self.pced.signal(signal.SIGHUP)
        self.pced.wait_line(line, since)

    def assert_sessions_untouched(self):
        """Nothing but answers to what was asked has come; nothing waits to be read."""
        for peer in self.peers:
            self.assertEqual({m.type for m in peer.received[2:]} - {pcep.PCREP}, set())

    def test_new_topology_holds_for_live_sessions(self):
        for peer in self.peers:
            self.assertEqual(self.ask(peer), PLAIN_A_D)
        self.pced.write_topology(ANOTHER_TOPOLOGY)
        self.reload("reload done")
        for peer in self.peers:
            self.assertEqual(self.ask(peer), [16504])
        self.pced.write_topology(BY_C)
        self.reload("reload done")
        for peer in self.peers:
            self.assertIn(self.ask(peer), (PLAIN_A_D, *LOWER_A_D))
        self.assert_sessions_untouched()

    def test_bad_topology_leaves_the_old_one_in_force(self):
        for text in ("nodes: [", networks.DIAMOND.replace("to: B", "to: Nowhere"), ""):
            self.pced.write_topology(text)
            self.reload("reload refused.*topology.yaml")
            for peer in self.peers:
                self.assertEqual(self.ask(peer), PLAIN_A_D)
        self.assert_sessions_untouched()

    def test_bad_configuration_leaves_the_old_one_in_force(self):
        self.pced.write(self.pced.path, "server: {shards: 1000}\n")
        self.reload("reload refused.*pced.yaml:1")
        for peer in self.peers:
            self.assertEqual(self.ask(peer), PLAIN_A_D)
        self.assert_sessions_untouched()

    def test_many_reloads_under_requests(self):
        """Requests are in flight while topologies come and go; each answer is right in one of them."""
        right = ([16004], [16504])
        for turn in range(10):
            for peer in self.peers:
                peer.send(b"".join(pcep.request_message(n, A, D) for n in range(1, 51)))
            self.pced.write_topology(networks.DIAMOND if turn % 2 else ANOTHER_TOPOLOGY)
            self.reload("reload done")
            for peer in self.peers:
                for number in range(1, 51):
                    response = pcep.parse_responses(peer.expect(pcep.PCREP))[0]
                    self.assertEqual(response.request_id, number)
                    self.assertIn(response.labels(), right)
        self.assert_sessions_untouched()

    def test_keepalive_of_new_sessions(self):
        """A changed timer holds for sessions that begin afterwards."""
        self.pced.sections["session"] = {"keepalive": 7, "dead-timer": 28}
        self.pced.write(self.pced.path, daemon.render(self.pced.sections))
        self.reload("reload done")
        with Peer(self.pced.address, source=next_source()) as peer:
            _, keepalive, dead, _ = peer.open().one(pcep.OC_OPEN).unpack("!BBBB")
            self.assertEqual((keepalive, dead), (7, 28))
        for peer in self.peers:
            self.assertEqual(self.ask(peer), PLAIN_A_D)


if __name__ == "__main__":
    unittest.main(verbosity=2)
