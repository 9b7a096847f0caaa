/* pceload: simulates many PCCs against a Path Computation Element, measures it and verifies what it
 * answers. docs/PCELOAD.md describes it.
 *
 * Exit codes: 0 all was answered and right; 1 something was lost or wrong; 2 wrong options, or it
 * could not begin. */
#include "bench/pceload/run.h"

#include "io/os/limits.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_WRONG 1
#define EXIT_USAGE 2

/* For the threads too: they inherit it. */
static void block_signals(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGUSR1);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static int report_run(const struct summary *summary)
{
    const struct options *options = summary->options;
    bool is_told = true;
    if (!options->is_quiet)
        summary_print(summary,
                      options->json != NULL && strcmp(options->json, "-") == 0 ? stderr : stdout);
    if (options->hdr != NULL)
        is_told = summary_write_hdr(summary, options->hdr);
    if (options->order_times != NULL)
        is_told = summary_write_orders(summary, options->order_times) && is_told;
    if (options->json != NULL)
        is_told = summary_write_json(summary, options->json) && is_told;
    return is_told && summary_is_good(summary) ? 0 : EXIT_WRONG;
}

int main(int argc, char **argv)
{
    static struct options options;
    static struct run run;
    bool is_help = false;
    if (!options_read(&options, argc, argv, &is_help))
        return EXIT_USAGE;
    if (is_help)
        return 0;
    block_signals();
    limits_raise_files(); /* a ring's file table may be as large */
    struct summary *summary = malloc(sizeof *summary);
    int code = EXIT_USAGE;
    if (summary != NULL && run_start(&run, &options)) {
        run_run(&run, summary);
        code = report_run(summary);
    }
    run_fini(&run);
    free(summary);
    return code;
}
