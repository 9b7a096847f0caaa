/* Topology generator: a network of any size from a seed, as a topology file (docs/TOPOLOGY.md).
 *
 * The same options give the same octets on every run.
 *
 * Thread: one. Owns: its arrays, until topogen_fini. Bound: TOPOGEN_NODES_MAX. */
#ifndef PCED_BENCH_TOPOGEN_TOPOGEN_H
#define PCED_BENCH_TOPOGEN_TOPOGEN_H

#include "core/base/random.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TOPOGEN_NODES_MIN  2
#define TOPOGEN_NODES_MAX  100000
#define TOPOGEN_DEGREE_MIN 2.0
#define TOPOGEN_DEGREE_MAX 12.0

enum topogen_kind {
    TOPOGEN_GRID,       /* as square as can be, neighbours left, right, above and below */
    TOPOGEN_RINGS,      /* a ring of hubs, each of them on a ring of its own */
    TOPOGEN_GEOGRAPHIC, /* random places; near neighbours that nobody stands between (Gabriel) */
};

struct topogen_options {
    enum topogen_kind kind;
    uint32_t node_count;
    uint64_t seed;
    double degree; /* links per node that are aimed at; TOPOGEN_GEOGRAPHIC only */
    bool has_ipv6; /* IPv6 addresses and SRv6 SIDs as well */
};

struct topogen_node {
    double x, y; /* kilometres east and north of the corner */
};

struct topogen_link {
    uint32_t a, b;
    double km;
};

struct topogen {
    struct topogen_options options;
    struct random random;
    struct topogen_node *nodes;
    struct topogen_link *links;
    uint32_t link_count;
    uint32_t link_capacity;
};

double topogen_distance(const struct topogen *g, uint32_t a, uint32_t b);
void topogen_add_link(struct topogen *g, uint32_t a, uint32_t b);

/* Places the nodes and links them, by kind; a program of its own: ends with a message when memory
 * runs out. */
void topogen_build(struct topogen *g, const struct topogen_options *options);
void topogen_build_geographic(struct topogen *g);
void topogen_fini(struct topogen *g);

void topogen_write(struct topogen *g, FILE *out);

/* Memory or the end of the program. */
void *topogen_alloc(size_t count, size_t size);
/* A list with room for at least one more than its count: the list itself, or a larger copy. */
void *topogen_grow(void *list, uint32_t count, uint32_t *capacity, size_t size);

#endif
