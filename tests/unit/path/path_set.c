/* Paths for several LSPs together, by name; random networks against brute force are in set_random.c. */
#include "core/path/path_set.h"
#include "core/path/set_load.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

static struct path_set *set;
static struct path_member members[PATH_SET_MAX];
static struct path_set_request request;
static struct path_set_result sets;

static void set_init(void)
{
    fixture_init();
    set = path_set_create();
    cr_assert_not_null(set);
    request = (struct path_set_request){
        .members = members, .count = 2, .diversity = PATH_DIVERSE_LINK, .is_strict = true};
}

static void set_fini(void)
{
    path_set_destroy(set);
    fixture_fini();
}

TestSuite(path_set, .init = set_init, .fini = set_fini, .timeout = 60);

/* So many members that ask the same. */
static void ask(uint32_t count, uint32_t source, uint32_t destination, enum path_setup setup)
{
    request.count = count;
    for (uint32_t m = 0; m < count; m++) {
        members[m] = (struct path_member){.request = net_request(source, destination)};
        members[m].request.setup = setup;
    }
}

static void answer(enum path_outcome outcome)
{
    if (snapshot == NULL)
        snapshot = net_snapshot(&net);
    path_set_compute(set, engine, snapshot, &request, &sets);
    cr_assert_eq(sets.outcome, outcome, "outcome %d", (int)sets.outcome);
}

static double igp_of(uint32_t member)
{
    return sets.members[member].metrics[PATH_METRIC_IGP];
}

/* The shortest path from 0 to 3 is in the way of every second one. */
static void trap(void)
{
    net_init(&net, 4);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 1, 2, 1);
    net_pair(&net, 2, 3, 1);
    net_pair(&net, 0, 2, 3);
    net_pair(&net, 1, 3, 3);
}

Test(path_set, a_pair_gives_up_the_shortest_path_where_that_is_a_trap)
{
    trap();
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 8);
    cr_expect(sets.is_optimal);
    cr_expect_eq(sets.diversity, PATH_DIVERSE_LINK);
    cr_expect_eq(sets.shared_links, 0);
}

Test(path_set, the_trap_is_seen_with_segment_lists_too)
{
    trap();
    ask(2, 0, 3, PATH_SETUP_SR_MPLS);
    request.diversity = PATH_DIVERSE_NODE;
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 8);
    cr_expect(sets.is_optimal);
    cr_expect_eq(sets.diversity, PATH_DIVERSE_NODE);
    cr_expect_eq(sets.shared_nodes, 0);
}

Test(path_set, who_comes_first_has_its_shortest_path_and_the_other_none)
{
    trap();
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    members[1].is_first = true;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
    cr_expect_eq(sets.members[1].outcome, PATH_FOUND);
    cr_expect_eq(igp_of(1), 3);
    cr_expect_eq(sets.members[0].outcome, PATH_NONE);
    cr_expect_eq(sets.members[0].unsatisfied, PATH_CONSTRAINT_EXCLUSION);
}

Test(path_set, who_comes_first_keeps_its_path_when_the_other_has_to_share)
{
    trap();
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    members[1].is_first = true;
    request.is_strict = false;
    answer(PATH_FOUND);
    cr_expect_eq(igp_of(1), 3);
    cr_expect_eq(igp_of(0), 4);
    cr_expect_eq(sets.shared_links, 1);
    cr_expect_eq(sets.diversity, 0);
    cr_expect(sets.is_optimal);
}

/* RFC 8800 5.5, the last example: two ways are equally short, and one of them leaves room. */
Test(path_set, of_equal_paths_the_first_member_takes_the_one_that_leaves_room)
{
    net_init(&net, 6);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 1, 2, 2);
    net_pair(&net, 1, 3, 1);
    net_pair(&net, 3, 2, 1);
    net_pair(&net, 4, 1, 1);
    net_pair(&net, 2, 5, 1);
    for (uint32_t way = 0; way < 2; way++) {
        ask(2, 0, 2, PATH_SETUP_RSVP_TE);
        members[0].is_first = true;
        members[1].request.source = 1;
        members[1].request.metric = PATH_METRIC_HOPS; /* wants the direct link of both */
        members[1].request.bound_mask = 1U << PATH_METRIC_HOPS;
        members[1].request.bounds[PATH_METRIC_HOPS] = way == 0 ? 1 : 2;
        answer(PATH_FOUND);
        cr_expect_eq(igp_of(0), 3);
        cr_expect_eq(sets.members[1].link_count, 1U);
        cr_expect(sets.is_optimal);
    }
}

/* Two ways that meet in the middle, in one node. */
static void bow_tie(void)
{
    net_init(&net, 7);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 0, 2, 2);
    net_pair(&net, 1, 3, 1);
    net_pair(&net, 2, 3, 2);
    net_pair(&net, 3, 4, 1);
    net_pair(&net, 3, 5, 2);
    net_pair(&net, 4, 6, 1);
    net_pair(&net, 5, 6, 2);
}

Test(path_set, what_is_asked_of_nodes_is_relaxed_to_links)
{
    bow_tie();
    ask(2, 0, 6, PATH_SETUP_SR_MPLS);
    request.diversity = PATH_DIVERSE_NODE;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
    request.is_strict = false;
    request.diversity |= PATH_DIVERSE_LINK;
    answer(PATH_FOUND);
    cr_expect_eq(sets.diversity, PATH_DIVERSE_LINK);
    cr_expect_eq(sets.shared_nodes, 1);
    cr_expect_eq(sets.cost, 12);
    cr_expect(sets.is_optimal);
}

Test(path_set, what_is_asked_of_srlgs_is_relaxed_to_links)
{
    bow_tie();
    net.links[0].srlgs = net.links[6].srlgs = 1;
    ask(2, 0, 6, PATH_SETUP_RSVP_TE);
    request.diversity = PATH_DIVERSE_SRLG;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
    request.is_strict = false;
    answer(PATH_FOUND);
    cr_expect_eq(sets.shared_srlgs, 1);
    cr_expect_eq(sets.shared_links, 0);
    cr_expect_eq(sets.diversity, 0, "what was asked does not hold");
}

Test(path_set, the_two_directions_of_a_link_are_one_link)
{
    net_init(&net, 4); /* 0 - 1 - 2 - 3, and a long way round from 1 to 2 */
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 1, 2, 1);
    net_pair(&net, 2, 3, 1);
    net_pair(&net, 1, 2, 20);
    ask(2, 0, 2, PATH_SETUP_RSVP_TE);
    members[1].request = members[0].request;
    members[1].request.source = 3;
    members[1].request.destination = 1;
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 2 + 21);
    cr_expect(sets.is_optimal);
}

/* One link for both, and dear detours that share it, too. */
static void neck(float unreserved)
{
    net_init(&net, 4);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 1, 2, 1);
    net_pair(&net, 2, 3, 1);
    net_pair(&net, 0, 1, 2);
    net_pair(&net, 2, 3, 2);
    net.links[2].unreserved = unreserved;
}

Test(path_set, a_link_is_shared_where_it_has_room_for_both)
{
    neck(20);
    ask(2, 0, 3, PATH_SETUP_SR_MPLS);
    request.is_strict = false;
    members[0].request.bandwidth = members[1].request.bandwidth = 10;
    answer(PATH_FOUND);
    cr_expect_eq(sets.shared_links, 1);
    cr_expect_eq(sets.cost, 8);
    cr_expect(sets.is_optimal);
}

Test(path_set, no_link_is_shared_that_has_no_room_for_both)
{
    neck(19);
    ask(2, 0, 3, PATH_SETUP_SR_MPLS);
    request.is_strict = false;
    members[0].request.bandwidth = members[1].request.bandwidth = 10;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
    cr_expect_eq(sets.members[1].unsatisfied, PATH_CONSTRAINT_EXCLUSION);
}

Test(path_set, members_that_both_come_first_share_links_but_no_bandwidth)
{
    neck(20);
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    members[0].is_first = members[1].is_first = true;
    members[0].request.bandwidth = members[1].request.bandwidth = 10;
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 6);
    cr_expect_eq(sets.shared_links, 0, "nothing is asked between them");
    ted_snapshot_destroy(snapshot);
    snapshot = NULL;
    net.links[2].unreserved = 19;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
}

Test(path_set, what_both_hold_already_is_there_for_both)
{
    neck(20);
    snapshot = net_snapshot(&net);
    static const uint32_t neck_link = 2;
    struct path_reservations own[2];
    ask(2, 0, 3, PATH_SETUP_SR_MPLS);
    request.is_strict = false;
    for (uint32_t m = 0; m < 2; m++) {
        own[m] = (struct path_reservations){
            .own_links = &neck_link, .own_count = 1, .own = {.octets_per_s = 15}};
        members[m].request.bandwidth = 15 + 10; /* ten more for each */
        members[m].request.reservations = &own[m];
    }
    answer(PATH_FOUND);
    cr_expect_eq(sets.shared_links, 1);
    members[1].request.bandwidth = 15 + 11;
    answer(PATH_NONE);
}

Test(path_set, a_member_without_a_path_leaves_the_others_theirs)
{
    trap();
    ask(3, 0, 3, PATH_SETUP_RSVP_TE);
    members[1].request.bandwidth = 5000;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 2);
    cr_expect_eq(igp_of(0) + igp_of(2), 8);
    cr_expect_eq(sets.members[1].unsatisfied, PATH_CONSTRAINT_BANDWIDTH);
}

Test(path_set, segment_lists_of_a_pair_are_no_longer_than_each_may_be)
{
    net_init(&net, 5); /* 0 to 4 over 1, 2 or 3; each for the same metric */
    for (uint32_t middle = 1; middle <= 3; middle++) {
        net_pair(&net, 0, middle, middle == 3 ? 2 : 1);
        net_pair(&net, middle, 4, middle == 3 ? 2 : 1);
    }
    ask(2, 0, 4, PATH_SETUP_SR_MPLS);
    members[0].request.sids_max = 1;
    answer(PATH_FOUND); /* the one has both short ways, the other what is left */
    cr_expect_eq(sets.members[0].sid_count, 1);
    cr_expect_eq(sets.cost, 2 + 4);
    members[1].request.sids_max = 1;
    answer(PATH_NONE);
    cr_expect_eq(sets.members[1].unsatisfied & PATH_CONSTRAINT_EXCLUSION,
                 PATH_CONSTRAINT_EXCLUSION);
}

Test(path_set, hops_that_may_mean_either_of_two_links_are_not_told_apart)
{
    net_init(&net, 2);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 0, 1, 2);
    for (uint32_t l = 0; l < net.link_count; l++)
        net.links[l].has_v4 = false;
    ask(2, 0, 1, PATH_SETUP_RSVP_TE);
    answer(PATH_NONE);
    ted_snapshot_destroy(snapshot);
    snapshot = NULL;
    net.links[2].has_v4 = net.links[3].has_v4 = true;
    net.links[0].has_ids = net.links[1].has_ids = true;
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 3);
}

/* A bundle of parallel links between two nodes, each a little dearer. */
static void bundle(uint32_t links)
{
    net_init(&net, 2);
    for (uint32_t i = 0; i < links; i++)
        net_pair(&net, 0, 1, 1 + i);
}

Test(path_set, as_many_members_as_there_may_be)
{
    bundle(PATH_SET_MAX);
    ask(PATH_SET_MAX, 0, 1, PATH_SETUP_RSVP_TE);
    answer(PATH_FOUND);
    cr_expect_eq(sets.placed, PATH_SET_MAX);
    double cost = 0;
    for (uint32_t i = 1; i <= PATH_SET_MAX; i++)
        cost += i;
    cr_expect_eq(sets.cost, cost);
}

Test(path_set, what_does_not_fit_is_placed_as_far_as_it_goes)
{
    bundle(PATH_SET_MAX - 1);
    ask(PATH_SET_MAX, 0, 1, PATH_SETUP_RSVP_TE);
    answer(PATH_WORK_EXCEEDED); /* that it cannot be is not proven within the limit of steps */
    cr_expect_eq(sets.placed, PATH_SET_MAX - 1);
    cr_expect_not(sets.is_optimal);
}

static void expect_little_said(enum path_setup setup)
{
    trap();
    ask(2, 0, 3, setup);
    uint64_t work = 0;
    answer(PATH_FOUND);
    for (work = 1; work < sets.work; work++) {
        request.work_max = work;
        path_set_compute(set, engine, snapshot, &request, &sets);
        cr_assert(sets.outcome == PATH_WORK_EXCEEDED ||
                      (sets.outcome == PATH_FOUND && sets.cost == 8),
                  "work %llu: outcome %d", (unsigned long long)work, (int)sets.outcome);
        uint32_t found = 0;
        for (uint32_t m = 0; m < request.count; m++)
            found += sets.members[m].outcome == PATH_FOUND;
        cr_assert_eq(found, sets.placed, "who is not placed has no path");
        cr_assert(sets.work <= 2 * work + 100, "work %llu of %llu", (unsigned long long)sets.work,
                  (unsigned long long)work);
    }
}

Test(path_set, too_little_work_is_said_and_nothing_is_claimed)
{
    expect_little_said(PATH_SETUP_RSVP_TE);
}

Test(path_set, too_little_work_is_said_with_segment_lists_too)
{
    expect_little_said(PATH_SETUP_SR_MPLS);
}

/* What was found is not lost by looking for less. */
Test(path_set, a_load_is_as_little_as_the_work_lets_it_be)
{
    trap();
    for (uint32_t i = 0; i < net.link_count; i++)
        net.links[i].unreserved = 1000.0F - 5.0F * (float)(i & ~1U);
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    for (uint32_t m = 0; m < request.count; m++)
        members[m].request.bandwidth = 1;
    answer(PATH_FOUND);
    bool is_found = false, is_optimal = false;
    for (request.work_max = 1; request.work_max < 9000 && !is_optimal; request.work_max++) {
        path_set_compute_load(set, engine, snapshot, &request, &sets);
        cr_assert(!is_found || sets.outcome == PATH_FOUND, "work %llu",
                  (unsigned long long)request.work_max);
        is_found = sets.outcome == PATH_FOUND;
        is_optimal = is_found && sets.is_optimal;
        cr_assert(sets.work <= 4 * request.work_max + 100);
    }
    cr_assert(is_optimal);
    cr_assert_gt(request.work_max, 20U);
}

Test(path_set, a_fixed_path_is_kept_off_as_the_diversity_says)
{
    bow_tie();
    net.links[0].srlgs = net.links[8].srlgs = 1; /* 0-1, and the second half of the upper way */
    snapshot = net_snapshot(&net);
    struct path_avoid avoid = {.snapshot = NULL};
    struct path_request around = net_request(0, 6);
    around.excluded = &avoid;
    static const uint32_t upper[] = {0, 4}; /* 0-1-3 */
    cr_assert(path_avoid_begin(&avoid, snapshot));
    path_diversity_avoid(&avoid, PATH_DIVERSE_LINK, upper, 2);
    path_compute(engine, snapshot, &around, &result);
    cr_expect_eq(result.metrics[PATH_METRIC_IGP], 6);
    path_avoid_clear(&avoid);
    path_diversity_avoid(&avoid, PATH_DIVERSE_LINK | PATH_DIVERSE_SRLG, upper, 2);
    path_compute(engine, snapshot, &around, &result);
    cr_expect_eq(result.metrics[PATH_METRIC_IGP], 8);
    path_avoid_clear(&avoid);
    path_diversity_avoid(&avoid, PATH_DIVERSE_LINK | PATH_DIVERSE_NODE, upper, 2);
    path_compute(engine, snapshot, &around, &result);
    cr_expect_eq(result.outcome, PATH_NONE, "node 3 is on it");
    path_avoid_clear(&avoid);
    path_diversity_avoid(&avoid, 0, upper, 2);
    path_compute(engine, snapshot, &around, &result);
    cr_expect(result.links[0] == 0 && result.links[1] == 4, "nothing was asked");
    path_avoid_fini(&avoid);
}

/* 0 to 3 over 1, which is wide, or for the same metric over 2, which is narrow. */
static void wide_and_narrow(void)
{
    net_init(&net, 4);
    for (uint32_t middle = 1; middle <= 2; middle++) {
        uint32_t first = net_pair(&net, 0, middle, 1);
        (void)net_pair(&net, middle, 3, 1);
        net.links[first].unreserved = middle == 1 ? 100 : 50;
    }
    ask(2, 0, 3, PATH_SETUP_RSVP_TE);
    members[0].request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    members[1].request.bandwidth = 80; /* has but the wide one */
}

Test(path_set, nothing_is_claimed_of_objectives_that_are_no_sum)
{
    wide_and_narrow();
    answer(PATH_FOUND);
    cr_expect_eq(sets.cost, 4);
    cr_expect_not(sets.is_optimal);
    members[0].request.bandwidth = 80;
    answer(PATH_NONE); /* that there is none is known all the same */
}

Test(path_set, who_comes_first_does_not_give_up_its_worst_link_either)
{
    wide_and_narrow();
    members[0].is_first = true;
    answer(PATH_NONE);
    cr_expect_eq(sets.placed, 1);
    cr_expect_eq(sets.members[0].outcome, PATH_FOUND);
    cr_expect_eq(sets.members[0].residual_bandwidth, 100);
}
