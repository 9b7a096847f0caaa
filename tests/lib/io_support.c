#include "tests/lib/io_support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

uint8_t pattern(size_t position)
{
    return (uint8_t)((position * 2654435761U) >> 13);
}

/* A note is kept from step to step. */
static void on_prefetch(struct conn *conn, struct wire_span octets, unsigned step, uint64_t *note)
{
    struct side *side = conn_owner(conn);
    uint64_t own = (uint64_t)(uintptr_t)side;
    cr_assert_lt(step, CONN_PREFETCH_STEPS);
    cr_assert_eq(*note, step == 0 ? 0 : own + step);
    *note = own + step + 1;
    cr_assert_gt(octets.size, 0);
    side->prefetched[step]++;
    side->prefetched_octet = octets.octets[0];
}

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    struct side *side = conn_owner(conn);
    if (side->rig->keeps && side->got_size + size > side->got_room) {
        side->got_room = 2 * (side->got_size + size);
        side->got = realloc(side->got, side->got_room);
    }
    if (side->rig->keeps)
        memcpy(side->got + side->got_size, octets, size);
    side->got_size += size;
    if (side->rig->echoes)
        cr_assert_eq(conn_send(conn, octets, size, SEND_DATA), PCE_OK);
}

static void on_end(struct conn *conn, enum pce_status status)
{
    struct side *side = conn_owner(conn);
    side->ends++;
    side->end_status = status;
    if (side->rig->finishes)
        conn_finish(conn);
}

static void on_accepted(struct conn *conn)
{
    ((struct side *)conn_owner(conn))->accepts++;
}

static void on_drained(struct conn *conn)
{
    ((struct side *)conn_owner(conn))->drains++;
}

static void on_pressure(struct conn *conn, bool is_high)
{
    struct side *side = conn_owner(conn);
    if (is_high)
        side->highs++;
    else
        side->lows++;
}

static void on_stalled(struct conn *conn, const struct send_dropped *dropped)
{
    struct side *side = conn_owner(conn);
    side->stalls++;
    side->dropped = *dropped;
}

static void on_unacked(struct conn *conn, enum pce_status status, uint32_t octets)
{
    struct side *side = conn_owner(conn);
    cr_assert_eq(status, PCE_OK);
    side->answers++;
    side->unacked = octets;
}

static void on_connected(struct conn *conn)
{
    struct side *side = conn_owner(conn);
    side->connects++;
    side->peer = conn_peer(conn);
    side->peer_port = conn_peer_port(conn);
}

static void on_inspected(struct conn *conn, enum pce_status status,
                         const struct conn_inspection *inspection)
{
    struct side *side = conn_owner(conn);
    cr_assert_eq(status, PCE_OK);
    side->inspections++;
    side->inspection = *inspection;
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct side *side = owner;
    cr_assert(side->conn == conn);
    side->conn = NULL;
    side->releases++;
    side->release_status = status;
    side->rig->released++;
}

static const struct conn_ops side_ops = {
    .on_prefetch = on_prefetch,
    .on_octets = on_octets,
    .on_end = on_end,
    .on_accepted = on_accepted,
    .on_drained = on_drained,
    .on_pressure = on_pressure,
    .on_stalled = on_stalled,
    .on_unacked = on_unacked,
    .on_connected = on_connected,
    .on_inspected = on_inspected,
    .on_released = on_released,
};

static void on_accept(void *context, struct conn *conn)
{
    struct rig *rig = context;
    cr_assert(rig->side_count < SIDES_MAX);
    struct side *side = &rig->sides[rig->side_count++];
    *side = (struct side){
        .conn = conn,
        .rig = rig,
        .handle = conn_handle_of(conn),
        .peer = conn_peer(conn),
        .peer_port = conn_peer_port(conn),
    };
    conn_hand_over(conn, &side_ops, side);
}

struct side *rig_connect(struct rig *rig, const struct conn_target *target, enum pce_status *status,
                         struct failure *failure)
{
    cr_assert(rig->side_count < SIDES_MAX);
    struct side *side = &rig->sides[rig->side_count];
    *side = (struct side){.rig = rig};
    struct conn_target owned = *target;
    owned.ops = &side_ops;
    owned.owner = side;
    *status = conn_connect(rig->pool, &owned, &side->conn, failure);
    if (*status != PCE_OK)
        return NULL;
    side->handle = conn_handle_of(side->conn);
    rig->side_count++;
    return side;
}

struct side *rig_hand_over(struct rig *rig, struct side *side)
{
    cr_assert(rig->side_count < SIDES_MAX);
    struct side *next = &rig->sides[rig->side_count++];
    *next = *side;
    conn_hand_over(side->conn, &side_ops, next);
    /* The old one is told nothing more; for rig_close it is done. */
    side->conn = NULL;
    side->releases = 1;
    rig->released++;
    return next;
}

void rig_open(struct rig *rig)
{
    struct failure failure = {""};
    rig->sides = calloc(SIDES_MAX, sizeof *rig->sides);
    if (rig->ring_options.file_count == 0)
        rig->ring_options.file_count = SIDES_MAX;
    cr_assert_eq(ring_create(&rig->ring_options, &rig->ring, &failure), PCE_OK, "%s", failure.text);
    rig->pool_options.ring = rig->ring;
    cr_assert_eq(conn_pool_create(&rig->pool_options, &rig->pool), PCE_OK);
    struct listener_options *options = &rig->listener_options;
    if (options->address_count == 0) {
        options->address_count = 1;
        cr_assert(ip_parse("127.0.0.1", &options->addresses[0]));
    }
    options->shard_count = 1;
    if (options->backlog == 0)
        options->backlog = 1024;
    cr_assert_eq(listeners_open(options, &rig->listeners, &failure), PCE_OK, "%s", failure.text);
    rig->port = listeners_port(rig->listeners, 0);
    cr_assert_eq(listeners_start(rig->listeners, 0, rig->pool, on_accept, rig), PCE_OK);
}

void rig_close(struct rig *rig)
{
    listeners_stop(rig->listeners, 0);
    conn_pool_reset_all(rig->pool);
    cr_assert_eq(ring_settle(rig->ring, mono_add_s(clock_now(), 20)), PCE_OK);
    cr_assert_eq(conn_pool_count(rig->pool), 0);
    cr_assert_eq(conn_pool_send_figures(rig->pool).octets, 0);
    cr_assert_eq(rig->released, rig->side_count);
    for (unsigned i = 0; i < rig->side_count; i++) {
        cr_assert_eq(rig->sides[i].releases, 1);
        free(rig->sides[i].got);
    }
    rig->refused = counter_get(&conn_pool_counters(rig->pool)->refused);
    conn_pool_destroy(rig->pool);
    listeners_close(rig->listeners);
    ring_destroy(rig->ring);
    free(rig->sides);
}

/* Peers live on the same thread, so the wait is short: their side does not wake the ring. */
void rig_turn(struct rig *rig)
{
    enum pce_status status = ring_turn(rig->ring, mono_add_ms(clock_now(), 1));
    cr_assert(status == PCE_OK || status == PCE_TIMEOUT);
}

struct client peer_connect_from(struct rig *rig, const char *source, int receive_buffer)
{
    struct client peer;
    struct client_options options = {
        .to = rig->listener_options.addresses[0],
        .to_port = rig->port,
        .receive_buffer = receive_buffer,
        .deadline = mono_add_s(clock_now(), 10),
    };
    if (source != NULL)
        cr_assert(ip_parse(source, &options.from));
    struct failure failure = {""};
    cr_assert_eq(client_connect(&peer, &options, &failure), PCE_OK, "%s", failure.text);
    return peer;
}

struct client peer_connect(struct rig *rig)
{
    return peer_connect_from(rig, NULL, 0);
}

bool peer_read(struct client *peer, uint8_t *octets, size_t room, size_t *size, int *end_error)
{
    *end_error = 0;
    while (*size < room) {
        ssize_t got = recv(peer->descriptor, octets + *size, room - *size, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN)
            return true;
        if (got <= 0) {
            *end_error = got < 0 ? errno : 0;
            return false;
        }
        *size += (size_t)got;
    }
    return true;
}

void peer_write(struct rig *rig, struct client *peer, const void *octets, size_t size)
{
    const uint8_t *at = octets;
    while (size > 0) {
        ssize_t sent = send(peer->descriptor, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            at += sent;
            size -= (size_t)sent;
        } else {
            rig_turn(rig);
        }
    }
}
