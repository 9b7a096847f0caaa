/* What the storm prints, and which bounds it holds pced to. */
#include "bench/storm/storm.h"

#include <stdio.h>

#define CLOSE_SLACK      3    /* seconds that a busy machine may add to an instant */
#define FLOOD_S          5    /* answers still go out while all that was asked is worked off */
#define FLOOD_PEERS      1000 /* … of so many stalled peers; more take as much longer */
#define MEMORY_MARGIN    1.1
#define MIB(KIB)         ((double)(KIB) / 1024)
#define SESSION_COST_KIB 1 /* docs/ARCHITECTURE.md: what a session costs */

static const char *const phase_texts[PHASE_COUNT] = {
    [PHASE_CALM] = "alone",
    [PHASE_MACHINE_ONSET] = "sinks: the others come",
    [PHASE_MACHINE_STORM] = "sinks: they are there",
    [PHASE_ONSET] = "while the others come",
    [PHASE_STORM] = "in the storm",
};

/* Each by the second. */
static void print_loads(const struct outcome *outcome, enum phase phase)
{
    double seconds = (double)outcome->phase_ms[phase] / 1000;
    if (phase == PHASE_CALM)
        return;
    (void)printf("  %24s others, a second:", "");
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        const struct load *load = &outcome->loads[phase][i];
        (void)printf("%s %s %.0f connections, %.0f octets in %.0f sends", i > 0 ? ";" : "",
                     hostile_names[i], (double)load->connections / seconds,
                     (double)load->octets / seconds, (double)load->sends / seconds);
    }
    (void)printf("\n");
}

static double report_ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

static void print_latency(struct outcome *outcome, enum phase phase)
{
    struct durations *latency = &outcome->healthy->latency[phase];
    struct durations *calm = &outcome->healthy->latency[PHASE_CALM];
    if (latency->count == 0 || calm->count == 0)
        return;
    double p50 = report_ms(durations_quantile(latency, 0.5)),
           p99 = report_ms(durations_quantile(latency, 0.99));
    double usual = report_ms(outcome->healthy->usual_p99_ns[phase]);
    (void)printf("  %-24s %8zu answers   p50 %8.3f ms   p99 %8.3f ms (%.3f in the usual second)   "
                 "max %8.3f ms\n",
                 phase_texts[phase], latency->count, p50, p99, usual,
                 report_ms(durations_quantile(latency, 1)));
    (void)printf("  %24s to alone: p50 %.2f   p99 %.2f (%.2f)   %.1f s, pced's processor time %.1f "
                 "s\n",
                 "", p50 / report_ms(durations_quantile(calm, 0.5)),
                 p99 / report_ms(durations_quantile(calm, 0.99)),
                 usual / report_ms(outcome->healthy->usual_p99_ns[PHASE_CALM]),
                 (double)outcome->phase_ms[phase] / 1000,
                 (double)outcome->phase_cpu_ms[phase] / 1000);
    print_loads(outcome, phase);
}

static bool report_healthy(struct outcome *outcome)
{
    struct healthy *healthy = outcome->healthy;
    (void)printf("healthy peers: time from a request to its answer\n");
    for (unsigned i = 0; i < PHASE_COUNT; i++)
        healthy->usual_p99_ns[i] = durations_usual_quantile(&healthy->latency[i], 0.99);
    for (unsigned i = 0; i < PHASE_COUNT; i++)
        print_latency(outcome, (enum phase)i);
    (void)printf("  asked late by this program: p50 %.3f ms, p99 %.3f ms (not in the figures)\n",
                 report_ms(durations_quantile(&healthy->lateness, 0.5)),
                 report_ms(durations_quantile(&healthy->lateness, 0.99)));
    (void)printf("  asked %llu, answered %llu, cancelled by PCNtf %llu, without path %llu, could "
                 "not be asked %llu, sessions lost %llu, PCNtf of congestion %llu\n",
                 (unsigned long long)healthy->asked, (unsigned long long)healthy->answered,
                 (unsigned long long)healthy->cancelled, (unsigned long long)healthy->without_path,
                 (unsigned long long)healthy->not_asked, (unsigned long long)healthy->lost,
                 (unsigned long long)healthy->congestions);
    /* What was asked in the last moment may have no answer. */
    return healthy->lost == 0 && healthy->without_path == 0 && healthy->not_asked == 0 &&
           healthy->answered + healthy->cancelled + outcome->options->count >= healthy->asked &&
           healthy->latency[PHASE_CALM].count > 0;
}

double outcome_limit_mib(const struct outcome *outcome)
{
    const struct options *options = outcome->options;
    const struct memory *memory = &outcome->memory;
    double sessions = (1 + KIND_COUNT) * options->count * (double)SESSION_COST_KIB;
    return MIB(memory->empty_kib) + MIB(sessions) + options->pending_total_mib +
           MIB(memory->shards * (double)options->request_queue_kib);
}

static bool report_memory(const struct outcome *outcome)
{
    const struct options *options = outcome->options;
    const struct memory *memory = &outcome->memory;
    double limit = outcome_limit_mib(outcome);
    (void)printf("memory of pced (resident, MiB)\n"
                 "  empty %.1f   before %.1f   stalled ones full %.1f   largest %.1f   last Close "
                 "sent %.1f   after %.1f\n",
                 MIB(memory->empty_kib), MIB(memory->before_kib), MIB(memory->stalled_kib),
                 MIB(memory->most_kib), MIB(memory->released_kib), MIB(memory->after_kib));
    (void)printf(
        "  limits: %.1f = empty + %u sessions of %u KiB + pending-total %u MiB + %u shards "
        "with a request-queue of %.1f MiB; largest / limits %.2f\n",
        limit, (1 + KIND_COUNT) * options->count, SESSION_COST_KIB, options->pending_total_mib,
        memory->shards, MIB(options->request_queue_kib), MIB(memory->most_kib) / limit);
    (void)printf("  the kernel's for all TCP, both ends: before %.1f   largest %.1f   after %.1f\n",
                 MIB(memory->kernel_before_kib), MIB(memory->kernel_most_kib),
                 MIB(memory->kernel_after_kib));
    return MIB(memory->most_kib) <= MEMORY_MARGIN * limit;
}

static void print_instants(const char *name, struct durations *instants)
{
    (void)printf("  %-28s first %6.2f s   p50 %6.2f s   last %6.2f s\n", name,
                 report_ms(durations_quantile(instants, 0)) / 1000,
                 report_ms(durations_quantile(instants, 0.5)) / 1000,
                 report_ms(durations_quantile(instants, 1)) / 1000);
}

static void print_stalls(const struct outcome *outcome)
{
    const struct options *options = outcome->options;
    const struct stalls *log = &outcome->log;
    (void)printf(
        "  why: send hold %llu, pending-total %llu, else %llu; the former without progress "
        "for %llu to %llu s (send-hold %u s, sample %u s, grace %u s)\n",
        (unsigned long long)log->by_reason[STALL_SEND_HOLD],
        (unsigned long long)log->by_reason[STALL_PENDING_TOTAL],
        (unsigned long long)log->by_reason[STALL_PENDING_HARD],
        (unsigned long long)log->stalled_min_s, (unsigned long long)log->stalled_max_s,
        options->send_hold_s, options->sample_s, options->grace_s);
    (void)printf("  pending at the end: %.1f MiB in all, dropped %.1f MiB\n",
                 (double)log->pending_octets / 1048576, (double)log->dropped_octets / 1048576);
}

static bool report_stalled(const struct outcome *outcome)
{
    const struct options *options = outcome->options;
    const struct stalls *log = &outcome->log;
    struct durations closed, ended;
    durations_init(&closed);
    durations_init(&ended);
    for (uint32_t i = 0; i < options->count; i++) {
        const struct hostile_peer *peer = &outcome->hostile->kinds[KIND_STALLED].peers[i];
        if (peer->closed_ns != 0)
            durations_add(&closed, peer->closed_ns - peer->stopped_ns);
        if (peer->ended_ns != 0)
            durations_add(&ended, peer->ended_ns - peer->stopped_ns);
    }
    (void)printf("stalled peers: %zu of %u closed, %zu reset; times since they stopped reading\n",
                 closed.count, options->count, ended.count);
    print_instants("closed by the server", &closed);
    print_instants("reset", &ended);
    print_stalls(outcome);
    uint64_t hold_s = options->send_hold_s + options->sample_s + CLOSE_SLACK;
    uint64_t flood_s = FLOOD_S * (1 + options->count / FLOOD_PEERS);
    uint64_t latest = (hold_s + flood_s) * NS_PER_S;
    bool has_held = log->by_reason[STALL_SEND_HOLD] == 0 ||
                    (log->stalled_min_s >= options->send_hold_s && log->stalled_max_s <= hold_s);
    return has_held && closed.count == options->count && ended.count == options->count &&
           durations_quantile(&closed, 1) <= latest &&
           durations_quantile(&ended, 1) <= latest + (options->grace_s + CLOSE_SLACK) * NS_PER_S;
}

static void report_others(const struct hostile *hostile)
{
    uint64_t failed = 0;
    (void)printf("connections made, and of them ended by the server\n ");
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        const struct hostile_kind *kind = &hostile->kinds[i];
        (void)printf(" %s %llu, %llu%s", hostile_names[i], (unsigned long long)kind->connected,
                     (unsigned long long)kind->ended_by_server, i + 1 < KIND_COUNT ? ";" : "\n");
        failed += kind->failed;
    }
    if (failed > 0)
        (void)printf("  %llu could not be made\n", (unsigned long long)failed);
}

bool outcome_report(struct outcome *outcome)
{
    bool is_good = report_healthy(outcome) && outcome->is_up;
    is_good = report_memory(outcome) && is_good;
    is_good = report_stalled(outcome) && is_good && outcome->exit_code == 0;
    report_others(outcome->hostile);
    (void)printf("pced ended with %d\nstorm: %s\n", outcome->exit_code,
                 is_good ? "all bounds hold" : "FAILED");
    if (outcome->options->json != NULL)
        outcome_write_json(outcome, is_good);
    return is_good;
}
