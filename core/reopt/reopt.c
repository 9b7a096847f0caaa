#include "core/reopt/reopt.h"

#include "core/base/check.h"
#include "core/base/fetch.h"
#include "core/pcep/frame.h"
#include "core/reopt/change.h"
#include "core/reopt/flood.h"
#include "core/reopt/job.h"
#include "core/reopt/repeat.h"
#include "core/reopt/route.h"
#include "core/reopt/urge.h"

#include <stdlib.h>

const char *reopt_cause_text(enum reopt_cause cause)
{
    static const char *const texts[] = {
#define REOPT_CAUSE_TEXT(name, text) [name] = text,
        REOPT_CAUSES(REOPT_CAUSE_TEXT)
#undef REOPT_CAUSE_TEXT
    };
    CHECK(cause < REOPT_CAUSE_COUNT);
    return texts[cause];
}

enum pce_status reopt_init(struct reopt *reopt, struct lsp_db *db, struct path_engine *engine,
                           struct arena *arena, const struct reopt_events *events)
{
    *reopt = (struct reopt){.events = events, .db = db, .arena = arena};
    link_index_init(&reopt->index, LINK_INDEX_BLOCKS_MAX, route_entry_of, reopt);
    resolver_init(&reopt->resolver, engine);
    hold_init(&reopt->holds);
    reopt->octets = malloc(PCEP_MESSAGE_SIZE_MAX);
    return reopt->octets == NULL ? PCE_NO_MEMORY : PCE_OK;
}

void reopt_fini(struct reopt *reopt)
{
    uint32_t slot = 0;
    for (struct lsp *lsp; (lsp = lsp_db_next(reopt->db, &slot)) != NULL;)
        route_drop(reopt, lsp);
    hold_fini(reopt);
    link_index_fini(&reopt->index);
    resolver_fini(&reopt->resolver);
    slot_set_fini(&reopt->laying);
    slot_set_fini(&reopt->led);
    slot_queue_fini(&reopt->urgent);
    slot_set_fini(&reopt->waiting);
    slot_set_fini(&reopt->blocked);
    slot_set_fini(&reopt->held);
    slot_set_fini(&reopt->grouped);
    slot_set_fini(&reopt->lone);
    slot_set_fini(&reopt->outdated);
    slot_set_fini(&reopt->paused);
    for (unsigned i = 0; i < REOPT_HEAVY_KINDS; i++)
        slot_queue_fini(&reopt->heavy[i]);
    slot_set_fini(&reopt->computing);
    slot_set_fini(&reopt->flooding);
    path_avoid_fini(&reopt->others);
    free(reopt->octets);
}

/* ---- what is urgent ---- */

/* What the next ones need of memory comes side by side with the work on this one. */
static void reopt_fetch_next(const struct reopt *reopt)
{
    uint32_t slot;
    const struct lsp *lsp;
    for (uint32_t i = 1; i < 3; i++) /* one of these is the one after the next */
        if (slot_queue_peek(&reopt->urgent, i, &slot) &&
            (lsp = lsp_slots_at(&reopt->db->slots, slot)) != NULL)
            fetch_octets(lsp, sizeof *lsp);
    if (!slot_queue_peek(&reopt->urgent, 0, &slot) ||
        (lsp = lsp_slots_at(&reopt->db->slots, slot)) == NULL)
        return;
    fetch_octets(lsp->route, FETCH_LINE);
    fetch_octets(lsp->instances, 2 * sizeof *lsp->instances);
    fetch_octets(lsp->pcc, FETCH_LINE);
}

/* What comes back into the queue meanwhile is for the next turn. */
static void reopt_take_urgent(struct reopt *reopt, struct reopt_scene *scene)
{
    uint32_t slot, left = slot_queue_count(&reopt->urgent);
    for (; left > 0 && scene->work_left > 0 && slot_queue_take(&reopt->urgent, &slot); left--) {
        struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
        reopt_fetch_next(reopt);
        if (lsp != NULL)
            job_look(reopt, scene, lsp);
        arena_reset(reopt->arena);
    }
}

/* ---- what is told ---- */

static void reopt_add(struct reopt *reopt, struct slot_set *set, const struct lsp *lsp)
{
    reopt->counters.reopt_no_memory += !slot_set_add(set, lsp->slot);
}

static void reopt_forget(struct reopt *reopt, struct lsp *lsp)
{
    job_forget(reopt, lsp);
    route_drop(reopt, lsp);
    hold_on_removed(reopt, lsp);
    slot_set_remove(&reopt->laying, lsp->slot);
    slot_set_remove(&reopt->led, lsp->slot);
    slot_queue_remove(&reopt->urgent, lsp->slot);
    slot_set_remove(&reopt->waiting, lsp->slot);
    slot_set_remove(&reopt->blocked, lsp->slot);
    slot_set_remove(&reopt->held, lsp->slot);
    slot_set_remove(&reopt->paused, lsp->slot);
    slot_set_remove(&reopt->lone, lsp->slot);
    slot_set_remove(&reopt->outdated, lsp->slot);
    if (lsp->memberships != NULL)
        reopt_add(reopt, &reopt->grouped, lsp);
}

void reopt_on_change(struct reopt *reopt, struct lsp *lsp, enum lsp_change change)
{
    switch (change) {
    case LSP_REMOVED:
        reopt_forget(reopt, lsp);
        break;
    case LSP_DELEGATED:
    case LSP_ATTRIBUTES_CHANGED: /* it may ask for something else now */
        reopt_add(reopt, &reopt->laying, lsp);
        reopt_add(reopt, &reopt->waiting, lsp);
        break;
    case LSP_ASSOCIATION_CHANGED: /* one that has left a group is computed alone */
        slot_set_remove(&reopt->lone, lsp->slot);
        reopt_add(reopt, &reopt->laying, lsp);
        reopt_add(reopt, &reopt->waiting, lsp);
        reopt_add(reopt, &reopt->grouped, lsp);
        break;
    case LSP_RETURNED:
        if (lsp->memberships != NULL)
            reopt_add(reopt, &reopt->grouped, lsp);
        break;
    case LSP_CREATED:
        reopt_add(reopt, &reopt->led, lsp);
        reopt_add(reopt, &reopt->laying, lsp);
        break;
    case LSP_PATH_CHANGED:
    case LSP_STATE_CHANGED:
        reopt_add(reopt, &reopt->laying, lsp);
        break;
    default:
        break;
    }
}

void reopt_on_synchronised(struct reopt *reopt, const struct lsp_pcc *pcc)
{
    if (reopt->held.count == 0)
        return;
    LIST_FOR(link, &pcc->lsps)
    {
        const struct lsp *lsp = CONTAINER_OF(link, struct lsp, link);
        if (!slot_set_has(&reopt->held, lsp->slot))
            continue;
        slot_set_remove(&reopt->held, lsp->slot);
        reopt_urge(reopt, lsp);
    }
}

void reopt_on_order_end(struct reopt *reopt, struct lsp *lsp)
{
    if (lsp->route != NULL)
        lsp->route->is_ordered = false;
    hold_on_order_end(reopt, &lsp->pcc->address, lsp_name(lsp), lsp);
    reopt_add(reopt, &reopt->laying, lsp);
}

void reopt_ask(struct reopt *reopt, struct lsp *lsp)
{
    if (lsp->route != NULL)
        lsp->route->is_asked = true;
    reopt_urge(reopt, lsp);
}

void reopt_look(struct reopt *reopt, const struct lsp *lsp)
{
    if (!slot_set_has(&reopt->held, lsp->slot))
        return;
    slot_set_remove(&reopt->held, lsp->slot);
    reopt_urge(reopt, lsp);
}

bool reopt_is_blocked(const struct reopt *reopt, const struct lsp *lsp)
{
    return slot_set_has(&reopt->blocked, lsp->slot);
}

/* The LSPs of a set, while there is work left in the turn. */
static void reopt_take(struct reopt *reopt, struct reopt_scene *scene, struct slot_set *set,
                       void (*do_job)(struct reopt *, struct reopt_scene *, struct lsp *))
{
    /* What comes back into the set meanwhile is for the next turn. */
    uint32_t slot, left = set->count;
    for (; left > 0 && scene->work_left > 0 && slot_set_take(set, &slot); left--) {
        struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
        if (lsp != NULL)
            do_job(reopt, scene, lsp);
        arena_reset(reopt->arena);
    }
}

/* What other threads have found, while there is work left. */
static void reopt_take_results(struct reopt *reopt, struct reopt_scene *scene)
{
    const struct computation *computation;
    uint64_t tag;
    while (scene->work_left > 0 && (computation = errands_next(reopt->errands, &tag)) != NULL) {
        const struct lsp_handle handle = {(uint32_t)tag, (uint32_t)(tag >> 32)};
        struct lsp *lsp = lsp_db_get(reopt->db, handle);
        if (lsp != NULL)
            job_use(reopt, scene, lsp, computation);
        arena_reset(reopt->arena);
    }
}

static void reopt_send(struct reopt *reopt, struct reopt_scene *scene)
{
    for (unsigned i = 0; i < REOPT_HEAVY_KINDS; i++) {
        uint32_t slot;
        while (scene->work_left > 0 && errands_has_room(reopt->errands) &&
               slot_queue_take(&reopt->heavy[i], &slot)) {
            struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
            if (lsp != NULL)
                job_send(reopt, scene, lsp);
            arena_reset(reopt->arena);
        }
    }
}

static void reopt_publish(struct reopt *reopt)
{
    struct reopt_counters *counters = &reopt->counters;
    counters->reopt_urgent = slot_queue_count(&reopt->urgent);
    counters->reopt_waiting = reopt->waiting.count + reopt->laying.count;
    counters->reopt_blocked = reopt->blocked.count;
    counters->reopt_paused = reopt->paused.count;
    counters->reopt_heavy = slot_queue_count(&reopt->heavy[REOPT_HEAVY]) +
                            slot_queue_count(&reopt->heavy[REOPT_HEAVY_KEPT]);
    counters->reopt_flooding = reopt->flooding.count;
    counters->reopt_computing = reopt->computing.count;
    counters->reopt_entries = reopt->index.entry_count;
    if (reopt->errands == NULL)
        return;
    counters->reopt_offloaded = reopt->errands->sent;
    counters->reopt_joined = reopt->errands->joined;
}

/* Whether it could go on at once. */
static bool reopt_has_more(const struct reopt *reopt)
{
    const struct reopt_counters *counters = &reopt->counters;
    return counters->reopt_urgent + counters->reopt_waiting > 0 ||
           (reopt->errands != NULL &&
            (errands_is_back(reopt->errands) ||
             (counters->reopt_heavy > 0 && errands_has_room(reopt->errands))));
}

/* What is gone through in turn, and never takes more than its part: who has lost a path goes first. */
static bool reopt_keep_house(struct reopt *reopt, struct reopt_scene *scene)
{
    uint64_t work_max = scene->work_left / REOPT_HOUSE_PART, rest = scene->work_left - work_max;
    scene->work_left = work_max;
    bool has_more = flood_look(reopt, scene);
    has_more = change_press(reopt, scene) || has_more;
    has_more = change_look(reopt, scene) || has_more;
    has_more = repeat_look(reopt, scene) || has_more;
    scene->work_left += rest;
    return has_more;
}

bool reopt_turn(struct reopt *reopt, struct reopt_scene *scene)
{
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    /* Before all that a change concerns are known the first of them is not. */
    if (change_scan(reopt, scene)) {
        reopt_publish(reopt);
        return true;
    }
    bool has_more = reopt_keep_house(reopt, scene);
    if (reopt->errands != NULL)
        reopt_take_results(reopt, scene);
    reopt_take_urgent(reopt, scene);
    reopt_take(reopt, scene, &reopt->laying, job_lay);
    reopt_take(reopt, scene, &reopt->waiting, job_look);
    if (reopt->errands != NULL)
        reopt_send(reopt, scene);
    reopt_publish(reopt);
    return has_more || reopt_has_more(reopt);
}
