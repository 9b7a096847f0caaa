/* TCP keys of the configuration, on the listening sockets.
 *
 * Thread: the main thread. Owns: nothing.
 * Bound: the kernel's: net.core.optmem_max octets of keys for each socket. */
#ifndef PCED_SERVER_SETTINGS_TCP_KEYS_H
#define PCED_SERVER_SETTINGS_TCP_KEYS_H

#include "io/net/listener.h"
#include "server/settings/peer_settings.h"

/* Takes off what only `before` has (NULL: nothing was set), sets what is new or another in `after`.
 * Connections that stand keep their keys. On failure the text says why; what was set stays. */
PCE_MUST_CHECK enum pce_status tcp_keys_apply(const struct listeners *listeners,
                                              const struct peer_table *before,
                                              const struct peer_table *after,
                                              struct failure *failure);

#endif
