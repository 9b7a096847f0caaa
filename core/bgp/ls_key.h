/* Key: an NLRI of link state in the order that RFC 9552 5.1 asks for, so that what is equal but for
 * its order has one key.
 *
 * Thread: any. Owns: nothing; the key lives in the arena, or points into the message. */
#ifndef PCED_CORE_BGP_LS_KEY_H
#define PCED_CORE_BGP_LS_KEY_H

#include "core/bgp/codec.h"

/* PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status bgp_ls_key(const struct bgp_nlri *nlri, struct arena *arena,
                                          struct wire_span *key);

#endif
