/* The table: the code, the documentation and what really happens are the same. */
#include "core/bgp/fsm.h"

#include "tests/lib/fsm_document.h"
#include "tests/unit/bgp/peers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct fsm_row documented[BGP_STATE_COUNT][BGP_EVENT_COUNT];

static const char *state_text(unsigned i)
{
    return bgp_state_text((enum bgp_state)i);
}

static const char *event_text(unsigned i)
{
    return bgp_event_text((enum bgp_event)i);
}

static void read_document(void)
{
    static const struct fsm_document document = {PCED_SOURCE_DIR "/docs/BGP-FSM.md",
                                                 BGP_STATE_COUNT, BGP_EVENT_COUNT, state_text,
                                                 event_text};
    fsm_document_read(&document, &documented[0][0]);
}

Test(bgp_fsm, the_documented_table_is_the_table)
{
    read_document();
    for (unsigned s = 0; s < BGP_STATE_COUNT; s++) {
        for (unsigned e = 0; e < BGP_EVENT_COUNT; e++) {
            const struct bgp_cell *cell = bgp_cell_at((enum bgp_state)s, (enum bgp_event)e);
            const struct fsm_row *row = &documented[s][e];
            cr_expect_str_eq(cell->name, row->is_there ? row->step : "ignore", "%s %s",
                             state_text(s), event_text(e));
            cr_expect_eq(cell->may_reach, row->may_reach, "%s %s: reach", state_text(s),
                         event_text(e));
        }
    }
}

/* ---- every event in every state ---- */

/* Octets that are the event; NULL: it comes in another way. */
static const char *const octets_of[BGP_EVENT_COUNT] = {
    [BGP_EVENT_OPEN] = PEER_OPEN,           [BGP_EVENT_OPEN_BAD] = PEER_OPEN_BAD,
    [BGP_EVENT_KEEPALIVE] = PEER_KEEPALIVE, [BGP_EVENT_UPDATE] = PEER_END_OF_RIB,
    [BGP_EVENT_REFRESH] = PEER_REFRESH,     [BGP_EVENT_NOTIFICATION] = PEER_NOTIFICATION,
    [BGP_EVENT_MALFORMED] = PEER_MALFORMED,
};

/* What the peer's own functions bring about only with more around it is handed to the table. */
static void cause_directly(struct bgp_owner *owner, enum bgp_event event)
{
    const struct bgp_message message = {.type = BGP_MESSAGE_KEEPALIVE};
    struct bgp_input input = {
        .event = event, .now = owner->now, .message = &message, .error = BGP_ERROR_COLLISION};
    bgp_dispatch(&owner->peer, &owner->peer.connections[BGP_OUTGOING], &input);
}

static void cause(struct bgp_owner *owner, enum bgp_event event)
{
    if (octets_of[event] != NULL)
        peers_feed(owner, BGP_OUTGOING, octets_of[event]);
    else if (event == BGP_EVENT_STOP)
        bgp_peer_stop(&owner->peer, BGP_ERROR_SHUTDOWN, "maintenance", owner->now);
    else if (event == BGP_EVENT_TRANSPORT_END)
        bgp_owner_end(owner, BGP_OUTGOING, PCE_CLOSED);
    else
        cause_directly(owner, event);
}

static bool is_named(const char *sends, const char *message)
{
    const char *at = strstr(sends, message);
    return at != NULL && (at == sends || at[-1] == ' ');
}

static void check_sent(const struct bgp_owner *owner, const struct fsm_row *row, const char *where,
                       const char *what)
{
    bool sends = row->is_there && strcmp(row->effect, "-") != 0;
    cr_expect_eq(owner->sent_count > 0, sends, "%s %s: sent %u", where, what, owner->sent_count);
    for (unsigned i = 0; i < owner->sent_count; i++)
        cr_expect(is_named(row->effect, bgp_message_name(owner->sent[i].type)), "%s %s: sent %s",
                  where, what, bgp_message_name(owner->sent[i].type));
}

static void check_cell(struct bgp_owner *owner, enum bgp_state state, enum bgp_event event)
{
    const struct fsm_row *row = &documented[state][event];
    const char *where = bgp_state_text(state);
    const char *what = bgp_event_text(event);
    owner->sent_count = 0;
    owner->states = 0;
    unsigned ends = owner->ends[BGP_OUTGOING];
    cause(owner, event);
    unsigned now = owner->peer.connections[BGP_OUTGOING].state;
    cr_expect(now == (unsigned)state || (row->may_reach & (1U << now)) != 0, "%s %s: reached %s",
              where, what, bgp_state_text((enum bgp_state)now));
    bool leads = row->may_reach != 0 && strcmp(row->step, "refresh") != 0 &&
                 strcmp(row->step, "keepalive") != 0;
    cr_expect(!leads || owner->states > 0, "%s %s: a step that leads somewhere", where, what);
    check_sent(owner, row, where, what);
    cr_expect_eq(owner->ends[BGP_OUTGOING] - ends,
                 now == BGP_CLOSING && state != BGP_CLOSING ? 1U : 0U,
                 "%s %s: TCP is told to end once, with Closing", where, what);
}

Test(bgp_fsm, every_event_in_every_state_does_what_the_document_says)
{
    read_document();
    for (unsigned s = 0; s < BGP_STATE_COUNT; s++) {
        for (unsigned e = 0; e < BGP_EVENT_COUNT; e++) {
            struct bgp_owner owner;
            bgp_owner_init(&owner, &peers_config);
            peers_reach(&owner, (enum bgp_state)s);
            check_cell(&owner, (enum bgp_state)s, (enum bgp_event)e);
            bgp_owner_fini(&owner);
        }
    }
}

/* The same without room for any message: nothing waits for what cannot be sent. */
Test(bgp_fsm, a_message_without_room_ends_the_connection)
{
    for (unsigned s = 0; s < BGP_STATE_COUNT; s++) {
        for (unsigned e = 0; e < BGP_EVENT_COUNT; e++) {
            struct bgp_owner owner;
            bgp_owner_init(&owner, &peers_config);
            peers_reach(&owner, (enum bgp_state)s);
            owner.takes_nothing = true;
            owner.sent_count = 0;
            cause(&owner, (enum bgp_event)e);
            cr_expect_eq(owner.sent_count, 0);
            const struct bgp_cell *cell = bgp_cell_at((enum bgp_state)s, (enum bgp_event)e);
            if (strcmp(cell->name, "accept_open") == 0 || strcmp(cell->name, "send_open") == 0 ||
                strcmp(cell->name, "keepalive") == 0 || strcmp(cell->name, "refresh") == 0) {
                cr_expect_eq(owner.peer.connections[BGP_OUTGOING].state, BGP_CLOSING, "%s %s",
                             state_text(s), event_text(e));
                cr_expect_eq(owner.last_end, BGP_END_RESET);
            }
            bgp_owner_fini(&owner);
        }
    }
}
