#include "core/requests/reply_cache.h"
#include "core/base/check.h"
#include "core/base/fetch.h"
#include "core/base/map.h"

#include <stdlib.h>
#include <string.h>

#define UNIT          16 /* octets: entries begin at multiples of it */
#define WAYS          8  /* slots of a bucket */
#define BUCKET_SIZE   64
#define BUCKETS_MIN   64
#define ENTRY_FETCHED 256 /* octets of an entry: all of a common one */
/* Octets of entries for each slot, at most: there are more slots than entries of common sizes. */
#define OCTETS_PER_SLOT 32
/* Slots for each one that is filled. A bucket that is full loses an entry that is asked for, which
 * is then computed again and drives out the next: half of the slots filled cost 2.4 % of all
 * requests. */
#define SLOTS_PER_ENTRY 8
/* Octets of the cache for each one that remembers what was missed: about an entry. */
#define OCTETS_PER_MISS 256
#define MISS_INDEX_BITS 24 /* of the hash, from the lowest; those above make the octet */
#define PLACE_BITS      40
#define PLACE_MASK      ((UINT64_C(1) << PLACE_BITS) - 1)
#define PLACE_END       (UINT64_C(1) << (PLACE_BITS - 1)) /* everything is forgotten there */

_Static_assert(WAYS * sizeof(uint64_t) == BUCKET_SIZE, "a bucket is a line of the cache");
_Static_assert(REPLY_KEY_MAX <= UINT16_MAX && REPLY_RESPONSE_MAX <= UINT16_MAX,
               "sizes of an entry");
_Static_assert(REPLY_ID_OFFSET == sizeof(uint64_t), "what stands before the ID is one word");

/* A place is a number of units since the cache was made; the ring holds the last size_units of
 * them. A slot is a place and, above it, bits of the hash; 0 names nothing, for place 0 is not
 * used.
 */
struct reply_cache {
    uint8_t *ring;
    uint64_t *slots;
    uint8_t *misses; /* miss_mask + 1 of them, a power of two; 0: nothing was missed there */
    uint64_t miss_mask;
    uint64_t bucket_count; /* in use: 2^n and those that were split, in order, since then */
    uint64_t bucket_max;
    uint64_t split_mask; /* 2^n - 1 */
    uint64_t filled;     /* slots that name something, or did */
    uint64_t size_units;
    uint64_t head;  /* where the next entry goes */
    uint64_t floor; /* entries before it are of another snapshot */
    uint64_t ground;
    uint32_t prefetched_count; /* reply_cache_prefetch_all */
    uint32_t expected_next;
    struct {
        const uint8_t *objects; /* only compared */
        uint64_t hash;
    } expected[REPLY_EXPECTED_MAX];
};

struct reply_cache *reply_cache_create(size_t octets_max)
{
    if (octets_max < REPLY_CACHE_MIN)
        octets_max = REPLY_CACHE_MIN;
    uint64_t buckets = BUCKETS_MIN;
    while (buckets * 2 * WAYS * OCTETS_PER_SLOT <= octets_max)
        buckets *= 2;
    uint64_t misses = REPLY_CACHE_MIN / OCTETS_PER_MISS;
    while (misses * 2 * OCTETS_PER_MISS <= octets_max && misses >> MISS_INDEX_BITS == 0)
        misses *= 2;
    size_t slots_size = (size_t)buckets * BUCKET_SIZE;
    struct reply_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->bucket_max = buckets;
    cache->bucket_count = BUCKETS_MIN;
    cache->split_mask = BUCKETS_MIN - 1;
    cache->miss_mask = misses - 1;
    cache->size_units = (octets_max - slots_size - misses) / UNIT;
    CHECK(cache->size_units * UNIT >=
          sizeof(struct reply_entry) + REPLY_KEY_MAX + REPLY_RESPONSE_MAX);
    cache->head = 1;
    cache->floor = 1;
    cache->slots = aligned_alloc(BUCKET_SIZE, slots_size);
    cache->ring = malloc((size_t)cache->size_units * UNIT);
    cache->misses = calloc(misses, 1);
    if (cache->slots == NULL || cache->ring == NULL || cache->misses == NULL) {
        reply_cache_destroy(cache);
        return NULL;
    }
    memset(cache->slots, 0, (size_t)BUCKETS_MIN * BUCKET_SIZE);
    return cache;
}

void reply_cache_destroy(struct reply_cache *cache)
{
    if (cache == NULL)
        return;
    free(cache->slots);
    free(cache->ring);
    free(cache->misses);
    free(cache);
}

static struct reply_entry *entry_at(const struct reply_cache *cache, uint64_t place)
{
    return (struct reply_entry *)(void *)(cache->ring + (place % cache->size_units) * UNIT);
}

static uint64_t units_of(size_t key_size, size_t response_size, bool is_of_account)
{
    size_t account_size = is_of_account ? sizeof(uint64_t) : 0;
    return (sizeof(struct reply_entry) + key_size + response_size + account_size + UNIT - 1) / UNIT;
}

/* The first place whose octets are as they were written. */
static uint64_t reply_cache_oldest(const struct reply_cache *cache)
{
    uint64_t kept = cache->head > cache->size_units ? cache->head - cache->size_units : 0;
    return kept > cache->floor ? kept : cache->floor;
}

static uint64_t reply_cache_hash_of(const struct reply_key *key)
{
    const size_t rest = REPLY_ID_OFFSET + REPLY_ID_SIZE;
    uint64_t front;
    CHECK(key->objects.size >= rest);
    memcpy(&front, key->objects.octets, sizeof front);
    return map_hash_with(key->objects.octets + rest, key->objects.size - rest,
                         front ^ ((uint64_t)key->session << 32));
}

static uint64_t *reply_cache_bucket_of(const struct reply_cache *cache, uint64_t hash)
{
    uint64_t index = hash & (2 * cache->split_mask + 1);
    if (index >= cache->bucket_count)
        index &= cache->split_mask;
    return &cache->slots[index * WAYS];
}

static uint64_t slot_of(uint64_t hash, uint64_t place)
{
    return (hash & ~PLACE_MASK) | place;
}

static uint8_t *miss_of(const struct reply_cache *cache, uint64_t hash)
{
    return &cache->misses[hash & cache->miss_mask];
}

static uint8_t reply_cache_mark_of(uint64_t hash)
{
    return (uint8_t)((hash >> MISS_INDEX_BITS) % UINT8_MAX + 1);
}

static bool reply_cache_is_of(const struct reply_entry *entry, const struct reply_key *key)
{
    const size_t rest = REPLY_ID_OFFSET + REPLY_ID_SIZE;
    return entry->key_size == key->objects.size && entry->session == key->session &&
           memcmp(entry->octets, key->objects.octets, REPLY_ID_OFFSET) == 0 &&
           memcmp(entry->octets + rest, key->objects.octets + rest, key->objects.size - rest) == 0;
}

static bool reply_cache_is_of_state(const struct reply_entry *entry, const struct reply_key *key)
{
    uint64_t account;
    if (!entry->note.is_of_account)
        return true;
    memcpy(&account, entry->octets + entry->key_size + entry->response_size, sizeof account);
    return account == key->account;
}

/* Room for an entry at the head; an entry does not go over the end of the ring. */
static uint64_t reply_cache_take_place(struct reply_cache *cache, uint64_t units)
{
    uint64_t left = cache->size_units - cache->head % cache->size_units;
    uint64_t place = left < units ? cache->head + left : cache->head;
    CHECK(place % cache->size_units + units <= cache->size_units);
    cache->head = place + units;
    return place;
}

/* An entry that the head will soon reach is copied to it. */
static struct reply_entry *renew(struct reply_cache *cache, uint64_t *slot)
{
    uint64_t place = *slot & PLACE_MASK;
    struct reply_entry *entry = entry_at(cache, place);
    uint64_t units = units_of(entry->key_size, entry->response_size, entry->note.is_of_account);
    uint64_t age = cache->head - place;
    bool is_old = age > cache->size_units - cache->size_units / 4;
    /* It must not be what is overwritten, whatever is left free before the end of the ring. */
    if (!is_old || age + 3 * units >= cache->size_units)
        return entry;
    uint64_t fresh = reply_cache_take_place(cache, units);
    memcpy(entry_at(cache, fresh), entry, (size_t)units * UNIT);
    *slot = (*slot & ~PLACE_MASK) | fresh;
    return entry_at(cache, fresh);
}

/* What is found moves to the first half of its bucket, where nothing takes its slot: a full bucket
 * gives up what was not found again. Those that are there stay where they are. */
static uint64_t *promote(uint64_t *bucket, unsigned i)
{
    if (i < WAYS / 2)
        return &bucket[i];
    uint64_t slot = bucket[i];
    bucket[i] = bucket[i - WAYS / 2];
    bucket[i - WAYS / 2] = slot;
    return &bucket[i - WAYS / 2];
}

static bool fetch_entry(const struct reply_cache *cache, uint64_t hash)
{
    const uint64_t *bucket = reply_cache_bucket_of(cache, hash);
    uint64_t first = reply_cache_oldest(cache);
    for (unsigned i = 0; i < WAYS; i++) {
        uint64_t place = bucket[i] & PLACE_MASK;
        if (((bucket[i] ^ hash) & ~PLACE_MASK) != 0 || place < first)
            continue;
        fetch_octets(entry_at(cache, place), ENTRY_FETCHED);
        return true;
    }
    return false;
}

void reply_cache_prefetch_all(struct reply_cache *cache, uint64_t ground,
                              const struct wire_span *objects, uint32_t count, uint32_t session)
{
    cache->prefetched_count = 0;
    cache->expected_next = 0;
    if (ground != cache->ground)
        return;
    for (uint32_t i = 0; i < count && i < REPLY_EXPECTED_MAX; i++) {
        const struct reply_key key = {objects[i], session, 0};
        uint64_t hash = reply_cache_hash_of(&key);
        fetch_octets(reply_cache_bucket_of(cache, hash), BUCKET_SIZE);
        cache->expected[i].objects = objects[i].octets;
        cache->expected[i].hash = hash;
        cache->prefetched_count = i + 1;
    }
    for (uint32_t i = 0; i < cache->prefetched_count; i++)
        (void)fetch_entry(cache, cache->expected[i].hash);
}

uint64_t reply_cache_prefetch(const struct reply_cache *cache, uint64_t ground,
                              const struct reply_key *key)
{
    if (ground != cache->ground)
        return 0;
    uint64_t hash = reply_cache_hash_of(key);
    fetch_octets(reply_cache_bucket_of(cache, hash), BUCKET_SIZE);
    return hash;
}

bool reply_cache_prefetch_entry(const struct reply_cache *cache, uint64_t hash)
{
    return hash != 0 && fetch_entry(cache, hash);
}

/* An expectation whose octets have changed since leads to a wrong bucket, where nothing is equal.
 */
static uint64_t hash_expected(struct reply_cache *cache, const struct reply_key *key)
{
    uint32_t next = cache->expected_next;
    if (next >= cache->prefetched_count || cache->expected[next].objects != key->objects.octets)
        return reply_cache_hash_of(key);
    cache->expected_next++;
    return cache->expected[next].hash;
}

/* Whether the answer is the same on this snapshot and in this state. */
static bool reply_cache_holds(struct reply_entry *entry, const struct ted_snapshot *snapshot,
                              const struct reply_key *key)
{
    struct reply_note *note = &entry->note;
    return reply_cache_is_of_state(entry, key) &&
           (note->scope.turn == snapshot->turn ||
            path_scope_holds(snapshot, &note->scope, note->source, note->destination));
}

const struct reply_entry *reply_cache_find(struct reply_cache *cache,
                                           const struct ted_snapshot *snapshot,
                                           const struct reply_key *key)
{
    if (snapshot->ground != cache->ground)
        return NULL;
    uint64_t hash = hash_expected(cache, key);
    uint64_t *bucket = reply_cache_bucket_of(cache, hash);
    uint64_t first = reply_cache_oldest(cache);
    for (unsigned i = 0; i < WAYS; i++) {
        uint64_t place = bucket[i] & PLACE_MASK;
        if (((bucket[i] ^ hash) & ~PLACE_MASK) != 0 || place < first ||
            !reply_cache_is_of(entry_at(cache, place), key))
            continue;
        if (reply_cache_holds(entry_at(cache, place), snapshot, key))
            return renew(cache, promote(bucket, i));
        bucket[i] = 0; /* neither that state nor that network comes again */
        cache->filled--;
    }
    __builtin_prefetch(miss_of(cache, hash)); /* it is looked at when the answer is computed */
    return NULL;
}

bool reply_cache_was_missed(struct reply_cache *cache, const struct reply_key *key)
{
    uint64_t hash = reply_cache_hash_of(key);
    uint8_t *miss = miss_of(cache, hash);
    uint8_t mark = reply_cache_mark_of(hash);
    bool was_missed = *miss == mark;
    *miss = mark;
    return was_missed;
}

static void forget_all(struct reply_cache *cache, uint64_t ground)
{
    CHECK(cache->floor <= cache->head);
    cache->ground = ground;
    cache->floor = cache->head;
    if (cache->head < PLACE_END)
        return;
    memset(cache->slots, 0, (size_t)cache->bucket_count * BUCKET_SIZE);
    cache->filled = 0;
    cache->head = 1;
    cache->floor = 1;
}

/* Divides the next bucket that was not, when one in SLOTS_PER_ENTRY of all slots is filled. What is
 * gone loses its slot. */
static void reply_cache_grow(struct reply_cache *cache)
{
    if (cache->filled * SLOTS_PER_ENTRY < cache->bucket_count * WAYS ||
        cache->bucket_count == cache->bucket_max)
        return;
    uint64_t *from = &cache->slots[(cache->bucket_count & cache->split_mask) * WAYS];
    uint64_t *to = &cache->slots[cache->bucket_count * WAYS];
    uint64_t bit = cache->split_mask + 1;
    uint64_t first = reply_cache_oldest(cache);
    for (unsigned i = 0; i < WAYS; i++) {
        uint64_t place = from[i] & PLACE_MASK;
        bool is_live = place >= first;
        bool moves = is_live && (entry_at(cache, place)->hash & bit) != 0;
        to[i] = moves ? from[i] : 0;
        cache->filled -= from[i] != 0 && !is_live;
        if (moves || !is_live)
            from[i] = 0;
    }
    cache->bucket_count++;
    if (cache->bucket_count == 2 * bit)
        cache->split_mask = 2 * bit - 1;
}

/* A slot whose entry is gone; else the last one of the bucket: see promote. */
static uint64_t *choose_slot(struct reply_cache *cache, uint64_t hash)
{
    uint64_t *bucket = reply_cache_bucket_of(cache, hash);
    uint64_t first = reply_cache_oldest(cache);
    for (unsigned i = 0; i < WAYS; i++) {
        if ((bucket[i] & PLACE_MASK) < first)
            return &bucket[i];
    }
    return &bucket[WAYS - 1];
}

void reply_cache_keep(struct reply_cache *cache, uint64_t ground, const struct reply_key *key,
                      const struct reply_note *note, struct wire_span response)
{
    if (key->objects.size > REPLY_KEY_MAX || response.size > REPLY_RESPONSE_MAX)
        return;
    if (ground != cache->ground || cache->head >= PLACE_END)
        forget_all(cache, ground);
    uint64_t hash = reply_cache_hash_of(key);
    reply_cache_grow(cache);
    uint64_t place = reply_cache_take_place(
        cache, units_of(key->objects.size, response.size, note->is_of_account));
    struct reply_entry *entry = entry_at(cache, place);
    *entry = (struct reply_entry){.hash = hash,
                                  .note = *note,
                                  .session = key->session,
                                  .key_size = (uint16_t)key->objects.size,
                                  .response_size = (uint16_t)response.size};
    memcpy(entry->octets, key->objects.octets, key->objects.size);
    memcpy(entry->octets + entry->key_size, response.octets, response.size);
    if (note->is_of_account)
        memcpy(entry->octets + entry->key_size + entry->response_size, &key->account,
               sizeof key->account);
    uint64_t *slot = choose_slot(cache, hash);
    cache->filled += *slot == 0;
    *slot = slot_of(hash, place);
}
