/* Which pairs are asked for: all of them, in the proportions that were asked for. */
#include "bench/pceload/load/picker.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ENDS 12u

/* A network of ends alone. */
static struct network network_of(uint32_t count)
{
    return (struct network){.end_count = count};
}

static uint32_t number_of(struct pair pair)
{
    return pair.source * ENDS + pair.destination;
}

Test(picker, numbers_name_each_pair_once)
{
    struct network network = network_of(ENDS);
    bool seen[ENDS * ENDS] = {0};
    uint64_t count = network_pair_count(&network);
    cr_assert_eq(count, ENDS * (ENDS - 1));
    for (uint64_t i = 0; i < count; i++) {
        struct pair pair = network_pair(&network, i);
        cr_assert_neq(pair.source, pair.destination);
        cr_assert_not(seen[number_of(pair)]);
        seen[number_of(pair)] = true;
    }
}

Test(picker, uniform_draws_every_pair_about_as_often)
{
    struct network network = network_of(ENDS);
    struct options options = {.pick = PICK_UNIFORM, .seed = 7};
    struct picker picker;
    uint32_t seen[ENDS * ENDS] = {0};
    picker_init(&picker, &network, &options, 0, 1);
    for (unsigned i = 0; i < 132000; i++) {
        struct pair pair = picker_next(&picker);
        cr_assert_neq(pair.source, pair.destination);
        cr_assert_lt(pair.destination, ENDS);
        seen[number_of(pair)]++;
    }
    for (uint32_t i = 0; i < ENDS * ENDS; i++) {
        if (i / ENDS != i % ENDS)
            cr_assert(seen[i] > 800 && seen[i] < 1200, "pair %u: %u times", i, seen[i]);
    }
}

Test(picker, all_pairs_are_shared_among_the_rings_once_each)
{
    struct network network = network_of(ENDS);
    struct options options = {.pick = PICK_ALL_PAIRS};
    bool seen[ENDS * ENDS] = {0};
    for (uint32_t ring = 0; ring < 4; ring++) {
        struct picker picker;
        picker_init(&picker, &network, &options, ring, 4);
        for (unsigned i = 0; i < ENDS * (ENDS - 1) / 4; i++) {
            uint32_t number = number_of(picker_next(&picker));
            cr_assert_not(seen[number]);
            seen[number] = true;
        }
    }
}

Test(picker, listed_pairs_are_taken_as_they_are)
{
    static struct pair pairs[] = {{0, 1}, {2, 3}, {4, 5}};
    struct network network = {.pairs = pairs, .listed = 3, .end_count = 6};
    struct options options = {.pick = PICK_ALL_PAIRS};
    struct picker picker;
    picker_init(&picker, &network, &options, 0, 1);
    for (uint32_t i = 0; i < 6; i++)
        cr_assert_eq(picker_next(&picker).source, 2 * (i % 3));
}

static void expect_zipf(double exponent)
{
    enum { RANKS = 100, DRAWS = 400000 };
    struct network network = network_of(ENDS);
    struct options options = {.pick = PICK_ZIPF, .zipf = exponent, .seed = 3};
    struct picker picker;
    uint32_t seen[RANKS + 1] = {0};
    double sum = 0;
    picker_init(&picker, &network, &options, 0, 1);
    for (unsigned i = 0; i < DRAWS; i++) {
        uint64_t rank = picker_zipf_rank(&picker);
        cr_assert(rank >= 1 && rank <= picker.count);
        if (rank <= RANKS)
            seen[rank]++;
    }
    for (uint64_t k = 1; k <= picker.count; k++)
        sum += pow((double)k, -exponent);
    for (unsigned k = 1; k <= RANKS; k *= 3) {
        double wanted = DRAWS * pow(k, -exponent) / sum;
        cr_assert_float_eq(seen[k], wanted, wanted * 0.05 + 4 * sqrt(wanted), "rank %u: %u, not %f",
                           k, seen[k], wanted);
    }
}

Test(picker, zipf_ranks_have_their_frequencies)
{
    expect_zipf(0.8);
    expect_zipf(1.0);
    expect_zipf(1.5);
}

Test(picker, zipf_reaches_the_last_of_many_pairs)
{
    struct network network = network_of(100000);
    struct options options = {.pick = PICK_ZIPF, .zipf = 0.5, .seed = 1};
    struct picker picker;
    picker_init(&picker, &network, &options, 0, 1);
    uint64_t most = 0;
    for (unsigned i = 0; i < 10000; i++) {
        uint64_t rank = picker_zipf_rank(&picker);
        most = rank > most ? rank : most;
        struct pair pair = picker_next(&picker);
        cr_assert(pair.source < 100000 && pair.destination < 100000);
    }
    cr_assert_leq(most, picker.count);
    cr_assert_gt(most, picker.count / 2);
}
