/* SR-Algorithms (RFC 9933): who may speak of them, and what a request that names one gets.
 *
 * Paths are those of algorithm 0, or of one flexible algorithm that is asked for. A constraint to
 * another algorithm is refused rather than dropped.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_ALGORITHM_H
#define PCED_CORE_REQUESTS_ALGORITHM_H

#include "core/path/path.h"
#include "core/pcep/codec.h"
#include "core/pcep/fault.h"
#include "core/session/session.h"

/* Whether both ends have said that they know algorithms of LSPs of a setup type (RFC 9933 5). */
bool algorithm_is_agreed(const struct session *session, uint8_t pst);
/* What an object of an LSP of that setup type says of algorithms, in the segments of a route or in
 * an LSPA. False, and 19/33 in *fault, when that is not agreed. The object has a row. */
bool algorithm_check_object(const struct session *session, const struct pcep_object *object,
                            uint8_t pst, struct pcep_fault *fault);
/* The constraint of an LSPA. False, and 19/34 in *fault, when it cannot be honoured and must be. */
bool algorithm_read_constraint(const struct pcep_object *lspa, struct path_request *path,
                               struct pcep_fault *fault);

#endif
