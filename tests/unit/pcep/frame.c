#include "core/pcep/frame.h"

#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct wire_span span_of(const uint8_t *octets, size_t size)
{
    return (struct wire_span){octets, size};
}

/* Keepalive, Close, Keepalive. */
static const uint8_t three[] = {0x20, 2, 0, 4, 0x20, 7, 0,    12, 0x0F, 0x10,
                                0,    8, 0, 0, 0,    2, 0x20, 2,  0,    4};

Test(frame, whole_messages_are_given_where_they_lie)
{
    struct frame frame;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    struct wire_span octets = span_of(three, sizeof three);
    struct frame_message message;
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_OK);
    cr_expect(message.octets == three && message.size == 4);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_OK);
    cr_expect(message.octets == three + 4 && message.size == 12);
    cr_expect(message.version == PCEP_VERSION && message.flags == 0 && message.type == 7);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_OK);
    cr_expect(message.octets == three + 16 && message.size == 4);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_AGAIN);
    cr_expect(frame.partial == NULL);
    frame_fini(&frame);
}

Test(frame, a_message_is_given_with_what_its_header_says_split_or_whole)
{
    static const uint8_t odd[] = {0x3F, 200, 0, 8, 1, 2, 3, 4};
    for (size_t cut = 0; cut < sizeof odd; cut++) {
        struct frame frame;
        struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
        struct frame_message message;
        struct wire_span octets = span_of(odd, cut);
        frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
        cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_AGAIN);
        octets = span_of(odd + cut, sizeof odd - cut);
        cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_OK);
        cr_expect(message.version == 1 && message.flags == 0x1F && message.type == 200);
        cr_expect(frame_message_body(message).octets == message.octets + 4);
        cr_expect(message.size == 8 && frame_message_body(message).size == 4);
        frame_fini(&frame);
    }
}

Test(frame, every_way_to_cut_three_messages_gives_the_same_three)
{
    for (size_t step = 1; step <= sizeof three; step++) {
        struct frame frame;
        struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
        uint8_t got[sizeof three];
        size_t got_size = 0;
        unsigned count = 0;
        frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
        for (size_t at = 0; at < sizeof three; at += step) {
            size_t size = sizeof three - at < step ? sizeof three - at : step;
            uint8_t *chunk = malloc(size);
            cr_assert(chunk != NULL);
            memcpy(chunk, three + at, size);
            struct wire_span octets = span_of(chunk, size);
            struct frame_message message;
            while (frame_next(&frame, &octets, &message, &fault) == PCE_OK) {
                memcpy(got + got_size, message.octets, message.size);
                got_size += message.size;
                count++;
            }
            cr_expect(octets.size == 0);
            free(chunk);
        }
        cr_expect(count == 3 && got_size == sizeof three);
        cr_expect(memcmp(got, three, sizeof three) == 0, "step %zu", step);
        cr_expect(frame.partial == NULL, "an idle frame owns no buffer");
        frame_fini(&frame);
    }
}

Test(frame, buffer_of_a_split_message_is_exactly_its_size)
{
    static const uint8_t header[] = {0x20, 3, 0xFF, 0xFC, 2};
    struct frame frame;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    struct frame_message message;
    struct wire_span octets = span_of(header, 1);
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_AGAIN);
    cr_expect(frame.partial_room == PCEP_HEADER_SIZE);
    octets = span_of(header + 1, 4);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_AGAIN);
    cr_expect(frame.partial_room == 65532 && frame.partial_size == 5);
    frame_fini(&frame);
    cr_expect(frame.partial == NULL);
}

/* The header, whole and octet by octet, and the fault it ends in. */
static void expect_refusal(const uint8_t header[4], uint32_t size_max, uint8_t error_type,
                           uint8_t error_value)
{
    for (unsigned step = 1; step <= 4; step += 3) {
        struct frame frame;
        struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
        enum pce_status status = PCE_AGAIN;
        frame_init(&frame, size_max);
        for (unsigned at = 0; at < 4 && status == PCE_AGAIN; at += step) {
            struct wire_span octets = span_of(header + at, step);
            struct frame_message message;
            status = frame_next(&frame, &octets, &message, &fault);
        }
        cr_expect(status == PCE_INVALID && fault.scope == PCEP_FAULT_SESSION);
        cr_expect(fault.error_type == error_type && fault.error_value == error_value);
        frame_fini(&frame);
    }
}

Test(frame, version_that_is_not_1_is_1_8)
{
    expect_refusal((const uint8_t[]){0x40, 2, 0, 4}, 65535, 1, 8);
    expect_refusal((const uint8_t[]){0x00, 2, 0, 4}, 65535, 1, 8);
}

Test(frame, length_below_4_is_refused)
{
    expect_refusal((const uint8_t[]){0x20, 2, 0, 0}, 65535, 0, 0);
    expect_refusal((const uint8_t[]){0x20, 2, 0, 3}, 65535, 0, 0);
}

Test(frame, length_that_is_no_multiple_of_4_is_refused)
{
    expect_refusal((const uint8_t[]){0x20, 2, 0, 6}, 65535, 0, 0);
    expect_refusal((const uint8_t[]){0x20, 2, 0xFF, 0xFF}, 65535, 0, 0);
}

Test(frame, length_above_the_limit_is_refused_and_one_at_it_is_taken)
{
    static const uint8_t at_limit[] = {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 30, 120, 0};
    struct frame frame;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    struct wire_span octets = span_of(at_limit, sizeof at_limit);
    struct frame_message message;
    frame_init(&frame, 12);
    cr_expect(frame_next(&frame, &octets, &message, &fault) == PCE_OK && message.size == 12);
    frame_fini(&frame);
    expect_refusal((const uint8_t[]){0x20, 1, 0, 16}, 12, 0, 0);
}

static enum pce_status give(struct frame *frame, struct frame_spares *spares, const void *octets,
                            size_t size, struct frame_message *message)
{
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    struct wire_span span = span_of(octets, size);
    enum pce_status status = frame_next_sparing(frame, spares, &span, message, &fault);
    cr_expect(span.size == 0);
    return status;
}

Test(frame, the_buffer_of_a_split_message_serves_the_next_one)
{
    struct frame one, other;
    struct frame_spares spares = {0};
    struct frame_message message;
    frame_init(&one, PCEP_MESSAGE_SIZE_MAX);
    frame_init(&other, PCEP_MESSAGE_SIZE_MAX);
    cr_expect(give(&one, &spares, three + 4, 7, &message) == PCE_AGAIN);
    const uint8_t *buffer = one.partial;
    cr_expect(give(&one, &spares, three + 11, 5, &message) == PCE_OK);
    cr_expect(message.octets == buffer && memcmp(buffer, three + 4, 12) == 0);
    cr_expect(give(&one, &spares, NULL, 0, &message) == PCE_AGAIN);
    cr_expect(one.partial == NULL && spares.count == 1, "an idle frame owns no buffer");
    cr_expect(give(&other, &spares, three, 2, &message) == PCE_AGAIN);
    cr_expect(other.partial == buffer && spares.count == 0);
    frame_fini(&other);
    frame_spares_fini(&spares);
}

Test(frame, a_buffer_that_grew_is_not_kept)
{
    static const uint8_t head[] = {0x20, 3, (FRAME_SPARE_ROOM + 4) >> 8,
                                   (FRAME_SPARE_ROOM + 4) & 255};
    static const uint8_t body[FRAME_SPARE_ROOM] = {0};
    struct frame frame;
    struct frame_spares spares = {0};
    struct frame_message message;
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    cr_expect(give(&frame, &spares, head, 3, &message) == PCE_AGAIN);
    cr_expect(frame.partial_room == FRAME_SPARE_ROOM);
    cr_expect(give(&frame, &spares, head + 3, 1, &message) == PCE_AGAIN);
    cr_expect(give(&frame, &spares, body, sizeof body, &message) == PCE_OK);
    cr_expect(message.size == FRAME_SPARE_ROOM + 4 && memcmp(message.octets, head, 4) == 0);
    cr_expect(give(&frame, &spares, NULL, 0, &message) == PCE_AGAIN);
    cr_expect(frame.partial == NULL && spares.count == 0);
    frame_spares_fini(&spares);
}

Test(frame, no_more_than_so_many_buffers_are_kept)
{
    static struct frame frames[FRAME_SPARES_MAX + 1];
    struct frame_spares spares = {0};
    struct frame_message message;
    for (size_t i = 0; i <= FRAME_SPARES_MAX; i++) {
        frame_init(&frames[i], PCEP_MESSAGE_SIZE_MAX);
        cr_expect(give(&frames[i], &spares, three, 3, &message) == PCE_AGAIN);
    }
    for (size_t i = 0; i <= FRAME_SPARES_MAX; i++) {
        cr_expect(spares.count == i);
        cr_expect(give(&frames[i], &spares, three + 3, 1, &message) == PCE_OK);
        cr_expect(give(&frames[i], &spares, NULL, 0, &message) == PCE_AGAIN);
    }
    cr_expect(spares.count == FRAME_SPARES_MAX);
    frame_spares_fini(&spares);
    cr_expect(spares.count == 0 && spares.first == NULL);
}
