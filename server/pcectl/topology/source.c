#include "server/pcectl/topology/source.h"

#include "io/os/failure.h"
#include "server/pcectl/command.h"
#include "server/topology/load.h"

#include <stdio.h>

struct ted_snapshot *source_read_file(const char *path, int *code)
{
    struct ted_snapshot *snapshot = NULL;
    char text[FAILURE_TEXT_SIZE];
    enum pce_status status = topology_load(path, &snapshot, text, sizeof text);
    if (status != PCE_OK) {
        (void)fprintf(stderr, "%s\n", text);
        *code = status == PCE_NO_MEMORY ? COMMAND_FAILED : COMMAND_USAGE;
        return NULL;
    }
    *code = COMMAND_OK;
    return snapshot;
}
