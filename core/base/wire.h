/* Wire reader and writer: the only code that indexes octets of a message.
 *
 * Both are sticky: after the first access outside their octets, the reader gives zeros and the
 * writer drops what it is given; `failed` is asked once, at the end, before anything is acted on.
 * All numbers are in network byte order. A child reader made by wire_sub cannot see past its size.
 *
 * Thread: any; one cursor belongs to one caller.
 * Owns: nothing; the octets belong to the caller and must outlive the cursor.
 * Bound: the size given at the start. */
#ifndef PCED_CORE_BASE_WIRE_H
#define PCED_CORE_BASE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A run of octets that somebody else owns. */
struct wire_span {
    const uint8_t *octets;
    size_t size;
};

struct wire_reader {
    const uint8_t *origin; /* where offsets count from: the start of the message */
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct wire_writer {
    uint8_t *start;
    uint8_t *at;
    uint8_t *end;
    bool failed;
};

/* octets may be NULL when size is 0. */
static inline struct wire_reader wire_reader_init(const void *octets, size_t size)
{
    /* Never a NULL cursor: a take of nothing is not a failed take, and NULL + 0 is not defined. */
    static const uint8_t nothing;
    if (octets == NULL)
        return (struct wire_reader){&nothing, &nothing, &nothing, size > 0};
    const uint8_t *p = octets;
    return (struct wire_reader){.origin = p, .at = p, .end = p + size, .failed = false};
}

/* Octets that are left to read. */
static inline size_t wire_left(const struct wire_reader *r)
{
    return (size_t)(r->end - r->at);
}

/* Octets from the origin to the cursor: the offset that a fault names. */
static inline uint32_t wire_offset(const struct wire_reader *r)
{
    return (uint32_t)(r->at - r->origin);
}

/* The next size octets, or NULL (and failed) when there are fewer. */
static inline const uint8_t *wire_take(struct wire_reader *r, size_t size)
{
    if (__builtin_expect(r->failed || wire_left(r) < size, 0)) {
        r->failed = true;
        r->at = r->end;
        return NULL;
    }
    const uint8_t *p = r->at;
    r->at += size;
    return p;
}

static inline uint8_t wire_u8(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 1);
    return p == NULL ? 0 : p[0];
}

static inline uint16_t wire_u16(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 2);
    if (p == NULL)
        return 0;
    return (uint16_t)((p[0] << 8) | p[1]);
}

static inline uint32_t wire_u32(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 4);
    if (p == NULL)
        return 0;
    return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8) | p[3];
}

static inline uint64_t wire_u64(struct wire_reader *r)
{
    uint64_t high = wire_u32(r);
    return (high << 32) | wire_u32(r);
}

/* IEEE 754 single precision, as BANDWIDTH and METRIC carry it (RFC 5440 7.7, 7.8). */
static inline float wire_f32(struct wire_reader *r)
{
    uint32_t bits = wire_u32(r);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Copies size octets out; fills with zeros when there are fewer. */
static inline void wire_copy(struct wire_reader *r, void *to, size_t size)
{
    const uint8_t *p = wire_take(r, size);
    if (p == NULL)
        memset(to, 0, size);
    else
        memcpy(to, p, size);
}

static inline struct wire_span wire_rest(struct wire_reader *r)
{
    struct wire_span span = {r->at, wire_left(r)};
    r->at = r->end;
    return span;
}

static inline void wire_skip(struct wire_reader *r, size_t size)
{
    (void)wire_take(r, size);
}

/* A child over the next size octets, which the parent steps over. When there are fewer, both fail.
 */
static inline struct wire_reader wire_sub(struct wire_reader *r, size_t size)
{
    const uint8_t *p = wire_take(r, size);
    if (p == NULL)
        return (struct wire_reader){r->origin, r->end, r->end, true};
    return (struct wire_reader){r->origin, p, p + size, false};
}

/* The same where the caller has compared the size with wire_left of a reader that has not failed. */
static inline struct wire_reader wire_sub_known(struct wire_reader *r, size_t size)
{
    const uint8_t *p = r->at;
    r->at += size;
    return (struct wire_reader){r->origin, p, p + size, false};
}

static inline struct wire_writer wire_writer_init(void *octets, size_t size)
{
    uint8_t *p = octets;
    return (struct wire_writer){.start = p, .at = p, .end = p + size, .failed = false};
}

/* Octets written so far. */
static inline size_t wire_written(const struct wire_writer *w)
{
    return (size_t)(w->at - w->start);
}

/* Room for size octets, or NULL (and failed) when it does not fit. The octets are not cleared. */
static inline uint8_t *wire_reserve(struct wire_writer *w, size_t size)
{
    if (__builtin_expect(w->failed || (size_t)(w->end - w->at) < size, 0)) {
        w->failed = true;
        return NULL;
    }
    uint8_t *p = w->at;
    w->at += size;
    return p;
}

static inline void wire_put_u8(struct wire_writer *w, uint8_t value)
{
    uint8_t *p = wire_reserve(w, 1);
    if (p != NULL)
        p[0] = value;
}

static inline void wire_put_u16(struct wire_writer *w, uint16_t value)
{
    uint8_t *p = wire_reserve(w, 2);
    if (p == NULL)
        return;
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void wire_put_u32(struct wire_writer *w, uint32_t value)
{
    uint8_t *p = wire_reserve(w, 4);
    if (p == NULL)
        return;
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

static inline void wire_put_u64(struct wire_writer *w, uint64_t value)
{
    wire_put_u32(w, (uint32_t)(value >> 32));
    wire_put_u32(w, (uint32_t)value);
}

static inline void wire_put_f32(struct wire_writer *w, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    wire_put_u32(w, bits);
}

static inline void wire_put_octets(struct wire_writer *w, const void *octets, size_t size)
{
    uint8_t *p = wire_reserve(w, size);
    if (p != NULL && size > 0)
        memcpy(p, octets, size);
}

static inline void wire_put_zeros(struct wire_writer *w, size_t size)
{
    uint8_t *p = wire_reserve(w, size);
    if (p != NULL && size > 0)
        memset(p, 0, size);
}

/* Overwrites a 16-bit field at an offset that was reserved before: lengths are patched this way. */
static inline void wire_patch_u16(struct wire_writer *w, size_t offset, size_t value)
{
    size_t written = wire_written(w);
    if (w->failed || offset > written || written - offset < 2 || value > UINT16_MAX) {
        w->failed = true;
        return;
    }
    w->start[offset] = (uint8_t)(value >> 8);
    w->start[offset + 1] = (uint8_t)value;
}

#endif
