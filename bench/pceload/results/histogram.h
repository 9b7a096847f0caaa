/* Histogram: how often each duration was seen, with three significant digits from a nanosecond to
 * hours, in constant time and memory (the log-linear layout of HdrHistogram).
 *
 * Below HISTOGRAM_LINEAR every value has a cell of its own; each further power of two is divided
 * into HISTOGRAM_LINEAR / 2 cells, so that a cell is at most a 1024th of its values wide.
 *
 * Thread: one caller. Owns: its cells. Bound: HISTOGRAM_VALUE_MAX; what is more counts as that. */
#ifndef PCED_BENCH_PCELOAD_RESULTS_HISTOGRAM_H
#define PCED_BENCH_PCELOAD_RESULTS_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#define HISTOGRAM_BITS      11u
#define HISTOGRAM_LINEAR    (1u << HISTOGRAM_BITS)
#define HISTOGRAM_VALUE_MAX ((UINT64_C(1) << 43) - 1) /* ns: two hours and a half */
#define HISTOGRAM_CELLS     (HISTOGRAM_LINEAR + (43u - HISTOGRAM_BITS) * (HISTOGRAM_LINEAR / 2))

struct histogram {
    uint64_t count;
    uint64_t max; /* exact */
    double sum;
    uint64_t cells[HISTOGRAM_CELLS];
};

/* The cell of a value, and the highest value of a cell. */
static inline uint32_t histogram_cell(uint64_t value)
{
    if (value < HISTOGRAM_LINEAR)
        return (uint32_t)value;
    if (value > HISTOGRAM_VALUE_MAX)
        value = HISTOGRAM_VALUE_MAX;
    uint32_t shift = 64u - HISTOGRAM_BITS - (uint32_t)__builtin_clzll(value);
    return shift * (HISTOGRAM_LINEAR / 2) + (uint32_t)(value >> shift);
}

uint64_t histogram_cell_top(uint32_t cell);

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->count++;
    histogram->sum += (double)value;
    if (value > histogram->max)
        histogram->max = value;
    histogram->cells[histogram_cell(value)]++;
}

/* Adds all that `from` has seen. */
void histogram_merge(struct histogram *histogram, const struct histogram *from);
/* The value that this part of all values (from 0 to 1) does not exceed; 0 when there is none. */
uint64_t histogram_quantile(const struct histogram *histogram, double part);
double histogram_mean(const struct histogram *histogram);
/* The usual text of a percentile distribution, which plotters of HdrHistogram read; values are
 * divided by `unit`. */
void histogram_print(const struct histogram *histogram, double unit, FILE *file);

#endif
