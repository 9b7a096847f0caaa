/* Session view: what the outside sees of sessions, copied by the shard that has them.
 *
 * The control thread makes a question and posts it to a shard; the shard fills in the answer, one
 * bounded batch for each question, and posts it back. So a shard never waits for anybody, and a
 * list of a million sessions is many small questions. A session's id is that of its connection:
 * shard, index, generation; it never comes back while the process lives (but for 2^32 generations).
 *
 * Thread: the question is the control thread's until it is posted, the shard's until it comes back.
 * Owns: its views. Bound: VIEW_BATCH connections, or records of history, looked at for each
 * question. */
#ifndef PCED_SERVER_NORTHBOUND_SESSION_VIEW_H
#define PCED_SERVER_NORTHBOUND_SESSION_VIEW_H

#include "core/session/session.h"
#include "io/net/conn.h"
#include "io/share/mailbox.h"
#include "server/northbound/session_sort.h"
#include "server/shard/history.h"

#define VIEW_BATCH 256

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
    uint64_t rank;           /* in the order of the question, where that has one */
    uint32_t refused_count;  /* second connections during this session that got PCErr 9 */
    const char *refused_why; /* of the last one; NULL: the history has forgotten it */
    uint16_t refused_port;   /* with refused_why */
    uint64_t refused_age_ns; /* the same */
};

enum view_kind {
    VIEW_LIST,       /* from `index` on, those that match */
    VIEW_BY_ID,      /* the one with `id` */
    VIEW_BY_ADDRESS, /* the one with `address` */
    VIEW_HISTORY,    /* sessions that have ended, from `place` on, those that match */
};

struct view_question {
    enum view_kind kind;
    uint32_t shard;
    void *owner;              /* the control thread's */
    struct mailbox *reply_to; /* gets this question back: words as `reply_kind` and pointers[0] */
    uint32_t reply_kind;
    bool closes; /* BY_ID, BY_ADDRESS: ends the session after it was copied */
    uint8_t close_reason;
    uint8_t state;                /* LIST: only this enum session_state; SESSION_STATE_COUNT: all */
    uint8_t bits;                 /* LIST: of the prefix in `address`, where that has a family */
    bool has_progress_age_min;    /* LIST: only where something is outstanding, and … */
    uint64_t progress_age_min_ns; /* … no message was taken for so long */
    uint64_t pending_octets_min;  /* LIST: only those for which so many wait */
    struct session_sort order;    /* LIST: with a key, only those of a rank … */
    uint64_t rank_end;            /* … below this one */
    uint32_t match_count;         /* LIST: those that match, of whatever rank */
    struct ip address;
    struct conn_handle id;
    uint32_t index;              /* LIST: where to begin; afterwards: where to go on */
    struct history_cursor place; /* HISTORY: the same */
    bool is_over;                /* LIST, HISTORY: nothing is behind it */
    uint32_t room;               /* of views, or records */
    uint32_t count;              /* those that were filled; 0 for one that is not there */
    struct session_view *views;
    struct history_record *records; /* HISTORY */
};

/* Answers and posts back; what there was no room for is posted in a later turn. */
extern const struct shard_part session_view_part;

#endif
