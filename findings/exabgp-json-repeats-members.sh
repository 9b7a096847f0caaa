#!/bin/bash
# ExaBGP's JSON of BGP-LS has the same member more than once, so that a JSON reader keeps the last SID of several.
#
# A guess: what an attribute has several of is a list in its JSON, and json.loads of a line gives a program
# all that ExaBGP has decoded.
# Seen, with ExaBGP 5.0.15 (PyPI): each SID TLV of a BGP-LS attribute becomes a member of its own, and all have
# the same name. A link with an adjacency SID for IPv4 and one for IPv6 (two TLVs 1099, RFC 9085 2.2.1; what
# IS-IS routers of both families send) has "sr-adj" twice in one object; a prefix with a SID for the shortest
# path and one for a flexible algorithm (two TLVs 1158) has "sids" and "sr-algorithm" twice. RFC 8259 4 leaves
# open what becomes of such names; Python, jq and JavaScript keep the last one without a word. So the program
# behind ExaBGP sees a link without an IPv4 label, and a router whose only SID is that of algorithm 128.
#
# Read such lines with an object_pairs_hook (or another reader that gives all pairs).
#
# Exit code 0: as described. 1: something else was seen. 2: it could not be installed.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" -q install "exabgp==5.0.15" || exit 2

python3 - "$folder" <<'PYTHON'
import getpass
import json
import os
import socket
import struct
import subprocess
import sys
import time

FOLDER, AS, PORT = sys.argv[1], 65001, 17945
EXABGP, ROUTER = "127.77.1.8", "127.77.1.1"
OPEN, UPDATE, KEEPALIVE = 1, 2, 4
READER = """import sys
with open(sys.argv[1], "w") as file:
    for line in sys.stdin:
        file.write(line)
        file.flush()
"""


def message(kind, body=b""):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def tlv(kind, value):
    return struct.pack("!HH", kind, len(value)) + value


def node(kind, last):
    return tlv(kind, tlv(515, bytes(5) + bytes([last])))


def nlri(kind, *descriptors):
    return tlv(kind, struct.pack("!BQ", 2, 0) + b"".join(descriptors))


def attribute(flags, kind, value):
    return struct.pack("!BBH", flags | 0x10, kind, len(value)) + value


def update(what, *tlvs):
    path = attribute(0x40, 1, b"\2") + attribute(0x40, 2, b"") + attribute(0x40, 5, struct.pack("!I", 100))
    path += attribute(0x80, 14, struct.pack("!HBB", 16388, 71, 4) + socket.inet_aton("192.0.2.1") + b"\0" + what)
    path += attribute(0x80, 29, b"".join(tlvs))
    return message(UPDATE, struct.pack("!HH", 0, len(path)) + path)


def adjacency(flags, label):
    return tlv(1099, bytes([flags, 0, 0, 0]) + label.to_bytes(3, "big"))


def prefix_sid(algorithm, index):
    return tlv(1158, bytes([0x40, algorithm, 0, 0]) + struct.pack("!I", index))


def connect():
    for _ in range(100):
        found = socket.socket()
        found.bind((ROUTER, 0))
        try:
            found.connect((EXABGP, PORT))
            return found
        except OSError:
            found.close()
            time.sleep(0.2)
    sys.exit("ExaBGP takes no connection")


def tell(*updates):
    """A session that tells these, and is open until ExaBGP has written them down."""
    capabilities = bytes([1, 4]) + struct.pack("!HBB", 16388, 0, 71) + bytes([65, 4]) + struct.pack("!I", AS)
    parameter = bytes([2, len(capabilities)]) + capabilities
    with connect() as router:
        router.sendall(message(OPEN, struct.pack("!BHH", 4, AS, 90) + socket.inet_aton("192.0.2.1")
                               + bytes([len(parameter)]) + parameter))
        router.sendall(message(KEEPALIVE))
        router.sendall(b"".join(updates))
        for _ in range(100):
            time.sleep(0.2)
            lines = [line for line in open(FOLDER + "/heard", encoding="utf-8") if '"type": "update"' in line]
            if len(lines) == len(updates) and lines[-1].endswith("\n"):
                return lines
    sys.exit("ExaBGP has not told of all")


def said(line, hook=None):
    return json.loads(line, object_pairs_hook=hook)


def pairs_of(line, name):
    """The values of all members of that name, wherever they are."""
    found = []

    def hook(pairs):
        found.extend(value for key, value in pairs if key == name)
        return dict(pairs)
    said(line, hook)
    return found


wrong = []


def expect(what, is_so):
    print(("as described: " if is_so else "NOT as described: ") + what)
    if not is_so:
        wrong.append(what)


with open(FOLDER + "/reader.py", "w", encoding="ascii") as file:
    file.write(READER)
with open(FOLDER + "/conf", "w", encoding="ascii") as file:
    file.write(f"""process reader {{ run {sys.executable} {FOLDER}/reader.py {FOLDER}/heard; encoder json; }}
neighbor {ROUTER} {{
  router-id 192.0.2.8; local-address {EXABGP}; local-as {AS}; peer-as {AS}; passive true; listen {PORT};
  family {{ bgp-ls bgp-ls; }}
  api {{ processes [ reader ]; receive {{ parsed; update; }} }}
}}
""")
open(FOLDER + "/heard", "w", encoding="ascii").close()
log = open(FOLDER + "/log", "w", encoding="utf-8")
exabgp = subprocess.Popen([FOLDER + "/venv/bin/exabgp", "server", FOLDER + "/conf"], stdin=subprocess.DEVNULL,
                          stdout=log, stderr=log,
                          env={**os.environ, "exabgp_daemon_user": getpass.getuser(), "exabgp_api_cli": "false"})
try:
    ends = [tlv(259, socket.inet_aton("10.1.0.1")), tlv(260, socket.inet_aton("10.1.0.2"))]
    link, prefix = tell(
        update(nlri(2, node(256, 1), node(257, 2), *ends), adjacency(0x30, 24001), adjacency(0xB0, 24002)),
        update(nlri(3, node(256, 1), tlv(265, b"\x20" + socket.inet_aton("10.0.0.1"))), prefix_sid(0, 5),
               prefix_sid(128, 205)))
finally:
    exabgp.terminate()
    exabgp.wait()

for line, member in ((link, "sr-adj"), (prefix, "sids")):
    text = line[line.index('"bgp-ls": {'):line.index(', "announce"')]
    print(text)
    kept = said(line)["neighbor"]["message"]["update"]["attribute"]["bgp-ls"]
    print("    json.loads keeps", json.dumps(kept))
expect("a link with two adjacency SIDs has two members of one name",
       [one["sids"] for one in pairs_of(link, "sr-adj")] == [[24001], [24002]])
expect("a reader keeps the one of IPv6",
       said(link)["neighbor"]["message"]["update"]["attribute"]["bgp-ls"]["sr-adj"]["sids"] == [24002])
expect("so it is with two SIDs of a prefix, and their algorithms",
       pairs_of(prefix, "sids") == [[5], [205]] and pairs_of(prefix, "sr-algorithm") == [0, 128])
sys.exit(1 if wrong else 0)
PYTHON
