#include "tests/unit/import/helpers.h"

#include "core/ted/topology_file.h"
#include "core/ted/topology_write.h"

#include <criterion/criterion.h>
#include <string.h>

static bool put_text(void *context, const char *octets, size_t size)
{
    topo_text_add(context, octets, size);
    return true;
}

static struct topo_text write_text(const struct ted_snapshot *s)
{
    struct topo_text text;
    uint64_t bent;
    topo_text_init(&text, TOPOLOGY_YAML);
    cr_assert_eq(topology_write(s, TOPOLOGY_YAML, put_text, &text, &bent), PCE_OK);
    cr_assert_eq(bent, 0);
    return text;
}

struct import import_good(const char *text, const struct import_options *options)
{
    static const struct import_options none = {.capacity = 1e9};
    struct import import;
    struct ted_fault fault;
    cr_assert_eq(
        import_read(text, strlen(text), options == NULL ? &none : options, &import, &fault), PCE_OK,
        "%u: %s: %s", fault.line, fault.element, fault.reason);
    struct topo_text once = write_text(import.snapshot);
    struct ted_snapshot *again;
    cr_assert_eq(topology_file_read(once.octets, once.size, &again, &fault), PCE_OK, "%u: %s: %s",
                 fault.line, fault.element, fault.reason);
    struct topo_text twice = write_text(again);
    cr_assert_str_eq(once.octets, twice.octets);
    topo_text_fini(&once);
    topo_text_fini(&twice);
    ted_snapshot_destroy(again);
    return import;
}

void expect_refused(const char *text, uint32_t line, const char *words)
{
    static const struct import_options options = {.capacity = 1e9};
    struct import import;
    struct ted_fault fault;
    cr_assert_neq(import_read(text, strlen(text), &options, &import, &fault), PCE_OK);
    cr_expect_eq(fault.line, line, "line %u: %s: %s", fault.line, fault.element, fault.reason);
    cr_expect_not_null(strstr(fault.reason, words), "%s", fault.reason);
}

const struct ted_link *link_between(const struct import *import, const char *from, const char *to)
{
    const struct ted_snapshot *s = import->snapshot;
    uint32_t tail = ted_find_node_by_name(s, from), head = ted_find_node_by_name(s, to);
    cr_assert_neq(tail, TED_NONE, "%s", from);
    cr_assert_neq(head, TED_NONE, "%s", to);
    for (uint32_t i = 0; i < s->link_count; i++) {
        if (s->links[i].from == tail && s->links[i].to == head)
            return &s->links[i];
    }
    cr_assert_fail("no link %s > %s", from, to);
    return NULL;
}
