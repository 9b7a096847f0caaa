#include "core/session/fsm.h"
#include "core/base/check.h"
#include "core/session/steps.h"

#include <stddef.h>

_Static_assert(SESSION_STATE_COUNT <= 8, "may_reach has a bit for each state");

#define TO(state) (1U << SESSION_##state)
#define NOWHERE   0U
#define CELL(step_name, reach)                                                                     \
    {                                                                                              \
        session_step_##step_name, #step_name, (reach)                                              \
    }

/* What an empty cell means: the event says nothing in that state. */
static const struct session_cell default_cell = {session_step_ignore, "ignore", NOWHERE};

/* RFC 5440 Appendix A, with RFC 8253 3.2 (StartTLS) and the send-hold draft. Every row that a peer
 * can cause before UP ends in UP or CLOSING within the wait timers; CLOSING ends with the
 * transport. */
/* clang-format off */
static const struct session_cell cells[SESSION_STATE_COUNT][SESSION_EVENT_COUNT] = {
    [SESSION_IDLE] = {
        [SESSION_EVENT_CONNECT]              = CELL(connect, TO(TCP_PENDING)),
        [SESSION_EVENT_TRANSPORT_UP]         = CELL(start, TO(OPEN_WAIT) | TO(CLOSING)),
    },
    [SESSION_TCP_PENDING] = {
        [SESSION_EVENT_TRANSPORT_UP]         = CELL(start, TO(OPEN_WAIT) | TO(CLOSING)),
        [SESSION_EVENT_TRANSPORT_END]        = CELL(release, TO(IDLE)),
        [SESSION_EVENT_WAIT_EXPIRED]         = CELL(connect_expired, TO(CLOSING)),
        [SESSION_EVENT_ADMIN_CLOSE]          = CELL(abandon, TO(CLOSING)),
    },
    [SESSION_OPEN_WAIT] = {
        [SESSION_EVENT_TRANSPORT_END]        = CELL(release, TO(IDLE)),
        [SESSION_EVENT_OPEN_ACCEPTABLE]      = CELL(accept_open, TO(KEEP_WAIT) | TO(UP) | TO(CLOSING)),
        [SESSION_EVENT_OPEN_NEGOTIABLE]      = CELL(propose, TO(OPEN_WAIT) | TO(KEEP_WAIT) | TO(CLOSING)),
        [SESSION_EVENT_OPEN_UNACCEPTABLE]    = CELL(refuse_open, TO(CLOSING)),
        [SESSION_EVENT_KEEPALIVE]            = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_PROPOSAL_ACCEPTABLE]  = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_PROPOSAL_UNACCEPTABLE] = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_ERROR]                = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_CLOSE]                = CELL(peer_closed, TO(CLOSING)),
        [SESSION_EVENT_STARTTLS]             = CELL(refuse_tls, TO(CLOSING)),
        [SESSION_EVENT_OTHER_MESSAGE]        = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_UNKNOWN_MESSAGE]      = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_MALFORMED]            = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_BAD_VERSION]          = CELL(refuse_version, TO(CLOSING)),
        [SESSION_EVENT_NO_RESOURCES]         = CELL(give_up, TO(CLOSING)),
        [SESSION_EVENT_WAIT_EXPIRED]         = CELL(open_wait_expired, TO(CLOSING)),
        [SESSION_EVENT_ADMIN_CLOSE]          = CELL(abandon, TO(CLOSING)),
    },
    [SESSION_KEEP_WAIT] = {
        [SESSION_EVENT_TRANSPORT_END]        = CELL(release, TO(IDLE)),
        [SESSION_EVENT_OPEN_ACCEPTABLE]      = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_OPEN_NEGOTIABLE]      = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_OPEN_UNACCEPTABLE]    = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_KEEPALIVE]            = CELL(acknowledged, TO(OPEN_WAIT) | TO(UP)),
        [SESSION_EVENT_PROPOSAL_ACCEPTABLE]  = CELL(adjust, TO(OPEN_WAIT) | TO(KEEP_WAIT) | TO(CLOSING)),
        [SESSION_EVENT_PROPOSAL_UNACCEPTABLE] = CELL(refuse_proposal, TO(CLOSING)),
        [SESSION_EVENT_ERROR]                = CELL(peer_refused, TO(CLOSING)),
        [SESSION_EVENT_CLOSE]                = CELL(peer_closed, TO(CLOSING)),
        [SESSION_EVENT_STARTTLS]             = CELL(refuse_late_tls, TO(CLOSING)),
        [SESSION_EVENT_OTHER_MESSAGE]        = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_UNKNOWN_MESSAGE]      = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_MALFORMED]            = CELL(refuse_non_open, TO(CLOSING)),
        [SESSION_EVENT_BAD_VERSION]          = CELL(refuse_version, TO(CLOSING)),
        [SESSION_EVENT_NO_RESOURCES]         = CELL(give_up, TO(CLOSING)),
        [SESSION_EVENT_WAIT_EXPIRED]         = CELL(keep_wait_expired, TO(CLOSING)),
        [SESSION_EVENT_KEEPALIVE_DUE]        = CELL(keepalive, NOWHERE),
        [SESSION_EVENT_ADMIN_CLOSE]          = CELL(abandon, TO(CLOSING)),
    },
    [SESSION_UP] = {
        [SESSION_EVENT_TRANSPORT_END]        = CELL(release, TO(IDLE)),
        [SESSION_EVENT_OPEN_ACCEPTABLE]      = CELL(second_open, NOWHERE),
        [SESSION_EVENT_OPEN_NEGOTIABLE]      = CELL(second_open, NOWHERE),
        [SESSION_EVENT_OPEN_UNACCEPTABLE]    = CELL(second_open, NOWHERE),
        [SESSION_EVENT_PROPOSAL_ACCEPTABLE]  = CELL(deliver, NOWHERE),
        [SESSION_EVENT_PROPOSAL_UNACCEPTABLE] = CELL(deliver, NOWHERE),
        [SESSION_EVENT_ERROR]                = CELL(deliver, NOWHERE),
        [SESSION_EVENT_CLOSE]                = CELL(peer_closed, TO(CLOSING)),
        [SESSION_EVENT_STARTTLS]             = CELL(refuse_late_tls, TO(CLOSING)),
        [SESSION_EVENT_OTHER_MESSAGE]        = CELL(deliver, NOWHERE),
        [SESSION_EVENT_UNKNOWN_MESSAGE]      = CELL(unknown_message, TO(CLOSING)),
        [SESSION_EVENT_MALFORMED]            = CELL(close_malformed, TO(CLOSING)),
        [SESSION_EVENT_BAD_VERSION]          = CELL(close_malformed, TO(CLOSING)),
        [SESSION_EVENT_NO_RESOURCES]         = CELL(close_no_resources, TO(CLOSING)),
        [SESSION_EVENT_KEEPALIVE_DUE]        = CELL(keepalive, NOWHERE),
        [SESSION_EVENT_DEAD_EXPIRED]         = CELL(dead_expired, TO(CLOSING)),
        [SESSION_EVENT_SEND_HOLD_EXPIRED]    = CELL(send_hold_expired, TO(CLOSING)),
        [SESSION_EVENT_UNKNOWN_REQUESTS]     = CELL(close_unknown_requests, TO(CLOSING)),
        [SESSION_EVENT_ADMIN_CLOSE]          = CELL(close_by_operator, TO(CLOSING)),
    },
    [SESSION_CLOSING] = {
        [SESSION_EVENT_TRANSPORT_END]        = CELL(release, TO(IDLE)),
    },
};
/* clang-format on */

static const char *const state_texts[SESSION_STATE_COUNT] = {
    [SESSION_IDLE] = "Idle",
    [SESSION_TCP_PENDING] = "TCPPending",
    [SESSION_OPEN_WAIT] = "OpenWait",
    [SESSION_KEEP_WAIT] = "KeepWait",
    [SESSION_UP] = "UP",
    [SESSION_CLOSING] = "Closing",
};

static const char *const event_texts[SESSION_EVENT_COUNT] = {
    [SESSION_EVENT_CONNECT] = "Connect",
    [SESSION_EVENT_TRANSPORT_UP] = "TransportUp",
    [SESSION_EVENT_TRANSPORT_END] = "TransportEnd",
    [SESSION_EVENT_OPEN_ACCEPTABLE] = "OpenAcceptable",
    [SESSION_EVENT_OPEN_NEGOTIABLE] = "OpenNegotiable",
    [SESSION_EVENT_OPEN_UNACCEPTABLE] = "OpenUnacceptable",
    [SESSION_EVENT_KEEPALIVE] = "Keepalive",
    [SESSION_EVENT_PROPOSAL_ACCEPTABLE] = "ProposalAcceptable",
    [SESSION_EVENT_PROPOSAL_UNACCEPTABLE] = "ProposalUnacceptable",
    [SESSION_EVENT_ERROR] = "Error",
    [SESSION_EVENT_CLOSE] = "Close",
    [SESSION_EVENT_STARTTLS] = "StartTLS",
    [SESSION_EVENT_OTHER_MESSAGE] = "OtherMessage",
    [SESSION_EVENT_UNKNOWN_MESSAGE] = "UnknownMessage",
    [SESSION_EVENT_MALFORMED] = "Malformed",
    [SESSION_EVENT_BAD_VERSION] = "BadVersion",
    [SESSION_EVENT_NO_RESOURCES] = "NoResources",
    [SESSION_EVENT_WAIT_EXPIRED] = "WaitExpired",
    [SESSION_EVENT_KEEPALIVE_DUE] = "KeepaliveDue",
    [SESSION_EVENT_DEAD_EXPIRED] = "DeadExpired",
    [SESSION_EVENT_SEND_HOLD_EXPIRED] = "SendHoldExpired",
    [SESSION_EVENT_UNKNOWN_REQUESTS] = "UnknownRequests",
    [SESSION_EVENT_ADMIN_CLOSE] = "AdminClose",
};

const struct session_cell *session_cell_at(enum session_state state, enum session_event event)
{
    CHECK(state < SESSION_STATE_COUNT && event < SESSION_EVENT_COUNT);
    const struct session_cell *cell = &cells[state][event];
    return cell->step == NULL ? &default_cell : cell;
}

void session_dispatch(struct session *session, struct session_input *input)
{
    input->cell = session_cell_at((enum session_state)session->state, input->event);
    input->cell->step(session, input);
}

const char *session_state_text(enum session_state state)
{
    return state < SESSION_STATE_COUNT ? state_texts[state] : "?";
}

const char *session_ender_text(enum session_ender ender)
{
    static const char *const texts[SESSION_ENDER_COUNT] = {
        [SESSION_BY_US] = "us",
        [SESSION_BY_PEER] = "peer",
        [SESSION_BY_TIMER] = "timer",
        [SESSION_BY_NETWORK] = "network",
    };
    return ender < SESSION_ENDER_COUNT ? texts[ender] : "?";
}

const char *session_event_text(enum session_event event)
{
    return event < SESSION_EVENT_COUNT ? event_texts[event] : "?";
}
