/* Flow: the TCP connections of a capture, and the messages of PCEP and BGP in them.
 *
 * A connection begins with SYN, or with its first octets when it was under way already. It ends
 * with FIN of both sides, with RST, or with a new SYN between the same ports. One that has ended
 * stays known for a while, so that what comes again is not taken for a new one.
 *
 * Which connections are BGP is said by port. Which are PCEP likewise, or, with is_any_port, seen: a direction whose start
 * was captured must begin with a plausible message (framer.h); one that was under way must have a
 * segment that begins with one, among its first FLOW_TRIES.
 *
 * Thread: the only one. Owns: the connections.
 * Bound: FLOW_CONNECTIONS_MAX connections, and FLOW_OCTETS_MAX octets held for all of them
 * together: segments after holes, and messages that are not whole. At a limit the connection that
 * was quiet for longest is forgotten, and it is said when it had not ended. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FLOW_H
#define PCED_SERVER_PCECTL_CAPTURE_FLOW_H

#include "core/base/map.h"
#include "server/pcectl/capture/event.h"
#include "server/pcectl/capture/framer.h"
#include "server/pcectl/capture/packet.h"
#include "server/pcectl/capture/stream.h"

#define FLOW_CONNECTIONS_MAX 65536U
#define FLOW_OCTETS_MAX      ((size_t)64U << 20)
#define FLOW_PORTS_MAX       16U
#define FLOW_TRIES           8U
#define FLOW_PORT_PCEP       4189U
#define FLOW_PORT_BGP        179U

struct flow_ports {
    uint16_t ports[FLOW_PORTS_MAX];
    uint32_t count;
};

struct flow_options {
    struct flow_ports pcep;   /* none: FLOW_PORT_PCEP */
    struct flow_ports bgp;    /* none: FLOW_PORT_BGP */
    bool is_any_port;         /* of PCEP */
    uint32_t connections_max; /* 0: FLOW_CONNECTIONS_MAX */
    size_t octets_max;        /* 0: FLOW_OCTETS_MAX */
};

/* Called when a connection is known to be one of ours, and when it ends. */
struct flow_sink {
    capture_sink_fn *on_event;
    /* Where to count; NULL is fine. */
    struct session_stats *(*on_begin)(void *context, uint32_t session,
                                      const struct capture_endpoint ends[2]);
    void (*on_end)(void *context, struct session_stats *stats, const char *how);
};

struct flow_counters {
    uint64_t segments; /* of connections that are looked at */
    uint64_t repeated_octets;
    uint64_t late_segments;
    uint64_t forgotten; /* connections, at a limit */
};

struct flow_table {
    struct flow_options options;
    const struct flow_sink *sink;
    void *context;
    struct map map;
    struct list_link recent; /* connections, the one that was quiet for longest first */
    uint32_t session_count;  /* that were ours */
    size_t octets;           /* held now */
    struct flow_counters counters;
};

bool flow_has_port(const struct flow_ports *ports, uint16_t port);
/* Whether a connection between these ports is BGP: one of them is, and none is PCEP's. */
bool flow_is_bgp(const struct flow_options *options, uint16_t one, uint16_t other);
/* Whether a connection between these ports is looked at. */
bool flow_is_wanted(const struct flow_options *options, uint16_t one, uint16_t other);

void flow_init(struct flow_table *table, const struct flow_options *options,
               const struct flow_sink *sink, void *context);
/* The end of the capture: what still waits comes out. */
void flow_flush(struct flow_table *table, const struct capture_stamp *stamp);
void flow_fini(struct flow_table *table);

/* One packet. PCE_NO_MEMORY: it is lost, and what is there stays. */
PCE_MUST_CHECK enum pce_status flow_put(struct flow_table *table, const struct packet_ip *ip,
                                        const struct packet_tcp *tcp,
                                        const struct capture_stamp *stamp);

#endif
