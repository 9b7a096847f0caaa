#include "core/pcep/frame.h"

#include "core/base/check.h"

#include <stdlib.h>

void frame_init(struct frame *frame, uint32_t size_max)
{
    *frame = (struct frame){
        .size_max = (uint16_t)(size_max < PCEP_MESSAGE_SIZE_MAX ? size_max : PCEP_MESSAGE_SIZE_MAX),
    };
}

void frame_fini(struct frame *frame)
{
    free(frame->partial);
    frame->partial = NULL;
    frame->partial_size = 0;
    frame->partial_room = 0;
    frame->is_given = false;
}

/* ---- spares ---- */

void frame_spares_fini(struct frame_spares *spares)
{
    while (spares->first != NULL) {
        void *buffer = spares->first;
        memcpy(&spares->first, buffer, sizeof spares->first);
        free(buffer);
        spares->count--;
    }
    CHECK(spares->count == 0);
}

static uint8_t *spares_take(struct frame_spares *spares)
{
    uint8_t *buffer = spares->first;
    if (buffer == NULL)
        return malloc(FRAME_SPARE_ROOM);
    memcpy(&spares->first, buffer, sizeof spares->first);
    spares->count--;
    return buffer;
}

/* The frame's buffer is done with. */
static void frame_release(struct frame *frame, struct frame_spares *spares)
{
    bool is_kept = spares != NULL && frame->partial_room == FRAME_SPARE_ROOM &&
                   spares->count < FRAME_SPARES_MAX;
    if (!is_kept) {
        frame_fini(frame);
        return;
    }
    memcpy(frame->partial, &spares->first, sizeof spares->first);
    spares->first = frame->partial;
    spares->count++;
    frame->partial = NULL;
    frame_fini(frame);
}

/* ---- framing ---- */

/* The size that a header announces; 0 and a fault when the stream cannot be followed. */
static uint32_t header_size(const struct frame *frame, const uint8_t *header,
                            struct pcep_fault *fault)
{
    struct wire_reader reader = wire_reader_init(header, PCEP_HEADER_SIZE);
    unsigned version = wire_u8(&reader) >> 5;
    wire_skip(&reader, 1);
    uint32_t size = wire_u16(&reader);
    /* RFC 5440 6.1; 1/8 is of RFC 5440 7.15 */
    if (version != PCEP_VERSION)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 1, 8, 0, "PCEP version is not 1");
    else if (size < PCEP_HEADER_SIZE)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 0, 0, 2, "message length is below 4");
    else if (size % 4 != 0)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 0, 0, 2, "message length is no multiple of 4");
    else if (size > frame->size_max)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 0, 0, 2, "message is longer than the limit");
    else
        return size;
    return 0;
}

static bool frame_reserve(struct frame *frame, struct frame_spares *spares, uint32_t room)
{
    if (room <= frame->partial_room)
        return true;
    bool is_spare = spares != NULL && frame->partial == NULL && room <= FRAME_SPARE_ROOM;
    if (is_spare)
        room = FRAME_SPARE_ROOM;
    uint8_t *partial = is_spare ? spares_take(spares) : realloc(frame->partial, room);
    if (partial == NULL)
        return false;
    frame->partial = partial;
    frame->partial_room = (uint16_t)room;
    return true;
}

/* Moves octets into the buffer until it holds `size` of them or none are left. */
static void frame_gather(struct frame *frame, struct wire_span *octets, uint32_t size)
{
    size_t take = (size_t)size - frame->partial_size;
    if (take > octets->size)
        take = octets->size;
    if (take == 0)
        return;
    memcpy(frame->partial + frame->partial_size, octets->octets, take);
    frame->partial_size = (uint16_t)(frame->partial_size + take);
    octets->octets += take;
    octets->size -= take;
}

/* A split message: first its header, then exactly its size. */
static enum pce_status frame_join(struct frame *frame, struct frame_spares *spares,
                                  struct wire_span *octets, struct wire_span *message,
                                  struct pcep_fault *fault)
{
    if (!frame_reserve(frame, spares, PCEP_HEADER_SIZE))
        return PCE_NO_MEMORY;
    if (frame->partial_size < PCEP_HEADER_SIZE)
        frame_gather(frame, octets, PCEP_HEADER_SIZE);
    if (frame->partial_size < PCEP_HEADER_SIZE)
        return PCE_AGAIN;
    uint32_t size = header_size(frame, frame->partial, fault);
    if (size == 0)
        return PCE_INVALID;
    if (!frame_reserve(frame, spares, size))
        return PCE_NO_MEMORY;
    frame_gather(frame, octets, size);
    if (frame->partial_size < size)
        return PCE_AGAIN;
    *message = (struct wire_span){frame->partial, size};
    frame->is_given = true;
    return PCE_OK;
}

enum pce_status frame_next(struct frame *frame, struct wire_span *octets, struct wire_span *message,
                           struct pcep_fault *fault)
{
    return frame_next_sparing(frame, NULL, octets, message, fault);
}

enum pce_status frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                   struct wire_span *octets, struct wire_span *message,
                                   struct pcep_fault *fault)
{
    *message = (struct wire_span){NULL, 0};
    if (frame->is_given)
        frame_release(frame, spares);
    if (octets->size == 0)
        return PCE_AGAIN;
    if (frame->partial_size > 0 || octets->size < PCEP_HEADER_SIZE)
        return frame_join(frame, spares, octets, message, fault);
    uint32_t size = header_size(frame, octets->octets, fault);
    if (size == 0)
        return PCE_INVALID;
    if (octets->size < size)
        return frame_join(frame, spares, octets, message, fault);
    *message = (struct wire_span){octets->octets, size};
    octets->octets += size;
    octets->size -= size;
    return PCE_OK;
}
