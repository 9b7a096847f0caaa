/* The parts of the topology file reader: the file, its nodes and its links, each with its table of
 * keys.
 *
 * Thread: the caller's. Owns: the scratch of one node and one link, reused for each.
 * Bound: the limits of ted.h. */
#ifndef PCED_CORE_TED_TOPOLOGY_IMPL_H
#define PCED_CORE_TED_TOPOLOGY_IMPL_H

#include "core/ted/builder_impl.h"
#include "core/ted/topology_reader.h"

#define TOPO_BANDWIDTH_MAX 1000000000000000         /* bits per second: 1000T */
#define TOPO_METRIC_MAX    (TED_IGP_METRIC_MAX + 1) /* takes the link out of the IGP's use */
#define TOPO_FLEX_PRIORITY 128                      /* of a definition that says none */
#define TOPO_LOSS_MAX      16777214                 /* RFC 8570 4.4: 50.331642 % */
#define TOPO_DELAY_US_MAX  16777215                 /* RFC 8570 4.1: 24 bits */

/* srgb: one range, or a list of them. */
struct topo_srgbs {
    struct ted_srgb items[TED_NODE_SRGBS_MAX];
    uint32_t count;
};

/* Affinity bits of an extended administrative group: words that are set, and those before them. */
struct topo_groups {
    uint32_t words[TED_GROUP_WORDS_MAX];
    uint32_t count;
};

struct topo_srlgs {
    uint32_t items[TED_LINK_SRLGS_MAX];
    uint32_t count;
};

/* What a link has for flexible algorithms. */
struct topo_flex_link {
    uint8_t source; /* enum ted_flex_source */
    uint32_t te_metric, delay_min_us;
    struct topo_groups groups;
    struct topo_srlgs srlgs;
};

_Static_assert(TED_FLEX_SRLGS_MAX <= TED_LINK_SRLGS_MAX, "one list has room for both");

/* A definition of a flexible algorithm as it is written. */
struct topo_flex_definition {
    struct ted_flex_definition is;
    struct topo_groups exclude_any, include_any, include_all;
    struct topo_srlgs srlgs;
    bool has_prefix_metric;
};

/* structure of an SRv6 SID: four lengths in bits, or nothing. */
struct topo_structure {
    uint8_t bits[4];
    uint32_t count; /* 0 or 4 */
};

/* One SRv6 SID as it is written. */
struct topo_srv6_sid {
    struct ted_srv6_sid sid;
    struct topo_structure structure;
};

struct topo_srv6_sids {
    struct ted_srv6_sid items[TED_LINK_SIDS_MAX];
    uint32_t count;
};

/* What nodes and links have that do not say otherwise. */
struct topo_defaults {
    struct topo_srgbs srgbs;
    uint8_t msd, srv6_msd;
    struct topo_structure structure;
    uint32_t igp_metric, te_metric, delay_us, admin_group;
    float capacity;
    bool has_te_metric;
};

struct topo_node {
    char name[TED_NAME_SIZE_MAX + 1];
    struct ip router_id_v4, router_id_v6;
    struct ip addresses[TED_NODE_ADDRESSES_MAX];
    uint32_t address_count;
    double position[2];
    uint32_t position_count;
    struct topo_srgbs srgbs;
    struct ted_prefix_sid prefix_sids[TED_NODE_SIDS_MAX];
    uint32_t prefix_sid_count;
    struct topo_srv6_sids srv6_sids;
    uint8_t msd, srv6_msd;
    bool is_overloaded;
    uint8_t algorithms[TED_NODE_ALGORITHMS_MAX];
    uint32_t algorithm_count;
    struct ted_flex_definition flexes[TED_NODE_FLEXES_MAX];
    uint32_t flex_count;
    struct topo_mark marks[TOPO_ROWS_MAX];
};

/* One direction of a link as it was written. */
struct topo_direction {
    uint32_t igp_metric, te_metric, delay_us, admin_group;
    bool is_igp_unused;
    struct topo_groups groups;
    uint8_t msd;
    uint32_t delay_range_us[2], delay_range_count, delay_variation_us, loss;
    struct topo_flex_link flex;
    uint8_t measured; /* TED_MEASURED_…, where it is to be written: a reader has marks */
    float capacity, reservable;
    float unreserved[TED_PRIORITIES];
    uint32_t unreserved_count;
    uint32_t srlgs[TED_LINK_SRLGS_MAX];
    uint32_t srlg_count;
    struct ted_adj_sid adj_sids[TED_LINK_SIDS_MAX];
    uint32_t adj_sid_count;
    struct topo_srv6_sids srv6_sids;
    struct topo_mark marks[TOPO_ROWS_MAX];
};

struct topo_link {
    struct topo_direction forward; /* first: one table fills it and what is below */
    struct topo_direction reverse;
    char from_name[TED_NAME_SIZE_MAX + 1], to_name[TED_NAME_SIZE_MAX + 1];
    uint32_t from, to;
    struct ip v4[2], v6[2]; /* of the from end, of the to end */
    uint32_t v4_count, v6_count;
    uint32_t ids[2]; /* of the interfaces, the same ends */
    uint32_t id_count;
    bool is_one_way;
};

/* An adjacency label that is taken on a node. */
struct topo_label {
    uint32_t node;
    uint32_t label;
};

struct topo_file {
    struct ted_builder *builder;
    char network_name[TED_NAME_SIZE_MAX + 1];
    struct topo_defaults defaults;
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct topo_node node;
    struct topo_link link;
    struct ted_array labels; /* struct topo_label */
    struct slots label_index;
};

/* The current item of `nodes` or `links`, given to the builder. field is the struct topo_file. */
topo_read_fn topo_read_node;
topo_read_fn topo_read_link;

topo_read_fn topo_read_srgbs;     /* struct topo_srgbs */
topo_read_fn topo_read_structure; /* struct topo_structure */
/* struct topo_srv6_sids; a SID without behaviour has row->max, one without structure all zero. */
topo_read_fn topo_read_srv6_sids;
topo_read_fn topo_read_admin_group; /* uint32_t: 0x5, or the list of its bits [0, 2] */

topo_read_fn topo_read_groups;     /* struct topo_groups: the list of its bits [0, 200] */
topo_read_fn topo_read_algorithms; /* struct topo_node */
topo_read_fn topo_read_flexes;     /* struct topo_node */
topo_read_fn topo_read_flex_link;  /* struct topo_flex_link */

/* The word for a metric that is known. */
const char *topo_flex_metric_name(uint8_t metric);

/* Refuses a list of SIDs and its short form in one mapping; gives false. */
bool topo_fail_short_form(struct topo_reader *r, const char *short_key, const char *list_key);

/* Whether the other direction of a link has this row's value, too, where it is not written. */
bool topo_is_inherited(uint32_t row);

/* Gives the default structure to SIDs that came without one. */
void topo_default_structure(struct topo_srv6_sids *sids, const struct topo_structure *structure);

/* Every table of keys, for a test that holds them against docs/TOPOLOGY.md. NULL at the end. */
extern const struct topo_table *const topo_tables[];
extern const struct topo_table topo_node_table, topo_prefix_sid_table;
extern const struct topo_table topo_link_table, topo_reverse_table, topo_adj_sid_table;
extern const struct topo_table topo_flex_table, topo_flex_link_table;
extern const struct topo_table topo_srgb_table, topo_srv6_sid_table;

#endif
