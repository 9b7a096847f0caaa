/* pced: reads its configuration, starts the server, and waits for signals.
 *
 * Exit codes: 0 after an orderly end, 1 when a shard broke, 2 for a wrong command line,
 * configuration or topology, 3 when the machine refuses what is needed (io_uring, memory,
 * addresses, files). */
#include "core/base/map.h"
#include "io/os/clock.h"
#include "io/os/fatal.h"
#include "io/os/signal.h"
#include "server/config/config.h"
#include "server/log/log.h"
#include "server/notify.h"
#include "server/preflight.h"
#include "server/server.h"
#include "server/settings/hold_check.h"
#include "server/shard/open_files.h"
#include "server/topology/load.h"

#ifdef PCED_HAS_JEMALLOC
#include <jemalloc/jemalloc.h>
#endif

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#ifndef PCED_VERSION
#error "PCED_VERSION comes from the build"
#endif

#define EXIT_BROKEN  1
#define EXIT_USAGE   2
#define EXIT_MACHINE 3

/* How long the last lines may take to be written. */
#define LOG_WAIT_MS 1000
/* … and where the process is about to end by a fault. */
#define LOG_FAULT_MS 200

/* Pages stay with the allocator for a while and are given back by a thread of its own: a shard
 * never waits for that. The allocator finds this by its name, which its header makes visible. */
#ifdef PCED_HAS_JEMALLOC
const char *malloc_conf = "background_thread:true,dirty_decay_ms:30000,muzzy_decay_ms:0";
#endif

enum mode { MODE_RUN, MODE_CHECK };

struct arguments {
    enum mode mode;
    const char *config_path;
};

/* What the allocator says of itself: a build that lost it, or what is set above, does not hide it.
 */
static void print_version(void)
{
    printf("pced %s\n", PCED_VERSION);
#ifdef PCED_HAS_JEMALLOC
    const char *version = "?";
    bool has_thread = false;
    ssize_t decay_ms = 0;
    size_t version_size = sizeof(void *), thread_size = sizeof has_thread,
           decay_size = sizeof decay_ms;
    (void)mallctl("version", (void *)&version, &version_size, NULL, 0);
    (void)mallctl("opt.background_thread", &has_thread, &thread_size, NULL, 0);
    (void)mallctl("opt.dirty_decay_ms", &decay_ms, &decay_size, NULL, 0);
    printf("jemalloc %s, background thread %s, free pages kept for %zd ms\n", version,
           has_thread ? "on" : "off", decay_ms);
#endif
}

static void main_print_usage(FILE *file)
{
    (void)fprintf(file,
                  "usage: pced --config FILE [--check-config]\n"
                  "\n"
                  "  --config FILE        the configuration (docs/CONFIGURATION.md)\n"
                  "  --check-config       say what of the configuration, the topology and the\n"
                  "                       machine is in the way of a start, and end\n"
                  "  --print-config-keys  the table of all keys\n"
                  "  --version, --help\n"
                  "\n"
                  "SIGHUP reads configuration and topology again, SIGTERM and SIGINT end it.\n"
                  "Exit codes: 0 ended, 1 broke down, 2 wrong configuration or command line,\n"
                  "3 the machine refuses what is needed.\n");
}

/* -1: go on; otherwise the exit code. */
static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    *arguments = (struct arguments){.mode = MODE_RUN};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            arguments->config_path = argv[++i];
        } else if (strcmp(argv[i], "--check-config") == 0) {
            arguments->mode = MODE_CHECK;
        } else if (strcmp(argv[i], "--print-config-keys") == 0) {
            config_print_keys(stdout);
            return EXIT_SUCCESS;
        } else if (strcmp(argv[i], "--version") == 0) {
            print_version();
            return EXIT_SUCCESS;
        } else if (strcmp(argv[i], "--help") == 0) {
            main_print_usage(stdout);
            return EXIT_SUCCESS;
        } else {
            (void)fprintf(stderr, "pced: unknown or incomplete argument: %s\n", argv[i]);
            main_print_usage(stderr);
            return EXIT_USAGE;
        }
    }
    if (arguments->config_path != NULL)
        return -1;
    main_print_usage(stderr);
    return EXIT_USAGE;
}

static void tell_finding(void *context, bool is_note, const char *text)
{
    (void)context;
    (void)fprintf(stderr, "pced: %s%s\n", is_note ? "note: " : "", text);
}

static void tell_hold(void *context, const struct hold_finding *finding)
{
    char text[FAILURE_TEXT_SIZE];
    (void)context;
    hold_format(finding, text, sizeof text);
    (void)fprintf(stderr, "pced: warning: %s\n", text);
}

static int check_config(const struct config *config, const char *path)
{
    struct ted_snapshot *snapshot = NULL;
    char text[FAILURE_TEXT_SIZE];
    if (config->topology.file[0] != '\0') {
        if (topology_load(config->topology.file, &snapshot, text, sizeof text) != PCE_OK) {
            (void)fprintf(stderr, "pced: %s\n", text);
            return EXIT_USAGE;
        }
        printf("%s: %u nodes, %u directed links\n", config->topology.file, snapshot->node_count,
               snapshot->link_count);
        ted_snapshot_destroy(snapshot);
    }
    hold_check(config, tell_hold, NULL);
    if (!preflight_check(config, tell_finding, NULL))
        return EXIT_MACHINE;
    printf("%s: good\n", path);
    return EXIT_SUCCESS;
}

/* Tables must not be aimed at from outside (map.h). */
static void seed_hashes(void)
{
    uint64_t seed = clock_now().ns;
    (void)!getrandom(&seed, sizeof seed, 0);
    map_set_seed(seed);
}

static void say_ready(const struct server *server)
{
    static struct log_site site = LOG_SITE(INFO, "ready");
    char text[LOG_LINE_SIZE / 2];
    char state[LOG_LINE_SIZE];
    struct log_line line;
    server_describe(server, text, sizeof text);
    if (log_begin(&line, &site)) {
        log_text(&line, "server", text);
        log_end(&line);
    }
    (void)snprintf(state, sizeof state, "READY=1\nSTATUS=%s", text);
    notify_send(state);
}

/* True when the server is to end. */
static bool take_signals(struct server *server, int descriptor)
{
    int number;
    while (signal_take(descriptor, &number) == PCE_OK) {
        if (number == SIGTERM || number == SIGINT)
            return true;
        if (number == SIGHUP)
            server_reload(server);
    }
    return false;
}

static int run_control(struct server *server, int signals)
{
    struct pollfd files[] = {
        {.fd = signals, .events = POLLIN},
        {.fd = mailbox_descriptor(server->shared.mailbox), .events = POLLIN},
    };
    for (;;) {
        if (!server_attend(server))
            return EXIT_BROKEN;
        /* What was replaced is destroyed when its last reader has left: looked at each second. */
        (void)poll(files, 2, 1000);
        if (take_signals(server, signals))
            return EXIT_SUCCESS;
    }
}

/* Whoever started us looks at stderr, wherever the log goes. */
static int main_fail(const struct config *config, const char *text, int code)
{
    static struct log_site site = LOG_SITE(ERROR, "cannot start");
    struct log_line line;
    if (config->log.destination != CONFIG_LOG_DESTINATION_STDERR)
        (void)fprintf(stderr, "pced: %s\n", text);
    if (log_begin(&line, &site)) {
        log_text(&line, "why", text);
        log_end(&line);
    }
    return code;
}

/* What the log has last is why; the thread that writes it goes on meanwhile. */
static void before_fatal_end(void)
{
    log_flush(LOG_FAULT_MS);
}

static int run_server(const struct config *config, const char *path)
{
    static struct server server; /* large */
    struct failure failure = {.text = ""};
    int signals;
    enum pce_status status = signal_open(&signals);
    if (status != PCE_OK) {
        (void)!open_files_refuse(&failure, status, "the wait for signals");
        return main_fail(config, failure.text, EXIT_MACHINE);
    }
    if (log_open(&config->log, &failure) != PCE_OK) {
        (void)close(signals);
        return main_fail(config, failure.text, EXIT_MACHINE);
    }
    seed_hashes();
    status = server_start(&server, config, path, &failure);
    int code;
    if (status == PCE_OK) {
        say_ready(&server);
        code = run_control(&server, signals);
        server_stop(&server);
    } else {
        code = main_fail(config, failure.text, status == PCE_INVALID ? EXIT_USAGE : EXIT_MACHINE);
    }
    log_close(LOG_WAIT_MS);
    (void)close(signals);
    return code;
}

int main(int argc, char **argv)
{
    static struct config config; /* large */
    struct arguments arguments;
    char text[FAILURE_TEXT_SIZE];
    fatal_install(before_fatal_end);
    int code = parse_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    /* A SIGHUP that comes while the configuration is read is a reload, and not the end. */
    if (arguments.mode != MODE_CHECK)
        signal_block();
    if (config_read_file(arguments.config_path, &config, text, sizeof text) != PCE_OK) {
        (void)fprintf(stderr, "pced: %s\n", text);
        return EXIT_USAGE;
    }
    if (arguments.mode == MODE_CHECK) {
        code = check_config(&config, arguments.config_path);
        config_fini(&config);
        return code;
    }
    return run_server(&config, arguments.config_path);
}
