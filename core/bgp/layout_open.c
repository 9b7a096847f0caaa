/* Layouts of capabilities that are lists (RFC 4724 3, RFC 7911 4, RFC 9494 3.1). */
#include "core/bgp/layout.h"
#include "core/bgp/model.h"

bool bgp_decode_graceful_restart(struct wire_reader *reader, void *body,
                                 struct wire_decoding *decoding)
{
    struct bgp_graceful_restart *restart = body;
    uint16_t flags_and_time = wire_u16(reader);
    restart->flags = (uint8_t)(flags_and_time >> 12);
    restart->restart_time_s = flags_and_time & 0xFFF;
    return bgp_decode_list(reader, &bgp_layout_restart_family, &restart->families, decoding) &&
           !reader->failed;
}

void bgp_encode_graceful_restart(struct wire_writer *writer, const void *body)
{
    const struct bgp_graceful_restart *restart = body;
    wire_put_u16(writer, (uint16_t)(restart->flags << 12 | (restart->restart_time_s & 0xFFF)));
    bgp_encode_list(writer, &bgp_layout_restart_family, &restart->families);
}

bool bgp_decode_add_path(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_add_path *add_path = body;
    return bgp_decode_list(reader, &bgp_layout_add_path_family, &add_path->families, decoding);
}

void bgp_encode_add_path(struct wire_writer *writer, const void *body)
{
    const struct bgp_add_path *add_path = body;
    bgp_encode_list(writer, &bgp_layout_add_path_family, &add_path->families);
}

bool bgp_decode_long_lived(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_long_lived *long_lived = body;
    return bgp_decode_list(reader, &bgp_layout_long_lived_family, &long_lived->families, decoding);
}

void bgp_encode_long_lived(struct wire_writer *writer, const void *body)
{
    const struct bgp_long_lived *long_lived = body;
    bgp_encode_list(writer, &bgp_layout_long_lived_family, &long_lived->families);
}
