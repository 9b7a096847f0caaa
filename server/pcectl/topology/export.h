/* Export: a network as text.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_EXPORT_H
#define PCED_SERVER_PCECTL_TOPOLOGY_EXPORT_H

#include "core/ted/topology_write.h"

#include <stdio.h>

/* The network to the file; an exit code. What went wrong was said on stderr. */
int export_write(const struct ted_snapshot *snapshot, enum topology_form form, FILE *file);

#endif
