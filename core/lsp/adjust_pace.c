#include "core/lsp/adjust_pace.h"

bool adjust_pace_on_report(struct lsp_lane *lane, struct mono now)
{
    struct lsp_adjust_pace *pace = &lane->pace;
    if (mono_is_before(now, pace->ignored_until))
        return false;
    if (mono_since_ns(now, pace->since) >= ADJUST_WINDOW_S * MONO_NS_PER_S) {
        pace->since = now;
        pace->count = 0;
    }
    if (++pace->count <= lane->orders->settings.adjustments_max)
        return false;
    pace->ignored_until = mono_add_s(now, ADJUST_PAUSE_S);
    return true;
}

void adjust_pace_on_overwhelmed(struct lsp_lane *lane, uint32_t duration_s, struct mono now)
{
    lane->pace.held_until = duration_s == 0 ? MONO_NEVER : mono_add_s(now, duration_s);
}

void adjust_pace_on_cleared(struct lsp_lane *lane)
{
    lane->pace.held_until = (struct mono){0};
}

bool adjust_pace_is_held(const struct lsp_lane *lane, struct mono now)
{
    return mono_is_before(now, lane->pace.held_until) ||
           mono_is_before(now, lane->pace.ignored_until);
}
