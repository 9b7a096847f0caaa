#include "bench/pceload/protocol/response.h"

#include "bench/pceload/protocol/received.h"

#include <string.h>

#define RP_OBJECT_SIZE 12u /* with its header */
#define RP_ID_AT       8u

static uint32_t read_u32(const uint8_t *octets)
{
    uint32_t value;
    memcpy(&value, octets, sizeof value);
    return __builtin_bswap32(value);
}

struct response_reader response_reader_init(const uint8_t *octets, uint32_t size)
{
    return (struct response_reader){.at = octets + RECEIVED_HEADER_SIZE, .end = octets + size};
}

/* Octets of the object at the front; 0: it does not fit. */
static uint32_t object_size(const struct response_reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at);
    if (left < RECEIVED_OBJECT_HEADER_SIZE)
        return 0;
    uint32_t size = received_u16(reader->at + 2);
    uint32_t size_min =
        reader->at[0] == PCEP_CLASS_RP ? RP_OBJECT_SIZE : RECEIVED_OBJECT_HEADER_SIZE;
    return size < size_min || size > left ? 0 : size;
}

static void take_object(struct response *response, const uint8_t *at, uint32_t size)
{
    if (at[0] == PCEP_CLASS_NO_PATH)
        response->has_no_path = true;
    if (at[0] == PCEP_CLASS_ERO && response->ero == NULL) {
        response->ero = at + RECEIVED_OBJECT_HEADER_SIZE;
        response->ero_size = size - RECEIVED_OBJECT_HEADER_SIZE;
    }
}

bool response_next(struct response_reader *reader, struct response *response)
{
    bool is_begun = false;
    *response = (struct response){0};
    while (reader->at < reader->end) {
        uint32_t size = object_size(reader);
        if (size == 0) {
            reader->failed = true;
            return false;
        }
        if (reader->at[0] != PCEP_CLASS_RP) {
            take_object(response, reader->at, size);
        } else if (is_begun) {
            return true;
        } else {
            *response = (struct response){.id = read_u32(reader->at + RP_ID_AT)};
            is_begun = true;
            reader->count++;
        }
        reader->at += size;
    }
    reader->failed = reader->count == 0;
    return is_begun;
}
