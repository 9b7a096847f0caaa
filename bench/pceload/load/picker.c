#include "bench/pceload/load/picker.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

/* The integral of x^-s from 1, and its inverse. expm1 and log1p keep s near 1 exact. */
static double integral(double x, double s)
{
    double t = (1 - s) * log(x);
    return fabs(t) < 1e-8 ? log(x) * (1 + t / 2) : expm1(t) / (1 - s);
}

static double integral_inverse(double y, double s)
{
    double t = y * (1 - s);
    if (t < -1)
        t = -1;
    return exp(fabs(t) < 1e-8 ? y * (1 - t / 2) : log1p(t) / (1 - s));
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Ranks that follow each other stand far apart: near half of the golden section. */
static uint64_t stride_of(uint64_t count)
{
    uint64_t stride = (uint64_t)((double)count * 0.618033988749895) | 1;
    while (greatest_common_divisor(stride, count) != 1)
        stride += 2;
    return stride;
}

void picker_init(struct picker *picker, const struct network *network,
                 const struct options *options, uint32_t ring, uint32_t rings)
{
    *picker = (struct picker){.network = network,
                              .pick = options->pick,
                              .random = {options->seed * 1000003 + ring},
                              .count = network_pair_count(network),
                              .next = ring,
                              .step = rings,
                              .exponent = options->zipf};
    if (picker->pick == PICK_ALL_PAIRS)
        picker->next %= picker->count;
    if (picker->pick != PICK_ZIPF)
        return;
    double s = picker->exponent;
    picker->stride = stride_of(picker->count);
    picker->integral_first = integral(1.5, s) - 1;
    picker->integral_last = integral((double)picker->count + 0.5, s);
    picker->squeeze = 2 - integral_inverse(integral(2.5, s) - pow(2, -s), s);
}

uint64_t picker_zipf_rank(struct picker *picker)
{
    double s = picker->exponent;
    for (;;) {
        double u = picker->integral_last +
                   random_part(&picker->random) * (picker->integral_first - picker->integral_last);
        double x = integral_inverse(u, s);
        double k = floor(x + 0.5);
        if (k < 1)
            k = 1;
        if (k > (double)picker->count)
            k = (double)picker->count;
        if (k - x <= picker->squeeze || u >= integral(k + 0.5, s) - pow(k, -s))
            return (uint64_t)k;
    }
}

static struct pair pick_uniform(struct picker *picker)
{
    const struct network *network = picker->network;
    if (network->pairs != NULL)
        return network->pairs[random_below(&picker->random, network->listed)];
    uint32_t source = random_below(&picker->random, network->end_count);
    uint32_t destination = random_below(&picker->random, network->end_count - 1);
    return (struct pair){source, destination + (destination >= source)};
}

struct pair picker_next(struct picker *picker)
{
    uint64_t number = picker->next;
    switch (picker->pick) {
    case PICK_ZIPF:
        number =
            (uint64_t)(((wide)(picker_zipf_rank(picker) - 1) * picker->stride) % picker->count);
        return network_pair(picker->network, number);
    case PICK_ALL_PAIRS:
        picker->next = (picker->next + picker->step) % picker->count;
        return network_pair(picker->network, number);
    default:
        return pick_uniform(picker);
    }
}
