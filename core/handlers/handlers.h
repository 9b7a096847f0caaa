/* Handlers: what a message received in state UP means.
 *
 * A handler reads the decoded message and gives what it asks to the room whose business that is:
 * path requests to core/requests, reports of LSPs to core/lsp. It holds nothing between two
 * messages.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_HANDLERS_H
#define PCED_CORE_HANDLERS_HANDLERS_H

#include "core/handlers/counters.h"
#include "core/lsp/delegation.h"
#include "core/lsp/lsp_db.h"
#include "core/pcep/grammar.h"
#include "core/requests/requests.h"

struct handler_context;

/* What the configuration says of the LSPs of one PCC. */
struct handler_lsp_policy {
    const struct lsp_profile *profile; /* NULL: the one that its Open and its reports show */
    struct lsp_delegation_policy delegation;
};

/* What handlers tell their owner; each may be NULL. None of them may write to the session. What is
 * refused is told by the requests' on_refused, whatever it was. */
struct handler_events {
    /* A report that the database has taken, whether it was news or not. */
    void (*on_report)(struct handler_context *context, struct session *session,
                      const struct pcep_lsp_state *report);
    void (*on_peer_error)(struct handler_context *context, struct session *session,
                          uint8_t error_type, uint8_t error_value);
    void (*on_notification)(struct handler_context *context, struct session *session, uint8_t type,
                            uint8_t value);
};

struct handler_context {
    struct request_context *requests; /* the turn, its arena, and the owner of the events */
    struct handler_counters *counters;
    const struct handler_events *events;
    struct lsp_db *lsps;
    struct lsp_orders *orders; /* for the PCCs of this shard */
    /* The peer's address, as long as its session lives. */
    const struct ip *(*address_of)(const struct session *session);
    struct handler_lsp_policy (*lsp_policy_of)(const struct session *session);
};

/* LSP-DB version that our OPEN names to the peer; 0: none (RFC 8232 3.2). */
uint64_t handlers_db_version(struct handler_context *context, struct session *session);
/* The peer's OPEN was accepted. */
void handlers_on_open(struct handler_context *context, struct session *session,
                      const struct pcep_object *open);
/* The session is UP, or has ended: for the LSPs of its PCC. The former may be left out while
 * nothing is known of the PCC and it does not wait for us (RFC 8232 5), and the latter is harmless
 * for a session that never was UP. False: it waits to be asked for its LSPs, and there is no memory
 * to do so. */
bool handlers_on_up(struct handler_context *context, struct session *session);
void handlers_on_down(struct handler_context *context, const struct ip *address, struct mono now);

/* Ends a session for the good of the others. The draft of operational clarifications names no
 * reason for the Close: what it is for stands in the PCNtf before it. Reports come faster than they
 * are taken: 2/1 with so many seconds (RFC 5440 7.14). */
void handlers_end_late(struct handler_context *context, struct session *session,
                       uint32_t duration_s);
/* What a PCC may occupy is used up, or nearly so: 4/1 (RFC 8231 6.1). why: static. */
void handlers_end_full(struct handler_context *context, struct session *session, const char *why);

/* Dispatches by message type; sends PCErr where the standard names one. What a PCReq asks is
 * answered when it returns, or waits in the queue: the latter when the turn's work is used up, when
 * others wait already, or when may_answer says no. core/requests/request.h and reply.h say how each
 * object is taken and what an answer holds. fault: as pcep_decode gave it with the message. */
void handlers_on_message(struct handler_context *context, struct session *session,
                         const struct pcep_message *message, const struct pcep_fault *fault);

#endif
