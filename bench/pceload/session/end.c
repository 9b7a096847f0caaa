#include "bench/pceload/session/end.h"

#include "core/base/check.h"

#include <stdlib.h>

#define ATTEMPTS_MAX 5u
#define RETRY_MS     1000u

/* Whether the kernel has work of the connection besides what has just ended. To cancel it, the
 * kernel looks through all operations of the ring: where most sessions end because the server has
 * ended them, that would be the most of what their end takes. */
static bool has_work(const struct pcc *pcc)
{
    return pcc->state == PCC_DIALING || pcc->sending != NULL ||
           (pcc->flags & (PCC_FLAG_RECEIVING | PCC_FLAG_DEAF)) != 0;
}

void pcc_end(struct pcc_table *table, struct pcc *pcc)
{
    CHECK(pcc->state != PCC_NEW && pcc->state < PCC_ENDING);
    uint32_t number = pcc_number(table, pcc);
    if (pcc->state == PCC_UP && pcc->behaviour == BEHAVE_WELL)
        counter_subtract(&table->counters->up, 1);
    if (pcc->state == PCC_LEAVING || (pcc->flags & PCC_FLAG_CLOSE) != 0)
        counter_subtract(&table->counters->leaving, 1);
    load_forget_requests(table->load, &pcc->window);
    lsps_on_down(table->lsps, number);
    pcc_end_ramp(table, pcc);
    uring_reserve(table->ring, 2);
    if (has_work(pcc))
        uring_cancel(table->ring, number);
    pcc->state = PCC_ENDING;
    pcc->flags &= (uint8_t) ~(PCC_FLAG_OPEN | PCC_FLAG_KEEPALIVE | PCC_FLAG_CLOSE);
    uring_close_slot(table->ring, number);
    pcc->operations++;
}

/* One that was UP has no end of attempts. */
static void come_again(struct pcc_table *table, struct pcc *pcc)
{
    if (table->options->reconnect_s == 0)
        return;
    pcc->is_lost = true;
    pcc->flags |= PCC_FLAG_AGAIN;
    pcc->due_ms = now_elapsed_ms(table->now) + (uint32_t)(table->options->reconnect_s * 1e3);
}

void pcc_lose(struct pcc_table *table, struct pcc *pcc, enum tally_kind why)
{
    bool was_up = pcc->state == PCC_UP;
    if (table->is_leaving) {
        pcc_end(table, pcc);
        return;
    }
    if (pcc->behaviour != BEHAVE_WELL) {
        if (pcc->state != PCC_DIALING)
            table->results->behaved[pcc->behaviour][BEHAVED_ENDED_BY_SERVER]++;
        pcc->flags |= PCC_FLAG_AGAIN;
    } else {
        table->results->tally
            .kinds[was_up || why < TALLY_LOST_DEAD_TIMER ? why : TALLY_OPEN_ENDED]++;
        if (was_up)
            counter_add(&table->counters->lost, 1);
        if (was_up || pcc->is_lost)
            come_again(table, pcc);
        else if (++pcc->attempts < ATTEMPTS_MAX)
            pcc->flags |= PCC_FLAG_AGAIN;
        else
            counter_add(&table->counters->failed, 1);
    }
    if (pcc->behaviour != BEHAVE_WELL || !pcc->is_lost)
        pcc->due_ms = now_elapsed_ms(table->now) + RETRY_MS;
    pcc_end(table, pcc);
}

void pcc_release(struct pcc *pcc)
{
    CHECK(pcc->operations > 0);
    pcc->operations--;
    if (pcc->operations > 0 || pcc->state != PCC_ENDING)
        return;
    free(pcc->gathered);
    pcc->gathered = NULL;
    pcc->state = (pcc->flags & PCC_FLAG_AGAIN) != 0 ? PCC_NEW : PCC_GONE;
    pcc->flags &= PCC_FLAG_MARKED;
}
