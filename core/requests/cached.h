/* Cached: requests that are answered by what the same request was answered before, octet by octet.
 *
 * Only what depends on nothing else is kept: a PCReq of one sound request whose objects are all
 * known, answered by a path or NO-PATH. What it depends on of the session, and the serial number of
 * the topology, are part of the key (reply_cache.h), and so is the state of the account (account.h)
 * where bandwidth is asked for; what names an LSP is not kept then.
 *
 * Internal to core/requests; octets.c asks before a request is decoded.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_CACHED_H
#define PCED_CORE_REQUESTS_CACHED_H

#include "core/requests/request.h"

/* Whether there are answers to be known: a cache, and a topology. */
bool cached_is_on(const struct request_context *context);
/* All that request.c asks of a session: which path setup types both ends have, the MSD, and whether
 * it may speak of algorithms. */
uint32_t cached_session_part(const struct session *session);
/* The octets of the only request of a message, where its answer may be kept; else none. */
struct wire_span cached_octets(const struct pcep_message *message,
                               const struct pcep_request_list *list);
/* Keeps a response that was written, if its plan says of which octets it is the answer. */
void cached_keep(struct request_context *context, const struct session *session,
                 const struct request_plan *plan, const struct path_result *result,
                 struct wire_span response);

/* What these objects of one request were answered before; NULL: not known. Valid until the next
 * call of this or cached_keep. */
const struct reply_entry *cached_find(struct request_context *context,
                                      const struct session *session, struct wire_span objects);
/* Its response, with the request-ID of these objects. */
void cached_write(struct wire_writer *writer, const struct reply_entry *entry,
                  struct wire_span objects);
/* What it counts for, and takes of the turn's work; tells the owner. */
void cached_count(struct request_context *context, struct session *session, uint32_t request_id,
                  const struct reply_entry *entry);

#endif
