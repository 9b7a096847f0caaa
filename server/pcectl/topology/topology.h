/* pcectl topology: what can be done with networks. Each verb is one row in topology.c.
 *
 * A verb gets its own arguments (argv[0] is its name) and gives the exit code of the program.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H
#define PCED_SERVER_PCECTL_TOPOLOGY_TOPOLOGY_H

#include "server/pcectl/command.h"

struct topology_verb {
    const char *name;
    const char *arguments; /* for the usage */
    const char *help;
    command_fn *run;
};

command_fn topology_check_run; /* check.c */

/* Says how the verb of this name is called; COMMAND_USAGE. */
int topology_refuse_usage(const char *verb);

#endif
