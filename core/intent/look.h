/* Look: one LSP of an intent, at one moment: what is wanted of it, what is there, and what is done.
 *
 * Internal to core/intent.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_INTENT_LOOK_H
#define PCED_CORE_INTENT_LOOK_H

#include "core/intent/reconcile.h"

#define LOOK_NO_NETWORK UINT64_MAX /* the serial number where there is none */

struct look {
    struct reconcile_scene *scene;
    struct intent_lsp *lsp;
    struct lsp_lane *lane;
    struct lsp_pcc *pcc;
    const struct lsp *reported;         /* NULL: not in this session */
    const struct computation *computed; /* what another thread has found; NULL: nothing */
    uint64_t attributes;                /* digest of those that are wanted */
    struct intent_plan plan;
    bool has_plan;
};

/* look.c. reason: static text; NULL: nothing is to be said. */
void look_set(struct look *look, enum intent_state state, const char *reason);
/* … and it is not asked again, before something has changed. */
void look_block(struct look *look, enum intent_state state, const char *reason);
void look_unblock(struct intent_lsp *lsp);
/* What was refused stays to be seen while its PCC is away. */
void look_wait(struct look *look, const char *reason);
/* All LSPs of the PCC are looked at then. */
void look_again_at(struct look *look, struct mono when);

/* look_session.c. False: its PCC cannot be asked now. */
bool look_find_session(struct look *look);
/* False: the LSP has to wait for the order that is under way. */
bool look_end_order(struct look *look);

/* look_plan.c. The serial number of the network. */
uint64_t look_serial(const struct look *look);
/* False: there is no plan, which is shown. */
bool look_make_plan(struct look *look);
/* The same of a path that is given hop by hop, unless nothing has changed that it depends on. */
bool look_plan(struct look *look);
/* False: its path is being computed. */
bool look_end_computing(struct look *look);

/* look_see.c */
void look_find(struct look *look);
struct intent_seen look_see(struct look *look);

/* look_act.c */
void look_act(struct look *look, enum intent_action action);

#endif
