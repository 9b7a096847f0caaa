#include "core/path/partial.h"

#include "core/base/check.h"
#include "core/path/engine.h"
#include "core/path/hop.h"
#include "core/path/sid.h"
#include "core/path/spf.h"

#include <stdlib.h>
#include <string.h>

#define PARTIALS_FIRST 4096

/* Both lists, or neither counts: the one may have grown when memory for the other was refused. */
static bool reserve_partials(struct partial_search *search)
{
    if (search->count < search->capacity && search->count < search->heap_capacity)
        return true;
    uint32_t count = search->count < PARTIALS_FIRST ? PARTIALS_FIRST : search->count + 1;
    void *all = search->all, *heap = search->heap;
    bool is_enough =
        engine_grow(&all, &search->capacity, count, sizeof *search->all) &&
        engine_grow(&heap, &search->heap_capacity, search->capacity, sizeof *search->heap);
    search->all = all;
    search->heap = heap;
    return is_enough;
}

static bool reserve_heads(struct partial_search *search, uint32_t node_count)
{
    void *heads = search->heads;
    bool is_enough = engine_grow(&heads, &search->head_capacity, node_count, sizeof *search->heads);
    search->heads = heads;
    if (is_enough && engine_stamp_wraps(&search->stamp)) {
        for (uint32_t i = 0; i < search->head_capacity; i++)
            search->heads[i].stamp = 0;
    }
    return is_enough;
}

static bool is_before(const struct partial_entry *a, const struct partial_entry *b)
{
    if (a->key_min != b->key_min)
        return a->key_min < b->key_min;
    if (a->key != b->key)
        return a->key < b->key;
    return a->partial < b->partial;
}

static void push(struct partial_search *search, struct partial_entry entry)
{
    CHECK(search->heap_count < search->heap_capacity);
    uint32_t place = search->heap_count++;
    while (place > 0 && is_before(&entry, &search->heap[(place - 1) / 4])) {
        search->heap[place] = search->heap[(place - 1) / 4];
        place = (place - 1) / 4;
    }
    search->heap[place] = entry;
}

static struct partial_entry partial_take_first(struct partial_search *search)
{
    CHECK(search->heap_count > 0);
    struct partial_entry first = search->heap[0];
    struct partial_entry last = search->heap[--search->heap_count];
    uint32_t place = 0;
    for (;;) {
        uint32_t child = place * 4 + 1;
        if (child >= search->heap_count)
            break;
        uint32_t key_min = child;
        for (uint32_t i = child + 1; i < search->heap_count && i < child + 4; i++) {
            if (is_before(&search->heap[i], &search->heap[key_min]))
                key_min = i;
        }
        if (!is_before(&search->heap[key_min], &last))
            break;
        search->heap[place] = search->heap[key_min];
        place = key_min;
    }
    search->heap[place] = last;
    return first;
}

/* Whether an adjacency segment leads from a node to the destination. */
static bool has_last_link(const struct problem *problem, uint32_t node)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        if (edge->node == problem->destination &&
            constraint_admits(&problem->constraint, &snapshot->links[edge->link]) &&
            sid_of_link(problem, edge->link, NULL))
            return true;
    }
    return false;
}

/* The minimum key that leads from a node to the destination, all segments counted; KEY_NONE where
 * the one segment that is left does not. */
static uint64_t rest_min(const struct path_engine *engine, const struct problem *problem,
                         uint32_t node, uint64_t segments)
{
    uint64_t rest = spf_key(&engine->tree, node);
    bool is_last = problem->wants_sids && segments + 1 == problem->sids_max;
    if (rest == KEY_NONE || node == problem->destination || !(is_last || problem->fewest_sids))
        return rest;
    enum last_segment_kind kind = last_segment_of_node(&engine->last_segment, node);
    if (kind == LAST_SEGMENT_UNKNOWN || has_last_link(problem, node))
        return partial_step_key(problem, rest);
    if (kind == LAST_SEGMENT_SEGMENT)
        return partial_step_key(problem, engine->last_segment.nodes[node].worst_key);
    return is_last ? KEY_NONE : partial_step_key(problem, partial_step_key(problem, rest));
}

/* Whether a partial path keeps all bounds on sums at the minimum rest, and may still be the best.
 * *key_min is the minimum key of a whole path through it. */
static bool partial_is_within(const struct path_engine *engine, const struct problem *problem,
                              const struct partial *partial, uint64_t rest, uint64_t *key_min)
{
    *key_min = partial->key + rest;
    if (rest == KEY_NONE || *key_min > engine->partials.upper)
        return false;
    if (!problem->is_ranked && (problem->bounded & (1u << problem->metric)) != 0 &&
        key_metric(*key_min) > problem->bounds[problem->metric])
        return false;
    const struct dimensions *dimensions = &engine->partials.dimensions;
    for (uint32_t d = 0; d < dimensions->count; d++) {
        const struct spf_tree *tree = &engine->bound_trees[dimensions->metrics[d]];
        uint64_t bound_rest = spf_key(tree, partial->node);
        if (bound_rest == KEY_NONE ||
            partial->resources[1 + d] + (bound_rest >> KEY_HOP_BITS) > dimensions->bounds[d])
            return false;
    }
    return true;
}

/* Whether a partial path can still reach the destination within all limits. */
static bool is_feasible(const struct path_engine *engine, const struct problem *problem,
                        const struct partial *partial, uint64_t *key_min)
{
    uint64_t segments = partial->resources[0];
    if (problem->wants_sids &&
        segments + (partial->node != problem->destination) > problem->sids_max)
        return false;
    return partial_is_within(engine, problem, partial,
                             rest_min(engine, problem, partial->node, segments), key_min);
}

bool partial_allows_segment(const struct path_engine *engine, const struct problem *problem,
                            uint32_t partial, uint32_t node, uint64_t *key_min)
{
    const struct partial *from = &engine->partials.all[partial];
    const struct segment_node *end = &engine->segment.nodes[node];
    struct partial there = {.key = from->key + partial_step_key(problem, end->worst_key),
                            .node = node};
    for (uint32_t d = 0; d < engine->partials.dimensions.count; d++)
        there.resources[1 + d] = from->resources[1 + d] + end->worst[d];
    return partial_is_within(engine, problem, &there, spf_key(&engine->tree, node), key_min);
}

enum comparison { INCOMPARABLE, EQUAL, DOMINATES, IS_DOMINATED };

static enum comparison partial_compare(const struct partial *a, const struct partial *b,
                                       uint32_t resources)
{
    bool is_less = a->key<b->key, is_greater = a->key> b->key;
    for (uint32_t r = 0; r < resources; r++) {
        is_less |= a->resources[r] < b->resources[r];
        is_greater |= a->resources[r] > b->resources[r];
    }
    if (is_less && is_greater)
        return INCOMPARABLE;
    return is_less ? DOMINATES : is_greater ? IS_DOMINATED : EQUAL;
}

/* Which of two partial paths of one number of steps comes first: by the lower sequence of
 * nodes, then by the lower sequence of links, a node segment being lower than any link. */
static bool is_sequence_lower(const struct partial_search *search, const struct partial *a,
                              const struct partial *b)
{
    int by_node = 0, by_via = 0;
    while (a != b) {
        if (a->node != b->node)
            by_node = a->node < b->node ? -1 : 1;
        if (a->via != b->via)
            by_via = a->via + 1 < b->via + 1 ? -1 : 1; /* TED_NONE wraps to 0 */
        if (a->parent == b->parent)
            break;
        a = &search->all[a->parent];
        b = &search->all[b->parent];
    }
    return by_node != 0 ? by_node < 0 : by_via < 0;
}

bool partial_is_dominated(struct path_engine *engine, uint32_t partial, uint32_t node)
{
    const struct partial_search *search = &engine->partials;
    const struct partial_head *head = &search->heads[node];
    const struct partial *from = &search->all[partial];
    const struct segment_node *end = &engine->segment.nodes[node];
    struct partial there = {.key = from->key + end->worst_key, .resources = {from->resources[0]}};
    for (uint32_t d = 0; d < search->dimensions.count; d++)
        there.resources[1 + d] = from->resources[1 + d] + end->worst[d];
    if (head->stamp != search->stamp)
        return false;
    for (uint32_t i = head->partial; i != TED_NONE; i = search->all[i].next) {
        enum comparison comparison =
            partial_compare(&search->all[i], &there, 1 + search->dimensions.count);
        engine->work++;
        if (comparison == DOMINATES ||
            (comparison == EQUAL && is_sequence_lower(search, &search->all[i], from)))
            return true;
    }
    return false;
}

/* What a partial path proves about the best answer: it costs no more than this one, if it is at the
 * destination, or one more node segment from here. */
static void note_upper(struct path_engine *engine, const struct problem *problem,
                       const struct partial *partial)
{
    struct partial whole = *partial;
    uint64_t key_min;
    if (partial->node != problem->destination) {
        const struct segment_node *end = &engine->last_segment.nodes[partial->node];
        if (!problem->wants_sids ||
            last_segment_of_node(&engine->last_segment, partial->node) != LAST_SEGMENT_SEGMENT ||
            partial->resources[0] + 1 > problem->sids_max ||
            key_hops(partial->key) + end->index_end > PATH_HOPS_MAX)
            return;
        whole.node = problem->destination;
        whole.key += partial_step_key(problem, end->worst_key);
        for (uint32_t d = 0; d < engine->partials.dimensions.count; d++)
            whole.resources[1 + d] += end->worst[d];
    }
    if (partial_is_within(engine, problem, &whole, 0, &key_min))
        engine->partials.upper = whole.key;
}

enum path_outcome partial_begin(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions)
{
    struct partial_search *search = &engine->partials;
    search->dimensions = *dimensions;
    search->count = 0;
    search->heap_count = 0;
    search->is_truncated = false;
    search->upper = UINT64_MAX;
    engine->last_segment.is_known = false;
    if (!reserve_partials(search) || !reserve_heads(search, problem->snapshot->node_count))
        return PATH_NO_MEMORY;
    bool is_limited = !problem->is_ranked && (problem->bounded & (1u << problem->metric)) != 0;
    enum path_outcome outcome =
        spf_search_tree(engine, &engine->tree, problem, problem->metric,
                        is_limited ? problem->bounds[problem->metric] : UINT64_MAX);
    for (uint32_t d = 0; d < dimensions->count && outcome == PATH_FOUND; d++) {
        enum path_metric metric = dimensions->metrics[d];
        outcome = spf_search_tree(engine, &engine->bound_trees[metric], problem, metric,
                                  dimensions->bounds[d]);
    }
    if (outcome != PATH_FOUND)
        return outcome;
    struct partial source = {.node = problem->source, .via = TED_NONE, .parent = TED_NONE};
    source.next = TED_NONE;
    uint64_t key_min;
    if (!is_feasible(engine, problem, &source, &key_min))
        return PATH_NONE;
    search->all[search->count++] = source;
    search->heads[problem->source] = (struct partial_head){search->stamp, 0};
    push(search, (struct partial_entry){key_min, 0, 0});
    search->first = key_min;
    return PATH_FOUND;
}

/* false: one of the node's partial paths is at least as good. Partial paths that are worse are
 * struck out. A node may have hundreds of partial paths: each that is looked at is work. */
static bool survives(struct path_engine *engine, struct partial_head *head,
                     const struct partial *partial)
{
    struct partial_search *search = &engine->partials;
    uint32_t resources = 1 + search->dimensions.count;
    uint32_t *from = &head->partial;
    while (*from != TED_NONE) {
        struct partial *other = &search->all[*from];
        engine->work++;
        enum comparison comparison = partial_compare(partial, other, resources);
        if (comparison == EQUAL)
            comparison = is_sequence_lower(search, partial, other) ? DOMINATES : IS_DOMINATED;
        if (comparison == IS_DOMINATED)
            return false;
        if (comparison == DOMINATES) {
            other->is_dominated = true;
            *from = other->next;
        } else {
            from = &other->next;
        }
    }
    return true;
}

enum path_outcome partial_extend(struct path_engine *engine, const struct problem *problem,
                                 uint32_t parent, const struct partial_step *step)
{
    CHECK(parent < engine->partials.count);
    struct partial_search *search = &engine->partials;
    const struct partial *from = &search->all[parent];
    if (key_hops(from->key) + key_hops(step->key) > PATH_HOPS_MAX) {
        search->is_truncated = true;
        return PATH_FOUND;
    }
    struct partial partial = {.key = from->key + step->key,
                              .node = step->node,
                              .via = step->via,
                              .parent = parent,
                              .next = TED_NONE};
    for (uint32_t r = 0; r < PARTIAL_RESOURCES; r++)
        partial.resources[r] = from->resources[r] + step->resources[r];
    uint64_t key_min;
    if (!is_feasible(engine, problem, &partial, &key_min))
        return PATH_FOUND;
    struct partial_head *head = &search->heads[step->node];
    if (head->stamp != search->stamp)
        *head = (struct partial_head){search->stamp, TED_NONE};
    if (!survives(engine, head, &partial))
        return engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
    partial.next = head->partial;
    engine->work++;
    if (engine_is_exhausted(engine) || search->count == PARTIALS_MAX)
        return PATH_WORK_EXCEEDED;
    if (!reserve_partials(search))
        return PATH_NO_MEMORY;
    search->all[search->count] = partial;
    head->partial = search->count;
    note_upper(engine, problem, &partial);
    push(search, (struct partial_entry){key_min, partial.key, search->count++});
    return PATH_FOUND;
}

enum path_outcome partial_extend_by_links(struct path_engine *engine, const struct problem *problem,
                                          uint32_t partial)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct dimensions *dimensions = &engine->partials.dimensions;
    uint32_t node = engine->partials.all[partial].node;
    uint32_t first = snapshot->first_edge[node], end = snapshot->first_edge[node + 1];
    engine->work += end - first;
    enum path_outcome outcome = engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
    for (uint32_t i = first; i < end && outcome == PATH_FOUND; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        const struct ted_link *link = &snapshot->links[edge->link];
        if (!constraint_admits(&problem->constraint, link) ||
            (problem->wants_sids && !sid_of_link(problem, edge->link, NULL)) ||
            (problem->hops != NULL && !hop_admits(problem, edge->link, &engine->work)))
            continue;
        struct partial_step step = {
            .node = edge->node, .via = edge->link, .resources = {problem->wants_sids ? 1 : 0}};
        step.key = partial_step_key(problem, link_key(snapshot, edge->link, problem->metric) +
                                                 undesired_key(problem, edge->link));
        for (uint32_t d = 0; d < dimensions->count; d++)
            step.resources[1 + d] = link_metric(snapshot, edge->link, dimensions->metrics[d]);
        outcome = partial_extend(engine, problem, partial, &step);
    }
    return outcome;
}

uint32_t partial_pop(struct path_engine *engine, uint64_t *key_min)
{
    struct partial_search *search = &engine->partials;
    while (search->heap_count > 0) {
        struct partial_entry entry = partial_take_first(search);
        *key_min = entry.key_min;
        if (!search->all[entry.partial].is_dominated)
            return entry.partial;
    }
    return TED_NONE;
}

/* There is room: each partial path is in the heap at most once. */
void partial_push_again(struct path_engine *engine, uint32_t partial, uint64_t key_min)
{
    CHECK(partial < engine->partials.count);
    struct partial_search *search = &engine->partials;
    push(search, (struct partial_entry){key_min, search->all[partial].key, partial});
}

uint32_t partial_best_equal(const struct path_engine *engine, uint32_t partial)
{
    const struct partial_search *search = &engine->partials;
    uint32_t best = partial;
    for (uint32_t i = search->heads[search->all[partial].node].partial; i != TED_NONE;
         i = search->all[i].next) {
        const struct partial *other = &search->all[i];
        if (other->key != search->all[partial].key)
            continue;
        for (uint32_t r = 0; r <= search->dimensions.count; r++) {
            uint64_t a = other->resources[r], b = search->all[best].resources[r];
            if (a < b)
                best = i;
            if (a != b)
                break;
        }
    }
    return best;
}

void partial_trim(struct partial_search *search)
{
    if (search->capacity <= PATH_PARTIALS_KEPT)
        return;
    free(search->all);
    free(search->heap);
    search->all = NULL;
    search->heap = NULL;
    search->capacity = 0;
    search->heap_capacity = 0;
}

void partial_fini(struct partial_search *search)
{
    free(search->all);
    free(search->heap);
    free(search->heads);
}

size_t partial_octets(const struct partial_search *search)
{
    return search->capacity * sizeof *search->all + search->heap_capacity * sizeof *search->heap +
           search->head_capacity * sizeof *search->heads;
}
