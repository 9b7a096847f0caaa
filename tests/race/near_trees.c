/* Threads search for SID lists on one snapshot at once and leave each other what they work out of
 * it: each must find what one that is alone finds. Run under ThreadSanitizer (and
 * AddressSanitizer). */
#include "core/base/check.h"
#include "core/path/path.h"
#include "core/ted/derived.h"
#include "io/os/thread.h"
#include "server/topology/load.h"

#include <stdio.h>
#include <stdlib.h>

#define TOPOLOGY  PCED_SOURCE_DIR "/deploy/topologies/national.yaml"
#define SEARCHERS 3
#define ROUNDS    40
#define REQUESTS  60

struct searcher {
    struct thread thread;
    const struct ted_snapshot *snapshot;
    double metrics[REQUESTS]; /* negative: no list */
};

static void search(void *context)
{
    struct searcher *searcher = context;
    struct path_engine *engine = path_engine_create(0);
    CHECK(engine != NULL);
    for (uint32_t i = 0; i < REQUESTS; i++) {
        uint32_t count = searcher->snapshot->node_count;
        struct path_request request = {.source = i * 7 % count,
                                       .destination = (i * 11 + 5) % count,
                                       .setup = PATH_SETUP_SR_MPLS,
                                       .metric = PATH_METRIC_TE,
                                       .exclude_any = 1u << i % 4,
                                       .sids_max = (uint8_t)(2 + i % 3),
                                       .family = IP_V4};
        struct path_result result;
        path_compute(engine, searcher->snapshot, &request, &result);
        CHECK(result.outcome == PATH_FOUND || result.outcome == PATH_NONE);
        searcher->metrics[i] = result.outcome == PATH_FOUND ? result.metrics[PATH_METRIC_TE] : -1;
    }
    path_engine_destroy(engine);
}

static struct ted_snapshot *load(void)
{
    struct ted_snapshot *snapshot;
    char text[512];
    CHECK(topology_load(TOPOLOGY, &snapshot, text, sizeof text) == PCE_OK);
    return snapshot;
}

int main(void)
{
    static struct searcher alone, searchers[SEARCHERS];
    struct ted_snapshot *plain = load();
    alone.snapshot = plain;
    search(&alone);
    size_t octets = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct ted_snapshot *snapshot = load();
        CHECK(path_landmarks_build(snapshot));
        for (uint32_t i = 0; i < SEARCHERS; i++) {
            searchers[i].snapshot = snapshot;
            CHECK(thread_start(&searchers[i].thread, "searcher", THREAD_CPU_ANY, search,
                               &searchers[i], NULL) == PCE_OK);
        }
        for (uint32_t i = 0; i < SEARCHERS; i++)
            thread_join(&searchers[i].thread);
        for (uint32_t i = 0; i < SEARCHERS; i++) {
            for (uint32_t r = 0; r < REQUESTS; r++)
                CHECK(searchers[i].metrics[r] == alone.metrics[r]);
        }
        octets = atomic_load(&snapshot->derived->octets);
        CHECK(octets > 0);
        ted_snapshot_destroy(snapshot);
    }
    ted_snapshot_destroy(plain);
    printf("near trees: %d rounds of %d threads, %zu octets left to each other in the last one\n",
           ROUNDS, SEARCHERS, octets);
    return 0;
}
