/* Restart: what becomes of the network that a peer has told when its session ends, and when it
 * tells everything anew (RFC 4724 4.2, RFC 8538, RFC 7313 4).
 *
 * A consumer has nothing that forwards: it keeps what is known, as stale, until the peer has told
 * it again or its time is over. So link state outlives every end of a session for keep_s at least,
 * and for the peer's restart time where that is longer and the end is one that its restart may be;
 * and what is stale is kept until the End-of-RIB, whatever the F bit says, for retell_s at most.
 *
 * Thread: the owner's of the peer. Owns: nothing. */
#ifndef PCED_CORE_BGP_RESTART_H
#define PCED_CORE_BGP_RESTART_H

#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

/* What the owner of a table has to do with it. */
enum bgp_table_change {
    BGP_TABLE_STALE,    /* all that is there may be out of date */
    BGP_TABLE_COMPLETE, /* what was not told again since it became stale goes */
    BGP_TABLE_GONE,     /* all of it goes */
    BGP_TABLE_CHANGE_COUNT,
};

enum bgp_restart_phase {
    BGP_RESTART_FRESH,     /* nothing is stale */
    BGP_RESTART_AWAY,      /* the peer is away; all is stale until the deadline */
    BGP_RESTART_RETELLING, /* the peer tells everything anew, until End-of-RIB or the deadline */
};

struct bgp_restart_config {
    uint32_t keep_s;   /* after any end of a session; 0: where there is no graceful restart, none */
    uint32_t retell_s; /* for telling everything anew; not 0 */
};

struct bgp_restart {
    uint8_t phase;     /* enum bgp_restart_phase */
    bool has_told;     /* there is something to keep: the table is not empty */
    struct mono since; /* when what is there became stale; while there is a phase */
    struct mono deadline;
};

/* Each gives whether *change is to be done now. */

/* restart_s: of the peer's graceful restart, where the end may be one; else 0. */
bool bgp_restart_on_end(struct bgp_restart *restart, const struct bgp_restart_config *config,
                        uint32_t restart_s, struct mono now, enum bgp_table_change *change);
void bgp_restart_on_established(struct bgp_restart *restart,
                                const struct bgp_restart_config *config, struct mono now);
/* The peer begins to tell everything anew within the session. */
bool bgp_restart_on_begin(struct bgp_restart *restart, const struct bgp_restart_config *config,
                          struct mono now, enum bgp_table_change *change);
/* End-of-RIB, or the end of a refresh. */
bool bgp_restart_on_end_of_rib(struct bgp_restart *restart, enum bgp_table_change *change);
bool bgp_restart_on_time(struct bgp_restart *restart, struct mono now,
                         enum bgp_table_change *change);

#endif
