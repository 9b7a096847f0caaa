/* Framing: from a stream of octets to whole BGP messages (RFC 4271 4.1, 6.1).
 *
 * A message that arrives whole is given out where it lies, without a copy. Only when it is split
 * are its octets gathered, in a buffer that is taken with the second half and given back with the
 * end of the message: an idle session owns none.
 *
 * Thread: the owner of the session. Owns: the gathering buffer while a message is split.
 * Bound: one message, 4,096 octets, or 65,535 where both ends have said so (RFC 8654). */
#ifndef PCED_CORE_BGP_FRAME_H
#define PCED_CORE_BGP_FRAME_H

#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/bgp/fault.h"

#define BGP_MARKER_SIZE           16
#define BGP_HEADER_SIZE           19
#define BGP_MESSAGE_SIZE_MAX      4096
#define BGP_MESSAGE_SIZE_EXTENDED 65535

struct bgp_frame {
    uint8_t *partial;      /* NULL between messages */
    uint32_t partial_size; /* octets gathered */
    bool is_given;         /* the buffer holds the message that was given out last */
    bool is_extended;      /* messages of more than 4,096 octets are taken, but OPEN, KEEPALIVE */
};

void bgp_frame_init(struct bgp_frame *frame);
/* Releases what is gathered. */
void bgp_frame_fini(struct bgp_frame *frame);

/* Takes the next whole message out of *octets (stepping over what it used).
 * PCE_OK: *message is the whole message, valid until the next call or until the caller's octets go.
 * PCE_AGAIN: all octets are used and no message is whole.
 * PCE_INVALID: *fault says why (1/1 … 1/3): the stream cannot be followed any further.
 * PCE_NO_MEMORY: no buffer for a split message. */
PCE_MUST_CHECK enum pce_status bgp_frame_next(struct bgp_frame *frame, struct wire_span *octets,
                                              struct wire_span *message, struct bgp_fault *fault);

/* Whether a header is one (RFC 4271 6.1); size: that it names. False: *fault says why. */
bool bgp_frame_check_header(const uint8_t header[BGP_HEADER_SIZE], bool is_extended, uint32_t *size,
                            struct bgp_fault *fault);

#endif
