#include "tests/unit/path/brute.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define SIDS_BIT (1u << PATH_METRIC_SIDS)

static double badness_of(const struct net_link *link, enum path_objective objective)
{
    if (objective == PATH_MIN_METRIC)
        return -INFINITY;
    if (objective == PATH_MAX_RESIDUAL_BANDWIDTH)
        return -(double)link->unreserved;
    if (link->capacity <= 0)
        return INFINITY;
    return rint(1e6 * ((double)link->capacity - (double)link->unreserved) / (double)link->capacity);
}

/* Of all links that a hop of the request may mean by this one's. */
static double badness_on_path(const struct net *net, const struct net_link *link,
                              const struct path_request *request)
{
    double worst = badness_of(link, request->objective);
    if (request->setup != PATH_SETUP_RSVP_TE || request->family == IP_NONE ||
        !net_is_named_by_node(net, link, request->family))
        return worst;
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct net_link *other = &net->links[i];
        if (other->from == link->from && other->to == link->to)
            worst = fmax(worst, badness_of(other, request->objective));
    }
    return worst;
}

/* The metric that sums are compared by. */
static enum path_metric sum_metric(const struct path_request *request)
{
    return request->metric == PATH_METRIC_SIDS ? PATH_METRIC_IGP : request->metric;
}

/* --- every simple path -------------------------------------------------------------------------
 */

struct walk {
    const struct net *net;
    const struct path_request *request;
    double badness_max; /* second pass */
    bool is_second;
    double badness_min;       /* first pass: of the paths that keep the bounds … */
    uint64_t undesired_min;   /* … and have no more undesired links than that */
    struct brute_path any;    /* second pass: best without bounds */
    struct brute_path within; /* second pass: best that keeps them, by the rule for bounds */
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_sequences(const struct net *net, const struct brute_path *a,
                             const struct brute_path *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        int order = compare_numbers(net->links[a->links[i]].to, net->links[b->links[i]].to);
        if (order != 0)
            return order;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        int order = compare_numbers(a->links[i], b->links[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_paths(const struct walk *walk, const struct brute_path *a,
                         const struct brute_path *b, bool by_bounds)
{
    enum path_metric metric = sum_metric(walk->request);
    int order = compare_numbers(a->undesired, b->undesired);
    if (order == 0)
        order = compare_numbers(a->sums[metric], b->sums[metric]);
    if (order == 0)
        order = compare_numbers(a->count, b->count);
    for (uint32_t m = 0; m < PATH_METRIC_SIDS && order == 0 && by_bounds; m++) {
        if ((walk->request->bound_mask & (1u << m)) != 0)
            order = compare_numbers(a->sums[m], b->sums[m]);
    }
    return order != 0 ? order : compare_sequences(walk->net, a, b);
}

static void visit_path(struct walk *walk, const struct brute_path *path)
{
    bool keeps = net_keeps_bounds(path->sums, walk->request);
    if (!walk->is_second) {
        int order = compare_numbers(path->undesired, walk->undesired_min);
        if (keeps && (!walk->within.found || order < 0 ||
                      (order == 0 && path->badness < walk->badness_min))) {
            walk->badness_min = path->badness;
            walk->undesired_min = path->undesired;
            walk->within.found = true;
        }
        return;
    }
    if (path->badness > walk->badness_max)
        return;
    if (!walk->any.found || compare_paths(walk, path, &walk->any, false) < 0)
        walk->any = *path;
    if (keeps && (!walk->within.found || compare_paths(walk, path, &walk->within, true) < 0))
        walk->within = *path;
}

static struct brute_path path_of_links(const struct walk *walk, const uint32_t *links,
                                       uint32_t count)
{
    struct brute_path path = {.found = true, .count = count, .badness = -INFINITY};
    for (uint32_t i = 0; i < count; i++) {
        const struct net_link *link = &walk->net->links[links[i]];
        path.links[i] = links[i];
        for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
            path.sums[m] += net_metric(link, (enum path_metric)m);
        path.undesired += walk->request->undesired != NULL && link->is_undesired;
        double badness = badness_on_path(walk->net, link, walk->request);
        if (badness > path.badness)
            path.badness = badness;
    }
    return path;
}

/* All simple paths from source to destination over usable links, depth first. */
static void walk_paths(struct walk *walk)
{
    const struct net *net = walk->net;
    uint32_t links[BRUTE_NODES_MAX], cursor[BRUTE_NODES_MAX + 1] = {0};
    bool visited[BRUTE_NODES_MAX] = {false};
    uint32_t depth = 0, node = walk->request->source;
    visited[node] = true;
    for (;;) {
        uint32_t l = cursor[depth]++;
        if (l == net->link_count || node == walk->request->destination) {
            if (node == walk->request->destination) {
                struct brute_path path = path_of_links(walk, links, depth);
                visit_path(walk, &path);
            }
            if (depth == 0)
                return;
            visited[node] = false;
            node = net->links[links[--depth]].from;
            continue;
        }
        const struct net_link *link = &net->links[l];
        if (link->from != node || visited[link->to] || !net_is_usable(link, walk->request) ||
            !net_is_named(net, link, walk->request))
            continue;
        links[depth++] = l;
        cursor[depth] = 0;
        node = link->to;
        visited[node] = true;
    }
}

struct brute_path brute_best_path(const struct net *net, const struct path_request *request)
{
    cr_assert_leq(net->node_count, BRUTE_NODES_MAX);
    struct walk walk = {.net = net, .request = request};
    bool is_rsvp = request->setup == PATH_SETUP_RSVP_TE;
    /* No link is known to be protected, and no hop leads from a node to itself. */
    if (is_rsvp && (request->protection == TED_PROTECTED_ONLY ||
                    (request->family != IP_NONE && request->source == request->destination)))
        return walk.within;
    walk_paths(&walk);
    if (!walk.within.found)
        return walk.within;
    walk.badness_max = walk.badness_min;
    walk.is_second = true;
    walk.within.found = false;
    walk_paths(&walk);
    return net_keeps_bounds(walk.any.sums, request) ? walk.any : walk.within;
}

/* --- every SID list ----------------------------------------------------------------------------
 */

/* What one segment does: where it leads and what its branches use and cost. */
struct segment {
    bool exists;
    uint32_t to;
    bool is_usable; /* all its links are */
    double badness;
    uint64_t worst[PATH_METRIC_SIDS];
    uint64_t ranked; /* of the worst branch by RANKED_UNDESIRED */
    uint32_t link;   /* of an adjacency segment; else NET_NO_SID */
};

/* An undesired link, beside the metric of any small network. */
#define RANKED_UNDESIRED (UINT64_C(1) << 40)
#define RANKED           PATH_METRIC_SIDS /* in the place of a metric */

static uint64_t value_of(const struct net_link *link, const struct path_request *request,
                         uint32_t metric)
{
    if (metric != RANKED)
        return net_metric(link, (enum path_metric)metric);
    uint64_t undesired = request->undesired != NULL && link->is_undesired;
    return undesired * RANKED_UNDESIRED + net_metric(link, sum_metric(request));
}

/* The maximum sum of a metric over the shortest paths: relaxed as often as there are nodes. */
static uint64_t worst_sum(const struct net *net, const struct forward_table *table,
                          const struct path_request *request, uint32_t from, uint32_t to,
                          uint32_t metric)
{
    uint64_t worst[BRUTE_NODES_MAX];
    for (uint32_t i = 0; i < net->node_count; i++)
        worst[i] = FORWARD_FAR;
    worst[from] = 0;
    for (uint32_t round = 0; round < net->node_count; round++) {
        for (uint32_t l = 0; l < net->link_count; l++) {
            const struct net_link *link = &net->links[l];
            if (!forward_is_on_way(net, table, l, from, to) || worst[link->from] == FORWARD_FAR)
                continue;
            uint64_t sum = worst[link->from] + value_of(link, request, metric);
            if (worst[link->to] == FORWARD_FAR || sum > worst[link->to])
                worst[link->to] = sum;
        }
    }
    return worst[to];
}

static struct segment node_segment(const struct net *net, const struct forward_table *table,
                                   const struct path_request *request, uint32_t from, uint32_t to)
{
    struct segment segment = {.to = to, .link = NET_NO_SID, .badness = -INFINITY};
    uint32_t index = net->nodes[to].sid_index;
    if (from == to || index == NET_NO_SID || request->protection == TED_UNPROTECTED_ONLY ||
        table->distance[from][to] == FORWARD_FAR)
        return segment;
    segment.exists = net_label(net, from, index) != 0;
    segment.is_usable = true;
    for (uint32_t l = 0; l < net->link_count; l++) {
        const struct net_link *link = &net->links[l];
        if (!forward_is_on_way(net, table, l, from, to))
            continue;
        if (net_label(net, link->to, index) == 0 || link->igp == 0)
            segment.exists = false;
        segment.is_usable = segment.is_usable && net_is_usable(link, request);
        double badness = badness_of(link, request->objective);
        if (badness > segment.badness)
            segment.badness = badness;
    }
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
        segment.worst[m] = worst_sum(net, table, request, from, to, m);
    segment.ranked = worst_sum(net, table, request, from, to, RANKED);
    return segment;
}

static struct segment link_segment(const struct net *net, const struct path_request *request,
                                   uint32_t from, uint32_t l)
{
    const struct net_link *link = &net->links[l];
    struct segment segment = {.to = link->to, .link = l};
    bool has_plain = link->adj_label != 0 && request->protection != TED_PROTECTED_ONLY;
    bool has_protected = link->protected_label != 0 && request->protection != TED_UNPROTECTED_ONLY;
    segment.exists = link->from == from && (has_plain || has_protected);
    segment.is_usable = net_is_usable(link, request);
    segment.badness = badness_of(link, request->objective);
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
        segment.worst[m] = net_metric(link, (enum path_metric)m);
    segment.ranked = value_of(link, request, RANKED);
    return segment;
}

struct lists {
    const struct net *net;
    const struct path_request *request;
    struct segment segments[BRUTE_NODES_MAX][BRUTE_NODES_MAX + NET_LINKS_MAX];
    uint32_t segment_count; /* for each node */
};

static void fill_segments(struct lists *lists, const struct net *net,
                          const struct forward_table *table, const struct path_request *request)
{
    lists->net = net;
    lists->request = request;
    lists->segment_count = net->node_count + net->link_count;
    for (uint32_t from = 0; from < net->node_count; from++) {
        for (uint32_t to = 0; to < net->node_count; to++)
            lists->segments[from][to] = node_segment(net, table, request, from, to);
        for (uint32_t l = 0; l < net->link_count; l++)
            lists->segments[from][net->node_count + l] = link_segment(net, request, from, l);
    }
}

typedef void visit_list_fn(const struct lists *lists, const struct segment *const *list,
                           uint32_t count, void *context);

/* All lists of up to count_max usable segments that lead to the destination. */
static void walk_lists(const struct lists *lists, uint32_t count_max, visit_list_fn *visit,
                       void *context)
{
    const struct segment *list[BRUTE_SIDS_MAX];
    uint32_t cursor[BRUTE_SIDS_MAX + 1] = {0}, depth = 0;
    for (;;) {
        uint32_t at = depth == 0 ? lists->request->source : list[depth - 1]->to;
        if (cursor[depth] == 0 && depth > 0 && at == lists->request->destination)
            visit(lists, list, depth, context);
        uint32_t s = cursor[depth]++;
        if (depth == count_max || s == lists->segment_count) {
            if (depth-- == 0)
                return;
            continue;
        }
        const struct segment *segment = &lists->segments[at][s];
        if (!segment->exists || !segment->is_usable)
            continue;
        list[depth++] = segment;
        cursor[depth] = 0;
    }
}

static struct brute_list measure(const struct segment *const *list, uint32_t count)
{
    struct brute_list measured = {.found = true, .count = count, .badness = -INFINITY};
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
            measured.worst[m] += list[i]->worst[m];
        measured.undesired += list[i]->ranked / RANKED_UNDESIRED;
        measured.metric += list[i]->ranked % RANKED_UNDESIRED;
        if (list[i]->badness > measured.badness)
            measured.badness = list[i]->badness;
    }
    return measured;
}

static void visit_best(const struct lists *lists, const struct segment *const *list, uint32_t count,
                       void *context)
{
    struct brute_list *best = context;
    struct brute_list one = measure(list, count);
    if (!net_keeps_bounds(one.worst, lists->request))
        return;
    bool by_count = lists->request->metric == PATH_METRIC_SIDS;
    int order = best->found ? compare_numbers(one.undesired, best->undesired) : -1;
    if (order == 0)
        order = (one.badness > best->badness) - (one.badness < best->badness);
    if (order == 0 && by_count)
        order = compare_numbers(count, best->count);
    if (order == 0)
        order = compare_numbers(one.metric, best->metric);
    if (order == 0)
        order = compare_numbers(count, best->count);
    if (order < 0)
        *best = one;
}

static uint32_t sid_limit(const struct path_request *request)
{
    uint32_t limit = request->sids_max == 0 ? BRUTE_SIDS_MAX : request->sids_max;
    if ((request->bound_mask & SIDS_BIT) != 0 && request->bounds[PATH_METRIC_SIDS] < limit)
        limit = (uint32_t)request->bounds[PATH_METRIC_SIDS];
    return limit;
}

struct brute_list brute_best_list(const struct net *net, const struct forward_table *table,
                                  const struct path_request *request)
{
    static struct lists lists;
    uint32_t limit = sid_limit(request);
    cr_assert_leq(limit, BRUTE_SIDS_MAX);
    struct brute_list best = {.found = false};
    if (request->source == request->destination) {
        uint32_t index = net->nodes[request->source].sid_index;
        best.found = index != NET_NO_SID && net_label(net, request->source, index) != 0 &&
                     request->protection != TED_UNPROTECTED_ONLY && limit > 0;
        best.count = best.found;
        return best;
    }
    fill_segments(&lists, net, table, request);
    walk_lists(&lists, limit, visit_best, &best);
    lists.request = NULL; /* it is the caller's */
    return best;
}

struct path_lists {
    const struct brute_path *path;
    const struct forward_table *table;
    uint32_t min;
};

/* Whether the path is one of the branches of the list. */
static bool is_branch(const struct lists *lists, const struct path_lists *of,
                      const struct segment *const *list, uint32_t count)
{
    uint32_t position = 0, at = lists->request->source;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t distance = 0;
        uint32_t from = at, first = position;
        do {
            if (position == of->path->count)
                return false;
            const struct net_link *link = &lists->net->links[of->path->links[position++]];
            distance += link->is_two_way ? link->igp : FORWARD_FAR / 1000;
            at = link->to;
        } while (at != list[i]->to);
        bool is_pinned = list[i]->link != NET_NO_SID;
        if (is_pinned && (position != first + 1 || of->path->links[first] != list[i]->link))
            return false;
        if (!is_pinned && distance != of->table->distance[from][at])
            return false;
    }
    return position == of->path->count;
}

static void visit_of_path(const struct lists *lists, const struct segment *const *list,
                          uint32_t count, void *context)
{
    struct path_lists *of = context;
    struct brute_list one = measure(list, count);
    uint64_t ranked =
        of->path->undesired * RANKED_UNDESIRED + of->path->sums[sum_metric(lists->request)];
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if ((lists->request->bound_mask & (1u << m)) != 0 && one.worst[m] > of->path->sums[m])
            return;
    }
    if (one.undesired * RANKED_UNDESIRED + one.metric > ranked)
        return;
    if (one.badness > of->path->badness || !is_branch(lists, of, list, count))
        return;
    if (of->min == 0 || count < of->min)
        of->min = count;
}

uint32_t brute_list_size_of_path(const struct net *net, const struct forward_table *table,
                                 const struct path_request *request, const struct brute_path *path)
{
    static struct lists lists;
    struct path_lists of = {.path = path, .table = table};
    fill_segments(&lists, net, table, request);
    walk_lists(&lists, BRUTE_SIDS_MAX, visit_of_path, &of);
    lists.request = NULL;
    return of.min;
}

/* --- diagnosis ---------------------------------------------------------------------------------
 */

bool brute_has_answer(const struct net *net, const struct forward_table *table,
                      const struct path_request *request)
{
    if (path_setup_is_sr(request->setup))
        return brute_best_list(net, table, request).found;
    return brute_best_path(net, request).found;
}

static bool is_mandatory(const struct path_request *request)
{
    return request->protection == TED_PROTECTED_ONLY || request->protection == TED_UNPROTECTED_ONLY;
}

static struct path_request relax(const struct path_request *request, uint32_t bits)
{
    struct path_request relaxed = *request;
    if ((bits & PATH_CONSTRAINT_EXCLUSION) != 0)
        relaxed.excluded = NULL;
    if ((bits & PATH_CONSTRAINT_BANDWIDTH) != 0)
        relaxed.bandwidth = 0;
    if ((bits & PATH_CONSTRAINT_AFFINITY) != 0)
        relaxed.exclude_any = relaxed.include_any = relaxed.include_all = 0;
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if ((bits & PATH_CONSTRAINT_BOUND(m)) != 0)
            relaxed.bound_mask &= ~(1u << m);
    }
    if ((bits & PATH_CONSTRAINT_PROTECTION) != 0)
        relaxed.protection = TED_PROTECTED_PREFERRED;
    if ((bits & PATH_CONSTRAINT_HOPS) != 0)
        relaxed.family = IP_NONE;
    if ((bits & PATH_CONSTRAINT_SID_DEPTH) != 0) {
        relaxed.bound_mask &= ~SIDS_BIT;
        relaxed.sids_max = 0;
        if (!is_mandatory(&relaxed)) {
            relaxed.setup = PATH_SETUP_RSVP_TE;
            relaxed.family = IP_NONE;
        }
    }
    return relaxed;
}

static uint32_t asked_by(const struct path_request *request)
{
    uint32_t asked = 0;
    if (request->bandwidth > 0)
        asked |= PATH_CONSTRAINT_BANDWIDTH;
    if (request->exclude_any != 0 || request->include_any != 0 || request->include_all != 0)
        asked |= PATH_CONSTRAINT_AFFINITY;
    if (request->excluded != NULL && !path_avoid_is_empty(request->excluded))
        asked |= PATH_CONSTRAINT_EXCLUSION;
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if ((request->bound_mask & (1u << m)) != 0)
            asked |= PATH_CONSTRAINT_BOUND(m);
    }
    asked |= path_setup_is_sr(request->setup) ? PATH_CONSTRAINT_SID_DEPTH : PATH_CONSTRAINT_HOPS;
    if (is_mandatory(request))
        asked |= PATH_CONSTRAINT_PROTECTION;
    return asked;
}

/* Whether it is the list as such that the request has none of, not a short one. others: what goes
 * besides. */
static bool lacks_a_list(const struct net *net, const struct forward_table *table,
                         const struct path_request *request, uint32_t others)
{
    struct path_request longer = relax(request, others);
    if (longer.setup == PATH_SETUP_RSVP_TE || is_mandatory(&longer))
        return false;
    longer.bound_mask &= ~SIDS_BIT;
    longer.sids_max = 0;
    return !brute_has_answer(net, table, &longer);
}

static bool frees(const struct net *net, const struct forward_table *table,
                  const struct path_request *request, uint32_t bits)
{
    struct path_request relaxed = relax(request, bits);
    return brute_has_answer(net, table, &relaxed);
}

static uint32_t size_of(uint32_t set)
{
    uint32_t size = 0;
    for (; set != 0; set &= set - 1)
        size++;
    return size;
}

/* The size of the least set of what was asked that frees; UINT32_MAX: not even all. */
static uint32_t least_size(const struct net *net, const struct forward_table *table,
                           const struct path_request *request, uint32_t asked)
{
    uint32_t least = UINT32_MAX;
    if (!frees(net, table, request, asked))
        return least;
    for (uint32_t set = asked; set != 0; set = (set - 1) & asked) {
        if (size_of(set) < least && frees(net, table, request, set))
            least = size_of(set);
    }
    return least;
}

/* What was named, as a set that was asked: SID_LIST says why it was SID_DEPTH. */
static const char *read_named(const struct net *net, const struct forward_table *table,
                              const struct path_request *request, const struct path_result *result,
                              uint32_t *named)
{
    const uint32_t list = PATH_CONSTRAINT_SID_LIST, depth = PATH_CONSTRAINT_SID_DEPTH;
    bool is_list = (result->unsatisfied & list) != 0;
    bool is_each = result->blame == PATH_BLAME_EACH;
    *named = (result->unsatisfied & ~list) | (is_list ? depth : 0);
    if ((*named & depth) == 0)
        return NULL;
    return is_list == lacks_a_list(net, table, request, is_each ? 0 : *named & ~depth)
               ? NULL
               : "SID list and SID depth are mixed up";
}

static const char *judge_enough(const struct net *net, const struct forward_table *table,
                                const struct path_request *request, uint32_t named)
{
    for (uint32_t left = named; left != 0; left &= left - 1) {
        uint32_t bit = left & (~left + 1);
        if (frees(net, table, request, named & ~bit))
            return "one that is blamed need not go";
    }
    return NULL;
}

const char *brute_judge_blame(const struct net *net, const struct forward_table *table,
                              const struct path_request *request, const struct path_result *result)
{
    uint32_t asked = asked_by(request), named, alone = 0;
    const char *wrong = read_named(net, table, request, result, &named);
    uint32_t least = least_size(net, table, request, asked);
    if (wrong != NULL)
        return wrong;
    if (least == UINT32_MAX)
        return named == 0 && result->blame == PATH_BLAME_NONE ? NULL : "blame where nothing helps";
    for (uint32_t bit = 1; bit <= asked && least == 1; bit <<= 1) {
        if ((asked & bit) != 0 && frees(net, table, request, bit))
            alone |= bit;
    }
    if (least == 1)
        return result->blame == PATH_BLAME_EACH && named == alone ? NULL : "not what helps alone";
    if ((named & ~asked) != 0 || !frees(net, table, request, named))
        return "what is blamed does not help";
    if (result->blame == PATH_BLAME_LEAST)
        return size_of(named) == least ? NULL : "there is a smaller set";
    /* Only of many constraints there are too many sets to try. */
    return result->blame == PATH_BLAME_ENOUGH && size_of(asked) > 6
               ? judge_enough(net, table, request, named)
               : "blame";
}
