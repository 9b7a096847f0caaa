#include "core/ted/rib_record.h"

#include <stddef.h>
#include <string.h>

#define RECORD_ALIGNMENT 4

#define RECORD_NODE   struct rib_node
#define RECORD_LINK   struct rib_link
#define RECORD_PREFIX struct rib_prefix
#define RECORD_FIELD(kind, name, member)                                                           \
    {offsetof(RECORD_##kind, member), sizeof(((RECORD_##kind *)0)->member)},
#define RECORD_LIST(kind, name, member, count_member)                                              \
    {offsetof(RECORD_##kind, member), offsetof(RECORD_##kind, count_member),                       \
     sizeof *((RECORD_##kind *)0)->member},

static const struct rib_field node_fields[] = {RIB_NODE_FIELDS(RECORD_FIELD)};
static const struct rib_list node_lists[] = {RIB_NODE_LISTS(RECORD_LIST)};
static const struct rib_field link_fields[] = {RIB_LINK_FIELDS(RECORD_FIELD)};
static const struct rib_list link_lists[] = {RIB_LINK_LISTS(RECORD_LIST)};
static const struct rib_field prefix_fields[] = {RIB_PREFIX_FIELDS(RECORD_FIELD)};
static const struct rib_list prefix_lists[] = {RIB_PREFIX_LISTS(RECORD_LIST)};

#define RECORD_COUNT(array) (sizeof(array) / sizeof *(array))
#define RECORD_LAYOUT(type, fields_, lists_)                                                       \
    {                                                                                              \
        .object_size = sizeof(type), .field_count = RECORD_COUNT(fields_),                         \
        .list_count = RECORD_COUNT(lists_), .fields = (fields_), .lists = (lists_)                 \
    }

const struct rib_layout rib_node_layout = RECORD_LAYOUT(struct rib_node, node_fields, node_lists);
const struct rib_layout rib_link_layout = RECORD_LAYOUT(struct rib_link, link_fields, link_lists);
const struct rib_layout rib_prefix_layout =
    RECORD_LAYOUT(struct rib_prefix, prefix_fields, prefix_lists);

_Static_assert(offsetof(struct rib_node, present) == 0 && offsetof(struct rib_link, present) == 0 &&
                   offsetof(struct rib_prefix, present) == 0,
               "what is present comes first");
_Static_assert(_Alignof(struct rib_adj_sid) <= RECORD_ALIGNMENT &&
                   _Alignof(struct rib_end_x) <= RECORD_ALIGNMENT &&
                   _Alignof(struct ted_srv6_sid) <= RECORD_ALIGNMENT &&
                   _Alignof(struct ted_srgb) <= RECORD_ALIGNMENT &&
                   _Alignof(struct rib_prefix_sid) <= RECORD_ALIGNMENT &&
                   _Alignof(struct ted_flex_definition) <= RECORD_ALIGNMENT &&
                   _Alignof(struct rib_flex_link) <= RECORD_ALIGNMENT,
               "items of lists stand where they are used");

static uint32_t record_present(const void *object)
{
    uint32_t present;
    memcpy(&present, object, sizeof present);
    return present;
}

static size_t record_align(size_t size)
{
    return (size + RECORD_ALIGNMENT - 1) / RECORD_ALIGNMENT * RECORD_ALIGNMENT;
}

static bool record_has(uint32_t present, uint32_t bit)
{
    return (present >> bit & 1U) != 0;
}

static uint32_t record_count(const struct rib_list *list, const void *object)
{
    uint32_t count;
    memcpy(&count, (const char *)object + list->count_offset, sizeof count);
    return count;
}

size_t rib_record_size(const struct rib_layout *layout, const void *object)
{
    uint32_t present = record_present(object);
    size_t size = sizeof present;
    for (uint32_t i = 0; i < layout->field_count; i++)
        if (record_has(present, i))
            size += layout->fields[i].size;
    for (uint32_t i = 0; i < layout->list_count; i++) {
        const struct rib_list *list = &layout->lists[i];
        if (!record_has(present, layout->field_count + i))
            continue;
        uint32_t count = record_count(list, object);
        bool is_octets = list->item_size == 1;
        if (count > (is_octets ? UINT16_MAX : RIB_LIST_MAX))
            return 0;
        size = record_align(size) + sizeof count + (size_t)count * list->item_size;
    }
    return size <= RIB_RECORD_SIZE_MAX ? size : 0;
}

/* Octets that alignment skips are cleared, so that equal objects have equal records. */
static uint8_t *record_align_at(const uint8_t *record, uint8_t *at)
{
    while ((size_t)(at - record) % RECORD_ALIGNMENT != 0)
        *at++ = 0;
    return at;
}

static uint8_t *record_put(uint8_t *at, const void *octets, size_t size)
{
    if (size > 0)
        memcpy(at, octets, size);
    return at + size;
}

void rib_record_pack(const struct rib_layout *layout, const void *object, uint8_t *record)
{
    uint32_t present = record_present(object);
    uint8_t *at = record_put(record, &present, sizeof present);
    for (uint32_t i = 0; i < layout->field_count; i++)
        if (record_has(present, i))
            at = record_put(at, (const char *)object + layout->fields[i].offset,
                            layout->fields[i].size);
    for (uint32_t i = 0; i < layout->list_count; i++) {
        const struct rib_list *list = &layout->lists[i];
        if (!record_has(present, layout->field_count + i))
            continue;
        uint32_t count = record_count(list, object);
        const void *items;
        memcpy(&items, (const char *)object + list->offset, sizeof items);
        at = record_put(record_align_at(record, at), &count, sizeof count);
        at = record_put(at, items, (size_t)count * list->item_size);
    }
}

/* The fields of these bits, which stand first in the record; where it goes on behind them. */
static const uint8_t *record_unpack_fields(const struct rib_layout *layout, uint32_t bits,
                                           const uint8_t *record, void *object)
{
    const uint8_t *at = record + sizeof bits;
    memcpy(object, &bits, sizeof bits);
    for (uint32_t left = bits & ((1U << layout->field_count) - 1); left != 0; left &= left - 1) {
        const struct rib_field *field = &layout->fields[__builtin_ctz(left)];
        memcpy((char *)object + field->offset, at, field->size);
        at += field->size;
    }
    return at;
}

void rib_record_unpack_ends(const uint8_t *record, struct rib_link *link)
{
    enum {
        ENDS = RIB_LINK_LOCAL_ID | RIB_LINK_REMOTE_ID | RIB_LINK_LOCAL_V4 | RIB_LINK_REMOTE_V4 |
               RIB_LINK_LOCAL_V6 | RIB_LINK_REMOTE_V6
    };
    _Static_assert((ENDS & (ENDS + 1)) == 0, "the ends stand first in the record");
    (void)record_unpack_fields(&rib_link_layout, record_present(record) & ENDS, record, link);
}

void rib_record_unpack(const struct rib_layout *layout, const uint8_t *record, void *object)
{
    memset(object, 0, layout->object_size);
    uint32_t present = record_present(record);
    const uint8_t *at = record_unpack_fields(layout, present, record, object);
    for (uint32_t left = present >> layout->field_count; left != 0; left &= left - 1) {
        const struct rib_list *list = &layout->lists[__builtin_ctz(left)];
        at = record + record_align((size_t)(at - record));
        uint32_t count;
        memcpy(&count, at, sizeof count);
        const void *items = at + sizeof count;
        memcpy((char *)object + list->count_offset, &count, sizeof count);
        memcpy((char *)object + list->offset, &items, sizeof items);
        at += sizeof count + (size_t)count * list->item_size;
    }
}

static void record_copy(void *object, const void *other, size_t offset, size_t size)
{
    memcpy((char *)object + offset, (const char *)other + offset, size);
}

void rib_record_complete(const struct rib_layout *layout, void *object, const void *other)
{
    uint32_t present = record_present(object);
    uint32_t more = record_present(other) & ~present;
    for (uint32_t i = 0; i < layout->field_count; i++)
        if (record_has(more, i))
            record_copy(object, other, layout->fields[i].offset, layout->fields[i].size);
    for (uint32_t i = 0; i < layout->list_count; i++) {
        const struct rib_list *list = &layout->lists[i];
        if (!record_has(more, layout->field_count + i))
            continue;
        record_copy(object, other, list->offset, sizeof(void *));
        record_copy(object, other, list->count_offset, sizeof(uint32_t));
    }
    present |= more;
    memcpy(object, &present, sizeof present);
}
