/* pcectl: the command line of pced. Each command is one row here. */
#include "server/pcectl/command.h"
#include "server/pcectl/decode/decode.h"
#include "server/pcectl/decode/encode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int help_command(int argc, char **argv);

static int version_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("pcectl %s\n", PCED_VERSION);
    return COMMAND_OK;
}

static const struct command commands[] = {
    {"session", "list, show or close the sessions of a running pced", session_command},
    {"lsp", "list or show the LSPs of a running pced", lsp_command},
    {"intent", "put, list, show or delete what is to exist at routers", intent_command},
    {"events", "what happens in a running pced, as it happens", events_command},
    {"status", "what a running pced does", status_command},
    {"request", "ask a PCE for paths, as a router does, and show the answers", request_command},
    {"path", "compute a path, and say why this one or why none", path_command},
    {"decode", "show PCEP messages, from captures, hexadecimal or binary", decode_command},
    {"encode", "make PCEP messages of the JSON that decode shows", encode_command},
    {"check-topology", "read a topology file and say what is wrong with it",
     check_topology_command},
    {"topology", "import, export, check and compare networks, and see who tells them",
     topology_command},
    {"version", "say which version this is", version_command},
    {"help", "this list", help_command},
};

static void print_commands(FILE *file)
{
    (void)fprintf(file, "usage: pcectl COMMAND [ARGUMENTS]\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        (void)fprintf(file, "  %-16s %s\n", commands[i].name, commands[i].help);
    (void)fprintf(file, "\n\"pcectl COMMAND --help\" says more about one.\n");
}

static int help_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    print_commands(stdout);
    return COMMAND_OK;
}

/* A script must not take half of an answer for the whole. */
static int pcectl_finish(int code)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return code;
    (void)fprintf(stderr, "pcectl: the output cannot be written: %s\n", strerror(errno));
    return code == COMMAND_OK ? COMMAND_FAILED : code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stderr);
        return COMMAND_USAGE;
    }
    const char *name = argv[1];
    if (strncmp(name, "--", 2) == 0)
        name += 2; /* --help and --version are commands, too */
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return pcectl_finish(commands[i].run(argc - 1, argv + 1));
    }
    (void)fprintf(stderr, "pcectl: there is no command \"%s\"\n", argv[1]);
    print_commands(stderr);
    return COMMAND_USAGE;
}
