"""A scripted PCEP peer: a socket, and bounded waits for what the other side sends."""

import socket
import struct
import time

import pcep

WAIT_S = 20.0  # longest wait for one event; the sanitized server on a loaded machine is slow


class Closed(Exception):
    """The other side ended the connection (how: "end" or "reset")."""

    def __init__(self, how, rest=b""):
        super().__init__(f"connection closed by the other side ({how}), {len(rest)} octets over")
        self.how = how
        self.rest = rest


class Peer:
    """One connection with the server, from the PCC's side."""

    def __init__(self, server, source=None, receive_buffer=None):
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind((source, 0) if isinstance(source, str) else source)
        self.socket.settimeout(WAIT_S)
        try:
            self.socket.connect(server)
        except ConnectionResetError:  # taken by the kernel and reset before connect() returned
            self.socket.close()
            raise Closed("reset") from None
        self.buffer = b""
        self.received = []  # every message, in order

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop()

    # -- sending

    def send(self, octets):
        self.socket.sendall(octets)

    def send_quietly(self, octets):
        """Sends what the other side may not want any more; False when it has closed."""
        try:
            self.socket.sendall(octets)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def shut_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def drop(self):
        self.socket.close()

    def reset(self):
        """Ends the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    # -- receiving

    def _more(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"nothing came; so far: {self.received}")
        self.socket.settimeout(left)
        try:
            octets = self.socket.recv(262144)
        except socket.timeout:
            raise TimeoutError(f"nothing came; so far: {self.received}") from None
        except ConnectionResetError:
            raise Closed("reset", self.buffer) from None
        if not octets:
            raise Closed("end", self.buffer)
        self.buffer += octets

    def next(self, wait_s=WAIT_S):
        """The next message, of whatever type."""
        deadline = time.monotonic() + wait_s
        while True:
            if len(self.buffer) >= 4:
                size = struct.unpack_from("!H", self.buffer, 2)[0]
                if size < 4:
                    raise pcep.Malformed(f"message length {size}")
                if len(self.buffer) >= size:
                    octets, self.buffer = self.buffer[:size], self.buffer[size:]
                    found = pcep.parse_message(octets)
                    self.received.append(found)
                    return found
            self._more(deadline)

    def expect(self, kind, wait_s=WAIT_S):
        """The next message that is not a Keepalive; it has to be of this type."""
        deadline = time.monotonic() + wait_s
        while True:
            found = self.next(max(0.0, deadline - time.monotonic()))
            if found.type == kind:
                return found
            if found.type != pcep.KEEPALIVE:
                raise AssertionError(f"{found} instead of {pcep.MESSAGE_NAMES[kind]}")

    def expect_error(self, *errors):
        """A PCErr with exactly these (type, value) pairs; returns it."""
        found = self.expect(pcep.PCERR)
        if found.errors() != list(errors):
            raise AssertionError(f"PCErr {found.errors()} instead of {list(errors)}")
        return found

    def expect_close(self, reason):
        found = self.expect(pcep.CLOSE)
        if found.close_reason() != reason:
            raise AssertionError(f"Close reason {found.close_reason()} instead of {reason}")
        return found

    def until_end(self, wait_s=WAIT_S):
        """All messages until the other side ends the connection."""
        deadline, found = time.monotonic() + wait_s, []
        try:
            while True:
                found.append(self.next(max(0.0, deadline - time.monotonic())))
        except Closed as closed:
            if closed.rest and closed.how == "end":
                raise pcep.Malformed(f"the stream ends in the middle of a message: "
                                     f"{closed.rest.hex()}") from None
            return found

    # -- conversations

    def open(self, **options):
        """The whole handshake (RFC 5440 6.2): Open and Keepalive in both directions."""
        options.setdefault("tlvs", pcep.stateful_tlv() + pcep.sr_capability_tlv())
        self.send(pcep.open_message(**options))
        theirs = self.next()
        if theirs.type != pcep.OPEN:
            raise AssertionError(f"{theirs} instead of Open")
        self.send(pcep.keepalive_message())
        answer = self.next()
        if answer.type != pcep.KEEPALIVE:
            raise AssertionError(f"{answer} instead of Keepalive")
        return theirs

    def ask(self, request_id, source, destination, *objects, setup=pcep.SETUP_SR):
        """One request and its response."""
        self.send(pcep.request_message(request_id, source, destination, *objects, setup=setup))
        responses = pcep.parse_responses(self.expect(pcep.PCREP))
        if [r.request_id for r in responses] != [request_id]:
            raise AssertionError(f"responses to {[r.request_id for r in responses]}, "
                                 f"asked {request_id}")
        return responses[0]
