#include "server/topology/load.h"

#include "core/ted/topology_file.h"
#include "io/os/file.h"

#include <stdio.h>
#include <stdlib.h>

static void format_fault(const struct ted_fault *fault, const char *path, char *text,
                         size_t text_size)
{
    char line[16] = "";
    if (fault->line != 0)
        (void)snprintf(line, sizeof line, "%u:", fault->line);
    (void)snprintf(text, text_size, "%s:%s %s%s%s", path, line, fault->element,
                   fault->element[0] == '\0' ? "" : ": ", fault->reason);
}

enum pce_status topology_load(const char *path, struct ted_snapshot **snapshot, char *text,
                              size_t text_size)
{
    struct failure failure;
    char *octets;
    size_t size;
    *snapshot = NULL;
    enum pce_status status = file_read(path, TOPOLOGY_FILE_SIZE_MAX, &octets, &size, &failure);
    if (status != PCE_OK) {
        (void)snprintf(text, text_size, "%s", failure.text);
        return status;
    }
    struct ted_fault fault = {.line = 0};
    status = topology_file_read(octets, size, snapshot, &fault);
    if (status != PCE_OK)
        format_fault(&fault, path, text, text_size);
    free(octets);
    /* A network that is too large is wrong input; PCE_LIMIT is for open files. */
    return status == PCE_LIMIT ? PCE_INVALID : status;
}
