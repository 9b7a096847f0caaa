#include "tests/unit/path/fixture.h"

#include "tests/unit/path/forward.h"

#include <criterion/criterion.h>

struct net net;
struct path_engine *engine;
struct ted_snapshot *snapshot;
struct path_result result;

void fixture_init(void)
{
    engine = path_engine_create(0);
    cr_assert_not_null(engine);
}

void fixture_fini(void)
{
    path_engine_destroy(engine);
    if (snapshot != NULL)
        ted_snapshot_destroy(snapshot);
}

void fixture_diamond(void)
{
    net_init(&net, 4);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 3, 1);
    net_join(&net, 0, 2, 1);
    net_join(&net, 2, 3, 1);
}

static void check_forwarding(const struct path_request *request)
{
    static struct forward_table table;
    forward_table_fill(&net, &table);
    struct forward_result forwarded = forward_list(&net, &table, request, &result);
    cr_assert(forwarded.arrives, "the list leads elsewhere");
    for (uint32_t l = 0; l < net.link_count; l++)
        cr_assert(!forwarded.uses[l] || net_is_usable(&net.links[l], request));
}

void expect_outcome(const struct path_request *request, enum path_outcome outcome)
{
    if (snapshot != NULL)
        ted_snapshot_destroy(snapshot);
    snapshot = net_snapshot(&net);
    path_compute(engine, snapshot, request, &result);
    cr_assert_eq(result.outcome, outcome, "outcome %d", (int)result.outcome);
    if (outcome == PATH_FOUND && path_setup_is_sr(request->setup) &&
        net.node_count <= FORWARD_NODES_MAX)
        check_forwarding(request);
}

void expect_nodes(const struct path_request *request, const uint32_t *nodes)
{
    expect_outcome(request, PATH_FOUND);
    for (uint32_t i = 0; i < result.link_count; i++)
        cr_assert_eq(net.links[result.links[i]].to, nodes[i], "hop %u is node %u", i,
                     net.links[result.links[i]].to);
    cr_assert_eq(nodes[result.link_count], END, "the path is too short");
}

void expect_unsatisfied(const struct path_request *request, uint32_t bits)
{
    expect_outcome(request, PATH_NONE);
    cr_assert_eq(result.unsatisfied, bits, "unsatisfied %u", result.unsatisfied);
}

void expect_labels(const uint32_t *labels, uint32_t count)
{
    cr_assert_eq(result.sid_count, count, "%u labels", result.sid_count);
    for (uint32_t i = 0; i < count; i++)
        cr_assert_eq(result.sids[i].label, labels[i], "label %u is %u", i, result.sids[i].label);
}
