/* Paths on a snapshot that was patched are those on one that was made as a whole of the same links,
 * and its landmarks hold. */
#include "core/path/engine.h"
#include "core/path/landmarks.h"
#include "core/path/near_tree.h"
#include "core/path/problem.h"
#include "core/path/scope.h"
#include "core/path/survey.h"
#include "core/ted/patch.h"
#include "tests/lib/random.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define NODES  40
#define LINKS  140
#define NEW    10 /* of them, which come later */
#define ROUNDS 150

TestSuite(patched, .timeout = 600);

/* A network some of whose links are gone: the whole of it, and what is there. */
struct patched {
    struct net all;
    bool is_gone[LINKS];
    uint32_t metrics[LINKS];   /* at first */
    struct ted_snapshot *full; /* of all links */
    struct ted_snapshot *snapshot;
    struct survey *survey;                        /* of a snapshot before; NULL: none */
    uint32_t changed[100 * LINKS], changed_count; /* links, since then */
};

static void patched_make(struct patched *patched, struct random *random)
{
    net_init(&patched->all, NODES);
    memset(patched->is_gone, 0, sizeof patched->is_gone);
    while (patched->all.link_count + 2 <= LINKS) {
        uint32_t a = net_below(random, NODES), b = net_below(random, NODES);
        if (patched->all.link_count > 0 && net_below(random, 5) == 0) { /* beside another one */
            a = patched->all.links[patched->all.link_count - 1].from;
            b = patched->all.links[patched->all.link_count - 1].to;
        }
        if (a != b)
            (void)net_pair(&patched->all, a, b, 1 + net_below(random, 9));
    }
    for (uint32_t i = 0; i < patched->all.link_count; i++) {
        patched->metrics[i] = patched->all.links[i].igp;
        patched->all.links[i].measured = TED_MEASURED_LOSS;
    }
    patched->full = net_snapshot(&patched->all);
    struct net first = patched->all;
    first.link_count = LINKS - NEW;
    patched->snapshot = net_snapshot(&first);
    cr_assert(path_landmarks_build(patched->snapshot));
}

static struct ted_link_spec patched_spec(const struct patched *patched, uint32_t index)
{
    const struct ted_snapshot *s = patched->full;
    const struct ted_link *link = &s->links[index];
    struct ted_link_spec spec = {
        .from = link->from,
        .to = link->to,
        .igp_metric = patched->all.links[index].igp,
        .te_metric = patched->all.links[index].te,
        .delay_us = patched->all.links[index].delay,
        .measured = TED_MEASURED_LOSS,
        .loss = patched->all.links[index].loss,
        .admin_group = patched->all.links[index].admin,
        .capacity = link->capacity,
        .max_reservable = link->max_reservable,
        .adj_sids = s->adj_sids + link->adj_sids.first,
        .adj_sid_count = link->adj_sids.count,
        .local_v4 = link->local_v4,
        .remote_v4 = link->remote_v4,
        .local_v6 = link->local_v6,
        .remote_v6 = link->remote_v6,
        .local_id = link->local_id,
        .remote_id = link->remote_id,
    };
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        spec.unreserved[p] = patched->all.links[index].unreserved;
    return spec;
}

static void patched_replace(struct patched *patched, struct ted_snapshot *next)
{
    for (uint32_t i = 0; patched->survey != NULL && i < next->delta->count; i++)
        patched->changed[patched->changed_count++] = next->delta->links[i];
    ted_snapshot_destroy(patched->snapshot);
    patched->snapshot = next;
}

/* Landmarks are made beside: begun, and some changes later there. */
static void patched_survey(struct patched *patched, struct random *random)
{
    struct ted_snapshot *next;
    if (patched->survey == NULL) {
        patched->survey = survey_begin(patched->snapshot);
        patched->changed_count = 0;
        return;
    }
    if (net_below(random, 3) > 0 && patched->changed_count < 50 * LINKS)
        return;
    while (!survey_step(patched->survey))
        continue;
    cr_assert_eq(ted_snapshot_patch(patched->snapshot, NULL, 0, &next), PCE_OK);
    cr_assert(path_landmarks_renew(patched->snapshot, next, survey_take(patched->survey),
                                   patched->changed, patched->changed_count));
    cr_assert_eq(next->delta->count, 0);
    cr_assert_eq(next->links, patched->snapshot->links);
    survey_end(patched->survey);
    patched->survey = NULL;
    patched_replace(patched, next);
}

static void patched_free(struct patched *patched)
{
    survey_end(patched->survey);
    patched->survey = NULL;
    ted_snapshot_destroy(patched->snapshot);
    ted_snapshot_destroy(patched->full);
}

/* Some links get other metrics, go, or come back; few become shorter than ever. Now and then one comes that
 * was never there. */
static void patched_change(struct patched *patched, struct random *random)
{
    struct ted_patch_item items[3];
    struct ted_link_spec specs[3];
    struct ted_snapshot *next;
    uint32_t places = patched->snapshot->link_count;
    uint32_t count = 1 + net_below(random, 2), first = net_below(random, places);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = (first + i * 7) % places;
        patched->is_gone[link] = net_below(random, 3) == 0;
        patched->all.links[link].igp = net_below(random, 20) == 0
                                           ? 1 + net_below(random, 9)
                                           : patched->metrics[link] + net_below(random, 3) * 4;
        if (net_below(random, 2) == 0)
            patched->all.links[link].te = net_below(random, 9);
        if (net_below(random, 2) == 0)
            patched->all.links[link].delay = net_below(random, 1000);
        if (net_below(random, 2) == 0)
            patched->all.links[link].loss = net_below(random, 4) * 100000;
        patched->all.links[link].admin = net_below(random, 2);
        patched->all.links[link].unreserved = (float)(90 + 5 * net_below(random, 5));
        specs[i] = patched_spec(patched, link);
        items[i] = (struct ted_patch_item){link, patched->is_gone[link] ? NULL : &specs[i]};
    }
    if (places < LINKS && net_below(random, 20) == 0) {
        specs[count] = patched_spec(patched, places);
        items[count] = (struct ted_patch_item){places, &specs[count]};
        count++;
    }
    cr_assert_eq(ted_snapshot_patch(patched->snapshot, items, count, &next), PCE_OK);
    path_landmarks_follow(patched->snapshot, next);
    patched_replace(patched, next);
    if (net_below(random, 4) == 0)
        patched_survey(patched, random);
}

/* The links that are there, as a network of its own; which is which. */
static struct ted_snapshot *patched_whole(const struct patched *patched, uint32_t places[LINKS])
{
    const struct ted_snapshot *s = patched->snapshot;
    struct ted_builder *builder = ted_builder_create("");
    struct ted_snapshot *whole;
    struct ted_fault fault;
    uint32_t index;
    for (uint32_t i = 0; i < s->node_count; i++) {
        const struct ted_node *node = &s->nodes[i];
        const struct ted_node_spec spec = {.name = node->name,
                                           .router_id_v4 = node->router_id_v4,
                                           .router_id_v6 = node->router_id_v6,
                                           .srgbs = s->srgbs + node->srgbs.first,
                                           .srgb_count = node->srgbs.count,
                                           .prefix_sids = s->prefix_sids + node->prefix_sids.first,
                                           .prefix_sid_count = node->prefix_sids.count};
        cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK);
    }
    for (uint32_t i = 0; i < s->link_count; i++) {
        struct ted_link_spec spec = patched_spec(patched, i);
        if (patched->is_gone[i])
            continue;
        cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK);
        places[index] = i;
    }
    cr_assert_eq(ted_builder_snapshot(builder, &whole, &fault), PCE_OK);
    ted_builder_destroy(builder);
    return whole;
}

/* What makes the bounds right: over no link a node is farther than the link is long. */
static void expect_landmarks(const struct ted_snapshot *s)
{
    cr_assert_not_null(s->landmarks);
    for (uint32_t m = 0; m < LANDMARK_METRICS; m++) {
        const struct landmark_row *rows = s->landmarks->rows[m];
        for (uint32_t i = 0; i < s->edge_count; i++) {
            const struct ted_link *link = &s->links[s->edges[i].link];
            uint64_t length = link_metric(s, s->edges[i].link, (enum path_metric)m);
            for (uint32_t c = 0; c < LANDMARKS; c++) {
                const uint32_t *from = rows[link->from].columns, *to = rows[link->to].columns;
                cr_assert_leq(to[c], from[c] + length);
                cr_assert_leq(to[c + LANDMARKS], from[c + LANDMARKS] + length);
            }
        }
    }
}

static struct path_request patched_request(struct random *random)
{
    struct path_request request = net_request(net_below(random, NODES), net_below(random, NODES));
    /* Of what is measured, no answer is known to be far from a change. */
    uint32_t metrics = net_below(random, 8) == 0 ? ADDITIVE_METRIC_COUNT : LANDMARK_METRICS;
    request.metric = (enum path_metric)net_below(random, metrics);
    if (net_below(random, 2) == 0)
        request.setup = PATH_SETUP_RSVP_TE;
    if (net_below(random, 2) == 0)
        request.family = IP_V4;
    if (net_below(random, 4) == 0)
        request.bandwidth = 100;
    if (net_below(random, 4) == 0)
        request.exclude_any = 1;
    if (net_below(random, 4) == 0)
        request.sids_max = (uint8_t)(1 + net_below(random, 3));
    if (net_below(random, 6) == 0) {
        request.bound_mask = 1 << PATH_METRIC_HOPS;
        request.bounds[PATH_METRIC_HOPS] = 1 + net_below(random, 6);
    }
    return request;
}

static void expect_same(const struct path_result *got, const struct path_result *wanted,
                        const uint32_t *places)
{
    cr_assert_eq(got->outcome, wanted->outcome);
    cr_assert_eq(got->link_count, wanted->link_count);
    cr_assert_eq(got->sid_count, wanted->sid_count);
    for (uint32_t i = 0; i < got->link_count; i++)
        cr_assert_eq(got->links[i], places[wanted->links[i]]);
    for (uint32_t i = 0; i < got->sid_count; i++)
        cr_assert_eq(got->sids[i].label, wanted->sids[i].label);
}

Test(patched, paths_are_those_of_a_network_made_as_a_whole)
{
    static struct patched patched;
    struct path_engine *engine = path_engine_create(0), *other = path_engine_create(0);
    struct random random = test_random_init("patched", 1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        patched_make(&patched, &random);
        for (unsigned change = 0; change < 8; change++) {
            uint32_t places[LINKS];
            patched_change(&patched, &random);
            expect_landmarks(patched.snapshot);
            struct ted_snapshot *whole = patched_whole(&patched, places);
            cr_assert_eq(whole->edge_count, patched.snapshot->edge_count);
            for (unsigned i = 0; i < 8; i++) {
                struct path_request request = patched_request(&random);
                struct path_result got, wanted;
                path_compute(engine, patched.snapshot, &request, &got);
                path_compute(other, whole, &request, &wanted);
                expect_same(&got, &wanted, places);
            }
            ted_snapshot_destroy(whole);
        }
        patched_free(&patched);
    }
    path_engine_destroy(engine);
    path_engine_destroy(other);
}

/* ---- answers that are kept ---- */

#define KEPT 40

/* An answer, as whoever keeps it has it. */
struct kept {
    struct path_request request;
    struct path_scope scope;
    enum path_outcome outcome;
    uint32_t unsatisfied, link_count, sid_count;
    uint32_t links[LINKS];
    struct path_sid sids[LINKS];
    double metrics[PATH_METRIC_COUNT];
};

static uint64_t kept_count, forgotten_count, forgotten_in_vain;

static void kept_take(struct kept *kept, struct path_engine *engine,
                      const struct ted_snapshot *snapshot)
{
    struct path_result result;
    path_compute(engine, snapshot, &kept->request, &result);
    kept->scope = path_scope_of(snapshot, &kept->request, &result, 0, true);
    kept->outcome = result.outcome;
    kept->unsatisfied = result.unsatisfied;
    kept->link_count = result.link_count;
    kept->sid_count = result.sid_count;
    memcpy(kept->metrics, result.metrics, sizeof kept->metrics);
    if (result.link_count > 0)
        memcpy(kept->links, result.links, result.link_count * sizeof *result.links);
    if (result.sid_count > 0)
        memcpy(kept->sids, result.sids, result.sid_count * sizeof *result.sids);
}

/* What an answer tells, but for metrics that nobody has asked for. */
static bool kept_is_same(const struct kept *a, const struct kept *b)
{
    enum path_metric metric = a->request.metric;
    if (a->outcome != b->outcome || a->unsatisfied != b->unsatisfied ||
        a->link_count != b->link_count || a->sid_count != b->sid_count ||
        a->metrics[metric] != b->metrics[metric] ||
        memcmp(a->links, b->links, a->link_count * sizeof *a->links) != 0)
        return false;
    for (uint32_t i = 0; i < a->sid_count; i++)
        if (a->sids[i].label != b->sids[i].label || a->sids[i].node != b->sids[i].node ||
            a->sids[i].link != b->sids[i].link)
            return false;
    return true;
}

static void kept_check(struct kept *kept, struct path_engine *engine,
                       const struct ted_snapshot *snapshot)
{
    static struct kept fresh;
    fresh.request = kept->request;
    bool holds =
        path_scope_holds(snapshot, &kept->scope, kept->request.source, kept->request.destination);
    kept_take(&fresh, engine, snapshot);
    bool is_same = kept_is_same(kept, &fresh);
    cr_assert(!holds || is_same);
    kept_count += holds;
    forgotten_count += !holds;
    forgotten_in_vain += !holds && is_same;
    if (!holds)
        *kept = fresh;
}

Test(patched, an_answer_that_is_kept_is_the_one_that_would_be_computed)
{
    static struct patched patched;
    static struct kept kept[KEPT];
    struct path_engine *engine = path_engine_create(0);
    struct random random = test_random_init("kept", 1);
    uint64_t rounds = test_env_u64("PCED_KEPT_ROUNDS", 1000);
    for (uint64_t round = 0; round < rounds; round++) {
        patched_make(&patched, &random);
        for (unsigned i = 0; i < KEPT; i++) {
            kept[i].request = patched_request(&random);
            kept_take(&kept[i], engine, patched.snapshot);
        }
        for (unsigned change = 0; change < 16; change++) {
            patched_change(&patched, &random);
            for (unsigned i = 0; i < KEPT; i++) /* some are not asked for for a while */
                if (net_below(&random, 3) > 0)
                    kept_check(&kept[i], engine, patched.snapshot);
        }
        patched_free(&patched);
    }
    printf("%llu answers kept, %llu forgotten, %llu of them in vain\n",
           (unsigned long long)kept_count, (unsigned long long)forgotten_count,
           (unsigned long long)forgotten_in_vain);
    cr_expect_gt(kept_count, forgotten_count / 5);
    path_engine_destroy(engine);
}

/* What a network has in common with the one before keeps its bounds, though all was made anew. */
Test(patched, landmarks_are_carried_to_a_network_that_was_made_as_a_whole)
{
    static struct patched patched;
    struct random random = test_random_init("carried", 1);
    unsigned carried = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t places[LINKS];
        patched_make(&patched, &random);
        for (unsigned i = 0; i < 6; i++)
            patched_change(&patched, &random);
        struct ted_snapshot *whole = patched_whole(&patched, places);
        path_landmarks_carry(patched.snapshot, whole);
        if (whole->landmarks != NULL)
            expect_landmarks(whole);
        carried += whole->landmarks != NULL;
        cr_assert_not_null(whole->derived);
        ted_snapshot_destroy(whole);
        patched_free(&patched);
    }
    cr_expect_gt(carried, ROUNDS / 2);
}

Test(patched, landmarks_are_not_carried_to_a_network_of_other_nodes)
{
    static struct patched patched, other;
    struct random random = {5};
    struct net net;
    patched_make(&patched, &random);
    net_init(&net, NODES + NODES / 8);
    for (uint32_t i = 1; i < net.node_count; i++)
        (void)net_pair(&net, i - 1, i, 10);
    other.snapshot = net_snapshot(&net);
    path_landmarks_carry(patched.snapshot, other.snapshot);
    cr_expect_null(other.snapshot->landmarks);
    patched_free(&other);
    patched_free(&patched);
}

Test(patched, a_survey_finds_landmarks_that_fall_short)
{
    static struct patched patched;
    struct random random = {9};
    struct ted_link_spec specs[LINKS];
    struct ted_patch_item items[LINKS];
    struct ted_snapshot *next;
    patched_make(&patched, &random);
    for (uint32_t i = 0; i < patched.snapshot->link_count; i++) {
        specs[i] = patched_spec(&patched, i);
        specs[i].igp_metric *= 2;
        items[i] = (struct ted_patch_item){i, &specs[i]};
    }
    patched.survey = survey_begin(patched.snapshot);
    for (uint32_t turn = 0; turn < LANDMARK_METRICS * LANDMARKS; turn++)
        cr_expect(!survey_finds_loose(patched.survey, patched.snapshot->landmarks, turn));
    survey_end(patched.survey);
    patched.survey = NULL;
    cr_assert_eq(ted_snapshot_patch(patched.snapshot, items, LINKS - NEW, &next), PCE_OK);
    path_landmarks_follow(patched.snapshot, next);
    patched_replace(&patched, next);
    patched.survey = survey_begin(patched.snapshot);
    for (uint32_t turn = 0; turn < LANDMARK_METRICS * LANDMARKS; turn++)
        cr_expect_eq(survey_finds_loose(patched.survey, patched.snapshot->landmarks, turn),
                     turn % LANDMARK_METRICS == PATH_METRIC_IGP);
    patched_free(&patched);
}

/* Near trees of some nodes, as requests leave them there. */
static void trees_make(struct path_engine *engine, const struct ted_snapshot *snapshot,
                       struct random *random)
{
    for (unsigned i = 0; i < NODES / 2; i++) {
        const struct near_tree *tree;
        cr_assert_eq(near_tree_of_node(engine, snapshot, net_below(random, NODES),
                                       2 + net_below(random, NODES), &tree),
                     PATH_FOUND);
    }
}

/* Each that the snapshot has is the one that would be made of it. How many there are. */
static unsigned trees_check(struct path_engine *engine, struct ted_snapshot *snapshot)
{
    unsigned count = 0;
    for (uint32_t node = 0; node < NODES; node++) {
        const struct ted_block *block = ted_derived_find(snapshot, node);
        const struct near_tree *kept = (const struct near_tree *)(const void *)block, *fresh;
        struct ted_derived *derived = snapshot->derived;
        if (kept == NULL)
            continue;
        snapshot->derived = NULL;
        cr_assert_eq(near_tree_of_node(engine, snapshot, node,
                                       kept->node_count + (kept->radius == UINT64_MAX), &fresh),
                     PATH_FOUND);
        snapshot->derived = derived;
        cr_assert_eq(kept->radius, fresh->radius);
        cr_assert_eq(kept->node_count, fresh->node_count);
        cr_assert_eq(kept->count, fresh->count);
        cr_assert_arr_eq(kept->entries, fresh->entries, kept->count * sizeof *kept->entries);
        count++;
    }
    return count;
}

Test(patched, near_trees_that_are_kept_are_those_that_would_be_made)
{
    static struct patched patched;
    struct path_engine *engine = path_engine_create(0);
    struct random random = test_random_init("trees", 1);
    unsigned made = 0, kept = 0;
    for (unsigned round = 0; round < 4 * ROUNDS; round++) {
        struct path_request request = net_request(0, 1);
        struct path_result result;
        patched_make(&patched, &random);
        path_compute(engine, patched.snapshot, &request, &result); /* makes room */
        engine->work = 0;
        engine->work_limit = UINT64_MAX;
        for (unsigned change = 0; change < 16; change++) {
            trees_make(engine, patched.snapshot, &random);
            made += trees_check(engine, patched.snapshot);
            patched_change(&patched, &random);
            kept += trees_check(engine, patched.snapshot);
        }
        patched_free(&patched);
    }
    cr_log_info("%u near trees, %u kept\n", made, kept);
    cr_expect_gt(kept, made / 8);
    cr_expect_lt(kept, made);
    path_engine_destroy(engine);
}

Test(patched, near_trees_stay_while_the_igp_does_the_same)
{
    static struct patched patched;
    struct random random = {3};
    struct ted_snapshot *next;
    patched_make(&patched, &random);
    struct ted_link_spec spec = patched_spec(&patched, 5);
    const struct ted_patch_item item = {5, &spec};
    spec.te_metric = 77;
    cr_assert_eq(ted_snapshot_patch(patched.snapshot, &item, 1, &next), PCE_OK);
    path_landmarks_follow(patched.snapshot, next);
    cr_expect_eq(next->derived, patched.snapshot->derived);
    cr_expect_eq(next->landmarks, patched.snapshot->landmarks);
    ted_snapshot_destroy(patched.snapshot);
    patched.snapshot = next;
    spec.igp_metric = 100;
    cr_assert_eq(ted_snapshot_patch(patched.snapshot, &item, 1, &next), PCE_OK);
    path_landmarks_follow(patched.snapshot, next);
    cr_expect_neq(next->derived, patched.snapshot->derived);
    cr_expect_eq(next->landmarks, patched.snapshot->landmarks); /* longer: the bounds hold */
    ted_snapshot_destroy(patched.snapshot);
    ted_snapshot_destroy(patched.full);
    ted_snapshot_destroy(next);
}
