/* storm: what healthy peers feel of 4,000 others that misbehave, and what becomes of those.
 *
 *     storm --pced build/release/server/pced --topology deploy/topologies/national.yaml
 *     storm --help
 *
 * Calm: the healthy peers alone. Storm: the others come; it lasts until each stalled peer was
 * reset, and then as long again as the calm. Exit codes: 0 all bounds hold, 1 one does not, 2 wrong
 * option.
 */
#include "bench/storm/storm.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LOOK_MS     200
#define UP_WAIT_S   30
#define ONSET_S     6 /* from the last one that stopped reading on: the flood is worked off */
#define CLOSE_SLACK 3 /* seconds that a busy machine may add to an instant */
#define FLOOD_S     5 /* answers still go out while all that was asked is worked off */

struct memory {
    uint64_t before_kib, most_kib, stalled_kib, released_kib, after_kib;
    uint64_t kernel_before_kib, kernel_most_kib, kernel_after_kib;
};

static const struct option names[] = {
    {"pced", required_argument, NULL, 'p'},
    {"topology", required_argument, NULL, 't'},
    {"from", required_argument, NULL, 'f'},
    {"to", required_argument, NULL, 'o'},
    {"count", required_argument, NULL, 'c'},
    {"interval", required_argument, NULL, 'i'},
    {"calm", required_argument, NULL, 'l'},
    {"send-hold", required_argument, NULL, 's'},
    {"sample", required_argument, NULL, 'a'},
    {"grace", required_argument, NULL, 'g'},
    {"requests", required_argument, NULL, 'r'},
    {"reconnect", required_argument, NULL, 'e'},
    {"port", required_argument, NULL, 'P'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char usage[] =
    "storm --pced FILE --topology FILE [options]\n"
    "  --from A, --to A   addresses of the requests (192.0.2.24, 192.0.2.52)\n"
    "  --count N          healthy peers, and peers of each hostile kind (1000)\n"
    "  --interval MS      between two requests of a healthy peer (1000)\n"
    "  --calm S           how long the healthy peers are measured alone (10)\n"
    "  --send-hold S, --sample S, --grace S   of pced (20, 2, 5)\n"
    "  --requests N       of a stalled peer (1500)\n"
    "  --reconnect MS     pause of a reconnecting peer (500)\n"
    "  --port N           that pced listens on (14189)\n";

static uint32_t *number_of(struct options *options, int name)
{
    switch (name) {
    case 'c':
        return &options->count;
    case 'i':
        return &options->interval_ms;
    case 'l':
        return &options->calm_s;
    case 's':
        return &options->send_hold_s;
    case 'a':
        return &options->sample_s;
    case 'g':
        return &options->grace_s;
    case 'r':
        return &options->stalled_requests;
    case 'e':
        return &options->reconnect_ms;
    default:
        return NULL;
    }
}

static bool take_option(struct options *options, int name, const char *value)
{
    struct in_addr address = {0};
    char *end = NULL;
    if (name == 'p' || name == 't') {
        *(name == 'p' ? &options->pced : &options->topology) = value;
        return true;
    }
    if (name == 'f' || name == 'o') {
        bool is_good = inet_pton(AF_INET, value, &address) == 1;
        *(name == 'f' ? &options->from : &options->to) = ntohl(address.s_addr);
        return is_good;
    }
    unsigned long number = strtoul(value, &end, 10);
    if (*value == '\0' || *end != '\0' || number < 2 || number > 65535)
        return false;
    if (name == 'P')
        options->port = (uint16_t)number;
    else
        *number_of(options, name) = (uint32_t)number;
    return options->count <= PEERS_MAX;
}

/* The program ends here when an option is wrong. */
static void read_options(struct options *options, int argc, char **argv)
{
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (name == 'h') {
            (void)fputs(usage, stdout);
            exit(0);
        }
        if (name == '?' || !take_option(options, name, optarg)) {
            (void)fputs(usage, stderr);
            exit(2);
        }
    }
    if (options->pced == NULL || options->topology == NULL || optind != argc) {
        (void)fputs(usage, stderr);
        exit(2);
    }
}

/* ---- phases ---- */

static void look_at_memory(const struct server *server, struct memory *memory)
{
    uint64_t rss = server_rss_kib(server), kernel = kernel_tcp_kib();
    if (rss > memory->most_kib)
        memory->most_kib = rss;
    if (kernel > memory->kernel_most_kib)
        memory->kernel_most_kib = kernel;
}

/* Until *count is there, or the time is over. */
static bool wait_count(const _Atomic uint32_t *count, uint32_t wanted, uint32_t seconds,
                       const struct server *server, struct memory *memory)
{
    uint64_t end = now_ns() + seconds * NS_PER_S;
    while (atomic_load(count) < wanted) {
        if (now_ns() >= end)
            return false;
        (void)usleep(LOOK_MS * 1000);
        if (memory != NULL)
            look_at_memory(server, memory);
    }
    return true;
}

static void run_storm(struct hostile *hostile, struct healthy *healthy, struct memory *memory)
{
    const struct options *options = hostile->options;
    const struct server *server = hostile->server;
    uint32_t wait_s = options->send_hold_s + options->sample_s + UP_WAIT_S;
    memory->before_kib = memory->most_kib = server_rss_kib(server);
    memory->kernel_before_kib = kernel_tcp_kib();
    hostile_start(hostile);
    atomic_store(&healthy->phase, HEALTHY_ONSET);
    (void)wait_count(&hostile->stopped, options->count, UP_WAIT_S, server, memory);
    (void)sleep(ONSET_S); /* the last of their answers are computed */
    atomic_store(&healthy->phase, HEALTHY_STORM);
    look_at_memory(server, memory);
    memory->stalled_kib = server_rss_kib(server);
    (void)wait_count(&hostile->closed, options->count, wait_s, server, memory);
    memory->released_kib = server_rss_kib(server);
    (void)wait_count(&hostile->ended, options->count, options->grace_s + UP_WAIT_S, server, memory);
    (void)sleep(options->calm_s); /* the other three kinds alone */
    atomic_store(&healthy->phase, -1);
    hostile_stop(hostile);
    (void)sleep(2); /* pced sees their ends */
    memory->after_kib = server_rss_kib(server);
    memory->kernel_after_kib = kernel_tcp_kib();
}

/* ---- the report ---- */

static double ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

static void print_latency(const char *name, struct durations *latency)
{
    (void)printf("  %-24s %8zu answers   p50 %8.3f ms   p99 %8.3f ms   max %8.3f ms\n", name,
                 latency->count, ms(durations_quantile(latency, 0.5)),
                 ms(durations_quantile(latency, 0.99)), ms(durations_quantile(latency, 1)));
}

static void print_ratio(const char *name, struct durations *latency, struct durations *calm)
{
    if (calm->count > 0 && latency->count > 0)
        (void)printf("  %-24s p50 %.2f   p99 %.2f\n", name,
                     ms(durations_quantile(latency, 0.5)) / ms(durations_quantile(calm, 0.5)),
                     ms(durations_quantile(latency, 0.99)) / ms(durations_quantile(calm, 0.99)));
}

static bool report_healthy(struct healthy *healthy)
{
    struct durations *calm = &healthy->latency[HEALTHY_CALM];
    struct durations *onset = &healthy->latency[HEALTHY_ONSET];
    struct durations *storm = &healthy->latency[HEALTHY_STORM];
    (void)printf("healthy peers: time from a request to its answer\n");
    print_latency("alone", calm);
    print_latency("while the others come", onset);
    print_latency("in the storm", storm);
    print_ratio("ratio, while they come", onset, calm);
    print_ratio("ratio, in the storm", storm, calm);
    (void)printf("  asked late by this program: p50 %.3f ms, p99 %.3f ms (not in the figures)\n",
                 ms(durations_quantile(&healthy->lateness, 0.5)),
                 ms(durations_quantile(&healthy->lateness, 0.99)));
    (void)printf("  asked %llu, answered %llu, cancelled by PCNtf %llu, without path %llu, could "
                 "not be asked %llu, sessions lost %llu, PCNtf of congestion %llu\n",
                 (unsigned long long)healthy->asked, (unsigned long long)healthy->answered,
                 (unsigned long long)healthy->cancelled, (unsigned long long)healthy->without_path,
                 (unsigned long long)healthy->not_asked, (unsigned long long)healthy->lost,
                 (unsigned long long)healthy->congestions);
    /* What was asked in the last moment may have no answer. */
    return healthy->lost == 0 && healthy->without_path == 0 && healthy->not_asked == 0 &&
           healthy->answered + healthy->cancelled + healthy->options->count >= healthy->asked &&
           calm->count > 0;
}

static void report_memory(const struct memory *memory)
{
    (void)printf("memory of pced (resident, MiB)\n"
                 "  before %.1f   stalled ones full %.1f   largest %.1f   last Close sent %.1f   "
                 "after %.1f\n",
                 (double)memory->before_kib / 1024, (double)memory->stalled_kib / 1024,
                 (double)memory->most_kib / 1024, (double)memory->released_kib / 1024,
                 (double)memory->after_kib / 1024);
    (void)printf("  the kernel's for all TCP, both ends: before %.1f   largest %.1f   after %.1f\n",
                 (double)memory->kernel_before_kib / 1024, (double)memory->kernel_most_kib / 1024,
                 (double)memory->kernel_after_kib / 1024);
}

static void print_instants(const char *name, struct durations *instants)
{
    (void)printf("  %-28s first %6.2f s   p50 %6.2f s   last %6.2f s\n", name,
                 ms(durations_quantile(instants, 0)) / 1000,
                 ms(durations_quantile(instants, 0.5)) / 1000,
                 ms(durations_quantile(instants, 1)) / 1000);
}

static bool report_stalled(struct hostile *hostile)
{
    const struct options *options = hostile->options;
    struct durations closed = {0}, ended = {0};
    for (uint32_t i = 0; i < options->count; i++) {
        const struct hostile_peer *peer = &hostile->peers[i];
        if (peer->closed_ns != 0)
            durations_add(&closed, peer->closed_ns - peer->stopped_ns);
        if (peer->ended_ns != 0)
            durations_add(&ended, peer->ended_ns - peer->stopped_ns);
    }
    (void)printf("stalled peers: %zu of %u closed, %zu reset; times since they stopped reading\n",
                 closed.count, options->count, ended.count);
    print_instants("closed by the server", &closed);
    print_instants("reset", &ended);
    (void)printf(
        "  without progress by its log: %llu to %llu s (send-hold %u s, sample %u s, grace "
        "%u s)\n",
        (unsigned long long)hostile->least_stalled_s, (unsigned long long)hostile->most_stalled_s,
        options->send_hold_s, options->sample_s, options->grace_s);
    (void)printf("  pending at the end: %.1f MiB in all, dropped %.1f MiB\n",
                 (double)hostile->pending_octets / 1048576,
                 (double)hostile->dropped_octets / 1048576);
    uint64_t latest_s = options->send_hold_s + options->sample_s + CLOSE_SLACK;
    uint64_t latest = (latest_s + FLOOD_S) * NS_PER_S;
    bool is_good =
        closed.count == options->count && ended.count == options->count &&
        durations_quantile(&closed, 1) <= latest &&
        hostile->least_stalled_s >= options->send_hold_s &&
        durations_quantile(&ended, 1) <= latest + (options->grace_s + CLOSE_SLACK) * NS_PER_S;
    durations_fini(&closed);
    durations_fini(&ended);
    return is_good;
}

static void report_others(const struct hostile *hostile)
{
    static const char *const kinds[KIND_COUNT] = {"stalled", "dripping", "silent", "reconnecting"};
    (void)printf("connections made, and of them ended by the server\n ");
    for (unsigned i = 0; i < KIND_COUNT; i++)
        (void)printf(" %s %llu, %llu%s", kinds[i], (unsigned long long)hostile->connected[i],
                     (unsigned long long)hostile->ended_by_server[i],
                     i + 1 < KIND_COUNT ? ";" : "\n");
    if (hostile->failed > 0)
        (void)printf("  %llu could not be made\n", (unsigned long long)hostile->failed);
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    struct options options = {
        .from = 0xC0000218,
        .to = 0xC0000234,
        .count = 1000,
        .interval_ms = 1000,
        .calm_s = 10,
        .send_hold_s = 20,
        .sample_s = 2,
        .grace_s = 5,
        .open_wait_s = 15,
        .stalled_requests = 1500,
        .reconnect_ms = 500,
        .port = 14189,
    };
    struct script script;
    struct server server = {0};
    struct memory memory = {0};
    read_options(&options, argc, argv);
    raise_file_limit();
    script_make(&script, &options);
    server_start(&server, &options);
    struct healthy healthy = {.options = &options, .script = &script};
    struct hostile hostile = {.options = &options, .script = &script, .server = &server};
    (void)printf("storm: %u healthy peers, %u each stalled, dripping, silent, reconnecting\n",
                 options.count, options.count);
    healthy_start(&healthy);
    bool is_up = wait_count(&healthy.up, options.count, UP_WAIT_S, &server, NULL);
    (void)sleep(2); /* past the ramp */
    atomic_store(&healthy.phase, HEALTHY_CALM);
    (void)sleep(options.calm_s);
    run_storm(&hostile, &healthy, &memory);
    healthy_stop(&healthy);
    int code = server_stop(&server);
    bool is_good = report_healthy(&healthy) && is_up;
    report_memory(&memory);
    is_good = report_stalled(&hostile) && is_good && code == 0;
    report_others(&hostile);
    (void)printf("pced ended with %d\nstorm: %s\n", code, is_good ? "all bounds hold" : "FAILED");
    free(hostile.peers);
    healthy_fini(&healthy);
    return is_good ? 0 : 1;
}
