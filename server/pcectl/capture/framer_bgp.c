/* What the framer has to know of BGP (RFC 4271 4.1): sixteen octets of ones are hard to mistake. */
#include "core/bgp/frame.h"
#include "server/pcectl/capture/framer.h"

static enum framer_verdict framer_bgp_judge(struct wire_span octets)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    uint32_t size;
    for (size_t i = 0; i < BGP_MARKER_SIZE && i < octets.size; i++) {
        if (octets.octets[i] != 0xFF)
            return FRAMER_NO;
    }
    if (octets.size < BGP_HEADER_SIZE)
        return FRAMER_MAYBE;
    return bgp_frame_check_header(octets.octets, true, &size, &fault) ? FRAMER_YES : FRAMER_NO;
}

static const char *framer_bgp_object_to(const uint8_t *header)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    uint32_t size;
    return bgp_frame_check_header(header, true, &size, &fault) ? NULL : fault.reason;
}

static uint32_t framer_bgp_size_of(const uint8_t *header)
{
    struct wire_reader reader = wire_reader_init(header, BGP_HEADER_SIZE);
    wire_skip(&reader, BGP_MARKER_SIZE);
    return wire_u16(&reader);
}

const struct framer_protocol framer_bgp = {
    .reference = "RFC 4271 4.1",
    .header_size = BGP_HEADER_SIZE,
    .type_at = BGP_HEADER_SIZE - 1,
    .align = 1,
    .judge = framer_bgp_judge,
    .object_to = framer_bgp_object_to,
    .size_of = framer_bgp_size_of,
};
