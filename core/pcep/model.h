/* Model: the structs of object, TLV and subobject bodies, and the bits and values of their fields.
 *
 * Most structs are made from the field lists of fields.h: read the members there. Bodies of decoded
 * messages live in the arena of the decode call; spans and arrays in them point into the message or
 * the arena. Zero is a good value for every member that a sender does not care about.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_MODEL_H
#define PCED_CORE_PCEP_MODEL_H

#include "core/pcep/fields.h"
#include "core/wire/members.h"

struct pcep_subobject; /* codec.h */

/* The kind that is PCEP's own (core/wire/layout.h). */
#define WIRE_MEMBER_SUBOBJECTS(member)                                                             \
    struct pcep_subobject *member;                                                                 \
    uint32_t count;

#define PCEP_STRUCT(name, layout)                                                                  \
    struct pcep_##name {                                                                           \
        PCEP_FIELDS_##layout(WIRE_MEMBER)                                                          \
    }

/* ---- objects; one struct for both families where the layouts differ in the addresses only ---- */
PCEP_STRUCT(open, open);
PCEP_STRUCT(rp, rp);
PCEP_STRUCT(no_path, no_path);
PCEP_STRUCT(end_points_v4, end_points_v4); /* also the body of PCEP_OBJECT_END_POINTS_V6 */
#define pcep_end_points_v6 pcep_end_points_v4
#define pcep_end_points    pcep_end_points_v4
PCEP_STRUCT(end_points_p2mp, end_points_p2mp_v4); /* both families */
PCEP_STRUCT(end_points_generalized, end_points_generalized);
PCEP_STRUCT(generalized_bandwidth, generalized_bandwidth);
PCEP_STRUCT(generalized_load_balancing, generalized_load_balancing);
PCEP_STRUCT(bandwidth, bandwidth);
PCEP_STRUCT(metric, metric);
PCEP_STRUCT(lspa, lspa);
PCEP_STRUCT(svec, svec);
PCEP_STRUCT(notification, notification);
PCEP_STRUCT(error, error);
PCEP_STRUCT(load_balancing, load_balancing);
PCEP_STRUCT(close, close);
PCEP_STRUCT(xro, xro);
PCEP_STRUCT(of, of);
PCEP_STRUCT(classtype, classtype);
PCEP_STRUCT(global_constraints, global_constraints);
PCEP_STRUCT(monitoring, monitoring);
PCEP_STRUCT(pce_id, pce_id_v4); /* PCC-REQ-ID and PCE-ID, both families */
PCEP_STRUCT(proc_time, proc_time);
PCEP_STRUCT(overload, overload);
PCEP_STRUCT(lsp, lsp);
PCEP_STRUCT(srp, srp);
PCEP_STRUCT(vendor, vendor); /* the object and the TLV */
PCEP_STRUCT(bu, bu);
PCEP_STRUCT(inter_layer, inter_layer);
PCEP_STRUCT(switch_layer, switch_layer);
PCEP_STRUCT(association, association_v4);                 /* both families */
PCEP_STRUCT(unreach_destination, unreach_destination_v4); /* both families */
PCEP_STRUCT(adaptation, adaptation);                      /* REQ-ADAP-CAP, SERVER-INDICATION */
PCEP_STRUCT(wavelength_assignment, wavelength_assignment);
PCEP_STRUCT(flowspec, flowspec);
PCEP_STRUCT(cci, cci);
PCEP_STRUCT(cci_native_ip, cci_native_ip);
PCEP_STRUCT(bgp_peer, bgp_peer_v4); /* both families, as the three that follow */
PCEP_STRUCT(peer_route, peer_route_v4);
PCEP_STRUCT(peer_prefixes, peer_prefixes_v4); /* struct pcep_prefix */
PCEP_STRUCT(prefix, prefix_v4);
PCEP_STRUCT(path_attrib, path_attrib);

/* ---- TLVs ---- */
PCEP_STRUCT(flag_word, stateful_pce_capability); /* every body that is one word `flags` */
#define pcep_no_path_vector          pcep_flag_word
#define pcep_stateful_pce_capability pcep_flag_word
#define pcep_pcecc_capability        pcep_flag_word
#define pcep_disjointness            pcep_flag_word
#define pcep_bidirectional_group     pcep_flag_word
#define pcep_path_protection_group   pcep_flag_word
PCEP_STRUCT(duration, duration);
PCEP_STRUCT(req_missing, req_missing);
PCEP_STRUCT(of_list, of_list);
PCEP_STRUCT(symbolic_path_name, name); /* and the names of SR policies */
PCEP_STRUCT(octets, octets);           /* SPEAKER-ENTITY-ID, POLICY-PARAMETERS … */
PCEP_STRUCT(order, order);
PCEP_STRUCT(p2mp_capable, p2mp_capable);
PCEP_STRUCT(domain_id, domain_id);
PCEP_STRUCT(rsvp_error_spec, rsvp_error_spec);
PCEP_STRUCT(p2mp_lsp_identifiers, p2mp_ipv4_lsp_identifiers); /* both families */
PCEP_STRUCT(interval, interval);
PCEP_STRUCT(adjustment_percentage, adjustment_percentage);
PCEP_STRUCT(overflow_threshold, overflow_threshold);
PCEP_STRUCT(overflow_percentage, overflow_percentage);
PCEP_STRUCT(unnumbered_endpoint, unnumbered_endpoint);
PCEP_STRUCT(label_request, label_request);
PCEP_STRUCT(label_set, label_set);
PCEP_STRUCT(wavelength_restriction, wavelength_restriction);
PCEP_STRUCT(wavelength_allocation, wavelength_allocation);
PCEP_STRUCT(link_identifier, link_identifier); /* of the list of either */
PCEP_STRUCT(protection_attribute, protection_attribute);
PCEP_STRUCT(schedule, schedule);
PCEP_STRUCT(periodical_schedule, periodical_schedule);
PCEP_STRUCT(flowspec_capability, flowspec_capability);
PCEP_STRUCT(flow_prefix, flow_prefix); /* of IPv6 the first octet of pattern is the offset */
PCEP_STRUCT(flow_terms, flow_numeric); /* bit masks too */
PCEP_STRUCT(route_distinguisher, route_distinguisher);
PCEP_STRUCT(multicast, multicast_v4); /* both families */
PCEP_STRUCT(lsp_extended_flag, lsp_extended_flag);
PCEP_STRUCT(sr_algorithm, sr_algorithm);
PCEP_STRUCT(color, color);
PCEP_STRUCT(priority, priority);
PCEP_STRUCT(explicit_null, explicit_null);
PCEP_STRUCT(invalidation, invalidation);
PCEP_STRUCT(lsp_error_code, lsp_error_code);
PCEP_STRUCT(lsp_db_version, lsp_db_version);
PCEP_STRUCT(ipv4_lsp_identifiers, ipv4_lsp_identifiers); /* both families */
#define pcep_ipv6_lsp_identifiers pcep_ipv4_lsp_identifiers
PCEP_STRUCT(path_setup_type, path_setup_type);
PCEP_STRUCT(path_setup_type_capability, path_setup_type_capability);
PCEP_STRUCT(sr_pce_capability, sr_pce_capability);
PCEP_STRUCT(srv6_pce_capability, srv6_pce_capability);
PCEP_STRUCT(association_ranges, association_ranges);
PCEP_STRUCT(global_source, global_source);
PCEP_STRUCT(association_types, association_types);
PCEP_STRUCT(extended_association_id, extended_association_id);
PCEP_STRUCT(te_path_binding, te_path_binding); /* the old form too */
PCEP_STRUCT(srpolicy_cpath_id, srpolicy_cpath_id);
PCEP_STRUCT(preference, preference);
PCEP_STRUCT(multipath_cap, multipath_cap);
PCEP_STRUCT(multipath_weight, multipath_weight);
PCEP_STRUCT(multipath_backup, multipath_backup);
PCEP_STRUCT(multipath_opposite, multipath_opposite);

/* ---- subobjects ---- */
PCEP_STRUCT(sub_prefix, sub_ipv4_prefix); /* both families; flags is the attribute in an XRO */
PCEP_STRUCT(sub_label, sub_label);
PCEP_STRUCT(sub_unnumbered, sub_unnumbered);
PCEP_STRUCT(sub_as, sub_as);
PCEP_STRUCT(sub_as4, sub_as4);
PCEP_STRUCT(sub_area, sub_area);
PCEP_STRUCT(sub_isis_area, sub_isis_area);
PCEP_STRUCT(sub_lsp_exclusion, sub_lsp_exclusion);
PCEP_STRUCT(sub_signal, sub_signal);
PCEP_STRUCT(sub_exrs, sub_exrs);
PCEP_STRUCT(sub_srlg, sub_srlg);
PCEP_STRUCT(sub_srlg_recorded, sub_srlg_recorded);
PCEP_STRUCT(sub_path_key, sub_path_key_v4); /* both families */
/* Which members are on the wire is told by nt and flags (PCEP_SR_F, PCEP_SR_S; PCEP_SRV6_F, _S,
 * _T): the rest is zero. A node is `local`; an adjacency is `local` and `remote`; interface
 * identifiers are there for nt 5 and 6. sid is as on the wire: with PCEP_SR_M the label is sid
 * >> 12. */
PCEP_STRUCT(sub_sr, sub_sr);
PCEP_STRUCT(sub_srv6, sub_srv6);

/* ---- bits and values ---- */

/* RP flags (RFC 5440 7.4.1; IANA "RP Object Flag Field") */
#define PCEP_RP_PRIORITY_MASK UINT32_C(0x00000007)
#define PCEP_RP_R             UINT32_C(0x00000008) /* reoptimisation */
#define PCEP_RP_B             UINT32_C(0x00000010) /* bidirectional */
#define PCEP_RP_O             UINT32_C(0x00000020) /* a loose path is acceptable */
#define PCEP_RP_VSPT          UINT32_C(0x00000040)
#define PCEP_RP_OF            UINT32_C(0x00000080) /* tell the objective function in the reply */
#define PCEP_RP_D             UINT32_C(0x00000200) /* report the order of setup (RFC 5557 5.3) */
#define PCEP_RP_M             UINT32_C(0x00000400) /* make-before-break is required */
#define PCEP_RP_N             UINT32_C(0x00001000) /* point to multipoint (RFC 8306 3.3.1) */

#define PCEP_NO_PATH_C UINT16_C(0x8000) /* constraints that cannot be met are listed */

enum pcep_no_path_nature { PCEP_NO_PATH_NONE_FOUND = 0, PCEP_NO_PATH_CHAIN_BROKEN = 1 };

/* NO-PATH-VECTOR (RFC 5440 7.5, RFC 8800 …) */
#define PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE     UINT32_C(0x00000001)
#define PCEP_NO_PATH_VECTOR_UNKNOWN_DESTINATION UINT32_C(0x00000002)
#define PCEP_NO_PATH_VECTOR_UNKNOWN_SOURCE      UINT32_C(0x00000004)
#define PCEP_NO_PATH_VECTOR_NO_GCO_SOLUTION     UINT32_C(0x00000040)
#define PCEP_NO_PATH_VECTOR_NO_DISJOINT_PATH    UINT32_C(0x00100000)

#define PCEP_METRIC_B UINT8_C(0x01) /* the value is a bound */
#define PCEP_METRIC_C UINT8_C(0x02) /* the value is to be computed and told */

enum pcep_metric_type {
    PCEP_METRIC_TYPE_IGP = 1,
    PCEP_METRIC_TYPE_TE = 2,
    PCEP_METRIC_TYPE_HOP_COUNT = 3,
    PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION = 4,
    PCEP_METRIC_TYPE_MOST_LOADED_LINK = 5,
    PCEP_METRIC_TYPE_CUMULATIVE_IGP = 6,
    PCEP_METRIC_TYPE_CUMULATIVE_TE = 7,
    PCEP_METRIC_TYPE_SID_DEPTH = 11,
    PCEP_METRIC_TYPE_PATH_DELAY = 12,
    PCEP_METRIC_TYPE_PATH_DELAY_VARIATION = 13,
    PCEP_METRIC_TYPE_PATH_LOSS = 14,
    PCEP_METRIC_TYPE_P2MP_PATH_DELAY = 15,
    PCEP_METRIC_TYPE_P2MP_PATH_LOSS = 17,
    PCEP_METRIC_TYPE_PATH_MIN_DELAY = 22,
    PCEP_METRIC_TYPE_P2MP_PATH_BANDWIDTH = 25,
    PCEP_METRIC_TYPE_USER_DEFINED = 128, /* and all above (RFC 9933 4.5.3) */
};

#define PCEP_LSPA_L UINT8_C(0x01) /* local protection desired */
#define PCEP_LSPA_E UINT8_C(0x02) /* protection enforced (RFC 9488) */

#define PCEP_SVEC_L UINT32_C(0x000001) /* link diverse */
#define PCEP_SVEC_N UINT32_C(0x000002) /* node diverse */
#define PCEP_SVEC_S UINT32_C(0x000004) /* SRLG diverse */

/* LSP flags (RFC 8231 7.3, RFC 8281 5.3.1) */
#define PCEP_LSP_D       UINT16_C(0x001) /* delegated */
#define PCEP_LSP_S       UINT16_C(0x002) /* synchronisation */
#define PCEP_LSP_R       UINT16_C(0x004) /* removed */
#define PCEP_LSP_A       UINT16_C(0x008) /* administratively up */
#define PCEP_LSP_O       UINT16_C(0x070) /* operational state, enum pcep_lsp_operational << 4 */
#define PCEP_LSP_C       UINT16_C(0x080) /* created by a PCE */
#define PCEP_LSP_N       UINT16_C(0x100) /* point to multipoint (RFC 8623 7.1) */
#define PCEP_LSP_P       UINT16_C(0x800) /* the PCE is to allocate (RFC 9604 8) */
#define PCEP_LSP_O_SHIFT 4
_Static_assert(PCEP_LSP_O >> PCEP_LSP_O_SHIFT == 7, "O has three bits (RFC 8231 7.3)");

enum pcep_lsp_operational {
    PCEP_LSP_DOWN = 0,
    PCEP_LSP_UP = 1,
    PCEP_LSP_ACTIVE = 2,
    PCEP_LSP_GOING_DOWN = 3,
    PCEP_LSP_GOING_UP = 4,
};

#define PCEP_PLSP_ID_MAX UINT32_C(0xFFFFF) /* reserved, as 0 is (RFC 8231 7.3) */
#define PCEP_SRP_ID_MAX  UINT32_MAX        /* reserved, as 0 is (RFC 8231 7.2) */

#define PCEP_SRP_R UINT32_C(0x00000001) /* remove the LSP (RFC 8281 5.2) */
#define PCEP_SRP_C UINT32_C(0x00000002) /* control is asked for (RFC 8741 4) */

#define PCEP_ASSOCIATION_R UINT16_C(0x0001) /* removed */

/* STATEFUL-PCE-CAPABILITY (RFC 8231 7.1.1, RFC 8232, RFC 8281 4.1) */
#define PCEP_STATEFUL_U  UINT32_C(0x01) /* LSP update */
#define PCEP_STATEFUL_S  UINT32_C(0x02) /* database version included */
#define PCEP_STATEFUL_I  UINT32_C(0x04) /* LSP instantiation */
#define PCEP_STATEFUL_T  UINT32_C(0x08) /* triggered resynchronisation */
#define PCEP_MULTIPATH_W UINT16_C(0x01) /* weights (multipath draft 5.1.1) */
#define PCEP_MULTIPATH_B UINT16_C(0x02) /* backup paths */

#define PCEP_PATH_ATTRIB_R      UINT32_C(0x8) /* it is the way back (multipath draft 4.1) */
#define PCEP_PATH_ATTRIB_O      UINT32_C(0x7)
#define PCEP_MULTIPATH_BACKUP_B UINT16_C(0x1) /* it carries what was rerouted alone */

#define PCEP_STATEFUL_C UINT32_C(0x800) /* colours (RFC 9863 3.1) */
#define PCEP_STATEFUL_D UINT32_C(0x10)  /* delta synchronisation */
#define PCEP_STATEFUL_F UINT32_C(0x20)  /* triggered initial synchronisation */

enum pcep_path_setup_kind { /* values of `pst` (IANA "PCEP Path Setup Types") */
                            PCEP_PST_RSVP_TE = 0,
                            PCEP_PST_SR = 1,
                            PCEP_PST_PCECC = 2,
                            PCEP_PST_SRV6 = 3,
                            PCEP_PST_NATIVE_IP = 4,
};

#define PCEP_SR_CAPABILITY_X   UINT8_C(0x01) /* no limit to the SID depth */
#define PCEP_SR_CAPABILITY_N   UINT8_C(0x02) /* NAIs can be resolved to SIDs */
#define PCEP_SR_CAPABILITY_S   UINT8_C(0x04) /* SR-Algorithms (RFC 9933 4.1.1) */
#define PCEP_SRV6_CAPABILITY_N UINT16_C(0x0002)
#define PCEP_SRV6_CAPABILITY_S UINT16_C(0x0004) /* SR-Algorithms (RFC 9933 4.1.2) */

/* MSD types of SRv6-PCE-CAPABILITY (RFC 9352 4) */
enum {
    PCEP_MSD_NONE = 0, /* with the value 0: padding */
    PCEP_MSD_SEGMENTS_LEFT = 41,
    PCEP_MSD_END_POP = 42,
    PCEP_MSD_H_ENCAPS = 44,
    PCEP_MSD_END_D = 45,
};

/* Flags of the SR-ALGORITHM TLV (RFC 9933 4.4) */
#define PCEP_SR_ALGORITHM_S        UINT8_C(0x01) /* no path rather than one of another algorithm */
#define PCEP_SR_ALGORITHM_FLEXIBLE 128           /* the first of the flexible algorithms */

/* Flags of the SR subobject (RFC 8664 4.3.1) */
#define PCEP_SR_M UINT16_C(0x001) /* sid is a label stack entry */
#define PCEP_SR_C UINT16_C(0x002) /* TC, S and TTL of it are given */
#define PCEP_SR_S UINT16_C(0x004) /* no SID */
#define PCEP_SR_F UINT16_C(0x008) /* no NAI */
#define PCEP_SR_A UINT16_C(0x010) /* algorithm given (RFC 9933 4.2), in SRv6 too */

/* Flags of the SRv6 subobject (RFC 9603 4.3.1) */
#define PCEP_SRV6_S UINT16_C(0x001) /* no SID */
#define PCEP_SRV6_F UINT16_C(0x002) /* no NAI */
#define PCEP_SRV6_T UINT16_C(0x004) /* SID structure present */
#define PCEP_SRV6_V UINT16_C(0x008) /* SID verification asked for */
#define PCEP_SRV6_A PCEP_SR_A

enum pcep_nai {
    PCEP_NAI_NONE = 0,
    PCEP_NAI_IPV4_NODE = 1,
    PCEP_NAI_IPV6_NODE = 2,
    PCEP_NAI_IPV4_ADJACENCY = 3,
    PCEP_NAI_IPV6_ADJACENCY = 4,
    PCEP_NAI_UNNUMBERED = 5,
    PCEP_NAI_IPV6_LINK_LOCAL = 6,
};

/* CLOSE reasons (RFC 5440 7.17) */
enum pcep_close_reason {
    PCEP_CLOSE_NONE = 0, /* no Close */
    PCEP_CLOSE_NO_EXPLANATION = 1,
    PCEP_CLOSE_DEAD_TIMER = 2,
    PCEP_CLOSE_MALFORMED = 3,
    PCEP_CLOSE_UNKNOWN_REQUESTS = 4,
    PCEP_CLOSE_UNKNOWN_MESSAGES = 5,
};

/* NOTIFICATION types, and their values (RFC 5440 7.14) */
enum pcep_notification_type {
    PCEP_NOTIFY_CANCELLED = 1, /* of requests */
    PCEP_NOTIFY_OVERLOAD = 2,  /* of a PCE */
    PCEP_NOTIFY_LIMIT = 4,     /* of what a PCC may occupy (RFC 8231 8.6) */
    PCEP_NOTIFY_AUTO_BANDWIDTH =
        5, /* either end is overwhelmed (RFC 8733 5.7); values as of OVERLOAD */
};

enum pcep_cancelled_value {
    PCEP_CANCELLED_BY_PCC = 1,
    PCEP_CANCELLED_BY_PCE = 2,
};

enum pcep_overload_value {
    PCEP_OVERLOAD_BEGINS = 1,
    PCEP_OVERLOAD_ENDS = 2,
};

enum pcep_limit_value {
    PCEP_LIMIT_ENTERED = 1,
};

/* Objective functions (RFC 5541 3.1) */
enum pcep_of_code {
    PCEP_OF_MCP = 1,  /* minimum cost path */
    PCEP_OF_MLP = 2,  /* minimum load path */
    PCEP_OF_MBP = 3,  /* maximum residual bandwidth path */
    PCEP_OF_MBC = 4,  /* of a set: minimum aggregate bandwidth consumption */
    PCEP_OF_MLL = 5,  /* … minimum load of the most loaded link */
    PCEP_OF_MCC = 6,  /* … minimum cumulative cost */
    PCEP_OF_MPLP = 9, /* minimum packet loss path (RFC 8233 3.3) */
};

#endif
