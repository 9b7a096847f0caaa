#include "server/control/api_ask.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/northbound/northbound.h"

static void api_ask_drop(struct ask *ask)
{
    list_remove(&ask->link);
    ask->kind->destroy(ask);
}

/* Nobody waits any more; the ask stays while a shard has its envelope. */
static void api_ask_leave(struct ask *ask)
{
    ask->request = NULL;
    ask->is_given_up = true;
    if (!ask->is_out)
        api_ask_drop(ask);
}

/* Answers with an error. */
static void api_ask_give_up(struct ask *ask, unsigned status, const char *message)
{
    if (ask->request != NULL)
        api_refuse(ask->request, status, NULL, message);
    api_ask_leave(ask);
}

static void on_gone(struct http_keeper *keeper)
{
    api_ask_leave(CONTAINER_OF(keeper, struct ask, keeper));
}

/* Posts the envelope unless another one is with that shard: then it waits. */
static void post(struct asks *asks, struct ask *ask)
{
    struct envelope *envelope = &ask->envelope;
    CHECK(!ask->is_out && !ask->is_given_up);
    CHECK(envelope->shard < asks->shared->shard_count);
    if (asks->is_busy[envelope->what.class][envelope->shard])
        return;
    if (ask->kind->prepare != NULL)
        ask->kind->prepare(ask);
    if (envelope_post(asks->shared, envelope) != PCE_OK) {
        api_ask_give_up(ask, 503, "a shard has too much to do");
        return;
    }
    ask->is_out = true;
    asks->is_busy[envelope->what.class][envelope->shard] = true;
    asks->out_count++;
}

void ask_start(struct asks *asks, struct ask *ask, struct http_request *request)
{
    CHECK(ask->request == NULL && !ask->is_out);
    ask->request = request;
    ask->is_given_up = false;
    ask->keeper.on_gone = on_gone;
    if (request != NULL)
        request->keeper = &ask->keeper;
    ask->envelope.owner = ask;
    ask->envelope.reply_to = asks->reply_to;
    ask->deadline = mono_add_ms(clock_now(), API_WAIT_MS);
    list_push_back(&asks->all, &ask->link);
    post(asks, ask);
}

static void post_waiting(struct asks *asks)
{
    struct list_link *next;
    for (struct list_link *link = asks->all.next; link != &asks->all; link = next) {
        struct ask *ask = CONTAINER_OF(link, struct ask, link);
        next = link->next;
        if (!ask->is_out && !ask->is_given_up)
            post(asks, ask);
    }
}

void asks_on_answer(struct asks *asks, struct envelope *envelope)
{
    struct ask *ask = envelope->owner;
    CHECK(ask->is_out && asks->out_count > 0);
    ask->is_out = false;
    asks->is_busy[envelope->what.class][envelope->shard] = false;
    asks->out_count--;
    if (ask->is_given_up) {
        api_ask_drop(ask);
    } else if (ask->kind->take == NULL || ask->kind->take(ask)) {
        if (ask->kind->answer != NULL)
            ask->kind->answer(ask);
        api_ask_drop(ask);
    } else {
        /* After those that wait already. The time that is bounded is that of one envelope: a walk
         * over very many sessions goes on while shards answer. */
        ask->deadline = mono_add_ms(clock_now(), API_WAIT_MS);
        list_remove(&ask->link);
        list_push_back(&asks->all, &ask->link);
    }
    post_waiting(asks);
}

void asks_on_time(struct asks *asks, struct mono now)
{
    struct list_link *next;
    for (struct list_link *link = asks->all.next; link != &asks->all; link = next) {
        struct ask *ask = CONTAINER_OF(link, struct ask, link);
        next = link->next;
        if (!ask->is_given_up && !mono_is_before(now, ask->deadline))
            api_ask_give_up(ask, 504, "a shard has not answered in time");
    }
}

void asks_init(struct asks *asks, struct shared *shared)
{
    *asks = (struct asks){.shared = shared};
    list_init(&asks->all);
}

void asks_end(struct asks *asks)
{
    struct list_link *next;
    for (struct list_link *link = asks->all.next; link != &asks->all; link = next) {
        next = link->next;
        api_ask_give_up(CONTAINER_OF(link, struct ask, link), 503, "the server is shutting down");
    }
}

void asks_fini(struct asks *asks)
{
    while (!list_is_empty(&asks->all))
        api_ask_drop(CONTAINER_OF(asks->all.next, struct ask, link));
}
