#!/bin/bash
# GoBGP as a route reflector of BGP-LS passes on a part of each attribute, and ends the session over an NLRI
# that is newer than it.
#
# A guess: a route reflector hands a BGP-LS attribute on as it came; it need not understand it. RFC 9552 asks
# for it: unknown TLVs are preserved and propagated (5.1), unknown NLRI types as well, as opaque objects (5.2).
# Seen, with GoBGP 4.8.0 (the Go module github.com/osrg/gobgp/v4): the attribute is taken apart and made anew
# from what its structs have a place for. A link arrives without its application-specific attributes (1122,
# RFC 9294), extended administrative group (1173, RFC 9104), loss and bandwidths in use (1117-1120, RFC 8571)
# and Link MSD (267); a node without Node MSD (266, RFC 8814) and SRv6 capabilities (1038); a prefix without its metric
# (1155), flags (1170) and tags (1153). Nothing is logged, and the NLRIs are whole, so that it looks
# complete. A Link-State NLRI of type 5 (SR policies, RFC 9857), which is well formed, is answered with
# NOTIFICATION 3/10, and all that the speaker has told goes with the session.
#
# So a consumer behind such a reflector cannot tell "has none" from "was dropped on the way": affinities of
# one application look like none, and each router as if it could push any number of labels. Let the routers
# have sessions with the consumer itself.
#
# Exit code 0: as described. 1: something else was seen. 2: it could not be installed.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
GOPATH="$folder" GOFLAGS=-modcacherw go install github.com/osrg/gobgp/v4/cmd/gobgpd@v4.8.0 || exit 2

python3 - "$folder" <<'PYTHON'
import socket
import struct
import subprocess
import sys
import time

FOLDER, AS, PORT = sys.argv[1], 65001, 17943
REFLECTOR, TELLS, HEARS = "127.77.0.9", "127.77.0.1", "127.77.0.2"
OPEN, UPDATE, NOTIFICATION, KEEPALIVE = 1, 2, 3, 4


def neighbour(address):
    return f"""
[[neighbors]]
  [neighbors.config]
    neighbor-address = "{address}"
    peer-as = {AS}
  [neighbors.transport.config]
    passive-mode = true
  [neighbors.route-reflector.config]
    route-reflector-client = true
    route-reflector-cluster-id = "192.0.2.9"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ls"
"""


# ---- octets ----

def message(kind, body=b""):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def tlv(kind, value):
    return struct.pack("!HH", kind, len(value)) + value


def number(value):
    return struct.pack("!I", value)


def node(kind, last):
    return tlv(kind, tlv(515, bytes(5) + bytes([last])))


def nlri(kind, *descriptors, protocol=2):
    return tlv(kind, struct.pack("!BQ", protocol, 0) + b"".join(descriptors))


def attribute(flags, kind, value):
    return struct.pack("!BBH", flags | 0x10, kind, len(value)) + value


def update(what, tlvs):
    path = attribute(0x40, 1, b"\2") + attribute(0x40, 2, b"") + attribute(0x40, 5, number(100))
    path += attribute(0x80, 14, struct.pack("!HBB", 16388, 71, 4) + socket.inet_aton("192.0.2.1") + b"\0" + what)
    path += attribute(0x80, 29, b"".join(tlv(kind, value) for kind, value in tlvs))
    return message(UPDATE, struct.pack("!HH", 0, len(path)) + path)


def attributes(body):
    octets, found = body[4 + struct.unpack("!H", body[:2])[0]:], {}
    while octets:
        size, at = (struct.unpack("!H", octets[2:4])[0], 4) if octets[0] & 0x10 else (octets[2], 3)
        found[octets[1]] = octets[at:at + size]
        octets = octets[at + size:]
    return found


def types(octets):
    found = []
    while octets:
        kind, size = struct.unpack("!HH", octets[:4])
        found.append(kind)
        octets = octets[4 + size:]
    return found


class Speaker:
    def __init__(self, address):
        capabilities = bytes([1, 4]) + struct.pack("!HBB", 16388, 0, 71) + bytes([65, 4]) + number(AS)
        parameter = bytes([2, len(capabilities)]) + capabilities
        self.octets, self.socket = b"", self.connect(address)
        self.socket.sendall(message(OPEN, struct.pack("!BHH", 4, AS, 90) + socket.inet_aton(address)
                                    + bytes([len(parameter)]) + parameter))
        self.wait(OPEN)
        self.socket.sendall(message(KEEPALIVE))
        self.wait(KEEPALIVE)

    @staticmethod
    def connect(address):
        """gobgpd resets those that come before it has read its neighbours."""
        for _ in range(50):
            time.sleep(0.2)
            found = socket.socket()
            found.settimeout(10)
            found.bind((address, 0))
            try:
                found.connect((REFLECTOR, PORT))
                time.sleep(0.5)
                if found.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    return found
            except BlockingIOError:
                return found
            except OSError:
                pass
            found.close()
        sys.exit("gobgpd takes no connection")

    def wait(self, *kinds):
        while True:
            while len(self.octets) < 19 or len(self.octets) < struct.unpack("!H", self.octets[16:18])[0]:
                more = self.socket.recv(65536)
                if not more:
                    sys.exit("gobgpd has closed the connection")
                self.octets += more
            size, kind = struct.unpack("!HB", self.octets[16:19])
            body, self.octets = self.octets[19:size], self.octets[size:]
            if kind in kinds:
                return kind, body


# ---- what is told ----

FLOAT = struct.pack("!f", 1.25e9)
V4 = [socket.inet_aton(f"10.1.0.{last}") for last in (1, 2)]
OBJECTS = {
    "link": (nlri(2, node(256, 1), node(257, 2), tlv(259, V4[0]), tlv(260, V4[1])), [
        (267, b"\1\x05"), (1088, number(1)), (1089, FLOAT), (1092, number(10)), (1095, b"\x0a"),
        (1099, b"\x30\0\0\0" + (24001).to_bytes(3, "big")), (1114, number(1000)), (1117, number(3)), (1118, FLOAT),
        (1119, FLOAT), (1120, FLOAT), (1122, b"\4\0\0\0\x40\0\0\0" + tlv(1088, number(4))), (1173, 2 * number(1))],
        {267, 1117, 1118, 1119, 1120, 1122, 1173}),
    "node": (nlri(1, node(256, 1)), [
        (266, b"\1\x0a"), (1026, b"r1"), (1028, socket.inet_aton("10.0.0.1")), (1035, b"\0\x80"), (1038, bytes(4))],
        {266, 1038}),
    "prefix": (nlri(3, node(256, 1), tlv(265, b"\x20" + socket.inet_aton("10.0.0.1"))), [
        (1152, b"\0"), (1153, number(77)), (1155, number(10)), (1158, b"\x40\0\0\0" + number(5)), (1170, b"\x20")],
        {1153, 1155, 1170}),
}
# RFC 9857 3, 4: the headend; protocol-origin, flags, reserved, endpoint, colour, originator, discriminator
POLICY = nlri(5, tlv(256, tlv(512, number(AS)) + tlv(516, socket.inet_aton("10.0.0.1"))
                     + tlv(1028, socket.inet_aton("10.0.0.1"))),
              tlv(554, struct.pack("!BBH", 2, 0, 0) + socket.inet_aton("10.0.0.2") + number(100) + number(AS)
                  + socket.inet_aton("10.0.0.1") + number(1)), protocol=9)
wrong = []


def expect(what, is_so):
    print(("as described: " if is_so else "NOT as described: ") + what)
    if not is_so:
        wrong.append(what)


with open(FOLDER + "/gobgpd.toml", "w", encoding="ascii") as file:
    file.write(f"""[global.config]
  as = {AS}
  router-id = "192.0.2.9"
  port = {PORT}
  local-address-list = ["{REFLECTOR}"]
""" + neighbour(TELLS) + neighbour(HEARS))
log = open(FOLDER + "/log", "w", encoding="utf-8")
gobgpd = subprocess.Popen([FOLDER + "/bin/gobgpd", "-f", FOLDER + "/gobgpd.toml", "--api-hosts", "127.0.0.1:17944"],
                          stdout=log, stderr=log)
try:
    teller, hearer = Speaker(TELLS), Speaker(HEARS)
    for name, (what, tlvs, lost) in OBJECTS.items():
        teller.socket.sendall(update(what, tlvs))
        heard = {}
        while 14 not in heard:
            heard = attributes(hearer.wait(UPDATE)[1])
        came = types(heard.get(29, b""))
        print(f"{name}:\n    told  {[kind for kind, _ in tlvs]}\n    heard {came}")
        expect("the NLRI is as it was", heard[14][9:] == what)
        expect(f"{sorted(lost)} are not passed on, all others are",
               {kind for kind, _ in tlvs} - set(came) == lost)
    teller.socket.sendall(update(POLICY, []))
    body = teller.wait(NOTIFICATION)[1]
    print(f"an NLRI of type 5:\n    NOTIFICATION {body[0]}/{body[1]}")
    expect("it ends the session of the one who told it", body[:2] == b"\3\x0a")
finally:
    gobgpd.kill()
    gobgpd.wait()
sys.exit(1 if wrong else 0)
PYTHON
