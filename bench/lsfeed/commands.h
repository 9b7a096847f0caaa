/* Commands: what a script asks of lsfeed, a line each, and the line that answers it.
 *
 * Thread: one. Owns: nothing. Bound: COMMANDS_LINE_MAX octets of a line. */
#ifndef PCED_BENCH_LSFEED_COMMANDS_H
#define PCED_BENCH_LSFEED_COMMANDS_H

#include "bench/lsfeed/session.h"
#include "bench/lsfeed/table.h"

#define COMMANDS_LINE_MAX 256

struct commands {
    const struct ted_snapshot *snapshot;
    struct session session;
    struct table whole;  /* the network as the file has it */
    struct table change; /* of one command */
    uint32_t *links;     /* room for those of one command */
    bool has_ended;
};

/* Does what the line says and prints the answer; what is not understood is answered with "wrong". */
void commands_run(struct commands *commands, char *line);

#endif
