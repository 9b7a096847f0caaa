"""Scripted PCCs that report LSPs and answer what they are asked, as two real ones do.

FrrPcc is pathd: S-set reports, an end mark without SRP, three reports for one order, a number that sticks, the
error before the SRP. MockPcc is OpenDaylight's simulator: S in every report, the SRP before the error, R in the
SRP alone. Both are a Peer with words of their own.
"""

import ipaddress
import struct

import pcep
from peer import Peer

TLV_DB_VERSION = 23
D, S, R, A, C = 0x1, 0x2, 0x4, 0x8, 0x80
DOWN, UP, ACTIVE, GOING_UP = 0x00, 0x10, 0x20, 0x40


def identifiers(source, destination, lsp_id=0, tunnel_id=0):
    a, b = ipaddress.ip_address(source).packed, ipaddress.ip_address(destination).packed
    return pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, a + struct.pack("!HH", lsp_id, tunnel_id) + a + b)


class Lsp:
    def __init__(self, plsp_id, name, source, destination, labels):
        self.plsp_id, self.name, self.labels = plsp_id, name, labels
        self.ends = (source, destination)
        self.srp_id = 0  # the last that was asked with: it sticks


class Order:
    """One PCUpd or PCInitiate, read."""

    def __init__(self, message):
        assert [o.class_ for o in message.objects[:2]] == [pcep.OC_SRP, pcep.OC_LSP], message
        assert len(message.all(pcep.OC_LSP)) == 1, "one LSP a message"
        self.message = message
        self.srp_flags, self.srp_id = message.objects[0].unpack("!II")
        state, = pcep.parse_lsp_states(message)
        self.plsp_id, self.flags, self.name, self.ero = state.plsp_id, state.flags, state.name, state.ero

    @property
    def labels(self):
        return [hop.label for hop in pcep.parse_ero(self.ero)]


class Pcc(Peer):
    def order(self, kind, **waits):
        return Order(self.expect(kind, **waits))

    def nothing_for(self, wait_s):
        """Nothing but Keepalives comes."""
        found = None
        try:
            while found is None or found.type == pcep.KEEPALIVE:
                found = self.next(wait_s)
        except TimeoutError:
            return
        raise AssertionError(f"{found} came: {found.octets.hex()}")


class FrrPcc(Pcc):
    def begin(self):
        sub = pcep.tlv(pcep.TLV_SR_CAPABILITY, struct.pack("!HBB", 0, 0, 10))
        setup = pcep.tlv(pcep.TLV_PST_CAPABILITY, bytes([0, 0, 0, 1, 1, 0, 0, 0]) + sub)
        self.open(tlvs=pcep.stateful_tlv(0x5) + setup, keepalive=0, dead=0)

    def report(self, lsp, flags, operational=ACTIVE, removed=False):
        body = struct.pack("!I", lsp.plsp_id << 12 | flags | operational) + identifiers(*lsp.ends) + \
            pcep.tlv(pcep.TLV_SYMBOLIC_NAME, lsp.name.encode())
        self.send(pcep.message(pcep.PCRPT, pcep.srp_object(lsp.srp_id, 1, flags=int(removed)),
                               pcep.obj(pcep.OC_LSP, 1, body, p=True), pcep.ero_object(lsp.labels)))

    def synchronise(self, *lsps, flags=D | A | C):
        for lsp in lsps:
            self.report(lsp, flags | S)
        self.end_mark()

    def end_mark(self):
        body = struct.pack("!I", 0) + pcep.tlv(pcep.TLV_LSP_IDENTIFIERS_V4, bytes(16))
        self.send(pcep.message(pcep.PCRPT, pcep.obj(pcep.OC_LSP, 1, body), pcep.ero_object([])))

    def answer(self, order, lsp):
        """The three reports, without their pauses."""
        lsp.srp_id, lsp.labels = order.srp_id, order.labels
        for operational in (DOWN, GOING_UP, ACTIVE):
            self.report(lsp, D | A | C, operational)

    def refuse(self, order, type_, value):
        self.send(pcep.message(pcep.PCERR, pcep.error_object(type_, value), pcep.srp_object(order.srp_id, 1)))


class MockPcc(Pcc):
    def begin(self):
        self.open(tlvs=pcep.stateful_tlv(0x5) + pcep.tlv(TLV_DB_VERSION, struct.pack("!Q", 2)),
                  keepalive=0, dead=0)

    def report(self, lsp, flags, srp_id=None, address=None):
        body = struct.pack("!I", lsp.plsp_id << 12 | flags) + \
            identifiers(*lsp.ends, lsp.plsp_id, lsp.plsp_id) + pcep.tlv(pcep.TLV_SYMBOLIC_NAME, lsp.name.encode())
        hop = struct.pack("!BB4sBB", 1, 8, ipaddress.ip_address(address or lsp.ends[1]).packed, 32, 0)
        srp = [] if srp_id is None else [pcep.srp_object(srp_id)]
        self.send(pcep.message(pcep.PCRPT, *srp, pcep.obj(pcep.OC_LSP, 1, body), pcep.obj(pcep.OC_ERO, 1, hop)))

    def synchronise(self, *lsps, flags=D | A | UP):
        for lsp in lsps:
            self.report(lsp, flags | S)
        self.end_mark()

    def end_mark(self):
        self.send(pcep.message(pcep.PCRPT, pcep.lsp_object(0, D | A | UP), pcep.ero_object([])))

    def refuse(self, order, type_, value):
        self.send(pcep.message(pcep.PCERR, pcep.srp_object(order.srp_id), pcep.error_object(type_, value)))
