/* Those that connect to us: the listening socket, its keys, and whose a connection is. */
#include "server/topology/speaker_listen.h"
#include "io/os/clock.h"
#include "server/topology/speaker_link.h"
#include "server/topology/speaker_log.h"

#include <string.h>

_Static_assert(CONFIG_BGP_PEERS_MAX <= HOP_RULES_MAX, "each peer has its rule");

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
    enum bgp_connection_id id;
    if (peer == NULL || !bgp_peer_find_place(&peer->bgp, &id)) {
        speaker->gone.turned_away++;
        speaker_log_stranger(conn_address(conn));
        conn_turn_away(conn);
        return;
    }
    speaker_link_begin(&peer->links[id], conn);
    conn_hand_over(conn, &speaker_link_ops, &peer->links[id]);
    bgp_peer_accept(&peer->bgp, id, clock_now());
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

/* The listening socket is one for all: what goes back has the largest TTL that a peer asks for, and not
 * less than the system's where one asks for none. */
static enum pce_status speaker_set_hops(const struct speaker *speaker,
                                        const struct config_bgp *config, struct failure *failure)
{
    struct hop_rule rules[CONFIG_BGP_PEERS_MAX];
    uint8_t ttl = 0;
    bool is_bounded = true;
    for (uint32_t i = 0; i < config->peer_count; i++) {
        const struct hop_limits hops =
            hop_limits_of(config->peers[i].ttl_security, config->peers[i].ttl);
        rules[i] = (struct hop_rule){.peer = config->peers[i].address, .ttl_min = hops.ttl_min};
        ttl = hops.ttl > ttl ? hops.ttl : ttl;
        is_bounded = is_bounded && hops.ttl != 0;
    }
    if (!is_bounded && ttl < HOP_TTL_SYSTEM)
        ttl = 0;
    return listeners_set_hops(speaker->listeners, rules, config->peer_count, ttl, failure);
}

/* A key of the same kind and numbers is replaced in its place. */
static bool speaker_keeps_key(const struct tcp_key *before, const struct config_bgp_peer *now)
{
    return now != NULL && now->tcp_key.size > 0 && now->tcp_key.kind == before->kind &&
           now->tcp_key.send_id == before->send_id && now->tcp_key.receive_id == before->receive_id;
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
        if (before->tcp_key.size > 0 && !speaker_keeps_key(&before->tcp_key, now))
            listeners_remove_key(speaker->listeners, &before->tcp_key);
    }
}

static bool speaker_listens_at(const struct speaker *speaker, const struct config_bgp *config)
{
    return ip_is_equal(&speaker->listen, &config->listen) &&
           speaker->listen_port == config->listen_port;
}

void speaker_close_retired(struct speaker *speaker, struct mono now)
{
    struct speaker_retired *retired = speaker->retired;
    while (retired->listeners != NULL && !mono_is_before(now, retired->until)) {
        listeners_close(retired->listeners);
        memmove(retired, retired + 1, (SPEAKER_RETIRED_MAX - 1) * sizeof *retired);
        retired[SPEAKER_RETIRED_MAX - 1].listeners = NULL;
    }
}

bool speaker_retire_listener(struct speaker *speaker, struct mono now)
{
    unsigned place = 0;
    if (speaker->listeners == NULL)
        return true;
    while (place < SPEAKER_RETIRED_MAX && speaker->retired[place].listeners != NULL)
        place++;
    if (place == SPEAKER_RETIRED_MAX)
        return false;
    listeners_stop(speaker->listeners, 0);
    listeners_shut(speaker->listeners);
    speaker->retired[place].listeners = speaker->listeners;
    speaker->retired[place].until = mono_add_ms(now, SPEAKER_GRACE_MS);
    speaker->listeners = NULL;
    return true;
}

/* Keys and rules of the peers that are configured. */
static enum pce_status speaker_guard(const struct speaker *speaker, const struct config_bgp *config,
                                     struct failure *failure)
{
    enum pce_status status = speaker_set_keys(speaker, config, failure);
    return status == PCE_OK ? speaker_set_hops(speaker, config, failure) : status;
}

/* One that lacks a key or a rule of somebody is none: peers would come in without it. */
static enum pce_status speaker_guard_open(struct speaker *speaker, const struct config_bgp *config,
                                          struct mono now, struct failure *failure)
{
    speaker_remove_keys(speaker, config);
    enum pce_status status = speaker_guard(speaker, config, failure);
    if (status != PCE_OK)
        (void)speaker_retire_listener(speaker, now);
    return status;
}

static enum pce_status speaker_listen_anew(struct speaker *speaker, const struct config_bgp *config,
                                           struct failure *failure)
{
    const struct listener_options options = {.addresses = {config->listen},
                                             .address_count = 1,
                                             .port = config->listen_port,
                                             .shard_count = 1};
    enum pce_status status = listeners_open(&options, &speaker->listeners, failure);
    if (status == PCE_OK)
        status = speaker_guard(speaker, config, failure);
    if (status == PCE_OK)
        status = listeners_start(speaker->listeners, 0, speaker->pool, speaker_on_accept, speaker);
    if (status != PCE_OK && speaker->listeners != NULL) {
        listeners_close(speaker->listeners);
        speaker->listeners = NULL;
    }
    speaker->listen = config->listen;
    speaker->listen_port = config->listen_port;
    return status;
}

enum pce_status speaker_listen(struct speaker *speaker, const struct config_bgp *config,
                               struct mono now, struct failure *failure)
{
    bool is_other = speaker->listeners != NULL && !speaker_listens_at(speaker, config);
    if (is_other && !speaker_retire_listener(speaker, now)) {
        enum pce_status status = speaker_guard_open(speaker, config, now, failure);
        return status != PCE_OK ? status
                                : failure_set(failure, PCE_AGAIN,
                                              "bgp-ls.listen: it has changed %d times within %d s",
                                              SPEAKER_RETIRED_MAX, SPEAKER_GRACE_MS / 1000);
    }
    if (config->listen.family == IP_NONE)
        return PCE_OK;
    return speaker->listeners == NULL ? speaker_listen_anew(speaker, config, failure)
                                      : speaker_guard_open(speaker, config, now, failure);
}
