#include "bench/pceload/protocol/order.h"

#include <string.h>

#define SRP_R          0x01u
#define TLV_NAME       17u
#define TLV_SETUP_TYPE 28u

struct order_reader order_reader_init(const uint8_t *octets, uint32_t size)
{
    return (struct order_reader){.at = octets + RECEIVED_HEADER_SIZE, .end = octets + size};
}

/* Octets of the object at the front; 0: it does not fit. */
static size_t order_object_size(const uint8_t *at, const uint8_t *end)
{
    if (end - at < (ptrdiff_t)RECEIVED_OBJECT_HEADER_SIZE)
        return 0;
    size_t size = received_u16(at + 2);
    return size < RECEIVED_OBJECT_HEADER_SIZE || size > (size_t)(end - at) ? 0 : size;
}

/* The value of the first TLV of that type; octets NULL: there is none. */
static struct wire_span order_find_tlv(struct wire_reader reader, uint16_t type)
{
    while (wire_left(&reader) >= 4) {
        uint16_t found = wire_u16(&reader), size = wire_u16(&reader);
        struct wire_span value = {wire_take(&reader, size), size};
        size_t padding = (4u - size % 4u) % 4u;
        wire_skip(&reader, padding < wire_left(&reader) ? padding : wire_left(&reader));
        if (found == type && value.octets != NULL)
            return value;
    }
    return (struct wire_span){0};
}

static void order_take_srp(struct order *order, struct wire_reader body)
{
    wire_skip(&body, 3);
    order->is_removal = (wire_u8(&body) & SRP_R) != 0;
    order->srp_id = wire_u32(&body);
    struct wire_span setup = order_find_tlv(body, TLV_SETUP_TYPE);
    order->setup_type = setup.size >= 4 ? setup.octets[3] : 0;
}

static void order_take_lsp(struct order *order, struct wire_reader body)
{
    uint32_t word = wire_u32(&body);
    order->has_lsp = true;
    order->plsp_id = word >> 12;
    order->flags = (uint16_t)(word & 0xfff);
    order->name = order_find_tlv(body, TLV_NAME);
}

static void order_take_ends(struct order *order, struct wire_reader body)
{
    bool is_v6 = wire_left(&body) >= 32;
    const uint8_t *source = wire_take(&body, is_v6 ? 16 : 4);
    const uint8_t *destination = wire_take(&body, is_v6 ? 16 : 4);
    if (body.failed)
        return;
    order->source = is_v6 ? ip_from_v6(source) : ip_from_v4(source);
    order->destination = is_v6 ? ip_from_v6(destination) : ip_from_v4(destination);
}

static void order_take_object(struct order *order, const uint8_t *at, size_t size)
{
    struct wire_reader body =
        wire_reader_init(at + RECEIVED_OBJECT_HEADER_SIZE, size - RECEIVED_OBJECT_HEADER_SIZE);
    if (at[0] == PCEP_CLASS_SRP)
        order_take_srp(order, body);
    else if (at[0] == PCEP_CLASS_LSP)
        order_take_lsp(order, body);
    else if (at[0] == PCEP_CLASS_END_POINTS)
        order_take_ends(order, body);
    else if (at[0] == PCEP_CLASS_ERO)
        order->has_ero = size > RECEIVED_OBJECT_HEADER_SIZE;
    if (at[0] == PCEP_CLASS_LSP)
        order->path = at + size;
}

bool order_next(struct order_reader *reader, struct order *order)
{
    *order = (struct order){0};
    if (reader->at == reader->end)
        return false;
    for (bool is_first = true; reader->at < reader->end; is_first = false) {
        size_t size = order_object_size(reader->at, reader->end);
        bool is_srp = reader->at[0] == PCEP_CLASS_SRP;
        reader->failed = size == 0 || (is_first && !is_srp);
        if (reader->failed)
            return false;
        if (is_srp && !is_first)
            break;
        order_take_object(order, reader->at, size);
        reader->at += size;
    }
    order->path_end = reader->at;
    return true;
}

/* ---- its path ---- */

static size_t order_put_objects(const struct order *order, uint8_t *to, size_t at,
                                bool associations)
{
    size_t size;
    for (const uint8_t *object = order->path; object < order->path_end; object += size) {
        size = order_object_size(object, order->path_end);
        bool is_association = object[0] == PCEP_CLASS_ASSOCIATION;
        if (object[0] == PCEP_CLASS_END_POINTS || is_association != associations)
            continue;
        if (size > ORDER_PATH_MAX - at)
            return SIZE_MAX;
        memcpy(to + at, object, size);
        at += size;
    }
    return at;
}

size_t order_put_path(const struct order *order, uint8_t to[ORDER_PATH_MAX])
{
    if (order->path == NULL)
        return 0;
    size_t size = order_put_objects(order, to, 0, true);
    return size == SIZE_MAX ? SIZE_MAX : order_put_objects(order, to, size, false);
}
