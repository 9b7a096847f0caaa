/* OPEN (RFC 4271 4.2, RFC 5492). */
#include "core/bgp/codec_impl.h"
#include "core/bgp/layout.h"

/* Whether type or code, length and value fill the reader exactly. */
static bool open_count(struct wire_reader reader, uint32_t *count)
{
    for (*count = 0; wire_left(&reader) > 0; ++*count) {
        wire_skip(&reader, 1);
        wire_skip(&reader, wire_u8(&reader));
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
    if (!open_count(reader, &count))
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
    if (!open_count(reader, &count))
        return bgp_codec_reset(codec, BGP_ERROR_OPEN_UNSPECIFIC, wire_offset(&reader),
                               (struct wire_span){NULL, 0}, "optional parameters do not fit");
    struct bgp_parameter *list = arena_alloc_array(codec->arena, count, sizeof *list);
    if (list == NULL)
        return PCE_LIMIT;
    open->parameters = list;
    for (uint32_t i = 0; i < count; i++) {
        list[i].offset = wire_offset(&reader);
        list[i].type = wire_u8(&reader);
        list[i].size = wire_u8(&reader);
        list[i].octets = reader.at;
        struct wire_reader value = wire_sub_known(&reader, list[i].size);
        if (list[i].type == BGP_PARAMETER_CAPABILITIES &&
            decode_capabilities(codec, value, &list[i]) != PCE_OK)
            return PCE_LIMIT;
        open->parameter_count = i + 1;
    }
    return PCE_OK;
}

enum pce_status bgp_decode_open(const struct bgp_codec *codec, struct wire_reader reader,
                                struct bgp_open_message *open)
{
    struct wire_decoding decoding = {.arena = codec->arena};
    (void)bgp_layout_open.decode(&reader, &open->body, &decoding);
    uint8_t size = wire_u8(&reader);
    if (reader.failed || size != wire_left(&reader))
        return bgp_codec_reset(codec, BGP_ERROR_OPEN_UNSPECIFIC, wire_offset(&reader),
                               (struct wire_span){NULL, 0},
                               "the length of the optional parameters is not that of the message");
    return decode_parameters(codec, reader, open);
}

static void encode_parameter(struct wire_writer *writer, const struct bgp_parameter *parameter)
{
    size_t start = wire_written(writer);
    wire_put_u8(writer, parameter->type);
    uint8_t *size = wire_reserve(writer, 1);
    if (parameter->capabilities == NULL)
        wire_put_octets(writer, parameter->octets, parameter->size);
    for (uint32_t i = 0; parameter->capabilities != NULL && i < parameter->capability_count; i++) {
        const struct bgp_capability *capability = &parameter->capabilities[i];
        wire_put_u8(writer, capability->code);
        uint8_t *value_size = wire_reserve(writer, 1);
        size_t value_start = wire_written(writer);
        if (capability->row != NULL)
            capability->row->layout->encode(writer, capability->body);
        else
            wire_put_octets(writer, capability->octets, capability->size);
        writer->failed |= wire_written(writer) - value_start > UINT8_MAX;
        if (value_size != NULL)
            *value_size = (uint8_t)(wire_written(writer) - value_start);
    }
    writer->failed |= wire_written(writer) - start - 2 > UINT8_MAX;
    if (size != NULL)
        *size = (uint8_t)(wire_written(writer) - start - 2);
}

void bgp_encode_open(struct wire_writer *writer, const struct bgp_open_message *open)
{
    bgp_layout_open.encode(writer, &open->body);
    uint8_t *size = wire_reserve(writer, 1);
    size_t start = wire_written(writer);
    for (uint32_t i = 0; i < open->parameter_count; i++)
        encode_parameter(writer, &open->parameters[i]);
    writer->failed |= wire_written(writer) - start > UINT8_MAX;
    if (size != NULL)
        *size = (uint8_t)(wire_written(writer) - start);
}
