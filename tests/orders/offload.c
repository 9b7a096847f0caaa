/* The way of a computation: a shard gives it into its lane, a thread of the pool computes it and
 * posts it back, and the pool is stopped, at the end or in the middle. The real sources of all
 * parts, with nothing but the path engine and the topology left out. Whatever the order of steps,
 * the lane takes all that the shard's table has, each computation comes back once, computed or not
 * wanted any more, and all threads end. */
#include "core/requests/account.h"

/* What a result may hold: a state of the model is copied for each step. */
#undef PATH_HOPS_MAX
#undef PATH_SIDS_MAX
#define PATH_HOPS_MAX 1
#define PATH_SIDS_MAX 1
#undef REQUEST_OWN_LINKS_MAX
#define REQUEST_OWN_LINKS_MAX 1
#undef REQUEST_UNDESIRED_MAX
#define REQUEST_UNDESIRED_MAX 1

#include "core/requests/hops.h"
#include "io/os/thread.h"
#include "io/ring/ring_impl.h"
#include "server/log/log.h"
#include "server/shard/compute.h"
#include "tests/orders/atomics.h"

/* Small: a table of two, a lane of two, since one alone asks here: a lane that has as many places as
 * all its tables have computations is the same for one table or three. */
#undef COMPUTE_ROOM_MIN
#undef COMPUTE_ROOM_PER_THREAD
#define COMPUTATION_ASKERS      1
#define COMPUTE_ROOM_MIN        2
#define COMPUTE_ROOM_PER_THREAD 1

static const struct ted_snapshot topology_in_force = {.serial = 1};

static enum pce_status model_thread_start(thread_fn *run, void *context);
static void model_path_compute(const struct path_request *request, struct path_result *result);

#define thread_start(t, name, cpu, run, context, f) model_thread_start(run, context)
#define thread_join(t)                              ((void)(t))
#define thread_give_way()                           ((void)0)
#define path_engine_create(work)                    ((struct path_engine *)1)
#define path_engine_destroy(engine)                 ((void)(engine))
#define path_compute(engine, s, request, result)    model_path_compute(request, result)
#define hops_of_links(s, f, links, count, hops)     ((void)(hops))
#define snapshot_reader_create(d, reader)           (*(reader) = NULL, PCE_OK)
#define snapshot_reader_destroy(reader)             ((void)(reader))
#define snapshot_enter(reader)                      ((void)(reader))
#define snapshot_leave(reader)                      ((void)(reader))
#define snapshot_get(cell)                          ((const void *)&topology_in_force)

#include "core/requests/computation.c"
#include "io/share/mailbox.c"
#include "io/share/work_queue.c"
#include "server/shard/compute.c"

struct waiting {
    struct list_link link;
};

static struct {
    struct compute *compute;
    struct mailbox *mailbox;
    struct computation_table *table;
    struct waiting waiting[4];
    unsigned count; /* computations in all */
    bool forgets;   /* the first is not wanted any more, at once */
    uint8_t begun, back;
    uint8_t computed[4]; /* times */
} shared;

static enum pce_status model_thread_start(thread_fn *run, void *context)
{
    static const char *const names[] = {"worker 0", "worker 1"};
    static unsigned next;
    model_thread(names[next++ % 2], run, context, false);
    return PCE_OK;
}

static void model_path_compute(const struct path_request *request, struct path_result *result)
{
    model_step("compute");
    shared.computed[request->source]++;
    result->link_count = request->destination;
}

static void on_mail(void *context, const struct mail *mail)
{
    struct computation *computation = mail->pointers[0];
    const struct path_request *request = &computation->request;
    (void)context;
    model_expect(shared.computed[request->source] == !computation->is_stale,
                 "a computation was not done once, or it was done and says that it was not");
    model_expect(computation->is_stale || computation->result.link_count == request->destination,
                 "a result is that of another request");
    computation_finish(shared.table, computation);
    while (!list_is_empty(&computation->entries))
        computation_leave(computation, computation->entries.next);
    computation_end(shared.table, computation);
    shared.back++;
}

static void begin_one(void)
{
    const struct path_request request = {.source = shared.begun, .destination = shared.begun + 7U};
    struct computation *computation =
        computation_begin(shared.table, &request, topology_in_force.serial, 0);
    struct waiting *waiting = &shared.waiting[shared.begun++];
    model_expect(compute_offload(shared.compute, computation) == PCE_OK,
                 "a lane refuses while the table has room");
    computation_join(computation, &waiting->link);
    if (shared.forgets && shared.begun == 1)
        computation_leave(computation, &waiting->link);
}

static void run_shard(void *context)
{
    (void)context;
    while (shared.back < shared.count) {
        while (shared.begun < shared.count && computation_has_room(shared.table))
            begin_one();
        (void)!mailbox_wait(shared.mailbox, MONO_NEVER);
    }
}

static bool is_all_back(const void *context)
{
    (void)context;
    return shared.back == shared.count;
}

static void stop_at_the_end(void *context)
{
    (void)context;
    model_wait_until("wait for the shard", is_all_back, NULL);
    compute_stop(shared.compute);
}

static void stop_at_once(void *context)
{
    (void)context;
    compute_stop(shared.compute);
}

static bool model_deliver(void *context, struct computation *computation)
{
    const struct mail mail = {.pointers = {computation}};
    (void)context;
    return mailbox_post(shared.mailbox, &mail, NULL) == PCE_OK;
}

static void start(unsigned threads, unsigned count, bool forgets, model_thread_fn *stop)
{
    const struct compute_options options = {
        .thread_count = threads, .shard_count = 1, .deliver = model_deliver};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.count = count;
    shared.forgets = forgets;
    if (mailbox_create(2, on_mail, NULL, &shared.mailbox) != PCE_OK ||
        compute_create(&options, &shared.compute, NULL) != PCE_OK)
        exit(2);
    shared.table = compute_table(shared.compute, 0, COMPUTATION_OF_REQUESTS);
    /* A pool that is stopped brings nothing back: its shard would wait for ever. */
    model_thread("shard", run_shard, NULL, stop == stop_at_once);
    model_thread("main", stop, NULL, false);
}

static void all_is_back(void)
{
    model_expect(is_all_back(NULL), "a computation does not come back");
    model_expect(shared.table->busy_count == 0, "a computation is not idle");
}

static void one_thread(void)
{
    start(1, 3, false, stop_at_the_end);
}

static void two_threads(void)
{
    start(2, 3, false, stop_at_the_end);
}

static void one_forgotten(void)
{
    start(1, 2, true, stop_at_the_end);
}

static void stopped(void)
{
    start(1, 2, false, stop_at_once);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 thread, 3 computations", one_thread, all_is_back, false},
        {"2 threads, 3 computations", two_threads, all_is_back, false},
        {"1 thread, one of 2 is forgotten", one_forgotten, all_is_back, true},
        {"1 thread that is stopped in the middle", stopped, NULL, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
