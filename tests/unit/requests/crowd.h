/* Many sessions that are UP on one shard with a request queue, on the network of a scene. What they
 * are sent is decoded and noted at once. */
#ifndef PCED_TESTS_UNIT_REQUESTS_CROWD_H
#define PCED_TESTS_UNIT_REQUESTS_CROWD_H

#include "tests/lib/scene.h"

#define CROWD_MEMBERS          64
#define CROWD_NOTES_MAX        65536
#define CROWD_MESSAGE_MAX      65536
#define CROWD_COMPUTATIONS_MAX 16

struct member {
    struct session_owner owner; /* first */
    struct crowd *crowd;
    bool takes_nothing; /* may_answer says no */
    uint32_t replies, errors;
    uint32_t cancelled;              /* RPs in PCNtf 1/2 */
    uint32_t last_cancelled;         /* the last of them */
    uint32_t cancellations;          /* such messages */
    uint32_t overloaded;             /* PCNtf 2/1 */
    uint32_t duration_s;             /* of the last of them */
    uint32_t available;              /* PCNtf 2/2 */
    uint8_t last[CROWD_MESSAGE_MAX]; /* message that it was sent */
};

/* A response, in the order in which they were sent. */
struct note {
    uint32_t member;
    uint32_t request_id;
    uint32_t priority;
};

struct crowd {
    struct scene scene; /* network, engine, arena, counters, context */
    struct request_context *context;
    struct request_queue *queue;
    struct member members[CROWD_MEMBERS];
    struct note notes[CROWD_NOTES_MAX];
    uint32_t note_count;
    struct arena kept;
    uint64_t work_of_one; /* request of crowd_ask */
    /* Other threads, as it were: what they have been given, in order. */
    struct computation *offloaded[CROWD_COMPUTATIONS_MAX];
    uint32_t offloaded_count;
    bool takes_no_computation; /* they refuse, as if their queue were full */
};

/* Limits: none, and no work left, so that every request waits. */
struct crowd *crowd_create(void);
void crowd_destroy(struct crowd *crowd);
/* One PCReq of the member with count requests from A to D: request-IDs from first_id on. */
void crowd_ask(struct crowd *crowd, uint32_t member, uint32_t first_id, uint32_t count,
               uint8_t priority);
/* The same with one request, between other nodes. */
void crowd_ask_between(struct crowd *crowd, uint32_t member, uint32_t request_id,
                       const char *source, const char *destination);
/* From now on what takes more than one step of the engine is computed elsewhere, so many at a time.
 */
void crowd_offload(struct crowd *crowd, uint32_t capacity);
/* The first count of what is computed elsewhere come back. */
void crowd_compute(struct crowd *crowd, uint32_t count);
void crowd_receive_hex(struct crowd *crowd, uint32_t member, const char *hex);
/* A turn with work for so many requests. */
bool crowd_serve(struct crowd *crowd, uint32_t requests);
void crowd_wait_ms(struct crowd *crowd, uint64_t ms);
/* Counters and queue add up. */
void crowd_check(const struct crowd *crowd);

#endif
