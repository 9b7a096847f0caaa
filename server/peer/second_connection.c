#include "server/peer/second_connection.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/session/collision.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_watch.h"
#include "server/peer/refusal.h"

#include <stdlib.h>

/* The kernel's clock of acknowledgements is a tick coarse. */
#define TICK_MS 10
/* Retransmissions that show that the peer's TCP is gone, not only late. */
#define RETRANSMITS_MIN 2

/* When the first connection is looked at, in milliseconds since the second connection began. */
static const uint32_t looks_ms[] = {2, 10, 50, 200, 600, 1300, 2300, SECOND_CONNECTION_MS};
#define LOOKS (sizeof looks_ms / sizeof looks_ms[0])
_Static_assert(LOOKS <= UINT8_MAX, "`look` has eight bits");

/* Why the second connection is refused. */
#define WHY_LIVES    "the peer has a session, and its connection lives"
#define WHY_UNPROVEN "the peer has a session, and its connection is not provably dead"

struct second_connection {
    struct wheel_timer timer;
    struct shard *shard;
    struct peer *first; /* NULL: it is gone */
    struct conn *conn;
    struct mono since;
    uint64_t acknowledged_max; /* on the first connection, at the first look; UINT64_MAX: before */
    uint8_t look;
    bool is_probing;      /* TCP keepalive was switched on */
    bool is_asking_local; /* our own address is needed to decide a collision */
};

static void second_leave(struct second_connection *second)
{
    struct peer *first = second->first;
    second->first = NULL;
    if (first == NULL)
        return;
    CHECK(first->second == second);
    first->second = NULL;
    if (second->is_probing)
        conn_set_probing(first->conn, false);
}

/* The second connection has another owner, or none. */
static void second_release(struct second_connection *second)
{
    conn_check_left(second->conn, second);
    second_leave(second);
    wheel_stop(&second->shard->wheel, &second->timer);
    CHECK(second->shard->peers->second_count > 0);
    second->shard->peers->second_count--;
    free(second);
}

static void second_refuse(struct second_connection *second, const char *why)
{
    refusal_begin(second->shard, second->conn, why);
    second_release(second);
}

static void second_take_place(struct second_connection *second)
{
    struct shard *shard = second->shard;
    struct conn *conn = second->conn;
    if (shard->phase != SHARD_RUNNING)
        conn_turn_away(conn);
    else if (peer_find(shard, conn_address(conn)) != NULL)
        refusal_begin(shard, conn, "another connection of the peer was faster");
    else
        peer_begin(shard, conn);
    second_release(second);
}

/* The second one takes its place, soon. */
static void on_first_gone(struct peer *first)
{
    struct second_connection *second = first->second;
    if (second == NULL)
        return;
    CHECK(second->first == first);
    second->first->second = NULL;
    second->first = NULL;
    wheel_start(&second->shard->wheel, &second->timer, second->shard->now);
}

/* ---- the trial ---- */

static void second_send_keepalive(struct peer *first)
{
    struct wire_writer writer;
    if (session_open_message(&first->session, PCEP_HEADER_SIZE, &writer) != PCE_OK)
        return;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE);
    pcep_message_close(&writer, message);
    (void)!session_commit_message(&first->session, &writer, SESSION_CONTROL, first->shard->now);
}

static void begin_trial(struct second_connection *second)
{
    struct peer *first = second->first;
    if (first->session.state == SESSION_UP) {
        if (conn_queued_octets(first->conn) == 0)
            second_send_keepalive(first);
    } else {
        second->is_probing = true;
        conn_set_probing(first->conn, true);
    }
    wheel_start(&second->shard->wheel, &second->timer, mono_add_ms(second->since, looks_ms[0]));
}

/* What its TCP has acknowledged is known as a range: while a send is in flight the kernel may have
 * taken more of it than we were told. */
static bool has_taken_more(struct second_connection *second, uint32_t unacked)
{
    const struct conn *conn = second->first->conn;
    uint64_t accepted = conn_accepted(conn);
    uint64_t acknowledged_min = accepted > unacked ? accepted - unacked : 0;
    if (second->acknowledged_max == UINT64_MAX)
        second->acknowledged_max = conn_queued(conn) > unacked ? conn_queued(conn) - unacked : 0;
    return acknowledged_min > second->acknowledged_max;
}

static bool has_life(struct second_connection *second, const struct conn_inspection *inspection,
                     uint64_t elapsed_ms)
{
    const struct peer *first = second->first;
    if (first->session.state == SESSION_UP && conn_queued_octets(first->conn) == 0 &&
        inspection->unacked == 0)
        return true; /* the Keepalive that was sent since */
    if (has_taken_more(second, inspection->unacked))
        return true; /* it takes something, however slowly */
    return inspection->last_ack_ms + TICK_MS < elapsed_ms;
}

static bool is_dead(const struct second_connection *second,
                    const struct conn_inspection *inspection)
{
    return second->look == LOOKS &&
           (!inspection->is_established ||
            (inspection->in_flight > 0 && inspection->retransmits >= RETRANSMITS_MIN));
}

static void second_end_first(struct second_connection *second)
{
    struct peer *first = second->first;
    struct shard *shard = second->shard;
    counter_add(&shard->counters.replaced_dead, 1);
    first->session.verdict = (struct session_verdict){
        .by = SESSION_BY_TIMER, .text = "its connection was dead, and the peer came again"};
    session_on_transport_end(&first->session, PCE_TIMEOUT, shard->now); /* → on_first_gone */
    peer_end_connection(first, SESSION_END_RESET);
}

static enum collision_verdict second_judge(const struct peer *first, const struct ip *local)
{
    const struct collision_side one = {(enum session_state)first->session.state,
                                       (enum session_role)first->session.role};
    const struct collision_side two = {SESSION_OPEN_WAIT, SESSION_ACCEPTED};
    return collision_resolve(&one, &two, local, peer_address(first));
}

/* By roles and addresses; where the first one stays because it was there first it has to be alive.
 */
static void decide(struct second_connection *second, const struct ip *local)
{
    CHECK(second->first != NULL);
    struct peer *first = second->first;
    struct shard *shard = second->shard;
    enum collision_verdict verdict = second_judge(first, local);
    if (verdict == COLLISION_REFUSE_SECOND || verdict == COLLISION_NONE) {
        begin_trial(second);
        return;
    }
    counter_add(&shard->counters.collisions, 1);
    if (verdict == COLLISION_END_SECOND) { /* without a word, but in order */
        second_leave(second);
        conn_finish(second->conn);
        wheel_start(&shard->wheel, &second->timer, mono_add_ms(shard->now, PEER_DRAIN_MS));
        return;
    }
    session_close(&first->session, PCEP_CLOSE_NONE,
                  "collision: the connection that the peer opened stays",
                  shard->now); /* → on_first_gone */
}

static void on_time(struct wheel_timer *timer, struct mono now)
{
    struct second_connection *second = CONTAINER_OF(timer, struct second_connection, timer);
    (void)now;
    CHECK(second->look <= LOOKS);
    if (conn_is_closing(second->conn)) {
        conn_reset(second->conn); /* it had its time; on_released is to come */
        return;
    }
    if (second->first == NULL) {
        second_take_place(second);
        return;
    }
    if (second->look == LOOKS) { /* no answer to the last question */
        second_refuse(second, WHY_UNPROVEN);
        return;
    }
    second->look++;
    uint32_t next_ms = second->look < LOOKS ? looks_ms[second->look] : SECOND_CONNECTION_MS + 1000;
    wheel_start(&second->shard->wheel, timer, mono_add_ms(second->since, next_ms));
    (void)!conn_inspect(second->first->conn);
}

/* ---- the second connection ---- */

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    (void)octets;
    (void)size;
    conn_reset(conn); /* never: it is paused from the start */
}

static void on_end(struct conn *conn, enum pce_status status)
{
    (void)status;
    conn_reset(conn);
}

static void on_inspected(struct conn *conn, enum pce_status status,
                         const struct conn_inspection *inspection)
{
    static const struct ip unknown = {.family = IP_NONE};
    struct second_connection *second = conn_owner(conn);
    shard_hold(second->shard);
    second->is_asking_local = false;
    if (second->first != NULL)
        decide(second, status == PCE_OK ? &inspection->local : &unknown);
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    (void)conn;
    (void)status;
    second_release(owner);
}

static const struct conn_ops conn_ops = {
    .on_octets = on_octets,
    .on_end = on_end,
    .on_inspected = on_inspected,
    .on_released = on_released,
};

void second_connection_begin(struct peer *first, struct conn *conn)
{
    struct shard *shard = first->shard;
    struct second_connection *second = NULL;
    const char *why = first->second != NULL
                          ? "another second connection of the peer waits already"
                          : "no room to find out whether the first connection of the peer lives";
    if (first->second == NULL && shard->peers->second_count < SECOND_CONNECTIONS_MAX)
        second = malloc(sizeof *second);
    if (second == NULL) {
        refusal_begin(shard, conn, why);
        return;
    }
    *second = (struct second_connection){.shard = shard,
                                         .first = first,
                                         .conn = conn,
                                         .since = shard->now,
                                         .acknowledged_max = UINT64_MAX};
    shard->peers->second_count++;
    wheel_timer_init(&second->timer, on_time);
    first->second = second;
    conn_hand_over(conn, &conn_ops, second);
    conn_pause(conn);
    struct ip local = conn_local(conn);
    if (local.family == IP_NONE || ip_is_unspecified(&local))
        local = conn_local(first->conn);
    bool needs_local = first->session.role == SESSION_INITIATED &&
                       (local.family == IP_NONE || ip_is_unspecified(&local));
    if (needs_local && conn_inspect(conn) == PCE_OK)
        second->is_asking_local = true;
    else
        decide(second, &local);
}

static void on_first_inspected(struct peer *first, enum pce_status status,
                               const struct conn_inspection *inspection)
{
    struct second_connection *second = first->second;
    if (second == NULL)
        return;
    struct mono now = second->shard->now;
    if (second->first == NULL || second->is_asking_local || second->look == 0 ||
        conn_is_closing(second->conn))
        return;
    uint64_t elapsed_ms = mono_since_ns(now, second->since) / 1000000;
    if (status == PCE_OK && has_life(second, inspection, elapsed_ms))
        second_refuse(second, WHY_LIVES);
    else if (status == PCE_OK && is_dead(second, inspection))
        second_end_first(second);
    else if (second->look == LOOKS)
        second_refuse(second, WHY_UNPROVEN);
}

const struct peer_watcher second_connection_watcher = {
    .on_gone = on_first_gone,
    .on_inspected = on_first_inspected,
};
