/* The texts of PCEP-ERROR (error.def). */
#include "core/pcep/error.h"

#include <stddef.h>

struct error_row {
    const char *text;
    const char *reference;
};

const char *pcep_error_type_text(unsigned type)
{
    switch (type) {
#define PCEP_ERROR_TYPE(id, type_, text)                                                           \
    case type_:                                                                                    \
        return text;
#define PCEP_ERROR(id, type_, value, text, reference)
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
    default:
        return "unknown";
    }
}

/* Both NULL: the value is not assigned. */
static struct error_row error_find_row(unsigned type, unsigned value)
{
    if (type > UINT8_MAX || value > UINT8_MAX)
        return (struct error_row){NULL, NULL};
    switch (type << 8 | value) {
#define PCEP_ERROR_TYPE(id, type_, text)
#define PCEP_ERROR(id, type_, value_, text_, reference_)                                           \
    case PCEP_ERROR_##id:                                                                          \
        return (struct error_row){text_, reference_};
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
    default:
        return (struct error_row){NULL, NULL};
    }
}

const char *pcep_error_text(unsigned type, unsigned value)
{
    struct error_row row = error_find_row(type, value);
    return row.text == NULL ? "" : row.text;
}

const char *pcep_error_meaning(unsigned type, unsigned value)
{
    const char *text = pcep_error_text(type, value);
    return text[0] == '\0' ? pcep_error_type_text(type) : text;
}

const char *pcep_error_reference(unsigned type, unsigned value)
{
    struct error_row row = error_find_row(type, value);
    if (row.reference != NULL)
        return row.reference;
    /* The types without values are the first ones'. */
    return type <= UINT8_MAX && value == 0 ? "RFC 5440" : "";
}
