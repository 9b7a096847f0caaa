/* LSP: what one symbolic path name of a PCC names (RFC 8231 7.3.2), and the instances of it that
 * the PCC has reported.
 *
 * An instance keeps its last report as octets: every object of it from the LSP object on, but for
 * the ASSOCIATIONs; in the LSP object PLSP-ID and S flag are 0, SYMBOLIC-PATH-NAME and
 * LSP-DB-VERSION are left out (lsp_octets_restore puts back what the LSP has of these). So nothing
 * is lost, "nothing has changed" is one comparison in every session, and whoever wants more than
 * the summary decodes them. RSVP-TE has several instances while one path replaces another (make before break);
 * they differ in the LSP-ID of their LSP-IDENTIFIERS.
 *
 * A PCC that does not keep names unique (FRR's pathd) has *twins*: of two LSPs of one name the one
 * that comes second is named NAME@ENDPOINT here, and only the octets in front of that are its PCC's.
 *
 * Thread: the owning shard. Owns: an LSP owns its instances, memberships and history.
 * Bound: LSP_NAME_MAX, LSP_INSTANCES_MAX and LSP_ASSOCIATIONS_MAX for one LSP; the limits of
 * lsp_db.h for all of them. */
#ifndef PCED_CORE_LSP_LSP_H
#define PCED_CORE_LSP_LSP_H

#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/base/wire.h"

#define LSP_NAME_MAX         255 /* octets of a symbolic path name */
#define LSP_INSTANCES_MAX    8   /* that one LSP has side by side */
#define LSP_ASSOCIATIONS_MAX 64  /* groups that one LSP is in */

struct lsp_association;
struct
    lsp_control; /* what has been ordered of it; its owner frees it when it is told of the removal */
struct lsp_history;
struct lsp_pcc;
struct lsp_route; /* the links that it takes; likewise */

/* Names an LSP across threads, and past its end. */
struct lsp_handle {
    uint32_t slot;
    uint32_t generation; /* 0: none */
};

/* What others ask often of an instance, read once when its octets change. */
struct lsp_summary {
    float bandwidth;          /* asked for, octets a second; 0: none */
    float bandwidth_measured; /* … that it has, as its PCC says */
    uint16_t flags;           /* PCEP_LSP_…, S cleared */
    uint16_t identifiers_at;  /* where in the octets the value of LSP-IDENTIFIERS begins; 0: none */
    uint16_t binding_at;      /* … the first TE-PATH-BINDING TLV, header included; 0: none */
    uint16_t carried_at; /* … bindings that earlier reports had, to the LSP object's end; 0: none */
    uint16_t path_at;    /* … the intended path: its EROs and PATH-ATTRIBs */
    uint16_t path_size;
    uint8_t setup_type; /* PATH-SETUP-TYPE */
    uint8_t setup_priority;
    uint8_t holding_priority;
};

struct lsp_instance {
    struct lsp_instance *next;
    struct lsp_summary summary;
    uint32_t epoch;  /* of its PCC, when it was seen last */
    uint16_t lsp_id; /* 0: not signalled, or no LSP-IDENTIFIERS */
    uint16_t size;
    uint8_t octets[];
};

/* One LSP in one group. The octets are the whole ASSOCIATION object as it came. */
struct lsp_membership {
    struct lsp_membership *next; /* of the same LSP */
    struct list_link link;       /* in the group */
    struct lsp_association *group;
    struct lsp *lsp;
    uint32_t epoch; /* of the PCC, when it was reported last */
    uint16_t size;
    bool is_listed; /* by the report at hand */
    uint8_t octets[];
};

enum lsp_delegation {
    LSP_NOT_DELEGATED,
    LSP_IS_DELEGATED, /* to us: its D flag is set */
};

struct lsp {
    struct map_node by_name;
    struct map_node by_plsp_id; /* in the map while lsp_is_bound */
    struct list_link link;      /* of its PCC: those seen longest ago are first */
    struct lsp_pcc *pcc;
    struct lsp_instance *instances; /* newest first; never NULL but while it is made */
    struct lsp_membership *memberships;
    struct lsp_history *history; /* NULL until something has changed */
    struct lsp_control *control; /* NULL: nobody has steered it */
    struct lsp_route *route;     /* NULL: unknown, or it takes no link */
    struct mono created;
    uint32_t slot;
    uint32_t generation;
    uint32_t plsp_id;
    uint32_t bound_in;   /* number of the session that PLSP-ID is of */
    uint32_t created_in; /* number of the session that reported it first */
    uint32_t epoch;      /* of its PCC, when it was seen last */
    uint32_t srp_id;     /* the last one in a report of it; 0: none */
    uint8_t delegation;  /* enum lsp_delegation */
    uint8_t name_size;
    uint8_t said_size; /* of the name: as its PCC says it; less than name_size for a twin */
    char name[];
};

/* A million of them count: with a name of 24 octets; LSP-IDENTIFIERS and five segments with their
 * NAI are 92 octets, LSPA, BANDWIDTH and two METRICs another 52. */
_Static_assert(offsetof(struct lsp, name) + 24 <= 160, "struct lsp grew");
_Static_assert(offsetof(struct lsp_instance, octets) + 152 <= 192, "struct lsp_instance grew");
_Static_assert(sizeof(struct lsp_instance) == offsetof(struct lsp_instance, octets),
               "assigning one writes no octet behind it");
_Static_assert(LSP_NAME_MAX <= UINT8_MAX, "name_size is an octet");

static inline struct lsp_handle lsp_handle_of(const struct lsp *lsp)
{
    return (struct lsp_handle){lsp->slot, lsp->generation};
}

static inline struct wire_span lsp_name(const struct lsp *lsp)
{
    return (struct wire_span){(const uint8_t *)lsp->name, lsp->name_size};
}

/* As its PCC says it: of twins, several have it. */
static inline struct wire_span lsp_said_name(const struct lsp *lsp)
{
    return (struct wire_span){(const uint8_t *)lsp->name, lsp->said_size};
}

/* The instance that stands for the LSP: the newest one that is up or active, else the newest. */
const struct lsp_instance *lsp_first_instance(const struct lsp *lsp);
/* enum pcep_lsp_operational of that instance; the reserved values as they came. */
unsigned lsp_operational(const struct lsp *lsp);
/* Its PCC has no session, or has not reported it since the synchronisation that is under way
 * began. */
bool lsp_is_stale(const struct lsp *lsp);
/* Its PLSP-ID may be used: it is one of this session. */
bool lsp_is_bound(const struct lsp *lsp);

#endif
