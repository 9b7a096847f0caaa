/* path_bench: processor time of path requests, one core. */
#include "bench/path_bench/path_bench.h"

#include "core/base/number.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char usage_text[] =
    "usage: path_bench [REQUESTS]\n"
    "       path_bench --topology FILE [--requests N] [--constraints none|mix|unique]\n"
    "                  [--setup sr|rsvp] [--msd N] [--seed N] [--json FILE]\n"
    "\n"
    "Without a file: a table for grids of 1,024 and 10,000 nodes, REQUESTS (default 2000) for "
    "each\n"
    "line. With one: the mean processor time of a computation for random pairs of its nodes, and\n"
    "how the times are spread.\n"
    "  --requests     default 2000\n"
    "  --constraints  what a request asks: nothing, a mixture, or every one something else\n"
    "                 (bandwidth, affinity, least TE metric); default none\n"
    "  --setup        default sr\n"
    "  --msd          longest SID list, 0 to 255; default 10, 0: as long as it takes\n"
    "  --seed         default 1; the same seed gives the same requests\n"
    "  --json         the result as a JSON object; - is standard output\n";

static int bench_refuse(const char *what, const char *value)
{
    (void)fprintf(stderr, "path_bench: %s: %s\n%s", what, value, usage_text);
    return 2;
}

static bool bench_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    return number_parse(text, max, value) && *value >= min;
}

/* The place of a word among others; -1 when it is none of them. */
static int bench_choose(const char *text, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0)
            return i;
    }
    return -1;
}

/* 0, or the exit code. */
static int parse_word(int option, const char *value, struct bench_options *options)
{
    static const char *const kinds[] = {"none", "mix", "unique"};
    static const char *const setups[] = {"rsvp", "sr"};
    int word = option == 'c' ? bench_choose(value, kinds, 3) : bench_choose(value, setups, 2);
    if (word < 0)
        return bench_refuse("not known", value);
    if (option == 'c')
        options->constraints = (enum mix_kind)word;
    else
        options->setup = word == 0 ? PATH_SETUP_RSVP_TE : PATH_SETUP_SR_MPLS;
    return 0;
}

/* 0, or the exit code. */
static int bench_parse_option(int option, const char *value, struct bench_options *options)
{
    uint64_t number = 0;
    switch (option) {
    case 't':
        options->topology = value;
        return 0;
    case 'j':
        options->json = value;
        return 0;
    case 'c':
    case 'p':
        return parse_word(option, value, options);
    case 'n':
        if (!bench_parse_number(value, 10, 100000000, &number))
            return bench_refuse("no possible number of requests", value);
        options->requests = (uint32_t)number;
        return 0;
    case 'm':
        if (!bench_parse_number(value, 0, 255, &number))
            return bench_refuse("no possible length", value);
        options->msd = (uint8_t)number;
        return 0;
    case 's':
        return bench_parse_number(value, 0, UINT64_MAX, &options->seed)
                   ? 0
                   : bench_refuse("no seed", value);
    default:
        (void)fputs(usage_text, stderr);
        return 2;
    }
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"topology", required_argument, NULL, 't'},
        {"requests", required_argument, NULL, 'n'},
        {"constraints", required_argument, NULL, 'c'},
        {"setup", required_argument, NULL, 'p'},
        {"msd", required_argument, NULL, 'm'},
        {"seed", required_argument, NULL, 's'},
        {"json", required_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct bench_options options = {
        .requests = 2000, .setup = PATH_SETUP_SR_MPLS, .msd = 10, .seed = 1};
    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (option == 'h') {
            (void)fputs(usage_text, stdout);
            return 0;
        }
        int code = bench_parse_option(option, optarg, &options);
        if (code != 0)
            return code;
    }
    if (options.topology != NULL && optind == argc)
        return bench_file(&options);
    if (options.topology != NULL || argc > optind + 1)
        return bench_refuse("not understood", argv[optind]);
    int code = argc > optind ? bench_parse_option('n', argv[optind], &options) : 0;
    if (code == 0)
        bench_grids(options.requests);
    return code;
}
