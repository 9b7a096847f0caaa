#include "server/config/config.h"

#include "io/os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum pce_status config_read_file(const char *path, struct config *config, char *text,
                                 size_t text_size)
{
    char folder[CONFIG_TEXT_SIZE];
    struct failure failure;
    char *octets;
    size_t size;
    const char *slash = strrchr(path, '/');
    size_t folder_size = slash == NULL ? 0 : (size_t)(slash - path);
    if (folder_size >= sizeof folder) {
        (void)snprintf(text, text_size, "%s: the path is too long", path);
        return PCE_LIMIT;
    }
    memcpy(folder, path, folder_size);
    folder[folder_size] = '\0';
    enum pce_status status = file_read(path, CONFIG_FILE_SIZE_MAX, &octets, &size, &failure);
    if (status != PCE_OK) {
        (void)snprintf(text, text_size, "%s", failure.text);
        return status;
    }
    struct config_fault fault;
    status = config_read(octets, size, slash == path ? "/" : folder, config, &fault);
    if (status != PCE_OK)
        config_format_fault(&fault, path, text, text_size);
    free(octets);
    return status;
}
