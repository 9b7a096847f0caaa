#include "server/peer/throttle.h"

#include "core/base/check.h"

#include <stdlib.h>

struct throttle {
    struct list_link link; /* in shard->peers->throttled */
    struct peer *peer;
};

static uint32_t throttle_mark_of(const struct peer *peer)
{
    return request_queue_mark(peer->shard->requests.queue, peer->policy->requests_in_flight_max);
}

static uint32_t waiting_of(struct peer *peer)
{
    struct request_context *requests = &peer->shard->requests;
    return requests->queue->count == 0 ? 0 : requests_waiting(requests, &peer->session);
}

void throttle_check(struct peer *peer)
{
    if (peer->throttle != NULL || !peer_is_served(peer) ||
        waiting_of(peer) < throttle_mark_of(peer))
        return;
    struct throttle *throttle = malloc(sizeof *throttle);
    if (throttle == NULL)
        return; /* the limit rules alone */
    throttle->peer = peer;
    list_init(&throttle->link);
    list_push_back(&peer->shard->peers->throttled, &throttle->link);
    peer->throttle = throttle;
    counter_add(&peer->shard->counters.throttled, 1);
    counter_add(&peer->shard->counters.throttled_now, 1);
    conn_pause(peer->conn);
}

void throttle_end(struct peer *peer)
{
    struct throttle *throttle = peer->throttle;
    if (throttle == NULL)
        return;
    CHECK(throttle->peer == peer);
    peer->throttle = NULL;
    list_remove(&throttle->link);
    free(throttle);
    counter_subtract(&peer->shard->counters.throttled_now, 1);
}

static void throttle_lift(struct peer *peer)
{
    throttle_end(peer);
    if (!peer->is_paused && peer_is_served(peer))
        conn_resume(peer->conn);
}

static void on_turn(struct shard *shard)
{
    struct peers *peers = shard->peers;
    for (unsigned i = 0; i < THROTTLE_LOOKS && !list_is_empty(&peers->throttled); i++) {
        struct list_link *link = list_pop_front(&peers->throttled);
        struct peer *peer = CONTAINER_OF(link, struct throttle, link)->peer;
        list_push_back(&peers->throttled, link);
        if (waiting_of(peer) <= throttle_mark_of(peer) / 2)
            throttle_lift(peer);
    }
    /* Nothing else would wake the shard for those that were not looked at. */
    if (!list_is_empty(&peers->throttled) && shard->requests.queue->count == 0)
        shard->has_requests = true;
}

static enum pce_status throttle_init(struct shard *shard)
{
    list_init(&shard->peers->throttled);
    return PCE_OK;
}

const struct shard_part throttle_part = {
    .name = "throttle", .init = throttle_init, .on_turn = on_turn};
