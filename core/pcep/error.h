/* Errors: the types and values of PCEP-ERROR by name, and their texts (RFC 5440 7.15).
 *
 * The rows stand in error.def. A row there is PCEP_ERROR_<ID>: the Error-Type in the upper octet,
 * the Error-value in the lower one.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_PCEP_ERROR_H
#define PCED_CORE_PCEP_ERROR_H

#include <stdint.h>

enum pcep_error_code {
    PCEP_ERROR_NONE = 0,
#define PCEP_ERROR_TYPE(id, type, text)              PCEP_ERROR_##id = (type) << 8,
#define PCEP_ERROR(id, type, value, text, reference) PCEP_ERROR_##id = (type) << 8 | (value),
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
};

static inline uint8_t pcep_error_type(enum pcep_error_code error)
{
    return (uint8_t)(error >> 8);
}

static inline uint8_t pcep_error_value(enum pcep_error_code error)
{
    return (uint8_t)error;
}

/* Of a type and a value as they were received, whether or not there is a row. */
static inline enum pcep_error_code pcep_error_code(uint8_t type, uint8_t value)
{
    return (enum pcep_error_code)(type << 8 | value);
}

/* Texts for people and logs; never NULL ("unknown" where there is no row). */
const char *pcep_error_type_text(unsigned type);
/* "" for a type without values. */
const char *pcep_error_text(unsigned type, unsigned value);
/* What is to be read where one text is wanted: that of the value, else of the type; never empty. */
const char *pcep_error_meaning(unsigned type, unsigned value);
/* The document that defines the error; "" for one that is not assigned. */
const char *pcep_error_reference(unsigned type, unsigned value);

#endif
