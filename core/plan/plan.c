#include "core/plan/plan.h"

#include "core/base/check.h"

#include <stdlib.h>

bool plan_has_path(const struct plan *plan, const struct plan_demand *demand,
                   const struct plan_route *route)
{
    uint32_t at = demand->from;
    for (uint32_t i = 0; i <= route->count; i++) {
        uint32_t next = i < route->count ? route->vias[i] : demand->to, count;
        (void)spread_between(&plan->spread, at, next, &count);
        if (count == 0)
            return false;
        at = next;
    }
    return true;
}

void plan_try(struct plan *plan, const struct plan_demand *demand, const struct plan_route *route,
              double octets_per_s)
{
    uint32_t at = demand->from;
    for (uint32_t i = 0; i <= route->count; i++) {
        uint32_t next = i < route->count ? route->vias[i] : demand->to, count;
        const struct spread_share *shares = spread_between(&plan->spread, at, next, &count);
        for (uint32_t s = 0; s < count; s++) {
            uint32_t link = shares[s].link;
            if (!plan->is_touched[link])
                plan->touched[plan->touched_count++] = link;
            plan->is_touched[link] = true;
            plan->added[link] += octets_per_s * (double)shares[s].part;
        }
        at = next;
    }
}

void plan_clear(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->touched_count; i++) {
        plan->added[plan->touched[i]] = 0;
        plan->is_touched[plan->touched[i]] = false;
    }
    plan->touched_count = 0;
}

void plan_apply(struct plan *plan, uint32_t demand, double sign)
{
    const struct plan_demand *moved = &plan->demands[demand];
    plan_try(plan, moved, &plan->routes[demand], moved->octets_per_s);
    for (uint32_t i = 0; i < plan->touched_count; i++)
        plan->loads[plan->touched[i]] += sign * plan->added[plan->touched[i]];
    plan_clear(plan);
}

double plan_load_of(const struct plan *plan, uint32_t link, double octets_per_s)
{
    double capacity = (double)plan->snapshot->links[link].capacity;
    return capacity > 0 ? octets_per_s / capacity : 0;
}

double plan_worst(const struct plan *plan, uint32_t *link)
{
    double worst = 0;
    *link = TED_NONE;
    for (uint32_t i = 0; i < plan->snapshot->link_count; i++) {
        double load = plan_load_of(plan, i, plan->loads[i]);
        if (load > worst) {
            worst = load;
            *link = i;
        }
    }
    return worst;
}

static void plan_place_all(struct plan *plan)
{
    uint32_t link;
    for (uint32_t i = 0; i < plan->demand_count; i++) {
        const struct plan_demand *demand = &plan->demands[i];
        CHECK(demand->from < plan->snapshot->node_count && demand->to < plan->snapshot->node_count);
        plan->lost += !plan_has_path(plan, demand, &plan->routes[i]);
        plan_apply(plan, i, 1);
    }
    plan->worst_first = plan_worst(plan, &link);
    plan->worst_found = plan->worst_first;
}

enum pce_status plan_init(struct plan *plan, const struct ted_snapshot *snapshot,
                          const struct plan_demand *demands, uint32_t count)
{
    *plan = (struct plan){.snapshot = snapshot, .demands = demands, .demand_count = count};
    if (count > PLAN_DEMANDS_MAX)
        return PCE_LIMIT;
    enum pce_status status = spread_init(&plan->spread, snapshot);
    if (status != PCE_OK)
        return status;
    plan->routes = calloc((size_t)count + 1, sizeof *plan->routes);
    plan->loads = calloc((size_t)snapshot->link_count + 1, sizeof *plan->loads);
    plan->added = calloc((size_t)snapshot->link_count + 1, sizeof *plan->added);
    plan->touched = calloc((size_t)snapshot->link_count + 1, sizeof *plan->touched);
    plan->is_touched = calloc((size_t)snapshot->link_count + 1, sizeof *plan->is_touched);
    if (plan->is_touched == NULL || plan->routes == NULL || plan->loads == NULL ||
        plan->added == NULL || plan->touched == NULL) {
        plan_fini(plan);
        return PCE_NO_MEMORY;
    }
    plan_place_all(plan);
    return PCE_OK;
}

void plan_fini(struct plan *plan)
{
    spread_fini(&plan->spread);
    free(plan->routes);
    free(plan->loads);
    free(plan->added);
    free(plan->touched);
    free(plan->is_touched);
    free(plan->steps);
    *plan = (struct plan){0};
}
