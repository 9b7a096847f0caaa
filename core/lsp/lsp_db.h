/* LSP database: the LSPs that the PCCs of one shard have reported (RFC 8231, LSP-DB).
 *
 * What comes of an event:
 *
 *   session up      an epoch begins: all that is known of the PCC is stale until reported again
 *   report          makes, changes or removes an LSP, or is refused with this LSP's error
 *   end mark        what is stale is removed
 *   session down    all is stale, for stale-time at most; what a session that did not reach its end
 *                   mark was the first to bring is removed at once (RFC 8231 5.6)
 *   a limit is hit  what is stale gives way: of the same PCC, then of PCCs without a session, the
 *                   one that went first before the others
 *
 * Removing many goes on over turns (lsp_db_turn), so that no PCC holds up a shard. A change is told
 * to the events at once, is written into the journal, and is kept in the history of its LSP.
 *
 * Thread: the owning shard. Owns: PCCs, LSPs and groups, until they are removed.
 * Bound: struct lsp_limits. */
#ifndef PCED_CORE_LSP_LSP_DB_H
#define PCED_CORE_LSP_LSP_DB_H

#include "core/lsp/journal.h"
#include "core/lsp/lsp_counters.h"
#include "core/lsp/lsp_pcc.h"
#include "core/lsp/lsp_slots.h"
#include "core/lsp/report_load.h"
#include "core/pcep/grammar.h"

#define LSP_GIVE_WAY_MAX   512 /* stale LSPs that one report may take the place of */
#define LSP_PURGE_PER_TURN 512 /* LSPs that one turn removes, or looks at to find what to remove */

struct lsp_limits {
    uint64_t lsps_max;         /* of all shards */
    uint64_t lsps_elsewhere;   /* … that the others have, as last told */
    uint64_t octets_max;       /* memory of LSPs, of all shards */
    uint64_t octets_elsewhere; /* … that the others have */
    /* Of these, what is of PCCs without a session: the others remove it when all are too many. */
    uint64_t lsps_gone_elsewhere;
    uint64_t octets_gone_elsewhere;
    uint32_t lsps_per_pcc_max;
    uint32_t auto_bandwidths_max; /* LSPs of this shard whose bandwidth follows their traffic */
    uint32_t stale_s;             /* how long LSPs are kept after their session */
    uint32_t record_max;          /* of the journal; at lsp_db_init */
};

/* A limit of the database that a report has hit, with nothing stale to give way. */
enum lsp_limit { LSP_LIMIT_LSPS, LSP_LIMIT_PER_PCC, LSP_LIMIT_MEMORY, LSP_LIMIT_COUNT };

struct lsp_db;

/* One report, as it came. */
struct lsp_report {
    const struct pcep_lsp_state *state;
    const struct pcep_object *lsp; /* its LSP object */
    struct mono now;
};

/* What came of a report that was taken. */
struct lsp_outcome {
    struct lsp *lsp;    /* NULL: it is removed, or was not known */
    bool was_delegated; /* by the report before, in this session */
    bool is_adjusted;   /* it requests another bandwidth, since its traffic does (RFC 8733) */
};

/* What the database tells within its shard; each may be NULL, and none may change the database. */
struct lsp_db_events {
    /* lsp: NULL where the change is of the PCC. An LSP that is removed goes after this, and its
     * `control` and `route` must be gone when it returns. */
    void (*on_change)(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct journal_record *record);
    /* A report with an SRP-ID other than 0 has been taken, after what it changed was told. lsp:
     * NULL when it has removed the LSP. The report's name may be another one than was asked for. */
    void (*on_answer)(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct lsp_report *report);
    void (*on_limit)(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit);
};

struct lsp_db {
    const struct lsp_db_events *events;
    void *owner;
    struct wheel *wheel;
    struct lsp_limits limits; /* the owner's to change, but for record_max */
    struct lsp_counters counters;
    struct report_load load;
    struct lsp_slots slots;
    struct map pccs;
    struct lsp_pcc *addressed; /* that was looked for last; NULL */
    struct list_link pcc_list;
    struct list_link jobs;        /* PCCs that something is to be removed from */
    struct list_link gone;        /* PCCs without a session, the one that went first in front */
    struct list_link pending;     /* PCCs that wait to be asked, the longest first */
    struct wheel_timer ask_again; /* one that could not be asked for want of room */
    uint32_t asked_count;         /* PCCs whose first synchronisation we have triggered */
    struct map groups;
    struct map auto_bandwidths; /* by slot: lsp_auto_bandwidth.h */
    struct journal journal;
    uint32_t generation;     /* of the LSP that was made last */
    uint32_t purge_per_turn; /* LSP_PURGE_PER_TURN; a test has less */
    uint8_t *scratch;        /* PCEP_MESSAGE_SIZE_MAX octets: a report as it is kept */
};

PCE_MUST_CHECK enum pce_status lsp_db_init(struct lsp_db *db, const struct lsp_limits *limits,
                                           struct wheel *wheel, const struct lsp_db_events *events,
                                           void *owner);
/* All of it goes without a word: the shard ends. */
void lsp_db_fini(struct lsp_db *db);

/* NULL: nothing is known of it. */
struct lsp_pcc *lsp_db_pcc(struct lsp_db *db, const struct ip *address);
/* A session is UP. It is enough to say so when its first report has come; a PCC that is known is
 * told earlier, since what is known of it is stale from then on in another sense: its time runs,
 * and the end mark removes it. NULL: no memory. */
struct lsp_pcc *lsp_db_on_up(struct lsp_db *db, const struct ip *address,
                             const struct lsp_session *session, struct mono now);
/* The two versions that meet in the OPENs of a session that begins (RFC 8232 3.2): ours, 0: nothing
 * is known of the PCC, or not all; and that of the PCC, 0: it has none. */
uint64_t lsp_db_tell_version(struct lsp_db *db, const struct ip *address);
void lsp_db_on_said_version(struct lsp_db *db, const struct ip *address, uint64_t version);
/* A report that has been taken, or the end mark, came with this version. */
void lsp_pcc_on_version(struct lsp_pcc *pcc, uint64_t version);
/* A report was refused: a version of its LSP-DB says nothing about what is here. */
void lsp_pcc_on_refusal(struct lsp_pcc *pcc);
/* We have asked for all LSPs anew (RFC 8232 6.2): they are stale until they come, and the end mark
 * removes those that do not. False: there is no session, or a synchronisation is running. */
bool lsp_db_on_resync(struct lsp_db *db, struct lsp_pcc *pcc);
/* PCErr 20/5: it cannot; nothing is stale any more. Harmless when we have not asked. */
void lsp_db_on_resync_refused(struct lsp_db *db, struct lsp_pcc *pcc);
/* RFC 8232 5.2: the PCC that has waited longest to be asked for its LSPs. NULL: none waits, or
 * at_once_max are at it. */
struct lsp_pcc *lsp_db_next_pending(struct lsp_db *db, uint32_t at_once_max);
/* It has been asked: its synchronisation begins. */
void lsp_db_on_asked(struct lsp_db *db, struct lsp_pcc *pcc);
/* It could not be: again in a moment, behind the others. */
void lsp_db_on_not_asked(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now);
/* It has said no, or nothing: others need not wait for it. Harmless when it was not asked. */
void lsp_db_on_ask_refused(struct lsp_db *db, struct lsp_pcc *pcc);
/* Its session has ended, whatever it was; harmless when there is none. The PCC may be gone. */
void lsp_db_on_down(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now);

/* Takes a report that the grammar allows, and that is not the end mark. PCE_INVALID: nothing has
 * changed, and *fault is this report's error; *outcome is set with PCE_OK alone. PCE_LIMIT, PCE_NO_MEMORY: the session is to end, by
 * PCNtf 4/1 in the first case (RFC 8231 6.1), which is told and counted. */
PCE_MUST_CHECK enum pce_status lsp_db_report(struct lsp_db *db, struct lsp_pcc *pcc,
                                             const struct lsp_report *report,
                                             struct lsp_outcome *outcome, struct pcep_fault *fault);
/* The end mark. False: there was one in this session already, and it says nothing. */
bool lsp_db_on_end_of_sync(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now);

/* NULL: it is gone. */
struct lsp *lsp_db_get(const struct lsp_db *db, struct lsp_handle handle);
/* All LSPs, by their slots: the first from *slot on; *slot is the cursor. Those that are made
 * meanwhile may be missed. NULL: there are no more. */
struct lsp *lsp_db_next(const struct lsp_db *db, uint32_t *slot);

/* Whether all shards together have more than they may: then what PCCs without a session have left
 * goes, here and elsewhere. */
bool lsp_db_is_over(const struct lsp_db *db);
/* Whether PCCs with a session have so much of the limits of all shards together, in LSPs or in memory:
 * what others have left gives way, and does not count. */
bool lsp_db_is_near(const struct lsp_db *db, uint32_t percent);
/* A bounded part of what is to be removed; true: there is more at once. */
bool lsp_db_turn(struct lsp_db *db, struct mono now);
bool lsp_db_has_work(const struct lsp_db *db);

/* CHECKs the whole database (validate.h: where PCED_VALIDATE is defined): maps, lists, epochs, and
 * every gauge against what there is. Returns the steps that it took. */
uint64_t lsp_db_validate(struct lsp_db *db);

#endif
