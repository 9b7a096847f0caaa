/* Segments of an intent's path, as subobjects of an ERO (RFC 8664 4.3, RFC 9603 4.3).
 *
 * A segment without a SID has that of its node or adjacency in the network: of SR-MPLS the label that
 * the node before it understands. Of an SRv6 SID that the operator names, behaviour and structure are
 * said where the network has it at that node or link.
 *
 * Internal to core/intent.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_INTENT_INTENT_SEGMENT_H
#define PCED_CORE_INTENT_INTENT_SEGMENT_H

#include "core/intent/intent.h"

struct intent_walk {
    const struct ted_snapshot *snapshot; /* NULL: there is none */
    uint32_t at;                         /* where the segment before ends; TED_NONE: not known */
};

/* Why it cannot be written, static text; NULL: it is, and the walk stands at its end. */
const char *intent_segment_write(struct intent_walk *walk, uint8_t setup_type,
                                 const struct intent_hop *hop, struct wire_writer *writer);

#endif
