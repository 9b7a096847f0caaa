/* What has become of an LSP: the state that is shown. */
#include "core/intent/look.h"

void look_set(struct look *look, enum intent_state state, const char *reason)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->sight.state != state)
        lsp->since = look->scene->now;
    lsp->sight = (struct intent_sight){.state = (uint8_t)state, .reason = reason};
}

void look_block(struct look *look, enum intent_state state, const char *reason)
{
    look_set(look, state, reason);
    look->lsp->sight.is_blocked = true;
    look->scene->intents->counters.intents_refused++;
}

void look_wait(struct look *look, const char *reason)
{
    if (!look->lsp->sight.is_blocked)
        look_set(look, INTENT_WAITING, reason);
}

void look_again_at(struct look *look, struct mono when)
{
    struct wheel_timer *timer = &look->lsp->entry->pcc->timer;
    if (!wheel_is_running(timer) || timer->deadline_ms > when.ns / MONO_NS_PER_MS)
        wheel_start(look->scene->intents->wheel, timer, when);
}

void look_unblock(struct intent_lsp *lsp)
{
    lsp->sight.is_blocked = false;
    lsp->waits_for_path = false;
    lsp->failure.serial = 0;
}
