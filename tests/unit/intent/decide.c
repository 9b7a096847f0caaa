/* What is done about an LSP, for each thing that may be seen of it. */
#include "core/intent/intent_state.h"

#include <criterion/criterion.h>

TestSuite(decide, .timeout = 20);

#define WANTED  0x01
#define THERE   0x02
#define OURS    0x04
#define DELEG   0x08
#define PATH    0x10
#define ATTR    0x20
#define IS_DOWN 0x40
#define BLOCKED 0x80

static const struct {
    unsigned seen;
    enum intent_action action;
    enum intent_state state;
} rows[] = {
    {WANTED, INTENT_DO_INITIATE, INTENT_REFUSED},
    {WANTED | BLOCKED, INTENT_DO_NOTHING, INTENT_REFUSED},
    {WANTED | THERE | OURS | DELEG | PATH | ATTR, INTENT_DO_NOTHING, INTENT_UP},
    {WANTED | THERE | OURS | DELEG | PATH | ATTR | IS_DOWN, INTENT_DO_NOTHING, INTENT_DOWN},
    {WANTED | THERE | OURS | DELEG | PATH | ATTR | BLOCKED, INTENT_DO_NOTHING, INTENT_UP},
    {WANTED | THERE | OURS | DELEG | ATTR, INTENT_DO_UPDATE, INTENT_REFUSED},
    {WANTED | THERE | OURS | DELEG | PATH, INTENT_DO_UPDATE, INTENT_REFUSED},
    {WANTED | THERE | OURS | DELEG | BLOCKED, INTENT_DO_NOTHING, INTENT_REFUSED},
    {WANTED | THERE | DELEG | ATTR, INTENT_DO_UPDATE, INTENT_REFUSED},
    {WANTED | THERE | OURS | PATH | ATTR, INTENT_DO_ADOPT, INTENT_REFUSED},
    {WANTED | THERE | OURS | PATH | ATTR | BLOCKED, INTENT_DO_NOTHING, INTENT_REFUSED},
    {WANTED | THERE | PATH | ATTR, INTENT_DO_NOTHING, INTENT_CONFLICT},
    {WANTED | THERE | BLOCKED, INTENT_DO_NOTHING, INTENT_CONFLICT},
    {0, INTENT_DO_FORGET, INTENT_REMOVING},
    {BLOCKED, INTENT_DO_FORGET, INTENT_REMOVING},
    {THERE, INTENT_DO_FORGET, INTENT_REMOVING},
    {THERE | DELEG, INTENT_DO_FORGET, INTENT_REMOVING},
    {THERE | OURS | DELEG, INTENT_DO_DELETE, INTENT_REMOVING},
    {THERE | OURS, INTENT_DO_ADOPT, INTENT_REMOVING},
    {THERE | OURS | DELEG | BLOCKED, INTENT_DO_NOTHING, INTENT_REFUSED},
};

Test(decide, each_row_of_the_table_holds)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned bits = rows[i].seen;
        const struct intent_seen seen = {.is_wanted = (bits & WANTED) != 0,
                                         .is_there = (bits & THERE) != 0,
                                         .is_ours = (bits & OURS) != 0,
                                         .is_delegated = (bits & DELEG) != 0,
                                         .has_path = (bits & PATH) != 0,
                                         .has_attributes = (bits & ATTR) != 0,
                                         .is_down = (bits & IS_DOWN) != 0,
                                         .is_blocked = (bits & BLOCKED) != 0};
        enum intent_state state = INTENT_STATE_COUNT;
        enum intent_action action = intent_decide(&seen, &state);
        cr_assert_eq(action, rows[i].action, "row %zu: action %d", i, (int)action);
        if (action == INTENT_DO_NOTHING)
            cr_assert_eq(state, rows[i].state, "row %zu: state %d", i, (int)state);
    }
}

Test(decide, what_is_blocked_is_asked_for_in_no_case)
{
    for (unsigned bits = 0; bits < 128; bits++) {
        const struct intent_seen seen = {.is_wanted = (bits & WANTED) != 0,
                                         .is_there = (bits & THERE) != 0,
                                         .is_ours = (bits & OURS) != 0,
                                         .is_delegated = (bits & DELEG) != 0,
                                         .has_path = (bits & PATH) != 0,
                                         .has_attributes = (bits & ATTR) != 0,
                                         .is_down = (bits & IS_DOWN) != 0,
                                         .is_blocked = true};
        enum intent_state state;
        enum intent_action action = intent_decide(&seen, &state);
        cr_assert(action == INTENT_DO_NOTHING || action == INTENT_DO_FORGET);
    }
}
