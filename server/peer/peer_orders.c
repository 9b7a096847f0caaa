#include "server/peer/peer_orders.h"

#include "core/lsp/order_db.h"
#include "core/reopt/reopt_orders.h"
#include "server/log/log.h"
#include "server/shard/part.h"

/* ---- sending ---- */

static enum pce_status open_order(void *owner, const struct lsp_lane *lane, size_t size,
                                  struct wire_writer *writer)
{
    struct peer *peer = peer_find(owner, &lane->address);
    return peer == NULL ? PCE_CLOSED : session_open_message(&peer->session, size, writer);
}

static void commit_order(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    struct shard *shard = owner;
    struct peer *peer = peer_find(shard, &lane->address);
    /* The size was exact, so that the writer has not failed. */
    if (peer != NULL)
        (void)!session_commit_message(&peer->session, writer, SESSION_DATA, shard->now);
}

static bool orders_find_target(void *owner, const struct lsp_lane *lane, struct wire_span name,
                               struct lsp_target *target)
{
    struct shard *shard = owner;
    return lsp_orders_find_target(&shard->lsps, lane, name, target);
}

/* ---- what is told ---- */

static void orders_log_name(struct log_line *line, struct wire_span name)
{
    char text[LSP_COMPOSE_NAME_MAX + 1];
    if (name.size == 0)
        return;
    memcpy(text, name.octets, name.size);
    text[name.size] = '\0';
    log_text(line, "name", text);
}

static void fill_order(struct log_line *line, const struct lsp_order *order)
{
    log_peer(line, &order->pcc, 0);
    orders_log_name(line, (struct wire_span){(const uint8_t *)order->name, order->name_size});
    log_text(line, "order", lsp_order_kind_text((enum lsp_order_kind)order->kind));
    log_text(line, "by", lsp_order_who_text((enum lsp_order_who)order->who));
    log_number(line, "id", order->id);
    log_number(line, "srp_id", order->srp_id);
    if (order->error_type != 0) {
        log_number(line, "error_type", order->error_type);
        log_number(line, "error_value", order->error_value);
    }
    if (order->reason != NULL)
        log_text(line, "why", order->reason);
    log_end(line);
}

static void log_order(const struct lsp_order *order)
{
    static struct log_site sent = LOG_SITE(DEBUG, "LSP order sent");
    static struct log_site done = LOG_SITE(INFO, "LSP order carried out");
    static struct log_site refused = LOG_SITE(WARNING, "LSP order refused");
    static struct log_site unconfirmed = LOG_SITE(WARNING, "LSP order without an answer");
    static struct log_site *const sites[LSP_ORDER_STATE_COUNT] = {
        [LSP_ORDER_SENT] = &sent,
        [LSP_ORDER_DONE] = &done,
        [LSP_ORDER_REFUSED] = &refused,
        [LSP_ORDER_UNCONFIRMED] = &unconfirmed,
    };
    struct log_line line;
    if (sites[order->state] != NULL && log_begin(&line, sites[order->state]))
        fill_order(&line, order);
}

static void on_order(void *owner, const struct lsp_order *order, enum lsp_order_state from)
{
    struct shard *shard = owner;
    (void)from;
    log_order(order);
    lsp_orders_note(&shard->lsps, order, shard->now);
    if (shard->intended != NULL)
        shard->intended->on_order(shard, order);
    reopt_orders_on_order(&shard->reopt, order);
}

static void on_contested(void *owner, const struct lsp_lane *lane, struct wire_span name,
                         uint32_t times)
{
    static struct log_site site = LOG_SITE(WARNING, "LSP is moved by somebody else");
    struct shard *shard = owner;
    struct log_line line;
    lsp_orders_note_contest(&shard->lsps, lane, name, shard->now);
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &lane->address, 0);
    orders_log_name(&line, name);
    log_number(&line, "times", times);
    log_end(&line);
}

static void on_path_wanted(void *owner, const struct lsp_lane *lane, struct wire_span name)
{
    static struct log_site site = LOG_SITE(DEBUG, "LSP is delegated without a path");
    struct log_line line;
    (void)owner;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &lane->address, 0);
    orders_log_name(&line, name);
    log_end(&line);
}

static const struct lsp_order_ops order_ops = {
    .open_message = open_order,
    .commit_message = commit_order,
    .find = orders_find_target,
    .on_order = on_order,
    .on_contested = on_contested,
    .on_path_wanted = on_path_wanted,
};

/* ---- the policy ---- */

/* "auto" is the first word; the others are the profiles in their order. */
static const struct lsp_profile *profile_of(uint32_t value)
{
    _Static_assert(CONFIG_PROFILE_AUTO == 0 && CONFIG_PROFILE_COUNT == LSP_PROFILE_COUNT + 1 &&
                       CONFIG_PROFILE_FRR == LSP_PROFILE_FRR + 1 &&
                       CONFIG_PROFILE_ODL == LSP_PROFILE_ODL + 1,
                   "the words are the rows of profile.def");
    return value == CONFIG_PROFILE_AUTO ? NULL : lsp_profile_get((enum lsp_profile_id)(value - 1));
}

struct handler_lsp_policy peer_lsp_policy(const struct session *session)
{
    const struct peer *peer =
        CONTAINER_OF((struct session *)(uintptr_t)session, struct peer, session);
    const struct settings *settings = peer->shard->settings;
    return (struct handler_lsp_policy){
        .profile = profile_of(peer_negotiated(peer)->profile),
        .delegation = {.rules = settings->rules,
                       .rule_count = settings->rule_count,
                       .accepts = peer->policy->delegation == CONFIG_DELEGATION_ACCEPT},
    };
}

/* A fault of a report that was taken long ago. */
static void orders_send_fault(struct shard *shard, const struct ip *pcc,
                              const struct pcep_fault *fault)
{
    struct peer *peer = peer_find(shard, pcc);
    if (peer != NULL && peer->session.state == SESSION_UP)
        session_send_error(&peer->session, fault, shard->now);
}

/* ---- the part ---- */

static enum pce_status orders_init(struct shard *shard)
{
    const uint64_t place = shard->now.ns + shard->index;
    shard->handler.orders = &shard->orders;
    shard->handler.lsp_policy_of = peer_lsp_policy;
    shard->send_fault = orders_send_fault;
    if (lsp_orders_init(&shard->orders, &order_ops, shard, &shard->wheel,
                        map_hash(&place, sizeof place)) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for orders to PCCs");
    shard->orders.arena = &shard->arena;
    shard->reopt.orders = &shard->orders;
    return PCE_OK;
}

static void orders_begin_turn(struct shard *shard)
{
    const struct config *config = &shard->settings->config;
    shard->orders.settings = (struct lsp_order_settings){
        .in_flight_max = config->lsp.updates_in_flight_max,
        .waiting_max = config->limits.orders_max / shard->shared->shard_count + 1,
        .waiting_per_pcc_max = config->limits.orders_per_pcc_max,
        .controls_max = config->limits.lsps_max,
        .adjustments_max = config->limits.adjustments_max,
        .settle_s = config->lsp.settle_time_s,
        .initiate_delay_s = config->lsp.initiate_delay_s,
    };
}

static void orders_on_turn(struct shard *shard)
{
    const uint32_t at_once = shard->settings->config.lsp.syncs_at_once_max;
    const uint32_t shards = shard->shared->shard_count;
    /* One for each shard at the least, so that nobody waits for ever. */
    lsp_orders_trigger(&shard->orders, &shard->lsps, (at_once + shards - 1) / shards, shard->now);
    shard->has_orders = lsp_orders_turn(&shard->orders, shard->now);
}

static bool orders_is_busy(const struct shard *shard)
{
    return shard->has_orders;
}

static void orders_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
#define COPY(member, help) counter_set(&counters->member, shard->orders.counters.member);
    ORDER_COUNTERS(COPY, COPY)
#undef COPY
}

static void orders_fini(struct shard *shard)
{
    lsp_orders_fini(&shard->orders);
}

const struct shard_part orders_part = {
    .name = "orders",
    .init = orders_init,
    .begin_turn = orders_begin_turn,
    .on_turn = orders_on_turn,
    .is_busy = orders_is_busy,
    .end_turn = orders_end_turn,
    .fini = orders_fini,
};
