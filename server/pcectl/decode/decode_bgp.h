/* Decode of BGP: messages of a peer that tells link state, one after the other.
 *
 * They are known by their marker: no PCEP message begins with 16 octets of ones. AS numbers have 4
 * octets unless an OPEN of the input says otherwise.
 *
 * Thread: the only one. Owns: nothing. Bound: as decode_show.h. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_BGP_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_BGP_H

#include "server/pcectl/decode/decode_show.h"

#include <stdbool.h>

bool decode_bgp_is(struct wire_span octets);

/* What was found. */
struct decode_bgp_result {
    bool is_faulty;         /* a message has a fault */
    const char *bad_stream; /* why the octets cannot be followed any further; NULL: they can */
    size_t bad_offset;      /* where */
};

/* One message of a session, as decode_show_message; *has_as2: AS numbers have two octets, as one of
 * its OPENs has said. */
bool decode_bgp_message(struct decode_show *show, struct wire_span octets,
                        const struct decode_head *head, bool *has_as2, bool *is_faulty);
/* All messages to stdout. False: they cannot be written, or memory is short. */
bool decode_bgp_show(struct decode_show *show, struct wire_span octets,
                     struct decode_bgp_result *result);

#endif
