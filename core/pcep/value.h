/* Value: one field of a body, read and written by its row in the field table. The printer and JSON
 * go this way; the codec does not.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_VALUE_H
#define PCED_CORE_PCEP_VALUE_H

#include "core/base/ip.h"
#include "core/base/wire.h"
#include "core/pcep/layout.h"

enum pcep_value_kind {
    PCEP_VALUE_NUMBER,
    PCEP_VALUE_FLOAT,
    PCEP_VALUE_IP,
    PCEP_VALUE_ARRAY,      /* of numbers */
    PCEP_VALUE_IPS,        /* an array of struct ip */
    PCEP_VALUE_SUBOBJECTS, /* shown and read beside the other fields */
    PCEP_VALUE_LIST,       /* bodies of one layout: array points at the first */
    PCEP_VALUE_OCTETS,
    PCEP_VALUE_TEXT,
};

struct pcep_value {
    enum pcep_value_kind kind;
    uint64_t number; /* also the bits of a float */
    struct ip ip;
    const void *array;
    uint32_t count;
    struct wire_span octets;
};

enum pcep_value_kind pcep_field_value_kind(const struct pcep_field *field);
struct pcep_value pcep_field_load(const struct pcep_field *field, const void *body);
/* Stores what the kind of the field takes; arrays and octets are referred to, not copied. */
void pcep_field_store(const struct pcep_field *field, void *body, const struct pcep_value *value);
/* The maximum number that the field holds on the wire. */
uint64_t pcep_field_number_max(const struct pcep_field *field);
/* Octets of one element of an array field. */
size_t pcep_field_element_size(const struct pcep_field *field);
/* Whether a segment has an algorithm, be it 0: its A flag says so (RFC 9933 4.2, 4.3). */
bool pcep_body_has_algorithm(const struct pcep_field_table *table, const void *body);
/* An element of an array of numbers. */
uint64_t pcep_value_element(const struct pcep_field *field, const struct pcep_value *value,
                            uint32_t index);

#endif
