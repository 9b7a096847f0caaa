#include "core/intent/intent_state.h"

const char *intent_state_text(enum intent_state state)
{
    static const char *const texts[] = {
#define STATE_TEXT(id, text) [INTENT_##id] = text,
        INTENT_STATES(STATE_TEXT)
#undef STATE_TEXT
    };
    return texts[state];
}

static enum intent_action decide_removal(const struct intent_seen *seen, enum intent_state *state)
{
    *state = INTENT_REMOVING;
    /* RFC 8281 5.4: what no PCE has initiated is not removed by one. */
    if (!seen->is_there || !seen->is_ours)
        return INTENT_DO_FORGET;
    if (seen->is_blocked) {
        *state = INTENT_REFUSED;
        return INTENT_DO_NOTHING;
    }
    return seen->is_delegated ? INTENT_DO_DELETE : INTENT_DO_ADOPT;
}

enum intent_action intent_decide(const struct intent_seen *seen, enum intent_state *state)
{
    bool is_good = seen->is_there && seen->has_path && seen->has_attributes;
    if (!seen->is_wanted)
        return decide_removal(seen, state);
    *state = INTENT_CONFLICT;
    if (seen->is_there && !seen->is_ours && !seen->is_delegated)
        return INTENT_DO_NOTHING;
    *state = seen->is_down ? INTENT_DOWN : INTENT_UP;
    if (is_good && seen->is_delegated)
        return INTENT_DO_NOTHING;
    *state = INTENT_REFUSED;
    if (seen->is_blocked)
        return INTENT_DO_NOTHING;
    if (!seen->is_there)
        return INTENT_DO_INITIATE;
    /* RFC 8281 6: an LSP whose PCE has gone is taken over before it is changed. */
    return seen->is_delegated ? INTENT_DO_UPDATE : INTENT_DO_ADOPT;
}
