"""pceload, run for one test: what it says as JSON, its exit code, and a PCE that answers wrongly."""

import json
import os
import socket
import subprocess
import tempfile
import threading

import daemon
import pcep

WAIT_S = 120


class Run:
    """One run that has ended: code, result (its JSON), text (its table and progress)."""

    def __init__(self, *options, server, topology=None, pairs=None):
        with tempfile.TemporaryDirectory(prefix="pceload-test-") as folder:
            words = [daemon.program("pceload"), "--json", "-", "--progress", "0"]
            for name, text in (("topology", topology), ("pairs", pairs)):
                if text is not None:
                    path = os.path.join(folder, name)
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(text)
                    words += ["--" + name, path]
            address = f"[{server[0]}]:{server[1]}" if ":" in server[0] else "%s:%d" % server
            run = subprocess.run(words + [str(word) for word in options] + [address],
                                 capture_output=True, text=True, timeout=WAIT_S,
                                 env=daemon.environment(), check=False)
        self.code, self.text = run.returncode, run.stderr
        self.result = json.loads(run.stdout) if run.stdout else None
        if daemon.REPORT.search(run.stderr):
            raise AssertionError(run.stderr)

    def __getattr__(self, name):
        """sessions, requests, errors …: the parts of the result."""
        return self.result[name]


class FalsePce:
    """A PCE that opens sessions rightly and answers each request as `answer` says: a function of
    the request's number that returns octets, a list of them that are sent one by one, or None: then
    the connection ends."""

    def __init__(self, answer):
        self.answer = answer
        self.heard = []  # every message of every session, in octets
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.address = self.listener.getsockname()[:2]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self):
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(WAIT_S)

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, sock):
        buffer = b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock:
            sock.sendall(pcep.open_message(keepalive=30, dead=120) + pcep.keepalive_message())
            while octets := self._read(sock):
                buffer += octets
                messages, buffer = self._split(buffer)
                for message in messages:
                    self.heard.append(message)
                    if message[1] == pcep.CLOSE:
                        return
                    if message[1] == pcep.PCREQ:
                        answer = self.answer(int.from_bytes(message[12:16], "big"))
                        if answer is None:
                            return
                        self._send(sock, answer)

    @staticmethod
    def _send(sock, pieces):
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            sock.sendall(piece)

    @staticmethod
    def _read(sock):
        try:
            return sock.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def _split(buffer):
        messages = []
        while len(buffer) >= 4 and len(buffer) >= int.from_bytes(buffer[2:4], "big"):
            size = int.from_bytes(buffer[2:4], "big")
            messages.append(buffer[:size])
            buffer = buffer[size:]
        return messages, buffer


def reply(request_id, *objects):
    return pcep.message(pcep.PCREP, pcep.rp(request_id, setup=pcep.SETUP_SR), *objects)


def path(request_id, *labels):
    return reply(request_id, pcep.ero_object(list(labels)))
