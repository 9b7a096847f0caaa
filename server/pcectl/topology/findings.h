/* Findings: what is odd about a network, one row for each, for operators.
 *
 * A kind is a row here; those that the server's sources contradict each other in
 * (core/ted/rib_findings.h) come behind. All are counted; of each kind the first FINDING_ROWS_MAX
 * keep their text.
 *
 * Thread: the only one. Owns: the texts, until findings_fini.
 * Bound: FINDING_ROWS_MAX texts of a kind, FINDING_TEXT_SIZE octets each. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_FINDINGS_H
#define PCED_SERVER_PCECTL_TOPOLOGY_FINDINGS_H

#include "core/ted/rib_findings.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define FINDING_ROWS_MAX  100
#define FINDING_TEXT_SIZE 600

enum finding_severity {
    FINDING_NOTE,    /* as many networks have it */
    FINDING_WARNING, /* paths are computed otherwise than somebody may think */
    FINDING_ERROR,   /* some paths cannot be */
};

/* What is wrong with names, SIDs and addresses that come twice, a file's reader refuses at once, with
 * the line; these kinds are for networks that routers tell. */
#define NETWORK_FINDINGS(FINDING)                                                                  \
    FINDING(FINDING_PART, "part", FINDING_ERROR,                                                   \
            "the IGP has no way between these nodes and the largest part of the network")          \
    FINDING(FINDING_ISOLATED_NODE, "isolated_node", FINDING_ERROR, "no link leads to the node")    \
    FINDING(FINDING_UNREACHABLE_NODE, "unreachable_node", FINDING_ERROR,                           \
            "the node has links, and the IGP uses none of them")                                   \
    FINDING(FINDING_HALF_LINK, "half_link", FINDING_WARNING,                                       \
            "no link leads back: the IGP does not use it")                                         \
    FINDING(FINDING_UNPAIRED_LINK, "unpaired_link", FINDING_NOTE,                                  \
            "links lead back, and none with its addresses")                                        \
    FINDING(FINDING_PARALLEL_LINKS, "parallel_links", FINDING_NOTE,                                \
            "several links between two nodes")                                                     \
    FINDING(FINDING_INDISTINCT_LINKS, "indistinct_links", FINDING_WARNING,                         \
            "parallel links without addresses or interface ids: no path can name one of them")     \
    FINDING(FINDING_ASYMMETRIC_LINK, "asymmetric_link", FINDING_NOTE, "the two directions differ") \
    FINDING(FINDING_ZERO_CAPACITY, "zero_capacity", FINDING_WARNING,                               \
            "the link has no capacity: no path with a bandwidth takes it")                         \
    FINDING(FINDING_ZERO_METRIC, "zero_metric", FINDING_NOTE, "the link costs nothing")            \
    FINDING(FINDING_UNRESERVED_EXCESS, "unreserved_excess", FINDING_WARNING,                       \
            "more is left than can be reserved")                                                   \
    FINDING(FINDING_SHORT_DELAY, "short_delay", FINDING_WARNING,                                   \
            "light in a fibre needs longer between the nodes' positions")                          \
    FINDING(FINDING_SRLG_ASYMMETRIC, "srlg_asymmetric", FINDING_WARNING,                           \
            "the two directions are not in the same risk groups")                                  \
    FINDING(FINDING_SRLG_SINGLE, "srlg_single", FINDING_NOTE,                                      \
            "one link alone is in the risk group: it shares nothing")                              \
    FINDING(FINDING_SRLG_WIDE, "srlg_wide", FINDING_WARNING,                                       \
            "more than half of all links are in the risk group")                                   \
    FINDING(FINDING_NODE_WITHOUT_SID, "node_without_sid", FINDING_WARNING,                         \
            "no prefix SID of the shortest path: no label stack ends there by one")                \
    FINDING(FINDING_SID_WITHOUT_SRGB, "sid_without_srgb", FINDING_WARNING,                         \
            "the node has a prefix SID and no label range for those of others")                    \
    FINDING(FINDING_SRGB_SHORT, "srgb_short", FINDING_ERROR,                                       \
            "the node's label ranges end before the SIDs of others")                               \
    FINDING(FINDING_SRGB_DIFFERENT, "srgb_different", FINDING_NOTE,                                \
            "not all nodes have the same label ranges")                                            \
    FINDING(FINDING_LABEL_IN_SRGB, "label_in_srgb", FINDING_ERROR,                                 \
            "the adjacency SID lies in the node's own label ranges")                               \
    FINDING(FINDING_LABEL_TWICE, "label_on_two_links", FINDING_ERROR,                              \
            "two links of the node have the adjacency SID")                                        \
    FINDING(FINDING_SID_TWICE, "sid_on_two_nodes", FINDING_ERROR,                                  \
            "two nodes have the prefix SID's index")                                               \
    FINDING(FINDING_ADDRESS_TWICE, "address_on_two_links", FINDING_WARNING,                        \
            "two links of the node have the address")

#define FINDING_MEMBER(name, id, severity, text) name,
enum finding_kind { NETWORK_FINDINGS(FINDING_MEMBER) FINDING_OF_SOURCES };
#undef FINDING_MEMBER

#define FINDING_KIND_COUNT ((unsigned)FINDING_OF_SOURCES + (unsigned)RIB_FINDING_COUNT)

struct finding_kind_row {
    const char *id;
    enum finding_severity severity;
    const char *text;
};

struct findings {
    uint64_t counts[FINDING_KIND_COUNT];
    char **texts[FINDING_KIND_COUNT]; /* the first ones */
    uint32_t text_counts[FINDING_KIND_COUNT];
    bool has_no_memory; /* for a text: the answer is not whole */
};

void findings_init(struct findings *findings);
void findings_fini(struct findings *findings);

struct finding_kind_row finding_kind_row_of(unsigned kind);
const char *finding_severity_text(enum finding_severity severity);

void findings_add(struct findings *findings, unsigned kind, const char *text, ...)
    __attribute__((format(printf, 3, 4)));

/* FINDING_NOTE when there is nothing at all. */
enum finding_severity findings_worst(const struct findings *findings);

void findings_print(const struct findings *findings);
/* A new reference; NULL: no memory. */
json_t *findings_json(const struct findings *findings);

#endif
