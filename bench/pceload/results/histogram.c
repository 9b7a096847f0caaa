#include "bench/pceload/results/histogram.h"

#include "core/base/check.h"

#include <math.h>

#define TICKS_PER_HALF 5 /* lines of the text for each halving of the distance to 100 % */

uint64_t histogram_cell_top(uint32_t cell)
{
    CHECK(cell < HISTOGRAM_CELLS);
    if (cell < HISTOGRAM_LINEAR)
        return cell;
    uint32_t shift = cell / (HISTOGRAM_LINEAR / 2) - 1;
    uint64_t sub = cell - shift * (HISTOGRAM_LINEAR / 2);
    return ((sub + 1) << shift) - 1;
}

void histogram_merge(struct histogram *histogram, const struct histogram *from)
{
    histogram->count += from->count;
    histogram->sum += from->sum;
    if (from->max > histogram->max)
        histogram->max = from->max;
    for (uint32_t i = 0; i < HISTOGRAM_CELLS; i++)
        histogram->cells[i] += from->cells[i];
}

/* The top of a cell, but never more than was seen. */
static uint64_t value_of(const struct histogram *histogram, uint32_t cell)
{
    uint64_t top = histogram_cell_top(cell);
    return top < histogram->max ? top : histogram->max;
}

uint64_t histogram_quantile(const struct histogram *histogram, double part)
{
    uint64_t wanted = (uint64_t)ceil(part * (double)histogram->count);
    uint64_t seen = 0;
    if (wanted == 0)
        wanted = 1;
    for (uint32_t i = 0; i < HISTOGRAM_CELLS; i++) {
        seen += histogram->cells[i];
        if (seen >= wanted)
            return value_of(histogram, i);
    }
    return histogram->max;
}

double histogram_mean(const struct histogram *histogram)
{
    return histogram->count == 0 ? 0 : histogram->sum / (double)histogram->count;
}

/* From the cells: what the exact sum of squares would give to three digits. */
static double deviation(const struct histogram *histogram)
{
    double mean = histogram_mean(histogram), squares = 0;
    if (histogram->count == 0)
        return 0;
    for (uint32_t i = 0; i < HISTOGRAM_CELLS; i++) {
        double distance = (double)value_of(histogram, i) - mean;
        if (histogram->cells[i] > 0)
            squares += distance * distance * (double)histogram->cells[i];
    }
    return sqrt(squares / (double)histogram->count);
}

/* The next part that has a line: steps become smaller as 1 comes near. */
static double next_part(double part)
{
    double halvings = floor(log2(1 / (1 - part))) + 1;
    return part + 1 / (TICKS_PER_HALF * exp2(halvings));
}

void histogram_print(const struct histogram *histogram, double unit, FILE *file)
{
    uint64_t seen = 0;
    double part = 0;
    uint32_t cell = 0;
    (void)fprintf(file, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
                  "1/(1-Percentile)");
    while (histogram->count > 0 && seen < histogram->count) {
        while (seen == 0 || (double)seen < part * (double)histogram->count)
            seen += histogram->cells[cell++];
        double value = (double)value_of(histogram, cell - 1) / unit;
        if (seen == histogram->count)
            break;
        (void)fprintf(file, "%12.3f %14.12f %10llu %14.2f\n", value, part, (unsigned long long)seen,
                      1 / (1 - part));
        part = next_part(part);
    }
    if (histogram->count > 0)
        (void)fprintf(file, "%12.3f %14.12f %10llu\n", (double)histogram->max / unit, 1.0,
                      (unsigned long long)histogram->count);
    (void)fprintf(file, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n",
                  histogram_mean(histogram) / unit, deviation(histogram) / unit);
    (void)fprintf(file, "#[Max     = %12.3f, Total count    = %12llu]\n",
                  (double)histogram->max / unit, (unsigned long long)histogram->count);
    (void)fprintf(file, "#[Buckets = %12u, SubBuckets     = %12u]\n", 44u - HISTOGRAM_BITS,
                  HISTOGRAM_LINEAR);
}
