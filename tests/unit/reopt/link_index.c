/* The index from links to LSPs against a naive table, and at its limit. */
#include "core/reopt/link_index.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <string.h>

#define LSPS   200
#define LINKS  40
#define PATH   12
#define ROUNDS 200000

/* What an LSP keeps. */
static struct {
    uint32_t count;
    uint32_t places[PATH];
} routes[LSPS];

static bool takes[LSPS][LINKS];
static struct link_index idx;

static uint32_t *entry_of(void *context, uint32_t lsp, uint32_t place)
{
    (void)context;
    for (uint32_t i = 0; i < routes[lsp].count; i++)
        if (routes[lsp].places[i] == place)
            return &routes[lsp].places[i];
    return NULL;
}

static void expect_link(uint32_t number)
{
    uint32_t place = LINK_INDEX_NONE, lsp, count = 0;
    bool is_found[LSPS] = {false};
    while (link_index_next(&idx, number, &place, &lsp)) {
        cr_assert_not(is_found[lsp]);
        is_found[lsp] = true;
        count++;
        cr_assert_not_null(entry_of(NULL, lsp, place));
        cr_assert_eq(link_index_number(&idx, place), number);
    }
    cr_assert_eq(link_index_count(&idx, number), count);
    for (uint32_t i = 0; i < LSPS; i++)
        cr_assert_eq(is_found[i], takes[i][number]);
}

static void add(uint32_t lsp, uint32_t number)
{
    uint32_t place;
    cr_assert_eq(link_index_add(&idx, number, lsp, &place), PCE_OK);
    routes[lsp].places[routes[lsp].count++] = place;
    takes[lsp][number] = true;
}

static void remove_entry(uint32_t lsp, uint32_t i)
{
    uint32_t place = routes[lsp].places[i];
    takes[lsp][link_index_number(&idx, place)] = false;
    routes[lsp].places[i] = routes[lsp].places[--routes[lsp].count];
    link_index_remove(&idx, place);
}

Test(link_index, a_link_that_nobody_takes_has_no_lsps)
{
    uint32_t place = LINK_INDEX_NONE, lsp;
    link_index_init(&idx, 10, entry_of, NULL);
    cr_expect_eq(link_index_count(&idx, 1000), 0);
    cr_expect_not(link_index_next(&idx, 1000, &place, &lsp));
    link_index_fini(&idx);
}

Test(link_index, many_lsps_that_come_and_go_stand_as_in_a_naive_table, .timeout = 60)
{
    struct random rng = test_random_init("link index", 20260816);
    uint64_t entries = 0;
    link_index_init(&idx, LINK_INDEX_BLOCKS_MAX, entry_of, NULL);
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t lsp = random_below(&rng, LSPS), number = random_below(&rng, LINKS);
        bool grows = random_below(&rng, 1000) < 500 + 300 * (round / 20000 % 2);
        if (grows && routes[lsp].count < PATH && !takes[lsp][number]) {
            add(lsp, number);
            entries++;
        } else if (!grows && routes[lsp].count > 0) {
            remove_entry(lsp, random_below(&rng, routes[lsp].count));
            entries--;
        }
        cr_assert_eq(idx.entry_count, entries);
        if (round % 16 == 0)
            expect_link(number);
    }
    for (uint32_t lsp = 0; lsp < LSPS; lsp++)
        while (routes[lsp].count > 0)
            remove_entry(lsp, 0);
    for (uint32_t number = 0; number < LINKS; number++)
        expect_link(number);
    link_index_fini(&idx);
}

/* False: there are no more. */
static bool walk_on(uint32_t number, uint32_t *place, bool *is_found)
{
    uint32_t lsp;
    if (!link_index_next(&idx, number, place, &lsp))
        return false;
    cr_assert(takes[lsp][number]);
    is_found[lsp] = true;
    return true;
}

Test(link_index, a_walk_finds_all_that_stay_whoever_leaves_meanwhile)
{
    struct random rng = test_random_init("link index walk", 20261201);
    link_index_init(&idx, LINK_INDEX_BLOCKS_MAX, entry_of, NULL);
    for (unsigned round = 0; round < 500; round++) {
        bool is_found[LSPS] = {false};
        uint32_t place = LINK_INDEX_NONE, leave_of = 1 + random_below(&rng, 4);
        for (uint32_t lsp = 0; lsp < LSPS; lsp++)
            if (routes[lsp].count == 0)
                add(lsp, 3);
        while (walk_on(3, &place, is_found)) {
            uint32_t lsp = random_below(&rng, LSPS);
            if (random_below(&rng, leave_of) == 0 && routes[lsp].count > 0)
                remove_entry(lsp, 0);
            else if (routes[lsp].count == 0) /* the block that has become free is another link's */
                add(lsp, 4);
        }
        for (uint32_t lsp = 0; lsp < LSPS; lsp++) {
            cr_assert(is_found[lsp] || !takes[lsp][3]);
            while (routes[lsp].count > 0)
                remove_entry(lsp, 0);
        }
    }
    link_index_fini(&idx);
}

Test(link_index, blocks_are_used_again_and_none_past_the_limit_is_made)
{
    uint32_t place;
    link_index_init(&idx, 2, entry_of, NULL);
    for (uint32_t lsp = 0; lsp < 2 * LINK_BLOCK_LSPS; lsp++)
        add(lsp, 7);
    cr_expect_eq(link_index_add(&idx, 7, 100, &place), PCE_LIMIT);
    cr_expect_eq(link_index_add(&idx, 8, 100, &place), PCE_LIMIT);
    cr_expect_eq(idx.refused, 2);
    for (uint32_t lsp = 0; lsp < LINK_BLOCK_LSPS; lsp++)
        remove_entry(lsp, 0);
    expect_link(7);
    add(100, 8);
    expect_link(8);
    link_index_fini(&idx);
}
