/* Field lists: every body of a capability, path attribute or TLV, declared once.
 *
 * A list is a row of X(KIND, member, NAMES) in wire order (core/wire/layout.h has the kinds).
 * model.h makes the struct of it, layout.c the rest. NAMES is a table of names.def; of a LIST it has
 * the layout. What is marked hand-written has its decoder and encoder in a layout_….c; there a member
 * that ends in _octets says how many octets a part has, so that what was received is sent on
 * unchanged.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_FIELDS_H
#define PCED_CORE_BGP_FIELDS_H

/* ---- what several have ---- */

#define BGP_FIELDS_octets(X)     X(OCTETS, octets, PLAIN)
#define BGP_FIELDS_name(X)       X(TEXT, name, PLAIN)
#define BGP_FIELDS_number(X)     X(U32, value, PLAIN)
#define BGP_FIELDS_router_id(X)  X(IPV4, router_id, PLAIN)
#define BGP_FIELDS_ipv4(X)       X(IPV4, address, PLAIN)
#define BGP_FIELDS_ipv6(X)       X(IPV6, address, PLAIN)
#define BGP_FIELDS_address(X)    X(IP, address, PLAIN) /* hand-written: either family, by the size */
#define BGP_FIELDS_bandwidth(X)  X(F32, bandwidth, PLAIN) /* octets per second */
#define BGP_FIELDS_srlgs(X)      X(U32S, srlgs, PLAIN)
#define BGP_FIELDS_algorithms(X) X(U8S, algorithms, ALGORITHMS)
/* RFC 8814 3: type and value of each */
#define BGP_FIELDS_msds(X) X(U16S, msds, HEX)

/* ---- OPEN ---- */

/* RFC 4271 4.2 */
#define BGP_FIELDS_open(X)                                                                         \
    X(U8, version, PLAIN)                                                                          \
    X(U16, my_as, PLAIN)                                                                           \
    X(U16, hold_time_s, PLAIN)                                                                     \
    X(IPV4, identifier, PLAIN)
/* RFC 4760 8 */
#define BGP_FIELDS_multiprotocol(X) X(U16, afi, AFIS) X(U8, reserved, RESERVED) X(U8, safi, SAFIS)
/* RFC 6793 3 */
#define BGP_FIELDS_four_octet_as(X) X(U32, as_number, PLAIN)
/* RFC 4724 3 (hand-written: a list) */
#define BGP_FIELDS_graceful_restart(X)                                                             \
    X(HI4W, flags, RESTART_FLAGS)                                                                  \
    X(LO12W, restart_time_s, PLAIN)                                                                \
    X(LIST, families, RESTART_FAMILIES)
#define BGP_FIELDS_restart_family(X) X(U16, afi, AFIS) X(U8, safi, SAFIS) X(U8, flags, FAMILY_FLAGS)
/* RFC 7911 4 (hand-written: a list) */
#define BGP_FIELDS_add_path(X) X(LIST, families, ADD_PATH_FAMILIES)
#define BGP_FIELDS_add_path_family(X)                                                              \
    X(U16, afi, AFIS) X(U8, safi, SAFIS) X(U8, mode, ADD_PATH_MODES)
/* RFC 9494 3.1 (hand-written: a list) */
#define BGP_FIELDS_long_lived(X) X(LIST, families, LONG_LIVED_FAMILIES)
#define BGP_FIELDS_long_lived_family(X)                                                            \
    X(U16, afi, AFIS) X(U8, safi, SAFIS) X(U8, flags, FAMILY_FLAGS) X(U24, stale_time_s, PLAIN)

/* ---- ROUTE-REFRESH (RFC 2918 3, RFC 7313 3.2) ---- */

#define BGP_FIELDS_route_refresh(X)                                                                \
    X(U16, afi, AFIS) X(U8, subtype, REFRESH_SUBTYPES) X(U8, safi, SAFIS)

/* ---- path attributes ---- */

#define BGP_FIELDS_origin(X)   X(U8, origin, ORIGINS) /* hand-written: others are malformed */
#define BGP_FIELDS_next_hop(X) X(IPV4, next_hop, PLAIN)
/* RFC 4271 4.3 (hand-written); as_octets: 2 or 4, of each AS (RFC 6793 4.1) */
#define BGP_FIELDS_as_path(X)    X(LIST, segments, AS_SEGMENTS) X(U8, as_octets, PLAIN)
#define BGP_FIELDS_as_segment(X) X(U8, kind, SEGMENT_KINDS) X(U32S, ases, PLAIN)
/* RFC 4271 5.1.7 (hand-written) */
#define BGP_FIELDS_aggregator(X)                                                                   \
    X(U32, as_number, PLAIN) X(IPV4, address, PLAIN) X(U8, as_octets, PLAIN)
#define BGP_FIELDS_communities(X)          X(U32S, communities, HEX)
#define BGP_FIELDS_clusters(X)             X(IPV4S, clusters, PLAIN)
#define BGP_FIELDS_extended_communities(X) X(U64S, communities, HEX)
/* RFC 8092 3 (hand-written: a list) */
#define BGP_FIELDS_large_communities(X) X(LIST, communities, LARGE_COMMUNITIES)
#define BGP_FIELDS_large_community(X)                                                              \
    X(U32, global, PLAIN) X(U32, local_1, PLAIN) X(U32, local_2, PLAIN)
/* RFC 4760 3 (hand-written: the next hop has its length in front); NLRIs follow */
#define BGP_FIELDS_mp_reach(X)                                                                     \
    X(U16, afi, AFIS)                                                                              \
    X(U8, safi, SAFIS)                                                                             \
    X(OCTETS, next_hop, ADDRESS)                                                                   \
    X(U8, reserved, RESERVED)
/* RFC 4760 4 */
#define BGP_FIELDS_mp_unreach(X) X(U16, afi, AFIS) X(U8, safi, SAFIS)

/* ---- descriptors of NLRIs ---- */

#define BGP_FIELDS_link_identifiers(X) X(U32, local, PLAIN) X(U32, remote, PLAIN)
#define BGP_FIELDS_topologies(X)       X(U16S, mt_ids, PLAIN)
#define BGP_FIELDS_ospf_route_type(X)  X(U8, type, OSPF_ROUTES)
/* RFC 9552 5.2.3.2 (hand-written: octets by the bits) */
#define BGP_FIELDS_reachability(X) X(U8, bits, PLAIN) X(IP, prefix, PLAIN)
#define BGP_FIELDS_srv6_sid(X)     X(IPV6, sid, PLAIN)
/* RFC 9857 4 (hand-written: families by the flags) */
#define BGP_FIELDS_candidate_path(X)                                                               \
    X(U8, origin, POLICY_ORIGINS)                                                                  \
    X(U8, flags, CANDIDATE_FLAGS)                                                                  \
    X(U16, reserved, RESERVED)                                                                     \
    X(IP, endpoint, PLAIN)                                                                         \
    X(U32, color, PLAIN)                                                                           \
    X(U32, originator_as, PLAIN)                                                                   \
    X(IP, originator, PLAIN)                                                                       \
    X(U32, discriminator, PLAIN)

/* ---- node attributes ---- */

#define BGP_FIELDS_node_flags(X) X(U8, flags, NODE_FLAGS)
/* RFC 9085 2.1.2, 2.1.4 (hand-written: a SID/Label TLV in each range) */
#define BGP_FIELDS_label_ranges(X)                                                                 \
    X(U8, flags, SR_FLAGS) X(U8, reserved, RESERVED) X(LIST, ranges, LABEL_RANGES)
#define BGP_FIELDS_label_range(X)       X(U24, size, PLAIN) X(U32, first, PLAIN) X(U8, sid_octets, PLAIN)
#define BGP_FIELDS_preference(X)        X(U8, preference, PLAIN)
#define BGP_FIELDS_srv6_capabilities(X) X(U16, flags, SRV6_FLAGS) X(U16, reserved, RESERVED)
/* RFC 9351 3 */
#define BGP_FIELDS_flex_algorithm(X)                                                               \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, metric_type, FLEX_METRICS)                                                               \
    X(U8, calculation_type, PLAIN)                                                                 \
    X(U8, priority, PLAIN)
#define BGP_FIELDS_admin_groups(X)     X(U32S, groups, HEX)
#define BGP_FIELDS_flex_flags(X)       X(U32S, flags, HEX) /* 0x80000000: the M flag (RFC 9350 6.4) */
#define BGP_FIELDS_flex_unsupported(X) X(U8, protocol, PROTOCOLS) X(OCTETS, types, PLAIN)

/* ---- link attributes ---- */

#define BGP_FIELDS_admin_group(X) X(U32, group, HEX)
#define BGP_FIELDS_unreserved(X)                                                                   \
    X(F32, priority_0, PLAIN)                                                                      \
    X(F32, priority_1, PLAIN)                                                                      \
    X(F32, priority_2, PLAIN)                                                                      \
    X(F32, priority_3, PLAIN)                                                                      \
    X(F32, priority_4, PLAIN)                                                                      \
    X(F32, priority_5, PLAIN)                                                                      \
    X(F32, priority_6, PLAIN)                                                                      \
    X(F32, priority_7, PLAIN)
#define BGP_FIELDS_link_protection(X) X(U8, protection, PROTECTIONS) X(U8, reserved, RESERVED)
#define BGP_FIELDS_mpls_protocols(X)  X(U8, protocols, MPLS_PROTOCOLS)
/* RFC 9552 5.3.2.4 (hand-written: 1 to 3 octets) */
#define BGP_FIELDS_igp_metric(X) X(U32, metric, PLAIN) X(U8, metric_octets, PLAIN)
/* RFC 9085 2.2.1 (hand-written: a label of 3 octets or an index of 4). What flags mean is the
 * protocol's: RFC 8667 2.2.1, RFC 8665 6.1. */
#define BGP_FIELDS_adjacency_sid(X)                                                                \
    X(U8, flags, HEX)                                                                              \
    X(U8, weight, PLAIN)                                                                           \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, sid, PLAIN)                                                                             \
    X(U8, sid_octets, PLAIN)
/* RFC 9085 2.2.2 (hand-written); neighbor: 6 octets of IS-IS, 4 of OSPF */
#define BGP_FIELDS_lan_adjacency_sid(X)                                                            \
    X(U8, flags, HEX)                                                                              \
    X(U8, weight, PLAIN)                                                                           \
    X(U16, reserved, RESERVED)                                                                     \
    X(OCTETS, neighbor, PLAIN)                                                                     \
    X(U32, sid, PLAIN)                                                                             \
    X(U8, sid_octets, PLAIN)
/* RFC 9086 5 (hand-written, as above) */
#define BGP_FIELDS_peer_sid(X)                                                                     \
    X(U8, flags, PEER_SID_FLAGS)                                                                   \
    X(U8, weight, PLAIN)                                                                           \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, sid, PLAIN)                                                                             \
    X(U8, sid_octets, PLAIN)
/* RFC 9514 4.1; what flags mean is the protocol's */
#define BGP_FIELDS_srv6_end_x(X)                                                                   \
    X(U16, behavior, BEHAVIORS)                                                                    \
    X(U8, flags, HEX)                                                                              \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, weight, PLAIN)                                                                           \
    X(U8, reserved, RESERVED)                                                                      \
    X(IPV6, sid, PLAIN)
/* RFC 9514 4.2 (hand-written: 6 or 4 octets of neighbor by the type) */
#define BGP_FIELDS_srv6_lan_end_x(X)                                                               \
    X(U16, behavior, BEHAVIORS)                                                                    \
    X(U8, flags, HEX)                                                                              \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, weight, PLAIN)                                                                           \
    X(U8, reserved, RESERVED)                                                                      \
    X(OCTETS, neighbor, PLAIN)                                                                     \
    X(IPV6, sid, PLAIN)
/* RFC 8571 2; microseconds, loss in units of 0.000003 % */
#define BGP_FIELDS_link_delay(X) X(U8, flags, ANOMALOUS) X(U24, delay_us, PLAIN)
#define BGP_FIELDS_min_max_delay(X)                                                                \
    X(U8, flags, ANOMALOUS)                                                                        \
    X(U24, min_us, PLAIN)                                                                          \
    X(U8, reserved, RESERVED)                                                                      \
    X(U24, max_us, PLAIN)
#define BGP_FIELDS_delay_variation(X) X(U8, reserved, RESERVED) X(U24, variation_us, PLAIN)
#define BGP_FIELDS_link_loss(X)       X(U8, flags, ANOMALOUS) X(U24, loss, PLAIN)
/* RFC 9294 2 (hand-written: masks of 0, 4 or 8 octets) */
#define BGP_FIELDS_application_attributes(X)                                                       \
    X(U16, reserved, RESERVED) X(OCTETS, standard, PLAIN) X(OCTETS, user_defined, PLAIN)
#define BGP_FIELDS_bundle_member(X) X(U32, member, PLAIN)

/* ---- prefix attributes ---- */

#define BGP_FIELDS_igp_flags(X)           X(U8, flags, IGP_FLAGS)
#define BGP_FIELDS_route_tags(X)          X(U32S, tags, PLAIN)
#define BGP_FIELDS_extended_route_tags(X) X(U64S, tags, PLAIN)
/* RFC 9085 2.3.1 (hand-written, as the adjacency SID); what flags mean is the protocol's */
#define BGP_FIELDS_prefix_sid(X)                                                                   \
    X(U8, flags, HEX)                                                                              \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, sid, PLAIN)                                                                             \
    X(U8, sid_octets, PLAIN)
/* RFC 9085 2.3.5 */
#define BGP_FIELDS_sid_range(X) X(U8, flags, HEX) X(U8, reserved, RESERVED) X(U16, size, PLAIN)
/* RFC 9085 2.1.1 (hand-written) */
#define BGP_FIELDS_sid_label(X) X(U32, sid, PLAIN) X(U8, sid_octets, PLAIN)
#define BGP_FIELDS_srv6_locator(X)                                                                 \
    X(U8, flags, LOCATOR_FLAGS)                                                                    \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, metric, PLAIN)
#define BGP_FIELDS_prefix_flags(X) X(OCTETS, flags, PLAIN)
/* RFC 9351 4 */
#define BGP_FIELDS_flex_prefix_metric(X)                                                           \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, flags, FLEX_PREFIX_FLAGS)                                                                \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, metric, PLAIN)

/* ---- attributes of SRv6 SIDs ---- */

#define BGP_FIELDS_srv6_behavior(X)                                                                \
    X(U16, behavior, BEHAVIORS) X(U8, flags, HEX) X(U8, algorithm, PLAIN)
#define BGP_FIELDS_srv6_peer_sid(X)                                                                \
    X(U8, flags, SRV6_PEER_FLAGS)                                                                  \
    X(U8, weight, PLAIN)                                                                           \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, peer_as, PLAIN)                                                                         \
    X(IPV4, peer_identifier, PLAIN)
#define BGP_FIELDS_srv6_structure(X)                                                               \
    X(U8, locator_block_bits, PLAIN)                                                               \
    X(U8, locator_node_bits, PLAIN)                                                                \
    X(U8, function_bits, PLAIN)                                                                    \
    X(U8, argument_bits, PLAIN)

/* ---- SR policies (RFC 9857 5) ---- */

/* hand-written: two labels, or two SRv6 SIDs */
#define BGP_FIELDS_binding_sid(X)                                                                  \
    X(U16, flags, BINDING_FLAGS)                                                                   \
    X(U16, reserved, RESERVED)                                                                     \
    X(OCTETS, binding_sid, PLAIN)                                                                  \
    X(OCTETS, specified, PLAIN)
#define BGP_FIELDS_srv6_binding_sid(X)                                                             \
    X(U16, flags, SRV6_BINDING_FLAGS)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(IPV6, binding_sid, PLAIN)                                                                    \
    X(IPV6, specified, PLAIN)
#define BGP_FIELDS_path_state(X)                                                                   \
    X(U8, priority, PLAIN)                                                                         \
    X(U8, reserved, RESERVED)                                                                      \
    X(U16, flags, PATH_STATES)                                                                     \
    X(U32, preference, PLAIN)
#define BGP_FIELDS_path_constraints(X)                                                             \
    X(U16, flags, CONSTRAINT_FLAGS)                                                                \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, mt_id, PLAIN)                                                                           \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, reserved_2, RESERVED)
#define BGP_FIELDS_segment_list(X)                                                                 \
    X(U16, flags, SEGMENT_LIST_FLAGS)                                                              \
    X(U16, reserved, RESERVED)                                                                     \
    X(U16, mt_id, PLAIN)                                                                           \
    X(U8, algorithm, PLAIN)                                                                        \
    X(U8, reserved_2, RESERVED)                                                                    \
    X(U32, weight, PLAIN)
/* hand-written: SID and descriptor by the type; the descriptor is kept as octets */
#define BGP_FIELDS_segment(X)                                                                      \
    X(U8, type, PLAIN)                                                                             \
    X(U8, reserved, RESERVED)                                                                      \
    X(U16, flags, SEGMENT_FLAGS)                                                                   \
    X(OCTETS, sid, PLAIN)                                                                          \
    X(OCTETS, descriptor, PLAIN)
#define BGP_FIELDS_segment_list_metric(X)                                                          \
    X(U8, type, POLICY_METRICS)                                                                    \
    X(U8, flags, LIST_METRIC_FLAGS)                                                                \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, margin, PLAIN)                                                                          \
    X(U32, bound, PLAIN)                                                                           \
    X(U32, value, PLAIN)
/* hand-written: three masks, their sizes in front */
#define BGP_FIELDS_affinity(X)                                                                     \
    X(U8, reserved, RESERVED)                                                                      \
    X(OCTETS, exclude_any, PLAIN)                                                                  \
    X(OCTETS, include_any, PLAIN)                                                                  \
    X(OCTETS, include_all, PLAIN)
#define BGP_FIELDS_disjoint_group(X)                                                               \
    X(U8, request, DISJOINT_FLAGS)                                                                 \
    X(U8, status, DISJOINT_FLAGS)                                                                  \
    X(U16, reserved, RESERVED)                                                                     \
    X(OCTETS, group, PLAIN)
#define BGP_FIELDS_bidirectional_group(X)                                                          \
    X(U16, flags, BIDIRECTIONAL_FLAGS) X(U16, reserved, RESERVED) X(OCTETS, group, PLAIN)
#define BGP_FIELDS_metric_constraint(X)                                                            \
    X(U8, type, POLICY_METRICS)                                                                    \
    X(U8, flags, METRIC_CONSTRAINT_FLAGS)                                                          \
    X(U16, reserved, RESERVED)                                                                     \
    X(U32, margin, PLAIN)                                                                          \
    X(U32, bound, PLAIN)

#endif
