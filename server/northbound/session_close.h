/* Session close: the order to end one session, with the Close message where that is due (RFC 5440
 * 6.8).
 *
 * Thread: the shard's (order_session_close of orders.h). Owns: nothing. */
#ifndef PCED_SERVER_NORTHBOUND_SESSION_CLOSE_H
#define PCED_SERVER_NORTHBOUND_SESSION_CLOSE_H

#include "server/northbound/session_name.h"

/* The argument of ORDER_SESSION_CLOSE. */
struct session_closing {
    struct session_name name;
    uint8_t reason;        /* of the Close (RFC 5440 7.17) */
    bool is_closed;        /* else there is no such session */
    struct conn_handle id; /* of what was closed */
};

#endif
