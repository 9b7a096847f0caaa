/* Layouts of PCEP: what its bodies are made of (core/wire/layout.h).
 *
 * Regular layouts are made from the field lists of fields.h (layout.c); the few that are not are
 * written by hand (layout_….c).
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_LAYOUT_H
#define PCED_CORE_PCEP_LAYOUT_H

#include "core/pcep/error.h"
#include "core/pcep/names.h"
#include "core/pcep/registry.h"
#include "core/wire/layout.h"

/* The kind that is PCEP's own: struct pcep_subobject of codec.h, in an EXRS. */
#define WIRE_FIELD_SUBOBJECTS WIRE_FIELD_OWN

/* Layouts and their structs (model.h). A regular layout: PCEP_LAYOUT(layout, struct). */
#define PCEP_LAYOUTS(L)                                                                            \
    L(open, open)                                                                                  \
    L(rp, rp)                                                                                      \
    L(no_path, no_path)                                                                            \
    L(end_points_v4, end_points_v4)                                                                \
    L(end_points_v6, end_points_v4)                                                                \
    L(bandwidth, bandwidth)                                                                        \
    L(metric, metric)                                                                              \
    L(lspa, lspa)                                                                                  \
    L(svec, svec)                                                                                  \
    L(notification, notification)                                                                  \
    L(error, error)                                                                                \
    L(load_balancing, load_balancing)                                                              \
    L(close, close)                                                                                \
    L(xro, xro)                                                                                    \
    L(of, of)                                                                                      \
    L(classtype, classtype)                                                                        \
    L(global_constraints, global_constraints)                                                      \
    L(monitoring, monitoring)                                                                      \
    L(pce_id_v4, pce_id)                                                                           \
    L(pce_id_v6, pce_id)                                                                           \
    L(proc_time, proc_time)                                                                        \
    L(overload, overload)                                                                          \
    L(lsp, lsp)                                                                                    \
    L(srp, srp)                                                                                    \
    L(vendor, vendor)                                                                              \
    L(bu, bu)                                                                                      \
    L(inter_layer, inter_layer)                                                                    \
    L(switch_layer, switch_layer)                                                                  \
    L(association_v4, association)                                                                 \
    L(association_v6, association)                                                                 \
    L(end_points_p2mp_v4, end_points_p2mp)                                                         \
    L(end_points_p2mp_v6, end_points_p2mp)                                                         \
    L(end_points_generalized, end_points_generalized)                                              \
    L(unreach_destination_v4, unreach_destination)                                                 \
    L(unreach_destination_v6, unreach_destination)                                                 \
    L(adaptation, adaptation)                                                                      \
    L(wavelength_assignment, wavelength_assignment)                                                \
    L(flowspec, flowspec)                                                                          \
    L(cci, cci)                                                                                    \
    L(cci_native_ip, cci_native_ip)                                                                \
    L(bgp_peer_v4, bgp_peer)                                                                       \
    L(bgp_peer_v6, bgp_peer)                                                                       \
    L(peer_route_v4, peer_route)                                                                   \
    L(peer_route_v6, peer_route)                                                                   \
    L(prefix_v4, prefix)                                                                           \
    L(prefix_v6, prefix)                                                                           \
    L(no_path_vector, flag_word)                                                                   \
    L(stateful_pce_capability, flag_word)                                                          \
    L(pcecc_capability, flag_word)                                                                 \
    L(disjointness, flag_word)                                                                     \
    L(bidirectional_group, flag_word)                                                              \
    L(path_protection_group, flag_word)                                                            \
    L(h_pce_capability, flag_word)                                                                 \
    L(h_pce_flag, flag_word)                                                                       \
    L(gmpls_capability, flag_word)                                                                 \
    L(sr_policy_capability, flag_word)                                                             \
    L(order, order)                                                                                \
    L(p2mp_capable, p2mp_capable)                                                                  \
    L(p2mp_ipv4_lsp_identifiers, p2mp_lsp_identifiers)                                             \
    L(p2mp_ipv6_lsp_identifiers, p2mp_lsp_identifiers)                                             \
    L(interval, interval)                                                                          \
    L(threshold_bandwidth, bandwidth)                                                              \
    L(adjustment_percentage, adjustment_percentage)                                                \
    L(overflow_threshold, overflow_threshold)                                                      \
    L(overflow_percentage, overflow_percentage)                                                    \
    L(ipv4_address, pce_id)                                                                        \
    L(ipv6_address, pce_id)                                                                        \
    L(unnumbered_endpoint, unnumbered_endpoint)                                                    \
    L(label_request, label_request)                                                                \
    L(label_set, label_set)                                                                        \
    L(protection_attribute, protection_attribute)                                                  \
    L(schedule, schedule)                                                                          \
    L(periodical_schedule, periodical_schedule)                                                    \
    L(flowspec_capability, flowspec_capability)                                                    \
    L(flow_prefix, flow_prefix)                                                                    \
    L(route_distinguisher, route_distinguisher)                                                    \
    L(multicast_v4, multicast)                                                                     \
    L(multicast_v6, multicast)                                                                     \
    L(lsp_extended_flag, lsp_extended_flag)                                                        \
    L(sr_algorithm, sr_algorithm)                                                                  \
    L(color, color)                                                                                \
    L(priority, priority)                                                                          \
    L(explicit_null, explicit_null)                                                                \
    L(invalidation, invalidation)                                                                  \
    L(multipath_backup, multipath_backup)                                                          \
    L(duration, duration)                                                                          \
    L(req_missing, req_missing)                                                                    \
    L(of_list, of_list)                                                                            \
    L(name, symbolic_path_name)                                                                    \
    L(octets, octets)                                                                              \
    L(lsp_error_code, lsp_error_code)                                                              \
    L(lsp_db_version, lsp_db_version)                                                              \
    L(ipv4_lsp_identifiers, ipv4_lsp_identifiers)                                                  \
    L(ipv6_lsp_identifiers, ipv4_lsp_identifiers)                                                  \
    L(path_setup_type, path_setup_type)                                                            \
    L(sr_pce_capability, sr_pce_capability)                                                        \
    L(srv6_pce_capability, srv6_pce_capability)                                                    \
    L(association_ranges, association_ranges)                                                      \
    L(global_source, global_source)                                                                \
    L(association_types, association_types)                                                        \
    L(srpolicy_cpath_id, srpolicy_cpath_id)                                                        \
    L(s2ls, flag_word)                                                                             \
    L(path_attrib, path_attrib)                                                                    \
    L(multipath_cap, multipath_cap)                                                                \
    L(multipath_weight, multipath_weight)                                                          \
    L(multipath_opposite, multipath_opposite)                                                      \
    L(multipath_forward_class, flag_word)                                                          \
    L(auto_bandwidth_capability, flag_word)                                                        \
    L(preference, preference)                                                                      \
    L(sub_ipv4_prefix, sub_prefix)                                                                 \
    L(sub_ipv6_prefix, sub_prefix)                                                                 \
    L(sub_label, sub_label)                                                                        \
    L(sub_unnumbered, sub_unnumbered)                                                              \
    L(sub_as, sub_as)                                                                              \
    L(sub_as4, sub_as4)                                                                            \
    L(sub_area, sub_area)                                                                          \
    L(sub_isis_area, sub_isis_area)                                                                \
    L(sub_lsp_exclusion, sub_lsp_exclusion)                                                        \
    L(sub_signal, sub_signal)                                                                      \
    L(sub_srlg, sub_srlg)                                                                          \
    L(sub_srlg_recorded, sub_srlg_recorded)                                                        \
    L(sub_path_key_v4, sub_path_key)                                                               \
    L(sub_path_key_v6, sub_path_key)

/* Layouts whose decoder and encoder are written by hand. */
#define PCEP_OWN_LAYOUTS(L)                                                                        \
    L(path_setup_type_capability, path_setup_type_capability)                                      \
    L(flow_bitmask, flow_terms)                                                                    \
    L(flow_numeric, flow_terms)                                                                    \
    L(generalized_bandwidth, generalized_bandwidth)                                                \
    L(generalized_load_balancing, generalized_load_balancing)                                      \
    L(peer_prefixes_v4, peer_prefixes)                                                             \
    L(peer_prefixes_v6, peer_prefixes)                                                             \
    L(wavelength_restriction, wavelength_restriction)                                              \
    L(wavelength_allocation, wavelength_allocation)                                                \
    L(link_identifier, link_identifier)                                                            \
    L(speaker_entity_id, octets)                                                                   \
    L(domain_id, domain_id)                                                                        \
    L(extended_association_id, extended_association_id)                                            \
    L(rsvp_error_spec, rsvp_error_spec)                                                            \
    L(sub_exrs, sub_exrs)                                                                          \
    L(te_path_binding, te_path_binding)                                                            \
    L(te_path_binding_old, te_path_binding)                                                        \
    L(sub_sr, sub_sr)                                                                              \
    L(sub_srv6, sub_srv6)

#define PCEP_LAYOUT_DECLARE(layout, structure) extern const struct wire_layout pcep_layout_##layout;
PCEP_LAYOUTS(PCEP_LAYOUT_DECLARE)
PCEP_OWN_LAYOUTS(PCEP_LAYOUT_DECLARE)
#define pcep_layout_empty wire_layout_empty

#define PCEP_OWN_DECLARE(layout, structure)                                                        \
    wire_decode_fn pcep_decode_##layout;                                                           \
    wire_encode_fn pcep_encode_##layout;
PCEP_OWN_LAYOUTS(PCEP_OWN_DECLARE)

#endif
