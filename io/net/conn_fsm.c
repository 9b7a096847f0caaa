#include "io/net/conn_fsm.h"

#include "core/base/check.h"
#include "io/net/conn_steps.h"

#define TO(state) (UINT32_C(1) << CONN_##state)
#define NOWHERE   UINT32_C(0)
#define CELL(step_name, reach)                                                                     \
    {                                                                                              \
        conn_step_##step_name, #step_name, (reach)                                                 \
    }

_Static_assert(CONN_STATE_COUNT <= 32, "may_reach has a bit for each state");

/* What an empty cell means: the event says nothing in that state. */
static const struct conn_cell default_cell = {conn_step_ignore, "ignore", NOWHERE};

/* Every state but FREE has a way to FREE by conn_reset and completions alone. */
/* clang-format off */
static const struct conn_cell cells[CONN_STATE_COUNT][CONN_EVENT_COUNT] = {
    [CONN_FREE] = {
        [CONN_EVENT_ACCEPTED]        = CELL(ask_name, TO(NAMING)),
        [CONN_EVENT_NAMED]           = CELL(keep, TO(NEW)),
        [CONN_EVENT_DIAL]            = CELL(dial, TO(PLACING) | TO(CONNECTING)),
    },
    [CONN_NAMING] = {
        [CONN_EVENT_NAMED]           = CELL(keep, TO(NEW)),
        [CONN_EVENT_RESET]           = CELL(drop, TO(RESETTING)),
    },
    [CONN_NEW] = {
        [CONN_EVENT_HAND_OVER]       = CELL(start, TO(OPEN)),
        [CONN_EVENT_DETACH]          = CELL(detach, TO(DETACHING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(drop, TO(RESETTING)),
    },
    [CONN_PLACING] = {
        [CONN_EVENT_PLACED]          = CELL(connect, TO(CONNECTING)),
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_FINISH]          = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
    },
    [CONN_CONNECTING] = {
        [CONN_EVENT_INTERRUPTED]     = CELL(connect, TO(CONNECTING)),
        [CONN_EVENT_CONNECTED]       = CELL(connected, TO(OPEN)),
        [CONN_EVENT_CONNECT_FAILED]  = CELL(connect_failed, TO(BROKEN)),
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_FINISH]          = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
    },
    [CONN_OPEN] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_STALL]           = CELL(stall, NOWHERE),
        [CONN_EVENT_FINISH]          = CELL(finish, TO(FINISHING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_PEER_FIN]        = CELL(peer_fin, TO(CLOSE_WAIT)),
        [CONN_EVENT_FAILED]          = CELL(fail, TO(BROKEN)),
    },
    [CONN_CLOSE_WAIT] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over_ended, TO(CLOSE_WAIT_NEWS)),
        [CONN_EVENT_STALL]           = CELL(stall, NOWHERE),
        [CONN_EVENT_FINISH]          = CELL(finish_last, TO(LAST_SENDS)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_FAILED]          = CELL(fail_untold, TO(BROKEN)),
    },
    [CONN_CLOSE_WAIT_NEWS] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over_ended, TO(CLOSE_WAIT_NEWS)),
        [CONN_EVENT_STALL]           = CELL(stall, NOWHERE),
        [CONN_EVENT_FINISH]          = CELL(finish_last, TO(LAST_SENDS)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_FAILED]          = CELL(fail, TO(BROKEN)),
        [CONN_EVENT_NEWS_DUE]        = CELL(peer_fin, TO(CLOSE_WAIT)),
    },
    [CONN_BROKEN] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over_broken, TO(BROKEN_NEWS)),
        [CONN_EVENT_FINISH]          = CELL(close_broken, TO(CLOSING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
    },
    [CONN_BROKEN_NEWS] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over_broken, TO(BROKEN_NEWS)),
        [CONN_EVENT_FINISH]          = CELL(close_broken, TO(CLOSING)),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_PEER_FIN]        = CELL(tell_broken, TO(BROKEN)),
        [CONN_EVENT_FAILED]          = CELL(tell_broken, TO(BROKEN)),
        [CONN_EVENT_NEWS_DUE]        = CELL(tell_broken, TO(BROKEN)),
    },
    [CONN_FINISHING] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_PEER_FIN]        = CELL(finish_last, TO(LAST_SENDS)),
        [CONN_EVENT_FAILED]          = CELL(abort, TO(RESETTING)),
        [CONN_EVENT_SENT_OUT]        = CELL(send_fin, TO(FIN_WAIT)),
    },
    [CONN_FIN_WAIT] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_PEER_FIN]        = CELL(close, TO(CLOSING)),
        [CONN_EVENT_FAILED]          = CELL(abort, TO(RESETTING)),
    },
    [CONN_LAST_SENDS] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(reset, TO(RESETTING)),
        [CONN_EVENT_FAILED]          = CELL(abort, TO(RESETTING)),
        [CONN_EVENT_SENT_OUT]        = CELL(close, TO(CLOSING)),
    },
    [CONN_DETACHING] = {
        [CONN_EVENT_LAST_COMPLETION] = CELL(install, TO(INSTALLING) | TO(FREE)),
    },
    [CONN_INSTALLING] = {
        [CONN_EVENT_INSTALLED]       = CELL(close_slot, TO(DETACHED)),
    },
    [CONN_DETACHED] = {
        [CONN_EVENT_CLOSED]          = CELL(give_away, TO(FREE)),
    },
    [CONN_CLOSING] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(drop, TO(RESETTING)),
        [CONN_EVENT_RESET]           = CELL(harden, TO(RESETTING)),
        [CONN_EVENT_LAST_COMPLETION] = CELL(close_socket, TO(CLOSED)),
    },
    [CONN_RESETTING] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(disown, NOWHERE),
        [CONN_EVENT_LAST_COMPLETION] = CELL(reset_socket, TO(CLOSED)),
    },
    [CONN_CLOSED] = {
        [CONN_EVENT_HAND_OVER]       = CELL(take_over, NOWHERE),
        [CONN_EVENT_TURN_AWAY]       = CELL(disown, NOWHERE),
        [CONN_EVENT_CLOSED]          = CELL(release, TO(FREE)),
    },
};
/* clang-format on */

static const char *const state_texts[CONN_STATE_COUNT] = {
    [CONN_FREE] = "Free",
    [CONN_NAMING] = "Naming",
    [CONN_NEW] = "New",
    [CONN_PLACING] = "Placing",
    [CONN_CONNECTING] = "Connecting",
    [CONN_OPEN] = "Open",
    [CONN_CLOSE_WAIT] = "CloseWait",
    [CONN_CLOSE_WAIT_NEWS] = "CloseWaitNews",
    [CONN_BROKEN] = "Broken",
    [CONN_BROKEN_NEWS] = "BrokenNews",
    [CONN_FINISHING] = "Finishing",
    [CONN_FIN_WAIT] = "FinWait",
    [CONN_LAST_SENDS] = "LastSends",
    [CONN_DETACHING] = "Detaching",
    [CONN_INSTALLING] = "Installing",
    [CONN_DETACHED] = "Detached",
    [CONN_CLOSING] = "Closing",
    [CONN_RESETTING] = "Resetting",
    [CONN_CLOSED] = "Closed",
};

static const char *const event_texts[CONN_EVENT_COUNT] = {
    [CONN_EVENT_ACCEPTED] = "Accepted",
    [CONN_EVENT_NAMED] = "Named",
    [CONN_EVENT_DIAL] = "Dial",
    [CONN_EVENT_PLACED] = "Placed",
    [CONN_EVENT_INTERRUPTED] = "Interrupted",
    [CONN_EVENT_CONNECTED] = "Connected",
    [CONN_EVENT_CONNECT_FAILED] = "ConnectFailed",
    [CONN_EVENT_HAND_OVER] = "HandOver",
    [CONN_EVENT_DETACH] = "Detach",
    [CONN_EVENT_STALL] = "Stall",
    [CONN_EVENT_FINISH] = "Finish",
    [CONN_EVENT_TURN_AWAY] = "TurnAway",
    [CONN_EVENT_RESET] = "Reset",
    [CONN_EVENT_PEER_FIN] = "PeerFin",
    [CONN_EVENT_FAILED] = "Failed",
    [CONN_EVENT_NEWS_DUE] = "NewsDue",
    [CONN_EVENT_SENT_OUT] = "SentOut",
    [CONN_EVENT_LAST_COMPLETION] = "LastCompletion",
    [CONN_EVENT_INSTALLED] = "Installed",
    [CONN_EVENT_CLOSED] = "Closed",
};

const struct conn_cell *conn_cell_at(enum conn_state state, enum conn_event event)
{
    CHECK(state < CONN_STATE_COUNT && event < CONN_EVENT_COUNT);
    const struct conn_cell *cell = &cells[state][event];
    return cell->step == NULL ? &default_cell : cell;
}

bool conn_has_step(const struct conn *conn, enum conn_event event)
{
    return conn_cell_at((enum conn_state)conn->state, event) != &default_cell;
}

void conn_dispatch(struct conn *conn, struct conn_input *input)
{
    input->cell = conn_cell_at((enum conn_state)conn->state, input->event);
    input->cell->step(conn, input);
}

void conn_happen(struct conn *conn, enum conn_event event, enum pce_status status)
{
    struct conn_input input = {.event = event, .status = status};
    conn_dispatch(conn, &input);
}

const char *conn_state_text(enum conn_state state)
{
    return state < CONN_STATE_COUNT ? state_texts[state] : "?";
}

const char *conn_event_text(enum conn_event event)
{
    return event < CONN_EVENT_COUNT ? event_texts[event] : "?";
}
