/* Reply cache: the responses that a shard has given, by the octets of the requests that they
 * answered.
 *
 * The key is exact: every octet of the request but its request-ID, all that the answer depends on
 * of the session that asks, and the ground of the topology. Hashes only say where to look; the
 * octets are compared. What belongs to another ground is never found again, nor what a change of
 * links since may have touched (core/path/scope.h); and what depends on the bandwidth that LSPs hold
 * not on another state of their account.
 *
 * Entries lie one behind the other in a ring of octets, where the oldest are overwritten. One that
 * is found shortly before that is copied to the front, so that a flood of requests that come once
 * does not drive out those that come often. Slots of 8 octets, eight to a line of the processor's
 * cache, say where an entry may be. Their table grows by one line at a time (linear hashing), so
 * that a few entries do not lie scattered over many pages, and no request pays for a growth.
 *
 * To keep an entry costs several lines of memory that nothing has touched lately. So that requests
 * that never come again do not pay for it, one octet for each entry that there may be remembers
 * which ones were missed: reply_cache_was_missed.
 *
 * Internal to core/requests, but for its making and for what an entry says.
 *
 * Thread: the owning shard. Owns: all of its memory, taken when it is made and touched as it fills.
 * Bound: octets_max, slots and what was missed included; requests of REPLY_KEY_MAX octets,
 * responses of REPLY_RESPONSE_MAX. */
#ifndef PCED_CORE_REQUESTS_REPLY_CACHE_H
#define PCED_CORE_REQUESTS_REPLY_CACHE_H

#include "core/base/wire.h"
#include "core/path/path.h"
#include "core/path/scope.h"
#include "core/requests/unmet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_KEY_MAX      512
#define REPLY_RESPONSE_MAX 4096
#define REPLY_EXPECTED_MAX 64
#define REPLY_CACHE_MIN    65536 /* octets of the smallest cache */
/* Where the request-ID stands in a request, and in a response: both begin with an RP (RFC 5440
 * 7.4.1): header, flags, request-ID. */
#define REPLY_ID_OFFSET 8
#define REPLY_ID_SIZE   4

struct reply_cache;

/* What is asked. The objects from the RP on, REPLY_ID_OFFSET + REPLY_ID_SIZE octets at least. */
struct reply_key {
    struct wire_span objects;
    uint32_t session; /* what the answer depends on beside them */
    uint64_t account; /* … where the note says so */
};

/* What is known of an answer, for those who want to be told of it. */
struct reply_note {
    uint32_t source; /* as in struct path_request */
    uint32_t destination;
    uint16_t link_count;
    uint16_t unmet; /* UNMET_BITs of a request without a path; its bounds are in the response */
    uint8_t sid_count;
    uint8_t sids_max;   /* as in struct path_request */
    uint8_t outcome;    /* enum path_outcome */
    uint8_t blame;      /* enum path_blame */
    bool is_of_account; /* it depends on what LSPs hold */
    struct path_scope scope;
};

static inline struct reply_note reply_note_of(const struct path_request *request,
                                              const struct path_result *result)
{
    return (struct reply_note){
        .source = request->source,
        .destination = request->destination,
        .link_count = (uint16_t)result->link_count,
        .unmet = unmet_of_result(request, result),
        .sid_count = (uint8_t)result->sid_count,
        .sids_max = request->sids_max,
        .outcome = (uint8_t)result->outcome,
        .blame = (uint8_t)result->blame,
    };
}

struct reply_entry {
    uint64_t hash;
    struct reply_note note;
    uint32_t session;
    uint16_t key_size;
    uint16_t response_size;
    uint8_t octets[]; /* the key's objects, the response, and the key's account where it counts */
};

/* Three of the cache's units: a note that grows costs each entry a fourth one. */
_Static_assert(sizeof(struct reply_entry) == 48, "an entry's head has grown");

/* NULL when memory ran out. octets_max is raised to REPLY_CACHE_MIN. */
struct reply_cache *reply_cache_create(size_t octets_max);
void reply_cache_destroy(struct reply_cache *cache);

/* These keys, which all have the same part of a session, will be asked for in this order, at most
 * REPLY_EXPECTED_MAX of them: the memory that this will need is fetched side by side, while each
 * would wait for its own. Costs time alone where they are not asked for. */
void reply_cache_prefetch_all(struct reply_cache *cache, uint64_t ground,
                              const struct wire_span *objects, uint32_t count, uint32_t session);
/* The same for one key, beside which others are prefetched, by two calls: the second one, when the
 * memory that the first has asked for is there, gets what the first has returned. 0 or false:
 * nothing is known of it. */
uint64_t reply_cache_prefetch(const struct reply_cache *cache, uint64_t ground,
                              const struct reply_key *key);
bool reply_cache_prefetch_entry(const struct reply_cache *cache, uint64_t hash);
/* NULL: not known, or not on this snapshot. Else valid until the next call. */
const struct reply_entry *reply_cache_find(struct reply_cache *cache,
                                           const struct ted_snapshot *snapshot,
                                           const struct reply_key *key);
/* Whether this was asked here before, as far as can be told: many others that were asked since may
 * have made it forgotten, and one in 255 that were not asked are taken for one that was. Remembers
 * it. Topologies make no difference. */
bool reply_cache_was_missed(struct reply_cache *cache, const struct reply_key *key);
/* Copies what is given; ground is that of the snapshot, and one that differs from the last one
 * forgets everything. Nothing happens where a size is above its bound. */
void reply_cache_keep(struct reply_cache *cache, uint64_t ground, const struct reply_key *key,
                      const struct reply_note *note, struct wire_span response);

static inline struct wire_span reply_entry_response(const struct reply_entry *entry)
{
    return (struct wire_span){entry->octets + entry->key_size, entry->response_size};
}

#endif
