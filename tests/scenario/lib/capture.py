"""Captures: taken from real traffic, taken apart, changed, and written in several forms."""

import os
import random
import select
import shutil
import struct
import subprocess

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
ETHERNET, RAW, SLL, NULL = 1, 101, 113, 0
WAIT_S = 30


class Packet:
    """One Ethernet frame with IPv4 or IPv6 and TCP, with its time in nanoseconds."""

    def __init__(self, time_ns, frame):
        self.time_ns = time_ns
        self.version = frame[14] >> 4
        self.ip = frame[14:]
        header = 4 * (self.ip[0] & 15) if self.version == 4 else 40
        end = struct.unpack_from("!H", self.ip, 2)[0] if self.version == 4 else 40 + \
            struct.unpack_from("!H", self.ip, 4)[0]
        self.tcp = self.ip[header:end]
        self.ip = self.ip[:header]
        self.source, self.destination = ((self.ip[12:16], self.ip[16:20]) if self.version == 4
                                         else (self.ip[8:24], self.ip[24:40]))
        self.ports = struct.unpack_from("!HH", self.tcp)
        self.sequence = struct.unpack_from("!I", self.tcp, 4)[0]
        self.flags = self.tcp[13]
        self.payload = self.tcp[4 * (self.tcp[12] >> 4):]

    def connection(self):
        ends = [(self.source, self.ports[0]), (self.destination, self.ports[1])]
        return tuple(sorted(ends))

    def sender(self):
        return self.source, self.ports[0]

    def rebuild(self, tcp, fragment=None):
        """The IP packet with this TCP segment, or with a part of one: (offset, is last, id)."""
        if self.version == 4:
            ip = bytearray(self.ip)
            struct.pack_into("!H", ip, 2, len(ip) + len(tcp))
            if fragment:
                offset, is_last, number = fragment
                struct.pack_into("!HH", ip, 4, number & 0xFFFF,
                                 offset // 8 | (0 if is_last else 0x2000))
            struct.pack_into("!H", ip, 10, 0)
            return bytes(ip) + tcp
        ip = bytearray(self.ip)
        if fragment:
            offset, is_last, number = fragment
            ip[6] = 44
            tcp = struct.pack("!BBHI", 6, 0, offset | (0 if is_last else 1), number) + tcp
        struct.pack_into("!H", ip, 4, len(tcp))
        return bytes(ip) + tcp

    def segment(self, start=0, end=None, shift=0):
        """The TCP segment with a part of the payload; shift: added to all sequence numbers, by
        sender."""
        end = len(self.payload) if end is None else end
        size = 4 * (self.tcp[12] >> 4)
        tcp = bytearray(self.tcp[:size]) + self.payload[start:end]
        acknowledged = struct.unpack_from("!I", tcp, 8)[0]
        mine, other = shift if isinstance(shift, tuple) else (shift, shift)
        struct.pack_into("!I", tcp, 4, (self.sequence + start + mine) & 0xFFFFFFFF)
        if self.flags & ACK:
            struct.pack_into("!I", tcp, 8, (acknowledged + other) & 0xFFFFFFFF)
        if end < len(self.payload):
            tcp[13] &= ~(FIN | 0x08)
        return bytes(tcp)

    def whole(self):
        return self.rebuild(self.segment())


def link(link_type, ip, tags=()):
    """The frame around an IP packet."""
    kind = 0x0800 if ip[0] >> 4 == 4 else 0x86DD
    if link_type == ETHERNET:
        return bytes(12) + b"".join(struct.pack("!HH", tag, 5) for tag in tags) + \
            struct.pack("!H", kind) + ip
    if link_type == SLL:
        return struct.pack("!HHHQH", 0, 1, 6, 0, kind) + ip
    if link_type == NULL:
        return struct.pack("<I", 2 if kind == 0x0800 else 30) + ip
    return ip


def pcap_header(link_type, order="<", is_nano=True):
    return struct.pack(order + "IHHiIII", 0xA1B23C4D if is_nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144,
                       link_type)


def pcap_record(time_ns, frame, order="<", is_nano=True):
    s, ns = divmod(time_ns, 10**9)
    return struct.pack(order + "IIII", s, ns if is_nano else ns // 1000, len(frame), len(frame)) + frame


def write_pcap(path, packets, link_type=ETHERNET, order="<", is_nano=True, tags=()):
    """packets: (time in ns, IP packet)."""
    with open(path, "wb") as file:
        file.write(pcap_header(link_type, order, is_nano))
        for time_ns, ip in packets:
            file.write(pcap_record(time_ns, link(link_type, ip, tags), order, is_nano))


def _block(order, kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def write_pcapng(path, packets, order="<"):
    """Two interfaces with different links and clocks, packets on each in turn."""
    with open(path, "wb") as file:
        file.write(_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(_block(order, 1, struct.pack(order + "HHIHHB3xHH", ETHERNET, 0, 0, 9, 1, 9, 0, 0)))
        file.write(_block(order, 1, struct.pack(order + "HHIHHB3xHHqHH", RAW, 0, 0, 9, 1, 9, 14, 8, 1000,
                                                0, 0)))
        file.write(_block(order, 0x0BAD0BAD, b"something else"))
        for number, (time_ns, ip) in enumerate(packets):
            interface = number % 2
            ticks = time_ns - interface * 1000 * 10**9
            frame = link(RAW if interface else ETHERNET, ip)
            file.write(_block(order, 6, struct.pack(order + "IIIII", interface, ticks >> 32,
                                                    ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame))


# ---- real traffic -------------------------------------------------------------------------------


def can_capture():
    """Why real traffic cannot be captured here; None when it can."""
    if not shutil.which("tcpdump"):
        return "tcpdump is not installed"
    if os.geteuid() != 0:
        return "capturing needs root"
    return None


class Tap:
    """tcpdump on the loopback, its packets as they come."""

    def __init__(self, port):
        # The kernel's ring has a slot of full length for each packet: short ones make many.
        self.process = subprocess.Popen(
            ["tcpdump", "-i", "lo", "-n", "-U", "--immediate-mode", "--time-stamp-precision=nano",
             "-s", "16384", "-B", "65536", "-w", "-", "tcp", "port", str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        line = b""
        while b"listening on" not in line:
            line = self.process.stderr.readline()
            if not line:
                self.process.wait()
                raise RuntimeError("tcpdump has ended")
        self.left = b""
        self.order = None

    def _read(self, size):
        while len(self.left) < size:
            if not select.select([self.process.stdout], [], [], WAIT_S)[0]:
                raise TimeoutError("no more packets")
            octets = os.read(self.process.stdout.fileno(), 65536)
            if not octets:
                raise RuntimeError("tcpdump has ended")
            self.left += octets
        octets, self.left = self.left[:size], self.left[size:]
        return octets

    def next(self):
        if self.order is None:
            magic = self._read(24)[:4]
            self.order = "<" if magic == b"\x4d\x3c\xb2\xa1" else ">"
        s, ns, size, _ = struct.unpack(self.order + "IIII", self._read(16))
        return Packet(s * 10**9 + ns, self._read(size))

    def until_closed(self, count):
        """All packets until so many connections have ended."""
        packets, ends = [], {}
        while sum(len(sides) == 2 for sides in ends.values()) < count:
            packet = self.next()
            packets.append(packet)
            sides = ends.setdefault(packet.connection(), set())
            if packet.flags & FIN:
                sides.add(packet.sender())
            if packet.flags & RST:
                sides.update(packet.connection())
        return packets

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


# ---- changes ------------------------------------------------------------------------------------


def plain(packets):
    return [(p.time_ns, p.whole()) for p in packets]


def again(items):
    """Changed packets, to be changed further."""
    return [Packet(time_ns, link(ETHERNET, ip)) for time_ns, ip in items]


def retimed(times, ips):
    """Packets in another order have the times of their places: time goes forward."""
    return list(zip(times, ips))


def duplicated(packets, draw):
    out = []
    for p in packets:
        out.append((p.time_ns, p.whole()))
        for _ in range(draw.choice((0, 0, 1, 2))):
            out.append((p.time_ns + 10 * len(out), p.whole()))
    return sorted(out, key=lambda item: item[0])


def resegmented(packets, draw, size_max=9):
    """Each payload in several segments."""
    out = []
    for p in packets:
        at = 0
        while True:
            end = min(len(p.payload), at + draw.randrange(1, size_max))
            out.append((p.time_ns + len(out) % 7, p.rebuild(p.segment(at, end))))
            at = end
            if at == len(p.payload):
                break
    return out


def reordered(packets, draw, reach=4):
    """Segments with octets change places with near ones of the same sender; others keep theirs."""
    order = list(range(len(packets)))
    movable = [i for i, p in enumerate(packets) if p.payload and not p.flags & (SYN | FIN | RST)]
    for a, b in zip(movable, movable[1:]):
        near = b - a <= reach and packets[a].sender() == packets[b].sender()
        if near and draw.random() < 0.6:
            order[a], order[b] = order[b], order[a]
    return retimed([p.time_ns for p in packets], [packets[i].whole() for i in order])


def fragmented(packets, draw):
    """Each datagram with octets in fragments, in any order."""
    out = []
    for number, p in enumerate(packets):
        segment = p.segment()
        if not p.payload or len(segment) < 24:
            out.append((p.time_ns, p.whole()))
            continue
        cuts = sorted(draw.sample(range(8, len(segment), 8), min(3, (len(segment) - 1) // 8)))
        cuts = [0] + cuts + [len(segment)]
        parts = [p.rebuild(segment[a:b], (a, b == len(segment), number + 1))
                 for a, b in zip(cuts, cuts[1:])]
        draw.shuffle(parts)
        out += [(p.time_ns + i, part) for i, part in enumerate(parts)]
    return out


def wrapped(packets):
    """Sequence numbers pass zero early in each direction."""
    first = {}
    for p in packets:
        first.setdefault(p.sender(), p.sequence)
    shift = {sender: (0xFFFFFFF0 - number) & 0xFFFFFFFF for sender, number in first.items()}
    out = []
    for p in packets:
        receiver = (p.destination, p.ports[1])
        out.append((p.time_ns, p.rebuild(p.segment(shift=(shift[p.sender()], shift.get(receiver, 0))))))
    return out


def seeded(number):
    seed = int(os.environ.get("PCED_TEST_SEED", "4189")) + number
    return random.Random(seed)
