/* Components of a flow specification (RFC 9168 7) that are lists of comparisons, as BGP writes
 * them: an operator octet in front of each value; it tells the size of the value, and whether it is
 * the last (RFC 8955 4.2.1). Numbers and bit masks differ in the meaning of the operator alone. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define OPERATOR_END      0x80
#define OPERATOR_SIZE(o)  ((size_t)1 << ((o) >> 4 & 3))
#define VALUE_SIZE_MAX    4
#define OPERATOR_OF(term) ((uint8_t)((term) >> 32))
#define TERM(op, value)   ((uint64_t)(op) << 32 | (value))

/* How many terms the reader holds, from the first to one that says that it is the last and ends
 * where the octets end; 0: it is no such list. */
static uint32_t count_terms(struct wire_reader reader)
{
    uint32_t count = 0;
    bool is_last = false;
    while (wire_left(&reader) > 0) {
        uint8_t operator_ = wire_u8(&reader);
        wire_skip(&reader, OPERATOR_SIZE(operator_));
        if (is_last || reader.failed || OPERATOR_SIZE(operator_) > VALUE_SIZE_MAX)
            return 0;
        is_last = (operator_ & OPERATOR_END) != 0;
        count++;
    }
    return is_last ? count : 0;
}

static uint32_t flow_read_value(struct wire_reader *reader, size_t size)
{
    return size == 1 ? wire_u8(reader) : size == 2 ? wire_u16(reader) : wire_u32(reader);
}

static bool decode_terms(struct wire_reader *reader, struct pcep_flow_terms *flow,
                         struct wire_decoding *decoding)
{
    *flow = (struct pcep_flow_terms){.count = count_terms(*reader)};
    if (flow->count == 0) {
        flow->octets = wire_rest(reader);
        return true;
    }
    uint64_t *terms = arena_alloc(decoding->arena, flow->count * sizeof *terms);
    decoding->is_full |= terms == NULL;
    for (uint32_t i = 0; terms != NULL && i < flow->count; i++) {
        uint8_t operator_ = wire_u8(reader);
        terms[i] = TERM(operator_, flow_read_value(reader, OPERATOR_SIZE(operator_)));
    }
    flow->terms = terms;
    return terms != NULL;
}

static void encode_terms(struct wire_writer *writer, const struct pcep_flow_terms *flow)
{
    for (uint32_t i = 0; i < flow->count; i++) {
        uint8_t operator_ = OPERATOR_OF(flow->terms[i]);
        uint32_t value = (uint32_t)flow->terms[i];
        size_t size = OPERATOR_SIZE(operator_);
        wire_put_u8(writer, operator_);
        if (size == 1)
            wire_put_u8(writer, (uint8_t)value);
        else if (size == 2)
            wire_put_u16(writer, (uint16_t)value);
        else
            wire_put_u32(writer, value);
    }
    wire_put_octets(writer, flow->octets.octets, flow->octets.size);
}

bool pcep_decode_flow_numeric(struct wire_reader *reader, void *body,
                              struct wire_decoding *decoding)
{
    return decode_terms(reader, body, decoding);
}

void pcep_encode_flow_numeric(struct wire_writer *writer, const void *body)
{
    encode_terms(writer, body);
}

bool pcep_decode_flow_bitmask(struct wire_reader *reader, void *body,
                              struct wire_decoding *decoding)
{
    return decode_terms(reader, body, decoding);
}

void pcep_encode_flow_bitmask(struct wire_writer *writer, const void *body)
{
    encode_terms(writer, body);
}
