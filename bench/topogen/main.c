/* topogen: writes a generated topology file to standard output. */
#include "bench/topogen/topogen.h"

#include "core/base/number.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "usage: topogen [--kind grid|rings|geographic] [--nodes N] [--seed N] [--degree N] [--ipv6]\n"
    "\n"
    "Writes a network as a topology file of pced to standard output. The same options give the\n"
    "same file.\n"
    "  --kind    grid, rings (a ring of rings) or geographic; default geographic\n"
    "  --nodes   2 to 100000; default 1000\n"
    "  --seed    any number; default 1\n"
    "  --degree  links per node of a geographic network, 2 to 12; default 4\n"
    "  --ipv6    IPv6 addresses and SRv6 SIDs as well\n";

static int topogen_refuse(const char *what, const char *value)
{
    fprintf(stderr, "topogen: %s: %s\n%s", what, value, usage_text);
    return 2;
}

static bool parse_kind(const char *text, enum topogen_kind *kind)
{
    static const char *const names[] = {"grid", "rings", "geographic"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *kind = (enum topogen_kind)i;
            return true;
        }
    }
    return false;
}

static bool topogen_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    return number_parse(text, max, value) && *value >= min;
}

static bool parse_degree(const char *text, double *degree)
{
    char *end;
    *degree = strtod(text, &end);
    return end != text && *end == '\0' && *degree >= TOPOGEN_DEGREE_MIN &&
           *degree <= TOPOGEN_DEGREE_MAX;
}

/* 0, or the exit code. */
static int topogen_parse_option(int option, const char *value, struct topogen_options *options)
{
    uint64_t number;
    switch (option) {
    case 'k':
        return parse_kind(value, &options->kind) ? 0 : topogen_refuse("no such kind", value);
    case 'n':
        if (!topogen_parse_number(value, TOPOGEN_NODES_MIN, TOPOGEN_NODES_MAX, &number))
            return topogen_refuse("no possible number of nodes", value);
        options->node_count = (uint32_t)number;
        return 0;
    case 's':
        return topogen_parse_number(value, 0, UINT64_MAX, &options->seed)
                   ? 0
                   : topogen_refuse("no seed", value);
    case 'd':
        return parse_degree(value, &options->degree) ? 0
                                                     : topogen_refuse("no possible degree", value);
    case '6':
        options->has_ipv6 = true;
        return 0;
    default:
        fputs(usage_text, stderr);
        return 2;
    }
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"kind", required_argument, NULL, 'k'},
        {"nodes", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"degree", required_argument, NULL, 'd'},
        {"ipv6", no_argument, NULL, '6'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct topogen_options options = {
        .kind = TOPOGEN_GEOGRAPHIC, .node_count = 1000, .seed = 1, .degree = 4};
    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (option == 'h') {
            fputs(usage_text, stdout);
            return 0;
        }
        int code = topogen_parse_option(option, optarg, &options);
        if (code != 0)
            return code;
    }
    if (optind < argc)
        return topogen_refuse("not understood", argv[optind]);
    struct topogen generator;
    topogen_build(&generator, &options);
    topogen_write(&generator, stdout);
    topogen_fini(&generator);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        fputs("topogen: cannot write\n", stderr);
        return 1;
    }
    return 0;
}
