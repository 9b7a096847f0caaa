/* Plans on random small networks: what they put on links, against a walk of their own; what they reach,
 * against every combination of routes; and their order, step by step. PCED_TEST_SEED gives another seed. */
#include "core/plan/demands.h"
#include "core/ted/topology_file.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX   6
#define DEMANDS_MAX 4
#define ROUNDS      400

static uint64_t seed_of_run(void)
{
    const char *text = getenv("PCED_TEST_SEED");
    return text == NULL ? 20261130 : strtoull(text, NULL, 10);
}

static uint32_t below(struct random *random, uint32_t end)
{
    return (uint32_t)(random_u64(random) % end);
}

static struct ted_snapshot *read_network(const char *text)
{
    struct ted_snapshot *snapshot;
    struct ted_fault fault = {0};
    cr_assert_eq(topology_file_read(text, strlen(text), &snapshot, &fault), PCE_OK, "%s",
                 fault.reason);
    return snapshot;
}

/* A ring with chords, all ways there and back. */
static struct ted_snapshot *make_network(struct random *random, uint32_t nodes)
{
    char text[8192] = "nodes:\n";
    size_t at = strlen(text);
    for (uint32_t n = 0; n < nodes; n++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "  - {name: N%u, router-id: 10.0.0.%u}\n", n, n + 1);
    at += (size_t)snprintf(text + at, sizeof text - at, "links:\n");
    for (uint32_t i = 0; i < nodes + below(random, nodes); i++) {
        uint32_t a = i < nodes ? i : below(random, nodes);
        uint32_t b = (a + 1 + (i < nodes ? 0 : below(random, nodes - 1))) % nodes;
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "  - {from: N%u, to: N%u, igp-metric: %u, capacity: %uM}\n", a, b,
                               1 + below(random, 3), 8 * (10 + below(random, 20)));
    }
    cr_assert_lt(at, sizeof text);
    return read_network(text);
}

static uint32_t make_demands(struct random *random, uint32_t nodes, struct plan_demand *demands)
{
    uint32_t count = 1 + below(random, DEMANDS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = below(random, nodes);
        demands[i] = (struct plan_demand){from, (from + 1 + below(random, nodes - 1)) % nodes,
                                          1e6 * (1 + below(random, 8))};
    }
    return count;
}

/* ---- what routers do, once more ---- */

static double distance_of(const struct ted_snapshot *net, uint32_t from, uint32_t to)
{
    double distances[NODES_MAX];
    for (uint32_t n = 0; n < net->node_count; n++)
        distances[n] = n == from ? 0 : INFINITY;
    for (uint32_t round = 0; round < net->node_count; round++) {
        for (uint32_t l = 0; l < net->link_count; l++) {
            double by = distances[net->links[l].from] + net->links[l].igp_metric;
            if (by < distances[net->links[l].to])
                distances[net->links[l].to] = by;
        }
    }
    return distances[to];
}

static bool walk_leads_on(const struct ted_snapshot *net, const struct ted_link *link, uint32_t to)
{
    return link->igp_metric + distance_of(net, link->to, to) <= distance_of(net, link->from, to);
}

/* What a node has goes on evenly; the farthest node first, so that it has all that comes to it. */
static void walk(const struct ted_snapshot *net, uint32_t from, uint32_t to, double units,
                 double *loads)
{
    double at[NODES_MAX] = {0};
    at[from] = units;
    for (;;) {
        uint32_t farthest = to, ways = 0;
        for (uint32_t n = 0; n < net->node_count; n++) {
            if (at[n] > 0 && distance_of(net, n, to) > distance_of(net, farthest, to))
                farthest = n;
        }
        if (farthest == to)
            return;
        for (uint32_t l = 0; l < net->link_count; l++)
            ways += net->links[l].from == farthest && walk_leads_on(net, &net->links[l], to);
        for (uint32_t l = 0; l < net->link_count; l++) {
            if (net->links[l].from != farthest || !walk_leads_on(net, &net->links[l], to))
                continue;
            loads[l] += at[farthest] / ways;
            at[net->links[l].to] += at[farthest] / ways;
        }
        at[farthest] = 0;
    }
}

static void walk_route(const struct ted_snapshot *net, const struct plan_demand *demand,
                       const struct plan_route *route, double *loads)
{
    uint32_t at = demand->from;
    for (uint32_t i = 0; i <= route->count; i++) {
        uint32_t next = i < route->count ? route->vias[i] : demand->to;
        walk(net, at, next, demand->octets_per_s, loads);
        at = next;
    }
}

static double worst_of(const struct ted_snapshot *net, const double *loads)
{
    double worst = 0;
    for (uint32_t l = 0; l < net->link_count; l++)
        worst = fmax(worst, loads[l] / (double)net->links[l].capacity);
    return worst;
}

/* ---- every combination of at most one node on the way ---- */

static double best_of(const struct ted_snapshot *net, const struct plan_demand *demands,
                      uint32_t count)
{
    double best = INFINITY;
    uint32_t choices = net->node_count + 1, combinations = 1;
    for (uint32_t i = 0; i < count; i++)
        combinations *= choices;
    for (uint32_t number = 0; number < combinations; number++) {
        double loads[64] = {0};
        bool is_route = true;
        uint32_t rest = number;
        for (uint32_t i = 0; i < count; i++, rest /= choices) {
            uint32_t via = rest % choices;
            struct plan_route route = {.count = via < net->node_count, .vias = {via}};
            is_route = is_route && via != demands[i].from && via != demands[i].to;
            if (is_route)
                walk_route(net, &demands[i], &route, loads);
        }
        best = is_route ? fmin(best, worst_of(net, loads)) : best;
    }
    return best;
}

/* ---- what is checked ---- */

static void check_loads(const struct plan *plan)
{
    double loads[64] = {0};
    uint32_t link;
    cr_assert_leq(plan->snapshot->link_count, 64);
    for (uint32_t i = 0; i < plan->demand_count; i++)
        walk_route(plan->snapshot, &plan->demands[i], &plan->routes[i], loads);
    for (uint32_t l = 0; l < plan->snapshot->link_count; l++)
        cr_assert_float_eq(plan->loads[l], loads[l], 10, "link %u", l);
    cr_assert_float_eq(plan_worst(plan, &link), worst_of(plan->snapshot, loads), 1e-5);
}

/* From the beginning, with both places of each demand that moves: the greater one on each link. */
static void check_steps(const struct plan *plan)
{
    double loads[64] = {0};
    const struct ted_snapshot *net = plan->snapshot;
    const struct plan_route straight = {.count = 0};
    for (uint32_t i = 0; i < plan->demand_count; i++)
        walk_route(net, &plan->demands[i], &straight, loads);
    for (uint32_t s = 0; s < plan->step_count; s++) {
        const struct plan_step *step = &plan->steps[s];
        const struct plan_demand *demand = &plan->demands[step->demand];
        double old[64] = {0}, new[64] = {0}, during = 0;
        walk_route(net, demand, &straight, old);
        walk_route(net, demand, &step->route, new);
        for (uint32_t l = 0; l < net->link_count; l++) {
            double more = fmax(new[l] - old[l], 0), capacity = (double)net->links[l].capacity;
            cr_assert(more < 10 || loads[l] + more <= capacity + 10, "step %u overbooks link %u", s,
                      l);
            during = fmax(during, (loads[l] + more) / capacity);
            loads[l] += new[l] - old[l];
        }
        cr_assert_float_eq(during, step->worst_during, 1e-5);
        cr_assert_float_eq(worst_of(net, loads), step->worst_after, 1e-5);
    }
}

Test(plan, plans_are_true_never_overbook_and_come_near_the_best, .timeout = 300)
{
    uint64_t seed = seed_of_run();
    uint32_t best_reached = 0, improved = 0, steps = 0, blocked = 0;
    double gap_sum = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct random random = {seed + round};
        struct plan_demand demands[DEMANDS_MAX];
        struct ted_snapshot *net = make_network(&random, 3 + below(&random, NODES_MAX - 2));
        uint32_t count = make_demands(&random, net->node_count, demands);
        struct plan plan;
        uint32_t link;
        cr_assert_eq(plan_init(&plan, net, demands, count), PCE_OK);
        check_loads(&plan);
        double best = best_of(net, demands, count);
        plan_optimise(&plan, 2, 0);
        check_loads(&plan);
        cr_assert_geq(plan.worst_found, best - 1e-6, "seed %llu: better than the best",
                      (unsigned long long)(seed + round));
        cr_assert_leq(plan.worst_found, plan.worst_first + 1e-9);
        best_reached += plan.worst_found < best + 1e-5;
        improved += plan.worst_found < plan.worst_first - 1e-5;
        gap_sum += plan.worst_found / best - 1;
        cr_assert_eq(plan_schedule(&plan, 0), PCE_OK);
        check_loads(&plan);
        check_steps(&plan);
        cr_assert(plan.blocked > 0 || plan_worst(&plan, &link) < plan.worst_found + 1e-5,
                  "the order reaches what the search has found");
        steps += plan.step_count;
        blocked += plan.blocked;
        plan_fini(&plan);
        ted_snapshot_destroy(net);
    }
    printf("plans: seeds %llu to %llu, %u improved, %u of %u are the best, %.2f %% above it on "
           "average, "
           "%u steps, %u blocked\n",
           (unsigned long long)seed, (unsigned long long)(seed + ROUNDS - 1), improved,
           best_reached, ROUNDS, 100 * gap_sum / ROUNDS, steps, blocked);
    cr_assert_gt(improved, ROUNDS / 10);
    cr_assert_gt(best_reached, ROUNDS * 8 / 10);
}

/* ---- by name ---- */

/* A-B-D is the shortest way, A-C-D the other one. */
#define DIAMOND(first, second)                                                                     \
    "nodes:\n  - {name: A, router-id: 10.0.0.1}\n  - {name: B, router-id: 10.0.0.2}\n"             \
    "  - {name: C, router-id: 10.0.0.3}\n  - {name: D, router-id: 10.0.0.4}\nlinks:\n"             \
    "  - {from: A, to: B, igp-metric: 1, capacity: " first "}\n"                                   \
    "  - {from: B, to: D, igp-metric: 1, capacity: " first "}\n"                                   \
    "  - {from: A, to: C, igp-metric: 2, capacity: " second "}\n"                                  \
    "  - {from: C, to: D, igp-metric: 2, capacity: " second "}\n"

static struct plan make_plan(const char *network, const struct plan_demand *demands, uint32_t count,
                             double gain)
{
    struct plan plan;
    struct ted_snapshot *net = read_network(network);
    cr_assert_eq(plan_init(&plan, net, demands, count), PCE_OK);
    plan_optimise(&plan, 5, 0);
    cr_assert_eq(plan_schedule(&plan, gain), PCE_OK);
    return plan;
}

static void end_plan(struct plan *plan)
{
    struct ted_snapshot *net = (struct ted_snapshot *)(uintptr_t)plan->snapshot;
    plan_fini(plan);
    ted_snapshot_destroy(net);
}

Test(plan, one_of_two_equal_demands_goes_the_other_way)
{
    const struct plan_demand demands[] = {{0, 3, 5e6}, {0, 3, 5e6}};
    struct plan plan = make_plan(DIAMOND("80M", "80M"), demands, 2, 0);
    cr_assert_float_eq(plan.worst_first, 1, 1e-6);
    cr_assert_eq(plan.step_count, 1);
    cr_assert_eq(plan.steps[0].route.vias[0], 2);
    cr_assert_float_eq(plan.steps[0].worst_after, 0.5, 1e-6);
    end_plan(&plan);
}

Test(plan, what_has_no_room_beside_its_old_place_is_left_out)
{
    /* B-D is overbooked, and the other way has room for neither. */
    const struct plan_demand demands[] = {{0, 3, 8e6}, {0, 3, 8e6}};
    struct plan plan = make_plan(DIAMOND("80M", "60M"), demands, 2, 0);
    cr_assert_eq(plan.step_count, 0);
    cr_assert_eq(plan.blocked, 1);
    end_plan(&plan);
}

Test(plan, moves_that_bring_less_than_the_gain_are_not_made)
{
    const struct plan_demand demands[] = {{0, 3, 5e6}, {0, 3, 1e5}};
    struct plan plan = make_plan(DIAMOND("80M", "80M"), demands, 2, 0.05);
    cr_assert_eq(plan.step_count, 0);
    end_plan(&plan);
    plan = make_plan(DIAMOND("80M", "80M"), demands, 2, 0);
    cr_assert_eq(plan.step_count, 1);
    end_plan(&plan);
}

Test(plan, links_of_metric_0_are_refused)
{
    struct plan plan;
    struct ted_snapshot *net = read_network("nodes:\n  - {name: A, router-id: 10.0.0.1}\n"
                                            "  - {name: B, router-id: 10.0.0.2}\n"
                                            "links:\n  - {from: A, to: B, igp-metric: 0}\n");
    cr_assert_eq(plan_init(&plan, net, NULL, 0), PCE_INVALID);
    ted_snapshot_destroy(net);
}

static struct ted_snapshot *make_line(uint32_t nodes)
{
    static char text[65536];
    size_t at = (size_t)snprintf(text, sizeof text, "nodes:\n");
    for (uint32_t n = 0; n < nodes; n++)
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "  - {name: N%u, router-id: 10.0.%u.%u}\n", n, n / 200, n % 200 + 1);
    cr_assert_lt(at, sizeof text);
    return read_network(text);
}

Test(plan, so_many_nodes_and_demands_are_possible_and_no_more)
{
    struct plan plan;
    struct ted_snapshot *net = make_line(SPREAD_NODES_MAX);
    cr_assert_eq(plan_init(&plan, net, NULL, 0), PCE_OK);
    plan_fini(&plan);
    cr_assert_eq(plan_init(&plan, net, NULL, PLAN_DEMANDS_MAX + 1), PCE_LIMIT);
    ted_snapshot_destroy(net);
    net = make_line(SPREAD_NODES_MAX + 1);
    cr_assert_eq(plan_init(&plan, net, NULL, 0), PCE_LIMIT);
    ted_snapshot_destroy(net);
}

/* ---- files of demands ---- */

static enum pce_status read_demands(const char *text, struct demand_list *demands,
                                    struct ted_fault *fault)
{
    struct ted_snapshot *net = read_network(DIAMOND("80M", "80M"));
    *fault = (struct ted_fault){0};
    enum pce_status status = demands_read(text, strlen(text), net, demands, fault);
    ted_snapshot_destroy(net);
    return status;
}

Test(plan, a_file_of_demands_is_read_by_the_names_of_nodes)
{
    struct demand_list demands;
    struct ted_fault fault;
    cr_assert_eq(read_demands("demands:\n  - {from: A, to: D, bandwidth: 8M}\n"
                              "  - {from: C, to: B, bandwidth: 16k}\n",
                              &demands, &fault),
                 PCE_OK, "%s: %s", fault.element, fault.reason);
    cr_assert(demands.count == 2 && demands.all[0].from == 0 && demands.all[0].to == 3 &&
              demands.all[1].from == 2);
    cr_assert_float_eq(demands.all[0].octets_per_s, 1e6, 1);
    cr_assert_float_eq(demands.all[1].octets_per_s, 2000, 0.1);
    free(demands.all);
}

Test(plan, what_is_wrong_with_a_file_of_demands_is_said_with_its_line)
{
    static const char *const texts[][2] = {
        {"demands:\n  - {from: A, to: X, bandwidth: 8M}\n", "no node"},
        {"demands:\n  - {from: A, to: A, bandwidth: 1M}\n", "comes from"},
        {"demands:\n  - {from: A, to: D, bandwidth: 0}\n", "above 0"},
        {"demands:\n  - {from: A, to: D}\n", "missing"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct demand_list demands;
        struct ted_fault fault;
        cr_expect_eq(read_demands(texts[i][0], &demands, &fault), PCE_INVALID);
        cr_expect_eq(fault.line, 2, "%s: %s", texts[i][0], fault.reason);
        cr_expect_not_null(strstr(fault.reason, texts[i][1]), "%s", fault.reason);
        cr_expect_null(demands.all);
    }
}
