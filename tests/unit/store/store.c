/* What is put is there, in the order of keys, after the store was closed and opened again. */
#include "io/store/store.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

Test(store, what_is_put_is_there_after_it_was_opened_again)
{
    start_store();
    cr_assert_eq(put("b/two", "2"), PCE_OK);
    cr_assert_eq(put("a/one", "1"), PCE_OK);
    cr_assert_eq(put("b/three", ""), PCE_OK);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "a/one=1 b/three= b/two=2");
    cr_assert_str_eq(listing("b/"), "b/three= b/two=2");
    cr_assert_str_eq(listing("b/two"), "b/two=2");
    cr_assert_str_eq(listing("c"), "");
    close_store();
}

Test(store, a_put_replaces_and_a_deletion_removes)
{
    start_store();
    cr_assert_eq(put("k", "old"), PCE_OK);
    cr_assert_eq(put("k", "new"), PCE_OK);
    cr_assert_eq(put("gone", "1"), PCE_OK);
    cr_assert_eq(erase("gone"), PCE_OK);
    cr_assert_eq(erase("never there"), PCE_OK);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "k=new");
    close_store();
}

static enum pce_status count_to_two(void *context, struct wire_span key, struct wire_span value)
{
    unsigned *count = context;
    (void)key;
    (void)value;
    return ++*count == 2 ? PCE_CANCELLED : PCE_OK;
}

Test(store, a_walk_ends_where_its_visitor_says)
{
    unsigned count = 0;
    start_store();
    cr_assert_eq(put("a", "1"), PCE_OK);
    cr_assert_eq(put("b", "1"), PCE_OK);
    cr_assert_eq(put("c", "1"), PCE_OK);
    close_store();
    open_store();
    cr_assert_eq(store_walk(store, "", count_to_two, &count, &failure), PCE_CANCELLED);
    cr_assert_eq(count, 2);
    close_store();
}

Test(store, the_largest_value_comes_back_whole)
{
    start_store();
    cr_assert_eq(put_sized("large", STORE_VALUE_SIZE_MAX), PCE_OK);
    cr_assert_eq(put_sized("page", 4096), PCE_OK);
    close_store();
    open_store(); /* which looks at checksum and pages */
    close_store();
}

Test(store, a_batch_is_held_to_its_limits)
{
    static uint8_t octets[STORE_VALUE_SIZE_MAX + 1];
    char key[STORE_KEY_SIZE_MAX + 2];
    struct store_batch *batch = store_batch_create();
    memset(key, 'k', sizeof key);
    const struct wire_span longest = {(const uint8_t *)key, STORE_KEY_SIZE_MAX};
    const struct wire_span too_long = {(const uint8_t *)key, STORE_KEY_SIZE_MAX + 1};
    cr_assert_eq(store_batch_put(batch, longest, span_of("v")), PCE_OK);
    cr_assert_eq(store_batch_put(batch, too_long, span_of("v")), PCE_INVALID);
    cr_assert_eq(store_batch_delete(batch, span_of("")), PCE_INVALID);
    cr_assert_eq(store_batch_delete(batch, longest), PCE_EXISTS, "a batch names a key once");
    const struct wire_span large = {octets, STORE_VALUE_SIZE_MAX};
    cr_assert_eq(store_batch_put(batch, span_of("a"), large), PCE_OK);
    const struct wire_span too_large = {octets, STORE_VALUE_SIZE_MAX + 1};
    cr_assert_eq(store_batch_put(batch, span_of("b"), too_large), PCE_LIMIT);
    cr_assert_eq(store_batch_put(batch, span_of("b"), large), PCE_OK);
    cr_assert_eq(store_batch_put(batch, span_of("c"), large), PCE_OK);
    cr_assert_eq(store_batch_put(batch, span_of("d"), large), PCE_LIMIT,
                 "four values and their keys are more than STORE_BATCH_OCTETS_MAX");
    store_batch_destroy(batch);
}

Test(store, a_batch_has_a_largest_number_of_changes)
{
    struct store_batch *batch = store_batch_create();
    char key[16];
    for (unsigned i = 0; i < STORE_BATCH_CHANGES_MAX; i++) {
        (void)snprintf(key, sizeof key, "k%u", i);
        cr_assert_eq(store_batch_put(batch, span_of(key), span_of("v")), PCE_OK);
    }
    cr_assert_eq(store_batch_put(batch, span_of("more"), span_of("v")), PCE_LIMIT);
    start_store();
    cr_assert_eq(submit(batch, 7), PCE_OK);
    cr_assert_eq(await_answer(), PCE_OK);
    cr_assert_eq(last_tag, 7);
    cr_assert_eq(store_figures(store).records, STORE_BATCH_CHANGES_MAX);
    close_store();
}

/* All that waits before the thread begins is one group. */
Test(store, what_waits_is_committed_together_in_the_order_it_came)
{
    open_store();
    for (uint64_t i = 0; i < 10; i++) {
        char value[8];
        (void)snprintf(value, sizeof value, "%u", (unsigned)i);
        cr_assert_eq(submit(batch_of("same", value), i), PCE_OK);
    }
    cr_assert_eq(store_figures(store).waiting, 10);
    cr_assert_eq(store_start(store, &failure), PCE_OK);
    while (last_tag != 9)
        cr_assert_eq(await_answer(), PCE_OK);
    cr_assert_eq(store_figures(store).commits, 1);
    cr_assert_eq(store_figures(store).records, 10);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "same=9");
    close_store();
}

Test(store, a_full_queue_refuses_counts_and_goes_on)
{
    open_store();
    for (uint64_t i = 0; i < STORE_WAITING_MAX; i++)
        cr_assert_eq(submit(batch_of("k", "v"), i), PCE_OK);
    struct store_batch *more = batch_of("more", "v");
    cr_assert_eq(submit(more, 0), PCE_LIMIT);
    cr_assert_eq(store_figures(store).refused, 1);
    cr_assert_eq(store_figures(store).waiting, STORE_WAITING_MAX);
    cr_assert_eq(store_start(store, &failure), PCE_OK);
    while (last_tag != STORE_WAITING_MAX - 1)
        cr_assert_eq(await_answer(), PCE_OK);
    while (store_figures(store).waiting > 0)
        ; /* the last place is given back after its answer */
    cr_assert_eq(submit(more, 5), PCE_OK, "a batch that was refused is still the caller's");
    cr_assert_eq(await_answer(), PCE_OK);
    close_store();
}

Test(store, waiting_octets_are_bounded)
{
    static uint8_t octets[STORE_VALUE_SIZE_MAX];
    unsigned taken = 0;
    open_store();
    for (;;) {
        struct store_batch *batch = store_batch_create();
        cr_assert_eq(
            store_batch_put(batch, span_of("k"), (struct wire_span){octets, sizeof octets}),
            PCE_OK);
        if (submit(batch, 0) == PCE_OK) {
            taken++;
            continue;
        }
        store_batch_destroy(batch);
        break;
    }
    cr_assert_eq(taken, STORE_WAITING_OCTETS_MAX / (2 * STORE_VALUE_SIZE_MAX),
                 "a batch counts with the memory that it has: %u", taken);
    struct store_batch *small = batch_of("small", "v");
    cr_assert_eq(submit(small, 0), PCE_LIMIT);
    store_batch_destroy(small);
    close_store(); /* what waits goes with a store that was never started */
}

/* ---- quotas ---- */

static const struct store_quota quotas[] = {{"a/", 2}, {"b/", 1}};

static void set_quotas(void)
{
    options.quotas = quotas;
    options.quota_count = 2;
}

Test(store, a_quota_refuses_one_more_and_nothing_else)
{
    set_quotas();
    start_store();
    cr_assert_eq(put("a/1", "x"), PCE_OK);
    cr_assert_eq(put("a/2", "x"), PCE_OK);
    cr_assert_eq(put("a/3", "x"), PCE_LIMIT);
    store_explain(store, &last_result, &failure);
    cr_assert(strstr(failure.text, "as many records of a kind") != NULL, "%s", failure.text);
    cr_assert_eq(put("a/2", "y"), PCE_OK, "a record that is there may change");
    cr_assert_eq(put("b/1", "x"), PCE_OK, "another kind");
    cr_assert_eq(put("c/1", "x"), PCE_OK, "no quota");
    cr_assert_eq(erase("a/1"), PCE_OK);
    cr_assert_eq(put("a/3", "x"), PCE_OK);
    cr_assert_eq(store_figures(store).failed, 1);
    close_store();
    start_store();
    cr_assert_eq(put("a/4", "x"), PCE_LIMIT, "they are counted when the store is opened");
    close_store();
}

Test(store, a_batch_over_its_quota_is_not_kept_and_its_group_is)
{
    set_quotas();
    open_store();
    struct store_batch *over = batch_of("b/1", "x");
    cr_assert_eq(store_batch_put(over, span_of("b/2"), span_of("x")), PCE_OK);
    cr_assert_eq(submit(batch_of("a/1", "x"), 1), PCE_OK);
    cr_assert_eq(submit(over, 2), PCE_OK);
    cr_assert_eq(store_start(store, &failure), PCE_OK);
    while (last_tag != 2)
        (void)await_answer();
    cr_assert_eq(last_result.status, PCE_LIMIT);
    cr_assert_eq(put("b/9", "x"), PCE_OK, "what was refused does not count");
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "a/1=x b/9=x");
    close_store();
}

Test(store, a_record_is_exchanged_for_another_at_its_quota)
{
    set_quotas();
    start_store();
    cr_assert_eq(put("b/1", "x"), PCE_OK);
    struct store_batch *batch = batch_of("b/2", "x");
    cr_assert_eq(store_batch_delete(batch, span_of("b/1")), PCE_OK);
    cr_assert_eq(submit(batch, 3), PCE_OK);
    cr_assert_eq(await_answer(), PCE_OK);
    close_store();
}

/* ---- answers ---- */

static _Atomic unsigned offered;

static bool refuse_twice(void *context, uint64_t tag, const struct store_result *result)
{
    (void)context;
    (void)tag;
    (void)result;
    return ++offered > 2;
}

static bool refuse_always(void *context, uint64_t tag, const struct store_result *result)
{
    (void)context;
    (void)tag;
    (void)result;
    offered++;
    return false;
}

Test(store, an_answer_that_is_not_taken_is_offered_again)
{
    const struct store_reply reply = {refuse_twice, NULL, 0};
    start_store();
    cr_assert_eq(store_submit(store, batch_of("k", "v"), &reply), PCE_OK);
    while (store_figures(store).waiting > 0)
        ;
    cr_assert_eq(offered, 3);
    close_store();
}

Test(store, an_asker_that_takes_nothing_holds_up_nobody)
{
    const struct store_reply reply = {refuse_always, NULL, 0};
    start_store();
    cr_assert_eq(store_submit(store, batch_of("k", "v"), &reply), PCE_OK);
    cr_assert_eq(put("other", "v"), PCE_OK);
    close_store();
    cr_assert_gt(offered, 0);
    open_store();
    cr_assert_str_eq(listing(""), "k=v other=v");
    close_store();
}
