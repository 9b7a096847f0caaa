/* Sessions as the database sees them: begin, end mark, end, and what is removed after each. */
#include "core/base/check.h"
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_instance.h"

/* What is removed of one PCC goes on over turns: it stands in the list of jobs meanwhile. */
static void begin_job(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->job_at = NULL;
    if (!list_is_linked(&pcc->job))
        list_push_back(&db->jobs, &pcc->job);
}

/* Everything that was seen in an earlier epoch is to go. */
static void purge_unseen(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->purge_before = pcc->epoch;
    if (pcc->count > 0)
        begin_job(db, pcc);
}

/* What has this epoch is fresh, so that nothing is in a new one. */
static void begin_epoch(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->epoch++;
    pcc->fresh_from = pcc->epoch;
    pcc->has_many = false;
    db->counters.lsps_stale += pcc->count - pcc->stale_count;
    pcc->stale_count = pcc->count;
}

void lsp_db_refresh(struct lsp_db *db, struct lsp *lsp)
{
    struct lsp_pcc *pcc = lsp->pcc;
    if (lsp->instances->next != NULL || lsp->memberships != NULL)
        pcc->has_many = true;
    if (lsp->epoch == pcc->epoch)
        return;
    if (lsp_is_stale(lsp)) {
        CHECK(pcc->stale_count > 0);
        pcc->stale_count--;
        db->counters.lsps_stale--;
    }
    lsp->epoch = pcc->epoch;
    lsp_pcc_unlink(pcc, lsp);
    list_push_back(&pcc->lsps, &lsp->link);
}

/* ---- the session ---- */

/* Stale for longer than we keep it: whether there is a session again that has not brought it, or
 * none. */
void lsp_pcc_on_time(struct wheel_timer *timer, struct mono now)
{
    struct lsp_pcc *pcc = CONTAINER_OF(timer, struct lsp_pcc, timer);
    struct lsp_db *db = pcc->db;
    if (!pcc->is_up)
        begin_epoch(db, pcc);
    pcc->version = 0;
    purge_unseen(db, pcc);
    (void)lsp_db_forget_if_idle(db, pcc, now);
}

static struct lsp_pcc *add_pcc(struct lsp_db *db, const struct ip *address)
{
    struct lsp_pcc *pcc = lsp_pcc_create(db, address);
    if (pcc == NULL)
        return NULL;
    wheel_timer_init(&pcc->timer, lsp_pcc_on_time);
    if (map_insert(&db->pccs, &pcc->by_address, lsp_pcc_hash(address), &pcc->address) != PCE_OK) {
        lsp_pcc_destroy(pcc);
        return NULL;
    }
    list_push_back(&db->pcc_list, &pcc->link);
    db->counters.lsp_pccs++;
    return pcc;
}

/* What is known of the PCC is what its LSP-DB was at the version that both name: it tells what has
 * changed since, if anything has (RFC 8232 3.2, 4.2), and PLSP-IDs are still those. */
static bool goes_on_from_version(const struct lsp_pcc *pcc, const struct lsp_session *session)
{
    if (!session->has_version || pcc->version_told == 0 || pcc->version_said == 0)
        return false;
    return session->is_delta || pcc->version_told == pcc->version_said;
}

static void begin_sync(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->sync = LSP_SYNC_RUNNING;
    pcc->sync_reports = 0;
    pcc->is_resync = false;
    if (goes_on_from_version(pcc, &pcc->session)) {
        db->counters.lsps_stale -= pcc->stale_count;
        pcc->stale_count = 0;
        wheel_stop(db->wheel, &pcc->timer);
    } else {
        begin_epoch(db, pcc);
        lsp_pcc_unbind_all(pcc);
        pcc->version = 0;
    }
    const bool is_skipped = pcc->session.has_version && pcc->version_told != 0 &&
                            pcc->version_told == pcc->version_said;
    pcc->version_told = 0;
    pcc->version_said = 0;
    if (is_skipped) {
        pcc->sync = LSP_SYNC_DONE;
        db->counters.lsp_syncs_skipped++;
    } else if (pcc->session.is_triggered) {
        pcc->sync = LSP_SYNC_PENDING;
        list_push_back(&db->pending, &pcc->pending);
        db->counters.lsp_syncs_pending++;
    }
}

/* What it has gives way to others no longer. */
static void pcc_return(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->is_up = true;
    list_remove(&pcc->gone);
    if (pcc->number == 0)
        return; /* it was not there */
    db->counters.lsps_gone -= pcc->count;
    db->counters.lsp_octets_gone -= pcc->octets;
}

static void pcc_go(struct lsp_db *db, struct lsp_pcc *pcc)
{
    pcc->is_up = false;
    list_push_back(&db->gone, &pcc->gone);
    db->counters.lsps_gone += pcc->count;
    db->counters.lsp_octets_gone += pcc->octets;
}

struct lsp_pcc *lsp_db_on_up(struct lsp_db *db, const struct ip *address,
                             const struct lsp_session *session, struct mono now)
{
    struct lsp_pcc *pcc = lsp_db_pcc(db, address);
    if (pcc == NULL)
        pcc = add_pcc(db, address);
    if (pcc == NULL)
        return NULL;
    CHECK(!pcc->is_up);
    pcc_return(db, pcc);
    pcc->session = *session;
    pcc->up_since = now;
    pcc->count_before = pcc->count;
    pcc->number++;
    pcc->version_reported = 0;
    pcc->is_partial = false;
    begin_sync(db, pcc);
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_PCC};
    lsp_db_note(db, pcc, NULL, PCC_UP, &cause);
    if (pcc->sync == LSP_SYNC_DONE)
        lsp_db_note(db, pcc, NULL, PCC_SYNCHRONISED, &cause);
    return pcc;
}

/* ---- versions (RFC 8232) ---- */

uint64_t lsp_db_tell_version(struct lsp_db *db, const struct ip *address)
{
    struct lsp_pcc *pcc = lsp_db_pcc(db, address);
    if (pcc == NULL || pcc->is_up)
        return 0;
    /* What is still being removed is no part of that version. */
    pcc->version_told = list_is_linked(&pcc->job) ? 0 : pcc->version;
    return pcc->version_told;
}

void lsp_db_on_said_version(struct lsp_db *db, const struct ip *address, uint64_t version)
{
    struct lsp_pcc *pcc = lsp_db_pcc(db, address);
    if (pcc != NULL && !pcc->is_up)
        pcc->version_said = version;
}

/* A version is that of what is here when all of it has come. */
static void keep_version(struct lsp_pcc *pcc)
{
    if (pcc->session.has_version && pcc->sync == LSP_SYNC_DONE && !pcc->is_partial &&
        pcc->version_reported != 0)
        pcc->version = pcc->version_reported;
}

void lsp_pcc_on_version(struct lsp_pcc *pcc, uint64_t version)
{
    pcc->version_reported = version;
    keep_version(pcc);
}

void lsp_pcc_on_refusal(struct lsp_pcc *pcc)
{
    pcc->is_partial = true;
    pcc->version = 0;
}

/* ---- resynchronisation (RFC 8232 6.2) ---- */

bool lsp_db_on_resync(struct lsp_db *db, struct lsp_pcc *pcc)
{
    if (!pcc->is_up || pcc->sync != LSP_SYNC_DONE)
        return false;
    pcc->was_fresh_from = pcc->fresh_from;
    begin_epoch(db, pcc);
    pcc->sync = LSP_SYNC_RUNNING;
    pcc->sync_reports = 0;
    pcc->is_resync = true;
    return true;
}

void lsp_db_on_resync_refused(struct lsp_db *db, struct lsp_pcc *pcc)
{
    if (!pcc->is_resync || pcc->sync != LSP_SYNC_RUNNING)
        return;
    pcc->fresh_from = pcc->was_fresh_from;
    db->counters.lsps_stale -= pcc->stale_count;
    pcc->stale_count = 0;
    LIST_FOR(link, &pcc->lsps)
    {
        /* Those that a purge has not come to yet are first. */
        if (!lsp_is_stale(CONTAINER_OF(link, struct lsp, link)))
            break;
        pcc->stale_count++;
        db->counters.lsps_stale++;
    }
    pcc->sync = LSP_SYNC_DONE;
    pcc->is_resync = false;
}

/* RFC 8231 5.6: what an unfinished synchronisation has brought is cleaned up. What was known before
 * stays: that it was reported again does not make it worse. */
static void sync_break(struct lsp_db *db, struct lsp_pcc *pcc)
{
    db->counters.lsp_syncs_broken++;
    pcc->version = 0;
    if (pcc->broken == 0)
        pcc->broken = pcc->number;
    begin_epoch(db, pcc);
    pcc->broken_epoch = pcc->epoch;
    if (pcc->count > 0)
        begin_job(db, pcc);
}

void lsp_db_on_down(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    if (!pcc->is_up)
        return;
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_PCC};
    lsp_db_note(db, pcc, NULL, PCC_DOWN, &cause);
    report_load_forget(&db->load, pcc);
    /* What a session had before a resynchronisation was synchronised, and one that was not asked for
     * its LSPs has brought none. */
    const bool is_broken = pcc->sync == LSP_SYNC_RUNNING && !pcc->is_resync;
    lsp_db_stop_asking(db, pcc);
    pcc->version_told = 0;
    pcc->version_said = 0;
    pcc_go(db, pcc);
    pcc->sync = LSP_SYNC_NONE;
    db->counters.lsps_stale += pcc->count - pcc->stale_count;
    pcc->stale_count = pcc->count;
    if (is_broken)
        sync_break(db, pcc);
    if (!lsp_db_forget_if_idle(db, pcc, now) && !wheel_is_running(&pcc->timer))
        wheel_start(db->wheel, &pcc->timer, mono_add_s(now, db->limits.stale_s));
}

bool lsp_db_on_end_of_sync(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    if (pcc->sync != LSP_SYNC_RUNNING)
        return false;
    lsp_db_stop_asking(db, pcc);
    pcc->sync = LSP_SYNC_DONE;
    pcc->is_resync = false;
    keep_version(pcc);
    pcc->broken = 0; /* what was seen has been confirmed, and the rest is purged */
    pcc->broken_epoch = 0;
    db->counters.lsp_syncs++;
    wheel_stop(db->wheel, &pcc->timer);
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_PCC};
    lsp_db_note(db, pcc, NULL, PCC_SYNCHRONISED, &cause);
    if (pcc->stale_count > 0 || pcc->has_many)
        purge_unseen(db, pcc);
    return true;
}

/* ---- what is removed ---- */

static bool is_to_go(const struct lsp_pcc *pcc, const struct lsp *lsp)
{
    return lsp->epoch < pcc->purge_before ||
           (pcc->broken != 0 && lsp->created_in >= pcc->broken && lsp->epoch < pcc->broken_epoch);
}

static bool has_instance_since(const struct lsp *lsp, uint32_t epoch)
{
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next) {
        if (at->epoch >= epoch)
            return true;
    }
    return false;
}

static bool has_instance_before(const struct lsp *lsp, uint32_t epoch)
{
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next) {
        if (at->epoch < epoch)
            return true;
    }
    return false;
}

/* Instances of an LSP that was reported again without them. One at least was reported. */
static void drop_instances(struct lsp_db *db, struct lsp *lsp, uint32_t before)
{
    lsp_db_gauge(db, lsp, -1);
    for (struct lsp_instance **place = &lsp->instances; *place != NULL;) {
        if ((*place)->epoch < before)
            lsp_instance_drop(db, lsp->pcc, place);
        else
            place = &(*place)->next;
    }
    lsp_db_gauge(db, lsp, 1);
}

/* What of an LSP was not reported again; all of it goes where no instance was. */
static void tidy(struct lsp_db *db, struct lsp *lsp, const struct lsp_cause *cause)
{
    struct lsp_pcc *pcc = lsp->pcc;
    if (!has_instance_since(lsp, pcc->purge_before)) {
        db->counters.lsps_purged++;
        lsp_db_remove(db, lsp, cause);
        return;
    }
    if (has_instance_before(lsp, pcc->purge_before)) {
        drop_instances(db, lsp, pcc->purge_before);
        lsp_db_note(db, pcc, lsp, LSP_PATH_CHANGED, cause);
    }
    if (lsp_associations_leave(db, lsp, pcc->purge_before))
        lsp_db_note(db, pcc, lsp, LSP_ASSOCIATION_CHANGED, cause);
}

/* The next LSP of a job. False: the job is done: the list is at its end, or at LSPs of this epoch
 * that need no look. */
static bool take_step(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    struct list_link *link = pcc->job_at == NULL ? pcc->lsps.next : pcc->job_at;
    if (link == &pcc->lsps)
        return false;
    struct lsp *lsp = CONTAINER_OF(link, struct lsp, link);
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_US};
    pcc->job_at = link->next;
    if (is_to_go(pcc, lsp)) {
        db->counters.lsps_purged++;
        lsp_db_remove(db, lsp, &cause);
        return true;
    }
    if (pcc->has_many && lsp->epoch == pcc->epoch && pcc->purge_before == pcc->epoch)
        tidy(db, lsp, &cause);
    return pcc->has_many || pcc->broken != 0;
}

static void end_job(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    list_remove(&pcc->job);
    pcc->job_at = NULL;
    pcc->broken = 0;
    pcc->broken_epoch = 0;
    (void)lsp_db_forget_if_idle(db, pcc, now);
}

/* PCCs take turns, so that a large one does not keep the others waiting. */
bool lsp_db_turn(struct lsp_db *db, struct mono now)
{
    lsp_db_give_way(db, now);
    for (unsigned i = 0; i < db->purge_per_turn && !list_is_empty(&db->jobs); i++) {
        struct lsp_pcc *pcc = CONTAINER_OF(db->jobs.next, struct lsp_pcc, job);
        if (take_step(db, pcc, now)) {
            list_remove(&pcc->job);
            list_push_back(&db->jobs, &pcc->job);
        } else {
            end_job(db, pcc, now);
        }
    }
    return lsp_db_has_work(db);
}

bool lsp_db_has_work(const struct lsp_db *db)
{
    return !list_is_empty(&db->jobs) || (db->counters.lsps_gone > 0 && lsp_db_is_over(db));
}
