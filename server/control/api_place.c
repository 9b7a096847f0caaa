#include "server/control/api_place.h"

#include "core/base/number.h"

#include <inttypes.h>
#include <stdio.h>

bool api_place_parse(const char *text, uint32_t shard_end, uint32_t *shard, uint32_t *index)
{
    uint64_t first;
    uint64_t second;
    if (!number_take(&text, shard_end - 1, &first) || *text++ != '.' ||
        !number_parse(text, UINT32_MAX, &second))
        return false;
    *shard = (uint32_t)first;
    *index = (uint32_t)second;
    return true;
}

json_t *api_place_json(const struct ask *ask, uint64_t index)
{
    char text[48];
    uint32_t shard = ask->envelope.shard;
    if (shard == ask->shard_end)
        return json_null();
    (void)snprintf(text, sizeof text, "%u.%" PRIu64, shard, index);
    return json_string(text);
}

void api_aim(const struct api *api, struct ask *ask, const struct address_range *range,
             bool has_cursor)
{
    ask->shard_end = api->shared->shard_count;
    if (!address_range_is_one(range))
        return;
    if (!has_cursor)
        ask->envelope.shard = listener_shard_of(&range->ip, api->shared->shard_count);
    ask->shard_end = ask->envelope.shard + 1;
}
