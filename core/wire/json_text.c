#include "core/wire/json_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define JSON_TEXT_ROOM_MIN 512

struct json_text {
    char *octets;
    size_t size, room;
    bool has_failed; /* once, and for good: jansson may go on */
};

static int json_text_add(const char *octets, size_t size, void *context)
{
    struct json_text *text = context;
    size_t room = text->room;
    while (room < text->size + size + 1)
        room *= 2;
    if (!text->has_failed && room > text->room) {
        char *grown = realloc(text->octets, room);
        text->has_failed = grown == NULL;
        text->octets = grown == NULL ? text->octets : grown;
        text->room = grown == NULL ? text->room : room;
    }
    if (text->has_failed)
        return -1;
    memcpy(text->octets + text->size, octets, size);
    text->size += size;
    text->octets[text->size] = '\0';
    return 0;
}

char *wire_json_text(const json_t *json, size_t flags)
{
    struct json_text text = {.octets = json == NULL ? NULL : malloc(JSON_TEXT_ROOM_MIN),
                             .room = JSON_TEXT_ROOM_MIN};
    if (text.octets == NULL)
        return NULL;
    if (json_dump_callback(json, json_text_add, &text, flags) == 0 && !text.has_failed)
        return text.octets;
    free(text.octets);
    return NULL;
}
