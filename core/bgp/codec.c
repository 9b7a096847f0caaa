#include "core/bgp/codec_impl.h"

#include "core/bgp/layout.h"

static enum pce_status decode_notification(const struct bgp_codec *codec, struct wire_reader reader,
                                           struct bgp_notification *notification)
{
    (void)codec;
    notification->code = wire_u8(&reader);
    notification->subcode = wire_u8(&reader);
    notification->data = wire_rest(&reader);
    return PCE_OK;
}

/* RFC 7313 5: a length that does not fit is 7/1, with the whole message. */
static enum pce_status decode_refresh(const struct bgp_codec *codec, struct wire_reader reader,
                                      struct bgp_refresh_message *refresh)
{
    struct wire_decoding decoding = {.arena = codec->arena};
    if (!bgp_layout_route_refresh.decode(&reader, &refresh->body, &decoding))
        return bgp_codec_reset(codec, BGP_ERROR_BAD_REFRESH_LENGTH, BGP_HEADER_SIZE, codec->message,
                               "ROUTE-REFRESH of another length");
    refresh->rest = wire_rest(&reader);
    return PCE_OK;
}

static enum pce_status codec_decode_body(const struct bgp_codec *codec, struct wire_reader reader,
                                         struct bgp_message *message)
{
    switch (message->type) {
    case BGP_MESSAGE_OPEN:
        return bgp_decode_open(codec, reader, &message->open);
    case BGP_MESSAGE_UPDATE:
        return bgp_decode_update(codec, reader, &message->update);
    case BGP_MESSAGE_NOTIFICATION:
        return decode_notification(codec, reader, &message->notification);
    case BGP_MESSAGE_ROUTE_REFRESH:
        return decode_refresh(codec, reader, &message->refresh);
    default:
        return PCE_OK; /* a KEEPALIVE is its header */
    }
}

enum pce_status bgp_decode(struct wire_span octets, struct bgp_options options, struct arena *arena,
                           struct bgp_message *message, struct bgp_fault *fault)
{
    struct bgp_codec codec = {octets, options, arena, fault};
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    uint32_t size;
    *fault = (struct bgp_fault){.action = BGP_ACTION_NONE};
    *message = (struct bgp_message){.size = (uint32_t)octets.size};
    const uint8_t *header = wire_take(&reader, BGP_HEADER_SIZE);
    if (header == NULL)
        return bgp_codec_reset(&codec, BGP_ERROR_BAD_LENGTH, 0, (struct wire_span){NULL, 0},
                               "shorter than a header");
    message->type = header[BGP_HEADER_SIZE - 1];
    message->row = bgp_message_find(message->type);
    if (!bgp_frame_check_header(header, true, &size, fault))
        return PCE_INVALID;
    if (size != octets.size)
        return bgp_codec_reset(&codec, BGP_ERROR_BAD_LENGTH, BGP_MARKER_SIZE,
                               (struct wire_span){header + BGP_MARKER_SIZE, 2},
                               "the length is not that of the octets");
    return codec_decode_body(&codec, reader, message);
}

enum pce_status bgp_encode(const struct bgp_message *message, struct wire_writer *writer)
{
    size_t start = wire_written(writer);
    uint8_t *marker = wire_reserve(writer, BGP_MARKER_SIZE);
    if (marker != NULL)
        memset(marker, 0xFF, BGP_MARKER_SIZE);
    wire_put_u16(writer, 0);
    wire_put_u8(writer, message->type);
    switch (message->type) {
    case BGP_MESSAGE_OPEN:
        bgp_encode_open(writer, &message->open);
        break;
    case BGP_MESSAGE_UPDATE:
        bgp_encode_update(writer, &message->update);
        break;
    case BGP_MESSAGE_NOTIFICATION:
        wire_put_u8(writer, message->notification.code);
        wire_put_u8(writer, message->notification.subcode);
        wire_put_octets(writer, message->notification.data.octets, message->notification.data.size);
        break;
    case BGP_MESSAGE_ROUTE_REFRESH:
        bgp_layout_route_refresh.encode(writer, &message->refresh.body);
        wire_put_octets(writer, message->refresh.rest.octets, message->refresh.rest.size);
        break;
    default:
        break;
    }
    wire_patch_u16(writer, start + BGP_MARKER_SIZE, wire_written(writer) - start);
    return writer->failed ? PCE_LIMIT : PCE_OK;
}

const struct bgp_attribute *bgp_find_attribute(const struct bgp_update *update,
                                               enum bgp_attribute_id id)
{
    for (uint32_t i = 0; i < update->attribute_count; i++) {
        const struct bgp_attribute *attribute = &update->attributes[i];
        if (attribute->row != NULL && attribute->row->id == id &&
            attribute->action == BGP_ACTION_NONE)
            return attribute;
    }
    return NULL;
}

const void *bgp_find_capability(const struct bgp_open_message *open, enum bgp_capability_id id)
{
    for (uint32_t i = 0; i < open->parameter_count; i++) {
        const struct bgp_parameter *parameter = &open->parameters[i];
        for (uint32_t k = 0; k < parameter->capability_count; k++) {
            const struct bgp_capability *capability = &parameter->capabilities[k];
            if (capability->row != NULL && capability->row->id == id)
                return capability->body;
        }
    }
    return NULL;
}

bool bgp_update_is_end_of_rib(const struct bgp_update *update)
{
    if (update->attribute_count != 1 || update->nlri.size > 0 || update->withdrawn.size > 0)
        return false;
    const struct bgp_attribute *only = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_UNREACH_NLRI);
    return only != NULL && !only->is_other_family && only->nlri_count == 0;
}
