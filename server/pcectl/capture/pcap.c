/* pcap: a header of 24 octets, then packets, each after 16 octets of its own. */
#include "server/pcectl/capture/file_impl.h"

#define PCAP_HEADER_SIZE 24
#define PCAP_RECORD_SIZE 16

enum pce_status pcap_open(struct capture_file *file)
{
    struct wire_reader reader;
    enum pce_status status = capture_file_peek(file, PCAP_HEADER_SIZE, &reader);
    if (status != PCE_OK)
        return status;
    uint32_t magic = wire_u32(&reader);
    file->is_swapped = magic == 0xD4C3B2A1U || magic == 0x4D3CB2A1U;
    if (file->is_swapped)
        magic = __builtin_bswap32(magic);
    uint16_t major = file_u16(file, &reader);
    wire_skip(&reader, 2 + 4 + 4); /* minor version, and two fields that nobody writes */
    uint32_t snap_size = file_u32(file, &reader);
    uint32_t link_type = file_u32(file, &reader);
    if (major != 2)
        return capture_file_refuse(file, "the version of the pcap file is not 2");
    source_step(file->source, PCAP_HEADER_SIZE);
    /* The upper half tells whether an Ethernet checksum ends each packet: the IP header knows. */
    return capture_file_add(file, (struct capture_interface){
                                      .link_type = (uint16_t)link_type,
                                      .snap_size = snap_size,
                                      .resolution = magic == 0xA1B23C4DU ? 9 : 6,
                                  });
}

enum pce_status pcap_next(struct capture_file *file, struct capture_packet *packet)
{
    struct wire_reader reader;
    enum pce_status status = capture_file_peek(file, PCAP_RECORD_SIZE, &reader);
    if (status != PCE_OK)
        return status;
    const struct capture_interface *interface = &file->interfaces[0];
    uint64_t s = file_u32(file, &reader);
    uint64_t ns = file_u32(file, &reader);
    uint32_t captured = file_u32(file, &reader);
    uint32_t size = file_u32(file, &reader);
    if (interface->resolution == 6)
        ns *= 1000;
    if (captured > CAPTURE_PACKET_MAX)
        return capture_file_refuse(file, "a packet is longer than any can be");
    status = capture_file_peek(file, PCAP_RECORD_SIZE + captured, &reader);
    if (status != PCE_OK)
        return status;
    wire_skip(&reader, PCAP_RECORD_SIZE);
    packet->octets = wire_rest(&reader);
    packet->size = size > captured ? size : captured;
    packet->link_type = interface->link_type;
    /* A fraction of a second or more is wrong, but can be told. */
    packet->time = (struct capture_time){
        .s = (int64_t)(s + ns / NS_PER_S), .ns = (uint32_t)(ns % NS_PER_S), .is_known = true};
    source_step(file->source, PCAP_RECORD_SIZE + captured);
    return PCE_OK;
}
