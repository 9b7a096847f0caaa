/* The one way into a state: its timers, and who is told. */
#include "core/base/check.h"
#include "core/session/fsm.h"

/* Each state runs its own timers; what the one before ran is over, but for the Keepalive timer,
 * which runs from the peer's acceptable Open on. */
static void start_timers(struct session *session, struct mono now)
{
    bool keeps_alive = session->keepalive_s != 0 && session->remote_ok;
    struct mono keepalive = session->keepalive_deadline;
    session->wait_deadline = MONO_NEVER;
    session->keepalive_deadline = MONO_NEVER;
    switch (session->state) {
    case SESSION_TCP_PENDING:
        session->wait_deadline = mono_add_s(now, SESSION_CONNECT_S);
        return;
    case SESSION_OPEN_WAIT:
        session->wait_deadline = mono_add_s(now, session->config->open_wait_s);
        return;
    case SESSION_KEEP_WAIT:
        session->wait_deadline = mono_add_s(now, session->config->keep_wait_s);
        break;
    case SESSION_UP:
        if (session->dead_timer_s != 0)
            session->wait_deadline = mono_add_s(now, session->dead_timer_s);
        break;
    default:
        return;
    }
    if (keeps_alive)
        session->keepalive_deadline =
            mono_is_never(keepalive) ? mono_add_s(now, session->keepalive_s) : keepalive;
}

/* What LocalOK and RemoteOK (RFC 5440 Appendix A) must say of a state: OpenWait with RemoteOK, or
 * KeepWait with LocalOK, would wait for a message that has come already. */
static bool session_flags_fit(const struct session *session, enum session_state state)
{
    switch (state) {
    case SESSION_OPEN_WAIT:
        return !session->remote_ok;
    case SESSION_KEEP_WAIT:
        return !session->local_ok;
    case SESSION_UP:
        return session->local_ok && session->remote_ok;
    case SESSION_CLOSING:
    case SESSION_IDLE:
        return session->verdict.text != NULL; /* whoever logs the end prints it */
    default:
        return true;
    }
}

void session_enter(struct session *session, const struct session_input *input,
                   enum session_state state)
{
    CHECK((input->cell->may_reach & (1U << state)) != 0);
    CHECK(session_flags_fit(session, state));
    enum session_state from = (enum session_state)session->state;
    session->state = (uint8_t)state;
    start_timers(session, input->now);
    /* Nobody listens any more: half a message is let go now, not when the transport is. */
    if ((state == SESSION_CLOSING || state == SESSION_IDLE) && !session->is_receiving)
        frame_fini(&session->frame);
    /* The owner is told before `since` moves: it takes the time spent in the state that is left
     * from it. */
    session->ops->on_state(session, from, state);
    session->since = input->now;
}
