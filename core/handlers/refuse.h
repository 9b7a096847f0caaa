/* Refuse: how a handler says no to a whole message.
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_REFUSE_H
#define PCED_CORE_HANDLERS_REFUSE_H

#include "core/handlers/on_message.h"

/* Sends PCErr for the fault of a whole message, where the RFCs have one (error type 0: they have
 * not), counts it and tells the owner. */
void handlers_refuse(const struct handler_message *received, const struct pcep_fault *fault);
/* The limit of what a PCC may occupy: PCNtf 4/1, and the session ends (RFC 8231 5.6, 6.1). */
void handlers_end_at_limit(const struct handler_message *received);
/* Ends the session: the arena does not hold what the message means. */
void handlers_give_up(const struct handler_message *received);

#endif
