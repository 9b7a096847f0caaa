#include "core/reopt/flood.h"

#include <stdlib.h>

/* What routers flood is a float of octets a second: it is not exact to the octet. */
#define FLOOD_PART 256

struct flood_link {
    uint32_t number;
    double shown; /* the unreserved bandwidth at the lowest priority that shows it */
};

struct lsp_flood {
    struct ted_claim claim;
    uint32_t turn;    /* of the network that it was ordered on */
    uint32_t until_s; /* seconds of the clock */
    uint32_t count;
    struct flood_link links[]; /* ascending numbers */
};

/* ---- the account ---- */

/* What is unflooded is never less than what is held of it: who looks for links that hold too much
 * does not see it twice. */
enum pce_status flood_take(struct reopt *reopt, const struct ted_snapshot *snapshot,
                           const struct flood_claim *wanted)
{
    for (uint32_t i = 0; i < wanted->count; i++)
        ted_reservations_flood(reopt->reservations, wanted->numbers[i], wanted->claim.octets_per_s,
                               true);
    enum pce_status status = ted_reservations_take(reopt->reservations, snapshot, wanted->numbers,
                                                   wanted->count, &wanted->claim);
    for (uint32_t i = 0; status != PCE_OK && i < wanted->count; i++)
        ted_reservations_flood(reopt->reservations, wanted->numbers[i], wanted->claim.octets_per_s,
                               false);
    return status;
}

void flood_give_back(struct reopt *reopt, const struct flood_claim *taken)
{
    ted_reservations_release(reopt->reservations, taken->numbers, taken->count, &taken->claim);
    for (uint32_t i = 0; i < taken->count; i++)
        ted_reservations_flood(reopt->reservations, taken->numbers[i], taken->claim.octets_per_s,
                               false);
}

static void flood_release(struct reopt *reopt, const struct lsp_flood *flood, uint32_t number)
{
    const struct flood_claim one = {.numbers = &number, .count = 1, .claim = flood->claim};
    flood_give_back(reopt, &one);
}

/* ---- one LSP ---- */

static const struct ted_link *flood_link_of(const struct ted_snapshot *snapshot, uint32_t number)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    uint32_t link = number < numbers->count ? numbers->links[number] : TED_NONE;
    return link == TED_NONE ? NULL : &snapshot->links[link];
}

static struct flood_link flood_link_make(const struct reopt *reopt,
                                         const struct ted_snapshot *snapshot, uint32_t number)
{
    const struct ted_link *link = flood_link_of(snapshot, number);
    double now = link == NULL ? 0 : (double)link->unreserved[TED_PRIORITIES - 1];
    return (struct flood_link){
        .number = number,
        .shown = now - (double)ted_reservations_unflooded(reopt->reservations, number)};
}

void flood_drop(struct reopt *reopt, struct lsp *lsp)
{
    flood_keep(reopt, lsp, NULL, 0);
}

/* The set follows the routes: an LSP is in it while it has a flood. */
static void flood_tidy(struct reopt *reopt, struct lsp *lsp)
{
    if (lsp->route->flood->count > 0)
        return;
    free(lsp->route->flood);
    lsp->route->flood = NULL;
    slot_set_remove(&reopt->flooding, lsp->slot);
}

void flood_keep(struct reopt *reopt, struct lsp *lsp, const uint32_t *numbers, uint32_t count)
{
    uint32_t kept = 0, at = 0;
    if (lsp->route == NULL || lsp->route->flood == NULL)
        return;
    struct lsp_flood *flood = lsp->route->flood;
    for (uint32_t i = 0; i < flood->count; i++) {
        while (at < count && numbers[at] < flood->links[i].number)
            at++;
        if (at < count && numbers[at] == flood->links[i].number)
            flood->links[kept++] = flood->links[i];
        else
            flood_release(reopt, flood, flood->links[i].number);
    }
    flood->count = kept;
    flood_tidy(reopt, lsp);
}

struct lsp_flood *flood_make(struct reopt *reopt, const struct ted_snapshot *snapshot,
                             const struct flood_claim *taken, struct mono now)
{
    struct lsp_flood *flood = malloc(sizeof *flood + taken->count * sizeof flood->links[0]);
    if (flood == NULL)
        return NULL;
    *flood =
        (struct lsp_flood){.claim = taken->claim,
                           .turn = snapshot->link_numbers->turn,
                           .until_s = (uint32_t)(now.ns / MONO_NS_PER_S) + reopt->settings.flood_s,
                           .count = taken->count};
    for (uint32_t i = 0; i < taken->count; i++)
        flood->links[i] = flood_link_make(reopt, snapshot, taken->numbers[i]);
    return flood;
}

void flood_discard(struct reopt *reopt, struct lsp_flood *flood)
{
    for (uint32_t i = 0; i < flood->count; i++)
        flood_release(reopt, flood, flood->links[i].number);
    free(flood);
}

/* Of the same claim: the links of both, for as long as those of the newer one. */
static bool flood_merge(struct lsp *lsp, struct lsp_flood *flood)
{
    struct lsp_flood *old = lsp->route->flood;
    uint32_t o = 0, n = 0;
    struct lsp_flood *both =
        malloc(sizeof *both + ((size_t)old->count + flood->count) * sizeof both->links[0]);
    if (both == NULL)
        return false;
    *both = *flood;
    both->count = 0;
    while (o < old->count || n < flood->count) {
        bool is_old =
            n == flood->count || (o < old->count && old->links[o].number < flood->links[n].number);
        both->links[both->count++] = is_old ? old->links[o] : flood->links[n];
        o += is_old;
        n += !is_old;
    }
    lsp->route->flood = both;
    free(old);
    free(flood);
    return true;
}

static bool flood_is_of(const struct lsp_flood *flood, const struct ted_claim *claim)
{
    return flood->claim.octets_per_s == claim->octets_per_s && flood->claim.setup == claim->setup &&
           flood->claim.holding == claim->holding;
}

/* Of another claim than before: what was held is let go; the account has the new one of the new
 * links, and the IGP will tell of the rest. */
bool flood_attach(struct reopt *reopt, struct lsp *lsp, struct lsp_flood *flood)
{
    if (lsp->route->flood != NULL && !flood_is_of(lsp->route->flood, &flood->claim))
        flood_drop(reopt, lsp);
    bool is_kept = slot_set_add(&reopt->flooding, lsp->slot);
    if (is_kept && lsp->route->flood == NULL)
        lsp->route->flood = flood;
    else if (is_kept)
        is_kept = flood_merge(lsp, flood);
    if (is_kept)
        return true;
    if (lsp->route->flood == NULL)
        slot_set_remove(&reopt->flooding, lsp->slot);
    flood_discard(reopt, flood);
    return false;
}

bool flood_hold(struct reopt *reopt, const struct reopt_scene *scene, struct lsp *lsp,
                const struct flood_claim *taken)
{
    if (taken->count == 0)
        return true;
    struct lsp_flood *flood = flood_make(reopt, scene->snapshot, taken, scene->now);
    if (flood != NULL)
        return flood_attach(reopt, lsp, flood);
    flood_give_back(reopt, taken);
    return false;
}

uint32_t flood_numbers(const struct lsp_route *route, uint32_t *numbers)
{
    uint32_t count = route->flood == NULL ? 0 : route->flood->count;
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = route->flood->links[i].number;
    return count;
}

/* ---- what the network shows ---- */

static bool flood_is_shown(const struct reopt_scene *scene, const struct lsp_flood *flood,
                           const struct flood_link *link)
{
    const struct ted_link *now = flood_link_of(scene->snapshot, link->number);
    if (now == NULL)
        return true; /* there is nothing to hold */
    return scene->snapshot->link_numbers->turn != flood->turn &&
           (double)now->unreserved[TED_PRIORITIES - 1] <=
               link->shown + (double)flood->claim.octets_per_s / FLOOD_PART;
}

static void flood_look_at(struct reopt *reopt, const struct reopt_scene *scene, struct lsp *lsp)
{
    struct lsp_flood *flood = lsp->route->flood;
    bool is_over = scene->now.ns / MONO_NS_PER_S >= flood->until_s;
    uint32_t kept = 0;
    reopt->counters.reopt_unshown += is_over;
    for (uint32_t i = 0; i < flood->count; i++) {
        if (is_over || flood_is_shown(scene, flood, &flood->links[i]))
            flood_release(reopt, flood, flood->links[i].number);
        else
            flood->links[kept++] = flood->links[i];
    }
    flood->count = kept;
    flood_tidy(reopt, lsp);
}

static void flood_look_begin(struct reopt *reopt, const struct reopt_scene *scene)
{
    uint32_t turn = scene->snapshot->link_numbers->turn;
    bool is_early = mono_since_ns(scene->now, reopt->flooded) < FLOOD_LOOK_MS * MONO_NS_PER_MS;
    if (reopt->is_flooding || reopt->flooding.count == 0 || (is_early && turn == reopt->flood_turn))
        return;
    reopt->flooded = scene->now;
    reopt->flood_turn = turn;
    reopt->flood_slot = 0;
    reopt->is_flooding = true;
}

bool flood_look(struct reopt *reopt, struct reopt_scene *scene)
{
    flood_look_begin(reopt, scene);
    for (; reopt->is_flooding && scene->work_left > 0; reopt_spend(scene, REOPT_WORK_OF_MARK)) {
        if (!slot_set_next(&reopt->flooding, &reopt->flood_slot)) {
            reopt->is_flooding = false;
            break;
        }
        struct lsp *lsp = lsp_slots_at(&reopt->db->slots, reopt->flood_slot++);
        if (lsp != NULL && lsp->route != NULL && lsp->route->flood != NULL)
            flood_look_at(reopt, scene, lsp);
    }
    return reopt->is_flooding;
}
