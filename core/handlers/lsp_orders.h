/* What messages mean for the orders of a PCC (core/lsp/lane.h): its session, its reports, its
 * errors.
 *
 * A PCC has a lane from its first report on, where both ends can update or initiate LSPs.
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_LSP_ORDERS_H
#define PCED_CORE_HANDLERS_LSP_ORDERS_H

#include "core/handlers/on_message.h"

/* The profile that the configuration names, or the one that its Open shows. */
const struct lsp_profile *orders_profile(const struct handler_context *context,
                                         const struct session *session);

/* The database has begun with the session. */
void orders_on_up(struct handler_context *context, const struct session *session);
/* Before the database hears that it has ended. */
void orders_on_down(struct handler_context *context, const struct ip *address, struct mono now);
void orders_on_end_mark(struct handler_context *context, const struct session *session);

/* A report that the database has taken. */
struct orders_report {
    const struct pcep_lsp_state *state;
    const struct pcep_object *lsp;
    struct lsp_outcome outcome;
};
void orders_on_report(const struct handler_message *received, const struct orders_report *report);

/* A PCErr, with its SRPs before its errors (RFC 8231 6.3) or behind them, as FRR's pathd has it. */
void orders_on_errors(const struct handler_message *received);

#endif
