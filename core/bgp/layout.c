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
