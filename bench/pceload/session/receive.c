#include "bench/pceload/session/receive.h"

#include "bench/pceload/session/end.h"
#include "bench/pceload/session/message.h"
#include "core/base/check.h"

#include <errno.h>
#include <stdlib.h>

/* Takes whole messages off the front; returns how many octets they had. */
static uint32_t receive_take_messages(struct pcc_table *table, struct pcc *pcc,
                                      const uint8_t *octets, uint32_t size)
{
    uint32_t at = 0;
    while (pcc_is_connected(pcc)) {
        const uint8_t *message = octets + at;
        uint32_t wanted = received_size(message, size - at);
        if (wanted == 0)
            return at;
        if (wanted == RECEIVED_BAD) {
            pcc_lose(table, pcc, TALLY_MESSAGE_MALFORMED);
            return size;
        }
        at += wanted;
        pcc_on_message(table, pcc, message, wanted);
    }
    return size;
}

static void take_gathered(struct pcc_table *table, struct pcc *pcc)
{
    struct gathered *gathered = pcc->gathered;
    uint32_t used = receive_take_messages(table, pcc, gathered->octets, gathered->size);
    CHECK(used <= gathered->size);
    uint32_t left = gathered->size - used;
    pcc->gathered = left > 0 ? received_gather(NULL, gathered->octets + used, left) : NULL;
    free(gathered);
}

static void take_received(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                          uint32_t size)
{
    table->results->receives++;
    pcc->received_ms = now_elapsed_ms(table->now);
    if (pcc->gathered != NULL) {
        pcc->gathered = received_gather(pcc->gathered, octets, size);
        take_gathered(table, pcc);
        return;
    }
    uint32_t used = receive_take_messages(table, pcc, octets, size);
    if (used < size)
        pcc->gathered = received_gather(NULL, octets + used, size - used);
}

static void on_receive_end(struct pcc_table *table, struct pcc *pcc, int result)
{
    pcc->flags &= (uint8_t)~PCC_FLAG_RECEIVING;
    if (result == -ENOBUFS)
        table->results->tally.kinds[TALLY_NO_BUFFERS]++;
    bool is_deaf = (pcc->flags & PCC_FLAG_DEAF) != 0;
    if (!pcc_is_connected(pcc) || (is_deaf && (result > 0 || result == -ECANCELED)))
        return;
    if (result > 0 || result == -ENOBUFS)
        pcc_receive(table, pcc);
    else
        pcc_lose(table, pcc, result == 0 ? TALLY_LOST_END : TALLY_LOST_RESET);
}

void pcc_on_receive(struct pcc_table *table, struct pcc *pcc, const struct uring_event *event)
{
    if (event->octets != NULL) {
        if (pcc_is_connected(pcc) && (pcc->flags & PCC_FLAG_DEAF) == 0)
            take_received(table, pcc, event->octets, (uint32_t)event->result);
        uring_return(table->ring, event);
    }
    if (event->has_more)
        return;
    on_receive_end(table, pcc, event->result);
    pcc_release(pcc);
}
