#!/usr/bin/env python3
"""Agreement with an independent decoder, value by value: whatever tshark (4.0.17) finds in a message of
BGP must be what pcectl decode finds there, for all golden messages and all of the reference vectors; and
what the reference's decoded.txt, which tshark made of many more messages than there are octets of, names.

FIELDS says for each field of tshark which of our values it is; a field of tshark that is in no table here
fails the test. What tshark gets wrong, or does not know, is in MISTAKES and GAPS with the reason. Skips
visibly without tshark and text2pcap."""

import collections
import glob
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

import daemon

SHARED = os.environ.get("PCED_SHARED", os.path.join(daemon.ROOT, "..", "shared"))
VECTORS = os.path.join(SHARED, "vectors", "bgp-ls")
GOLDEN = os.path.join(daemon.ROOT, "tests", "golden", "bgp")

# What tshark cannot judge.
NOT_FOR_TSHARK = {
    "malformed-ls-attribute": "malformed by intent",
    "malformed-node-twice": "malformed by intent",
    "malformed-origin": "malformed by intent",
    "malformed-last": "malformed by intent",
    "open-extended-length": "RFC 9072, which this tshark does not know",
    "unknown-kept": "unknown by intent",
    "other-family": "routes of another family, which are octets to us",
    "update-policy": "tshark 4.0 has no SR policies",
    "update-srv6-sid": "tshark 4.0 has no SRv6 SIDs",
}


def same(value):
    return value


def bit(mask):
    return lambda flags: 1 if flags & mask else 0


def number_of(address):
    return int.from_bytes(bytes(int(part) for part in address.split(".")), "big")


def mbps(octets):
    """As tshark shows it: in Mbit/s, six digits."""
    return float("%g" % (octets * 8 / 1e6))


def float_bits(value):
    return int.from_bytes(struct.pack(">f", value), "big")


def hex_number(octets):
    return int(octets, 16) if octets else 0


# ---- what tshark has, by ours: (where, member, conversion of ours) ----
# where: msg, cap:CODE, attr:TYPE, nlri, tlv:TYPE, and * for all; a member that is left out when it is zero
# counts as zero. A list gives a value for each item; of a list of bodies the member is "list.member".

FIELDS = {
    "bgp.type": [("msg", "type", same)],
    "bgp.length": [("msg", "size", same)],
    "bgp.open.version": [("msg", "version", same)],
    "bgp.open.myas": [("msg", "my_as", same)],
    "bgp.open.holdtime": [("msg", "hold_time_s", same)],
    "bgp.open.identifier": [("msg", "identifier", same)],
    "bgp.notify.major_error": [("msg", "code", same)],
    "bgp.notify.minor_error": [("msg", "subcode", same)],
    "bgp.notify.minor_error_expired": [("msg", "subcode", same)],
    "bgp.notify.minor_error_cease": [("msg", "subcode", same)],
    "bgp.notify.communication": [("msg", "communication", same)],
    "bgp.notify.minor_data": [("msg", "data", same)],
    "bgp.route_refresh.afi": [("msg", "afi", same)],
    "bgp.route_refresh.subtype": [("msg", "subtype", same)],
    "bgp.route_refresh.safi": [("msg", "safi", same)],
    "bgp.open.opt.param.type": [("param", "#type", same)],
    "bgp.open.opt.param.auth": [("param", "#octets", same)],
    "bgp.cap.type": [("cap:*", "#code", same)],
    "bgp.cap.mp.afi": [("cap:1", "afi", same)],
    "bgp.cap.mp.safi": [("cap:1", "safi", same)],
    "bgp.cap.4as": [("cap:65", "as_number", same)],
    "bgp.cap.gr.timers.restart_flag": [("cap:64", "flags", bit(8))],
    "bgp.cap.gr.timers.notification_flag": [("cap:64", "flags", bit(4))],
    "bgp.cap.gr.timers.restart_time": [("cap:64", "restart_time_s", same)],
    "bgp.cap.gr.afi": [("cap:64", "families.afi", same)],
    "bgp.cap.gr.safi": [("cap:64", "families.safi", same)],
    "bgp.cap.gr.flag": [("cap:64", "families.flags", same)],
    "bgp.cap.gr.flag.pfs": [("cap:64", "families.flags", bit(0x80))],
    "bgp.cap.ap.afi": [("cap:69", "families.afi", same)],
    "bgp.cap.ap.safi": [("cap:69", "families.safi", same)],
    "bgp.cap.ap.sendreceive": [("cap:69", "families.mode", same)],
    "bgp.update.path_attribute.type_code": [("attr:*", "#type", same)],
    "bgp.update.path_attribute.flags": [("attr:*", "#flags", same)],
    "bgp.update.path_attribute.flags.optional": [("attr:*", "#flags", bit(0x80))],
    "bgp.update.path_attribute.flags.transitive": [("attr:*", "#flags", bit(0x40))],
    "bgp.update.path_attribute.flags.partial": [("attr:*", "#flags", bit(0x20))],
    "bgp.update.path_attribute.flags.extended_length": [("attr:*", "#flags", bit(0x10))],
    "bgp.update.path_attribute.flags.unused": [("attr:*", "#flags", lambda flags: flags & 15)],
    "bgp.update.path_attribute.origin": [("attr:1", "origin", same)],
    "bgp.update.path_attribute.as_path_segment.type": [
        ("attr:2", "segments.kind", same),
        ("attr:17", "segments.kind", same),
    ],
    "bgp.update.path_attribute.as_path_segment.as4": [
        ("attr:2", "segments.ases", same),
        ("attr:17", "segments.ases", same),
    ],
    "bgp.update.path_attribute.next_hop": [("attr:3", "next_hop", same)],
    "bgp.update.path_attribute.multi_exit_disc": [("attr:4", "value", same)],
    "bgp.update.path_attribute.local_pref": [("attr:5", "value", same)],
    "bgp.update.path_attribute.aggregator_as": [
        ("attr:7", "as_number", same),
        ("attr:18", "as_number", same),
    ],
    "bgp.update.path_attribute.aggregator_origin": [
        ("attr:7", "address", same),
        ("attr:18", "address", same),
    ],
    "bgp.update.path_attribute.originator_id": [("attr:9", "router_id", same)],
    "bgp.path_attribute.cluster_id": [("attr:10", "clusters", same)],
    "bgp.large_communities.ga": [("attr:32", "communities.global", same)],
    "bgp.large_communities.ldp1": [("attr:32", "communities.local_1", same)],
    "bgp.large_communities.ldp2": [("attr:32", "communities.local_2", same)],
    "bgp.update.path_attribute.mp_reach_nlri.afi": [("attr:14", "afi", same)],
    "bgp.update.path_attribute.mp_reach_nlri.safi": [("attr:14", "safi", same)],
    "bgp.update.path_attribute.mp_reach_nlri.next_hop": [
        ("attr:14", "next_hop", lambda octets: "%02x" % (len(octets) // 2) + octets)
    ],
    "bgp.update.path_attribute.mp_unreach_nlri.afi": [("attr:15", "afi", same)],
    "bgp.update.path_attribute.mp_unreach_nlri.safi": [("attr:15", "safi", same)],
    "bgp.ls.nlri_type": [("nlri", "#type", same)],
    "bgp.ls.nlri_node.protocol_id": [("nlri", "#protocol", same)],
    "bgp.ls.nlri_node.identifier": [("nlri", "#identifier", same)],
    "bgp.ls.type": [("tlv:*", "#type", same), ("range", "#type", same)],
    "bgp.ls.tlv.autonomous_system.id": [("tlv:512", "value", same)],
    "bgp.ls.tlv.bgp_ls_identifier_id": [("tlv:513", "value", same)],
    "bgp.ls.tlv.area_id.id": [("tlv:514", "router_id", number_of)],
    "bgp.ls.tlv.igp_router_id": [("tlv:515", "octets", same)],
    "bgp.ls.tlv.bgp_router_id.id": [("tlv:516", "router_id", same)],
    "bgp.ls.nlri_link_local_identifier": [("tlv:258", "local", same)],
    "bgp.ls.nlri_link_remote_identifier": [("tlv:258", "remote", same)],
    "bgp.ls.nlri_ipv4_interface_address": [("tlv:259", "address", same)],
    "bgp.ls.nlri_ipv4_neighbor_address": [("tlv:260", "address", same)],
    "bgp.ls.nlri_ipv6_interface_address": [("tlv:261", "address", same)],
    "bgp.ls.nlri_ipv6_neighbor_address": [("tlv:262", "address", same)],
    "bgp.ls.nlri_multi_topology_id": [("tlv:263", "mt_ids", lambda mt: mt & 0xFFF)],
    "bgp.ls.nlri_ospf_route_type": [("tlv:264", "type", same)],
    "bgp.prefix_length": [("tlv:265", "bits", same)],
    "bgp.ls.nlri_ip_reachability_prefix_ip": [("tlv:265", "prefix/4", same)],
    "bgp.ls.nlri_ip_reachability_prefix_ip6": [("tlv:265", "prefix/6", same)],
    "bgp.ls.tlv.igp_msd_type": [
        ("tlv:266", "msds", lambda msd: msd >> 8),
        ("tlv:267", "msds", lambda msd: msd >> 8),
    ],
    "bgp.ls.tlv.igp_msd_value": [
        ("tlv:266", "msds", lambda msd: msd & 0xFF),
        ("tlv:267", "msds", lambda msd: msd & 0xFF),
    ],
    "bgp.ls.node_flag_bits.overload": [("tlv:1024", "flags", bit(0x80))],
    "bgp.ls.node_flag_bits.attached": [("tlv:1024", "flags", bit(0x40))],
    "bgp.ls.node_flag_bits.external": [("tlv:1024", "flags", bit(0x20))],
    "bgp.ls.node_flag_bits.abr": [("tlv:1024", "flags", bit(0x10))],
    "bgp.ls.tlv.node_name_value": [("tlv:1026", "name", same)],
    "bgp.ls.tlv.is_is_area_identifier_value": [("tlv:1027", "octets", same)],
    "bgp.ls.tlv.ipv4_router_id_value": [
        ("tlv:1028", "address", same),
        ("tlv:1030", "address", same),
    ],
    "bgp.ls.tlv.ipv6_router_id_of_local_node_value": [
        ("tlv:1029", "address", same),
        ("tlv:1031", "address", same),
    ],
    "bgp.ls.sr.tlv.capabilities.flags": [("tlv:1034", "flags", same)],
    "bgp.ls.sr.tlv.capabilities.flags.i": [("tlv:1034", "flags", bit(0x80))],
    "bgp.ls.sr.tlv.capabilities.flags.v": [("tlv:1034", "flags", bit(0x40))],
    "bgp.ls.sr.tlv.capabilities.range_size": [("tlv:1034", "ranges.size", same)],
    "bgp.ls.sr.tlv.capabilities.sid.label": [("tlv:1034", "ranges.first", same)],
    "bgp.ls.sr.tlv.algorithm.value": [("tlv:1035", "algorithms", same)],
    "bgp.ls.sr.tlv.local_block.flags": [("tlv:1036", "flags", same)],
    "bgp.ls.sr.tlv.local_block.range_size": [("tlv:1036", "ranges.size", same)],
    "bgp.ls.sr.tlv.local_block.sid.index": [("tlv:1036", "ranges.first", same)],
    "bgp.ls.sr.tlv.flex_algo.flex_algorithm": [("tlv:1039", "algorithm", same)],
    "bgp.ls.sr.tlv.flex_algo.metric_type": [("tlv:1039", "metric_type", same)],
    "bgp.ls.sr.tlv.flex_algo.calculation_type": [("tlv:1039", "calculation_type", same)],
    "bgp.ls.sr.tlv.flex_algo.priority": [("tlv:1039", "priority", same)],
    "bgp.ls.tlv.extended_administrative_group_value": [
        ("tlv:%u" % kind, "groups", lambda group: "%08x" % group) for kind in (1040, 1041, 1042, 1173)
    ],
    "bgp.ls.tlv.administrative_group_color_value": [("tlv:1088", "group", same)],
    "bgp.ls.bandwidth_value": [("tlv:1089", "bandwidth", mbps), ("tlv:1090", "bandwidth", mbps)]
    + [("tlv:1091", "priority_%u" % priority, mbps) for priority in range(8)],
    "bgp.ls.tlv.te_default_metric_value": [("tlv:1092", "value", same)],
    "bgp.ls.tlv.link_protection_type_value": [("tlv:1093", "protection", same)],
    "bgp.ls.link_protection_type.extra_traffic": [("tlv:1093", "protection", bit(1))],
    "bgp.ls.link_protection_type.unprotected": [("tlv:1093", "protection", bit(2))],
    "bgp.ls.link_protection_type.shared": [("tlv:1093", "protection", bit(4))],
    "bgp.ls.link_protection_type.dedicated_1colon1": [("tlv:1093", "protection", bit(8))],
    "bgp.ls.link_protection_type.dedicated_1plus1": [("tlv:1093", "protection", bit(0x10))],
    "bgp.ls.link_protection_type.enhanced": [("tlv:1093", "protection", bit(0x20))],
    "bgp.ls.protocol_mask_tlv.mpls_protocol.l": [("tlv:1094", "protocols", bit(0x80))],
    "bgp.ls.protocol_mask_tlv.mpls_protocol.r": [("tlv:1094", "protocols", bit(0x40))],
    "bgp.ls.tlv.metric_value": [("tlv:1095", "metric", same)],
    "bgp.ls.tlv.shared_risk_link_group_value": [("tlv:1096", "srlgs", same)],
    "bgp.ls.tlv.link_name_attribute_value": [("tlv:1098", "name", same)],
    "bgp.ls.sr.tlv.adjacency.sid.flags": [("tlv:1099", "flags", same), ("tlv:1100", "flags", same)],
    "bgp.ls.sr.tlv.adjacency.sid.weight": [("tlv:1099", "weight", same), ("tlv:1100", "weight", same)],
    "bgp.ls.sr.tlv.adjacency.sid.label": [("tlv:1099", "sid/3", same), ("tlv:1100", "sid/3", same)],
    "bgp.ls.sr.tlv.adjacency.sid.index": [("tlv:1099", "sid/4", same), ("tlv:1100", "sid/4", same)],
    "bgp.ls.sr.tlv.peer.sid.flags": [("tlv:%u" % kind, "flags", same) for kind in (1101, 1102, 1103)],
    "bgp.ls.sr.tlv.peer.sid.weight": [("tlv:%u" % kind, "weight", same) for kind in (1101, 1102, 1103)],
    "bgp.ls.sr.tlv.peer.sid.label": [("tlv:%u" % kind, "sid/3", same) for kind in (1101, 1102, 1103)],
    "bgp.ls.igp_te_metric.flags": [("tlv:%u" % kind, "flags", same) for kind in (1114, 1115, 1117)],
    "bgp.ls.igp_te_metric.flags.a": [("tlv:%u" % kind, "flags", bit(0x80)) for kind in (1114, 1115, 1117)],
    "bgp.ls.igp_te_metric.delay_value": [("tlv:1114", "delay_us", same)],
    "bgp.ls.igp_te_metric.delay_min": [("tlv:1115", "min_us", same)],
    "bgp.ls.igp_te_metric.delay_max": [("tlv:1115", "max_us", same)],
    "bgp.ls.igp_te_metric.delay_variation_value": [("tlv:1116", "variation_us", same)],
    "bgp.ls.igp_te_metric.link_loss_value": [("tlv:1117", "loss", same)],
    "bgp.ls.igp_te_metric.residual_bandwidth_value": [("tlv:1118", "bandwidth", float_bits)],
    "bgp.ls.igp_te_metric.available_bandwidth_value": [("tlv:1119", "bandwidth", float_bits)],
    "bgp.ls.igp_te_metric.utilized_bandwidth_value": [("tlv:1120", "bandwidth", float_bits)],
    "bgp.ls.tlv.application_specific_link_attributes.sabm_length": [
        ("tlv:1122", "standard", lambda mask: len(mask) // 2)
    ],
    "bgp.ls.tlv.application_specific_link_attributes.udabm_length": [
        ("tlv:1122", "user_defined", lambda mask: len(mask) // 2)
    ],
    "bgp.ls.tlv.application_specific_link_attributes.sabm": [("tlv:1122", "standard", hex_number)],
    "bgp.ls.protocol_mask_tlv.igp_flags_flag_d.d": [("tlv:1152", "flags", bit(0x80))],
    "bgp.ls.tlv.route_tag_value": [("tlv:1153", "tags", same)],
    "bgp.ls.tlv.extended_route_tag_value": [("tlv:1154", "tags", same)],
    "bgp.ls.tlv.prefix_metric_value": [("tlv:1155", "value", same)],
    "bgp.ls.tlv.ospf_forwarding_address_ipv4": [("tlv:1156", "address", same)],
    "bgp.ls.sr.tlv.prefix.sid.flags": [("tlv:1158", "flags", same)],
    "bgp.ls.sr.tlv.prefix.sid.algo": [("tlv:1158", "algorithm", same)],
    "bgp.ls.sr.tlv.prefix.sid.index": [("tlv:1158", "sid/4", same)],
    "bgp.ls.sr.tlv.prefix.attribute_flags.flags": [("tlv:1170", "flags", hex_number)],
}
# The bits of flag octets that are compared as a whole.
for field, mask in (
    ("adjacency.sid.flags.f", 0x80), ("adjacency.sid.flags.b", 0x40), ("adjacency.sid.flags.v", 0x20),
    ("adjacency.sid.flags.l", 0x10), ("adjacency.sid.flags.s", 8), ("adjacency.sid.flags.p", 4),
    ("peer.sid.flags.v", 0x80), ("peer.sid.flags.l", 0x40), ("peer.sid.flags.b", 0x20),
    ("peer.sid.flags.p", 0x10), ("prefix.sid.flags.r", 0x80), ("prefix.sid.flags.n", 0x40),
    ("prefix.sid.flags.p", 0x20), ("prefix.sid.flags.e", 0x10), ("prefix.sid.flags.v", 8),
    ("prefix.sid.flags.l", 4),
):
    whole = FIELDS["bgp.ls.sr.tlv." + field.rsplit(".", 1)[0]]
    FIELDS["bgp.ls.sr.tlv." + field] = [(where, member, bit(mask)) for where, member, _ in whole]

# ---- what is not compared, and why ----

LENGTHS = "lengths: the same octets are encoded, which other tests show"
GAPS = {
    "bgp.marker": "known before a message is decoded",
    "bgp.ls.warn": "tshark does not know a TLV: then it may have fewer values than we",
    "bgp.ls.sr.tlv.capabilities.flags.h": "a flag of an early draft (RFC 9085 2.1.2 has none)",
    "bgp.update.path_attribute.community_as": "a community in two halves; octets are compared elsewhere",
    "bgp.update.path_attribute.community_value": "the same",
    "bgp.update.path_attribute.community_wellknown": "the same",
    "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4": "the next hop once more",
    "bgp.update.path_attribute.mp_reach_nlri.nbr_snpa": "the reserved octet (RFC 4760 3)",
    "bgp.cap.reserved": "reserved",
    "bgp.cap.gr.timers": "flags and time as one number; both are compared",
    "bgp.cap.unknown": "octets of a capability that tshark cannot read; ours are octets, too",
    "bgp.ls.tlv.administrative_group": "the bits of the group, which is compared as a whole",
    "bgp.ls.tlv.opaque_node_properties_value": "octets as text",
    "bgp.notify.communication_length": LENGTHS,
    "bgp.ls.tlv.application_specific_link_attributes.reserved": "reserved",
}
GAP_PREFIXES = {
    "bgp.cap.orf.": "a capability without a row of ours",
    "bgp.ext_com": "an extended community in parts; octets are compared elsewhere",
    "bgp.prefix_sid.": "an attribute without a row of ours (40)",
    "bgp.ls.tlv.application_specific_link_attributes.sabm.": "bits of the mask, compared as a whole",
    "bgp.ls.sr.tlv.prefix.attribute_flags.flags.": "bits of the octet, compared as a whole",
}
GAP_ENDINGS = ("length", ".len", ".reserved")


def is_gap(field):
    return (
        field in GAPS
        or any(field.startswith(prefix) for prefix in GAP_PREFIXES)
        or (field.endswith(GAP_ENDINGS) and field not in FIELDS)
    )


# ---- ours ----


class Ours:
    """All values of a message: (where, member) -> list."""

    def __init__(self, message):
        self.values = collections.defaultdict(list)
        self.body("msg", {key: value for key, value in message.items() if key not in ("body", "parameters")})
        self.body("msg", message.get("body", {}))
        for parameter in message.get("parameters", ()):
            self.put("param", "#type", parameter["type"])
            if "octets" in parameter:
                self.put("param", "#octets", parameter["octets"])
            for capability in parameter.get("capabilities", ()):
                self.put("cap:*", "#code", capability["code"])
                self.body("cap:%u" % capability["code"], capability.get("body", {}))
        for attribute in message.get("attributes", ()):
            self.attribute(attribute)

    def put(self, where, member, value):
        self.values[where, member].append(value)

    def body(self, where, body):
        for member, value in body.items():
            if member.endswith("_text"):
                continue
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    for inner, inner_value in item.items():
                        values = inner_value if isinstance(inner_value, list) else [inner_value]
                        for one in values:
                            self.put(where, "%s.%s" % (member, inner), one)
                else:
                    self.put(where, member, item)
        if "sid_octets" in body:
            self.put(where, "sid/%u" % body["sid_octets"], body["sid"])
        if "prefix" in body:
            self.put(where, "prefix/%u" % (6 if ":" in body["prefix"] else 4), body["prefix"])

    def attribute(self, attribute):
        self.put("attr:*", "#type", attribute["type"])
        self.put("attr:*", "#flags", attribute["flags"])
        self.body("attr:%u" % attribute["type"], attribute.get("body", {}))
        for nlri in attribute.get("nlris", ()):
            self.put("nlri", "#type", nlri["type"])
            self.put("nlri", "#protocol", nlri["protocol"])
            self.put("nlri", "#identifier", nlri["identifier"])
            self.tlvs(nlri["tlvs"])
        # tshark shows the numbers of topologies in the attribute, and no type of their TLV.
        self.tlvs(attribute.get("tlvs", ()), without=263)

    def tlvs(self, tlvs, without=None):
        for tlv in tlvs:
            body = tlv.get("body", {})
            if tlv["type"] != without:
                self.put("tlv:*", "#type", tlv["type"])
            self.body("tlv:%u" % tlv["type"], body)
            for _ in body.get("ranges", ()):
                self.put("range", "#type", 1161)
            self.tlvs(tlv.get("tlvs", ()))

    def of(self, field):
        found = []
        for where, member, convert in FIELDS[field]:
            found += [convert(value) for value in self.values[where, member]]
        return found


def ours_of(octets):
    run = subprocess.run(
        [daemon.program("pcectl"), "decode", "--json", octets.hex()],
        check=True,
        capture_output=True,
        text=True,
        env=daemon.environment(),
        timeout=60,
    )
    return Ours(json.loads(run.stdout.splitlines()[0]))


# ---- tshark's ----


def value_of(text):
    """As ours have it: numbers as numbers, octets as digits."""
    if re.fullmatch(r"0x[0-9a-f]+", text):
        return int(text, 16)
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return float(text)
    if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2})*", text):
        return text.replace(":", "")
    return text


def dissect(folder, octets):
    """{field: values} of one message."""
    dump = os.path.join(folder, "message.txt")
    capture = os.path.join(folder, "message.pcap")
    with open(dump, "w", encoding="ascii") as file:
        for at in range(0, len(octets), 16):
            file.write("%06x %s\n" % (at, octets[at : at + 16].hex(" ")))
    subprocess.run(["text2pcap", "-q", "-T", "40000,179", dump, capture], check=True, capture_output=True)
    run = subprocess.run(
        ["tshark", "-r", capture, "-T", "pdml"], check=True, capture_output=True, text=True
    )
    found = collections.defaultdict(list)
    for field in ElementTree.fromstring(run.stdout).iter("field"):
        name = field.get("name")
        # A headline of a TLV has no value of its own.
        if name.startswith("bgp.") and field.get("show") not in ("", None, "[ Null ]"):
            found[name].append(value_of(field.get("show")))
        elif name == "bgp.ls.warn":
            found[name].append("")
    return found


def read_hex(path):
    with open(path, encoding="utf-8") as file:
        return bytes.fromhex("".join(line.split("#")[0] for line in file))


def plain(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def difference(theirs, ours, may_have_more):
    """Values that the two sides do not have alike."""
    theirs = collections.Counter(map(plain, theirs))
    ours = collections.Counter(map(plain, ours))
    missing = theirs - ours
    return missing if may_have_more else missing + (ours - theirs)


@unittest.skipUnless(shutil.which("tshark") and shutil.which("text2pcap"), "SKIP: no tshark")
class Agreement(unittest.TestCase):
    def check(self, path, folder):
        octets = read_hex(path)
        theirs = dissect(folder, octets)
        ours = ours_of(octets)
        unknown = "bgp.ls.warn" in theirs
        compared = 0
        for field, values in theirs.items():
            if is_gap(field):
                continue
            self.assertIn(field, FIELDS, "%s: no table here has %s = %s" % (path, field, values))
            wrong = difference(values, ours.of(field), unknown)
            self.assertFalse(wrong, "%s: %s: tshark %s, ours %s" % (path, field, values, ours.of(field)))
            compared += len(values)
        return compared

    def check_all(self, paths):
        compared = 0
        with tempfile.TemporaryDirectory() as folder:
            for path in paths:
                if os.path.basename(path)[:-4] not in NOT_FOR_TSHARK:
                    with self.subTest(os.path.basename(path)):
                        compared += self.check(path, folder)
        print("%u messages, %u values of tshark are ours" % (len(paths), compared))
        return compared

    def test_golden_messages(self):
        paths = sorted(glob.glob(os.path.join(GOLDEN, "*.hex")))
        self.assertGreater(self.check_all(paths), 400)

    def test_a_changed_value_is_found(self):
        """The test itself: one octet of a metric, seen by one side alone."""
        octets = read_hex(os.path.join(GOLDEN, "update-link.hex"))
        at = octets.index(bytes.fromhex("04440004")) + 7
        changed = octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
        with tempfile.TemporaryDirectory() as folder:
            theirs = dissect(folder, octets)["bgp.ls.tlv.te_default_metric_value"]
        ours = ours_of(changed).of("bgp.ls.tlv.te_default_metric_value")
        self.assertTrue(difference(theirs, ours, True))

    def test_messages_of_frr(self):
        if not os.path.isdir(VECTORS):
            self.skipTest("SKIP: no reference data at %s" % VECTORS)
        self.assertGreater(self.check_all(sorted(glob.glob(os.path.join(VECTORS, "*.hex")))), 50)


if __name__ == "__main__":
    unittest.main()
