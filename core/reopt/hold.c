#include "core/reopt/hold.h"

#include "core/lsp/lsp_db.h"
#include "core/lsp/lsp_pcc.h"
#include "core/reopt/flood.h"
#include "core/reopt/reopt.h"
#include "core/reopt/route.h"

#include <stdlib.h>
#include <string.h>

struct reopt_hold {
    struct map_node by_name;
    struct list_link link;
    struct ip pcc;
    struct ted_claim whole;  /* of links that are new to the LSP */
    struct ted_claim more;   /* of those that it holds already: octets_per_s 0: nothing */
    uint32_t hash;           /* of all links of the path */
    uint32_t new_count;      /* numbers of new links, ascending, then … */
    uint32_t old_count;      /* … those that it holds */
    struct lsp_flood *flood; /* of RSVP-TE: what is taken of the new links; NULL: nothing */
    bool is_flooded;
    bool is_over; /* the order has ended: whatever is laid next counts */
    uint8_t name_size;
    char name[LSP_NAME_MAX + 1];
    bool has_shares; /* of the claim, behind the numbers */
    uint32_t numbers[];
};

static uint16_t *hold_shares(const struct reopt_hold *hold)
{
    return (uint16_t *)(uintptr_t)(hold->numbers + hold->new_count);
}

/* ---- names ---- */

struct hold_key {
    const struct ip *pcc;
    struct wire_span name;
};

static uint64_t hold_hash(const struct hold_key *key)
{
    return map_hash_with(key->name.octets, key->name.size,
                         map_hash_with(key->pcc->octets, ip_size(key->pcc), key->pcc->family));
}

static bool hold_is(const struct map_node *node, const void *wanted)
{
    const struct hold_key *key = wanted;
    const struct reopt_hold *hold =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct reopt_hold, by_name);
    return ip_is_equal(&hold->pcc, key->pcc) && hold->name_size == key->name.size &&
           memcmp(hold->name, key->name.octets, key->name.size) == 0;
}

void hold_init(struct reopt_holds *holds)
{
    map_init(&holds->by_name, hold_is, SIZE_MAX);
    list_init(&holds->all);
}

static struct reopt_hold *hold_find(struct reopt *reopt, const struct hold_key *key)
{
    if (list_is_empty(&reopt->holds.all))
        return NULL;
    struct map_node *node = map_find(&reopt->holds.by_name, hold_hash(key), key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct reopt_hold, by_name);
}

struct reopt_hold *hold_of(struct reopt *reopt, const struct lsp *lsp)
{
    const struct hold_key key = {&lsp->pcc->address, lsp_name(lsp)};
    return hold_find(reopt, &key);
}

/* ---- letting go ---- */

/* Of the first links, as many as were taken. */
static void hold_release_shares(struct reopt *reopt, const struct reopt_hold *hold, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_claim claim = route_share_of(hold->whole, hold_shares(hold)[i]);
        ted_reservations_release(reopt->reservations, &hold->numbers[i], 1, &claim);
    }
}

static void hold_release(struct reopt *reopt, const struct reopt_hold *hold)
{
    struct ted_reservations *account = reopt->reservations;
    if (hold->is_flooded) {
        if (hold->flood != NULL)
            flood_discard(reopt, hold->flood);
        return;
    }
    if (hold->has_shares)
        hold_release_shares(reopt, hold, hold->new_count);
    else
        ted_reservations_release(account, hold->numbers, hold->new_count, &hold->whole);
    if (hold->more.octets_per_s > 0)
        ted_reservations_release(account, hold->numbers + hold->new_count, hold->old_count,
                                 &hold->more);
}

void hold_end(struct reopt *reopt, struct reopt_hold *hold)
{
    const struct hold_key key = {&hold->pcc, {(const uint8_t *)hold->name, hold->name_size}};
    hold_release(reopt, hold);
    (void)map_remove(&reopt->holds.by_name, hold_hash(&key), &key);
    list_remove(&hold->link);
    reopt->counters.reopt_holds--;
    free(hold);
}

void reopt_hold_let_go(struct reopt *reopt, const struct ip *pcc, struct wire_span name)
{
    const struct hold_key key = {pcc, name};
    struct reopt_hold *hold = hold_find(reopt, &key);
    if (hold != NULL)
        hold_end(reopt, hold);
}

void hold_fini(struct reopt *reopt)
{
    LIST_FOR_SAFE(link, following, &reopt->holds.all)
    hold_end(reopt, CONTAINER_OF(link, struct reopt_hold, link));
    map_fini(&reopt->holds.by_name);
}

void hold_on_order_end(struct reopt *reopt, const struct ip *pcc, struct wire_span name,
                       struct lsp *lsp)
{
    const struct hold_key key = {pcc, name};
    struct reopt_hold *hold = hold_find(reopt, &key);
    if (hold == NULL)
        return;
    /* What was reported is laid in the next turn, and counts from then on. */
    if (lsp != NULL && slot_set_add(&reopt->laying, lsp->slot))
        hold->is_over = true;
    else
        hold_end(reopt, hold);
}

/* While the order is out the LSP may come back. */
void hold_on_removed(struct reopt *reopt, const struct lsp *lsp)
{
    struct reopt_hold *hold = hold_of(reopt, lsp);
    if (hold != NULL && hold->is_over)
        hold_end(reopt, hold);
}

void hold_hand_over(struct reopt *reopt, struct reopt_hold *hold, struct lsp *lsp)
{
    if (hold->flood == NULL || lsp->route == NULL)
        return;
    reopt->counters.reopt_no_memory += !flood_attach(reopt, lsp, hold->flood);
    hold->flood = NULL;
}

bool hold_is_path(const struct reopt_hold *hold, const uint32_t *numbers, uint32_t count)
{
    return route_hash(numbers, count) == hold->hash;
}

bool hold_keeps(const struct reopt_hold *hold, const uint32_t *numbers, uint32_t count,
                bool is_down)
{
    return !hold->is_over && (is_down || !hold_is_path(hold, numbers, count));
}

/* ---- taking ---- */

/* The part of the path that the LSP holds goes behind the one that is new; ascending, both. */
static void hold_divide(struct reopt_hold *hold, const uint32_t *path, uint32_t path_count,
                        const uint32_t *held, uint32_t held_count)
{
    uint32_t old[REOPT_ROUTE_LINKS_MAX];
    for (uint32_t i = 0, h = 0; i < path_count; i++) {
        while (h < held_count && held[h] < path[i])
            h++;
        if (h < held_count && held[h] == path[i])
            old[hold->old_count++] = path[i];
        else
            hold->numbers[hold->new_count++] = path[i];
    }
    memcpy(hold->numbers + hold->new_count, old, hold->old_count * sizeof old[0]);
}

/* What the LSP holds at its priority is part of what it asks for, unless it asks to be pre-empted by
 * fewer than now: then it is asked for as a whole. */
static const struct lsp_route *hold_route_of(const struct lsp *lsp, const struct ted_claim *claim)
{
    const struct lsp_route *route = lsp == NULL ? NULL : lsp->route;
    bool holds = route != NULL && route->is_counted && route->claim.octets_per_s > 0 &&
                 route->claim.holding <= claim->holding;
    return holds ? route : NULL;
}

/* Both paths of an LSP of RSVP-TE share what they have in common (RFC 3209 2.4.4). */
static const struct lsp_route *hold_shared_of(const struct lsp *lsp,
                                              const struct hold_wanted *wanted)
{
    if (wanted->is_flooded)
        return lsp == NULL ? NULL : lsp->route;
    return hold_route_of(lsp, &wanted->claim);
}

static struct reopt_hold *hold_make(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                    const struct hold_wanted *wanted, const struct lsp *lsp)
{
    const struct lsp_route *route = wanted->shares != NULL ? NULL : hold_shared_of(lsp, wanted);
    uint32_t *scratch = reopt->numbers[1], *held = reopt->numbers[0], held_count = 0;
    const uint32_t *path = wanted->shares != NULL ? wanted->numbers : scratch;
    uint32_t path_count = wanted->link_count;
    if (wanted->shares == NULL)
        path_count = route_numbers_of(snapshot, wanted->links, wanted->link_count, scratch);
    struct reopt_hold *hold =
        calloc(1, sizeof *hold + path_count * (sizeof hold->numbers[0] + sizeof(uint16_t)));
    if (hold == NULL)
        return NULL;
    hold->pcc = wanted->pcc;
    hold->name_size = (uint8_t)wanted->name.size;
    memcpy(hold->name, wanted->name.octets, wanted->name.size);
    hold->whole = hold->more = wanted->claim;
    hold->hash = route_hash(path, path_count);
    hold->is_flooded = wanted->is_flooded;
    if (route != NULL) {
        uint64_t has = route_claim_least(route).octets_per_s;
        held_count = route_numbers(reopt, route, 0, route->count, held);
        hold->more.octets_per_s =
            has < hold->whole.octets_per_s ? hold->whole.octets_per_s - has : 0;
    }
    hold_divide(hold, path, path_count, held, held_count);
    hold->has_shares = wanted->shares != NULL;
    if (hold->has_shares)
        memcpy(hold_shares(hold), wanted->shares, path_count * sizeof wanted->shares[0]);
    return hold;
}

static enum pce_status hold_take_flooded(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                         struct reopt_hold *hold, struct mono now)
{
    const struct flood_claim taken = {hold->numbers, hold->new_count, hold->whole};
    enum pce_status status = flood_take(reopt, snapshot, &taken);
    if (status != PCE_OK)
        return status;
    hold->flood = flood_make(reopt, snapshot, &taken, now);
    if (hold->flood != NULL)
        return PCE_OK;
    flood_give_back(reopt, &taken);
    return PCE_NO_MEMORY;
}

static enum pce_status hold_take_shares(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                        const struct reopt_hold *hold)
{
    for (uint32_t i = 0; i < hold->new_count; i++) {
        const struct ted_claim claim = route_share_of(hold->whole, hold_shares(hold)[i]);
        if (claim.octets_per_s ==
            0) /* of a backup, which may stand where more is held than there is */
            continue;
        enum pce_status status =
            ted_reservations_take(reopt->reservations, snapshot, &hold->numbers[i], 1, &claim);
        if (status == PCE_OK)
            continue;
        hold_release_shares(reopt, hold, i);
        return status;
    }
    return PCE_OK;
}

static enum pce_status hold_take(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                 const struct reopt_hold *hold)
{
    struct ted_reservations *account = reopt->reservations;
    if (hold->has_shares)
        return hold_take_shares(reopt, snapshot, hold);
    enum pce_status status =
        ted_reservations_take(account, snapshot, hold->numbers, hold->new_count, &hold->whole);
    if (status != PCE_OK || hold->more.octets_per_s == 0)
        return status;
    status = ted_reservations_take(account, snapshot, hold->numbers + hold->new_count,
                                   hold->old_count, &hold->more);
    if (status != PCE_OK)
        ted_reservations_release(account, hold->numbers, hold->new_count, &hold->whole);
    return status;
}

enum pce_status reopt_hold(struct reopt *reopt, const struct ted_snapshot *snapshot,
                           const struct hold_wanted *wanted)
{
    const struct hold_key key = {&wanted->pcc, wanted->name};
    struct lsp_pcc *pcc = lsp_db_pcc(reopt->db, &wanted->pcc);
    const struct lsp *lsp = pcc == NULL ? NULL : lsp_pcc_find_name(pcc, wanted->name);
    struct reopt_hold *hold = hold_find(reopt, &key);
    if (reopt->reservations == NULL || snapshot == NULL || snapshot->link_numbers == NULL ||
        (wanted->is_flooded && reopt->settings.flood_s == 0))
        return PCE_OK;
    if (hold != NULL && !hold->is_over)
        return PCE_EXISTS;
    if (hold != NULL)
        hold_end(reopt, hold); /* the report of the order before was never laid */
    hold = hold_make(reopt, snapshot, wanted, lsp);
    if (hold == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = wanted->is_flooded
                                 ? hold_take_flooded(reopt, snapshot, hold, wanted->now)
                                 : hold_take(reopt, snapshot, hold);
    if (status == PCE_OK &&
        map_insert(&reopt->holds.by_name, &hold->by_name, hold_hash(&key), &key) != PCE_OK) {
        hold_release(reopt, hold);
        status = PCE_NO_MEMORY;
    }
    if (status != PCE_OK) {
        free(hold);
        return status;
    }
    list_push_back(&reopt->holds.all, &hold->link);
    reopt->counters.reopt_holds++;
    return PCE_OK;
}
