/* Repeat: an LSP that needs the path again that it was ordered onto, on the same network. Its
 * router has refused, or says that it has another path, or one that leads nowhere here: asked again
 * at once it would be asked for ever. So it waits, from its last order on, and longer each time.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: REPEAT_PAUSE_S, doubled REPEAT_DOUBLINGS_MAX times. */
#ifndef PCED_CORE_REOPT_REPEAT_H
#define PCED_CORE_REOPT_REPEAT_H

#include "core/reopt/route.h"

#define REPEAT_PAUSE_S       10
#define REPEAT_DOUBLINGS_MAX 8
#define REPEAT_LOOK_MS       1000 /* between two looks for those whose pause is over */

/* Whether an order onto links of this hash, on the network of this turn, repeats the last one. */
bool repeat_is(const struct lsp_route *route, uint32_t turn, uint32_t hash);
/* Whether its pause is over. */
bool repeat_is_due(const struct lsp_route *route, struct mono now);
/* True: the path whose links these are, so many of reopt->numbers[1], was ordered already, and the LSP is to
 * wait. */
bool repeat_pauses(struct reopt *reopt, const struct reopt_scene *scene, const struct lsp *lsp,
                   uint32_t count);
/* It is ordered now. */
void repeat_note(struct lsp_route *route, uint32_t turn, uint32_t hash, struct mono now);
/* Those whose pause is over are computed anew; true: there is more to look at. */
bool repeat_look(struct reopt *reopt, struct reopt_scene *scene);

#endif
