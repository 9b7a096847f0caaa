/* History view: sessions of a shard that have ended, the newest first.
 *
 * Thread: the argument is that of an envelope. Owns: nothing; the records are the poster's memory.
 * Bound: VIEW_BATCH records looked at for each envelope; of one address: its records. */
#ifndef PCED_SERVER_NORTHBOUND_HISTORY_VIEW_H
#define PCED_SERVER_NORTHBOUND_HISTORY_VIEW_H

#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"
#include "server/peer/history.h"

/* The argument of VIEW_HISTORY. */
struct history_list {
    struct address_range range;
    struct history_cursor place; /* where to begin; afterwards: where to go on */
    struct view_batch batch;
    struct history_record *records; /* batch.room of them */
};

#endif
