/* pcectl topology diff: what differs between two networks. */
#include "server/pcectl/api.h"
#include "server/pcectl/topology/network_diff.h"
#include "server/pcectl/topology/source.h"
#include "server/pcectl/topology/topology.h"

#include <stdio.h>

struct diff_output {
    json_t *rows; /* NULL: a table */
    uint64_t count;
    bool has_failed;
};

static void diff_print(void *context, const struct network_difference *d)
{
    struct diff_output *output = context;
    output->count++;
    if (output->rows != NULL) {
        json_t *row =
            json_pack("{s:s,s:s,s:s,s:s?,s:s?,s:s?}", "what", d->what, "kind", d->kind, "name",
                      d->name, "key", d->key, "older", d->older, "newer", d->newer);
        output->has_failed = json_array_append_new(output->rows, row) != 0 || output->has_failed;
        return;
    }
    printf("%-8s %-7s %s", d->what, d->kind, d->name);
    if (d->key != NULL)
        printf("%s%s: %s -> %s", d->name[0] == '\0' ? "" : ": ", d->key,
               d->older == NULL ? "-" : d->older, d->newer == NULL ? "-" : d->newer);
    (void)putchar('\n');
}

static int diff_networks(const struct ted_snapshot *older, const struct ted_snapshot *newer,
                         bool is_json)
{
    struct diff_output output = {.rows = is_json ? json_array() : NULL};
    bool is_whole = (!is_json || output.rows != NULL) &&
                    network_diff(older, newer, diff_print, &output) == PCE_OK && !output.has_failed;
    if (is_whole && is_json)
        pcectl_print_json(output.rows);
    json_decref(output.rows);
    if (!is_whole) {
        (void)fprintf(stderr, "pcectl: no memory\n");
        return COMMAND_FAILED;
    }
    return output.count == 0 ? COMMAND_OK : COMMAND_NO;
}

int topology_diff_run(int argc, char **argv)
{
    static const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 1 && arguments.count != 2)
        return TOPOLOGY_MISUSED;
    struct ted_snapshot *older = source_read_file(arguments.words[0], &code);
    if (older == NULL)
        return code;
    const char *other = arguments.count == 1 ? NULL : arguments.words[1];
    struct ted_snapshot *newer = source_read(other, &arguments.target, &code);
    if (newer != NULL) {
        code = diff_networks(older, newer, arguments.is_json);
        ted_snapshot_destroy(newer);
    }
    ted_snapshot_destroy(older);
    return code;
}
