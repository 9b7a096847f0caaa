#include "server/config/config_outline.h"

#include "core/base/check.h"
#include "core/base/map.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A mapping or sequence that is open, and where in the path it stands. */
struct level {
    bool is_mapping;
    bool has_key;     /* a mapping whose next event is a value */
    size_t path_size; /* of the path without what this level appends */
    uint32_t index;   /* of the next entry of a sequence */
};

struct walk {
    yaml_parser_t parser;
    struct config_outline *outline;
    struct config_fault *fault;
    struct level levels[CONFIG_OUTLINE_DEPTH_MAX];
    uint32_t depth;
    uint32_t documents;
    uint32_t key_line; /* of the key whose value is next */
    char path[CONFIG_OUTLINE_PATH_SIZE];
};

__attribute__((format(printf, 4, 5))) static enum pce_status
outline_refuse(struct walk *walk, enum pce_status status, uint32_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(walk->fault->reason, sizeof walk->fault->reason, format, arguments);
    va_end(arguments);
    walk->fault->line = line;
    (void)snprintf(walk->fault->key, sizeof walk->fault->key, "%s", walk->path);
    return status;
}

static uint32_t event_line(const yaml_event_t *event)
{
    return (uint32_t)event->start_mark.line + 1;
}

#define NO_ENTRY UINT32_MAX
/* Paths and values of a file of the maximum size fit; a path may be longer than its text. */
#define TEXTS_SIZE_MAX ((size_t)256 << 20)

static uint32_t *outline_bucket_of(const struct config_outline *outline, const char *path)
{
    CHECK(outline->bucket_count > 0 && (outline->bucket_count & (outline->bucket_count - 1)) == 0);
    return &outline->buckets[map_hash(path, strlen(path)) & (outline->bucket_count - 1)];
}

const struct config_outline_entry *config_outline_find(const struct config_outline *outline,
                                                       const char *path)
{
    if (outline->bucket_count == 0)
        return NULL;
    uint32_t index = *outline_bucket_of(outline, path);
    while (index != NO_ENTRY && strcmp(outline->entries[index].path, path) != 0)
        index = outline->entries[index].next;
    return index == NO_ENTRY ? NULL : &outline->entries[index];
}

static void file_entry(struct config_outline *outline, uint32_t index)
{
    uint32_t *bucket = outline_bucket_of(outline, outline->entries[index].path);
    outline->entries[index].next = *bucket;
    *bucket = index;
}

/* Twice the room, and as many buckets as there is room for entries. */
static bool outline_grow(struct config_outline *outline)
{
    CHECK(outline->count == outline->room);
    uint32_t room = outline->room == 0 ? 64 : outline->room * 2;
    struct config_outline_entry *entries = realloc(outline->entries, room * sizeof *entries);
    if (entries == NULL)
        return false;
    outline->entries = entries;
    uint32_t *buckets = realloc(outline->buckets, room * sizeof *buckets);
    if (buckets == NULL)
        return false;
    outline->buckets = buckets;
    outline->room = room;
    outline->bucket_count = room;
    memset(buckets, 0xff, room * sizeof *buckets);
    for (uint32_t i = 0; i < outline->count; i++)
        file_entry(outline, i);
    return true;
}

static const char *keep_text(struct config_outline *outline, const char *text, size_t size_max)
{
    size_t size = strnlen(text, size_max);
    char *kept = arena_alloc(&outline->texts, size + 1);
    if (kept == NULL)
        return NULL;
    memcpy(kept, text, size);
    kept[size] = '\0';
    return kept;
}

static enum pce_status outline_append(struct walk *walk, enum config_outline_kind kind,
                                      const char *value, uint32_t line)
{
    struct config_outline *outline = walk->outline;
    if (outline->count == CONFIG_OUTLINE_ENTRIES_MAX)
        return outline_refuse(walk, PCE_LIMIT, line, "more than %d values",
                              CONFIG_OUTLINE_ENTRIES_MAX);
    if (outline->count == outline->room && !outline_grow(outline))
        return outline_refuse(walk, PCE_NO_MEMORY, line, "no memory");
    struct config_outline_entry *entry = &outline->entries[outline->count];
    entry->path = keep_text(outline, walk->path, CONFIG_OUTLINE_PATH_SIZE);
    entry->value = keep_text(outline, value, CONFIG_TEXT_SIZE - 1);
    if (entry->path == NULL || entry->value == NULL)
        return outline_refuse(walk, PCE_NO_MEMORY, line, "no memory");
    entry->line = line;
    entry->kind = kind;
    file_entry(outline, outline->count++);
    return PCE_OK;
}

/* Appends a key or an index to the path; every level keeps the size it had before. */
static enum pce_status extend_path(struct walk *walk, const char *separator, const char *name,
                                   uint32_t line)
{
    size_t used = strlen(walk->path);
    int size = snprintf(walk->path + used, sizeof walk->path - used, "%s%s", separator, name);
    if (size < 0 || (size_t)size >= sizeof walk->path - used) {
        walk->path[used] = '\0';
        return outline_refuse(walk, PCE_LIMIT, line, "a key here is too long");
    }
    return PCE_OK;
}

static enum pce_status take_key(struct walk *walk, const yaml_event_t *event)
{
    CHECK(walk->depth > 0);
    struct level *level = &walk->levels[walk->depth - 1];
    const char *name = (const char *)event->data.scalar.value;
    uint32_t line = event_line(event);
    walk->path[level->path_size] = '\0';
    if (event->data.scalar.length == 0 || strlen(name) != event->data.scalar.length)
        return outline_refuse(walk, PCE_INVALID, line, "a key must be plain text");
    enum pce_status status = extend_path(walk, level->path_size == 0 ? "" : ".", name, line);
    if (status != PCE_OK)
        return status;
    const struct config_outline_entry *before = config_outline_find(walk->outline, walk->path);
    if (before != NULL)
        return outline_refuse(walk, PCE_INVALID, line, "the key stands on line %u already",
                              before->line);
    walk->key_line = line;
    level->has_key = true;
    return PCE_OK;
}

/* Sets the path and the line of the value that begins with this event. */
static enum pce_status place_value(struct walk *walk, const yaml_event_t *event, uint32_t *line)
{
    *line = event_line(event);
    if (walk->depth == 0)
        return PCE_OK;
    struct level *level = &walk->levels[walk->depth - 1];
    if (level->is_mapping) {
        level->has_key = false;
        *line = walk->key_line;
        return PCE_OK;
    }
    char index[16];
    (void)snprintf(index, sizeof index, "[%u]", level->index++);
    walk->path[level->path_size] = '\0';
    return extend_path(walk, "", index, *line);
}

static enum pce_status take_scalar(struct walk *walk, const yaml_event_t *event)
{
    if (walk->depth > 0 && walk->levels[walk->depth - 1].is_mapping &&
        !walk->levels[walk->depth - 1].has_key)
        return take_key(walk, event);
    uint32_t line;
    enum pce_status status = place_value(walk, event, &line);
    if (status != PCE_OK)
        return status;
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length)
        return outline_refuse(walk, PCE_INVALID, line, "a NUL inside a value");
    return outline_append(walk, CONFIG_OUTLINE_SCALAR, value, line);
}

static enum pce_status take_start(struct walk *walk, const yaml_event_t *event)
{
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    if (walk->depth > 0 && walk->levels[walk->depth - 1].is_mapping &&
        !walk->levels[walk->depth - 1].has_key)
        return outline_refuse(walk, PCE_INVALID, event_line(event), "a key must be plain text");
    uint32_t line;
    enum pce_status status = place_value(walk, event, &line);
    if (status != PCE_OK)
        return status;
    if (walk->depth == CONFIG_OUTLINE_DEPTH_MAX)
        return outline_refuse(walk, PCE_LIMIT, line, "more than %d levels",
                              CONFIG_OUTLINE_DEPTH_MAX);
    status = outline_append(walk, is_mapping ? CONFIG_OUTLINE_MAPPING : CONFIG_OUTLINE_SEQUENCE, "",
                            line);
    if (status != PCE_OK)
        return status;
    walk->levels[walk->depth++] =
        (struct level){.is_mapping = is_mapping, .path_size = strlen(walk->path)};
    return PCE_OK;
}

static enum pce_status take_event(struct walk *walk, const yaml_event_t *event)
{
    uint32_t line = event_line(event);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL
                   ? outline_refuse(walk, PCE_INVALID, line, "anchors are not supported")
                   : take_scalar(walk, event);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return take_start(walk, event);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        CHECK(walk->depth > 0); /* libyaml gives each start its end, or an error */
        walk->depth--;
        walk->path[walk->levels[walk->depth].path_size] = '\0';
        return PCE_OK;
    case YAML_ALIAS_EVENT:
        return outline_refuse(walk, PCE_INVALID, line, "aliases are not supported");
    case YAML_DOCUMENT_START_EVENT:
        return walk->documents++ == 0
                   ? PCE_OK
                   : outline_refuse(walk, PCE_INVALID, line, "a second document");
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return PCE_OK;
}

static enum pce_status next_event(struct walk *walk, bool *is_end)
{
    yaml_event_t event;
    if (!yaml_parser_parse(&walk->parser, &event)) {
        const yaml_parser_t *parser = &walk->parser;
        walk->path[0] = '\0';
        if (parser->error == YAML_MEMORY_ERROR)
            return outline_refuse(walk, PCE_NO_MEMORY, 0, "no memory");
        return outline_refuse(walk, PCE_INVALID, (uint32_t)parser->problem_mark.line + 1,
                              "not valid YAML: %s",
                              parser->problem != NULL ? parser->problem : "unreadable");
    }
    enum pce_status status = take_event(walk, &event);
    *is_end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    return status;
}

enum pce_status config_outline_create(const char *text, size_t size, struct config_outline *outline,
                                      struct config_fault *fault)
{
    struct walk walk = {.outline = outline, .fault = fault};
    *outline = (struct config_outline){0};
    arena_init(&outline->texts, TEXTS_SIZE_MAX);
    if (!yaml_parser_initialize(&walk.parser))
        return outline_refuse(&walk, PCE_NO_MEMORY, 0, "no memory");
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)text, size);
    enum pce_status status = PCE_OK;
    for (bool is_end = false; status == PCE_OK && !is_end;)
        status = next_event(&walk, &is_end);
    yaml_parser_delete(&walk.parser);
    if (status != PCE_OK)
        config_outline_destroy(outline);
    return status;
}

void config_outline_destroy(struct config_outline *outline)
{
    free(outline->entries);
    free(outline->buckets);
    arena_fini(&outline->texts);
    *outline = (struct config_outline){0};
}
