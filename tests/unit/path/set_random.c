/* Sets of paths on random small networks against every combination of every path or SID list.
 * PCED_TEST_SEED and PCED_PATH_ROUNDS give another seed and another number of rounds. */
#include "core/path/set_load.h"
#include "tests/unit/path/ways.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_DEFAULT   20261130
#define ROUNDS_DEFAULT 3000
#define MEMBERS_MAX    3

struct scene {
    struct net net;
    struct ted_snapshot *snapshot;
    struct forward_table table;
    struct path_member members[MEMBERS_MAX];
    struct ways ways[MEMBERS_MAX];
    struct path_set_request request;
    struct path_set_result result;
    uint8_t between[MEMBERS_MAX * MEMBERS_MAX];
    bool by_load;               /* the most loaded link comes first (set_load.h) */
    uint64_t uses[MEMBERS_MAX]; /* of the result */
};

/* What there is at best. */
struct best {
    bool found;
    uint32_t stage;
    uint64_t load; /* where that comes first */
    uint64_t shared, sids, metric;
};

struct stage {
    uint32_t diversity;
    bool may_share;
};

static struct {
    uint32_t found, relaxed, shared, none, first, three, mixed, partial, unproven, by_pair, weighed,
        loads;
} counts;

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void make_net(struct net *net, struct random *random, uint32_t nodes_max)
{
    uint32_t n = 3 + net_below(random, nodes_max - 2);
    net_init(net, n);
    uint32_t count = n + net_below(random, n + 2);
    uint32_t span = 1 + net_below(random, 6);
    for (uint32_t i = 0; i < count && net->link_count + 2 <= WAYS_LINKS_MAX; i++) {
        uint32_t a = i < n ? i : net_below(random, n), b = (a + 1 + net_below(random, n - 1)) % n;
        uint32_t first = net_pair(net, a, b, 1);
        uint32_t srlgs = net_below(random, 3) == 0 ? 1u << net_below(random, 4) : 0;
        float room = (float)(1 + net_below(random, 6)) * 5.0F;
        bool has_v4 = net_below(random, 5) != 0;
        for (uint32_t d = 0; d < 2; d++) {
            struct net_link *link = &net->links[first + d];
            link->igp = 1 + net_below(random, span);
            link->te = net_below(random, 2) == 0 ? link->igp : 1 + net_below(random, 9);
            link->delay = net_below(random, 8);
            link->admin = net_below(random, 4) == 0;
            link->srlgs = srlgs;
            link->unreserved = room;
            link->has_v4 = has_v4;
            if (net_below(random, 8) == 0)
                link->adj_label = 0;
        }
    }
    if (net_below(random, 4) == 0)
        net_overload(net, net_below(random, n));
}

static void make_member(struct scene *scene, struct random *random, uint32_t m, bool is_sr)
{
    struct path_request *request = &scene->members[m].request;
    uint32_t n = scene->net.node_count, source = net_below(random, n);
    *request = net_request(source, (source + 1 + net_below(random, n - 1)) % n);
    request->metric = (enum path_metric)net_below(random, 4);
    if (m > 0 && net_below(random, 4) != 0)
        *request = scene->members[0].request; /* alike, to begin with */
    request->setup = is_sr ? PATH_SETUP_SR_MPLS : PATH_SETUP_RSVP_TE;
    request->sids_max = is_sr ? (uint8_t)(1 + net_below(random, 3)) : 0;
    if (is_sr && net_below(random, 6) == 0)
        request->metric = PATH_METRIC_SIDS;
    if (net_below(random, 3) == 0)
        request->bandwidth = (float)(1 + net_below(random, 4)) * 5.0F;
    if (net_below(random, 6) == 0)
        request->exclude_any = 1;
    if (net_below(random, 5) == 0) {
        uint32_t bounded = net_below(random, 4);
        request->bound_mask = 1u << bounded;
        request->bounds[bounded] =
            bounded == PATH_METRIC_HOPS ? 1 + net_below(random, 4) : 2 + net_below(random, 16);
    }
    scene->members[m].is_first = net_below(random, 6) == 0;
    scene->members[m].weight = net_below(random, 4) == 0 ? 1 + net_below(random, 3) : 0;
    counts.weighed += scene->members[m].weight > 1;
}

/* What is asked differs from pair to pair, and of some nothing is asked. */
static void make_between(struct scene *scene, struct random *random)
{
    uint32_t count = scene->request.count;
    scene->request.between = NULL;
    if (net_below(random, 3) != 0)
        return;
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a + 1; b < count; b++) {
            uint32_t asked = net_below(random, 8) & scene->request.diversity;
            scene->between[a * count + b] = scene->between[b * count + a] = (uint8_t)asked;
        }
    }
    scene->request.between = scene->between;
    counts.by_pair++;
}

/* Strict sets of members of a metric's sum, all apart, may be asked for the least load. */
static void make_load(struct scene *scene, struct random *random)
{
    scene->by_load = net_below(random, 4) == 0;
    if (!scene->by_load)
        return;
    scene->request.is_strict = true;
    scene->request.between = NULL;
    for (uint32_t m = 0; m < scene->request.count; m++)
        scene->members[m].is_first = false;
}

static void make_scene(struct scene *scene, struct random *random)
{
    bool has_sr = net_below(random, 2) == 0, is_mixed = net_below(random, 6) == 0;
    uint32_t count = net_below(random, 6) == 0 ? 3 : 2;
    make_net(&scene->net, random, count == 3 ? 5 : has_sr || is_mixed ? 6 : 7);
    scene->snapshot = net_snapshot(&scene->net);
    cr_assert(net_below(random, 2) == 0 || path_landmarks_build(scene->snapshot));
    forward_table_fill(&scene->net, &scene->table);
    for (uint32_t m = 0; m < count; m++) {
        bool is_sr = is_mixed ? m == 0 : has_sr;
        make_member(scene, random, m, is_sr);
        ways_find(&scene->ways[m], &scene->net, &scene->table, &scene->members[m].request);
    }
    scene->request = (struct path_set_request){.members = scene->members,
                                               .count = count,
                                               .diversity = 1 + net_below(random, 7),
                                               .is_strict = net_below(random, 2) == 0};
    make_between(scene, random);
    make_load(scene, random);
    counts.three += count == 3;
    counts.mixed += is_mixed;
}

static uint64_t both_ways(const struct scene *scene, uint64_t uses)
{
    uint64_t both = uses;
    for (uint32_t l = 0; l < scene->net.link_count; l++) {
        if ((uses >> l & 1) != 0 && scene->snapshot->links[l].reverse != TED_NONE)
            both |= UINT64_C(1) << scene->snapshot->links[l].reverse;
    }
    return both;
}

static uint64_t shared_links(const struct scene *scene, uint64_t a, uint64_t b)
{
    uint64_t both = both_ways(scene, a) & both_ways(scene, b), count = 0;
    for (uint32_t l = 0; l < scene->net.link_count; l++) {
        uint32_t reverse = scene->snapshot->links[l].reverse;
        count += (both >> l & 1) != 0 && reverse > l;
    }
    return count;
}

static uint32_t nodes_of(const struct scene *scene, uint64_t uses)
{
    uint32_t nodes = 0;
    for (uint32_t l = 0; l < scene->net.link_count; l++) {
        if ((uses >> l & 1) != 0)
            nodes |= 1u << scene->net.links[l].from | 1u << scene->net.links[l].to;
    }
    return nodes;
}

static uint32_t srlgs_of(const struct scene *scene, uint64_t uses)
{
    uint32_t srlgs = 0;
    for (uint32_t l = 0; l < scene->net.link_count; l++)
        srlgs |= (uses >> l & 1) != 0 ? scene->net.links[l].srlgs : 0;
    return srlgs;
}

static uint32_t ends_of(const struct scene *scene, uint32_t m)
{
    const struct path_request *request = &scene->members[m].request;
    return 1u << request->source | 1u << request->destination;
}

static uint32_t shared_nodes(const struct scene *scene, uint32_t a, uint32_t b,
                             const uint64_t *uses)
{
    return nodes_of(scene, uses[a]) & nodes_of(scene, uses[b]) &
           ~(ends_of(scene, a) & ends_of(scene, b));
}

/* What is asked between two members. */
static uint32_t asked_of(const struct scene *scene, uint32_t a, uint32_t b)
{
    if (scene->members[a].is_first && scene->members[b].is_first)
        return 0;
    return scene->request.between == NULL ? scene->request.diversity
                                          : scene->between[a * scene->request.count + b];
}

static bool fits(const struct scene *scene, const uint64_t *uses)
{
    for (uint32_t l = 0; l < scene->net.link_count; l++) {
        double needed = 0;
        for (uint32_t m = 0; m < scene->request.count; m++)
            needed += (uses[m] >> l & 1) != 0 ? (double)scene->members[m].request.bandwidth : 0;
        if (needed > (double)scene->net.links[l].unreserved)
            return false;
    }
    return true;
}

/* Whether a combination keeps a stage, and how many links it shares. uses 0: not there. */
static bool keeps(const struct scene *scene, const struct stage *stage, const uint64_t *uses,
                  uint64_t *shared)
{
    *shared = 0;
    for (uint32_t a = 0; a < scene->request.count; a++) {
        for (uint32_t b = a + 1; b < scene->request.count; b++) {
            uint32_t asked = asked_of(scene, a, b) & (stage->diversity | PATH_DIVERSE_LINK);
            if (asked_of(scene, a, b) == 0 || uses[a] == 0 || uses[b] == 0)
                continue;
            *shared += shared_links(scene, uses[a], uses[b]);
            if ((asked & PATH_DIVERSE_NODE) != 0 && shared_nodes(scene, a, b, uses) != 0)
                return false;
            if ((asked & PATH_DIVERSE_SRLG) != 0 &&
                (srlgs_of(scene, uses[a]) & srlgs_of(scene, uses[b])) != 0)
                return false;
        }
    }
    return (stage->may_share || *shared == 0) && fits(scene, uses);
}

static uint32_t make_stages(const struct path_set_request *request, struct stage stages[5])
{
    uint32_t count = 0, n = PATH_DIVERSE_NODE, s = PATH_DIVERSE_SRLG, l = PATH_DIVERSE_LINK;
    uint32_t asked = request->diversity;
    if ((asked & n) != 0 && (asked & s) != 0)
        stages[count++].diversity = n | s | l;
    if ((asked & n) != 0)
        stages[count++].diversity = n | l;
    if ((asked & s) != 0)
        stages[count++].diversity = s | l;
    stages[count++].diversity = l;
    for (uint32_t i = 0; i < count; i++)
        stages[i].may_share = false;
    stages[count++] = (struct stage){l, true};
    return request->is_strict ? 1 : count;
}

/* A way that comes first costs no more than any other of its member. */
static bool may_take(const struct scene *scene, uint32_t m, const struct way *way)
{
    const struct ways *ways = &scene->ways[m];
    for (uint32_t i = 0; scene->members[m].is_first && i < ways->count; i++) {
        const struct way *other = &ways->all[i];
        if (other->sids < way->sids || (other->sids == way->sids && other->metric < way->metric))
            return false;
    }
    return true;
}

/* In millionths, of the most loaded link with the bandwidth of its member. */
static uint64_t load_of(const struct scene *scene, const uint64_t *uses)
{
    double worst = 0;
    for (uint32_t m = 0; m < scene->request.count; m++) {
        for (uint32_t l = 0; l < scene->net.link_count; l++) {
            double all = (double)scene->net.links[l].capacity;
            double left = (double)scene->net.links[l].unreserved -
                          (double)scene->members[m].request.bandwidth;
            if ((uses[m] >> l & 1) != 0 && (all - left) / all > worst)
                worst = (all - left) / all;
        }
    }
    return (uint64_t)rint(worst * 1e6);
}

static void offer(const struct scene *scene, struct best *best, uint64_t shared,
                  const struct way *const *chosen, const uint64_t *uses)
{
    struct best one = {.found = true, .shared = shared};
    for (uint32_t m = 0; m < scene->request.count; m++) {
        uint32_t weight = scene->members[m].weight;
        one.sids += chosen[m]->sids;
        one.metric += chosen[m]->metric * (weight == 0 ? 1 : weight);
    }
    one.load = scene->by_load ? load_of(scene, uses) : 0;
    bool is_better = one.load != best->load       ? one.load < best->load
                     : one.shared != best->shared ? one.shared < best->shared
                     : one.sids != best->sids     ? one.sids < best->sids
                                                  : one.metric < best->metric;
    if (!best->found || is_better)
        *best = one;
}

/* Every combination, as a number with a digit for each member. */
static struct best best_of_stage(const struct scene *scene, const struct stage *stage)
{
    struct best best = {.found = false};
    const struct way *chosen[MEMBERS_MAX] = {NULL};
    uint32_t digits[MEMBERS_MAX] = {0}, count = scene->request.count, m = 0;
    uint64_t uses[MEMBERS_MAX] = {0}, shared;
    for (;;) {
        if (digits[m] == scene->ways[m].count) {
            if (m == 0)
                return best;
            uses[m] = 0;
            digits[m--] = 0;
            uses[m] = 0;
            continue;
        }
        const struct way *way = &scene->ways[m].all[digits[m]++];
        uses[m] = way->uses;
        chosen[m] = way;
        if (!may_take(scene, m, way) || !keeps(scene, stage, uses, &shared)) {
            uses[m] = 0;
            continue;
        }
        if (m + 1 == count) {
            offer(scene, &best, shared, chosen, uses);
            uses[m] = 0;
        } else {
            m++;
        }
    }
}

static struct best find_best(const struct scene *scene, const struct stage *stages, uint32_t count)
{
    struct best best = {.found = false};
    for (uint32_t i = 0; i < count && !best.found; i++) {
        best = best_of_stage(scene, &stages[i]);
        best.stage = i;
    }
    return best;
}

/* What the result says of its paths, by what the routers do with them. */
static const char *check_paths(struct scene *scene)
{
    const struct path_set_result *result = &scene->result;
    uint32_t placed = 0;
    for (uint32_t m = 0; m < scene->request.count; m++) {
        const struct path_request *request = &scene->members[m].request;
        bool is_placed = result->members[m].outcome == PATH_FOUND;
        placed += is_placed;
        scene->uses[m] =
            is_placed ? ways_uses(&scene->net, &scene->table, request, &result->members[m]) : 0;
        for (uint32_t l = 0; l < scene->net.link_count; l++) {
            if ((scene->uses[m] >> l & 1) != 0 && !net_is_usable(&scene->net.links[l], request))
                return "a link that is ruled out";
        }
    }
    return placed == result->placed ? NULL : "number of placed members";
}

static const char *check_sharing(const struct scene *scene, const struct stage *stage)
{
    const struct path_set_result *result = &scene->result;
    uint64_t links = 0, nodes = 0, srlgs = 0, shared;
    for (uint32_t a = 0; a < scene->request.count; a++) {
        for (uint32_t b = a + 1; b < scene->request.count; b++) {
            if (asked_of(scene, a, b) == 0 || scene->uses[a] == 0 || scene->uses[b] == 0)
                continue;
            links += shared_links(scene, scene->uses[a], scene->uses[b]);
            nodes += (uint64_t)__builtin_popcount(shared_nodes(scene, a, b, scene->uses));
            srlgs += (uint64_t)__builtin_popcount(srlgs_of(scene, scene->uses[a]) &
                                                  srlgs_of(scene, scene->uses[b]));
        }
    }
    if (links != result->shared_links || nodes != result->shared_nodes ||
        srlgs != result->shared_srlgs)
        return "what is shared";
    uint32_t holds = links > 0 ? 0
                               : PATH_DIVERSE_LINK | (nodes == 0 ? PATH_DIVERSE_NODE : 0u) |
                                     (srlgs == 0 ? PATH_DIVERSE_SRLG : 0u);
    if (result->diversity != (holds & scene->request.diversity))
        return "diversity";
    return keeps(scene, stage, scene->uses, &shared) ? NULL : "the stage is not kept";
}

static const char *check_set(struct scene *scene)
{
    struct stage stages[5];
    uint32_t stage_count = make_stages(&scene->request, stages);
    struct best best = find_best(scene, stages, stage_count);
    const struct path_set_result *result = &scene->result;
    const char *wrong = check_paths(scene);
    if (wrong != NULL)
        return wrong;
    if (result->outcome != (best.found ? PATH_FOUND : PATH_NONE))
        return "outcome";
    if (!best.found) {
        counts.none++;
        counts.partial += result->placed > 0;
        return check_sharing(scene, &stages[stage_count - 1]);
    }
    counts.found++;
    counts.relaxed += best.stage > 0;
    counts.shared += best.shared > 0;
    for (uint32_t m = 0; m < scene->request.count; m++)
        counts.first += scene->members[m].is_first;
    if (!result->is_optimal) { /* a limit was met: what is said to be known has to be true */
        counts.unproven++;
        if (scene->by_load)
            return load_of(scene, scene->uses) < best.load ? "a load below the least" : NULL;
        bool is_less = result->shared_links == best.shared && result->cost < (double)best.metric;
        if (result->shared_links < best.shared || is_less)
            return "better than the best";
        return result->cost_min <= result->cost ? check_sharing(scene, &stages[stage_count - 1])
                                                : "a bound above the cost";
    }
    if (scene->by_load && load_of(scene, scene->uses) != best.load)
        return "load of the most loaded link";
    counts.loads += scene->by_load;
    if (result->cost != (double)best.metric || result->cost_min != result->cost)
        return "cost";
    return check_sharing(scene, &stages[best.stage]);
}

static void describe(const struct scene *scene)
{
    for (uint32_t i = 0; i < scene->net.link_count; i++) {
        const struct net_link *l = &scene->net.links[i];
        printf(
            "link %u: %u->%u igp %u te %u delay %u admin %u unreserved %g adj %u v4 %d srlgs %u\n",
            i, l->from, l->to, l->igp, l->te, l->delay, l->admin, (double)l->unreserved,
            l->adj_label, l->has_v4, l->srlgs);
    }
    printf("diversity %u strict %d\n", scene->request.diversity, scene->request.is_strict);
    for (uint32_t m = 0; m < scene->request.count; m++) {
        const struct path_request *r = &scene->members[m].request;
        printf(
            "member %u: %u->%u setup %d metric %d bandwidth %g exclude %u bounds %u: %g %g %g %g "
            "sids %u first %d: outcome %d uses %llx\n",
            m, r->source, r->destination, (int)r->setup, (int)r->metric, (double)r->bandwidth,
            r->exclude_any, r->bound_mask, r->bounds[0], r->bounds[1], r->bounds[2], r->bounds[3],
            r->sids_max, scene->members[m].is_first, (int)scene->result.members[m].outcome,
            (unsigned long long)scene->uses[m]);
    }
    printf("outcome %d optimal %d cost %g at least %g shared %u %u %u diversity %u\n",
           (int)scene->result.outcome, scene->result.is_optimal, scene->result.cost,
           scene->result.cost_min, scene->result.shared_links, scene->result.shared_nodes,
           scene->result.shared_srlgs, scene->result.diversity);
}

Test(set_random, sets_are_those_of_brute_force, .timeout = 600)
{
    uint64_t seed = number_of("PCED_TEST_SEED", SEED_DEFAULT);
    uint64_t rounds = number_of("PCED_PATH_ROUNDS", ROUNDS_DEFAULT);
    struct path_engine *engine = path_engine_create(0);
    struct path_set *set = path_set_create();
    static struct scene scene;
    cr_assert(engine != NULL && set != NULL);
    for (uint64_t round = 0; round < rounds; round++) {
        struct random random = {seed + round};
        make_scene(&scene, &random);
        if (scene.by_load)
            path_set_compute_load(set, engine, scene.snapshot, &scene.request, &scene.result);
        else
            path_set_compute(set, engine, scene.snapshot, &scene.request, &scene.result);
        const char *wrong = check_set(&scene);
        if (wrong != NULL)
            describe(&scene);
        cr_assert_null(wrong, "seed %llu: %s", (unsigned long long)(seed + round), wrong);
        ted_snapshot_destroy(scene.snapshot);
    }
    path_set_destroy(set);
    path_engine_destroy(engine);
    printf(
        "sets: seeds %llu to %llu, %u found, %u of them relaxed, %u with shared links, %u none, %u "
        "in part, %u members first, %u of three, %u mixed, %u not proven, "
        "%u asked pair by pair, %u members weighed, %u of least load\n",
        (unsigned long long)seed, (unsigned long long)(seed + rounds - 1), counts.found,
        counts.relaxed, counts.shared, counts.none, counts.partial, counts.first, counts.three,
        counts.mixed, counts.unproven, counts.by_pair, counts.weighed, counts.loads);
    cr_assert(counts.unproven <= rounds / 1000);
    cr_assert(rounds < 1000 || (counts.relaxed > 50 && counts.shared > 50 && counts.none > 50 &&
                                counts.partial > 50 && counts.first > 50 && counts.by_pair > 50 &&
                                counts.weighed > 50 && counts.loads > 50));
}
