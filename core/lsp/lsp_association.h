/* Association: a group of LSPs (RFC 8697), of whatever type; kept where it is only listed.
 *
 * A group is named by its type, number and source, and by the TLVs that widen these: Global
 * Association Source and Extended Association ID (RFC 8697 4). It lives while an LSP is in it.
 *
 * A report that does not list a group does not leave it: that takes the R flag (RFC 8697 6.3.1).
 *
 * Thread: the owning shard. Owns: itself. Bound: LSP_ASSOCIATIONS_MAX for one LSP. */
#ifndef PCED_CORE_LSP_LSP_ASSOCIATION_H
#define PCED_CORE_LSP_LSP_ASSOCIATION_H

#include "core/base/ip.h"
#include "core/lsp/lsp_db.h"

struct lsp_association {
    struct map_node node;
    struct list_link members; /* struct lsp_membership, by link */
    uint32_t member_count;
    uint32_t global_source; /* 0: none */
    uint16_t type;
    uint16_t id;
    struct ip source;
    uint16_t extended_size;
    uint8_t extended[]; /* value of the Extended Association ID */
};

_Static_assert(sizeof(struct lsp_association) == offsetof(struct lsp_association, extended),
               "assigning one writes no octet behind it");
/* An ASSOCIATION has 16 octets at the least. */
_Static_assert(sizeof(struct lsp_membership) <= offsetof(struct lsp_membership, octets) + 16,
               "likewise");

/* Internal to core/lsp. */

map_equal_fn lsp_association_is_equal; /* key: struct lsp_association_key */

/* The group that an ASSOCIATION of a report names; NULL: nobody is in it. */
struct lsp_association *lsp_association_find(struct lsp_db *db, const struct pcep_object *object);
/* Whether the report's associations fit: else this LSP would be in too many groups. lsp NULL: it is
 * not there yet. */
bool lsp_associations_fit(struct lsp_db *db, const struct lsp *lsp,
                          const struct lsp_report *report);
/* Octets that what the report says of groups takes at the most, without what it replaces. */
size_t lsp_associations_size(const struct lsp *lsp, const struct lsp_report *report);
/* Takes what the report says of groups; *is_changed: it was news. PCE_LIMIT has been told. */
PCE_MUST_CHECK enum pce_status lsp_associations_take(struct lsp_db *db, struct lsp *lsp,
                                                     const struct lsp_report *report,
                                                     bool *is_changed);
/* Leaves the groups that were last reported before that epoch; returns whether there were any. */
bool lsp_associations_leave(struct lsp_db *db, struct lsp *lsp, uint32_t before);

#endif
