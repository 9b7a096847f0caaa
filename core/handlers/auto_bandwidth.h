/* Auto-bandwidth in messages that were received (RFC 8733 5.1, 5.7).
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_AUTO_BANDWIDTH_H
#define PCED_CORE_HANDLERS_AUTO_BANDWIDTH_H

#include "core/handlers/lsp_orders.h"

/* A report that the database has taken: refused attributes, and a PCC that adjusts too often. */
void auto_bandwidth_on_report(const struct handler_message *received,
                              const struct orders_report *report);
/* A NOTIFICATION of any kind. */
void auto_bandwidth_on_notification(const struct handler_message *received,
                                    const struct pcep_object *object);

#endif
