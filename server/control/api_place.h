/* Place: where the walk of a list over the shards is, and which of them it is for.
 *
 * Thread: the control thread. Owns: nothing; json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_API_PLACE_H
#define PCED_SERVER_CONTROL_API_PLACE_H

#include "server/control/api.h"
#include "server/northbound/address_range.h"

/* "3.170": shard and index there, as `next` of the page before. False: it is none. */
bool api_place_parse(const char *text, uint32_t shard_end, uint32_t *shard, uint32_t *index);
/* The same as JSON; null when the walk is over. A new reference. */
json_t *api_place_json(const struct ask *ask, uint64_t index);
/* A PCC belongs to one shard, and that alone is asked for what is its; all of them for a wider
 * range. With a cursor the shard is set. */
void api_aim(const struct api *api, struct ask *ask, const struct address_range *range,
             bool has_cursor);

#endif
