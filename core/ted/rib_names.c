#include "core/base/check.h"
#include "core/ted/rib_impl.h"

#include <stdlib.h>

static uint64_t names_hash(const struct rib_name *name)
{
    return map_hash(name->octets, name->size);
}

static bool names_grow(struct rib *rib)
{
    if (rib->named_count < rib->named_capacity)
        return true;
    uint32_t capacity = rib->named_capacity == 0 ? 64 : 2 * rib->named_capacity;
    struct rib_named **named = realloc(rib->named, capacity * sizeof(struct rib_named *));
    if (named == NULL)
        return false;
    rib->named = named;
    rib->named_capacity = capacity;
    return true;
}

/* A place for one more, not yet filled. TED_NONE: memory ran out. */
static uint32_t names_new(struct rib *rib)
{
    uint32_t number = rib->first_free;
    if (number != TED_NONE) {
        rib->first_free = rib->named[number]->next_free;
        return number;
    }
    struct rib_named *named = names_grow(rib) ? calloc(1, sizeof *named) : NULL;
    if (named == NULL)
        return TED_NONE;
    number = rib->named_count++;
    rib->named[number] = named;
    return number;
}

static void names_free(struct rib *rib, uint32_t number)
{
    rib->named[number]->users = 0;
    rib->named[number]->next_free = rib->first_free;
    rib->first_free = number;
}

uint32_t rib_names_take(struct rib *rib, const struct rib_name *name)
{
    uint64_t hash = names_hash(name);
    struct map_node *found = map_find(&rib->by_name, hash, name);
    uint32_t number =
        found != NULL ? CONTAINER_OF(found, struct rib_named, by_name)->number : names_new(rib);
    if (number == TED_NONE)
        return TED_NONE;
    struct rib_named *named = rib->named[number];
    if (found == NULL) {
        named->name = *name;
        named->number = number;
        for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++)
            list_init(&named->entries[kind]);
        if (map_insert(&rib->by_name, &named->by_name, hash, name) != PCE_OK) {
            names_free(rib, number);
            return TED_NONE;
        }
    }
    named->users++;
    return number;
}

uint32_t rib_names_find(struct rib *rib, const struct rib_name *name)
{
    struct map_node *found = map_find(&rib->by_name, names_hash(name), name);
    return found == NULL ? TED_NONE : CONTAINER_OF(found, struct rib_named, by_name)->number;
}

void rib_names_use(struct rib *rib, uint32_t number)
{
    CHECK(rib->named[number]->users > 0);
    rib->named[number]->users++;
}

void rib_names_leave(struct rib *rib, uint32_t number)
{
    struct rib_named *named = rib->named[number];
    CHECK(named->users > 0);
    if (--named->users > 0)
        return;
    (void)map_remove(&rib->by_name, names_hash(&named->name), &named->name);
    names_free(rib, number);
}

void rib_names_fini(struct rib *rib)
{
    for (uint32_t i = 0; i < rib->named_count; i++)
        free(rib->named[i]);
    free(rib->named);
    map_fini(&rib->by_name);
}
