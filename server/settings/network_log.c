#include "server/settings/network_log.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define WORDS (sizeof(struct network_change) / sizeof(uint64_t))

_Static_assert(sizeof(struct network_change) % sizeof(uint64_t) == 0 &&
                   offsetof(struct network_change, sequence) == 0,
               "a record is words, and the first one is its number");

struct network_slot {
    _Atomic uint64_t words[WORDS];
};

struct network_log {
    _Atomic uint64_t last;
    struct network_slot slots[NETWORK_LOG_RECORDS];
};

struct network_log *network_log_create(void)
{
    return calloc(1, sizeof(struct network_log));
}

void network_log_destroy(struct network_log *log)
{
    free(log);
}

void network_log_add(struct network_log *log, const struct network_change *change)
{
    uint64_t sequence = atomic_load_explicit(&log->last, memory_order_relaxed) + 1;
    struct network_slot *slot = &log->slots[sequence % NETWORK_LOG_RECORDS];
    uint64_t words[WORDS];
    memcpy(words, change, sizeof words);
    atomic_store_explicit(&slot->words[0], 0, memory_order_relaxed);
    for (size_t i = 1; i < WORDS; i++)
        atomic_store_explicit(&slot->words[i], words[i], memory_order_release);
    atomic_store_explicit(&slot->words[0], sequence, memory_order_release);
    atomic_store_explicit(&log->last, sequence, memory_order_release);
}

uint64_t network_log_last(const struct network_log *log)
{
    return atomic_load_explicit(&log->last, memory_order_acquire);
}

bool network_log_read(const struct network_log *log, uint64_t sequence,
                      struct network_change *change)
{
    const struct network_slot *slot = &log->slots[sequence % NETWORK_LOG_RECORDS];
    uint64_t words[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        words[i] = atomic_load_explicit(&slot->words[i], memory_order_acquire);
    uint64_t after = atomic_load_explicit(&slot->words[0], memory_order_relaxed);
    if (sequence == 0 || words[0] != sequence || after != sequence)
        return false;
    memcpy(change, words, sizeof words);
    return true;
}
