/* Captures: whatever the octets of a file are, what comes out are whole messages with their header,
 * and what is held stays below the limits. The first octet chooses the options. */
#include "server/pcectl/capture/capture.h"
#include "core/base/check.h"
#include "server/pcectl/capture/stats.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

#define FEW_CONNECTIONS 2
#define FEW_OCTETS      4096

/* What one connection may hold beyond the limit of all: the newest one always may. */
#define ONE_CONNECTION_MAX (2 * ((size_t)STREAM_HELD_MAX + 4 * 65536U + 2 * CAPTURE_PACKET_MAX))

struct run {
    struct stats stats;
    uint64_t event_count;
};

static void on_event(void *context, const struct capture_event *event)
{
    struct run *run = context;
    run->event_count++;
    CHECK(event->kind < CAPTURE_KINDS);
    if (event->kind == CAPTURE_MESSAGE) {
        const uint8_t *size = event->octets.octets + (event->is_bgp ? 16 : 2);
        CHECK(event->is_bgp || (event->octets.size % 4 == 0 && event->octets.octets[0] >> 5 == 1));
        CHECK(event->octets.size >= (event->is_bgp ? 19U : 4U));
        CHECK((size_t)((size[0] << 8) | size[1]) == event->octets.size);
        CHECK(event->session > 0);
    } else if (event->kind == CAPTURE_GAP) {
        CHECK(event->size > 0);
    } else if (event->kind == CAPTURE_FRAGMENT || event->kind == CAPTURE_LIMIT) {
        CHECK(event->text != NULL);
    }
    stats_count(&run->stats, event, false);
}

static struct session_stats *on_begin(void *context, uint32_t session,
                                      const struct capture_endpoint ends[2])
{
    struct run *run = context;
    return stats_begin(&run->stats, session, ends);
}

static void on_end(void *context, struct session_stats *stats, const char *how)
{
    (void)context;
    CHECK(how != NULL && (stats == NULL || stats->how == NULL));
    if (stats != NULL)
        stats->how = how;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    static const struct flow_sink sink = {on_event, on_begin, on_end};
    if (size == 0)
        return 0;
    struct flow_options options = {.is_any_port = (octets[0] & 1) != 0};
    if ((octets[0] & 2) != 0) {
        options.connections_max = FEW_CONNECTIONS;
        options.octets_max = FEW_OCTETS;
    }
    struct run run = {.event_count = 0};
    struct source source;
    struct capture capture;
    stats_init(&run.stats);
    source_init_memory(&source, octets + 1, size - 1);
    enum pce_status status = capture_init(&capture, &source, &options, &sink, &run);
    while (status == PCE_OK) {
        status = capture_next(&capture);
        CHECK(capture.flows.map.count <= capture.flows.options.connections_max);
        CHECK(capture.flows.octets <= capture.flows.options.octets_max + ONE_CONNECTION_MAX);
        CHECK(capture.fragments.set_count <= FRAGMENT_SETS_MAX);
    }
    CHECK(status != PCE_AGAIN && status != PCE_NO_MEMORY);
    capture_end(&capture, status);
    CHECK(capture.flows.map.count == 0 && capture.flows.octets == 0);
    capture_fini(&capture);
    source_fini(&source);
    stats_fini(&run.stats);
    return 0;
}
