#include "server/peer/peers.h"

#include "core/base/validate.h"
#include "server/peer/accept.h"
#include "server/peer/handover.h"
#include "server/peer/peer_events.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_log.h"

#include <stdlib.h>

/* Peers that are told to go in one turn of a shutdown: a million of them must not starve the ring.
 */
#define CLOSE_BATCH 1024

static const struct ip *address_of(const struct session *session)
{
    return peer_address(CONTAINER_OF((struct session *)(uintptr_t)session, struct peer, session));
}

static enum pce_status peers_init(struct shard *shard)
{
    const struct config *config = &shard->shared->config;
    struct peers *peers = calloc(1, sizeof *peers);
    if (peers == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for the peers of a shard");
    shard->peers = peers;
    /* The gauge of the server holds the limit, which a reload may change. */
    map_init(&peers->by_address, peer_is_equal, SIZE_MAX);
    pending_init(&peers->pending);
    list_init(&peers->silent);
    list_init(&peers->stalling);
    peers_init_history(shard);
    shard->requests.events = &peer_request_events;
    shard->handler.events = &peer_handler_events;
    shard->handler.address_of = address_of;
    uint32_t sessions_max = config->limits.sessions_max / shard->shared->shard_count + 1;
    if (acquaintances_init(&peers->acquaintances, sessions_max) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY,
                           "no memory for the peers that are known");
    return PCE_OK;
}

static void peers_fini(struct shard *shard)
{
    struct peers *peers = shard->peers;
    if (peers == NULL)
        return;
    map_fini(&peers->by_address);
    acquaintances_fini(&peers->acquaintances);
    peers_fini_history(shard);
    free(peers);
    shard->peers = NULL;
}

static void on_accept(struct shard *shard, struct conn *conn)
{
    struct ip address = conn_peer(conn);
    if (!access_list_permits(shard->settings->access, &address)) {
        peer_note_refusal(shard, conn, PEER_REFUSED_ACCESS, "the access list denies it");
        conn_turn_away(conn);
        return;
    }
    unsigned home = listener_shard_of(&address, shard->shared->shard_count);
    if (home == shard->index)
        peer_accept(shard, conn);
    else
        handover_send(shard, conn, home);
}

static bool peers_is_busy(const struct shard *shard)
{
    return shard->phase != SHARD_RUNNING && shard->peers->live_count > 0;
}

/* From the first connection to the last, and again while any session lives. */
static void on_stop(struct shard *shard)
{
    struct peers *peers = shard->peers;
    uint32_t end = conn_pool_used(shard->pool);
    for (unsigned i = 0; i < CLOSE_BATCH && peers->live_count > 0; i++) {
        if (peers->stop_index >= end)
            peers->stop_index = 0;
        const struct conn *conn = conn_pool_at(shard->pool, peers->stop_index++);
        struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer != NULL)
            peer_close(peer);
    }
}

#ifdef PCED_VALIDATE
static void validate(struct shard *shard)
{
    VALIDATE(VALIDATE_TURN_STEPS, pending_validate(&shard->peers->pending));
    VALIDATE(VALIDATE_TURN_STEPS, map_validate(&shard->peers->by_address));
}
#endif

const struct shard_part peers_part = {
    .name = "peers",
    .init = peers_init,
    .on_accept = on_accept,
    .is_busy = peers_is_busy,
    .on_stop = on_stop,
#ifdef PCED_VALIDATE
    .end_turn = validate,
#endif
    .fini = peers_fini,
};
