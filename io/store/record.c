#include "io/store/record.h"

#include <xxhash.h>

#define CHECKED_SIZE 8 /* octets of the header before its checksum */

_Static_assert(CHECKED_SIZE + sizeof(uint64_t) == RECORD_HEADER_SIZE, "the header ends with it");

/* Each part is seeded with what comes before it. The size in the header says where the key ends and
 * the value begins. */
static uint64_t record_checksum(const uint8_t *header, struct wire_span key, struct wire_span value)
{
    uint64_t sum = XXH3_64bits(header, CHECKED_SIZE);
    sum = XXH3_64bits_withSeed(key.octets, key.size, sum);
    return XXH3_64bits_withSeed(value.octets, value.size, sum);
}

void record_seal(struct wire_span key, struct wire_span value, uint8_t header[RECORD_HEADER_SIZE])
{
    struct wire_writer writer = wire_writer_init(header, RECORD_HEADER_SIZE);
    wire_put_u32(&writer, RECORD_VERSION);
    wire_put_u32(&writer, (uint32_t)value.size);
    wire_put_u64(&writer, record_checksum(header, key, value));
}

const char *record_open(struct wire_span key, struct wire_span stored, struct wire_span *value)
{
    struct wire_reader reader = wire_reader_init(stored.octets, stored.size);
    uint32_t version = wire_u32(&reader);
    uint32_t size = wire_u32(&reader);
    uint64_t checksum = wire_u64(&reader);
    *value = wire_rest(&reader);
    if (reader.failed)
        return "it is shorter than its header";
    if (version == RECORD_VERSION && size != value->size)
        return "its size is not the one in its header";
    /* Every version keeps the checksum where it is: so damage is told from a newer version. */
    if (checksum != record_checksum(stored.octets, key, *value))
        return "its checksum is wrong";
    return version == RECORD_VERSION ? NULL : "it was written by a newer version of pced";
}
