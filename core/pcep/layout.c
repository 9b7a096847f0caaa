#include "core/pcep/layout.h"

#include "core/pcep/field.h"
#include "core/pcep/model.h"

/* Reading: b is the body, r the reader. */
#define READ_U8(m)   b->m = wire_u8(r);
#define READ_U16(m)  b->m = wire_u16(r);
#define READ_U24(m)  b->m = field_u24(r);
#define READ_U32(m)  b->m = wire_u32(r);
#define READ_U64(m)  b->m = wire_u64(r);
#define READ_F32(m)  b->m = wire_f32(r);
#define READ_IPV4(m) b->m = field_ip(r, IP_V4);
#define READ_IPV6(m) b->m = field_ip(r, IP_V6);
#define READ_HI3(m)  b->m = field_peek_u8(r) >> 5;
#define READ_LO5(m)  b->m = wire_u8(r) & 0x1F;
#define READ_HI20(m)                                                                               \
    b->m = field_peek_u32(r) >> 12;                                                                \
    wire_skip(r, 2);
#define READ_LO12(m)              b->m = wire_u16(r) & 0xFFF;
#define READ_U16S(m)              b->m = field_u16s(r, decoding->arena, &b->count);
#define READ_U32S(m)              b->m = field_u32s(r, decoding->arena, &b->count);
#define READ_OCTETS(m)            b->m = wire_rest(r);
#define READ_TEXT(m)              b->m = wire_rest(r);
#define READ(kind, member, names) READ_##kind(member)

/* Whether an array found room. */
#define ROOM_U8(m)
#define ROOM_U16(m)
#define ROOM_U24(m)
#define ROOM_U32(m)
#define ROOM_U64(m)
#define ROOM_F32(m)
#define ROOM_IPV4(m)
#define ROOM_IPV6(m)
#define ROOM_HI3(m)
#define ROOM_LO5(m)
#define ROOM_HI20(m)
#define ROOM_LO12(m)
#define ROOM_U16S(m) decoding->is_full |= b->m == NULL;
#define ROOM_U32S(m) decoding->is_full |= b->m == NULL;
#define ROOM_OCTETS(m)
#define ROOM_TEXT(m)
#define ROOM(kind, member, names) ROOM_##kind(member)

/* Writing: w is the writer. */
#define WRITE_U8(m)                wire_put_u8(w, b->m);
#define WRITE_U16(m)               wire_put_u16(w, b->m);
#define WRITE_U24(m)               field_put_u24(w, b->m);
#define WRITE_U32(m)               wire_put_u32(w, b->m);
#define WRITE_U64(m)               wire_put_u64(w, b->m);
#define WRITE_F32(m)               wire_put_f32(w, b->m);
#define WRITE_IPV4(m)              field_put_ip(w, &b->m, 4);
#define WRITE_IPV6(m)              field_put_ip(w, &b->m, 16);
#define WRITE_HI3(m)               wire_put_u8(w, (uint8_t)(b->m << 5));
#define WRITE_LO5(m)               field_join_u8(w, b->m & 0x1F);
#define WRITE_HI20(m)              wire_put_u32(w, b->m << 12);
#define WRITE_LO12(m)              field_join_u16(w, b->m & 0xFFF);
#define WRITE_U16S(m)              field_put_u16s(w, b->m, b->count);
#define WRITE_U32S(m)              field_put_u32s(w, b->m, b->count);
#define WRITE_OCTETS(m)            wire_put_octets(w, b->m.octets, b->m.size);
#define WRITE_TEXT(m)              wire_put_octets(w, b->m.octets, b->m.size);
#define WRITE(kind, member, names) WRITE_##kind(member)

/* The cursor is copied for the time of one body: the compiler then keeps it in registers. */
#define LAYOUT_CODE(layout, structure)                                                             \
    static bool decode_##layout(struct wire_reader *reader, void *body,                            \
                                struct pcep_decoding *decoding)                                    \
    {                                                                                              \
        struct pcep_##structure *b = body;                                                         \
        struct wire_reader cursor = *reader;                                                       \
        struct wire_reader *r = &cursor;                                                           \
        PCEP_FIELDS_##layout(READ);                                                                \
        PCEP_FIELDS_##layout(ROOM);                                                                \
        *reader = cursor;                                                                          \
        return !cursor.failed && !decoding->is_full;                                               \
    }                                                                                              \
    static void encode_##layout(struct wire_writer *writer, const void *body)                      \
    {                                                                                              \
        const struct pcep_##structure *b = body;                                                   \
        struct wire_writer cursor = *writer;                                                       \
        struct wire_writer *w = &cursor;                                                           \
        PCEP_FIELDS_##layout(WRITE);                                                               \
        *writer = cursor;                                                                          \
    }

PCEP_LAYOUTS(LAYOUT_CODE)

/* Field tables: in functions, so that body_type can be another struct in each. */
#define FIELD(kind_, member, names_)                                                               \
    {                                                                                              \
        .name = #member,                                                                           \
        .kind = PCEP_FIELD_##kind_,                                                                \
        .offset = offsetof(body_type, member),                                                     \
        .names = &pcep_names_##names_,                                                             \
    },

#define LAYOUT_FIELDS(layout, structure)                                                           \
    static struct pcep_field_table fields_##layout(void)                                           \
    {                                                                                              \
        typedef struct pcep_##structure body_type;                                                 \
        static const struct pcep_field fields[] = {PCEP_FIELDS_##layout(FIELD)};                   \
        return (struct pcep_field_table){fields, sizeof fields / sizeof fields[0]};                \
    }

PCEP_LAYOUTS(LAYOUT_FIELDS)
PCEP_OWN_LAYOUTS(LAYOUT_FIELDS)

#define LAYOUT_ROW(layout, structure)                                                              \
    const struct pcep_layout pcep_layout_##layout = {                                              \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct pcep_##structure),                                              \
        .decode = decode_##layout,                                                                 \
        .encode = encode_##layout,                                                                 \
        .fields = fields_##layout,                                                                 \
    };
#define OWN_LAYOUT_ROW(layout, structure)                                                          \
    const struct pcep_layout pcep_layout_##layout = {                                              \
        .name = #layout,                                                                           \
        .body_size = sizeof(struct pcep_##structure),                                              \
        .decode = pcep_decode_##layout,                                                            \
        .encode = pcep_encode_##layout,                                                            \
        .fields = fields_##layout,                                                                 \
    };

PCEP_LAYOUTS(LAYOUT_ROW)
PCEP_OWN_LAYOUTS(OWN_LAYOUT_ROW)

static bool decode_empty(struct wire_reader *reader, void *body, struct pcep_decoding *decoding)
{
    (void)body;
    (void)decoding;
    return !reader->failed;
}

static void encode_empty(struct wire_writer *writer, const void *body)
{
    (void)writer;
    (void)body;
}

static struct pcep_field_table fields_empty(void)
{
    return (struct pcep_field_table){NULL, 0};
}

const struct pcep_layout pcep_layout_empty = {
    .name = "empty",
    .decode = decode_empty,
    .encode = encode_empty,
    .fields = fields_empty,
};

bool pcep_decoding_refuse(struct pcep_decoding *decoding, uint8_t error_type, uint8_t error_value,
                          const char *reason)
{
    decoding->error_type = error_type;
    decoding->error_value = error_value;
    decoding->reason = reason;
    return false;
}
