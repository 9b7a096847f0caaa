#include "server/intent/intent_part_impl.h"

#include "core/intent/intents_reopt.h"
#include "server/intent/intent_seeds.h"
#include "server/log/log.h"
#include "server/peer/peer.h"
#include "server/shard/errands.h"
#include "server/shard/shard.h"

#include <stdlib.h>
#include <string.h>

struct intents *intents_of_shard(const struct shard *shard)
{
    return &shard->intents->intents;
}

/* ---- the start ---- */

static void part_log_unreadable(const struct intent_seed *seed, const struct intent_fault *fault)
{
    static struct log_site site =
        LOG_SITE(WARNING, "stored intent cannot be read: it is kept, and not acted on");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &seed->pcc, 0);
    log_text(&line, "intent", seed->name);
    log_text(&line, "field", fault->field);
    log_text(&line, "why", fault->reason);
    log_end(&line);
}

static enum pce_status part_take_unreadable(struct intents_part *part,
                                            const struct intent_seed *seed,
                                            const struct intent_fault *fault)
{
    part_log_unreadable(seed, fault);
    return intents_put_unreadable(&part->intents, &seed->pcc, seed->name, fault->reason);
}

static enum pce_status part_take_seed(struct intents_part *part, const struct intent_seed *seed)
{
    const struct intent_key key = {seed->pcc, seed->name};
    struct intent_record record;
    struct intent_fault fault = {.field = ""};
    enum pce_status status = intent_record_read(seed->octets, &key, &record, &fault);
    if (status == PCE_OK)
        status = intents_put(&part->intents, &seed->pcc, seed->name, &record, part->shard->now);
    if (status == PCE_EXISTS)
        fault.reason = "another intent has one of its LSPs";
    if (status == PCE_EXISTS || status == PCE_INVALID)
        status = part_take_unreadable(part, seed, &fault);
    intent_record_fini(&record);
    return status;
}

static enum pce_status part_take_seeds(struct intents_part *part)
{
    const struct shared *shared = part->shard->shared;
    const struct intent_seed *seed =
        shared->intent_seeds == NULL ? NULL : shared->intent_seeds->first;
    for (; seed != NULL; seed = seed->next) {
        if (listener_shard_of(&seed->pcc, shared->shard_count) != part->shard->index)
            continue;
        enum pce_status status = part_take_seed(part, seed);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

/* The turn that follows does the work. */
static void part_on_time(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

/* ---- what reoptimisation asks and tells ---- */

static bool part_has_lsp(struct shard *shard, const struct ip *pcc, struct wire_span name)
{
    struct intents *intents = &shard->intents->intents;
    return intents->counters.intents > 0 && intents_find_lsp(intents, pcc, name) != NULL;
}

static bool part_wants(struct shard *shard, const struct lsp *lsp, struct reopt_wants *wants)
{
    return intents_wants(&shard->intents->intents, lsp, wants);
}

static void part_on_no_path(struct shard *shard, const struct lsp *lsp, uint32_t unsatisfied)
{
    intents_on_no_path(&shard->intents->intents, lsp, unsatisfied);
}

static void part_on_cured(struct shard *shard, const struct lsp *lsp)
{
    intents_on_cured(&shard->intents->intents, lsp);
}

static void part_on_order(struct shard *shard, const struct lsp_order *order)
{
    intents_on_order(&shard->intents->intents, order);
}

static const struct shard_intended part_intended = {.has = part_has_lsp,
                                                    .wants = part_wants,
                                                    .on_no_path = part_on_no_path,
                                                    .on_cured = part_on_cured,
                                                    .on_order = part_on_order};

/* ---- the part ---- */

static enum pce_status intents_part_init(struct shard *shard)
{
    struct intents_part *part = calloc(1, sizeof *part);
    if (part == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for intents");
    shard->intents = part;
    shard->intended = &part_intended;
    part->shard = shard;
    part->cursor = 1;
    list_init(&part->changes);
    wheel_timer_init(&part->timer, part_on_time);
    intents_init(&part->intents, &shard->wheel);
    if (shard_errands_init(shard, &part->errands, COMPUTATION_OF_INTENTS) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for intents");
    part->intents.errands = part->errands.table == NULL ? NULL : &part->errands;
    if (part_take_seeds(part) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for the stored intents");
    return PCE_OK;
}

/* Changes that the store still has are their posters' again. */
static void intents_part_fini(struct shard *shard)
{
    struct intents_part *part = shard->intents;
    if (part == NULL)
        return;
    LIST_FOR_SAFE(link, following, &part->changes)
    {
        struct intent_change *change = CONTAINER_OF(link, struct intent_change, link);
        list_remove(&change->link);
        intent_record_fini(&change->record);
        change->intent = NULL;
    }
    wheel_stop(&shard->wheel, &part->timer);
    intents_hold_places(part, 0);
    intents_fini(&part->intents);
    errands_fini(&part->errands);
    shard->intents = NULL;
    shard->intended = NULL;
    free(part);
}

/* ---- what has changed ---- */

static void part_read_record(struct intents_part *part, const struct journal_record *record)
{
    const struct lsp_db *db = &part->shard->lsps;
    if (!lsp_change_is_of_lsp((enum lsp_change)record->change)) {
        intents_touch_pcc(&part->intents, &record->pcc);
        return;
    }
    struct wire_span name = journal_name(&db->journal, record);
    const struct lsp *lsp = record->lsp.generation == 0 ? NULL : lsp_db_get(db, record->lsp);
    if (lsp != NULL)
        name = lsp_name(lsp);
    if (name.size > 0)
        reconcile_on_lsp(&part->intents, &record->pcc, name, record->change == LSP_PATH_CHANGED);
    else if (lsp == NULL && record->change == LSP_REMOVED)
        intents_touch_pcc(&part->intents, &record->pcc); /* its name was overwritten */
}

static void part_read_journal(struct intents_part *part)
{
    const struct journal *journal = &part->shard->lsps.journal;
    struct journal_record record;
    uint64_t missed;
    if (part->intents.counters.intents == 0) {
        part->cursor = journal->next;
        return;
    }
    for (unsigned i = 0; i < INTENT_JOURNAL_PER_TURN; i++) {
        enum pce_status status = journal_read(journal, &part->cursor, &record, &missed);
        if (status == PCE_AGAIN)
            return;
        if (status == PCE_LIMIT)
            intents_touch_all(&part->intents);
        else if (intents_find_pcc(&part->intents, &record.pcc) != NULL)
            part_read_record(part, &record);
    }
    part->has_more = true;
}

/* ---- the turn ---- */

/* The store has answered; intent_store.c has filled in the words. Or a path is computed. */
static void intents_part_on_mail(struct shard *shard, const struct mail *mail)
{
    struct intents_part *part = shard->intents;
    if (mail->kind == SHARD_MAIL_COMPUTED_INTENT) {
        errands_on_back(&part->errands, mail->pointers[0]);
        shard_hold(shard); /* a turn of all parts follows */
        return;
    }
    const struct store_result result = {.status = (enum pce_status)mail->words[1],
                                        .code = (int)(int64_t)mail->words[2]};
    shard_hold(shard);
    if (!intent_change_on_kept(part, mail->words[0], &result))
        intent_clean_on_kept(part, mail->words[0], &result);
}

/* Our end of its session, where the configuration says nothing: what the router knows us by. */
static struct intent_originator part_originator_of(void *owner, const struct ip *pcc)
{
    struct shard *shard = owner;
    const struct config_lsp *config = &shard->settings->config.lsp;
    struct intent_originator originator = {.as = config->originator_asn};
    const struct peer *peer = peer_find(shard, pcc);
    if (config->originator_address[0] != '\0')
        (void)ip_parse(config->originator_address, &originator.address);
    else if (peer != NULL && peer->conn != NULL)
        originator.address = conn_local(peer->conn);
    return originator;
}

/* One for all routers, since their LSPs share groups. */
static struct ip part_group_source(const struct shard *shard)
{
    const char *text = shard->settings->config.lsp.originator_address;
    struct ip source = {.family = IP_NONE};
    if (text[0] != '\0')
        (void)ip_parse(text, &source);
    return source;
}

static void part_reconcile(struct intents_part *part)
{
    struct shard *shard = part->shard;
    struct reconcile_scene scene = {
        .intents = &part->intents,
        .db = &shard->lsps,
        .orders = &shard->orders,
        .planner = {.reopt = &shard->reopt,
                    .engine = shard->requests.engine,
                    .arena = &shard->arena,
                    .snapshot = shard->requests.snapshot,
                    .work_max = part->intents.errands == NULL
                                    ? 0
                                    : shard->settings->config.limits.path_work_inline,
                    .octets = part->plan,
                    .octets_max = sizeof part->plan,
                    .hops = part->hops,
                    .group_source = part_group_source(shard)},
        .originator_of = part_originator_of,
        .owner = shard,
        .settle_s = shard->settings->config.lsp.settle_time_s,
        .work_left = RECONCILE_WORK_PER_TURN,
        .now = shard->now,
    };
    part->has_more |= reconcile_turn(&scene);
}

static void intents_part_on_turn(struct shard *shard)
{
    struct intents_part *part = shard->intents;
    part->has_more = false;
    part_read_journal(part);
    if (part->intents.counters.intents == 0 && list_is_empty(&part->changes) &&
        !errands_is_back(&part->errands))
        return;
    part_reconcile(part);
    intent_change_retry(part);
    intent_clean_turn(part);
}

static bool intents_part_is_busy(const struct shard *shard)
{
    return shard->intents != NULL && shard->intents->has_more;
}

static void intents_part_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    const struct intent_counters *own = &shard->intents->intents.counters;
#define COPY(member, help) counter_set(&counters->member, own->member);
    INTENT_COUNTERS(COPY, COPY)
#undef COPY
    intents_settle_places(shard->intents);
}

const struct shard_part intents_part = {
    .name = "intents",
    .mails = UINT32_C(1) << SHARD_MAIL_STORED | UINT32_C(1) << SHARD_MAIL_COMPUTED_INTENT,
    .init = intents_part_init,
    .on_mail = intents_part_on_mail,
    .on_turn = intents_part_on_turn,
    .is_busy = intents_part_is_busy,
    .end_turn = intents_part_end_turn,
    .fini = intents_part_fini,
};
