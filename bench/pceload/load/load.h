/* Load of a worker: when a request is due, what it asks, and what became of it.
 *
 * Closed loop: each session has `depth` requests out. Open loop: all sessions of all rings ask in
 * turn, one request each, at even distances from the stage's load_from on; what is asked late
 * counts from when it was due. A session has a window: its requests that are out are slots of it,
 * and the number of a request says which one.
 *
 * The load knows sessions by their number in the worker and their windows alone; it sends nothing.
 *
 * Thread: the worker's. Owns: the requests that are out, until load_fini; the windows are the
 * sessions'. Bound: OPTIONS_DEPTH_MAX requests of a session. Units: ns of the monotonic clock. */
#ifndef PCED_BENCH_PCELOAD_LOAD_LOAD_H
#define PCED_BENCH_PCELOAD_LOAD_LOAD_H

#include "bench/pceload/load/picker.h"
#include "bench/pceload/load/stage.h"
#include "bench/pceload/load/verify.h"
#include "bench/pceload/now.h"
#include "bench/pceload/protocol/templates.h"
#include "bench/pceload/results/results.h"

/* One session's part in the load. */
struct load_window {
    uint64_t free;   /* bit i: slot i has no request */
    uint32_t serial; /* of the last request */
    uint32_t round;  /* open loop: of the next request */
};

/* A request that is out. */
struct load_request {
    uint64_t asked_ns; /* open loop: when it should have been sent */
    uint32_t id;
    struct pair pair;
    bool is_measured;
};

/* What the worker gives: all but the numbers outlive the load. */
struct load_given {
    const struct options *options;
    const struct network *network;
    const struct templates *templates;
    struct stage *stage;
    const struct now *now;
    struct live_counters *counters;
    struct results *results;
    uint32_t ring, rings;
    uint32_t session_count, well_count; /* the first ones behave well */
};

struct load {
    struct load_given given;
    struct load_request *requests; /* NULL where there is no load */
    uint32_t depth;
    uint32_t window; /* slots of a session: a power of two */
    uint32_t window_bits;
    uint64_t all_slots;                              /* of a window that has no request out */
    bool is_on;                                      /* requests are being sent */
    uint64_t load_from, measure_from, measure_until; /* the stage's, of this turn */
    uint32_t schedule_round, schedule_next;          /* open loop: the next session that is due */
    uint64_t drawn; /* requests with constraints, for what differs */
    struct picker picker;
    struct verify verify;
};

/* False: no memory. load_fini may be called, as for a load of zeros. */
bool load_init(struct load *load, const struct load_given *given);
void load_fini(struct load *load);
/* With no request out. */
void load_init_window(const struct load *load, struct load_window *window);

/* ---- when: schedule.c ---- */

/* Reads the stage; true when a closed loop begins, in which every session that is UP may ask. */
bool load_read_stage(struct load *load);
/* The stage's next change; STAGE_NEVER: it is not known, or all is over. */
uint64_t load_next_change(const struct load *load);
/* Open loop: when the next session is due; STAGE_NEVER: none is. */
uint64_t load_due_ns(const struct load *load);
/* That session; the one after it is the next. */
uint32_t load_take_due(struct load *load);
/* Requests that session `number` is due to send. */
uint32_t load_due_count(const struct load *load, const struct load_window *window, uint32_t number);
/* When the next of them was due. */
uint64_t load_asked_ns(const struct load *load, const struct load_window *window, uint32_t number);
/* The session has come UP: what was due before cannot be asked any more. */
void load_on_up(const struct load *load, struct load_window *window, uint32_t number);
/* Whether a session with this window may ask. */
static inline bool load_may_ask(const struct load *load, const struct load_window *window)
{
    return load->is_on && window->free != 0;
}

/* ---- what: request.c ---- */

/* Writes the requests that session `number` may send now, TEMPLATE_SIZE octets at most each;
 * returns octets. */
size_t load_put_requests(struct load *load, struct load_window *window, uint32_t number,
                         uint8_t *to, size_t room);
/* The session has ended: what it has out is not answered. */
void load_forget_requests(struct load *load, struct load_window *window);

/* ---- the answers: reply.c ---- */

/* Matches, measures and judges a whole PCRep (RFC 5440 6.5). True: a slot has become free. */
bool load_on_reply(struct load *load, struct load_window *window, uint32_t number,
                   const uint8_t *octets, uint32_t size);
/* A PCErr or PCNtf names the request. True: a slot has become free. */
bool load_on_refusal(struct load *load, struct load_window *window, uint32_t number, uint32_t id);

#endif
