/* The outcome as JSON. */
#include "bench/storm/storm.h"

#include "core/base/check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *report_integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *loads_of(const struct outcome *outcome, enum phase phase)
{
    json_t *kinds = json_object();
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        const struct load *load = &outcome->loads[phase][i];
        json_t *kind = json_pack("{s:o, s:o, s:o, s:o}",                           //
                                 "connections", report_integer(load->connections), //
                                 "octets", report_integer(load->octets),           //
                                 "sends", report_integer(load->sends),             //
                                 "ended", report_integer(load->ended));
        (void)json_object_set_new(kinds, hostile_names[i], kind);
    }
    return kinds;
}

static json_t *phase_of(struct outcome *outcome, enum phase phase)
{
    struct durations *latency = &outcome->healthy->latency[phase];
    return json_pack("{s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:o}", //
                     "answers", report_integer(latency->count),  //
                     "p50_ms", (double)durations_quantile(latency, 0.5) / 1e6, "p99_ms",
                     (double)durations_quantile(latency, 0.99) / 1e6, "usual_p99_ms",
                     (double)outcome->healthy->usual_p99_ns[phase] / 1e6, "max_ms",
                     (double)durations_quantile(latency, 1) / 1e6, "seconds",
                     (double)outcome->phase_ms[phase] / 1000, "cpu_seconds",
                     (double)outcome->phase_cpu_ms[phase] / 1000, "others",
                     loads_of(outcome, phase));
}

static json_t *healthy_of(struct outcome *outcome)
{
    static const char *const names[PHASE_COUNT] = {"calm", "machine_onset", "machine_storm",
                                                   "onset", "storm"};
    const struct healthy *healthy = outcome->healthy;
    json_t *phases = json_object();
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        if (outcome->healthy->latency[i].count > 0)
            (void)json_object_set_new(phases, names[i], phase_of(outcome, (enum phase)i));
    }
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "phases", phases, //
        "asked", report_integer(healthy->asked), "answered", report_integer(healthy->answered),
        "cancelled", report_integer(healthy->cancelled),       //
        "without_path", report_integer(healthy->without_path), //
        "not_asked", report_integer(healthy->not_asked), "lost", report_integer(healthy->lost),
        "congestions", report_integer(healthy->congestions));
}

static json_t *memory_of(const struct outcome *outcome)
{
    const struct memory *memory = &outcome->memory;
    return json_pack("{s:f, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",               //
                     "limit_mib", outcome_limit_mib(outcome),                       //
                     "pending_total_mib", (int)outcome->options->pending_total_mib, //
                     "shards", report_integer(memory->shards), "empty_kib",
                     report_integer(memory->empty_kib), "before_kib",
                     report_integer(memory->before_kib),                             //
                     "largest_kib", report_integer(memory->most_kib),                //
                     "after_kib", report_integer(memory->after_kib),                 //
                     "kernel_before_kib", report_integer(memory->kernel_before_kib), //
                     "kernel_largest_kib", report_integer(memory->kernel_most_kib));
}

static json_t *stalled_of(const struct outcome *outcome)
{
    const struct stalls *log = &outcome->log;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",                                   //
                     "closed", report_integer(atomic_load(&outcome->hostile->closed)),        //
                     "reset", report_integer(atomic_load(&outcome->hostile->ended)),          //
                     "by_send_hold", report_integer(log->by_reason[STALL_SEND_HOLD]),         //
                     "by_pending_total", report_integer(log->by_reason[STALL_PENDING_TOTAL]), //
                     "by_pending_hard", report_integer(log->by_reason[STALL_PENDING_HARD]),   //
                     "least_without_progress_s", report_integer(log->stalled_min_s),          //
                     "most_without_progress_s", report_integer(log->stalled_max_s));
}

void outcome_write_json(struct outcome *outcome, bool is_good)
{
    json_t *all = json_pack("{s:i, s:b, s:o, s:o, s:o, s:i}",                             //
                            "peers", (int)((1 + KIND_COUNT) * outcome->options->count),   //
                            "bounds_hold", (int)is_good, "healthy", healthy_of(outcome),  //
                            "memory", memory_of(outcome), "stalled", stalled_of(outcome), //
                            "pced_exit_code", outcome->exit_code);
    CHECK(all != NULL);
    if (json_dump_file(all, outcome->options->json, JSON_INDENT(2)) != 0) {
        (void)fprintf(stderr, "storm: cannot write %s\n", outcome->options->json);
        exit(1);
    }
    json_decref(all);
}
