/* storm: what healthy peers feel of others that misbehave, and what becomes of those.
 *
 *     storm --pced build/release/server/pced --topology deploy/topologies/national.yaml
 *     storm --peers 50000 …
 *     storm --help
 *
 * Calm: the healthy peers alone. Machine: the others come, and stay with the sinks. Storm: they
 * come to pced; it lasts until each stalled peer was reset, and then as long again as the calm.
 * Exit codes: 0 all bounds hold, 1 one does not, 2 wrong option. */
#include "bench/storm/storm.h"

#include "core/base/number.h"
#include "io/os/limits.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS   200
#define UP_WAIT_S 30
#define ONSET_S   6  /* from the last one that stopped reading on: the flood is worked off */
#define SETTLE_S  2  /* for what a phase leaves behind */
#define BUSY_S    60 /* that a large storm may need longer than a small one */

#define RECONNECTS_MAX 2000 /* in a second, of all reconnecting peers: each costs some 60 µs */

static const struct option names[] = {
    {"pced", required_argument, NULL, 'p'},
    {"topology", required_argument, NULL, 't'},
    {"from", required_argument, NULL, 'f'},
    {"to", required_argument, NULL, 'o'},
    {"count", required_argument, NULL, 'c'},
    {"peers", required_argument, NULL, 'n'},
    {"interval", required_argument, NULL, 'i'},
    {"calm", required_argument, NULL, 'l'},
    {"machine", required_argument, NULL, 'm'},
    {"send-hold", required_argument, NULL, 's'},
    {"sample", required_argument, NULL, 'a'},
    {"grace", required_argument, NULL, 'g'},
    {"requests", required_argument, NULL, 'r'},
    {"reconnect", required_argument, NULL, 'e'},
    {"shards", required_argument, NULL, 'd'},
    {"pending-total", required_argument, NULL, 'T'},
    {"request-queue", required_argument, NULL, 'q'},
    {"port", required_argument, NULL, 'P'},
    {"json", required_argument, NULL, 'j'},
    {"trace", required_argument, NULL, 'x'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char usage[] =
    "storm --pced FILE --topology FILE [options]\n"
    "  --from A, --to A   addresses of the requests (192.0.2.24, 192.0.2.52)\n"
    "  --count N          healthy peers, and peers of each hostile kind (1000)\n"
    "  --peers N          all of them: five times the count\n"
    "  --interval MS      between two requests of a healthy peer (1000)\n"
    "  --calm S           how long the healthy peers are measured alone (10)\n"
    "  --machine S        and how long the others then stay with sinks (0: they do not)\n"
    "  --send-hold S, --sample S, --grace S   of pced (20, 2, 5)\n"
    "  --requests N       of a stalled peer (1500)\n"
    "  --reconnect MS     pause of a reconnecting peer (500, or longer: 2,000 come in a second)\n"
    "  --shards N         of pced (0: its own choice)\n"
    "  --pending-total MIB, --request-queue KIB   limits of pced (1024, 65536)\n"
    "  --port N           that pced listens on (14189)\n"
    "  --json FILE        the results\n"
    "  --trace FILE       five times a second: the worst answer, who was closed, pced's figures\n";

static uint32_t *storm_number_of(struct options *options, int name)
{
    switch (name) {
    case 'c':
        return &options->count;
    case 'i':
        return &options->interval_ms;
    case 'l':
        return &options->calm_s;
    case 'm':
        return &options->machine_s;
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
    case 'd':
        return &options->shards;
    case 'T':
        return &options->pending_total_mib;
    case 'q':
        return &options->request_queue_kib;
    default:
        return NULL;
    }
}

static char topology_path[PATH_MAX];

static const char **storm_text_of(struct options *options, int name)
{
    switch (name) {
    case 'p':
        return &options->pced;
    case 't':
        return &options->topology;
    case 'j':
        return &options->json;
    case 'x':
        return &options->trace;
    default:
        return NULL;
    }
}

static bool take_number(struct options *options, int name, uint64_t number)
{
    if (name == 'P')
        options->port = (uint16_t)number;
    else if (name == 'n')
        options->count = (uint32_t)number / (1 + KIND_COUNT);
    else
        *storm_number_of(options, name) = (uint32_t)number;
    return options->count >= 2 && options->count <= PEERS_MAX &&
           options->port <= UINT16_MAX - KIND_COUNT;
}

static bool take_option(struct options *options, int name, const char *value)
{
    const char **text = storm_text_of(options, name);
    if (text != NULL) {
        /* Seen from its configuration the topology lies elsewhere. */
        *text = name == 't' ? realpath(value, topology_path) : value;
        return *text != NULL;
    }
    if (name == 'f' || name == 'o') {
        struct ip *end = name == 'f' ? &options->from : &options->to;
        return ip_parse(value, end) && end->family == IP_V4;
    }
    uint64_t number;
    if (!number_parse(value, name == 'P' ? UINT16_MAX : 10000000, &number))
        return false;
    return take_number(options, name, number);
}

/* The program ends here when an option is wrong. */
static void storm_read_options(struct options *options, int argc, char **argv)
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

/* What a phase begins with. */
struct instant {
    uint64_t ns, cpu_ms;
    struct load loads[KIND_COUNT];
};

static struct instant begin_phase(const struct outcome *outcome, const struct server *server,
                                  enum phase phase)
{
    struct instant begun;
    atomic_store(&outcome->healthy->phase, (int)phase);
    begun.ns = now_ns();
    begun.cpu_ms = server_cpu_ms(server);
    hostile_loads(outcome->hostile, begun.loads);
    return begun;
}

static void end_phase(struct outcome *outcome, const struct server *server, enum phase phase,
                      const struct instant *begun)
{
    struct load loads[KIND_COUNT];
    atomic_store(&outcome->healthy->phase, -1);
    outcome->phase_ms[phase] = (now_ns() - begun->ns) / NS_PER_MS;
    outcome->phase_cpu_ms[phase] = server_cpu_ms(server) - begun->cpu_ms;
    hostile_loads(outcome->hostile, loads);
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        outcome->loads[phase][i] = (struct load){
            .connections = loads[i].connections - begun->loads[i].connections,
            .octets = loads[i].octets - begun->loads[i].octets,
            .sends = loads[i].sends - begun->loads[i].sends,
            .ended = loads[i].ended - begun->loads[i].ended,
        };
    }
}

static void trace(struct outcome *outcome, const struct server *server, uint64_t rss_kib)
{
    const struct hostile *hostile = outcome->hostile;
    if (outcome->trace == NULL)
        return;
    uint64_t worst = atomic_exchange(&outcome->healthy->worst_ns, 0);
    (void)fprintf(outcome->trace, "%.2f\t%d\t%.3f\t%u\t%u\t%u\t%llu\t%llu\n",
                  (double)now_ns() / 1e9, atomic_load(&outcome->healthy->phase),
                  (double)worst / 1e6, hostile == NULL ? 0 : atomic_load(&hostile->stopped),
                  hostile == NULL ? 0 : atomic_load(&hostile->closed),
                  hostile == NULL ? 0 : atomic_load(&hostile->ended), (unsigned long long)rss_kib,
                  (unsigned long long)server_cpu_ms(server));
}

static void storm_look(struct outcome *outcome, const struct server *server)
{
    struct memory *memory = &outcome->memory;
    uint64_t rss = server_rss_kib(server), kernel = kernel_tcp_kib();
    trace(outcome, server, rss);
    if (rss > memory->most_kib)
        memory->most_kib = rss;
    if (kernel > memory->kernel_most_kib)
        memory->kernel_most_kib = kernel;
}

/* Until *count is there, or the time is over. */
static bool wait_count(struct outcome *outcome, const struct server *server,
                       const _Atomic uint32_t *count, uint32_t wanted, uint32_t seconds)
{
    uint64_t end = now_ns() + seconds * NS_PER_S;
    while (atomic_load(count) < wanted) {
        if (now_ns() >= end)
            return false;
        (void)usleep(LOOK_MS * 1000);
        storm_look(outcome, server);
    }
    return true;
}

static void wait_seconds(struct outcome *outcome, const struct server *server, uint32_t seconds)
{
    static const _Atomic uint32_t never = 0;
    (void)wait_count(outcome, server, &never, 1, seconds);
}

static void run_calm(struct outcome *outcome, const struct server *server)
{
    const struct options *options = outcome->options;
    outcome->is_up =
        wait_count(outcome, server, &outcome->healthy->up, options->count, UP_WAIT_S + BUSY_S);
    (void)sleep(SETTLE_S); /* past the ramp */
    struct instant begun = begin_phase(outcome, server, PHASE_CALM);
    wait_seconds(outcome, server, options->calm_s);
    end_phase(outcome, server, PHASE_CALM, &begun);
}

/* The hostile ones and the healthy ones share the machine, and nothing else. */
static void run_machine(struct outcome *outcome, const struct script *script,
                        const struct server *server)
{
    const struct options *options = outcome->options;
    struct sinks sinks;
    if (options->machine_s == 0)
        return;
    sinks_start(&sinks, script);
    struct instant begun = begin_phase(outcome, server, PHASE_MACHINE_ONSET);
    struct hostile *hostile = hostile_start(options, script, sinks.ports);
    outcome->hostile = hostile;
    (void)wait_count(outcome, server, &hostile->stopped, options->count, UP_WAIT_S);
    wait_seconds(outcome, server, ONSET_S);
    end_phase(outcome, server, PHASE_MACHINE_ONSET, &begun);
    begun = begin_phase(outcome, server, PHASE_MACHINE_STORM);
    wait_seconds(outcome, server, options->machine_s);
    end_phase(outcome, server, PHASE_MACHINE_STORM, &begun);
    hostile_stop(hostile);
    outcome->hostile = NULL;
    sinks_stop(&sinks);
    (void)sleep(SETTLE_S);
}

static void run_storm(struct outcome *outcome, const struct script *script, struct stall_log *log)
{
    const struct options *options = outcome->options;
    const struct server *server = log->server;
    struct memory *memory = &outcome->memory;
    uint32_t wait_s = options->send_hold_s + options->sample_s + UP_WAIT_S + BUSY_S;
    memory->before_kib = memory->most_kib = server_rss_kib(server);
    memory->kernel_before_kib = memory->kernel_most_kib = kernel_tcp_kib();
    struct instant begun = begin_phase(outcome, server, PHASE_ONSET);
    struct hostile *hostile = hostile_start(options, script, NULL);
    atomic_store(&log->hostile, hostile);
    outcome->hostile = hostile;
    (void)wait_count(outcome, server, &hostile->stopped, options->count, UP_WAIT_S + BUSY_S);
    wait_seconds(outcome, server, ONSET_S); /* the last of their answers are computed */
    end_phase(outcome, server, PHASE_ONSET, &begun);
    begun = begin_phase(outcome, server, PHASE_STORM);
    memory->stalled_kib = server_rss_kib(server);
    (void)wait_count(outcome, server, &hostile->closed, options->count, wait_s);
    memory->released_kib = server_rss_kib(server);
    (void)wait_count(outcome, server, &hostile->ended, options->count,
                     options->grace_s + UP_WAIT_S);
    wait_seconds(outcome, server, options->calm_s); /* the other three kinds alone */
    end_phase(outcome, server, PHASE_STORM, &begun);
    hostile_stop(hostile);
    (void)sleep(SETTLE_S); /* pced sees their ends */
    memory->after_kib = server_rss_kib(server);
    memory->kernel_after_kib = kernel_tcp_kib();
}

static void run_all(struct outcome *outcome, struct server *server)
{
    const struct options *options = outcome->options;
    struct script script;
    script_make(&script, options);
    if (options->trace != NULL && (outcome->trace = fopen(options->trace, "w")) != NULL)
        (void)fputs("time\tphase\tworst ms\tstopped\tclosed\treset\tRSS KiB\tCPU ms\n",
                    outcome->trace);
    server_start(server, options);
    struct stall_log log = {.server = server};
    outcome->memory.shards = server_shards(server);
    outcome->memory.empty_kib = server_rss_kib(server);
    outcome->healthy = healthy_start(options, &script);
    stall_log_start(&log);
    run_calm(outcome, server);
    run_machine(outcome, &script, server);
    run_storm(outcome, &script, &log);
    healthy_stop(outcome->healthy);
    stall_log_stop(&log);
    outcome->exit_code = server_stop(server);
    outcome->log = log.totals;
    if (outcome->trace != NULL)
        (void)fclose(outcome->trace);
}

int main(int argc, char **argv)
{
    struct options options = {
        .from = ip_from_u32(0xC0000218),
        .to = ip_from_u32(0xC0000234),
        .count = 1000,
        .interval_ms = 1000,
        .calm_s = 10,
        .send_hold_s = 20,
        .sample_s = 2,
        .grace_s = 5,
        .open_wait_s = 15,
        .stalled_requests = 1500,
        .pending_total_mib = 1024,
        .request_queue_kib = 65536,
        .port = 14189,
    };
    struct server server = {0};
    storm_read_options(&options, argc, argv);
    if (options.reconnect_ms == 0)
        options.reconnect_ms = options.count > 1000 ? options.count * 1000 / RECONNECTS_MAX : 500;
    limits_raise_files();
    (void)printf("storm: %u healthy peers, %u each stalled, dripping, silent, reconnecting\n",
                 options.count, options.count);
    struct outcome outcome = {.options = &options};
    run_all(&outcome, &server);
    return outcome_report(&outcome) ? 0 : 1;
}
