/* "lists" of a path: several segment lists that share its traffic (draft-ietf-pce-multipath). */
#include "core/intent/intent_reader.h"

#include <stdlib.h>

static bool lists_take_weight(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > UINT32_MAX)
        return intent_refuse(reader, name, "must be a whole number from 1 on");
    reader->list->weight = (uint32_t)json_integer_value(value);
    return true;
}

static bool lists_take_backup(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_boolean(value))
        return intent_refuse(reader, name, "must be true or false");
    reader->list->is_backup = json_is_true(value);
    return true;
}

static bool lists_take_segments(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct intent_path *path = reader->path;
    struct intent_hop *hops = path->hops + path->hop_count;
    size_t count = json_array_size(value);
    if (count > reader->limits->hops_max)
        return intent_refuse(reader, name, "has more entries than limits.intent-segments");
    path->hop_count += (uint32_t)count;
    reader->list->hop_count = (uint32_t)count;
    return intent_read_segments(reader, name, value, hops);
}

static const struct intent_member list_members[] = {
    {"weight", lists_take_weight, false},
    {"backup", lists_take_backup, false},
    {"segments", lists_take_segments, true},
    {NULL, NULL, false},
};

/* Segments of all lists; 0: one of them has none, or there are too many. */
static size_t lists_count_hops(const json_t *lists)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(lists); i++) {
        size_t of_list = json_array_size(json_object_get(json_array_get(lists, i), "segments"));
        if (of_list == 0)
            return 0;
        count += of_list;
    }
    return count <= INTENT_HOPS_MAX ? count : 0;
}

static bool lists_make(struct intent_reader *reader, size_t list_count, size_t hop_count)
{
    struct intent_path *path = reader->path;
    path->lists = calloc(list_count, sizeof *path->lists);
    path->hops = calloc(hop_count, sizeof *path->hops);
    path->list_count = (uint32_t)list_count;
    path->hop_count = 0; /* those that are read */
    reader->has_no_memory |= path->lists == NULL || path->hops == NULL;
    return !reader->has_no_memory;
}

static bool lists_have_primary(const struct intent_path *path)
{
    for (uint32_t i = 0; i < path->list_count; i++)
        if (!path->lists[i].is_backup)
            return true;
    return false;
}

bool intent_take_lists(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct intent_path *path = reader->path;
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count == 0 || count > INTENT_LISTS_MAX)
        return intent_refuse(reader, name, "must be a list of 1 to 16 segment lists");
    if (path->hops != NULL)
        return intent_refuse(reader, name, "a path has lists or segments, not both");
    size_t hops = lists_count_hops(value);
    if (hops == 0)
        return intent_refuse(reader, name, "each has segments, of all lists 255 at most");
    if (!lists_make(reader, count, hops))
        return false;
    for (size_t i = 0; i < count; i++) {
        reader->list = &path->lists[i];
        reader->list->weight = 1;
        if (!intent_read_item(reader, name, i, json_array_get(value, i), list_members))
            return false;
    }
    return lists_have_primary(path) || intent_refuse(reader, name, "one must be no backup");
}

/* ---- writing ---- */

static json_t *lists_write_one(const struct intent_segment_list *list,
                               const struct intent_hop *hops)
{
    return json_pack("{s:I,s:b,s:o}", "weight", (json_int_t)list->weight, "backup",
                     (int)list->is_backup, "segments",
                     intent_write_segments(hops, list->hop_count));
}

json_t *intent_write_lists(const struct intent_path *path)
{
    json_t *lists = json_array();
    const struct intent_hop *hops = path->hops;
    for (uint32_t i = 0; i < path->list_count; i++) {
        if (json_array_append_new(lists, lists_write_one(&path->lists[i], hops)) != 0) {
            json_decref(lists);
            return NULL;
        }
        hops += path->lists[i].hop_count;
    }
    return lists;
}
