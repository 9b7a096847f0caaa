/* What one LSP holds of the network has a bound, whatever its router reports. */
#include "core/reopt/route.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>

static uint32_t numbers[2 * REOPT_ROUTE_LINKS_MAX];

static void one_link(void)
{
    rig_init();
    net_init(&net, 2);
    (void)net_join(&net, 0, 1, 10);
    rig_publish();
    lsps[0] =
        (struct rig_lsp){.destination = 1, .labels = {net.links[0].adj_label}, .label_count = 1};
    rig_report(0);
    for (uint32_t i = 0; i < 2 * REOPT_ROUTE_LINKS_MAX; i++)
        numbers[i] = i;
}

TestSuite(route, .init = one_link, .fini = rig_fini);

/* The links from `current` on, as many as a path may have, and `ordered_count` from 0 on. */
static bool set_route(uint32_t current, uint32_t ordered_count)
{
    const struct route_wanted wanted = {.current = numbers + current,
                                        .ordered = numbers,
                                        .current_count = RESOLVE_LINKS_MAX,
                                        .ordered_count = ordered_count};
    return route_set(&reopt, rig_find(0), &wanted);
}

Test(route, as_many_links_are_held_as_may_be)
{
    cr_expect(set_route(RESOLVE_LINKS_MAX, RESOLVE_LINKS_MAX));
    cr_expect_eq(rig_find(0)->route->count, REOPT_ROUTE_LINKS_MAX);
    cr_expect_eq(reopt.counters.reopt_route_limit, 0);
}

Test(route, the_link_past_the_bound_is_not_held_and_is_counted)
{
    cr_expect_not(set_route(RESOLVE_LINKS_MAX + 1, RESOLVE_LINKS_MAX + 1));
    cr_expect_eq(rig_find(0)->route->count, REOPT_ROUTE_LINKS_MAX);
    cr_expect_eq(reopt.counters.reopt_route_limit, 1);
    cr_expect_eq(reopt.index.entry_count, REOPT_ROUTE_LINKS_MAX);
}

Test(route, ever_other_paths_do_not_grow_it)
{
    for (uint32_t i = 0; i < 3; i++) {
        (void)set_route(i * RESOLVE_LINKS_MAX, REOPT_ROUTE_LINKS_MAX);
        cr_expect_leq(rig_find(0)->route->count, REOPT_ROUTE_LINKS_MAX);
        cr_expect_eq(rig_find(0)->route->current_count, RESOLVE_LINKS_MAX);
    }
    cr_expect_leq(
        route_numbers(&reopt, rig_find(0)->route, 0, rig_find(0)->route->count, reopt.numbers[1]),
        REOPT_ROUTE_LINKS_MAX);
}
