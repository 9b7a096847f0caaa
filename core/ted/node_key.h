/* Node key: what a node is known by in every snapshot, the IPv4 router id or else the IPv6 one.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_TED_NODE_KEY_H
#define PCED_CORE_TED_NODE_KEY_H

#include "core/ted/ted.h"

static inline const struct ip *ted_node_key(const struct ted_node *node)
{
    return node->router_id_v4.family != IP_NONE ? &node->router_id_v4 : &node->router_id_v6;
}

#endif
