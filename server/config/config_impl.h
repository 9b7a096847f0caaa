/* What the parts of the configuration's reader share.
 *
 * Thread: as config_read. Owns: nothing. */
#ifndef PCED_SERVER_CONFIG_CONFIG_IMPL_H
#define PCED_SERVER_CONFIG_CONFIG_IMPL_H

#include "server/config/config_outline.h"
#include "server/config/config_table.h"

/* Fills the fault, with the line of the key where the text has it. PCE_INVALID. */
__attribute__((format(printf, 4, 5))) enum pce_status
config_refuse(struct config_fault *fault, const struct config_outline *outline, const char *key,
              const char *format, ...);

/* A scalar against its row. */
PCE_MUST_CHECK enum pce_status config_check_scalar(const struct config_key *key,
                                                   const struct config_outline_entry *entry,
                                                   const struct config_outline *outline,
                                                   struct config_fault *fault);
/* The value of a UINT, HOLD, BOOL or ENUM that has passed config_check_scalar. */
uint32_t config_scalar_value(const struct config_key *key, const char *text);

/* What holds between rows: fault->key and reason, no line. */
PCE_MUST_CHECK enum pce_status config_check(const struct config *config,
                                            struct config_fault *fault);

/* The row of "section", "key"; there must be one. */
const struct config_key *config_key_get(const char *section, const char *key);

#endif
