/* Table: a network as the octets of its UPDATEs, one after the other, made before a session needs them: what
 * is measured is who reads them.
 *
 * Thread: one. Owns: the octets, until table_fini. Bound: memory, without which the program ends. */
#ifndef PCED_BENCH_LSFEED_TABLE_H
#define PCED_BENCH_LSFEED_TABLE_H

#include "bench/lsfeed/encode.h"

struct table {
    uint8_t *octets;
    size_t size;
    size_t room;
    uint64_t messages;
};

/* All of a network: nodes, their addresses and SIDs, links; then End-of-RIB. */
void table_add_network(struct table *table, const struct ted_snapshot *snapshot);
void table_add_links(struct table *table, const struct ted_snapshot *snapshot,
                     const uint32_t *links, uint32_t count);
/* A link as it would be with other values. */
void table_add_link(struct table *table, const struct ted_snapshot *snapshot,
                    const struct ted_link *link);
void table_add_withdrawals(struct table *table, const struct ted_snapshot *snapshot,
                           const uint32_t *links, uint32_t count, bool is_extended);
void table_add_end_of_rib(struct table *table);
void table_clear(struct table *table);
void table_fini(struct table *table);

#endif
