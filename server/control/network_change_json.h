/* A change of the network as JSON: a row of its log, and what streams say of it.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_NETWORK_CHANGE_JSON_H
#define PCED_SERVER_CONTROL_NETWORK_CHANGE_JSON_H

#include "server/settings/network_log.h"

#include <jansson.h>

/* A new reference; NULL when memory ran out. What is no UTF-8 in the change's texts becomes '?'. */
json_t *network_change_json(struct network_change *change);

#endif
