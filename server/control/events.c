#include "server/control/events.h"

#include "core/base/check.h"
#include "core/wire/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REAL_DIGITS 13 /* of a time since 1970, to the millisecond */

const char *event_kind_text(enum event_kind kind)
{
#define TEXT(id, name) [EVENT_##id] = (name),
    static const char *const texts[EVENT_KIND_COUNT] = {EVENT_KINDS(TEXT)};
#undef TEXT
    return texts[kind];
}

void events_init(struct events *events, uint64_t life)
{
    *events = (struct events){.next = 1, .life = life};
}

void event_release(struct event *event)
{
    CHECK(event->holds > 0);
    if (--event->holds == 0)
        free(event);
}

void events_fini(struct events *events)
{
    for (uint32_t i = 0; events->places != NULL && i < EVENTS_MAX; i++) {
        if (events->places[i] != NULL)
            event_release(events->places[i]);
    }
    free(events->places);
    events->places = NULL;
}

/* Takes the event, NULL: a hole. */
static void events_put(struct events *events, struct event *event)
{
    struct event **place = &events->places[events->next % EVENTS_MAX];
    if (*place != NULL)
        event_release(*place);
    *place = event;
    events->next++;
}

static bool events_have_places(struct events *events)
{
    if (events->places == NULL)
        events->places = calloc(EVENTS_MAX, sizeof(struct event *));
    return events->places != NULL;
}

void events_add_holes(struct events *events, uint64_t count)
{
    uint64_t skipped = count > EVENTS_MAX ? count - EVENTS_MAX : 0;
    if (!events_have_places(events))
        skipped = count;
    events->next += skipped;
    for (uint64_t i = skipped; i < count; i++)
        events_put(events, NULL);
}

/* One block: the event, what streams say of it, its name. */
static struct event *event_create(const struct event_about *about, const char *octets, size_t size)
{
    size_t name_size = strlen(about->name) + 1;
    struct event *event = malloc(sizeof *event + size + name_size);
    if (event == NULL)
        return NULL;
    char *own = (char *)(event + 1);
    memcpy(own, octets, size);
    memcpy(own + size, about->name, name_size);
    *event = (struct event){.about = *about, .holds = 1, .size = size, .octets = own};
    event->about.name = own + size;
    return event;
}

/* The id comes first, so that a client that has the event has it, too. */
static struct event *event_render(const struct events *events, const struct event_about *about,
                                  const char *data)
{
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return NULL;
    int written =
        fprintf(file, "id: %llu-%llu\nevent: %s\ndata: %s\n\n", (unsigned long long)events->life,
                (unsigned long long)events->next, event_kind_text(about->kind), data);
    bool is_whole = fclose(file) == 0 && written > 0 && (size_t)written == size;
    struct event *event = is_whole ? event_create(about, text, size) : NULL;
    free(text);
    return event;
}

void events_add(struct events *events, const struct event_about *about, json_t *json)
{
    char *data = wire_json_text(json, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    json_decref(json);
    if (data == NULL || !events_have_places(events))
        events_add_holes(events, 1);
    else
        events_put(events, event_render(events, about, data));
    free(data);
}

struct event *events_take(const struct events *events, uint64_t *cursor, uint64_t *missed)
{
    const uint64_t first = events->next > EVENTS_MAX ? events->next - EVENTS_MAX : 1;
    *missed = 0;
    if (*cursor < first) {
        *missed = first - *cursor;
        *cursor = first;
    }
    while (*cursor < events->next) {
        struct event *event = events->places == NULL ? NULL : events->places[*cursor % EVENTS_MAX];
        ++*cursor;
        if (event != NULL) {
            event->holds++;
            return event;
        }
        ++*missed;
    }
    return NULL;
}
