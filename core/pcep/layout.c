#include "core/pcep/layout.h"

#include "core/pcep/model.h"
#include "core/wire/layout_code.h"

#define LAYOUT_CODE(layout, structure)                                                             \
    WIRE_LAYOUT_CODE(layout, struct pcep_##structure, PCEP_FIELDS_##layout)

PCEP_LAYOUTS(LAYOUT_CODE)

#define FIELD(kind, member, names) WIRE_FIELD_ROW(kind, member, &pcep_names_##names)
#define LAYOUT_FIELDS(layout, structure)                                                           \
    WIRE_LAYOUT_FIELDS(layout, struct pcep_##structure, PCEP_FIELDS_##layout, FIELD)

PCEP_LAYOUTS(LAYOUT_FIELDS)
PCEP_OWN_LAYOUTS(LAYOUT_FIELDS)

#define LAYOUT_ROW(layout, structure)                                                              \
    const struct wire_layout pcep_layout_##layout = {                                              \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct pcep_##structure),                                              \
        .decode = decode_##layout,                                                                 \
        .encode = encode_##layout,                                                                 \
        .fields = fields_##layout,                                                                 \
    };
#define OWN_LAYOUT_ROW(layout, structure)                                                          \
    const struct wire_layout pcep_layout_##layout = {                                              \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct pcep_##structure),                                              \
        .decode = pcep_decode_##layout,                                                            \
        .encode = pcep_encode_##layout,                                                            \
        .fields = fields_##layout,                                                                 \
    };

PCEP_LAYOUTS(LAYOUT_ROW)
PCEP_OWN_LAYOUTS(OWN_LAYOUT_ROW)
