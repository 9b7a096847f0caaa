/* The beginning and the end of a connection. */
#include "bench/pceload/worker.h"

#include "io/net/address.h"
#include "io/ring/uring_compat.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#define CHAIN_LENGTH  7u
#define RAMP_PER_TURN 64u
#define ATTEMPTS_MAX  5u
#define RETRY_MS      1000u
#define SMALL_RECEIVE 4096 /* of one that stops reading: its TCP window closes soon */

/* Of a prepared operation: part of a chain that says nothing where it succeeds. */
static void chain(struct client *client, struct io_uring_sqe *sqe, struct session *session)
{
    sqe->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    client_mark(client, sqe, session, OP_SETUP);
}

static void chain_option(struct client *client, struct session *session, int level, int name,
                         const int *value)
{
    struct io_uring_sqe *sqe = client_sqe(client);
    struct uring_option option = {level, name, sizeof *value, (uint64_t)(uintptr_t)value};
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, (int)client_slot_of(client, session),
                             option);
    sqe->flags |= IOSQE_FIXED_FILE;
    chain(client, sqe, session);
}

/* Without a port of its own the socket gets one only when it connects. */
static void begin(struct client *client, struct session *session)
{
    static const int one = 1, small = SMALL_RECEIVE;
    bool is_stalling = session->behaviour == BEHAVE_STALL || session->behaviour == BEHAVE_DRIP;
    const struct options *options = client->options;
    struct ip source = options_source(options, session->index);
    union address from, to;
    socklen_t from_size = address_from_ip(&from, &source, 0);
    socklen_t to_size = address_from_ip(&to, &options->server, options->port);
    uint32_t slot = client_slot_of(client, session);
    client_reserve(client, CHAIN_LENGTH);
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_socket_direct(sqe, from.any.sa_family, SOCK_STREAM, IPPROTO_TCP, slot, 0);
    chain(client, sqe, session);
    chain_option(client, session, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one);
    chain_option(client, session, IPPROTO_TCP, TCP_NODELAY, &one);
    if (source.family == IP_V6) /* a whole prefix may be routed to this host without addresses */
        chain_option(client, session, IPPROTO_IPV6, IPV6_FREEBIND, &one);
    if (is_stalling)
        chain_option(client, session, SOL_SOCKET, SO_RCVBUF, &small);
    sqe = client_sqe(client);
    uring_prep_bind(sqe, (int)slot, &from.any, from_size);
    sqe->flags |= IOSQE_FIXED_FILE;
    chain(client, sqe, session);
    sqe = client_sqe(client);
    io_uring_prep_connect(sqe, (int)slot, &to.any, to_size);
    sqe->flags |= IOSQE_FIXED_FILE;
    client_mark(client, sqe, session, OP_CONNECT);
    /* The kernel reads the addresses when it is given the chain. */
    (void)io_uring_submit(&client->uring);
    session->operations = 1;
    session->state = SESSION_DIALING;
    session->sent_ms = session->received_ms = client_ms(client);
    session->flags |= FLAG_RAMPING;
    client->connecting++;
}

void client_ramped(struct client *client, struct session *session)
{
    if ((session->flags & FLAG_RAMPING) == 0)
        return;
    session->flags &= (uint8_t)~FLAG_RAMPING;
    client->connecting--;
}

uint64_t client_ramp(struct client *client)
{
    const struct options *options = client->options;
    double pause_ns = options->rate > 0 ? 1e9 * client->rings / options->rate : 0;
    for (unsigned i = 0; i < RAMP_PER_TURN; i++) {
        if (client->ramp_next == client->session_count)
            return STAGE_NEVER;
        if (client->connecting >= options->connecting)
            return STAGE_NEVER; /* a connection that has come up wakes the ring */
        uint64_t due = client->begin_ns + (uint64_t)(pause_ns * client->ramp_next);
        if (due > client->now_ns)
            return due;
        begin(client, &client->sessions[client->ramp_next++]);
    }
    return client->now_ns;
}

void client_on_connect(struct client *client, struct session *session, int result)
{
    if (session->state == SESSION_DIALING && result == 0) {
        session->state = SESSION_OPENING;
        client->results->behaved[session->behaviour][BEHAVED_CONNECTED]++;
        session->received_ms = client_ms(client);
        client_arm(client, session);
        if (session->behaviour == BEHAVE_HALF_OPEN) {
            client_ramped(client, session);
        } else {
            session->flags |= FLAG_OPEN;
            client_dirty(client, session);
        }
    } else if (session->state == SESSION_DIALING) {
        if (result != -ECANCELED) /* the reason came from the part of the chain that failed */
            tally_errno(&client->results->tally, -result);
        client_lose(client, session, TALLY_CONNECT_FAILED);
    }
    client_release(client, session);
}

/* ---- the end ---- */

/* Whether the kernel has work of the connection besides what has just ended. */
static bool has_work(const struct session *session)
{
    return session->state == SESSION_DIALING || session->sending != NULL ||
           (session->flags & (FLAG_RECEIVING | FLAG_DEAF)) != 0;
}

/* The kernel looks through all operations of the ring for those of one connection: where most
 * sessions end because the server has ended them, that would be the most of what their end takes.
 */
static void cancel(struct client *client, const struct session *session)
{
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_cancel_fd(sqe, (int)client_slot_of(client, session),
                            IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_FD_FIXED);
    client_mark(client, sqe, session, OP_IGNORED);
}

void client_end(struct client *client, struct session *session)
{
    unsigned slot = client_slot_of(client, session);
    if (session->state == SESSION_UP && session->behaviour == BEHAVE_WELL)
        counter_subtract(&client->counters.up, 1);
    if (session->state == SESSION_LEAVING || (session->flags & FLAG_CLOSE) != 0)
        counter_subtract(&client->counters.leaving, 1);
    client_forget_requests(client, session);
    client_ramped(client, session);
    client_reserve(client, 2);
    if (has_work(session))
        cancel(client, session);
    session->state = SESSION_ENDING;
    session->flags &= (uint8_t) ~(FLAG_OPEN | FLAG_KEEPALIVE | FLAG_CLOSE);
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_close_direct(sqe, slot);
    client_mark(client, sqe, session, OP_CLOSE);
    session->operations++;
}

void client_lose(struct client *client, struct session *session, enum tally_kind why)
{
    bool was_up = session->state == SESSION_UP;
    if (client->is_leaving) {
        client_end(client, session);
        return;
    }
    if (session->behaviour != BEHAVE_WELL) {
        if (session->state != SESSION_DIALING)
            client->results->behaved[session->behaviour][BEHAVED_ENDED_BY_SERVER]++;
        session->flags |= FLAG_AGAIN;
    } else {
        client->results->tally
            .kinds[was_up || why < TALLY_LOST_DEAD_TIMER ? why : TALLY_OPEN_ENDED]++;
        if (was_up)
            counter_add(&client->counters.lost, 1);
        else if (++session->attempts < ATTEMPTS_MAX)
            session->flags |= FLAG_AGAIN;
        else
            counter_add(&client->counters.failed, 1);
    }
    session->due_ms = client_ms(client) + RETRY_MS;
    client_end(client, session);
}

void client_release(struct client *client, struct session *session)
{
    (void)client;
    session->operations--;
    if (session->operations > 0 || session->state != SESSION_ENDING)
        return;
    free(session->gathered);
    session->gathered = NULL;
    session->state = (session->flags & FLAG_AGAIN) != 0 ? SESSION_NEW : SESSION_GONE;
    session->flags &= FLAG_DIRTY;
}

void client_again(struct client *client, struct session *session)
{
    begin(client, session);
}
