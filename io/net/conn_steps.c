#include "io/net/conn_steps.h"

#include "core/base/check.h"

#include <errno.h>

/* The only writer of a connection's state. A state that the cell does not name is a bug. */
static void steps_enter(struct conn *conn, const struct conn_input *input, enum conn_state state)
{
    CHECK((input->cell->may_reach & (UINT32_C(1) << state)) != 0);
    conn->state = (uint8_t)state;
}

void conn_step_ignore(struct conn *conn, const struct conn_input *input)
{
    (void)conn;
    (void)input;
}

/* ---- how it begins ---- */

/* A direct descriptor tells its peer only through the ring. */
void conn_step_ask_name(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_NAMING);
    conn->owner = input->owner;
    conn_submit_name_question(conn, input->name_size);
}

void conn_step_keep(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_NEW);
    conn->owner = NULL;
}

void conn_step_connect(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_CONNECTING);
    conn_submit_connect(conn);
}

void conn_step_dial(struct conn *conn, const struct conn_input *input)
{
    conn->ops = input->ops;
    conn->owner = input->owner;
    if (conn->pool->ring->file_count == 0) {
        conn_step_connect(conn, input);
        return;
    }
    steps_enter(conn, input, CONN_PLACING);
    conn_submit_move(conn);
}

void conn_step_connected(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_OPEN);
    if (conn->ops->on_connected != NULL)
        conn->ops->on_connected(conn);
}

/* There was no connection: it is none that ended by an error, and is not counted as one. */
void conn_step_connect_failed(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_BROKEN); /* for the owner's conn_reset */
    conn->end_status = (uint8_t)input->status;
    conn->ops->on_end(conn, input->status);
}

/* ---- whose it is ---- */

static void own(struct conn *conn, const struct conn_input *input)
{
    conn->ops = input->ops;
    conn->owner = input->owner;
    conn_unset(conn, CONN_PAUSED);
    conn_unset(conn, CONN_HELD);
    conn_unset(conn, CONN_PRESSED);
    if (conn_is_owned(conn))
        conn_want_attention(conn);
}

void conn_step_start(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_OPEN);
    own(conn, input);
}

void conn_step_take_over(struct conn *conn, const struct conn_input *input)
{
    own(conn, input);
}

void conn_step_take_over_ended(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_CLOSE_WAIT_NEWS);
    own(conn, input);
}

void conn_step_take_over_broken(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_BROKEN_NEWS);
    own(conn, input);
}

void conn_step_disown(struct conn *conn, const struct conn_input *input)
{
    (void)input;
    conn->ops = NULL;
    conn->owner = NULL;
}

/* ---- how its socket is given away ---- */

void conn_step_detach(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_DETACHING);
    conn->detached = input->detached;
    conn->owner = input->owner;
    conn->end_status = PCE_OK;
    conn_want_attention(conn);
}

void conn_step_give_away(struct conn *conn, const struct conn_input *input)
{
    conn_detached_fn *done = conn->detached;
    void *context = conn->owner;
    int file = conn->next_file;
    enum pce_status status = (enum pce_status)conn->end_status;
    steps_enter(conn, input, CONN_FREE);
    conn_release(conn);
    done(context, file, status);
}

/* A plain descriptor changes hands as it is; a direct one is installed as a plain one first, and
 * its slot closed. */
void conn_step_install(struct conn *conn, const struct conn_input *input)
{
    if (!conn_has(conn, CONN_DIRECT)) {
        conn->next_file = conn->file;
        conn_step_give_away(conn, input);
        return;
    }
    steps_enter(conn, input, CONN_INSTALLING);
    conn_submit_install(conn);
}

void conn_step_close_slot(struct conn *conn, const struct conn_input *input)
{
    int result = input->result;
    steps_enter(conn, input, CONN_DETACHED);
    conn->next_file = result < 0 ? -1 : result;
    if (result < 0)
        conn->end_status = (uint8_t)(result == -EINVAL ? PCE_UNSUPPORTED : failure_status(-result));
    conn_submit_close(conn);
}

/* ---- the peer does not read ---- */

void conn_step_stall(struct conn *conn, const struct conn_input *input)
{
    (void)input;
    counter_add(&conn->pool->counters.stalls, 1);
    conn_set(conn, CONN_STALLED);
    conn_set(conn, CONN_STALL_DUE);
    conn_want_attention(conn);
}

/* ---- how the peer or the network ends it ---- */

void conn_step_peer_fin(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_CLOSE_WAIT);
    conn->end_status = PCE_CLOSED; /* for owners that take it over */
    conn->ops->on_end(conn, PCE_CLOSED);
}

static void count_failure(struct conn *conn, const struct conn_input *input)
{
    conn->end_status = (uint8_t)input->status; /* for owners that take it over */
    counter_add(&conn->pool->counters.failures, 1);
}

void conn_step_tell_broken(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_BROKEN);
    conn->ops->on_end(conn, (enum pce_status)conn->end_status);
}

void conn_step_fail(struct conn *conn, const struct conn_input *input)
{
    count_failure(conn, input);
    conn_step_tell_broken(conn, input);
}

/* The owner was told of the peer's FIN: each is told of one end. */
void conn_step_fail_untold(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_BROKEN);
    count_failure(conn, input);
}

/* ---- how we end it ---- */

static void steps_let_go(struct conn *conn, const struct conn_input *input, enum conn_state state,
                         enum pce_status status)
{
    steps_enter(conn, input, state);
    conn->end_status = (uint8_t)status;
    conn_want_attention(conn);
}

/* The peer's FIN has to be seen, and its octets must not make our close a reset. */
static void finish_as(struct conn *conn, const struct conn_input *input, enum conn_state state)
{
    steps_enter(conn, input, state);
    conn_unset(conn, CONN_PAUSED);
    conn_want_attention(conn);
}

void conn_step_finish(struct conn *conn, const struct conn_input *input)
{
    finish_as(conn, input, CONN_FINISHING);
}

void conn_step_finish_last(struct conn *conn, const struct conn_input *input)
{
    finish_as(conn, input, CONN_LAST_SENDS);
}

void conn_step_send_fin(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_FIN_WAIT);
    conn_submit_shutdown(conn);
}

void conn_step_close(struct conn *conn, const struct conn_input *input)
{
    steps_let_go(conn, input, CONN_CLOSING, PCE_OK);
}

void conn_step_close_broken(struct conn *conn, const struct conn_input *input)
{
    steps_let_go(conn, input, CONN_CLOSING, (enum pce_status)conn->end_status);
}

/* A FIN would say that the last message was whole. */
void conn_step_abort(struct conn *conn, const struct conn_input *input)
{
    count_failure(conn, input);
    steps_let_go(conn, input, CONN_RESETTING, input->status);
}

void conn_step_reset(struct conn *conn, const struct conn_input *input)
{
    steps_let_go(conn, input, CONN_RESETTING, PCE_CANCELLED);
}

/* Why it ended stays what it was. */
void conn_step_harden(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_RESETTING);
}

void conn_step_drop(struct conn *conn, const struct conn_input *input)
{
    conn_step_disown(conn, input);
    conn_step_reset(conn, input);
}

/* ---- the close ---- */

void conn_step_close_socket(struct conn *conn, const struct conn_input *input)
{
    steps_enter(conn, input, CONN_CLOSED);
    conn_submit_close(conn);
}

void conn_step_reset_socket(struct conn *conn, const struct conn_input *input)
{
    conn_submit_linger(conn);
    conn_step_close_socket(conn, input);
}

/* The address of the record is given for the last time. */
void conn_step_release(struct conn *conn, const struct conn_input *input)
{
    const struct conn_ops *ops = conn->ops;
    void *owner = conn->owner;
    conn->ops = NULL;
    conn->owner = NULL;
    if (ops != NULL)
        ops->on_released(conn, owner, (enum pce_status)conn->end_status);
    steps_enter(conn, input, CONN_FREE);
    conn_release(conn);
}
