#include "core/pcep/frame.h"

#include "core/base/check.h"
#include "core/pcep/error.h"

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
    CHECK(spares->count > 0);
    memcpy(&spares->first, buffer, sizeof spares->first);
    spares->count--;
    return buffer;
}

/* The frame's buffer is done with. */
static void frame_release(struct frame *frame, struct frame_spares *spares)
{
    CHECK(frame->partial != NULL && frame->is_given);
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

/* The header at the octets. False, and a fault: the stream cannot be followed. */
static bool frame_check_header(const struct frame *frame, const uint8_t *octets,
                               struct frame_header *header, struct pcep_fault *fault)
{
    struct wire_reader reader = wire_reader_init(octets, PCEP_HEADER_SIZE);
    *header = frame_read_header(&reader);
    /* RFC 5440 6.1 and 7.15 (1/8). Wrong lengths have no PCErr: nobody finds the next message. */
    if (header->version != PCEP_VERSION)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_VERSION_NOT_SUPPORTED, 0,
                       "PCEP version is not 1");
    else if (header->size < PCEP_HEADER_SIZE)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_NONE, 2, "message length is below 4");
    else if (header->size % 4 != 0)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_NONE, 2,
                       "message length is no multiple of 4");
    else if (header->size > frame->size_max)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_NONE, 2,
                       "message is longer than the limit");
    else
        return true;
    return false;
}

static struct frame_message frame_give(const uint8_t *octets, const struct frame_header *header)
{
    return (struct frame_message){
        .octets = octets,
        .size = header->size,
        .version = header->version,
        .flags = header->flags,
        .type = header->type,
    };
}

bool frame_read_whole(struct wire_span octets, struct frame_message *message,
                      struct pcep_fault *fault)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    struct frame_header header = frame_read_header(&reader);
    *message = frame_give(octets.octets, &header);
    if (reader.failed)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_NONE, 0,
                       "message is shorter than its header");
    else if (header.version != PCEP_VERSION)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_VERSION_NOT_SUPPORTED, 0,
                       "PCEP version is not 1");
    else if (header.size != octets.size)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, PCEP_ERROR_NONE, 2,
                       "message length is not that of its octets");
    return !pcep_fault_is_set(fault);
}

static bool frame_reserve(struct frame *frame, struct frame_spares *spares, uint32_t room)
{
    CHECK(room <= PCEP_MESSAGE_SIZE_MAX);
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
    CHECK(frame->partial_size <= size && size <= frame->partial_room);
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
                                  struct wire_span *octets, struct frame_message *message,
                                  struct pcep_fault *fault)
{
    if (!frame_reserve(frame, spares, PCEP_HEADER_SIZE))
        return PCE_NO_MEMORY;
    if (frame->partial_size < PCEP_HEADER_SIZE)
        frame_gather(frame, octets, PCEP_HEADER_SIZE);
    if (frame->partial_size < PCEP_HEADER_SIZE)
        return PCE_AGAIN;
    /* The size is the peer's to choose: the header is checked before room is taken for the rest. */
    struct frame_header header;
    if (!frame_check_header(frame, frame->partial, &header, fault))
        return PCE_INVALID;
    if (!frame_reserve(frame, spares, header.size))
        return PCE_NO_MEMORY;
    frame_gather(frame, octets, header.size);
    if (frame->partial_size < header.size)
        return PCE_AGAIN;
    *message = frame_give(frame->partial, &header);
    frame->is_given = true;
    return PCE_OK;
}

enum pce_status frame_next(struct frame *frame, struct wire_span *octets,
                           struct frame_message *message, struct pcep_fault *fault)
{
    return frame_next_sparing(frame, NULL, octets, message, fault);
}

enum pce_status frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                   struct wire_span *octets, struct frame_message *message,
                                   struct pcep_fault *fault)
{
    *message = (struct frame_message){.octets = NULL};
    if (frame->is_given)
        frame_release(frame, spares);
    if (octets->size == 0)
        return PCE_AGAIN;
    if (frame->partial_size > 0 || octets->size < PCEP_HEADER_SIZE)
        return frame_join(frame, spares, octets, message, fault);
    struct frame_header header;
    if (!frame_check_header(frame, octets->octets, &header, fault))
        return PCE_INVALID;
    if (octets->size < header.size)
        return frame_join(frame, spares, octets, message, fault);
    *message = frame_give(octets->octets, &header);
    octets->octets += header.size;
    octets->size -= header.size;
    return PCE_OK;
}
