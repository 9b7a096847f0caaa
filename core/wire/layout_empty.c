#include "core/wire/layout.h"

#include <stddef.h>

static bool empty_decode(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    (void)body;
    (void)decoding;
    return !reader->failed;
}

static void empty_encode(struct wire_writer *writer, const void *body)
{
    (void)writer;
    (void)body;
}

static struct wire_field_table empty_fields(void)
{
    return (struct wire_field_table){NULL, 0};
}

const struct wire_layout wire_layout_empty = {
    .name = "empty",
    .decode = empty_decode,
    .encode = empty_encode,
    .fields = empty_fields,
};
