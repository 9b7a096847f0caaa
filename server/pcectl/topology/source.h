/* Source: the network that a verb works on: a file's, or the one that a pced has now.
 *
 * Thread: the only one. Owns: nothing. Bound: the limits of ted.h; SOURCE_TRIES. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_SOURCE_H
#define PCED_SERVER_PCECTL_TOPOLOGY_SOURCE_H

#include "core/ted/builder.h"
#include "server/pcectl/target.h"
#include "server/pcectl/topology/findings.h"

#define SOURCE_TRIES 10 /* to read all pages of one generation */

/* The network of a topology file; the caller's to destroy. NULL: what is wrong was said on stderr,
 * and *code is the exit code of the program. */
struct ted_snapshot *source_read_file(const char *path, int *code);
/* The same of the pced that target names. */
struct ted_snapshot *source_read_running(struct pcectl_target *target, int *code);
/* Of the file; NULL or "running": of the pced. */
struct ted_snapshot *source_read(const char *path, struct pcectl_target *target, int *code);

/* Says on stderr what is wrong with a file, and where. */
void source_explain(const char *path, const struct ted_fault *fault);

/* Adds what the sources of the pced's network contradict each other in; an exit code. */
int source_add_findings(struct pcectl_target *target, struct findings *findings);

#endif
