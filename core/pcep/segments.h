/* Segments: what the segments of one ERO or RRO must have in common (RFC 8664 5.2.1, 5.3; RFC
 * 9603 5.2, 5.3). The single subobjects have been found sound before.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_SEGMENTS_H
#define PCED_CORE_PCEP_SEGMENTS_H

#include "core/pcep/codec.h"
#include "core/pcep/error.h"

struct segments_fault {
    enum pcep_error_code error; /* NONE: nothing is wrong */
    uint32_t offset;            /* of the first subobject that does not go with the first one */
    const char *reason;
};

/* A list of labels and nothing else, without NAI, which most paths of segment routing are: it is
 * read in one pass, as the layout and pcep_segments_check would have found it, and becomes the
 * object's. False: it is none. With subobjects NULL: the arena is full. */
bool pcep_segments_take_labels(struct wire_reader *reader, struct arena *arena,
                               struct pcep_object *object);

/* object: of a row whose tail is subobjects. */
struct segments_fault pcep_segments_check(const struct pcep_object *object);

/* What an SR subobject with a label says of it: "label 16001", and "label 16001, TC 5, S 1, TTL 64"
 * when those of the stack entry count (C flag, RFC 8664 4.3.1). Empty without a label. */
#define PCEP_SEGMENT_TEXT_SIZE 64
struct pcep_sub_sr;
const char *pcep_segment_text(const struct pcep_sub_sr *sr, char text[PCEP_SEGMENT_TEXT_SIZE]);

struct wire_field_table;
/* Whether a segment has an algorithm, be it 0: its A flag says so (RFC 9933 4.2, 4.3). */
bool pcep_segment_has_algorithm(const struct wire_field_table *table, const void *body);

#endif
