#include "server/peer/intake.h"

#include "server/log/log.h"
#include "server/peer/peer.h"

/* ---- what is told ---- */

static void log_late(const struct shard *shard, struct log_site *site)
{
    const struct report_load *load = &shard->lsps.load;
    struct log_line line;
    if (!log_begin(&line, site))
        return;
    log_number(&line, "shard", shard->index);
    log_number(&line, "behind_ms", report_load_lag_ns(load, shard->now) / MONO_NS_PER_MS);
    log_number(&line, "unread_connections", conn_pool_unread(shard->pool));
    log_number(&line, "reports", shard->handled.reports);
    log_end(&line);
}

static void log_verdict(struct shard *shard, const struct report_verdict *verdict)
{
    static struct log_site late =
        LOG_SITE(WARNING, "reports come faster than they are taken: those who report are told");
    static struct log_site over = LOG_SITE(INFO, "reports are taken as they come again");
    if (verdict->begins) {
        counter_add(&shard->counters.late_times, 1);
        log_late(shard, &late);
    }
    if (verdict->ends)
        log_late(shard, &over);
}

static void log_shed(const struct lsp_pcc *pcc, struct log_site *site, uint32_t wait_s)
{
    struct log_line line;
    if (!log_begin(&line, site))
        return;
    log_peer(&line, &pcc->address, 0);
    log_number(&line, "octets_of_window", pcc->window_octets);
    log_number(&line, "new_lsps",
               pcc->count > pcc->count_before ? pcc->count - pcc->count_before : 0);
    log_number(&line, "lsps", pcc->count);
    log_text(&line, "synchronised", pcc->sync == LSP_SYNC_DONE ? "yes" : "no");
    log_number(&line, "not_before_s", wait_s);
    log_end(&line);
}

/* ---- who goes ---- */

/* NULL: its session has ended since. */
static struct peer *peer_to_shed(struct shard *shard, const struct lsp_pcc *pcc)
{
    struct peer *peer = pcc == NULL ? NULL : peer_find(shard, &pcc->address);
    return peer != NULL && peer_is_served(peer) && peer->session.state == SESSION_UP ? peer : NULL;
}

static uint32_t intake_bar(struct shard *shard, const struct peer *peer)
{
    struct peers *peers = shard->peers;
    const uint32_t random = (uint32_t)(random_u64(&peers->random) >> 32);
    return readmit_bar(&peers->readmit, peer_address(peer), shard->settings->config.lsp.readmit_s,
                       random, shard->now);
}

static void close_too_fast(struct shard *shard, const struct lsp_pcc *pcc)
{
    static struct log_site site =
        LOG_SITE(WARNING, "session closed: it reports most, and faster than reports are taken");
    struct peer *peer = peer_to_shed(shard, pcc);
    if (peer == NULL)
        return;
    const uint32_t wait_s = intake_bar(shard, peer);
    counter_add(&shard->counters.late_closed, 1);
    log_shed(pcc, &site, wait_s);
    handlers_end_late(&shard->handler, &peer->session, wait_s);
}

static bool is_worst(const struct shard *shard, uint64_t growth)
{
    for (unsigned i = 0; i < shard->shared->shard_count; i++) {
        const struct shard *other = &shard->shared->shards[i];
        if (other != shard && counter_get(&other->counters.lsp_growth) > growth)
            return false;
    }
    return true;
}

static void close_too_many(struct shard *shard, const struct lsp_pcc *pcc, uint64_t growth)
{
    static struct log_site site =
        LOG_SITE(WARNING, "session closed: LSPs near their limit, and it brings most new ones");
    struct peer *peer = peer_to_shed(shard, pcc);
    if (peer == NULL || !is_worst(shard, growth))
        return;
    const uint32_t wait_s = intake_bar(shard, peer);
    counter_add(&shard->counters.fill_closed, 1);
    log_shed(pcc, &site, wait_s);
    handlers_end_full(&shard->handler, &peer->session, "LSPs near their limit (lsp.fill-close)");
}

/* ---- the part ---- */

static struct report_turn intake_see(struct shard *shard)
{
    const uint32_t fill_close = shard->settings->config.lsp.fill_close;
    const uint64_t cut_turns = counter_get(&ring_counters_of(shard->ring)->cut_turns);
    const bool is_cut = cut_turns != shard->peers->cut_turns;
    shard->peers->cut_turns = cut_turns;
    return (struct report_turn){
        .received = counter_get(&conn_pool_counters(shard->pool)->received_octets),
        .has_left = is_cut || conn_pool_unread(shard->pool) > 0,
        .is_near = fill_close < 100 && lsp_db_is_near(&shard->lsps, fill_close),
    };
}

static void intake_count(struct shard *shard)
{
    const struct report_load *load = &shard->lsps.load;
    struct shard_counters *counters = &shard->counters;
    counter_set(&counters->lsp_growth, report_load_growth(load));
    counter_set(&counters->report_lag_seconds, report_load_lag_ns(load, shard->now));
    counter_set(&counters->shards_late, load->is_late);
    if (shard->peers->readmit.count > 0) {
        counter_set(&counters->barred, readmit_waiting(&shard->peers->readmit, shard->now));
        counter_set(&counters->barred_early, shard->peers->readmit.ousted);
    }
}

static void intake_on_turn(struct shard *shard)
{
    const struct config_lsp *config = &shard->settings->config.lsp;
    const struct report_limits limits = {config->late_s, config->late_close_s};
    const struct report_turn turn = intake_see(shard);
    struct report_load *load = &shard->lsps.load;
    const uint64_t growth = report_load_growth(load);
    const struct report_verdict verdict = report_load_on_turn(load, &limits, &turn, shard->now);
    shard->requests.reports_are_late = load->is_late;
    log_verdict(shard, &verdict);
    close_too_fast(shard, verdict.too_fast);
    if (verdict.too_many != verdict.too_fast)
        close_too_many(shard, verdict.too_many, growth);
    intake_count(shard);
}

const struct shard_part intake_part = {.name = "intake", .on_turn = intake_on_turn};
