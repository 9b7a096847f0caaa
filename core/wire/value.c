#include "core/wire/value.h"

#include "core/base/check.h"

#include <string.h>

/* What a kind of field is: how many bits it has on the wire, and octets of the struct's member. */
struct kind_shape {
    uint8_t value_kind;
    uint8_t bits;
    uint8_t member_size;
};

static const struct kind_shape shapes[] = {
    [WIRE_FIELD_U8] = {WIRE_VALUE_NUMBER, 8, 1},
    [WIRE_FIELD_U16] = {WIRE_VALUE_NUMBER, 16, 2},
    [WIRE_FIELD_U24] = {WIRE_VALUE_NUMBER, 24, 4},
    [WIRE_FIELD_U32] = {WIRE_VALUE_NUMBER, 32, 4},
    [WIRE_FIELD_U64] = {WIRE_VALUE_NUMBER, 64, 8},
    [WIRE_FIELD_F32] = {WIRE_VALUE_FLOAT, 32, 4},
    [WIRE_FIELD_IPV4] = {WIRE_VALUE_IP, 0, 0},
    [WIRE_FIELD_IPV6] = {WIRE_VALUE_IP, 0, 0},
    [WIRE_FIELD_IP] = {WIRE_VALUE_IP, 0, 0},
    [WIRE_FIELD_HI3] = {WIRE_VALUE_NUMBER, 3, 1},
    [WIRE_FIELD_LO5] = {WIRE_VALUE_NUMBER, 5, 1},
    [WIRE_FIELD_HI4] = {WIRE_VALUE_NUMBER, 4, 1},
    [WIRE_FIELD_HI20] = {WIRE_VALUE_NUMBER, 20, 4},
    [WIRE_FIELD_LO12] = {WIRE_VALUE_NUMBER, 12, 2},
    [WIRE_FIELD_PAD24] = {WIRE_VALUE_NUMBER, 24, 4},
    [WIRE_FIELD_U8S] = {WIRE_VALUE_ARRAY, 8, 1},
    [WIRE_FIELD_U16S] = {WIRE_VALUE_ARRAY, 16, 2},
    [WIRE_FIELD_U32S] = {WIRE_VALUE_ARRAY, 32, 4},
    [WIRE_FIELD_HI1] = {WIRE_VALUE_NUMBER, 1, 1},
    [WIRE_FIELD_LO7] = {WIRE_VALUE_NUMBER, 7, 1},
    [WIRE_FIELD_HI7] = {WIRE_VALUE_NUMBER, 7, 1},
    [WIRE_FIELD_LO1] = {WIRE_VALUE_NUMBER, 1, 1},
    [WIRE_FIELD_HI4W] = {WIRE_VALUE_NUMBER, 4, 1},
    [WIRE_FIELD_LO12W] = {WIRE_VALUE_NUMBER, 12, 2},
    [WIRE_FIELD_U64S] = {WIRE_VALUE_ARRAY, 64, 8},
    [WIRE_FIELD_IPV4S] = {WIRE_VALUE_IPS, 0, sizeof(struct ip)},
    [WIRE_FIELD_IPV6S] = {WIRE_VALUE_IPS, 0, sizeof(struct ip)},
    [WIRE_FIELD_OWN] = {WIRE_VALUE_OWN, 0, 0},
    [WIRE_FIELD_LIST] = {WIRE_VALUE_LIST, 0, 0},
    [WIRE_FIELD_OCTETS] = {WIRE_VALUE_OCTETS, 0, 0},
    [WIRE_FIELD_TEXT] = {WIRE_VALUE_TEXT, 0, 0},
};

_Static_assert(sizeof shapes / sizeof shapes[0] == WIRE_FIELD_TEXT + 1, "every kind has a shape");

enum wire_value_kind wire_field_value_kind(const struct wire_field *field)
{
    CHECK(field->kind < sizeof shapes / sizeof shapes[0]);
    return shapes[field->kind].value_kind;
}

uint64_t wire_field_number_max(const struct wire_field *field)
{
    unsigned bits = shapes[field->kind].bits;
    CHECK(bits > 0 && bits <= 64); /* asked of numbers alone: a mask is made of it */
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

size_t wire_field_element_size(const struct wire_field *field)
{
    return shapes[field->kind].member_size;
}

static uint64_t load_number(const void *from, size_t size)
{
    CHECK(size == 1 || size == 2 || size == 4 || size == 8);
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (size) {
    case 1:
        memcpy(&u8, from, sizeof u8);
        return u8;
    case 2:
        memcpy(&u16, from, sizeof u16);
        return u16;
    case 4:
        memcpy(&u32, from, sizeof u32);
        return u32;
    default:
        memcpy(&u64, from, sizeof u64);
        return u64;
    }
}

static void store_number(void *to, size_t size, uint64_t number)
{
    CHECK(size == 1 || size == 2 || size == 4 || size == 8);
    uint8_t u8 = (uint8_t)number;
    uint16_t u16 = (uint16_t)number;
    uint32_t u32 = (uint32_t)number;
    switch (size) {
    case 1:
        memcpy(to, &u8, sizeof u8);
        break;
    case 2:
        memcpy(to, &u16, sizeof u16);
        break;
    case 4:
        memcpy(to, &u32, sizeof u32);
        break;
    default:
        memcpy(to, &number, sizeof number);
        break;
    }
}

/* `count` stands right after the pointer of an array (members.h). */
#define COUNT_AT(member) ((member) + sizeof(void *))

struct wire_value wire_field_load(const struct wire_field *field, const void *body)
{
    const uint8_t *member = (const uint8_t *)body + field->offset;
    struct wire_value value = {.kind = wire_field_value_kind(field)};
    switch (value.kind) {
    case WIRE_VALUE_NUMBER:
    case WIRE_VALUE_FLOAT:
        value.number = load_number(member, shapes[field->kind].member_size);
        break;
    case WIRE_VALUE_IP:
        memcpy(&value.ip, member, sizeof value.ip);
        break;
    case WIRE_VALUE_ARRAY:
    case WIRE_VALUE_IPS:
    case WIRE_VALUE_OWN:
    case WIRE_VALUE_LIST:
        memcpy(&value.array, member, sizeof value.array);
        memcpy(&value.count, COUNT_AT(member), sizeof value.count);
        break;
    default:
        memcpy(&value.octets, member, sizeof value.octets);
        break;
    }
    return value;
}

void wire_field_store(const struct wire_field *field, void *body, const struct wire_value *value)
{
    uint8_t *member = (uint8_t *)body + field->offset;
    switch (wire_field_value_kind(field)) {
    case WIRE_VALUE_NUMBER:
    case WIRE_VALUE_FLOAT:
        store_number(member, shapes[field->kind].member_size, value->number);
        break;
    case WIRE_VALUE_IP:
        memcpy(member, &value->ip, sizeof value->ip);
        break;
    case WIRE_VALUE_ARRAY:
    case WIRE_VALUE_IPS:
    case WIRE_VALUE_OWN:
    case WIRE_VALUE_LIST:
        memcpy(member, &value->array, sizeof value->array);
        memcpy(COUNT_AT(member), &value->count, sizeof value->count);
        break;
    default:
        memcpy(member, &value->octets, sizeof value->octets);
        break;
    }
}

uint64_t wire_value_element(const struct wire_field *field, const struct wire_value *value,
                            uint32_t index)
{
    CHECK(index < value->count);
    size_t size = wire_field_element_size(field);
    return load_number((const uint8_t *)value->array + index * size, size);
}
