/* Lane: a PCC as the orders for it know it: its session, its SRP-IDs, what waits and what is in
 * flight; and what was learnt of the LSPs that are steered.
 *
 * A PCC that is steered by two PCEs would be moved to and fro by them. So the path that an LSP was
 * last seen to have after an order of ours is kept; a report with another one, while no order of
 * ours is under way, says that somebody else has moved it. The first time it may be moved back at
 * once; after that what nobody has just asked for waits, a minute and then twice as long each time,
 * an hour at most. An hour of peace ends it.
 *
 * Thread: the owning shard. Owns: its orders until they end.
 * Bound: one for each PCC that was asked something, or has delegated something. */
#ifndef PCED_CORE_LSP_LANE_H
#define PCED_CORE_LSP_LANE_H

#include "core/lsp/order.h"

#define LSP_CONTEST_PAUSE_S     60
#define LSP_CONTEST_PAUSE_MAX_S 3600

/* See adjust_pace.h. */
struct lsp_adjust_pace {
    struct mono held_until;    /* by a notification of the PCC */
    struct mono ignored_until; /* by ours */
    struct mono since;         /* when the window began */
    uint32_t count;            /* adjustments reported within it */
};

struct lsp_lane {
    struct map_node by_address;
    struct list_link all;
    struct list_link ready;       /* of those with something to send */
    struct list_link queue;       /* orders, QUEUED */
    struct list_link sent;        /* orders, SENT, oldest first */
    struct list_link unconfirmed; /* orders of this session */
    struct list_link whole;       /* orders of no single LSP that live */
    struct list_link controls;
    struct lsp_orders *orders;
    struct wheel_timer room; /* a session that had no room for a message is asked again */
    struct lsp_ability ability;
    struct mono synchronised;    /* when the end mark came */
    struct lsp_adjust_pace pace; /* of this session */
    uint32_t next_srp_id;
    uint32_t first_srp_id; /* of this session */
    uint32_t live_count;
    uint32_t sent_count;    /* SENT: unanswered */
    uint32_t decided_count; /* LSPs whose delegation is refused, or was returned */
    bool is_up;
    bool is_synchronised;
    struct ip address;
};

/* A report of one LSP, as far as orders are concerned. */
struct lsp_seen {
    struct wire_span name;
    uint64_t path_digest;
    uint32_t srp_id; /* 0: none */
    uint16_t flags;  /* PCEP_LSP_… */
    bool is_gone; /* the LSP as a whole: R in the LSP or in the SRP object, of its last instance */
    bool is_newest; /* of its newest instance */
};

/* NULL: nothing was asked of it, and nothing delegated. */
struct lsp_lane *lsp_lane_find(struct lsp_orders *orders, const struct ip *address);
/* Its session is up; SRP-IDs go on where they were. NULL: no memory. */
struct lsp_lane *lsp_lane_on_up(struct lsp_orders *orders, const struct ip *address,
                                const struct lsp_ability *ability);
/* The end mark has come: from here on it may be asked; or that of a resynchronisation. */
void lsp_lane_on_synchronised(struct lsp_lane *lane, struct mono now);
/* The session has ended: orders are dropped, but deletions wait for the next one. */
void lsp_lane_on_down(struct lsp_lane *lane, struct mono now);
/* Nobody knows the PCC any more; it must be down. Deletions are dropped. */
void lsp_lane_destroy(struct lsp_lane *lane, struct mono now);

/* The binding that the order that the report answers takes back; NULL: there is none. */
const struct lsp_binding_form *lsp_lane_taken_back(struct lsp_lane *lane,
                                                   const struct lsp_seen *seen);
/* A report was taken by the database. */
void lsp_lane_on_report(struct lsp_lane *lane, const struct lsp_seen *seen, struct mono now);
/* A PCErr named this SRP-ID. */
void lsp_lane_on_error(struct lsp_lane *lane, uint32_t srp_id, uint8_t error_type,
                       uint8_t error_value, struct mono now);
/* A PCErr that names no SRP. name: of the LSP that its LSP object names; empty: it has none. Where
 * one order alone can be meant it is that one's answer: the one of that LSP, or of the whole lane,
 * that is unanswered. */
void lsp_lane_on_bare_error(struct lsp_lane *lane, struct wire_span name, uint8_t error_type,
                            uint8_t error_value, struct mono now);
/* The LSP has left the database without a report: purged, or its time was over. */
void lsp_lane_on_removed(struct lsp_lane *lane, struct wire_span name, struct mono now);

#endif
