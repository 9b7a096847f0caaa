/* Reoptimisation: the LSPs of a shard, the links that they take and the bandwidth that they hold;
 * and when the network changes, which of them are computed anew.
 *
 *   a report, a new network     the path of the LSP is laid onto the links (lay.h), and what it
 *                               holds of them is counted
 *   a link is gone, SIDs are    LSPs on it that are delegated to us: at once
 *     others, no path reported
 *   a link is worse             they are looked at: moved when they break a constraint, or when
 *                               another path is better by gain-min
 *   interval                    all are looked at
 *   a link holds too much       LSPs of the lowest priority give way, and are computed anew at once
 *
 * What is computed at once is so in an order: the highest setup priority first; of one priority the
 * largest bandwidth, since small ones find room where large ones do not.
 *
 * An LSP that is moved holds its new path beside the old one until its order has ended (make before
 * break). One that keeps to its constraints is not moved again within hold-down. One without a path
 * is remembered, and looked at again whenever something is better.
 *
 * What takes more than work_inline steps is computed by other threads (core/requests/errand.h). Its
 * LSP is looked at anew when the result is there: it counts if the network and what the LSP asks for
 * are the same as when it was sent.
 *
 * Bandwidth: LSPs of segment routing are counted here; those of RSVP-TE are in the IGP's unreserved
 * bandwidths, and counted here from an order until these show it (flood.h).
 *
 * Thread: the owning shard. Owns: the routes of LSPs, the index, the sets.
 * Bound: REOPT_WORK_PER_TURN for one turn, overrun by one LSP at most, whose computation takes no
 * more here than that or work_inline; the index's entries; one computation limits.path-work;
 * ERRANDS_MAX LSPs that wait for other threads, the others wait to be looked at. */
#ifndef PCED_CORE_REOPT_REOPT_H
#define PCED_CORE_REOPT_REOPT_H

#include "core/base/arena.h"
#include "core/lsp/lsp_db.h"
#include "core/reopt/hold.h"
#include "core/reopt/link_index.h"
#include "core/reopt/reopt_counters.h"
#include "core/reopt/resolve.h"
#include "core/reopt/slot_queue.h"
#include "core/reopt/wants.h"
#include "core/requests/errand.h"
#include "core/ted/reservations.h"

/* Steps of the engine: about 0.15 ms. Path requests that have come meanwhile wait as long. */
#define REOPT_WORK_PER_TURN UINT64_C(10000)
#define REOPT_WORK_OF_ONE   300 /* laying a path, in such steps */
#define REOPT_WORK_OF_MARK  10  /* a look at an LSP that no cache holds */
#define REOPT_LINKS_OF_STEP 4   /* links whose history is looked at, for one such step */
#define REOPT_HOUSE_PART    4   /* of a turn's work, for what nobody waits for: one in so many */
#define REOPT_PRESSED_MS    100 /* between two looks for links that hold too much */
#define REOPT_ORDER_S       30  /* an order that is not heard of again holds no links */
#define REOPT_ROUTE_LINKS_MAX                                                                      \
    (2 * RESOLVE_LINKS_MAX) /* of one LSP: a path that it has, and one more */

/* Why an LSP is computed anew. */
#define REOPT_CAUSES(CAUSE)                                                                        \
    CAUSE(REOPT_BROKEN, "its path is broken")                                                      \
    CAUSE(REOPT_WITHOUT_PATH, "it has no path")                                                    \
    CAUSE(REOPT_CONSTRAINT, "its path breaks a constraint")                                        \
    CAUSE(REOPT_BETTER, "there is a better path")                                                  \
    CAUSE(REOPT_GROUP, "its group needs it")                                                       \
    CAUSE(REOPT_WITHDRAWN, "there is no path that its group allows")                               \
    CAUSE(REOPT_STATUS, "what its group has come to is told")                                      \
    CAUSE(REOPT_ADJUSTED, "its traffic asks for another bandwidth")
#define REOPT_CAUSE_MEMBER(name, text) name,
enum reopt_cause { REOPT_CAUSES(REOPT_CAUSE_MEMBER) REOPT_CAUSE_COUNT };
#undef REOPT_CAUSE_MEMBER
const char *reopt_cause_text(enum reopt_cause cause);

/* What others are to compute: for those that need a path first. */
enum reopt_heavy { REOPT_HEAVY, REOPT_HEAVY_KEPT, REOPT_HEAVY_KINDS };

struct reopt_settings {
    uint32_t interval_s; /* 0: LSPs that keep to their constraints are left alone */
    uint32_t gain_min;   /* per cent */
    uint32_t hold_down_s;
    uint32_t flood_s; /* an RSVP-TE path that was ordered is held until the IGP shows it; 0: not */
};

struct reopt;
struct lsp_orders;

/* What a move says. */
struct reopt_move {
    struct wire_span
        objects; /* ERO, and what was asked of the LSP, as they go behind its LSP object
                               */
    enum reopt_cause cause;
    struct mono now;
};

struct reopt_events {
    /* Whether the LSP is ours to move now, and the longest SID list of its session (0: none was
     * named). */
    bool (*may_move)(struct reopt *reopt, const struct lsp *lsp, uint8_t *sids_max);
    /* PCE_OK: reopt_on_order_end will follow. */
    enum pce_status (*submit)(struct reopt *reopt, struct lsp *lsp, const struct reopt_move *move);
    /* What the LSP asks for, where its reports do not say it; false: they do. May be NULL. */
    bool (*wants)(struct reopt *reopt, const struct lsp *lsp, struct reopt_wants *wants);
    /* There is no path for an LSP that needs one; told once, until there is one again. is_past: on a
     * network that has been replaced since, so that it is looked for again. May be NULL. */
    void (*on_no_path)(struct reopt *reopt, const struct lsp *lsp, enum reopt_cause cause,
                       const struct path_result *result, bool is_past);
    /* There is one again, or its own has come back. May be NULL. */
    void (*on_cured)(struct reopt *reopt, const struct lsp *lsp);
};

struct reopt {
    const struct reopt_events *events;
    struct lsp_db *db;
    struct lsp_orders *orders; /* by which LSPs are moved (reopt_orders.h); NULL: by none */
    struct arena *arena;       /* reset after each LSP */
    struct ted_reservations *reservations; /* NULL: bandwidth is not counted */
    struct reopt_settings settings;        /* the owner's to change */
    struct errands *errands;               /* NULL: all is computed here, however long it takes */
    uint64_t work_inline; /* steps for one computation, when others may do more; 0: as above */
    struct reopt_counters counters;
    struct resolver resolver;
    struct link_index index;
    struct reopt_holds holds;
    struct slot_set laying;   /* whose path is to be laid */
    struct slot_set led;      /* whose path goes where the IGP leads, or could not be laid */
    struct slot_queue urgent; /* to be computed anew at once */
    struct slot_set waiting;  /* to be looked at */
    struct slot_set blocked;  /* without a path */
    struct slot_set held;     /* to be looked at when they can be moved: before the end mark … */
    struct slot_set grouped;  /* in groups, whose owners are to be told of it (group_side.h) */
    struct slot_set outdated; /* whose result has come too late: late.h */
    struct slot_set lone;     /* in groups that do not take them: computed alone */
    struct slot_set paused;   /* to be asked for again what they were asked for in vain */
    struct slot_queue heavy[REOPT_HEAVY_KINDS]; /* to be computed by others, when these have room */
    struct slot_set computing;                  /* by others */
    struct slot_set flooding; /* of RSVP-TE, with bandwidth that the IGP does not show yet */
    /* The change of the network that is gone through. */
    uint32_t scan_turn;   /* of the snapshot that the scan is of; 0: none was seen */
    uint32_t seen_turn;   /* of the last one that was gone through */
    uint32_t better_turn; /* in which a link was last found better, new, or labelled otherwise */
    uint32_t worse_turn;  /* … worse, or gone */
    uint32_t scan_number; /* at which link it goes on */
    uint32_t scan_place;  /* … at which of its LSPs */
    uint32_t scan_slot;   /* when all links were looked at: at which LSP */
    bool is_scanning;
    bool is_changed;    /* LSPs whose path follows the IGP are to be laid again */
    bool is_relabelled; /* … and all others, too */
    bool has_improved;  /* something is better: those without a path are looked at */
    /* Links that hold too much. */
    uint64_t pressed;
    uint32_t press_number;
    unsigned press_left;  /* holding priorities of that link that are not gone through */
    uint32_t press_place; /* at which LSP of the last of these */
    bool is_pressing;
    struct mono pressed_since;
    /* The interval. */
    struct mono looked;
    uint32_t look_slot;
    uint32_t look_turn; /* how often it was over */
    bool is_looking;
    /* The look for what the network shows by now. */
    struct mono flooded;
    uint32_t flood_turn;
    uint32_t flood_slot;
    bool is_flooding;
    /* The look for those whose pause is over. */
    struct mono repeated;
    uint32_t repeat_slot;
    bool is_repeating;
    /* Scratch of the LSP at hand. */
    struct resolved_path current, next;
    uint32_t numbers[2][REOPT_ROUTE_LINKS_MAX];
    bool has_shares; /* of these numbers, of several segment lists */
    uint16_t shares[2][REOPT_ROUTE_LINKS_MAX];
    struct path_avoid others; /* links of other segment lists than the one at hand */
    uint32_t own_links[REOPT_ROUTE_LINKS_MAX];
    uint8_t *octets; /* PCEP_MESSAGE_SIZE_MAX */
};

/* What one turn has. */
struct reopt_scene {
    const struct ted_snapshot *snapshot; /* NULL: there is none; nothing is done */
    struct mono now;
    uint64_t work_left; /* steps of the engine */
};

static inline void reopt_spend(struct reopt_scene *scene, uint64_t work)
{
    scene->work_left -= work < scene->work_left ? work : scene->work_left;
}

PCE_MUST_CHECK enum pce_status reopt_init(struct reopt *reopt, struct lsp_db *db,
                                          struct path_engine *engine, struct arena *arena,
                                          const struct reopt_events *events);
/* Gives back all that the LSPs of this shard hold; before the database goes. */
void reopt_fini(struct reopt *reopt);

/* What the database tells (lsp_db_events.on_change) of an LSP. */
void reopt_on_change(struct reopt *reopt, struct lsp *lsp, enum lsp_change change);
/* The PCC has reported all its LSPs: from here on they can be moved. */
void reopt_on_synchronised(struct reopt *reopt, const struct lsp_pcc *pcc);
/* A move that was submitted has ended, well or not. */
void reopt_on_order_end(struct reopt *reopt, struct lsp *lsp);
/* Somebody asks for it: the LSP is computed anew at once, better by any gain or not. */
void reopt_ask(struct reopt *reopt, struct lsp *lsp);
/* One that was not to be moved when it was due (reopt_wants.is_busy) can be moved now. */
void reopt_look(struct reopt *reopt, const struct lsp *lsp);
/* Whether there is no path for it, though it needs one. */
bool reopt_is_blocked(const struct reopt *reopt, const struct lsp *lsp);

/* A bounded part of what is to be done; true: there is more at once. */
bool reopt_turn(struct reopt *reopt, struct reopt_scene *scene);

#endif
