#include "server/control/api_ask.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/shard/shard.h"

#include <stdlib.h>

static struct ask *create(struct http_request *request, uint32_t limit, ask_done_fn *done)
{
    struct ask *ask = calloc(1, sizeof *ask);
    if (ask == NULL)
        return NULL;
    ask->request = request;
    ask->limit = limit;
    ask->done = done;
    request->owner = ask;
    return ask;
}

void ask_destroy(struct ask *ask)
{
    free(ask->views);
    free(ask->records);
    free(ask->batch);
    free(ask->top.entries);
    free(ask);
}

/* The ask when it is whole; else it goes, and the request was answered. */
static struct ask *check_memory(struct http_request *request, struct ask *ask)
{
    if (ask != NULL && (ask->views != NULL || ask->records != NULL))
        return ask;
    if (ask != NULL)
        ask_destroy(ask);
    api_refuse(request, 503, NULL, "memory is short");
    return NULL;
}

struct ask *ask_create(struct http_request *request, uint32_t limit, ask_done_fn *done)
{
    struct ask *ask = create(request, limit, done);
    if (ask != NULL)
        ask->views = malloc(limit * sizeof *ask->views);
    return check_memory(request, ask);
}

struct ask *ask_create_sorted(struct http_request *request, uint32_t limit, ask_done_fn *done)
{
    struct ask *ask = create(request, limit, done);
    if (ask == NULL)
        return check_memory(request, ask);
    struct top_entry *entries = malloc(limit * sizeof *entries);
    top_init(&ask->top, entries, limit);
    ask->batch = malloc(VIEW_BATCH * sizeof *ask->batch);
    if (entries != NULL && ask->batch != NULL)
        ask->views = malloc(limit * sizeof *ask->views);
    return check_memory(request, ask);
}

struct ask *ask_create_history(struct http_request *request, uint32_t limit, ask_done_fn *done)
{
    struct ask *ask = create(request, limit, done);
    if (ask != NULL)
        ask->records = malloc(limit * sizeof *ask->records);
    return check_memory(request, ask);
}

static void drop(struct ask *ask)
{
    list_remove(&ask->link);
    ask_destroy(ask);
}

/* Answers with an error; the ask stays while a shard has its question. */
static void give_up(struct ask *ask, unsigned status, const char *message)
{
    if (ask->request != NULL)
        api_refuse(ask->request, status, NULL, message);
    ask->request = NULL;
    if (!ask->is_out)
        drop(ask);
}

static bool is_sorted(const struct ask *ask)
{
    return ask->batch != NULL;
}

/* Posts the question unless another one is with that shard: then it waits. */
static void post(struct api *api, struct ask *ask)
{
    struct view_question *question = &ask->question;
    if (api->is_busy[question->shard])
        return;
    question->owner = ask;
    question->reply_to = api->mailbox;
    question->reply_kind = api->answer_kind;
    question->views = ask->views == NULL ? NULL : ask->views + ask->count;
    question->records = ask->records == NULL ? NULL : ask->records + ask->count;
    question->room = ask->limit - ask->count;
    if (is_sorted(ask)) {
        question->views = ask->batch;
        question->room = VIEW_BATCH;
        question->rank_end = top_end(&ask->top);
    }
    question->count = 0;
    question->match_count = 0;
    struct mail mail = {.kind = SHARD_MAIL_VIEW};
    mail.pointers[0] = question;
    if (mailbox_post(api->shared->shards[question->shard].mailbox, &mail, NULL) != PCE_OK) {
        give_up(ask, 503, "a shard has too much to do");
        return;
    }
    ask->is_out = true;
    api->is_busy[question->shard] = true;
    api->out_count++;
}

void ask_start(struct api *api, struct ask *ask)
{
    if (ask->shard_end == 0)
        ask->shard_end = api->shared->shard_count;
    ask->deadline = mono_add_ms(clock_now(), API_WAIT_MS);
    list_push_back(&api->asks, &ask->link);
    post(api, ask);
}

static void take_batch(struct ask *ask)
{
    for (uint32_t i = 0; i < ask->question.count; i++) {
        const struct session_view *view = &ask->batch[i];
        uint64_t place = (uint64_t)view->id.shard << 32 | view->id.index;
        uint32_t slot;
        if (top_offer(&ask->top, view->rank, place, &slot))
            ask->views[slot] = *view;
    }
    ask->count = ask->top.count;
}

const struct session_view *ask_view(const struct ask *ask, uint32_t i)
{
    CHECK(i < ask->count);
    return &ask->views[is_sorted(ask) ? ask->top.entries[i].slot : i];
}

/* Whether there is nothing more to ask. */
static bool go_on(struct ask *ask)
{
    struct view_question *question = &ask->question;
    ask->match_count += question->match_count;
    if (is_sorted(ask))
        take_batch(ask);
    else
        ask->count += question->count;
    if (!ask->is_list)
        return true;
    if (question->is_over) {
        question->shard++;
        question->index = 0;
        question->place = (struct history_cursor){0};
    }
    return question->shard == ask->shard_end || (!is_sorted(ask) && ask->count == ask->limit);
}

static void post_waiting(struct api *api)
{
    struct list_link *next;
    for (struct list_link *link = api->asks.next; link != &api->asks; link = next) {
        struct ask *ask = CONTAINER_OF(link, struct ask, link);
        next = link->next;
        if (!ask->is_out && ask->request != NULL)
            post(api, ask);
    }
}

void api_on_answer(struct api *api, struct view_question *question)
{
    struct ask *ask = question->owner;
    CHECK(ask->is_out && api->out_count > 0);
    ask->is_out = false;
    api->is_busy[question->shard] = false;
    api->out_count--;
    if (ask->request == NULL) {
        drop(ask);
    } else if (go_on(ask)) {
        if (is_sorted(ask))
            top_sort(&ask->top);
        ask->done(ask);
        drop(ask);
    } else {
        /* Behind those that wait already. The time that is bounded is that of one question: a walk
         * over very many sessions goes on while shards answer. */
        ask->deadline = mono_add_ms(clock_now(), API_WAIT_MS);
        list_remove(&ask->link);
        list_push_back(&api->asks, &ask->link);
    }
    post_waiting(api);
}

void api_on_gone(void *context, struct http_request *request)
{
    struct ask *ask = request->owner;
    (void)context;
    CHECK(ask != NULL);
    ask->request = NULL;
    if (!ask->is_out)
        drop(ask);
}

void api_on_time(struct api *api, struct mono now)
{
    struct list_link *next;
    for (struct list_link *link = api->asks.next; link != &api->asks; link = next) {
        struct ask *ask = CONTAINER_OF(link, struct ask, link);
        next = link->next;
        if (ask->request != NULL && !mono_is_before(now, ask->deadline))
            give_up(ask, 504, "a shard has not answered in time");
    }
}

void api_init(struct api *api, struct shared *shared, uint32_t answer_kind)
{
    static const struct http_counters none;
    *api = (struct api){.shared = shared, .http = &none, .answer_kind = answer_kind};
    list_init(&api->asks);
}

void api_end(struct api *api)
{
    struct list_link *next;
    for (struct list_link *link = api->asks.next; link != &api->asks; link = next) {
        next = link->next;
        give_up(CONTAINER_OF(link, struct ask, link), 503, "the server is shutting down");
    }
}

void api_fini(struct api *api)
{
    struct list_link *next;
    for (struct list_link *link = api->asks.next; link != &api->asks; link = next) {
        next = link->next;
        ask_destroy(CONTAINER_OF(link, struct ask, link));
    }
    list_init(&api->asks);
}
