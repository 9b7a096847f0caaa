/* Segments: what the segments of one ERO or RRO must have in common (RFC 8664 5.2.1, 5.3; RFC
 * 9603 5.2, 5.3). The single subobjects have been found sound before.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_SEGMENTS_H
#define PCED_CORE_PCEP_SEGMENTS_H

#include "core/pcep/codec.h"

struct segments_fault {
    uint8_t error_value; /* of error type 10; 0: nothing is wrong */
    uint32_t offset;     /* of the first subobject that does not go with the first one */
    const char *reason;
};

/* object: of a row whose tail is subobjects. */
struct segments_fault pcep_segments_check(const struct pcep_object *object);

#endif
