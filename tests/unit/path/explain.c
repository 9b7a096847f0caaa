/* Why a request has this path, or none: random networks against brute force, and rules by name. */
#include "core/path/explain.h"

#include "tests/unit/path/brute.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SEED   20261131
#define ROUNDS 1500

TestSuite(explain, .init = fixture_init, .fini = fixture_fini);

/* ---- against brute force ---- */

static void make_network(struct random *random)
{
    net_init(&net, 3 + net_below(random, 5));
    uint32_t count = net.node_count + net_below(random, net.node_count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t a = net_below(random, net.node_count), b = net_below(random, net.node_count);
        if (a == b)
            continue;
        uint32_t first = net_join(&net, a, b, 1 + net_below(random, 9));
        for (uint32_t l = first; l < first + 2; l++) {
            net.links[l].te = net_below(random, 9);
            net.links[l].delay = net_below(random, 9);
            net.links[l].admin = net_below(random, 8);
            net.links[l].unreserved = (float)net_below(random, 4) * 10;
        }
    }
    if (net_below(random, 3) == 0)
        net_overload(&net, net_below(random, net.node_count));
}

static struct path_request make_request(struct random *random)
{
    struct path_request request = net_request(0, 1 + net_below(random, net.node_count - 1));
    request.setup = PATH_SETUP_RSVP_TE;
    request.metric = (enum path_metric)net_below(random, 4);
    request.bandwidth = (float)net_below(random, 3) * 10;
    if (net_below(random, 2) == 0)
        request.exclude_any = 1U << net_below(random, 3);
    if (net_below(random, 3) == 0)
        request.include_any = 1U << net_below(random, 3);
    for (uint32_t m = 0; m < 4; m++) {
        request.bounds[m] = 1 + net_below(random, 20);
        if (net_below(random, 4) == 0)
            request.bound_mask |= 1U << m;
    }
    return request;
}

static struct path_request drop(const struct path_request *request, uint32_t bit)
{
    struct path_request relaxed = *request;
    if (bit == PATH_CONSTRAINT_BANDWIDTH)
        relaxed.bandwidth = 0;
    if (bit == PATH_CONSTRAINT_AFFINITY)
        relaxed.exclude_any = relaxed.include_any = relaxed.include_all = 0;
    for (uint32_t m = 0; m < 4; m++) {
        if (bit == PATH_CONSTRAINT_BOUND(m))
            relaxed.bound_mask &= ~(1U << m);
    }
    return relaxed;
}

static void judge_prices(const struct path_request *request,
                         const struct path_explanation *explanation)
{
    struct path_request plain = net_request(request->source, request->destination);
    plain.setup = PATH_SETUP_RSVP_TE;
    plain.metric = request->metric;
    struct brute_path best = brute_best_path(&net, &plain);
    cr_assert(explanation->free.is_known);
    cr_assert_eq(explanation->free.cost, (double)best.sums[request->metric]);
    for (uint32_t i = 0; i < explanation->price_count; i++) {
        const struct path_price *price = &explanation->prices[i];
        struct path_request relaxed = drop(request, price->constraint);
        cr_assert(price->is_known && price->constraint != 0);
        best = brute_best_path(&net, &relaxed);
        cr_assert_eq(price->cost, (double)best.sums[request->metric]);
        cr_assert_leq(price->cost, explanation->cost);
    }
}

/* Every way leads over the cut, also over links that nothing rules out. */
static void judge_cut(const struct path_request *request, const struct path_cut *cut)
{
    bool is_reached[BRUTE_NODES_MAX] = {false};
    is_reached[request->source] = true;
    for (uint32_t round = 0; round < net.node_count; round++) {
        for (uint32_t l = 0; l < net.link_count; l++) {
            bool is_cut = false;
            for (uint32_t i = 0; i < cut->count; i++)
                is_cut = is_cut || cut->links[i].link == l;
            if (!is_cut && is_reached[net.links[l].from])
                is_reached[net.links[l].to] = true;
        }
    }
    cr_assert_eq(cut->count, cut->total);
    cr_assert_eq(is_reached[request->destination], cut->total == 0);
}

static void judge_breaks(const struct path_request *request, const struct path_cut_link *cut)
{
    const struct net_link *link = &net.links[cut->link];
    uint32_t breaks = 0;
    if (request->bandwidth > 0 && link->unreserved < request->bandwidth)
        breaks |= PATH_CONSTRAINT_BANDWIDTH;
    if ((link->admin & request->exclude_any) != 0 ||
        (request->include_any != 0 && (link->admin & request->include_any) == 0))
        breaks |= PATH_CONSTRAINT_AFFINITY;
    cr_assert(breaks != 0 || (link->is_first_only && link->from != request->source));
    cr_assert(breaks == cut->breaks || (link->is_first_only && cut->breaks == 0) ||
              net_is_named_by_node(&net, link, request->family));
}

static bool is_joined(const struct path_request *request)
{
    struct path_request plain = net_request(request->source, request->destination);
    plain.setup = PATH_SETUP_RSVP_TE;
    return brute_best_path(&net, &plain).found;
}

static void judge_none(const struct path_request *request,
                       const struct path_explanation *explanation)
{
    struct path_request links = *request;
    links.bound_mask = 0;
    cr_assert_eq(explanation->cut.total == 0 && is_joined(request),
                 brute_best_path(&net, &links).found);
    if (explanation->cut.total > 0)
        judge_cut(request, &explanation->cut);
    for (uint32_t i = 0; i < explanation->cut.count; i++)
        judge_breaks(request, &explanation->cut.links[i]);
    for (uint32_t m = 0; m < 4; m++) {
        links.metric = (enum path_metric)m;
        struct brute_path best = brute_best_path(&net, &links);
        if ((request->bound_mask & 1U << m) == 0)
            continue;
        cr_assert_eq((explanation->reached >> m & 1) != 0, best.found);
        cr_assert(!best.found || explanation->least[m] == (double)best.sums[m]);
    }
}

Test(explain, prices_cuts_and_least_sums_are_those_of_brute_force, .timeout = 300)
{
    uint32_t found = 0, cuts = 0;
    printf("explain: seeds %d to %d\n", SEED, SEED + ROUNDS - 1);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct random random = {SEED + round};
        make_network(&random);
        struct ted_snapshot *of = net_snapshot(&net);
        for (uint32_t i = 0; i < 6; i++) {
            struct path_request request = make_request(&random);
            struct path_explanation explanation;
            path_compute(engine, of, &request, &result);
            struct path_result own = result;
            cr_assert(path_explain(engine, of, &request, &own, &explanation));
            if (own.outcome == PATH_FOUND)
                judge_prices(&request, &explanation);
            else
                judge_none(&request, &explanation);
            found += own.outcome == PATH_FOUND;
            cuts += explanation.cut.total > 0;
        }
        ted_snapshot_destroy(of);
    }
    printf("explain: %u paths, %u cuts of %u requests\n", found, cuts, ROUNDS * 6);
    cr_assert(found > 100 && cuts > 100);
}

/* ---- by name ---- */

static struct path_explanation explain(const struct path_request *request)
{
    struct path_explanation explanation;
    ted_snapshot_destroy(snapshot);
    snapshot = net_snapshot(&net);
    path_compute(engine, snapshot, request, &result);
    cr_assert(path_explain(engine, snapshot, request, &result, &explanation));
    return explanation;
}

static struct path_request strict(void)
{
    struct path_request request = net_request(0, 3);
    request.setup = PATH_SETUP_RSVP_TE;
    return request;
}

Test(explain, the_cut_is_the_one_of_fewer_links)
{
    fixture_diamond();
    uint32_t last = net_join(&net, 3, 4, 1); /* the only way to 4, over 3 */
    net.node_count = 5;
    net.nodes[4] = net.nodes[3];
    net.nodes[4].sid_index = 4;
    for (uint32_t l = 0; l < last; l++)
        net.links[l].unreserved = 1;
    net.links[last].unreserved = 1;
    struct path_request request = strict();
    request.destination = 4;
    request.bandwidth = 10;
    struct path_explanation explanation = explain(&request);
    cr_assert_eq(explanation.cut.total, 1);
    cr_expect_eq(explanation.cut.links[0].link, last);
    cr_expect_eq(explanation.cut.links[0].breaks, PATH_CONSTRAINT_BANDWIDTH);
}

Test(explain, an_objective_has_its_price_too)
{
    fixture_diamond();
    net.links[4].igp = 5;
    net.links[0].unreserved = 1;
    struct path_request request = strict();
    request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    struct path_explanation explanation = explain(&request);
    double others = net.links[2].igp + net.links[0].igp;
    cr_expect_eq(explanation.cost, 5 + net.links[6].igp);
    cr_assert_geq(explanation.price_count, 1);
    cr_expect_eq(explanation.prices[explanation.price_count - 1].constraint, 0);
    cr_expect_eq(explanation.prices[explanation.price_count - 1].cost, others);
}

Test(explain, more_links_than_are_told_are_counted)
{
    net_init(&net, 2);
    for (uint32_t i = 0; i <= PATH_CUT_LINKS_MAX; i++)
        net.links[net_join(&net, 0, 1, 1)].admin = 1;
    struct path_request request = strict();
    request.destination = 1;
    request.exclude_any = 1;
    struct path_explanation explanation = explain(&request);
    cr_expect_eq(explanation.cut.total, PATH_CUT_LINKS_MAX + 1);
    cr_expect_eq(explanation.cut.count, PATH_CUT_LINKS_MAX);
}

/* ---- the least set ---- */

Test(explain, only_the_bounds_that_have_to_go_are_blamed)
{
    fixture_diamond();
    struct path_request request = strict();
    request.bandwidth = 2000; /* no link has it … */
    request.bound_mask = 1U << PATH_METRIC_TE | 1U << PATH_METRIC_HOPS | 1U << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_TE] = 0; /* … and no path keeps this; the others are kept */
    request.bounds[PATH_METRIC_HOPS] = 9;
    request.bounds[PATH_METRIC_DELAY] = 999;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_BOUND(PATH_METRIC_TE));
    cr_expect_eq(result.blame, PATH_BLAME_LEAST);
    request.bandwidth = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_TE));
    cr_expect_eq(result.blame, PATH_BLAME_EACH);
}
