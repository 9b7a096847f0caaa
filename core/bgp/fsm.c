#include "core/bgp/fsm.h"

#include <stddef.h>

_Static_assert(BGP_STATE_COUNT <= 8, "may_reach has a bit for each state");

#define TO(state) (1U << BGP_##state)
#define NOWHERE   0U
#define CELL(step_name, reach)                                                                     \
    {                                                                                              \
        bgp_step_##step_name, #step_name, (reach)                                                  \
    }

/* What an empty cell means: the event says nothing in that state. */
static const struct bgp_cell ignored = {bgp_step_ignore, "ignore", NOWHERE};

/* RFC 4271 8.2.2 with RFC 6608 (unexpected messages), RFC 9687 (send hold) and RFC 4724 4.2 (a peer
 * that has come back). Every row that a peer can cause before Established ends in Established,
 * Active or Closing within the timers; Closing ends with TCP. */
/* clang-format off */
static const struct bgp_cell cells[BGP_STATE_COUNT][BGP_EVENT_COUNT] = {
    [BGP_IDLE] = {
        [BGP_EVENT_START]          = CELL(connect, TO(CONNECT)),
        [BGP_EVENT_START_PASSIVE]  = CELL(listen, TO(ACTIVE)),
        [BGP_EVENT_TRANSPORT_UP]   = CELL(send_open, TO(OPEN_SENT) | TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(retry, TO(CONNECT) | TO(ACTIVE)),
    },
    [BGP_CONNECT] = {
        [BGP_EVENT_STOP]           = CELL(abandon, TO(CLOSING)),
        [BGP_EVENT_TRANSPORT_UP]   = CELL(send_open, TO(OPEN_SENT) | TO(CLOSING)),
        [BGP_EVENT_TRANSPORT_END]  = CELL(connect_failed, TO(ACTIVE)),
        [BGP_EVENT_COLLISION]      = CELL(abandon, TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(abandon, TO(CLOSING)),
    },
    [BGP_ACTIVE] = {
        [BGP_EVENT_STOP]           = CELL(release, TO(IDLE)),
        [BGP_EVENT_TRANSPORT_UP]   = CELL(send_open, TO(OPEN_SENT) | TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(retry, TO(CONNECT)),
    },
    [BGP_OPEN_SENT] = {
        [BGP_EVENT_STOP]           = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_TRANSPORT_END]  = CELL(release, TO(IDLE)),
        [BGP_EVENT_OPEN]           = CELL(accept_open, TO(OPEN_CONFIRM) | TO(CLOSING)),
        [BGP_EVENT_OPEN_BAD]       = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_KEEPALIVE]      = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_UPDATE]         = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_REFRESH]        = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_NOTIFICATION]   = CELL(notified, TO(CLOSING)),
        [BGP_EVENT_MALFORMED]      = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_COLLISION]      = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_NO_RESOURCES]   = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(hold_expired, TO(CLOSING)),
    },
    [BGP_OPEN_CONFIRM] = {
        [BGP_EVENT_STOP]           = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_TRANSPORT_END]  = CELL(release, TO(IDLE)),
        [BGP_EVENT_OPEN]           = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_OPEN_BAD]       = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_KEEPALIVE]      = CELL(established, TO(ESTABLISHED)),
        [BGP_EVENT_UPDATE]         = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_REFRESH]        = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_NOTIFICATION]   = CELL(notified, TO(CLOSING)),
        [BGP_EVENT_MALFORMED]      = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_COLLISION]      = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_NO_RESOURCES]   = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(hold_expired, TO(CLOSING)),
        [BGP_EVENT_KEEPALIVE_DUE]  = CELL(keepalive, TO(CLOSING)),
    },
    [BGP_ESTABLISHED] = {
        [BGP_EVENT_STOP]           = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_TRANSPORT_END]  = CELL(release, TO(IDLE)),
        [BGP_EVENT_OPEN]           = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_OPEN_BAD]       = CELL(unexpected, TO(CLOSING)),
        [BGP_EVENT_KEEPALIVE]      = CELL(keepalive_received, NOWHERE),
        [BGP_EVENT_UPDATE]         = CELL(update, NOWHERE),
        [BGP_EVENT_REFRESH]        = CELL(refresh, TO(CLOSING)),
        [BGP_EVENT_NOTIFICATION]   = CELL(notified, TO(CLOSING)),
        [BGP_EVENT_MALFORMED]      = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_REPLACED]       = CELL(replaced, TO(CLOSING)),
        [BGP_EVENT_NO_RESOURCES]   = CELL(notify, TO(CLOSING)),
        [BGP_EVENT_DEADLINE]       = CELL(hold_expired, TO(CLOSING)),
        [BGP_EVENT_KEEPALIVE_DUE]  = CELL(keepalive, TO(CLOSING)),
        [BGP_EVENT_SEND_HOLD]      = CELL(send_hold_expired, TO(CLOSING)),
    },
    [BGP_CLOSING] = {
        [BGP_EVENT_TRANSPORT_END]  = CELL(release, TO(IDLE)),
    },
};
/* clang-format on */

static const char *const state_texts[BGP_STATE_COUNT] = {
    [BGP_IDLE] = "Idle",
    [BGP_CONNECT] = "Connect",
    [BGP_ACTIVE] = "Active",
    [BGP_OPEN_SENT] = "OpenSent",
    [BGP_OPEN_CONFIRM] = "OpenConfirm",
    [BGP_ESTABLISHED] = "Established",
    [BGP_CLOSING] = "Closing",
};

static const char *const event_texts[BGP_EVENT_COUNT] = {
    [BGP_EVENT_START] = "Start",
    [BGP_EVENT_START_PASSIVE] = "StartPassive",
    [BGP_EVENT_STOP] = "Stop",
    [BGP_EVENT_TRANSPORT_UP] = "TransportUp",
    [BGP_EVENT_TRANSPORT_END] = "TransportEnd",
    [BGP_EVENT_OPEN] = "Open",
    [BGP_EVENT_OPEN_BAD] = "OpenBad",
    [BGP_EVENT_KEEPALIVE] = "Keepalive",
    [BGP_EVENT_UPDATE] = "Update",
    [BGP_EVENT_REFRESH] = "Refresh",
    [BGP_EVENT_NOTIFICATION] = "Notification",
    [BGP_EVENT_MALFORMED] = "Malformed",
    [BGP_EVENT_COLLISION] = "Collision",
    [BGP_EVENT_REPLACED] = "Replaced",
    [BGP_EVENT_NO_RESOURCES] = "NoResources",
    [BGP_EVENT_DEADLINE] = "Deadline",
    [BGP_EVENT_KEEPALIVE_DUE] = "KeepaliveDue",
    [BGP_EVENT_SEND_HOLD] = "SendHold",
};

const struct bgp_cell *bgp_cell_at(enum bgp_state state, enum bgp_event event)
{
    CHECK(state < BGP_STATE_COUNT && event < BGP_EVENT_COUNT);
    const struct bgp_cell *cell = &cells[state][event];
    return cell->step == NULL ? &ignored : cell;
}

void bgp_dispatch(struct bgp_peer *peer, struct bgp_connection *connection, struct bgp_input *input)
{
    input->cell = bgp_cell_at((enum bgp_state)connection->state, input->event);
    input->cell->step(peer, connection, input);
}

const char *bgp_state_text(enum bgp_state state)
{
    return state < BGP_STATE_COUNT ? state_texts[state] : "?";
}

const char *bgp_event_text(enum bgp_event event)
{
    return event < BGP_EVENT_COUNT ? event_texts[event] : "?";
}

const char *bgp_ender_text(enum bgp_ender ender)
{
    static const char *const texts[BGP_ENDER_COUNT] = {
        [BGP_BY_US] = "us",
        [BGP_BY_PEER] = "peer",
        [BGP_BY_TIMER] = "timer",
        [BGP_BY_NETWORK] = "network",
    };
    return ender < BGP_ENDER_COUNT ? texts[ender] : "?";
}
