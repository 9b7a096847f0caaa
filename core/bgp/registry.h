/* Registry: BGP's messages, capabilities, path attributes, NLRI types, TLVs and errors as rows of
 * tables.
 *
 * The rows stand in message.def, capability.def, attribute.def, nlri.def, tlv.def and error.def, one
 * line each; from them come the enums here, the tables, what is printed, and what must have a
 * golden pair. A row names the layout of its body (fields.h); model.h has the layout's struct.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_BGP_REGISTRY_H
#define PCED_CORE_BGP_REGISTRY_H

#include "core/base/check.h"

#include <stdbool.h>
#include <stdint.h>

enum bgp_message_type {
#define BGP_MESSAGE(id, type, size_min, name, reference) BGP_MESSAGE_##id = (type),
#include "core/bgp/message.def"
#undef BGP_MESSAGE
    BGP_MESSAGE_TYPE_END /* one past the last type that has a row */
};

enum bgp_capability_id {
#define BGP_CAPABILITY(id, code, layout, name, reference) BGP_CAPABILITY_##id,
#include "core/bgp/capability.def"
#undef BGP_CAPABILITY
    BGP_CAPABILITY_COUNT
};

enum bgp_attribute_id {
#define BGP_ATTRIBUTE(id, type, layout, category, on_error, tail, name, reference)                 \
    BGP_ATTRIBUTE_##id,
#include "core/bgp/attribute.def"
#undef BGP_ATTRIBUTE
    BGP_ATTRIBUTE_COUNT
};

enum bgp_nlri_type {
#define BGP_NLRI(id, type, name, reference) BGP_NLRI_##id = (type),
#include "core/bgp/nlri.def"
#undef BGP_NLRI
    BGP_NLRI_TYPE_END
};

enum bgp_tlv_id {
#define BGP_TLV(id, type, layout, subs, place, name, reference) BGP_TLV_##id,
#include "core/bgp/tlv.def"
#undef BGP_TLV
    BGP_TLV_COUNT
};

/* A code and its subcode, as one number. */
enum bgp_error_code {
#define BGP_ERROR_CODE(id, code, text)
#define BGP_ERROR(id, code, subcode, text, reference) BGP_ERROR_##id = (code) << 8 | (subcode),
#include "core/bgp/error.def"
#undef BGP_ERROR_CODE
#undef BGP_ERROR
};

/* Attribute Flags (RFC 4271 4.3). */
#define BGP_ATTRIBUTE_OPTIONAL   0x80
#define BGP_ATTRIBUTE_TRANSITIVE 0x40
#define BGP_ATTRIBUTE_PARTIAL    0x20
#define BGP_ATTRIBUTE_EXTENDED   0x10

/* The Optional and Transitive bits of an attribute. */
enum bgp_category {
    BGP_CATEGORY_WELL_KNOWN = BGP_ATTRIBUTE_TRANSITIVE,
    BGP_CATEGORY_OPTIONAL = BGP_ATTRIBUTE_OPTIONAL, /* and not transitive */
    BGP_CATEGORY_TRANSITIVE = BGP_ATTRIBUTE_OPTIONAL | BGP_ATTRIBUTE_TRANSITIVE,
};

/* What a mistake asks for (RFC 7606 2, RFC 9552 8.2.2), the stronger the higher. */
enum bgp_action {
    BGP_ACTION_NONE = 0,
    BGP_ACTION_DISCARD,  /* the attribute, or one NLRI, counts as absent */
    BGP_ACTION_WITHDRAW, /* what the UPDATE announces counts as withdrawn */
    BGP_ACTION_RESET,    /* the session ends with a NOTIFICATION */
};

enum bgp_tail {
    BGP_TAIL_NONE,
    BGP_TAIL_NLRIS,
    BGP_TAIL_TLVS,
};

/* Where its document puts a TLV. */
enum bgp_place {
    BGP_PLACE_DESCRIPTOR,
    BGP_PLACE_NODE,
    BGP_PLACE_LINK,
    BGP_PLACE_PREFIX,
    BGP_PLACE_SID,
    BGP_PLACE_POLICY,
    BGP_PLACE_INNER,
    BGP_PLACE_COUNT,
};

struct wire_layout;

struct bgp_message_row {
    uint8_t type; /* enum bgp_message_type */
    uint8_t size_min;
    const char *name;
    const char *reference;
};

struct bgp_capability_row {
    enum bgp_capability_id id;
    uint8_t code;
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

struct bgp_attribute_row {
    enum bgp_attribute_id id;
    uint8_t type;
    enum bgp_category category;
    enum bgp_action on_error;
    enum bgp_tail tail;
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

struct bgp_nlri_row {
    uint16_t type; /* enum bgp_nlri_type */
    const char *name;
    const char *reference;
};

struct bgp_tlv_row {
    enum bgp_tlv_id id;
    uint16_t type;
    bool has_subs;
    enum bgp_place place;
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

/* The rows, in the order of the enums. */
extern const struct bgp_capability_row bgp_capability_rows[BGP_CAPABILITY_COUNT];
extern const struct bgp_attribute_row bgp_attribute_rows[BGP_ATTRIBUTE_COUNT];
extern const struct bgp_tlv_row bgp_tlv_rows[BGP_TLV_COUNT];

/* By id: always a row. */
static inline const struct bgp_capability_row *bgp_capability_get(enum bgp_capability_id id)
{
    CHECK(id < BGP_CAPABILITY_COUNT);
    return &bgp_capability_rows[id];
}

static inline const struct bgp_attribute_row *bgp_attribute_get(enum bgp_attribute_id id)
{
    CHECK(id < BGP_ATTRIBUTE_COUNT);
    return &bgp_attribute_rows[id];
}

static inline const struct bgp_tlv_row *bgp_tlv_get(enum bgp_tlv_id id)
{
    CHECK(id < BGP_TLV_COUNT);
    return &bgp_tlv_rows[id];
}

/* By code point; NULL when there is no row. */
const struct bgp_message_row *bgp_message_find(unsigned type);
const struct bgp_capability_row *bgp_capability_find(unsigned code);
const struct bgp_attribute_row *bgp_attribute_find(unsigned type);
const struct bgp_nlri_row *bgp_nlri_find(unsigned type);
const struct bgp_tlv_row *bgp_tlv_find(unsigned type);

/* Texts for people and logs; never NULL ("unknown" where there is no row). */
const char *bgp_message_name(unsigned type);
const char *bgp_error_code_text(unsigned code);
/* Of the subcode alone; "" when the code has none with that number. */
const char *bgp_error_text(unsigned code, unsigned subcode);
const char *bgp_action_text(enum bgp_action action);

#endif
