/* Paths of intents that take longer than a turn: computed by another thread, here by the test. */
#include "tests/unit/intent/rig.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define CAPACITY 2

static struct computation_table *table;
static struct errands errands;
static struct computation *given[CAPACITY];
static uint32_t given_count;

static bool give(void *owner, struct computation *computation)
{
    (void)owner;
    cr_assert_lt(given_count, CAPACITY);
    given[given_count++] = computation;
    return true;
}

static void set_up(void)
{
    rig_set_up();
    given_count = 0;
    table = computation_table_create(CAPACITY, 0, COMPUTATION_OF_INTENTS);
    cr_assert_eq(errands_init(&errands, table), PCE_OK);
    errands.give = give;
    world.intents.errands = &errands;
    world.work_inline = 1;
    rig_settle();
}

/* What is under way comes back before its shard ends. */
static void compute(void)
{
    for (uint32_t i = 0; i < given_count; i++) {
        computation_run(given[i], world.engine, world.snapshot);
        errands_on_back(&errands, given[i]);
    }
    given_count = 0;
}

static void tear_down(void)
{
    compute();
    rig_tear_down();
    errands_fini(&errands);
    computation_table_destroy(table);
}

TestSuite(heavy, .init = set_up, .fini = tear_down, .timeout = 20);

#define DYNAMIC                                                                                    \
    "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\",\"paths\":[{\"dynamic\":{\"protection\":"  \
    "\"unprotected-only\"}}]}"

Test(heavy, a_path_is_computed_by_another_thread_and_asked_for_when_it_is_there)
{
    rig_put_text("a", DYNAMIC);
    cr_assert_eq(given_count, 1);
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_WAITING);
    cr_assert_eq(world.intents.counters.intents_computing, 1);
    intents_touch_pcc(&world.intents, &world.session->address);
    rig_turn();
    cr_assert_eq(given_count, 1, "once");
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 2);
    cr_assert_eq(world.intents.counters.intents_computing, 0);
    rig_answer();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(heavy, what_has_no_room_waits_for_it)
{
    rig_put_text("a", DYNAMIC);
    rig_put_text("b", "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.2\",\"paths\":[{\"dynamic\":"
                      "{\"protection\":\"unprotected-only\"}}]}");
    rig_put_text("c", "{\"source\":\"10.0.0.3\",\"endpoint\":\"10.0.0.1\",\"paths\":[{\"dynamic\":"
                      "{\"protection\":\"unprotected-only\"}}]}");
    cr_assert_eq(given_count, CAPACITY);
    cr_assert_eq(world.sent, 0);
    compute();
    rig_turn();
    cr_assert_eq(given_count, 1);
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 3);
    rig_answer();
    cr_assert_eq(rig_state_of("c"), INTENT_UP);
}

Test(heavy, a_result_of_another_network_is_computed_again)
{
    rig_put_text("a", DYNAMIC);
    rig_publish(rig_make_network(true));
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 0);
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 1, "the direct link");
    rig_answer();
}

Test(heavy, networks_that_come_faster_than_results_keep_no_intent_waiting)
{
    rig_put_text("a", DYNAMIC);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(world.sent, 0);
        cr_assert_eq(given_count, 1);
        rig_publish(rig_make_network(false));
        compute(); /* the first time it was not begun before, and is not run */
        rig_publish(rig_make_network(false));
        rig_turn();
    }
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 2);
    rig_answer();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

#define LARGE                                                                                      \
    "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\",\"paths\":[{\"bandwidth\":1e12,"           \
    "\"dynamic\":{\"protection\":\"unprotected-only\"}}]}"

Test(heavy, that_there_is_no_path_is_told_while_networks_come_faster_than_results)
{
    rig_put_text("a", LARGE);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(rig_state_of("a"), INTENT_WAITING);
        cr_assert_eq(given_count, 1);
        rig_publish(rig_make_network(false));
        compute(); /* the first time it was not begun before, and is not run */
        rig_publish(rig_make_network(true));
        rig_turn();
    }
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    rig_turn();
    cr_assert_eq(given_count, 1, "and it is looked for again");
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    compute();
    rig_turn();
    cr_assert_eq(given_count, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    cr_assert_eq(world.intents.counters.intents_no_path, 1);
}

Test(heavy, what_is_wanted_no_more_comes_back_to_nobody)
{
    rig_put_text("a", DYNAMIC);
    rig_delete_intent("a");
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(world.intents.counters.intents_computing, 0);
    cr_assert_eq(errands.count, 0);
}

Test(heavy, another_intent_of_the_name_is_computed_and_not_the_old_one)
{
    rig_put_text("a", DYNAMIC);
    rig_put_text("a", "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.2\",\"paths\":[{\"dynamic\":"
                      "{\"protection\":\"unprotected-only\"}}]}");
    compute();
    rig_turn();
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 1);
    rig_answer();
}
