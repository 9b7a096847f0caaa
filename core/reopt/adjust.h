/* Adjust: an LSP whose bandwidth follows its traffic (RFC 8733) is given what it requests, on the
 * path that it has where that has room for it, else on another one.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_ADJUST_H
#define PCED_CORE_REOPT_ADJUST_H

#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

/* What an LSP is to be given. */
struct adjustment {
    struct lsp_auto_bandwidth *entry; /* NULL: its bandwidth does not follow its traffic */
    float bandwidth;                  /* octets a second; what it has where it is not due */
    bool is_due;
};

#define ADJUST_AGAIN_S 300 /* until what had no room is looked for again on the same network */

struct adjustment adjust_of(struct reopt *reopt, const struct lsp_reading *reading,
                            const struct reopt_scene *scene);
/* There is no path for it: until the network or the request is another, or for a while, the LSP
 * keeps what it has. */
void adjust_postpone(const struct adjustment *adjustment, const struct reopt_scene *scene);
/* Before it is asked for: another bandwidth than the last one is no repetition (repeat.h). */
void adjust_begin(const struct adjustment *adjustment, struct lsp *lsp);
/* Whether it was asked for another bandwidth than it has: its path says nothing of that. */
bool adjust_is_pending(struct reopt *reopt, const struct lsp *lsp);
/* What an LSP holds of each link: of one of these, what it was given last, and while an order is
 * out what that gives it, where that is more. */
struct ted_claim adjust_claim(struct reopt *reopt, const struct lsp_reading *reading,
                              bool is_ordered);
/* … and when it has been given that. */
struct ted_claim adjust_claim_of(const struct adjustment *adjustment,
                                 const struct lsp_reading *reading);
/* LSPA and BANDWIDTH as they go into an update. The attributes stay in it, unless they were never
 * agreed (RFC 8733 5.1, 5.5). */
void adjust_put(const struct adjustment *adjustment, const struct lsp_reading *reading,
                struct wire_writer *writer);

/* The same of an LSP of which they are known otherwise: attributes are whole objects. */
void adjust_put_wants(const struct adjustment *adjustment, struct wire_span attributes,
                      struct wire_writer *writer);

#endif
