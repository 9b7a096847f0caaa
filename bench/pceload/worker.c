#include "bench/pceload/worker.h"

#include "core/base/check.h"
#include "io/os/clock.h"

#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#define IDLE_BATCH 64u /* completions that idle sessions are waited for together */

static void dispatch(struct client *client, const struct io_uring_cqe *cqe)
{
    struct session *session = &client->sessions[cqe->user_data >> 3];
    switch ((enum operation)(cqe->user_data & 7)) {
    case OP_RECEIVE:
        client->now_ns = clock_now().ns;
        client_on_receive(client, session, cqe->res, cqe->flags);
        break;
    case OP_SEND:
        client_on_send(client, session, cqe->res);
        break;
    case OP_SETUP: /* said only when it fails, and then the connect says nothing */
    case OP_CONNECT:
        client_on_connect(client, session, cqe->res);
        break;
    case OP_POLL:
        if (client_is_connected(session))
            client_lose(client, session, TALLY_LOST_END);
        client_release(client, session);
        break;
    case OP_CLOSE:
        client_release(client, session);
        break;
    case OP_IGNORED:
        break;
    }
}

static void dispatch_all(struct client *client)
{
    unsigned count = io_uring_cq_ready(&client->uring);
    for (unsigned i = 0; i < count; i++) {
        struct io_uring_cqe *head;
        if (io_uring_peek_cqe(&client->uring, &head) != 0)
            break;
        struct io_uring_cqe cqe = *head;
        io_uring_cqe_seen(&client->uring, head);
        dispatch(client, &cqe);
    }
    client_publish_buffers(client);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The stage's next change, if it is known. */
static uint64_t next_change(const struct client *client)
{
    if (client->now_ns < client->load_from)
        return client->load_from;
    return client->now_ns < client->measure_until ? client->measure_until : STAGE_NEVER;
}

/* Submits and waits for a completion or the instant: one system call. */
static void wait_until(struct client *client, uint64_t until_ns)
{
    uint64_t now = clock_now().ns;
    uint64_t wait_ns = until_ns > now ? until_ns - now : 0;
    struct __kernel_timespec wait = {.tv_sec = (long long)(wait_ns / MONO_NS_PER_S),
                                     .tv_nsec = (long long)(wait_ns % MONO_NS_PER_S)};
    struct io_uring_cqe *cqe;
    bool is_idle =
        !client->is_loaded && client->ramp_next == client->session_count && client->connecting == 0;
    int result = io_uring_submit_and_wait_timeout(&client->uring, &cqe, is_idle ? IDLE_BATCH : 1,
                                                  &wait, NULL);
    CHECK(result >= 0 || result == -ETIME || result == -EINTR || result == -EAGAIN ||
          result == -EBUSY);
    client->now_ns = clock_now().ns;
    client->results->turns++;
}

static void turn(struct client *client)
{
    uint64_t until = client->next_tick_ns;
    client_read_stage(client);
    until = least(until, client_ramp(client));
    until = least(until, client_schedule(client));
    until = least(until, next_change(client));
    if (!client_flush(client))
        until = client->now_ns; /* for a buffer that a completion gives back */
    wait_until(client, until);
    dispatch_all(client);
    client_tick(client);
}

static double thread_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void client_run(void *context)
{
    struct client *client = context;
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); /* what an open loop is late counts */
    bool is_open = client_open(client);
    atomic_store(&client->started, is_open ? 1 : -1);
    while (is_open && !atomic_load_explicit(&client->stage->is_over, memory_order_relaxed))
        turn(client);
    if (client->results != NULL)
        client->results->cpu_seconds = thread_seconds();
    client_close(client);
}
