/* Layout: how the fields of a body lie on the wire, for any protocol.
 *
 * A regular body is a list of fields in wire order, FIELDS(X), each X(KIND, member, NAMES). From it
 * come the struct (members.h), the straight-line decoder and encoder (layout_code.h), and the table
 * that printers and JSON go by (value.h, show.h). Reserved fields are members like the others, so
 * that what was received is sent on unchanged. What is not regular has a decoder and encoder
 * written by hand. A decoder sees only its own octets; it reads what it knows and leaves the
 * rest.
 *
 * KIND: U8 U16 U24 U32 U64 F32     numbers
 *       IPV4 IPV6                  struct ip
 *       HI3 LO5, HI1 LO7, HI7 LO1      two members that share an octet
 *       HI4W LO12W, HI20 LO12          two members that share 2 octets, 4 octets
 *       U8S U16S U32S U64S         all that is left, as numbers; the struct has `count` beside it
 *       IPV4S IPV6S                the same, as addresses
 *       OCTETS TEXT                all that is left, as struct wire_span
 *       IP PAD24 HI4 LIST          in lists of hand-written layouts only: an address of either
 *                                  family that may be absent; padding that is kept; 4 bits; bodies
 *                                  of one layout, one after the other (struct wire_list)
 *       another name               a kind of the protocol's own, an array with `count` beside it:
 *                                  it defines WIRE_MEMBER_<KIND>, and WIRE_FIELD_<KIND> as
 *                                  WIRE_FIELD_OWN
 * NAMES: a table (names.h), which says how the value is shown; of a LIST it has the layout.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_LAYOUT_H
#define PCED_CORE_WIRE_LAYOUT_H

#include "core/base/arena.h"
#include "core/base/wire.h"
#include "core/wire/names.h"

enum wire_field_kind {
    WIRE_FIELD_U8,
    WIRE_FIELD_U16,
    WIRE_FIELD_U24,
    WIRE_FIELD_U32,
    WIRE_FIELD_U64,
    WIRE_FIELD_F32,
    WIRE_FIELD_IPV4,
    WIRE_FIELD_IPV6,
    WIRE_FIELD_IP,
    WIRE_FIELD_HI3,
    WIRE_FIELD_LO5,
    WIRE_FIELD_HI1,
    WIRE_FIELD_LO7,
    WIRE_FIELD_HI7,
    WIRE_FIELD_LO1,
    WIRE_FIELD_HI4,
    WIRE_FIELD_HI4W,
    WIRE_FIELD_LO12W,
    WIRE_FIELD_HI20,
    WIRE_FIELD_LO12,
    WIRE_FIELD_PAD24,
    WIRE_FIELD_U8S,
    WIRE_FIELD_U16S,
    WIRE_FIELD_U32S,
    WIRE_FIELD_U64S,
    WIRE_FIELD_IPV4S,
    WIRE_FIELD_IPV6S,
    WIRE_FIELD_OWN,
    WIRE_FIELD_LIST,
    WIRE_FIELD_OCTETS,
    WIRE_FIELD_TEXT,
};

struct wire_field {
    const char *name;
    uint8_t kind;    /* enum wire_field_kind */
    uint16_t offset; /* of the member in the struct */
    const struct wire_names *names;
};

struct wire_field_table {
    const struct wire_field *fields;
    uint32_t count;
};

/* What a decoder needs beside its octets, and where it says what was wrong with them. */
struct wire_decoding {
    struct arena *arena;
    uint8_t kind;   /* of what carries the body, as the protocol counts them */
    bool is_full;   /* the arena refused */
    uint16_t error; /* the protocol's, of a decoder that returns false; 0: too short */
    const char *reason;
};

/* false: the octets are not such a body (the reader has failed, or error and reason are set),
 * or the arena is full. */
typedef bool wire_decode_fn(struct wire_reader *reader, void *body, struct wire_decoding *decoding);
typedef void wire_encode_fn(struct wire_writer *writer, const void *body);

struct wire_layout {
    const char *name;
    uint32_t body_size; /* of the struct; 0: no fields, and no body */
    wire_decode_fn *decode;
    wire_encode_fn *encode;
    struct wire_field_table (*fields)(void);
};

/* That of no fields: nothing is read or written, and the reader stays where it is. */
extern const struct wire_layout wire_layout_empty;

/* For a decoder that finds its octets wrong: sets what is said about them; gives false. */
bool wire_decoding_refuse(struct wire_decoding *decoding, uint16_t error, const char *reason);

#endif
