/* Registry: PCEP's messages, objects, TLVs and subobjects as rows of tables.
 *
 * The rows stand in message.def, class.def, object.def, tlv.def and subobject.def, one line each;
 * from them come the enums here, the tables, what is printed, and what must have a golden pair. A
 * row names the layout of its body (fields.h); the struct of the layout is in model.h.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_PCEP_REGISTRY_H
#define PCED_CORE_PCEP_REGISTRY_H

#include "core/base/check.h"

#include <stdbool.h>
#include <stdint.h>

enum pcep_message_type {
#define PCEP_MESSAGE(id, type, name, reference) PCEP_MESSAGE_##id = (type),
#include "core/pcep/message.def"
#undef PCEP_MESSAGE
    PCEP_MESSAGE_TYPE_END /* one past the last type that has a row */
};

enum pcep_class {
#define PCEP_CLASS(id, class_) PCEP_CLASS_##id = (class_),
#include "core/pcep/class.def"
#undef PCEP_CLASS
};

enum pcep_object_id {
#define PCEP_OBJECT(id, class_, type, layout, tail, name, reference) PCEP_OBJECT_##id,
#include "core/pcep/object.def"
#undef PCEP_OBJECT
    PCEP_OBJECT_COUNT
};

enum pcep_tlv_id {
#define PCEP_TLV(id, type, layout, space, subs, name, reference) PCEP_TLV_##id,
#define PCEP_TLV_ALSO(id, type, space)
#include "core/pcep/tlv.def"
#undef PCEP_TLV
#undef PCEP_TLV_ALSO
    PCEP_TLV_COUNT
};

enum pcep_subobject_id {
#define PCEP_SUBOBJECT(id, type, layout, kinds, name, reference) PCEP_SUBOBJECT_##id,
#include "core/pcep/subobject.def"
#undef PCEP_SUBOBJECT
    PCEP_SUBOBJECT_COUNT
};

/* What follows the fixed fields of an object. */
enum pcep_tail {
    PCEP_TAIL_ERO, /* subobjects: the kinds of objects that carry them */
    PCEP_TAIL_RRO,
    PCEP_TAIL_IRO,
    PCEP_TAIL_XRO,
    PCEP_TAIL_PATH_KEY,
    PCEP_TAIL_KINDS, /* how many kinds of subobject carriers there are */
    PCEP_TAIL_NONE = PCEP_TAIL_KINDS,
    PCEP_TAIL_TLVS,
};

/* Where a TLV type has a meaning. */
enum pcep_tlv_space {
    PCEP_TLV_SPACE_OBJECT,
    PCEP_TLV_SPACE_PST_CAPABILITY, /* sub-TLVs of PATH-SETUP-TYPE-CAPABILITY */
    PCEP_TLV_SPACE_AUTO_BANDWIDTH, /* of AUTO-BANDWIDTH-ATTRIBUTES */
    PCEP_TLV_SPACE_FLOW_FILTER,    /* of FLOW-FILTER */
    PCEP_TLV_SPACE_COUNT,
    PCEP_TLV_SPACE_NONE = PCEP_TLV_SPACE_COUNT,
};

struct wire_layout;

struct pcep_message_row {
    uint8_t type; /* enum pcep_message_type */
    const char *name;
    const char *reference;
};

struct pcep_object_row {
    enum pcep_object_id id;
    uint8_t class_;
    uint8_t type;
    enum pcep_tail tail;
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

struct pcep_tlv_row {
    enum pcep_tlv_id id;
    uint16_t type;
    enum pcep_tlv_space space;
    enum pcep_tlv_space subs;
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

struct pcep_subobject_row {
    enum pcep_subobject_id id;
    uint8_t type;
    uint8_t kinds; /* a bit for each enum pcep_tail */
    const struct wire_layout *layout;
    const char *name;
    const char *reference;
};

/* The rows, in the order of the enums. */
extern const struct pcep_object_row pcep_object_rows[PCEP_OBJECT_COUNT];
extern const struct pcep_tlv_row pcep_tlv_rows[PCEP_TLV_COUNT];
extern const struct pcep_subobject_row pcep_subobject_rows[PCEP_SUBOBJECT_COUNT];

/* By id: always a row. */
static inline const struct pcep_object_row *pcep_object_get(enum pcep_object_id id)
{
    CHECK(id < PCEP_OBJECT_COUNT);
    return &pcep_object_rows[id];
}

static inline const struct pcep_tlv_row *pcep_tlv_get(enum pcep_tlv_id id)
{
    CHECK(id < PCEP_TLV_COUNT);
    return &pcep_tlv_rows[id];
}

static inline const struct pcep_subobject_row *pcep_subobject_get(enum pcep_subobject_id id)
{
    CHECK(id < PCEP_SUBOBJECT_COUNT);
    return &pcep_subobject_rows[id];
}

/* By code point; NULL when there is no row. */
const struct pcep_message_row *pcep_message_find(unsigned type);
const struct pcep_object_row *pcep_object_find(unsigned class_, unsigned type);
const struct pcep_tlv_row *pcep_tlv_find(enum pcep_tlv_space space, unsigned type);
const struct pcep_subobject_row *pcep_subobject_find(enum pcep_tail kind, unsigned type);

/* Whether any row has this object class: tells PCErr 3/1 from 3/2. */
bool pcep_object_class_is_known(unsigned class_);

/* Texts for people and logs; never NULL ("unknown" where there is no row). */
const char *pcep_message_name(unsigned type);
const char *pcep_object_name(unsigned class_, unsigned type);
const char *pcep_close_reason_text(unsigned reason);
const char *pcep_notification_text(unsigned type, unsigned value);

#endif
