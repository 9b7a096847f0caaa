/* Framing: what is a message, at each limit and one past it, and however its octets come. */
#include "core/bgp/frame.h"

#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A message of this type and length on the heap, its body zeros. */
static uint8_t *make_message(uint8_t type, uint32_t size)
{
    uint8_t *octets = calloc(1, size < BGP_HEADER_SIZE ? BGP_HEADER_SIZE : size);
    cr_assert(octets != NULL);
    memset(octets, 0xFF, BGP_MARKER_SIZE);
    octets[BGP_MARKER_SIZE] = (uint8_t)(size >> 8);
    octets[BGP_MARKER_SIZE + 1] = (uint8_t)size;
    octets[BGP_HEADER_SIZE - 1] = type;
    return octets;
}

/* The error of a message of this type and length; 0: it is taken. */
static unsigned error_of(uint8_t type, uint32_t size, bool is_extended)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    struct bgp_frame frame;
    uint8_t *octets = make_message(type, size);
    struct wire_span input = {octets, size < BGP_HEADER_SIZE ? BGP_HEADER_SIZE : size};
    struct wire_span message = {NULL, 0};
    bgp_frame_init(&frame);
    frame.is_extended = is_extended;
    enum pce_status status = bgp_frame_next(&frame, &input, &message, &fault);
    cr_expect((status == PCE_OK) == !bgp_fault_is_set(&fault));
    cr_expect(status != PCE_OK || message.size == size);
    bgp_frame_fini(&frame);
    free(octets);
    return (unsigned)fault.error;
}

Test(frame, each_type_has_its_shortest_message)
{
    cr_expect_eq(error_of(BGP_MESSAGE_OPEN, 29, false), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_OPEN, 28, false), BGP_ERROR_BAD_LENGTH);
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 23, false), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 22, false), BGP_ERROR_BAD_LENGTH);
    cr_expect_eq(error_of(BGP_MESSAGE_NOTIFICATION, 21, false), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_NOTIFICATION, 20, false), BGP_ERROR_BAD_LENGTH);
    cr_expect_eq(error_of(BGP_MESSAGE_KEEPALIVE, 19, false), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_KEEPALIVE, 18, false), BGP_ERROR_BAD_LENGTH);
    cr_expect_eq(error_of(BGP_MESSAGE_KEEPALIVE, 20, false), BGP_ERROR_BAD_LENGTH);
}

Test(frame, longer_messages_need_the_capability_and_never_are_open_or_keepalive)
{
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 4096, false), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 4097, false), BGP_ERROR_BAD_LENGTH);
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 4097, true), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_UPDATE, 65535, true), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_OPEN, 4096, true), 0);
    cr_expect_eq(error_of(BGP_MESSAGE_OPEN, 4097, true), BGP_ERROR_BAD_LENGTH);
}

Test(frame, unknown_types_and_other_markers_end_the_stream)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    uint32_t size;
    cr_expect_eq(error_of(0, 19, false), BGP_ERROR_BAD_TYPE);
    cr_expect_eq(error_of(6, 19, false), BGP_ERROR_BAD_TYPE);
    uint8_t *octets = make_message(BGP_MESSAGE_KEEPALIVE, 19);
    octets[15] = 0xFE;
    cr_expect_not(bgp_frame_check_header(octets, false, &size, &fault));
    cr_expect_eq(fault.error, BGP_ERROR_NOT_SYNCHRONIZED);
    free(octets);
}

Test(frame, the_notification_carries_what_the_rfc_says)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    uint32_t size;
    uint8_t *octets = make_message(9, 19);
    cr_expect_not(bgp_frame_check_header(octets, false, &size, &fault));
    cr_expect(fault.data.size == 1 && fault.data.octets[0] == 9, "the type");
    fault = (struct bgp_fault){.action = BGP_ACTION_NONE};
    octets[BGP_HEADER_SIZE - 1] = BGP_MESSAGE_OPEN;
    cr_expect_not(bgp_frame_check_header(octets, false, &size, &fault));
    cr_expect(fault.data.size == 2 && fault.data.octets[1] == 19, "the length");
    free(octets);
}

/* The stream in pieces of one size gives the same messages. */
static unsigned count_messages(const uint8_t *stream, size_t size, size_t piece)
{
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    struct bgp_frame frame;
    unsigned count = 0;
    bgp_frame_init(&frame);
    for (size_t at = 0; at < size; at += piece) {
        size_t taken = size - at < piece ? size - at : piece;
        uint8_t *copy = malloc(taken);
        cr_assert(copy != NULL);
        memcpy(copy, stream + at, taken);
        struct wire_span input = {copy, taken};
        struct wire_span message;
        enum pce_status status;
        while ((status = bgp_frame_next(&frame, &input, &message, &fault)) == PCE_OK) {
            cr_expect(
                memcmp(message.octets + BGP_HEADER_SIZE - 1,
                       &(uint8_t){count % 2 == 0 ? BGP_MESSAGE_KEEPALIVE : BGP_MESSAGE_UPDATE},
                       1) == 0);
            count++;
        }
        cr_expect(status == PCE_AGAIN && input.size == 0);
        free(copy);
    }
    cr_expect(frame.partial == NULL || frame.is_given || size % piece != 0);
    bgp_frame_fini(&frame);
    return count;
}

Test(frame, pieces_of_every_size_give_the_same_messages)
{
    uint8_t stream[3 * (19 + 60)];
    uint8_t *keepalive = make_message(BGP_MESSAGE_KEEPALIVE, 19);
    uint8_t *update = make_message(BGP_MESSAGE_UPDATE, 60);
    for (unsigned i = 0; i < 3; i++) {
        memcpy(stream + (size_t)i * 79, keepalive, 19);
        memcpy(stream + (size_t)i * 79 + 19, update, 60);
    }
    for (size_t piece = 1; piece <= sizeof stream; piece++)
        cr_expect_eq(count_messages(stream, sizeof stream, piece), 6, "pieces of %zu", piece);
    free(keepalive);
    free(update);
}
