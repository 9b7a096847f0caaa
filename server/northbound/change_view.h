/* Change view: the journals of a shard's LSPs and sessions as the outside reads them, with a cursor
 * of its own.
 *
 * A reader says which sequence number it wants next. What the journal has dropped by then is told
 * as a number: whoever keeps a copy reads the lists anew.
 *
 * Thread: the argument is that of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH records looked at for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_CHANGE_VIEW_H
#define PCED_SERVER_NORTHBOUND_CHANGE_VIEW_H

#include "core/lsp/journal.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"

/* One change, and the name that its LSP has or had; of a session: why it has ended. */
struct change_view {
    struct journal_record record;
    uint32_t shard;
    uint64_t ago_ns;
    uint8_t name_size; /* 0: it is of a PCC, or the name of what is gone has been dropped */
    char name[LSP_NAME_MAX];
};

/* The argument of VIEW_CHANGE_LIST and of VIEW_SESSION_CHANGES. */
struct change_list {
    struct address_range pcc;
    uint64_t cursor; /* sequence number wanted; afterwards: where to go on */
    uint64_t missed; /* records that were gone */
    struct view_batch batch;
    struct change_view *views; /* batch.room of them */
};

#endif
