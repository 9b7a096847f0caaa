/* Request mixes: random path requests on a network, with constraints that most of its links meet.
 *
 *     none     minimum IGP metric, no constraint
 *     mix      half of the requests none, a fifth bandwidth, a fifth an affinity, a tenth unique
 *     unique   every request another one: bandwidth, an affinity mask and minimum TE metric
 *
 * A bandwidth is drawn below what nine links in ten have unreserved at the lowest priority, as a
 * single-precision number, so that two are hardly ever the same. An affinity excludes one bit that
 * at most a quarter of the links have; in a network without such a bit it asks for any bit of all
 * that there are but one, if three links in four have one of those. The same seed gives the same
 * requests.
 *
 * Thread: one. Owns: nothing. */
#ifndef PCED_BENCH_PATH_BENCH_MIX_H
#define PCED_BENCH_PATH_BENCH_MIX_H

#include "core/base/random.h"
#include "core/path/path.h"

#include <stdint.h>
#include <stdlib.h>

#define MIX_PRIORITY 7 /* the lowest */

enum mix_kind { MIX_NONE, MIX_MIX, MIX_UNIQUE };

struct mix {
    enum mix_kind kind;
    struct random random;
    float bandwidth_max;
    uint32_t excludable; /* bits that a request may exclude */
    uint32_t includable; /* masks of an include-any: union without one of the bits of choices */
    uint32_t includable_choices;
};

static inline uint32_t mix_below(struct mix *mix, uint32_t end)
{
    return (uint32_t)(random_u64(&mix->random) % end);
}

/* One of the bits of a mask that is not 0. */
static inline uint32_t mix_bit(struct mix *mix, uint32_t mask)
{
    uint32_t skipped = mix_below(mix, (uint32_t)__builtin_popcount(mask));
    for (; skipped > 0; skipped--)
        mask &= mask - 1;
    return mask & -mask;
}

static inline int mix_compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* What a tenth of the links have less of. */
static inline float mix_common_bandwidth(const struct ted_snapshot *snapshot)
{
    uint32_t count = snapshot->link_count;
    float *values = malloc((count + 1) * sizeof *values);
    if (values == NULL)
        abort();
    for (uint32_t i = 0; i < count; i++)
        values[i] = snapshot->links[i].unreserved[MIX_PRIORITY];
    qsort(values, count, sizeof *values, mix_compare);
    float common = count == 0 ? 0 : values[count / 10];
    free(values);
    return common;
}

static inline uint32_t mix_links_with(const struct ted_snapshot *snapshot, uint32_t mask)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < snapshot->link_count; i++)
        count += (snapshot->links[i].admin_group & mask) != 0;
    return count;
}

static inline void mix_init(struct mix *mix, enum mix_kind kind, uint64_t seed,
                            const struct ted_snapshot *snapshot)
{
    *mix = (struct mix){.kind = kind, .random = {seed}};
    mix->bandwidth_max = mix_common_bandwidth(snapshot);
    for (uint32_t i = 0; i < snapshot->link_count; i++)
        mix->includable |= snapshot->links[i].admin_group;
    for (uint32_t bits = mix->includable; bits != 0; bits &= bits - 1) {
        uint32_t bit = bits & -bits, others = mix->includable & ~bit;
        if (mix_links_with(snapshot, bit) <= snapshot->link_count / 4)
            mix->excludable |= bit;
        if (mix_links_with(snapshot, others) >= snapshot->link_count - snapshot->link_count / 4)
            mix->includable_choices |= bit;
    }
}

static inline void mix_add_bandwidth(struct mix *mix, struct path_request *request)
{
    double unit = (double)(random_u64(&mix->random) >> 40) / (double)(1 << 24);
    request->bandwidth = (float)(unit * (double)mix->bandwidth_max);
    request->priority = MIX_PRIORITY;
}

static inline void mix_add_affinity(struct mix *mix, struct path_request *request)
{
    if (mix->excludable != 0)
        request->exclude_any = mix_bit(mix, mix->excludable);
    else if (mix->includable_choices != 0)
        request->include_any = mix->includable & ~mix_bit(mix, mix->includable_choices);
}

/* Draws two different nodes, and the constraints. What is not drawn is left as it is. */
static inline void mix_draw(struct mix *mix, const struct ted_snapshot *snapshot,
                            struct path_request *request)
{
    uint32_t dice = mix->kind == MIX_MIX ? mix_below(mix, 10) : mix->kind == MIX_UNIQUE ? 9 : 0;
    request->source = mix_below(mix, snapshot->node_count);
    request->destination = request->source;
    while (snapshot->node_count > 1 && request->destination == request->source)
        request->destination = mix_below(mix, snapshot->node_count);
    request->metric = dice == 9 ? PATH_METRIC_TE : PATH_METRIC_IGP;
    request->bandwidth = 0;
    request->exclude_any = 0;
    request->include_any = 0;
    if (dice == 5 || dice == 6 || dice == 9)
        mix_add_bandwidth(mix, request);
    if (dice >= 7)
        mix_add_affinity(mix, request);
}

#endif
