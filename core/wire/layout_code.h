/* Code of layouts: the decoder, the encoder and the table of a body, from its list of fields
 * (layout.h). For the files that make the layouts of a protocol.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_LAYOUT_CODE_H
#define PCED_CORE_WIRE_LAYOUT_CODE_H

#include "core/wire/field.h"
#include "core/wire/layout.h"

#include <stddef.h>

/* Octets of the fixed part: what is taken or reserved as a whole. The second member of a unit that
 * is split into bits counts for both; lists, octets and text follow the fixed part. */
#define WIRE_SIZE_U8   +1
#define WIRE_SIZE_U16  +2
#define WIRE_SIZE_U24  +3
#define WIRE_SIZE_U32  +4
#define WIRE_SIZE_U64  +8
#define WIRE_SIZE_F32  +4
#define WIRE_SIZE_IPV4 +4
#define WIRE_SIZE_IPV6 +16
#define WIRE_SIZE_HI3
#define WIRE_SIZE_LO5 +1
#define WIRE_SIZE_HI1
#define WIRE_SIZE_LO7 +1
#define WIRE_SIZE_HI7
#define WIRE_SIZE_LO1 +1
#define WIRE_SIZE_HI4W
#define WIRE_SIZE_LO12W +2
#define WIRE_SIZE_HI20
#define WIRE_SIZE_LO12 +4
#define WIRE_SIZE_U8S
#define WIRE_SIZE_U16S
#define WIRE_SIZE_U32S
#define WIRE_SIZE_U64S
#define WIRE_SIZE_IPV4S
#define WIRE_SIZE_IPV6S
#define WIRE_SIZE_OCTETS
#define WIRE_SIZE_TEXT
#define WIRE_SIZE(kind, member, names) WIRE_SIZE_##kind

/* Reading: b is the body, p the next octet of the fixed part, r the reader behind it. */
#define WIRE_READ_STEP(m, load, size)                                                              \
    b->m = load(p);                                                                                \
    p += (size);
#define WIRE_READ_U8(m)   b->m = *p++;
#define WIRE_READ_U16(m)  WIRE_READ_STEP(m, field_load_u16, 2)
#define WIRE_READ_U24(m)  WIRE_READ_STEP(m, field_load_u24, 3)
#define WIRE_READ_U32(m)  WIRE_READ_STEP(m, field_load_u32, 4)
#define WIRE_READ_U64(m)  WIRE_READ_STEP(m, field_load_u64, 8)
#define WIRE_READ_F32(m)  WIRE_READ_STEP(m, field_load_f32, 4)
#define WIRE_READ_IPV4(m) WIRE_READ_STEP(m, field_load_ipv4, 4)
#define WIRE_READ_IPV6(m) WIRE_READ_STEP(m, field_load_ipv6, 16)
#define WIRE_READ_HI3(m)                                                                           \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 5);
#define WIRE_READ_LO5(m) b->m = split & 0x1F;
#define WIRE_READ_HI1(m)                                                                           \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 7);
#define WIRE_READ_LO7(m) b->m = split & 0x7F;
#define WIRE_READ_HI7(m)                                                                           \
    split = *p++;                                                                                  \
    b->m = (uint8_t)(split >> 1);
#define WIRE_READ_LO1(m) b->m = split & 1;
#define WIRE_READ_HI4W(m)                                                                          \
    split = field_load_u16(p);                                                                     \
    p += 2;                                                                                        \
    b->m = (uint8_t)(split >> 12);
#define WIRE_READ_LO12W(m) b->m = split & 0xFFF;
#define WIRE_READ_HI20(m)                                                                          \
    split = field_load_u32(p);                                                                     \
    p += 4;                                                                                        \
    b->m = split >> 12;
#define WIRE_READ_LO12(m)              b->m = split & 0xFFF;
#define WIRE_READ_U8S(m)               b->m = field_u8s(r, &b->count);
#define WIRE_READ_U16S(m)              b->m = field_u16s(r, decoding->arena, &b->count);
#define WIRE_READ_U32S(m)              b->m = field_u32s(r, decoding->arena, &b->count);
#define WIRE_READ_U64S(m)              b->m = field_u64s(r, decoding->arena, &b->count);
#define WIRE_READ_IPV4S(m)             b->m = field_ips(r, decoding->arena, IP_V4, &b->count);
#define WIRE_READ_IPV6S(m)             b->m = field_ips(r, decoding->arena, IP_V6, &b->count);
#define WIRE_READ_OCTETS(m)            b->m = wire_rest(r);
#define WIRE_READ_TEXT(m)              b->m = wire_rest(r);
#define WIRE_READ(kind, member, names) WIRE_READ_##kind(member)

/* Whether an array found room. */
#define WIRE_ROOM_U8(m)
#define WIRE_ROOM_U16(m)
#define WIRE_ROOM_U24(m)
#define WIRE_ROOM_U32(m)
#define WIRE_ROOM_U64(m)
#define WIRE_ROOM_F32(m)
#define WIRE_ROOM_IPV4(m)
#define WIRE_ROOM_IPV6(m)
#define WIRE_ROOM_HI3(m)
#define WIRE_ROOM_LO5(m)
#define WIRE_ROOM_HI1(m)
#define WIRE_ROOM_LO7(m)
#define WIRE_ROOM_HI7(m)
#define WIRE_ROOM_LO1(m)
#define WIRE_ROOM_HI4W(m)
#define WIRE_ROOM_LO12W(m)
#define WIRE_ROOM_HI20(m)
#define WIRE_ROOM_LO12(m)
#define WIRE_ROOM_U8S(m)
#define WIRE_ROOM_U16S(m)  decoding->is_full |= b->m == NULL;
#define WIRE_ROOM_U32S(m)  decoding->is_full |= b->m == NULL;
#define WIRE_ROOM_U64S(m)  decoding->is_full |= b->m == NULL;
#define WIRE_ROOM_IPV4S(m) decoding->is_full |= b->m == NULL;
#define WIRE_ROOM_IPV6S(m) decoding->is_full |= b->m == NULL;
#define WIRE_ROOM_OCTETS(m)
#define WIRE_ROOM_TEXT(m)
#define WIRE_ROOM(kind, member, names) WIRE_ROOM_##kind(member)

/* Writing: p is the next octet of the fixed part, w the writer behind it. */
#define WIRE_WRITE_STEP(m, store, size)                                                            \
    store(p, b->m);                                                                                \
    p += (size);
#define WIRE_WRITE_U8(m)  *p++ = b->m;
#define WIRE_WRITE_U16(m) WIRE_WRITE_STEP(m, field_store_u16, 2)
#define WIRE_WRITE_U24(m) WIRE_WRITE_STEP(m, field_store_u24, 3)
#define WIRE_WRITE_U32(m) WIRE_WRITE_STEP(m, field_store_u32, 4)
#define WIRE_WRITE_U64(m) WIRE_WRITE_STEP(m, field_store_u64, 8)
#define WIRE_WRITE_F32(m) WIRE_WRITE_STEP(m, field_store_f32, 4)
#define WIRE_WRITE_IPV4(m)                                                                         \
    memcpy(p, b->m.octets, 4);                                                                     \
    p += 4;
#define WIRE_WRITE_IPV6(m)                                                                         \
    memcpy(p, b->m.octets, 16);                                                                    \
    p += 16;
#define WIRE_WRITE_HI3(m)  split = (uint32_t)b->m << 5;
#define WIRE_WRITE_LO5(m)  *p++ = (uint8_t)(split | (b->m & 0x1F));
#define WIRE_WRITE_HI1(m)  split = (uint32_t)b->m << 7;
#define WIRE_WRITE_LO7(m)  *p++ = (uint8_t)(split | (b->m & 0x7F));
#define WIRE_WRITE_HI7(m)  split = (uint32_t)b->m << 1;
#define WIRE_WRITE_LO1(m)  *p++ = (uint8_t)(split | (b->m & 1));
#define WIRE_WRITE_HI4W(m) split = (uint32_t)b->m << 12;
#define WIRE_WRITE_LO12W(m)                                                                        \
    field_store_u16(p, split | (b->m & 0xFFF));                                                    \
    p += 2;
#define WIRE_WRITE_HI20(m) split = b->m << 12;
#define WIRE_WRITE_LO12(m)                                                                         \
    field_store_u32(p, split | (b->m & 0xFFF));                                                    \
    p += 4;
#define WIRE_WRITE_U8S(m)               wire_put_octets(w, b->m, b->count);
#define WIRE_WRITE_U16S(m)              field_put_u16s(w, b->m, b->count);
#define WIRE_WRITE_U32S(m)              field_put_u32s(w, b->m, b->count);
#define WIRE_WRITE_U64S(m)              field_put_u64s(w, b->m, b->count);
#define WIRE_WRITE_IPV4S(m)             field_put_ips(w, b->m, b->count, 4);
#define WIRE_WRITE_IPV6S(m)             field_put_ips(w, b->m, b->count, 16);
#define WIRE_WRITE_OCTETS(m)            wire_put_octets(w, b->m.octets, b->m.size);
#define WIRE_WRITE_TEXT(m)              wire_put_octets(w, b->m.octets, b->m.size);
#define WIRE_WRITE(kind, member, names) WIRE_WRITE_##kind(member)

/* decode_<name> and encode_<name>, of the list FIELDS and its struct: one check of the room for the
 * whole fixed part; the rest is a straight line. */
#define WIRE_LAYOUT_CODE(name, structure, FIELDS)                                                  \
    enum { fixed_size_##name = 0 FIELDS(WIRE_SIZE) };                                              \
    static bool decode_##name(struct wire_reader *r, void *body, struct wire_decoding *decoding)   \
    {                                                                                              \
        structure *b = body;                                                                       \
        const uint8_t *p = wire_take(r, fixed_size_##name);                                        \
        uint32_t split = 0;                                                                        \
        if (p == NULL)                                                                             \
            return false;                                                                          \
        FIELDS(WIRE_READ);                                                                         \
        FIELDS(WIRE_ROOM);                                                                         \
        (void)p;                                                                                   \
        (void)split;                                                                               \
        return !decoding->is_full;                                                                 \
    }                                                                                              \
    static void encode_##name(struct wire_writer *w, const void *body)                             \
    {                                                                                              \
        const structure *b = body;                                                                 \
        uint8_t *p = wire_reserve(w, fixed_size_##name);                                           \
        uint32_t split = 0;                                                                        \
        if (p == NULL)                                                                             \
            return;                                                                                \
        FIELDS(WIRE_WRITE);                                                                        \
        (void)p;                                                                                   \
        (void)split;                                                                               \
    }

/* One row of a table of fields; names: the table of its NAMES. */
#define WIRE_FIELD_ROW(kind_, member, names_)                                                      \
    {                                                                                              \
        .name = #member,                                                                           \
        .kind = WIRE_FIELD_##kind_,                                                                \
        .offset = offsetof(body_type, member),                                                     \
        .names = (names_),                                                                         \
    },

/* fields_<name>: the table, in a function, so that body_type can be another struct in each. ROW is
 * the protocol's: a WIRE_FIELD_ROW with the table of names. */
#define WIRE_LAYOUT_FIELDS(name, structure, FIELDS, ROW)                                           \
    static struct wire_field_table fields_##name(void)                                             \
    {                                                                                              \
        typedef structure body_type;                                                               \
        static const struct wire_field fields[] = {FIELDS(ROW)};                                   \
        return (struct wire_field_table){fields, sizeof fields / sizeof fields[0]};                \
    }

#endif
