#include "bench/lsfeed/table.h"

#include <stdio.h>
#include <stdlib.h>

/* A writer for one more message. */
static struct wire_writer table_begin(struct table *table, size_t size_max)
{
    if (table->octets == NULL || table->room - table->size < size_max) {
        size_t room = 2 * table->room + size_max;
        uint8_t *grown = realloc(table->octets, room);
        if (grown == NULL) {
            (void)fputs("lsfeed: out of memory\n", stderr);
            exit(1);
        }
        table->octets = grown;
        table->room = room;
    }
    return wire_writer_init(table->octets + table->size, size_max);
}

static void table_end(struct table *table, const struct wire_writer *writer, const char *what)
{
    if (writer->failed) {
        (void)fprintf(stderr, "lsfeed: %s does not fit into a message\n", what);
        exit(1);
    }
    table->size += wire_written(writer);
    table->messages++;
}

static void table_add_address(struct table *table, const struct ted_snapshot *snapshot,
                              uint32_t node, const struct ip *address)
{
    if (address->family == IP_NONE)
        return;
    struct wire_writer writer = table_begin(table, ENCODE_MESSAGE_MAX);
    encode_address(&writer, snapshot, node, address);
    table_end(table, &writer, snapshot->nodes[node].name);
}

static void table_add_node(struct table *table, const struct ted_snapshot *snapshot, uint32_t index)
{
    const struct ted_node *node = &snapshot->nodes[index];
    struct wire_writer writer = table_begin(table, ENCODE_MESSAGE_MAX);
    encode_node(&writer, snapshot, index);
    table_end(table, &writer, node->name);
    table_add_address(table, snapshot, index, &node->router_id_v4);
    table_add_address(table, snapshot, index, &node->router_id_v6);
    for (uint32_t i = 0; i < node->addresses.count; i++)
        table_add_address(table, snapshot, index, &snapshot->addresses[node->addresses.first + i]);
    for (uint32_t i = 0; i < node->srv6_sids.count; i++) {
        writer = table_begin(table, ENCODE_MESSAGE_MAX);
        encode_srv6_sid(&writer, index, &snapshot->srv6_sids[node->srv6_sids.first + i]);
        table_end(table, &writer, node->name);
    }
}

void table_add_link(struct table *table, const struct ted_snapshot *snapshot,
                    const struct ted_link *link)
{
    struct wire_writer writer = table_begin(table, ENCODE_MESSAGE_MAX);
    encode_link(&writer, snapshot, link);
    table_end(table, &writer, "a link");
}

void table_add_links(struct table *table, const struct ted_snapshot *snapshot,
                     const uint32_t *links, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        table_add_link(table, snapshot, &snapshot->links[links[i]]);
}

void table_add_withdrawals(struct table *table, const struct ted_snapshot *snapshot,
                           const uint32_t *links, uint32_t count, bool is_extended)
{
    for (uint32_t at = 0; at < count;) {
        struct wire_writer writer =
            table_begin(table, is_extended ? ENCODE_EXTENDED_MAX : ENCODE_MESSAGE_MAX);
        encode_withdrawal(&writer, snapshot, links, count, &at);
        table_end(table, &writer, "a withdrawal");
    }
}

void table_add_end_of_rib(struct table *table)
{
    struct wire_writer writer = table_begin(table, ENCODE_MESSAGE_MAX);
    encode_end_of_rib(&writer);
    table_end(table, &writer, "End-of-RIB");
}

void table_add_network(struct table *table, const struct ted_snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->node_count; i++)
        table_add_node(table, snapshot, i);
    for (uint32_t i = 0; i < snapshot->link_count; i++)
        table_add_link(table, snapshot, &snapshot->links[i]);
    table_add_end_of_rib(table);
}

void table_clear(struct table *table)
{
    table->size = 0;
    table->messages = 0;
}

void table_fini(struct table *table)
{
    free(table->octets);
}
