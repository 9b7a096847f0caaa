/* Capture file: the packets of a pcap or pcapng file, one after the other.
 *
 * The reader is our own: the formats are small, a capture is as hostile as the network that it is
 * of, and the cursors of wire.h cannot be led outside their octets; libpcap would be a dependency
 * for two headers. Known: pcap (draft-ietf-opsawg-pcap) with microseconds and nanoseconds, and
 * pcapng (draft-ietf-opsawg-pcapng) with sections, interfaces and their clocks; both in both byte
 * orders. The kind is seen from the first octets.
 *
 * Thread: the only one. Owns: the table of interfaces; the source is the caller's.
 * Bound: CAPTURE_PACKET_MAX octets a packet, CAPTURE_INTERFACES_MAX interfaces a section. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FILE_H
#define PCED_SERVER_PCECTL_CAPTURE_FILE_H

#include "server/pcectl/capture/source.h"

#define CAPTURE_PACKET_MAX     (SOURCE_WANT_MAX - 4096U)
#define CAPTURE_INTERFACES_MAX 4096U
/* As many octets as capture_recognise wants. */
#define CAPTURE_MAGIC_SIZE 12U

enum capture_kind {
    CAPTURE_NONE, /* no capture */
    CAPTURE_PCAP,
    CAPTURE_PCAPNG,
    CAPTURE_FOREIGN, /* a capture, or packed, in a way that is not read here */
};

/* Wall clock of the machine that captured. */
struct capture_time {
    int64_t s; /* since 1970-01-01 UTC */
    uint32_t ns;
    bool is_known; /* a simple packet block has no time */
};

struct capture_packet {
    uint64_t number; /* 1, 2, 3 … as other tools count */
    struct capture_time time;
    uint16_t link_type;      /* LINKTYPE_… */
    struct wire_span octets; /* until the next call */
    uint32_t size;           /* on the wire: more than octets.size when it was cut */
};

struct capture_interface {
    uint16_t link_type;
    uint32_t snap_size; /* 0: no limit */
    uint8_t resolution; /* as if_tsresol: 6 is microseconds; with 0x80 set, a power of two */
    int64_t offset_s;   /* if_tsoffset */
};

struct capture_file {
    struct source *source;
    enum capture_kind kind;
    bool is_swapped; /* little-endian */
    uint64_t packet_count;
    struct capture_interface *interfaces; /* pcap: one */
    uint32_t interface_count;
    uint32_t interface_room;
    const char *reason;     /* after PCE_INVALID and PCE_UNSUPPORTED: what is wrong */
    uint64_t reason_offset; /* and where in the input */
};

/* What the first octets of an input are; fewer than CAPTURE_MAGIC_SIZE may be there. */
enum capture_kind capture_recognise(struct wire_span first);

/* Reads the file's header. PCE_UNSUPPORTED: no capture that is read here. PCE_INVALID: damaged.
 * PCE_CLOSED: empty. PCE_CANCELLED, PCE_IO, PCE_NO_MEMORY as in source.h. */
PCE_MUST_CHECK enum pce_status capture_file_init(struct capture_file *file, struct source *source);
void capture_file_fini(struct capture_file *file);

/* The next packet. PCE_CLOSED: no more. PCE_LIMIT: the file ends within a record. PCE_INVALID: the
 * file is damaged, there is nothing more to be had from it. Others as in source.h. */
PCE_MUST_CHECK enum pce_status capture_file_next(struct capture_file *file,
                                                 struct capture_packet *packet);

#endif
