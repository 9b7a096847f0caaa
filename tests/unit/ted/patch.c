/* A snapshot that is patched: what it shares, what it says has changed, and what it refuses. */
#include "core/ted/patch.h"

#include "core/ted/link_numbers.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>

/* Two nodes, two links there, one back; the first has an SRLG and an adjacency SID. */
struct small {
    struct ted_snapshot *snapshot;
    struct ted_link_spec specs[3];
    uint32_t srlg;
    struct ted_adj_sid sid;
};

static void small_make(struct small *small)
{
    struct ted_builder *builder = ted_builder_create("small");
    struct ted_fault fault;
    uint32_t a = add_plain_node(builder, "a", 1), b = add_plain_node(builder, "b", 2), index;
    *small = (struct small){.srlg = 7, .sid = {.label = 24000}};
    for (uint32_t i = 0; i < 3; i++)
        small->specs[i] = (struct ted_link_spec){
            .from = i < 2 ? a : b, .to = i < 2 ? b : a, .igp_metric = 10 + i, .te_metric = 5};
    small->specs[0].local_v4 = small->specs[2].remote_v4 = address("198.51.100.0");
    small->specs[0].remote_v4 = small->specs[2].local_v4 = address("198.51.100.1");
    small->specs[1].local_v4 = address("198.51.100.2");
    small->specs[0].srlgs = &small->srlg;
    small->specs[0].srlg_count = 1;
    small->specs[0].adj_sids = &small->sid;
    small->specs[0].adj_sid_count = 1;
    for (uint32_t i = 0; i < 3; i++)
        cr_assert_eq(ted_builder_add_link(builder, &small->specs[i], &index, &fault), PCE_OK);
    small->snapshot = finish(builder);
}

static struct ted_snapshot *small_patch(const struct ted_snapshot *before, uint32_t link,
                                        const struct ted_link_spec *spec)
{
    const struct ted_patch_item item = {link, spec};
    struct ted_snapshot *after;
    cr_assert_eq(ted_snapshot_patch(before, &item, 1, &after), PCE_OK);
    return after;
}

Test(patch, shares_what_does_not_change)
{
    struct small small;
    small_make(&small);
    small.specs[1].igp_metric = 99;
    struct ted_snapshot *after = small_patch(small.snapshot, 1, &small.specs[1]);
    cr_expect_eq(after->nodes, small.snapshot->nodes);
    cr_expect_eq(after->adj_sids, small.snapshot->adj_sids);
    cr_expect_eq(after->link_ends.v4.of_links, small.snapshot->link_ends.v4.of_links);
    cr_expect_neq(after->links, small.snapshot->links);
    cr_expect_neq(after->serial, small.snapshot->serial);
    cr_expect_eq(small.snapshot->links[1].igp_metric, 11);
    cr_expect_eq(after->links[1].igp_metric, 99);
    cr_expect_eq(after->igp_metric_max, 99);
    cr_assert_eq(after->delta->count, 1);
    cr_expect_eq(after->delta->links[0], 1);
    cr_expect_eq(after->delta->serial, small.snapshot->serial);
    ted_snapshot_destroy(small.snapshot); /* either may go first */
    cr_expect_str_eq(after->nodes[0].name, "a");
    ted_snapshot_destroy(after);
}

Test(patch, keeps_the_place_of_a_link_that_goes_and_comes_back)
{
    struct small small;
    small_make(&small);
    struct ted_snapshot *gone = small_patch(small.snapshot, 2, NULL);
    cr_expect_eq(gone->link_count, 3);
    cr_expect_eq(gone->edge_count, 2);
    cr_expect(gone->links[2].is_gone);
    cr_expect_not(gone->links[0].is_two_way);
    cr_expect_eq(gone->links[0].reverse, TED_NONE);
    cr_expect_eq(gone->delta->count, 3); /* the others are two-way no more */
    struct ip shared = address("198.51.100.1");
    cr_expect_eq(ted_find_node_by_address(gone, &shared), 1); /* link 0 has it, too */
    struct ted_snapshot *back = small_patch(gone, 2, &small.specs[2]);
    cr_expect_eq(back->edge_count, 3);
    cr_expect_eq(back->links[0].reverse, 2);
    cr_expect(back->links[0].is_two_way);
    ted_snapshot_destroy(gone);
    struct ted_snapshot *other = small_patch(back, 1, NULL);
    struct ip own = address("198.51.100.2");
    cr_expect_eq(ted_find_node_by_address(other, &own), TED_NONE);
    cr_expect_not(other->links[0].has_sibling);
    ted_snapshot_destroy(other);
    ted_snapshot_destroy(back);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, refuses_what_there_is_no_room_for)
{
    struct small small;
    struct ted_snapshot *after;
    small_make(&small);
    struct ted_link_spec spec = small.specs[0];
    const struct ted_patch_item item = {0, &spec};
    spec.local_v4 = address("198.51.100.9"); /* another link's end */
    cr_expect_eq(ted_snapshot_patch(small.snapshot, &item, 1, &after), PCE_UNSUPPORTED);
    spec = small.specs[0];
    spec.unreserved[3] = 5; /* priorities share a column here */
    cr_expect_eq(ted_snapshot_patch(small.snapshot, &item, 1, &after), PCE_UNSUPPORTED);
    spec = small.specs[0];
    spec.capacity = -1;
    cr_expect_eq(ted_snapshot_patch(small.snapshot, &item, 1, &after), PCE_UNSUPPORTED);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, a_list_that_is_longer_than_before_has_another_place)
{
    struct small small;
    small_make(&small);
    const uint32_t two[] = {9, 2}, words[] = {1, 2, 3};
    struct ted_link_spec spec = small.specs[0];
    spec.srlgs = two;
    spec.srlg_count = 2;
    spec.groups = words;
    spec.group_count = 3;
    struct ted_snapshot *after = small_patch(small.snapshot, 0, &spec);
    const struct ted_link *link = &after->links[0];
    cr_assert_eq(link->srlgs.count, 2);
    cr_expect_eq(after->srlgs[link->srlgs.first], 2);
    cr_expect_eq(after->srlgs[link->srlgs.first + 1], 9);
    cr_assert_eq(link->groups.count, 3);
    cr_expect_eq(after->group_words[link->groups.first + 2], 3);
    cr_expect_eq(after->adj_sids[link->adj_sids.first].label, 24000);
    cr_expect_eq(small.snapshot->srlgs[small.snapshot->links[0].srlgs.first], 7);
    ted_snapshot_destroy(after);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, what_is_told_for_flexible_algorithms_is_followed)
{
    struct small small;
    small_make(&small);
    const uint32_t words[] = {5};
    struct ted_link_spec spec = small.specs[0];
    const struct ted_patch_item item = {0, &spec};
    spec.flex_source = TED_FLEX_TOLD;
    spec.flex = (struct ted_flex_link_spec){
        .te_metric = 77, .delay_min_us = TED_NONE, .groups = words, .group_count = 1};
    cr_expect(ted_patch_changes(small.snapshot, &item));
    struct ted_snapshot *told = small_patch(small.snapshot, 0, &spec);
    cr_assert_eq(told->links[0].flex_source, TED_FLEX_TOLD);
    cr_expect_eq(told->flex_links[told->links[0].flex].te_metric, 77);
    cr_expect_not(ted_patch_changes(told, &item));
    spec.flex.te_metric = 78;
    cr_expect(ted_patch_changes(told, &item));
    struct ted_snapshot *other = small_patch(told, 0, &spec);
    cr_expect_eq(other->flex_links[other->links[0].flex].te_metric, 78);
    cr_expect_eq(told->flex_links[told->links[0].flex].te_metric, 77);
    ted_snapshot_destroy(other);
    ted_snapshot_destroy(told);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, changes_a_list_in_its_place)
{
    struct small small;
    small_make(&small);
    struct ted_adj_sid sid = {.label = 24077};
    struct ted_link_spec spec = small.specs[0];
    const struct ted_patch_item item = {0, &spec};
    cr_expect_not(ted_patch_changes(small.snapshot, &item));
    spec.adj_sids = &sid;
    cr_expect(ted_patch_changes(small.snapshot, &item));
    struct ted_snapshot *after = small_patch(small.snapshot, 0, &spec);
    cr_expect_eq(after->adj_sids[after->links[0].adj_sids.first].label, 24077);
    cr_expect_eq(small.snapshot->adj_sids[0].label, 24000);
    spec.adj_sid_count = spec.srlg_count = 0;
    struct ted_snapshot *fewer = small_patch(after, 0, &spec);
    cr_expect_eq(fewer->links[0].adj_sids.count + fewer->links[0].srlgs.count, 0);
    ted_snapshot_destroy(fewer);
    ted_snapshot_destroy(after);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, is_numbered_by_what_is_different)
{
    struct small small;
    small_make(&small);
    struct ted_link_registry *registry = ted_link_registry_create(100);
    cr_assert_eq(ted_link_registry_number(registry, NULL, small.snapshot), PCE_OK);
    struct ted_snapshot *gone = small_patch(small.snapshot, 1, NULL);
    cr_assert_eq(ted_link_registry_follow(registry, small.snapshot, gone), PCE_OK);
    uint32_t number = gone->link_numbers->of_links[1], turn = gone->link_numbers->turn;
    cr_expect_eq(turn, 2);
    cr_expect_eq(gone->link_numbers->links[number], TED_NONE);
    cr_expect_eq(gone->link_numbers->history[number].gone, turn);
    cr_expect_eq(gone->link_numbers->history[gone->link_numbers->of_links[2]].worse, 0);
    struct ted_snapshot *back = small_patch(gone, 1, &small.specs[1]);
    cr_assert_eq(ted_link_registry_follow(registry, gone, back), PCE_OK);
    cr_expect_eq(back->link_numbers->links[number], 1);
    cr_expect_eq(back->link_numbers->history[number].better, 3);
    /* One that follows another snapshot is numbered as a whole, and keeps its numbers. */
    struct ted_snapshot *aside = small_patch(gone, 0, NULL);
    cr_expect_eq(ted_link_registry_follow(registry, gone, aside), PCE_UNSUPPORTED);
    cr_assert_eq(ted_link_registry_number(registry, back, aside), PCE_OK);
    cr_expect_eq(aside->link_numbers->of_links[0], TED_NONE);
    cr_expect_eq(aside->link_numbers->of_links[2], back->link_numbers->of_links[2]);
    ted_snapshot_destroy(aside);
    ted_snapshot_destroy(back);
    ted_snapshot_destroy(gone);
    ted_snapshot_destroy(small.snapshot);
    ted_link_registry_destroy(registry);
}

/* ---- new links ---- */

Test(patch, a_new_link_stands_behind_all_others)
{
    struct small small;
    small_make(&small);
    struct ted_adj_sid sid = {.label = 24500};
    struct ted_link_spec spec = {.from = 1,
                                 .to = 0,
                                 .igp_metric = 7,
                                 .te_metric = 8,
                                 .local_v4 = address("198.51.100.3"),
                                 .remote_v4 = address("198.51.100.2"),
                                 .srlgs = &small.srlg,
                                 .srlg_count = 1,
                                 .adj_sids = &sid,
                                 .adj_sid_count = 1};
    cr_expect_not(small.snapshot->links[1].reverse == 3);
    struct ted_snapshot *after = small_patch(small.snapshot, 3, &spec);
    cr_assert_eq(after->link_count, 4);
    cr_expect_eq(after->edge_count, 4);
    cr_expect_eq(small.snapshot->link_count, 3);
    cr_expect(after->links[3].is_two_way);
    cr_expect(after->links[2].has_sibling);
    cr_expect_eq(after->igp_metric_min, 7);
    cr_expect_eq(ted_find_node_by_address(after, &spec.local_v4), 1);
    cr_expect_eq(ted_find_node_by_address(small.snapshot, &spec.local_v4), TED_NONE);
    cr_expect_eq(ted_find_adj_sid(after, 3, IP_NONE, TED_UNPROTECTED_PREFERRED)->label, 24500);
    cr_expect_eq(after->link_ends.v4.of_links[3].kind, TED_HOP_LINK);
    for (uint32_t i = 0; i < 3; i++)
        cr_expect_eq(after->links[i].igp_metric, small.snapshot->links[i].igp_metric);
    ted_snapshot_destroy(after);
    ted_snapshot_destroy(small.snapshot);
}

Test(patch, a_link_with_a_new_remote_end_keeps_its_number)
{
    struct small small;
    small_make(&small);
    struct ted_link_registry *registry = ted_link_registry_create(100);
    cr_assert_eq(ted_link_registry_number(registry, NULL, small.snapshot), PCE_OK);
    const uint32_t number = small.snapshot->link_numbers->of_links[1];
    struct ted_link_spec spec = small.specs[1];
    spec.local_v6 = address("2001:db8::1"); /* what it is known by is the IPv4 address */
    const struct ted_patch_item items[] = {{1, NULL}, {3, &spec}};
    struct ted_snapshot *after;
    cr_assert_eq(ted_snapshot_patch(small.snapshot, items, 2, &after), PCE_OK);
    cr_assert_eq(ted_link_registry_follow(registry, small.snapshot, after), PCE_OK);
    const struct ted_link_numbers *numbers = after->link_numbers;
    cr_expect_eq(numbers->of_links[3], number);
    cr_expect_eq(numbers->links[number], 3);
    cr_expect_neq(numbers->history[number].gone, numbers->turn);
    cr_expect_eq(numbers->history[number].relabelled, numbers->turn);
    spec.local_v4 = address("198.51.100.77");
    struct ted_snapshot *other = small_patch(after, 4, &spec);
    cr_assert_eq(ted_link_registry_follow(registry, after, other), PCE_OK);
    cr_expect_eq(other->link_numbers->of_links[4], 3);
    cr_expect_eq(other->link_numbers->count, 4);
    cr_expect_eq(other->link_numbers->links[3], 4);
    cr_expect_eq(other->link_numbers->of_links[2], small.snapshot->link_numbers->of_links[2]);
    ted_link_registry_destroy(registry);
    ted_snapshot_destroy(other);
    ted_snapshot_destroy(after);
    ted_snapshot_destroy(small.snapshot);
}
