#include "server/peer/acquaintances.h"

#include "core/base/check.h"
#include "core/base/map.h"

#include <stdlib.h>

#define MINUTE_BITS                                                                                \
    20 /* two years; a server that runs longer forgets those of two years ago late */
#define MINUTE_MASK ((UINT64_C(1) << MINUTE_BITS) - 1)
#define MINUTES_MAX (ACQUAINTANCES_S / 60)

_Static_assert(MINUTES_MAX < MINUTE_MASK, "the age of an address is within the round of minutes");
_Static_assert((ACQUAINTANCES_WAYS & (ACQUAINTANCES_WAYS - 1)) == 0, "a set is whole cache lines");

enum pce_status acquaintances_init(struct acquaintances *acquaintances, uint32_t count)
{
    uint64_t sets = 1;
    while (sets * ACQUAINTANCES_WAYS < count + (uint64_t)count / 4) /* few sets are full */
        sets *= 2;
    acquaintances->slots = calloc(sets * ACQUAINTANCES_WAYS, sizeof *acquaintances->slots);
    acquaintances->set_count = acquaintances->slots == NULL ? 0 : sets;
    return acquaintances->slots == NULL ? PCE_NO_MEMORY : PCE_OK;
}

void acquaintances_fini(struct acquaintances *acquaintances)
{
    free(acquaintances->slots);
    *acquaintances = (struct acquaintances){.slots = NULL};
}

static uint64_t acquaintances_hash_of(const struct ip *address)
{
    return map_hash_with(address->octets, ip_size(address), address->family);
}

static uint64_t *set_of(const struct acquaintances *acquaintances, uint64_t hash)
{
    CHECK(acquaintances->set_count > 0);
    return &acquaintances->slots[(hash & (acquaintances->set_count - 1)) * ACQUAINTANCES_WAYS];
}

/* Never 0. */
static uint64_t minute_of(struct mono now)
{
    return (now.ns / (60 * MONO_NS_PER_S)) % MINUTE_MASK + 1;
}

static uint64_t age_of(uint64_t slot, struct mono now)
{
    return (minute_of(now) + MINUTE_MASK - (slot & MINUTE_MASK)) % MINUTE_MASK;
}

/* The low bits have chosen the set; the high ones tell addresses apart. */
static bool acquaintances_is_of(uint64_t slot, uint64_t hash)
{
    return slot != 0 && ((slot ^ hash) & ~MINUTE_MASK) == 0;
}

void acquaintances_note(struct acquaintances *acquaintances, const struct ip *address,
                        struct mono now)
{
    uint64_t hash = acquaintances_hash_of(address);
    uint64_t *set = set_of(acquaintances, hash);
    uint64_t *chosen = &set[0];
    for (unsigned i = 0; i < ACQUAINTANCES_WAYS; i++) {
        if (acquaintances_is_of(set[i], hash)) {
            chosen = &set[i];
            break;
        }
        if (set[i] == 0 || (*chosen != 0 && age_of(set[i], now) > age_of(*chosen, now)))
            chosen = &set[i];
    }
    *chosen = (hash & ~MINUTE_MASK) | minute_of(now);
}

bool acquaintances_has(const struct acquaintances *acquaintances, const struct ip *address,
                       struct mono now)
{
    uint64_t hash = acquaintances_hash_of(address);
    const uint64_t *set = set_of(acquaintances, hash);
    for (unsigned i = 0; i < ACQUAINTANCES_WAYS; i++) {
        if (acquaintances_is_of(set[i], hash))
            return age_of(set[i], now) <= MINUTES_MAX;
    }
    return false;
}
