/* Synced set: which requests of one PCReq are to be computed together, and what is asked of them as a set
 * (RFC 5440 7.13, RFC 5541 3.2, RFC 6007).
 *
 * A SVEC with its P flag set ties the requests that it lists; SVECs that have a request in common make
 * one set, in which each two requests are as diverse as the SVECs with both of them say. OF and METRIC
 * behind a SVEC are of its set: MCC, MBC and MLL, and metric types 4 to 7. They are refused where
 * several SVECs make the set, and so are bounds, but of the sum that is minimised.
 *
 * All requests of a set have to be in the message of its SVEC: nothing waits for others (the SyncTimer of
 * RFC 5440 7.13.3 is zero).
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing; points into the message and the arena.
 * Bound: PATH_SET_MAX requests in a set; more are refused. */
#ifndef PCED_CORE_REQUESTS_SYNCED_SET_H
#define PCED_CORE_REQUESTS_SYNCED_SET_H

#include "core/path/path_set.h"
#include "core/requests/request.h"

/* Metric types of a set (RFC 5541 5), from PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION on. */
#define SYNCED_METRICS 4

struct synced_set {
    struct request_plan **plans;
    uint32_t count;                               /* more than PATH_SET_MAX: it is refused */
    uint32_t diversity;                           /* between any two of them */
    uint8_t between[PATH_SET_MAX * PATH_SET_MAX]; /* rows of PATH_SET_MAX: enum path_diversity */
    uint32_t svec_count;
    const struct pcep_object *svec; /* if it is the only one */
    uint16_t of_code;               /* PCEP_OF_MCC, where nothing else is asked */
    bool tells_of;                  /* it was asked */
    uint8_t told_mask;              /* 1 << metric: C was set */
    bool has_bound;
    float bound;             /* of the sum of what is minimised */
    struct pcep_fault fault; /* of scope NONE, or why the whole set is refused */
};

struct synced_sets {
    struct synced_set *all;
    uint32_t count;
};

/* The sets of these requests, which are sound and tied. PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status synced_sets_read(const struct pcep_request_list *list,
                                                struct request_plan *plans, uint32_t count,
                                                struct arena *arena, struct synced_sets *sets);

#endif
