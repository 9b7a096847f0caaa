#include "bench/pceload/session/send.h"

#include "bench/pceload/session/end.h"
#include "bench/pceload/session/misbehave.h"
#include "core/base/check.h"

#include <string.h>

static void put_form(struct send_buffer *buffer, const struct form *form)
{
    memcpy(buffer->octets + buffer->size, form->octets, form->size);
    buffer->size += form->size;
}

/* Reports, and requests when they are out. */
static size_t put_work(struct pcc_table *table, struct pcc *pcc, uint8_t *to, size_t room)
{
    uint32_t number = pcc_number(table, pcc);
    size_t size = lsps_put(table->lsps, number, to, room);
    if (!lsps_is_reporting(table->lsps, number))
        size += load_put_requests(table->load, &pcc->window, number, to + size, room - size);
    return size;
}

/* The Open first, and a Keepalive before requests: they are small and always fit. */
static void compose(struct pcc_table *table, struct pcc *pcc, struct send_buffer *buffer)
{
    if ((pcc->flags & PCC_FLAG_OPEN) != 0)
        put_form(buffer, &table->templates->open);
    if ((pcc->flags & PCC_FLAG_KEEPALIVE) != 0)
        put_form(buffer, &table->templates->keepalive);
    pcc->flags &= (uint8_t) ~(PCC_FLAG_OPEN | PCC_FLAG_KEEPALIVE);
    if (pcc->state != PCC_UP)
        return;
    uint8_t *to = buffer->octets + buffer->size;
    size_t room = table->ring->send_size - buffer->size;
    if ((pcc->flags & PCC_FLAG_CLOSE) != 0) {
        put_form(buffer, &table->templates->close);
        pcc->flags &= (uint8_t)~PCC_FLAG_CLOSE;
        pcc->state = PCC_LEAVING;
    } else if (pcc->behaviour != BEHAVE_WELL) {
        buffer->size += (uint32_t)pcc_put_misbehaviour(table, pcc, to, room);
    } else {
        buffer->size += (uint32_t)put_work(table, pcc, to, room);
    }
}

static void send_buffer(struct pcc_table *table, struct pcc *pcc, struct send_buffer *buffer)
{
    CHECK(pcc->sending == NULL && buffer->size <= table->ring->send_size);
    uring_send(table->ring, pcc_number(table, pcc), buffer);
    pcc->sending = buffer;
    pcc->operations++;
    pcc->sent_ms = now_elapsed_ms(table->now);
    table->results->sends++;
}

static bool may_send(const struct pcc *pcc)
{
    return pcc_is_connected(pcc) && pcc->sending == NULL;
}

bool pcc_table_flush(struct pcc_table *table)
{
    uint32_t done = 0;
    for (; done < table->marked_count; done++) {
        struct pcc *pcc = &table->pccs[table->marked[done]];
        if (may_send(pcc)) {
            struct send_buffer *buffer = uring_borrow(table->ring);
            if (buffer == NULL)
                break;
            now_read(table->now);
            compose(table, pcc, buffer);
            if (buffer->size > 0)
                send_buffer(table, pcc, buffer);
            else
                uring_give_back(table->ring, buffer);
        }
        pcc->flags &= (uint8_t)~PCC_FLAG_MARKED;
    }
    table->marked_count -= done;
    memmove(table->marked, table->marked + done, table->marked_count * sizeof *table->marked);
    return table->marked_count == 0;
}

/* More may have come up while it was under way. */
void pcc_on_send(struct pcc_table *table, struct pcc *pcc, int result)
{
    struct send_buffer *buffer = pcc->sending;
    CHECK(buffer != NULL);
    bool is_whole = result == (int)buffer->size;
    pcc->sending = NULL;
    uring_give_back(table->ring, buffer);
    if (pcc_is_connected(pcc)) {
        if (!is_whole)
            pcc_lose(table, pcc, TALLY_LOST_RESET);
        else if (pcc->flags != PCC_FLAG_RECEIVING || pcc->left > 0 ||
                 lsps_has_more(table->lsps, pcc_number(table, pcc)) ||
                 load_may_ask(table->load, &pcc->window))
            pcc_mark(table, pcc);
    }
    pcc_release(pcc);
}
