/* What each message type means; handlers_on_message chooses.
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_ON_MESSAGE_H
#define PCED_CORE_HANDLERS_ON_MESSAGE_H

#include "core/handlers/handlers.h"

/* Everything about one received message. */
struct handler_message {
    struct handler_context *context;
    struct session *session;
    const struct pcep_message *message;
    const struct pcep_fault *fault; /* the first that the decoder found; scope NONE: none */
};

/* PCReq: answers each request with a response in a PCRep or a PCErr (RFC 5440 6.4, 6.5). */
void handlers_on_pcreq(const struct handler_message *received);
/* PCRpt: checks each report and tells it to the owner (RFC 8231 6.1). */
void handlers_on_pcrpt(const struct handler_message *received);
/* PCNtf: counted and told to the owner; refused without NOTIFICATION (RFC 5440 6.6), and for what
 * the decoder found, after what is sound of it was taken. */
void handlers_on_pcntf(const struct handler_message *received);
/* PCErr: counted and told to the owner; never answered. Refused without PCEP-ERROR (RFC 5440 6.7).
 */
void handlers_on_pcerr(const struct handler_message *received);
/* PCRep: we ask nobody, so each request it answers is unknown (RFC 5440 7.15, type 8). */
void handlers_on_pcrep(const struct handler_message *received);
/* PCUpd, PCInitiate, PCMonReq, PCMonRep: what a PCE does not do. */
void handlers_on_unsupported(const struct handler_message *received);

#endif
