/* Field: reading and writing of single fields that wire.h has no call for.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_FIELD_H
#define PCED_CORE_WIRE_FIELD_H

#include "core/base/arena.h"
#include "core/base/ip.h"
#include "core/base/wire.h"

/* Fixed parts are taken or reserved as a whole and then read or written in a straight line: each of
 * these gives or fills the octets at p, which are known to be there. */
static inline uint16_t field_load_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t field_load_u24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t field_load_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t field_load_u64(const uint8_t *p)
{
    return (uint64_t)field_load_u32(p) << 32 | field_load_u32(p + 4);
}

static inline float field_load_f32(const uint8_t *p)
{
    uint32_t bits = field_load_u32(p);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline struct ip field_load_ipv4(const uint8_t *p)
{
    struct ip ip = {.family = IP_V4};
    memcpy(ip.octets, p, 4);
    return ip;
}

static inline struct ip field_load_ipv6(const uint8_t *p)
{
    struct ip ip = {.family = IP_V6};
    memcpy(ip.octets, p, 16);
    return ip;
}

static inline void field_store_u16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void field_store_u24(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 16);
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)value;
}

static inline void field_store_u32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

static inline void field_store_u64(uint8_t *p, uint64_t value)
{
    field_store_u32(p, (uint32_t)(value >> 32));
    field_store_u32(p + 4, (uint32_t)value);
}

static inline void field_store_f32(uint8_t *p, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    field_store_u32(p, bits);
}

static inline uint32_t field_u24(struct wire_reader *r)
{
    uint32_t high = wire_u8(r);
    return (high << 16) | wire_u16(r);
}

static inline struct ip field_ip(struct wire_reader *r, enum ip_family family)
{
    struct ip ip = {.family = (uint8_t)family};
    wire_copy(r, ip.octets, family == IP_V4 ? 4 : 16);
    return ip;
}

/* The number at the cursor, which stays where it is. */
static inline uint8_t field_peek_u8(const struct wire_reader *r)
{
    struct wire_reader peek = *r;
    return wire_u8(&peek);
}

static inline void field_put_u24(struct wire_writer *w, uint32_t value)
{
    uint8_t *p = wire_reserve(w, 3);
    if (p != NULL)
        field_store_u24(p, value);
}

static inline void field_put_ip(struct wire_writer *w, const struct ip *ip, size_t size)
{
    wire_put_octets(w, ip->octets, size);
}

/* All that is left as single octets, where they lie. */
static inline const uint8_t *field_u8s(struct wire_reader *r, uint32_t *count)
{
    struct wire_span rest = wire_rest(r);
    *count = (uint32_t)rest.size;
    return rest.octets;
}

/* All that is left as numbers, in the arena; an odd remainder stays unread. NULL: the arena is
 * full. */
static inline const uint16_t *field_u16s(struct wire_reader *r, struct arena *arena,
                                         uint32_t *count)
{
    *count = (uint32_t)(wire_left(r) / 2);
    uint16_t *values = arena_alloc(arena, *count * sizeof *values);
    for (uint32_t i = 0; values != NULL && i < *count; i++)
        values[i] = wire_u16(r);
    return values;
}

static inline const uint32_t *field_u32s(struct wire_reader *r, struct arena *arena,
                                         uint32_t *count)
{
    *count = (uint32_t)(wire_left(r) / 4);
    uint32_t *values = arena_alloc(arena, *count * sizeof *values);
    for (uint32_t i = 0; values != NULL && i < *count; i++)
        values[i] = wire_u32(r);
    return values;
}

static inline void field_put_u16s(struct wire_writer *w, const uint16_t *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        wire_put_u16(w, values[i]);
}

static inline void field_put_u32s(struct wire_writer *w, const uint32_t *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        wire_put_u32(w, values[i]);
}

static inline const uint64_t *field_u64s(struct wire_reader *r, struct arena *arena,
                                         uint32_t *count)
{
    *count = (uint32_t)(wire_left(r) / 8);
    uint64_t *values = arena_alloc(arena, *count * sizeof *values);
    for (uint32_t i = 0; values != NULL && i < *count; i++)
        values[i] = wire_u64(r);
    return values;
}

static inline void field_put_u64s(struct wire_writer *w, const uint64_t *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        wire_put_u64(w, values[i]);
}

/* All that is left as addresses of one family. */
static inline const struct ip *field_ips(struct wire_reader *r, struct arena *arena,
                                         enum ip_family family, uint32_t *count)
{
    *count = (uint32_t)(wire_left(r) / (family == IP_V4 ? 4 : 16));
    struct ip *ips = arena_alloc(arena, *count * sizeof *ips);
    for (uint32_t i = 0; ips != NULL && i < *count; i++)
        ips[i] = field_ip(r, family);
    return ips;
}

static inline void field_put_ips(struct wire_writer *w, const struct ip *ips, uint32_t count,
                                 size_t size)
{
    for (uint32_t i = 0; i < count; i++)
        field_put_ip(w, &ips[i], size);
}

#endif
