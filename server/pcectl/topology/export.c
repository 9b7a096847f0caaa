/* pcectl topology export: a network as a topology file, or as JSON of the same shape. */
#include "server/pcectl/topology/export.h"
#include "server/pcectl/api.h"
#include "server/pcectl/topology/source.h"
#include "server/pcectl/topology/topology.h"

#include <stdio.h>
#include <string.h>

static bool export_put(void *context, const char *octets, size_t size)
{
    return fwrite(octets, 1, size, context) == size;
}

int export_write(const struct ted_snapshot *snapshot, enum topology_form form, FILE *file)
{
    uint64_t bent;
    enum pce_status status = topology_write(snapshot, form, export_put, file, &bent);
    if (status == PCE_NO_MEMORY)
        (void)fprintf(stderr, "pcectl: no memory\n");
    if (status != PCE_OK)
        return COMMAND_FAILED; /* main says why the output cannot be written */
    if (bent > 0)
        (void)fprintf(
            stderr,
            "note: %llu values that a topology file cannot have are the nearest ones that "
            "it can\n",
            (unsigned long long)bent);
    return COMMAND_OK;
}

int topology_export_run(int argc, char **argv)
{
    const char *format = "yaml", *from = NULL;
    const struct pcectl_option options[] = {{"--format", &format}, {"--from", &from}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    bool is_json = strcmp(format, "json") == 0 || arguments.is_json;
    if (arguments.count != 0 || (!is_json && strcmp(format, "yaml") != 0))
        return TOPOLOGY_MISUSED;
    struct ted_snapshot *snapshot = source_read(from, &arguments.target, &code);
    if (snapshot == NULL)
        return code;
    code = export_write(snapshot, is_json ? TOPOLOGY_JSON : TOPOLOGY_YAML, stdout);
    ted_snapshot_destroy(snapshot);
    return code;
}
