/* Report load: whether a shard keeps up with what its PCCs report, and who is to go where it does
 * not.
 *
 * A shard is *behind* from the first turn that has left octets of its peers unread until one that
 * leaves none: as long as that lasts more comes than is taken, and what waits is no older than
 * that. It is *late* when it has been behind for late_s, and at least half of what it has read
 * meanwhile was reports. When it has been behind for close_s one session is to be closed in each
 * window (REPORT_WINDOW_MS), so that what the last one did to the load is seen before the next one
 * goes.
 *
 * Who goes is judged by what was reported in that window: of the PCCs that are not synchronised the
 * one that has sent most, if that is at least half of what those that sent have sent on average
 * (nothing can be asked of it yet, and its next synchronisation brings all of it); else the one
 * that has sent most of all. One that has sent nothing, or next to nothing, never goes.
 *
 * Where the LSPs of all PCCs near a limit of theirs it is a PCC in its synchronisation again that is
 * to go, the one that has brought most LSPs that were not there before: at the limit itself it
 * would be whoever reports one more.
 *
 * Thread: the owning shard. Owns: nothing; a PCC says report_load_forget before it has no session.
 * Bound: a few words; 12 octets of each PCC. */
#ifndef PCED_CORE_LSP_REPORT_LOAD_H
#define PCED_CORE_LSP_REPORT_LOAD_H

#include "core/base/mono.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_WINDOW_MS 1000

struct lsp_pcc;

struct report_limits {
    uint32_t late_s;  /* 0: never late */
    uint32_t close_s; /* 0: no session is closed for it */
};

/* What a turn has seen. */
struct report_turn {
    uint64_t received; /* octets of all peers; only grows */
    bool has_left;     /* octets wait that it did not read */
    bool is_near;      /* the LSPs of all PCCs near a limit */
};

struct report_load {
    struct mono since;       /* behind since; MONO_NEVER: not behind */
    struct mono window_ends; /* of the one that is open; MONO_NEVER: nothing is watched */
    uint64_t reported;       /* octets of reports; only grows */
    uint64_t received_from;  /* as it was when it fell behind */
    uint64_t reported_from;
    uint64_t octets;              /* of reports in the window */
    struct lsp_pcc *most;         /* … and who has sent most of them, or NULL */
    struct lsp_pcc *most_syncing; /* … of those that are not synchronised */
    struct lsp_pcc *most_growing; /* … and who of these has brought most new LSPs */
    uint32_t senders;             /* PCCs that have reported in it */
    uint32_t window;              /* its number; a PCC with another one has sent nothing */
    bool is_late;
};

/* What has come of a turn. The PCCs are valid until one of them changes. */
struct report_verdict {
    bool begins;              /* it is late now */
    bool ends;                /* … and is not any more */
    struct lsp_pcc *too_fast; /* its session is to go for sending; or NULL */
    struct lsp_pcc *too_many; /* … for the LSPs that it brings; or NULL */
};

void report_load_init(struct report_load *load);
/* In each turn, when it has read what it reads. */
struct report_verdict report_load_on_turn(struct report_load *load,
                                          const struct report_limits *limits,
                                          const struct report_turn *turn, struct mono now);
/* So many octets of reports have come. True: report_load_note wants to know of whom. */
static inline bool report_load_count(struct report_load *load, uint32_t octets)
{
    load->reported += octets;
    return !mono_is_never(load->window_ends);
}
void report_load_note(struct report_load *load, struct lsp_pcc *pcc, uint32_t octets);
/* New LSPs of the PCC that has brought most of them in the window, and is not synchronised. */
uint32_t report_load_growth(const struct report_load *load);
/* The PCC has no session any more. */
void report_load_forget(struct report_load *load, const struct lsp_pcc *pcc);
/* For how long it has been behind; 0: it is not. */
uint64_t report_load_lag_ns(const struct report_load *load, struct mono now);

#endif
