#include "core/lsp/lsp_identifiers.h"

#include "core/base/check.h"

#define IDENTIFIERS_V6_SIZE 52

static struct ip read_address(struct wire_reader *reader, bool is_v6)
{
    uint8_t octets[16];
    wire_copy(reader, octets, is_v6 ? 16 : 4);
    return is_v6 ? ip_from_v6(octets) : ip_from_v4(octets);
}

struct lsp_identifiers lsp_identifiers_of(const struct lsp_instance *instance)
{
    uint16_t at = instance->summary.identifiers_at;
    if (at == 0)
        return (struct lsp_identifiers){.lsp_id = 0};
    CHECK(at >= sizeof(uint16_t) && at < instance->size);
    /* The length of the TLV tells the family: only IPv6 has 52 octets. */
    struct wire_reader reader = wire_reader_init(instance->octets + at - sizeof(uint16_t),
                                                 (size_t)instance->size - at + sizeof(uint16_t));
    bool is_v6 = wire_u16(&reader) == IDENTIFIERS_V6_SIZE;
    struct lsp_identifiers identifiers = {.source = read_address(&reader, is_v6)};
    identifiers.lsp_id = wire_u16(&reader);
    identifiers.tunnel_id = wire_u16(&reader);
    identifiers.extended_tunnel_id = read_address(&reader, is_v6);
    identifiers.destination = read_address(&reader, is_v6);
    CHECK(!reader.failed);
    return identifiers;
}
