/* Recent changes of links, of a snapshot that was patched: what of each is different, so that who
 * has worked something out of an earlier snapshot learns whether it still holds.
 *
 * Thread: as for the snapshot. Owns: a part of the snapshot that no other one has.
 * Bound: TED_RECENT_MAX changes; where there were more, the older ones are forgotten. */
#ifndef PCED_CORE_TED_RECENT_H
#define PCED_CORE_TED_RECENT_H

#include "core/ted/part.h"
#include "core/ted/ted.h"

#define TED_RECENT_MAX 1024

/* What of a link is read, or is different. */
enum {
    TED_READS_WAY =
        1 << 0, /* that it is there, its IGP metric, its SIDs, and all that is not below */
    TED_READS_TE = 1 << 1,
    TED_READS_DELAY = 1 << 2,
    TED_READS_ROOM = 1 << 3, /* bandwidths */
    TED_READS_KIND = 1 << 4, /* affinities, SRLGs */
    TED_READS_ALL = (1 << 5) - 1,
};

struct ted_recent_change {
    uint32_t turn; /* of the first snapshot that has it */
    uint32_t from, to;
    /* The lesser ones, of before and after; 0 where others lead beside the link: what holds of one of
     * them may decide whether a path can take another one. */
    uint32_t igp_metric, te_metric, delay_us, hops;
    uint32_t reads; /* TED_READS_…: what is different */
};

struct ted_recent {
    struct ted_part part;
    uint32_t since; /* all changes after this turn are here */
    uint32_t count;
    struct ted_recent_change changes[TED_RECENT_MAX]; /* the newest last */
};

#endif
