/* Why a configuration is refused, and where. */
#include "server/config/config_impl.h"

#include <stdarg.h>
#include <stdio.h>

enum pce_status config_refuse(struct config_fault *fault, const struct config_outline *outline,
                              const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    (void)snprintf(fault->key, sizeof fault->key, "%s", key);
    const struct config_outline_entry *entry = config_outline_find(outline, key);
    fault->line = entry == NULL ? 0 : entry->line;
    return PCE_INVALID;
}
