/* Request source: the address that pcectl request comes from when the PCE has a session with its
 * own already.
 *
 * A PCE keeps one session for each address (RFC 5440 4.2.1) and refuses a second one with PCErr 9.
 * On 127.0.0.0/8 another address of that net is taken, without a pause. Where that cannot be (the
 * user has named an address; the PCE is not on that net, and ::1 has no neighbours; its access list
 * does not admit the other ones) the same address is tried again, with pauses, until the deadline.
 *
 * Thread: the only one. Owns: nothing.
 * Bound: REQUEST_SOURCES_MAX other addresses, then the deadline. */
#ifndef PCED_SERVER_PCECTL_REQUEST_REQUEST_SOURCE_H
#define PCED_SERVER_PCECTL_REQUEST_REQUEST_SOURCE_H

#include "server/pcectl/request/request.h"

#define REQUEST_SOURCES_MAX   8
#define REQUEST_PAUSE_MIN_MS  20
#define REQUEST_PAUSE_MAX_MS  500
#define REQUEST_SOURCE_PREFIX 10

struct request_sources {
    uint32_t pid;
    uint32_t tried; /* other addresses */
    uint32_t pause_ms;
    bool is_named;      /* the user has named the address: it stays */
    bool is_second;     /* the PCE has a session with an address of ours */
    struct ip rejected; /* the other address that had no chance; IP_NONE: there was none */
    enum pce_status rejected_how; /* … and how that attempt ended */
};

/* How an attempt ended that brought no session. */
struct request_attempt {
    enum pce_status status;
    uint8_t error_type; /* of the PCErr; 0: there was none */
    bool has_open;      /* the PCE had sent its Open */
};

/* from: what the user has named, or IP_NONE. pid: spreads processes over addresses and pauses. */
void request_sources_init(struct request_sources *sources, const struct ip *from, uint32_t pid);

/* Whether another attempt is worth while. *from is the address for it, where IP_NONE lets the
 * system choose; *pause_ms: how long to wait before. */
PCE_MUST_CHECK bool request_sources_next(struct request_sources *sources,
                                         const struct client_options *server,
                                         const struct request_attempt *attempt, struct ip *from,
                                         uint32_t *pause_ms);

/* What happened and what to do, in a line: after request_sources_next, while is_second. */
void request_sources_explain(const struct request_sources *sources, const struct request_plan *plan,
                             char *text, size_t size);

#endif
