/* Intent plan: what a PCC is asked for, so that a candidate path exists: objects as they go on the
 * wire, on the network of one moment, and the links that the path takes there.
 *
 * A path that is computed sees what LSPs hold of the links; what its own LSP holds is free to it. What
 * takes longer than a turn is for other threads: the plan says so, and is made again with their
 * result.
 *
 * Thread: the engine's. Owns: nothing; the octets are the caller's, the links valid until the next
 * plan. Bound: the octets' room; work_max steps of the engine for a path that is computed. */
#ifndef PCED_CORE_INTENT_INTENT_PLAN_H
#define PCED_CORE_INTENT_INTENT_PLAN_H

#include "core/base/arena.h"
#include "core/intent/intent.h"
#include "core/lsp/compose.h"
#include "core/path/path.h"
#include "core/requests/computation.h"

struct reopt;

struct intent_planner {
    struct reopt *reopt; /* what LSPs hold, and where paths lead */
    struct path_engine *engine;
    struct arena *arena;                 /* for reading the plan again; given back */
    const struct ted_snapshot *snapshot; /* NULL: there is none */
    uint64_t work_max;                   /* steps for one path; 0: all that it takes */
    uint8_t *octets;
    size_t octets_max;
    struct ted_hop *hops;   /* PATH_HOPS_MAX of them */
    struct ip group_source; /* of disjoint groups; IP_NONE: none was configured */
};

/* What a plan is for. */
struct intent_subject {
    const struct intent *intent;
    const struct intent_path *path;
    const struct lsp_ability *ability;
    const struct lsp *reported; /* whose links are free to the path; NULL: it is not there */
    const struct computation *computed; /* by another thread; NULL: nothing was */
    bool is_heavy;                      /* it is known to take longer than work_max */
    bool is_outdated; /* results have come too late before: one that holds will do */
};

struct intent_plan {
    const char *reason; /* why there is none: static text; NULL: there is one */
    uint16_t unmet;     /* UNMET_BIT of core/requests/unmet.h: what stands in the way */
    bool is_heavy;      /* there is none yet: `request` is for another thread */
    bool is_past;       /* that there is none was so of a network that has been replaced since */
    struct wire_span objects;
    uint64_t path_digest;
    const uint32_t *links; /* of the snapshot; where bandwidth is asked for that is counted here */
    uint32_t link_count;
    uint64_t work; /* steps that it took */
    struct path_request request;
    struct path_reservations leaves; /* of the request */
};

/* For an initiation, whose objects those of an update are too, but for the END-POINTS, which come
 * first: intent_plan_update. */
void intent_plan_make(const struct intent_planner *planner, const struct intent_subject *subject,
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
