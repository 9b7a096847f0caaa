/* Session view: what the outside sees of sessions, copied by the shard that has them: a list, and
 * one by its name. A list of a million sessions is many small envelopes.
 *
 * Thread: the arguments are those of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH connections looked at for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_SESSION_VIEW_H
#define PCED_SERVER_NORTHBOUND_SESSION_VIEW_H

#include "core/session/session.h"
#include "io/net/conn.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"
#include "server/northbound/session_name.h"
#include "server/northbound/session_sort.h"

/* One session as it was when the shard looked. */
struct session_view {
    struct conn_handle id;
    struct ip address;
    struct ip local_address;
    uint16_t port;
    uint16_t local_port;
    uint8_t state; /* enum session_state */
    uint8_t role;  /* enum session_role */
    uint8_t local_sid;
    uint8_t keepalive_s;      /* ours, in force */
    uint8_t dead_timer_s;     /* the peer's, in force */
    uint8_t own_dead_timer_s; /* that our OPEN carried */
    bool local_ok;
    bool remote_ok;
    bool is_paused; /* nothing is read from it: pending-soft */
    bool may_have_input;
    bool is_outstanding;   /* a look has shown that its TCP has not acknowledged what was sent,
                              and pending_octets are left of it */
    uint32_t send_hold_s;  /* in force; 0: off */
    uint32_t pending_soft; /* octets */
    uint32_t pending_hard;
    uint64_t age_ns;          /* in this state */
    uint64_t wait_ns;         /* until OpenWait or KeepWait end; UINT64_MAX: neither runs */
    uint64_t keepalive_ns;    /* until we must have sent something; UINT64_MAX: none */
    uint64_t dead_ns;         /* until the DeadTimer ends; UINT64_MAX: none */
    uint64_t progress_age_ns; /* since a message was taken, while is_outstanding */
    uint64_t pending_octets;  /* queued and not acknowledged, as of the last sample */
    uint64_t queued_octets;   /* of these: not yet taken by our kernel */
    uint64_t sent_octets;
    uint64_t received_octets;
    uint8_t error_type; /* of the last PCErr of this session; 0: there was none */
    uint8_t error_value;
    bool is_error_ours;
    struct session_peer_open peer;
    struct session_counters counters;
    struct session_verdict verdict;
    uint64_t rank;           /* in the sort of the list, where that has one */
    uint32_t refused_count;  /* second connections during this session that got PCErr 9 */
    const char *refused_why; /* of the last one; NULL: the history has forgotten it */
    uint16_t refused_port;   /* with refused_why */
    uint64_t refused_age_ns; /* the same */
};

/* Which sessions a list has. */
struct session_filter {
    struct address_range range;
    uint8_t state;                /* only this enum session_state; SESSION_STATE_COUNT: all */
    bool has_progress_age_min;    /* only where something is outstanding, and … */
    uint64_t progress_age_min_ns; /* … no message was taken for so long */
    uint64_t pending_octets_min;  /* only those for which so many wait */
};

/* The argument of VIEW_SESSION_LIST. */
struct session_list {
    struct session_filter filter;
    struct session_sort sort; /* with a key, only those of a rank … */
    uint64_t rank_end;        /* … below this one */
    uint32_t index;           /* where to begin; afterwards: where to go on */
    uint32_t match_count;     /* those that match, of whatever rank */
    struct view_batch batch;
    struct session_view *views; /* batch.room of them */
};

/* The argument of VIEW_SESSION. */
struct session_lookup {
    struct session_name name;
    bool is_found;
    struct session_view view;
};

#endif
