/* Notice: the last NOTIFICATION of a direction, with what it says to people (RFC 9003).
 *
 * Thread: any. Owns: nothing. Bound: BGP_COMMUNICATION_MAX octets of text. */
#ifndef PCED_CORE_BGP_NOTICE_H
#define PCED_CORE_BGP_NOTICE_H

#include "core/base/mono.h"
#include "core/bgp/codec.h"

#define BGP_COMMUNICATION_MAX 255 /* octets of a text for the other operator (RFC 9003 2) */

struct bgp_notice {
    struct mono at; /* MONO_NEVER: there was none */
    uint8_t code;
    uint8_t subcode;
    char text[BGP_COMMUNICATION_MAX + 1]; /* whole characters that may be shown; "": none */
};

#define BGP_NO_NOTICE ((struct bgp_notice){.at = MONO_NEVER})

/* How many octets of a text go out: whole characters alone, as half of one would not be UTF-8. */
size_t bgp_communication_size(const uint8_t *octets, size_t size);
void bgp_notice_set(struct bgp_notice *notice, const struct bgp_notification *notification,
                    struct mono now);

#endif
