#include "server/shard/pending.h"

#include <stddef.h>

#define LIST_LEAST_BITS 12 /* 2^12 is PENDING_LISTED_MIN */

void pending_init(struct pending *pending)
{
    pending->octets = 0;
    pending->occupied = 0;
    for (unsigned i = 0; i < PENDING_LISTS; i++)
        list_init(&pending->lists[i]);
}

void pending_entry_init(struct pending_entry *entry)
{
    list_init(&entry->link);
    entry->octets = 0;
}

/* The list of so many octets; -1: none. */
static int list_of(uint32_t octets)
{
    return octets < PENDING_LISTED_MIN ? -1 : 31 - __builtin_clz(octets) - LIST_LEAST_BITS;
}

void pending_set(struct pending *pending, struct pending_entry *entry, uint64_t octets)
{
    uint32_t fresh = octets > UINT32_MAX ? UINT32_MAX : (uint32_t)octets;
    int from = list_of(entry->octets);
    int to = list_of(fresh);
    pending->octets += fresh;
    pending->octets -= entry->octets;
    entry->octets = fresh;
    if (from == to)
        return;
    list_remove(&entry->link);
    if (from >= 0 && list_is_empty(&pending->lists[from]))
        pending->occupied &= ~(UINT32_C(1) << from);
    if (to < 0)
        return;
    list_push_back(&pending->lists[to], &entry->link);
    pending->occupied |= UINT32_C(1) << to;
}

struct pending_entry *pending_worst(const struct pending *pending)
{
    if (pending->occupied == 0)
        return NULL;
    const struct list_link *list = &pending->lists[31 - __builtin_clz(pending->occupied)];
    struct pending_entry *worst = NULL;
    unsigned looks = 0;
    LIST_FOR(link, list)
    {
        struct pending_entry *entry = CONTAINER_OF(link, struct pending_entry, link);
        if (worst == NULL || entry->octets > worst->octets)
            worst = entry;
        if (++looks == PENDING_LOOKS)
            break;
    }
    return worst;
}

uint64_t pending_worst_floor(const struct pending *pending)
{
    if (pending->occupied == 0)
        return 0;
    return (uint64_t)PENDING_LISTED_MIN << (31 - __builtin_clz(pending->occupied));
}
