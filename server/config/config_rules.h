/* Rules of delegation of a configuration, from the outline.
 *
 * Internal to server/config.
 *
 * Thread: as struct config. Owns: nothing. Bound: CONFIG_RULES_MAX. */
#ifndef PCED_SERVER_CONFIG_CONFIG_RULES_H
#define PCED_SERVER_CONFIG_CONFIG_RULES_H

#include "server/config/config_lists.h"

/* Reads `delegation-rules` into the lists. */
PCE_MUST_CHECK enum pce_status config_rules_read(const struct config_outline *outline,
                                                 struct config_lists *lists,
                                                 struct config_fault *fault);

#endif
