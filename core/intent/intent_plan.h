/* Intent plan: what a PCC is asked for, so that a candidate path exists: objects as they go on the
 * wire, on the network of one moment.
 *
 * Two numbers tell plans apart: the way (lsp_path_digest, which is what a PCC reports), and all that
 * is asked, attributes included, which PCCs report in part or not at all.
 *
 * Thread: the engine's. Owns: nothing; the octets are the caller's. Bound: the octets' room;
 * work_max steps of the engine for a path that is computed. */
#ifndef PCED_CORE_INTENT_INTENT_PLAN_H
#define PCED_CORE_INTENT_INTENT_PLAN_H

#include "core/base/arena.h"
#include "core/intent/intent.h"
#include "core/lsp/compose.h"
#include "core/path/path.h"

struct intent_planner {
    struct path_engine *engine;
    struct arena *arena;                    /* for reading the plan again; given back */
    const struct ted_snapshot *snapshot;    /* NULL: there is none */
    const struct path_reservations *leaves; /* NULL: what LSPs hold is not known */
    uint64_t work_max;                      /* steps for one path */
    uint8_t *octets;
    size_t octets_max;
    struct ted_hop *hops; /* PATH_HOPS_MAX of them */
};

struct intent_plan {
    const char *reason; /* why there is none: static text; NULL: there is one */
    uint16_t unmet;     /* UNMET_BIT of core/requests/unmet.h: what stands in the way */
    struct wire_span objects;
    uint64_t path_digest;
    uint64_t whole_digest;
    uint64_t work; /* steps that it took */
};

/* For an initiation, whose objects those of an update are too, but for the END-POINTS, which come
 * first: intent_plan_update. */
void intent_plan_make(const struct intent_planner *planner, const struct intent *intent,
                      const struct intent_path *path, const struct lsp_ability *ability,
                      struct intent_plan *plan);
/* Without the END-POINTS. */
struct wire_span intent_plan_update(const struct intent_plan *plan);

/* Who we are to a PCC, in the CPATH-ID of the candidate paths that it has of us (RFC 9862 4.5.2). */
struct intent_originator {
    uint32_t as;
    struct ip address; /* IP_NONE: none */
};

/* What an LSP has to be told beside: the policy that it is a candidate path of. False: of none. */
bool intent_policy_of(const struct intent *intent, const struct intent_path *path,
                      const struct intent_originator *originator, struct lsp_policy *policy);

#endif
