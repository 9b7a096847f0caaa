/* JSON: a decoded message as a JSON object.
 *
 * The members follow the field tables (core/wire/json_value.h).
 *
 * Thread: any. Owns: json_t by jansson's counting. */
#ifndef PCED_CORE_BGP_JSON_H
#define PCED_CORE_BGP_JSON_H

#include "core/bgp/codec.h"

#include <jansson.h>

/* A new reference; NULL when memory is short. fault may be NULL. */
json_t *bgp_to_json(const struct bgp_message *message, const struct bgp_fault *fault);

#endif
