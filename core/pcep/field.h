/* Field: reading and writing of single fields that wire.h has no call for.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_FIELD_H
#define PCED_CORE_PCEP_FIELD_H

#include "core/base/arena.h"
#include "core/base/ip.h"
#include "core/base/wire.h"

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

static inline uint32_t field_peek_u32(const struct wire_reader *r)
{
    struct wire_reader peek = *r;
    return wire_u32(&peek);
}

static inline void field_put_u24(struct wire_writer *w, uint32_t value)
{
    wire_put_u8(w, (uint8_t)(value >> 16));
    wire_put_u16(w, (uint16_t)value);
}

static inline void field_put_ip(struct wire_writer *w, const struct ip *ip, size_t size)
{
    wire_put_octets(w, ip->octets, size);
}

/* The low part of a unit whose high part was just written: joined into its last octets. */
static inline void field_join_u8(struct wire_writer *w, uint8_t low)
{
    if (!w->failed)
        w->at[-1] = (uint8_t)(w->at[-1] | low);
}

static inline void field_join_u16(struct wire_writer *w, uint16_t low)
{
    if (w->failed)
        return;
    w->at[-2] = (uint8_t)(w->at[-2] | (low >> 8));
    w->at[-1] = (uint8_t)low;
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

#endif
