#include "core/pcep/registry.h"

#include "core/pcep/layout.h"
#include "core/pcep/names.h"

#include <stddef.h>

/* The words that subobject.def uses. */
#define IN_ERO      (1U << PCEP_TAIL_ERO)
#define IN_RRO      (1U << PCEP_TAIL_RRO)
#define IN_IRO      (1U << PCEP_TAIL_IRO)
#define IN_XRO      (1U << PCEP_TAIL_XRO)
#define IN_PATH_KEY (1U << PCEP_TAIL_PATH_KEY)

static const struct pcep_message_row messages[] = {
#define PCEP_MESSAGE(id, type, name, reference) [type] = {type, name, reference},
#include "core/pcep/message.def"
#undef PCEP_MESSAGE
};

const struct pcep_object_row pcep_object_rows[PCEP_OBJECT_COUNT] = {
#define PCEP_OBJECT(id, class_, type, layout, tail, name, reference)                               \
    [PCEP_OBJECT_##id] = {PCEP_OBJECT_##id, PCEP_CLASS_##class_,   type,                           \
                          PCEP_TAIL_##tail, &pcep_layout_##layout, name,                           \
                          reference},
#include "core/pcep/object.def"
#undef PCEP_OBJECT
};

const struct pcep_tlv_row pcep_tlv_rows[PCEP_TLV_COUNT] = {
#define PCEP_TLV(id, type, layout, space, subs, name, reference)                                   \
    [PCEP_TLV_##id] = {PCEP_TLV_##id,                                                              \
                       type,                                                                       \
                       PCEP_TLV_SPACE_##space,                                                     \
                       PCEP_TLV_SPACE_##subs,                                                      \
                       &pcep_layout_##layout,                                                      \
                       name,                                                                       \
                       reference},
#define PCEP_TLV_ALSO(id, type, space)
#include "core/pcep/tlv.def"
#undef PCEP_TLV
#undef PCEP_TLV_ALSO
};

const struct pcep_subobject_row pcep_subobject_rows[PCEP_SUBOBJECT_COUNT] = {
#define PCEP_SUBOBJECT(id, type, layout, kinds, name, reference)                                   \
    [PCEP_SUBOBJECT_##                                                                             \
        id] = {PCEP_SUBOBJECT_##id, type, kinds, &pcep_layout_##layout, name, reference},
#include "core/pcep/subobject.def"
#undef PCEP_SUBOBJECT
};

_Static_assert(PCEP_TAIL_KINDS <= 8, "kinds of carriers are the bits of an octet");
_Static_assert(PCEP_OBJECT_COUNT <= UINT8_MAX && PCEP_SUBOBJECT_COUNT <= UINT8_MAX,
               "an index holds an id plus one in an octet");

/* Finding by code point: an index of one octet for each place that a code can have; 0 is no row,
 * others are the id plus one. */
#define CLASS_COUNT 64
static const uint8_t object_index[CLASS_COUNT][16] = {
#define PCEP_OBJECT(id, class_, type, layout, tail, name, reference)                               \
    [PCEP_CLASS_##class_][type] = PCEP_OBJECT_##id + 1,
#include "core/pcep/object.def"
#undef PCEP_OBJECT
};

/* The same for each kind of carrier. A row that is not of a kind gets a place behind the types. */
#define SUBOBJECT_TYPES 128
#define SUBOBJECT_PLACE(id, type, kinds, kind)                                                     \
    [PCEP_TAIL_##                                                                                  \
        kind][((kinds)&IN_##kind) != 0 ? (type) : SUBOBJECT_TYPES + PCEP_SUBOBJECT_##id] =         \
        PCEP_SUBOBJECT_##id + 1
static const uint8_t subobject_index[PCEP_TAIL_KINDS]
                                    [(unsigned)SUBOBJECT_TYPES + PCEP_SUBOBJECT_COUNT] = {
#define PCEP_SUBOBJECT(id, type, layout, kinds, name, reference)                                   \
    SUBOBJECT_PLACE(id, type, kinds, ERO), SUBOBJECT_PLACE(id, type, kinds, RRO),                  \
        SUBOBJECT_PLACE(id, type, kinds, IRO), SUBOBJECT_PLACE(id, type, kinds, XRO),              \
        SUBOBJECT_PLACE(id, type, kinds, PATH_KEY),
#include "core/pcep/subobject.def"
#undef PCEP_SUBOBJECT
};

const struct pcep_message_row *pcep_message_find(unsigned type)
{
    if (type >= PCEP_MESSAGE_TYPE_END || messages[type].name == NULL)
        return NULL;
    return &messages[type];
}

const struct pcep_object_row *pcep_object_find(unsigned class_, unsigned type)
{
    if (class_ >= CLASS_COUNT || type >= 16 || object_index[class_][type] == 0)
        return NULL;
    return &pcep_object_rows[object_index[class_][type] - 1];
}

/* One case for each row and space: the compiler makes the table, and refuses two rows for one code.
 */
#define TLV_KEY(space, type) (((unsigned)(space) << 16) | (type))

const struct pcep_tlv_row *pcep_tlv_find(enum pcep_tlv_space space, unsigned type)
{
    switch (TLV_KEY(space, type)) {
#define PCEP_TLV(id, type_, layout, space_, subs, name, reference)                                 \
    case TLV_KEY(PCEP_TLV_SPACE_##space_, type_):                                                  \
        return &pcep_tlv_rows[PCEP_TLV_##id];
#define PCEP_TLV_ALSO(id, type_, space_)                                                           \
    case TLV_KEY(PCEP_TLV_SPACE_##space_, type_):                                                  \
        return &pcep_tlv_rows[PCEP_TLV_##id];
#include "core/pcep/tlv.def"
#undef PCEP_TLV
#undef PCEP_TLV_ALSO
    default:
        return NULL;
    }
}

const struct pcep_subobject_row *pcep_subobject_find(enum pcep_tail kind, unsigned type)
{
    if (kind >= PCEP_TAIL_KINDS || type >= SUBOBJECT_TYPES || subobject_index[kind][type] == 0)
        return NULL;
    return &pcep_subobject_rows[subobject_index[kind][type] - 1];
}

/* At most 16 looks, and only at objects that are errors already. */
bool pcep_object_class_is_known(unsigned class_)
{
    for (unsigned type = 0; type < 16; type++) {
        if (pcep_object_find(class_, type) != NULL)
            return true;
    }
    return false;
}

const char *pcep_message_name(unsigned type)
{
    const struct pcep_message_row *row = pcep_message_find(type);
    return row == NULL ? "unknown" : row->name;
}

const char *pcep_object_name(unsigned class_, unsigned type)
{
    const struct pcep_object_row *row = pcep_object_find(class_, type);
    return row == NULL ? "unknown" : row->name;
}

const char *pcep_close_reason_text(unsigned reason)
{
    const char *text = wire_names_find(&pcep_names_CLOSE_REASONS, reason);
    return text == NULL ? "unassigned reason" : text;
}

/* RFC 5440 7.14, RFC 8231 8.6, RFC 8733 6.8 */
const char *pcep_notification_text(unsigned type, unsigned value)
{
    static const char *const texts[6][3] = {
        [1] = {NULL, "the PCC cancels pending requests", "the PCE cancels pending requests"},
        [2] = {NULL, "the PCE is congested", "the PCE is no longer congested"},
        [4] = {NULL, "resource limit entered", "resource limit left (deprecated)"},
        [5] = {NULL, "auto-bandwidth overwhelmed", "auto-bandwidth no longer overwhelmed"},
    };
    if (type >= 6 || value >= 3 || texts[type][value] == NULL)
        return "unassigned notification";
    return texts[type][value];
}
