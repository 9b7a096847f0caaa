/* A shard's LSPs, a network under them, and a router that does what it is asked, for the tests of
 * reoptimisation.
 *
 * Thread: one. Owns: all of it. */
#ifndef PCED_TESTS_UNIT_REOPT_RIG_H
#define PCED_TESTS_UNIT_REOPT_RIG_H

#include "core/reopt/reopt.h"
#include "tests/unit/path/net.h"

#define RIG_LABELS_MAX 16
#define RIG_LSPS_MAX   512

struct rig_lsp {
    bool is_there;
    bool is_delegated;
    bool is_disjoint; /* in a group of disjoint LSPs */
    bool is_policy;   /* its ends are those of an SR policy, and not in LSP-IDENTIFIERS */
    bool is_down;     /* it has a path, and says that it is down all the same */
    bool is_auto;     /* its bandwidth follows its traffic */
    bool is_rsvp;     /* what stands for its labels are links, by their indexes */
    uint32_t plsp_id;
    uint32_t source, destination; /* nodes */
    float bandwidth;
    uint8_t setup, holding; /* priorities */
    uint8_t metric;         /* type of METRIC; 0: none */
    uint32_t labels[RIG_LABELS_MAX];
    uint32_t label_count;
    /* A second segment list; 0: there is one alone, without attributes. */
    uint32_t second[RIG_LABELS_MAX];
    uint32_t second_count;
    uint32_t weight, weight_second;
    bool is_backup_second;
    /* The move that was asked for and is not answered. */
    bool is_asked;
    enum reopt_cause cause;
    uint32_t asked_labels[RIG_LABELS_MAX];
    uint32_t asked_count;
    uint32_t asked_second[RIG_LABELS_MAX]; /* with the second segment list, if any */
    uint32_t asked_second_count;
    uint32_t asked_weights[2]; /* of MULTIPATH-WEIGHT */
    bool asked_backups[2];
    float asked_bandwidth;
};

extern struct net net;
extern struct ted_snapshot *snapshot;
extern struct reopt reopt;
extern struct rig_lsp lsps[RIG_LSPS_MAX];
extern struct mono now;
extern uint32_t moves, no_paths, cured;
extern uint32_t past_no_paths;    /* of no_paths, those that were so of an earlier network */
extern uint32_t last_unsatisfied; /* of the last of no_paths */
extern enum pce_status submit_status;
extern uint64_t rig_work;    /* of a turn of rig_settle */
extern bool is_synchronised; /* from the start; else until rig_synchronise */

void rig_init(void);
void rig_fini(void);
/* `net` is published, without the links that are down. */
extern bool is_down[NET_LINKS_MAX];
void rig_publish(void);
/* The LSP as it stands is reported. */
void rig_report(uint32_t lsp);
void rig_remove(uint32_t lsp);
void rig_synchronise(void);
struct lsp *rig_find(uint32_t lsp);
/* Turns until there is nothing more to do; the router answers each move when `answers` is set. */
void rig_settle(bool answers);
/* Others compute what takes more than one step, so many at a time; only when rig_compute says so. */
void rig_offload(uint32_t capacity);
extern uint32_t given_count; /* with the others */
extern bool takes_none;      /* they refuse what they are given */
/* The first so many of them come back, computed on the network as it is. */
void rig_compute(uint32_t count);
/* It answers the moves that it was asked for: it takes the new paths. */
void rig_answer(void);
/* The router takes each order to the first LSP, and reports the path that it has had all the time. */
void rig_stay_for(uint32_t seconds);
uint64_t rig_held(uint32_t link, unsigned priority);

#endif
