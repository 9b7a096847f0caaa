/* Members: the struct that a list of fields makes (layout.h has the kinds).
 *
 * WIRE_MEMBER(KIND, member, NAMES) is the member of one field. Bodies live in the arena of the
 * decode call; spans and arrays in them point into the message or the arena.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_MEMBERS_H
#define PCED_CORE_WIRE_MEMBERS_H

#include "core/base/ip.h"
#include "core/base/wire.h"

/* Bodies of one layout, in the arena: an array of its struct. */
struct wire_list {
    const void *bodies;
    uint32_t count;
};

#define WIRE_MEMBER_U8(member)    uint8_t member;
#define WIRE_MEMBER_U16(member)   uint16_t member;
#define WIRE_MEMBER_U24(member)   uint32_t member;
#define WIRE_MEMBER_U32(member)   uint32_t member;
#define WIRE_MEMBER_U64(member)   uint64_t member;
#define WIRE_MEMBER_F32(member)   float member;
#define WIRE_MEMBER_IPV4(member)  struct ip member;
#define WIRE_MEMBER_IPV6(member)  struct ip member;
#define WIRE_MEMBER_IP(member)    struct ip member;
#define WIRE_MEMBER_HI3(member)   uint8_t member;
#define WIRE_MEMBER_LO5(member)   uint8_t member;
#define WIRE_MEMBER_HI1(member)   uint8_t member;
#define WIRE_MEMBER_LO7(member)   uint8_t member;
#define WIRE_MEMBER_HI7(member)   uint8_t member;
#define WIRE_MEMBER_LO1(member)   uint8_t member;
#define WIRE_MEMBER_HI4(member)   uint8_t member;
#define WIRE_MEMBER_HI4W(member)  uint8_t member;
#define WIRE_MEMBER_LO12W(member) uint16_t member;
#define WIRE_MEMBER_HI20(member)  uint32_t member;
#define WIRE_MEMBER_LO12(member)  uint16_t member;
#define WIRE_MEMBER_PAD24(member) uint32_t member;
#define WIRE_MEMBER_U8S(member)                                                                    \
    const uint8_t *member;                                                                         \
    uint32_t count;
#define WIRE_MEMBER_U16S(member)                                                                   \
    const uint16_t *member;                                                                        \
    uint32_t count;
#define WIRE_MEMBER_U32S(member)                                                                   \
    const uint32_t *member;                                                                        \
    uint32_t count;
#define WIRE_MEMBER_U64S(member)                                                                   \
    const uint64_t *member;                                                                        \
    uint32_t count;
#define WIRE_MEMBER_IPV4S(member)                                                                  \
    const struct ip *member;                                                                       \
    uint32_t count;
#define WIRE_MEMBER_IPV6S(member)        WIRE_MEMBER_IPV4S(member)
#define WIRE_MEMBER_LIST(member)         struct wire_list member;
#define WIRE_MEMBER_OCTETS(member)       struct wire_span member;
#define WIRE_MEMBER_TEXT(member)         struct wire_span member;
#define WIRE_MEMBER(kind, member, names) WIRE_MEMBER_##kind(member)

#endif
