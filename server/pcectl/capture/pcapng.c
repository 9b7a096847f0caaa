/* pcapng: blocks with their length before and after; a section has its own byte order and its own
 * interfaces, an interface its own link type and clock. */
#include "server/pcectl/capture/file_impl.h"

#define BLOCK_SECTION   0x0A0D0D0AU
#define BLOCK_INTERFACE 1U
#define BLOCK_PACKET    2U /* obsolete, still in old files */
#define BLOCK_SIMPLE    3U
#define BLOCK_ENHANCED  6U

#define BLOCK_HEAD_SIZE 8U
#define BLOCK_SIZE_MIN  12U

#define OPTION_END       0U
#define OPTION_TSRESOL   9U
#define OPTION_TSOFFSET  14U
#define RESOLUTION_BASE2 0x80U

/* Beyond these a tick is so short that 64 bits of ticks are less than a second, or overflow. */
#define RESOLUTION_10_MAX 19U
#define RESOLUTION_2_MAX  63U

/* A byte order that is set by the section itself: its magic stands after type and length. */
static enum pce_status see_order(struct capture_file *file)
{
    struct wire_reader reader;
    enum pce_status status = capture_file_peek(file, BLOCK_SIZE_MIN, &reader);
    if (status != PCE_OK)
        return status;
    wire_skip(&reader, BLOCK_HEAD_SIZE);
    uint32_t order = wire_u32(&reader);
    if (order != 0x1A2B3C4DU && order != 0x4D3C2B1AU)
        return capture_file_refuse(file, "a section without a byte order");
    file->is_swapped = order == 0x4D3C2B1AU;
    return PCE_OK;
}

static enum pce_status read_section(struct capture_file *file, struct wire_reader *body)
{
    wire_skip(body, 4);
    uint16_t major = file_u16(file, body);
    wire_skip(body, 2 + 8); /* minor version, length of the section */
    if (body->failed || major != 1)
        return capture_file_refuse(file, "the version of the pcapng section is not 1");
    file->interface_count = 0;
    return PCE_OK;
}

static bool is_resolution(uint8_t value)
{
    if ((value & RESOLUTION_BASE2) != 0)
        return (value & ~RESOLUTION_BASE2) <= RESOLUTION_2_MAX;
    return value <= RESOLUTION_10_MAX;
}

static enum pce_status read_interface(struct capture_file *file, struct wire_reader *body)
{
    struct capture_interface interface = {.resolution = 6};
    interface.link_type = file_u16(file, body);
    wire_skip(body, 2);
    interface.snap_size = file_u32(file, body);
    if (body->failed)
        return capture_file_refuse(file, "an interface block is too short");
    while (wire_left(body) >= 4) {
        uint16_t code = file_u16(file, body);
        uint16_t size = file_u16(file, body);
        struct wire_reader value = wire_sub(body, size);
        if (body->failed)
            return capture_file_refuse(file, "an option runs past its block");
        wire_skip(body, (4U - size % 4U) % 4U);
        if (code == OPTION_END)
            break;
        if (code == OPTION_TSRESOL && size >= 1)
            interface.resolution = wire_u8(&value);
        if (code == OPTION_TSOFFSET && size >= 8) {
            uint32_t first = file_u32(file, &value);
            uint32_t second = file_u32(file, &value);
            uint64_t offset = file->is_swapped ? ((uint64_t)second << 32) | first
                                               : ((uint64_t)first << 32) | second;
            interface.offset_s = (int64_t)offset;
        }
    }
    if (!is_resolution(interface.resolution))
        return capture_file_refuse(file, "a resolution of time that cannot be told");
    return capture_file_add(file, interface);
}

static struct capture_time make_time(const struct capture_interface *interface, uint64_t ticks)
{
    unsigned exponent = interface->resolution & ~RESOLUTION_BASE2;
    uint64_t s, ns;
    if ((interface->resolution & RESOLUTION_BASE2) != 0) {
        s = ticks >> exponent;
        uint64_t part = ticks & ((UINT64_C(1) << exponent) - 1);
        if (exponent > 34) { /* room for the product; what is lost is far below a nanosecond */
            part >>= exponent - 34;
            exponent = 34;
        }
        ns = (part * NS_PER_S) >> exponent;
    } else {
        uint64_t per_s = 1;
        for (unsigned i = 0; i < exponent; i++)
            per_s *= 10;
        s = ticks / per_s;
        ns = per_s > NS_PER_S ? ticks % per_s / (per_s / NS_PER_S)
                              : ticks % per_s * (NS_PER_S / per_s);
    }
    /* Modulo 2^64, as a hostile offset has to end somewhere. */
    return (struct capture_time){
        .s = (int64_t)(s + (uint64_t)interface->offset_s), .ns = (uint32_t)ns, .is_known = true};
}

/* Enhanced and old packet blocks: they differ in the width of the interface's number. */
static enum pce_status read_packet(struct capture_file *file, struct wire_reader *body,
                                   struct capture_packet *packet, bool is_enhanced)
{
    uint32_t index = is_enhanced ? file_u32(file, body) : file_u16(file, body);
    if (!is_enhanced)
        wire_skip(body, 2); /* count of drops */
    uint64_t high = file_u32(file, body);
    uint64_t ticks = (high << 32) | file_u32(file, body);
    uint32_t captured = file_u32(file, body);
    uint32_t size = file_u32(file, body);
    const uint8_t *octets = wire_take(body, captured);
    if (octets == NULL)
        return capture_file_refuse(file, "a packet runs past its block");
    if (index >= file->interface_count)
        return capture_file_refuse(file, "a packet of an interface that is not described");
    const struct capture_interface *interface = &file->interfaces[index];
    packet->octets = (struct wire_span){octets, captured};
    packet->size = size > captured ? size : captured;
    packet->link_type = interface->link_type;
    packet->time = make_time(interface, ticks);
    return PCE_OK;
}

/* A simple packet block does not say how much was captured: the interface and the block do. */
static enum pce_status read_simple(struct capture_file *file, struct wire_reader *body,
                                   struct capture_packet *packet)
{
    uint32_t size = file_u32(file, body);
    if (body->failed)
        return capture_file_refuse(file, "a packet runs past its block");
    if (file->interface_count == 0)
        return capture_file_refuse(file, "a packet of an interface that is not described");
    const struct capture_interface *interface = &file->interfaces[0];
    size_t captured = size;
    if (interface->snap_size > 0 && captured > interface->snap_size)
        captured = interface->snap_size;
    if (captured > wire_left(body))
        return capture_file_refuse(file, "a packet runs past its block");
    packet->octets = (struct wire_span){wire_take(body, captured), captured};
    packet->size = size;
    packet->link_type = interface->link_type;
    packet->time = (struct capture_time){.is_known = false};
    return PCE_OK;
}

/* What is in a block; PCE_AGAIN when it is no packet. */
static enum pce_status read_block(struct capture_file *file, uint32_t type,
                                  struct wire_reader *body, struct capture_packet *packet)
{
    enum pce_status status;
    switch (type) {
    case BLOCK_SECTION:
        status = read_section(file, body);
        break;
    case BLOCK_INTERFACE:
        status = read_interface(file, body);
        break;
    case BLOCK_ENHANCED:
    case BLOCK_PACKET:
        return read_packet(file, body, packet, type == BLOCK_ENHANCED);
    default:
        return read_simple(file, body, packet);
    }
    return status == PCE_OK ? PCE_AGAIN : status;
}

static bool pcapng_is_known(uint32_t type)
{
    return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_ENHANCED ||
           type == BLOCK_PACKET || type == BLOCK_SIMPLE;
}

/* Takes one block; PCE_AGAIN when it was no packet. */
static enum pce_status next_block(struct capture_file *file, struct capture_packet *packet)
{
    struct wire_reader reader;
    enum pce_status status = capture_file_peek(file, BLOCK_HEAD_SIZE, &reader);
    if (status != PCE_OK)
        return status;
    uint32_t type = wire_u32(&reader);
    uint32_t size = wire_u32(&reader);
    if (type == BLOCK_SECTION) /* the same number in both orders */
        status = see_order(file);
    if (status != PCE_OK)
        return status;
    if (file->is_swapped) {
        type = __builtin_bswap32(type);
        size = __builtin_bswap32(size);
    }
    if (size < BLOCK_SIZE_MIN || size % 4 != 0)
        return capture_file_refuse(file, "the length of a block is impossible");
    if (!pcapng_is_known(type)) { /* names, statistics, secrets, blocks to come: of any size */
        status = source_skip(file->source, size);
        if (status != PCE_INVALID)
            return status == PCE_OK ? PCE_AGAIN : status;
        (void)capture_file_refuse(file, "the file ends within a record");
        return PCE_LIMIT;
    }
    if (size > SOURCE_WANT_MAX)
        return capture_file_refuse(file, "a block is longer than any of its kind can be");
    status = capture_file_peek(file, size, &reader);
    if (status != PCE_OK)
        return status;
    wire_skip(&reader, BLOCK_HEAD_SIZE);
    struct wire_reader body = wire_sub(&reader, size - BLOCK_SIZE_MIN);
    if (file_u32(file, &reader) != size)
        return capture_file_refuse(file, "the two lengths of a block differ");
    status = read_block(file, type, &body, packet);
    if (status == PCE_OK || status == PCE_AGAIN)
        source_step(file->source, size);
    return status;
}

enum pce_status pcapng_open(struct capture_file *file)
{
    struct capture_packet none;
    enum pce_status status = next_block(file, &none);
    return status == PCE_AGAIN ? PCE_OK : status;
}

enum pce_status pcapng_next(struct capture_file *file, struct capture_packet *packet)
{
    enum pce_status status;
    do {
        status = next_block(file, packet);
    } while (status == PCE_AGAIN);
    return status;
}
