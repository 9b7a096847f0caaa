#include "core/bgp/registry.h"

#include "core/bgp/layout.h"

#include <stddef.h>

static const struct bgp_message_row messages[] = {
#define BGP_MESSAGE(id, type, size_min, name, reference)                                           \
    [type] = {(type), (size_min), name, reference},
#include "core/bgp/message.def"
#undef BGP_MESSAGE
};

const struct bgp_capability_row bgp_capability_rows[BGP_CAPABILITY_COUNT] = {
#define BGP_CAPABILITY(id, code, layout, name, reference)                                          \
    [BGP_CAPABILITY_##id] = {BGP_CAPABILITY_##id, (code), &bgp_layout_##layout, name, reference},
#include "core/bgp/capability.def"
#undef BGP_CAPABILITY
};

const struct bgp_attribute_row bgp_attribute_rows[BGP_ATTRIBUTE_COUNT] = {
#define BGP_ATTRIBUTE(id, type, layout, category, on_error, tail, name, reference)                 \
    [BGP_ATTRIBUTE_##id] = {BGP_ATTRIBUTE_##id,                                                    \
                            (type),                                                                \
                            BGP_CATEGORY_##category,                                               \
                            BGP_ACTION_##on_error,                                                 \
                            BGP_TAIL_##tail,                                                       \
                            &bgp_layout_##layout,                                                  \
                            name,                                                                  \
                            reference},
#include "core/bgp/attribute.def"
#undef BGP_ATTRIBUTE
};

static const struct bgp_nlri_row nlris[] = {
#define BGP_NLRI(id, type, name, reference) [type] = {(type), name, reference},
#include "core/bgp/nlri.def"
#undef BGP_NLRI
};

/* The word of tlv.def for what may follow the fixed fields. */
enum tlv_tail { TLV_PLAIN, TLV_SUBS };

const struct bgp_tlv_row bgp_tlv_rows[BGP_TLV_COUNT] = {
#define BGP_TLV(id, type, layout, subs, place, name, reference)                                    \
    [BGP_TLV_##id] = {                                                                             \
        BGP_TLV_##id, (type),   TLV_##subs == TLV_SUBS, BGP_PLACE_##place, &bgp_layout_##layout,   \
        name,         reference},
#include "core/bgp/tlv.def"
#undef BGP_TLV
};

const struct bgp_message_row *bgp_message_find(unsigned type)
{
    if (type >= BGP_MESSAGE_TYPE_END || messages[type].name == NULL)
        return NULL;
    return &messages[type];
}

/* One case for each row: the compiler makes the table, and refuses two rows for one code. */
const struct bgp_capability_row *bgp_capability_find(unsigned code)
{
    switch (code) {
#define BGP_CAPABILITY(id, code_, layout, name, reference)                                         \
    case code_:                                                                                    \
        return &bgp_capability_rows[BGP_CAPABILITY_##id];
#include "core/bgp/capability.def"
#undef BGP_CAPABILITY
    default:
        return NULL;
    }
}

const struct bgp_attribute_row *bgp_attribute_find(unsigned type)
{
    switch (type) {
#define BGP_ATTRIBUTE(id, type_, layout, category, on_error, tail, name, reference)                \
    case type_:                                                                                    \
        return &bgp_attribute_rows[BGP_ATTRIBUTE_##id];
#include "core/bgp/attribute.def"
#undef BGP_ATTRIBUTE
    default:
        return NULL;
    }
}

const struct bgp_nlri_row *bgp_nlri_find(unsigned type)
{
    if (type >= BGP_NLRI_TYPE_END || nlris[type].name == NULL)
        return NULL;
    return &nlris[type];
}

const struct bgp_tlv_row *bgp_tlv_find(unsigned type)
{
    switch (type) {
#define BGP_TLV(id, type_, layout, subs, place, name, reference)                                   \
    case type_:                                                                                    \
        return &bgp_tlv_rows[BGP_TLV_##id];
#include "core/bgp/tlv.def"
#undef BGP_TLV
    default:
        return NULL;
    }
}

const char *bgp_message_name(unsigned type)
{
    const struct bgp_message_row *row = bgp_message_find(type);
    return row == NULL ? "unknown" : row->name;
}

const char *bgp_error_code_text(unsigned code)
{
    switch (code) {
#define BGP_ERROR_CODE(id, code_, text)                                                            \
    case code_:                                                                                    \
        return text;
#define BGP_ERROR(id, code_, subcode, text, reference)
#include "core/bgp/error.def"
#undef BGP_ERROR_CODE
#undef BGP_ERROR
    default:
        return "unknown";
    }
}

const char *bgp_error_text(unsigned code, unsigned subcode)
{
    static const struct {
        enum bgp_error_code error;
        const char *text;
    } texts[] = {
#define BGP_ERROR_CODE(id, code_, text)
#define BGP_ERROR(id, code_, subcode_, text_, reference) {BGP_ERROR_##id, text_},
#include "core/bgp/error.def"
#undef BGP_ERROR_CODE
#undef BGP_ERROR
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if ((unsigned)texts[i].error == (code << 8 | subcode))
            return texts[i].text;
    }
    return "";
}

const char *bgp_action_text(enum bgp_action action)
{
    static const char *const texts[] = {
        [BGP_ACTION_NONE] = "none",
        [BGP_ACTION_DISCARD] = "discard",
        [BGP_ACTION_WITHDRAW] = "treat-as-withdraw",
        [BGP_ACTION_RESET] = "session reset",
    };
    return action <= BGP_ACTION_RESET ? texts[action] : "?";
}
