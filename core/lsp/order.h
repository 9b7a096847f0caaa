/* Order: what a PCC is asked to do about one of its LSPs, from the asking to the outcome (RFC 8231
 * 5.8, RFC 8281 5).
 *
 * An order is judged and composed when it is submitted, waits until its session may be asked, is
 * sent with an SRP-ID of its own, and ends with what the PCC said, or with its silence:
 *
 *     HELD          its time has not come: before the end mark, a pause, a deletion's next try
 *     QUEUED        to be sent as soon as fewer than `in_flight_max` are unanswered
 *     SENT          no answer yet
 *     ACKNOWLEDGED  a report has its SRP-ID, or a higher one for that LSP (RFC 8231 7.2)
 *     DONE          carried out; `operational` is what the PCC said last within LSP_ORDER_ANSWER_S
 *     REFUSED       a PCErr, or a report of another LSP; error and reason say more
 *     UNCONFIRMED   no word within LSP_ORDER_ANSWER_S; never asked again by itself
 *     DROPPED       its session or its LSP is gone, or a newer order has replaced it
 *
 * The table of states and events is order_fsm.c. A deletion alone is tried again, at growing
 * pauses, LSP_DELETE_TRIES_MAX times, and outlives sessions: what is to be deleted stays so.
 *
 * A *lane* is a PCC as its orders know it. SRP-IDs count on over its sessions, from a random start.
 * Who steers an LSP beside us is noticed by the path that its reports have: see lane.h.
 *
 * Thread: the owning shard. Owns: itself, until enough others have ended after it.
 * Bound: struct lsp_order_settings. */
#ifndef PCED_CORE_LSP_ORDER_H
#define PCED_CORE_LSP_ORDER_H

#include "core/base/arena.h"
#include "core/base/ip.h"
#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/random.h"
#include "core/base/wheel.h"
#include "core/lsp/compose.h"
#include "core/lsp/order_counters.h"

#define LSP_ORDER_ANSWER_S     5    /* FRR's pathd has said its last word after 3 s */
#define LSP_ORDERS_PER_TURN    256  /* sent in one turn of a shard */
#define LSP_ORDERS_ENDED_MAX   4096 /* that are remembered */
#define LSP_DELETE_TRIES_MAX   8
#define LSP_DELETE_PAUSE_S     5 /* doubled for each try */
#define LSP_DELETE_PAUSE_MAX_S 300
#define LSP_ORDER_ROOM_MS      100 /* a session without room for a message is asked again */

enum lsp_order_state {
    LSP_ORDER_HELD,
    LSP_ORDER_QUEUED,
    LSP_ORDER_SENT,
    LSP_ORDER_ACKNOWLEDGED,
    LSP_ORDER_DONE,
    LSP_ORDER_REFUSED,
    LSP_ORDER_UNCONFIRMED,
    LSP_ORDER_DROPPED,
    LSP_ORDER_STATE_COUNT,
};

/* Who wants it. */
enum lsp_order_who {
    LSP_ORDER_BY_OPERATOR,
    LSP_ORDER_BY_DELEGATION,      /* the answer to a delegation that is not wanted */
    LSP_ORDER_BY_SYNCHRONISATION, /* the first one of a session that we trigger */
    LSP_ORDER_BY_INTENT,          /* from here on: nobody has asked for it just now */
    LSP_ORDER_BY_REOPTIMISATION,
    LSP_ORDER_WHO_COUNT,
};

struct lsp_control;
struct lsp_lane;

struct lsp_order {
    struct map_node by_id;
    struct list_link in_all; /* by id */
    struct map_node by_srp;  /* SENT, ACKNOWLEDGED, UNCONFIRMED */
    struct list_link
        in_target;             /* of its control or lane while it lives; of those that have ended */
    struct list_link in_queue; /* of its lane: QUEUED, SENT, or UNCONFIRMED */
    struct wheel_timer timer;
    struct lsp_lane *lane;       /* NULL: it has ended, and the lane is gone */
    struct lsp_control *control; /* NULL: of all LSPs of the PCC, or it has ended */
    uint8_t *objects;            /* what stands behind the LSP object; NULL when it has ended */
    const char *reason;          /* static text; NULL: nothing is to be said */
    uint64_t id;
    uint64_t tag; /* the submitter's */
    uint64_t path_digest;
    struct mono submitted;
    struct mono not_before;
    struct mono sent;
    struct mono ended;
    uint32_t srp_id;
    uint32_t tries;
    uint32_t color;  /* of an initiation, with has_color */
    float bandwidth; /* that it gives the LSP; below 0: it says nothing of it */
    uint16_t objects_size;
    uint8_t kind;  /* enum lsp_order_kind */
    uint8_t state; /* enum lsp_order_state: written by one function */
    uint8_t who;   /* enum lsp_order_who */
    uint8_t setup_type;
    uint8_t operational; /* enum pcep_lsp_operational, of the last report */
    uint8_t error_type;  /* of the PCErr; 0: none */
    uint8_t error_value;
    struct lsp_binding binding;
    bool has_color : 1;
    bool is_up : 1;          /* A of the LSP object */
    bool has_delegation : 1; /* D of the last report */
    bool has_other_path : 1; /* the last report's path is not the one that was asked for */
    uint8_t name_size;
    struct ip pcc;
    char name[];
};
_Static_assert(LSP_COMPOSE_NAME_MAX <= UINT8_MAX, "name_size is an octet");

struct lsp_order_request {
    struct lsp_wanted wanted;
    struct wire_span name;  /* of the LSP; empty for all of them */
    struct mono not_before; /* zero: at once */
    uint64_t tag;
    uint8_t who;  /* enum lsp_order_who */
    bool is_down; /* administratively: A = 0 */
};

/* What came of submitting. */
struct lsp_order_receipt {
    uint64_t id;
    const char *reason; /* of a refusal, for operators; static text */
};

struct lsp_orders;

/* The LSP of an order, as its PCC has reported it in this session. */
struct lsp_target {
    uint32_t plsp_id;
    uint16_t flags; /* PCEP_LSP_… */
    bool has_color; /* in its LSP object, and it is in no SR policy (RFC 9863) */
    uint32_t color;
    /* Of MULTIPATH-CAP in its LSP object, which takes the place of the Open's; 0: it has none. */
    uint16_t paths_max;
    uint16_t multipath_flags;
};

struct lsp_order_ops {
    /* Room for one message to the PCC. Not PCE_OK: none now. */
    enum pce_status (*open_message)(void *owner, const struct lsp_lane *lane, size_t size,
                                    struct wire_writer *writer);
    void (*commit_message)(void *owner, const struct lsp_lane *lane, struct wire_writer *writer);
    /* What this session has reported of the name last; false: nothing. */
    bool (*find)(void *owner, const struct lsp_lane *lane, struct wire_span name,
                 struct lsp_target *target);
    /* Its state has changed; nothing may be submitted within. May be NULL. */
    void (*on_order)(void *owner, const struct lsp_order *order, enum lsp_order_state from);
    /* Somebody else steers the LSP: the path that it has is not ours. times: so far. May be NULL. */
    void (*on_contested)(void *owner, const struct lsp_lane *lane, struct wire_span name,
                         uint32_t times);
    /* The LSP is delegated without a path: its PCC waits for one. May be NULL. */
    void (*on_path_wanted)(void *owner, const struct lsp_lane *lane, struct wire_span name);
};

struct lsp_order_settings {
    uint32_t in_flight_max; /* unanswered, for one PCC */
    uint32_t waiting_max;   /* of all PCCs of the shard: orders that have not ended */
    uint32_t waiting_per_pcc_max;
    uint32_t controls_max;     /* LSPs that are steered */
    uint32_t adjustments_max;  /* bandwidths that a PCC reports anew within a minute (RFC 8733) */
    uint32_t settle_s;         /* after the end mark, for what nobody has just asked for */
    uint32_t initiate_delay_s; /* the same for an initiation: a backup gives way */
};

struct lsp_orders {
    const struct lsp_order_ops *ops;
    void *owner;
    struct wheel *wheel;
    struct arena *arena;                /* for composing; the owner resets it between messages */
    struct lsp_order_settings settings; /* the owner's to change */
    struct lsp_order_counters counters;
    struct map by_id;
    struct map by_srp;
    struct map controls;
    struct map lanes;
    struct list_link all; /* orders, oldest first */
    struct list_link all_lanes;
    struct list_link ready; /* lanes with something to send */
    struct list_link ended; /* orders, oldest first */
    struct random random;
    uint64_t last_id;
    uint32_t ended_count;
    uint32_t live_count;
    uint8_t *scratch; /* LSP_ORDERS_SCRATCH octets: objects while they are composed */
};
#define LSP_ORDERS_SCRATCH 65536

/* seed: of the SRP-IDs. The owner sets `arena` and `settings` before anything is submitted.
 * PCE_NO_MEMORY: lsp_orders_fini is due all the same. */
PCE_MUST_CHECK enum pce_status lsp_orders_init(struct lsp_orders *orders,
                                               const struct lsp_order_ops *ops, void *owner,
                                               struct wheel *wheel, uint64_t seed);
void lsp_orders_fini(struct lsp_orders *orders);

/* PCE_OK: receipt->id names it. Otherwise receipt->reason says why not: PCE_DENIED and PCE_INVALID
 * as lsp_compose_objects, PCE_CLOSED: no session, PCE_NOT_FOUND: no such LSP in this session,
 * PCE_EXISTS: it is being created or deleted, PCE_LIMIT, PCE_NO_MEMORY. An order of the same kind
 * for the same LSP that was not sent yet is replaced. */
PCE_MUST_CHECK enum pce_status lsp_order_submit(struct lsp_lane *lane,
                                                const struct lsp_order_request *request,
                                                struct mono now, struct lsp_order_receipt *receipt);
/* NULL: it has ended long ago, or never was. */
const struct lsp_order *lsp_order_find(struct lsp_orders *orders, uint64_t id);
/* The newest one of those with an id below; NULL: there are none. */
const struct lsp_order *lsp_order_before(struct lsp_orders *orders, uint64_t id);
/* Sends what may be sent; true: there is more at once. */
bool lsp_orders_turn(struct lsp_orders *orders, struct mono now);

static inline bool lsp_order_has_ended(const struct lsp_order *order)
{
    return order->state >= LSP_ORDER_DONE;
}

const char *lsp_order_kind_text(enum lsp_order_kind kind);
const char *lsp_order_state_text(enum lsp_order_state state);
const char *lsp_order_who_text(enum lsp_order_who who);

#endif
