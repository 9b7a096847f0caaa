/* Entry: what waited is read again, as of now.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing; the plan points into the arena and the entry. */
#ifndef PCED_CORE_REQUESTS_ENTRY_H
#define PCED_CORE_REQUESTS_ENTRY_H

#include "core/pcep/frame.h"
#include "core/requests/request.h"

/* The objects of its request. */
static inline struct wire_span entry_objects(const struct request_entry *entry)
{
    return (struct wire_span){entry->octets + PCEP_HEADER_SIZE,
                              (size_t)entry->size - PCEP_HEADER_SIZE};
}

/* A PCReq of one request, with its header. */
struct entry_octets {
    const uint8_t *octets;
    uint16_t size;
    uint32_t request_id;
};

/* Gives false when it is refused: for answer_refuse_plan, with the fault unless the plan has them.
 */
bool entry_read(struct request_context *context, struct session *session,
                const struct request_entry *entry, struct request_plan *plan,
                struct pcep_fault *fault);
/* The same of octets that are kept elsewhere. */
bool entry_read_octets(struct request_context *context, const struct session *session,
                       const struct entry_octets *entry, struct request_plan *plan,
                       struct pcep_fault *fault);

#endif
