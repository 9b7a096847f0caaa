#include "core/bgp/layout.h"

#include "core/bgp/model.h"
#include "core/bgp/names.h"
#include "core/wire/layout_code.h"

#define LAYOUT_CODE(layout) WIRE_LAYOUT_CODE(layout, struct bgp_##layout, BGP_FIELDS_##layout)

BGP_LAYOUTS(LAYOUT_CODE)

#define FIELD(kind, member, names) WIRE_FIELD_ROW(kind, member, &bgp_names_##names)
#define LAYOUT_FIELDS(layout)                                                                      \
    WIRE_LAYOUT_FIELDS(layout, struct bgp_##layout, BGP_FIELDS_##layout, FIELD)

BGP_LAYOUTS(LAYOUT_FIELDS)
BGP_OWN_LAYOUTS(LAYOUT_FIELDS)

#define LAYOUT_ROW(layout)                                                                         \
    const struct wire_layout bgp_layout_##layout = {                                               \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct bgp_##layout),                                                  \
        .decode = decode_##layout,                                                                 \
        .encode = encode_##layout,                                                                 \
        .fields = fields_##layout,                                                                 \
    };
#define OWN_LAYOUT_ROW(layout)                                                                     \
    const struct wire_layout bgp_layout_##layout = {                                               \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct bgp_##layout),                                                  \
        .decode = bgp_decode_##layout,                                                             \
        .encode = bgp_encode_##layout,                                                             \
        .fields = fields_##layout,                                                                 \
    };

BGP_LAYOUTS(LAYOUT_ROW)
BGP_OWN_LAYOUTS(OWN_LAYOUT_ROW)

const struct wire_layout bgp_layout_srv6_lan_end_x_ospf = {
    .name = "srv6_lan_end_x_ospf",
    .body_size = sizeof(struct bgp_srv6_lan_end_x),
    .decode = bgp_decode_srv6_lan_end_x_ospf,
    .encode = bgp_encode_srv6_lan_end_x,
    .fields = fields_srv6_lan_end_x,
};

/* A first walk counts the bodies, so that the array is taken once. Every element takes octets: each
 * walk ends. */
static bool layout_count(struct wire_reader reader, const struct wire_layout *element,
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
    if (!layout_count(*reader, element, &count, decoding))
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
