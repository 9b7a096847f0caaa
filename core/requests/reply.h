/* Reply: one response of a PCRep, written straight into the message (RFC 5440 6.5).
 *
 * A path: RP, ERO, then OF when the RP's OF flag asks, LSPA and BANDWIDTH as asked, and a METRIC
 * for each that was to be computed. LSPA has L only where all of the path is known to be protected
 * (RFC 9488 5).
 *
 * No path: RP, NO-PATH of nature 0, with NO-PATH-VECTOR when an end is unknown or no topology is
 * there. Constraints that could not be met (unmet.h) stand after it as they were asked, in LSPA,
 * BANDWIDTH and METRIC, and set C. Some have no object: an MSD that no METRIC of the request names,
 * or that is lower, and a SID list that does not exist. Those are not told, and where there is
 * nothing else C is clear (RFC 5440 7.5).
 *
 * A search that was given up (PATH_WORK_EXCEEDED, PATH_NO_MEMORY) is NO-PATH with "PCE currently
 * unavailable": the request was right, so no PCErr, and nothing is known of the constraints; the
 * PCC may ask again or elsewhere.
 *
 * The RP has P set, the request's ID, R as asked, and its PATH-SETUP-TYPE TLV again, for NO-PATH
 * too: FRR's pathd reads request-ID 0 without it.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_REPLY_H
#define PCED_CORE_REQUESTS_REPLY_H

#include "core/requests/request.h"

/* Octets that reply_write takes for this. hops: those of result->links (hops.h), where a path of
 * strict hops was found; else they are not looked at, nor are the links. */
size_t reply_size(const struct request_plan *plan, const struct path_result *result,
                  const struct ted_hop *hops);
void reply_write(const struct request_plan *plan, const struct path_result *result,
                 const struct ted_hop *hops, struct wire_writer *writer);

#endif
