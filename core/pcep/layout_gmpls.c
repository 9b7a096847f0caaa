/* Bandwidths of GMPLS (RFC 8779 2.3, 2.4): two specifications, one for each direction, whose
 * lengths stand in front of all; TLVs follow. What is inside a specification is the body of an RSVP
 * SENDER_TSPEC object of its type. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

/* A specification; the reverse one is there when its length is not zero. */
static struct wire_span spec_read(struct wire_reader *reader, size_t size)
{
    const uint8_t *octets = wire_take(reader, size);
    return (struct wire_span){octets, octets == NULL ? 0 : size};
}

static void lengths_write(struct wire_writer *writer, struct wire_span forward,
                          struct wire_span reverse)
{
    wire_put_u16(writer, (uint16_t)forward.size);
    wire_put_u16(writer, (uint16_t)reverse.size);
}

static void specs_write(struct wire_writer *writer, struct wire_span forward,
                        struct wire_span reverse)
{
    wire_put_octets(writer, forward.octets, forward.size);
    wire_put_octets(writer, reverse.octets, reverse.size);
}

bool pcep_decode_generalized_bandwidth(struct wire_reader *reader, void *body,
                                       struct wire_decoding *decoding)
{
    struct pcep_generalized_bandwidth *bandwidth = body;
    (void)decoding;
    size_t forward = wire_u16(reader);
    size_t reverse = wire_u16(reader);
    bandwidth->type = wire_u8(reader);
    bandwidth->reserved = field_u24(reader);
    bandwidth->forward = spec_read(reader, forward);
    bandwidth->reverse = spec_read(reader, reverse);
    return !reader->failed;
}

void pcep_encode_generalized_bandwidth(struct wire_writer *writer, const void *body)
{
    const struct pcep_generalized_bandwidth *bandwidth = body;
    lengths_write(writer, bandwidth->forward, bandwidth->reverse);
    wire_put_u8(writer, bandwidth->type);
    field_put_u24(writer, bandwidth->reserved);
    specs_write(writer, bandwidth->forward, bandwidth->reverse);
}

bool pcep_decode_generalized_load_balancing(struct wire_reader *reader, void *body,
                                            struct wire_decoding *decoding)
{
    struct pcep_generalized_load_balancing *balancing = body;
    (void)decoding;
    size_t forward = wire_u16(reader);
    size_t reverse = wire_u16(reader);
    balancing->type = wire_u8(reader);
    balancing->lsp_count_max = wire_u8(reader);
    balancing->reserved = wire_u16(reader);
    balancing->forward_min = spec_read(reader, forward);
    balancing->reverse_min = spec_read(reader, reverse);
    return !reader->failed;
}

void pcep_encode_generalized_load_balancing(struct wire_writer *writer, const void *body)
{
    const struct pcep_generalized_load_balancing *balancing = body;
    lengths_write(writer, balancing->forward_min, balancing->reverse_min);
    wire_put_u8(writer, balancing->type);
    wire_put_u8(writer, balancing->lsp_count_max);
    wire_put_u16(writer, balancing->reserved);
    specs_write(writer, balancing->forward_min, balancing->reverse_min);
}
