/* What the session's own code needs of a configuration.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_SETTINGS_SESSION_CONFIG_H
#define PCED_SERVER_SETTINGS_SESSION_CONFIG_H

#include "core/session/session.h"
#include "server/config/config.h"

struct session_config session_config_of(const struct config *config);

#endif
