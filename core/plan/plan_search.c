/* The search of plan.h: from the most loaded link demands are moved elsewhere, the greatest first, to where
 * they raise the sum of high powers of all loads least: that sum is near the greatest of them, and tells
 * moves apart that leave the worst link as it is. */
#include "core/plan/plan.h"

#include "core/base/check.h"

#include <math.h>

#define SEARCH_TRIES  64  /* demands of a link that are tried */
#define SEARCH_WINDOW 128 /* moves that have to bring the gain together */
#define SEARCH_LINKS  32
#define SEARCH_NEAR   0.8 /* of the worst load: what is below it makes no room */
#define SEARCH_LEAST  1e-12

struct searching {
    struct plan *plan;
    double worst;       /* loads are compared with this one */
    uint32_t doublings; /* 2 to its power: the power of loads */
    uint32_t vias_max;
};

struct candidate {
    struct plan_route route;
    double price;
};

static double search_power(const struct searching *searching, uint32_t link, double octets_per_s)
{
    double load = plan_load_of(searching->plan, link, octets_per_s) / searching->worst;
    for (uint32_t i = 0; i < searching->doublings; i++)
        load *= load;
    return load;
}

/* One more share of a demand on a link: what that adds to the sum. */
static double search_put(const struct searching *searching, uint32_t link, double octets_per_s)
{
    struct plan *plan = searching->plan;
    if (!plan->is_touched[link])
        plan->touched[plan->touched_count++] = link;
    plan->is_touched[link] = true;
    double before = plan->loads[link] + plan->added[link];
    plan->added[link] += octets_per_s;
    return search_power(searching, link, before + octets_per_s) -
           search_power(searching, link, before);
}

/* What a route adds to the sum, its demand being off the links. Nothing takes away from it: past `enough`
 * the rest of the route is not looked at. */
static double search_price(const struct searching *searching, const struct plan_demand *demand,
                           const struct plan_route *route, double enough)
{
    struct plan *plan = searching->plan;
    uint32_t at = demand->from;
    double price = 0;
    for (uint32_t i = 0; i <= route->count && price < enough; i++) {
        uint32_t next = i < route->count ? route->vias[i] : demand->to, count;
        const struct spread_share *shares = spread_between(&plan->spread, at, next, &count);
        for (uint32_t s = 0; s < count && price < enough; s++)
            price += search_put(searching, shares[s].link,
                                demand->octets_per_s * (double)shares[s].part);
        at = next;
    }
    plan_clear(plan);
    return price;
}

static void search_offer(const struct searching *searching, const struct plan_demand *demand,
                         const struct plan_route *route, struct candidate *best)
{
    if (!plan_has_path(searching->plan, demand, route))
        return;
    double price = search_price(searching, demand, route, best->price);
    if (price < best->price - SEARCH_LEAST)
        *best = (struct candidate){*route, price};
}

/* A node more on the way, or another one in its place. */
static void search_offer_via(const struct searching *searching, const struct plan_demand *demand,
                             const struct plan_route *from, uint32_t via, struct candidate *best)
{
    for (uint32_t place = 0; place <= from->count; place++) {
        struct plan_route route = *from;
        if (place < from->count) {
            route.vias[place] = via;
            search_offer(searching, demand, &route, best);
            route = *from;
        }
        if (from->count == searching->vias_max)
            continue;
        for (uint32_t i = route.count++; i > place; i--)
            route.vias[i] = route.vias[i - 1];
        route.vias[place] = via;
        search_offer(searching, demand, &route, best);
    }
}

/* The best place of a demand that is off the links, among those that are near its route. */
static struct candidate search_best(const struct searching *searching, uint32_t demand)
{
    const struct plan *plan = searching->plan;
    const struct plan_demand *moved = &plan->demands[demand];
    const struct plan_route straight = {.count = 0}, now = plan->routes[demand];
    struct candidate best = {now, search_price(searching, moved, &now, INFINITY)};
    search_offer(searching, moved, &straight, &best);
    for (uint32_t via = 0; via < plan->snapshot->node_count; via++) {
        search_offer_via(searching, moved, &straight, via, &best);
        if (now.count > 0)
            search_offer_via(searching, moved, &now, via, &best);
    }
    return best;
}

static bool search_move(const struct searching *searching, uint32_t demand)
{
    struct plan *plan = searching->plan;
    plan_apply(plan, demand, -1);
    struct candidate best = search_best(searching, demand);
    const struct plan_route *now = &plan->routes[demand];
    double before = search_price(searching, &plan->demands[demand], now, INFINITY);
    bool is_moved = best.price < before - SEARCH_LEAST;
    if (is_moved)
        plan->routes[demand] = best.route;
    plan_apply(plan, demand, 1);
    return is_moved;
}

/* What a demand has on a link. */
static double search_share(struct plan *plan, uint32_t demand, uint32_t link)
{
    const struct plan_demand *moved = &plan->demands[demand];
    plan_try(plan, moved, &plan->routes[demand], moved->octets_per_s);
    double share = plan->added[link];
    plan_clear(plan);
    return share;
}

/* The demands that have most on a link, at most SEARCH_TRIES, the greatest first. */
static uint32_t search_greatest(struct plan *plan, uint32_t link, uint32_t demands[SEARCH_TRIES])
{
    double shares[SEARCH_TRIES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->demand_count; i++) {
        double share = search_share(plan, i, link);
        if (share <= 0 || (count == SEARCH_TRIES && share <= shares[count - 1]))
            continue;
        uint32_t place = count < SEARCH_TRIES ? count++ : count - 1;
        for (; place > 0 && shares[place - 1] < share; place--) {
            shares[place] = shares[place - 1];
            demands[place] = demands[place - 1];
        }
        shares[place] = share;
        demands[place] = i;
    }
    return count;
}

static bool search_relieve(const struct searching *searching, uint32_t link)
{
    uint32_t demands[SEARCH_TRIES];
    uint32_t count = search_greatest(searching->plan, link, demands);
    for (uint32_t i = 0; i < count; i++) {
        if (search_move(searching, demands[i]))
            return true;
    }
    return false;
}

/* The most loaded link after another one, in the order of loads; TED_NONE: none has more than `least`. */
static uint32_t search_next(const struct plan *plan, uint32_t link, double least)
{
    double above = plan_load_of(plan, link, plan->loads[link]), best = least;
    uint32_t next = TED_NONE;
    for (uint32_t i = 0; i < plan->snapshot->link_count; i++) {
        double load = plan_load_of(plan, i, plan->loads[i]);
        bool is_after = load < above || (load == above && i > link);
        if (is_after && load > best) {
            best = load;
            next = i;
        }
    }
    return next;
}

/* The worst link, or where nothing can be moved from that the next one, whose moves may make room. */
static bool search_relieve_any(const struct searching *searching, uint32_t link)
{
    for (uint32_t i = 0; i < SEARCH_LINKS && link != TED_NONE; i++) {
        if (search_relieve(searching, link))
            return true;
        link = search_next(searching->plan, link, searching->worst * SEARCH_NEAR);
    }
    return false;
}

/* Until a power of loads brings nothing more. */
static void search_run(struct searching *searching, double gain, uint32_t *moves)
{
    struct plan *plan = searching->plan;
    double window = INFINITY;
    for (uint32_t made = 0; *moves < PLAN_MOVES_MAX; made++) {
        uint32_t link;
        searching->worst = plan_worst(plan, &link);
        if (made % SEARCH_WINDOW == 0) {
            if (searching->worst > window * (1 - gain))
                return;
            window = searching->worst;
        }
        if (link == TED_NONE || !search_relieve_any(searching, link))
            return;
        ++*moves;
    }
}

void plan_optimise(struct plan *plan, uint32_t segments_max, double gain)
{
    uint32_t link, moves = 0;
    CHECK(segments_max >= 2 && segments_max <= PLAN_VIAS_MAX + 1);
    struct searching searching = {.plan = plan, .vias_max = segments_max - 1};
    /* First by the 8th power, which spreads load widely, then ever nearer to the greatest load alone. */
    for (searching.doublings = 3; searching.doublings <= 7; searching.doublings++)
        search_run(&searching, gain, &moves);
    plan->worst_found = plan_worst(plan, &link);
}
