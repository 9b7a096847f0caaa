/* Value: one field of a body, read and written by its row in the field table. Printers and JSON go
 * this way; a codec does not.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_VALUE_H
#define PCED_CORE_WIRE_VALUE_H

#include "core/base/ip.h"
#include "core/base/wire.h"
#include "core/wire/layout.h"

enum wire_value_kind {
    WIRE_VALUE_NUMBER,
    WIRE_VALUE_FLOAT,
    WIRE_VALUE_IP,
    WIRE_VALUE_ARRAY, /* of numbers */
    WIRE_VALUE_IPS,   /* an array of struct ip */
    WIRE_VALUE_OWN,   /* shown and read beside the other fields */
    WIRE_VALUE_LIST,  /* bodies of one layout: array points at the first */
    WIRE_VALUE_OCTETS,
    WIRE_VALUE_TEXT,
};

struct wire_value {
    enum wire_value_kind kind;
    uint64_t number; /* also the bits of a float */
    struct ip ip;
    const void *array;
    uint32_t count;
    struct wire_span octets;
};

enum wire_value_kind wire_field_value_kind(const struct wire_field *field);
struct wire_value wire_field_load(const struct wire_field *field, const void *body);
/* Stores what the kind of the field takes; arrays and octets are referred to, not copied. */
void wire_field_store(const struct wire_field *field, void *body, const struct wire_value *value);
/* The maximum number that the field holds on the wire. */
uint64_t wire_field_number_max(const struct wire_field *field);
/* Octets of one element of an array field. */
size_t wire_field_element_size(const struct wire_field *field);
/* An element of an array of numbers. */
uint64_t wire_value_element(const struct wire_field *field, const struct wire_value *value,
                            uint32_t index);

#endif
