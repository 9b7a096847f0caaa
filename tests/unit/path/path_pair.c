/* The least sum of two paths on random small networks, against every two paths. PCED_TEST_SEED and
 * PCED_PATH_ROUNDS give another seed and another number of rounds. */
#include "core/path/path_pair.h"
#include "tests/unit/path/ways.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_DEFAULT   20261201
#define ROUNDS_DEFAULT 4000
#define SHARED_COST    1000 /* above the metric of any two paths */

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void make_net(struct net *net, struct random *random)
{
    net_init(net, 3 + net_below(random, 5));
    uint32_t n = net->node_count, count = n + net_below(random, n + 3);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t a = net_below(random, n), b = (a + 1 + net_below(random, n - 1)) % n;
        uint32_t first = net_pair(net, a, b, 1);
        for (uint32_t d = 0; d < 2; d++) {
            net->links[first + d].igp = net_below(random, 6);
            net->links[first + d].admin = net_below(random, 5) == 0;
            net->links[first + d].unreserved = (float)(net_below(random, 3) * 10);
        }
    }
}

/* A link has room for both where its bandwidth is above what one of them takes. */
static bool may_share(void *owner, uint32_t link)
{
    const struct net *net = owner;
    return net->links[link].unreserved > 10;
}

static uint32_t nodes_of(const struct net *net, uint64_t uses)
{
    uint32_t nodes = 0;
    for (uint32_t l = 0; l < net->link_count; l++)
        nodes |= (uses >> l & 1) != 0 ? 1u << net->links[l].from | 1u << net->links[l].to : 0;
    return nodes;
}

/* What two ways cost together; UINT64_MAX: they share what they must not. */
static uint64_t cost_of(struct net *net, const struct path_request *request, const struct way *a,
                        const struct way *b, const struct path_pair_ask *ask)
{
    uint64_t shared = 0;
    for (uint32_t l = 0; l < net->link_count; l++) {
        if ((a->uses & b->uses) >> l & 1)
            shared += ask->may_share != NULL && may_share(net, l) ? 1 : SHARED_COST;
    }
    uint32_t ends = 1u << request->source | 1u << request->destination;
    bool is_node_shared = (nodes_of(net, a->uses) & nodes_of(net, b->uses) & ~ends) != 0;
    if (shared >= SHARED_COST || (ask->by_node && is_node_shared))
        return UINT64_MAX;
    return a->metric + b->metric + shared * SHARED_COST;
}

static uint64_t least_of(struct net *net, const struct path_request *request,
                         const struct ways *ways, const struct path_pair_ask *ask)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t a = 0; a < ways->count; a++) {
        for (uint32_t b = a; b < ways->count; b++) {
            uint64_t cost = cost_of(net, request, &ways->all[a], &ways->all[b], ask);
            least = cost < least ? cost : least;
        }
    }
    return least;
}

/* The same of the answer, whose links have to be two paths. */
static uint64_t answer_cost(struct net *net, const struct path_request *request,
                            const struct path_pair *pair, const struct path_pair_ask *ask)
{
    struct way ways[2] = {{.uses = 0}};
    uint32_t shared = 0;
    for (uint32_t which = 0; which < 2; which++) {
        uint32_t at = request->source;
        for (uint32_t i = 0; i < pair->counts[which]; i++) {
            const struct net_link *link = &net->links[pair->links[which][i]];
            cr_assert_eq(link->from, at, "the links do not join");
            cr_assert(net_is_usable(link, request));
            at = link->to;
            ways[which].metric += link->igp;
            ways[which].uses |= UINT64_C(1) << pair->links[which][i];
        }
        cr_assert_eq(at, request->destination);
    }
    for (uint64_t both = ways[0].uses & ways[1].uses; both != 0; both &= both - 1)
        shared++;
    cr_assert_eq(pair->shared_count, shared);
    return cost_of(net, request, &ways[0], &ways[1], ask);
}

Test(path_pair, two_paths_cost_as_little_as_any_two, .timeout = 300)
{
    uint64_t seed = number_of("PCED_TEST_SEED", SEED_DEFAULT);
    uint64_t rounds = number_of("PCED_PATH_ROUNDS", ROUNDS_DEFAULT);
    uint32_t found = 0, none = 0, shared = 0;
    static struct path_pair pair;
    static struct ways ways;
    static struct forward_table table;
    struct path_engine *engine = path_engine_create(0);
    for (uint64_t round = 0; round < rounds; round++) {
        struct random random = {seed + round};
        struct net net;
        make_net(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        cr_assert(round % 2 == 0 || path_landmarks_build(snapshot));
        uint32_t n = net.node_count, source = net_below(&random, n);
        struct path_request request =
            net_request(source, (source + 1 + net_below(&random, n - 1)) % n);
        request.setup = PATH_SETUP_RSVP_TE;
        request.family = IP_NONE;
        request.exclude_any = net_below(&random, 2);
        struct problem problem = problem_of_request(snapshot, &request);
        struct path_pair_ask ask = {.problems = {&problem, &problem}, .owner = &net};
        uint32_t kind = net_below(&random, 3);
        ask.by_node = kind == 1;
        ask.may_share = kind == 2 ? may_share : NULL;
        ways_find(&ways, &net, &table, &request);
        uint64_t least = least_of(&net, &request, &ways, &ask);
        enum path_outcome outcome = path_pair_find(&pair, engine, &ask, UINT64_MAX);
        cr_assert_eq(outcome, least == UINT64_MAX ? PATH_NONE : PATH_FOUND, "seed %llu: outcome %d",
                     (unsigned long long)(seed + round), (int)outcome);
        if (outcome == PATH_FOUND)
            cr_assert_eq(answer_cost(&net, &request, &pair, &ask), least, "seed %llu: cost",
                         (unsigned long long)(seed + round));
        found += outcome == PATH_FOUND;
        none += outcome == PATH_NONE;
        shared += outcome == PATH_FOUND && pair.shared_count > 0;
        ted_snapshot_destroy(snapshot);
    }
    path_pair_fini(&pair);
    path_engine_destroy(engine);
    printf("pairs: seeds %llu to %llu, %u found, %u of them with shared links, %u none\n",
           (unsigned long long)seed, (unsigned long long)(seed + rounds - 1), found, shared, none);
    cr_assert(rounds < 1000 || (found > 100 && none > 100 && shared > 50));
}
