/* RIB findings: what is wrong with a network that its routers tell, for operators. Nothing of it
 * keeps the rest from being used.
 *
 * Thread: one. Owns: nothing. Bound: RIB_FINDINGS_MAX are kept with their text, all are counted. */
#ifndef PCED_CORE_TED_RIB_FINDINGS_H
#define PCED_CORE_TED_RIB_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

#define RIB_FINDINGS_MAX      256
#define RIB_FINDING_TEXT_SIZE 160

#define RIB_FINDINGS(FINDING)                                                                      \
    FINDING(RIB_NODE_WITHOUT_ADDRESS, "node_without_address",                                      \
            "the node has no router id and no address; it is left out")                            \
    FINDING(RIB_ROUTER_ID_TWICE, "router_id_twice", "two nodes of one domain have this router id") \
    FINDING(RIB_NAME_TWICE, "name_twice", "two nodes have this name")                              \
    FINDING(RIB_ADDRESS_TWICE, "address_twice", "two nodes have this address")                     \
    FINDING(RIB_SID_TWICE, "sid_twice", "two nodes have the prefix SID of this index")             \
    FINDING(RIB_SID_INVALID, "sid_invalid", "the SID is none of the node's label ranges")          \
    FINDING(RIB_SRGB_INVALID, "srgb_invalid", "the label range is none, or overlaps another")      \
    FINDING(RIB_LABEL_TWICE, "label_twice", "two links of the node have this adjacency SID")       \
    FINDING(RIB_LINK_WITHOUT_NODE, "link_without_node", "nobody tells of the node at its end")     \
    FINDING(RIB_LINK_TO_ITSELF, "link_to_itself", "both ends are the same node")                   \
    FINDING(RIB_HALF_LINK, "half_link", "the node at its end does not tell of it")                 \
    FINDING(RIB_PAIRED_BY_ORDER, "paired_by_order",                                                \
            "parallel links of two families that nothing tells which belong together")             \
    FINDING(RIB_LAN_TOO_LARGE, "lan_too_large", "too many routers are on the LAN")                 \
    FINDING(RIB_OVERLOAD_IN_PART, "overload_in_part",                                              \
            "one level, area or instance keeps off the router, another one does not")              \
    FINDING(RIB_FLEX_CONFLICT, "flex_conflict",                                                    \
            "the definition of the flexible algorithm that counts is another one")                 \
    FINDING(RIB_FLEX_UNKNOWN, "flex_unknown",                                                      \
            "the definition that counts says what is not known here: it has no paths")             \
    FINDING(RIB_LIST_TOO_LONG, "list_too_long", "more entries than are taken")                     \
    FINDING(RIB_REFUSED, "refused", "left out in part or whole")

#define RIB_FINDING_MEMBER(name, id, text) name,
enum rib_finding_kind { RIB_FINDINGS(RIB_FINDING_MEMBER) RIB_FINDING_COUNT };
#undef RIB_FINDING_MEMBER

struct rib_finding {
    enum rib_finding_kind kind;
    char text[RIB_FINDING_TEXT_SIZE]; /* which one, in names that people know */
};

struct rib_findings {
    uint32_t counts[RIB_FINDING_COUNT];
    uint32_t count; /* of those with their text */
    struct rib_finding items[RIB_FINDINGS_MAX];
};

const char *rib_finding_id(enum rib_finding_kind kind);
const char *rib_finding_text(enum rib_finding_kind kind);
void rib_findings_add(struct rib_findings *findings, enum rib_finding_kind kind, const char *text,
                      ...) __attribute__((format(printf, 3, 4)));
/* The same is so no more. */
void rib_findings_drop(struct rib_findings *findings, enum rib_finding_kind kind, const char *text,
                       ...) __attribute__((format(printf, 3, 4)));
/* None of the kind is so any more. */
void rib_findings_forget(struct rib_findings *findings, enum rib_finding_kind kind);

#endif
