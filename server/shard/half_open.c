#include "server/shard/half_open.h"

#include "core/base/check.h"
#include "core/base/map.h"

#include <string.h>

/* 64 bits of hash give each row a column of its own. */
static uint64_t half_open_hash_of(const struct ip *address, uint8_t bits)
{
    CHECK(bits <= 8 * ip_size(address));
    uint8_t key[18] = {address->family, bits};
    size_t whole = bits / 8;
    memcpy(key + 2, address->octets, whole);
    if (bits % 8 != 0)
        key[2 + whole] = (uint8_t)(address->octets[whole] & (0xff00U >> (bits % 8)));
    return map_hash(key, sizeof key);
}

static _Atomic uint32_t *counter_of(struct half_open *half_open, uint64_t hash, unsigned row)
{
    return &half_open->counts[row][(hash >> (16 * row)) & (HALF_OPEN_COLUMNS - 1)];
}

/* False when it is 0 already: it stays. */
static bool subtract(_Atomic uint32_t *counter)
{
    uint32_t count = atomic_load_explicit(counter, memory_order_relaxed);
    while (count > 0) {
        if (atomic_compare_exchange_weak_explicit(counter, &count, count - 1, memory_order_relaxed,
                                                  memory_order_relaxed))
            return true;
    }
    return false;
}

static uint32_t half_open_min_of(struct half_open *half_open, uint64_t hash)
{
    uint32_t min = UINT32_MAX;
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++) {
        uint32_t count =
            atomic_load_explicit(counter_of(half_open, hash, row), memory_order_relaxed);
        min = count < min ? count : min;
    }
    return min;
}

enum half_open_answer half_open_take(struct half_open *half_open, const struct ip *address,
                                     const struct half_open_limits *limits, uint8_t *bits)
{
    _Static_assert(16 * HALF_OPEN_ROWS <= 64 && HALF_OPEN_COLUMNS <= 65536, "enough hash");
    _Static_assert((HALF_OPEN_COLUMNS & (HALF_OPEN_COLUMNS - 1)) == 0, "hashes are masked");
    uint8_t size = (uint8_t)(8 * ip_size(address));
    *bits = address->family == IP_V6 ? limits->v6_bits : limits->v4_bits;
    if (*bits > size)
        *bits = size;
    uint64_t hash = half_open_hash_of(address, *bits);
    if (half_open_total(half_open) >= limits->total_max)
        return HALF_OPEN_TOTAL_FULL;
    if (half_open_min_of(half_open, hash) >= limits->prefix_max)
        return HALF_OPEN_PREFIX_FULL;
    if (!gauge_take(&half_open->total, limits->total_max))
        return HALF_OPEN_TOTAL_FULL;
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++)
        atomic_fetch_add_explicit(counter_of(half_open, hash, row), 1, memory_order_relaxed);
    return HALF_OPEN_TAKEN;
}

bool half_open_release(struct half_open *half_open, const struct ip *address, uint8_t bits)
{
    uint64_t hash = half_open_hash_of(address, bits);
    if (half_open_min_of(half_open, hash) == 0)
        return false;
    bool was_held = true;
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++)
        was_held &= subtract(counter_of(half_open, hash, row));
    return gauge_release(&half_open->total) && was_held;
}

uint32_t half_open_count(struct half_open *half_open, const struct ip *address, uint8_t bits)
{
    return half_open_min_of(half_open, half_open_hash_of(address, bits));
}

uint32_t half_open_total(const struct half_open *half_open)
{
    return (uint32_t)gauge_get(&half_open->total);
}
