/* The table: the code, the documentation and what really happens are the same. */
#include "tests/lib/fsm_document.h"
#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fsm_row documented[SESSION_STATE_COUNT][SESSION_EVENT_COUNT];

static const char *state_text(unsigned i)
{
    return session_state_text((enum session_state)i);
}

static const char *event_text(unsigned i)
{
    return session_event_text((enum session_event)i);
}

static void read_document(void)
{
    static const struct fsm_document document = {PCED_SOURCE_DIR "/docs/SESSION-FSM.md",
                                                 SESSION_STATE_COUNT, SESSION_EVENT_COUNT,
                                                 state_text, event_text};
    fsm_document_read(&document, &documented[0][0]);
}

Test(fsm, the_documented_table_is_the_table)
{
    read_document();
    for (int s = 0; s < SESSION_STATE_COUNT; s++) {
        for (int e = 0; e < SESSION_EVENT_COUNT; e++) {
            const struct session_cell *cell =
                session_cell_at((enum session_state)s, (enum session_event)e);
            const struct fsm_row *row = &documented[s][e];
            const char *step = row->is_there ? row->step : "ignore";
            cr_expect_str_eq(cell->name, step, "%s %s: code %s, document %s",
                             session_state_text((enum session_state)s),
                             session_event_text((enum session_event)e), cell->name, step);
            cr_expect_eq(cell->may_reach, row->may_reach, "%s %s: reach",
                         session_state_text((enum session_state)s),
                         session_event_text((enum session_event)e));
        }
    }
}

/* ---- every event in every state ---- */

/* Makes the event happen as it does in life; false where it cannot happen in that state at all. */
static bool cause_by_octets(struct owner *owner, enum session_event event)
{
    static const char *const octets[SESSION_EVENT_COUNT] = {
        [SESSION_EVENT_OPEN_ACCEPTABLE] = PEER_OPEN,
        [SESSION_EVENT_OPEN_NEGOTIABLE] = PEER_OPEN_FAST,
        [SESSION_EVENT_OPEN_UNACCEPTABLE] = "2001 0014 0110 0010 201e 7801 0022 0001 0000 0000",
        [SESSION_EVENT_KEEPALIVE] = PEER_KEEPALIVE,
        [SESSION_EVENT_PROPOSAL_ACCEPTABLE] = PEER_PROPOSAL,
        [SESSION_EVENT_PROPOSAL_UNACCEPTABLE] = PEER_PROPOSAL_BAD,
        [SESSION_EVENT_ERROR] = PEER_ERROR,
        [SESSION_EVENT_CLOSE] = PEER_CLOSE,
        [SESSION_EVENT_STARTTLS] = PEER_STARTTLS,
        [SESSION_EVENT_OTHER_MESSAGE] = PEER_PCNTF,
        [SESSION_EVENT_UNKNOWN_MESSAGE] = PEER_UNKNOWN,
        [SESSION_EVENT_MALFORMED] = PEER_MALFORMED,
        [SESSION_EVENT_BAD_VERSION] = PEER_BAD_VERSION,
    };
    if (octets[event] == NULL)
        return false;
    owner_feed_hex(owner, octets[event]);
    return true;
}

static void cause_unknown_requests(struct owner *owner)
{
    for (int i = 0; i < owner->config.unknown_requests_per_minute_max; i++)
        session_count_unknown_request(&owner->base.session, owner->now);
}

static void cause_no_resources(struct owner *owner)
{
    struct arena none;
    uint8_t octets[64];
    size_t size = session_owner_parse_hex(PEER_PCNTF, octets, sizeof octets);
    arena_init(&none, 0);
    (void)session_receive(&owner->base.session, (struct wire_span){octets, size}, &none,
                          owner->now);
    arena_fini(&none);
}

/* Only the timers of the state run: an expiry that has no timer there is handed to the table. */
static void cause_directly(struct owner *owner, enum session_event event)
{
    struct session_input input = {
        .event = event, .now = owner->now, .close_reason = 1, .text = "test"};
    session_dispatch(&owner->base.session, &input);
}

static void cause(struct owner *owner, enum session_event event)
{
    if (cause_by_octets(owner, event))
        return;
    switch (event) {
    case SESSION_EVENT_CONNECT:
        session_connect(&owner->base.session, owner->now);
        break;
    case SESSION_EVENT_TRANSPORT_UP:
        session_start(&owner->base.session, 9, owner->now);
        break;
    case SESSION_EVENT_TRANSPORT_END:
        session_on_transport_end(&owner->base.session, PCE_CLOSED, owner->now);
        break;
    case SESSION_EVENT_NO_RESOURCES:
        cause_no_resources(owner);
        break;
    case SESSION_EVENT_SEND_HOLD_EXPIRED:
        session_on_send_hold(&owner->base.session, owner->now);
        break;
    case SESSION_EVENT_UNKNOWN_REQUESTS:
        cause_unknown_requests(owner);
        break;
    case SESSION_EVENT_ADMIN_CLOSE:
        session_close(&owner->base.session, 1, "test", owner->now);
        break;
    default:
        cause_directly(owner, event);
        break;
    }
}

/* Whether `sends` of the document names this message. */
static bool is_named(const char *sends, const char *message)
{
    size_t size = strlen(message);
    for (const char *at = strstr(sends, message); at != NULL; at = strstr(at + 1, message)) {
        if ((at == sends || at[-1] == ' ') && (at[size] == '\0' || at[size] == ','))
            return true;
    }
    return false;
}

static void check_cell(struct owner *owner, enum session_state state, enum session_event event)
{
    const struct fsm_row *row = &documented[state][event];
    const char *where = session_state_text(state);
    const char *what = session_event_text(event);
    cause(owner, event);
    unsigned now = owner->base.session.state;
    cr_expect(now == (unsigned)state || (row->may_reach & (1U << now)) != 0, "%s %s: reached %s",
              where, what, session_state_text((enum session_state)now));
    if (row->is_there && strcmp(row->step, "ignore") != 0 && row->may_reach != 0 &&
        strcmp(row->step, "unknown_message") != 0 && strcmp(row->step, "adjust") != 0)
        cr_expect(owner->state_count > 0, "%s %s: a step that leads somewhere", where, what);
    if (!row->is_there)
        cr_expect_eq(owner->message_count, 0, "%s %s: sent %s", where, what,
                     owner->message_count > 0 ? owner_describe(owner, 0) : "");
    for (size_t i = 0; row->is_there && i < owner->message_count; i++)
        cr_expect(is_named(row->effect, owner_describe(owner, i)), "%s %s: sent %s", where, what,
                  owner_describe(owner, i));
    if (row->is_there && strcmp(row->effect, "-") != 0)
        cr_expect_geq(owner->message_count, 1, "%s %s: sends nothing", where, what);
    cr_expect_eq(owner->end_count, now == SESSION_CLOSING && state != SESSION_CLOSING ? 1 : 0,
                 "%s %s: the transport is told to end once, with Closing", where, what);
    cr_expect_eq(owner->delivered_count, strcmp(row->step, "deliver") == 0 ? 1U : 0U,
                 "%s %s: delivered", where, what);
}

Test(fsm, every_event_in_every_state_does_what_the_document_says)
{
    read_document();
    for (int s = 0; s < SESSION_STATE_COUNT; s++) {
        for (int e = 0; e < SESSION_EVENT_COUNT; e++) {
            struct owner owner;
            owner_init(&owner, s == SESSION_TCP_PENDING ? SESSION_INITIATED : SESSION_ACCEPTED);
            owner_reach(&owner, (enum session_state)s);
            check_cell(&owner, (enum session_state)s, (enum session_event)e);
            owner_fini(&owner);
        }
    }
}

Test(fsm, every_state_but_idle_ends_in_idle_with_its_transport)
{
    for (int s = SESSION_TCP_PENDING; s < SESSION_STATE_COUNT; s++) {
        struct owner owner;
        owner_init(&owner, SESSION_ACCEPTED);
        owner_reach(&owner, (enum session_state)s);
        session_on_transport_end(&owner.base.session, PCE_IO, owner.now);
        cr_expect_eq(owner.base.session.state, SESSION_IDLE);
        cr_expect_not_null(owner.base.session.verdict.text);
        cr_expect(mono_is_never(session_deadline(&owner.base.session)), "nothing runs in Idle");
        owner_fini(&owner);
    }
}
