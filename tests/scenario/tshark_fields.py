#!/usr/bin/env python3
"""Agreement with an independent decoder, field by field: whatever tshark (4.0.17) finds in a message must
be what pcectl decode finds there, for all golden messages and all of the reference vectors.

FIELDS says for each field of tshark which of our members it is; a field of tshark that is in no table
here fails the test. What tshark gets wrong, or does not know, is in MISTAKES and GAPS with the reason.
Skips visibly without tshark and text2pcap."""

import collections
import ipaddress
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon
import tshark_golden

SHARED = os.environ.get("PCED_SHARED", os.path.join(daemon.ROOT, "..", "shared"))
VECTORS = os.path.join(SHARED, "vectors")

# ---- what tshark has, by ours: (where, member, conversion of ours) ----
# where: obj:CLASS/TYPE, tlv:TYPE, sub:CLASS,CLASS.../TYPE, subtlv:TYPE/TYPE or msg. A member that decode
# leaves out when it is zero counts as zero; an address that is left out is none.


def same(value):
    return value


def bit(mask):
    return lambda flags: 1 if flags & mask else 0


def bits(mask, shift=0):
    return lambda flags: (flags & mask) >> shift


def address_number(text):
    return int(ipaddress.ip_address(text))


def shown(value):
    """A float as tshark writes it: six digits."""
    return float("%g" % value)


def float_bits(value):
    return struct.unpack(">I", struct.pack(">f", value))[0]


ROUTES = "7,8,10,17,29,30,31"
FIELDS = {
    "pcep.version": [("msg", "version", same)],
    "pcep.flags": [("msg", "flags", same)],
    "pcep.msg": [("msg", "type", same)],
    "pcep.msg_length": [("msg", "size", same)],
    "pcep.object": [("obj:*", "#class", same)],
    "pcep.obj.hdr.flags": [("obj:*", "#flags", same)],
    "pcep.obj.hdr.flags.i": [("obj:*", "#flags", bit(1))],
    "pcep.obj.hdr.flags.p": [("obj:*", "#flags", bit(2))],
    "pcep.tlv.type": [("tlv:*", "#type", same)],
    # OPEN
    "pcep.obj.open.type": [("obj:1/1", "#type", same)],
    "pcep.obj.open.pcep_version": [("obj:1/1", "version", same)],
    "pcep.obj.open.flags": [("obj:1/1", "flags", same)],
    "pcep.obj.open.keepalive": [("obj:1/1", "keepalive_s", same)],
    "pcep.obj.open.deadtime": [("obj:1/1", "dead_timer_s", same)],
    "pcep.obj.open.sid": [("obj:1/1", "sid", same)],
    # RP
    "pcep.obj.rp.type": [("obj:2/1", "#type", same)],
    "pcep.obj.rp.reserved": [("obj:2/1", "flags", bits(0xFF000000, 24))],
    "pcep.obj.rp.flags": [("obj:2/1", "flags", bits(0xFFFFFF))],
    "pcep.obj.rp.requested_id_number": [("obj:2/1", "request_id", same)],
    "pcep.rp.flags.pri": [("obj:2/1", "flags", bit(7))],
    "pcep.rp.flags.r": [("obj:2/1", "flags", bit(0x8))],
    "pcep.rp.flags.b": [("obj:2/1", "flags", bit(0x10))],
    "pcep.rp.flags.o": [("obj:2/1", "flags", bit(0x20))],
    "pcep.rp.flags.v": [("obj:2/1", "flags", bit(0x40))],
    "pcep.rp.flags.s": [("obj:2/1", "flags", bit(0x80))],
    "pcep.rp.flags.p": [("obj:2/1", "flags", bit(0x100))],
    "pcep.rp.flags.d": [("obj:2/1", "flags", bit(0x200))],
    "pcep.rp.flags.m": [("obj:2/1", "flags", bit(0x400))],
    "pcep.rp.flags.e": [("obj:2/1", "flags", bit(0x800))],
    "pcep.rp.flags.n": [("obj:2/1", "flags", bit(0x1000))],
    "pcep.rp.flags.f": [("obj:2/1", "flags", bit(0x2000))],
    "pcep.rp.flags.c": [("obj:2/1", "flags", bit(0x4000))],
    # NO-PATH
    "pcep.obj.nopath.type": [("obj:3/1", "#type", same)],
    "pcep.obj.no_path.nature_of_issue": [("obj:3/1", "nature", same)],
    "pcep.obj.no_path.flags": [("obj:3/1", "flags", same)],
    "pcep.no.path.flags.c": [("obj:3/1", "flags", bit(0x8000))],
    "pcep.obj.no_path.reserved": [("obj:3/1", "reserved", same)],
    # END-POINTS
    "pcep.obj.endpoint.type": [("obj:4/*", "#type", same)],
    "pcep.obj.endpoint.p2mp.leaf": [
        ("obj:4/3", "leaf_type", same),
        ("obj:4/4", "leaf_type", same),
    ],
    "pcep.obj.end_point.source_ipv4_address": [("obj:4/1", "source", same), ("obj:4/3", "source", same)],
    "pcep.obj.end_point.destination_ipv4_address": [
        ("obj:4/1", "destination", same),
        ("obj:4/3", "destinations", same),
    ],
    "pcep.obj.end_point.source_ipv6_address": [("obj:4/2", "source", same), ("obj:4/4", "source", same)],
    "pcep.obj.end_point.destination_ipv6_address": [
        ("obj:4/2", "destination", same),
        ("obj:4/4", "destinations", same),
    ],
    # BANDWIDTH, METRIC, LSPA
    "pcep.obj.bandwidth.type": [("obj:5/*", "#type", same)],
    "pcep.bandwidth": [("obj:5/1", "bandwidth", shown), ("obj:5/2", "bandwidth", shown)],
    # tshark has one name for the type of the object and that of the metric.
    "pcep.obj.metric.type": [("obj:6/1", "#type", same), ("obj:6/1", "type", same)],
    "pcep.obj.metric.reserved": [("obj:6/1", "reserved", same)],
    "pcep.obj.metric.flags": [("obj:6/1", "flags", same)],
    "pcep.metric.flags.b": [("obj:6/1", "flags", bit(1))],
    "pcep.metric.flags.c": [("obj:6/1", "flags", bit(2))],
    "pcep.obj.metric.metric_value": [("obj:6/1", "value", shown)],
    "pcep.obj.lspa.type": [("obj:9/1", "#type", same)],
    "pcep.obj.lspa.exclude_any": [("obj:9/1", "exclude_any", same)],
    "pcep.obj.lspa.include_any": [("obj:9/1", "include_any", same)],
    "pcep.obj.lspa.include_all": [("obj:9/1", "include_all", same)],
    "pcep.obj.lspa.setup_priority": [("obj:9/1", "setup_priority", same)],
    "pcep.obj.lspa.holding_priority": [("obj:9/1", "holding_priority", same)],
    "pcep.obj.lspa.flags": [("obj:9/1", "flags", same)],
    "pcep.lspa.flags.l": [("obj:9/1", "flags", bit(1))],
    "pcep.obj.lspa.reserved": [("obj:9/1", "reserved", same)],
    # paths
    "pcep.obj.ero.type": [("obj:7/1", "#type", same)],
    "pcep.obj.rro.type": [("obj:8/1", "#type", same)],
    "pcep.obj.iro.type": [("obj:10/1", "#type", same)],
    "pcep.obj.sero.type": [("obj:29/1", "#type", same)],
    "pcep.obj.srro.type": [("obj:30/1", "#type", same)],
    "pcep.obj.xro.type": [("obj:17/1", "#type", same)],
    "pcep.obj.xro.reserved": [("obj:17/1", "reserved", same)],
    "pcep.obj.xro.flags": [("obj:17/1", "flags", same)],
    "pcep.xro.flags.f": [("obj:17/1", "flags", bit(1))],
    "pcep.obj.path_key.type": [("obj:16/1", "#type", same)],
    "pcep.obj.branch-node-capability.type": [("obj:31/*", "#type", same)],
    # SVEC, NOTIFICATION, PCEP-ERROR, LOAD-BALANCING, CLOSE
    "pcep.obj.svec.type": [("obj:11/1", "#type", same)],
    "pcep.obj.svec.reserved": [("obj:11/1", "reserved", same)],
    "pcep.obj.svec.flags": [("obj:11/1", "flags", same)],
    "pcep.obj.svec.request_id_number": [("obj:11/1", "request_ids", same)],
    "pcep.svec.flags.l": [("obj:11/1", "flags", bit(1))],
    "pcep.svec.flags.n": [("obj:11/1", "flags", bit(2))],
    "pcep.svec.flags.s": [("obj:11/1", "flags", bit(4))],
    "pcep.svec.flags.d": [("obj:11/1", "flags", bit(8))],
    "pcep.svec.flags.p": [("obj:11/1", "flags", bit(16))],
    "pcep.obj.notification.type": [("obj:12/1", "#type", same)],
    "pcep.obj.notification.reserved": [("obj:12/1", "reserved", same)],
    "pcep.obj.notification.flags": [("obj:12/1", "flags", same)],
    "pcep.notification.value1": [("obj:12/1", "type", same)],
    "pcep.obj.notification.value": [("obj:12/1", "value", same)],
    "pcep.obj.error.type": [("obj:13/1", "#type", same)],
    "pcep.obj.error.reserved": [("obj:13/1", "reserved", same)],
    "pcep.obj.error.flags": [("obj:13/1", "flags", same)],
    "pcep.error.type": [("obj:13/1", "type", same)],
    "pcep.error.value": [("obj:13/1", "value", same)],
    "pcep.obj.loadbalancing.type": [("obj:14/*", "#type", same)],
    "pcep.obj.balancing.reserved": [("obj:14/1", "reserved", same)],
    "pcep.obj.balancing.flags": [("obj:14/1", "flags", same)],
    "pcep.obj.balancing.maximum_number_of_te_lsps": [("obj:14/1", "lsp_count_max", same)],
    "pcep.obj.balancing.minimum_bandwidth": [("obj:14/1", "bandwidth_min", float_bits)],
    "pcep.obj.close.type": [("obj:15/1", "#type", same)],
    "pcep.obj.close.reserved": [("obj:15/1", "reserved", same)],
    "pcep.obj.close.flags": [("obj:15/1", "flags", same)],
    "pcep.obj.close.reason": [("obj:15/1", "reason", same)],
    # monitoring
    "pcep.obj.monitoring.type": [("obj:19/1", "#type", same)],
    "pcep.obj.monitoring.reserved": [("obj:19/1", "reserved", same)],
    "pcep.obj.monitoring.flags": [("obj:19/1", "flags", same)],
    "pcep.obj.monitoring.flags.l": [("obj:19/1", "flags", bit(1))],
    "pcep.obj.monitoring.flags.g": [("obj:19/1", "flags", bit(2))],
    "pcep.obj.monitoring.flags.p": [("obj:19/1", "flags", bit(4))],
    "pcep.obj.monitoring.flags.c": [("obj:19/1", "flags", bit(8))],
    "pcep.obj.monitoring.flags.i": [("obj:19/1", "flags", bit(16))],
    "pcep.obj.monitoring.monidnumber": [("obj:19/1", "monitoring_id", same)],
    "pcep.obj.pccidreq.type": [("obj:20/*", "#type", same)],
    "pcep.obj.pccidreq.ipv4": [("obj:20/1", "address", same)],
    "pcep.obj.pccidreq.ipv6": [("obj:20/2", "address", same)],
    "pcep.obj.pceid.type": [("obj:25/*", "#type", same)],
    "pcep.obj.pceid.ipv4": [("obj:25/1", "address", same)],
    "pcep.obj.pceid.ipv6": [("obj:25/2", "address", same)],
    "pcep.obj.proctime.type": [("obj:26/1", "#type", same)],
    "pcep.obj.proc_time.reserved": [("obj:26/1", "reserved", same)],
    "pcep.obj.proc_time.flags": [("obj:26/1", "flags", same)],
    "pcep.obj.proctime.flags.e": [("obj:26/1", "flags", bit(1))],
    "pcep.obj.proctime.curproctime": [("obj:26/1", "current_ms", same)],
    "pcep.obj.proctime.minproctime": [("obj:26/1", "minimum_ms", same)],
    "pcep.obj.proctime.maxproctime": [("obj:26/1", "maximum_ms", same)],
    "pcep.obj.proctime.aveproctime": [("obj:26/1", "average_ms", same)],
    "pcep.obj.proctime.varproctime": [("obj:26/1", "variance_ms", same)],
    "pcep.obj.overload.type": [("obj:27/1", "#type", same)],
    "pcep.obj.overload.flags": [("obj:27/1", "flags", same)],
    "pcep.obj.overload.reserved": [("obj:27/1", "reserved", same)],
    "pcep.obj.overload.duration": [("obj:27/1", "duration_s", same)],
    "pcep.obj.unreach-destination.type": [("obj:28/*", "#type", same)],
    "pcep.obj.unreach-destination.ipv4-addr": [("obj:28/1", "destinations", same)],
    "pcep.obj.unreach-destination.ipv6-addr": [("obj:28/2", "destinations", same)],
    # OF, LSP, SRP, VENDOR-INFORMATION, BU, ASSOCIATION
    "pcep.obj.of.type": [("obj:21/1", "#type", same)],
    "pcep.obj.of.code": [("obj:21/1", "code", same)],
    "pcep.obj.lsp.type": [("obj:32/1", "#type", same)],
    "pcep.obj.lsp.plsp-id": [("obj:32/1", "plsp_id", same)],
    "pcep.obj.lsp.flags.delegate": [("obj:32/1", "flags", bit(1))],
    "pcep.obj.lsp.flags.sync": [("obj:32/1", "flags", bit(2))],
    "pcep.obj.lsp.flags.remove": [("obj:32/1", "flags", bit(4))],
    "pcep.obj.lsp.flags.administrative": [("obj:32/1", "flags", bit(8))],
    "pcep.obj.lsp.flags.operational": [("obj:32/1", "flags", bits(0x70, 4))],
    "pcep.obj.lsp.flags.create": [("obj:32/1", "flags", bit(0x80))],
    "pcep.obj.srp.type": [("obj:33/1", "#type", same)],
    "pcep.obj.srp.flags": [("obj:33/1", "flags", same)],
    "pcep.obj.srp.flags.remove": [("obj:33/1", "flags", bit(1))],
    "pcep.obj.srp.id-number": [("obj:33/1", "srp_id", same)],
    "pcep.obj.vendor-information.type": [("obj:34/1", "#type", same)],
    "pcep.vendor-information.enterprise-number": [("obj:34/1", "enterprise", same)],
    "pcep.vendor-information.enterprise-specific-info": [("obj:34/1", "octets", same)],
    "pcep.obj.bu.type": [("obj:35/1", "#type", same)],
    "pcep.obj.bu.butype": [("obj:35/1", "type", same)],
    "pcep.obj.bu.utilization": [("obj:35/1", "utilization", shown)],
    "pcep.obj.bu.reserved": [("obj:35/1", "reserved", same)],
    "pcep.obj.association.type": [("obj:40/*", "#type", same)],
    "pcep.association.reserved": [("obj:40/*", "reserved", same)],
    "pcep.association.flags": [("obj:40/*", "flags", same)],
    "pcep.association.flags.r": [("obj:40/*", "flags", bit(1))],
    "pcep.association.type": [("obj:40/*", "type", same), ("tlv:35", "types", same)],
    "pcep.association.id": [("obj:40/*", "id", same)],
    "pcep.association.ipv4.source": [("obj:40/1", "source", same)],
    "pcep.association.ipv6.source": [("obj:40/2", "source", same)],
    # TLVs
    "pcep.no_path_tlvs.pce": [("tlv:1", "flags", bit(1))],
    "pcep.no_path_tlvs.unk_dest": [("tlv:1", "flags", bit(2))],
    "pcep.no_path_tlvs.unk_src": [("tlv:1", "flags", bit(4))],
    "pcep.no_path_tlvs.brpc": [("tlv:1", "flags", bit(8))],
    "pcep.no_path_tlvs.pks": [("tlv:1", "flags", bit(16))],
    "pcep.no_path_tlvs.no_gco_migr": [("tlv:1", "flags", bit(32))],
    "pcep.no_path_tlvs.no_gco_soln": [("tlv:1", "flags", bit(64))],
    "pcep.no_path_tlvs.p2mp": [("tlv:1", "flags", bit(128))],
    "pcep.request_id": [("tlv:3", "request_id", same)],
    "pcep.of_code": [("tlv:4", "codes", same)],
    "pcep.tlv.enterprise-number": [("tlv:7", "enterprise", same)],
    "pcep.tlv.enterprise-specific-info": [("tlv:7", "octets", same)],
    "pcep.stateful-pce-capability.flags": [("tlv:16", "flags", same)],
    "pcep.stateful-pce-capability.lsp-update": [("tlv:16", "flags", bit(1))],
    "pcep.sync-capability.include-db-version": [("tlv:16", "flags", bit(2))],
    "pcep.stateful-pce-capability.lsp-instantiation": [("tlv:16", "flags", bit(4))],
    "pcep.stateful-pce-capability.triggered-resync": [("tlv:16", "flags", bit(8))],
    "pcep.stateful-pce-capability.delta-lsp-sync": [("tlv:16", "flags", bit(16))],
    "pcep.stateful-pce-capability.triggered-initial-sync": [("tlv:16", "flags", bit(32))],
    "pcep.tlv.symbolic-path-name": [("tlv:17", "name", same)],
    "pcep.tlv.ipv4-lsp-id.tunnel-sender-addr": [("tlv:18", "sender", same)],
    "pcep.tlv.ipv4-lsp-id.lsp-id": [("tlv:18", "lsp_id", same)],
    "pcep.tlv.ipv4-lsp-id.tunnel-id": [("tlv:18", "tunnel_id", same)],
    "pcep.tlv.ipv4-lsp-id.extended-tunnel-id": [("tlv:18", "extended_tunnel_id", address_number)],
    "pcep.tlv.ipv4-lsp-id.tunnel-endpoint-addr": [("tlv:18", "endpoint", same)],
    "pcep.tlv.ipv6-lsp-id.tunnel-sender-addr": [("tlv:19", "sender", same)],
    "pcep.tlv.ipv6-lsp-id.lsp-id": [("tlv:19", "lsp_id", same)],
    "pcep.tlv.ipv6-lsp-id.tunnel-id": [("tlv:19", "tunnel_id", same)],
    "pcep.tlv.lsp-error-code": [("tlv:20", "code", same)],
    "pcep.tlv.lsp-state-db-version-number": [("tlv:23", "version", same)],
    "pcep.tlv.sr-pce-capability.reserved": [("tlv:26", "reserved", same)],
    "pcep.tlv.sr-pce-capability.flags": [("tlv:26", "flags", same)],
    "pcep.tlv.sr-pce-capability.msd": [("tlv:26", "msd", same)],
    "pcep.pst.reserved": [("tlv:28", "reserved", same)],
    "pcep.pst": [("tlv:28", "pst", same)],
    "pcep.association.global.source": [("tlv:30", "source", same)],
    "pcep.pst_capability.reserved": [("tlv:34", "reserved", same)],
    "pcep.pst_capability.psts": [("tlv:34", "psts", len)],
    "pcep.pst_capability.pst": [("tlv:34", "psts", same)],
    "pcep.path-setup-type-capability-sub-tlv.type": [("subtlv:34/*", "#type", same)],
    "pcep.sub-tlv.sr-pce-capability.reserved": [("subtlv:34/26", "reserved", same)],
    "pcep.sub-tlv.sr-pce-capability.flags": [("subtlv:34/26", "flags", same)],
    "pcep.sub-tlv.sr-pce-capability.msd": [("subtlv:34/26", "msd", same)],
    "pcep.tlv.sr_policy_name": [("tlv:56", "name", same)],
    "pcep.tlv.sr_policy_cpath_id.proto_origin": [("tlv:57", "origin", same)],
    "pcep.tlv.sr_policy_cpath_id.originator_asn": [("tlv:57", "originator_as", same)],
    "pcep.tlv.sr_policy_cpath_id.proto_discriminator": [("tlv:57", "discriminator", same)],
    "pcep.tlv.sr_policy_cpath_name": [("tlv:58", "name", same)],
    "pcep.tlv.sr_policy_cpath_preference": [("tlv:59", "preference", same)],
    # subobjects
    "pcep.subobj.ipv4.ipv4": [("sub:%s/1" % ROUTES, "prefix", same)],
    "pcep.subobj.ipv4.prefix_length": [("sub:%s/1" % ROUTES, "bits", same)],
    "pcep.subobj.ipv4.flags": [("sub:8,30/1", "flags", same)],
    "pcep.subobj.ipv4.attribute": [("sub:17/1", "flags", same)],
    "pcep.subobj.ipv4.l": [("sub:7,29/1", "#loose", same)],
    "pcep.iro.subobj.ipv4.l": [("sub:10,31/1", "#loose", same)],
    "pcep.subobj.ipv4.x": [("sub:17/1", "#loose", same)],
    "pcep.subobj.ipv6.ipv6": [("sub:%s/2" % ROUTES, "prefix", same)],
    "pcep.subobj.ipv6.prefix_length": [("sub:%s/2" % ROUTES, "bits", same)],
    "pcep.subobj.ipv6.flags": [("sub:8,30/2", "flags", same)],
    "pcep.attribute": [("sub:17/2", "flags", same)],
    "pcep.subobj.ipv6.l": [("sub:7,29/2", "#loose", same)],
    "pcep.iro.subobj.ipv6.l": [("sub:10,31/2", "#loose", same)],
    "pcep.subobj.ipv6.x": [("sub:17/2", "#loose", same)],
    "pcep.subobj.label_control.u": [("sub:7,8,29,30/3", "flags", bit(0x80))],
    "pcep.subobj.label_control.flags": [("sub:8,30/3", "flags", bits(0x7F))],
    "pcep.subobj.label_control.l": [("sub:7,29/3", "#loose", same)],
    "pcep.subobj.label_control.c_type": [("sub:7,8,29,30/3", "c_type", same)],
    "pcep.subobj.label_control.label": [
        ("sub:7,8,29,30/3", "labels", lambda labels: "".join("%08x" % n for n in labels))
    ],
    "pcep.subobj.unnumb_interfaceID.router_id": [("sub:%s/4" % ROUTES, "router_id", same)],
    "pcep.subobj.unnumb_interfaceID.interface_id": [("sub:%s/4" % ROUTES, "interface_id", same)],
    "pcep.subobj.unnumb_interfaceID.attribute": [("sub:17/4", "attribute", same)],
    "pcep.subobj.unnumb_interfaceID.l": [("sub:7/4", "#loose", same)],
    "pcep.iro.subobj.unnumb_interfaceID.l": [("sub:10/4", "#loose", same)],
    "pcep.subobj.unnumb_interfaceID.x": [("sub:17/4", "#loose", same)],
    "pcep.subobj.autonomous_sys_num.as_number": [("sub:7,10,17/32", "as_number", same)],
    "pcep.subobj.autonomous_sys_num.l": [("sub:7/32", "#loose", same)],
    "pcep.iro.subobj.autonomous_sys_num.l": [("sub:10/32", "#loose", same)],
    "pcep.subobj.srlg.id": [("sub:17/34", "srlg", same)],
    "pcep.subobj.srlg.reserved": [("sub:17/34", "reserved", same)],
    "pcep.subobj.srlg.attribute": [("sub:17/34", "attribute", same)],
    "pcep.subobj.srlg.x": [("sub:17/34", "#loose", same)],
    "pcep.subobj.sr.l": [("sub:7/36", "#loose", same)],
    "pcep.subobj.sr.st": [("sub:7,8/36", "nt", same)],
    "pcep.subobj.sr.flags": [("sub:7,8/36", "flags", same)],
    "pcep.subobj.sr.flags.m": [("sub:7,8/36", "flags", bit(1))],
    "pcep.subobj.sr.flags.c": [("sub:7,8/36", "flags", bit(2))],
    "pcep.subobj.sr.flags.s": [("sub:7,8/36", "flags", bit(4))],
    "pcep.subobj.sr.flags.f": [("sub:7,8/36", "flags", bit(8))],
    "pcep.subobj.sr.sid": [("sid", "sid", same)],
    "pcep.subobj.sr.sid.label": [("label", "sid", bits(0xFFFFF000, 12))],
    "pcep.subobj.sr.sid.tc": [("label", "sid", bits(0xE00, 9))],
    "pcep.subobj.sr.sid.s": [("label", "sid", bits(0x100, 8))],
    "pcep.subobj.sr.sid.ttl": [("label", "sid", bits(0xFF))],
    "pcep.subobj.sr.nai.ipv4node": [("nai:1", "local", same)],
    "pcep.subobj.sr.nai.ipv6node": [("nai:2", "local", same)],
    "pcep.subobj.sr.nai.localipv4addr": [("nai:3", "local", same)],
    "pcep.subobj.sr.nai.remoteipv4addr": [("nai:3", "remote", same)],
    "pcep.subobj.sr.nai.localipv6addr": [("nai:4", "local", same), ("nai:6", "local", same)],
    "pcep.subobj.sr.nai.remoteipv6addr": [("nai:4", "remote", same), ("nai:6", "remote", same)],
    "pcep.subobj.sr.nai.localnodeid": [("nai:5", "local", address_number)],
    "pcep.subobj.sr.nai.localinterfaceid": [
        ("nai:5", "local_interface", same),
        ("nai:6", "local_interface", same),
    ],
    "pcep.subobj.sr.nai.remotenodeid": [("nai:5", "remote", address_number)],
    "pcep.subobj.sr.nai.remoteinterfaceid": [
        ("nai:5", "remote_interface", same),
        ("nai:6", "remote_interface", same),
    ],
    "pcep.subobj.pksv4.path_key": [("sub:7,16,17/64", "path_key", same)],
    "pcep.subobj.pksv4.pce_id": [("sub:7,16,17/64", "pce", same)],
    "pcep.subobj.pksv4.l": [("sub:7,16,17/64", "#loose", same)],
    "pcep.subobj.pksv6.path_key": [("sub:7,16,17/65", "path_key", same)],
    "pcep.subobj.pksv6.pce_id": [("sub:7,16,17/65", "pce", same)],
    "pcep.subobj.pksv6.l": [("sub:7,16,17/65", "#loose", same)],
}

# ---- what is not compared, and why ----

LENGTHS = "lengths: the same octets are encoded, which other tests show"
PADDING = "padding, or what stands in reserved places"
GAPS = {
    "pcep.object_length": LENGTHS,
    "pcep.tlv.length": LENGTHS,
    "pcep.path-setup-type-capability-sub-tlv.length": LENGTHS,
    "pcep.tlv.padding": PADDING,
    "pcep.subobj.ipv4.padding": PADDING,
    "pcep.subobj.ipv6.padding": PADDING,
    "pcep.subobj.label_control.reserved": PADDING,
    "pcep.subobj.unnumb_interfaceID.reserved": PADDING,
    "pcep.tlv.data": "octets of a TLV that tshark has no fields for",
    "pcep.subobj": "types of subobjects; tshark calls those of an XRO pcep.subobj.label",
    "pcep.subobj.label": "types of subobjects; those of an XRO alone",
    "pcep.subobj.exrs.l": "what stands inside is compared",
    "pcep.subobj.exrs.type": "what stands inside is compared",
    "pcep.subobj.exrs.reserved": PADDING,
    "pcep.object_type": "the type of an object that tshark does not know",
}
# With one of these tshark says that it does not know, or not read, something: then it may have fewer
# values than we, but none that we have not.
UNKNOWN = (
    "pcep.unknown_object",
    "pcep.object_body_non_defined",
    "pcep.non_defined_subobject",
    "pcep.unknown_type_object",
    "pcep.subobject_bad_length",
)
GAP_ENDINGS = (".length", ".flags.reserved", ".flags.res")

# Fields that tshark fills with something else than what the documents say stands there.
MISTAKES = {
    "pcep.notification.type": "the type once more, or the value by the table of another type",
    "pcep.notification.type2": "the value, by the table of another type",
    "pcep.sub-tlv.sr-pce-capability.flags.n": "looks at the bit of X (RFC 8664 4.1.2)",
    "pcep.sub-tlv.sr-pce-capability.flags.x": "looks at the bit of N (RFC 8664 4.1.2)",
    "pcep.op_conf_assoc_range.reserved": "the four fields of TLV 29 are read from wrong octets",
    "pcep.op_conf_assoc_range.assoc_type": "the four fields of TLV 29 are read from wrong octets",
    "pcep.op_conf_assoc_range.start_assoc": "the four fields of TLV 29 are read from wrong octets",
    "pcep.op_conf_assoc_range.range": "the four fields of TLV 29 are read from wrong octets",
    "pcep.tlv.extended_association_id.id": "of another length than that of a colour and an address",
    "pcep.obj.lsp.flags": "the last octet of the PLSP-ID is in it",
    "pcep.tlv.ipv6-lsp-id.extended-tunnel-id": "8 octets of 16 (RFC 8231 7.3.1)",
    "pcep.tlv.ipv6-lsp-id.tunnel-endpoint-addr": "8 octets too early, for that reason",
    "pcep.tlv.speaker-entity-id": "octets shown as text",
    "pcep.tlv.rsvp-user-error-spec": "octets shown as text",
    "pcep.tlv.extended_association_id.color": "of 16 bits; ours has 32",
    "pcep.tlv.extended_association_id.ipv4_endpoint": "compared by the octets of other tests",
    "pcep.tlv.extended_association_id.ipv6_endpoint": "compared by the octets of other tests",
    "pcep.tlv.sr_policy_cpath_id.originator_ipv4_address": "the first 4 of 16 octets (RFC 9862 4.2.2)",
    "pcep.subobj.unnumb_interfaceID.flags": "two octets; flags are the first, the second is reserved",
    "pcep.subobj.flags.lpa": "of an unnumbered interface: looked for in the second octet",
    "pcep.subobj.flags.lpu": "of an unnumbered interface: looked for in the second octet",
    "pcep.subobj.label.flags.gl": "of an ERO, too, where the bit is reserved",
    "pcep.tlv.sr-pce-capability.flags.l": "a flag of an early draft",
}


# ---- both sides as {field: sorted values} ----


# Fields that are compared as text: names, and octets as hex.
TEXTS = (
    "pcep.vendor-information.enterprise-specific-info",
    "pcep.tlv.enterprise-specific-info",
    "pcep.subobj.label_control.label",
    "pcep.tlv.symbolic-path-name",
    "pcep.tlv.sr_policy_name",
    "pcep.tlv.sr_policy_cpath_name",
)


def as_text(value):
    """tshark ends a name at its first NUL, and writes octets with colons."""
    if isinstance(value, dict):
        value = bytes.fromhex(value["hex"]).split(b"\0")[0].decode("utf-8", "replace")
    return value.replace(":", "")


def normal(field, value):
    """Values of both sides in one form: numbers, addresses and texts."""
    if field in TEXTS:
        return as_text(value)
    if not isinstance(value, str):
        return value
    for convert in (lambda text: int(text, 0), float, ipaddress.ip_address):
        try:
            return convert(value)
        except ValueError:
            continue
    return value


def rows_of(message):
    """Every thing of a message as (where, members)."""
    found = [("msg", message)]
    for entry in message["objects"]:
        class_ = entry["class"]
        head = {"#class": class_, "#type": entry["type"], "#flags": entry["header_flags"]}
        found.append(("obj:%u/%u" % (class_, entry["type"]), entry.get("body", {}) | head))
        for tlv in entry.get("tlvs", ()):
            found.append(("tlv:%u" % tlv["type"], tlv.get("body", {}) | {"#type": tlv["type"]}))
            for sub in tlv.get("tlvs", ()):
                where = "subtlv:%u/%u" % (tlv["type"], sub["type"])
                found.append((where, sub.get("body", {}) | {"#type": sub["type"]}))
        for sub in entry.get("subobjects", ()):
            body = sub.get("body", {}) | {"#loose": sub["loose"]}
            found.append(("sub:%u/%u" % (class_, sub["type"]), body))
            if sub["type"] == 36 and "body" in sub:
                found.append(("nai:%u" % body["nt"], body))
                if not body["flags"] & 4:
                    found.append(("sid", body))
                if body["flags"] & 5 == 1:
                    found.append(("label", body))
            for inner in sub.get("subobjects", ()):  # of an EXRS
                body = inner.get("body", {}) | {"#loose": inner["loose"]}
                found.append(("sub:17/%u" % inner["type"], body))
    return found


def is_meant(pattern, where):
    kind, _, wanted = pattern.partition(":")
    found_kind, _, found = where.partition(":")
    if kind != found_kind:
        return False
    pairs = list(zip(wanted.split("/"), found.split("/")))
    return all(found_part in part.split(",") or part == "*" for part, found_part in pairs)


def ours(rows, field):
    """Our values of one of tshark's fields."""
    values = []
    for pattern, member, convert in FIELDS[field]:
        for where, members in rows:
            if not is_meant(pattern, where):
                continue
            value = members.get(member, 0)
            for one in value if isinstance(value, list) and convert is same else [value]:
                values.append(normal(field, convert(one)))
    return collections.Counter(values)


def theirs(node, found):
    """All leaves of tshark's tree by their field."""
    if isinstance(node, list):
        for entry in node:
            theirs(entry, found)
    elif isinstance(node, dict):
        for name, value in node.items():
            leaves = [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
            if name.startswith("pcep.") and leaves:
                found.setdefault(name, []).extend(normal(name, leaf) for leaf in leaves)
            theirs(value, found)
    return found


# ---- the messages ----

# Messages that tshark cannot judge at all, or gets wrong from some octet on.
NOT_COMPARED = {
    "malformed-ero": "malformed by intent",
    "malformed-tlv": "malformed by intent",
    "unknown-kept": "unknown by intent",
}
# What is not the same in one message: its name and the beginning of the fields.
DRAFT_SR = "a segment of type 5, of drafts of RFC 8664: kept as octets here"
EXCEPTIONS = {
    ("open-srv6", "pcep.tlv.type"): "tshark does not pad the TLV in front of the next one",
    ("open-srv6", "pcep.path-setup-type-capability-sub-tlv.type"): "the same, in sub-TLVs",
    ("malformed-algorithm", "pcep.subobj.sr."): "tshark has no A flag, and looks at no length with it",
    ("frr-pcep_initiate2_hexbyte_strs", "pcep.subobj.sr."): DRAFT_SR,
    ("frr-pcep_update_hexbyte_strs", "pcep.subobj.sr."): DRAFT_SR,
    ("frr-pcep_report_cisco_pcc_hexbyte_strs", "pcep.bandwidth"): "of type 5, which is not assigned",
}


def golden_messages():
    names = sorted(n[:-4] for n in os.listdir(tshark_golden.GOLDEN) if n.endswith(".hex"))
    return {name: tshark_golden.read_golden(name) for name in names}


def vector_messages():
    found = {}
    for folder, _, names in os.walk(VECTORS):
        for name in names:
            if name.endswith(".bin"):
                with open(os.path.join(folder, name), "rb") as file:
                    found[name[:-4]] = file.read()
    return dict(sorted(found.items()))


def is_passed_over(name, field):
    return (
        field in GAPS
        or field in MISTAKES
        or field in UNKNOWN
        or field.endswith(GAP_ENDINGS)
        or any(name == n and field.startswith(begin) for n, begin in EXCEPTIONS)
    )


def decode(octets):
    run = subprocess.run(
        [daemon.program("pcectl"), "decode", "--binary", "--json"],
        input=octets,
        capture_output=True,
        env=daemon.environment(),
        check=False,
        timeout=60,
    )
    assert run.returncode in (0, 1), run.stderr
    return json.loads(run.stdout)


def why_not():
    """The tables are those of one version; another knows more, and is wrong about less."""
    if not shutil.which("tshark") or not shutil.which("text2pcap"):
        return "SKIP: tshark is not installed"
    version = subprocess.run(["tshark", "-v"], check=True, capture_output=True, text=True).stdout
    first = version.splitlines()[0]
    return None if " 4.0." in first else "SKIP: the tables are those of tshark 4.0, this is " + first


@unittest.skipIf(why_not(), why_not())
class Fields(unittest.TestCase):
    def compare(self, messages):
        names = [n for n in messages if n not in NOT_COMPARED]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "messages.pcap")
            tshark_golden.capture(path, [messages[n] for n in names])
            layers = tshark_golden.dissect(path)
        self.assertEqual(len(layers), len(names))
        count = 0
        fields = set()
        for name, layer in zip(names, layers):
            rows = rows_of(decode(messages[name]))
            found = theirs(layer["pcep"], {})
            knows_all = not any(field in UNKNOWN for field in found)
            for field, values in found.items():
                if is_passed_over(name, field):
                    continue
                with self.subTest(name, field=field):
                    self.assertTrue(field in FIELDS, "a field of tshark that is in no table")
                    mine = ours(rows, field)
                    if knows_all:
                        self.assertEqual(mine, collections.Counter(values))
                    else:
                        self.assertFalse(collections.Counter(values) - mine)
                fields.add(field)
                count += len(values)
        print(
            "%d values of %d fields of %d messages agree; %d messages are not compared"
            % (count, len(fields), len(names), len(messages) - len(names))
        )
        return count

    def test_golden_messages(self):
        messages = golden_messages()
        self.assertGreater(self.compare(messages), 2000)
        # every kind of message that tshark knows
        kinds = {octets[1] for name, octets in messages.items() if name not in NOT_COMPARED}
        self.assertTrue(kinds.issuperset(range(1, 13)), kinds)

    @unittest.skipUnless(os.path.isdir(VECTORS), "SKIP: no reference data at " + VECTORS)
    def test_reference_vectors(self):
        self.assertGreater(self.compare(vector_messages()), 5000)

    def test_what_is_not_compared_has_a_reason(self):
        for table in (GAPS, MISTAKES, NOT_COMPARED, EXCEPTIONS):
            for name, reason in sorted(table.items()):
                self.assertTrue(reason)
                self.assertFalse(name in FIELDS, name)
                print("not compared: %s: %s" % (name if isinstance(name, str) else " ".join(name), reason))


if __name__ == "__main__":
    sys.exit(unittest.main())
