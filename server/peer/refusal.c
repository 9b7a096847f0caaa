#include "server/peer/refusal.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "server/peer/peer_log.h"

#include <stdlib.h>

struct refusal {
    struct wheel_timer timer;
    struct shard *shard;
    struct conn *conn;
};

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    (void)conn;
    (void)octets;
    (void)size;
}

static void on_end(struct conn *conn, enum pce_status status)
{
    (void)status;
    conn_reset(conn);
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct refusal *refusal = owner;
    (void)status;
    conn_check_left(conn, refusal);
    wheel_stop(&refusal->shard->wheel, &refusal->timer);
    CHECK(refusal->shard->peers->refusal_count > 0);
    refusal->shard->peers->refusal_count--;
    free(refusal);
}

static const struct conn_ops conn_ops = {
    .on_octets = on_octets,
    .on_end = on_end,
    .on_released = on_released,
};

static void on_time(struct wheel_timer *timer, struct mono now)
{
    (void)now;
    conn_reset(CONTAINER_OF(timer, struct refusal, timer)->conn);
}

/* The registry names no value for it. */
static bool send_error(struct conn *conn)
{
    struct wire_writer writer;
    const struct pcep_error error = {.type = pcep_error_type(PCEP_ERROR_SECOND_SESSION)};
    if (conn_open(conn, PCEP_HEADER_SIZE + 8, &writer) != PCE_OK)
        return false;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCERR);
    pcep_object_put(&writer, PCEP_OBJECT_PCEP_ERROR, 0, &error);
    pcep_message_close(&writer, message);
    return conn_commit(conn, &writer, SEND_CONTROL) == PCE_OK;
}

static void note_refusal(struct shard *shard, const struct conn *conn, const char *why)
{
    const struct history_record record = {
        .address = *conn_address(conn),
        .port = conn_peer_port(conn),
        .state = SESSION_IDLE,
        .by = SESSION_BY_US,
        .error_type = pcep_error_type(PCEP_ERROR_SECOND_SESSION),
        .is_refused = true,
        .why = why,
        .ended = shard->now,
    };
    struct peer *first = peer_find(shard, conn_address(conn));
    peer_note_refusal(shard, conn, PEER_REFUSED_SECOND, why);
    if (first != NULL && first->refused_count < UINT16_MAX)
        first->refused_count++;
    peers_note_end(shard, &record);
}

void refusal_begin(struct shard *shard, struct conn *conn, const char *why)
{
    note_refusal(shard, conn, why);
    struct refusal *refusal = NULL;
    if (shard->peers->refusal_count < REFUSALS_MAX)
        refusal = malloc(sizeof *refusal);
    if (refusal == NULL) {
        conn_turn_away(conn);
        return;
    }
    shard->peers->refusal_count++;
    refusal->shard = shard;
    refusal->conn = conn;
    wheel_timer_init(&refusal->timer, on_time);
    wheel_start(&shard->wheel, &refusal->timer, mono_add_ms(shard->now, PEER_DRAIN_MS));
    conn_hand_over(conn, &conn_ops, refusal);
    if (send_error(conn))
        conn_finish(conn);
    else
        conn_reset(conn);
}
