/* PCC: a router as the database of LSPs knows it, by its address; it survives its sessions.
 *
 * Its LSPs stand in two maps: by symbolic path name, for ever, and by PLSP-ID, which is of one
 * session (RFC 8231 7.3). They also stand in one list, those that were seen longest ago first, so
 * that what a synchronisation did not bring is found without looking at what it brought.
 *
 * An *epoch* begins whenever all of a PCC's LSPs are to be reported anew: with a session, unless
 * the PCC tells changes alone (RFC 8232), and with a resynchronisation that we trigger. What was
 * seen before the epoch that counts is stale.
 *
 * Thread: the owning shard. Owns: the buckets of its maps. Bound: limits.lsps-per-pcc. */
#ifndef PCED_CORE_LSP_LSP_PCC_H
#define PCED_CORE_LSP_LSP_PCC_H

#include "core/base/ip.h"
#include "core/base/wheel.h"
#include "core/lsp/lsp.h"

enum lsp_sync {
    LSP_SYNC_NONE,    /* there is no session */
    LSP_SYNC_PENDING, /* the PCC waits to be asked for its LSPs (RFC 8232 5.2) */
    LSP_SYNC_RUNNING, /* from UP to the end mark (RFC 8231 5.6) */
    LSP_SYNC_DONE,
};

/* What the two Opens of a session have agreed on. */
struct lsp_session {
    bool may_update;         /* both have LSP-UPDATE-CAPABILITY (RFC 8231 7.1.1) */
    bool may_initiate;       /* both have LSP-INSTANTIATION-CAPABILITY (RFC 8281 4.1) */
    bool may_color;          /* both have COLOR-CAPABILITY (RFC 9863 3.1) */
    bool may_auto_bandwidth; /* both have AUTO-BANDWIDTH-CAPABILITY (RFC 8733 5.1) */
    bool has_version;        /* both have INCLUDE-DB-VERSION: each report says it (RFC 8232 3.2) */
    bool is_delta;           /* … and DELTA-LSP-SYNC-CAPABILITY (RFC 8232 4.2) */
    bool has_twins;          /* it has several LSPs of one name (LSP_HABIT_SAME_NAMES) */
    bool is_triggered;       /* both have TRIGGERED-INITIAL-SYNC (RFC 8232 5.2) */
};

struct lsp_db;

struct lsp_pcc {
    struct map_node by_address; /* in the database */
    struct list_link link;      /* of all PCCs */
    struct list_link pending;   /* of those that wait to be asked for their LSPs */
    struct list_link job;       /* of those that something is to be removed from */
    struct list_link gone;      /* of those without a session */
    struct lsp_db *db;
    struct map names;
    struct map plsp_ids;
    struct list_link lsps;
    struct lsp *named; /* that was looked for by its name last, and mostly is the next time; NULL */
    struct list_link *job_at; /* where its job goes on; NULL: at the first LSP */
    struct wheel_timer timer; /* when what is stale is removed: stale-time from a session's end */
    struct lsp_session session;
    struct mono up_since;
    uint32_t number;      /* of the session, from 1; of the last one while there is none */
    uint32_t bound_since; /* PLSP-IDs of this and later sessions hold */
    uint32_t epoch;
    uint32_t fresh_from;       /* what was seen in an earlier epoch is stale */
    uint32_t was_fresh_from;   /* before the resynchronisation that is under way */
    uint32_t count;            /* LSPs */
    uint32_t count_before;     /* … when this session began */
    uint64_t octets;           /* memory of its LSPs, groups apart */
    uint32_t stale_count;      /* … that are stale */
    uint32_t purge_before;     /* what was seen in an earlier epoch is to be removed */
    uint32_t broken;           /* first session in a row that ended before its end mark; 0: none */
    uint32_t broken_epoch;     /* what these brought and was not seen since is to be removed */
    uint32_t sync_reports;     /* in this synchronisation */
    uint32_t window;           /* report_load.h: in which it has reported last */
    uint32_t window_octets;    /* … and how much */
    uint64_t version;          /* of its LSP-DB that all of this is, by its reports; 0: unknown */
    uint64_t version_reported; /* the last one in a report of this session */
    uint64_t version_told;     /* by our OPEN */
    uint64_t version_said;     /* by its OPEN; both are 0 once a session has begun */
    uint8_t sync;              /* enum lsp_sync */
    bool is_up;
    bool is_resync;  /* the synchronisation that is running was triggered by us */
    bool is_asked;   /* … and is the first one: it counts in db->asked_count */
    bool is_partial; /* a report of this session was refused: what is here is not its LSP-DB */
    bool has_many;   /* an LSP with several instances, or in groups, was seen in this epoch */
    struct ip address;
};

/* NULL: none of this name, or this PLSP-ID in this session. */
struct lsp *lsp_pcc_find_name(struct lsp_pcc *pcc, struct wire_span name);
struct lsp *lsp_pcc_find_plsp_id(struct lsp_pcc *pcc, uint32_t plsp_id);

/* Internal to core/lsp. */
map_equal_fn lsp_pcc_is_equal; /* key: struct ip */
uint64_t lsp_pcc_hash(const struct ip *address);
struct lsp_pcc *lsp_pcc_create(struct lsp_db *db, const struct ip *address);
void lsp_pcc_destroy(struct lsp_pcc *pcc);
uint64_t lsp_pcc_name_hash(struct wire_span name);
struct lsp *lsp_pcc_find_hashed(struct lsp_pcc *pcc, struct wire_span name, uint64_t hash);
/* The name, which no other LSP of the PCC has and whose hash this is, is the PCC's from now on. */
PCE_MUST_CHECK enum pce_status lsp_pcc_add(struct lsp_pcc *pcc, struct lsp *lsp, uint64_t hash);
void lsp_pcc_remove(struct lsp_pcc *pcc, struct lsp *lsp);
/* Off the list of LSPs, where a job may stand on it. */
void lsp_pcc_unlink(struct lsp_pcc *pcc, struct lsp *lsp);
/* This session knows the LSP by this PLSP-ID, which is no other LSP's. PCE_NO_MEMORY: it is bound
 * to none. */
PCE_MUST_CHECK enum pce_status lsp_pcc_bind(struct lsp_pcc *pcc, struct lsp *lsp, uint32_t plsp_id);
void lsp_pcc_unbind(struct lsp_pcc *pcc, struct lsp *lsp);
/* No PLSP-ID holds any more: a session has begun. */
void lsp_pcc_unbind_all(struct lsp_pcc *pcc);

#endif
