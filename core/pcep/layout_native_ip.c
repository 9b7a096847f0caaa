/* PPA (RFC 9757 7.4): a BGP peer and the prefixes that it is told. Their number stands in front of
 * them, as TLVs may follow. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

static bool native_ip_read_prefixes(struct wire_reader *reader, enum ip_family family,
                                    uint32_t count, struct wire_list *list,
                                    struct wire_decoding *decoding)
{
    struct pcep_prefix *prefixes = arena_alloc(decoding->arena, count * sizeof *prefixes);
    decoding->is_full |= prefixes == NULL;
    for (uint32_t i = 0; prefixes != NULL && i < count; i++) {
        prefixes[i].prefix = field_ip(reader, family);
        prefixes[i].bits = wire_u8(reader);
        prefixes[i].reserved = field_u24(reader);
    }
    *list = (struct wire_list){prefixes, count};
    return prefixes != NULL && !reader->failed;
}

static bool decode_peer_prefixes(struct wire_reader *reader, enum ip_family family, void *body,
                                 struct wire_decoding *decoding)
{
    struct pcep_peer_prefixes *ppa = body;
    ppa->peer = field_ip(reader, family);
    uint32_t count = wire_u8(reader);
    ppa->reserved = field_u24(reader);
    return native_ip_read_prefixes(reader, family, count, &ppa->prefixes, decoding);
}

bool pcep_decode_peer_prefixes_v4(struct wire_reader *reader, void *body,
                                  struct wire_decoding *decoding)
{
    return decode_peer_prefixes(reader, IP_V4, body, decoding);
}

bool pcep_decode_peer_prefixes_v6(struct wire_reader *reader, void *body,
                                  struct wire_decoding *decoding)
{
    return decode_peer_prefixes(reader, IP_V6, body, decoding);
}

/* More prefixes than the octet can count do not fit. */
static void encode_peer_prefixes(struct wire_writer *writer, const struct pcep_peer_prefixes *ppa,
                                 size_t address_size)
{
    const struct pcep_prefix *prefixes = ppa->prefixes.bodies;
    if (ppa->prefixes.count > UINT8_MAX)
        writer->failed = true;
    field_put_ip(writer, &ppa->peer, address_size);
    wire_put_u8(writer, (uint8_t)ppa->prefixes.count);
    field_put_u24(writer, ppa->reserved);
    for (uint32_t i = 0; i < ppa->prefixes.count; i++) {
        field_put_ip(writer, &prefixes[i].prefix, address_size);
        wire_put_u8(writer, prefixes[i].bits);
        field_put_u24(writer, prefixes[i].reserved);
    }
}

void pcep_encode_peer_prefixes_v4(struct wire_writer *writer, const void *body)
{
    encode_peer_prefixes(writer, body, 4);
}

void pcep_encode_peer_prefixes_v6(struct wire_writer *writer, const void *body)
{
    encode_peer_prefixes(writer, body, 16);
}
