/* pcectl topology import: a network in the format of somebody else becomes a topology file. */
#include "core/import/import.h"
#include "core/import/number.h"
#include "io/os/file.h"
#include "server/pcectl/api.h"
#include "server/pcectl/topology/export.h"
#include "server/pcectl/topology/source.h"
#include "server/pcectl/topology/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAPACITY_DEFAULT 1e10 /* bits per second */

/* What the command line says. */
struct import_command {
    const char *file;
    const char *format;
    const char *output;  /* NULL: stdout */
    const char *demands; /* where demands go; NULL: nowhere */
    const char *with_demands;
    const char *external;
    const char *capacity;
    struct import_options options;
};

/* ---- the command line ---- */

static bool import_refuse(const char *option, const char *reason)
{
    (void)fprintf(stderr, "pcectl: %s: %s\n", option, reason);
    return false;
}

static bool import_check(struct import_command *command)
{
    struct import_options *options = &command->options;
    options->is_forced = command->format != NULL;
    options->capacity = CAPACITY_DEFAULT;
    if (command->format != NULL && !import_format_parse(command->format, &options->format)) {
        (void)fprintf(stderr, "pcectl: --format: must be");
        for (unsigned i = 0; i < IMPORT_FORMAT_COUNT; i++)
            (void)fprintf(stderr, " %s", import_format_text((enum import_format)i));
        (void)fprintf(stderr, "\n");
        return false;
    }
    if (command->external != NULL && strcmp(command->external, "keep") != 0 &&
        strcmp(command->external, "drop") != 0)
        return import_refuse("--external", "must be keep or drop");
    options->keeps_external = command->external != NULL && command->external[0] == 'k';
    if (command->capacity != NULL && !import_speed(command->capacity, &options->capacity))
        return import_refuse("--capacity", "must be bits per second, as 10G");
    if (command->output != NULL && command->demands != NULL &&
        strcmp(command->output, command->demands) == 0)
        return import_refuse("--demands", "must be another file than --output");
    return true;
}

/* COMMAND_OK, or what the verb ends with. */
static int import_parse(int argc, char **argv, struct import_command *command)
{
    const struct pcectl_option options[] = {{"--format", &command->format},
                                            {"--output", &command->output},
                                            {"--demands", &command->demands},
                                            {"--with-demands", &command->with_demands},
                                            {"--external", &command->external},
                                            {"--capacity", &command->capacity},
                                            {NULL, NULL}};
    static char output[] = "--output";
    struct pcectl_arguments arguments;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-o") == 0)
            argv[i] = output;
    }
    if (!pcectl_parse(argc, argv, options, &arguments) || !import_check(command))
        return COMMAND_USAGE;
    if (arguments.count != 1)
        return TOPOLOGY_MISUSED;
    command->file = arguments.words[0];
    return COMMAND_OK;
}

/* ---- reading ---- */

static void import_explain(const struct import_command *command, const struct ted_fault *fault)
{
    bool is_of_demands = command->with_demands != NULL && strcmp(fault->element, "demands") == 0;
    source_explain(is_of_demands ? command->with_demands : command->file, fault);
}

static int import_status_code(enum pce_status status)
{
    return status == PCE_NO_MEMORY ? COMMAND_FAILED : COMMAND_USAGE;
}

/* *octets is the caller's to free, whatever comes back. */
static int import_load(const char *path, char **octets, size_t *size)
{
    struct failure failure;
    enum pce_status status = file_read(path, IMPORT_SIZE_MAX, octets, size, &failure);
    if (status == PCE_OK)
        return COMMAND_OK;
    *octets = NULL;
    (void)fprintf(stderr, "%s\n", failure.text);
    return import_status_code(status);
}

static int import_read_files(struct import_command *command, struct import *import)
{
    char *text = NULL, *demands = NULL;
    size_t size = 0;
    struct ted_fault fault;
    int code = import_load(command->file, &text, &size);
    if (code == COMMAND_OK && command->with_demands != NULL)
        code = import_load(command->with_demands, &demands, &command->options.demands_size);
    command->options.demands = demands;
    if (code == COMMAND_OK) {
        enum pce_status status = import_read(text, size, &command->options, import, &fault);
        if (status != PCE_OK) {
            import_explain(command, &fault);
            code = import_status_code(status);
        }
    }
    free(text);
    free(demands);
    return code;
}

/* ---- writing ---- */

/* One demand in a line, nodes by their names in the network. */
static int import_write_demands(const struct import *import, FILE *file)
{
    const struct import_demand *demands = import->demands.items;
    struct topo_text text;
    topo_text_init(&text, TOPOLOGY_YAML);
    (void)fputs(import->demands.count == 0 ? "demands: []\n" : "demands:\n", file);
    for (uint32_t i = 0; i < import->demands.count; i++) {
        topo_text_clear(&text);
        topo_text_put(&text, "  - {from: ");
        topo_text_string(&text, import->snapshot->nodes[demands[i].from].name);
        topo_text_put(&text, ", to: ");
        topo_text_string(&text, import->snapshot->nodes[demands[i].to].name);
        topo_text_put(&text, ", bandwidth: ");
        topo_text_bandwidth(&text, (float)(demands[i].bits / 8));
        topo_text_put(&text, "}\n");
        if (!text.has_failed)
            (void)fputs(text.octets, file);
    }
    bool is_whole = !text.has_failed;
    topo_text_fini(&text);
    return is_whole ? COMMAND_OK : COMMAND_FAILED;
}

static int import_write_network(const struct import *import, FILE *file)
{
    return export_write(import->snapshot, TOPOLOGY_YAML, file);
}

typedef int import_write_fn(const struct import *import, FILE *file);

/* Beside the file that it is to become, so that what is there is whole at any time. */
struct import_target {
    char *path;      /* that the name leads to */
    char *temporary; /* NULL: a device or a pipe, which is written as it is */
    mode_t mode;
};

static bool import_aim(const char *path, struct import_target *target)
{
    struct stat about;
    const mode_t mask = umask(0);
    (void)umask(mask);
    bool is_there = stat(path, &about) == 0;
    *target = (struct import_target){.path = is_there ? realpath(path, NULL) : strdup(path),
                                     .mode = is_there ? about.st_mode & 0777 : 0666 & ~mask};
    if (target->path == NULL || (is_there && !S_ISREG(about.st_mode)))
        return target->path != NULL;
    const size_t size = strlen(target->path) + sizeof ".XXXXXX";
    target->temporary = malloc(size);
    if (target->temporary != NULL)
        (void)snprintf(target->temporary, size, "%s.XXXXXX", target->path);
    return target->temporary != NULL;
}

static FILE *import_open(const struct import_target *target)
{
    if (target->temporary == NULL)
        return fopen(target->path, "we");
    int descriptor = mkostemp(target->temporary, O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    FILE *file = fchmod(descriptor, target->mode) == 0 ? fdopen(descriptor, "w") : NULL;
    if (file == NULL) {
        (void)close(descriptor);
        (void)unlink(target->temporary);
    }
    return file;
}

/* False with errno set. */
static bool import_write_target(const struct import *import, const struct import_target *target,
                                import_write_fn *write)
{
    FILE *file = import_open(target);
    if (file == NULL)
        return false;
    bool is_whole = write(import, file) == COMMAND_OK && ferror(file) == 0;
    is_whole = fclose(file) == 0 && is_whole;
    if (target->temporary == NULL)
        return is_whole;
    if (is_whole && rename(target->temporary, target->path) == 0)
        return true;
    (void)unlink(target->temporary);
    return false;
}

static int import_write(const struct import *import, const char *path, import_write_fn *write)
{
    struct import_target target = {.path = NULL};
    errno = 0;
    bool is_written = import_aim(path, &target) && import_write_target(import, &target, write);
    if (!is_written)
        (void)fprintf(stderr, "pcectl: %s: cannot be written whole: %s\n", path,
                      errno != 0 ? strerror(errno) : "no memory");
    free(target.temporary);
    free(target.path);
    return is_written ? COMMAND_OK : COMMAND_FAILED;
}

/* stdout may be the topology file: what there is to know is told beside it. */
static void import_tell(const struct import *import)
{
    const struct ted_snapshot *snapshot = import->snapshot;
    (void)fprintf(stderr, "%s: network \"%s\", %u nodes, %u directed links, %u demands\n",
                  import_format_text(import->format), snapshot->name, snapshot->node_count,
                  snapshot->link_count, import->demands.count);
    for (unsigned i = 0; i < IMPORT_NOTE_COUNT; i++) {
        if (import->notes[i] > 0)
            (void)fprintf(stderr, "note: %llu %s\n", (unsigned long long)import->notes[i],
                          import_note_text((enum import_note)i));
    }
}

int topology_import_run(int argc, char **argv)
{
    struct import_command command = {.file = NULL};
    struct import import;
    int code = import_parse(argc, argv, &command);
    if (code == COMMAND_OK)
        code = import_read_files(&command, &import);
    if (code != COMMAND_OK)
        return code;
    code = command.output == NULL ? import_write_network(&import, stdout)
                                  : import_write(&import, command.output, import_write_network);
    if (code == COMMAND_OK && command.demands != NULL)
        code = import_write(&import, command.demands, import_write_demands);
    if (code == COMMAND_OK)
        import_tell(&import);
    import_fini(&import);
    return code;
}
