/* Names: how a field's value is shown, for printers and JSON.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_WIRE_NAMES_H
#define PCED_CORE_WIRE_NAMES_H

#include <stdint.h>

enum wire_style {
    WIRE_STYLE_PLAIN,
    WIRE_STYLE_HEX,
    WIRE_STYLE_RESERVED, /* shown when it is not zero */
    WIRE_STYLE_OPTIONAL, /* the same, but not a mistake of the sender */
    WIRE_STYLE_ADDRESS,  /* octets that are an address when their count says so */
    WIRE_STYLE_LIST,     /* bodies of a layout */
    WIRE_STYLE_FLAGS,
    WIRE_STYLE_VALUES,
    WIRE_STYLE_OWN, /* from here on: what a protocol adds */
};

struct wire_name {
    uint64_t value; /* a mask in a table of flags */
    const char *text;
};

struct wire_layout;

struct wire_names {
    uint8_t style; /* enum wire_style, or a style of the protocol's own */
    uint32_t count;
    const struct wire_name *rows;
    struct wire_name above;            /* values from there on have this text; NULL: none have */
    const struct wire_layout *element; /* of a list */
};

/* The text of a value; NULL when the table has none. */
const char *wire_names_find(const struct wire_names *names, uint64_t value);

#endif
