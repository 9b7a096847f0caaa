/* Framer: from one direction's octets to messages of PCEP or BGP, also where octets are missing.
 *
 * In step, a message ends where its header says (RFC 5440 6.1, RFC 4271 4.1). Out of step are: a connection that
 * was under way when the capture began; one that has a gap; one whose header cannot be. Getting
 * into step again:
 *  - a gap that ends within the message that it began in costs that message alone: its header tells
 *    where the next one begins;
 *  - else octets are skipped up to a plausible message: version 1 without flags, a known type, a
 *    length that this type can have, and objects that follow each other up to its end as far as
 *    their octets are there; of BGP its marker, and a header that can be. PCEP messages are
 *    multiples of four octets, so after a gap only every fourth octet is looked at; at the start of a
 *    capture, or after a header that cannot be, every one.
 * When both sides go over to TLS after StartTLS (RFC 8253 3.2), nothing more can be read.
 *
 * Thread: the only one. Owns: the beginning of a message that is not whole.
 * Bound: 65,535 octets and the rest of one segment. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FRAMER_H
#define PCED_SERVER_PCECTL_CAPTURE_FRAMER_H

#include "server/pcectl/capture/stream.h"

/* Objects of a message that are looked at before it is taken to be one. */
#define FRAMER_OBJECTS_MAX 16U

enum framer_mode {
    FRAMER_IN_STEP,
    FRAMER_SEARCHING,
    FRAMER_ENCRYPTED,
};

enum framer_event {
    FRAMER_MESSAGE,   /* octets: the message */
    FRAMER_BROKEN,    /* size: of a message that a gap has cut into */
    FRAMER_BAD,       /* reason: a header that cannot be */
    FRAMER_FOUND,     /* size: octets that were skipped to get into step */
    FRAMER_TLS,       /* from here on nothing can be read */
    FRAMER_NO_MEMORY, /* size: octets that could not be kept */
};

struct framer_news {
    enum framer_event event;
    struct wire_span octets; /* until the sink returns */
    uint64_t size;
    const char *reason;
    const struct capture_stamp *stamp; /* of the packet that completed it */
};

typedef void framer_sink_fn(void *context, const struct framer_news *news);

enum framer_verdict {
    FRAMER_NO,
    FRAMER_MAYBE, /* too little is there to say */
    FRAMER_YES,
};

struct framer_protocol {
    const char *reference; /* of its header */
    uint32_t header_size;
    uint32_t type_at; /* where the header has the message type */
    uint32_t align;   /* of messages, in octets: at most 4 */
    /* Whether a message may begin here. */
    enum framer_verdict (*judge)(struct wire_span octets);
    /* Why the header cannot be; NULL: it can. */
    const char *(*object_to)(const uint8_t *header);
    uint32_t (*size_of)(const uint8_t *header);
    /* Whether TLS follows this message; NULL: never. */
    bool (*begins_tls)(const uint8_t *message);
};

extern const struct framer_protocol framer_pcep; /* framer_pcep.c */
extern const struct framer_protocol framer_bgp;  /* framer_bgp.c */

struct framer {
    const struct framer_protocol *protocol;
    framer_sink_fn *sink;
    void *context;
    uint8_t mode;      /* enum framer_mode */
    bool has_starttls; /* this side has sent StartTLS */
    bool has_phase;    /* messages begin where position is a multiple of the alignment */
    uint8_t phase;     /* position modulo the alignment */
    uint32_t rest;     /* octets of a broken message that are still to come */
    uint64_t skipped;  /* since the search began */
    uint8_t *partial;  /* NULL between messages */
    uint32_t partial_size;
    uint32_t partial_room;
};

/* is_in_step: the first octet is that of a message, as after SYN. */
void framer_init(struct framer *framer, const struct framer_protocol *protocol,
                 framer_sink_fn *sink, void *context, bool is_in_step);
void framer_fini(struct framer *framer);
void framer_put(struct framer *framer, struct wire_span octets, const struct capture_stamp *stamp);
void framer_gap(struct framer *framer, uint32_t size, const struct capture_stamp *stamp);
/* Octets of a message that has begun; 0 between messages. *whole: how long it is, 0 if unknown. */
uint32_t framer_pending(const struct framer *framer, uint32_t *whole);

#endif
