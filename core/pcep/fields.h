/* Field lists: every regular body of an object, TLV or subobject, declared once.
 *
 * A list is a row of X(KIND, member, NAMES) in wire order (core/wire/layout.h has the kinds;
 * SUBOBJECTS is PCEP's own, of EXRS alone). model.h makes the struct of it, layout.c the rest. NAMES
 * is a table of names.def; of a LIST it has the layout.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_FIELDS_H
#define PCED_CORE_PCEP_FIELDS_H

/* ---- objects ---- */

#define PCEP_FIELDS_empty(X) /* objects that are subobjects alone */

/* RFC 5440 7.3 */
#define PCEP_FIELDS_open(X)                                                                        \
    X(HI3, version, PLAIN)                                                                         \
    X(LO5, flags, HEX)                                                                             \
    X(U8, keepalive_s, PLAIN)                                                                      \
    X(U8, dead_timer_s, PLAIN)                                                                     \
    X(U8, sid, PLAIN)

/* RFC 5440 7.4 */
#define PCEP_FIELDS_rp(X) X(U32, flags, RP_FLAGS) X(U32, request_id, PLAIN)

/* RFC 5440 7.5 */
#define PCEP_FIELDS_no_path(X)                                                                     \
    X(U8, nature, NO_PATH_NATURES) X(U16, flags, NO_PATH_FLAGS) X(U8, reserved, RESERVED)

/* RFC 5440 7.6 */
#define PCEP_FIELDS_end_points_v4(X) X(IPV4, source, PLAIN) X(IPV4, destination, PLAIN)
#define PCEP_FIELDS_end_points_v6(X) X(IPV6, source, PLAIN) X(IPV6, destination, PLAIN)

/* RFC 8306 3.3.2 */
#define PCEP_FIELDS_end_points_p2mp_v4(X)                                                          \
    X(U32, leaf_type, P2MP_LEAF_TYPES) X(IPV4, source, PLAIN) X(IPV4S, destinations, PLAIN)
#define PCEP_FIELDS_end_points_p2mp_v6(X)                                                          \
    X(U32, leaf_type, P2MP_LEAF_TYPES) X(IPV6, source, PLAIN) X(IPV6S, destinations, PLAIN)
/* RFC 8779 2.5.1; the endpoints are TLVs */
#define PCEP_FIELDS_end_points_generalized(X) X(U24, reserved, RESERVED) X(U8, type, ENDPOINT_TYPES)

/* RFC 8779 2.3 (hand-written: two specifications whose lengths stand in front); the type is the
 * C-Type of the RSVP SENDER_TSPEC whose body each specification is */
#define PCEP_FIELDS_generalized_bandwidth(X)                                                       \
    X(U8, type, BANDWIDTH_SPECS)                                                                   \
    X(U24, reserved, RESERVED)                                                                     \
    X(OCTETS, forward, PLAIN)                                                                      \
    X(OCTETS, reverse, PLAIN)
/* RFC 8779 2.4 (hand-written, as above) */
#define PCEP_FIELDS_generalized_load_balancing(X)                                                  \
    X(U8, type, BANDWIDTH_SPECS)                                                                   \
    X(U8, lsp_count_max, PLAIN)                                                                    \
    X(U16, reserved, RESERVED)                                                                     \
    X(OCTETS, forward_min, PLAIN)                                                                  \
    X(OCTETS, reverse_min, PLAIN)

/* RFC 5440 7.7; octets per second */
#define PCEP_FIELDS_bandwidth(X) X(F32, bandwidth, PLAIN)

/* RFC 5440 7.8 */
#define PCEP_FIELDS_metric(X)                                                                      \
    X(U16, reserved, RESERVED)                                                                     \
    X(U8, flags, METRIC_FLAGS)                                                                     \
    X(U8, type, METRIC_TYPES)                                                                      \
    X(F32, value, PLAIN)

/* RFC 5440 7.11 */
#define PCEP_FIELDS_lspa(X)                                                                        \
    X(U32, exclude_any, HEX)                                                                       \
    X(U32, include_any, HEX)                                                                       \
    X(U32, include_all, HEX)                                                                       \
    X(U8, setup_priority, PLAIN)                                                                   \
    X(U8, holding_priority, PLAIN)                                                                 \
    X(U8, flags, LSPA_FLAGS)                                                                       \
    X(U8, reserved, RESERVED)

/* RFC 5440 7.13.2 */
#define PCEP_FIELDS_svec(X)                                                                        \
    X(U8, reserved, RESERVED) X(U24, flags, SVEC_FLAGS) X(U32S, request_ids, PLAIN)

/* RFC 5440 7.14 */
#define PCEP_FIELDS_notification(X)                                                                \
    X(U8, reserved, RESERVED)                                                                      \
    X(U8, flags, HEX)                                                                              \
    X(U8, type, NOTIFICATION_TYPES)                                                                \
    X(U8, value, PLAIN)

/* RFC 5440 7.15 */
#define PCEP_FIELDS_error(X)                                                                       \
    X(U8, reserved, RESERVED) X(U8, flags, HEX) X(U8, type, PLAIN) X(U8, value, PLAIN)

/* RFC 5440 7.16 */
#define PCEP_FIELDS_load_balancing(X)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(U8, flags, HEX)                                                                              \
    X(U8, lsp_count_max, PLAIN)                                                                    \
    X(F32, bandwidth_min, PLAIN)

/* RFC 5440 7.17 */
#define PCEP_FIELDS_close(X)                                                                       \
    X(U16, reserved, RESERVED) X(U8, flags, HEX) X(U8, reason, CLOSE_REASONS)

/* RFC 5521 2.1 */
#define PCEP_FIELDS_xro(X) X(U16, reserved, RESERVED) X(U16, flags, XRO_FLAGS)

/* RFC 5541 3.1 */
#define PCEP_FIELDS_of(X) X(U16, code, OF_CODES) X(U16, reserved, RESERVED)

/* RFC 5455 3.1: the low three bits are the class type */
#define PCEP_FIELDS_classtype(X) X(U32, class_type, PLAIN)

/* RFC 5557 5.5; percentages, 0 = no constraint */
#define PCEP_FIELDS_global_constraints(X)                                                          \
    X(U8, hops_max, PLAIN)                                                                         \
    X(U8, utilization_max, PLAIN)                                                                  \
    X(U8, utilization_min, PLAIN)                                                                  \
    X(U8, over_booking, PLAIN)

/* RFC 5886 4.1 */
#define PCEP_FIELDS_monitoring(X)                                                                  \
    X(U8, reserved, RESERVED) X(U24, flags, MONITORING_FLAGS) X(U32, monitoring_id, PLAIN)

/* RFC 5886 4.2, 4.3 */
#define PCEP_FIELDS_pce_id_v4(X) X(IPV4, address, PLAIN)
#define PCEP_FIELDS_pce_id_v6(X) X(IPV6, address, PLAIN)

/* RFC 5886 4.4; milliseconds */
#define PCEP_FIELDS_proc_time(X)                                                                   \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, flags, PROC_TIME_FLAGS)                                                                 \
    X(U32, current_ms, PLAIN)                                                                      \
    X(U32, minimum_ms, PLAIN)                                                                      \
    X(U32, maximum_ms, PLAIN)                                                                      \
    X(U32, average_ms, PLAIN)                                                                      \
    X(U32, variance_ms, PLAIN)

/* RFC 5886 4.5 */
#define PCEP_FIELDS_overload(X)                                                                    \
    X(U8, flags, HEX) X(U8, reserved, RESERVED) X(U16, duration_s, PLAIN)

/* RFC 8306 3.14 */
#define PCEP_FIELDS_unreach_destination_v4(X) X(IPV4S, destinations, PLAIN)
#define PCEP_FIELDS_unreach_destination_v6(X) X(IPV6S, destinations, PLAIN)

/* RFC 8231 7.3 */
#define PCEP_FIELDS_lsp(X) X(HI20, plsp_id, PLAIN) X(LO12, flags, LSP_FLAGS)

/* RFC 8231 7.2 */
#define PCEP_FIELDS_srp(X) X(U32, flags, SRP_FLAGS) X(U32, srp_id, PLAIN)

/* RFC 7470 2 and 3: the object and the TLV */
#define PCEP_FIELDS_vendor(X) X(U32, enterprise, PLAIN) X(OCTETS, octets, PLAIN)

/* RFC 8233 3.2.3 */
#define PCEP_FIELDS_bu(X)                                                                          \
    X(U24, reserved, RESERVED) X(U8, type, BU_TYPES) X(F32, utilization, PLAIN)

/* RFC 8282 3.1 … 3.4 */
#define PCEP_FIELDS_inter_layer(X)  X(U32, flags, INTER_LAYER_FLAGS)
#define PCEP_FIELDS_switch_layer(X) X(U32S, layers, SWITCH_LAYERS)
/* REQ-ADAP-CAP and SERVER-INDICATION */
#define PCEP_FIELDS_adaptation(X)                                                                  \
    X(U8, switching, SWITCHING_TYPES) X(U8, encoding, LSP_ENCODINGS) X(U16, reserved, RESERVED)

/* RFC 8697 6.1 */
#define PCEP_FIELDS_association_v4(X)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, flags, ASSOCIATION_FLAGS)                                                               \
    X(U16, type, ASSOCIATION_TYPES)                                                                \
    X(U16, id, PLAIN)                                                                              \
    X(IPV4, source, PLAIN)
#define PCEP_FIELDS_association_v6(X)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, flags, ASSOCIATION_FLAGS)                                                               \
    X(U16, type, ASSOCIATION_TYPES)                                                                \
    X(U16, id, PLAIN)                                                                              \
    X(IPV6, source, PLAIN)

/* RFC 8623 7.2 */
#define PCEP_FIELDS_s2ls(X) X(U32, flags, S2LS_FLAGS)

/* RFC 8780 4 */
#define PCEP_FIELDS_wavelength_assignment(X) X(U16, reserved, RESERVED) X(U16, flags, WA_FLAGS)

/* RFC 9168 5 */
#define PCEP_FIELDS_flowspec(X)                                                                    \
    X(U32, fs_id, PLAIN)                                                                           \
    X(U16, afi, ADDRESS_FAMILIES)                                                                  \
    X(U8, reserved, RESERVED)                                                                      \
    X(U8, flags, FLOWSPEC_FLAGS)

/* RFC 9050 7.3; RFC 9757 7.1 */
#define PCEP_FIELDS_cci(X)                                                                         \
    X(U32, cc_id, PLAIN)                                                                           \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, flags, CCI_FLAGS)                                                                       \
    X(HI20, label, PLAIN)                                                                          \
    X(LO12, reserved_low, RESERVED)
#define PCEP_FIELDS_cci_native_ip(X)                                                               \
    X(U32, cc_id, PLAIN) X(U16, reserved, RESERVED) X(U16, flags, HEX)

/* RFC 9757 7.2, 7.3: BPI and EPR */
#define PCEP_FIELDS_bgp_peer_v4(X)                                                                 \
    X(U32, peer_as, PLAIN)                                                                         \
    X(U8, ebgp_ttl, PLAIN)                                                                         \
    X(U8, status, BPI_STATUSES)                                                                    \
    X(U8, error_code, BPI_ERRORS)                                                                  \
    X(U8, flags, BPI_FLAGS)                                                                        \
    X(IPV4, local, PLAIN)                                                                          \
    X(IPV4, peer, PLAIN)
#define PCEP_FIELDS_bgp_peer_v6(X)                                                                 \
    X(U32, peer_as, PLAIN)                                                                         \
    X(U8, ebgp_ttl, PLAIN)                                                                         \
    X(U8, status, BPI_STATUSES)                                                                    \
    X(U8, error_code, BPI_ERRORS)                                                                  \
    X(U8, flags, BPI_FLAGS)                                                                        \
    X(IPV6, local, PLAIN)                                                                          \
    X(IPV6, peer, PLAIN)
#define PCEP_FIELDS_peer_route_v4(X)                                                               \
    X(U16, priority, PLAIN)                                                                        \
    X(U16, reserved, RESERVED)                                                                     \
    X(IPV4, peer, PLAIN)                                                                           \
    X(IPV4, next_hop, PLAIN)
#define PCEP_FIELDS_peer_route_v6(X)                                                               \
    X(U16, priority, PLAIN)                                                                        \
    X(U16, reserved, RESERVED)                                                                     \
    X(IPV6, peer, PLAIN)                                                                           \
    X(IPV6, next_hop, PLAIN)
/* RFC 9757 7.4 (hand-written: the number of prefixes stands in front, TLVs follow) */
#define PCEP_FIELDS_peer_prefixes_v4(X)                                                            \
    X(IPV4, peer, PLAIN) X(U24, reserved, RESERVED) X(LIST, prefixes, PREFIXES_V4)
#define PCEP_FIELDS_peer_prefixes_v6(X)                                                            \
    X(IPV6, peer, PLAIN) X(U24, reserved, RESERVED) X(LIST, prefixes, PREFIXES_V6)
#define PCEP_FIELDS_prefix_v4(X)                                                                   \
    X(IPV4, prefix, PLAIN) X(U8, bits, PLAIN) X(U24, reserved, RESERVED)
#define PCEP_FIELDS_prefix_v6(X)                                                                   \
    X(IPV6, prefix, PLAIN) X(U8, bits, PLAIN) X(U24, reserved, RESERVED)

/* Multipath draft 4.1 */
#define PCEP_FIELDS_path_attrib(X) X(U32, flags, PATH_ATTRIB_FLAGS) X(U32, path_id, PLAIN)

/* ---- TLVs ---- */

/* One word of flags: each TLV has its own names. */
#define PCEP_FIELDS_no_path_vector(X)            X(U32, flags, NO_PATH_VECTOR_FLAGS)
#define PCEP_FIELDS_stateful_pce_capability(X)   X(U32, flags, STATEFUL_FLAGS)
#define PCEP_FIELDS_pcecc_capability(X)          X(U32, flags, PCECC_FLAGS)
#define PCEP_FIELDS_auto_bandwidth_capability(X) X(U32, flags, HEX)
#define PCEP_FIELDS_disjointness(X)              X(U32, flags, DISJOINTNESS_FLAGS)
#define PCEP_FIELDS_bidirectional_group(X)       X(U32, flags, BIDIRECTIONAL_FLAGS)
#define PCEP_FIELDS_path_protection_group(X)     X(U32, flags, PATH_PROTECTION_FLAGS)
#define PCEP_FIELDS_h_pce_capability(X)          X(U32, flags, H_PCE_CAPABILITY_FLAGS)
#define PCEP_FIELDS_h_pce_flag(X)                X(U32, flags, H_PCE_FLAGS)
#define PCEP_FIELDS_gmpls_capability(X)          X(U32, flags, GMPLS_FLAGS)
#define PCEP_FIELDS_sr_policy_capability(X)      X(U32, flags, SR_POLICY_FLAGS)

#define PCEP_FIELDS_duration(X)    X(U32, duration_s, PLAIN) /* RFC 5440 7.14 */
#define PCEP_FIELDS_req_missing(X) X(U32, request_id, PLAIN) /* RFC 5440 7.15 */
#define PCEP_FIELDS_of_list(X)     X(U16S, codes, OF_CODES)  /* RFC 5541 2.1 */
#define PCEP_FIELDS_order(X)       X(U32, delete_order, PLAIN) X(U32, setup_order, PLAIN)
#define PCEP_FIELDS_name(X)        X(TEXT, name, PLAIN) /* RFC 8231 7.3.2 */
#define PCEP_FIELDS_octets(X)      X(OCTETS, octets, PLAIN)
/* RFC 8232 3.3.2 (hand-written: it may not be empty) */
#define PCEP_FIELDS_speaker_entity_id(X) X(OCTETS, octets, PLAIN)
#define PCEP_FIELDS_lsp_error_code(X)    X(U32, code, LSP_ERROR_CODES) /* RFC 8231 7.3.3 */
#define PCEP_FIELDS_lsp_db_version(X)    X(U64, version, PLAIN)        /* RFC 8232 3.3.1 */

/* RFC 8231 7.3.1 */
#define PCEP_FIELDS_ipv4_lsp_identifiers(X)                                                        \
    X(IPV4, sender, PLAIN)                                                                         \
    X(U16, lsp_id, PLAIN)                                                                          \
    X(U16, tunnel_id, PLAIN)                                                                       \
    X(IPV4, extended_tunnel_id, PLAIN)                                                             \
    X(IPV4, endpoint, PLAIN)
#define PCEP_FIELDS_ipv6_lsp_identifiers(X)                                                        \
    X(IPV6, sender, PLAIN)                                                                         \
    X(U16, lsp_id, PLAIN)                                                                          \
    X(U16, tunnel_id, PLAIN)                                                                       \
    X(IPV6, extended_tunnel_id, PLAIN)                                                             \
    X(IPV6, endpoint, PLAIN)

/* RFC 8231 7.3.4: an object of RSVP with its header (hand-written). An ERROR_SPEC (RFC 2205 A.5) is
 * taken apart, anything else stands in octets. */
#define PCEP_FIELDS_rsvp_error_spec(X)                                                             \
    X(U16, length, OPTIONAL)                                                                       \
    X(U8, class_number, OPTIONAL)                                                                  \
    X(U8, c_type, OPTIONAL)                                                                        \
    X(IP, node, OPTIONAL)                                                                          \
    X(U8, flags, OPTIONAL)                                                                         \
    X(U8, code, OPTIONAL)                                                                          \
    X(U16, value, OPTIONAL)                                                                        \
    X(OCTETS, octets, OPTIONAL)

/* RFC 8623 7.1.1 */
#define PCEP_FIELDS_p2mp_ipv4_lsp_identifiers(X)                                                   \
    X(IPV4, sender, PLAIN)                                                                         \
    X(U16, lsp_id, PLAIN)                                                                          \
    X(U16, tunnel_id, PLAIN)                                                                       \
    X(IPV4, extended_tunnel_id, PLAIN)                                                             \
    X(U32, p2mp_id, PLAIN)
#define PCEP_FIELDS_p2mp_ipv6_lsp_identifiers(X)                                                   \
    X(IPV6, sender, PLAIN)                                                                         \
    X(U16, lsp_id, PLAIN)                                                                          \
    X(U16, tunnel_id, PLAIN)                                                                       \
    X(IPV6, extended_tunnel_id, PLAIN)                                                             \
    X(U32, p2mp_id, PLAIN)

/* RFC 8306 3.1.2 */
#define PCEP_FIELDS_p2mp_capable(X) X(U16, reserved, RESERVED)

/* RFC 8685 3.1 (hand-written): by its type a number, an area, or octets */
#define PCEP_FIELDS_domain_id(X)                                                                   \
    X(U8, type, DOMAIN_TYPES)                                                                      \
    X(U24, reserved, RESERVED)                                                                     \
    X(U32, as_number, OPTIONAL)                                                                    \
    X(IP, area, OPTIONAL)                                                                          \
    X(OCTETS, domain, OPTIONAL)

/* RFC 8733 5.2.1 … 5.2.5.4; bandwidths in octets per second */
#define PCEP_FIELDS_interval(X)            X(U32, interval_s, PLAIN)
#define PCEP_FIELDS_threshold_bandwidth(X) X(F32, bandwidth, PLAIN)
#define PCEP_FIELDS_adjustment_percentage(X)                                                       \
    X(U24, reserved, RESERVED)                                                                     \
    X(HI1, reserved_bit, RESERVED)                                                                 \
    X(LO7, percentage, PLAIN)                                                                      \
    X(F32, threshold_min, PLAIN)
#define PCEP_FIELDS_overflow_threshold(X)                                                          \
    X(U24, reserved, RESERVED)                                                                     \
    X(HI3, reserved_bits, RESERVED)                                                                \
    X(LO5, count, PLAIN)                                                                           \
    X(F32, threshold, PLAIN)
#define PCEP_FIELDS_overflow_percentage(X)                                                         \
    X(HI7, percentage, PLAIN)                                                                      \
    X(LO1, reserved_bit, RESERVED)                                                                 \
    X(U16, reserved, RESERVED)                                                                     \
    X(HI3, reserved_bits, RESERVED)                                                                \
    X(LO5, count, PLAIN)                                                                           \
    X(F32, threshold_min, PLAIN)

/* RFC 8779 2.5.2, used by RFC 9050 7.3.1 too */
#define PCEP_FIELDS_ipv4_address(X)        X(IPV4, address, PLAIN)
#define PCEP_FIELDS_ipv6_address(X)        X(IPV6, address, PLAIN)
#define PCEP_FIELDS_unnumbered_endpoint(X) X(IPV4, router_id, PLAIN) X(U32, interface_id, PLAIN)
#define PCEP_FIELDS_label_request(X)                                                               \
    X(U8, encoding, LSP_ENCODINGS) X(U8, switching, SWITCHING_TYPES) X(U16, g_pid, PLAIN)
/* RFC 8779 2.5.2.5: how long a subchannel is depends on the label type and the link */
#define PCEP_FIELDS_label_set(X)                                                                   \
    X(U8, action, LABEL_SET_ACTIONS) X(U24, flags, LABEL_SET_FLAGS) X(OCTETS, subchannels, PLAIN)
/* RFC 8780 4.3 and 5.1 (hand-written). A wavelength is a label of RFC 6205; what follows the first
 * depends on the action of the label set (RFC 7579 2.6). A restriction may be followed by others:
 * those stand in further. */
#define PCEP_FIELDS_wavelength_restriction(X)                                                      \
    X(U8, action, WAVELENGTH_ACTIONS)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(LIST, links, LINK_IDENTIFIERS)                                                               \
    X(HI4, label_action, WAVELENGTH_SET_ACTIONS)                                                   \
    X(LO12, label_count, PLAIN)                                                                    \
    X(U32, label, WAVELENGTHS)                                                                     \
    X(U32S, more, HEX)                                                                             \
    X(OCTETS, further, OPTIONAL)
#define PCEP_FIELDS_wavelength_allocation(X)                                                       \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, flags, WAVELENGTH_FLAGS)                                                                \
    X(LIST, links, LINK_IDENTIFIERS)                                                               \
    X(HI4, label_action, WAVELENGTH_SET_ACTIONS)                                                   \
    X(LO12, label_count, PLAIN)                                                                    \
    X(U32, label, WAVELENGTHS)                                                                     \
    X(U32S, more, HEX)
/* RFC 8780 4.3.1: an address, or of type 3 a node and an interface of it */
#define PCEP_FIELDS_link_identifier(X)                                                             \
    X(U8, type, LINK_TYPES)                                                                        \
    X(U24, reserved, RESERVED)                                                                     \
    X(IP, address, PLAIN)                                                                          \
    X(U32, interface_id, OPTIONAL)
/* RFC 8779 2.8: the body of the PROTECTION object of RFC 4872 14.1 and RFC 4873 6.1 */
#define PCEP_FIELDS_protection_attribute(X)                                                        \
    X(U32, flags, PROTECTION_FLAGS) X(U32, segment_flags, SEGMENT_PROTECTION_FLAGS)

/* RFC 8934 5.2; the start is in seconds from now, or since 1970 when it is not relative. What may
 * come before and after is grace with the G flag, else how far all may be shifted. */
#define PCEP_FIELDS_schedule(X)                                                                    \
    X(U8, flags, SCHEDULE_FLAGS)                                                                   \
    X(U24, reserved, RESERVED)                                                                     \
    X(U32, start_time_s, PLAIN)                                                                    \
    X(U32, duration_s, PLAIN)                                                                      \
    X(U16, before_s, PLAIN)                                                                        \
    X(U16, after_s, PLAIN)
#define PCEP_FIELDS_periodical_schedule(X)                                                         \
    X(U8, flags, SCHEDULE_FLAGS)                                                                   \
    X(HI4W, option, SCHEDULE_OPTIONS)                                                              \
    X(LO12W, repeat_count, PLAIN)                                                                  \
    X(U8, reserved, RESERVED)                                                                      \
    X(U32, start_time_s, PLAIN)                                                                    \
    X(U32, duration_s, PLAIN)                                                                      \
    X(U32, repeat_time_s, PLAIN)                                                                   \
    X(U16, before_s, PLAIN)                                                                        \
    X(U16, after_s, PLAIN)

/* RFC 9168 4; 7 and its sub-TLVs: those below 256 are BGP's components (RFC 8955 4.2.2, RFC 8956 3)
 * without their type, the multicast flows are RFC 9168's own */
#define PCEP_FIELDS_flowspec_capability(X) X(U16, value, RESERVED)
#define PCEP_FIELDS_flow_prefix(X)         X(U8, bits, PLAIN) X(OCTETS, pattern, PLAIN)
/* Lists of comparisons (hand-written): each term is its operator in the high word and its value in
 * the low one; a list that is not one, or has values of 8 octets, stands in octets. */
#define PCEP_FIELDS_flow_numeric(X)        X(U64S, terms, FLOW_NUMERIC) X(OCTETS, octets, OPTIONAL)
#define PCEP_FIELDS_flow_bitmask(X)        X(U64S, terms, FLOW_BITMASK) X(OCTETS, octets, OPTIONAL)
#define PCEP_FIELDS_route_distinguisher(X) X(U64, distinguisher, HEX)
#define PCEP_FIELDS_multicast_v4(X)                                                                \
    X(U16, flags, MULTICAST_FLAGS)                                                                 \
    X(U8, source_bits, PLAIN)                                                                      \
    X(U8, group_bits, PLAIN)                                                                       \
    X(IPV4, source, PLAIN)                                                                         \
    X(IPV4, group, PLAIN)
#define PCEP_FIELDS_multicast_v6(X)                                                                \
    X(U16, flags, MULTICAST_FLAGS)                                                                 \
    X(U8, source_bits, PLAIN)                                                                      \
    X(U8, group_bits, PLAIN)                                                                       \
    X(IPV6, source, PLAIN)                                                                         \
    X(IPV6, group, PLAIN)

/* RFC 9357 3: at least one word; RFC 9504 and the circuit-style draft have named bits */
#define PCEP_FIELDS_lsp_extended_flag(X) X(U32, flags, LSP_EXTENDED_FLAGS) X(U32S, more, HEX)

/* RFC 9933 4.4 */
#define PCEP_FIELDS_sr_algorithm(X)                                                                \
    X(U16, reserved, RESERVED) X(U8, flags, SR_ALGORITHM_FLAGS) X(U8, algorithm, SR_ALGORITHMS)

/* RFC 9863; RFC 9862 5.2, 5.3, 5.4 */
#define PCEP_FIELDS_color(X)    X(U32, color, PLAIN)
#define PCEP_FIELDS_priority(X) X(U8, priority, PLAIN) X(U24, reserved, RESERVED)
#define PCEP_FIELDS_explicit_null(X)                                                               \
    X(U8, policy, EXPLICIT_NULL_POLICIES) X(U24, reserved, RESERVED)
#define PCEP_FIELDS_invalidation(X)                                                                \
    X(U8, operational, INVALIDATION_FLAGS)                                                         \
    X(U8, configuration, INVALIDATION_FLAGS)                                                       \
    X(U16, reserved, RESERVED)

/* RFC 8408 4 */
#define PCEP_FIELDS_path_setup_type(X) X(U24, reserved, RESERVED) X(U8, pst, PATH_SETUP_TYPES)
/* RFC 8408 3 (hand-written: the list has a count and padding, sub-TLVs follow) */
#define PCEP_FIELDS_path_setup_type_capability(X)                                                  \
    X(U24, reserved, RESERVED) X(U8S, psts, PATH_SETUP_TYPES) X(PAD24, padding, RESERVED)
/* RFC 8664 4.1.2 */
#define PCEP_FIELDS_sr_pce_capability(X)                                                           \
    X(U16, reserved, RESERVED) X(U8, flags, SR_CAPABILITY_FLAGS) X(U8, msd, PLAIN)
/* RFC 9603 4.1.1: each pair is an MSD type in the high octet and its value in the low one */
#define PCEP_FIELDS_srv6_pce_capability(X)                                                         \
    X(U16, reserved, RESERVED) X(U16, flags, SRV6_CAPABILITY_FLAGS) X(U16S, msds, MSD_PAIRS)

/* RFC 8697 5, 6.1.1, 4.1; each range is of 16 bits reserved, type, first ID and count */
#define PCEP_FIELDS_association_ranges(X) X(U64S, ranges, ASSOCIATION_RANGES)
#define PCEP_FIELDS_global_source(X)      X(U32, source, PLAIN)
#define PCEP_FIELDS_association_types(X)  X(U16S, types, ASSOCIATION_TYPES)
/* RFC 8697 6.1.2; with 8 or 20 octets colour and endpoint (RFC 9862 4.1), else octets
 * (hand-written) */
#define PCEP_FIELDS_extended_association_id(X)                                                     \
    X(U32, color, OPTIONAL) X(OCTETS, endpoint, ADDRESS) X(OCTETS, octets, OPTIONAL)

/* RFC 9604 4 and the form of its drafts that is still sent as 65505 (hand-written): a label stack
 * entry (of type 0 the label alone), an SRv6 SID, with type 3 its behavior and structure too. What
 * the type does not explain stands in value. */
#define PCEP_FIELDS_te_path_binding(X)                                                             \
    X(U8, type, BINDING_TYPES)                                                                     \
    X(U8, flags, BINDING_FLAGS)                                                                    \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32S, entries, LABEL_ENTRIES)                                                                \
    X(IP, sid, OPTIONAL)                                                                           \
    X(U16, sid_reserved, RESERVED)                                                                 \
    X(U16, behavior, OPTIONAL)                                                                     \
    X(U8, locator_block_bits, OPTIONAL)                                                            \
    X(U8, locator_node_bits, OPTIONAL)                                                             \
    X(U8, function_bits, OPTIONAL)                                                                 \
    X(U8, argument_bits, OPTIONAL)                                                                 \
    X(OCTETS, value, OPTIONAL)
#define PCEP_FIELDS_te_path_binding_old(X)                                                         \
    X(U16, reserved, RESERVED)                                                                     \
    X(U8, type, BINDING_TYPES)                                                                     \
    X(U32S, entries, LABEL_ENTRIES)                                                                \
    X(OCTETS, value, OPTIONAL)

/* RFC 9862 4.2.2, 4.2.4 */
#define PCEP_FIELDS_srpolicy_cpath_id(X)                                                           \
    X(U8, origin, PROTOCOL_ORIGINS)                                                                \
    X(U24, reserved, RESERVED)                                                                     \
    X(U32, originator_as, PLAIN)                                                                   \
    X(IPV6, originator, PLAIN)                                                                     \
    X(U32, discriminator, PLAIN)
#define PCEP_FIELDS_preference(X) X(U32, preference, PLAIN)

/* Multipath draft 4.3, 4.4, 4.5, 4.6.1, 5.1.1 */
#define PCEP_FIELDS_multipath_backup(X)                                                            \
    X(U16, path_count, PLAIN) X(U16, flags, MULTIPATH_BACKUP_FLAGS) X(U32S, path_ids, PLAIN)
#define PCEP_FIELDS_multipath_cap(X)    X(U16, paths_max, PLAIN) X(U16, flags, MULTIPATH_CAP_FLAGS)
#define PCEP_FIELDS_multipath_weight(X) X(U32, weight, PLAIN)
#define PCEP_FIELDS_multipath_opposite(X)                                                          \
    X(U16, reserved, RESERVED) X(U16, flags, MULTIPATH_OPPOSITE_FLAGS) X(U32, path_id, PLAIN)
#define PCEP_FIELDS_multipath_forward_class(X) X(U32, flags, FORWARD_CLASS_FLAGS)

/* ---- subobjects (what follows type and length) ---- */

/* RFC 3209 4.3.3, 4.4.1; RFC 5521 2.1.1 */
#define PCEP_FIELDS_sub_ipv4_prefix(X)                                                             \
    X(IPV4, prefix, PLAIN) X(U8, bits, PLAIN) X(U8, flags, SUB_FLAGS)
#define PCEP_FIELDS_sub_ipv6_prefix(X)                                                             \
    X(IPV6, prefix, PLAIN) X(U8, bits, PLAIN) X(U8, flags, SUB_FLAGS)
/* RFC 3473 5.1, 5.3 */
#define PCEP_FIELDS_sub_label(X)                                                                   \
    X(U8, flags, LABEL_FLAGS) X(U8, c_type, PLAIN) X(U32S, labels, PLAIN)
/* RFC 3477 4, 5; RFC 5521 2.1.1: flags in an RRO, attribute in an XRO */
#define PCEP_FIELDS_sub_unnumbered(X)                                                              \
    X(U8, flags, SUB_RRO_FLAGS)                                                                    \
    X(U8, attribute, SUB_ATTRIBUTE)                                                                \
    X(IPV4, router_id, PLAIN)                                                                      \
    X(U32, interface_id, PLAIN)
#define PCEP_FIELDS_sub_as(X)   X(U16, as_number, PLAIN) /* RFC 3209 4.3.3.4 */
#define PCEP_FIELDS_sub_as4(X)  X(U16, reserved, RESERVED) X(U32, as_number, PLAIN) /* RFC 7897 */
#define PCEP_FIELDS_sub_area(X) X(U16, reserved, RESERVED) X(IPV4, area, PLAIN)     /* RFC 7897 */
#define PCEP_FIELDS_sub_isis_area(X)                                                               \
    X(U8, area_size, PLAIN) X(U8, reserved, RESERVED) X(OCTETS, area, PLAIN) /* RFC 7897 */
/* RFC 9504 6.2.2 */
#define PCEP_FIELDS_sub_lsp_exclusion(X)                                                           \
    X(U8, reserved, RESERVED) X(U8, flags, HEX) X(TEXT, name, PLAIN)
/* RFC 8780 4.4.1, 4.4.2 */
#define PCEP_FIELDS_sub_signal(X)                                                                  \
    X(U8, reserved, RESERVED) X(U8, attribute, SIGNAL_ATTRIBUTES) X(OCTETS, octets, PLAIN)
/* RFC 5521 2.2: what is excluded between two hops of an IRO stands as subobjects of an XRO */
#define PCEP_FIELDS_sub_exrs(X) X(U16, reserved, RESERVED) X(SUBOBJECTS, subobjects, PLAIN)
/* RFC 5521 2.1.1 (RFC 4874 3.1.5) */
#define PCEP_FIELDS_sub_srlg(X)                                                                    \
    X(U32, srlg, PLAIN) X(U8, reserved, RESERVED) X(U8, attribute, XRO_ATTRIBUTES)
/* RFC 8001 3.2 */
#define PCEP_FIELDS_sub_srlg_recorded(X) X(U16, flags, HEX) X(U32S, srlgs, PLAIN)
/* RFC 5520 3.1 */
#define PCEP_FIELDS_sub_path_key_v4(X) X(U16, path_key, PLAIN) X(IPV4, pce, PLAIN)
#define PCEP_FIELDS_sub_path_key_v6(X) X(U16, path_key, PLAIN) X(IPV6, pce, PLAIN)

/* RFC 8664 4.3.1 (hand-written: what follows depends on nt and flags). RFC 9933 4.2: with A the
 * extension block has the algorithm in front; what flags that are not assigned yet put behind it,
 * or in its place, stands in extension. */
#define PCEP_FIELDS_sub_sr(X)                                                                      \
    X(HI4, nt, SR_NAI_TYPES)                                                                       \
    X(LO12, flags, SR_FLAGS)                                                                       \
    X(U32, sid, SR_SID)                                                                            \
    X(IP, local, OPTIONAL)                                                                         \
    X(U32, local_interface, OPTIONAL)                                                              \
    X(IP, remote, OPTIONAL)                                                                        \
    X(U32, remote_interface, OPTIONAL)                                                             \
    X(U24, extension_reserved, RESERVED)                                                           \
    X(U8, algorithm, ALGORITHM)                                                                    \
    X(OCTETS, extension, OPTIONAL)
/* RFC 9603 4.3.1; RFC 9933 4.3: without A the algorithm is reserved */
#define PCEP_FIELDS_sub_srv6(X)                                                                    \
    X(HI4, nt, SRV6_NAI_TYPES)                                                                     \
    X(LO12, flags, SRV6_FLAGS)                                                                     \
    X(U8, reserved, RESERVED)                                                                      \
    X(U8, algorithm, ALGORITHM)                                                                    \
    X(U16, behavior, HEX)                                                                          \
    X(IP, sid, OPTIONAL)                                                                           \
    X(IP, local, OPTIONAL)                                                                         \
    X(U32, local_interface, OPTIONAL)                                                              \
    X(IP, remote, OPTIONAL)                                                                        \
    X(U32, remote_interface, OPTIONAL)                                                             \
    X(U8, locator_block_bits, OPTIONAL)                                                            \
    X(U8, locator_node_bits, OPTIONAL)                                                             \
    X(U8, function_bits, OPTIONAL)                                                                 \
    X(U8, argument_bits, OPTIONAL)                                                                 \
    X(U24, structure_reserved, RESERVED)                                                           \
    X(U8, structure_flags, OPTIONAL)

#endif
