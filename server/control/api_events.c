/* /api/v1/events: what happens, as server-sent events. */
#include "server/control/api.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "core/ted/rib_change.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_TEXT_SIZE 160 /* of what is said and is no event */
#define RETRY_MS        1000

/* Which events a stream says. */
struct event_choice {
    uint32_t kinds;     /* a bit for each */
    const char *change; /* NULL: all; like the name a copy */
    const char *name;
    bool is_prefix; /* the name */
    struct address_range pcc;
};

struct event_stream {
    struct stream stream;
    const struct events *events;
    struct event_choice choice;
    uint64_t cursor;    /* number of the event that is looked at next */
    struct event *held; /* the one that is being said; NULL: `text` is */
    char text[EVENT_TEXT_SIZE];
    const char *octets; /* what is left of it */
    size_t left;
    char *words; /* those of the choice */
};

static struct event_stream *event_stream_of(struct stream *stream)
{
    return CONTAINER_OF(stream, struct event_stream, stream);
}

/* ---- what is said ---- */

static bool event_name_fits(const struct event_choice *choice, const char *name)
{
    if (choice->name == NULL)
        return true;
    return choice->is_prefix ? strncmp(name, choice->name, strlen(choice->name)) == 0
                             : strcmp(name, choice->name) == 0;
}

static bool event_fits(const struct event_choice *choice, const struct event_about *about)
{
    return (choice->kinds & 1U << about->kind) != 0 &&
           (choice->change == NULL || strcmp(choice->change, about->change) == 0) &&
           event_name_fits(choice, about->name) && address_range_has(&choice->pcc, &about->pcc);
}

static void event_stream_let_go(struct event_stream *own)
{
    if (own->held != NULL)
        event_release(own->held);
    own->held = NULL;
}

/* The id says where a client goes on that comes back. */
static void event_stream_say_text(struct event_stream *own, const char *text)
{
    const struct events *events = own->events;
    int size = snprintf(own->text, sizeof own->text, "%sid: %llu-%llu\n\n", text,
                        (unsigned long long)events->life, (unsigned long long)own->cursor - 1);
    CHECK(size > 0 && (size_t)size < sizeof own->text);
    own->octets = own->text;
    own->left = (size_t)size;
}

static void event_stream_say_missed(struct event_stream *own, uint64_t missed)
{
    char text[EVENT_TEXT_SIZE / 2];
    http_counters_of(own->stream.request)->events_missed += missed;
    (void)snprintf(text, sizeof text, "event: missed\ndata: {\"missed\":%llu}\n",
                   (unsigned long long)missed);
    event_stream_say_text(own, text);
}

/* False: there is nothing to say. What was missed is said before the event behind it. */
static bool event_stream_find(struct event_stream *own)
{
    uint64_t missed;
    event_stream_let_go(own);
    for (struct event *event; (event = events_take(own->events, &own->cursor, &missed)) != NULL;) {
        if (missed > 0) {
            own->cursor--;
            event_release(event);
            event_stream_say_missed(own, missed);
            return true;
        }
        if (event_fits(&own->choice, &event->about)) {
            own->held = event;
            own->octets = event->octets;
            own->left = event->size;
            return true;
        }
        event_release(event);
    }
    if (missed > 0)
        event_stream_say_missed(own, missed);
    else if (own->stream.is_silent)
        event_stream_say_text(own, "");
    return missed > 0 || own->stream.is_silent;
}

static size_t event_stream_read(struct stream *stream, char *octets, size_t room)
{
    struct event_stream *own = event_stream_of(stream);
    size_t used = 0;
    while (used < room && (own->left > 0 || event_stream_find(own))) {
        const size_t size = own->left < room - used ? own->left : room - used;
        memcpy(octets + used, own->octets, size);
        own->octets += size;
        own->left -= size;
        used += size;
        stream->is_silent = false;
    }
    return used;
}

static void event_stream_destroy(struct stream *stream)
{
    struct event_stream *own = event_stream_of(stream);
    event_stream_let_go(own);
    free(own->words);
    free(own);
}

static const struct stream_kind event_stream_kind = {.read = event_stream_read,
                                                     .destroy = event_stream_destroy};

/* ---- what is asked ---- */

static bool event_kind_parse(const char *text, size_t size, uint32_t *kinds)
{
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++) {
        const char *word = event_kind_text((enum event_kind)i);
        if (strlen(word) == size && strncmp(text, word, size) == 0) {
            *kinds |= 1U << i;
            return true;
        }
    }
    return false;
}

/* A word that no event has would wait for ever. */
static bool event_change_is_known(const char *text)
{
    bool is_known = strcmp(text, "read") == 0 || strcmp(text, "withdrawn") == 0; /* of a file */
    for (unsigned i = 0; i < LSP_CHANGE_COUNT; i++)
        is_known = is_known || strcmp(text, lsp_change_text((enum lsp_change)i)) == 0;
    for (unsigned i = 0; i < RIB_CHANGE_WHAT_COUNT; i++)
        is_known = is_known || strcmp(text, rib_change_id((enum rib_change_what)i)) == 0;
    return is_known;
}

/* "lsp,session"; all without it. */
static bool event_kinds_parse(const char *text, uint32_t *kinds)
{
    *kinds = text == NULL ? UINT32_MAX : 0;
    while (text != NULL) {
        const size_t size = strcspn(text, ",");
        if (!event_kind_parse(text, size, kinds))
            return false;
        text = text[size] == ',' ? text + size + 1 : NULL;
    }
    return true;
}

/* "LIFE-17", as the id of the last event that the client has. What another process has said is not
 * known here: that counts as one event that was missed, and the stream begins with what there is. */
static bool event_id_parse(const char *text, struct event_stream *own)
{
    const struct events *events = own->events;
    uint64_t life;
    uint64_t number;
    if (!number_take(&text, UINT64_MAX, &life) || *text++ != '-' ||
        !number_parse(text, UINT64_MAX - 1, &number))
        return false;
    if (life != events->life) {
        own->cursor = events->next;
        event_stream_say_missed(own, 1);
        return true;
    }
    own->cursor = number + 1;
    return own->cursor <= events->next;
}

/* The request ends before the stream does. */
static bool event_words_copy(const struct http_request *request, struct event_stream *own)
{
    const char *change = api_argument(request, "change");
    const char *name = api_argument(request, "name");
    const size_t change_size = change == NULL ? 0 : strlen(change);
    const size_t name_size = name == NULL ? 0 : strlen(name);
    own->words = malloc(change_size + name_size + 2);
    if (own->words == NULL)
        return false;
    (void)snprintf(own->words, change_size + 1, "%s", change == NULL ? "" : change);
    char *copy = own->words + change_size + 1;
    (void)snprintf(copy, name_size + 1, "%s", name == NULL ? "" : name);
    own->choice.is_prefix = name_size > 0 && copy[name_size - 1] == '*';
    if (own->choice.is_prefix)
        copy[name_size - 1] = '\0';
    own->choice.change = change == NULL ? NULL : own->words;
    own->choice.name = name == NULL ? NULL : copy;
    return true;
}

/* An EventSource that comes back says where it was in a header; an argument is for the others. */
static const char *event_since(const struct http_request *request)
{
    const char *since = request->last_event_id;
    return since != NULL && since[0] != '\0' ? since : api_argument(request, "since");
}

struct event_mistake {
    const char *field; /* NULL: none */
    const char *message;
};

static struct event_mistake event_stream_choose(const struct http_request *request,
                                                struct event_stream *own)
{
    if (own->choice.change != NULL && !event_change_is_known(own->choice.change))
        return (struct event_mistake){"change", "must be the words of a change, such as created"};
    if (!event_kinds_parse(api_argument(request, "kind"), &own->choice.kinds))
        return (struct event_mistake){
            "kind", "must be lsp, pcc, session, topology, or several of them with commas"};
    if (!api_read_range(request, "pcc", &own->choice.pcc))
        return (struct event_mistake){"pcc", "must be an address or a prefix such as 192.0.2.0/24"};
    return (struct event_mistake){NULL, NULL};
}

/* From where: after the stream's events have been brought up to date. */
static struct event_mistake event_stream_place(const struct http_request *request,
                                               struct event_stream *own)
{
    const char *since = event_since(request);
    own->cursor = own->events->next;
    if (since != NULL && !event_id_parse(since, own))
        return (struct event_mistake){"Last-Event-ID", "must be the id of an event of this server"};
    if (own->left == 0) {
        char retry[32];
        (void)snprintf(retry, sizeof retry, "retry: %d\n", RETRY_MS);
        event_stream_say_text(own, retry);
    }
    return (struct event_mistake){NULL, NULL};
}

void api_stream_events(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"kind", "change", "pcc", "name", "since", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct event_stream *own = calloc(1, sizeof *own);
    if (own == NULL || !event_words_copy(request, own) ||
        !pump_start(&api->pump, api->streams.count > 0 || event_since(request) != NULL)) {
        free(own == NULL ? NULL : own->words);
        free(own);
        api_refuse_memory(request);
        return;
    }
    own->stream.kind = &event_stream_kind;
    own->stream.request = request;
    own->events = &api->pump.events;
    struct event_mistake mistake = event_stream_choose(request, own);
    if (mistake.field == NULL)
        mistake = event_stream_place(request, own);
    if (mistake.field == NULL) {
        stream_open(&api->streams, &own->stream, request);
        return;
    }
    api_refuse(request, 400, mistake.field, mistake.message);
    event_stream_destroy(&own->stream);
}
