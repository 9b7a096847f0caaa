/* LSPs of a worker's PCCs: what each session reports when it is UP, how far that is, and what it
 * does as the PCE orders (RFC 8231 5.6, 5.8; RFC 8281 5).
 *
 * A synchronisation is the reports, the end marker, and a path request whose answer says that the
 * server has read all that was before it: the mark. Orders that come are answered after it.
 *
 * The LSPs know sessions by their number in the worker; they send nothing.
 *
 * Thread: the worker's. Owns: everything, until lsps_fini. Bound: ANSWERS_MAX octets of answers that
 * wait in a session; known.h's. */
#ifndef PCED_BENCH_PCELOAD_LSPS_LSPS_H
#define PCED_BENCH_PCELOAD_LSPS_LSPS_H

#include "bench/pceload/load/load.h"
#include "bench/pceload/lsps/known.h"
#include "bench/pceload/lsps/own.h"

#define LSPS_ANSWERS_MAX (1u << 20)

enum lsps_stage {
    LSPS_DOWN,
    LSPS_REPORTING, /* has reports, the end marker or the mark to send */
    LSPS_MARKED,    /* waits for the mark's answer */
    LSPS_SYNCHRONISED,
};

struct lsps_answers {
    uint32_t size, room, at; /* octets up to `at` are out */
    uint8_t octets[];
};

struct lsps_session {
    struct known known;
    struct lsps_answers *answers; /* NULL: none wait */
    uint32_t next;                /* PLSP-ID of the next report */
    uint8_t stage;                /* enum lsps_stage */
};

struct lsps {
    const struct load_given *given;
    struct lsps_session *sessions; /* NULL: the PCCs are not stateful */
    bool may_report;               /* the stage's, of this turn */
};

/* False: no memory. lsps_fini may be called, as for one of zeros. given: outlives it. */
bool lsps_init(struct lsps *lsps, const struct load_given *given);
void lsps_fini(struct lsps *lsps);
/* Reads the stage; true when reports may be sent from now on. */
bool lsps_read_stage(struct lsps *lsps);
/* When that is; STAGE_NEVER: it is not known, or long ago. */
uint64_t lsps_next_change(const struct lsps *lsps);

/* The session is UP: it has all to report. Or it has ended: what waited is dropped. */
void lsps_on_up(struct lsps *lsps, uint32_t number);
void lsps_on_down(struct lsps *lsps, uint32_t number);
/* Whether it has something to send. */
bool lsps_has_more(const struct lsps *lsps, uint32_t number);
/* Whether the answer of its mark is waited for. */
bool lsps_is_marked(const struct lsps *lsps, uint32_t number);
/* Whether its requests have to wait until its reports are out. */
bool lsps_is_reporting(const struct lsps *lsps, uint32_t number);
/* Writes what it may say now; returns octets. */
size_t lsps_put(struct lsps *lsps, uint32_t number, uint8_t *to, size_t room);
/* A PCRep, PCErr or PCNtf names that Request-ID: true when it is the mark's. */
bool lsps_on_mark(struct lsps *lsps, uint32_t number, uint32_t request_id);

/* ---- orders.c ---- */

/* A whole PCUpd or PCInitiate. False: a length in it does not fit. */
bool lsps_on_update(struct lsps *lsps, uint32_t number, const uint8_t *octets, uint32_t size);
bool lsps_on_initiate(struct lsps *lsps, uint32_t number, const uint8_t *octets, uint32_t size);
/* `size` octets at the end of what the session answers; NULL: LSPS_ANSWERS_MAX wait. */
uint8_t *lsps_reserve_answer(struct lsps_session *session, uint32_t size);

static inline uint32_t lsps_index(const struct lsps *lsps, uint32_t number)
{
    return number * lsps->given->rings + lsps->given->ring;
}

#endif
