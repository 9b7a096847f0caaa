/* Lay: the path of an LSP onto the links of the network, and what the LSP holds of them.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_LAY_H
#define PCED_CORE_REOPT_LAY_H

#include "core/reopt/lsp_reading.h"
#include "core/reopt/route.h"

/* Lays the reported path anew: reopt->current, and the LSP's route. False: no memory. */
bool lay_reported(struct reopt *reopt, const struct ted_snapshot *snapshot,
                  const struct lsp_reading *reading);
/* Whether LSPs of a setup type are counted here: RSVP-TE has told the IGP. */
bool lay_is_counted(const struct lsp_instance *instance);

/* One that had to give way and fits again where it is. */
void lay_readmit(struct reopt *reopt, const struct ted_snapshot *snapshot,
                 const struct lsp_reading *reading);

#endif
