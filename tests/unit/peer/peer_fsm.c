/* The table of a peer: the code and the documentation are the same, and phases keep their word. */
#include "server/peer/peer_fsm.h"

#include "tests/lib/fsm_document.h"

#include <criterion/criterion.h>

static struct fsm_row documented[PEER_PHASE_COUNT][PEER_EVENT_COUNT];

static const char *phase_text(unsigned i)
{
    return peer_phase_text((enum peer_phase)i);
}

static const char *event_text(unsigned i)
{
    return peer_event_text((enum peer_event)i);
}

static const struct peer_cell *cell_at(unsigned phase, unsigned event)
{
    return peer_cell_at((enum peer_phase)phase, (enum peer_event)event);
}

static void print_row(unsigned phase, unsigned event)
{
    const struct peer_cell *cell = cell_at(phase, event);
    char reach[128] = "";
    size_t size = 0;
    for (unsigned to = 0; to < PEER_PHASE_COUNT; to++) {
        if ((cell->may_reach >> to & 1) != 0)
            size += (size_t)snprintf(reach + size, sizeof reach - size, "%s%s",
                                     size == 0 ? "" : ", ", phase_text(to));
    }
    printf("| %s | %s | %s | | %s |\n", phase_text(phase), event_text(event), cell->name, reach);
}

/* The rows are printed, too, for whoever changes the page. */
Test(peer_fsm, the_documented_table_is_the_table)
{
    static const struct fsm_document document = {PCED_SOURCE_DIR "/docs/PEER-FSM.md",
                                                 PEER_PHASE_COUNT, PEER_EVENT_COUNT, phase_text,
                                                 event_text};
    fsm_document_read(&document, &documented[0][0]);
    for (unsigned p = 0; p < PEER_PHASE_COUNT; p++) {
        for (unsigned e = 0; e < PEER_EVENT_COUNT; e++) {
            const struct peer_cell *cell = cell_at(p, e);
            const struct fsm_row *row = &documented[p][e];
            const char *step = row->is_there ? row->step : "ignore";
            cr_expect_str_eq(cell->name, step, "%s %s: code %s, document %s", phase_text(p),
                             event_text(e), cell->name, step);
            cr_expect_eq(cell->may_reach, row->may_reach, "%s %s: reach", phase_text(p),
                         event_text(e));
            if (row->is_there)
                print_row(p, e);
        }
    }
}

static bool says(bool (*what)(const struct peer *peer), unsigned phase)
{
    const struct peer peer = {.phase = (uint8_t)phase};
    return what(&peer);
}

/* Whether any cell leads from a phase that says yes to one that says no, or back. */
static bool changes(bool (*what)(const struct peer *peer), unsigned phase, unsigned event, bool to)
{
    uint32_t reach = cell_at(phase, event)->may_reach;
    if (says(what, phase) == to)
        return false;
    for (unsigned next = 0; next < PEER_PHASE_COUNT; next++) {
        if ((reach >> next & 1) != 0 && says(what, next) == to)
            return true;
    }
    return false;
}

Test(peer_fsm, a_session_ends_and_an_address_is_free_when_the_session_says_so_and_never_else)
{
    for (unsigned p = 0; p < PEER_PHASE_COUNT; p++) {
        for (unsigned e = 0; e < PEER_EVENT_COUNT; e++) {
            bool is_end = e == PEER_EVENT_SESSION_ENDED;
            cr_expect_eq(changes(peer_has_session, p, e, false),
                         is_end && says(peer_has_session, p), "%s %s", phase_text(p),
                         event_text(e));
            cr_expect_eq(changes(peer_is_listed, p, e, false), is_end && says(peer_is_listed, p),
                         "%s %s", phase_text(p), event_text(e));
        }
    }
}

Test(peer_fsm, only_list_leads_into_the_map_and_nothing_back_to_a_session)
{
    for (unsigned p = 0; p < PEER_PHASE_COUNT; p++) {
        for (unsigned e = 0; e < PEER_EVENT_COUNT; e++) {
            if (changes(peer_is_listed, p, e, true))
                cr_expect_eq(e, PEER_EVENT_LIST, "%s %s", phase_text(p), event_text(e));
            if (changes(peer_has_session, p, e, true))
                cr_expect_eq(p, PEER_NEW, "%s %s", phase_text(p), event_text(e));
        }
    }
}

Test(peer_fsm, whatever_has_a_session_is_gone_when_the_session_and_the_connection_have_ended)
{
    static const unsigned events[] = {PEER_EVENT_SESSION_ENDED, PEER_EVENT_RELEASED};
    for (unsigned p = PEER_CONNECTING; p < PEER_RESET; p++) {
        uint32_t phases = UINT32_C(1) << p;
        for (unsigned i = 0; i < sizeof events / sizeof events[0]; i++) {
            uint32_t next = 0;
            for (unsigned at = 0; at < PEER_PHASE_COUNT; at++) {
                uint32_t reach = cell_at(at, events[i])->may_reach;
                if ((phases >> at & 1) != 0)
                    next |= reach != 0 ? reach : UINT32_C(1) << at;
            }
            phases = next;
        }
        cr_expect_eq(phases, UINT32_C(1) << PEER_RESET, "%s: %#x", phase_text(p), (unsigned)phases);
    }
}
