#include "core/path/label.h"

#include "core/path/engine.h"
#include "core/path/hop.h"
#include "core/path/sid.h"
#include "core/path/spf.h"

#include <stdlib.h>
#include <string.h>

#define LABELS_FIRST 4096

/* Both lists, or neither counts: the one may have grown when memory for the other was refused. */
static bool reserve_labels(struct label_search *search)
{
    if (search->count < search->capacity && search->count < search->heap_capacity)
        return true;
    uint32_t count = search->count < LABELS_FIRST ? LABELS_FIRST : search->count + 1;
    void *all = search->all, *heap = search->heap;
    bool is_enough =
        engine_grow(&all, &search->capacity, count, sizeof *search->all) &&
        engine_grow(&heap, &search->heap_capacity, search->capacity, sizeof *search->heap);
    search->all = all;
    search->heap = heap;
    return is_enough;
}

static bool reserve_heads(struct label_search *search, uint32_t node_count)
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

static bool is_before(const struct label_entry *a, const struct label_entry *b)
{
    if (a->least != b->least)
        return a->least < b->least;
    if (a->key != b->key)
        return a->key < b->key;
    return a->label < b->label;
}

static void push(struct label_search *search, struct label_entry entry)
{
    uint32_t place = search->heap_count++;
    while (place > 0 && is_before(&entry, &search->heap[(place - 1) / 4])) {
        search->heap[place] = search->heap[(place - 1) / 4];
        place = (place - 1) / 4;
    }
    search->heap[place] = entry;
}

static struct label_entry label_take_first(struct label_search *search)
{
    struct label_entry first = search->heap[0];
    struct label_entry last = search->heap[--search->heap_count];
    uint32_t place = 0;
    for (;;) {
        uint32_t child = place * 4 + 1;
        if (child >= search->heap_count)
            break;
        uint32_t least = child;
        for (uint32_t i = child + 1; i < search->heap_count && i < child + 4; i++) {
            if (is_before(&search->heap[i], &search->heap[least]))
                least = i;
        }
        if (!is_before(&search->heap[least], &last))
            break;
        search->heap[place] = search->heap[least];
        place = least;
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
            sid_of_link(problem, edge->link).label != TED_NONE)
            return true;
    }
    return false;
}

/* The least key that leads from a node to the destination, all segments counted; KEY_NONE where the
 * one segment that is left does not. */
static uint64_t least_rest(const struct path_engine *engine, const struct problem *problem,
                           uint32_t node, uint64_t segments)
{
    uint64_t rest = spf_key(&engine->tree, node);
    bool is_last = problem->wants_sids && segments + 1 == problem->sids_max;
    if (rest == KEY_NONE || node == problem->destination || !(is_last || problem->fewest_sids))
        return rest;
    enum last_segment_kind kind = last_segment_of_node(&engine->last_segment, node);
    if (kind == LAST_SEGMENT_UNKNOWN || has_last_link(problem, node))
        return label_step_key(problem, rest);
    if (kind == LAST_SEGMENT_SEGMENT)
        return label_step_key(problem, engine->last_segment.nodes[node].worst_key);
    return is_last ? KEY_NONE : label_step_key(problem, label_step_key(problem, rest));
}

/* Whether a label keeps all bounds on sums at the least rest, and may still be the best. *least is
 * the least key of a whole path through it. */
static bool label_is_within(const struct path_engine *engine, const struct problem *problem,
                            const struct label *label, uint64_t rest, uint64_t *least)
{
    *least = label->key + rest;
    if (rest == KEY_NONE || *least > engine->labels.upper)
        return false;
    if (!problem->fewest_sids && (problem->bounded & (1u << problem->metric)) != 0 &&
        key_metric(*least) > problem->bounds[problem->metric])
        return false;
    const struct dimensions *dimensions = &engine->labels.dimensions;
    for (uint32_t d = 0; d < dimensions->count; d++) {
        const struct spf_tree *tree = &engine->bound_trees[dimensions->metrics[d]];
        uint64_t bound_rest = spf_key(tree, label->node);
        if (bound_rest == KEY_NONE ||
            label->resources[1 + d] + (bound_rest >> KEY_HOP_BITS) > dimensions->bounds[d])
            return false;
    }
    return true;
}

/* Whether a label can still reach the destination within all limits. */
static bool is_feasible(const struct path_engine *engine, const struct problem *problem,
                        const struct label *label, uint64_t *least)
{
    uint64_t segments = label->resources[0];
    if (problem->wants_sids && segments + (label->node != problem->destination) > problem->sids_max)
        return false;
    return label_is_within(engine, problem, label,
                           least_rest(engine, problem, label->node, segments), least);
}

bool label_allows_segment(const struct path_engine *engine, const struct problem *problem,
                          uint32_t label, uint32_t node, uint64_t *least)
{
    const struct label *from = &engine->labels.all[label];
    const struct segment_node *end = &engine->segment.nodes[node];
    struct label there = {.key = from->key + label_step_key(problem, end->worst_key), .node = node};
    for (uint32_t d = 0; d < engine->labels.dimensions.count; d++)
        there.resources[1 + d] = from->resources[1 + d] + end->worst[d];
    return label_is_within(engine, problem, &there, spf_key(&engine->tree, node), least);
}

enum comparison { INCOMPARABLE, EQUAL, DOMINATES, IS_DOMINATED };

static enum comparison label_compare(const struct label *a, const struct label *b,
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

/* Which of two labels of one number of steps comes first: by the lower sequence of
 * nodes, then by the lower sequence of links, a node segment being lower than any link. */
static bool is_sequence_lower(const struct label_search *search, const struct label *a,
                              const struct label *b)
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

bool label_is_dominated(struct path_engine *engine, uint32_t label, uint32_t node)
{
    const struct label_search *search = &engine->labels;
    const struct label_head *head = &search->heads[node];
    const struct label *from = &search->all[label];
    const struct segment_node *end = &engine->segment.nodes[node];
    struct label there = {.key = from->key + end->worst_key, .resources = {from->resources[0]}};
    for (uint32_t d = 0; d < search->dimensions.count; d++)
        there.resources[1 + d] = from->resources[1 + d] + end->worst[d];
    if (head->stamp != search->stamp)
        return false;
    for (uint32_t i = head->label; i != TED_NONE; i = search->all[i].next) {
        enum comparison comparison =
            label_compare(&search->all[i], &there, 1 + search->dimensions.count);
        engine->work++;
        if (comparison == DOMINATES ||
            (comparison == EQUAL && is_sequence_lower(search, &search->all[i], from)))
            return true;
    }
    return false;
}

/* What a label proves about the best answer: it costs no more than this one, if it is at the
 * destination, or one more node segment from here. */
static void note_upper(struct path_engine *engine, const struct problem *problem,
                       const struct label *label)
{
    struct label whole = *label;
    uint64_t least;
    if (label->node != problem->destination) {
        const struct segment_node *end = &engine->last_segment.nodes[label->node];
        if (!problem->wants_sids ||
            last_segment_of_node(&engine->last_segment, label->node) != LAST_SEGMENT_SEGMENT ||
            label->resources[0] + 1 > problem->sids_max ||
            key_hops(label->key) + end->index_end > PATH_HOPS_MAX)
            return;
        whole.node = problem->destination;
        whole.key += label_step_key(problem, end->worst_key);
        for (uint32_t d = 0; d < engine->labels.dimensions.count; d++)
            whole.resources[1 + d] += end->worst[d];
    }
    if (label_is_within(engine, problem, &whole, 0, &least))
        engine->labels.upper = whole.key;
}

enum path_outcome label_begin(struct path_engine *engine, const struct problem *problem,
                              const struct dimensions *dimensions)
{
    struct label_search *search = &engine->labels;
    search->dimensions = *dimensions;
    search->count = 0;
    search->heap_count = 0;
    search->is_truncated = false;
    search->upper = UINT64_MAX;
    engine->last_segment.is_known = false;
    if (!reserve_labels(search) || !reserve_heads(search, problem->snapshot->node_count))
        return PATH_NO_MEMORY;
    bool is_limited = !problem->fewest_sids && (problem->bounded & (1u << problem->metric)) != 0;
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
    struct label source = {.node = problem->source, .via = TED_NONE, .parent = TED_NONE};
    source.next = TED_NONE;
    uint64_t least;
    if (!is_feasible(engine, problem, &source, &least))
        return PATH_NONE;
    search->all[search->count++] = source;
    search->heads[problem->source] = (struct label_head){search->stamp, 0};
    push(search, (struct label_entry){least, 0, 0});
    search->first = least;
    return PATH_FOUND;
}

/* false: one of the node's labels is at least as good. Labels that are worse are struck out. A node
 * may have hundreds of labels: each that is looked at is work. */
static bool survives(struct path_engine *engine, struct label_head *head, const struct label *label)
{
    struct label_search *search = &engine->labels;
    uint32_t resources = 1 + search->dimensions.count;
    uint32_t *from = &head->label;
    while (*from != TED_NONE) {
        struct label *other = &search->all[*from];
        engine->work++;
        enum comparison comparison = label_compare(label, other, resources);
        if (comparison == EQUAL)
            comparison = is_sequence_lower(search, label, other) ? DOMINATES : IS_DOMINATED;
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

enum path_outcome label_extend(struct path_engine *engine, const struct problem *problem,
                               uint32_t parent, const struct label_step *step)
{
    struct label_search *search = &engine->labels;
    const struct label *from = &search->all[parent];
    if (key_hops(from->key) + key_hops(step->key) > PATH_HOPS_MAX) {
        search->is_truncated = true;
        return PATH_FOUND;
    }
    struct label label = {.key = from->key + step->key,
                          .node = step->node,
                          .via = step->via,
                          .parent = parent,
                          .next = TED_NONE};
    for (uint32_t r = 0; r < LABEL_RESOURCES; r++)
        label.resources[r] = from->resources[r] + step->resources[r];
    uint64_t least;
    if (!is_feasible(engine, problem, &label, &least))
        return PATH_FOUND;
    struct label_head *head = &search->heads[step->node];
    if (head->stamp != search->stamp)
        *head = (struct label_head){search->stamp, TED_NONE};
    if (!survives(engine, head, &label))
        return engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
    label.next = head->label;
    engine->work++;
    if (engine_is_exhausted(engine) || search->count == LABELS_MAX)
        return PATH_WORK_EXCEEDED;
    if (!reserve_labels(search))
        return PATH_NO_MEMORY;
    search->all[search->count] = label;
    head->label = search->count;
    note_upper(engine, problem, &label);
    push(search, (struct label_entry){least, label.key, search->count++});
    return PATH_FOUND;
}

enum path_outcome label_extend_by_links(struct path_engine *engine, const struct problem *problem,
                                        uint32_t label)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct dimensions *dimensions = &engine->labels.dimensions;
    uint32_t node = engine->labels.all[label].node;
    uint32_t first = snapshot->first_edge[node], end = snapshot->first_edge[node + 1];
    engine->work += end - first;
    enum path_outcome outcome = engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
    for (uint32_t i = first; i < end && outcome == PATH_FOUND; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        const struct ted_link *link = &snapshot->links[edge->link];
        if (!constraint_admits(&problem->constraint, link) ||
            (problem->wants_sids && sid_of_link(problem, edge->link).label == TED_NONE) ||
            (problem->hops != NULL && !hop_admits(problem, edge->link, &engine->work)))
            continue;
        struct label_step step = {
            .node = edge->node, .via = edge->link, .resources = {problem->wants_sids ? 1 : 0}};
        step.key = label_step_key(problem, link_key(link, problem->metric));
        for (uint32_t d = 0; d < dimensions->count; d++)
            step.resources[1 + d] = link_metric(link, dimensions->metrics[d]);
        outcome = label_extend(engine, problem, label, &step);
    }
    return outcome;
}

uint32_t label_pop(struct path_engine *engine, uint64_t *least)
{
    struct label_search *search = &engine->labels;
    while (search->heap_count > 0) {
        struct label_entry entry = label_take_first(search);
        *least = entry.least;
        if (!search->all[entry.label].is_dominated)
            return entry.label;
    }
    return TED_NONE;
}

/* There is room: each label is in the heap at most once. */
void label_push_again(struct path_engine *engine, uint32_t label, uint64_t least)
{
    struct label_search *search = &engine->labels;
    push(search, (struct label_entry){least, search->all[label].key, label});
}

uint32_t label_best_equal(const struct path_engine *engine, uint32_t label)
{
    const struct label_search *search = &engine->labels;
    uint32_t best = label;
    for (uint32_t i = search->heads[search->all[label].node].label; i != TED_NONE;
         i = search->all[i].next) {
        const struct label *other = &search->all[i];
        if (other->key != search->all[label].key)
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

void label_trim(struct label_search *search)
{
    if (search->capacity <= PATH_LABELS_KEPT)
        return;
    free(search->all);
    free(search->heap);
    search->all = NULL;
    search->heap = NULL;
    search->capacity = 0;
    search->heap_capacity = 0;
}

void label_fini(struct label_search *search)
{
    free(search->all);
    free(search->heap);
    free(search->heads);
}

size_t label_octets(const struct label_search *search)
{
    return search->capacity * sizeof *search->all + search->heap_capacity * sizeof *search->heap +
           search->head_capacity * sizeof *search->heads;
}
