/* No-path view: requests of a shard's sessions that were answered with NO-PATH.
 *
 * Thread: the argument is that of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH records looked at for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_NO_PATH_VIEW_H
#define PCED_SERVER_NORTHBOUND_NO_PATH_VIEW_H

#include "core/requests/no_path_memory.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"

/* One as it was when the shard looked. */
struct no_path_view {
    struct ip peer;
    uint32_t request_id; /* of the last time */
    uint32_t times;
    struct no_path_why why;
    struct no_path_why why_now;
    bool is_cured;
    uint64_t asked_ns; /* since it was asked the last time */
    uint64_t cured_ns; /* since there is a path, while is_cured */
    uint16_t size;
    uint8_t octets[NO_PATH_SIZE_MAX]; /* a PCReq */
};

/* The argument of VIEW_NO_PATH_LIST. */
struct no_path_list {
    struct view_page page; /* of struct no_path_view; place: a slot */
    struct address_range range;
    uint8_t cured; /* 0 or 1: only those; UINT8_MAX: all */
};

#endif
