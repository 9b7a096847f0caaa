#include "server/peer/peer_look.h"

#include "server/peer/peer_send.h"

#define LOOK_MAX_MS 60000

_Static_assert(LOOK_MAX_MS <= UINT16_MAX, "peer->look_ms has 16 bits");

uint64_t peer_send_pending(const struct peer *peer)
{
    return conn_queued_octets(peer->conn) + peer->unacked;
}

void peer_look_count(struct peer *peer)
{
    pending_set(&peer->shard->peers->pending, &peer->pending, peer_send_pending(peer));
}

/* PCE_AGAIN: a question is open, whose answer does as well. PCE_CLOSED: the end is near. */
void peer_look(struct peer *peer)
{
    (void)!conn_query_unacked(peer->conn);
}

struct mono peer_look_deadline(const struct peer *peer)
{
    return mono_min(peer->look_at, send_hold_deadline(&peer->hold));
}

static uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Where nothing is sent and nothing is read no operation is open, and the kernel does not say that
 * the peer has reset the connection: it is asked for that as well (on_inspected of peer_conn.c). */
static void look_again(struct peer *peer, struct mono now)
{
    uint32_t period_ms = 1000 * (uint32_t)peer->policy->send_hold_sample_s;
    peer_look(peer);
    if (conn_queued_octets(peer->conn) == 0)
        (void)!conn_inspect(peer->conn);
    peer->look_at = mono_add_ms(now, peer->look_ms);
    peer->look_ms = (uint16_t)min_u64(2 * (uint32_t)peer->look_ms,
                                      period_ms < LOOK_MAX_MS ? period_ms : LOOK_MAX_MS);
}

void peer_look_on_time(struct peer *peer, struct mono now)
{
    if (peer->is_paused && !mono_is_before(now, peer->look_at))
        look_again(peer, now);
    if (send_hold_take_sample(&peer->hold, now))
        peer_look(peer);
}
