/* Deletion view: LSPs that an operator has had deleted, as the outside sees them; and the order to
 * forget one.
 *
 * Thread: the arguments are those of an envelope. Owns: nothing. Bound: VIEW_BATCH deletions copied
 * for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_DELETION_VIEW_H
#define PCED_SERVER_NORTHBOUND_DELETION_VIEW_H

#include "server/deletion/deletions.h"
#include "server/northbound/envelope.h"

/* One deletion as it was when the shard looked. */
struct deletion_view {
    uint32_t shard;
    uint64_t id;
    struct ip pcc;
    uint8_t state; /* enum deletion_state */
    uint8_t setup_type;
    uint8_t error_type; /* of the last PCErr; 0: none */
    uint8_t error_value;
    const char *reason; /* static text, or NULL */
    uint64_t order_id;  /* 0: none is under way */
    uint64_t since_ns;
    uint8_t name_size;
    char name[LSP_NAME_MAX];
};

/* The argument of VIEW_DELETION_LIST. */
struct deletion_list {
    struct view_page page; /* of struct deletion_view; place: ids above */
    struct ip pcc;         /* IP_NONE: all PCCs */
};

/* The argument of ORDER_DELETION_FORGET. */
struct deletion_forgetting {
    struct ip pcc;
    uint8_t name_size;
    char name[LSP_NAME_MAX];
    enum pce_status status; /* PCE_NOT_FOUND, PCE_AGAIN: as deletions_forget */
};

#endif
