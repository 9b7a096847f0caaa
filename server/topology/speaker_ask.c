#include "server/topology/speaker_ask.h"

#include "server/topology/speaker_listen.h"
#include "server/topology/speaker_log.h"

static uint64_t ask_age_ns(struct mono since, struct mono now)
{
    return mono_is_never(since) ? TOPOLOGY_NO_TIME : mono_since_ns(now, since);
}

static uint64_t ask_left_ns(struct mono until, struct mono now)
{
    return mono_is_never(until) ? TOPOLOGY_NO_TIME : mono_since_ns(until, now);
}

static const char *ask_authentication(const struct tcp_key *key)
{
    if (key->size == 0)
        return "none";
    return key->kind == TCP_KEY_AO ? "tcp-ao" : "md5";
}

static void ask_show_connection(const struct bgp_peer *bgp, struct mono now,
                                struct topology_peer_view *view)
{
    const struct bgp_connection *connection = bgp_peer_foremost(bgp);
    for (unsigned id = 0; id < BGP_CONNECTION_COUNT; id++)
        view->connection_count += bgp->connections[id].state != BGP_IDLE;
    view->state = (enum bgp_state)connection->state;
    view->is_incoming = connection->id != BGP_OUTGOING;
    view->age_ns = ask_age_ns(connection->since, now);
    view->has_negotiated =
        connection->state == BGP_OPEN_CONFIRM || connection->state == BGP_ESTABLISHED;
    view->negotiated = connection->negotiated;
    view->deadline_left_ns = ask_left_ns(connection->deadline, now);
    view->keepalive_left_ns = ask_left_ns(connection->keepalive, now);
    view->send_hold_left_ns = ask_left_ns(connection->send_hold, now);
    view->verdict = bgp->verdict;
}

static void ask_show_table(const struct speaker_peer *peer, struct mono now,
                           struct topology_peer_view *view)
{
    const struct bgp_restart *restart = &peer->bgp.restart;
    bool is_stale = restart->phase != BGP_RESTART_FRESH;
    view->phase = (enum bgp_restart_phase)restart->phase;
    view->end_of_rib_age_ns = ask_age_ns(peer->bgp.told, now);
    view->stale_age_ns = is_stale ? ask_age_ns(restart->since, now) : TOPOLOGY_NO_TIME;
    view->stale_left_ns = ask_left_ns(restart->deadline, now);
    view->routes = *rib_source_counts(peer->feed.rib, peer->feed.source);
    view->feed = peer->feed.counters;
}

static void ask_show_peer(const struct speaker_peer *peer, struct mono now,
                          struct topology_peer_view *view)
{
    const struct config_bgp_peer *config = &peer->config;
    const struct bgp_peer *bgp = &peer->bgp;
    *view = (struct topology_peer_view){
        .address = config->address,
        .local_address = config->local_address,
        .as = config->as,
        .local_as = peer->bgp_config.open.local_as,
        .rank = config->rank,
        .port = config->port,
        .hold_time_s = config->hold_time_s,
        .ttl_security = config->ttl_security,
        .ttl = config->ttl,
        .is_passive = config->is_passive,
        .authentication = ask_authentication(&config->tcp_key),
        .ours = bgp_open_offer(),
        .counters = bgp->counters,
        .sent = {bgp->notice_sent, ask_age_ns(bgp->notice_sent.at, now)},
        .received = {bgp->notice_received, ask_age_ns(bgp->notice_received.at, now)},
    };
    ask_show_connection(bgp, now, view);
    ask_show_table(peer, now, view);
}

static void ask_show_all(const struct speaker *speaker, struct topology_ask *ask, struct mono now)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        const struct speaker_peer *peer = speaker->peers[i];
        if (peer != NULL && !peer->is_leaving)
            ask_show_peer(peer, now, &ask->peers[ask->count++]);
    }
}

/* What it told is kept as after any end of its session; it is connected again after a pause. */
static void ask_reset(struct speaker_peer *peer, const char *text, struct mono now)
{
    speaker_log_order(peer, "reset");
    bgp_peer_stop(&peer->bgp, BGP_ERROR_RESET, text, now);
    bgp_peer_start(&peer->bgp, now);
}

static enum pce_status ask_refresh(struct speaker_peer *peer, struct mono now)
{
    const struct bgp_connection *connection = bgp_peer_established(&peer->bgp);
    speaker_log_order(peer, "refresh");
    if (connection == NULL)
        return PCE_CLOSED;
    if (!connection->negotiated.has_refresh)
        return PCE_UNSUPPORTED;
    return bgp_peer_refresh(&peer->bgp, now) ? PCE_OK : PCE_LIMIT;
}

void speaker_answer(struct speaker *speaker, struct topology_ask *ask, struct mono now)
{
    bool is_of_all = ask->peer.family == IP_NONE;
    struct speaker_peer *peer = speaker == NULL ? NULL : speaker_find(speaker, &ask->peer);
    ask->status = is_of_all || peer != NULL ? PCE_OK : PCE_NOT_FOUND;
    if (is_of_all && speaker != NULL)
        ask_show_all(speaker, ask, now);
    if (peer == NULL)
        return;
    if (ask->what == TOPOLOGY_ASK_RESET)
        ask_reset(peer, ask->text, now);
    else if (ask->what == TOPOLOGY_ASK_REFRESH)
        ask->status = ask_refresh(peer, now);
    ask_show_peer(peer, now, &ask->peers[ask->count++]);
}
