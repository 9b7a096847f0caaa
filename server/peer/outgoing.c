#include "server/peer/outgoing.h"

#include "core/base/check.h"
#include "core/session/connect_policy.h"
#include "server/log/log.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_watch.h"

#include <stdlib.h>

/* A first attempt and one after a change come soon, spread so that many are not all at once. */
#define FIRST_MS  100
#define SPREAD_MS 1000

struct outgoing {
    struct map_node node; /* in shard->peers->outgoing, by target.address */
    struct list_link link;
    struct wheel_timer timer; /* the next attempt; not while there is a session */
    struct shard *shard;
    struct peer *peer; /* the attempt, or the session that came of it */
    struct config_connect target;
    struct connect_policy policy;
    struct mono up_since;
    uint64_t generation; /* of the settings that named it last */
};

static bool outgoing_is_equal(const struct map_node *node, const void *key)
{
    const struct outgoing *outgoing =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct outgoing, node);
    return ip_is_equal(&outgoing->target.address, key);
}

static enum pce_status outgoing_init(struct shard *shard)
{
    struct peers *peers = shard->peers;
    map_init(&peers->outgoing, outgoing_is_equal, CONFIG_PEERS_MAX);
    list_init(&peers->outgoing_list);
    peers->random = (struct random){map_hash(&shard->index, sizeof shard->index)};
    return PCE_OK;
}

static struct outgoing *find(struct shard *shard, const struct ip *address)
{
    if (list_is_empty(&shard->peers->outgoing_list))
        return NULL;
    struct map_node *node = map_find(&shard->peers->outgoing, peer_address_hash(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct outgoing, node);
}

struct peer *outgoing_find(struct shard *shard, const struct ip *address)
{
    const struct outgoing *outgoing = find(shard, address);
    return outgoing == NULL ? NULL : outgoing->peer;
}

/* Jitter need not be unpredictable. */
static uint32_t jitter_of(struct shard *shard)
{
    return (uint32_t)(random_u64(&shard->peers->random) >> 32);
}

static void log_failed(const struct outgoing *outgoing, const char *why)
{
    static struct log_site site = LOG_SITE(WARNING, "cannot connect to a peer");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &outgoing->target.address, outgoing->target.port);
    log_text(&line, "why", why);
    log_number(&line, "retries", outgoing->policy.retries);
    log_end(&line);
}

/* The attempt or session is over. */
static void back_off(struct outgoing *outgoing)
{
    CHECK(outgoing->peer == NULL); /* else two connections of ours would collide */
    struct shard *shard = outgoing->shard;
    struct mono next =
        connect_policy_on_end(&outgoing->policy, outgoing->up_since, jitter_of(shard), shard->now);
    outgoing->up_since = MONO_NEVER;
    wheel_start(&shard->wheel, &outgoing->timer, next);
}

static void attempt(struct wheel_timer *timer, struct mono now)
{
    struct outgoing *outgoing = CONTAINER_OF(timer, struct outgoing, timer);
    struct shard *shard = outgoing->shard;
    const struct config_connect *to = &outgoing->target;
    (void)now;
    shard_hold(shard);
    /* on_gone comes back to it. */
    if (shard->phase != SHARD_RUNNING || outgoing->peer != NULL ||
        peer_find(shard, &to->address) != NULL)
        return;
    const struct peer_entry *entry = peer_table_find(shard->settings->peers, &to->address);
    struct conn_target target = {
        .to = to->address,
        .to_port = to->port,
        .from = to->local_address,
        .from_port = to->local_port,
        .key = entry != NULL && entry->has_tcp_key ? &entry->tcp_key : NULL,
    };
    struct failure failure = {""};
    counter_add(&shard->counters.connects, 1);
    outgoing->peer = peer_connect(shard, &target, &failure);
    if (outgoing->peer != NULL)
        return;
    counter_add(&shard->counters.connects_failed, 1);
    log_failed(outgoing, failure.text);
    back_off(outgoing);
}

static void start_soon(struct outgoing *outgoing)
{
    CHECK(outgoing->peer == NULL);
    struct shard *shard = outgoing->shard;
    wheel_start(&shard->wheel, &outgoing->timer,
                mono_add_ms(shard->now, FIRST_MS + jitter_of(shard) % SPREAD_MS));
}

static bool is_same_target(const struct config_connect *a, const struct config_connect *b)
{
    return a->port == b->port && a->local_port == b->local_port &&
           ip_is_equal(&a->local_address, &b->local_address);
}

static void take_up(struct shard *shard, const struct config_connect *target)
{
    struct outgoing *outgoing = find(shard, &target->address);
    if (outgoing == NULL) {
        outgoing = calloc(1, sizeof *outgoing);
        if (outgoing == NULL)
            return;
        outgoing->shard = shard;
        outgoing->target = *target;
        outgoing->up_since = MONO_NEVER;
        wheel_timer_init(&outgoing->timer, attempt);
        if (map_insert(&shard->peers->outgoing, &outgoing->node,
                       peer_address_hash(&target->address), &outgoing->target.address) != PCE_OK) {
            free(outgoing);
            return;
        }
        list_push_back(&shard->peers->outgoing_list, &outgoing->link);
        start_soon(outgoing);
    } else if (!is_same_target(&outgoing->target, target)) {
        outgoing->target = *target;
        outgoing->policy = (struct connect_policy){.retries = 0};
        if (outgoing->peer == NULL)
            start_soon(outgoing);
    }
    outgoing->generation = shard->settings->generation;
}

static void outgoing_drop(struct outgoing *outgoing)
{
    struct shard *shard = outgoing->shard;
    wheel_stop(&shard->wheel, &outgoing->timer);
    (void)map_remove(&shard->peers->outgoing, peer_address_hash(&outgoing->target.address),
                     &outgoing->target.address);
    list_remove(&outgoing->link);
    free(outgoing);
}

static void outgoing_forget(struct outgoing *outgoing)
{
    struct shard *shard = outgoing->shard;
    struct peer *peer = outgoing->peer;
    /* A session that is past connecting stays: its end finds no record, and nothing is tried
     * again. */
    outgoing_drop(outgoing);
    if (peer != NULL && peer->session.state == SESSION_TCP_PENDING)
        session_close(&peer->session, PCEP_CLOSE_NONE, "no longer configured", shard->now);
}

void outgoing_apply(struct shard *shard)
{
    const struct peer_table *peers = shard->settings->peers;
    for (uint32_t i = 0; i < peer_table_count(peers); i++) {
        const struct config_connect *target = &peer_table_at(peers, i)->connect;
        if (target->is_on &&
            listener_shard_of(&target->address, shard->shared->shard_count) == shard->index)
            take_up(shard, target);
    }
    LIST_FOR_SAFE(link, following, &shard->peers->outgoing_list)
    {
        struct outgoing *outgoing = CONTAINER_OF(link, struct outgoing, link);
        if (outgoing->generation != shard->settings->generation)
            outgoing_forget(outgoing);
    }
}

/* The peers are gone. */
static void outgoing_fini(struct shard *shard)
{
    LIST_FOR_SAFE(link, following, &shard->peers->outgoing_list)
    {
        outgoing_drop(CONTAINER_OF(link, struct outgoing, link));
    }
    map_fini(&shard->peers->outgoing);
}

const struct shard_part outgoing_part = {
    .name = "outgoing", .init = outgoing_init, .fini = outgoing_fini};

/* A session of the address has ended. */
static void on_gone(struct peer *peer)
{
    struct outgoing *outgoing = find(peer->shard, peer_address(peer));
    if (outgoing != NULL && outgoing->peer == NULL && !wheel_is_running(&outgoing->timer))
        back_off(outgoing);
}

/* A session that the peer opened is UP: what we try is not needed any more. */
static void on_up(struct peer *peer)
{
    struct outgoing *outgoing = find(peer->shard, peer_address(peer));
    if (outgoing == NULL)
        return;
    if (outgoing->peer == peer)
        outgoing->up_since = peer->shard->now;
    else if (outgoing->peer != NULL && outgoing->peer->session.state == SESSION_TCP_PENDING)
        session_close(&outgoing->peer->session, PCEP_CLOSE_NONE,
                      "the peer has opened a session itself", peer->shard->now);
}

static void on_released(struct peer *peer)
{
    struct outgoing *outgoing = find(peer->shard, peer_address(peer));
    if (outgoing == NULL || outgoing->peer != peer)
        return;
    outgoing->peer = NULL;
    if (mono_is_never(outgoing->up_since)) {
        const char *why = peer->session.verdict.text;
        counter_add(&peer->shard->counters.connects_failed, 1);
        log_failed(outgoing, why == NULL ? "" : why);
    }
    if (peer_find(peer->shard, peer_address(peer)) == NULL)
        back_off(outgoing);
}

const struct peer_watcher outgoing_watcher = {
    .on_up = on_up,
    .on_gone = on_gone,
    .on_released = on_released,
};
