/* Commands of pcectl: one row for each in pcectl.c.
 *
 * A command gets its own arguments (argv[0] is its name) and gives the exit code of the program.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_COMMAND_H
#define PCED_SERVER_PCECTL_COMMAND_H

#define COMMAND_OK     0
#define COMMAND_NO     1 /* it worked, and the answer is no */
#define COMMAND_USAGE  2 /* wrong arguments, or a wrong file */
#define COMMAND_FAILED 3 /* the server or the machine did not let us */

typedef int command_fn(int argc, char **argv);

struct command {
    const char *name;
    const char *help; /* one line */
    command_fn *run;
};

command_fn check_topology_command; /* check_topology.c */
command_fn session_command;        /* pcectl_session.c */
command_fn lsp_command;            /* lsp.c */
command_fn intent_command;         /* intent.c */
command_fn topology_command;       /* topology/topology.c */
command_fn events_command;         /* events.c */
command_fn status_command;         /* pcectl_status.c */
command_fn request_command;        /* request.c */
command_fn path_command;           /* path.c */

#endif
