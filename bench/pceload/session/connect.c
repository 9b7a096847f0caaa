#include "bench/pceload/session/connect.h"

#include "bench/pceload/session/end.h"
#include "core/base/check.h"

#include <errno.h>

#define RAMP_PER_TURN 64u

void pcc_connect(struct pcc_table *table, struct pcc *pcc)
{
    CHECK(pcc->state == PCC_NEW && pcc->sending == NULL && pcc->gathered == NULL);
    const struct options *options = table->options;
    const struct uring_dial dial = {.from = options_source(options, pcc_index(table, pcc)),
                                    .to = options->server,
                                    .port = options->port,
                                    .is_small = pcc->behaviour == BEHAVE_STALL ||
                                                pcc->behaviour == BEHAVE_DRIP};
    uring_dial(table->ring, pcc_number(table, pcc), &dial);
    pcc->operations = 1;
    pcc->state = PCC_DIALING;
    pcc->sent_ms = pcc->received_ms = now_elapsed_ms(table->now);
    pcc->flags |= PCC_FLAG_RAMPING;
    table->connecting++;
}

uint64_t pcc_table_ramp(struct pcc_table *table)
{
    const struct options *options = table->options;
    double pause_ns = options->rate > 0 ? 1e9 * table->load->given.rings / options->rate : 0;
    for (unsigned i = 0; i < RAMP_PER_TURN; i++) {
        if (table->ramp_next == table->count)
            return STAGE_NEVER;
        if (table->connecting >= options->connecting)
            return STAGE_NEVER; /* a connection that has come up wakes the ring */
        uint64_t due = table->now->begin_ns + (uint64_t)(pause_ns * table->ramp_next);
        if (due > table->now->ns)
            return due;
        pcc_connect(table, &table->pccs[table->ramp_next++]);
    }
    return table->now->ns;
}

void pcc_on_connect(struct pcc_table *table, struct pcc *pcc, int result)
{
    if (pcc->state == PCC_DIALING && result == 0) {
        pcc->state = PCC_OPENING;
        table->results->behaved[pcc->behaviour][BEHAVED_CONNECTED]++;
        pcc->received_ms = now_elapsed_ms(table->now);
        pcc_receive(table, pcc);
        if (pcc->behaviour == BEHAVE_HALF_OPEN) {
            pcc_end_ramp(table, pcc);
        } else {
            pcc->flags |= PCC_FLAG_OPEN;
            pcc_mark(table, pcc);
        }
    } else if (pcc->state == PCC_DIALING) {
        if (result != -ECANCELED) /* the reason came from the part of the chain that failed */
            tally_errno(&table->results->tally, -result);
        pcc_lose(table, pcc, TALLY_CONNECT_FAILED);
    }
    pcc_release(pcc);
}
