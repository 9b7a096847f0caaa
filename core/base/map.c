#include "core/base/map.h"

#include "core/base/check.h"
#include "core/base/validate.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MAP_BUCKETS_MIN 16
/* Old buckets that one operation moves. Twice as many buckets come only after as many insertions as
 * there were old buckets, so that 1 would do; 4 ends the time of two arrays sooner. */
#define MAP_MOVES_PER_OPERATION 4

_Static_assert((MAP_BUCKETS_MIN & (MAP_BUCKETS_MIN - 1)) == 0, "hashes are masked");
_Static_assert(MAP_MOVES_PER_OPERATION >= 1, "moving ends before the map is to grow again");
_Static_assert(3 * sizeof(struct map_node *) <= 24, "map.h says 24 octets a node at most");

static uint64_t hash_seed;

void map_set_seed(uint64_t seed)
{
    hash_seed = seed;
}

uint64_t map_hash(const void *octets, size_t size)
{
    return XXH3_64bits_withSeed(octets, size, hash_seed);
}

uint64_t map_hash_with(const void *octets, size_t size, uint64_t part)
{
    return XXH3_64bits_withSeed(octets, size, hash_seed ^ (part * UINT64_C(0x9e3779b97f4a7c15)));
}

uint64_t map_hash_u32(uint32_t number)
{
    uint64_t x = hash_seed ^ ((uint64_t)number << 32 | number);
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

void map_init(struct map *map, map_equal_fn *equal, size_t count_max)
{
    *map = (struct map){.equal = equal, .count_max = count_max};
}

void map_fini(struct map *map)
{
    free(map->buckets);
    free(map->old_buckets);
    *map = (struct map){.equal = map->equal, .count_max = map->count_max};
}

void map_clear(struct map *map)
{
    free(map->old_buckets);
    map->old_buckets = NULL;
    map->old_bucket_count = 0;
    map->old_bucket_index = 0;
    map->count = 0;
    if (map->buckets != NULL)
        memset(map->buckets, 0, map->bucket_count * sizeof(struct map_node *));
}

/* The one bucket where a node of this hash is: in the old array until its bucket there was moved.
 */
static struct map_node **map_bucket(struct map *map, uint64_t hash)
{
    if (map->old_buckets != NULL) {
        size_t index = (size_t)hash & (map->old_bucket_count - 1);
        if (index >= map->old_bucket_index)
            return &map->old_buckets[index];
    }
    return &map->buckets[(size_t)hash & (map->bucket_count - 1)];
}

static void map_move_bucket(struct map *map)
{
    struct map_node *node = map->old_buckets[map->old_bucket_index];
    map->old_bucket_index++;
    while (node != NULL) {
        struct map_node *next = node->next;
        struct map_node **bucket = &map->buckets[(size_t)node->hash & (map->bucket_count - 1)];
        node->next = *bucket;
        *bucket = node;
        node = next;
    }
}

/* Nodes lie all over the memory: those that the next operation moves are asked for by now. */
static void map_prefetch_next(const struct map *map)
{
    for (size_t i = 0; i < MAP_MOVES_PER_OPERATION; i++) {
        if (map->old_bucket_index + i < map->old_bucket_count)
            __builtin_prefetch(map->old_buckets[map->old_bucket_index + i], 1);
    }
}

static void map_move_on(struct map *map)
{
    for (unsigned i = 0; i < MAP_MOVES_PER_OPERATION; i++) {
        if (map->old_bucket_index == map->old_bucket_count)
            break;
        map_move_bucket(map);
    }
    map_prefetch_next(map);
    if (map->old_bucket_index == map->old_bucket_count) {
        free(map->old_buckets);
        map->old_buckets = NULL;
        map->old_bucket_count = 0;
        map->old_bucket_index = 0;
    }
}

static inline void map_move_some(struct map *map)
{
    if (__builtin_expect(map->old_buckets != NULL, 0))
        map_move_on(map);
}

/* Makes room for one more node. Without memory the chains grow instead: only a map that has no
 * bucket at all refuses. */
static enum pce_status map_grow(struct map *map)
{
    if (map->old_buckets != NULL || map->count < map->bucket_count)
        return PCE_OK;
    size_t bucket_count = map->bucket_count == 0 ? MAP_BUCKETS_MIN : map->bucket_count * 2;
    struct map_node **buckets = calloc(bucket_count, sizeof(struct map_node *));
    if (buckets == NULL)
        return map->bucket_count == 0 ? PCE_NO_MEMORY : PCE_OK;
    map->old_buckets = map->buckets;
    map->old_bucket_count = map->bucket_count;
    map->old_bucket_index = 0;
    map->buckets = buckets;
    map->bucket_count = bucket_count;
    return PCE_OK;
}

/* The pointer that points to the node with that key, or to the NULL at the end of its chain. */
static struct map_node **map_place(struct map *map, uint64_t hash, const void *key)
{
    struct map_node **place = map_bucket(map, hash);
    while (*place != NULL && !((*place)->hash == hash && map->equal(*place, key)))
        place = &(*place)->next;
    return place;
}

struct map_node *map_find(struct map *map, uint64_t hash, const void *key)
{
    if (map->count == 0)
        return NULL;
    map_move_some(map);
    return *map_place(map, hash, key);
}

enum pce_status map_insert(struct map *map, struct map_node *node, uint64_t hash, const void *key)
{
    return map_find(map, hash, key) != NULL ? PCE_EXISTS : map_add(map, node, hash);
}

enum pce_status map_add(struct map *map, struct map_node *node, uint64_t hash)
{
    if (map->count >= map->count_max)
        return PCE_LIMIT;
    enum pce_status status = map_grow(map);
    if (status != PCE_OK)
        return status;
    struct map_node **bucket = map_bucket(map, hash);
    node->hash = hash;
    node->next = *bucket;
    *bucket = node;
    map->count++;
    VALIDATE(VALIDATE_STEPS, map_validate(map));
    return PCE_OK;
}

struct map_node *map_remove(struct map *map, uint64_t hash, const void *key)
{
    if (map->count == 0)
        return NULL;
    map_move_some(map);
    struct map_node **place = map_place(map, hash, key);
    struct map_node *node = *place;
    if (node != NULL) {
        *place = node->next;
        node->next = NULL;
        map->count--;
    }
    VALIDATE(VALIDATE_STEPS, map_validate(map));
    return node;
}

static void buckets_for_each(struct map_node **buckets, size_t bucket_count,
                             void (*visit)(struct map_node *node, void *context), void *context)
{
    for (size_t i = 0; i < bucket_count; i++) {
        for (struct map_node *node = buckets[i]; node != NULL;) {
            struct map_node *next = node->next;
            visit(node, context);
            node = next;
        }
    }
}

void map_for_each(struct map *map, void (*visit)(struct map_node *node, void *context),
                  void *context)
{
    /* Moved buckets of the old array still name nodes that are in the new one by now. */
    if (map->old_buckets != NULL)
        buckets_for_each(map->old_buckets + map->old_bucket_index,
                         map->old_bucket_count - map->old_bucket_index, visit, context);
    buckets_for_each(map->buckets, map->bucket_count, visit, context);
}

/* ---- validation ---- */

#ifdef PCED_VALIDATE

/* Returns the nodes of a bucket, each of which belongs there. found: so many were seen in other
 * buckets, so that the walk ends however the chains go. */
static size_t bucket_validate(const struct map *map, bool is_old, size_t index, size_t found)
{
    const struct map_node *node = is_old ? map->old_buckets[index] : map->buckets[index];
    size_t count = 0;
    for (; node != NULL; node = node->next) {
        size_t old_index = (size_t)node->hash & (map->old_bucket_count - 1);
        CHECK(is_old ? old_index == index
                     : ((size_t)node->hash & (map->bucket_count - 1)) == index);
        /* What is in the new array has been moved, or came when its old bucket had been. */
        CHECK(is_old || map->old_buckets == NULL || old_index < map->old_bucket_index);
        count++;
        CHECK(found + count <= map->count);
    }
    return count;
}

uint64_t map_validate(const struct map *map)
{
    CHECK(map->equal != NULL && map->count <= map->count_max);
    CHECK((map->buckets == NULL) == (map->bucket_count == 0));
    CHECK((map->bucket_count & (map->bucket_count - 1)) == 0);
    if (map->old_buckets == NULL)
        CHECK(map->old_bucket_count == 0 && map->old_bucket_index == 0);
    else
        CHECK(2 * map->old_bucket_count == map->bucket_count &&
              map->old_bucket_index < map->old_bucket_count);
    size_t found = 0;
    for (size_t i = map->old_bucket_index; i < map->old_bucket_count; i++)
        found += bucket_validate(map, true, i, found);
    for (size_t i = 0; i < map->bucket_count; i++)
        found += bucket_validate(map, false, i, found);
    CHECK(found == map->count);
    return (uint64_t)(map->bucket_count + map->old_bucket_count + found);
}

#endif
