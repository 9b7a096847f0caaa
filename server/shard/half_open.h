/* Half-open limiter: how many connections have not reached state UP, in all and for each source
 * prefix.
 *
 * The addresses of one prefix lie on many shards, so that the counts are shared and atomic. A
 * prefix has no entry of its own: it has one counter in each of HALF_OPEN_ROWS rows, found by a
 * seeded hash, and counts as much as the minimum of them (a count-min sketch). So the memory is
 * fixed whatever sources come, a count is never too low, and it is too high only where others stand
 * on all rows of it.
 *
 * One that is refused is never counted, not even for a moment: it would keep others out. So threads
 * that look at the same moment may each take the last place of a prefix; never more of the total.
 *
 * Thread: any. Owns: nothing outside itself. Bound: total_max; prefix_max and as many more as there
 * are other threads; 4 * HALF_OPEN_ROWS * HALF_OPEN_COLUMNS octets. */
#ifndef PCED_SERVER_SHARD_HALF_OPEN_H
#define PCED_SERVER_SHARD_HALF_OPEN_H

#include "core/base/ip.h"
#include "server/shard/gauge.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HALF_OPEN_ROWS    4
#define HALF_OPEN_COLUMNS 8192 /* a power of two */

struct half_open_limits {
    uint32_t total_max;
    uint32_t prefix_max;
    uint8_t v4_bits; /* how long a source prefix is */
    uint8_t v6_bits;
};

/* Zero is the empty one. */
struct half_open {
    struct gauge total;
    _Atomic uint32_t counts[HALF_OPEN_ROWS][HALF_OPEN_COLUMNS];
};

enum half_open_answer { HALF_OPEN_TAKEN, HALF_OPEN_TOTAL_FULL, HALF_OPEN_PREFIX_FULL };

/* What was taken is given back by half_open_release with the same address and *bits, which is the
 * length of the prefix that it was counted under (a reload may change the limits in between).
 * Nothing is taken unless the answer is HALF_OPEN_TAKEN. */
enum half_open_answer half_open_take(struct half_open *half_open, const struct ip *address,
                                     const struct half_open_limits *limits, uint8_t *bits);
/* False when nobody held such a place: our bug, which must not end all sessions for a number that
 * is off by one. No count goes below 0. */
bool half_open_release(struct half_open *half_open, const struct ip *address, uint8_t bits);
/* Places of that prefix; never less than there are. */
uint32_t half_open_count(struct half_open *half_open, const struct ip *address, uint8_t bits);
uint32_t half_open_total(const struct half_open *half_open);

#endif
