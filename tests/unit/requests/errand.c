/* Paths that parts of a shard need for things of their own, computed by others. */
#include "core/requests/errand.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define CAPACITY 2

static struct net net;
static struct ted_snapshot *snapshot;
static struct path_engine *engine;
static struct computation_table *table;
static struct errands errands;
static struct computation *given[CAPACITY];
static uint32_t given_count;
static bool takes_none;

static bool give(void *owner, struct computation *computation)
{
    (void)owner;
    if (takes_none)
        return false;
    given[given_count++] = computation;
    return true;
}

static void set_up(void)
{
    net_init(&net, 4);
    for (uint32_t i = 0; i < 3; i++)
        (void)net_join(&net, i, i + 1, 10);
    snapshot = net_snapshot(&net);
    engine = path_engine_create(0);
    table = computation_table_create(CAPACITY, 0, COMPUTATION_OF_INTENTS);
    cr_assert_eq(errands_init(&errands, table), PCE_OK);
    errands.give = give;
}

static void tear_down(void)
{
    errands_fini(&errands);
    computation_table_destroy(table);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}

TestSuite(errand, .init = set_up, .fini = tear_down, .timeout = 20);

static enum pce_status send(uint64_t tag, uint32_t source, uint32_t destination)
{
    const struct path_request request = net_request(source, destination);
    return errands_send(&errands, tag, &request, snapshot->serial, 0);
}

static void bring_back(void)
{
    for (uint32_t i = 0; i < given_count; i++) {
        computation_run(given[i], engine, snapshot);
        errands_on_back(&errands, given[i]);
    }
    given_count = 0;
}

Test(errand, a_result_is_brought_to_the_thing_that_asked)
{
    uint64_t tag = 0;
    cr_assert_eq(send(7, 0, 3), PCE_OK);
    cr_expect_not_null(errands_find(&errands, 7));
    cr_expect_null(errands_next(&errands, &tag));
    bring_back();
    cr_assert(errands_is_back(&errands));
    const struct computation *computation = errands_next(&errands, &tag);
    const struct path_request request = net_request(0, 3);
    cr_assert_not_null(computation);
    cr_expect_eq(tag, 7);
    cr_expect(errand_is_current(computation, &request, snapshot->serial));
    cr_expect_eq(computation->result.outcome, PATH_FOUND);
    cr_expect_eq(computation->result.link_count, 3);
    cr_expect_eq(snapshot->links[computation->result.links[2]].to, 3);
    cr_expect_null(errands_find(&errands, 7));
    cr_expect_null(errands_next(&errands, &tag));
    cr_expect_eq(table->busy_count, 0);
}

Test(errand, a_result_is_not_that_of_another_request_or_network)
{
    uint64_t tag;
    const struct path_request same = net_request(0, 3), other = net_request(0, 2);
    cr_assert_eq(send(7, 0, 3), PCE_OK);
    bring_back();
    const struct computation *computation = errands_next(&errands, &tag);
    cr_expect_not(errand_is_current(computation, &other, snapshot->serial));
    cr_expect_not(errand_is_current(computation, &same, snapshot->serial + 1));
}

Test(errand, what_was_not_computed_is_not_current)
{
    uint64_t tag;
    const struct path_request same = net_request(0, 3);
    const uint64_t serial = snapshot->serial;
    cr_assert_eq(send(7, 0, 3), PCE_OK);
    snapshot->serial++; /* before it is begun */
    bring_back();
    const struct computation *computation = errands_next(&errands, &tag);
    cr_expect_not(errand_is_current(computation, &same, serial));
}

Test(errand, what_is_the_same_is_computed_once_for_all)
{
    uint64_t tag, seen = 0;
    for (uint64_t i = 0; i < 20; i++)
        cr_assert_eq(send(i, 0, 3), PCE_OK);
    cr_expect_eq(given_count, 1);
    bring_back();
    while (errands_next(&errands, &tag) != NULL)
        seen |= UINT64_C(1) << tag;
    cr_expect_eq(seen, (UINT64_C(1) << 20) - 1);
    cr_expect_eq(errands.sent, 1);
    cr_expect_eq(errands.joined, 19);
}

Test(errand, past_the_room_nothing_is_taken_until_something_is_back)
{
    uint64_t tag;
    cr_assert_eq(send(1, 0, 1), PCE_OK);
    cr_expect(errands_has_room(&errands));
    cr_assert_eq(send(2, 0, 2), PCE_OK);
    cr_expect_not(errands_has_room(&errands));
    cr_expect_eq(send(3, 0, 3), PCE_LIMIT);
    cr_expect_null(errands_find(&errands, 3));
    bring_back();
    while (errands_next(&errands, &tag) != NULL)
        continue;
    cr_expect_eq(send(3, 0, 3), PCE_OK);
}

Test(errand, so_many_things_wait_and_not_one_more)
{
    for (uint64_t i = 0; i < ERRANDS_MAX; i++)
        cr_assert_eq(send(i, 0, 3), PCE_OK);
    cr_expect_not(errands_has_room(&errands));
    cr_expect_eq(send(ERRANDS_MAX, 0, 3), PCE_LIMIT);
    errands_forget(&errands, 5);
    cr_expect_eq(send(ERRANDS_MAX, 0, 3), PCE_OK);
}

Test(errand, others_who_take_none_leave_nothing_behind)
{
    takes_none = true;
    cr_expect_eq(send(1, 0, 3), PCE_LIMIT);
    cr_expect_eq(table->busy_count, 0);
    cr_expect_null(errands_find(&errands, 1));
    takes_none = false;
    cr_expect_eq(send(1, 0, 3), PCE_OK);
}

Test(errand, what_is_forgotten_does_not_come_back)
{
    uint64_t tag;
    cr_assert_eq(send(1, 0, 3), PCE_OK);
    cr_assert_eq(send(2, 0, 3), PCE_OK);
    cr_assert_eq(send(3, 0, 1), PCE_OK);
    errands_forget(&errands, 1);
    errands_forget(&errands, 3);
    errands_forget(&errands, 4);
    bring_back();
    cr_expect_not_null(errands_next(&errands, &tag));
    cr_expect_eq(tag, 2);
    cr_expect_null(errands_next(&errands, &tag));
    cr_expect_eq(table->busy_count, 0);
}

Test(errand, without_others_nothing_is_sent)
{
    struct errands none;
    uint64_t tag;
    const struct path_request request = net_request(0, 3);
    cr_assert_eq(errands_init(&none, NULL), PCE_OK);
    cr_expect_eq(errands_send(&none, 1, &request, snapshot->serial, 0), PCE_LIMIT);
    cr_expect_not(errands_has_room(&none));
    cr_expect_null(errands_next(&none, &tag));
    errands_fini(&none);
}

Test(errand, an_end_while_things_are_under_way_leaves_nobody_waiting)
{
    cr_assert_eq(send(1, 0, 3), PCE_OK);
    cr_assert_eq(send(2, 0, 3), PCE_OK);
    errands_fini(&errands);
    cr_expect(list_is_empty(&given[0]->entries));
    cr_expect(atomic_load(&given[0]->is_unwanted));
}

Test(errand, one_that_is_patient_is_computed_on_whatever_network_there_is)
{
    uint64_t tag;
    const struct path_request request = net_request(0, 3);
    const uint64_t serial = snapshot->serial;
    cr_assert_eq(send(6, 0, 3), PCE_OK);
    cr_assert_eq(errands_send_patient(&errands, 7, &request, snapshot), PCE_OK);
    cr_expect_eq(given_count, 2, "that of another one may come too late");
    cr_assert_eq(errands_send_patient(&errands, 8, &request, snapshot), PCE_OK);
    cr_expect_eq(given_count, 2, "but not that of one that is patient, too");
    snapshot->serial++;
    bring_back();
    const struct computation *computation = errands_next(&errands, &tag);
    cr_expect_eq(tag, 6);
    cr_expect(computation->is_stale);
    computation = errands_next(&errands, &tag);
    cr_expect_eq(tag, 7);
    cr_assert_not(computation->is_stale);
    cr_expect_eq(computation->result.outcome, PATH_FOUND);
    cr_expect_not(errand_is_current(computation, &request, serial));
    cr_expect_not(errand_is_current(computation, &request, snapshot->serial));
    cr_expect(computation_asks(computation, &request));
    cr_expect_eq(errands_next(&errands, &tag), computation);
}

Test(errand, what_is_free_to_one_that_is_patient_is_so_by_number_on_another_network)
{
    uint64_t tag;
    const uint32_t own[] = {0, 2};
    const struct path_reservations leaves = {
        .own_links = own, .own_count = 2, .own = {.octets_per_s = 600, .holding = 0}};
    struct path_request request = net_request(0, 3);
    request.bandwidth = 1200;
    request.reservations = &leaves;
    struct ted_link_registry *registry = ted_link_registry_create(NET_LINKS_MAX);
    cr_assert_eq(ted_link_registry_number(registry, NULL, snapshot), PCE_OK);
    cr_assert_eq(errands_send_patient(&errands, 7, &request, snapshot), PCE_OK);
    struct ted_snapshot *before = snapshot;
    net.links[4].unreserved = 1200;
    (void)net_join(&net, 0, 3, 1); /* the indexes move, and there is no room on it */
    snapshot = net_snapshot(&net);
    cr_assert_eq(ted_link_registry_number(registry, before, snapshot), PCE_OK);
    bring_back();
    const struct computation *computation = errands_next(&errands, &tag);
    cr_expect_eq(computation->result.outcome, PATH_FOUND);
    cr_expect_eq(computation->result.link_count, 3);
    ted_snapshot_destroy(before);
    ted_link_registry_destroy(registry);
}

/* ---- other tasks ---- */

static uint32_t runs, drops;

static void task_run(struct computation_task *task, struct path_engine *of,
                     const struct ted_snapshot *on)
{
    (void)task;
    cr_expect_eq(of, engine);
    cr_expect_eq(on, snapshot);
    runs++;
}

static void task_drop(struct computation_task *task)
{
    (void)task;
    drops++;
}

static struct computation_task task = {.run = task_run, .drop = task_drop};

Test(errand, a_task_is_run_and_is_there_until_it_was_looked_at)
{
    uint64_t tag = 0;
    cr_assert_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_OK);
    bring_back();
    cr_expect_eq(runs, 1);
    const struct computation *computation = errands_next(&errands, &tag);
    cr_assert_not_null(computation);
    cr_expect_eq(tag, 7);
    cr_expect_eq(computation->task, &task);
    cr_expect_eq(drops, 0);
    cr_expect_null(errands_next(&errands, &tag));
    cr_expect_eq(drops, 1);
}

Test(errand, a_task_of_another_network_is_not_run)
{
    uint64_t tag;
    cr_assert_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_OK);
    snapshot->serial++;
    bring_back();
    cr_expect_eq(runs, 0);
    cr_expect(errands_next(&errands, &tag)->is_stale);
}

Test(errand, a_task_that_there_is_no_room_for_is_dropped)
{
    for (uint32_t i = 0; i < CAPACITY; i++)
        cr_assert_eq(errands_send_task(&errands, i, &task, snapshot->serial, false), PCE_OK);
    cr_expect_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_LIMIT);
    cr_expect_eq(drops, 1);
}

Test(errand, a_task_that_nobody_takes_is_dropped)
{
    takes_none = true;
    cr_expect_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_LIMIT);
    cr_expect_eq(drops, 1);
    cr_expect_eq(table->busy_count, 0);
}

Test(errand, a_task_that_is_forgotten_is_dropped_when_it_comes_back_and_not_before)
{
    uint64_t tag;
    cr_assert_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_OK);
    errands_forget(&errands, 7);
    cr_expect_eq(drops, 0, "another thread may have it");
    bring_back();
    cr_expect_eq(runs, 0, "nobody wants it");
    cr_expect_null(errands_next(&errands, &tag));
    cr_expect_eq(drops, 1);
}

Test(errand, a_task_that_never_comes_back_is_dropped_with_the_table)
{
    cr_assert_eq(errands_send_task(&errands, 7, &task, snapshot->serial, false), PCE_OK);
    errands_fini(&errands);
    cr_expect_eq(drops, 0);
    computation_table_destroy(table);
    cr_expect_eq(drops, 1);
    table = NULL;
}

Test(errand, a_task_is_never_joined_by_a_request)
{
    uint64_t tag;
    cr_assert_eq(errands_send_task(&errands, 1, &task, snapshot->serial, false), PCE_OK);
    cr_assert_eq(send(2, 0, 0), PCE_OK);
    cr_expect_eq(given_count, 2);
    bring_back();
    while (errands_next(&errands, &tag) != NULL)
        continue;
    cr_expect_eq(drops, 1);
}
