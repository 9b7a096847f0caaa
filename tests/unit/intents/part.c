/* What operators change of intents: judged, kept, applied and told, by two shards that share a limit.
 * The store is played: it takes what comes, and answers when the test says so. */
#include "server/intent/intent_part_impl.h"
#include "server/intent/intent_seeds.h"
#include "server/shard/shard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SHARDS   2
#define KEPT_MAX 64

static struct shared shared;
static struct settings settings;
static struct shard shards[SHARDS];

/* ---- the store ---- */

static struct {
    enum pce_status verdict; /* of what is committed */
    struct store_reply replies[KEPT_MAX];
    char octets[KEPT_MAX][512]; /* "": a deletion */
    unsigned count;             /* that are not answered */
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
        return failure_set(failure, store.verdict, "not now");
    cr_assert_lt(store.count, KEPT_MAX);
    cr_assert_eq(order->count, 1);
    const struct stored_change *change = order->changes;
    cr_assert_lt(change->octets.size, sizeof store.octets[0]);
    if (change->octets.size > 0)
        memcpy(store.octets[store.count], change->octets.octets, change->octets.size);
    store.octets[store.count][change->is_delete ? 0 : change->octets.size] = '\0';
    store.replies[store.count++] = *done;
    return PCE_OK;
}

void __wrap_stored_explain(const struct stored *stored, const struct store_result *result,
                           struct failure *failure)
{
    (void)stored;
    (void)!failure_set(failure, result->status, "the disk is full");
}

/* Answers the oldest; the answer comes to its shard as mail, which is handed over here. */
static void store_answer(enum pce_status status)
{
    struct mail mail = {.kind = SHARD_MAIL_STORED};
    cr_assert_gt(store.count, 0);
    mail.words[0] = store.replies[0].tag;
    mail.words[1] = (uint64_t)status;
    struct shard *shard = (struct shard *)store.replies[0].context;
    store.count--;
    memmove(&store.replies[0], &store.replies[1], store.count * sizeof store.replies[0]);
    memmove(store.octets[0], store.octets[1], store.count * sizeof store.octets[0]);
    intents_part.on_mail(shard, &mail);
}

/* ---- the shards ---- */

static void set_up_shard(unsigned index)
{
    static const struct lsp_limits limits = {.record_max = 16};
    static const struct lsp_db_events events = {.on_change = NULL};
    static const struct lsp_order_ops ops = {.on_order = NULL};
    struct shard *shard = &shards[index];
    *shard = (struct shard){
        .shared = &shared, .index = index, .settings = &settings, .is_holding = true};
    shard->now = mono_add_s((struct mono){0}, 1);
    wheel_init(&shard->wheel, shard->now);
    arena_init(&shard->arena, 1 << 20);
    cr_assert_eq(lsp_db_init(&shard->lsps, &limits, &shard->wheel, &events, shard), PCE_OK);
    cr_assert_eq(lsp_orders_init(&shard->orders, &ops, shard, &shard->wheel, 1), PCE_OK);
    cr_assert_eq(intents_part.init(shard), PCE_OK);
}

static void set_up(void)
{
    memset(&store, 0, sizeof store);
    memset(&shared, 0, sizeof shared);
    shared.shard_count = SHARDS;
    config_set_defaults(&settings.config);
    for (unsigned i = 0; i < SHARDS; i++)
        set_up_shard(i);
}

static void tear_down(void)
{
    for (unsigned i = 0; i < SHARDS; i++) {
        intents_part.fini(&shards[i]);
        lsp_orders_fini(&shards[i].orders);
        lsp_db_fini(&shards[i].lsps);
        arena_fini(&shards[i].arena);
    }
    cr_assert_eq(gauge_get(&shared.intents), 0, "no place is lost");
}

TestSuite(intents, .init = set_up, .fini = tear_down, .timeout = 20);

/* The end of a turn, as the shard has it. */
static void end_turn(unsigned index)
{
    intents_part.on_turn(&shards[index]);
    intents_part.end_turn(&shards[index]);
}

/* ---- the operator ---- */

static unsigned told;

static void on_done(struct shard *shard, struct intent_change *change)
{
    (void)shard;
    (void)change;
    told++;
}

static struct intent *make_intent(const struct intent_change *change, const char *text)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {change->pcc, change->name};
    struct intent_fault fault;
    struct intent *intent = NULL;
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_eq(intent_read(json, &key, &limits, &intent, &fault), PCE_OK);
    json_decref(json);
    return intent;
}

#define EXPLICIT                                                                                   \
    "{\"endpoint\":\"192.0.2.9\",\"color\":7,\"paths\":[{\"segments\":[{\"label\":16001}]}]}"
#define OWN_LSP "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"lsp\":\"a\",\"dynamic\":{}}]}"
#define PLAIN   "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"dynamic\":{}}]}"

/* Of the PCC 192.0.2.<pcc>; text: NULL to delete. */
static void change(unsigned index, struct intent_change *change, unsigned pcc, const char *name,
                   const char *text)
{
    bool is_forgotten = change->is_forgotten;
    *change = (struct intent_change){.on_done = on_done, .is_forgotten = is_forgotten};
    change->pcc = ip_from_u32(UINT32_C(0xc0000200) + pcc);
    (void)snprintf(change->name, sizeof change->name, "%s", name);
    if (text != NULL)
        change->intent = make_intent(change, text);
    told = 0;
    intents_change(&shards[index], change);
}

/* ---- from the order to the answer ---- */

Test(intents, an_order_is_told_when_the_store_has_it_and_not_before)
{
    struct intent_change put = {0};
    change(0, &put, 1, "a", PLAIN);
    cr_assert_eq(told, 0);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents, 0);
    cr_assert_not_null(strstr(store.octets[0], "192.0.2.9"));
    store_answer(PCE_OK);
    cr_assert_eq(told, 1);
    cr_assert_eq(put.outcome, INTENT_CREATED);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents, 1);
    change(0, &put, 1, "a", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(put.outcome, INTENT_REPLACED);
}

Test(intents, what_the_store_refuses_changes_nothing)
{
    struct intent_change put = {0};
    store.verdict = PCE_UNSUPPORTED;
    change(0, &put, 1, "a", PLAIN);
    cr_assert_eq(put.outcome, INTENT_NOT_KEPT);
    cr_assert_str_eq(put.reason, "not now");
    store.verdict = PCE_OK;
    change(0, &put, 1, "a", PLAIN);
    store_answer(PCE_LIMIT);
    cr_assert_eq(put.outcome, INTENT_FULL);
    cr_assert_str_eq(put.reason, "the disk is full");
    end_turn(0);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents, 0);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents_not_kept, 2);
    cr_assert_eq(gauge_get(&shared.intents), 0);
}

Test(intents, a_second_change_of_a_router_waits_for_the_first)
{
    struct intent_change first = {0}, second = {0};
    change(0, &first, 1, "a", PLAIN);
    change(0, &second, 1, "b", PLAIN);
    cr_assert_eq(second.outcome, INTENT_BUSY);
    change(0, &second, 2, "b", PLAIN);
    cr_assert_eq(told, 0, "that of another router does not");
    store_answer(PCE_OK);
    store_answer(PCE_OK);
    change(0, &second, 1, "b", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(second.outcome, INTENT_CREATED);
}

Test(intents, what_belongs_to_another_intent_is_refused_by_name)
{
    struct intent_change put = {0};
    change(0, &put, 1, "a", EXPLICIT);
    store_answer(PCE_OK);
    change(0, &put, 1, "b", OWN_LSP);
    cr_assert_eq(put.outcome, INTENT_CLASH);
    cr_assert_not_null(strstr(put.reason, "the LSP a"));
    change(0, &put, 1, "b", EXPLICIT);
    cr_assert_eq(put.outcome, INTENT_CLASH);
    cr_assert_not_null(strstr(put.reason, "the intent a"));
    change(0, &put, 2, "b", EXPLICIT);
    store_answer(PCE_OK);
    cr_assert_eq(put.outcome, INTENT_CREATED, "another router has policies of its own");
}

Test(intents, what_is_not_there_cannot_be_deleted_and_what_is_forgotten_is_gone_at_once)
{
    struct intent_change order = {0};
    change(0, &order, 1, "a", NULL);
    cr_assert_eq(order.outcome, INTENT_ABSENT);
    change(0, &order, 1, "a", PLAIN);
    store_answer(PCE_OK);
    change(0, &order, 1, "a", NULL);
    cr_assert_not_null(strstr(store.octets[0], "\"remove\":[\"a\"]"));
    store_answer(PCE_OK);
    cr_assert_eq(order.outcome, INTENT_DELETED);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents, 1, "its LSP may be at the router");
    order.is_forgotten = true;
    change(0, &order, 1, "a", NULL);
    cr_assert_str_empty(store.octets[0]);
    store_answer(PCE_OK);
    cr_assert_eq(order.outcome, INTENT_DELETED);
    cr_assert_eq(intents_of_shard(&shards[0])->counters.intents, 0);
}

/* ---- the limit ---- */

Test(intents, shards_that_change_in_one_turn_do_not_pass_the_limit_together)
{
    struct intent_change changes[5] = {0};
    settings.config.limits.intents_max = 3;
    for (unsigned i = 0; i < 4; i++) /* none of them has ended a turn */
        change(i % SHARDS, &changes[i], 1 + i, "a", PLAIN);
    cr_assert_eq(store.count, 3);
    cr_assert_eq(changes[3].outcome, INTENT_TOO_MANY);
    cr_assert_eq(intents_of_shard(&shards[1])->counters.intents_over_limit, 1);
    for (unsigned i = 0; i < 3; i++)
        store_answer(PCE_OK);
    for (unsigned i = 0; i < SHARDS; i++)
        end_turn(i);
    cr_assert_eq(gauge_get(&shared.intents), 3);
    change(0, &changes[4], 1, "a", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(changes[4].outcome, INTENT_REPLACED, "one that is there takes no place");
}

Test(intents, a_place_that_is_not_used_or_not_used_any_more_is_given_back)
{
    struct intent_change put = {0};
    settings.config.limits.intents_max = 1;
    change(0, &put, 1, "a", PLAIN);
    store_answer(PCE_INVALID);
    end_turn(0);
    change(1, &put, 2, "a", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(put.outcome, INTENT_CREATED);
    end_turn(1);
    change(0, &put, 1, "a", PLAIN);
    cr_assert_eq(put.outcome, INTENT_TOO_MANY);
    put.is_forgotten = true;
    change(1, &put, 2, "a", NULL);
    store_answer(PCE_OK);
    end_turn(1);
    change(0, &put, 1, "a", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(put.outcome, INTENT_CREATED);
}

/* ---- the start ---- */

static void start_with(const char *record)
{
    struct intent_seed seed = {.pcc = ip_from_u32(UINT32_C(0xc0000201)),
                               .name = "a",
                               .octets = {(const uint8_t *)record, strlen(record)}};
    struct intent_seeds seeds = {.first = &seed, .last = &seed, .count = 1};
    shared.intent_seeds = &seeds;
    for (unsigned i = 0; i < SHARDS; i++) {
        intents_part.fini(&shards[i]);
        cr_assert_eq(intents_part.init(&shards[i]), PCE_OK);
        intents_part.end_turn(&shards[i]);
    }
    shared.intent_seeds = NULL;
}

static struct intents *owner_of_seed(void)
{
    const struct ip pcc = ip_from_u32(UINT32_C(0xc0000201));
    return intents_of_shard(&shards[listener_shard_of(&pcc, SHARDS)]);
}

Test(intents, the_store_comes_in_whatever_the_limit_says_now)
{
    settings.config.limits.intents_max = 0;
    start_with("{\"version\":1,\"remove\":[],\"intent\":" PLAIN "}");
    cr_assert_eq(owner_of_seed()->counters.intents, 1);
    cr_assert_eq(gauge_get(&shared.intents), 1);
}

Test(intents, a_record_that_cannot_be_read_is_kept_and_can_be_replaced)
{
    struct intent_change put = {0};
    const struct ip pcc = ip_from_u32(UINT32_C(0xc0000201));
    start_with("{\"version\":2}");
    cr_assert_eq(owner_of_seed()->counters.intents_unreadable, 1);
    change(listener_shard_of(&pcc, SHARDS), &put, 1, "a", PLAIN);
    store_answer(PCE_OK);
    cr_assert_eq(owner_of_seed()->counters.intents_unreadable, 0);
    cr_assert_eq(owner_of_seed()->counters.intents, 1);
}
