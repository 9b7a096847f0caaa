/* Plan: where the traffic of a whole matrix of demands goes, and which of it to move so that the most
 * loaded link is loaded least (global concurrent optimisation, RFC 5557), as a preview: nothing is sent.
 *
 * A demand goes from its source by at most PLAN_VIAS_MAX nodes to its destination, each time over all
 * shortest paths (spread.h), which is a list of node segments. To begin with each demand goes straight.
 * plan_optimise moves demands, one after the other; plan_schedule puts what is left of that in an order in
 * which no link is ever overbooked, though a demand has its old and its new place while it moves
 * (make before break).
 *
 * Thread: one caller. Owns: its arrays; the snapshot must outlive it. Bound: the limits of spread.h,
 * PLAN_DEMANDS_MAX demands, PLAN_MOVES_MAX moves. */
#ifndef PCED_CORE_PLAN_PLAN_H
#define PCED_CORE_PLAN_PLAN_H

#include "core/plan/spread.h"

#define PLAN_DEMANDS_MAX 262144
#define PLAN_MOVES_MAX   100000
#define PLAN_VIAS_MAX    4 /* so that a list has five segments */

struct plan_demand {
    uint32_t from, to;   /* nodes of the snapshot, not the same */
    double octets_per_s; /* above 0 */
};

struct plan_route {
    uint32_t count; /* nodes on the way */
    uint32_t vias[PLAN_VIAS_MAX];
};

struct plan_step {
    uint32_t demand;
    struct plan_route route;
    double
        worst_during; /* load of the most loaded link while the demand has both places, 1 is full */
    double worst_after;
};

struct plan {
    const struct ted_snapshot *snapshot;
    struct spread spread;
    const struct plan_demand *demands; /* the caller's */
    uint32_t demand_count;
    struct plan_route *routes; /* by demand, as the search has it */
    double *loads;             /* by link: octets per second */
    double *added;             /* by link: of what is tried */
    uint32_t *touched;         /* links that have something in `added`, each once … */
    bool *is_touched;          /* … and whether a link is among them */
    uint32_t touched_count;
    uint32_t lost;      /* demands without a path, which count nowhere */
    double worst_first; /* with all demands straight */
    double worst_found; /* that the search has reached */
    struct plan_step *steps;
    uint32_t step_count;
    uint32_t blocked; /* moves of the search that nothing makes room for */
};

/* On any failure there is nothing to release. PCE_LIMIT: too many demands, or spread.h; PCE_INVALID as
 * there. */
PCE_MUST_CHECK enum pce_status plan_init(struct plan *plan, const struct ted_snapshot *snapshot,
                                         const struct plan_demand *demands, uint32_t count);
void plan_fini(struct plan *plan);

/* The load of the most loaded link now. Links without capacity do not count. */
double plan_worst(const struct plan *plan, uint32_t *link);

/* Moves demands until nothing that was tried lowers the worst load, or 128 moves have lowered it by less
 * than `gain` of itself. segments_max: 2 to PLAN_VIAS_MAX + 1. */
void plan_optimise(struct plan *plan, uint32_t segments_max, double gain);
/* Takes back what brings less than `gain`, and orders the rest into steps; to be called once. Afterwards the
 * routes are those after the last step. PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status plan_schedule(struct plan *plan, double gain);

/* Internal to core/plan. */

/* What a route of the demand puts on links, into plan->added; to be cleared by plan_clear. */
void plan_try(struct plan *plan, const struct plan_demand *demand, const struct plan_route *route,
              double octets_per_s);
void plan_clear(struct plan *plan);
/* Puts the demand's route on the links, or takes it off (sign -1). */
void plan_apply(struct plan *plan, uint32_t demand, double sign);
bool plan_has_path(const struct plan *plan, const struct plan_demand *demand,
                   const struct plan_route *route);
double plan_load_of(const struct plan *plan, uint32_t link, double octets_per_s);

#endif
