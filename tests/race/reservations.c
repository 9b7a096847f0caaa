/* Threads take and give back the bandwidth of the links of random paths: no link is ever over what
 * it has, and nothing is held at the end. Run under ThreadSanitizer (and AddressSanitizer). */
#include "core/ted/reservations.h"
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/ted/builder.h"
#include "io/os/thread.h"

#include <stdio.h>
#include <string.h>

#define THREADS 3
#define LINKS   8
#define ROUNDS  40000
#define ROOM    1000

static struct ted_reservations *reservations;
static struct ted_snapshot *snapshot;

struct taker {
    struct thread thread;
    struct random rng;
    uint64_t taken, refused;
};

static uint32_t draw_path(struct random *rng, uint32_t *numbers)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < LINKS; i++)
        if (random_below(rng, 2) == 0)
            numbers[count++] = i;
    return count;
}

/* All ask and keep at one priority: what is held there is never over, not even for a moment. */
static void take(void *context)
{
    struct taker *taker = context;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t numbers[LINKS], count = draw_path(&taker->rng, numbers);
        const struct ted_claim claim = {1 + random_below(&taker->rng, 600), 4, 4};
        if (ted_reservations_take(reservations, snapshot, numbers, count, &claim) != PCE_OK) {
            taker->refused++;
            continue;
        }
        for (uint32_t i = 0; i < LINKS; i++)
            CHECK(ted_reservations_held(reservations, i, 4) <= ROOM);
        ted_reservations_release(reservations, numbers, count, &claim);
        taker->taken++;
    }
}

static void make_network(void)
{
    struct ted_builder *builder = ted_builder_create("race");
    struct ted_fault fault;
    uint32_t nodes[2], link;
    CHECK(builder != NULL);
    for (uint32_t i = 0; i < 2; i++) {
        const struct ted_node_spec spec = {.name = i == 0 ? "a" : "b",
                                           .router_id_v4 = ip_from_u32(i + 1)};
        CHECK(ted_builder_add_node(builder, &spec, &nodes[i], &fault) == PCE_OK);
    }
    for (uint32_t i = 0; i < LINKS; i++) {
        struct ted_link_spec spec = {.from = nodes[0], .to = nodes[1], .igp_metric = 1};
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            spec.unreserved[p] = ROOM;
        CHECK(ted_builder_add_link(builder, &spec, &link, &fault) == PCE_OK);
    }
    CHECK(ted_builder_snapshot(builder, &snapshot, &fault) == PCE_OK);
    ted_builder_destroy(builder);
}

int main(void)
{
    static struct taker takers[THREADS];
    struct ted_link_registry *registry = ted_link_registry_create(LINKS);
    make_network();
    reservations = ted_reservations_create(LINKS);
    CHECK(registry != NULL && reservations != NULL);
    CHECK(ted_link_registry_number(registry, NULL, snapshot) == PCE_OK);
    CHECK(ted_reservations_make_room(reservations, LINKS) == PCE_OK);
    uint64_t taken = 0, refused = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        takers[i].rng.state = i + 1;
        CHECK(thread_start(&takers[i].thread, "taker", THREAD_CPU_ANY, take, &takers[i], NULL) ==
              PCE_OK);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        thread_join(&takers[i].thread);
        taken += takers[i].taken;
        refused += takers[i].refused;
    }
    for (uint32_t i = 0; i < LINKS; i++)
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            CHECK(ted_reservations_held(reservations, i, p) == 0);
    CHECK(taken > 0);
    printf("reservations: %d threads took %llu paths and were refused %llu\n", THREADS,
           (unsigned long long)taken, (unsigned long long)refused);
    ted_snapshot_destroy(snapshot);
    ted_link_registry_destroy(registry);
    ted_reservations_destroy(reservations);
    return 0;
}
