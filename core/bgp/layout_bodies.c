/* Bodies of one layout, one after the other. */
#include "core/bgp/layout.h"
#include "core/wire/members.h"

#include <stddef.h>

/* A first walk counts the bodies, so that the array is taken once. Every element takes octets: each
 * walk ends. */
static bool list_count(struct wire_reader reader, const struct wire_layout *element,
                       uint32_t *count, struct wire_decoding *decoding)
{
    _Alignas(max_align_t) uint8_t body[64];
    *count = 0;
    if (element->body_size > sizeof body)
        return false;
    for (; wire_left(&reader) > 0; ++*count) {
        if (!element->decode(&reader, body, decoding))
            return false;
    }
    return true;
}

bool bgp_decode_list(struct wire_reader *reader, const struct wire_layout *element,
                     struct wire_list *list, struct wire_decoding *decoding)
{
    uint32_t count;
    if (!list_count(*reader, element, &count, decoding))
        return false;
    uint8_t *bodies = arena_alloc_array(decoding->arena, count, element->body_size);
    decoding->is_full |= bodies == NULL;
    if (bodies == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!element->decode(reader, bodies + (size_t)i * element->body_size, decoding))
            return false;
    }
    *list = (struct wire_list){bodies, count};
    return true;
}

void bgp_encode_list(struct wire_writer *writer, const struct wire_layout *element,
                     const struct wire_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        element->encode(writer, (const uint8_t *)list->bodies + (size_t)i * element->body_size);
}
