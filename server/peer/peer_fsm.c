#include "server/peer/peer_fsm.h"

#include "core/base/check.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_steps.h"

#define TO(phase) (UINT32_C(1) << PEER_##phase)
#define NOWHERE   UINT32_C(0)
#define CELL(step_name, reach)                                                                     \
    {                                                                                              \
        peer_step_##step_name, #step_name, (reach)                                                 \
    }

_Static_assert(PEER_PHASE_COUNT <= 32, "may_reach has a bit for each phase");

/* What an empty cell means: the event says nothing in that phase. */
static const struct peer_cell peer_default_cell = {peer_step_ignore, "ignore", NOWHERE};

/* Every phase but NEW has a way to RESET by what the session, the connection and time bring. */
/* clang-format off */
static const struct peer_cell peer_cells[PEER_PHASE_COUNT][PEER_EVENT_COUNT] = {
    [PEER_NEW] = {
        [PEER_EVENT_CONNECT]       = CELL(connect, TO(CONNECTING)),
        [PEER_EVENT_LIST]          = CELL(list, TO(LIVE)),
    },
    [PEER_CONNECTING] = {
        [PEER_EVENT_LIST]          = CELL(list, TO(LIVE)),
        [PEER_EVENT_SESSION_ENDED] = CELL(end, TO(ENDED)),
        [PEER_EVENT_TIME]          = CELL(serve, NOWHERE),
    },
    [PEER_GREETING] = {
        [PEER_EVENT_GREETED]       = CELL(release_open, TO(LIVE)),
        [PEER_EVENT_SESSION_ENDED] = CELL(end, TO(ENDED)),
        [PEER_EVENT_TIME]          = CELL(release_open_and_serve, TO(LIVE)),
        [PEER_EVENT_STALL]         = CELL(mark, TO(STALLING)),
    },
    [PEER_LIVE] = {
        [PEER_EVENT_GREET]         = CELL(hold_open, TO(GREETING)),
        [PEER_EVENT_SESSION_ENDED] = CELL(end, TO(ENDED)),
        [PEER_EVENT_TIME]          = CELL(serve, NOWHERE),
        [PEER_EVENT_STALL]         = CELL(mark, TO(STALLING)),
    },
    [PEER_STALLING] = {
        [PEER_EVENT_SESSION_ENDED] = CELL(lose, TO(LOST)),
        [PEER_EVENT_STALL_DUE]     = CELL(stall, TO(CLOSING)),
    },
    [PEER_CLOSING] = {
        [PEER_EVENT_SESSION_ENDED] = CELL(cut, TO(CUTTING) | TO(LOST)),
    },
    [PEER_ENDED] = {
        [PEER_EVENT_END_TRANSPORT] = CELL(drain, TO(DRAINING) | TO(RESET)),
        [PEER_EVENT_RELEASED]      = CELL(leave, TO(RESET)),
    },
    [PEER_LOST] = {
        [PEER_EVENT_END_TRANSPORT] = CELL(reset, TO(RESET)),
        [PEER_EVENT_RELEASED]      = CELL(leave, TO(RESET)),
    },
    [PEER_CUTTING] = {
        [PEER_EVENT_CUT]           = CELL(finish, TO(DRAINING)),
        [PEER_EVENT_RELEASED]      = CELL(leave_uncut, TO(RESET)),
        [PEER_EVENT_TIME]          = CELL(reset_uncut, TO(RESET)),
        [PEER_EVENT_RESET]         = CELL(reset_uncut, TO(RESET)),
    },
    [PEER_DRAINING] = {
        [PEER_EVENT_RELEASED]      = CELL(leave, TO(RESET)),
        [PEER_EVENT_TIME]          = CELL(reset, TO(RESET)),
        [PEER_EVENT_RESET]         = CELL(reset, TO(RESET)),
    },
};
/* clang-format on */

static const char *const peer_phase_texts[PEER_PHASE_COUNT] = {
    [PEER_NEW] = "New",           [PEER_CONNECTING] = "Connecting",
    [PEER_GREETING] = "Greeting", [PEER_LIVE] = "Live",
    [PEER_STALLING] = "Stalling", [PEER_CLOSING] = "Closing",
    [PEER_ENDED] = "Ended",       [PEER_LOST] = "Lost",
    [PEER_CUTTING] = "Cutting",   [PEER_DRAINING] = "Draining",
    [PEER_RESET] = "Reset",
};

static const char *const peer_event_texts[PEER_EVENT_COUNT] = {
    [PEER_EVENT_CONNECT] = "Connect",
    [PEER_EVENT_LIST] = "List",
    [PEER_EVENT_GREET] = "Greet",
    [PEER_EVENT_GREETED] = "Greeted",
    [PEER_EVENT_SESSION_ENDED] = "SessionEnded",
    [PEER_EVENT_END_TRANSPORT] = "EndTransport",
    [PEER_EVENT_CUT] = "Cut",
    [PEER_EVENT_RELEASED] = "Released",
    [PEER_EVENT_TIME] = "Time",
    [PEER_EVENT_STALL] = "Stall",
    [PEER_EVENT_STALL_DUE] = "StallDue",
    [PEER_EVENT_RESET] = "Reset",
};

const struct peer_cell *peer_cell_at(enum peer_phase phase, enum peer_event event)
{
    CHECK(phase < PEER_PHASE_COUNT && event < PEER_EVENT_COUNT);
    const struct peer_cell *cell = &peer_cells[phase][event];
    return cell->step == NULL ? &peer_default_cell : cell;
}

void peer_dispatch(struct peer *peer, struct peer_input *input)
{
    input->cell = peer_cell_at((enum peer_phase)peer->phase, input->event);
    input->cell->step(peer, input);
}

void peer_happen(struct peer *peer, enum peer_event event)
{
    struct peer_input input = {.event = event};
    peer_dispatch(peer, &input);
}

const char *peer_phase_text(enum peer_phase phase)
{
    return phase < PEER_PHASE_COUNT ? peer_phase_texts[phase] : "?";
}

const char *peer_event_text(enum peer_event event)
{
    return event < PEER_EVENT_COUNT ? peer_event_texts[event] : "?";
}
