/* Hash map: intrusive nodes in open chains, keyed by any octets that the caller's node holds.
 *
 * The node is embedded in the thing that is found; the map stores the hash and asks the caller's
 * equality. Growth is spread: a resize moves a bounded number of buckets per operation, so that no
 * single insertion holds a shard for long.
 *
 * Thread: the owner. Owns: its bucket arrays, not the nodes.
 * Bound: count_max nodes; map_insert says PCE_LIMIT past it. The arrays do not shrink: at most 24
 * octets for each node that there ever was at once. */
#ifndef PCED_CORE_BASE_MAP_H
#define PCED_CORE_BASE_MAP_H

#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_node {
    struct map_node *next;
    uint64_t hash;
};

/* Whether the node has this key; called only for nodes whose hash is equal. */
typedef bool map_equal_fn(const struct map_node *node, const void *key);

struct map {
    struct map_node **buckets;     /* the array, or the larger one while there are two */
    struct map_node **old_buckets; /* the array that is being moved from, or NULL */
    size_t bucket_count;           /* a power of two, or 0 before the first insertion */
    size_t old_bucket_count;
    size_t old_bucket_index; /* first bucket of the old array that is not yet moved */
    size_t count;
    size_t count_max;
    map_equal_fn *equal;
};

void map_init(struct map *map, map_equal_fn *equal, size_t count_max);
/* Releases the buckets; the nodes are the caller's. */
void map_fini(struct map *map);
/* Forgets all nodes, and keeps the buckets for those that come. */
void map_clear(struct map *map);

/* A seeded hash of size octets (XXH3). The seed is set once per process, so that a peer cannot aim
 * at one bucket; 0 before map_set_seed, which makes tests repeatable. Before any thread is started.
 */
uint64_t map_hash(const void *octets, size_t size);
/* The same of a key that has a part of its own beside the octets. */
uint64_t map_hash_with(const void *octets, size_t size, uint64_t part);
/* Another seeded hash, of keys that are one number: the finaliser of MurmurHash3. */
uint64_t map_hash_u32(uint32_t number);
void map_set_seed(uint64_t seed);

struct map_node *map_find(struct map *map, uint64_t hash, const void *key);
/* PCE_EXISTS when a node with that key is there (`key` is the new node's own key). */
PCE_MUST_CHECK enum pce_status map_insert(struct map *map, struct map_node *node, uint64_t hash,
                                          const void *key);
/* As map_insert, for a key that map_find has just not found. */
PCE_MUST_CHECK enum pce_status map_add(struct map *map, struct map_node *node, uint64_t hash);
/* The node with that key, taken out; NULL when there is none. */
struct map_node *map_remove(struct map *map, uint64_t hash, const void *key);

/* Calls visit for every node, in no order; the visit must not change the map. */
void map_for_each(struct map *map, void (*visit)(struct map_node *node, void *context),
                  void *context);

/* CHECKs the whole map (validate.h: where PCED_VALIDATE is defined): the sizes of its arrays, that
 * each node is in the one bucket of its hash, and the count of them. Returns the steps that it
 * took. */
uint64_t map_validate(const struct map *map);

#endif
