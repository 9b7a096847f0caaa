/* Layout list: the layouts of BGP's bodies; each has a field list in fields.h, and a struct of its
 * name in model.h.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_LAYOUT_LIST_H
#define PCED_CORE_BGP_LAYOUT_LIST_H

/* Regular ones, made of their field lists. */
#define BGP_LAYOUTS(L)                                                                             \
    L(octets)                                                                                      \
    L(name)                                                                                        \
    L(number)                                                                                      \
    L(router_id)                                                                                   \
    L(ipv4)                                                                                        \
    L(ipv6)                                                                                        \
    L(bandwidth)                                                                                   \
    L(srlgs)                                                                                       \
    L(algorithms)                                                                                  \
    L(msds)                                                                                        \
    L(open)                                                                                        \
    L(multiprotocol)                                                                               \
    L(four_octet_as)                                                                               \
    L(restart_family)                                                                              \
    L(add_path_family)                                                                             \
    L(long_lived_family)                                                                           \
    L(route_refresh)                                                                               \
    L(next_hop)                                                                                    \
    L(communities)                                                                                 \
    L(clusters)                                                                                    \
    L(extended_communities)                                                                        \
    L(large_community)                                                                             \
    L(mp_unreach)                                                                                  \
    L(link_identifiers)                                                                            \
    L(topologies)                                                                                  \
    L(ospf_route_type)                                                                             \
    L(srv6_sid)                                                                                    \
    L(node_flags)                                                                                  \
    L(preference)                                                                                  \
    L(srv6_capabilities)                                                                           \
    L(flex_algorithm)                                                                              \
    L(admin_groups)                                                                                \
    L(flex_flags)                                                                                  \
    L(flex_unsupported)                                                                            \
    L(admin_group)                                                                                 \
    L(unreserved)                                                                                  \
    L(link_protection)                                                                             \
    L(mpls_protocols)                                                                              \
    L(srv6_end_x)                                                                                  \
    L(link_delay)                                                                                  \
    L(min_max_delay)                                                                               \
    L(delay_variation)                                                                             \
    L(link_loss)                                                                                   \
    L(bundle_member)                                                                               \
    L(igp_flags)                                                                                   \
    L(route_tags)                                                                                  \
    L(extended_route_tags)                                                                         \
    L(sid_range)                                                                                   \
    L(srv6_locator)                                                                                \
    L(prefix_flags)                                                                                \
    L(flex_prefix_metric)                                                                          \
    L(srv6_behavior)                                                                               \
    L(srv6_peer_sid)                                                                               \
    L(srv6_structure)                                                                              \
    L(srv6_binding_sid)                                                                            \
    L(path_state)                                                                                  \
    L(path_constraints)                                                                            \
    L(segment_list)                                                                                \
    L(segment_list_metric)                                                                         \
    L(disjoint_group)                                                                              \
    L(bidirectional_group)                                                                         \
    L(metric_constraint)

/* Those whose decoder and encoder are written by hand (layout_….c). */
#define BGP_OWN_LAYOUTS(L)                                                                         \
    L(address)                                                                                     \
    L(graceful_restart)                                                                            \
    L(add_path)                                                                                    \
    L(long_lived)                                                                                  \
    L(origin)                                                                                      \
    L(as_path)                                                                                     \
    L(as_segment)                                                                                  \
    L(aggregator)                                                                                  \
    L(large_communities)                                                                           \
    L(mp_reach)                                                                                    \
    L(reachability)                                                                                \
    L(candidate_path)                                                                              \
    L(label_ranges)                                                                                \
    L(label_range)                                                                                 \
    L(igp_metric)                                                                                  \
    L(adjacency_sid)                                                                               \
    L(lan_adjacency_sid)                                                                           \
    L(peer_sid)                                                                                    \
    L(srv6_lan_end_x)                                                                              \
    L(application_attributes)                                                                      \
    L(prefix_sid)                                                                                  \
    L(sid_label)                                                                                   \
    L(binding_sid)                                                                                 \
    L(segment)                                                                                     \
    L(affinity)

#endif
