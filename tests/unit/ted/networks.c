/* Whole networks: the samples that are shipped, and generated ones. */
#include "bench/topogen/topogen.h"
#include "core/ted/topology_file.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Sanitizers make the reading several times as slow: fewer routers then. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(HAS_SANITIZER)
#define LARGE_NODES 20000
#else
#define LARGE_NODES 100000
#endif

/* The file that these options give; to be freed. */
static char *generate(const struct topogen_options *options, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    struct topogen generator;
    cr_assert_not_null(out);
    topogen_build(&generator, options);
    topogen_write(&generator, out);
    topogen_fini(&generator);
    cr_assert_eq(fclose(out), 0);
    return text;
}

static struct ted_snapshot *read_sample(const char *path)
{
    size_t size;
    char *text = read_file(path, &size);
    struct ted_snapshot *s = read_text(text, size);
    free(text);
    return s;
}

/* Every link has its other direction, and both ends can be reached through SR-MPLS. */
static void expect_sound(const struct ted_snapshot *s)
{
    cr_expect(is_strongly_connected(s));
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        cr_assert_neq(link->reverse, TED_NONE, "%s: link %u", s->name, i);
        cr_assert_eq(link->adj_sids.count, 1);
        cr_assert_gt(link->capacity, 0);
        cr_assert_gt(link->delay_us, 0);
        cr_assert_eq(ted_find_node_by_address(s, &link->local_v4), link->from);
    }
    for (uint32_t i = 0; i < s->node_count; i++) {
        const struct ted_prefix_sid *sid = ted_find_prefix_sid(s, i, 0, IP_V4);
        cr_assert_not_null(sid);
        cr_assert_neq(ted_label_of_index(s, i, sid->index), TED_NONE);
        cr_assert_eq(ted_find_node_by_address(s, &s->nodes[i].router_id_v4), i);
        cr_assert_eq(ted_find_node_by_name(s, s->nodes[i].name), i);
    }
}

Test(networks, the_small_sample_is_sound)
{
    struct ted_snapshot *s = read_sample("deploy/topologies/small.yaml");
    cr_expect_str_eq(s->name, "small");
    cr_expect(s->node_count == 7 && s->link_count == 18);
    expect_sound(s);
    ted_snapshot_destroy(s);
}

/* Whether all others still reach each other without this node, by flooding from one of them. */
static bool is_connected_without(const struct ted_snapshot *s, uint32_t missing)
{
    bool *is_seen = calloc(s->node_count, sizeof *is_seen);
    uint32_t *queue = calloc(s->node_count, sizeof *queue);
    cr_assert(is_seen != NULL && queue != NULL);
    uint32_t count = 1;
    queue[0] = missing == 0 ? 1 : 0;
    is_seen[queue[0]] = is_seen[missing] = true;
    for (uint32_t at = 0; at < count; at++) {
        for (uint32_t e = s->first_edge[queue[at]]; e < s->first_edge[queue[at] + 1]; e++) {
            uint32_t node = s->edges[e].node;
            if (!is_seen[node])
                queue[count++] = node;
            is_seen[node] = true;
        }
    }
    free(is_seen);
    free(queue);
    return count == s->node_count - 1;
}

Test(networks, the_national_sample_is_sound_and_survives_the_loss_of_a_router)
{
    struct ted_snapshot *s = read_sample("deploy/topologies/national.yaml");
    cr_expect_str_eq(s->name, "national");
    cr_expect(s->node_count == 53 && s->link_count == 202);
    expect_sound(s);
    for (uint32_t i = 0; i < s->node_count; i++) {
        cr_expect(s->nodes[i].has_position && s->nodes[i].srv6_sids.count == 1);
        cr_expect_not_null(ted_find_prefix_sid(s, i, 0, IP_V6));
        cr_expect(is_connected_without(s, i), "%s", s->nodes[i].name);
    }
    for (uint32_t i = 0; i < s->link_count; i++)
        cr_expect_eq(ted_find_node_by_address(s, &s->links[i].local_v6), s->links[i].from);
    ted_snapshot_destroy(s);
}

Test(networks, a_generated_network_is_sound_whatever_its_kind_and_size)
{
    static const uint32_t sizes[] = {2, 3, 4, 11, 12, 13, 14, 24, 25, 36, 37, 500};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (unsigned kind = TOPOGEN_GRID; kind <= TOPOGEN_GEOGRAPHIC; kind++) {
            const struct topogen_options options = {.kind = (enum topogen_kind)kind,
                                                    .node_count = sizes[i],
                                                    .seed = i,
                                                    .degree = 4,
                                                    .has_ipv6 = i % 2 == 0};
            size_t size;
            char *text = generate(&options, &size);
            struct ted_snapshot *s = read_text(text, size);
            cr_expect_eq(s->node_count, sizes[i]);
            expect_sound(s);
            ted_snapshot_destroy(s);
            free(text);
        }
    }
}

Test(networks, the_degree_of_a_geographic_network_is_what_was_asked)
{
    static const double degrees[] = {2.0, 3.0, 4.0, 8.0, 12.0};
    for (size_t i = 0; i < sizeof degrees / sizeof degrees[0]; i++) {
        const struct topogen_options options = {
            .kind = TOPOGEN_GEOGRAPHIC, .node_count = 2000, .seed = 5, .degree = degrees[i]};
        size_t size;
        char *text = generate(&options, &size);
        struct ted_snapshot *s = read_text(text, size);
        cr_expect_float_eq(s->link_count / 2000.0, degrees[i], 0.01, "%g: %g", degrees[i],
                           s->link_count / 2000.0);
        ted_snapshot_destroy(s);
        free(text);
    }
}

Test(networks, a_seed_gives_the_same_octets_and_another_seed_others)
{
    for (unsigned kind = TOPOGEN_GRID; kind <= TOPOGEN_GEOGRAPHIC; kind++) {
        struct topogen_options options = {
            .kind = (enum topogen_kind)kind, .node_count = 300, .seed = 7, .degree = 4};
        size_t first_size;
        size_t second_size;
        char *first = generate(&options, &first_size);
        char *second = generate(&options, &second_size);
        cr_expect_eq(first_size, second_size);
        cr_expect_eq(memcmp(first, second, first_size), 0);
        free(second);
        options.seed = 8;
        second = generate(&options, &second_size);
        /* The name holds the seed: what counts is what comes after it. */
        cr_expect_str_neq(strstr(first, "nodes:"), strstr(second, "nodes:"));
        free(first);
        free(second);
    }
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

Test(networks, as_many_routers_as_are_made_load)
{
    const struct topogen_options options = {
        .kind = TOPOGEN_GEOGRAPHIC, .node_count = LARGE_NODES, .seed = 1, .degree = 4};
    size_t size;
    char *text = generate(&options, &size);
    double start = seconds_now();
    struct ted_snapshot *s = read_text(text, size);
    printf("%u nodes, %u directed links: file %zu octets, snapshot %zu octets, read in %.2f s\n",
           s->node_count, s->link_count, size, s->octets, seconds_now() - start);
    cr_expect_eq(s->node_count, LARGE_NODES);
    cr_expect_eq(s->link_count, 4 * LARGE_NODES);
    expect_sound(s);
    ted_snapshot_destroy(s);
    free(text);
}
