#include "core/ted/columns.h"

_Static_assert(sizeof(float) == sizeof(uint32_t), "columns have cells of one size");

static bool is_alike(const struct ted_link *links, uint32_t count, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < count; i++) {
        if (links[i].unreserved[a] != links[i].unreserved[b])
            return false;
    }
    return true;
}

/* The first priority at which all links have the same bandwidths as at this one. */
static uint32_t first_alike(const struct ted_link *links, uint32_t count, uint32_t priority)
{
    uint32_t first = 0;
    while (first < priority && !is_alike(links, count, first, priority))
        first++;
    return first;
}

size_t columns_size(const struct ted_link *links, uint32_t count)
{
    size_t columns = 3;
    for (uint32_t p = 0; p < TED_PRIORITIES; p++)
        columns += first_alike(links, count, p) == p;
    return columns * count * sizeof(float);
}

struct ted_columns columns_fill(void *to, const struct ted_link *links,
                                const struct ted_edge *edges, uint32_t count)
{
    uint32_t *admin_group = to;
    uint32_t *delay_us = admin_group + count;
    float *capacity = (float *)(void *)(delay_us + count);
    struct ted_columns columns = {
        .admin_group = admin_group, .delay_us = delay_us, .capacity = capacity};
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_link *link = &links[edges[i].link];
        admin_group[i] = link->admin_group;
        delay_us[i] = link->delay_us;
        capacity[i] = link->capacity;
    }
    float *next = capacity + count;
    for (uint32_t p = 0; p < TED_PRIORITIES; p++) {
        /* Mostly nothing is reserved, and all priorities have the same: one column then serves for
         * all. */
        uint32_t first = first_alike(links, count, p);
        if (first < p) {
            columns.unreserved[p] = columns.unreserved[first];
            continue;
        }
        for (uint32_t i = 0; i < count; i++)
            next[i] = links[edges[i].link].unreserved[p];
        columns.unreserved[p] = next;
        next += count;
    }
    return columns;
}
