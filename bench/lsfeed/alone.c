#include "bench/lsfeed/alone.h"

#include "bench/lsfeed/table.h"
#include "core/path/path.h"
#include "core/ted/link_numbers.h"
#include "server/topology/feed.h"

#include <stdio.h>
#include <time.h>

#define ALONE_OBJECTS_MAX 16000000
#define ALONE_OCTETS_MAX  ((size_t)8 << 30)
#define ALONE_ARENA_MAX   ((size_t)16 << 20)

struct alone {
    struct rib *rib;
    struct feed feed;
    struct arena message, objects;
    struct ted_link_registry *registry;
};

/* Of this thread. */
static double alone_cpu(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Every message of the table: split, decoded and, where wanted, put. */
static bool alone_read(struct alone *alone, const struct table *table, bool puts_it)
{
    struct bgp_frame frame;
    struct wire_span octets = {table->octets, table->size}, whole;
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    enum pce_status status;
    bgp_frame_init(&frame);
    while ((status = bgp_frame_next(&frame, &octets, &whole, &fault)) == PCE_OK) {
        struct bgp_message message;
        arena_reset(&alone->message);
        status = bgp_decode(whole, (struct bgp_options){.has_as4 = true}, &alone->message, &message,
                            &fault);
        if (status != PCE_OK || fault.action != BGP_ACTION_NONE)
            break;
        if (puts_it)
            feed_update(&alone->feed, &message.update, &alone->objects);
    }
    bgp_frame_fini(&frame);
    return status == PCE_AGAIN;
}

static void alone_show(const struct alone *alone, const struct table *table, const double times[6])
{
    printf("{\"messages\": %llu, \"octets\": %zu, \"rib_octets\": %zu, \"decode_s\": %.6f, "
           "\"put_s\": %.6f, \"merge_s\": %.6f, \"landmarks_s\": %.6f, \"numbers_s\": %.6f}\n",
           (unsigned long long)table->messages, table->size, rib_counts(alone->rib)->octets,
           times[1] - times[0], times[2] - times[1] - (times[1] - times[0]), times[3] - times[2],
           times[4] - times[3], times[5] - times[4]);
}

/* As the topology thread does it for its first network (server/topology/publish.c). */
static bool alone_measure(struct alone *alone, const struct table *table)
{
    struct ted_snapshot *merged;
    struct rib_findings findings;
    double times[6] = {alone_cpu()};
    if (!alone_read(alone, table, false))
        return false;
    times[1] = alone_cpu();
    if (!alone_read(alone, table, true) || alone->feed.counters.refused != 0)
        return false;
    times[2] = alone_cpu();
    if (rib_merge(alone->rib, "", &merged, &findings) != PCE_OK)
        return false;
    times[3] = alone_cpu();
    bool is_good = path_landmarks_build(merged);
    times[4] = alone_cpu();
    is_good = is_good && ted_link_registry_number(alone->registry, NULL, merged) == PCE_OK;
    times[5] = alone_cpu();
    ted_snapshot_destroy(merged);
    if (is_good)
        alone_show(alone, table, times);
    return is_good;
}

int alone_run(const struct ted_snapshot *snapshot)
{
    const struct rib_limits limits = {.objects_max = ALONE_OBJECTS_MAX,
                                      .octets_max = ALONE_OCTETS_MAX};
    const struct rib_source_spec spec = {.name = "lsfeed", .rank = 100};
    struct alone alone = {.rib = rib_create(&limits),
                          .registry = ted_link_registry_create(TED_LINK_NUMBERS_MAX)};
    struct table table = {.octets = NULL};
    arena_init(&alone.message, ALONE_ARENA_MAX);
    arena_init(&alone.objects, ALONE_ARENA_MAX);
    table_add_network(&table, snapshot);
    bool is_good = alone.rib != NULL && alone.registry != NULL &&
                   feed_init(&alone.feed, alone.rib, &spec) == PCE_OK &&
                   alone_measure(&alone, &table);
    if (!is_good)
        (void)fputs("lsfeed: the table could not be read or merged\n", stderr);
    table_fini(&table);
    arena_fini(&alone.message);
    arena_fini(&alone.objects);
    if (alone.rib != NULL)
        rib_destroy(alone.rib);
    ted_link_registry_destroy(alone.registry);
    return is_good ? 0 : 1;
}
