#include "tests/unit/bgp/support.h"

#include "core/bgp/print.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void bgp_decoded_init_as(struct bgp_decoded *decoded, const struct octets *octets,
                         struct bgp_options options)
{
    arena_init(&decoded->arena, 64U << 20);
    decoded->status = bgp_decode((struct wire_span){octets->at, octets->size}, options,
                                 &decoded->arena, &decoded->message, &decoded->fault);
}

void bgp_decoded_init(struct bgp_decoded *decoded, const struct octets *octets)
{
    bgp_decoded_init_as(decoded, octets, (struct bgp_options){.has_as4 = true});
}

void bgp_decoded_fini(struct bgp_decoded *decoded)
{
    arena_fini(&decoded->arena);
}

struct octets bgp_octets(const char *hex)
{
    struct octets octets = parse_hex_text(hex);
    cr_assert(octets.size >= BGP_HEADER_SIZE && octets.size <= UINT16_MAX);
    octets.at[BGP_MARKER_SIZE] = (uint8_t)(octets.size >> 8);
    octets.at[BGP_MARKER_SIZE + 1] = (uint8_t)octets.size;
    return octets;
}

bool bgp_encodes_to(const struct bgp_message *message, const struct octets *octets)
{
    uint8_t *room = malloc(octets->size + 1);
    cr_assert(room != NULL);
    struct wire_writer writer = wire_writer_init(room, octets->size);
    bool is_same = bgp_encode(message, &writer) == PCE_OK &&
                   wire_written(&writer) == octets->size &&
                   memcmp(room, octets->at, octets->size) == 0;
    free(room);
    return is_same;
}

char *bgp_print_text(const struct bgp_message *message, const struct bgp_fault *fault)
{
    const size_t room = 1U << 24;
    char *text = malloc(room + 1);
    cr_assert(text != NULL);
    struct wire_writer writer = wire_writer_init(text, room);
    bgp_print(&writer, message, fault, (struct bgp_print_options){.has_offsets = false});
    cr_assert(!writer.failed, "the printed text has no end");
    text[wire_written(&writer)] = '\0';
    return text;
}
