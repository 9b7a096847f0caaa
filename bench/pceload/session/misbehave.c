/* Sessions that do what a PCE has to bear: they stop reading, drip, say nothing, come and go, or
 * send what nobody can decode. Each one that the server ends comes again. */
#include "bench/pceload/worker.h"

#include "core/base/mono.h"
#include "io/ring/uring_compat.h"

#include <poll.h>
#include <string.h>

#define FLOOD_DEFAULT     1000.0 /* requests whose answers are not read */
#define DRIP_DEFAULT      16.0   /* octets a second */
#define RESET_DEFAULT     1.0    /* seconds UP, and seconds until it comes again */
#define RECONNECT_DEFAULT 0.5    /* seconds UP; it comes again at once */
#define MALFORMED_DEFAULT 1.0    /* messages a second */
#define MS_PER_S          1000.0

static double param_of(const struct client *client, const struct session *session)
{
    static const double defaults[BEHAVE_KINDS] = {
        [BEHAVE_STALL] = FLOOD_DEFAULT,         [BEHAVE_DRIP] = DRIP_DEFAULT,
        [BEHAVE_RESET] = RESET_DEFAULT,         [BEHAVE_RECONNECT] = RECONNECT_DEFAULT,
        [BEHAVE_MALFORMED] = MALFORMED_DEFAULT,
    };
    double given = client->options->misbehaviour_param[session->behaviour];
    return given > 0 ? given : defaults[session->behaviour];
}

static void count_act(struct client *client, const struct session *session)
{
    client->results->behaved[session->behaviour][BEHAVED_ACTS]++;
}

/* ---- it reads no more ---- */

/* Without a receive, the end of the connection is seen by a poll. */
static void go_deaf(struct client *client, struct session *session)
{
    client_reserve(client, 2);
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_cancel64(sqe, (uint64_t)client_slot_of(client, session) << 3 | OP_RECEIVE, 0);
    client_mark(client, sqe, session, OP_IGNORED);
    sqe = client_sqe(client);
    io_uring_prep_poll_add(sqe, (int)client_slot_of(client, session), POLLRDHUP);
    sqe->flags |= IOSQE_FIXED_FILE;
    client_mark(client, sqe, session, OP_POLL);
    session->operations++;
    session->flags |= FLAG_DEAF;
    count_act(client, session);
}

static void read_a_little(struct client *client, struct session *session)
{
    if ((session->flags & FLAG_RECEIVING) != 0)
        return;
    unsigned size = (unsigned)param_of(client, session);
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_recv(sqe, (int)client_slot_of(client, session), NULL,
                       size < client->receive_size ? size : client->receive_size, 0);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = 0;
    client_mark(client, sqe, session, OP_RECEIVE);
    session->operations++;
    session->flags |= FLAG_RECEIVING;
    session->due_ms = client_ms(client) + (uint32_t)MS_PER_S;
    count_act(client, session);
}

/* ---- it goes ---- */

static void leave(struct client *client, struct session *session)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    bool is_reset = session->behaviour == BEHAVE_RESET;
    double pause_s = is_reset ? param_of(client, session) : 0;
    if (is_reset) {
        struct uring_option option = {SOL_SOCKET, SO_LINGER, sizeof at_once,
                                      (uint64_t)(uintptr_t)&at_once};
        struct io_uring_sqe *sqe = client_sqe(client);
        uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, (int)client_slot_of(client, session),
                                 option);
        sqe->flags |= IOSQE_FIXED_FILE;
        client_mark(client, sqe, session, OP_IGNORED);
    }
    count_act(client, session);
    session->flags |= FLAG_AGAIN;
    session->due_ms = client_ms(client) + (uint32_t)(pause_s * MS_PER_S);
    client_end(client, session);
}

/* ---- its turns ---- */

void client_misbehave_up(struct client *client, struct session *session)
{
    double param = param_of(client, session);
    session->due_ms = client_ms(client) + (uint32_t)MS_PER_S;
    session->left = 0;
    switch ((enum misbehaviour)session->behaviour) {
    case BEHAVE_STALL:
        session->left = (uint32_t)param;
        go_deaf(client, session);
        break;
    case BEHAVE_DRIP:
        session->left = (uint32_t)FLOOD_DEFAULT;
        go_deaf(client, session);
        break;
    case BEHAVE_RESET:
    case BEHAVE_RECONNECT:
        session->due_ms = client_ms(client) + (uint32_t)(param * MS_PER_S);
        break;
    default:
        break;
    }
}

/* So many as have become due since the last look. */
static void owe_malformed(struct client *client, struct session *session)
{
    double since_ms = client_ms(client) - session->due_ms;
    double owed = since_ms * param_of(client, session) / MS_PER_S;
    if (owed < 1)
        return;
    session->left += (uint32_t)owed;
    session->due_ms += (uint32_t)(owed * MS_PER_S / param_of(client, session));
    client_dirty(client, session);
}

void client_misbehave(struct client *client, struct session *session)
{
    bool is_due = (int32_t)(client_ms(client) - session->due_ms) >= 0;
    if (session->state != SESSION_UP || !is_due)
        return;
    switch ((enum misbehaviour)session->behaviour) {
    case BEHAVE_DRIP:
        read_a_little(client, session);
        break;
    case BEHAVE_RESET:
    case BEHAVE_RECONNECT:
        leave(client, session);
        break;
    case BEHAVE_MALFORMED:
        owe_malformed(client, session);
        break;
    default:
        break;
    }
}

/* ---- what it says ---- */

static size_t put_unread_request(struct client *client, struct session *session, uint8_t *to)
{
    const struct network *network = client->network;
    struct pair pair = network_pair(network, session->index % network_pair_count(network));
    struct request_values values = {.id = ++session->serial,
                                    .source = network->ends[pair.source].octets,
                                    .destination = network->ends[pair.destination].octets};
    return templates_put_request(client->templates, REQUEST_PLAIN, &values, to);
}

static size_t put_malformed(struct client *client, struct session *session, uint8_t *to)
{
    const struct form *form = &client->templates->malformed[session->serial % MALFORMED_KINDS];
    session->serial++;
    memcpy(to, form->octets, form->size);
    count_act(client, session);
    return form->size;
}

size_t client_put_misbehaviour(struct client *client, struct session *session, uint8_t *to,
                               size_t room)
{
    size_t size = 0;
    bool is_malformed = session->behaviour == BEHAVE_MALFORMED;
    if (!is_malformed && network_pair_count(client->network) == 0)
        session->left = 0;
    for (; session->left > 0 && room - size >= TEMPLATE_SIZE; session->left--) {
        if (is_malformed)
            size += put_malformed(client, session, to + size);
        else
            size += put_unread_request(client, session, to + size);
    }
    return size;
}
