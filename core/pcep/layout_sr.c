/* The segment subobjects of ERO and RRO: SR-MPLS (RFC 8664 4.3.1) and SRv6 (RFC 9603 4.3.1), both
 * with the algorithm of RFC 9933. Which parts are there depends on the NAI type and on flags, and
 * the length must agree with both. */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define SRV6_STRUCTURE_SIZE 8
#define LABEL_IMPLICIT_NULL 3
#define BARE_LABEL_SIZE     6 /* NAI type and flags, a label */
#define ALGORITHM_SIZE      4 /* the first part of the extension block */

/* Flags that no document has assigned: one of them may ask for more of an extension block (RFC 9933
 * 4.2.1). */
#define SR_FLAGS_UNASSIGNED                                                                        \
    UINT16_C(0xFFF & ~(PCEP_SR_M | PCEP_SR_C | PCEP_SR_S | PCEP_SR_F | PCEP_SR_A))

/* What an NAI of each type consists of. */
struct nai_shape {
    uint8_t family; /* enum ip_family; IP_NONE: no NAI */
    bool is_pair;   /* local and remote */
    bool has_interfaces;
};

static const struct nai_shape nai_shapes[] = {
    [PCEP_NAI_NONE] = {IP_NONE, false, false},
    [PCEP_NAI_IPV4_NODE] = {IP_V4, false, false},
    [PCEP_NAI_IPV6_NODE] = {IP_V6, false, false},
    [PCEP_NAI_IPV4_ADJACENCY] = {IP_V4, true, false},
    [PCEP_NAI_IPV6_ADJACENCY] = {IP_V6, true, false},
    [PCEP_NAI_UNNUMBERED] = {IP_V4, true, true},
    [PCEP_NAI_IPV6_LINK_LOCAL] = {IP_V6, true, true},
};
#define NAI_COUNT (sizeof nai_shapes / sizeof nai_shapes[0])

/* Octets of an NAI of each type. */
static const uint8_t nai_sizes[NAI_COUNT] = {
    [PCEP_NAI_IPV4_NODE] = 4,       [PCEP_NAI_IPV6_NODE] = 16,  [PCEP_NAI_IPV4_ADJACENCY] = 8,
    [PCEP_NAI_IPV6_ADJACENCY] = 32, [PCEP_NAI_UNNUMBERED] = 16, [PCEP_NAI_IPV6_LINK_LOCAL] = 40,
};

struct nai {
    struct ip *local;
    uint32_t *local_interface;
    struct ip *remote;
    uint32_t *remote_interface;
};

static void nai_read(struct wire_reader *r, const struct nai_shape *shape, struct nai nai)
{
    if (shape->family == IP_NONE)
        return;
    *nai.local = field_ip(r, shape->family);
    if (shape->has_interfaces)
        *nai.local_interface = wire_u32(r);
    if (shape->is_pair)
        *nai.remote = field_ip(r, shape->family);
    if (shape->has_interfaces)
        *nai.remote_interface = wire_u32(r);
}

struct nai_view {
    const struct ip *local;
    uint32_t local_interface;
    const struct ip *remote;
    uint32_t remote_interface;
};

static uint8_t *store_v4(uint8_t *p, const struct ip *ip)
{
    memcpy(p, ip->octets, 4);
    return p + 4;
}

static uint8_t *store_v6(uint8_t *p, const struct ip *ip)
{
    memcpy(p, ip->octets, 16);
    return p + 16;
}

/* Fills the nai_size octets at p. */
static void nai_store(uint8_t *p, enum pcep_nai nt, const struct nai_view *nai)
{
    bool is_v4 = nai_shapes[nt].family == IP_V4;
    p = is_v4 ? store_v4(p, nai->local) : store_v6(p, nai->local);
    if (nai_shapes[nt].has_interfaces) {
        field_store_u32(p, nai->local_interface);
        p += 4;
    }
    if (!nai_shapes[nt].is_pair)
        return;
    p = is_v4 ? store_v4(p, nai->remote) : store_v6(p, nai->remote);
    if (nai_shapes[nt].has_interfaces)
        field_store_u32(p, nai->remote_interface);
}

/* RFC 9933 4.2: whether the extension block has a length that the flags allow. */
static bool has_good_extension(uint16_t flags, size_t size)
{
    if ((flags & SR_FLAGS_UNASSIGNED) == 0)
        return size == ((flags & PCEP_SR_A) != 0 ? ALGORITHM_SIZE : 0U);
    return size % 4 == 0 && (size > 0 || (flags & PCEP_SR_A) == 0);
}

static bool read_extension(struct wire_reader *reader, struct pcep_sub_sr *sr)
{
    if ((sr->flags & PCEP_SR_A) != 0) {
        sr->extension_reserved = field_u24(reader);
        sr->algorithm = wire_u8(reader);
    }
    sr->extension = wire_rest(reader);
    return !reader->failed;
}

/* A label and nothing else, which most segments are. */
static bool decode_bare_label(struct wire_reader *reader, struct pcep_sub_sr *sr)
{
    if (wire_left(reader) != BARE_LABEL_SIZE ||
        field_load_u16(reader->at) != (PCEP_SR_M | PCEP_SR_F) ||
        field_load_u32(reader->at + 2) >> 12 == LABEL_IMPLICIT_NULL)
        return false;
    const uint32_t sid = field_load_u32(reader->at + 2);
    wire_skip(reader, BARE_LABEL_SIZE);
    *sr = (struct pcep_sub_sr){
        .flags = PCEP_SR_M | PCEP_SR_F, .sid = sid, .extension = wire_rest(reader)};
    return true;
}

/* The rules of RFC 8664 5.2.1: S and F not both, F exactly when there is no NAI, and the length. */
bool pcep_decode_sub_sr(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct pcep_sub_sr *sr = body;
    size_t size = wire_left(reader);
    if (decode_bare_label(reader, sr))
        return true;
    *sr = (struct pcep_sub_sr){.nt = field_peek_u8(reader) >> 4};
    sr->flags = wire_u16(reader) & 0xFFF;
    bool has_sid = (sr->flags & PCEP_SR_S) == 0;
    bool has_nai = (sr->flags & PCEP_SR_F) == 0;
    if (reader->failed)
        return false;
    if (!has_sid && !has_nai)
        return decoding->kind == PCEP_TAIL_RRO
                   ? wire_decoding_refuse(decoding, PCEP_ERROR_SR_RRO_WITHOUT_SID_AND_NAI,
                                          "SID and NAI are both absent")
                   : wire_decoding_refuse(decoding, PCEP_ERROR_SR_ERO_WITHOUT_SID_AND_NAI,
                                          "SID and NAI are both absent");
    if (sr->nt >= NAI_COUNT)
        return wire_decoding_refuse(decoding, PCEP_ERROR_SR_NAI_NOT_SUPPORTED,
                                    "unsupported NAI type");
    const struct nai_shape *shape = &nai_shapes[sr->nt];
    size_t size_without = 2 + (has_sid ? 4U : 0U) + nai_sizes[sr->nt];
    if (has_nai != (sr->nt != PCEP_NAI_NONE) || size < size_without ||
        !has_good_extension(sr->flags, size - size_without))
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                    "length, NAI type and flags disagree");
    if (!has_sid && (sr->flags & (PCEP_SR_M | PCEP_SR_C)) != 0)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                    "M or C flag without a SID");
    if ((sr->flags & (PCEP_SR_M | PCEP_SR_C)) == PCEP_SR_C)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT, "C flag without M flag");
    if (has_sid)
        sr->sid = wire_u32(reader);
    if ((sr->flags & PCEP_SR_M) != 0 && sr->sid >> 12 == LABEL_IMPLICIT_NULL)
        return wire_decoding_refuse(decoding, PCEP_ERROR_BAD_LABEL_VALUE, "label 3, implicit null");
    nai_read(reader, shape,
             (struct nai){&sr->local, &sr->local_interface, &sr->remote, &sr->remote_interface});
    return read_extension(reader, sr);
}

/* A SID and the node that it belongs to: what nearly all segments are. */
static void encode_node_sid(struct wire_writer *writer, const struct pcep_sub_sr *sr)
{
    uint8_t *p = wire_reserve(writer, 10);
    if (p == NULL)
        return;
    field_store_u16(p, (uint32_t)PCEP_NAI_IPV4_NODE << 12 | (sr->flags & 0xFFF));
    field_store_u32(p + 2, sr->sid);
    (void)store_v4(p + 6, &sr->local);
}

static void write_extension(struct wire_writer *writer, const struct pcep_sub_sr *sr)
{
    if ((sr->flags & PCEP_SR_A) != 0) {
        field_put_u24(writer, sr->extension_reserved);
        wire_put_u8(writer, sr->algorithm);
    }
    wire_put_octets(writer, sr->extension.octets, sr->extension.size);
}

/* What is written is told by nt and flags; all of its room but the extension block's is asked for
 * at once. */
void pcep_encode_sub_sr(struct wire_writer *writer, const void *body)
{
    const struct pcep_sub_sr *sr = body;
    if (sr->nt == PCEP_NAI_IPV4_NODE && (sr->flags & ~(PCEP_SR_M | PCEP_SR_C)) == 0) {
        encode_node_sid(writer, sr);
        return;
    }
    bool has_sid = (sr->flags & PCEP_SR_S) == 0;
    bool has_nai = (sr->flags & PCEP_SR_F) == 0 && sr->nt != PCEP_NAI_NONE && sr->nt < NAI_COUNT;
    size_t size = 2 + (has_sid ? 4U : 0U) + (has_nai ? nai_sizes[sr->nt] : 0U);
    uint8_t *p = wire_reserve(writer, size);
    if (p == NULL)
        return;
    field_store_u16(p, (uint32_t)sr->nt << 12 | (sr->flags & 0xFFF));
    p += 2;
    if (has_sid) {
        field_store_u32(p, sr->sid);
        p += 4;
    }
    if (has_nai)
        nai_store(
            p, sr->nt,
            &(struct nai_view){&sr->local, sr->local_interface, &sr->remote, sr->remote_interface});
    write_extension(writer, sr);
}

static bool srv6_refuse_empty(struct wire_decoding *decoding)
{
    return decoding->kind == PCEP_TAIL_RRO
               ? wire_decoding_refuse(decoding, PCEP_ERROR_SRV6_RRO_WITHOUT_SID_AND_NAI,
                                      "SID and NAI are both absent")
               : wire_decoding_refuse(decoding, PCEP_ERROR_SRV6_ERO_WITHOUT_SID_AND_NAI,
                                      "SID and NAI are both absent");
}

static bool srv6_has_nai_type(uint8_t nt)
{
    return nt == PCEP_NAI_NONE || nt == PCEP_NAI_IPV6_NODE || nt == PCEP_NAI_IPV6_ADJACENCY ||
           nt == PCEP_NAI_IPV6_LINK_LOCAL;
}

static void srv6_structure_read(struct wire_reader *r, struct pcep_sub_srv6 *srv6)
{
    srv6->locator_block_bits = wire_u8(r);
    srv6->locator_node_bits = wire_u8(r);
    srv6->function_bits = wire_u8(r);
    srv6->argument_bits = wire_u8(r);
    srv6->structure_reserved = field_u24(r);
    srv6->structure_flags = wire_u8(r);
}

/* RFC 9603 4.3.1: the SID structure describes the SID and cannot be there without it; its four
 * parts are at most 128 bits (10/37). */
static bool srv6_structure_is_valid(const struct pcep_sub_srv6 *srv6)
{
    unsigned bits = (unsigned)srv6->locator_block_bits + srv6->locator_node_bits +
                    srv6->function_bits + srv6->argument_bits;
    return bits <= 128;
}

bool pcep_decode_sub_srv6(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct pcep_sub_srv6 *srv6 = body;
    size_t size = wire_left(reader);
    *srv6 = (struct pcep_sub_srv6){.nt = field_peek_u8(reader) >> 4};
    srv6->flags = wire_u16(reader) & 0xFFF;
    srv6->reserved = wire_u8(reader);
    srv6->algorithm = wire_u8(reader);
    srv6->behavior = wire_u16(reader);
    bool has_sid = (srv6->flags & PCEP_SRV6_S) == 0;
    bool has_nai = (srv6->flags & PCEP_SRV6_F) == 0;
    bool has_structure = (srv6->flags & PCEP_SRV6_T) != 0;
    if (reader->failed)
        return false;
    if (!has_sid && !has_nai)
        return srv6_refuse_empty(decoding);
    if (!srv6_has_nai_type(srv6->nt))
        return wire_decoding_refuse(decoding, PCEP_ERROR_SRV6_NAI_NOT_SUPPORTED,
                                    "unsupported NAI type");
    const struct nai_shape *shape = &nai_shapes[srv6->nt];
    size_t want =
        6 + (has_sid ? 16U : 0U) + nai_sizes[srv6->nt] + (has_structure ? SRV6_STRUCTURE_SIZE : 0U);
    if (has_nai != (srv6->nt != PCEP_NAI_NONE) || size != want)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                    "length, NAI type and flags disagree");
    if (has_sid)
        srv6->sid = field_ip(reader, IP_V6);
    nai_read(
        reader, shape,
        (struct nai){&srv6->local, &srv6->local_interface, &srv6->remote, &srv6->remote_interface});
    if (has_structure)
        srv6_structure_read(reader, srv6);
    if (has_structure && (!has_sid || !srv6_structure_is_valid(srv6)))
        return wire_decoding_refuse(decoding, PCEP_ERROR_BAD_SRV6_SID_STRUCTURE,
                                    "invalid SRv6 SID structure");
    return !reader->failed;
}

void pcep_encode_sub_srv6(struct wire_writer *writer, const void *body)
{
    const struct pcep_sub_srv6 *srv6 = body;
    bool has_sid = (srv6->flags & PCEP_SRV6_S) == 0;
    bool has_structure = (srv6->flags & PCEP_SRV6_T) != 0;
    bool has_nai =
        (srv6->flags & PCEP_SRV6_F) == 0 && srv6->nt != PCEP_NAI_NONE && srv6->nt < NAI_COUNT;
    uint8_t *p =
        wire_reserve(writer, 6 + (has_sid ? 16U : 0U) + (has_nai ? nai_sizes[srv6->nt] : 0U) +
                                 (has_structure ? SRV6_STRUCTURE_SIZE : 0U));
    if (p == NULL)
        return;
    field_store_u16(p, (uint32_t)srv6->nt << 12 | (srv6->flags & 0xFFF));
    p[2] = srv6->reserved;
    p[3] = srv6->algorithm;
    field_store_u16(p + 4, srv6->behavior);
    p += 6;
    if (has_sid)
        p = store_v6(p, &srv6->sid);
    if (has_nai) {
        nai_store(p, srv6->nt,
                  &(struct nai_view){&srv6->local, srv6->local_interface, &srv6->remote,
                                     srv6->remote_interface});
        p += nai_sizes[srv6->nt];
    }
    if (!has_structure)
        return;
    p[0] = srv6->locator_block_bits;
    p[1] = srv6->locator_node_bits;
    p[2] = srv6->function_bits;
    p[3] = srv6->argument_bits;
    field_store_u24(p + 4, srv6->structure_reserved);
    p[7] = srv6->structure_flags;
}
