/* Capture: from a capture file to the PCEP messages in it, packet by packet.
 *
 * file.h reads packets, packet.h their headers, fragment.h joins fragments, flow.h finds the
 * connections, stream.h orders their octets, framer.h finds the messages. What comes out are events
 * (event.h), each with the time and number of the packet that completed it.
 *
 * Thread: the only one. Owns: all that is below it but the source.
 * Bound: those of the parts; a file of any size is read with the same memory. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_CAPTURE_H
#define PCED_SERVER_PCECTL_CAPTURE_CAPTURE_H

#include "server/pcectl/capture/flow.h"
#include "server/pcectl/capture/fragment.h"

struct capture_counters {
    uint64_t packets;
    uint64_t others;       /* not TCP over IP */
    uint64_t cut;          /* the capture kept less than the headers */
    uint64_t bad;          /* headers that cannot be */
    uint64_t unread_links; /* of a link type that is not read */
    uint64_t fragments;
};

struct capture {
    struct capture_file file;
    struct fragment_table fragments;
    struct flow_table flows;
    struct flow_sink sink;
    void *context;
    struct capture_stamp stamp; /* of the last packet */
    struct capture_counters counters;
};

/* The results of capture_file_init; nothing is to be released after another one than PCE_OK. */
PCE_MUST_CHECK enum pce_status capture_init(struct capture *capture, struct source *source,
                                            const struct flow_options *options,
                                            const struct flow_sink *sink, void *context);
void capture_fini(struct capture *capture);

/* Takes one packet; the results of capture_file_next. */
PCE_MUST_CHECK enum pce_status capture_next(struct capture *capture);
/* After the last packet: what still waits comes out. A file that ends within a record (status
 * PCE_LIMIT) is said here. */
void capture_end(struct capture *capture, enum pce_status status);

#endif
