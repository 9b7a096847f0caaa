"""PCEP messages, written and read from the texts of the RFCs alone.

This is the witness of the scenario and interop tests: it shares nothing with the server's codec, so that
a mistake on one side does not hide the same mistake on the other. It writes wrong messages as
willingly as right ones (every length can be overridden), and reads only what is right: anything that
does not fit its own length raises Malformed.
"""

import ipaddress
import struct
from dataclasses import dataclass, field

PORT = 4189
VERSION = 1

# Message types (RFC 5440 6, RFC 8231 6, RFC 8281 5).
OPEN, KEEPALIVE, PCREQ, PCREP, PCNTF, PCERR, CLOSE = range(1, 8)
PCRPT, PCUPD, PCINITIATE = 10, 11, 12
MESSAGE_NAMES = {OPEN: "Open", KEEPALIVE: "Keepalive", PCREQ: "PCReq", PCREP: "PCRep",
                 PCNTF: "PCNtf", PCERR: "PCErr", CLOSE: "Close", PCRPT: "PCRpt",
                 PCUPD: "PCUpd", PCINITIATE: "PCInitiate"}

# Object classes (RFC 5440 7, RFC 5541 3.2, RFC 8231 7).
OC_OPEN, OC_RP, OC_NO_PATH, OC_END_POINTS, OC_BANDWIDTH, OC_METRIC, OC_ERO, OC_RRO = range(1, 9)
OC_LSPA, OC_IRO, OC_SVEC, OC_NOTIFICATION, OC_PCEP_ERROR, OC_LOAD_BALANCING, OC_CLOSE = range(9, 16)
OC_OF, OC_LSP, OC_SRP = 21, 32, 33

# TLV types.
TLV_NO_PATH_VECTOR, TLV_STATEFUL, TLV_SYMBOLIC_NAME, TLV_LSP_IDENTIFIERS_V4 = 1, 16, 17, 18
TLV_SR_CAPABILITY, TLV_SRV6_CAPABILITY, TLV_PATH_SETUP_TYPE, TLV_PST_CAPABILITY = 26, 27, 28, 34

# METRIC types (RFC 5440 7.8, RFC 8233 3, RFC 8664 4.5).
METRIC_IGP, METRIC_TE, METRIC_HOPS, METRIC_MSD, METRIC_DELAY = 1, 2, 3, 11, 12

SETUP_RSVP_TE, SETUP_SR, SETUP_SRV6 = 0, 1, 3

# Close reasons (RFC 5440 7.17).
CLOSE_NONE, CLOSE_DEAD_TIMER, CLOSE_MALFORMED, CLOSE_UNKNOWN_REQUESTS, CLOSE_UNKNOWN_MESSAGES = 1, 2, 3, 4, 5


class Malformed(Exception):
    """Octets that do not hold together."""


# ---- writing ---------------------------------------------------------------------------------

def message(kind, *objects, version=VERSION, flags=0, length=None):
    """A whole message; `length` replaces the true one."""
    body = b"".join(objects)
    size = 4 + len(body) if length is None else length
    return struct.pack("!BBH", version << 5 | flags, kind, size) + body


def obj(class_, type_, body=b"", p=False, i=False, length=None):
    """A whole object (RFC 5440 7.2)."""
    size = 4 + len(body) if length is None else length
    return struct.pack("!BBH", class_, type_ << 4 | p << 1 | i, size) + body


def tlv(type_, value, length=None):
    """A TLV, padded to four octets; the length is that of the value (RFC 5440 7.1)."""
    size = len(value) if length is None else length
    return struct.pack("!HH", type_, size) + value + bytes(-len(value) % 4)


def pst_tlv(setup):
    return tlv(TLV_PATH_SETUP_TYPE, struct.pack("!HBB", 0, 0, setup))


def sr_capability_tlv(msd=10, unlimited=False, algorithms=False):
    """PATH-SETUP-TYPE-CAPABILITY with RSVP-TE and SR, and the SR sub-TLV (RFC 8408 3, RFC 8664 4.1)."""
    sub = tlv(TLV_SR_CAPABILITY, struct.pack("!HBB", 0, unlimited << 0 | algorithms << 2, msd))
    return tlv(TLV_PST_CAPABILITY, struct.pack("!HBB", 0, 0, 2) + bytes([0, 1, 0, 0]) + sub)


def srv6_capability_tlv(*msds):
    """PATH-SETUP-TYPE-CAPABILITY with RSVP-TE, SR and SRv6; of the last with these pairs of MSD type and value
    (RFC 9603 4.1.1)."""
    sr = tlv(TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10))
    srv6 = tlv(TLV_SRV6_CAPABILITY, struct.pack("!HH", 0, 2) + b"".join(bytes(pair) for pair in msds))
    return tlv(TLV_PST_CAPABILITY, struct.pack("!HBB", 0, 0, 3) + bytes([0, 1, 3, 0]) + sr + srv6)


def stateful_tlv(flags=0x5):
    return tlv(TLV_STATEFUL, struct.pack("!I", flags))


def open_object(keepalive=30, dead=120, sid=1, tlvs=b"", version=VERSION):
    body = struct.pack("!BBBB", version << 5, keepalive, dead, sid) + tlvs
    return obj(OC_OPEN, 1, body)


def rp(request_id, setup=None, priority=0, flags=0, p=True):
    tlvs = b"" if setup is None else pst_tlv(setup)
    return obj(OC_RP, 1, struct.pack("!II", flags | priority, request_id) + tlvs, p=p)


def end_points(source, destination, p=True):
    a, b = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    return obj(OC_END_POINTS, 1 if a.version == 4 else 2, a.packed + b.packed, p=p)


def bandwidth(octets_per_second, p=True):
    return obj(OC_BANDWIDTH, 1, struct.pack("!f", octets_per_second), p=p)


def metric(type_, value=0.0, bound=False, computed=False, p=True):
    flags = bound << 0 | computed << 1
    return obj(OC_METRIC, 1, struct.pack("!HBBf", 0, flags, type_, value), p=p)


def lspa(exclude_any=0, include_any=0, include_all=0, setup=7, hold=7, p=True, flags=0, tlvs=b""):
    return obj(OC_LSPA, 1, struct.pack("!IIIBBBB", exclude_any, include_any, include_all,
                                       setup, hold, flags, 0) + tlvs, p=p)


def sr_algorithm_tlv(algorithm, strict=True):
    return tlv(66, struct.pack("!HBB", 0, strict << 0, algorithm))


def objective(code, p=True):
    return obj(OC_OF, 1, struct.pack("!HH", code, 0), p=p)


SVEC_LINK, SVEC_NODE, SVEC_SRLG = 1, 2, 4


def svec(flags, request_ids, p=True):
    return obj(OC_SVEC, 1, struct.pack(f"!I{len(request_ids)}I", flags, *request_ids), p=p)


def close_object(reason):
    return obj(OC_CLOSE, 1, struct.pack("!HBB", 0, 0, reason))


def error_object(type_, value):
    return obj(OC_PCEP_ERROR, 1, struct.pack("!BBBB", 0, 0, type_, value))


def notification_object(type_, value):
    return obj(OC_NOTIFICATION, 1, struct.pack("!BBBB", 0, 0, type_, value))


def lsp_object(plsp_id, flags, name=None, tlvs=b""):
    names = b"" if name is None else tlv(TLV_SYMBOLIC_NAME, name.encode())
    return obj(OC_LSP, 1, struct.pack("!I", plsp_id << 12 | flags) + names + tlvs)


def srp_object(srp_id, setup=None, flags=0):
    tlvs = b"" if setup is None else pst_tlv(setup)
    return obj(OC_SRP, 1, struct.pack("!II", flags, srp_id) + tlvs)


def sr_ero_subobject(label, loose=False):
    """SR-ERO with a label and no NAI: S = 0, F = 1, M = 1 (RFC 8664 4.3.1)."""
    return struct.pack("!BBHI", loose << 7 | 36, 8, 0x000 | 0x8 | 0x1, label << 12)


def srv6_ero_subobject(sid, behavior=1):
    """SRv6-ERO with a SID and no NAI: F = 1 (RFC 9603 4.3.1)."""
    return struct.pack("!BBHHH", 40, 24, 0x2, 0, behavior) + ipaddress.IPv6Address(sid).packed


def ero_object(segments):
    """Labels, or SIDs of SRv6 as texts."""
    return obj(OC_ERO, 1, b"".join(srv6_ero_subobject(item) if isinstance(item, str) else sr_ero_subobject(item)
                                   for item in segments))


def open_message(**options):
    return message(OPEN, open_object(**options))


def keepalive_message():
    return message(KEEPALIVE)


def request(request_id, source, destination, *objects, setup=SETUP_SR):
    """The objects of one request; several make one PCReq."""
    return rp(request_id, setup) + end_points(source, destination) + b"".join(objects)


def request_message(request_id, source, destination, *objects, setup=SETUP_SR):
    return message(PCREQ, request(request_id, source, destination, *objects, setup=setup))


# ---- reading ---------------------------------------------------------------------------------

@dataclass
class Object:
    class_: int
    type: int
    p: bool
    i: bool
    body: bytes

    def unpack(self, form):
        """The fixed part of the body by struct's form; raises Malformed when it is too short."""
        if len(self.body) < struct.calcsize(form):
            raise Malformed(f"object {self.class_}/{self.type}: {len(self.body)} octets of body")
        return struct.unpack_from(form, self.body)

    def tlvs(self, fixed):
        return parse_tlvs(self.body[fixed:])


@dataclass
class Message:
    type: int
    flags: int
    objects: list = field(default_factory=list)
    octets: bytes = b""

    @property
    def name(self):
        return MESSAGE_NAMES.get(self.type, str(self.type))

    def all(self, class_):
        return [o for o in self.objects if o.class_ == class_]

    def one(self, class_):
        """The only object of a class; None when there is none."""
        found = self.all(class_)
        if len(found) > 1:
            raise Malformed(f"{len(found)} objects of class {class_}")
        return found[0] if found else None

    def errors(self):
        """(type, value) of each PCEP-ERROR object."""
        return [o.unpack("!BBBB")[2:] for o in self.all(OC_PCEP_ERROR)]

    def close_reason(self):
        found = self.one(OC_CLOSE)
        if found is None:
            raise Malformed("a Close without CLOSE object")
        return found.unpack("!HBB")[2]

    def __repr__(self):
        detail = ""
        if self.type == PCERR:
            detail = f" {self.errors()}"
        elif self.type == CLOSE:
            detail = f" reason {self.close_reason()}"
        return f"<{self.name}{detail} {len(self.octets)} octets>"


def parse_tlvs(octets):
    """[(type, value)] of a run of TLVs."""
    found, at = [], 0
    while at < len(octets):
        if len(octets) - at < 4:
            raise Malformed("a TLV header is cut off")
        type_, size = struct.unpack_from("!HH", octets, at)
        end = at + 4 + size
        if end > len(octets):
            raise Malformed(f"TLV {type_} runs past its object")
        found.append((type_, octets[at + 4:end]))
        at = end + (-size % 4)
    return found


def parse_message(octets):
    """One whole message."""
    if len(octets) < 4:
        raise Malformed("a message header is cut off")
    first, kind, size = struct.unpack_from("!BBH", octets)
    if first >> 5 != VERSION or size != len(octets) or size % 4:
        raise Malformed(f"message header {octets[:4].hex()} of {len(octets)} octets")
    result, at = Message(kind, first & 0x1F, [], octets), 4
    while at < size:
        if size - at < 4:
            raise Malformed("an object header is cut off")
        class_, flags, length = struct.unpack_from("!BBH", octets, at)
        if length < 4 or length % 4 or at + length > size:
            raise Malformed(f"object {class_}: length {length}")
        result.objects.append(Object(class_, flags >> 4, bool(flags & 2), bool(flags & 1),
                                     octets[at + 4:at + length]))
        at += length
    return result


@dataclass
class Hop:
    """One ERO subobject: an SR segment with its label, or an address of a strict or loose hop."""
    kind: str
    loose: bool
    label: int = None
    address: str = None
    prefix: int = None
    nai: tuple = ()
    sid: str = None
    behavior: int = None
    structure: tuple = None


# NAI of an SR-ERO: NT → the sizes of its addresses (RFC 8664 4.3.1).
_NAI_SIZES = {0: (), 1: (4,), 2: (16,), 3: (4, 4), 4: (16, 16), 5: (4, 4, 4, 4)}


def _parse_sr(octets, loose):
    nai_type, flags = octets[2] >> 4, octets[3]
    has_sid, has_nai = not flags & 0x4, not flags & 0x8
    if nai_type not in _NAI_SIZES:
        raise Malformed(f"SR-ERO: NAI type {nai_type}")
    sizes = _NAI_SIZES[nai_type] if has_nai else ()
    if len(octets) != 4 + 4 * has_sid + sum(sizes):
        raise Malformed(f"SR-ERO: NAI type {nai_type}, flags {flags:#x}, {len(octets)} octets")
    at, label = 4, None
    if has_sid:
        if not flags & 1:
            raise Malformed("SR-ERO: a SID that is no MPLS label")
        label = struct.unpack_from("!I", octets, at)[0] >> 12
        at += 4
    nai = []
    for size in sizes:
        nai.append(str(ipaddress.ip_address(octets[at:at + size])))
        at += size
    return Hop("sr", loose, label=label, nai=tuple(nai))


# NAI of an SRv6-ERO: NT → the sizes of its addresses (RFC 9603 4.3.1).
_SRV6_NAI_SIZES = {0: (), 2: (16,), 4: (16, 16)}


def _parse_srv6(octets, loose):
    flags, _, behavior = struct.unpack_from("!HHH", octets, 2)
    nai_type, has_sid, has_structure = flags >> 12, not flags & 0x1, bool(flags & 0x4)
    if nai_type not in _SRV6_NAI_SIZES or bool(flags & 0x2) != (nai_type == 0) or flags & 0xFF0:
        raise Malformed(f"SRv6-ERO: NAI type and flags {flags:#x}")
    sizes = _SRV6_NAI_SIZES[nai_type]
    if len(octets) != 8 + 16 * has_sid + sum(sizes) + 8 * has_structure:
        raise Malformed(f"SRv6-ERO: flags {flags:#x}, {len(octets)} octets")
    if has_structure and (not has_sid or sum(octets[-8:-4]) > 128 or any(octets[-4:])):
        raise Malformed(f"SRv6-ERO: SID structure {octets[-8:].hex()}")
    at, nai = 8 + 16 * has_sid, []
    for size in sizes:
        nai.append(str(ipaddress.ip_address(octets[at:at + size])))
        at += size
    return Hop("srv6", loose, nai=tuple(nai), behavior=behavior,
               sid=str(ipaddress.ip_address(octets[8:24])) if has_sid else None,
               structure=tuple(octets[-8:-4]) if has_structure else None)


def parse_ero(ero):
    """The hops of an ERO or RRO object."""
    hops, at, octets = [], 0, ero.body
    while at < len(octets):
        if len(octets) - at < 2:
            raise Malformed("a subobject header is cut off")
        type_, size = octets[at] & 0x7F, octets[at + 1]
        loose = bool(octets[at] & 0x80)
        piece = octets[at:at + size]
        if size < 4 or size % 4 or len(piece) != size:
            raise Malformed(f"subobject {type_}: length {size}")
        if type_ == 36:
            hops.append(_parse_sr(piece, loose))
        elif type_ == 40 and size >= 24:
            hops.append(_parse_srv6(piece, loose))
        elif (type_, size) in ((1, 8), (2, 20)):
            address = str(ipaddress.ip_address(piece[2:-2]))
            hops.append(Hop("address", loose, address=address, prefix=piece[-2]))
        else:
            raise Malformed(f"subobject {type_} of {size} octets in an ERO")
        at += size
    return hops


@dataclass
class Response:
    """One response of a PCRep."""
    request_id: int
    setup: int = None
    no_path: Object = None
    ero: Object = None
    metrics: list = field(default_factory=list)  # (type, flags, value)
    others: list = field(default_factory=list)

    def labels(self):
        return [hop.label for hop in parse_ero(self.ero)]

    def sids(self):
        return [hop.sid for hop in parse_ero(self.ero)]

    def hops(self):
        return parse_ero(self.ero)

    def metric(self, type_):
        values = [value for kind, _, value in self.metrics if kind == type_]
        return values[0] if values else None

    def no_path_vector(self):
        """Bits of NO-PATH-VECTOR; None without the TLV."""
        for type_, value in self.no_path.tlvs(4):
            if type_ == TLV_NO_PATH_VECTOR:
                return struct.unpack("!I", value)[0]
        return None


def parse_set(reply):
    """What a PCRep says of a set of requests: SVEC, and the OF and METRICs of the set (RFC 5541 3.2)."""
    head = []
    for item in reply.objects:
        if item.class_ == OC_RP:
            break
        if item.class_ not in (OC_SVEC, OC_OF, OC_METRIC) or (not head and item.class_ != OC_SVEC):
            raise Malformed(f"object {item.class_} in front of responses")
        head.append(item)
    return head


def parse_responses(reply):
    """The responses of a PCRep, in order."""
    if reply.type != PCREP:
        raise Malformed(f"{reply} is no PCRep")
    found = []
    for item in reply.objects[len(parse_set(reply)):]:
        if item.class_ == OC_RP:
            if not item.p:
                raise Malformed("an RP without its P flag")
            found.append(Response(item.unpack("!II")[1]))
            for type_, value in item.tlvs(8):
                if type_ == TLV_PATH_SETUP_TYPE:
                    found[-1].setup = value[3]
        elif not found:
            raise Malformed("a PCRep that does not begin with RP")
        elif item.class_ == OC_NO_PATH:
            found[-1].no_path = item
        elif item.class_ == OC_ERO:
            if found[-1].ero is not None:
                raise Malformed("two paths where one was asked")
            found[-1].ero = item
        elif item.class_ == OC_METRIC:
            _, flags, type_, value = item.unpack("!HBBf")
            found[-1].metrics.append((type_, flags, value))
        else:
            found[-1].others.append(item)
    for response in found:
        if (response.no_path is None) == (response.ero is None):
            raise Malformed("a response must have either a path or NO-PATH")
    return found


@dataclass
class LspState:
    """One state of a PCRpt, PCUpd or PCInitiate."""
    plsp_id: int
    flags: int
    name: str = None
    srp_id: int = None
    ero: Object = None

    def labels(self):
        return [hop.label for hop in parse_ero(self.ero)] if self.ero else []

    delegated = property(lambda self: bool(self.flags & 0x1))
    sync = property(lambda self: bool(self.flags & 0x2))
    removed = property(lambda self: bool(self.flags & 0x4))
    operational = property(lambda self: self.flags >> 4 & 7)
    created_by_pce = property(lambda self: bool(self.flags & 0x80))


def parse_lsp_states(report):
    found, srp_id = [], None
    for item in report.objects:
        if item.class_ == OC_SRP:
            srp_id = item.unpack("!II")[1]
        elif item.class_ == OC_LSP:
            word = item.unpack("!I")[0]
            state = LspState(word >> 12, word & 0xFFF, srp_id=srp_id)
            for type_, value in item.tlvs(4):
                if type_ == TLV_SYMBOLIC_NAME:
                    state.name = value.rstrip(b"\0").decode()
            found.append(state)
            srp_id = None
        elif item.class_ == OC_ERO and found and found[-1].ero is None:
            found[-1].ero = item
    return found


def split_stream(octets):
    """([whole messages], rest) of a stream."""
    found, at = [], 0
    while len(octets) - at >= 4:
        size = struct.unpack_from("!H", octets, at + 2)[0]
        if size < 4:
            raise Malformed(f"message length {size}")
        if len(octets) - at < size:
            break
        found.append(parse_message(octets[at:at + size]))
        at += size
    return found, octets[at:]
