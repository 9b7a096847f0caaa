/* Feasible: which routes a speaker must not believe, as they have been with it before.
 *
 * Such a route is no mistake of the peer's, and ends no session: it is ignored, and takes the place
 * of what the peer has told before under the same name (RFC 4271 9.1.2, RFC 4456 8).
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_FEASIBLE_H
#define PCED_CORE_BGP_FEASIBLE_H

#include "core/bgp/codec.h"
#include "core/bgp/open.h"

/* Why what the UPDATE announces is not to be used. */
enum bgp_unfeasible bgp_update_unfeasible(const struct bgp_update *update,
                                          const struct bgp_open_config *us);
const char *bgp_unfeasible_text(enum bgp_unfeasible why);
/* As the API and metrics have it. */
const char *bgp_unfeasible_word(enum bgp_unfeasible why);

#endif
