/* OPEN (RFC 4271 4.2, RFC 5492, RFC 9072). */
#include "core/bgp/codec_impl.h"
#include "core/bgp/layout.h"

#define EXTENDED 255 /* RFC 9072 2: in place of the length and of the first type */

static uint16_t read_size(struct wire_reader *reader, bool is_extended)
{
    return is_extended ? wire_u16(reader) : wire_u8(reader);
}

/* Whether type or code, length and value fill the reader exactly. */
static bool open_count(struct wire_reader reader, bool is_extended, uint32_t *count)
{
    for (*count = 0; wire_left(&reader) > 0; ++*count) {
        wire_skip(&reader, 1);
        wire_skip(&reader, read_size(&reader, is_extended));
    }
    return !reader.failed;
}

static enum pce_status decode_capability(const struct bgp_codec *codec, struct wire_reader value,
                                         struct bgp_capability *capability)
{
    const struct bgp_capability_row *row = bgp_capability_find(capability->code);
    struct wire_decoding decoding = {.arena = codec->arena};
    if (row == NULL)
        return PCE_OK;
    void *body = arena_alloc(codec->arena, row->layout->body_size);
    if (body == NULL)
        return PCE_LIMIT;
    if (row->layout->decode(&value, body, &decoding) && wire_left(&value) == 0) {
        capability->row = row;
        capability->body = body;
    }
    return decoding.is_full ? PCE_LIMIT : PCE_OK;
}

/* Lengths that do not fit leave the parameter as octets: capabilities are none of those that make an
 * OPEN wrong (RFC 5492 3). */
static enum pce_status decode_capabilities(const struct bgp_codec *codec, struct wire_reader reader,
                                           struct bgp_parameter *parameter)
{
    uint32_t count;
    if (!open_count(reader, false, &count))
        return PCE_OK;
    struct bgp_capability *list = arena_alloc_array(codec->arena, count, sizeof *list);
    if (list == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        list[i].offset = wire_offset(&reader);
        list[i].code = wire_u8(&reader);
        list[i].size = wire_u8(&reader);
        list[i].octets = reader.at;
        if (decode_capability(codec, wire_sub_known(&reader, list[i].size), &list[i]) != PCE_OK)
            return PCE_LIMIT;
    }
    parameter->capabilities = list;
    parameter->capability_count = count;
    return PCE_OK;
}

static enum pce_status decode_parameters(const struct bgp_codec *codec, struct wire_reader reader,
                                         struct bgp_open_message *open)
{
    uint32_t count;
    if (!open_count(reader, open->is_extended, &count))
        return bgp_codec_reset(codec, BGP_ERROR_OPEN_UNSPECIFIC, wire_offset(&reader),
                               (struct wire_span){NULL, 0}, "optional parameters do not fit");
    struct bgp_parameter *list = arena_alloc_array(codec->arena, count, sizeof *list);
    if (list == NULL)
        return PCE_LIMIT;
    open->parameters = list;
    for (uint32_t i = 0; i < count; i++) {
        list[i].offset = wire_offset(&reader);
        list[i].type = wire_u8(&reader);
        list[i].size = read_size(&reader, open->is_extended);
        list[i].octets = reader.at;
        struct wire_reader value = wire_sub_known(&reader, list[i].size);
        if (list[i].type == BGP_PARAMETER_CAPABILITIES &&
            decode_capabilities(codec, value, &list[i]) != PCE_OK)
            return PCE_LIMIT;
        open->parameter_count = i + 1;
    }
    return PCE_OK;
}

/* The length of all parameters, of either form. Where there are none, no type says which it is. */
static size_t read_parameters_size(struct wire_reader *reader, struct bgp_open_message *open)
{
    uint8_t size = wire_u8(reader);
    struct wire_reader type = *reader;
    open->is_extended = size > 0 && wire_left(reader) > 0 && wire_u8(&type) == EXTENDED;
    if (!open->is_extended)
        return size;
    open->short_size = size;
    wire_skip(reader, 1);
    return wire_u16(reader);
}

enum pce_status bgp_decode_open(const struct bgp_codec *codec, struct wire_reader reader,
                                struct bgp_open_message *open)
{
    struct wire_decoding decoding = {.arena = codec->arena};
    (void)bgp_layout_open.decode(&reader, &open->body, &decoding);
    size_t size = read_parameters_size(&reader, open);
    if (reader.failed || size != wire_left(&reader))
        return bgp_codec_reset(codec, BGP_ERROR_OPEN_UNSPECIFIC, wire_offset(&reader),
                               (struct wire_span){NULL, 0},
                               "the length of the optional parameters is not that of the message");
    return decode_parameters(codec, reader, open);
}

static void open_encode_capability(struct wire_writer *writer,
                                   const struct bgp_capability *capability)
{
    wire_put_u8(writer, capability->code);
    uint8_t *size = wire_reserve(writer, 1);
    size_t start = wire_written(writer);
    if (capability->row != NULL)
        capability->row->layout->encode(writer, capability->body);
    else
        wire_put_octets(writer, capability->octets, capability->size);
    writer->failed |= wire_written(writer) - start > UINT8_MAX;
    if (size != NULL)
        *size = (uint8_t)(wire_written(writer) - start);
}

/* The length that stands at `at`, of all that has been written after it. */
static void open_patch_size(struct wire_writer *writer, size_t at, bool is_extended)
{
    size_t size = wire_written(writer) - at - (is_extended ? 2 : 1);
    writer->failed |= size > (is_extended ? UINT16_MAX : UINT8_MAX);
    if (writer->failed)
        return;
    if (is_extended)
        wire_patch_u16(writer, at, size);
    else
        writer->start[at] = (uint8_t)size;
}

static void open_encode_parameter(struct wire_writer *writer, const struct bgp_parameter *parameter,
                                  bool is_extended)
{
    wire_put_u8(writer, parameter->type);
    size_t start = wire_written(writer);
    (void)wire_reserve(writer, is_extended ? 2 : 1);
    if (parameter->capabilities == NULL)
        wire_put_octets(writer, parameter->octets, parameter->size);
    for (uint32_t i = 0; parameter->capabilities != NULL && i < parameter->capability_count; i++)
        open_encode_capability(writer, &parameter->capabilities[i]);
    open_patch_size(writer, start, is_extended);
}

static void open_encode_parameters(struct wire_writer *writer, const struct bgp_open_message *open,
                                   bool is_extended)
{
    if (is_extended) {
        wire_put_u8(writer, open->short_size == 0 ? EXTENDED : open->short_size);
        wire_put_u8(writer, EXTENDED);
    }
    size_t start = wire_written(writer);
    (void)wire_reserve(writer, is_extended ? 2 : 1);
    for (uint32_t i = 0; i < open->parameter_count; i++)
        open_encode_parameter(writer, &open->parameters[i], is_extended);
    open_patch_size(writer, start, is_extended);
}

/* RFC 9072 2: the long form only where the short one does not do. */
void bgp_encode_open(struct wire_writer *writer, const struct bgp_open_message *open)
{
    bgp_layout_open.encode(writer, &open->body);
    struct wire_writer before = *writer;
    open_encode_parameters(writer, open, open->is_extended);
    if (!writer->failed || open->is_extended)
        return;
    *writer = before;
    open_encode_parameters(writer, open, true);
}
