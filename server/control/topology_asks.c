#include "server/control/topology_asks.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/control/api_ask.h"

#include <stdlib.h>

struct topology_request {
    struct list_link link;
    struct http_keeper keeper;
    struct http_request *request; /* NULL: its client has gone, or was answered */
    topology_answer_fn *answer;
    struct mono deadline;
    bool is_out; /* the topology thread has it: it is asks->out */
    struct topology_ask ask;
};

static void topology_request_drop(struct topology_request *one)
{
    list_remove(&one->link);
    free(one->ask.order.text);
    free(one);
}

static void topology_request_give_up(struct topology_request *one, unsigned status,
                                     const char *message)
{
    if (one->request != NULL)
        api_refuse(one->request, status, NULL, message);
    one->request = NULL;
    if (!one->is_out)
        topology_request_drop(one);
}

static void topology_request_on_gone(struct http_keeper *keeper)
{
    struct topology_request *one = CONTAINER_OF(keeper, struct topology_request, keeper);
    one->request = NULL;
    if (!one->is_out)
        topology_request_drop(one);
}

/* The oldest one. Where there is no room for it, the others are tried in a later turn. */
static void topology_asks_post(struct topology_asks *asks)
{
    if (asks->out != NULL || list_is_empty(&asks->waiting))
        return;
    struct topology_request *one = CONTAINER_OF(asks->waiting.next, struct topology_request, link);
    one->is_out = topology_ask(asks->topology, &one->ask) == PCE_OK;
    if (one->is_out)
        asks->out = one;
    else
        topology_request_give_up(one, 503, "the topology thread has too much to do");
}

void topology_asks_start(struct topology_asks *asks, struct http_request *request,
                         const struct topology_ask *what, topology_answer_fn *answer)
{
    struct topology_request *one = calloc(1, sizeof *one);
    if (one == NULL) {
        free(what->order.text);
        api_refuse_memory(request);
        return;
    }
    one->request = request;
    one->answer = answer;
    one->deadline = mono_add_ms(clock_now(), API_WAIT_MS);
    one->keeper.on_gone = topology_request_on_gone;
    one->ask.what = what->what;
    one->ask.peer = what->peer;
    one->ask.order = what->order;
    memcpy(one->ask.text, what->text, sizeof one->ask.text);
    one->ask.reply_to = asks->reply_to;
    one->ask.reply_kind = asks->reply_kind;
    request->keeper = &one->keeper;
    list_push_back(&asks->waiting, &one->link);
    topology_asks_post(asks);
}

void topology_asks_on_answer(struct topology_asks *asks, struct topology_ask *ask)
{
    struct topology_request *one = CONTAINER_OF(ask, struct topology_request, ask);
    CHECK(asks->out == one);
    asks->out = NULL;
    if (one->request != NULL)
        one->answer(one->request, ask);
    topology_request_drop(one);
    topology_asks_post(asks);
}

/* Calls nothing of a list that it changes but for the one at hand. */
static void topology_asks_give_up(struct topology_asks *asks, struct mono now, unsigned status,
                                  const char *message)
{
    struct list_link *next;
    for (struct list_link *link = asks->waiting.next; link != &asks->waiting; link = next) {
        struct topology_request *one = CONTAINER_OF(link, struct topology_request, link);
        next = link->next;
        if (one->request != NULL && !mono_is_before(now, one->deadline))
            topology_request_give_up(one, status, message);
    }
}

void topology_asks_on_time(struct topology_asks *asks, struct mono now)
{
    topology_asks_give_up(asks, now, 504, "the topology thread has not answered in time");
    topology_asks_post(asks);
}

void topology_asks_end(struct topology_asks *asks)
{
    topology_asks_give_up(asks, MONO_NEVER, 503, "the server is shutting down");
}

void topology_asks_init(struct topology_asks *asks, struct topology *topology)
{
    *asks = (struct topology_asks){.topology = topology};
    list_init(&asks->waiting);
}

void topology_asks_fini(struct topology_asks *asks)
{
    if (asks->out != NULL) /* topology_asks_end has dropped all others */
        topology_request_drop(asks->out);
}
