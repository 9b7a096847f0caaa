/* LSPs whose bandwidth follows their traffic (RFC 8733): their attributes, as the reports of a
 * session have told them one after the other, and the bandwidth that they have.
 *
 *   requested   BANDWIDTH of the last report: what the PCC has measured, and needs (RFC 8733 5.3)
 *   granted     what an order of ours that was carried out has given it; before the first one what
 *               it has, as its first report says
 *
 * Thread: the owning shard. Owns: an entry for each such LSP.
 * Bound: lsp_limits.auto_bandwidths_max; those past it are LSPs like others, and counted. */
#ifndef PCED_CORE_LSP_LSP_AUTO_BANDWIDTH_H
#define PCED_CORE_LSP_LSP_AUTO_BANDWIDTH_H

#include "core/lsp/auto_bandwidth.h"
#include "core/lsp/lsp_db.h"

struct lsp_order;

struct lsp_auto_bandwidth {
    struct map_node node; /* by slot */
    uint32_t slot;
    struct auto_bandwidth attributes;
    float requested;
    float granted;
    float asked; /* by the last order; below 0: by none */
    /* There was no path for this bandwidth on that network, until then. */
    float no_room;
    uint64_t no_room_serial;
    struct mono no_room_until;
    bool has_requested;
};

/* NULL: its bandwidth does not follow its traffic. */
struct lsp_auto_bandwidth *lsp_auto_bandwidth_find(struct lsp_db *db, const struct lsp *lsp);
/* What is to be asked for it: the bandwidth that it requests, within its bounds, where that is
 * enough of a change and may be asked; else what it has. */
float lsp_auto_bandwidth_wanted(const struct lsp_auto_bandwidth *entry, bool is_held);
/* An order of that LSP has been carried out. */
void lsp_auto_bandwidth_on_done(struct lsp_db *db, const struct lsp *lsp, float bandwidth);

/* Internal to core/lsp. */

/* Takes what the report says. True: it requests another bandwidth than the report before. */
bool lsp_auto_bandwidth_take(struct lsp_db *db, const struct lsp *lsp,
                             const struct lsp_report *report);
void lsp_auto_bandwidth_drop(struct lsp_db *db, const struct lsp *lsp);
map_equal_fn lsp_auto_bandwidth_is_equal; /* key: the slot */

#endif
