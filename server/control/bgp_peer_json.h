/* BGP peer JSON: a BGP-LS peer as the API shows it.
 *
 * Thread: the control thread. Owns: nothing. */
#ifndef PCED_SERVER_CONTROL_BGP_PEER_JSON_H
#define PCED_SERVER_CONTROL_BGP_PEER_JSON_H

#include "server/topology/ask.h"

#include <jansson.h>

/* New references; NULL when memory ran out. */
json_t *bgp_peer_json_row(const struct topology_peer_view *view);
json_t *bgp_peer_json(const struct topology_peer_view *view);

#endif
