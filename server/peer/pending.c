#include "server/peer/pending.h"

#include "core/base/check.h"
#include "core/base/validate.h"

#include <stddef.h>

#define LIST_BITS_MIN 12

_Static_assert(PENDING_LISTED_MIN == 1 << LIST_BITS_MIN, "the first list begins there");
_Static_assert(LIST_BITS_MIN + PENDING_LISTS == 32, "a list for each power of two of 32 bits");
_Static_assert(PENDING_LISTS <= 32, "`occupied` has a bit for each list");
_Static_assert(sizeof(struct pending_entry) == 24, "pending.h says 24 octets a peer");

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
    return octets < PENDING_LISTED_MIN ? -1 : 31 - __builtin_clz(octets) - LIST_BITS_MIN;
}

static void pending_move(struct pending *pending, struct pending_entry *entry, int from, int to)
{
    list_remove(&entry->link);
    if (from >= 0 && list_is_empty(&pending->lists[from]))
        pending->occupied &= ~(UINT32_C(1) << from);
    if (to < 0)
        return;
    list_push_back(&pending->lists[to], &entry->link);
    pending->occupied |= UINT32_C(1) << to;
}

void pending_set(struct pending *pending, struct pending_entry *entry, uint64_t octets)
{
    uint32_t fresh = octets > UINT32_MAX ? UINT32_MAX : (uint32_t)octets;
    int from = list_of(entry->octets);
    int to = list_of(fresh);
    CHECK(pending->octets >= entry->octets);
    pending->octets += fresh;
    pending->octets -= entry->octets;
    entry->octets = fresh;
    if (from != to)
        pending_move(pending, entry, from, to);
    VALIDATE(VALIDATE_STEPS, pending_validate(pending));
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
    CHECK(worst != NULL); /* its list has a bit in `occupied` */
    return worst;
}

uint64_t pending_worst_floor(const struct pending *pending)
{
    if (pending->occupied == 0)
        return 0;
    return (uint64_t)PENDING_LISTED_MIN << (31 - __builtin_clz(pending->occupied));
}

/* ---- validation ---- */

#ifdef PCED_VALIDATE

/* Each entry of a list has PENDING_LISTED_MIN octets at least, so that the sum ends the walk
 * however the links go. */
uint64_t pending_validate(const struct pending *pending)
{
    CHECK(pending->occupied >> PENDING_LISTS == 0);
    uint64_t octets = 0;
    uint64_t steps = PENDING_LISTS;
    for (int i = 0; i < PENDING_LISTS; i++) {
        const struct list_link *list = &pending->lists[i];
        CHECK(list->next->prev == list && list->prev->next == list);
        CHECK(list_is_empty(list) == ((pending->occupied >> i & 1) == 0));
        LIST_FOR(link, list)
        {
            const struct pending_entry *entry = CONTAINER_OF(link, struct pending_entry, link);
            CHECK(link->next->prev == link && link->prev->next == link);
            CHECK(list_of(entry->octets) == i);
            octets += entry->octets;
            CHECK(octets <= pending->octets);
            steps++;
        }
    }
    return steps;
}

#endif
