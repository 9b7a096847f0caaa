#include "bench/topogen/topogen.h"

#include "core/base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RING_SIZE       12 /* routers on a ring, the hub included */
#define GRID_SPACING_KM 20.0

void *topogen_alloc(size_t count, size_t size)
{
    void *memory = calloc(count == 0 ? 1 : count, size);
    if (memory == NULL) {
        fputs("topogen: no memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *topogen_grow(void *list, uint32_t count, uint32_t *capacity, size_t size)
{
    CHECK(count <= *capacity);
    if (count < *capacity)
        return list;
    uint32_t larger = *capacity == 0 ? 1024 : 2 * *capacity;
    void *grown = topogen_alloc(larger, size);
    if (count > 0)
        memcpy(grown, list, count * size);
    free(list);
    *capacity = larger;
    return grown;
}

double topogen_distance(const struct topogen *g, uint32_t a, uint32_t b)
{
    CHECK(a < g->options.node_count && b < g->options.node_count);
    double dx = g->nodes[a].x - g->nodes[b].x;
    double dy = g->nodes[a].y - g->nodes[b].y;
    return sqrt(dx * dx + dy * dy);
}

void topogen_add_link(struct topogen *g, uint32_t a, uint32_t b)
{
    g->links = topogen_grow(g->links, g->link_count, &g->link_capacity, sizeof *g->links);
    g->links[g->link_count++] = (struct topogen_link){a, b, topogen_distance(g, a, b)};
}

static void build_grid(struct topogen *g)
{
    uint32_t count = g->options.node_count;
    uint32_t width = (uint32_t)ceil(sqrt(count));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t column = i % width;
        uint32_t line = i / width;
        g->nodes[i].x = (column + 0.4 * random_part(&g->random)) * GRID_SPACING_KM;
        g->nodes[i].y = (line + 0.4 * random_part(&g->random)) * GRID_SPACING_KM;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i % width + 1 < width && i + 1 < count)
            topogen_add_link(g, i, i + 1);
        if (i + width < count)
            topogen_add_link(g, i, i + width);
    }
}

/* A ring of fewer than three is one link. */
static void topogen_close_ring(struct topogen *g, uint32_t first, uint32_t last, uint32_t step)
{
    if (last >= first + 2 * step)
        topogen_add_link(g, last, first);
}

static void build_rings(struct topogen *g)
{
    const double turn = 6.283185307179586;
    uint32_t count = g->options.node_count;
    uint32_t hubs = (count + RING_SIZE - 1) / RING_SIZE;
    double outer = 20.0 * hubs;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t ring = i / RING_SIZE;
        uint32_t place = i % RING_SIZE;
        double hub = turn * ring / hubs;
        double spoke = turn * place / RING_SIZE;
        double radius = 20.0 + 10.0 * random_part(&g->random);
        g->nodes[i].x = 1.2 * outer + outer * cos(hub) + radius * cos(spoke);
        g->nodes[i].y = 1.2 * outer + outer * sin(hub) + radius * sin(spoke);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i % RING_SIZE == 0 && i + RING_SIZE < count)
            topogen_add_link(g, i, i + RING_SIZE);
        if (i % RING_SIZE + 1 < RING_SIZE && i + 1 < count)
            topogen_add_link(g, i, i + 1);
        else
            topogen_close_ring(g, i - i % RING_SIZE, i, 1);
    }
    topogen_close_ring(g, 0, (hubs - 1) * RING_SIZE, RING_SIZE);
}

void topogen_build(struct topogen *g, const struct topogen_options *options)
{
    *g = (struct topogen){.options = *options, .random = {options->seed}};
    g->nodes = topogen_alloc(options->node_count, sizeof *g->nodes);
    switch (options->kind) {
    case TOPOGEN_GRID:
        build_grid(g);
        break;
    case TOPOGEN_RINGS:
        build_rings(g);
        break;
    case TOPOGEN_GEOGRAPHIC:
        topogen_build_geographic(g);
        break;
    }
}

void topogen_fini(struct topogen *g)
{
    free(g->nodes);
    free(g->links);
}
