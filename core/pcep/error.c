/* The texts of PCEP-ERROR (error.def). */
#include "core/pcep/registry.h"

#define ERROR_KEY(type, value) ((unsigned)(type) << 8 | (unsigned)(value))

const char *pcep_error_type_text(unsigned type)
{
    switch (type) {
#define PCEP_ERROR_TYPE(type_, text)                                                               \
    case type_:                                                                                    \
        return text;
#define PCEP_ERROR(type_, value, text, reference)
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
    default:
        return "unknown";
    }
}

const char *pcep_error_text(unsigned type, unsigned value)
{
    if (type > UINT8_MAX || value > UINT8_MAX)
        return "";
    switch (ERROR_KEY(type, value)) {
#define PCEP_ERROR_TYPE(type_, text)
#define PCEP_ERROR(type_, value_, text, reference)                                                 \
    case ERROR_KEY(type_, value_):                                                                 \
        return text;
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
    default:
        return "";
    }
}

const char *pcep_error_reference(unsigned type, unsigned value)
{
    if (type > UINT8_MAX || value > UINT8_MAX)
        return "";
    switch (ERROR_KEY(type, value)) {
#define PCEP_ERROR_TYPE(type_, text)
#define PCEP_ERROR(type_, value_, text, reference)                                                 \
    case ERROR_KEY(type_, value_):                                                                 \
        return reference;
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
    default: /* the types without values are the first ones' */
        return value == 0 ? "RFC 5440" : "";
    }
}
