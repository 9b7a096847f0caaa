"""A BGP-LS speaker that tells a network as routers of IS-IS do: the octets of RFC 4271, RFC 9552 and RFC 9085, made
by hand here and nowhere else, so that the server is judged by the documents and not by itself."""

import ipaddress
import socket
import struct
import threading
import time

import networks

MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = 1, 2, 3, 4, 5
AFI, SAFI = 16388, 71
AS_NUMBER = 65001
WAIT_S = 30


def message(kind, body=b""):
    return MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def open_message(asn=AS_NUMBER, hold=90, identifier="192.0.2.1", restart=None, families=((AFI, SAFI),),
                 capabilities=None):
    if capabilities is None:
        capabilities = all_capabilities(asn, restart, families)
    parameter = bytes([2, len(capabilities)]) + capabilities
    return message(OPEN, struct.pack("!BHH", 4, asn if asn < 65536 else 23456, hold)
                   + socket.inet_aton(identifier) + bytes([len(parameter)]) + parameter)


def all_capabilities(asn, restart, families):
    capabilities = b"".join(capability(1, struct.pack("!HBB", afi, 0, safi)) for afi, safi in families)
    capabilities += capability(2) + capability(70) + capability(65, struct.pack("!I", asn)) + capability(6)
    if restart is not None:
        capabilities += capability(64, struct.pack("!HHBB", restart, AFI, SAFI, 0x80))
    return capabilities


def tlv(kind, value):
    return struct.pack("!HH", kind, len(value)) + value


def system_id(number):
    return bytes(5) + bytes([number])


def descriptor(kind, number):
    """515 alone, as FRR has it."""
    return tlv(kind, tlv(515, system_id(number)))


def nlri(kind, *descriptors):
    value = struct.pack("!BQ", 2, 0) + b"".join(descriptors)
    return struct.pack("!HH", kind, len(value)) + value


def attribute(flags, kind, value):
    return struct.pack("!BBH", flags | 0x10, kind, len(value)) + value


def update(reach=(), attributes=None, unreach=(), as_path=b"", next_hop="192.0.2.1", more=b""):
    path = more
    if reach:
        path += attribute(0x80, 14, struct.pack("!HBB", AFI, SAFI, 4) + socket.inet_aton(next_hop) + b"\0"
                          + b"".join(reach))
        path += attribute(0x40, 1, b"\2") + attribute(0x40, 2, as_path) + attribute(0x40, 5, struct.pack("!I", 100))
    if unreach:
        path += attribute(0x80, 15, struct.pack("!HB", AFI, SAFI) + b"".join(unreach))
    if attributes is not None:
        path += attribute(0x80, 29, b"".join(attributes))
    return message(UPDATE, struct.pack("!HH", 0, len(path)) + path)


END_OF_RIB = message(UPDATE, struct.pack("!HH", 0, 7) + attribute(0x80, 15, struct.pack("!HB", AFI, SAFI)))


# ---- objects: each is its NLRI and the TLVs of its attribute ----

OVERLOAD = 0x80  # node flag (RFC 9552 5.3.1.1)


def node(number, name, flags=None, more=()):
    srgb = b"\0\0" + (8000).to_bytes(3, "big") + tlv(1161, (16000).to_bytes(3, "big"))
    return nlri(1, descriptor(256, number)), [
        tlv(1026, name.encode()), tlv(1028, socket.inet_aton(f"10.0.0.{number}")),
        tlv(1029, ipaddress.IPv6Address(f"fd00::{number}").packed), tlv(1034, srgb), tlv(266, bytes([1, 10])),
        *([tlv(1024, bytes([flags]))] if flags is not None else []), *more]


def algorithms(*numbers):
    return tlv(1035, bytes(numbers))


def flexible(algorithm, metric=0, priority=128, parts=b""):
    """A definition of a flexible algorithm (RFC 9351 3)."""
    return tlv(1039, bytes([algorithm, metric, 0, priority]) + parts)


def prefix(number, address, index, more=()):
    """more: (algorithm, index) of other SIDs."""
    packed = ipaddress.ip_address(address).packed
    bits = 8 * len(packed)
    return nlri(3 if len(packed) == 4 else 4, descriptor(256, number), tlv(265, bytes([bits]) + packed)), [
        tlv(1155, struct.pack("!I", 10)), tlv(1158, bytes([0x40, 0, 0, 0]) + struct.pack("!I", index)),
        *(tlv(1158, bytes([0x40, algorithm, 0, 0]) + struct.pack("!I", sid)) for algorithm, sid in more),
        tlv(1170, b"\x20")]


def metric_octets(metric):
    return metric.to_bytes(max(1, (metric.bit_length() + 7) // 8), "big")


def link(ends, addresses, igp=10, te=10, delay=1000, capacity=networks.GBIT, group=3, label=None):
    start, end = ends
    bandwidth = struct.pack("!f", capacity)
    attributes = [tlv(1088, struct.pack("!I", group)), tlv(1089, bandwidth), tlv(1090, bandwidth),
                  tlv(1091, 8 * bandwidth), tlv(1092, struct.pack("!I", te)), tlv(1095, metric_octets(igp)),
                  tlv(1114, struct.pack("!I", delay))]
    if label is not None:
        attributes.append(tlv(1099, bytes([0x30, 0, 0, 0]) + label.to_bytes(3, "big")))
    return nlri(2, descriptor(256, start), descriptor(257, end), tlv(259, socket.inet_aton(addresses[0])),
                tlv(260, socket.inet_aton(addresses[1]))), attributes


def both(ends, first, label, **values):
    """Both directions, as networks.diamond has them."""
    addresses = [f"10.1.0.{first}", f"10.1.0.{first + 1}"]
    return [link(ends, addresses, label=label, **values),
            link(ends[::-1], addresses[::-1], label=label + 1, **values)]


A, B, C, D, E, F = range(1, 7)
UPPER = {"te": 100, "delay": 1000, "group": 1}
LOWER = {"igp": 20, "te": 10, "delay": 2000, "capacity": 100 * networks.MBIT, "group": 2}


def diamond():
    """networks.DIAMOND: {what: [objects]}."""
    objects = {("node", n): [node(n, name), prefix(n, f"10.0.0.{n}", n), prefix(n, f"fd00::{n}", n + 100)]
               for n, name in enumerate("ABCDEF", 1)}
    objects["AB"] = both((A, B), 0, 24001, **UPPER)
    objects["BD"] = both((B, D), 2, 24003, **UPPER)
    objects["AC"] = both((A, C), 4, 24005, **LOWER)
    objects["CD"] = both((C, D), 6, 24007, **LOWER)
    objects["DF"] = both((D, F), 8, 24009)
    return objects


# ---- the speaker ----

class Speaker:
    """Awaits the server's connection at an address and port, or connects to it."""

    def __init__(self, address, port=0):
        self.address = address
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(5)
        self.listener.settimeout(WAIT_S)
        self.port = self.listener.getsockname()[1]
        self.socket = None
        self.ttl = None  # of what is sent on connections to the server
        self.received = []  # (type, body)
        self.news = threading.Condition()
        self.has_ended = False

    def accept(self, **options):
        connection, _ = self.listener.accept()
        return self.take(connection, **options)

    def dial(self, address, port, patience=WAIT_S):
        """TCP alone."""
        connection = socket.socket()
        if self.ttl is not None:
            connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.ttl)
        connection.bind((self.address, 0))
        connection.settimeout(patience)
        connection.connect((address, port))
        return connection

    def connect(self, address, port, **options):
        return self.take(self.dial(address, port), **options)

    def take(self, connection, **options):
        connection.settimeout(None)
        self.drop()
        self.socket, self.received, self.has_ended = connection, [], False
        threading.Thread(target=self._read, args=(connection,), daemon=True).start()
        self.send(open_message(**options))
        self.wait(OPEN)
        self.send(message(KEEPALIVE))
        self.wait(KEEPALIVE)
        return self

    def _read(self, connection):
        octets = b""
        try:
            while chunk := connection.recv(65536):
                octets += chunk
                while len(octets) >= 19 and len(octets) >= (size := struct.unpack("!H", octets[16:18])[0]):
                    with self.news:
                        self.received.append((octets[18], octets[19:size]))
                        self.news.notify_all()
                    octets = octets[size:]
        except OSError:
            pass
        with self.news:
            self.has_ended |= self.socket in (connection, None)  # one that was replaced ends, too
            self.news.notify_all()

    def wait(self, kind):
        """The body of the first message of this type that has come."""
        deadline = time.monotonic() + WAIT_S
        with self.news:
            while True:
                for got, body in self.received:
                    if got == kind:
                        return body
                if self.has_ended or not self.news.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no BGP message of type {kind}: {self.received}")

    def wait_end(self):
        deadline = time.monotonic() + WAIT_S
        with self.news:
            while not self.has_ended:
                if not self.news.wait(deadline - time.monotonic()):
                    raise AssertionError("the connection has not ended")

    def send(self, octets):
        self.socket.sendall(octets)

    def tell(self, objects, end_of_rib=True):
        for several in objects.values():
            for found, attributes in several:
                self.send(update([found], attributes))
        if end_of_rib:
            self.send(END_OF_RIB)

    def withdraw(self, several):
        self.send(update(unreach=[found for found, _ in several]))

    def drop(self):
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)  # a close() alone waits for the thread that reads
            except OSError:
                pass
            self.socket.close()
        self.socket = None

    def close(self):
        self.drop()
        self.listener.close()
