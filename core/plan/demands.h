/* Demands: a file of what nodes want to send to each other (docs/TOPOLOGY-FILES.md, Demands).
 *
 * Thread: any. Owns: nothing. Bound: PLAN_DEMANDS_MAX demands. */
#ifndef PCED_CORE_PLAN_DEMANDS_H
#define PCED_CORE_PLAN_DEMANDS_H

#include "core/plan/plan.h"
#include "core/ted/builder.h"

struct demand_list {
    struct plan_demand *all; /* the caller's to free */
    uint32_t count;
};

/* PCE_INVALID, PCE_LIMIT: the fault says what and where, and there is nothing to free. */
PCE_MUST_CHECK enum pce_status demands_read(const char *text, size_t size,
                                            const struct ted_snapshot *snapshot,
                                            struct demand_list *demands, struct ted_fault *fault);

#endif
