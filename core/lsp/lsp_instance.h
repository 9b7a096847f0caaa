/* Instances of an LSP: which one a report is of, and what replaces it.
 *
 * An LSP-ID of 0 says that nothing is signalled (RFC 8231 7.3.1), or that there are no LSP-IDs, as
 * with segment routing. So the first LSP-ID takes the place of an instance 0.
 *
 * Internal to core/lsp.
 *
 * Thread: the owning shard. Owns: nothing. Bound: LSP_INSTANCES_MAX. */
#ifndef PCED_CORE_LSP_LSP_INSTANCE_H
#define PCED_CORE_LSP_LSP_INSTANCE_H

#include "core/lsp/lsp_db.h"

static inline size_t lsp_instance_size(size_t octets)
{
    return offsetof(struct lsp_instance, octets) + octets;
}

/* The place of the instance that a report of this LSP-ID is of; of NULL where it is a new one. */
struct lsp_instance **lsp_instance_place(struct lsp *lsp, uint16_t lsp_id);
/* Whether one more has room. */
bool lsp_instance_fits(const struct lsp *lsp);
/* Whether a report says what the instance has. */
bool lsp_instance_is(const struct lsp_pcc *pcc, const struct lsp_instance *instance,
                     const struct lsp_report *report);
/* Of a report of this LSP (NULL: it is new); on no list, and its LSP-ID and epoch are the caller's. NULL:
 * no memory. */
struct lsp_instance *lsp_instance_make(struct lsp_db *db, struct lsp_pcc *pcc,
                                       const struct lsp *lsp, const struct lsp_report *report);
/* Takes the one at this place off its list, and frees it. */
void lsp_instance_drop(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp_instance **place);
/* The value of a TLV of its LSP object, which is of that size; of several the first one. NULL: none. */
const uint8_t *lsp_instance_tlv(const struct lsp_instance *instance, enum pcep_tlv_id id,
                                size_t size);
/* Whether two have the same intended path. */
bool lsp_instance_paths_equal(const struct lsp_instance *a, const struct lsp_instance *b);

#endif
