#include "core/path/path_pair.h"

#include "core/base/check.h"
#include "core/path/hop.h"

#include <stdlib.h>

/* A state of the second search is a node, or a node of the first path that was entered by a link: where
 * nodes are not shared, the only way on from there is back along the first path. */
static uint32_t pair_entered(const struct path_pair_ask *ask, uint32_t node)
{
    return ask->problems[0]->snapshot->node_count + node;
}

static uint32_t pair_node_of(const struct path_pair_ask *ask, uint32_t state)
{
    uint32_t count = ask->problems[0]->snapshot->node_count;
    return state < count ? state : state - count;
}

static bool pair_reserve(struct path_pair *pair, struct path_engine *engine, uint32_t node_count)
{
    void *first = pair->first, *second = pair->second;
    void *steps = pair->steps, *places = pair->places, *rests = pair->rests;
    bool is_enough =
        engine_reserve_heap(engine, 2 * node_count) &&
        engine_grow(&first, &pair->first_capacity, node_count, sizeof *pair->first) &&
        engine_grow(&second, &pair->second_capacity, 2 * node_count, sizeof *pair->second) &&
        engine_grow(&steps, &pair->step_capacity, 2 * node_count, sizeof *pair->steps) &&
        engine_grow(&places, &pair->place_capacity, node_count, sizeof *pair->places) &&
        engine_grow(&rests, &pair->rest_capacity, node_count, sizeof *pair->rests);
    pair->first = first;
    pair->second = second;
    pair->steps = steps;
    pair->places = places;
    pair->rests = rests;
    return is_enough;
}

static void pair_next_stamps(struct path_pair *pair)
{
    if (engine_stamp_wraps(&pair->first_stamp)) {
        for (uint32_t i = 0; i < pair->first_capacity; i++)
            pair->first[i].stamp = 0;
    }
    if (engine_stamp_wraps(&pair->second_stamp)) {
        for (uint32_t i = 0; i < pair->second_capacity; i++)
            pair->second[i].stamp = 0;
    }
    if (engine_stamp_wraps(&pair->place_stamp)) {
        for (uint32_t i = 0; i < pair->place_capacity; i++)
            pair->places[i].stamp = 0;
        for (uint32_t i = 0; i < pair->rest_capacity; i++)
            pair->rests[i].stamp = 0;
    }
}

/* Whether one of both may use a link. */
static bool pair_admits(const struct path_pair_ask *ask, uint32_t link, uint64_t *work)
{
    for (uint32_t i = 0; i < 2; i++) {
        const struct problem *problem = ask->problems[i];
        if (i == 1 && problem == ask->problems[0])
            return false;
        if (constraint_admits(&problem->constraint, &problem->snapshot->links[link]) &&
            (problem->hops == NULL || hop_admits(problem, link, work)))
            return true;
    }
    return false;
}

/* A search of its own: states, and the steps that lead to them. */
struct pair_search {
    struct path_pair *pair;
    struct path_engine *engine;
    const struct path_pair_ask *ask;
    struct spf_node *states;
    uint32_t stamp;
};

static void pair_reach(const struct pair_search *search, uint32_t state, uint64_t key,
                       struct path_pair_step step)
{
    struct spf_node *known = &search->states[state];
    bool is_known = known->stamp == search->stamp;
    if (is_known && known->key <= key)
        return;
    known->key = key;
    known->stamp = search->stamp;
    search->pair->steps[state] = step;
    if (is_known)
        heap_lower(&search->engine->heap, search->states, state, key);
    else
        heap_add(&search->engine->heap, search->states, state, key);
}

static uint64_t pair_rest(struct path_pair *pair, uint32_t node)
{
    struct path_pair_rest *rest = &pair->rests[node];
    if (rest->stamp != pair->place_stamp)
        *rest =
            (struct path_pair_rest){pair->place_stamp, potential_to_goal(&pair->potential, node)};
    return rest->metric;
}

/* Above zero: no link leads nearer to the destination than its metric. */
static uint64_t pair_edge_key(const struct pair_search *search, uint32_t from,
                              const struct ted_edge *edge)
{
    const struct problem *problem = search->ask->problems[0];
    uint64_t farther = edge_metric(problem->snapshot, edge, problem->metric) +
                       pair_rest(search->pair, edge->node) - pair_rest(search->pair, from);
    return (farther << KEY_HOP_BITS) | 1;
}

/* Dijkstra's algorithm from the source to the destination. */
static enum path_outcome pair_search_first(const struct pair_search *search)
{
    const struct problem *problem = search->ask->problems[0];
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct heap *heap = &search->engine->heap;
    uint64_t *work = &search->engine->work;
    heap->count = 0;
    pair_reach(search, problem->source, 0, (struct path_pair_step){TED_NONE, TED_NONE});
    while (heap->count > 0) {
        struct heap_entry at = heap_pop(heap, search->states);
        if (at.node == problem->destination)
            return PATH_FOUND;
        uint32_t first = snapshot->first_edge[at.node], end = snapshot->first_edge[at.node + 1];
        *work += end - first;
        for (uint32_t i = first; i < end; i++) {
            const struct ted_edge *edge = &snapshot->edges[i];
            uint64_t key = at.key + pair_edge_key(search, at.node, edge);
            struct spf_node *known = &search->states[edge->node];
            if ((known->stamp == search->stamp && known->key <= key) ||
                !pair_admits(search->ask, edge->link, work))
                continue;
            pair_reach(search, edge->node, key, (struct path_pair_step){at.node, edge->link});
        }
        if (engine_is_exhausted(search->engine))
            return PATH_WORK_EXCEEDED;
    }
    return PATH_NONE;
}

/* Marks the first path on its nodes. */
static void pair_mark_first(struct path_pair *pair, const struct path_pair_ask *ask)
{
    uint32_t out = TED_NONE, node = ask->problems[0]->destination;
    for (;;) {
        const struct path_pair_step *step = &pair->steps[node];
        pair->places[node] = (struct path_pair_place){.stamp = pair->place_stamp,
                                                      .in = step->link,
                                                      .out_count = out != TED_NONE,
                                                      .outs = {out, TED_NONE}};
        if (node == ask->problems[0]->source)
            return;
        out = step->link;
        node = step->from;
    }
}

static bool pair_is_on_first(const struct path_pair *pair, uint32_t node)
{
    return pair->places[node].stamp == pair->place_stamp;
}

/* Keys from the source, cut off at the first path's: with them no key of the second search is below
 * zero, and along the first path all are zero. */
static uint64_t pair_potential(const struct path_pair *pair, uint32_t node)
{
    const struct spf_node *known = &pair->first[node];
    bool is_settled = known->stamp == pair->first_stamp && known->place == HEAP_SETTLED;
    return is_settled ? known->key : pair->first_key;
}

/* What the second path pays for a link beside the first path; KEY_NONE: it may not have it. To go
 * against the first path over a link's other direction is never cheaper than to go back along it. */
static uint64_t pair_second_key(const struct pair_search *search, uint32_t from,
                                const struct ted_edge *edge)
{
    const struct path_pair *pair = search->pair;
    const struct path_pair_ask *ask = search->ask;
    bool is_shared = pair_is_on_first(pair, from) && pair->places[from].outs[0] == edge->link;
    if (is_shared && (ask->may_share == NULL || !ask->may_share(ask->owner, edge->link)))
        return KEY_NONE;
    uint64_t key = pair_edge_key(search, from, edge) + (is_shared ? KEY_UNDESIRED : 0);
    return key + pair_potential(pair, from) - pair_potential(pair, edge->node);
}

static void pair_relax_links(const struct pair_search *search, uint32_t from, uint64_t from_key)
{
    const struct path_pair_ask *ask = search->ask;
    const struct ted_snapshot *snapshot = ask->problems[0]->snapshot;
    uint32_t end = snapshot->first_edge[from + 1];
    search->engine->work += end - snapshot->first_edge[from];
    for (uint32_t i = snapshot->first_edge[from]; i < end; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        uint64_t key = pair_second_key(search, from, edge);
        bool enters = ask->by_node && pair_is_on_first(search->pair, edge->node) &&
                      edge->node != ask->problems[0]->destination &&
                      edge->node != ask->problems[0]->source;
        uint32_t state = enters ? pair_entered(ask, edge->node) : edge->node;
        const struct spf_node *known = &search->states[state];
        if (key == KEY_NONE || key + from_key > KEY_MAX ||
            (known->stamp == search->stamp && known->key <= from_key + key) ||
            !pair_admits(ask, edge->link, &search->engine->work))
            continue;
        pair_reach(search, state, from_key + key, (struct path_pair_step){from, edge->link});
    }
}

/* The shortest way from the source to the destination, where links of the first path may be gone back
 * over, which takes them out of both. */
static enum path_outcome pair_search_second(const struct pair_search *search)
{
    const struct path_pair_ask *ask = search->ask;
    const struct problem *problem = ask->problems[0];
    struct heap *heap = &search->engine->heap;
    heap->count = 0;
    pair_reach(search, problem->source, 0, (struct path_pair_step){TED_NONE, TED_NONE});
    while (heap->count > 0) {
        struct heap_entry at = heap_pop(heap, search->states);
        uint32_t node = pair_node_of(ask, at.node);
        if (node == problem->destination)
            return PATH_FOUND;
        const struct path_pair_place *place = &search->pair->places[node];
        bool is_inner = pair_is_on_first(search->pair, node) && node != problem->source;
        bool is_free = at.node == node;
        if (is_free)
            pair_relax_links(search, node, at.key);
        if (is_free && is_inner && ask->by_node)
            pair_reach(search, pair_entered(ask, node), at.key,
                       (struct path_pair_step){at.node, TED_NONE});
        if (is_inner && (!is_free || !ask->by_node))
            pair_reach(search, problem->snapshot->links[place->in].from, at.key,
                       (struct path_pair_step){at.node, place->in});
        if (engine_is_exhausted(search->engine))
            return PATH_WORK_EXCEEDED;
    }
    return PATH_NONE;
}

static struct path_pair_place *pair_place(struct path_pair *pair, uint32_t node)
{
    struct path_pair_place *place = &pair->places[node];
    if (place->stamp != pair->place_stamp)
        *place = (struct path_pair_place){.stamp = pair->place_stamp, .in = TED_NONE};
    return place;
}

static void pair_take_out(struct path_pair_place *place, uint32_t link)
{
    CHECK(place->out_count > 0);
    if (place->outs[0] == link)
        place->outs[0] = place->outs[1];
    place->out_count--;
}

/* Joins the first path and the way that changes it: which links each node is left by. */
static void pair_join(struct path_pair *pair, const struct path_pair_ask *ask)
{
    const struct ted_snapshot *snapshot = ask->problems[0]->snapshot;
    for (uint32_t state = ask->problems[0]->destination; state != ask->problems[0]->source;) {
        struct path_pair_step step = pair->steps[state];
        uint32_t from = pair_node_of(ask, step.from);
        if (step.link != TED_NONE && snapshot->links[step.link].from == from &&
            snapshot->links[step.link].to == pair_node_of(ask, state)) {
            struct path_pair_place *place = pair_place(pair, from);
            CHECK(place->out_count < 2);
            place->outs[place->out_count++] = step.link;
        } else if (step.link != TED_NONE) {
            pair_take_out(&pair->places[snapshot->links[step.link].from], step.link);
        }
        state = step.from;
    }
}

/* Reads one path; the links that it takes are gone for the other one. */
static bool pair_read(struct path_pair *pair, const struct path_pair_ask *ask, uint32_t which)
{
    const struct problem *problem = ask->problems[0];
    pair->counts[which] = 0;
    for (uint32_t node = problem->source; node != problem->destination;) {
        if (pair->counts[which] == PATH_HOPS_MAX)
            return false;
        struct path_pair_place *place = &pair->places[node];
        CHECK(place->out_count > 0); /* what comes in goes out, but at the destination */
        if (place->out_count == 2 && place->outs[0] == place->outs[1])
            pair->shared_count++;
        uint32_t link = place->outs[--place->out_count];
        pair->links[which][pair->counts[which]++] = link;
        node = problem->snapshot->links[link].to;
    }
    return true;
}

enum path_outcome path_pair_find(struct path_pair *pair, struct path_engine *engine,
                                 const struct path_pair_ask *ask, uint64_t work_max)
{
    const struct problem *problem = ask->problems[0];
    engine->work = 0;
    engine->work_limit = work_max;
    CHECK(problem->source != problem->destination);
    if (!pair_reserve(pair, engine, problem->snapshot->node_count))
        return PATH_NO_MEMORY;
    pair_next_stamps(pair);
    pair->potential = potential_between(problem->snapshot, problem->metric, problem->source,
                                        problem->destination, problem->destination);
    struct pair_search search = {pair, engine, ask, pair->first, pair->first_stamp};
    enum path_outcome outcome = pair_search_first(&search);
    if (outcome != PATH_FOUND)
        return outcome;
    pair->first_key = pair->first[problem->destination].key;
    pair_mark_first(pair, ask);
    search.states = pair->second;
    search.stamp = pair->second_stamp;
    outcome = pair_search_second(&search);
    if (outcome != PATH_FOUND)
        return outcome;
    pair_join(pair, ask);
    pair->shared_count = 0;
    return pair_read(pair, ask, 0) && pair_read(pair, ask, 1) ? PATH_FOUND : PATH_WORK_EXCEEDED;
}

void path_pair_fini(struct path_pair *pair)
{
    free(pair->first);
    free(pair->second);
    free(pair->steps);
    free(pair->places);
    free(pair->rests);
}

size_t path_pair_octets(const struct path_pair *pair)
{
    return pair->first_capacity * sizeof *pair->first +
           pair->second_capacity * sizeof *pair->second +
           pair->step_capacity * sizeof *pair->steps + pair->place_capacity * sizeof *pair->places +
           pair->rest_capacity * sizeof *pair->rests;
}
