/* What is received: from octets to messages, objects and responses. */
#include "bench/pceload/protocol/received.h"
#include "bench/pceload/protocol/response.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(received, message_is_whole_with_its_last_octet)
{
    const uint8_t octets[] = {0x20, 2, 0, 6, 0xaa, 0xbb, 0x20};
    for (uint32_t size = 0; size < 6; size++)
        cr_assert_eq(received_size(octets, size), 0u, "%u octets", size);
    cr_assert_eq(received_size(octets, 6), 6u);
    cr_assert_eq(received_size(octets, 7), 6u, "the next message has begun");
}

Test(received, header_of_another_version_or_without_room_for_itself_is_bad)
{
    cr_assert_eq(received_size((const uint8_t[]){0x40, 2, 0, 4}, 4), RECEIVED_BAD);
    cr_assert_eq(received_size((const uint8_t[]){0x20, 2, 0, 3}, 4), RECEIVED_BAD);
    cr_assert_eq(received_size((const uint8_t[]){0x20, 2, 0, 4}, 4), 4u);
}

Test(received, gathered_octets_are_all_of_them_in_order)
{
    struct gathered *gathered = NULL;
    uint8_t octets[3000];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 7);
    for (uint32_t at = 0; at < sizeof octets; at += 300)
        gathered = received_gather(gathered, octets + at, 300);
    cr_assert_eq(gathered->size, sizeof octets);
    cr_assert_arr_eq(gathered->octets, octets, sizeof octets);
    free(gathered);
}

Test(received, objects_end_with_the_message_or_with_a_length_that_does_not_fit)
{
    uint8_t octets[] = {0x20, 6, 0, 20, 2, 0x10, 0, 4, 13, 0x10, 0, 8, 0, 0, 4, 5, 9, 0, 0, 4};
    struct received_object object;
    struct wire_reader reader = received_objects(octets, sizeof octets);
    cr_assert(received_next_object(&reader, &object));
    cr_assert_eq(object.class_, PCEP_CLASS_RP);
    cr_assert_eq(wire_left(&object.body), 0u);
    cr_assert(received_next_object(&reader, &object));
    cr_assert_eq(object.class_, PCEP_CLASS_PCEP_ERROR);
    cr_assert_eq(wire_left(&object.body), 4u);
    cr_assert(received_next_object(&reader, &object));
    cr_assert_not(received_next_object(&reader, &object));
    cr_assert_not(reader.failed);
    octets[19] = 5; /* one octet more than there is */
    reader = received_objects(octets, sizeof octets);
    cr_assert(received_next_object(&reader, &object));
    cr_assert(received_next_object(&reader, &object));
    cr_assert_not(received_next_object(&reader, &object));
    cr_assert(reader.failed);
}

Test(received, responses_before_one_that_is_torn_are_read)
{
    uint8_t octets[] = {0x20, 4, 0, 32, 2, 0x10, 0, 12, 0, 0, 0, 0, 0, 0, 0, 7,
                        2,    0, 0, 12, 0, 0,    0, 0,  0, 0, 0, 8, 3, 0, 0, 4};
    struct response response;
    struct response_reader reader = response_reader_init(octets, sizeof octets);
    cr_assert(response_next(&reader, &response));
    cr_assert_eq(response.id, 7u);
    cr_assert_not(response.has_no_path);
    cr_assert(response_next(&reader, &response));
    cr_assert_eq(response.id, 8u);
    cr_assert(response.has_no_path);
    cr_assert_not(response_next(&reader, &response));
    cr_assert_not(reader.failed);
    reader = response_reader_init(octets, sizeof octets - 1);
    cr_assert(response_next(&reader, &response));
    cr_assert_not(response_next(&reader, &response), "its NO-PATH is torn");
    cr_assert(reader.failed);
    cr_assert_eq(reader.count, 2u);
}
