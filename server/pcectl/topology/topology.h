/* pcectl topology: what can be done with networks. Each verb is one row in topology.c.
 *
 * A verb gets its own arguments (argv[0] is its name) and gives the exit code of the program.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H
#define PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H

#include "server/pcectl/command.h"

#define TOPOLOGY_MISUSED                                                                           \
    (-1) /* what a verb gives when its arguments are wrong: its usage is said */

struct topology_verb {
    const char *name;
    const char *arguments; /* for the usage */
    const char *help;
    command_fn *run;
};

command_fn topology_check_run;    /* check.c */
command_fn topology_export_run;   /* export.c */
command_fn topology_diff_run;     /* diff.c */
command_fn topology_import_run;   /* import.c */
command_fn topology_optimise_run; /* optimise.c */
command_fn topology_peers_run;    /* peers.c */
command_fn topology_refresh_run;
command_fn topology_reset_run;
command_fn topology_source_run; /* api_sources.c */
command_fn topology_log_run;    /* log.c */

#endif
