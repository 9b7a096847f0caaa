/* Those that connect to us: the listening socket, its keys, and whose a connection is. */
#include "server/topology/speaker_listen.h"
#include "io/os/clock.h"
#include "server/topology/speaker_link.h"
#include "server/topology/speaker_log.h"

struct speaker_peer *speaker_find(const struct speaker *speaker, const struct ip *address)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        struct speaker_peer *peer = speaker->peers[i];
        if (peer != NULL && !peer->is_leaving && ip_is_equal(&peer->config.address, address))
            return peer;
    }
    return NULL;
}

static void speaker_on_accept(void *context, struct conn *conn)
{
    struct speaker *speaker = context;
    struct speaker_peer *peer = speaker_find(speaker, conn_address(conn));
    struct speaker_link *link = peer == NULL ? NULL : &peer->links[BGP_INCOMING];
    if (link == NULL || link->conn != NULL) {
        speaker->gone.turned_away++;
        speaker_log_stranger(conn_address(conn));
        conn_turn_away(conn);
        return;
    }
    speaker_link_begin(link, conn);
    conn_hand_over(conn, &speaker_link_ops, link);
    if (!bgp_peer_accept(&peer->bgp, clock_now()))
        conn_reset(conn);
}

static enum pce_status speaker_set_keys(const struct speaker *speaker,
                                        const struct config_bgp *config, struct failure *failure)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < config->peer_count && status == PCE_OK; i++)
        if (config->peers[i].tcp_key.size > 0)
            status = listeners_set_key(speaker->listeners, &config->peers[i].tcp_key, failure);
    return status;
}

/* Keys of peers that are configured no more, or without one. */
static void speaker_remove_keys(const struct speaker *speaker, const struct config_bgp *config)
{
    for (uint32_t i = 0; i < speaker->config.peer_count; i++) {
        const struct config_bgp_peer *before = &speaker->config.peers[i];
        const struct config_bgp_peer *now = NULL;
        for (uint32_t j = 0; j < config->peer_count && now == NULL; j++)
            if (ip_is_equal(&config->peers[j].address, &before->address))
                now = &config->peers[j];
        if (before->tcp_key.size > 0 && (now == NULL || now->tcp_key.size == 0))
            listeners_remove_key(speaker->listeners, &before->tcp_key);
    }
}

static bool speaker_listens_alike(const struct config_bgp *a, const struct config_bgp *b)
{
    return ip_is_equal(&a->listen, &b->listen) && a->listen_port == b->listen_port;
}

void speaker_close_retired(struct speaker *speaker)
{
    if (speaker->retired != NULL)
        listeners_close(speaker->retired);
    speaker->retired = NULL;
    speaker->retired_until = MONO_NEVER;
}

/* The kernel gives an accept back in one of the next turns. */
void speaker_retire_listener(struct speaker *speaker, struct mono now)
{
    if (speaker->listeners == NULL)
        return;
    listeners_stop(speaker->listeners, 0);
    speaker->retired = speaker->listeners;
    speaker->retired_until = mono_add_ms(now, SPEAKER_GRACE_MS);
    speaker->listeners = NULL;
}

enum pce_status speaker_listen(struct speaker *speaker, const struct config_bgp *config,
                               struct mono now, struct failure *failure)
{
    const struct listener_options options = {.addresses = {config->listen},
                                             .address_count = 1,
                                             .port = config->listen_port,
                                             .shard_count = 1};
    bool is_other = speaker->listeners != NULL && !speaker_listens_alike(&speaker->config, config);
    if (is_other && speaker->retired != NULL)
        return failure_set(failure, PCE_AGAIN, "bgp-ls.listen: it has changed a moment ago");
    if (is_other)
        speaker_retire_listener(speaker, now);
    if (config->listen.family == IP_NONE)
        return PCE_OK;
    enum pce_status status = PCE_OK;
    bool is_new = speaker->listeners == NULL;
    if (is_new)
        status = listeners_open(&options, &speaker->listeners, failure);
    if (status == PCE_OK && !is_new)
        speaker_remove_keys(speaker, config);
    if (status == PCE_OK)
        status = speaker_set_keys(speaker, config, failure);
    if (status == PCE_OK && is_new)
        status = listeners_start(speaker->listeners, 0, speaker->pool, speaker_on_accept, speaker);
    if (status != PCE_OK && is_new && speaker->listeners != NULL) {
        listeners_close(speaker->listeners);
        speaker->listeners = NULL;
    }
    return status;
}
