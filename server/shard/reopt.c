#include "server/shard/reopt.h"

#include "core/reopt/reopt_orders.h"
#include "server/log/log.h"
#include "server/shard/errands.h"

#include <string.h>

/* Between two turns that nothing else asks for: the interval, and links that LSPs of other shards
 * have pressed. */
#define REOPT_TICK_MS 500

/* ---- what is told ---- */

/* cause, reason: NULL where there is none to tell. */
static void reopt_log(struct log_site *site, const struct lsp *lsp, const char *cause,
                      const char *reason)
{
    struct log_line line;
    char name[LSP_NAME_MAX + 1];
    if (!log_begin(&line, site))
        return;
    memcpy(name, lsp->name, lsp->name_size);
    name[lsp->name_size] = '\0';
    log_peer(&line, &lsp->pcc->address, 0);
    log_text(&line, "name", name);
    if (cause != NULL)
        log_text(&line, "cause", cause);
    if (reason != NULL)
        log_text(&line, "reason", reason);
    log_end(&line);
}

static bool reopt_wants_of(struct reopt *reopt, const struct lsp *lsp, struct reopt_wants *wants)
{
    struct shard *shard = CONTAINER_OF(reopt, struct shard, reopt);
    return shard->intended != NULL && shard->intended->wants(shard, lsp, wants);
}

static bool reopt_may_move(struct reopt *reopt, const struct lsp *lsp, uint8_t *sids_max)
{
    struct shard *shard = CONTAINER_OF(reopt, struct shard, reopt);
    struct reopt_wants wants;
    if (shard_is_intended(shard, &lsp->pcc->address, lsp_name(lsp)) &&
        !shard->intended->wants(shard, lsp, &wants))
        return false;
    return reopt_orders_may_move(reopt, lsp, sids_max);
}

static enum pce_status reopt_submit(struct reopt *reopt, struct lsp *lsp,
                                    const struct reopt_move *move)
{
    static struct log_site moved = LOG_SITE(INFO, "LSP is moved");
    static struct log_site withdrawn = LOG_SITE(WARNING, "LSP is left without a path");
    struct log_site *site = move->cause == REOPT_WITHDRAWN ? &withdrawn : &moved;
    enum pce_status status = reopt_orders_submit(reopt, lsp, move);
    if (status == PCE_OK && move->cause != REOPT_STATUS)
        reopt_log(site, lsp, reopt_cause_text(move->cause), NULL);
    return status;
}

static const char *no_path_reason(const struct path_result *result, bool is_past)
{
    if (is_past)
        return "on an earlier network; it is looked for again";
    return result->outcome == PATH_WORK_EXCEEDED ? "given up at limits.path-work" : NULL;
}

static void on_no_path(struct reopt *reopt, const struct lsp *lsp, enum reopt_cause cause,
                       const struct path_result *result, bool is_past)
{
    static struct log_site site = LOG_SITE(WARNING, "no path for an LSP that needs one");
    struct shard *shard = CONTAINER_OF(reopt, struct shard, reopt);
    if (shard->intended != NULL)
        shard->intended->on_no_path(shard, lsp, result->unsatisfied);
    reopt_log(&site, lsp, reopt_cause_text(cause), no_path_reason(result, is_past));
}

static void on_cured(struct reopt *reopt, const struct lsp *lsp)
{
    static struct log_site site = LOG_SITE(INFO, "there is a path again for an LSP");
    struct shard *shard = CONTAINER_OF(reopt, struct shard, reopt);
    if (shard->intended != NULL)
        shard->intended->on_cured(shard, lsp);
    reopt_log(&site, lsp, NULL, NULL);
}

static const struct reopt_events reopt_events = {.may_move = reopt_may_move,
                                                 .wants = reopt_wants_of,
                                                 .submit = reopt_submit,
                                                 .on_no_path = on_no_path,
                                                 .on_cured = on_cured};

/* ---- the part ---- */

/* The turn that follows does the work. */
static void reopt_on_tick(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

static enum pce_status reopt_part_init(struct shard *shard)
{
    wheel_timer_init(&shard->reopt_timer, reopt_on_tick);
    if (reopt_init(&shard->reopt, &shard->lsps, shard->requests.engine, &shard->arena,
                   &reopt_events) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for reoptimisation");
    shard->reopt.reservations = shard->shared->reservations;
    if (shard_errands_init(shard, &shard->lsp_errands, COMPUTATION_OF_REOPT) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for reoptimisation");
    shard->reopt.errands = shard->lsp_errands.table == NULL ? NULL : &shard->lsp_errands;
    return PCE_OK;
}

static void reopt_part_fini(struct shard *shard)
{
    wheel_stop(&shard->wheel, &shard->reopt_timer);
    reopt_fini(&shard->reopt);
    errands_fini(&shard->lsp_errands);
}

static void reopt_on_mail(struct shard *shard, const struct mail *mail)
{
    if (mail->kind == SHARD_MAIL_COMPUTED_LSP)
        errands_on_back(&shard->lsp_errands, mail->pointers[0]);
    shard_hold(shard); /* a turn of all parts follows */
}

static void reopt_on_turn(struct shard *shard)
{
    const struct config_reopt *config = &shard->settings->config.reopt;
    struct reopt_scene scene = {
        .snapshot = shard->requests.snapshot, .now = shard->now, .work_left = REOPT_WORK_PER_TURN};
    shard->reopt_has_more = false;
    /* Others rely on them before there is an LSP (core/reopt/hold.h). */
    shard->reopt.settings = (struct reopt_settings){.interval_s = config->interval_s,
                                                    .gain_min = config->gain_min,
                                                    .hold_down_s = config->hold_down_s,
                                                    .flood_s = config->flood_s};
    shard->reopt.work_inline = shard->settings->config.limits.path_work_inline;
    if (shard->lsps.counters.lsps == 0)
        return;
    shard->reopt_has_more = reopt_turn(&shard->reopt, &scene);
    if (!wheel_is_running(&shard->reopt_timer))
        wheel_start(&shard->wheel, &shard->reopt_timer, mono_add_ms(shard->now, REOPT_TICK_MS));
}

static bool reopt_is_busy(const struct shard *shard)
{
    return shard->reopt_has_more;
}

static void reopt_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
#define COPY(member, help) counter_set(&counters->member, shard->reopt.counters.member);
    REOPT_COUNTERS(COPY, COPY)
#undef COPY
}

const struct shard_part reopt_part = {
    .name = "reopt",
    .mails = UINT32_C(1) << SHARD_MAIL_TOPOLOGY | UINT32_C(1) << SHARD_MAIL_COMPUTED_LSP,
    .init = reopt_part_init,
    .on_mail = reopt_on_mail,
    .on_turn = reopt_on_turn,
    .is_busy = reopt_is_busy,
    .end_turn = reopt_end_turn,
    .fini = reopt_part_fini,
};

/* A shard whose mailbox is full is awake. */
void reopt_post_topology(struct shared *shared)
{
    const struct mail mail = {.kind = SHARD_MAIL_TOPOLOGY};
    for (unsigned i = 0; shared->shards != NULL && i < shared->shard_count; i++)
        (void)!mailbox_post(shared->shards[i].mailbox, &mail, NULL);
}
