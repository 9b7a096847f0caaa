/* Requests that know what LSPs hold, against the same requests on a network that has no more than
 * the rest: both must find the same. */
#include "core/ted/link_numbers.h"

#include "tests/lib/random.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#define ROUNDS   1500
#define REQUESTS 6
#define CLAIMS   12

TestSuite(residual, .init = fixture_init, .fini = fixture_fini);

static struct ted_reservations *held;
static struct ted_link_registry *registry;

static void publish(void)
{
    snapshot = net_snapshot(&net);
    registry = ted_link_registry_create(NET_LINKS_MAX);
    held = ted_reservations_create(NET_LINKS_MAX);
    cr_assert_eq(ted_link_registry_number(registry, NULL, snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(held, snapshot->link_numbers->count), PCE_OK);
}

static void withdraw(void)
{
    ted_snapshot_destroy(snapshot);
    snapshot = NULL;
    ted_link_registry_destroy(registry);
    ted_reservations_destroy(held);
}

static void take(uint32_t link, struct ted_claim claim)
{
    cr_assert_eq(
        ted_reservations_take(held, snapshot, &snapshot->link_numbers->of_links[link], 1, &claim),
        PCE_OK);
}

/* 0 to 2 over 1, and over 3 at three times the cost; 1,000 octets/s each. */
static void two_ways(void)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 1, 2, 10);
    (void)net_join(&net, 0, 3, 30);
    (void)net_join(&net, 3, 2, 30);
    publish();
}

static uint32_t links_of(const struct path_reservations *reservations, float bandwidth,
                         uint8_t priority, const uint32_t **links)
{
    struct path_request request = net_request(0, 2);
    request.bandwidth = bandwidth;
    request.priority = priority;
    request.reservations = reservations;
    path_compute(engine, snapshot, &request, &result);
    cr_assert_eq(result.outcome, PATH_FOUND);
    *links = result.links;
    return result.link_count;
}

Test(residual, what_others_hold_is_not_there_for_a_request)
{
    const uint32_t *links;
    two_ways();
    const struct path_reservations all = {.table = held};
    take(2, (struct ted_claim){600, 3, 3});
    (void)links_of(&all, 400, 3, &links);
    cr_expect_eq(links[0], 0);
    cr_expect_eq(result.residual_bandwidth, 400);
    (void)links_of(&all, 401, 3, &links);
    cr_expect_eq(links[0], 4);
    (void)links_of(&all, 401, 2, &links);
    cr_expect_eq(links[0], 0);
    withdraw();
}

Test(residual, a_request_without_bandwidth_does_not_look)
{
    const uint32_t *links;
    two_ways();
    const struct path_reservations all = {.table = held};
    take(2, (struct ted_claim){1000, 3, 3});
    (void)links_of(&all, 0, 3, &links);
    cr_expect_eq(links[0], 0);
    withdraw();
}

Test(residual, what_the_lsp_itself_holds_is_free_to_it)
{
    const uint32_t own_links[] = {0, 2};
    const uint32_t *links;
    two_ways();
    const struct ted_claim own = {600, 3, 3};
    take(0, own);
    take(2, own);
    const struct path_reservations others = {.table = held};
    struct path_reservations mine = {
        .table = held, .own_links = own_links, .own_count = 2, .own = own};
    (void)links_of(&others, 600, 3, &links);
    cr_expect_eq(links[0], 4);
    (void)links_of(&mine, 1000, 3, &links);
    cr_expect_eq(links[0], 0);
    mine.own_count = 1; /* it does not take the second one */
    (void)links_of(&mine, 600, 3, &links);
    cr_expect_eq(links[0], 4);
    withdraw();
}

Test(residual, without_a_table_the_own_links_have_what_the_igp_has_taken_off)
{
    const uint32_t own_links[] = {0, 2};
    const uint32_t *links;
    two_ways();
    const struct path_reservations mine = {
        .own_links = own_links, .own_count = 2, .own = {600, 3, 3}};
    (void)links_of(&mine, 1600, 3, &links);
    cr_expect_eq(links[0], 0);
    withdraw();
}

/* ---- at random ---- */

static void make_net(struct random *rng)
{
    net_init(&net, 2 + random_below(rng, 7));
    for (uint32_t i = 0; i < net.node_count * 2; i++) {
        uint32_t a = random_below(rng, net.node_count), b = random_below(rng, net.node_count);
        if (a == b)
            continue;
        uint32_t link = net_join(&net, a, b, 1 + random_below(rng, 4));
        for (uint32_t l = link; l < link + 2; l++) {
            net.links[l].te = random_below(rng, 6);
            net.links[l].capacity = 200;
            net.links[l].unreserved = (float)(10 * random_below(rng, 20)) + 0.5F;
        }
    }
}

/* What is left of each link for a request of this priority. */
static uint64_t taken[NET_LINKS_MAX];
static uint32_t own_links[NET_LINKS_MAX];
static struct path_reservations seen;

static void make_claims(struct random *rng, uint8_t priority)
{
    memset(taken, 0, sizeof taken);
    seen = (struct path_reservations){.table = held, .own_links = own_links, .own = {7, 5, 2}};
    for (uint32_t link = 0; link < net.link_count; link++) {
        uint32_t number = snapshot->link_numbers->of_links[link];
        for (unsigned i = random_below(rng, CLAIMS); i > 0; i--) {
            uint8_t holding = (uint8_t)random_below(rng, 8);
            const struct ted_claim claim = {random_below(rng, 30), 7, holding};
            if (ted_reservations_take(held, snapshot, &number, 1, &claim) == PCE_OK &&
                holding <= priority)
                taken[link] += claim.octets_per_s;
        }
        if (random_below(rng, 3) == 0 && priority >= seen.own.holding &&
            taken[link] >= seen.own.octets_per_s) {
            own_links[seen.own_count++] = link;
            taken[link] -= seen.own.octets_per_s;
        }
    }
}

static struct ted_snapshot *rest_of_network(void)
{
    static struct net rest;
    rest = net;
    for (uint32_t link = 0; link < net.link_count; link++)
        rest.links[link].unreserved = (float)((uint64_t)net.links[link].unreserved - taken[link]);
    return net_snapshot(&rest);
}

static struct path_request draw_request(struct random *rng, uint8_t priority)
{
    struct path_request request =
        net_request(random_below(rng, net.node_count), random_below(rng, net.node_count));
    request.setup = (enum path_setup)random_below(rng, 2);
    request.objective = (enum path_objective)random_below(rng, 3);
    request.metric = random_below(rng, 2) == 0 ? PATH_METRIC_IGP : PATH_METRIC_TE;
    request.bandwidth = (float)random_below(rng, 120);
    request.priority = priority;
    if (random_below(rng, 3) == 0) {
        request.bound_mask = 1U << PATH_METRIC_IGP;
        request.bounds[PATH_METRIC_IGP] = random_below(rng, 20);
    }
    return request;
}

static void expect_same(const struct path_result *a, const struct path_result *b)
{
    cr_assert_eq(a->outcome, b->outcome, "%d and %d", (int)a->outcome, (int)b->outcome);
    cr_assert_eq(a->unsatisfied, b->unsatisfied);
    cr_assert_eq(a->link_count, b->link_count);
    cr_assert_eq(a->sid_count, b->sid_count);
    for (uint32_t i = 0; i < a->link_count; i++)
        cr_assert_eq(a->links[i], b->links[i]);
    for (uint32_t i = 0; i < a->sid_count; i++)
        cr_assert_eq(a->sids[i].label, b->sids[i].label);
    if (a->outcome == PATH_FOUND && a->link_count > 0)
        cr_assert_eq(a->residual_bandwidth, b->residual_bandwidth);
}

Test(residual, a_request_finds_what_it_would_find_if_there_were_no_more_than_the_rest,
     .timeout = 120)
{
    struct random rng = test_random_init("residual", 20260813);
    struct path_engine *other = path_engine_create(0);
    unsigned found = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint8_t priority = (uint8_t)random_below(&rng, 8);
        make_net(&rng);
        publish();
        make_claims(&rng, priority);
        struct ted_snapshot *rest = rest_of_network();
        for (unsigned i = 0; i < REQUESTS; i++) {
            struct path_request request = draw_request(&rng, priority);
            struct path_result plain;
            path_compute(other, rest, &request, &plain);
            request.reservations = &seen;
            path_compute(engine, snapshot, &request, &result);
            if (request.bandwidth > 0 || request.objective != PATH_MIN_METRIC)
                expect_same(&result, &plain);
            found += result.outcome == PATH_FOUND && request.bandwidth > 0;
        }
        ted_snapshot_destroy(rest);
        withdraw();
    }
    cr_expect_gt(found, ROUNDS / 2);
    path_engine_destroy(other);
}
