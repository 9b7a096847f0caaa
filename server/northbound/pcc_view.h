/* PCC view: what the outside sees of the PCCs whose LSPs are known, copied by the shard that has
 * them.
 *
 * Thread: the argument is that of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH PCCs looked at for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_PCC_VIEW_H
#define PCED_SERVER_NORTHBOUND_PCC_VIEW_H

#include "core/lsp/lsp_pcc.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"

/* One PCC as it was when the shard looked. */
struct pcc_view {
    struct ip address;
    bool is_up;
    uint8_t sync; /* enum lsp_sync */
    struct lsp_session session;
    uint32_t lsp_count;
    uint32_t stale_count;
    uint32_t session_number;
    uint64_t up_ns; /* since its session came up, while is_up */
};

/* The argument of VIEW_PCC_LIST. */
struct pcc_list {
    struct view_page page; /* of struct pcc_view; the place is `after` */
    struct address_range range;
    struct ip after; /* IP_NONE: from the first one on; afterwards: the last one looked at */
    bool is_lost;    /* `after` is not known any more, and so is where to go on */
};

#endif
