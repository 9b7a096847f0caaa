/* Intent: what an operator wants to exist at one PCC: an SR policy or a tunnel, with candidate paths
 * that are given hop by hop, or computed under constraints.
 *
 * (PCC, name) names an intent. Each candidate path is one LSP of PCEP, with a symbolic path name of
 * its own: what the operator says, else the intent's name, and NAME-PREFERENCE where there are
 * several. What its PCC reports of them is not here, but in core/lsp.
 *
 * Thread: one owner; nothing in it changes once it is read. Owns: its paths and their hops.
 * Bound: struct intent_limits, and within that INTENT_NAME_MAX, INTENT_PATHS_MAX,
 * INTENT_HOPS_MAX. */
#ifndef PCED_CORE_INTENT_INTENT_H
#define PCED_CORE_INTENT_INTENT_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/lsp/auto_bandwidth.h"
#include "core/lsp/lsp_binding.h"
#include "core/path/path.h"
#include "core/pcep/model.h"

#define INTENT_NAME_MAX         200 /* octets of an intent's name */
#define INTENT_LSP_NAME_MAX     255 /* … of an LSP's: room for "-4294967295" behind it */
#define INTENT_PATHS_MAX        32
#define INTENT_HOPS_MAX         255 /* segments or hops of one path */
#define INTENT_LISTS_MAX        16  /* segment lists of one path */
#define INTENT_PRIORITY_DEFAULT 7   /* setup and holding priority: the lowest */
#define INTENT_PREFERENCE       100 /* RFC 9256 2.7: the preference of a path that names none */
#define INTENT_NO_LABEL         UINT32_MAX
_Static_assert(INTENT_NAME_MAX + 11 <= INTENT_LSP_NAME_MAX, "NAME-PREFERENCE has room");

struct intent_limits {
    uint32_t paths_max; /* of one intent */
    uint32_t hops_max;  /* of one path */
};

/* One segment of SR-MPLS or SRv6, or one hop of RSVP-TE. */
struct intent_hop {
    uint32_t label;    /* INTENT_NO_LABEL: that of the node or adjacency, as the network has it */
    struct ip sid;     /* of SRv6; IP_NONE: the same */
    struct ip address; /* the node of a segment, or the hop; IP_NONE: none */
    struct ip local;   /* both ends of an adjacency; IP_NONE: none */
    struct ip remote;
    bool is_loose; /* of a hop: other nodes may lie before it (RFC 3209 4.3.3.1) */
};

/* What a path that is computed has to meet. */
struct intent_dynamic {
    enum path_metric metric;
    uint32_t bound_mask; /* 1 << enum path_metric */
    double bounds[PATH_METRIC_COUNT];
    uint32_t exclude_any;
    uint32_t include_any;
    uint32_t include_all;
    uint8_t sid_depth;  /* 0: as deep as the PCC can push */
    uint8_t protection; /* enum ted_protection */
};

/* One of several segment lists, which share the traffic. */
struct intent_segment_list {
    uint32_t weight;
    uint32_t hop_count; /* its hops stand behind those of the list before it */
    bool is_backup;     /* it carries traffic when others have failed */
};

struct intent_path {
    uint32_t preference;
    float bandwidth; /* octets a second; 0: none */
    uint8_t setup_priority;
    uint8_t holding_priority;
    bool is_dynamic;
    bool has_auto_bandwidth;    /* its bandwidth, beginning with that, follows its traffic */
    bool has_own_name;          /* the operator's, not ours */
    struct lsp_binding binding; /* that stands for it: NONE, ANY or THIS */
    uint8_t name_size;
    char name[INTENT_LSP_NAME_MAX + 1];
    struct auto_bandwidth auto_bandwidth;
    struct intent_dynamic dynamic;
    uint32_t hop_count; /* of all lists */
    struct intent_hop *hops;
    uint32_t list_count; /* 0: one, of all hops, without a weight */
    struct intent_segment_list *lists;
};

/* The group of LSPs that have nothing in common (RFC 8800): LSPs of other intents are in it, at this
 * PCC and at others. */
struct intent_group {
    uint16_t id;   /* 0: none */
    uint8_t flags; /* of DISJOINTNESS-CONFIGURATION */
};

struct intent {
    struct ip pcc;
    struct ip source; /* where the paths begin: the PCC's address where the operator says nothing */
    struct ip endpoint;
    bool has_source; /* the operator has said it */
    bool has_color;  /* with segment routing: it is an SR policy */
    uint32_t color;
    struct intent_group group;
    uint8_t setup_type; /* PATH-SETUP-TYPE: RSVP-TE, SR-MPLS or SRv6 */
    uint8_t name_size;
    char name[INTENT_NAME_MAX + 1];
    uint32_t path_count;
    struct intent_path *paths;
};

static inline bool intent_is_policy(const struct intent *intent)
{
    return intent->has_color && intent->setup_type != PCEP_PST_RSVP_TE;
}

/* NULL is fine. */
void intent_destroy(struct intent *intent);

/* Names of intents and LSPs: 1 to size_max printable characters of ASCII but space, / and \, so that
 * a path of the API, a key of the store and a column of a table can have them as they are. */
bool intent_name_is_valid(const char *name, size_t size_max);

static inline struct wire_span intent_path_name(const struct intent_path *path)
{
    return (struct wire_span){(const uint8_t *)path->name, path->name_size};
}

#endif
