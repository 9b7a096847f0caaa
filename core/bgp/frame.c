#include "core/bgp/frame.h"

#include "core/wire/field.h"

#include <stdlib.h>

void bgp_frame_init(struct bgp_frame *frame)
{
    *frame = (struct bgp_frame){.partial = NULL};
}

void bgp_frame_fini(struct bgp_frame *frame)
{
    free(frame->partial);
    frame->partial = NULL;
    frame->partial_size = 0;
    frame->is_given = false;
}

static bool marker_is_good(const uint8_t *header)
{
    for (unsigned i = 0; i < BGP_MARKER_SIZE; i++) {
        if (header[i] != 0xFF)
            return false;
    }
    return true;
}

static bool frame_refuse(struct bgp_fault *fault, enum bgp_error_code error, uint32_t offset,
                         struct wire_span data, const char *reason)
{
    bgp_fault_set(fault, (struct bgp_fault){BGP_ACTION_RESET, error, offset, data, reason});
    return false;
}

/* RFC 8654 4: OPEN and KEEPALIVE stay within 4,096 octets. */
static uint32_t size_max_of(unsigned type, bool is_extended)
{
    bool may_be_long = type != BGP_MESSAGE_OPEN && type != BGP_MESSAGE_KEEPALIVE;
    return is_extended && may_be_long ? BGP_MESSAGE_SIZE_EXTENDED : BGP_MESSAGE_SIZE_MAX;
}

bool bgp_frame_check_header(const uint8_t header[BGP_HEADER_SIZE], bool is_extended, uint32_t *size,
                            struct bgp_fault *fault)
{
    struct wire_span length = {header + BGP_MARKER_SIZE, 2};
    const struct bgp_message_row *row = bgp_message_find(header[BGP_HEADER_SIZE - 1]);
    *size = field_load_u16(length.octets);
    if (!marker_is_good(header))
        return frame_refuse(fault, BGP_ERROR_NOT_SYNCHRONIZED, 0, (struct wire_span){NULL, 0},
                            "the marker is not all ones");
    if (*size < BGP_HEADER_SIZE || *size > size_max_of(header[BGP_HEADER_SIZE - 1], is_extended))
        return frame_refuse(fault, BGP_ERROR_BAD_LENGTH, BGP_MARKER_SIZE, length,
                            "a length that no message has");
    if (row == NULL)
        return frame_refuse(fault, BGP_ERROR_BAD_TYPE, BGP_HEADER_SIZE - 1,
                            (struct wire_span){header + BGP_HEADER_SIZE - 1, 1},
                            "unknown message type");
    /* A ROUTE-REFRESH that is too short is an error of its own where RFC 7313 holds. */
    bool is_refresh = row->type == BGP_MESSAGE_ROUTE_REFRESH;
    if ((*size < row->size_min && !is_refresh) ||
        (row->type == BGP_MESSAGE_KEEPALIVE && *size != row->size_min))
        return frame_refuse(fault, BGP_ERROR_BAD_LENGTH, BGP_MARKER_SIZE, length,
                            "a length that this message type does not have");
    return true;
}

static void drop_given(struct bgp_frame *frame)
{
    if (frame->is_given)
        bgp_frame_fini(frame);
}

/* Moves octets into the buffer until it holds `want`; false when there are too few. */
static bool bgp_frame_gather(struct bgp_frame *frame, struct wire_span *octets, uint32_t want)
{
    size_t missing = want - frame->partial_size;
    size_t taken = octets->size < missing ? octets->size : missing;
    if (taken > 0)
        memcpy(frame->partial + frame->partial_size, octets->octets, taken);
    frame->partial_size += (uint32_t)taken;
    octets->octets += taken;
    octets->size -= taken;
    return taken == missing;
}

static enum pce_status next_gathered(struct bgp_frame *frame, struct wire_span *octets,
                                     struct wire_span *message, struct bgp_fault *fault)
{
    uint32_t size;
    if (frame->partial_size < BGP_HEADER_SIZE && !bgp_frame_gather(frame, octets, BGP_HEADER_SIZE))
        return PCE_AGAIN;
    if (!bgp_frame_check_header(frame->partial, frame->is_extended, &size, fault))
        return PCE_INVALID;
    if (!bgp_frame_gather(frame, octets, size))
        return PCE_AGAIN;
    *message = (struct wire_span){frame->partial, size};
    frame->is_given = true;
    return PCE_OK;
}

/* The buffer has room for any message: the length of one whose header is split is not known yet. */
static enum pce_status begin_gathering(struct bgp_frame *frame, struct wire_span *octets)
{
    frame->partial = malloc(frame->is_extended ? BGP_MESSAGE_SIZE_EXTENDED : BGP_MESSAGE_SIZE_MAX);
    if (frame->partial == NULL)
        return PCE_NO_MEMORY;
    frame->partial_size = 0;
    (void)bgp_frame_gather(frame, octets, (uint32_t)octets->size);
    return PCE_AGAIN;
}

enum pce_status bgp_frame_next(struct bgp_frame *frame, struct wire_span *octets,
                               struct wire_span *message, struct bgp_fault *fault)
{
    uint32_t size;
    drop_given(frame);
    if (frame->partial != NULL)
        return next_gathered(frame, octets, message, fault);
    if (octets->size == 0)
        return PCE_AGAIN;
    if (octets->size < BGP_HEADER_SIZE)
        return begin_gathering(frame, octets);
    if (!bgp_frame_check_header(octets->octets, frame->is_extended, &size, fault))
        return PCE_INVALID;
    if (octets->size < size)
        return begin_gathering(frame, octets);
    *message = (struct wire_span){octets->octets, size};
    octets->octets += size;
    octets->size -= size;
    return PCE_OK;
}
