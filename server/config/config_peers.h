/* Groups and peers of a configuration, from the outline; what config_lists.c shares with it.
 *
 * Thread: as config_read. Owns: nothing; what is read belongs to config->lists. */
#ifndef PCED_SERVER_CONFIG_CONFIG_PEERS_H
#define PCED_SERVER_CONFIG_CONFIG_PEERS_H

#include "server/config/config_lists.h"
#include "server/config/config_outline.h"

/* How many entries the sequence has; 0 when the file does not name it. */
PCE_MUST_CHECK enum pce_status config_list_size(const struct config_outline *outline,
                                                const char *key, uint32_t count_max,
                                                uint32_t *count, struct config_fault *fault);
/* What a kernel needs for such keys, for messages. */
const char *config_tcp_key_text(enum tcp_key_kind kind);
PCE_MUST_CHECK enum pce_status config_groups_read(const struct config_outline *outline,
                                                  struct config *config,
                                                  struct config_fault *fault);
PCE_MUST_CHECK enum pce_status config_peers_read(const struct config_outline *outline,
                                                 struct config *config, struct config_fault *fault);

#endif
