/* Server, inside: what the start and a reload do in the same way.
 *
 * Thread: the main thread. */
#ifndef PCED_SERVER_SERVER_IMPL_H
#define PCED_SERVER_SERVER_IMPL_H

#include "server/server.h"

/* server_settings.c: what the configuration says holds from here on; on failure what held before. */
PCE_MUST_CHECK enum pce_status server_publish_settings(struct server *server,
                                                       const struct config *config,
                                                       struct failure *failure);
PCE_MUST_CHECK enum pce_status server_use_topology(struct server *server, struct failure *failure);
/* Warns of peers whose send-hold time is not longer than their dead timer. */
void server_check_hold(const struct server *server);

#endif
