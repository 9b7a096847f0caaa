/* The inside of the TED builder, for the files of this folder: growing arrays that a snapshot
 * copies.
 *
 * Thread, Owns, Bound: as builder.h says. */
#ifndef PCED_CORE_TED_BUILDER_IMPL_H
#define PCED_CORE_TED_BUILDER_IMPL_H

#include "core/ted/array.h"
#include "core/ted/builder.h"
#include "core/ted/slots.h"

/* An interface id that a link has taken at one of its ends. The two directions of a link take the
 * same two, each once as the local and once as the remote one. */
struct ted_interface {
    uint32_t node;
    uint32_t id;
    bool is_remote;
};

struct ted_builder {
    char network_name[TED_NAME_SIZE_MAX + 1];
    struct ted_array nodes;        /* struct ted_node, name not set */
    struct ted_array name_offsets; /* uint32_t into names, one for each node */
    struct ted_array names;        /* char, each name with its NUL */
    struct ted_array links;        /* struct ted_link, reverse not set */
    struct ted_array addresses;    /* struct ip */
    struct ted_array srgbs;
    struct ted_array prefix_sids;
    struct ted_array adj_sids;
    struct ted_array srv6_sids;
    struct ted_array srlgs;
    struct ted_array algorithms;    /* uint8_t */
    struct ted_array flexes;        /* struct ted_flex_definition */
    struct ted_array flex_links;    /* struct ted_flex_link */
    struct ted_array group_words;   /* uint32_t */
    struct ted_array address_nodes; /* struct ted_address */
    struct slots name_index;
    struct slots address_index;
    struct ted_array interfaces; /* struct ted_interface */
    struct slots interface_index;
    struct ted_array srv6_owners; /* uint32_t, one for each of srv6_sids: its node or link */
    struct slots srv6_index;      /* by SID: the first of srv6_sids that has it */
    /* Which node has the prefix SID of this index, TED_NONE where nobody has; grows with the
     * maximum index, which is a 20-bit number. */
    struct ted_array sid_owners; /* uint32_t */
};

/* Whether the specification is right in itself, whatever is in the builder. */
PCE_MUST_CHECK enum pce_status ted_check_node(const struct ted_node_spec *spec,
                                              struct ted_fault *fault);
PCE_MUST_CHECK enum pce_status ted_check_link(const struct ted_link_spec *spec,
                                              struct ted_fault *fault);

/* Fills the fault and returns status. element is "" or the part that is wrong; reason is a format.
 */
enum pce_status ted_fault_set(struct ted_fault *fault, enum pce_status status, const char *element,
                              const char *reason, ...) __attribute__((format(printf, 4, 5)));

/* The ids of a link's interfaces: reserve makes room and says whether they are free, take adds
 * them. */
PCE_MUST_CHECK enum pce_status ted_interfaces_reserve(struct ted_builder *builder,
                                                      const struct ted_link_spec *spec,
                                                      struct ted_fault *fault);
void ted_interfaces_take(struct ted_builder *builder, const struct ted_link_spec *spec);

/* SRv6 SIDs of a node or link: reserve makes room, take adds them and marks those that others have,
 * too. owner: which node it is, or which link, behind TED_NODES_MAX. */
PCE_MUST_CHECK enum pce_status ted_srv6_sids_reserve(struct ted_builder *builder, uint32_t count);
struct ted_range ted_srv6_sids_take(struct ted_builder *builder, const struct ted_srv6_sid *sids,
                                    uint32_t count, uint32_t owner);

/* The node that has the address, TED_NONE when there is none. */
uint32_t ted_builder_find_address(const struct ted_builder *builder, const struct ip *address);
const char *ted_builder_node_name(const struct ted_builder *builder, uint32_t node);

/* Whether an address names a node: there is one, and it is not an IPv6 link-local one. */
bool ted_is_node_address(const struct ip *address);
/* Its place in address_nodes[]; TED_NONE: it is in none. */
uint32_t ted_find_address_place(const struct ted_snapshot *snapshot, const struct ip *address);
uint64_t ted_hash_address(const struct ip *address);
uint64_t ted_hash_name(const char *name);

/* What a link is worth, told in a specification and kept in the link under the same name. */
#define TED_LINK_VALUES(VALUE)                                                                     \
    VALUE(igp_metric)                                                                              \
    VALUE(te_metric)                                                                               \
    VALUE(delay_us)                                                                                \
    VALUE(admin_group)                                                                             \
    VALUE(capacity)                                                                                \
    VALUE(max_reservable)                                                                          \
    VALUE(measured)                                                                                \
    VALUE(msd)                                                                                     \
    VALUE(flex_source)                                                                             \
    VALUE(delay_min_us)                                                                            \
    VALUE(delay_max_us)                                                                            \
    VALUE(delay_variation_us)                                                                      \
    VALUE(loss)                                                                                    \
    VALUE(is_igp_unused)

/* The node that a specification is of, without its name and lists. */
struct ted_node ted_node_of_spec(const struct ted_node_spec *spec);
/* The link that a specification is of, without its lists and what its pair tells. */
struct ted_link ted_link_of_spec(const struct ted_link_spec *spec);
/* Sorts the groups, each once; how many are left. */
uint32_t ted_sort_srlgs(uint32_t *srlgs, uint32_t count);

/* Sets `reverse` of every link (builder.h says which links are a pair), and `is_two_way` and
 * `has_sibling`. */
PCE_MUST_CHECK enum pce_status ted_pair_links(struct ted_link *links, uint32_t link_count,
                                              uint32_t node_count);
/* The same of all links between two nodes, which are those of these indexes. */
PCE_MUST_CHECK enum pce_status ted_pair_between(struct ted_link *links, const uint32_t *indexes,
                                                uint32_t count);

#endif
