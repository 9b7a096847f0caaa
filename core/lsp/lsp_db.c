#include "core/lsp/lsp_db.h"

#include "core/base/check.h"
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_history.h"
#include "core/lsp/lsp_instance.h"
#include "core/pcep/model.h"

#include <stdlib.h>

enum pce_status lsp_db_init(struct lsp_db *db, const struct lsp_limits *limits, struct wheel *wheel,
                            const struct lsp_db_events *events, void *owner)
{
    *db = (struct lsp_db){.events = events,
                          .owner = owner,
                          .wheel = wheel,
                          .limits = *limits,
                          .purge_per_turn = LSP_PURGE_PER_TURN};
    report_load_init(&db->load);
    lsp_slots_init(&db->slots);
    map_init(&db->pccs, lsp_pcc_is_equal, SIZE_MAX);
    map_init(&db->groups, lsp_association_is_equal, SIZE_MAX);
    map_init(&db->auto_bandwidths, lsp_auto_bandwidth_is_equal, SIZE_MAX);
    list_init(&db->pcc_list);
    list_init(&db->jobs);
    list_init(&db->gone);
    list_init(&db->pending);
    wheel_timer_init(&db->ask_again, lsp_db_on_ask_again);
    journal_init(&db->journal, limits->record_max);
    db->scratch = malloc(PCEP_MESSAGE_SIZE_MAX);
    return db->scratch == NULL ? PCE_NO_MEMORY : PCE_OK;
}

/* ---- what is told ---- */

/* The history begins with the first change after the creation: most LSPs never have one. */
static void note_history(struct lsp_db *db, struct lsp *lsp, const struct journal_record *record)
{
    if (record->change == LSP_CREATED || record->change == LSP_REMOVED)
        return;
    if (lsp->history == NULL) {
        const struct lsp_need need = {.pcc = lsp->pcc, .lsp = lsp, .size = sizeof *lsp->history};
        if (lsp_db_room(db, &need) == LSP_LIMIT_COUNT)
            lsp->history = lsp_db_alloc(db, lsp->pcc, need.size);
        if (lsp->history == NULL) {
            db->counters.lsp_history_unkept++;
            return;
        }
        lsp->history->count = 0;
    }
    lsp_history_note(lsp->history, record);
}

void lsp_db_note(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp, enum lsp_change change,
                 const struct lsp_cause *cause)
{
    const struct journal_record record = {
        .when = cause->now,
        .lsp = lsp == NULL ? (struct lsp_handle){0, 0} : lsp_handle_of(lsp),
        .srp_id = cause->srp_id,
        .change = (uint8_t)change,
        .by = cause->by,
        .error_type = cause->error_type,
        .error_value = cause->error_value,
        .pcc = pcc->address,
    };
    struct wire_span name = {NULL, 0};
    CHECK((lsp != NULL) == lsp_change_is_of_lsp(change));
    if (change == LSP_REMOVED)
        name = lsp_name(lsp);
    (void)journal_append(&db->journal, &record, name);
    if (lsp != NULL)
        note_history(db, lsp, &record);
    if (db->events->on_change != NULL)
        db->events->on_change(db, pcc, lsp, &record);
}

void lsp_db_gauge(struct lsp_db *db, const struct lsp *lsp, int sign)
{
    struct lsp_counters *counters = &db->counters;
    const uint64_t one = sign > 0 ? 1 : UINT64_MAX; /* modulo 2^64 */
    switch (lsp_operational(lsp)) {
    case PCEP_LSP_DOWN:
        counters->lsps_down += one;
        break;
    case PCEP_LSP_UP:
    case PCEP_LSP_ACTIVE:
        counters->lsps_up += one;
        break;
    default:
        counters->lsps_changing += one;
        break;
    }
    if (lsp->delegation == LSP_IS_DELEGATED)
        counters->lsps_delegated += one;
}

/* ---- removal ---- */

static void free_lsp(struct lsp_db *db, struct lsp *lsp)
{
    struct lsp_pcc *pcc = lsp->pcc;
    (void)lsp_associations_leave(db, lsp, UINT32_MAX);
    lsp_auto_bandwidth_drop(db, lsp);
    while (lsp->instances != NULL)
        lsp_instance_drop(db, pcc, &lsp->instances);
    lsp_db_free(db, pcc, lsp->history, sizeof *lsp->history);
    lsp_slots_release(&db->slots, lsp->slot);
    lsp_db_free(db, pcc, lsp, offsetof(struct lsp, name) + lsp->name_size);
    db->counters.lsps--;
}

void lsp_db_remove(struct lsp_db *db, struct lsp *lsp, const struct lsp_cause *cause)
{
    struct lsp_pcc *pcc = lsp->pcc;
    lsp_db_note(db, pcc, lsp, LSP_REMOVED, cause);
    CHECK(lsp->control == NULL && lsp->route == NULL);
    lsp_db_gauge(db, lsp, -1);
    if (lsp_is_stale(lsp)) {
        CHECK(pcc->stale_count > 0 && db->counters.lsps_stale > 0);
        pcc->stale_count--;
        db->counters.lsps_stale--;
    }
    if (!pcc->is_up) {
        CHECK(db->counters.lsps_gone > 0);
        db->counters.lsps_gone--;
    }
    lsp_pcc_remove(pcc, lsp);
    free_lsp(db, lsp);
}

bool lsp_db_forget_if_idle(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    if (pcc->is_up || pcc->count > 0)
        return false;
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_US};
    lsp_db_note(db, pcc, NULL, PCC_FORGOTTEN, &cause);
    wheel_stop(db->wheel, &pcc->timer);
    list_remove(&pcc->job);
    list_remove(&pcc->gone);
    list_remove(&pcc->link);
    if (db->addressed == pcc)
        db->addressed = NULL;
    CHECK(map_remove(&db->pccs, lsp_pcc_hash(&pcc->address), &pcc->address) == &pcc->by_address);
    lsp_pcc_destroy(pcc);
    db->counters.lsp_pccs--;
    return true;
}

static void free_pcc(struct lsp_db *db, struct lsp_pcc *pcc)
{
    wheel_stop(db->wheel, &pcc->timer);
    LIST_FOR_SAFE(link, following, &pcc->lsps)
    {
        struct lsp *lsp = CONTAINER_OF(link, struct lsp, link);
        pcc->count--;
        free_lsp(db, lsp);
    }
    lsp_pcc_destroy(pcc);
}

void lsp_db_fini(struct lsp_db *db)
{
    wheel_stop(db->wheel, &db->ask_again);
    LIST_FOR_SAFE(link, following, &db->pcc_list)
    {
        free_pcc(db, CONTAINER_OF(link, struct lsp_pcc, link));
    }
    map_fini(&db->pccs);
    map_fini(&db->groups);
    map_fini(&db->auto_bandwidths);
    lsp_slots_fini(&db->slots);
    journal_fini(&db->journal);
    free(db->scratch);
    db->scratch = NULL;
}

/* ---- finding ---- */

struct lsp_pcc *lsp_db_pcc(struct lsp_db *db, const struct ip *address)
{
    if (db->addressed != NULL && ip_is_equal(&db->addressed->address, address))
        return db->addressed;
    struct map_node *node = map_find(&db->pccs, lsp_pcc_hash(address), address);
    db->addressed = node == NULL ? NULL : CONTAINER_OF(node, struct lsp_pcc, by_address);
    return db->addressed;
}

struct lsp *lsp_db_get(const struct lsp_db *db, struct lsp_handle handle)
{
    struct lsp *lsp = lsp_slots_at(&db->slots, handle.slot);
    return lsp != NULL && lsp->generation == handle.generation ? lsp : NULL;
}

struct lsp *lsp_db_next(const struct lsp_db *db, uint32_t *slot)
{
    return lsp_slots_next(&db->slots, slot);
}
