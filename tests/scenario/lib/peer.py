"""A scripted PCEP peer: a socket, and bounded waits for what the other side sends."""

import ctypes
import fcntl
import ipaddress
import os
import select
import socket
import struct
import termios
import time

import pcep

# The longest wait for one event; the sanitized server on a loaded machine is slow.
WAIT_S = float(os.environ.get("PCED_TEST_WAIT_S", 20))
TCP_MD5SIG, TCP_REPAIR, SO_ATTACH_FILTER, SO_DETACH_FILTER = 14, 19, 26, 27
IPV6_FREEBIND = 78


def set_md5_key(sock, address, key):
    """TCP-MD5 (RFC 2385) with that other end: struct tcp_md5sig of linux/tcp.h."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        where = struct.pack("=HH4s", socket.AF_INET, 0, ip.packed)
    else:
        where = struct.pack("=HHI16sI", socket.AF_INET6, 0, 0, ip.packed, 0)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG,
                    struct.pack("=128sBBHI80s", where, 0, 0, len(key), 0, key.encode()))


class Closed(Exception):
    """The other side ended the connection (how: "end" or "reset")."""

    def __init__(self, how, rest=b""):
        super().__init__(f"connection closed by the other side ({how}), {len(rest)} octets over")
        self.how = how
        self.rest = rest


class Peer:
    """One connection with the server, from the PCC's side. is_free: the source is of a prefix that is routed to
    this host, and is no address of an interface."""

    def __init__(self, server, source=None, receive_buffer=None, md5_key=None, wait_s=WAIT_S, is_free=False):
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if is_free and family == socket.AF_INET6:
                self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            self.socket.bind((source, 0) if isinstance(source, str) else source)
        if md5_key:
            set_md5_key(self.socket, server[0], md5_key)
        self.socket.settimeout(wait_s)
        try:
            self.socket.connect(server)
        except ConnectionResetError:  # taken by the kernel and reset before connect() returned
            self.socket.close()
            raise Closed("reset") from None
        except OSError:
            self.socket.close()
            raise
        self.buffer = b""
        self.received = []  # every message, in order

    @classmethod
    def of(cls, sock):
        """The peer's end of a connection that the server has opened."""
        peer = cls.__new__(cls)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.socket, peer.buffer, peer.received = sock, b"", []
        return peer

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

    def ask_without_reading(self, octets):
        """Sends what goes in without a wait; the rest is left. Returns how much went in."""
        self.socket.setblocking(False)
        sent = 0
        try:
            while sent < len(octets):
                sent += self.socket.send(octets[sent:sent + 65536])
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        self.socket.settimeout(WAIT_S)
        return sent

    # -- what its host does

    def deaf(self):
        """From now on its TCP drops every segment unseen: nothing is acknowledged."""
        code = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0
        program = struct.pack("HL", 1, ctypes.addressof(code))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)

    def hear(self):
        self.socket.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

    def vanish(self):
        """Its host restarts: the connection is forgotten, and nobody is told. May need a right."""
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.socket.close()

    def wait_broken(self, wait_s=WAIT_S):
        """Waits for the connection's reset, reading nothing."""
        poll = select.poll()
        poll.register(self.socket, 0)
        if not poll.poll(wait_s * 1000):
            raise TimeoutError("the connection was not reset")

    # -- receiving

    def has_ended(self):
        """Whether the other side has ended it by now; nothing is waited for."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP)
        return bool(poll.poll(0))

    def take(self, size):
        """Reads up to so many octets, if there are any; returns how many came."""
        self.socket.setblocking(False)
        try:
            octets = self.socket.recv(size)
        except BlockingIOError:
            return 0
        finally:
            self.socket.settimeout(WAIT_S)
        self.buffer += octets
        return len(octets)

    def unread(self):
        """Octets that its kernel has taken, and acknowledged, and that were not read yet."""
        return struct.unpack("i", fcntl.ioctl(self.socket, termios.FIONREAD, bytes(4)))[0]

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

    def whole_until_end(self, wait_s=WAIT_S):
        """All messages until the other side has sent its FIN: no reset, nothing torn."""
        deadline, found = time.monotonic() + wait_s, []
        try:
            while True:
                found.append(self.next(max(0.0, deadline - time.monotonic())))
        except Closed as closed:
            if closed.how != "end" or closed.rest:
                raise AssertionError(f"{closed} behind {found[-3:]}") from None
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


class Listener:
    """A scripted PCC that waits for the server to connect."""

    def __init__(self, address, port=0, md5_key_of=None):
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        if md5_key_of:
            set_md5_key(self.socket, *md5_key_of)
        self.socket.listen()
        self.address, self.port = self.socket.getsockname()[:2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def accept(self, wait_s=WAIT_S):
        """(Peer, address of the server's end, its port)."""
        self.socket.settimeout(wait_s)
        sock, address = self.socket.accept()
        return Peer.of(sock), address[0], address[1]
