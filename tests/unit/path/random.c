/* Random small networks and requests against brute force. PCED_TEST_SEED and PCED_PATH_ROUNDS give
 * another seed and another number of rounds. */
#include "tests/unit/path/brute.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_DEFAULT   20260801
#define ROUNDS_DEFAULT 4000
#define REQUESTS       6

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void make_links(struct net *net, struct random *random, uint32_t metric_min)
{
    uint32_t n = net->node_count;
    uint32_t count = n + net_below(random, n * 2);
    uint32_t span = 1 + net_below(random, 5);
    for (uint32_t i = 0; i < count; i++) {
        struct net_link link = {.from = net_below(random, n), .to = net_below(random, n)};
        if (link.from == link.to)
            continue;
        for (uint32_t direction = 0; direction < 2; direction++) {
            link.igp = metric_min + net_below(random, span);
            link.te = net_below(random, 2) == 0 ? link.igp : net_below(random, 10);
            link.delay = net_below(random, 8);
            link.admin = net_below(random, 8);
            link.measured = net_below(random, 4) == 0 ? (uint8_t)net_below(random, 8) : 7;
            link.delay_min = net_below(random, 8);
            link.delay_variation = net_below(random, 4);
            link.loss = net_below(random, 3) == 0 ? 0 : net_below(random, 16) * 1000001;
            link.capacity = (float)(net_below(random, 8) * 10);
            link.unreserved = (float)net_below(random, 8) * 5.0F;
            link.adj_label = net_below(random, 5) == 0 ? 0 : 500000 + net->link_count;
            link.protected_label = net_below(random, 3) != 0 ? 0 : 600000 + net->link_count;
            link.has_v4 = net_below(random, 2) == 0;
            link.has_v6 = net_below(random, 2) == 0;
            link.has_ids = net_below(random, 4) == 0;
            link.srlgs = net_below(random, 3) == 0 ? 1u << net_below(random, 3) : 0;
            bool is_reverse = direction == 1 && net_below(random, 2) == 0;
            link.reverse_of = is_reverse ? net->link_count : 0;
            if (direction == 0 || net_below(random, 6) != 0)
                net_add(net, link);
            uint32_t from = link.from;
            link.from = link.to;
            link.to = from;
        }
    }
}

static void make_net(struct net *net, struct random *random, uint32_t nodes_max,
                     uint32_t metric_min)
{
    net_init(net, 2 + net_below(random, nodes_max - 1));
    bool is_uniform = net_below(random, 2) == 0;
    for (uint32_t i = 0; i < net->node_count && !is_uniform; i++) {
        struct net_node *node = &net->nodes[i];
        if (net_below(random, 6) == 0)
            node->sid_index = NET_NO_SID;
        node->lacks_v4 = net_below(random, 8) == 0;
        node->has_v6 = net_below(random, 6) != 0;
        uint32_t kind = net_below(random, 8);
        if (kind == 0)
            node->srgb_count = 0;
        if (kind == 1)
            node->srgbs[0].size = 1 + net_below(random, net->node_count);
        if (kind == 2) {
            node->srgb_count = 2;
            node->srgbs[0].size = 2;
            node->srgbs[1] = (struct ted_srgb){100000 + i * 100, 50};
        }
    }
    make_links(net, random, metric_min);
    for (uint32_t i = net_below(random, 3) == 0 ? 0 : net->node_count; i < net->node_count; i++) {
        if (net_below(random, 4) == 0)
            net_overload(net, i);
    }
}

static uint16_t one_of(struct random *random, const uint16_t *behaviors, uint32_t count)
{
    return behaviors[net_below(random, count)];
}

/* What no list may have: other behaviours and compressed ones, another algorithm, an anycast SID. */
static struct net_end make_decoy(struct random *random)
{
    static const uint16_t behaviors[] = {5, 9, 14, 18, 27, 36, 43, 60, 0xfffe};
    struct net_end end = {.behavior = 1};
    switch (net_below(random, 3)) {
    case 0:
        end.algorithm = 128;
        break;
    case 1:
        end.is_anycast = true;
        break;
    default:
        end.behavior = one_of(random, behaviors, 9);
    }
    return end;
}

static void make_ends(struct net *net, struct random *random)
{
    static const uint16_t behaviors[] = {1, 2, 3, 4, 28, 29, 30, 31};
    uint32_t anycast = 0;
    for (uint32_t i = 0; i < net->node_count; i++) {
        struct net_node *node = &net->nodes[i];
        node->end_count = 1 + net_below(random, NET_ENDS_MAX);
        for (uint32_t k = 0; k < node->end_count; k++) {
            node->ends[k] = make_decoy(random);
            anycast |= node->ends[k].is_anycast ? 1u << k : 0;
        }
        if (node->sid_index != NET_NO_SID)
            node->ends[net_below(random, node->end_count)] =
                (struct net_end){.behavior = one_of(random, behaviors, 8)};
    }
    /* An anycast SID that one node alone has would be its own. */
    struct net_node *more = &net->nodes[net->node_count++];
    *more = (struct net_node){.sid_index = NET_NO_SID, .end_count = NET_ENDS_MAX};
    for (uint32_t k = 0; k < NET_ENDS_MAX; k++)
        more->ends[k] = (struct net_end){
            .behavior = 1, .is_anycast = (anycast >> k & 1) != 0, .algorithm = 128};
}

/* The same SIDs as those of SR-MPLS, so that the same lists are right; and others that are not to be
 * used. */
static void make_srv6(struct net *net, struct random *random)
{
    static const uint16_t behaviors[] = {5, 6, 7, 8, 32, 33, 34, 35};
    static const uint16_t decoys[] = {0, 1, 16, 36, 52, 0xfffe};
    make_ends(net, random);
    for (uint32_t i = 0; i < net->link_count; i++) {
        struct net_link *link = &net->links[i];
        bool has_plain = link->adj_label != 0, has_protected = link->protected_label != 0;
        link->end_x = has_plain ? one_of(random, behaviors, 8) : one_of(random, decoys, 6);
        link->protected_end_x =
            has_protected ? one_of(random, behaviors, 8) : one_of(random, decoys, 6);
    }
    for (uint32_t i = 0; i < net->link_count; i++) {
        for (uint32_t k = 0; k < i && net_below(random, 8) == 0; k++) {
            struct net_link *a = &net->links[i], *b = &net->links[k];
            if (a->from != b->from || a->adj_label != 0 || b->adj_label != 0)
                continue;
            a->is_of_set = b->is_of_set = true;
            a->end_x = b->end_x = 5;
        }
    }
}

/* Routers that know no label forward IPv6 all the same: to brute force each of them knows all. */
static void hide_srgbs(struct net *net)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        net->nodes[i].srgbs[0] = (struct ted_srgb){NET_FIRST_BASE, 1000};
        net->nodes[i].srgb_count = 1;
    }
}

static struct path_request make_request(const struct net *net, struct random *random)
{
    struct path_request request =
        net_request(net_below(random, net->node_count), net_below(random, net->node_count));
    request.setup = PATH_SETUP_RSVP_TE;
    request.metric = (enum path_metric)net_below(random, PATH_METRIC_SIDS);
    if (net_below(random, 4) == 0)
        request.objective = (enum path_objective)(1 + net_below(random, 2));
    if (net_below(random, 3) == 0)
        request.bandwidth = (float)net_below(random, 8) * 5.0F;
    request.priority = (uint8_t)net_below(random, 8);
    request.family = net_below(random, 4) == 0 ? IP_V6 : IP_V4;
    if (net_below(random, 2) == 0)
        request.protection = (uint8_t)net_below(random, 4);
    if (net_below(random, 3) == 0)
        request.exclude_any = 1u << net_below(random, 3);
    if (net_below(random, 4) == 0)
        request.include_any = 1 + net_below(random, 7);
    if (net_below(random, 6) == 0)
        request.include_all = 1u << net_below(random, 3);
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if (net_below(random, 6) != 0 || !path_allows_bounds(request.bound_mask | 1u << m))
            continue;
        request.bound_mask |= 1u << m;
        request.bounds[m] =
            m == PATH_METRIC_HOPS ? 1 + net_below(random, 5) : net_below(random, 24) + 0.5;
        if (m == PATH_METRIC_LOSS)
            request.bounds[m] *= 4;
    }
    return request;
}

/* The same set twice: as it is given to the request, and by its rule, of each link. */
struct avoided {
    struct path_avoid set;
    bool touches[NET_LINKS_MAX];
};

static void avoid_one(const struct net *net, struct random *random,
                      const struct path_request *request, struct avoided *avoided)
{
    uint32_t kind = net_below(random, 4), node = net_below(random, net->node_count);
    uint32_t chosen = net_below(random, net->link_count), srlg = net_below(random, 4);
    uint32_t back = avoided->set.snapshot->links[chosen].reverse;
    switch (kind) {
    case 0:
        path_avoid_link(&avoided->set, chosen);
        break;
    case 1:
        path_avoid_both_ways(&avoided->set, chosen);
        break;
    case 2:
        path_avoid_node(&avoided->set, node);
        break;
    default:
        path_avoid_srlg(&avoided->set, srlg + 1);
    }
    for (uint32_t l = 0; l < net->link_count; l++) {
        const struct net_link *link = &net->links[l];
        bool is_end = node == request->source || node == request->destination;
        bool touches = kind == 3   ? (link->srlgs >> srlg & 1) != 0
                       : kind == 2 ? !is_end && link->to == node
                                   : l == chosen || (kind == 1 && l == back);
        avoided->touches[l] = avoided->touches[l] || touches;
    }
}

/* Some of the requests have something to avoid; every link of the net says whether it is that. */
static void avoid_some(struct net *net, struct random *random, struct path_request *request,
                       struct avoided avoided[2])
{
    for (uint32_t which = 0; which < 2; which++) {
        path_avoid_clear(&avoided[which].set);
        memset(avoided[which].touches, 0, sizeof avoided[which].touches);
        uint32_t count =
            net_below(random, 3) == 0 && net->link_count > 0 ? net_below(random, 5) : 0;
        for (uint32_t i = 0; i < count; i++)
            avoid_one(net, random, request, &avoided[which]);
    }
    if (net_below(random, 8) != 0)
        request->excluded = &avoided[0].set;
    if (net_below(random, 8) != 0)
        request->undesired = &avoided[1].set;
    for (uint32_t l = 0; l < net->link_count; l++) {
        net->links[l].is_excluded = avoided[0].touches[l];
        net->links[l].is_undesired = avoided[1].touches[l];
    }
}

static void describe(const struct net *net, const struct path_request *r)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        const struct net_node *n = &net->nodes[i];
        printf("node %u: sid %d, no v4 %d, v6 %d, overloaded %d, srgb", i, (int)n->sid_index,
               n->lacks_v4, n->has_v6, n->is_overloaded);
        for (uint32_t s = 0; s < n->srgb_count; s++)
            printf(" %u+%u", n->srgbs[s].base, n->srgbs[s].size);
        printf("\n");
    }
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct net_link *l = &net->links[i];
        printf("link %u: %u->%u igp %u te %u delay %u measured %u: %u %u %u admin %u capacity %g "
               "unreserved %g adj %u "
               "protected %u, two-way %d, v4 %d v6 %d ids %d, excluded %d undesired %d\n",
               i, l->from, l->to, l->igp, l->te, l->delay, l->measured, l->delay_min,
               l->delay_variation, l->loss, l->admin, (double)l->capacity, (double)l->unreserved,
               l->adj_label, l->protected_label, l->is_two_way, l->has_v4, l->has_v6, l->has_ids,
               l->is_excluded, l->is_undesired);
    }
    printf("request %u->%u setup %d objective %d metric %d bandwidth %g exclude %u any %u all %u "
           "sids_max %u family %u protection %u bounds %u: %g %g %g %g %g %g %g %g\n",
           r->source, r->destination, (int)r->setup, (int)r->objective, (int)r->metric,
           (double)r->bandwidth, r->exclude_any, r->include_any, r->include_all, r->sids_max,
           r->family, r->protection, r->bound_mask, r->bounds[0], r->bounds[1], r->bounds[2],
           r->bounds[3], r->bounds[4], r->bounds[5], r->bounds[6], r->bounds[7]);
}

struct context {
    const struct net *net;
    const struct ted_snapshot *snapshot;
    struct forward_table table;
    struct path_engine *engine;
    uint32_t found, none, searched; /* what the answers were */
    uint32_t cut;                   /* given up for lack of work */
    uint32_t together;              /* no path for several constraints together */
    uint32_t untried;               /* … of which smaller sets were left */
    uint32_t excluded, undesired;   /* no path for what is excluded; answers with undesired links */
};

static bool is_same(const struct path_result *a, const struct path_result *b)
{
    for (uint32_t m = 0; m < PATH_METRIC_COUNT; m++) {
        if (a->metrics[m] != b->metrics[m])
            return false;
    }
    return a->outcome == b->outcome && a->unsatisfied == b->unsatisfied && a->blame == b->blame &&
           a->undesired == b->undesired && a->link_count == b->link_count &&
           a->sid_count == b->sid_count;
}

/* Computes, after the same with less work: that may give up, but never finds something else. */
static const char *compute(struct context *context, const struct path_request *request,
                           struct path_result *result)
{
    path_compute(context->engine, context->snapshot, request, result);
    for (uint64_t part = 4; part <= 8; part++) {
        struct path_result within;
        path_compute_within(context->engine, context->snapshot, request, result->work * part / 8,
                            &within);
        if (within.outcome == PATH_WORK_EXCEEDED && part < 8 && within.unsatisfied == 0)
            context->cut++;
        else if (!is_same(&within, result))
            return "less work gives another answer";
    }
    path_compute(context->engine, context->snapshot, request, result);
    return NULL;
}

static const char *check_links(const struct brute_path *expected, const struct path_result *result)
{
    if (result->link_count != expected->count)
        return "number of links";
    for (uint32_t i = 0; i < expected->count; i++) {
        if (result->links[i] != expected->links[i])
            return "links";
    }
    return NULL;
}

/* Logarithms of two libraries may differ in the last digit. */
static bool is_told(const struct path_result *result, uint32_t metric, uint64_t sum)
{
    double told = net_tell((enum path_metric)metric, sum);
    return metric == PATH_METRIC_LOSS ? fabs(result->metrics[metric] - told) < 1e-9
                                      : result->metrics[metric] == told;
}

/* By the definition of RFC 8233 3.1.3, of links that all say theirs. */
static bool is_product(const struct net *net, const struct path_result *result)
{
    double kept = 1;
    bool is_measured = true;
    for (uint32_t i = 0; i < result->link_count; i++) {
        const struct net_link *link = &net->links[result->links[i]];
        is_measured = is_measured && (link->measured & TED_MEASURED_LOSS) != 0;
        kept *= 1 - (double)link->loss * 3e-8;
    }
    bool is_said = (result->unmeasured & 1u << PATH_METRIC_LOSS) == 0;
    return is_said == is_measured &&
           (!is_measured || fabs(result->metrics[PATH_METRIC_LOSS] - (1 - kept) * 100) < 1e-6);
}

static const char *check_path(struct context *context, const struct path_request *request)
{
    struct path_result result;
    const char *wrong = compute(context, request, &result);
    if (wrong != NULL)
        return wrong;
    struct brute_path expected = brute_best_path(context->net, request);
    if (result.outcome != (expected.found ? PATH_FOUND : PATH_NONE))
        return "outcome";
    context->found += expected.found;
    context->none += !expected.found;
    context->excluded += (result.unsatisfied & PATH_CONSTRAINT_EXCLUSION) != 0;
    if (!expected.found) {
        context->together += result.blame == PATH_BLAME_LEAST;
        context->untried += result.blame == PATH_BLAME_ENOUGH;
        return brute_judge_blame(context->net, &context->table, request, &result);
    }
    context->undesired += expected.undesired > 0;
    if (result.undesired != expected.undesired)
        return "undesired links";
    if (result.sid_count != 0 || result.metrics[PATH_METRIC_SIDS] != 0)
        return "an RSVP-TE path with SIDs";
    float residual = INFINITY;
    for (uint32_t i = 0; i < expected.count; i++) {
        if (context->net->links[expected.links[i]].unreserved < residual)
            residual = context->net->links[expected.links[i]].unreserved;
    }
    if (result.residual_bandwidth != residual)
        return "residual bandwidth";
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if (!is_told(&result, m, expected.sums[m]))
            return "metrics";
    }
    if (!is_product(context->net, &result))
        return "loss";
    return check_links(&expected, &result);
}

/* Where a list leads, over what, at what cost. */
static const char *check_labels(const struct context *context, const struct path_request *request,
                                const struct path_result *result, double *badness)
{
    struct forward_result forwarded = forward_list(context->net, &context->table, request, result);
    if (!forwarded.arrives)
        return "the list does not lead to the destination";
    uint32_t judged = request->bound_mask & ((1u << PATH_METRIC_SIDS) - 1);
    if (request->undesired == NULL || path_avoid_is_empty(request->undesired))
        judged |= 1u << (request->metric == PATH_METRIC_SIDS ? PATH_METRIC_IGP : request->metric);
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if ((judged & (1u << m)) != 0 && !is_told(result, m, forwarded.worst[m]))
            return "a branch does not cost what is said";
    }
    if (!net_keeps_bounds(forwarded.worst, request))
        return "a branch is above a bound";
    *badness = -INFINITY;
    for (uint32_t l = 0; l < context->net->link_count; l++) {
        const struct net_link *link = &context->net->links[l];
        if (!forwarded.uses[l])
            continue;
        if (!net_is_usable(link, request))
            return "a branch uses a link that is ruled out";
        double one = -(double)link->unreserved;
        if (request->objective == PATH_MIN_MAX_LOAD)
            one = link->capacity > 0
                      ? rint(1e6 * ((double)link->capacity - (double)link->unreserved) /
                             (double)link->capacity)
                      : (double)INFINITY;
        if (one > *badness)
            *badness = one;
    }
    for (uint32_t i = 0; i < result->link_count; i++) {
        if (!forwarded.uses[result->links[i]])
            return "links are no branch of the labels";
    }
    return NULL;
}

/* Each adjacency SID is the one that is wanted, and what is said of all of them is true. */
static const char *check_protection(const struct context *context,
                                    const struct path_request *request,
                                    const struct path_result *result)
{
    bool wants =
        request->protection == TED_PROTECTED_PREFERRED || request->protection == TED_PROTECTED_ONLY;
    bool is_mandatory =
        request->protection == TED_UNPROTECTED_ONLY || request->protection == TED_PROTECTED_ONLY;
    bool are_protected = true;
    for (uint32_t i = 0; i < result->sid_count; i++) {
        const struct path_sid *sid = &result->sids[i];
        if (sid->kind == PATH_SID_NODE && is_mandatory && !wants)
            return "a node SID counts as protected";
        if (sid->kind == PATH_SID_NODE)
            continue;
        const struct net_link *link = &context->net->links[sid->link];
        struct ip protected_end_x = net_end_x_sid(context->net, sid->link, true);
        bool is_protected = request->setup == PATH_SETUP_SRV6
                                ? ip_is_equal(&sid->srv6.sid, &protected_end_x)
                                : sid->label == link->protected_label;
        bool has_wanted = wants ? link->protected_label != 0 : link->adj_label != 0;
        if (is_protected != wants && (has_wanted || is_mandatory))
            return "another adjacency SID is wanted";
        are_protected = are_protected && is_protected;
    }
    return result->is_protected == are_protected ? NULL : "protection is claimed falsely";
}

static const char *check_list(struct context *context, const struct path_request *request)
{
    struct path_result result;
    const char *wrong = compute(context, request, &result);
    if (wrong != NULL)
        return wrong;
    struct brute_list best = brute_best_list(context->net, &context->table, request);
    if (result.outcome != (best.found ? PATH_FOUND : PATH_NONE))
        return "outcome";
    context->found += best.found;
    context->none += !best.found;
    context->excluded += (result.unsatisfied & PATH_CONSTRAINT_EXCLUSION) != 0;
    if (!best.found) {
        context->together += result.blame == PATH_BLAME_LEAST;
        context->untried += result.blame == PATH_BLAME_ENOUGH;
        return brute_judge_blame(context->net, &context->table, request, &result);
    }
    double badness = 0;
    wrong = check_labels(context, request, &result, &badness);
    if (wrong == NULL)
        wrong = check_protection(context, request, &result);
    if (wrong != NULL)
        return wrong;
    if (request->source == request->destination)
        return result.sid_count == 1 && result.link_count == 0 ? NULL : "not the node's own SID";
    if (request->objective != PATH_MIN_METRIC && badness != best.badness)
        return "worst link";
    enum path_metric metric =
        request->metric == PATH_METRIC_SIDS ? PATH_METRIC_IGP : request->metric;
    context->undesired += best.undesired > 0;
    if (result.undesired != best.undesired)
        return "undesired links";
    bool is_bounded = (request->bound_mask & (1u << metric)) != 0;
    if (!(is_bounded && best.undesired > 0) && !is_told(&result, metric, best.metric))
        return "objective";
    if (result.metrics[PATH_METRIC_SIDS] != result.sid_count)
        return "SID depth";
    if (request->metric == PATH_METRIC_SIDS)
        return result.sid_count == best.count ? NULL : "not the fewest SIDs";
    struct brute_path path = brute_best_path(context->net, request);
    uint32_t size = brute_list_size_of_path(context->net, &context->table, request, &path);
    uint32_t limit = request->sids_max;
    if ((request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0 &&
        request->bounds[PATH_METRIC_SIDS] < limit)
        limit = (uint32_t)request->bounds[PATH_METRIC_SIDS];
    if (size == 0 || size > limit) {
        context->searched++;
        return NULL;
    }
    if (result.sid_count != size)
        return "not the shortest list of its path";
    return check_links(&path, &result);
}

typedef const char *check_fn(struct context *context, const struct path_request *request);

static void run(check_fn *check, enum path_setup setup, const char *what)
{
    bool is_sr = path_setup_is_sr(setup);
    uint64_t seed = number_of("PCED_TEST_SEED", SEED_DEFAULT);
    uint64_t rounds = number_of("PCED_PATH_ROUNDS", ROUNDS_DEFAULT);
    struct path_engine *engine = path_engine_create(0);
    struct context context = {.engine = engine};
    static struct avoided avoided[2];
    for (uint64_t round = 0; round < rounds; round++) {
        struct random random = {seed + round};
        struct net net;
        make_net(&net, &random, is_sr ? 6 : 8, is_sr ? 1 : 0);
        if (setup == PATH_SETUP_SRV6)
            make_srv6(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        if (setup == PATH_SETUP_SRV6)
            hide_srgbs(&net);
        /* Landmarks may change how an answer is found, not what it is. */
        cr_assert(round % 2 == 0 || path_landmarks_build(snapshot));
        cr_assert(path_avoid_begin(&avoided[0].set, snapshot));
        cr_assert(path_avoid_begin(&avoided[1].set, snapshot));
        context.net = &net;
        context.snapshot = snapshot;
        forward_table_fill(&net, &context.table);
        for (uint32_t i = 0; i < REQUESTS; i++) {
            struct path_request request = make_request(&net, &random);
            avoid_some(&net, &random, &request, avoided);
            if (is_sr) {
                request.setup = setup;
                request.family = IP_V4;
                request.sids_max = (uint8_t)(1 + net_below(&random, 4));
                if (net_below(&random, 5) == 0)
                    request.metric = PATH_METRIC_SIDS;
                if (net_below(&random, 5) == 0) {
                    request.bound_mask |= 1u << PATH_METRIC_SIDS;
                    request.bounds[PATH_METRIC_SIDS] = net_below(&random, 4);
                }
            }
            const char *wrong = check(&context, &request);
            if (wrong != NULL)
                describe(&net, &request);
            cr_assert_null(wrong, "seed %llu: %s", (unsigned long long)(seed + round), wrong);
        }
        ted_snapshot_destroy(snapshot);
    }
    path_engine_destroy(engine);
    path_avoid_fini(&avoided[0].set);
    path_avoid_fini(&avoided[1].set);
    printf(
        "%s: seeds %llu to %llu, %u requests answered, %u without a path, %u lists searched, "
        "%u for what is excluded, %u for several together, %u untried, %u with undesired links\n",
        what, (unsigned long long)seed, (unsigned long long)(seed + rounds - 1), context.found,
        context.none, context.searched, context.excluded, context.together, context.untried,
        context.undesired);
    cr_assert(rounds < 1000 || (context.excluded > 100 && context.undesired > 100));
    cr_assert(rounds < 100 || (context.found > 100 && context.none > 100));
    cr_assert(rounds < 100 || context.cut > 100);
    cr_assert(rounds < 1000 || context.together > 100);
    cr_assert_leq(context.untried * 100, context.together, "one in a hundred at most");
    cr_assert(rounds < 1000 || !is_sr || context.searched > 100);
}

Test(path_random, paths_are_those_of_brute_force)
{
    run(check_path, PATH_SETUP_RSVP_TE, "paths");
}

Test(path_random, sid_lists_forward_and_cost_as_brute_force_says)
{
    run(check_list, PATH_SETUP_SR_MPLS, "SID lists");
}

Test(path_random, srv6_sid_lists_forward_and_cost_as_brute_force_says)
{
    run(check_list, PATH_SETUP_SRV6, "SRv6 SID lists");
}
