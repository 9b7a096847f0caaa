/* What a source tells that is other than before, as people are told of it. */
#include "core/ted/rib_change.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX 32

struct told {
    struct rib *rib;
    uint32_t source, count;
    char lines[LINES_MAX][400];
};

static void told_note(void *context, const struct rib_change *change)
{
    struct told *told = context;
    char node[RIB_CHANGE_NODE_SIZE], remote[RIB_CHANGE_NODE_SIZE], text[160];
    cr_assert_lt(told->count, LINES_MAX);
    rib_change_nodes(change, node, remote);
    (void)snprintf(told->lines[told->count++], sizeof told->lines[0], "%s %s %s [%s] [%s] %s",
                   change->source, rib_change_kind(change), rib_change_id(change->what), node,
                   remote, rib_change_text(change, text, sizeof text));
}

static void told_begin(struct told *told)
{
    const struct rib_limits limits = {.objects_max = 100, .octets_max = 100000};
    const struct rib_source_spec spec = {.name = "peer"};
    *told = (struct told){.rib = rib_create(&limits)};
    cr_assert_eq(rib_add_source(told->rib, &spec, &told->source), PCE_OK);
    rib_watch(told->rib, told_note, told);
}

static void told_link(struct told *told, const struct rib_link *link)
{
    struct ip a = address("10.0.0.1"), b = address("10.0.0.2");
    const struct rib_name from = rib_name_of_address(&a), to = rib_name_of_address(&b);
    const uint8_t key = 1;
    const struct rib_put put = {.source = told->source, .key = {&key, 1}, .node = from};
    cr_assert_eq(rib_put_link(told->rib, &put, &to, link), PCE_OK);
}

static void expect_last(const struct told *told, const char *wanted)
{
    cr_assert_gt(told->count, 0);
    cr_expect_str_eq(told->lines[told->count - 1], wanted);
}

Test(rib_change, names_what_is_different_of_a_link)
{
    struct told told;
    const uint32_t srlg = 5;
    told_begin(&told);
    struct rib_link link = {.present = RIB_LINK_IGP_METRIC | RIB_LINK_LOCAL_V4,
                            .igp_metric = 10,
                            .local_v4 = address("198.51.100.0")};
    told_link(&told, &link);
    expect_last(&told, "peer link came [10.0.0.1] [10.0.0.2] at 198.51.100.0");
    told_link(&told, &link);
    cr_expect_eq(told.count, 1); /* told again as it was */
    link.igp_metric = 20;
    link.present |= RIB_LINK_SRLGS | RIB_LINK_CAPACITY;
    link.capacity = 1.5F;
    link.srlgs = &srlg;
    link.srlg_count = 1;
    told_link(&told, &link);
    expect_last(&told,
                "peer link changed [10.0.0.1] [10.0.0.2] at 198.51.100.0: igp_metric 10 -> 20, "
                "capacity none -> 1.5, srlgs changed");
    const uint8_t key = 1;
    const struct rib_key octets = {&key, 1};
    cr_assert_eq(rib_remove(told.rib, told.source, RIB_KIND_LINK, &octets), PCE_OK);
    expect_last(&told, "peer link went [10.0.0.1] [10.0.0.2] at 198.51.100.0");
    rib_watch(told.rib, NULL, NULL);
    rib_destroy(told.rib);
}

static void told_node(struct told *told, const char *name, uint8_t msd)
{
    struct ip a = address("10.0.0.1");
    const struct rib_name key = rib_name_of_address(&a);
    const struct rib_put put = {.source = told->source, .key = {key.octets, key.size}, .node = key};
    const struct rib_node node = {.present = RIB_NODE_TEXT | RIB_NODE_MSD | RIB_NODE_ROUTER_ID_V4,
                                  .router_id_v4 = a,
                                  .text = name,
                                  .text_count = (uint32_t)strlen(name),
                                  .msd = msd};
    cr_assert_eq(rib_put_node(told->rib, &put, &node), PCE_OK);
}

/* The network that was made last has read what the first change replaces. */
Test(rib_change, names_a_node_that_changes_twice_before_a_network_is_made)
{
    struct told told;
    struct ted_snapshot *snapshot;
    struct rib_findings findings = {0};
    told_begin(&told);
    told_node(&told, "Lyon", 1);
    cr_assert_eq(rib_merge(told.rib, "", &snapshot, &findings), PCE_OK);
    told_node(&told, "Lyon", 2);
    told_node(&told, "Lyon", 3);
    expect_last(&told, "peer node changed [10.0.0.1] [] msd 2 -> 3");
    ted_snapshot_destroy(snapshot);
    rib_watch(told.rib, NULL, NULL);
    rib_destroy(told.rib);
}

Test(rib_change, tells_of_a_source_as_a_whole_once)
{
    struct told told;
    told_begin(&told);
    const struct rib_link link = {.present = RIB_LINK_LOCAL_ID, .local_id = 7};
    told_link(&told, &link);
    expect_last(&told, "peer link came [10.0.0.1] [10.0.0.2] at interface 7");
    rib_source_went(told.rib, told.source);
    expect_last(&told, "peer source stale [] [] 1 objects");
    told_link(&told, &link);
    expect_last(&told, "peer source stale [] [] 1 objects"); /* as it was */
    rib_source_is_complete(told.rib, told.source);
    expect_last(&told, "peer source complete [] [] 1 objects");
    rib_source_went(told.rib, told.source);
    rib_source_is_complete(told.rib, told.source);
    cr_expect_str_eq(told.lines[told.count - 1],
                     "peer link went [10.0.0.1] [10.0.0.2] at interface 7");
    told_link(&told, &link);
    rib_clear_source(told.rib, told.source);
    expect_last(&told, "peer source cleared [] [] 1 objects");
    rib_destroy(told.rib);
}

static void cut_note(void *context, const struct rib_change *change)
{
    char *text = context;
    (void)rib_change_text(change, text, 8);
}

Test(rib_change, cuts_what_has_no_room)
{
    struct told told;
    char text[16] = "untouched";
    told_begin(&told);
    struct rib_node node = {.present = RIB_NODE_MSD, .msd = 3};
    struct ip a = address("10.0.0.1");
    const uint8_t key = 1;
    const struct rib_put put = {
        .source = told.source, .key = {&key, 1}, .node = rib_name_of_address(&a)};
    cr_assert_eq(rib_put_node(told.rib, &put, &node), PCE_OK);
    node.msd = 4;
    cr_assert_eq(rib_put_node(told.rib, &put, &node), PCE_OK);
    expect_last(&told, "peer node changed [10.0.0.1] [] msd 3 -> 4");
    rib_watch(told.rib, cut_note, text);
    node.msd = 5;
    cr_assert_eq(rib_put_node(told.rib, &put, &node), PCE_OK);
    cr_expect_str_eq(text, "msd 4 -");
    rib_watch(told.rib, NULL, NULL);
    rib_destroy(told.rib);
}
