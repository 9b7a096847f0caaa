/* PCC: one simulated router with its session, and the table of all PCCs of a worker.
 *
 * A PCC is a record of 64 octets and a slot of the ring, of the same number; it has no buffer while
 * it is idle. What it owes its peer is noted in its flags, and the PCC is marked: all that it has
 * to say goes out in one send when the worker's turn ends. Number `n` of ring `r` is session
 * `n * rings + r` of all.
 *
 * Within session/, calls go one way: tick and receive → message, misbehave, connect → end → pcc;
 * send → misbehave, end → pcc.
 *
 * Thread: the worker's. Owns: the records, and the octets that a PCC has gathered or is sending,
 * until pcc_table_fini; the ring must be closed before. Bound: `count` PCCs.
 * Units: milliseconds since the worker began, in 32 bits; differences are taken modulo 2^32. */
#ifndef PCED_BENCH_PCELOAD_SESSION_PCC_H
#define PCED_BENCH_PCELOAD_SESSION_PCC_H

#include "bench/pceload/lsps/lsps.h"
#include "bench/pceload/protocol/received.h"
#include "bench/pceload/ring/uring.h"

enum pcc_state {
    PCC_NEW,     /* not yet begun, or to be begun again at due_ms */
    PCC_DIALING, /* connecting */
    PCC_OPENING, /* the server's Open is waited for */
    PCC_KEEPING, /* … and its Keepalive */
    PCC_UP,
    PCC_LEAVING, /* a Close was sent: the server is to end the connection */
    PCC_ENDING,  /* operations are under way that have to end */
    PCC_GONE
};

enum pcc_flag {
    PCC_FLAG_MARKED = 1,    /* on the table's list of those that may have something to send */
    PCC_FLAG_OPEN = 2,      /* an Open is to be sent */
    PCC_FLAG_KEEPALIVE = 4, /* a Keepalive is to be sent */
    PCC_FLAG_RECEIVING = 8, /* a receive is armed */
    PCC_FLAG_AGAIN = 16,    /* connects again when it has ended */
    PCC_FLAG_DEAF = 32,     /* reads nothing, or only now and then */
    PCC_FLAG_RAMPING = 64,  /* counts among those that are on their way to UP */
    PCC_FLAG_CLOSE = 128,   /* a Close is to be sent */
};

struct pcc {
    struct load_window window;
    struct send_buffer *sending;
    struct gathered *gathered;
    uint32_t sent_ms;
    uint32_t received_ms;
    uint32_t due_ms;    /* of its next act */
    uint32_t left;      /* what one that misbehaves is yet to send */
    uint32_t said;      /* by one that misbehaves: requests, or malformed messages */
    uint8_t state;      /* enum pcc_state */
    uint8_t behaviour;  /* enum misbehaviour */
    uint8_t flags;      /* enum pcc_flag */
    uint8_t operations; /* that the kernel has not finished */
    uint8_t peer_dead_s;
    uint8_t attempts;
    bool is_lost; /* was UP, and comes again for as long as it takes */
};

_Static_assert(sizeof(struct pcc) <= 64, "a million of them are meant to be small");

struct pcc_table {
    const struct options *options;
    const struct templates *templates;
    const struct network *network;
    struct now *now;
    struct live_counters *counters;
    struct results *results;
    struct uring *ring;
    struct load *load;
    struct lsps *lsps;
    struct pcc *pccs;
    uint32_t count, well_count; /* the first ones behave well */
    uint32_t *marked;
    uint32_t marked_count;
    uint32_t ramp_next;  /* next PCC to begin */
    uint32_t connecting; /* on their way to UP */
    uint32_t walk_at;    /* next PCC that timers are asked of */
    uint64_t next_tick_ns;
    bool is_leaving; /* all are told to close */
};

/* The parts of a worker that the table works with; all of them outlive it. */
struct pcc_table_given {
    struct now *now;
    struct uring *ring;
    struct load *load; /* ready: it says whose table this is */
    struct lsps *lsps;
};

/* False: no memory. pcc_table_fini may be called, as for a table of zeros. */
bool pcc_table_init(struct pcc_table *table, const struct pcc_table_given *given);
void pcc_table_fini(struct pcc_table *table);

static inline uint32_t pcc_number(const struct pcc_table *table, const struct pcc *pcc)
{
    return (uint32_t)(pcc - table->pccs);
}

/* Among the sessions of all rings. */
static inline uint32_t pcc_index(const struct pcc_table *table, const struct pcc *pcc)
{
    return pcc_number(table, pcc) * table->load->given.rings + table->load->given.ring;
}

/* Whether octets may come and go. */
static inline bool pcc_is_connected(const struct pcc *pcc)
{
    return pcc->state >= PCC_OPENING && pcc->state <= PCC_LEAVING;
}

/* It may have something to send in this turn. */
void pcc_mark(struct pcc_table *table, struct pcc *pcc);
/* Marks every PCC that is UP and behaves well. */
void pcc_table_mark_all(struct pcc_table *table);
/* Begins to receive, until the connection ends. */
void pcc_receive(struct pcc_table *table, struct pcc *pcc);
/* It is UP, or has ended: another one may begin. */
void pcc_end_ramp(struct pcc_table *table, struct pcc *pcc);

#endif
