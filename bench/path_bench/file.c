#include "bench/path_bench/path_bench.h"
#include "server/topology/load.h"

#include <stdio.h>
#include <string.h>

struct sums {
    uint64_t found, exceeded, links, sids, work;
};

struct run {
    const struct bench_options *options;
    struct ted_snapshot *snapshot;
    struct path_engine *engine;
    double build_us; /* what was made of the snapshot beforehand took */
    double *times;   /* microseconds, one for each request */
};

/* Computes the first `count` requests of the seed; with times, each is timed on its own. */
static struct sums compute(const struct run *run, uint32_t count, double *times)
{
    struct path_request request = {
        .setup = run->options->setup, .family = IP_V4, .sids_max = run->options->msd};
    struct sums sums = {0};
    struct mix mix;
    mix_init(&mix, run->options->constraints, run->options->seed, run->snapshot);
    for (uint32_t i = 0; i < count; i++) {
        struct path_result result;
        mix_draw(&mix, run->snapshot, &request);
        double before = times == NULL ? 0 : bench_cpu_us();
        path_compute(run->engine, run->snapshot, &request, &result);
        if (times != NULL)
            times[i] = bench_cpu_us() - before;
        sums.found += result.outcome == PATH_FOUND;
        sums.exceeded += result.outcome == PATH_WORK_EXCEEDED;
        sums.links += result.link_count;
        sums.sids += result.sid_count;
        sums.work += result.work;
    }
    return sums;
}

static int file_compare_times(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void write_json(const struct run *run, double mean_us, const struct sums *sums, FILE *out)
{
    uint32_t n = run->options->requests;
    (void)fprintf(out,
                  "{\"nodes\": %u, \"links\": %u, \"requests\": %u, \"found\": %llu,\n"
                  " \"exceeded\": %llu,\n",
                  run->snapshot->node_count, run->snapshot->link_count, n,
                  (unsigned long long)sums->found, (unsigned long long)sums->exceeded);
    (void)fprintf(
        out, " \"mean_us\": %.3f, \"p50_us\": %.3f, \"p99_us\": %.3f, \"max_us\": %.3f,\n", mean_us,
        run->times[n / 2], run->times[(uint64_t)n * 99 / 100], run->times[n - 1]);
    (void)fprintf(out,
                  " \"links_mean\": %.2f, \"sids_mean\": %.2f, \"work_mean\": %.1f,\n"
                  " \"snapshot_octets\": %zu, \"landmarks_ms\": %.3f,\n"
                  " \"engine_octets\": %zu}\n",
                  (double)sums->links / n, (double)sums->sids / n, (double)sums->work / n,
                  run->snapshot->octets, run->build_us / 1e3, path_engine_octets(run->engine));
}

static int file_report(const struct run *run, double mean_us, const struct sums *sums)
{
    const char *json = run->options->json;
    if (json == NULL) {
        (void)printf("%u nodes: %.2f us, %llu of %u found\n", run->snapshot->node_count, mean_us,
                     (unsigned long long)sums->found, run->options->requests);
        return 0;
    }
    FILE *out = strcmp(json, "-") == 0 ? stdout : fopen(json, "w");
    if (out == NULL) {
        (void)fprintf(stderr, "path_bench: cannot write %s\n", json);
        return 1;
    }
    write_json(run, mean_us, sums, out);
    return (out == stdout ? fflush(out) : fclose(out)) == 0 ? 0 : 1;
}

int bench_file(const struct bench_options *options)
{
    struct run run = {.options = options};
    char text[512];
    if (topology_load(options->topology, &run.snapshot, text, sizeof text) != PCE_OK) {
        (void)fprintf(stderr, "path_bench: %s\n", text);
        return 1;
    }
    double build_before = bench_cpu_us();
    bool is_built = path_landmarks_build(run.snapshot);
    run.build_us = bench_cpu_us() - build_before;
    run.engine = is_built ? path_engine_create(0) : NULL;
    run.times = malloc(options->requests * sizeof *run.times);
    int code = 1;
    if (run.engine != NULL && run.times != NULL && run.snapshot->node_count > 0) {
        (void)compute(&run, options->requests / 10, NULL); /* warm up */
        /* The clock would be a part of each figure: the mean is of all requests together. */
        double before = bench_cpu_us();
        struct sums sums = compute(&run, options->requests, NULL);
        double mean_us = (bench_cpu_us() - before) / options->requests;
        (void)compute(&run, options->requests, run.times);
        qsort(run.times, options->requests, sizeof *run.times, file_compare_times);
        code = file_report(&run, mean_us, &sums);
    }
    free(run.times);
    path_engine_destroy(run.engine);
    ted_snapshot_destroy(run.snapshot);
    return code;
}
