/* Network figures: what the topology thread counts, for those who show it.
 *
 *   COUNTER(member, "help")  only grows
 *   SECONDS(member, "help")  a COUNTER of time: kept in nanoseconds, shown in seconds
 *   GAUGE(member, "help")    goes up and down
 *
 * Thread: written by the topology thread, read by any. Owns: nothing. */
#ifndef PCED_SERVER_SETTINGS_NETWORK_FIGURES_H
#define PCED_SERVER_SETTINGS_NETWORK_FIGURES_H

#include "io/os/counter.h"

#define NETWORK_FIGURES(COUNTER, SECONDS, GAUGE)                                                   \
    COUNTER(topology_published, "Topologies that were published.")                                 \
    COUNTER(topology_whole, "Networks of BGP-LS that were made as a whole.")                       \
    COUNTER(topology_followed, "Times that changes of such a network were followed alone.")        \
    COUNTER(topology_surveyed, "Times that landmarks were made beside, and came with a topology.") \
    SECONDS(topology_seconds, "Processor time that both took.")                                    \
    GAUGE(topology_findings, "What of the last network of BGP-LS contradicts itself.")             \
    GAUGE(api_sources, "Networks that were told through the API.")                                 \
    GAUGE(api_sources_out, "Those that are not in the topology as they were told.")                \
    GAUGE(api_source_octets, "Octets of their texts.")                                             \
    COUNTER(api_orders, "Orders about such networks that were carried out.")                       \
    COUNTER(api_orders_refused, "Orders about such networks that were refused.")                   \
    GAUGE(bgp_peers, "Peers of bgp-ls that are configured.")                                       \
    GAUGE(bgp_peers_up, "Peers of bgp-ls whose session is Established.")                           \
    GAUGE(bgp_peers_idle, "Those in Idle, or on the way there.")                                   \
    GAUGE(bgp_peers_connect, "Those in Connect.")                                                  \
    GAUGE(bgp_peers_active, "Those in Active.")                                                    \
    GAUGE(bgp_peers_open_sent, "Those in OpenSent.")                                               \
    GAUGE(bgp_peers_open_confirm, "Those in OpenConfirm.")                                         \
    GAUGE(bgp_peers_stale, "Peers of which something that they told is stale.")                    \
    GAUGE(bgp_nodes, "Node objects that peers of bgp-ls, the file and the API have told.")         \
    GAUGE(bgp_links, "Link objects of the same, one for each direction.")                          \
    GAUGE(bgp_prefixes, "Prefix objects of the same.")                                             \
    GAUGE(bgp_octets, "Memory of these objects, in octets.")                                       \
    COUNTER(bgp_announced, "NLRIs that were announced.")                                           \
    COUNTER(bgp_withdrawn, "NLRIs that were withdrawn.")                                           \
    COUNTER(bgp_ignored, "NLRIs of a type that is not used, or without what it needs.")            \
    COUNTER(bgp_without_attribute, "NLRIs whose BGP-LS attribute was lost on the way.")            \
    COUNTER(bgp_refused, "NLRIs for which there was no room.")                                     \
    COUNTER(bgp_faults, "UPDATEs that were wrong in part, or whole.")                              \
    COUNTER(bgp_unfeasible, "UPDATEs whose routes were ignored: they have our own AS or address.") \
    COUNTER(bgp_superseded, "BGP connections that waited for an OPEN while the peer opened more.") \
    COUNTER(bgp_turned_away, "BGP connections of somebody who is no peer, or has too many.")

#define NETWORK_FIGURE_MEMBER(member, help) struct counter member;
struct network_figures {
    NETWORK_FIGURES(NETWORK_FIGURE_MEMBER, NETWORK_FIGURE_MEMBER, NETWORK_FIGURE_MEMBER)
};
#undef NETWORK_FIGURE_MEMBER

#endif
