#include "core/ted/rib_change.h"

#include "core/ted/rib_impl.h"
#include "core/ted/rib_merge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CHANGE_ID(name, id) [name] = (id),

const char *rib_change_id(enum rib_change_what what)
{
    static const char *const ids[] = {RIB_CHANGES(CHANGE_ID)};
    return ids[what];
}

static const struct rib_entry *change_entry(const struct rib_change *change)
{
    return change->after != NULL ? change->after : change->before;
}

const char *rib_change_kind(const struct rib_change *change)
{
    static const char *const kinds[] = {[RIB_KIND_NODE] = "node",
                                        [RIB_KIND_LINK] = "link",
                                        [RIB_KIND_PREFIX] = "prefix",
                                        [RIB_KIND_SRV6_SID] = "srv6_sid"};
    const struct rib_entry *entry = change_entry(change);
    return entry == NULL ? "source" : kinds[entry->kind];
}

/* ---- names ---- */

/* What people call it, where the last network holds; else what its routing domain calls it. */
static void change_name_node(const struct rib *rib, uint32_t number,
                             char text[RIB_CHANGE_NODE_SIZE])
{
    const struct merge *base = rib->is_whole_due || rib->is_base_torn ? NULL : rib->base;
    uint32_t node = TED_NONE;
    char own[MERGE_TEXT_SIZE];
    text[0] = '\0';
    if (number == TED_NONE)
        return;
    if (base != NULL && number < base->name_count)
        node = base->node_of_name[number];
    (void)snprintf(text, RIB_CHANGE_NODE_SIZE, "%.*s", RIB_CHANGE_NODE_SIZE - 1,
                   node == TED_NONE ? rib_name_format(&rib->named[number]->name, own)
                                    : merge_node_text(base, node, own));
}

void rib_change_nodes(const struct rib_change *change, char node[RIB_CHANGE_NODE_SIZE],
                      char remote[RIB_CHANGE_NODE_SIZE])
{
    const struct rib_entry *entry = change_entry(change);
    change_name_node(change->rib, entry == NULL ? TED_NONE : entry->node, node);
    change_name_node(change->rib, entry == NULL ? TED_NONE : entry->remote, remote);
}

/* ---- values ---- */

enum change_type { CHANGE_U32, CHANGE_U8, CHANGE_FLOAT, CHANGE_FLOATS, CHANGE_DOUBLE, CHANGE_IP };

#define CHANGE_TYPE(value)                                                                         \
    _Generic((value), uint32_t: CHANGE_U32, uint8_t: CHANGE_U8, float: CHANGE_FLOAT,               \
             float *: CHANGE_FLOATS, double: CHANGE_DOUBLE, struct ip: CHANGE_IP)

/* A field, or a list where count_offset is not 0. */
struct change_row {
    const char *name;
    uint32_t bit;
    enum change_type type;
    size_t offset, count_offset;
};

#define CHANGE_OBJECT_NODE   struct rib_node
#define CHANGE_OBJECT_LINK   struct rib_link
#define CHANGE_OBJECT_PREFIX struct rib_prefix
#define CHANGE_FIELD(kind, name, member)                                                           \
    {#member, RIB_##kind##_##name, CHANGE_TYPE(((CHANGE_OBJECT_##kind *)NULL)->member),            \
     offsetof(CHANGE_OBJECT_##kind, member), 0},
#define CHANGE_LIST(kind, name, member, count_member)                                              \
    {#member, RIB_##kind##_##name, CHANGE_U32, offsetof(CHANGE_OBJECT_##kind, member),             \
     offsetof(CHANGE_OBJECT_##kind, count_member)},

static const struct change_row change_node_rows[] = {RIB_NODE_FIELDS(CHANGE_FIELD)
                                                         RIB_NODE_LISTS(CHANGE_LIST)};
static const struct change_row change_link_rows[] = {RIB_LINK_FIELDS(CHANGE_FIELD)
                                                         RIB_LINK_LISTS(CHANGE_LIST)};
static const struct change_row change_prefix_rows[] = {RIB_PREFIX_FIELDS(CHANGE_FIELD)
                                                           RIB_PREFIX_LISTS(CHANGE_LIST)};

struct change_kind {
    const struct rib_layout *layout;
    const struct change_row *rows;
    size_t row_count;
};

/* No rows: its objects have no fields of their own. */
static struct change_kind change_kind_of(uint8_t kind)
{
    switch (kind) {
    case RIB_KIND_NODE:
        return (struct change_kind){&rib_node_layout, change_node_rows,
                                    sizeof change_node_rows / sizeof *change_node_rows};
    case RIB_KIND_LINK:
        return (struct change_kind){&rib_link_layout, change_link_rows,
                                    sizeof change_link_rows / sizeof *change_link_rows};
    case RIB_KIND_PREFIX:
        return (struct change_kind){&rib_prefix_layout, change_prefix_rows,
                                    sizeof change_prefix_rows / sizeof *change_prefix_rows};
    default:
        return (struct change_kind){.row_count = 0};
    }
}

struct change_text {
    char *at;
    size_t room;
};

static void change_put(struct change_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void change_put(struct change_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text->at, text->room, format, arguments);
    va_end(arguments);
    size_t used = size < 0 ? 0 : (size_t)size;
    used = used < text->room ? used : text->room - 1;
    text->at += used;
    text->room -= used;
}

static void change_put_value(struct change_text *text, enum change_type type, const void *value)
{
    char address[IP_TEXT_SIZE];
    const float *floats = value;
    switch (type) {
    case CHANGE_U32:
        change_put(text, "%u", *(const uint32_t *)value);
        break;
    case CHANGE_U8:
        change_put(text, "%u", *(const uint8_t *)value);
        break;
    case CHANGE_FLOAT:
        change_put(text, "%g", (double)*floats);
        break;
    case CHANGE_FLOATS:
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            change_put(text, "%s%g", p == 0 ? "" : "/", (double)floats[p]);
        break;
    case CHANGE_DOUBLE:
        change_put(text, "%g", *(const double *)value);
        break;
    case CHANGE_IP:
        change_put(text, "%s", ip_format(value, address));
        break;
    }
}

/* An object as its record has it. */
union change_object {
    uint32_t present; /* the first member of each */
    struct rib_node node;
    struct rib_link link;
    struct rib_prefix prefix;
};

static void change_put_side(struct change_text *text, const struct change_row *row,
                            const union change_object *object)
{
    if ((object->present & row->bit) == 0)
        change_put(text, "none");
    else
        change_put_value(text, row->type, (const char *)object + row->offset);
}

static bool change_is_same(const struct change_row *row, const union change_object *a,
                           const union change_object *b, size_t size)
{
    const void *x = (const char *)a + row->offset, *y = (const char *)b + row->offset;
    uint32_t count, other_count;
    if ((a->present & row->bit) != (b->present & row->bit))
        return false;
    if ((a->present & row->bit) == 0)
        return true;
    if (row->count_offset == 0)
        return memcmp(x, y, size) == 0;
    memcpy(&count, (const char *)a + row->count_offset, sizeof count);
    memcpy(&other_count, (const char *)b + row->count_offset, sizeof other_count);
    memcpy(&x, x, sizeof x); /* the list itself */
    memcpy(&y, y, sizeof y);
    return count == other_count && memcmp(x, y, count * size) == 0;
}

static void change_put_differences(struct change_text *text, const struct rib_entry *before,
                                   const struct rib_entry *after)
{
    struct change_kind kind = change_kind_of(after->kind);
    union change_object a = {.present = 0}, b = {.present = 0};
    const char *separator = "";
    if (kind.row_count == 0)
        return;
    rib_record_unpack(kind.layout, before->record, &a);
    rib_record_unpack(kind.layout, after->record, &b);
    for (size_t i = 0; i < kind.row_count; i++) {
        const struct change_row *row = &kind.rows[i];
        bool is_list = i >= kind.layout->field_count;
        size_t size = is_list ? kind.layout->lists[i - kind.layout->field_count].item_size
                              : kind.layout->fields[i].size;
        if (change_is_same(row, &a, &b, size))
            continue;
        change_put(text, "%s%s ", separator, row->name);
        separator = ", ";
        if (is_list) {
            change_put(text, "changed");
            continue;
        }
        change_put_side(text, row, &a);
        change_put(text, " -> ");
        change_put_side(text, row, &b);
    }
}

/* What tells a link from others between the same nodes, and a prefix from others of the node. */
static void change_put_which(struct change_text *text, const struct rib_entry *entry)
{
    char address[IP_TEXT_SIZE];
    struct rib_link link;
    if (entry->kind == RIB_KIND_PREFIX)
        change_put(text, "%s/%u", ip_format(&entry->prefix, address), entry->bits);
    if (entry->kind != RIB_KIND_LINK)
        return;
    rib_record_unpack(&rib_link_layout, entry->record, &link);
    if (link.local_v4.family != IP_NONE || link.local_v6.family != IP_NONE)
        change_put(
            text, "at %s",
            ip_format(link.local_v4.family != IP_NONE ? &link.local_v4 : &link.local_v6, address));
    else if (link.local_id != 0)
        change_put(text, "at interface %u", link.local_id);
}

const char *rib_change_text(const struct rib_change *change, char *text, size_t size)
{
    struct change_text put = {.at = text, .room = size};
    const struct rib_entry *entry = change_entry(change);
    text[0] = '\0';
    if (entry == NULL) {
        change_put(&put, "%u objects", change->count);
        return text;
    }
    change_put_which(&put, entry);
    if (change->before == NULL || change->after == NULL)
        return text;
    change_put(&put, "%s", text[0] == '\0' ? "" : ": ");
    change_put_differences(&put, change->before, change->after);
    return text;
}
