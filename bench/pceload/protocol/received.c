#include "bench/pceload/protocol/received.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define GATHERED_ROOM_MIN 512u

struct gathered *received_gather(struct gathered *gathered, const uint8_t *octets, uint32_t size)
{
    uint32_t held = gathered == NULL ? 0 : gathered->size;
    if (gathered == NULL || gathered->room < held + size) {
        uint32_t room = GATHERED_ROOM_MIN;
        while (room < held + size)
            room *= 2;
        gathered = realloc(gathered, sizeof *gathered + room);
        CHECK(gathered != NULL);
        gathered->room = room;
        gathered->size = held;
    }
    memcpy(gathered->octets + held, octets, size);
    gathered->size += size;
    return gathered;
}

bool received_next_object(struct wire_reader *reader, struct received_object *object)
{
    if (wire_left(reader) == 0)
        return false;
    object->class_ = wire_u8(reader);
    wire_skip(reader, 1);
    uint16_t length = wire_u16(reader);
    object->body = wire_sub(reader, length < RECEIVED_OBJECT_HEADER_SIZE
                                        ? SIZE_MAX
                                        : length - RECEIVED_OBJECT_HEADER_SIZE);
    return !reader->failed;
}
