#include "core/ted/topology_reader.h"

#include "core/base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum pce_status topo_init(struct topo_reader *r, const char *text, size_t size,
                          struct ted_fault *fault)
{
    *r = (struct topo_reader){.text = text, .size = size, .fault = fault};
    *fault = (struct ted_fault){0};
    if (!yaml_parser_initialize(&r->parser))
        return PCE_NO_MEMORY;
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, size);
    return PCE_OK;
}

void topo_fini(struct topo_reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    yaml_parser_delete(&r->parser);
}

/* Writes the way to the current value: "nodes[3] (Lyon): srgb[1].base". */
static void format_element(const struct topo_reader *r, const char *part, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < r->depth && used < size; i++) {
        const struct topo_frame *frame = &r->frames[i];
        const char *separator = i == 0 ? "" : i == 1 ? ": " : ".";
        used += (size_t)snprintf(text + used, size - used, "%s%s", separator, frame->key);
        if (frame->index != TED_NONE && used < size)
            used += (size_t)snprintf(text + used, size - used, "[%u]", frame->index);
        const char *first = r->subjects[0] == NULL ? "" : r->subjects[0];
        const char *second = r->subjects[1] == NULL ? "" : r->subjects[1];
        if (i > 0 || used >= size || (first[0] == '\0' && second[0] == '\0'))
            continue;
        used += (size_t)snprintf(text + used, size - used, " (%.80s%s%.80s)", first,
                                 r->subjects[1] == NULL ? "" : " - ",
                                 r->subjects[1] != NULL && second[0] == '\0' ? "?" : second);
    }
    if (part[0] != '\0' && used < size)
        snprintf(text + used, size - used, "%s%s",
                 r->depth == 0   ? ""
                 : r->depth == 1 ? ": "
                                 : ".",
                 part);
}

static void fail_with(struct topo_reader *r, enum pce_status status, struct topo_mark mark,
                      const char *part, const char *reason)
{
    CHECK(r->status == PCE_OK && status != PCE_OK); /* the first fault ends the walk */
    r->status = status;
    r->fault->line = mark.line;
    r->fault->column = mark.column;
    format_element(r, part, r->fault->element, sizeof r->fault->element);
    snprintf(r->fault->reason, sizeof r->fault->reason, "%s", reason);
}

struct topo_mark topo_here(const struct topo_reader *r)
{
    const yaml_mark_t *mark = r->has_event ? &r->event.start_mark : &r->parser.mark;
    return (struct topo_mark){(uint32_t)mark->line + 1, (uint32_t)mark->column + 1};
}

bool topo_fail(struct topo_reader *r, const char *reason, ...)
{
    char text[sizeof r->fault->reason];
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    fail_with(r, PCE_INVALID, topo_here(r), "", text);
    return false;
}

bool topo_fail_at(struct topo_reader *r, struct topo_mark mark, const char *part,
                  const char *reason, ...)
{
    char text[sizeof r->fault->reason];
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    fail_with(r, PCE_INVALID, mark, part, text);
    return false;
}

bool topo_fail_builder(struct topo_reader *r, enum pce_status status,
                       const struct topo_table *table, const struct topo_mark *marks,
                       struct topo_mark otherwise)
{
    struct ted_fault fault = *r->fault;
    size_t key_size = strcspn(fault.element, "[.");
    struct topo_mark mark = otherwise;
    for (uint32_t i = 0; i < table->row_count; i++) {
        const char *key = table->rows[i].key;
        if (marks[i].line != 0 && strlen(key) == key_size &&
            memcmp(key, fault.element, key_size) == 0)
            mark = marks[i];
    }
    fail_with(r, status, mark, fault.element, fault.reason);
    return false;
}

/* libyaml refuses octets that are no text before it knows their line. */
static struct topo_mark mark_of_offset(const struct topo_reader *r, size_t offset)
{
    struct topo_mark mark = {1, 1};
    for (size_t i = 0; i < offset && i < r->size; i++) {
        mark.column++;
        if (r->text[i] == '\n')
            mark = (struct topo_mark){mark.line + 1, 1};
    }
    return mark;
}

static bool fail_parser(struct topo_reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem == NULL ? "cannot be read" : p->problem;
    if (p->error == YAML_MEMORY_ERROR) {
        fail_with(r, PCE_NO_MEMORY, topo_here(r), "", "no memory to read the file");
    } else if (p->error == YAML_READER_ERROR) {
        /* libyaml decodes ahead of what it parses: the current element is not the one at fault. */
        r->depth = 0;
        fail_with(r, PCE_INVALID, mark_of_offset(r, p->problem_offset), "", problem);
    } else {
        struct topo_mark mark = {(uint32_t)p->problem_mark.line + 1,
                                 (uint32_t)p->problem_mark.column + 1};
        char reason[sizeof r->fault->reason];
        snprintf(reason, sizeof reason, "no YAML: %s%s%s", p->context == NULL ? "" : p->context,
                 p->context == NULL ? "" : ", ", problem);
        fail_with(r, PCE_INVALID, mark, "", reason);
    }
    return false;
}

/* Anchors and aliases would let a small file mean a huge one; tags mean nothing here. */
static bool refuse_decoration(struct topo_reader *r)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    switch (r->event.type) {
    case YAML_ALIAS_EVENT:
        return topo_fail(r, "aliases are not used in a topology");
    case YAML_SCALAR_EVENT:
        anchor = r->event.data.scalar.anchor;
        tag = r->event.data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = r->event.data.sequence_start.anchor;
        tag = r->event.data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = r->event.data.mapping_start.anchor;
        tag = r->event.data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor != NULL)
        return topo_fail(r, "anchors are not used in a topology");
    if (tag != NULL)
        return topo_fail(r, "tags are not used in a topology");
    return true;
}

bool topo_next(struct topo_reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    if (!yaml_parser_parse(&r->parser, &r->event))
        return fail_parser(r);
    r->has_event = true;
    return refuse_decoration(r);
}

static const char *shape_of(const struct topo_reader *r)
{
    switch (r->event.type) {
    case YAML_SCALAR_EVENT:
        return "one value";
    case YAML_SEQUENCE_START_EVENT:
        return "a list";
    case YAML_MAPPING_START_EVENT:
        return "a mapping";
    default:
        return "nothing";
    }
}

const char *topo_scalar(struct topo_reader *r)
{
    if (r->event.type != YAML_SCALAR_EVENT) {
        topo_fail(r, "one value is wanted, this is %s", shape_of(r));
        return NULL;
    }
    const char *text = (const char *)r->event.data.scalar.value;
    if (strlen(text) != r->event.data.scalar.length) {
        topo_fail(r, "contains a NUL");
        return NULL;
    }
    return text;
}

const char *topo_quote(struct topo_reader *r)
{
    const char *text = (const char *)r->event.data.scalar.value;
    size_t i = 0;
    for (; text[i] != '\0' && i + 4 < sizeof r->quote; i++) {
        r->quote[i] = text[i];
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            r->quote[i] = '?';
    }
    snprintf(r->quote + i, sizeof r->quote - i, "%s", text[i] == '\0' ? "" : "...");
    return r->quote;
}

static const struct topo_row *topology_find_row(const struct topo_table *table, const char *key)
{
    for (uint32_t i = 0; i < table->row_count; i++) {
        if (strcmp(table->rows[i].key, key) == 0)
            return &table->rows[i];
    }
    return NULL;
}

/* Reads one key and its value; the current event is the key. */
static bool topology_read_member(struct topo_reader *r, const struct topo_table *table,
                                 void *target, struct topo_mark *marks)
{
    const char *key = topo_scalar(r);
    if (key == NULL)
        return false;
    const struct topo_row *row = topology_find_row(table, key);
    CHECK(r->depth < TOPO_DEPTH_MAX);
    if (row == NULL)
        return topo_fail_at(r, topo_here(r), topo_quote(r), "there is no such key here");
    r->frames[r->depth++] = (struct topo_frame){row->key, TED_NONE};
    struct topo_mark *mark = &marks[row - table->rows];
    if (mark->line != 0)
        return topo_fail(r, "comes a second time; the first is in line %u", mark->line);
    *mark = topo_here(r);
    if (!topo_next(r) || !row->read(r, row, (char *)target + row->offset))
        return false;
    CHECK(r->depth > 0 && r->frames[r->depth - 1].key == row->key);
    r->depth--;
    return true;
}

bool topo_read_mapping(struct topo_reader *r, const struct topo_table *table, void *target,
                       struct topo_mark *marks)
{
    CHECK(table->row_count <= TOPO_ROWS_MAX);
    memset(marks, 0, table->row_count * sizeof *marks);
    if (r->event.type != YAML_MAPPING_START_EVENT)
        return topo_fail(r, "a mapping is wanted, this is %s", shape_of(r));
    struct topo_mark start = topo_here(r);
    for (;;) {
        if (!topo_next(r))
            return false;
        if (r->event.type == YAML_MAPPING_END_EVENT)
            break;
        if (!topology_read_member(r, table, target, marks))
            return false;
    }
    for (uint32_t i = 0; i < table->row_count; i++) {
        if (table->rows[i].is_mandatory && marks[i].line == 0)
            return topo_fail_at(r, start, table->rows[i].key, "is missing");
    }
    return true;
}

bool topo_read_document(struct topo_reader *r, const struct topo_table *table, void *target,
                        struct topo_mark *marks)
{
    if (!topo_next(r)) /* the start of the stream */
        return false;
    if (!topo_next(r))
        return false;
    if (r->event.type == YAML_STREAM_END_EVENT)
        return topo_fail(r, "the file is empty");
    if (!topo_next(r) || !topo_read_mapping(r, table, target, marks))
        return false;
    if (!topo_next(r)) /* the end of the document */
        return false;
    if (!topo_next(r))
        return false;
    if (r->event.type != YAML_STREAM_END_EVENT)
        return topo_fail(r, "a second document starts here; a topology is one document");
    return true;
}

bool topo_read_list(struct topo_reader *r, const struct topo_row *row, struct topo_list list)
{
    CHECK(*list.count <= list.count_max);
    CHECK(r->depth > 0);
    struct topo_frame *frame = &r->frames[r->depth - 1];
    if (r->event.type != YAML_SEQUENCE_START_EVENT)
        return topo_fail(r, "a list is wanted, this is %s", shape_of(r));
    for (uint32_t index = 0;; index++) {
        if (!topo_next(r))
            return false;
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        frame->index = index;
        if (*list.count >= list.count_max) {
            topo_fail(r, "is one too many, at most %u are possible", list.count_max);
            r->status = PCE_LIMIT;
            return false;
        }
        void *item = (char *)list.items + (size_t)*list.count * list.item_size;
        if (!list.read_item(r, row, item))
            return false;
        ++*list.count;
    }
    frame->index = TED_NONE;
    return true;
}
