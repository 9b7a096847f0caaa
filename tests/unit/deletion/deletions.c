/* Deletions that operators order, where the store or memory refuses. The store is played: it takes
 * what comes, and answers when the test says so. */
#include "server/deletion/deletions.h"
#include "server/deletion/deletion_seeds.h"
#include "server/shard/shard.h"
#include "tests/lib/refusal.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MAX        8
#define ALLOCATIONS_MAX 20 /* more than one deletion takes: the sweep ends before */

static struct shared shared;
static struct settings settings;
static struct shard shard;
static struct lsp_pcc pcc;
static struct lsp_instance instance;
static struct lsp *lsp;
static struct deletion_ask ask;
static unsigned told;

/* ---- the store ---- */

static struct {
    enum pce_status verdict; /* of what is committed */
    struct store_reply replies[KEPT_MAX];
    bool is_delete[KEPT_MAX];
    unsigned count; /* that are not answered */
} store;

enum pce_status __wrap_stored_commit(struct stored *stored, const struct stored_order *order,
                                     const struct store_reply *done, struct failure *failure);
void __wrap_stored_explain(const struct stored *stored, const struct store_result *result,
                           struct failure *failure);

enum pce_status __wrap_stored_commit(struct stored *stored, const struct stored_order *order,
                                     const struct store_reply *done, struct failure *failure)
{
    (void)stored;
    if (store.verdict != PCE_OK)
        return failure_set(failure, store.verdict, "the store has no room");
    cr_assert_lt(store.count, KEPT_MAX);
    store.is_delete[store.count] = order->changes[0].is_delete;
    store.replies[store.count++] = *done;
    return PCE_OK;
}

void __wrap_stored_explain(const struct stored *stored, const struct store_result *result,
                           struct failure *failure)
{
    (void)stored;
    (void)!failure_set(failure, result->status, "the disk is full");
}

/* Answers the oldest. */
static void store_answer(enum pce_status status)
{
    struct mail mail = {.kind = SHARD_MAIL_DELETION};
    cr_assert_gt(store.count, 0);
    mail.words[0] = store.replies[0].tag;
    mail.words[1] = (uint64_t)status;
    store.count--;
    memmove(&store.replies[0], &store.replies[1], store.count * sizeof store.replies[0]);
    memmove(&store.is_delete[0], &store.is_delete[1], store.count * sizeof store.is_delete[0]);
    deletions_part.on_mail(&shard, &mail);
}

/* ---- a shard with one LSP, whose PCC has no session ---- */

static void make_lsp(void)
{
    pcc.address = ip_from_u32(0xc0000201U);
    lsp = calloc(1, sizeof *lsp + 4);
    lsp->pcc = &pcc;
    lsp->instances = &instance;
    lsp->name_size = 4;
    memcpy(lsp->name, "gold", 4);
}

static void set_up(void)
{
    static const struct lsp_limits limits = {.record_max = 16};
    static const struct lsp_db_events events = {.on_change = NULL};
    static const struct lsp_order_ops ops = {.on_order = NULL};
    memset(&store, 0, sizeof store);
    memset(&shared, 0, sizeof shared);
    refusal.at = 0;
    told = 0;
    shared.shard_count = 1;
    config_set_defaults(&settings.config);
    shard = (struct shard){.shared = &shared, .settings = &settings, .is_holding = true};
    shard.now = mono_add_s((struct mono){0}, 1);
    wheel_init(&shard.wheel, shard.now);
    cr_assert_eq(lsp_db_init(&shard.lsps, &limits, &shard.wheel, &events, &shard), PCE_OK);
    cr_assert_eq(lsp_orders_init(&shard.orders, &ops, &shard, &shard.wheel, 1), PCE_OK);
    cr_assert_eq(deletions_part.init(&shard), PCE_OK);
    make_lsp();
}

static void tear_down(void)
{
    refusal.at = 0;
    deletions_part.fini(&shard);
    lsp_orders_fini(&shard.orders);
    lsp_db_fini(&shard.lsps);
    free(lsp);
    cr_assert_eq(counter_get(&shard.counters.deletions), 0);
}

TestSuite(deletions, .init = set_up, .fini = tear_down, .timeout = 20);

static void on_done(struct shard *of, struct deletion_ask *done)
{
    (void)of;
    (void)done;
    told++;
}

static void ask_for(void)
{
    ask = (struct deletion_ask){.on_done = on_done};
    deletions_ask(&shard, lsp, &ask);
}

static const struct deletion *only(void)
{
    const struct deletion *deletion = deletions_next(&shard, 0);
    cr_assert_not_null(deletion);
    return deletion;
}

static void pass_s(uint64_t s)
{
    shard.now = mono_add_s(shard.now, s);
    (void)wheel_turn(&shard.wheel, shard.now);
    deletions_part.on_turn(&shard);
}

static void expect_refused(enum pce_status status, const char *reason)
{
    cr_expect_eq(told, 1);
    cr_expect_eq(ask.status, status);
    cr_expect_str_eq(ask.reason, reason);
    cr_expect_null(deletions_next(&shard, 0));
    cr_expect_eq(counter_get(&shard.counters.deletions), 0);
}

/* One that is kept, and has nobody to ask. */
static void keep(void)
{
    ask_for();
    store_answer(PCE_OK);
    cr_assert_eq(told, 1);
    cr_assert_eq(ask.status, PCE_OK);
    cr_assert_eq(only()->state, DELETION_WAITING);
}

static enum pce_status forget(void)
{
    return deletions_forget(&shard, &pcc.address, lsp_name(lsp));
}

Test(deletions, what_the_store_does_not_take_is_told_and_not_kept)
{
    store.verdict = PCE_LIMIT;
    ask_for();
    expect_refused(PCE_LIMIT, "the store has no room");
    cr_expect_eq(counter_get(&shard.counters.deletions_not_kept), 1);
}

Test(deletions, what_the_store_could_not_write_is_told_and_not_kept)
{
    ask_for();
    cr_expect_eq(told, 0);
    store_answer(PCE_IO);
    expect_refused(PCE_LIMIT, "the disk is full");
    cr_expect_eq(counter_get(&shard.counters.deletions_not_kept), 1);
}

/* At each of its allocations in turn. */
Test(deletions, where_memory_is_refused_nothing_is_kept)
{
    unsigned n = 0;
    do {
        told = 0;
        cr_assert_lt(n, ALLOCATIONS_MAX);
        refusal.at = ++n;
        ask_for();
        if (store.count == 0)
            expect_refused(PCE_NO_MEMORY, "no memory for the order");
    } while (store.count == 0);
    cr_expect_gt(n, 1);
    refusal.at = 0;
    store_answer(PCE_OK);
    cr_expect_eq(ask.status, PCE_OK);
}

Test(deletions, one_that_is_on_its_way_to_the_store_is_neither_asked_for_again_nor_forgotten)
{
    struct deletion_ask second = {.on_done = on_done};
    ask_for();
    deletions_ask(&shard, lsp, &second);
    cr_expect_eq(told, 1);
    cr_expect_eq(second.status, PCE_EXISTS);
    cr_expect_eq(forget(), PCE_AGAIN);
    store_answer(PCE_OK);
    cr_expect_eq(told, 2);
}

Test(deletions, what_cannot_be_taken_off_the_store_is_tried_again)
{
    keep();
    store.verdict = PCE_LIMIT;
    cr_expect_eq(forget(), PCE_OK);
    cr_expect_eq(only()->state, DELETION_CLEANING);
    pass_s(DELETION_AGAIN_S);
    cr_expect_eq(store.count, 0);
    store.verdict = PCE_OK;
    pass_s(DELETION_AGAIN_S);
    cr_assert_eq(store.count, 1);
    cr_expect(store.is_delete[0]);
    store_answer(PCE_IO); /* it could not be written */
    cr_expect_eq(only()->state, DELETION_CLEANING);
    pass_s(DELETION_AGAIN_S);
    store_answer(PCE_OK);
    cr_expect_null(deletions_next(&shard, 0));
    cr_expect_eq(forget(), PCE_NOT_FOUND);
}

Test(deletions, what_was_stored_is_there_after_a_start_or_the_start_is_refused)
{
    struct deletion_seed seed = {.pcc = ip_from_u32(0xc0000201U), .name_size = 4, .name = "gold"};
    struct deletion_seeds seeds = {.first = &seed};
    enum pce_status status;
    unsigned n = 0;
    shared.deletion_seeds = &seeds;
    do {
        deletions_part.fini(&shard);
        cr_assert_lt(n, ALLOCATIONS_MAX);
        refusal.at = ++n;
        status = deletions_part.init(&shard);
        if (status != PCE_OK)
            cr_expect_neq(shard.failure.text[0], '\0');
    } while (status != PCE_OK);
    cr_expect_gt(n, 2);
    cr_expect_eq(only()->state, DELETION_WAITING);
}
