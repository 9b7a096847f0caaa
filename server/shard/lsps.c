#include "server/shard/lsps.h"

#include "core/base/validate.h"
#include "core/lsp/order_db.h"
#include "server/log/log.h"

#include <stdatomic.h>

#define LSPS_TELL_MS 50

/* ---- what is told ---- */

static void log_name(struct log_line *line, struct wire_span name)
{
    char text[LSP_NAME_MAX + 1];
    memcpy(text, name.octets, name.size);
    text[name.size] = '\0';
    log_text(line, "name", text);
}

static void log_lsp(const struct lsp *lsp, const struct journal_record *record)
{
    static struct log_site site = LOG_SITE(DEBUG, "LSP changed");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &record->pcc, 0);
    log_name(&line, lsp_name(lsp));
    log_number(&line, "plsp_id", lsp->plsp_id);
    log_text(&line, "change", lsp_change_text((enum lsp_change)record->change));
    log_text(&line, "by", lsp_actor_text((enum lsp_actor)record->by));
    log_end(&line);
}

static void log_synchronised(const struct lsp_pcc *pcc, const struct journal_record *record)
{
    static struct log_site site = LOG_SITE(INFO, "LSP state synchronised");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &pcc->address, 0);
    log_number(&line, "reports", pcc->sync_reports);
    log_number(&line, "lsps", pcc->count - pcc->stale_count);
    log_number(&line, "gone", pcc->stale_count);
    log_number(&line, "ms", mono_since_ns(record->when, pcc->up_since) / MONO_NS_PER_MS);
    log_end(&line);
}

static void on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct journal_record *record)
{
    struct shard *shard = db->owner;
    lsp_orders_on_change(&shard->orders, pcc, lsp, record);
    if (lsp != NULL) {
        log_lsp(lsp, record);
        reopt_on_change(&shard->reopt, lsp, (enum lsp_change)record->change);
    } else if (record->change == PCC_SYNCHRONISED) {
        log_synchronised(pcc, record);
        reopt_on_synchronised(&shard->reopt, pcc);
    }
}

static void on_limit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit)
{
    static struct log_site site = LOG_SITE(WARNING, "limit of LSPs is reached: session closed");
    static const char *const names[LSP_LIMIT_COUNT] = {
        [LSP_LIMIT_LSPS] = "limits.lsps",
        [LSP_LIMIT_PER_PCC] = "limits.lsps-per-pcc",
        [LSP_LIMIT_MEMORY] = "limits.lsp-memory",
    };
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &pcc->address, 0);
    log_text(&line, "limit", names[limit]);
    log_number(&line, "of_pcc", pcc->count);
    log_number(&line, "lsps", db->counters.lsps + db->limits.lsps_elsewhere);
    log_number(&line, "octets", db->counters.lsp_octets + db->limits.octets_elsewhere);
    log_end(&line);
}

static const struct lsp_db_events events = {.on_change = on_change, .on_limit = on_limit};

/* ---- the part ---- */

static enum pce_status lsps_init(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    const struct lsp_limits initial = {.record_max = limits->lsp_journal};
    shard->handler.lsps = &shard->lsps;
    if (lsp_db_init(&shard->lsps, &initial, &shard->wheel, &events, shard) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for a database of LSPs");
    return PCE_OK;
}

static void lsps_fini(struct shard *shard)
{
    lsp_db_fini(&shard->lsps);
}

/* Adds what has changed here; returns what the other shards have. The sum may be behind what they
 * have by a turn of theirs, and with that even below our own part. */
static uint64_t lsps_publish(_Atomic uint64_t *sum, uint64_t *published, uint64_t own)
{
    const uint64_t change = own - *published; /* modulo 2^64: it may fall */
    *published = own;
    const uint64_t all =
        change == 0 ? atomic_load_explicit(sum, memory_order_relaxed)
                    : atomic_fetch_add_explicit(sum, change, memory_order_relaxed) + change;
    return all > own ? all - own : 0;
}

static void lsps_begin_turn(struct shard *shard)
{
    const struct config *config = &shard->settings->config;
    const struct lsp_counters *counters = &shard->lsps.counters;
    struct lsp_limits *limits = &shard->lsps.limits;
    struct shared *shared = shard->shared;
    limits->lsps_max = config->limits.lsps_max;
    limits->lsps_per_pcc_max = config->limits.lsps_per_pcc_max;
    limits->auto_bandwidths_max = config->limits.auto_bandwidths_max / shared->shard_count + 1;
    limits->octets_max = (uint64_t)config->limits.lsp_memory_mib << 20;
    limits->stale_s = config->lsp.stale_time_s;
    limits->lsps_elsewhere = lsps_publish(&shared->lsps, &shard->lsps_published, counters->lsps);
    limits->octets_elsewhere =
        lsps_publish(&shared->lsp_octets, &shard->lsp_octets_published, counters->lsp_octets);
    const uint64_t lsps_gone =
        lsps_publish(&shared->lsps_gone, &shard->lsps_gone_published, counters->lsps_gone);
    const uint64_t octets_gone = lsps_publish(
        &shared->lsp_octets_gone, &shard->lsp_octets_gone_published, counters->lsp_octets_gone);
    /* Others may be between telling the one and the other. */
    limits->lsps_gone_elsewhere =
        lsps_gone < limits->lsps_elsewhere ? lsps_gone : limits->lsps_elsewhere;
    limits->octets_gone_elsewhere =
        octets_gone < limits->octets_elsewhere ? octets_gone : limits->octets_elsewhere;
}

/* Whoever has something to let go does so in its next turn, which may be far off. */
static void lsps_tell_others(struct shard *shard)
{
    const struct mail mail = {.kind = SHARD_MAIL_LSPS, .from = shard->index};
    if (mono_is_before(shard->now, shard->lsps_told_until))
        return;
    shard->lsps_told_until = mono_add_ms(shard->now, LSPS_TELL_MS);
    for (unsigned i = 0; i < shard->shared->shard_count; i++) {
        struct shard *other = &shard->shared->shards[i];
        if (other != shard)
            (void)!mailbox_post(other->mailbox, &mail, shard->ring);
    }
}

static void lsps_on_mail(struct shard *shard, const struct mail *mail)
{
    (void)mail;
    shard_hold(shard); /* a turn of all parts follows */
}

static void lsps_on_turn(struct shard *shard)
{
    const struct lsp_limits *limits = &shard->lsps.limits;
    (void)lsp_db_turn(&shard->lsps, shard->now);
    if (limits->lsps_gone_elsewhere > 0 && lsp_db_is_over(&shard->lsps))
        lsps_tell_others(shard);
}

static bool lsps_is_busy(const struct shard *shard)
{
    return lsp_db_has_work(&shard->lsps);
}

static void lsps_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
#define COPY(member, help) counter_set(&counters->member, shard->lsps.counters.member);
    LSP_COUNTERS(COPY, COPY)
#undef COPY
    counter_set(&counters->lsp_changes, journal_last(&shard->lsps.journal));
    VALIDATE(VALIDATE_TURN_STEPS, lsp_db_validate(&shard->lsps));
}

const struct shard_part lsps_part = {
    .name = "lsps",
    .mails = UINT32_C(1) << SHARD_MAIL_LSPS,
    .on_mail = lsps_on_mail,
    .init = lsps_init,
    .begin_turn = lsps_begin_turn,
    .on_turn = lsps_on_turn,
    .is_busy = lsps_is_busy,
    .end_turn = lsps_end_turn,
    .fini = lsps_fini,
};
