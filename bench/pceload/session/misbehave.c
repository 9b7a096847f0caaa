#include "bench/pceload/session/misbehave.h"

#include "bench/pceload/session/end.h"

#include <string.h>

#define FLOOD_DEFAULT     1000.0 /* requests whose answers are not read */
#define DRIP_DEFAULT      16.0   /* octets a second */
#define RESET_DEFAULT     1.0    /* seconds UP, and seconds until it comes again */
#define RECONNECT_DEFAULT 0.5    /* seconds UP; it comes again at once */
#define MALFORMED_DEFAULT 1.0    /* messages a second */
#define MS_PER_S          1000.0

static double param_of(const struct pcc_table *table, const struct pcc *pcc)
{
    static const double defaults[BEHAVE_KINDS] = {
        [BEHAVE_STALL] = FLOOD_DEFAULT,         [BEHAVE_DRIP] = DRIP_DEFAULT,
        [BEHAVE_RESET] = RESET_DEFAULT,         [BEHAVE_RECONNECT] = RECONNECT_DEFAULT,
        [BEHAVE_MALFORMED] = MALFORMED_DEFAULT,
    };
    double given = table->options->misbehaviour_param[pcc->behaviour];
    return given > 0 ? given : defaults[pcc->behaviour];
}

static void count_act(struct pcc_table *table, const struct pcc *pcc)
{
    table->results->behaved[pcc->behaviour][BEHAVED_ACTS]++;
}

/* ---- it reads no more ---- */

/* Without a receive, the end of the connection is seen by a poll. */
static void go_deaf(struct pcc_table *table, struct pcc *pcc)
{
    uring_reserve(table->ring, 2);
    uring_stop_receiving(table->ring, pcc_number(table, pcc));
    uring_poll_end(table->ring, pcc_number(table, pcc));
    pcc->operations++;
    pcc->flags |= PCC_FLAG_DEAF;
    count_act(table, pcc);
}

static void read_a_little(struct pcc_table *table, struct pcc *pcc)
{
    if ((pcc->flags & PCC_FLAG_RECEIVING) != 0)
        return;
    uring_receive_once(table->ring, pcc_number(table, pcc), (uint32_t)param_of(table, pcc));
    pcc->operations++;
    pcc->flags |= PCC_FLAG_RECEIVING;
    pcc->due_ms = now_elapsed_ms(table->now) + (uint32_t)MS_PER_S;
    count_act(table, pcc);
}

/* ---- it goes ---- */

static void go_away(struct pcc_table *table, struct pcc *pcc)
{
    bool is_reset = pcc->behaviour == BEHAVE_RESET;
    double pause_s = is_reset ? param_of(table, pcc) : 0;
    if (is_reset)
        uring_set_reset(table->ring, pcc_number(table, pcc));
    count_act(table, pcc);
    pcc->flags |= PCC_FLAG_AGAIN;
    pcc->due_ms = now_elapsed_ms(table->now) + (uint32_t)(pause_s * MS_PER_S);
    pcc_end(table, pcc);
}

/* ---- its turns ---- */

void pcc_misbehave_up(struct pcc_table *table, struct pcc *pcc)
{
    double param = param_of(table, pcc);
    pcc->due_ms = now_elapsed_ms(table->now) + (uint32_t)MS_PER_S;
    pcc->left = 0;
    switch ((enum misbehaviour)pcc->behaviour) {
    case BEHAVE_STALL:
        pcc->left = (uint32_t)param;
        go_deaf(table, pcc);
        break;
    case BEHAVE_DRIP:
        pcc->left = (uint32_t)FLOOD_DEFAULT;
        go_deaf(table, pcc);
        break;
    case BEHAVE_RESET:
    case BEHAVE_RECONNECT:
        pcc->due_ms = now_elapsed_ms(table->now) + (uint32_t)(param * MS_PER_S);
        break;
    default:
        break;
    }
}

/* So many as have become due since the last look. */
static void owe_malformed(struct pcc_table *table, struct pcc *pcc)
{
    double since_ms = now_elapsed_ms(table->now) - pcc->due_ms;
    double owed = since_ms * param_of(table, pcc) / MS_PER_S;
    if (owed < 1)
        return;
    pcc->left += (uint32_t)owed;
    pcc->due_ms += (uint32_t)(owed * MS_PER_S / param_of(table, pcc));
    pcc_mark(table, pcc);
}

void pcc_misbehave(struct pcc_table *table, struct pcc *pcc)
{
    bool is_due = (int32_t)(now_elapsed_ms(table->now) - pcc->due_ms) >= 0;
    if (pcc->state != PCC_UP || !is_due)
        return;
    switch ((enum misbehaviour)pcc->behaviour) {
    case BEHAVE_DRIP:
        read_a_little(table, pcc);
        break;
    case BEHAVE_RESET:
    case BEHAVE_RECONNECT:
        go_away(table, pcc);
        break;
    case BEHAVE_MALFORMED:
        owe_malformed(table, pcc);
        break;
    default:
        break;
    }
}

/* ---- what it says ---- */

static size_t put_unread_request(struct pcc_table *table, struct pcc *pcc, uint8_t *to)
{
    const struct network *network = table->network;
    struct pair pair = network_pair(network, pcc_index(table, pcc) % network_pair_count(network));
    struct request_values values = {.id = ++pcc->said,
                                    .source = network->ends[pair.source].octets,
                                    .destination = network->ends[pair.destination].octets};
    return templates_put_request(table->templates, REQUEST_PLAIN, &values, to);
}

static size_t put_malformed(struct pcc_table *table, struct pcc *pcc, uint8_t *to)
{
    const struct form *form = &table->templates->malformed[pcc->said % MALFORMED_KINDS];
    pcc->said++;
    memcpy(to, form->octets, form->size);
    count_act(table, pcc);
    return form->size;
}

size_t pcc_put_misbehaviour(struct pcc_table *table, struct pcc *pcc, uint8_t *to, size_t room)
{
    size_t size = 0;
    bool is_malformed = pcc->behaviour == BEHAVE_MALFORMED;
    if (!is_malformed && network_pair_count(table->network) == 0)
        pcc->left = 0;
    for (; pcc->left > 0 && room - size >= TEMPLATE_SIZE; pcc->left--) {
        if (is_malformed)
            size += put_malformed(table, pcc, to + size);
        else
            size += put_unread_request(table, pcc, to + size);
    }
    return size;
}
