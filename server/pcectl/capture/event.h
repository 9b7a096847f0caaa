/* Event: what is found in a capture: a message, or something that is wrong or worth to be known.
 *
 * Thread: any. Owns: nothing; octets and texts are valid until the sink returns. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_EVENT_H
#define PCED_SERVER_PCECTL_CAPTURE_EVENT_H

#include "core/base/ip.h"
#include "server/pcectl/capture/stream.h"

struct session_stats;

enum capture_event_kind {
    CAPTURE_MESSAGE,    /* octets: a whole message */
    CAPTURE_GAP,        /* size octets of the connection are not in the capture */
    CAPTURE_BAD_HEADER, /* text: why the stream cannot be followed from here */
    CAPTURE_CUT,        /* the connection ended within a message: size octets of it are there */
    CAPTURE_LIMIT,      /* text: what was given up because a limit was hit */
    CAPTURE_FRAGMENT,   /* text: why a datagram in fragments is lost; there are no ports */
    CAPTURE_DAMAGED,    /* text: why the capture file cannot be read any further */
    /* From here on nothing is wrong. */
    CAPTURE_SKIPPED,    /* size octets that belong to no message were stepped over */
    CAPTURE_ENCRYPTED,  /* TLS begins */
    CAPTURE_UNFINISHED, /* the capture ended within a message: size octets of it are there */
    CAPTURE_KINDS,
};

struct capture_endpoint {
    struct ip address;
    uint16_t port; /* 0: not known (CAPTURE_FRAGMENT) */
};

enum capture_direction {
    CAPTURE_DIRECTION_UNKNOWN, /* both ports are PCEP's, and the connection's start was not seen */
    CAPTURE_TO_SERVER,
    CAPTURE_TO_CLIENT,
};

struct capture_event {
    enum capture_event_kind kind;
    enum capture_direction direction;
    struct capture_stamp stamp;
    uint32_t session; /* 1, 2 … in the order of the capture; 0: no session */
    struct capture_endpoint from, to;
    bool is_bgp; /* of a BGP connection; else of PCEP, or of no connection */
    bool *
        has_as2; /* of a BGP connection: AS numbers have two octets, as an OPEN has said; the sink's */
    uint8_t type; /* MESSAGE */
    struct wire_span octets;
    uint64_t size;
    uint32_t whole; /* GAP, CUT, UNFINISHED: length of the message, 0 if not known */
    const char *text;
    struct session_stats *stats; /* of the session, or NULL */
};

typedef void capture_sink_fn(void *context, const struct capture_event *event);

static inline bool capture_event_is_fault(enum capture_event_kind kind)
{
    return kind != CAPTURE_MESSAGE && kind < CAPTURE_SKIPPED;
}

#endif
