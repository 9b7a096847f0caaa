/* How a peer begins: its record, its places, its session. */
#include "core/base/check.h"
#include "server/peer/peer_impl.h"

#include "server/peer/admission.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/peer_share.h"

#include <stdlib.h>

static void on_time(struct wheel_timer *timer, struct mono now)
{
    (void)now;
    peer_happen(CONTAINER_OF(timer, struct peer, timer), PEER_EVENT_TIME);
}

/* NULL when memory ran out. */
static struct peer *make_peer(struct shard *shard, const struct ip *address, enum session_role role)
{
    struct peer *peer = malloc(sizeof *peer);
    if (peer == NULL)
        return NULL;
    struct peer_policy *policy = peer_table_policy(shard->settings->peers, address);
    peer->shard = shard;
    peer->conn = NULL;
    peer->second = NULL;
    peer->throttle = NULL;
    peer->phase = PEER_NEW;
    peer->error_type = 0;
    peer->is_error_ours = false;
    peer->is_half_open = false;
    peer->is_known = false;
    peer->is_colliding = false;
    peer->refused_count = 0;
    peer->policy = peer_policy_borrow(policy);
    peer_send_init(peer);
    wheel_timer_init(&peer->timer, on_time);
    session_init(&peer->session, &peer_session_ops, &peer_policy_borrow(policy)->session, role);
    return peer;
}

void peer_drop(struct peer *peer)
{
    CHECK(peer->phase == PEER_NEW);
    if (peer->conn != NULL)
        conn_check_left(peer->conn, peer);
    session_fini(&peer->session);
    peer_policy_release(peer->policy);
    peer_policy_release(peer_negotiated(peer));
    peer_release_place(peer->shard);
    free(peer);
}

struct peer *peer_admit(struct shard *shard, const struct ip *address, enum session_role role,
                        const char **why)
{
    *why = "its session was closed for the good of others a short time ago";
    if (readmit_is_barred(&shard->peers->readmit, address, shard->now))
        return NULL;
    *why = "limits.sessions is reached";
    if (!gauge_take(&shard->shared->sessions, shard->settings->config.limits.sessions_max))
        return NULL;
    *why = "no memory";
    struct peer *peer = make_peer(shard, address, role);
    if (peer == NULL) {
        peer_release_place(shard);
        return NULL;
    }
    *why = role == SESSION_ACCEPTED ? admission_enter(peer, address) : NULL;
    if (*why == NULL)
        return peer;
    peer_drop(peer);
    return NULL;
}

static void turn_away(struct shard *shard, struct conn *conn, const char *why)
{
    peer_note_refusal(shard, conn, PEER_REFUSED_LIMIT, why);
    conn_turn_away(conn);
}

void peer_begin_session(struct peer *peer)
{
    CHECK(peer_is_listed(peer));
    peer_log_connected(peer);
    session_start(&peer->session, peer->shard->peers->next_sid++, peer->shard->now);
    peer_arm(peer);
}

/* A peer that stands in the map; NULL and why. */
static struct peer *peer_begin_listed(struct shard *shard, struct conn *conn, const char **why)
{
    struct peer *peer = peer_admit(shard, conn_address(conn), SESSION_ACCEPTED, why);
    if (peer == NULL)
        return NULL;
    peer->conn = conn;
    peer_happen(peer, PEER_EVENT_LIST);
    if (peer_is_listed(peer))
        return peer;
    *why = "no memory";
    admission_leave(peer);
    peer_drop(peer);
    return NULL;
}

void peer_begin(struct shard *shard, struct conn *conn)
{
    const char *why;
    struct peer *peer = peer_begin_listed(shard, conn, &why);
    if (peer == NULL) {
        turn_away(shard, conn, why);
        return;
    }
    counter_add(&shard->counters.peers, 1);
    /* Before the session begins: its Open is sent on the connection, whose owner hears of that. */
    conn_hand_over(conn, &peer_conn_ops, peer);
    peer_begin_session(peer);
    peer_happen(peer, PEER_EVENT_GREET);
    admission_watch(peer);
}
