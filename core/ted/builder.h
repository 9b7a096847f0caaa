/* TED builder: collects nodes and links one by one and makes a snapshot of them.
 *
 * Whoever learns of a network (the topology file today, BGP-LS later) fills a builder. Each
 * addition is checked; what is wrong is named in a struct ted_fault and nothing is added.
 *
 * Thread: one. Owns: copies of all that it is given, until ted_builder_destroy.
 * Bound: the limits of ted.h. */
#ifndef PCED_CORE_TED_BUILDER_H
#define PCED_CORE_TED_BUILDER_H

#include "core/base/status.h"
#include "core/ted/ted.h"

/* Why an addition, a file or a snapshot was refused, for a person. */
struct ted_fault {
    uint32_t line;   /* of the file, from 1; 0 when there is no file */
    uint32_t column; /* from 1; 0 when not known */
    /* Which one. The file reader says "nodes[3] (Lyon): srgb[1]"; the builder, whose caller knows
     * what it was adding, only the part of it, in the file's words: "srgb[1]". */
    char element[384];
    char reason[512];
};

struct ted_node_spec {
    const char *name;
    struct ip router_id_v4, router_id_v6; /* at least one */
    const struct ip *addresses;
    uint32_t address_count;
    const struct ted_srgb *srgbs;
    uint32_t srgb_count;
    const struct ted_prefix_sid *prefix_sids;
    uint32_t prefix_sid_count;
    const struct ted_srv6_sid *srv6_sids;
    uint32_t srv6_sid_count;
    uint8_t msd;
    uint8_t igp_id_size; /* 0: it is the IPv4 router id */
    uint8_t igp_id[7];
    bool is_overloaded;
    uint8_t srv6_msd;
    const uint8_t *algorithms; /* ascending */
    uint32_t algorithm_count;
    const struct ted_flex_definition *flexes; /* one of each algorithm */
    uint32_t flex_count;
    bool has_position;
    double latitude, longitude;
};

/* What is for flexible algorithms alone. */
struct ted_flex_link_spec {
    uint32_t te_metric, delay_min_us; /* TED_NONE: none */
    const uint32_t *groups;
    uint32_t group_count;
    const uint32_t *srlgs; /* as those of the link */
    uint32_t srlg_count;
};

/* One direction. A link of both directions is two additions; the snapshot pairs them when all their
 * addresses and interface ids mirror each other, in the order of addition where several links have
 * the same ones (or none) between two nodes. */
struct ted_link_spec {
    uint32_t from, to; /* node indexes as ted_builder_add_node gave them */
    uint32_t igp_metric, te_metric, delay_us, admin_group;
    float capacity, max_reservable;
    float unreserved[TED_PRIORITIES];
    const uint32_t *srlgs; /* in any order; one that comes twice counts once */
    uint32_t srlg_count;
    const struct ted_adj_sid *adj_sids;
    uint32_t adj_sid_count;
    const struct ted_srv6_sid *srv6_sids;
    uint32_t srv6_sid_count;
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t local_id, remote_id; /* of the interfaces, each unique on its node; both or none (0) */
    const uint32_t *groups;       /* extended administrative group, bits 0 to 31 first */
    uint32_t group_count;
    uint8_t measured, msd;
    uint32_t delay_min_us, delay_max_us, delay_variation_us, loss;
    uint8_t flex_source;
    struct ted_flex_link_spec flex; /* of TED_FLEX_TOLD */
    bool is_igp_unused; /* of a metric with which the IGP does not use it (RFC 5305 3) */
};

struct ted_builder;

/* NULL when memory ran out. */
struct ted_builder *ted_builder_create(const char *network_name);
void ted_builder_destroy(struct ted_builder *builder);

/* *index is the new node's or link's. On any failure nothing is added and the fault says why.
 * PCE_EXISTS: the name, an address or a prefix SID's index belongs to another node already;
 * PCE_INVALID, PCE_LIMIT, PCE_NO_MEMORY: as the fault says. */
PCE_MUST_CHECK enum pce_status ted_builder_add_node(struct ted_builder *builder,
                                                    const struct ted_node_spec *spec,
                                                    uint32_t *index, struct ted_fault *fault);
PCE_MUST_CHECK enum pce_status ted_builder_add_link(struct ted_builder *builder,
                                                    const struct ted_link_spec *spec,
                                                    uint32_t *index, struct ted_fault *fault);
/* TED_NONE when there is none. */
uint32_t ted_builder_find_node(const struct ted_builder *builder, const char *name);

/* A snapshot of what is there now; the builder may go on and make others. */
PCE_MUST_CHECK enum pce_status ted_builder_snapshot(struct ted_builder *builder,
                                                    struct ted_snapshot **snapshot,
                                                    struct ted_fault *fault);

#endif
