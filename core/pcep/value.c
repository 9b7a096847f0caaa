#include "core/pcep/value.h"

#include "core/pcep/model.h"

#include <string.h>

/* What a kind of field is: how many bits it has on the wire, and octets of the struct's member. */
struct kind_shape {
    uint8_t value_kind;
    uint8_t bits;
    uint8_t member_size;
};

static const struct kind_shape shapes[] = {
    [PCEP_FIELD_U8] = {PCEP_VALUE_NUMBER, 8, 1},
    [PCEP_FIELD_U16] = {PCEP_VALUE_NUMBER, 16, 2},
    [PCEP_FIELD_U24] = {PCEP_VALUE_NUMBER, 24, 4},
    [PCEP_FIELD_U32] = {PCEP_VALUE_NUMBER, 32, 4},
    [PCEP_FIELD_U64] = {PCEP_VALUE_NUMBER, 64, 8},
    [PCEP_FIELD_F32] = {PCEP_VALUE_FLOAT, 32, 4},
    [PCEP_FIELD_IPV4] = {PCEP_VALUE_IP, 0, 0},
    [PCEP_FIELD_IPV6] = {PCEP_VALUE_IP, 0, 0},
    [PCEP_FIELD_IP] = {PCEP_VALUE_IP, 0, 0},
    [PCEP_FIELD_HI3] = {PCEP_VALUE_NUMBER, 3, 1},
    [PCEP_FIELD_LO5] = {PCEP_VALUE_NUMBER, 5, 1},
    [PCEP_FIELD_HI4] = {PCEP_VALUE_NUMBER, 4, 1},
    [PCEP_FIELD_HI20] = {PCEP_VALUE_NUMBER, 20, 4},
    [PCEP_FIELD_LO12] = {PCEP_VALUE_NUMBER, 12, 2},
    [PCEP_FIELD_PAD24] = {PCEP_VALUE_NUMBER, 24, 4},
    [PCEP_FIELD_U8S] = {PCEP_VALUE_ARRAY, 8, 1},
    [PCEP_FIELD_U16S] = {PCEP_VALUE_ARRAY, 16, 2},
    [PCEP_FIELD_U32S] = {PCEP_VALUE_ARRAY, 32, 4},
    [PCEP_FIELD_HI1] = {PCEP_VALUE_NUMBER, 1, 1},
    [PCEP_FIELD_LO7] = {PCEP_VALUE_NUMBER, 7, 1},
    [PCEP_FIELD_HI7] = {PCEP_VALUE_NUMBER, 7, 1},
    [PCEP_FIELD_LO1] = {PCEP_VALUE_NUMBER, 1, 1},
    [PCEP_FIELD_HI4W] = {PCEP_VALUE_NUMBER, 4, 1},
    [PCEP_FIELD_LO12W] = {PCEP_VALUE_NUMBER, 12, 2},
    [PCEP_FIELD_U64S] = {PCEP_VALUE_ARRAY, 64, 8},
    [PCEP_FIELD_IPV4S] = {PCEP_VALUE_IPS, 0, sizeof(struct ip)},
    [PCEP_FIELD_IPV6S] = {PCEP_VALUE_IPS, 0, sizeof(struct ip)},
    [PCEP_FIELD_SUBOBJECTS] = {PCEP_VALUE_SUBOBJECTS, 0, 0},
    [PCEP_FIELD_LIST] = {PCEP_VALUE_LIST, 0, 0},
    [PCEP_FIELD_OCTETS] = {PCEP_VALUE_OCTETS, 0, 0},
    [PCEP_FIELD_TEXT] = {PCEP_VALUE_TEXT, 0, 0},
};

enum pcep_value_kind pcep_field_value_kind(const struct pcep_field *field)
{
    return shapes[field->kind].value_kind;
}

uint64_t pcep_field_number_max(const struct pcep_field *field)
{
    unsigned bits = shapes[field->kind].bits;
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

size_t pcep_field_element_size(const struct pcep_field *field)
{
    return shapes[field->kind].member_size;
}

static uint64_t load_number(const void *from, size_t size)
{
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

/* `count` stands right behind the pointer of an array (model.h, PCEP_MEMBER_U16S). */
#define COUNT_AT(member) ((member) + sizeof(void *))

struct pcep_value pcep_field_load(const struct pcep_field *field, const void *body)
{
    const uint8_t *member = (const uint8_t *)body + field->offset;
    struct pcep_value value = {.kind = pcep_field_value_kind(field)};
    switch (value.kind) {
    case PCEP_VALUE_NUMBER:
    case PCEP_VALUE_FLOAT:
        value.number = load_number(member, shapes[field->kind].member_size);
        break;
    case PCEP_VALUE_IP:
        memcpy(&value.ip, member, sizeof value.ip);
        break;
    case PCEP_VALUE_ARRAY:
    case PCEP_VALUE_IPS:
    case PCEP_VALUE_SUBOBJECTS:
    case PCEP_VALUE_LIST:
        memcpy(&value.array, member, sizeof value.array);
        memcpy(&value.count, COUNT_AT(member), sizeof value.count);
        break;
    default:
        memcpy(&value.octets, member, sizeof value.octets);
        break;
    }
    return value;
}

void pcep_field_store(const struct pcep_field *field, void *body, const struct pcep_value *value)
{
    uint8_t *member = (uint8_t *)body + field->offset;
    switch (pcep_field_value_kind(field)) {
    case PCEP_VALUE_NUMBER:
    case PCEP_VALUE_FLOAT:
        store_number(member, shapes[field->kind].member_size, value->number);
        break;
    case PCEP_VALUE_IP:
        memcpy(member, &value->ip, sizeof value->ip);
        break;
    case PCEP_VALUE_ARRAY:
    case PCEP_VALUE_IPS:
    case PCEP_VALUE_SUBOBJECTS:
    case PCEP_VALUE_LIST:
        memcpy(member, &value->array, sizeof value->array);
        memcpy(COUNT_AT(member), &value->count, sizeof value->count);
        break;
    default:
        memcpy(member, &value->octets, sizeof value->octets);
        break;
    }
}

bool pcep_body_has_algorithm(const struct pcep_field_table *table, const void *body)
{
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].name, "flags") == 0)
            return (pcep_field_load(&table->fields[i], body).number & PCEP_SR_A) != 0;
    }
    return false;
}

uint64_t pcep_value_element(const struct pcep_field *field, const struct pcep_value *value,
                            uint32_t index)
{
    size_t size = pcep_field_element_size(field);
    return load_number((const uint8_t *)value->array + index * size, size);
}
