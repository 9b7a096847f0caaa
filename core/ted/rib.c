#include "core/ted/rib.h"

#include "core/base/check.h"
#include "core/ted/rib_change.h"
#include "core/ted/rib_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool rib_has_key(const struct map_node *node, const void *key)
{
    const struct rib_entry *entry =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct rib_entry, by_key);
    return memcmp(entry->key, key, sizeof entry->key) == 0;
}

static bool rib_has_name(const struct map_node *node, const void *key)
{
    const struct rib_named *named =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct rib_named, by_name);
    return rib_name_is_equal(&named->name, key);
}

struct rib *rib_create(const struct rib_limits *limits)
{
    struct rib *rib = calloc(1, sizeof *rib);
    if (rib == NULL)
        return NULL;
    rib->limits = *limits;
    rib->first_free = TED_NONE;
    rib->is_whole_due = true;
    ted_array_init(&rib->marks, sizeof(struct rib_mark));
    map_init(&rib->by_key, rib_has_key, limits->objects_max);
    map_init(&rib->by_name, rib_has_name, 2 * ((size_t)limits->objects_max + RIB_MARKS_MAX));
    for (uint32_t i = 0; i < RIB_SOURCES_MAX; i++)
        list_init(&rib->sources[i].entries);
    return rib;
}

void rib_destroy(struct rib *rib)
{
    if (rib == NULL)
        return;
    for (uint32_t i = 0; i < RIB_SOURCES_MAX; i++)
        rib_remove_source(rib, i);
    rib_forget_base(rib);
    ted_array_fini(&rib->marks);
    rib_names_fini(rib);
    map_fini(&rib->by_key);
    free(rib);
}

const struct rib_counts *rib_counts(const struct rib *rib)
{
    return &rib->counts;
}

void rib_note_renewed(struct rib *rib, uint64_t serial, uint64_t renewed)
{
    if (rib->base_serial == serial)
        rib->base_serial = renewed;
}

uint64_t rib_generation(const struct rib *rib)
{
    return rib->generation;
}

/* ---- entries ---- */

static void rib_count(struct rib *rib, const struct rib_entry *entry, int sign)
{
    struct rib_counts *const both[] = {&rib->counts, &rib->sources[entry->source].counts};
    for (unsigned i = 0; i < 2; i++) {
        both[i]->objects[entry->kind] += (uint32_t)sign;
        both[i]->octets += (size_t)sign * (sizeof *entry + entry->size);
    }
}

static uint32_t rib_object_count(const struct rib *rib)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < RIB_KIND_COUNT; i++)
        count += rib->counts.objects[i];
    return count;
}

static void rib_free_entry(struct rib *rib, struct rib_entry *entry)
{
    list_remove(&entry->of_name);
    rib_names_leave(rib, entry->node);
    if (entry->remote != TED_NONE)
        rib_names_leave(rib, entry->remote);
    free(entry);
}

/* ---- who is told of changes ---- */

void rib_watch(struct rib *rib, rib_watch_fn *watch, void *context)
{
    rib->watch = watch;
    rib->watch_context = context;
}

/* Of an object: one of both is NULL where it came or went. */
static void rib_tell(const struct rib *rib, const struct rib_entry *before,
                     const struct rib_entry *after)
{
    const struct rib_change change = {
        .rib = rib,
        .source = rib->sources[(after != NULL ? after : before)->source].name,
        .what = before == NULL  ? RIB_CHANGE_CAME
                : after == NULL ? RIB_CHANGE_WENT
                                : RIB_CHANGE_CHANGED,
        .before = before,
        .after = after,
    };
    if (rib->watch != NULL)
        rib->watch(rib->watch_context, &change);
}

static void rib_tell_of_source(const struct rib *rib, uint32_t source, enum rib_change_what what)
{
    const struct rib_source *told = &rib->sources[source];
    struct rib_change change = {.rib = rib, .source = told->name, .what = what};
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++)
        change.count += told->counts.objects[kind];
    if (rib->watch != NULL && change.count > 0)
        rib->watch(rib->watch_context, &change);
}

static void rib_drop(struct rib *rib, struct rib_entry *entry)
{
    (void)map_remove(&rib->by_key, entry->key[0], entry->key);
    list_remove(&entry->in_source);
    rib_count(rib, entry, -1);
    rib_note_change(rib, entry, NULL);
    rib_free_entry(rib, entry);
}

/* ---- sources ---- */

static struct rib_source *rib_source_of(struct rib *rib, uint32_t source)
{
    CHECK(source < RIB_SOURCES_MAX);
    CHECK(rib->sources[source].is_used);
    return &rib->sources[source];
}

enum pce_status rib_add_source(struct rib *rib, const struct rib_source_spec *spec,
                               uint32_t *source)
{
    uint32_t i = 0;
    while (i < RIB_SOURCES_MAX && rib->sources[i].is_used)
        i++;
    if (i == RIB_SOURCES_MAX)
        return PCE_LIMIT;
    struct rib_source *added = &rib->sources[i];
    added->is_used = true;
    added->rank = spec->rank;
    added->is_complement = spec->is_complement;
    added->epoch = 1;
    (void)snprintf(added->name, sizeof added->name, "%s", spec->name);
    *source = i;
    return PCE_OK;
}

void rib_clear_source(struct rib *rib, uint32_t source)
{
    CHECK(source < RIB_SOURCES_MAX);
    rib_tell_of_source(rib, source, RIB_CHANGE_CLEARED);
    LIST_FOR_SAFE(link, next, &rib->sources[source].entries)
    {
        rib_drop(rib, CONTAINER_OF(link, struct rib_entry, in_source));
    }
}

void rib_remove_source(struct rib *rib, uint32_t source)
{
    rib_clear_source(rib, source);
    rib->sources[source].is_used = false;
}

void rib_source_went(struct rib *rib, uint32_t source)
{
    rib_source_of(rib, source)->epoch++;
    rib->generation++;
    rib->is_whole_due = true;
    rib_tell_of_source(rib, source, RIB_CHANGE_STALE);
}

void rib_source_is_complete(struct rib *rib, uint32_t source)
{
    struct rib_source *told = rib_source_of(rib, source);
    LIST_FOR_SAFE(link, next, &told->entries)
    {
        struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, in_source);
        if (!rib_entry_is_stale(rib, entry))
            break;
        rib_tell(rib, entry, NULL);
        rib_drop(rib, entry);
    }
    rib_tell_of_source(rib, source, RIB_CHANGE_COMPLETE);
}

const struct rib_counts *rib_source_counts(const struct rib *rib, uint32_t source)
{
    CHECK(source < RIB_SOURCES_MAX);
    return &rib->sources[source].counts;
}

/* ---- objects ---- */

/* An object on its way in. */
struct rib_incoming {
    const struct rib_put *put;
    const struct rib_layout *layout; /* NULL: the object has no pointers, and is its record */
    const void *object;
    const struct rib_name *remote; /* NULL: it has none */
    struct ip prefix;
    size_t size;
    uint64_t key[2];
    uint8_t bits;
    enum rib_kind kind;
};

static void rib_hash_key(uint64_t hashes[2], uint32_t source, enum rib_kind kind,
                         const struct rib_key *key)
{
    uint64_t part = (uint64_t)kind << 8 | source;
    CHECK(key->size <= RIB_KEY_SIZE_MAX);
    hashes[0] = map_hash_with(key->octets, key->size, part);
    hashes[1] = map_hash_with(key->octets, key->size, part | UINT64_C(1) << 32);
}

static struct rib_entry *rib_find(struct rib *rib, const uint64_t key[2])
{
    struct map_node *node = map_find(&rib->by_key, key[0], key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct rib_entry, by_key);
}

static bool rib_has_room(const struct rib *rib, const struct rib_entry *before, size_t size)
{
    size_t freed = before == NULL ? 0 : sizeof *before + before->size;
    return (before != NULL || rib_object_count(rib) < rib->limits.objects_max) &&
           rib->counts.octets - freed + sizeof *before + size <= rib->limits.octets_max;
}

static bool rib_name_entry(struct rib *rib, struct rib_entry *entry,
                           const struct rib_incoming *incoming)
{
    entry->node = rib_names_take(rib, &incoming->put->node);
    if (entry->node == TED_NONE)
        return false;
    entry->remote = TED_NONE;
    if (incoming->remote == NULL)
        return true;
    entry->remote = rib_names_take(rib, incoming->remote);
    if (entry->remote == TED_NONE)
        rib_names_leave(rib, entry->node);
    return entry->remote != TED_NONE;
}

/* NULL: memory ran out. */
static struct rib_entry *rib_make_entry(struct rib *rib, const struct rib_incoming *incoming)
{
    struct rib_entry *entry = malloc(sizeof *entry + incoming->size);
    if (entry == NULL)
        return NULL;
    *entry = (struct rib_entry){
        .key = {incoming->key[0], incoming->key[1]},
        .prefix = incoming->prefix,
        .bits = incoming->bits,
        .kind = (uint8_t)incoming->kind,
        .source = (uint8_t)incoming->put->source,
        .epoch = rib->sources[incoming->put->source].epoch,
        .part = incoming->put->part,
        .size = (uint32_t)incoming->size,
    };
    if (!rib_name_entry(rib, entry, incoming)) {
        free(entry);
        return NULL;
    }
    list_init(&entry->in_source);
    list_init(&entry->of_name);
    if (incoming->layout == NULL)
        memcpy(entry->record, incoming->object, incoming->size);
    else
        rib_record_pack(incoming->layout, incoming->object, entry->record);
    return entry;
}

static bool rib_is_same(const struct rib_entry *a, const struct rib_entry *b)
{
    return a->node == b->node && a->remote == b->remote && a->part == b->part &&
           a->bits == b->bits && ip_is_equal(&a->prefix, &b->prefix) && a->size == b->size &&
           memcmp(a->record, b->record, a->size) == 0;
}

/* The new entry takes the place of the one before, whose place in the map it needs. */
static enum pce_status rib_enter(struct rib *rib, struct rib_entry *before, struct rib_entry *entry)
{
    if (before != NULL) {
        (void)map_remove(&rib->by_key, before->key[0], before->key);
        list_remove(&before->in_source);
        rib_count(rib, before, -1);
    }
    enum pce_status status = map_insert(&rib->by_key, &entry->by_key, entry->key[0], entry->key);
    CHECK(before == NULL ||
          status == PCE_OK); /* cannot fail: a map that has just lost a node has room for one */
    if (status != PCE_OK)
        return status;
    list_push_back(&rib->sources[entry->source].entries, &entry->in_source);
    list_push_back(&rib->named[entry->node]->entries[entry->kind], &entry->of_name);
    rib_count(rib, entry, 1);
    return PCE_OK;
}

/* What is told again as it was stays what it is, and where others point to it. */
static void rib_tell_again(struct rib *rib, struct rib_entry *entry)
{
    list_remove(&entry->in_source);
    list_push_back(&rib->sources[entry->source].entries, &entry->in_source);
}

/* The new entry in the place of the one before; NULL: there is none. */
static enum pce_status rib_replace(struct rib *rib, struct rib_entry *before,
                                   struct rib_entry *entry)
{
    enum pce_status status = rib_enter(rib, before, entry);
    if (status != PCE_OK) {
        rib_free_entry(rib, entry);
        return status;
    }
    rib_note_change(rib, before, entry);
    if (before == NULL || !rib_is_same(before, entry))
        rib_tell(rib, before, entry);
    if (before != NULL)
        rib_free_entry(rib, before);
    return PCE_OK;
}

static enum pce_status rib_put_object(struct rib *rib, struct rib_incoming *incoming)
{
    const struct rib_put *put = incoming->put;
    (void)rib_source_of(rib, put->source);
    rib_hash_key(incoming->key, put->source, incoming->kind, &put->key);
    if (incoming->layout != NULL)
        incoming->size = rib_record_size(incoming->layout, incoming->object);
    struct rib_entry *before = rib_find(rib, incoming->key);
    if (incoming->size == 0 || !rib_has_room(rib, before, incoming->size))
        return PCE_LIMIT;
    struct rib_entry *entry = rib_make_entry(rib, incoming);
    if (entry == NULL)
        return PCE_NO_MEMORY;
    if (before == NULL || rib_entry_is_stale(rib, before) || !rib_is_same(before, entry))
        return rib_replace(rib, before, entry);
    rib_free_entry(rib, entry);
    rib_tell_again(rib, before);
    return PCE_OK;
}

enum pce_status rib_put_node(struct rib *rib, const struct rib_put *put,
                             const struct rib_node *node)
{
    struct rib_incoming incoming = {
        .put = put, .layout = &rib_node_layout, .object = node, .kind = RIB_KIND_NODE};
    return rib_put_object(rib, &incoming);
}

enum pce_status rib_put_link(struct rib *rib, const struct rib_put *put,
                             const struct rib_name *remote, const struct rib_link *link)
{
    struct rib_incoming incoming = {.put = put,
                                    .layout = &rib_link_layout,
                                    .object = link,
                                    .remote = remote,
                                    .kind = RIB_KIND_LINK};
    return rib_put_object(rib, &incoming);
}

enum pce_status rib_put_prefix(struct rib *rib, const struct rib_put *put, const struct ip *address,
                               uint8_t bits, const struct rib_prefix *prefix)
{
    struct rib_incoming incoming = {.put = put,
                                    .layout = &rib_prefix_layout,
                                    .object = prefix,
                                    .prefix = *address,
                                    .bits = bits,
                                    .kind = RIB_KIND_PREFIX};
    return rib_put_object(rib, &incoming);
}

enum pce_status rib_put_srv6_sid(struct rib *rib, const struct rib_put *put,
                                 const struct ted_srv6_sid *sid)
{
    struct rib_incoming incoming = {
        .put = put, .object = sid, .size = sizeof *sid, .kind = RIB_KIND_SRV6_SID};
    return rib_put_object(rib, &incoming);
}

static struct rib_entry *rib_find_key(struct rib *rib, uint32_t source, enum rib_kind kind,
                                      const struct rib_key *key)
{
    uint64_t hashes[2];
    (void)rib_source_of(rib, source);
    rib_hash_key(hashes, source, kind, key);
    return rib_find(rib, hashes);
}

bool rib_has_fresh(struct rib *rib, uint32_t source, enum rib_kind kind, const struct rib_key *key)
{
    const struct rib_entry *entry = rib_find_key(rib, source, kind, key);
    return entry != NULL && !rib_entry_is_stale(rib, entry);
}

enum pce_status rib_remove(struct rib *rib, uint32_t source, enum rib_kind kind,
                           const struct rib_key *key)
{
    struct rib_entry *entry = rib_find_key(rib, source, kind, key);
    if (entry == NULL)
        return PCE_NOT_FOUND;
    rib_tell(rib, entry, NULL);
    rib_drop(rib, entry);
    return PCE_OK;
}

enum pce_status rib_keep(struct rib *rib, uint32_t source, enum rib_kind kind,
                         const struct rib_key *key)
{
    struct rib_entry *entry = rib_find_key(rib, source, kind, key);
    if (entry == NULL)
        return PCE_NOT_FOUND;
    if (rib_entry_is_stale(rib, entry))
        rib_note_change(rib, entry, entry);
    entry->epoch = rib->sources[source].epoch;
    rib_tell_again(rib, entry);
    return PCE_OK;
}
