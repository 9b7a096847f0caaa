/* A network over random places. Two places are linked when nobody stands in the circle between them
 * (the Gabriel graph: about four links per place, no crossings); links are then taken away or
 * added, the longest first away and the shortest first in, until the wanted number is there. What
 * holds the network together (its shortest spanning tree) always stays.
 *
 * Places are sorted into square cells, and only places of near cells are looked at. */
#include "bench/topogen/topogen.h"

#include <math.h>
#include <stdlib.h>

#define AREA_PER_NODE_KM2 400.0
#define NODES_PER_CELL    2.0
#define REACH             2  /* cells in each direction */
#define NEAR_MAX          96 /* places that are looked at around one */

struct near {
    uint32_t node;
    double km;
};

struct candidate {
    struct topogen_link link;
    bool is_gabriel;
    bool is_taken;
};

struct plan {
    struct topogen *g;
    uint32_t width; /* cells in a row */
    double cell_km;
    uint32_t *first; /* of a cell's nodes; nodes are in the order of their cells */
    struct candidate *candidates;
    uint32_t candidate_count;
    uint32_t candidate_capacity;
    uint32_t *parents; /* union-find */
};

static uint32_t cell_of(const struct plan *p, struct topogen_node node)
{
    uint32_t column = (uint32_t)(node.x / p->cell_km);
    uint32_t line = (uint32_t)(node.y / p->cell_km);
    column = column < p->width ? column : p->width - 1;
    line = line < p->width ? line : p->width - 1;
    return line * p->width + column;
}

/* Random places, numbered by cell, so that neighbours have near numbers too. */
static void place_nodes(struct plan *p)
{
    struct topogen *g = p->g;
    uint32_t count = g->options.node_count;
    double side = sqrt(count * AREA_PER_NODE_KM2);
    p->width = (uint32_t)ceil(sqrt(count / NODES_PER_CELL));
    p->cell_km = side / p->width;
    size_t cell_count = (size_t)p->width * p->width;
    p->first = topogen_alloc(cell_count + 1, sizeof *p->first);
    uint32_t *next = topogen_alloc(cell_count + 1, sizeof *next);
    struct topogen_node *places = topogen_alloc(count, sizeof *places);
    for (uint32_t i = 0; i < count; i++) {
        places[i].x = random_part(&g->random) * side;
        places[i].y = random_part(&g->random) * side;
        p->first[cell_of(p, places[i]) + 1]++;
    }
    for (size_t cell = 0; cell < cell_count; cell++)
        next[cell + 1] = p->first[cell + 1] += p->first[cell];
    for (uint32_t i = 0; i < count; i++)
        g->nodes[next[cell_of(p, places[i])]++] = places[i];
    free(places);
    free(next);
}

static int compare_near(const void *left, const void *right)
{
    const struct near *a = left;
    const struct near *b = right;
    if (a->km != b->km)
        return a->km < b->km ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

/* The places around node i, the nearest first. */
static uint32_t find_near(const struct plan *p, uint32_t i, struct near near[NEAR_MAX])
{
    uint32_t count = 0;
    uint32_t cell = cell_of(p, p->g->nodes[i]);
    uint32_t column = cell % p->width;
    uint32_t line = cell / p->width;
    uint32_t left = column < REACH ? 0 : column - REACH;
    uint32_t right = column + REACH < p->width ? column + REACH : p->width - 1;
    uint32_t top = line + REACH < p->width ? line + REACH : p->width - 1;
    for (uint32_t y = line < REACH ? 0 : line - REACH; y <= top; y++) {
        /* The cells of a line stand side by side, and so do their nodes. */
        uint32_t end = p->first[y * p->width + right + 1];
        for (uint32_t j = p->first[y * p->width + left]; j < end && count < NEAR_MAX; j++) {
            if (j != i)
                near[count++] = (struct near){j, topogen_distance(p->g, i, j)};
        }
    }
    qsort(near, count, sizeof *near, compare_near);
    return count;
}

/* Whether a nearer place stands in the circle whose diameter is the link from i to near[k]. */
static bool is_gabriel(const struct topogen *g, const struct near *near, uint32_t k)
{
    for (uint32_t j = 0; j < k; j++) {
        double to_other = topogen_distance(g, near[j].node, near[k].node);
        if (near[j].km * near[j].km + to_other * to_other < near[k].km * near[k].km)
            return false;
    }
    return true;
}

static void add_candidate(struct plan *p, struct candidate candidate)
{
    p->candidates = topogen_grow(p->candidates, p->candidate_count, &p->candidate_capacity,
                                 sizeof *p->candidates);
    p->candidates[p->candidate_count++] = candidate;
}

/* Links worth having: what is Gabriel, and the nearest others as far as the degree may ask for. */
static void find_candidates(struct plan *p)
{
    struct near near[NEAR_MAX];
    for (uint32_t i = 0; i < p->g->options.node_count; i++) {
        uint32_t count = find_near(p, i, near);
        for (uint32_t k = 0; k < count; k++) {
            /* Each pair once, from its lower end. */
            if (near[k].node < i)
                continue;
            bool gabriel = is_gabriel(p->g, near, k);
            if (gabriel || k < (uint32_t)(2 * p->g->options.degree))
                add_candidate(p, (struct candidate){.link = {i, near[k].node, near[k].km},
                                                    .is_gabriel = gabriel});
        }
    }
}

static int geographic_compare(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->is_gabriel != b->is_gabriel)
        return a->is_gabriel ? -1 : 1;
    if (a->link.km != b->link.km)
        return a->link.km < b->link.km ? -1 : 1;
    if (a->link.a != b->link.a)
        return a->link.a < b->link.a ? -1 : 1;
    return (a->link.b > b->link.b) - (a->link.b < b->link.b);
}

static uint32_t find_root(uint32_t *parents, uint32_t node)
{
    while (parents[node] != node) {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    return node;
}

/* True when the two were not connected before. */
static bool geographic_join(uint32_t *parents, uint32_t a, uint32_t b)
{
    a = find_root(parents, a);
    b = find_root(parents, b);
    parents[a] = b;
    return a != b;
}

static void take_links(struct plan *p)
{
    struct topogen *g = p->g;
    uint32_t count = g->options.node_count;
    uint32_t wanted = (uint32_t)(count * g->options.degree / 2);
    p->parents = topogen_alloc(count, sizeof *p->parents);
    for (uint32_t i = 0; i < count; i++)
        p->parents[i] = i;
    if (p->candidate_count > 0)
        qsort(p->candidates, p->candidate_count, sizeof *p->candidates, geographic_compare);
    for (uint32_t i = 0; i < p->candidate_count; i++) {
        struct candidate *c = &p->candidates[i];
        c->is_taken = geographic_join(p->parents, c->link.a, c->link.b);
        if (c->is_taken)
            topogen_add_link(g, c->link.a, c->link.b);
    }
    /* A gap wider than the cells that were looked at: the next number is not far away. */
    for (uint32_t i = 1; i < count; i++) {
        if (geographic_join(p->parents, i - 1, i))
            topogen_add_link(g, i - 1, i);
    }
    for (uint32_t i = 0; i < p->candidate_count && g->link_count < wanted; i++) {
        if (!p->candidates[i].is_taken)
            topogen_add_link(g, p->candidates[i].link.a, p->candidates[i].link.b);
    }
}

void topogen_build_geographic(struct topogen *g)
{
    struct plan plan = {.g = g};
    place_nodes(&plan);
    find_candidates(&plan);
    take_links(&plan);
    free(plan.first);
    free(plan.candidates);
    free(plan.parents);
}
