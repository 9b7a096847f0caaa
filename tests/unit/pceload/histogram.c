/* The histogram of latencies: what three significant digits mean, and what its text says. */
#include "bench/pceload/results/histogram.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct histogram histogram;

static void clear(void)
{
    memset(&histogram, 0, sizeof histogram);
}

TestSuite(histogram, .init = clear);

Test(histogram, each_value_lies_in_a_cell_a_thousandth_wide)
{
    for (uint64_t value = 1; value < HISTOGRAM_VALUE_MAX; value += 1 + value / 777) {
        uint64_t top = histogram_cell_top(histogram_cell(value));
        cr_assert_geq(top, value);
        cr_assert_leq(top - value, value / 1024, "%lu has the top %lu", (unsigned long)value,
                      (unsigned long)top);
    }
}

Test(histogram, cells_follow_each_other_without_gap)
{
    for (uint32_t cell = 0; cell + 1 < HISTOGRAM_CELLS; cell++) {
        uint64_t top = histogram_cell_top(cell);
        cr_assert_eq(histogram_cell(top), cell);
        cr_assert_eq(histogram_cell(top + 1), cell + 1);
    }
}

Test(histogram, value_above_the_greatest_counts_in_the_last_cell)
{
    cr_assert_eq(histogram_cell(UINT64_MAX), HISTOGRAM_CELLS - 1);
    histogram_add(&histogram, UINT64_MAX);
    cr_assert_eq(histogram.max, UINT64_MAX);
    cr_assert_eq(histogram_quantile(&histogram, 1), HISTOGRAM_VALUE_MAX);
}

Test(histogram, quantiles_of_a_hundred_thousand_values_are_right_to_three_digits)
{
    static const double parts[] = {0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1};
    for (uint64_t i = 1; i <= 100000; i++)
        histogram_add(&histogram, i * 1000);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        double exact = parts[i] * 1e8, found = (double)histogram_quantile(&histogram, parts[i]);
        cr_assert_float_eq(found, exact, exact / 1000, "%f: %f", parts[i], found);
    }
    cr_assert_eq(histogram_quantile(&histogram, 1), 100000000u);
    cr_assert_float_eq(histogram_mean(&histogram), 50000500.0, 1);
}

Test(histogram, one_value_is_every_quantile)
{
    histogram_add(&histogram, 123456789);
    cr_assert_eq(histogram_quantile(&histogram, 0), 123456789u);
    cr_assert_eq(histogram_quantile(&histogram, 0.5), 123456789u);
    cr_assert_eq(histogram_quantile(&histogram, 1), 123456789u);
}

Test(histogram, empty_one_gives_zeros)
{
    cr_assert_eq(histogram_quantile(&histogram, 0.99), 0u);
    cr_assert_eq(histogram_mean(&histogram), 0.0);
}

Test(histogram, merge_adds_all_that_the_other_has_seen)
{
    static struct histogram other;
    histogram_add(&histogram, 10);
    histogram_add(&other, 20);
    histogram_add(&other, 5000000);
    histogram_merge(&histogram, &other);
    cr_assert_eq(histogram.count, 3u);
    cr_assert_eq(histogram.max, 5000000u);
    cr_assert_eq(histogram_quantile(&histogram, 0.5), 20u);
    cr_assert_float_eq(histogram.sum, 5000030.0, 0.1);
}

/* The text of all lines that are not remarks: rising values and parts, the last one all of them. */
Test(histogram, text_is_a_rising_distribution_that_ends_with_the_greatest)
{
    char *text = NULL, *save = NULL;
    size_t size = 0;
    for (uint64_t i = 1; i <= 10000; i++)
        histogram_add(&histogram, i * 1000);
    FILE *file = open_memstream(&text, &size);
    histogram_print(&histogram, 1000.0, file);
    (void)fclose(file);
    double value = 0, part = -1, last_value = 0, last_part = -1;
    unsigned long count = 0;
    unsigned lines = 0;
    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (line[0] == '#' || strstr(line, "Percentile") != NULL)
            continue;
        char *at = line;
        value = strtod(at, &at);
        part = strtod(at, &at);
        count = strtoul(at, &at, 10);
        cr_assert_neq(at, line);
        cr_assert_geq(value, last_value);
        cr_assert_gt(part, last_part);
        cr_assert_geq((double)count + 1e-6, part * 10000);
        last_value = value;
        last_part = part;
        lines++;
    }
    cr_assert_float_eq(value, 10000.0, 0.001);
    cr_assert_float_eq(part, 1.0, 1e-12);
    cr_assert_eq(count, 10000u);
    cr_assert_gt(lines, 20u);
    free(text);
}
