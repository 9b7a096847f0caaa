/* Session: one BGP connection to a consumer of link state, kept up while somebody else has nothing to send.
 *
 * Blocking: whoever sends waits for the reader at the other end. What the peer says after its OPEN is read and
 * thrown away, but for the end of the connection.
 *
 * Thread: one. Owns: the connection. Bound: one message of the peer at a time. */
#ifndef PCED_BENCH_LSFEED_SESSION_H
#define PCED_BENCH_LSFEED_SESSION_H

#include "bench/lsfeed/encode.h"

#include <netinet/in.h>

struct session_options {
    struct sockaddr_in peer;
    struct sockaddr_in source; /* port 0: the system chooses; address 0: likewise */
    struct encode_open open;
};

struct session {
    const struct session_options *options;
    int socket; /* -1: there is none */
    bool is_extended;
    bool was_up; /* once before: the next OPEN says so */
};

/* Until the peer's KEEPALIVE; tries again while nobody listens, some seconds. NULL, or what went wrong. */
const char *session_open(struct session *session);
/* NULL, or what went wrong; the connection is closed then. */
const char *session_send(struct session *session, const uint8_t *octets, size_t size);
/* Reads what has come; false: the connection has ended, and is closed. */
bool session_read(struct session *session);
void session_send_keepalive(struct session *session);
/* With a Cease (RFC 4271 6.7), or as a router that crashes. */
void session_close(struct session *session, bool says_so);

#endif
