/* A PCC that is played, and the intents of it: its reports go into a database, its answers to the
 * orders; what it is asked for is noted. Each of RIG_SHARDS shards has one such world, with
 * reoptimisation; they have one account of bandwidth. `world` is that of the shard at hand.
 *
 * Thread: one. Owns: all of it. */
#ifndef PCED_TESTS_UNIT_INTENT_RIG_H
#define PCED_TESTS_UNIT_INTENT_RIG_H

#include "core/intent/intents_reopt.h"
#include "core/intent/reconcile.h"
#include "core/lsp/lane.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#define SETTLE_S      5
#define RIG_SHARDS    2
#define RIG_ASKED_MAX 256
#define DELEGATED     (PCEP_LSP_D | PCEP_LSP_A | PCEP_LSP_C)
#define ACTIVE        (PCEP_LSP_ACTIVE << PCEP_LSP_O_SHIFT)

/* What the PCC was asked for, and has not answered. */
struct rig_asked {
    char name[32];
    uint32_t labels[8];
    uint32_t label_count;
    uint32_t srp_id;
    float bandwidth;
    bool is_removal;
};

struct rig_world {
    struct lsp_rig pcc;
    struct lsp_orders orders;
    struct arena arena;
    struct intents intents;
    struct reopt reopt;
    struct lsp_db_events events;
    const struct lsp_db_events *rig_events;
    struct rig_asked asked[RIG_ASKED_MAX];
    uint32_t asked_count;
    uint32_t next_plsp_id;
    uint64_t work_inline; /* 0: all paths are computed at once */
    bool is_shy;          /* it reports no bandwidth, as FRR's pathd */
    struct lsp_pcc *session;
    struct lsp_lane *lane;
    struct ted_snapshot *snapshot;
    struct path_engine *engine;
    struct ted_hop hops[PATH_HOPS_MAX];
    uint8_t plan[65536];
    uint8_t message[65536];
    uint32_t sent; /* messages */
    uint32_t srp_id;
    uint32_t srp_flags;
    uint8_t type;
    uint32_t labels[8]; /* of the path asked for */
    uint32_t label_count;
    struct pcep_srpolicy_cpath_id path_id; /* of the policy asked for */
    uint32_t preference;
    struct pcep_association group; /* that is disjoint */
    uint32_t group_flags;
    struct ip group_source; /* configured */
    uint8_t associations;   /* LSP_SAID_… */
};

extern struct rig_world worlds[RIG_SHARDS];
extern unsigned rig_shard;
#define world (worlds[rig_shard])

void rig_set_up(void);
void rig_tear_down(void);
void rig_use(unsigned shard);
/* Of the PCC of this shard. */
struct ip rig_address(void);
/* The network of all shards is another one; the old one goes. */
void rig_publish(struct ted_snapshot *snapshot);
/* What is held of a link, by its index in the network, at the lowest priority. */
uint64_t rig_held(uint32_t link);
/* Three nodes in a row, or a triangle with a direct link that is better. */
struct ted_snapshot *rig_make_network(bool is_triangle);
/* All that is due is looked at, and sent. */
void rig_turn(void);
void rig_pass_s(uint64_t s);

/* The session. */
void rig_come_up(void);
void rig_synchronise(void);
void rig_go_down(void);
/* All of it, and the time that it settles. */
void rig_settle(void);

/* What an operator does. */
void rig_put_text(const char *name, const char *text);
void rig_put_label(const char *name, uint32_t label);
void rig_delete_intent(const char *name);
const struct intent_lsp *rig_lsp_of(const char *name);
enum intent_state rig_state_of(const char *name);

/* What the PCC does: label 0 is a path without a hop. */
void rig_report(const char *name, uint32_t plsp_id, uint16_t flags, uint32_t label);
/* As FRR's pathd does: three reports for one order. */
void rig_obey(const char *name, uint32_t plsp_id, uint32_t label);
/* It does all that it was asked for, in one report each. */
void rig_answer(void);
/* Any report, without the turn that follows. */
void rig_give(const struct lsp_report_spec *spec);
/* One report of what was asked last; the LSP is gone. */
void rig_report_asked(uint16_t flags);
void rig_report_gone(const char *name);
void rig_refuse(uint8_t type, uint8_t value, const char *name);

#endif
