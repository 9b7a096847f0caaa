/* Capture file, within: what pcap.c and pcapng.c share.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FILE_IMPL_H
#define PCED_SERVER_PCECTL_CAPTURE_FILE_IMPL_H

#include "server/pcectl/capture/file.h"

#define NS_PER_S UINT64_C(1000000000)

/* Numbers of the file, in its byte order. */
static inline uint16_t file_u16(const struct capture_file *file, struct wire_reader *reader)
{
    uint16_t value = wire_u16(reader);
    return file->is_swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t file_u32(const struct capture_file *file, struct wire_reader *reader)
{
    uint32_t value = wire_u32(reader);
    return file->is_swapped ? __builtin_bswap32(value) : value;
}

/* Records what is wrong at the cursor of the source, and gives PCE_INVALID. */
enum pce_status capture_file_refuse(struct capture_file *file, const char *reason);
/* Adds an interface; PCE_INVALID past the limit. */
PCE_MUST_CHECK enum pce_status capture_file_add(struct capture_file *file,
                                                struct capture_interface interface);
/* Peeks; an end within what was promised is PCE_LIMIT. */
PCE_MUST_CHECK enum pce_status capture_file_peek(struct capture_file *file, size_t size,
                                                 struct wire_reader *reader);

PCE_MUST_CHECK enum pce_status pcap_open(struct capture_file *file);
PCE_MUST_CHECK enum pce_status pcap_next(struct capture_file *file, struct capture_packet *packet);
PCE_MUST_CHECK enum pce_status pcapng_open(struct capture_file *file);
PCE_MUST_CHECK enum pce_status pcapng_next(struct capture_file *file,
                                           struct capture_packet *packet);

#endif
