/* Grids with four neighbours to a node, random metrics from 1 to 64, and affinities of which an
 * excluded one rules out a tenth of the links. Source and destination are random. */
#include "bench/path_bench/path_bench.h"
#include "core/base/check.h"
#include "core/ted/builder.h"

#include <stdio.h>
#include <stdlib.h>

#define SID_BASE 16000
#define ADJ_BASE 300000

static struct mix dice = {.random = {1}};

static uint32_t below(uint32_t end)
{
    return mix_below(&dice, end);
}

static void must(enum pce_status status, const struct ted_fault *fault)
{
    if (status == PCE_OK)
        return;
    fprintf(stderr, "path_bench: %s: %s\n", fault->element, fault->reason);
    exit(1);
}

static void grid_add_link(struct ted_builder *builder, uint32_t from, uint32_t to, uint32_t number)
{
    struct ted_adj_sid sid = {.label = ADJ_BASE + number};
    struct ted_link_spec spec = {.from = from,
                                 .to = to,
                                 .igp_metric = 1 + below(64),
                                 .te_metric = 1 + below(64),
                                 .delay_us = 1 + below(64),
                                 .admin_group = below(10) == 0 ? 1 : 2,
                                 .capacity = 1e9F,
                                 .max_reservable = 1e9F,
                                 .adj_sids = &sid,
                                 .adj_sid_count = 1};
    for (uint32_t p = 0; p < TED_PRIORITIES; p++)
        spec.unreserved[p] = (float)(1 + below(100)) * 1e7F;
    struct ted_fault fault = {0};
    uint32_t index;
    must(ted_builder_add_link(builder, &spec, &index, &fault), &fault);
}

static struct ted_snapshot *grid(uint32_t side)
{
    struct ted_builder *builder = ted_builder_create("grid");
    struct ted_srgb srgb = {SID_BASE, side * side};
    struct ted_fault fault = {0};
    for (uint32_t i = 0; i < side * side; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        struct ted_prefix_sid sid = {.family = IP_V4, .index = i};
        struct ted_node_spec spec = {.name = name,
                                     .router_id_v4 = ip_from_u32(0x0a000001 + i),
                                     .srgbs = &srgb,
                                     .srgb_count = 1,
                                     .prefix_sids = &sid,
                                     .prefix_sid_count = 1};
        uint32_t index;
        must(ted_builder_add_node(builder, &spec, &index, &fault), &fault);
    }
    for (uint32_t i = 0, number = 0; i < side * side; i++) {
        uint32_t row = i - i % side, right = row + (i + 1) % side,
                 down = (i + side) % (side * side);
        grid_add_link(builder, i, right, number++);
        grid_add_link(builder, right, i, number++);
        grid_add_link(builder, i, down, number++);
        grid_add_link(builder, down, i, number++);
    }
    struct ted_snapshot *snapshot;
    must(ted_builder_snapshot(builder, &snapshot, &fault), &fault);
    ted_builder_destroy(builder);
    CHECK(path_landmarks_build(snapshot));
    return snapshot;
}

static void grid_measure(const struct ted_snapshot *snapshot, struct path_engine *engine,
                         const char *what, struct path_request request, uint32_t runs)
{
    uint64_t links = 0, sids = 0, work = 0;
    uint32_t found = 0;
    double sum = 0, slowest = 0;
    dice.random.state = 7;
    CHECK(runs > 0);
    for (uint32_t i = 0; i < runs + runs / 10; i++) {
        struct path_result result;
        request.source = below(snapshot->node_count);
        request.destination = below(snapshot->node_count);
        double before = bench_cpu_us();
        path_compute(engine, snapshot, &request, &result);
        double us = bench_cpu_us() - before;
        if (i < runs / 10) /* warm up */
            continue;
        sum += us;
        slowest = us > slowest ? us : slowest;
        found += result.outcome == PATH_FOUND;
        links += result.link_count;
        sids += result.sid_count;
        work += result.work;
    }
    printf(
        "%-36s %9.1f us  slowest %9.1f us  %5.1f %% found  %5.1f links  %4.1f SIDs  %8llu work\n",
        what, sum / runs, slowest, 100.0 * found / runs, (double)links / runs, (double)sids / runs,
        (unsigned long long)(work / runs));
}

static void measure_all(uint32_t side, uint32_t runs)
{
    struct ted_snapshot *snapshot = grid(side);
    struct path_engine *engine = path_engine_create(0);
    if (engine == NULL)
        exit(1);
    printf("%u nodes, %u links\n", snapshot->node_count, snapshot->link_count);
    struct path_request plain = {.family = IP_V4, .setup = PATH_SETUP_RSVP_TE};
    grid_measure(snapshot, engine, "least IGP metric", plain, runs);
    struct path_request affinity = plain;
    affinity.exclude_any = 1;
    grid_measure(snapshot, engine, "  without a tenth of the links", affinity, runs);
    struct path_request both = affinity;
    both.bandwidth = 1e8F;
    grid_measure(snapshot, engine, "  and with bandwidth", both, runs);
    struct path_request delay = plain;
    delay.metric = PATH_METRIC_DELAY;
    grid_measure(snapshot, engine, "least delay", delay, runs);
    struct path_request bounded = plain;
    bounded.bound_mask = 1u << PATH_METRIC_DELAY;
    bounded.bounds[PATH_METRIC_DELAY] = side * 20;
    grid_measure(snapshot, engine, "least IGP metric, delay bounded", bounded, runs / 4);
    struct path_request load = plain;
    load.objective = PATH_MIN_MAX_LOAD;
    grid_measure(snapshot, engine, "least load", load, runs);
    struct path_request sr = plain;
    sr.setup = PATH_SETUP_SR_MPLS;
    grid_measure(snapshot, engine, "SID list, IGP", sr, runs);
    sr.exclude_any = 1;
    grid_measure(snapshot, engine, "SID list, without a tenth", sr, runs);
    sr.sids_max = 4;
    grid_measure(snapshot, engine, "SID list of at most 4, the same", sr,
                 side > 32 ? 20 : runs / 10);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}

void bench_grids(uint32_t requests)
{
    measure_all(32, requests);
    measure_all(100, requests / 4 < 40 ? 40 : requests / 4);
}
