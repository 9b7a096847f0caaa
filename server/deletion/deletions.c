#include "server/deletion/deletions.h"

#include "core/lsp/lsp_db.h"
#include "server/deletion/deletion_seeds.h"
#include "server/deletion/deletions_impl.h"
#include "server/log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what operators want ---- */

bool deletions_are_kept(const struct shard *shard)
{
    return shard->shared->stored != NULL;
}

static void ask_refuse(struct shard *shard, struct deletion_ask *ask, enum pce_status status,
                       const char *reason)
{
    ask->status = status;
    (void)snprintf(ask->reason, sizeof ask->reason, "%s", reason);
    ask->on_done(shard, ask);
}

/* It is kept already: the PCC is asked again, where it is not at it. */
static void ask_again(struct deletions *deletions, struct deletion *deletion,
                      struct deletion_ask *ask)
{
    if (deletion->is_at_store || deletion->state == DELETION_CLEANING) {
        ask_refuse(deletions->shard, ask, PCE_EXISTS, "a change of this deletion is under way");
        return;
    }
    if (deletion->state != DELETION_ORDERED)
        deletion_order(deletions, deletion);
    ask->status = deletion->state == DELETION_REFUSED ? PCE_DENIED : PCE_OK;
    ask->order_id = deletion->order_id;
    (void)snprintf(ask->reason, sizeof ask->reason, "%s",
                   deletion->reason == NULL ? "" : deletion->reason);
    ask->on_done(deletions->shard, ask);
}

void deletions_ask(struct shard *shard, const struct lsp *lsp, struct deletion_ask *ask)
{
    struct deletions *deletions = shard->deletions;
    struct failure failure = {.text = ""};
    struct deletion *deletion = deletion_find(deletions, &lsp->pcc->address, lsp_name(lsp));
    ask->order_id = 0;
    ask->reason[0] = '\0';
    if (deletion != NULL) {
        ask_again(deletions, deletion, ask);
        return;
    }
    deletion = deletion_create(deletions, &lsp->pcc->address, lsp_name(lsp),
                               lsp_first_instance(lsp)->summary.setup_type);
    if (deletion == NULL) {
        ask_refuse(shard, ask, PCE_NO_MEMORY, "no memory for the order");
        return;
    }
    deletion->ask = ask;
    enum pce_status status = deletion_keep(deletions, deletion, &failure);
    if (status == PCE_OK)
        return;
    counter_add(&shard->counters.deletions_not_kept, 1);
    deletion_destroy(deletions, deletion);
    ask_refuse(shard, ask, status, failure.text);
}

enum pce_status deletions_forget(struct shard *shard, const struct ip *pcc, struct wire_span name)
{
    struct deletions *deletions = shard->deletions;
    struct deletion *deletion = deletion_find(deletions, pcc, name);
    if (deletion == NULL)
        return PCE_NOT_FOUND;
    if (deletion->is_at_store)
        return PCE_AGAIN;
    if (deletion->state != DELETION_CLEANING)
        deletion_end(deletions, deletion, "it was forgotten");
    return PCE_OK;
}

const struct deletion *deletions_next(const struct shard *shard, uint64_t id)
{
    LIST_FOR(link, &shard->deletions->all)
    {
        const struct deletion *deletion = CONTAINER_OF(link, struct deletion, link);
        if (deletion->id > id)
            return deletion;
    }
    return NULL;
}

/* ---- what the store says ---- */

static void deletion_answer(struct deletions *deletions, struct deletion *deletion,
                            enum pce_status status, const char *reason)
{
    struct deletion_ask *ask = deletion->ask;
    deletion->ask = NULL;
    if (ask == NULL)
        return;
    ask->status = status;
    ask->order_id = deletion->order_id;
    (void)snprintf(ask->reason, sizeof ask->reason, "%s", reason == NULL ? "" : reason);
    ask->on_done(deletions->shard, ask);
}

/* What the session cannot be asked at all is told, and not kept for later. */
static void deletion_on_taken(struct deletions *deletions, struct deletion *deletion)
{
    deletion_log(deletion, false, NULL);
    deletion_order(deletions, deletion);
    if (deletion->state != DELETION_REFUSED) {
        deletion_answer(deletions, deletion, PCE_OK, NULL);
        return;
    }
    deletion_answer(deletions, deletion, PCE_DENIED, deletion->reason);
    deletion_end(deletions, deletion, deletion->reason);
}

static void deletion_on_lost(struct deletions *deletions, struct deletion *deletion,
                             const struct store_result *result)
{
    struct failure failure = {.text = ""};
    stored_explain(deletions->shard->shared->stored, result, &failure);
    counter_add(&deletions->shard->counters.deletions_not_kept, 1);
    deletion_answer(deletions, deletion, PCE_LIMIT, failure.text);
    deletion_destroy(deletions, deletion);
}

static void deletion_on_kept(struct shard *shard, const struct mail *mail)
{
    struct deletions *deletions = shard->deletions;
    struct deletion *deletion = (struct deletion *)(uintptr_t)mail->words[0];
    const struct store_result result = {.status = (enum pce_status)mail->words[1],
                                        .code = (int)(int64_t)mail->words[2]};
    shard_hold(shard);
    deletion->is_at_store = false;
    if (deletion->state == DELETION_CLEANING) {
        if (result.status == PCE_OK)
            deletion_destroy(deletions, deletion);
        else
            deletion_clean_later(deletions, deletion);
    } else if (result.status == PCE_OK) {
        deletion_on_taken(deletions, deletion);
    } else {
        deletion_on_lost(deletions, deletion, &result);
    }
}

/* ---- what has changed ---- */

static void touch_pcc(struct deletions *deletions, const struct ip *pcc)
{
    LIST_FOR(link, &deletions->all)
    {
        struct deletion *deletion = CONTAINER_OF(link, struct deletion, link);
        if (pcc == NULL || ip_is_equal(&deletion->pcc, pcc))
            deletion_touch(deletions, deletion);
    }
}

static void deletions_read_record(struct deletions *deletions, const struct journal_record *record)
{
    const struct lsp_db *db = &deletions->shard->lsps;
    const struct lsp *lsp = record->lsp.generation == 0 ? NULL : lsp_db_get(db, record->lsp);
    const struct wire_span name = lsp != NULL ? lsp_name(lsp) : journal_name(&db->journal, record);
    if (!lsp_change_is_of_lsp((enum lsp_change)record->change) || name.size == 0) {
        touch_pcc(deletions, &record->pcc);
        return;
    }
    struct deletion *deletion = deletion_find(deletions, &record->pcc, name);
    if (deletion != NULL)
        deletion_touch(deletions, deletion);
}

static void deletions_read_journal(struct deletions *deletions)
{
    const struct journal *journal = &deletions->shard->lsps.journal;
    struct journal_record record;
    uint64_t missed;
    if (list_is_empty(&deletions->all)) {
        deletions->cursor = journal->next;
        return;
    }
    for (unsigned i = 0; i < DELETION_JOURNAL_PER_TURN; i++) {
        enum pce_status status = journal_read(journal, &deletions->cursor, &record, &missed);
        if (status == PCE_AGAIN)
            return;
        if (status == PCE_LIMIT)
            touch_pcc(deletions, NULL);
        else
            deletions_read_record(deletions, &record);
    }
    deletions->has_more = true;
}

/* What has no place now is put off, and with it what stands behind it. */
static void deletions_look(struct deletions *deletions)
{
    for (unsigned i = 0; i < DELETIONS_PER_TURN && !wheel_is_running(&deletions->again); i++) {
        struct list_link *link = list_pop_front(&deletions->due);
        if (link == NULL)
            return;
        deletion_look(deletions, CONTAINER_OF(link, struct deletion, due));
    }
    if (!list_is_empty(&deletions->due) && !wheel_is_running(&deletions->again))
        deletions->has_more = true;
}

/* ---- the part ---- */

/* The turn that follows does the work. */
static void deletions_on_time(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

static enum pce_status deletions_take_seeds(struct deletions *deletions)
{
    const struct shared *shared = deletions->shard->shared;
    const struct deletion_seed *seed =
        shared->deletion_seeds == NULL ? NULL : shared->deletion_seeds->first;
    for (; seed != NULL; seed = seed->next) {
        const struct wire_span name = {(const uint8_t *)seed->name, seed->name_size};
        if (listener_shard_of(&seed->pcc, shared->shard_count) != deletions->shard->index)
            continue;
        if (deletion_create(deletions, &seed->pcc, name, seed->setup_type) == NULL)
            return PCE_NO_MEMORY;
    }
    return PCE_OK;
}

static enum pce_status deletions_init(struct shard *shard)
{
    struct deletions *deletions = calloc(1, sizeof *deletions);
    if (deletions == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for deletions of LSPs");
    shard->deletions = deletions;
    deletions->shard = shard;
    deletions->cursor = 1;
    map_init(&deletions->map, deletion_is_equal, SIZE_MAX);
    list_init(&deletions->all);
    list_init(&deletions->due);
    wheel_timer_init(&deletions->again, deletions_on_time);
    if (deletions_take_seeds(deletions) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for the stored deletions");
    return PCE_OK;
}

static void deletions_on_turn(struct shard *shard)
{
    struct deletions *deletions = shard->deletions;
    deletions->has_more = false;
    deletions_read_journal(deletions);
    if (!list_is_empty(&deletions->due))
        deletions_look(deletions);
}

static bool deletions_is_busy(const struct shard *shard)
{
    return shard->deletions != NULL && shard->deletions->has_more;
}

/* Asks that the store still has are their posters' again. */
static void deletions_fini(struct shard *shard)
{
    struct deletions *deletions = shard->deletions;
    if (deletions == NULL)
        return;
    LIST_FOR_SAFE(link, following, &deletions->all)
    {
        struct deletion *deletion = CONTAINER_OF(link, struct deletion, link);
        deletion->is_at_store = false; /* nobody takes mails any more */
        deletion_destroy(deletions, deletion);
    }
    wheel_stop(&shard->wheel, &deletions->again);
    map_fini(&deletions->map);
    shard->deletions = NULL;
    free(deletions);
}

const struct shard_part deletions_part = {
    .name = "deletions",
    .mails = UINT32_C(1) << SHARD_MAIL_DELETION,
    .init = deletions_init,
    .on_mail = deletion_on_kept,
    .on_turn = deletions_on_turn,
    .is_busy = deletions_is_busy,
    .fini = deletions_fini,
};
