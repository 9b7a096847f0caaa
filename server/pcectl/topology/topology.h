/* pcectl topology: what can be done with networks. Each verb is one row in topology.c.
 *
 * A verb gets its own arguments (argv[0] is its name) and gives the exit code of the program.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H
#define PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H

#include "core/ted/topology_write.h"
#include "server/pcectl/command.h"

#include <stdio.h>

struct topology_verb {
    const char *name;
    const char *arguments; /* for the usage */
    const char *help;
    command_fn *run;
};

command_fn topology_check_run;  /* check.c */
command_fn topology_export_run; /* export.c */
command_fn topology_diff_run;   /* diff.c */
command_fn topology_import_run; /* import.c */
command_fn topology_peers_run;  /* peers.c */
command_fn topology_refresh_run;
command_fn topology_reset_run;
command_fn topology_log_run; /* log.c */

/* The network as text to the file; an exit code. What went wrong was said on stderr. */
int topology_write_out(const struct ted_snapshot *snapshot, enum topology_form form, FILE *file);

/* Says how the verb of this name is called; COMMAND_USAGE. */
int topology_refuse_usage(const char *verb);

#endif
