#include "bench/pceload/session/tick.h"

#include "bench/pceload/session/connect.h"
#include "bench/pceload/session/end.h"
#include "bench/pceload/session/misbehave.h"

#define WALK_MS       1000u
#define OPEN_LIMIT_MS 60000u

/* RFC 5440 7.3: at least one message in that time; the next look at it would be too late. */
static bool wants_keepalive(const struct pcc_table *table, const struct pcc *pcc)
{
    uint32_t keepalive_ms = table->options->keepalive_s * 1000;
    uint32_t silent_ms = now_elapsed_ms(table->now) - pcc->sent_ms;
    if (keepalive_ms == 0 || pcc->sending != NULL)
        return false;
    return silent_ms + WALK_MS + WALK_MS / 2 >= keepalive_ms;
}

static void look_at(struct pcc_table *table, struct pcc *pcc)
{
    uint32_t now_ms = now_elapsed_ms(table->now);
    uint32_t unheard_ms = now_ms - pcc->received_ms;
    switch (pcc->state) {
    case PCC_UP:
        if (pcc->peer_dead_s > 0 && (pcc->flags & PCC_FLAG_DEAF) == 0 &&
            unheard_ms > pcc->peer_dead_s * 1000u) {
            pcc_lose(table, pcc, TALLY_LOST_DEAD_TIMER);
        } else if (wants_keepalive(table, pcc)) {
            pcc->flags |= PCC_FLAG_KEEPALIVE;
            counter_add(&table->counters->keepalives_sent, 1);
            pcc_mark(table, pcc);
        }
        break;
    case PCC_DIALING:
    case PCC_OPENING:
    case PCC_KEEPING:
        if (unheard_ms > OPEN_LIMIT_MS && pcc->behaviour != BEHAVE_HALF_OPEN)
            pcc_lose(table, pcc, TALLY_OPEN_TIMEOUT);
        break;
    case PCC_NEW: /* one that was begun before */
        if (!table->is_leaving && pcc_number(table, pcc) < table->ramp_next &&
            (int32_t)(now_ms - pcc->due_ms) >= 0)
            pcc_connect(table, pcc);
        break;
    default:
        break;
    }
}

void pcc_table_leave(struct pcc_table *table)
{
    if (table->is_leaving)
        return;
    table->is_leaving = true;
    for (uint32_t i = 0; i < table->count; i++) {
        struct pcc *pcc = &table->pccs[i];
        if (pcc->state != PCC_UP || (pcc->flags & PCC_FLAG_DEAF) != 0)
            continue;
        pcc->flags |= PCC_FLAG_CLOSE;
        counter_add(&table->counters->leaving, 1);
        pcc_mark(table, pcc);
    }
}

/* Lost ones come again when they are due, not when the walk has reached them. */
static void look_at_lost(struct pcc_table *table)
{
    for (uint32_t i = 0; table->options->reconnect_s > 0 && i < table->well_count; i++) {
        struct pcc *pcc = &table->pccs[i];
        if (pcc->is_lost && pcc->state == PCC_NEW)
            look_at(table, pcc);
    }
}

void pcc_table_tick(struct pcc_table *table)
{
    if (table->now->ns < table->next_tick_ns)
        return;
    /* What a late tick left undone is made up for: the walk keeps its time. */
    uint64_t since_ns = table->now->ns - table->next_tick_ns + TICK_NS;
    uint64_t count = table->count * since_ns / (WALK_MS * MONO_NS_PER_MS) + 1;
    if (count > table->count)
        count = table->count;
    table->next_tick_ns = table->now->ns + TICK_NS;
    for (uint32_t i = table->well_count; i < table->count; i++) {
        struct pcc *pcc = &table->pccs[i];
        if (pcc->state == PCC_NEW)
            look_at(table, pcc);
        else if (!table->is_leaving)
            pcc_misbehave(table, pcc);
    }
    look_at_lost(table);
    for (uint32_t i = 0; i < count; i++) {
        look_at(table, &table->pccs[table->walk_at]);
        if (++table->walk_at == table->count)
            table->walk_at = 0;
    }
}
