#include "tests/unit/ted/helpers.h"

#include "core/ted/topology_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

struct ip address(const char *text)
{
    struct ip parsed;
    cr_assert(ip_parse(text, &parsed), "%s", text);
    return parsed;
}

uint32_t add_plain_node(struct ted_builder *builder, const char *name, uint32_t n)
{
    struct ted_fault fault;
    uint32_t index;
    const struct ted_node_spec spec = {.name = name,
                                       .router_id_v4 = ip_from_u32(UINT32_C(0x0a000000) + n)};
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK, "%s: %s",
                 fault.element, fault.reason);
    return index;
}

uint32_t add_plain_link(struct ted_builder *builder, uint32_t from, uint32_t to)
{
    struct ted_fault fault;
    uint32_t index;
    const struct ted_link_spec spec = {.from = from, .to = to, .igp_metric = 10, .te_metric = 10};
    cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK, "%s: %s",
                 fault.element, fault.reason);
    return index;
}

struct ted_snapshot *finish(struct ted_builder *builder)
{
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK, "%s", fault.reason);
    ted_builder_destroy(builder);
    return snapshot;
}

struct ted_snapshot *read_text(const char *text, size_t size)
{
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    cr_assert_eq(topology_file_read(text, size, &snapshot, &fault), PCE_OK, "%u:%u: %s: %s",
                 fault.line, fault.column, fault.element, fault.reason);
    return snapshot;
}

char *read_file(const char *path, size_t *size)
{
    char whole_path[1024];
    snprintf(whole_path, sizeof whole_path, "%s/%s", PCED_SOURCE_DIR, path);
    FILE *file = fopen(whole_path, "rb");
    cr_assert_not_null(file, "%s", whole_path);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    long end = ftell(file);
    cr_assert_geq(end, 0);
    rewind(file);
    char *text = malloc((size_t)end + 1);
    cr_assert_not_null(text);
    *size = fread(text, 1, (size_t)end, file);
    text[*size] = '\0';
    fclose(file);
    return text;
}

static uint32_t count_reached(uint32_t node_count, const uint32_t *first,
                              const struct ted_edge *edges)
{
    bool *is_seen = calloc(node_count, sizeof *is_seen);
    uint32_t *queue = calloc(node_count, sizeof *queue);
    cr_assert(is_seen != NULL && queue != NULL);
    uint32_t count = 1;
    is_seen[0] = true;
    for (uint32_t at = 0; at < count; at++) {
        for (uint32_t e = first[queue[at]]; e < first[queue[at] + 1]; e++) {
            if (!is_seen[edges[e].node])
                queue[count++] = edges[e].node;
            is_seen[edges[e].node] = true;
        }
    }
    free(is_seen);
    free(queue);
    return count;
}

bool is_strongly_connected(const struct ted_snapshot *s)
{
    return count_reached(s->node_count, s->first_edge, s->edges) == s->node_count &&
           count_reached(s->node_count, s->reverse_first_edge, s->reverse_edges) == s->node_count;
}
