#include "server/pcectl/capture/file.h"

#include "server/pcectl/capture/file_impl.h"

#include <stdlib.h>

#define PCAPNG_SECTION    0x0A0D0D0AU
#define PCAPNG_BYTE_ORDER 0x1A2B3C4DU

/* Whether the number is this one in either byte order. */
static bool is_either(uint32_t number, uint32_t wanted)
{
    return number == wanted || number == __builtin_bswap32(wanted);
}

enum capture_kind capture_recognise(struct wire_span first)
{
    struct wire_reader reader = wire_reader_init(first.octets, first.size);
    uint32_t magic = wire_u32(&reader);
    wire_skip(&reader, 4);
    uint32_t order = wire_u32(&reader);
    if (!reader.failed && magic == PCAPNG_SECTION && is_either(order, PCAPNG_BYTE_ORDER))
        return CAPTURE_PCAPNG;
    if (first.size < 4)
        return CAPTURE_NONE;
    if (is_either(magic, 0xA1B2C3D4U) || is_either(magic, 0xA1B23C4DU))
        return CAPTURE_PCAP;
    /* pcap with other record headers (Kuznetzov), snoop, gzip, zstd, xz */
    bool is_foreign = is_either(magic, 0xA1B2CD34U) || magic == 0x736E6F6FU ||
                      magic >> 16 == 0x1F8BU || magic == 0x28B52FFDU || magic == 0xFD377A58U;
    return is_foreign ? CAPTURE_FOREIGN : CAPTURE_NONE;
}

enum pce_status capture_file_refuse(struct capture_file *file, const char *reason)
{
    file->reason = reason;
    file->reason_offset = file->source->offset;
    return PCE_INVALID;
}

enum pce_status capture_file_add(struct capture_file *file, struct capture_interface interface)
{
    if (file->interface_count == CAPTURE_INTERFACES_MAX)
        return capture_file_refuse(file, "more interfaces than are read here");
    if (file->interface_count == file->interface_room) {
        uint32_t room = file->interface_room == 0 ? 4 : 2 * file->interface_room;
        struct capture_interface *grown =
            realloc(file->interfaces, room * sizeof *file->interfaces);
        if (grown == NULL)
            return PCE_NO_MEMORY;
        file->interfaces = grown;
        file->interface_room = room;
    }
    file->interfaces[file->interface_count++] = interface;
    return PCE_OK;
}

enum pce_status capture_file_peek(struct capture_file *file, size_t size,
                                  struct wire_reader *reader)
{
    struct wire_span octets = {NULL, 0};
    enum pce_status status = source_peek(file->source, size, &octets);
    *reader = wire_reader_init(octets.octets, octets.size);
    if (status != PCE_INVALID)
        return status;
    (void)capture_file_refuse(file, "the file ends within a record");
    return PCE_LIMIT;
}

enum pce_status capture_file_init(struct capture_file *file, struct source *source)
{
    *file = (struct capture_file){.source = source, .kind = CAPTURE_NONE};
    struct wire_span first = {NULL, 0};
    enum pce_status status = source_peek(source, CAPTURE_MAGIC_SIZE, &first);
    if (status != PCE_OK && status != PCE_INVALID)
        return status;
    file->kind = capture_recognise(first);
    if (file->kind == CAPTURE_PCAP)
        return pcap_open(file);
    if (file->kind == CAPTURE_PCAPNG)
        return pcapng_open(file);
    (void)capture_file_refuse(file, file->kind == CAPTURE_FOREIGN
                                        ? "a compressed file, or a kind of capture not read here"
                                        : "neither pcap nor pcapng");
    return PCE_UNSUPPORTED;
}

void capture_file_fini(struct capture_file *file)
{
    free(file->interfaces);
    file->interfaces = NULL;
    file->interface_count = 0;
    file->interface_room = 0;
}

enum pce_status capture_file_next(struct capture_file *file, struct capture_packet *packet)
{
    enum pce_status status =
        file->kind == CAPTURE_PCAP ? pcap_next(file, packet) : pcapng_next(file, packet);
    if (status == PCE_OK)
        packet->number = ++file->packet_count;
    return status;
}
