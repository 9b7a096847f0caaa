/* Walk: random scripts (script.h), one world after the other, until so many messages were taken or
 * the time is over.
 *
 *     sim_walk [--seed N] [--steps N] [--messages N] [--seconds N] [--keep FILE]
 *     sim_walk [--verbose] --replay FILE…
 *
 * Each script follows from the seed, which counts up. With --keep the script that runs stands in
 * FILE, so that one that ends the program is there to be replayed, cut down, and put into
 * tests/fuzz/corpus/shard. At the end the figures are printed. */
#include "core/base/check.h"
#include "tests/sim/memory.h"
#include "tests/sim/script.h"
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCRIPT_ROOM ((size_t)1 << 22)

struct options {
    uint64_t seed;
    uint64_t messages;
    uint64_t seconds;
    unsigned steps;
    const char *keep;
    bool is_replay;
};

static uint8_t script[SCRIPT_ROOM];

static int usage(void)
{
    fprintf(stderr, "usage: sim_walk [--seed N] [--steps N] [--messages N] [--seconds N] "
                    "[--keep FILE]\n       sim_walk [--verbose] --replay FILE...\n");
    return 2;
}

static uint64_t seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec;
}

static void keep(const char *path, size_t size)
{
    FILE *file = fopen(path, "wbe");
    CHECK(file != NULL && fwrite(script, 1, size, file) == size && fclose(file) == 0);
}

static bool replay(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot open\n", path);
        return false;
    }
    size_t size = fread(script, 1, sizeof script, file);
    (void)fclose(file);
    script_run(script, size);
    return true;
}

static void print_figures(uint64_t begun)
{
    const struct script_figures figures = script_figures();
    printf("%llu worlds, %llu steps, %llu connections, %llu messages, %llu sessions ended with a "
           "reason, %llu answers to the witness, %llu allocations failed, %llu s\n",
           (unsigned long long)figures.runs, (unsigned long long)figures.steps,
           (unsigned long long)figures.connections, (unsigned long long)world_message_count(),
           (unsigned long long)world_end_count(), (unsigned long long)figures.witness_answers,
           (unsigned long long)sim_memory_failures_total(),
           (unsigned long long)(seconds_now() - begun));
    (void)fflush(stdout);
}

static void walk(const struct options *options)
{
    uint64_t begun = seconds_now();
    uint64_t told = begun;
    uint64_t seed = options->seed;
    for (;; seed++) {
        uint64_t now = seconds_now();
        if (now >= begun + options->seconds || world_message_count() >= options->messages)
            break;
        if (now >= told + 60) {
            printf("seed %llu: ", (unsigned long long)seed);
            print_figures(begun);
            told = now;
        }
        size_t size = script_generate(seed, options->steps, script, sizeof script);
        if (options->keep != NULL)
            keep(options->keep, size);
        script_run(script, size);
    }
    printf("seeds %llu to %llu: ", (unsigned long long)options->seed, (unsigned long long)seed);
    print_figures(begun);
}

static bool read_option(struct options *options, const char *name, const char *value)
{
    uint64_t number = strtoull(value, NULL, 0);
    if (strcmp(name, "--seed") == 0)
        options->seed = number;
    else if (strcmp(name, "--steps") == 0)
        options->steps = (unsigned)number;
    else if (strcmp(name, "--messages") == 0)
        options->messages = number;
    else if (strcmp(name, "--seconds") == 0)
        options->seconds = number;
    else if (strcmp(name, "--keep") == 0)
        options->keep = value;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {.seed = 1, .messages = UINT64_MAX, .seconds = 60, .steps = 2000};
    int i = 1;
    for (; i < argc && !options.is_replay; i++) {
        if (strcmp(argv[i], "--verbose") == 0) {
            world_set_verbose(true);
        } else if (strcmp(argv[i], "--replay") == 0) {
            options.is_replay = true;
        } else if (i + 1 == argc || !read_option(&options, argv[i], argv[i + 1])) {
            return usage();
        } else {
            i++;
        }
    }
    if (!options.is_replay) {
        walk(&options);
        return EXIT_SUCCESS;
    }
    uint64_t begun = seconds_now();
    for (; i < argc; i++) {
        if (!replay(argv[i]))
            return EXIT_FAILURE;
    }
    print_figures(begun);
    return EXIT_SUCCESS;
}
