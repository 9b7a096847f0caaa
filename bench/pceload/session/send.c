#include "bench/pceload/session/send.h"

#include "bench/pceload/session/end.h"
#include "bench/pceload/session/misbehave.h"

#include <string.h>

static void put_form(struct send_buffer *buffer, const struct form *form)
{
    memcpy(buffer->octets + buffer->size, form->octets, form->size);
    buffer->size += form->size;
}

static void put_reports(struct pcc_table *table, struct pcc *pcc, struct send_buffer *buffer)
{
    const struct templates *templates = table->templates;
    while (pcc->left > 0 && table->ring->send_size - buffer->size >= TEMPLATE_SIZE) {
        uint32_t number = table->options->reports + 2 - pcc->left;
        if (--pcc->left == 0) {
            put_form(buffer, &templates->end_of_sync);
            counter_add(&table->counters->reports_done, 1);
        } else {
            buffer->size +=
                (uint32_t)templates_put_report(templates, number, buffer->octets + buffer->size);
            counter_add(&table->counters->reports_sent, 1);
        }
    }
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
    } else if (pcc->left > 0) {
        put_reports(table, pcc, buffer);
    } else {
        buffer->size += (uint32_t)load_put_requests(table->load, &pcc->window,
                                                    pcc_number(table, pcc), to, room);
    }
}

static void send_buffer(struct pcc_table *table, struct pcc *pcc, struct send_buffer *buffer)
{
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
    bool is_whole = result == (int)buffer->size;
    pcc->sending = NULL;
    uring_give_back(table->ring, buffer);
    if (pcc_is_connected(pcc)) {
        if (!is_whole)
            pcc_lose(table, pcc, TALLY_LOST_RESET);
        else if (pcc->flags != PCC_FLAG_RECEIVING || pcc->left > 0 ||
                 load_may_ask(table->load, &pcc->window))
            pcc_mark(table, pcc);
    }
    pcc_release(pcc);
}
