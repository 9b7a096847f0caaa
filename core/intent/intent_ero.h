/* The path of an intent that is given hop by hop, as an ERO (RFC 8664 4.3, RFC 9603 4.3, RFC 3209
 * 4.3.3); and the digest of one.
 *
 * Internal to core/intent.
 *
 * Thread: any. Owns: nothing. Bound: INTENT_HOPS_MAX hops. */
#ifndef PCED_CORE_INTENT_INTENT_ERO_H
#define PCED_CORE_INTENT_INTENT_ERO_H

#include "core/base/arena.h"
#include "core/intent/intent.h"
#include "core/pcep/optional.h"

/* Why it cannot be written, static text; NULL: it is. snapshot may be NULL. */
const char *intent_ero_write(const struct ted_snapshot *snapshot, const struct intent *intent,
                             const struct intent_path *path, struct wire_writer *writer);

/* The hops of the first ERO of these objects, in the arena; none without one. False: memory ran out. */
bool intent_hops_of(struct wire_span objects, struct arena *arena, struct pcep_subobjects *hops);
/* lsp_path_digest of the ERO of these objects, of several together; LSP_PATH_EMPTY without one. False: memory ran
 * out. The arena is given back. */
bool intent_digest_of(struct wire_span objects, struct arena *arena, uint64_t *digest);

#endif
