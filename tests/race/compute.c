/* Shards give computations to a pool, for requests and as errands, forget some and wait for some together, while the topology is
 * replaced as fast as possible and at last the pool is stopped in the middle of its work: each
 * result is that of the topology that was asked about. Run under ThreadSanitizer. */
#include "server/shard/compute.h"
#include "core/base/check.h"
#include "core/requests/errand.h"
#include "core/ted/builder.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/share/mailbox.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define SHARDS       3
#define THREADS      3
#define NODES        60
#define ANSWERS      3000 /* of each shard, before the end */
#define ENTRIES      8    /* of one computation */
#define TIME_LIMIT_S 120

struct entry {
    struct list_link link;
    bool is_waiting;
};

/* What waits for one computation. */
struct group {
    struct computation *computation;
    struct entry entries[ENTRIES];
};

struct fake_shard {
    struct thread thread;
    unsigned index;
    struct computation_table *table;
    struct mailbox *mailbox;
    struct snapshot_reader *reader;
    struct group *groups;
    struct errands errands;
    unsigned errands_back;
    uint32_t random;
    unsigned answers, stale, joined, unwanted;
};

static struct snapshot_domain *domain;
static struct snapshot_cell topology;
static struct compute *compute;
static struct fake_shard shards[SHARDS];
static _Atomic unsigned shards_left = SHARDS;
static _Atomic bool is_over;

/* ---- a chain whose metric is the generation of its snapshot ---- */

static struct ip hop_of(uint64_t generation, uint32_t node)
{
    return ip_from_u32(0x0b000000 + (uint32_t)(generation % 65536) * NODES + node);
}

static struct ted_snapshot *make_topology(uint32_t generation)
{
    struct ted_builder *builder = ted_builder_create("chain");
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    uint32_t index;
    CHECK(builder != NULL);
    for (uint32_t i = 0; i < NODES; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%u", i);
        const struct ted_node_spec node = {.name = name,
                                           .router_id_v4 = ip_from_u32(0x0a000001 + i)};
        CHECK(ted_builder_add_node(builder, &node, &index, &fault) == PCE_OK);
    }
    for (uint32_t i = 0; i + 1 < NODES; i++) {
        const struct ted_link_spec link = {.from = i,
                                           .to = i + 1,
                                           .igp_metric = generation,
                                           .te_metric = generation,
                                           .remote_v4 = hop_of(generation, i + 1)};
        CHECK(ted_builder_add_link(builder, &link, &index, &fault) == PCE_OK);
    }
    CHECK(ted_builder_snapshot(builder, &snapshot, &fault) == PCE_OK);
    ted_builder_destroy(builder);
    snapshot->serial = generation; /* in the place of the builder's own */
    return snapshot;
}

static void destroy_topology(void *snapshot)
{
    ted_snapshot_destroy(snapshot);
}

static void publish(struct snapshot_publisher *publisher, uint32_t generation)
{
    while (snapshot_publish(publisher, &topology, make_topology(generation), destroy_topology) !=
           PCE_OK)
        (void)sched_yield();
}

/* ---- a shard ---- */

static uint32_t below(struct fake_shard *shard, uint32_t bound)
{
    shard->random = shard->random * 1664525 + 1013904223;
    return (shard->random >> 8) % bound;
}

static void join(struct fake_shard *shard, struct computation *computation)
{
    struct group *group = &shard->groups[computation - shard->table->all];
    group->computation = computation;
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (group->entries[i].is_waiting)
            continue;
        group->entries[i].is_waiting = true;
        computation_join(computation, &group->entries[i].link);
        return;
    }
}

static void ask(struct fake_shard *shard)
{
    snapshot_enter(shard->reader);
    const struct ted_snapshot *snapshot = snapshot_get(&topology);
    const struct path_request request = {.source = below(shard, 3),
                                         .destination = NODES - 1 - below(shard, 3),
                                         .setup = PATH_SETUP_RSVP_TE,
                                         .family = IP_V4};
    struct computation *computation = computation_find(shard->table, &request, snapshot->serial, 0);
    if (computation != NULL) {
        shard->joined++;
        join(shard, computation);
    } else if (computation_has_room(shard->table)) {
        computation = computation_begin(shard->table, &request, snapshot->serial, 0);
        /* Its lane has room for all that the table has, whatever the threads are about. */
        CHECK(compute_offload(compute, computation) == PCE_OK);
        join(shard, computation);
    }
    snapshot_leave(shard->reader);
}

static bool give(void *owner, struct computation *computation)
{
    (void)owner;
    return compute_offload(compute, computation) == PCE_OK;
}

/* The tag says what was asked. */
static void run_errand(struct fake_shard *shard)
{
    uint64_t tag = below(shard, 6);
    snapshot_enter(shard->reader);
    const struct ted_snapshot *snapshot = snapshot_get(&topology);
    const struct path_request request = {.source = (uint32_t)tag % 3,
                                         .destination = NODES - 1 - (uint32_t)tag / 3,
                                         .setup = PATH_SETUP_RSVP_TE,
                                         .family = IP_V4};
    errands_forget(&shard->errands, tag);
    (void)!errands_send(&shard->errands, tag, &request, snapshot->serial, 0);
    snapshot_leave(shard->reader);
}

static void forget_some(struct fake_shard *shard)
{
    struct group *group = &shard->groups[below(shard, shard->table->capacity)];
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (!group->entries[i].is_waiting)
            continue;
        group->entries[i].is_waiting = false;
        computation_leave(group->computation, &group->entries[i].link);
    }
}

static void check(const struct computation *computation)
{
    const struct path_result *result = &computation->result;
    uint32_t links = computation->request.destination - computation->request.source;
    CHECK(result->outcome == PATH_FOUND && result->link_count == links);
    CHECK(result->metrics[PATH_METRIC_IGP] == (double)links * (double)computation->serial);
    for (uint32_t i = 0; i < links; i++) {
        struct ip hop = hop_of(computation->serial, computation->request.source + i + 1);
        CHECK(ip_is_equal(&computation->hops[i].address, &hop));
    }
}

static void take_errands(struct fake_shard *shard, struct computation *back)
{
    const struct computation *computation;
    uint64_t tag;
    errands_on_back(&shard->errands, back);
    while ((computation = errands_next(&shard->errands, &tag)) != NULL) {
        CHECK(computation->request.source == (uint32_t)tag % 3);
        if (!computation->is_stale)
            check(computation);
        shard->errands_back++;
    }
}

static void on_mail(void *context, const struct mail *mail)
{
    struct fake_shard *shard = context;
    struct computation *computation = mail->pointers[0];
    CHECK(computation->lane == shard->index);
    if (computation->asker == COMPUTATION_OF_REOPT) {
        take_errands(shard, computation);
        return;
    }
    if (computation->is_stale)
        shard->stale++;
    else
        check(computation);
    computation_finish(shard->table, computation);
    if (list_is_empty(&computation->entries))
        shard->unwanted++;
    while (!list_is_empty(&computation->entries)) {
        struct list_link *link = computation->entries.next;
        CONTAINER_OF(link, struct entry, link)->is_waiting = false;
        computation_leave(computation, link);
        shard->answers++;
    }
    CHECK(computation_first_done(shard->table) == computation);
    computation_end(shard->table, computation);
}

static void run_shard(void *context)
{
    struct fake_shard *shard = context;
    bool has_all = false;
    CHECK(snapshot_reader_create(domain, &shard->reader) == PCE_OK);
    while (!atomic_load(&is_over)) {
        for (unsigned i = below(shard, 8); i > 0; i--)
            ask(shard);
        run_errand(shard);
        if (below(shard, 4) == 0)
            forget_some(shard);
        (void)!mailbox_wait(shard->mailbox, mono_add_ms(clock_now(), 1));
        if (!has_all && shard->answers >= ANSWERS) {
            has_all = true;
            atomic_fetch_sub(&shards_left, 1);
        }
    }
    snapshot_reader_destroy(shard->reader);
}

static bool deliver(void *context, struct computation *computation)
{
    struct fake_shard *all = context;
    struct mail mail = {.pointers = {computation}};
    return mailbox_post(all[computation->lane].mailbox, &mail, NULL) == PCE_OK;
}

static void start_shard(unsigned index)
{
    struct fake_shard *shard = &shards[index];
    *shard = (struct fake_shard){.index = index, .random = 7 + index};
    shard->table = compute_table(compute, index, COMPUTATION_OF_REQUESTS);
    shard->groups = calloc(shard->table->capacity, sizeof *shard->groups);
    CHECK(shard->groups != NULL);
    CHECK(errands_init(&shard->errands, compute_table(compute, index, COMPUTATION_OF_REOPT)) ==
          PCE_OK);
    shard->errands.give = give;
    for (uint32_t i = 0; i < shard->table->capacity; i++) {
        for (unsigned k = 0; k < ENTRIES; k++)
            list_init(&shard->groups[i].entries[k].link);
    }
    /* Small, so that it is full now and then. */
    CHECK(mailbox_create(2, on_mail, shard, &shard->mailbox) == PCE_OK);
}

static void print(unsigned published)
{
    unsigned answers = 0, stale = 0, joined = 0, unwanted = 0, errands = 0;
    for (unsigned i = 0; i < SHARDS; i++) {
        answers += shards[i].answers;
        stale += shards[i].stale;
        joined += shards[i].joined;
        unwanted += shards[i].unwanted;
        errands += shards[i].errands_back;
    }
    const struct compute_figures figures = compute_figures(compute);
    printf("compute: %u answers, %llu computed, %llu skipped, %u stale, %u joined, %u unwanted, "
           "%u errands, %u topologies\n",
           answers, (unsigned long long)figures.computed, (unsigned long long)figures.skipped,
           stale, joined, unwanted, errands, published);
    CHECK(figures.computed > 0 && figures.skipped > 0 && joined > 0 && unwanted > 0);
    CHECK(errands > 0);
}

int main(void)
{
    struct snapshot_publisher *publisher;
    struct failure failure = {.text = ""};
    uint32_t generation = 1;
    CHECK(snapshot_domain_create(&domain) == PCE_OK);
    CHECK(snapshot_publisher_create(domain, &publisher) == PCE_OK);
    publish(publisher, generation);
    const struct compute_options options = {.thread_count = THREADS,
                                            .shard_count = SHARDS,
                                            .domain = domain,
                                            .topology = &topology,
                                            .deliver = deliver,
                                            .context = shards};
    CHECK(compute_create(&options, &compute, &failure) == PCE_OK);
    for (unsigned i = 0; i < SHARDS; i++)
        start_shard(i);
    for (unsigned i = 0; i < SHARDS; i++)
        CHECK(thread_start(&shards[i].thread, "shard", THREAD_CPU_ANY, run_shard, &shards[i],
                           NULL) == PCE_OK);
    struct mono deadline = mono_add_s(clock_now(), TIME_LIMIT_S);
    while (atomic_load(&shards_left) > 0) {
        CHECK(mono_is_before(clock_now(), deadline));
        publish(publisher, ++generation);
    }
    compute_stop(compute); /* the shards go on asking */
    atomic_store(&is_over, true);
    for (unsigned i = 0; i < SHARDS; i++)
        thread_join(&shards[i].thread);
    print(generation);
    for (unsigned i = 0; i < SHARDS; i++) {
        mailbox_destroy(shards[i].mailbox);
        free(shards[i].groups);
        errands_fini(&shards[i].errands);
    }
    compute_destroy(compute);
    CHECK(snapshot_publish(publisher, &topology, NULL, NULL) == PCE_OK);
    CHECK(snapshot_drain(publisher, mono_add_s(clock_now(), 10)) == PCE_OK);
    snapshot_publisher_destroy(publisher);
    snapshot_domain_destroy(domain);
    return 0;
}
