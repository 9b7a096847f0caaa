/* Writes a generated network as a topology file, one line for each node and link. */
#include "bench/topogen/topogen.h"

#include <inttypes.h>
#include <stdlib.h>

#define SRGB_BASE       16000
#define SRGB_SIZE_MIN   8000
#define FIBRE_KM_PER_MS 200.0 /* light in fibre, and no detours */
#define KM_PER_DEGREE   111.0

static const char *const kind_names[] = {"grid", "rings", "geographic"};

/* Labels for prefix SIDs: enough for each node, in thousands. */
static uint32_t srgb_size(const struct topogen *g)
{
    uint32_t size = (g->options.node_count + 1 + 999) / 1000 * 1000;
    return size < SRGB_SIZE_MIN ? SRGB_SIZE_MIN : size;
}

/* A place between the sixtieth parallels, however large the network is. */
static double scale_to_map(const struct topogen *g)
{
    double reach = 1;
    for (uint32_t i = 0; i < g->options.node_count; i++) {
        reach = g->nodes[i].x > reach ? g->nodes[i].x : reach;
        reach = g->nodes[i].y > reach ? g->nodes[i].y : reach;
    }
    double scale = 60.0 / reach;
    return scale < 1 / KM_PER_DEGREE ? scale : 1 / KM_PER_DEGREE;
}

static void write_nodes(const struct topogen *g, FILE *out)
{
    double scale = scale_to_map(g);
    fputs("nodes:\n", out);
    for (uint32_t i = 0; i < g->options.node_count; i++) {
        uint32_t id = i + 1;
        fprintf(out, "- {name: n%u, router-id: 10.%u.%u.%u", i, id >> 16, (id >> 8) & 255,
                id & 255);
        if (g->options.has_ipv6)
            fprintf(out, ", router-id-v6: \"fd00::%x:%x\"", id >> 16, id & 0xffff);
        fprintf(out, ", position: [%.4f, %.4f], prefix-sid: %u", g->nodes[i].y * scale,
                g->nodes[i].x * scale, id);
        if (g->options.has_ipv6)
            fprintf(out, ", srv6-sids: [{sid: \"fd02:0:%x:%x:1::\"}]", id >> 16, id & 0xffff);
        fputs("}\n", out);
    }
}

static void write_reverse(const struct topogen *g, const struct topogen_link *link, uint32_t label,
                          uint32_t ordinal, FILE *out)
{
    fprintf(out, ", reverse: {adj-sid: %u", label);
    if (g->options.has_ipv6)
        fprintf(out, ", srv6-sids: [{sid: \"fd02:0:%x:%x:%x::\"}]", (link->b + 1) >> 16,
                (link->b + 1) & 0xffff, 0x100 + ordinal);
    fputs("}}\n", out);
}

/* used counts the adjacencies of each node: it numbers their labels and SIDs. */
static void write_link(struct topogen *g, uint32_t index, uint32_t *used, FILE *out)
{
    static const char *const capacities[] = {"10G", "10G", "40G", "100G", "100G", "400G"};
    const struct topogen_link *link = &g->links[index];
    uint32_t address = 2 * index;
    uint32_t first_label = SRGB_BASE + srgb_size(g);
    uint32_t a = used[link->a]++;
    uint32_t b = used[link->b]++;
    fprintf(out, "- {from: n%u, to: n%u, addresses: [100.%u.%u.%u, 100.%u.%u.%u]", link->a, link->b,
            64 + (address >> 16), (address >> 8) & 255, address & 255, 64 + (address >> 16),
            (address >> 8) & 255, (address & 255) + 1);
    if (g->options.has_ipv6)
        fprintf(out, ", addresses-v6: [\"fd01::%x:%x\", \"fd01::%x:%x\"]", address >> 16,
                address & 0xffff, address >> 16, (address & 0xffff) + 1);
    fprintf(out, ", igp-metric: %u, te-metric: %u, delay: %u", 10 + (uint32_t)(link->km),
            1 + random_below(&g->random, 100), 1 + (uint32_t)(link->km * 1000 / FIBRE_KM_PER_MS));
    fprintf(out, ", capacity: %s, admin-group: 0x%x, srlgs: [%u], adj-sid: %u",
            capacities[random_below(&g->random, 6)], random_below(&g->random, 16),
            random_below(&g->random, g->link_count / 2 + 1), first_label + a);
    if (g->options.has_ipv6)
        fprintf(out, ", srv6-sids: [{sid: \"fd02:0:%x:%x:%x::\"}]", (link->a + 1) >> 16,
                (link->a + 1) & 0xffff, 0x100 + a);
    write_reverse(g, link, first_label + b, b, out);
}

void topogen_write(struct topogen *g, FILE *out)
{
    uint32_t *used = topogen_alloc(g->options.node_count, sizeof *used);
    fprintf(out, "network: {name: %s-%u-%" PRIu64 "}\n", kind_names[g->options.kind],
            g->options.node_count, g->options.seed);
    fprintf(out, "defaults: {srgb: {base: %d, size: %u}, node-msd: 10", SRGB_BASE, srgb_size(g));
    if (g->options.has_ipv6)
        fputs(", srv6-structure: [32, 32, 16, 0]", out);
    fputs("}\n", out);
    write_nodes(g, out);
    fputs("links:\n", out);
    for (uint32_t i = 0; i < g->link_count; i++)
        write_link(g, i, used, out);
    free(used);
}
