/* The order of moves of plan.h. */
#include "core/plan/plan.h"

#include "core/base/check.h"

#include <stdlib.h>

#define SCHEDULE_LOOKS_MAX 256 /* moves that fit and are compared for a step */

struct scheduling {
    struct plan *plan;
    uint32_t *moved;           /* demands that still have to move */
    struct plan_route *target; /* of each */
    uint32_t count;
};

/* Takes demands back to where they were as far as that costs nothing. */
static void schedule_prune(struct scheduling *scheduling, double gain)
{
    struct plan *plan = scheduling->plan;
    uint32_t kept = 0;
    double worst = plan->worst_found * (1 + gain);
    for (uint32_t i = 0; i < scheduling->count; i++) {
        uint32_t demand = scheduling->moved[i], link;
        struct plan_route route = plan->routes[demand];
        plan_apply(plan, demand, -1);
        plan->routes[demand] = (struct plan_route){.count = 0};
        plan_apply(plan, demand, 1);
        if (plan_worst(plan, &link) <= worst)
            continue;
        plan_apply(plan, demand, -1);
        plan->routes[demand] = route;
        plan_apply(plan, demand, 1);
        scheduling->moved[kept++] = demand;
    }
    scheduling->count = kept;
}

/* Back to the beginning; what is wanted is remembered. */
static void schedule_rewind(struct scheduling *scheduling)
{
    struct plan *plan = scheduling->plan;
    for (uint32_t i = 0; i < scheduling->count; i++) {
        uint32_t demand = scheduling->moved[i];
        scheduling->target[i] = plan->routes[demand];
        plan_apply(plan, demand, -1);
        plan->routes[demand] = (struct plan_route){.count = 0};
        plan_apply(plan, demand, 1);
    }
}

/* While it moves, a demand holds on each link the greater of what its two places put there. False: a link
 * has no room for that; one that is too full already may not get more. */
static bool schedule_fits(struct plan *plan, const struct plan_demand *demand,
                          const struct plan_route *from, const struct plan_route *to,
                          double *worst_during)
{
    bool fits = true;
    /* The loads already have the old place: less it, what the new one adds is what is more. */
    plan_try(plan, demand, to, demand->octets_per_s);
    plan_try(plan, demand, from, -demand->octets_per_s);
    for (uint32_t i = 0; i < plan->touched_count; i++) {
        uint32_t link = plan->touched[i];
        double more = plan->added[link], capacity = (double)plan->snapshot->links[link].capacity;
        double during = plan_load_of(plan, link, plan->loads[link] + (more > 0 ? more : 0));
        /* Shares are single-precision numbers: what is the same may differ by rounding. */
        bool is_more = more > demand->octets_per_s * 1e-6;
        fits = fits && !(is_more && capacity > 0 && plan->loads[link] + more > capacity);
        *worst_during = during > *worst_during ? during : *worst_during;
    }
    plan_clear(plan);
    return fits;
}

static double schedule_after(struct plan *plan, uint32_t demand, const struct plan_route *route)
{
    uint32_t link;
    struct plan_route before = plan->routes[demand];
    plan_apply(plan, demand, -1);
    plan->routes[demand] = *route;
    plan_apply(plan, demand, 1);
    double after = plan_worst(plan, &link);
    plan_apply(plan, demand, -1);
    plan->routes[demand] = before;
    plan_apply(plan, demand, 1);
    return after;
}

/* Of those that fit, the move that leaves the worst link least loaded; of equal ones the greatest demand.
 * False: none fits. */
static bool schedule_pick(struct scheduling *scheduling, uint32_t *place, struct plan_step *step)
{
    struct plan *plan = scheduling->plan;
    uint32_t link;
    double now = plan_worst(plan, &link);
    bool found = false;
    for (uint32_t i = 0, looks = 0; i < scheduling->count && looks < SCHEDULE_LOOKS_MAX; i++) {
        uint32_t demand = scheduling->moved[i];
        const struct plan_demand *moved = &plan->demands[demand];
        double during = now;
        if (!schedule_fits(plan, moved, &plan->routes[demand], &scheduling->target[i], &during))
            continue;
        looks++;
        double after = schedule_after(plan, demand, &scheduling->target[i]);
        bool is_better = !found || after < step->worst_after ||
                         (after == step->worst_after &&
                          moved->octets_per_s > plan->demands[step->demand].octets_per_s);
        if (!is_better)
            continue;
        found = true;
        *place = i;
        *step = (struct plan_step){demand, scheduling->target[i], during, after};
    }
    return found;
}

static void schedule_take(struct scheduling *scheduling, uint32_t place,
                          const struct plan_step *step)
{
    struct plan *plan = scheduling->plan;
    plan_apply(plan, step->demand, -1);
    plan->routes[step->demand] = step->route;
    plan_apply(plan, step->demand, 1);
    plan->steps[plan->step_count++] = *step;
    scheduling->count--;
    scheduling->moved[place] = scheduling->moved[scheduling->count];
    scheduling->target[place] = scheduling->target[scheduling->count];
}

/* The stop rule: steps after the one that is within `gain` of the last one's load bring too little. */
static void schedule_stop(struct plan *plan, double gain)
{
    if (plan->step_count == 0)
        return;
    double enough = plan->steps[plan->step_count - 1].worst_after * (1 + gain);
    uint32_t needed = plan->worst_first <= enough ? 0 : 1;
    while (needed > 0 && plan->steps[needed - 1].worst_after > enough)
        needed++; /* the last one is enough */
    CHECK(needed <= plan->step_count);
    while (plan->step_count > needed) {
        uint32_t demand = plan->steps[--plan->step_count].demand;
        plan_apply(plan, demand, -1);
        plan->routes[demand] = (struct plan_route){.count = 0};
        plan_apply(plan, demand, 1);
    }
}

enum pce_status plan_schedule(struct plan *plan, double gain)
{
    struct scheduling scheduling = {.plan = plan};
    CHECK(plan->steps == NULL);
    plan->steps = calloc((size_t)plan->demand_count + 1, sizeof *plan->steps);
    scheduling.moved = calloc((size_t)plan->demand_count + 1, sizeof *scheduling.moved);
    scheduling.target = calloc((size_t)plan->demand_count + 1, sizeof *scheduling.target);
    if (plan->steps == NULL || scheduling.moved == NULL || scheduling.target == NULL) {
        free(scheduling.moved);
        free(scheduling.target);
        return PCE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < plan->demand_count; i++) {
        if (plan->routes[i].count > 0)
            scheduling.moved[scheduling.count++] = i;
    }
    schedule_prune(&scheduling, gain);
    schedule_rewind(&scheduling);
    struct plan_step step;
    uint32_t place = 0;
    while (schedule_pick(&scheduling, &place, &step))
        schedule_take(&scheduling, place, &step);
    plan->blocked = scheduling.count;
    schedule_stop(plan, gain);
    free(scheduling.moved);
    free(scheduling.target);
    return PCE_OK;
}
