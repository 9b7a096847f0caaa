#include "core/pcep/layout.h"

#include "core/pcep/model.h"
#include "core/wire/field.h"

/* Octets of the fixed part: what is taken or reserved as a whole. The second member of a unit that
 * is split into bits counts for both; lists, octets and text follow the fixed part. */
#define SIZE_U8   +1
#define SIZE_U16  +2
#define SIZE_U24  +3
#define SIZE_U32  +4
#define SIZE_U64  +8
#define SIZE_F32  +4
#define SIZE_IPV4 +4
#define SIZE_IPV6 +16
#define SIZE_HI3
#define SIZE_LO5 +1
#define SIZE_HI1
#define SIZE_LO7 +1
#define SIZE_HI7
#define SIZE_LO1 +1
#define SIZE_HI4W
#define SIZE_LO12W +2
#define SIZE_HI20
#define SIZE_LO12 +4
#define SIZE_U16S
#define SIZE_U32S
#define SIZE_U64S
#define SIZE_IPV4S
#define SIZE_IPV6S
#define SIZE_OCTETS
#define SIZE_TEXT
#define SIZE(kind, member, names) SIZE_##kind

/* Reading: b is the body, p the next octet of the fixed part, r the reader behind it. */
#define READ_STEP(m, load, size)                                                                   \
    b->m = load(p);                                                                                \
    p += (size);
#define READ_U8(m)   b->m = *p++;
#define READ_U16(m)  READ_STEP(m, field_load_u16, 2)
#define READ_U24(m)  READ_STEP(m, field_load_u24, 3)
#define READ_U32(m)  READ_STEP(m, field_load_u32, 4)
#define READ_U64(m)  READ_STEP(m, field_load_u64, 8)
#define READ_F32(m)  READ_STEP(m, field_load_f32, 4)
#define READ_IPV4(m) READ_STEP(m, field_load_ipv4, 4)
#define READ_IPV6(m) READ_STEP(m, field_load_ipv6, 16)
#define READ_HI3(m)                                                                                \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 5);
#define READ_LO5(m) b->m = split & 0x1F;
#define READ_HI1(m)                                                                                \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 7);
#define READ_LO7(m) b->m = split & 0x7F;
#define READ_HI7(m)                                                                                \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 1);
#define READ_LO1(m) b->m = split & 1;
#define READ_HI4W(m)                                                                               \
    split = field_load_u16(p);                                                                     \
    p += 2;                                                                                        \
    b->m = (uint8_t)(split >> 12);
#define READ_LO12W(m) b->m = split & 0xFFF;
#define READ_HI20(m)                                                                               \
    split = field_load_u32(p);                                                                     \
    p += 4;                                                                                        \
    b->m = split >> 12;
#define READ_LO12(m)              b->m = split & 0xFFF;
#define READ_U16S(m)              b->m = field_u16s(r, decoding->arena, &b->count);
#define READ_U32S(m)              b->m = field_u32s(r, decoding->arena, &b->count);
#define READ_U64S(m)              b->m = field_u64s(r, decoding->arena, &b->count);
#define READ_IPV4S(m)             b->m = field_ips(r, decoding->arena, IP_V4, &b->count);
#define READ_IPV6S(m)             b->m = field_ips(r, decoding->arena, IP_V6, &b->count);
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
#define ROOM_HI1(m)
#define ROOM_LO7(m)
#define ROOM_HI7(m)
#define ROOM_LO1(m)
#define ROOM_HI4W(m)
#define ROOM_LO12W(m)
#define ROOM_HI20(m)
#define ROOM_LO12(m)
#define ROOM_U16S(m)  decoding->is_full |= b->m == NULL;
#define ROOM_U32S(m)  decoding->is_full |= b->m == NULL;
#define ROOM_U64S(m)  decoding->is_full |= b->m == NULL;
#define ROOM_IPV4S(m) decoding->is_full |= b->m == NULL;
#define ROOM_IPV6S(m) decoding->is_full |= b->m == NULL;
#define ROOM_OCTETS(m)
#define ROOM_TEXT(m)
#define ROOM(kind, member, names) ROOM_##kind(member)

/* Writing: p is the next octet of the fixed part, w the writer behind it. */
#define WRITE_STEP(m, store, size)                                                                 \
    store(p, b->m);                                                                                \
    p += (size);
#define WRITE_U8(m)  *p++ = b->m;
#define WRITE_U16(m) WRITE_STEP(m, field_store_u16, 2)
#define WRITE_U24(m) WRITE_STEP(m, field_store_u24, 3)
#define WRITE_U32(m) WRITE_STEP(m, field_store_u32, 4)
#define WRITE_U64(m) WRITE_STEP(m, field_store_u64, 8)
#define WRITE_F32(m) WRITE_STEP(m, field_store_f32, 4)
#define WRITE_IPV4(m)                                                                              \
    memcpy(p, b->m.octets, 4);                                                                     \
    p += 4;
#define WRITE_IPV6(m)                                                                              \
    memcpy(p, b->m.octets, 16);                                                                    \
    p += 16;
#define WRITE_HI3(m)  split = (uint32_t)b->m << 5;
#define WRITE_LO5(m)  *p++ = (uint8_t)(split | (b->m & 0x1F));
#define WRITE_HI1(m)  split = (uint32_t)b->m << 7;
#define WRITE_LO7(m)  *p++ = (uint8_t)(split | (b->m & 0x7F));
#define WRITE_HI7(m)  split = (uint32_t)b->m << 1;
#define WRITE_LO1(m)  *p++ = (uint8_t)(split | (b->m & 1));
#define WRITE_HI4W(m) split = (uint32_t)b->m << 12;
#define WRITE_LO12W(m)                                                                             \
    field_store_u16(p, split | (b->m & 0xFFF));                                                    \
    p += 2;
#define WRITE_HI20(m) split = b->m << 12;
#define WRITE_LO12(m)                                                                              \
    field_store_u32(p, split | (b->m & 0xFFF));                                                    \
    p += 4;
#define WRITE_U16S(m)              field_put_u16s(w, b->m, b->count);
#define WRITE_U32S(m)              field_put_u32s(w, b->m, b->count);
#define WRITE_U64S(m)              field_put_u64s(w, b->m, b->count);
#define WRITE_IPV4S(m)             field_put_ips(w, b->m, b->count, 4);
#define WRITE_IPV6S(m)             field_put_ips(w, b->m, b->count, 16);
#define WRITE_OCTETS(m)            wire_put_octets(w, b->m.octets, b->m.size);
#define WRITE_TEXT(m)              wire_put_octets(w, b->m.octets, b->m.size);
#define WRITE(kind, member, names) WRITE_##kind(member)

/* One check of the room for the whole fixed part; the rest is a straight line. */
#define LAYOUT_CODE(layout, structure)                                                             \
    enum { fixed_size_##layout = 0 PCEP_FIELDS_##layout(SIZE) };                                   \
    static bool decode_##layout(struct wire_reader *r, void *body, struct pcep_decoding *decoding) \
    {                                                                                              \
        struct pcep_##structure *b = body;                                                         \
        const uint8_t *p = wire_take(r, fixed_size_##layout);                                      \
        uint32_t split = 0;                                                                        \
        if (p == NULL)                                                                             \
            return false;                                                                          \
        PCEP_FIELDS_##layout(READ);                                                                \
        PCEP_FIELDS_##layout(ROOM);                                                                \
        (void)p;                                                                                   \
        (void)split;                                                                               \
        return !decoding->is_full;                                                                 \
    }                                                                                              \
    static void encode_##layout(struct wire_writer *w, const void *body)                           \
    {                                                                                              \
        const struct pcep_##structure *b = body;                                                   \
        uint8_t *p = wire_reserve(w, fixed_size_##layout);                                         \
        uint32_t split = 0;                                                                        \
        if (p == NULL)                                                                             \
            return;                                                                                \
        PCEP_FIELDS_##layout(WRITE);                                                               \
        (void)p;                                                                                   \
        (void)split;                                                                               \
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
