/* A small TCP client that waits, for tools and tests: pcectl and the like. Never used by a shard.
 *
 * Thread: one caller. Owns: its descriptor, until client_close. Bound: every call has a deadline.
 */
#ifndef PCED_IO_NET_CLIENT_H
#define PCED_IO_NET_CLIENT_H

#include "core/base/ip.h"
#include "core/base/mono.h"
#include "io/os/failure.h"

#include <stddef.h>
#include <stdint.h>

struct client {
    int descriptor; /* -1 when closed */
};

struct client_options {
    struct ip to;
    uint16_t to_port;
    struct ip from;       /* IP_NONE: the system chooses */
    uint16_t from_port;   /* 0: an ephemeral one; else SO_REUSEADDR and SO_REUSEPORT are set */
    int receive_buffer;   /* SO_RCVBUF in octets, or 0 for the system's default */
    struct mono deadline; /* for the connect */
};

/* PCE_TIMEOUT at the deadline, PCE_CLOSED when refused; the text names both ends. */
PCE_MUST_CHECK enum pce_status client_connect(struct client *client,
                                              const struct client_options *options,
                                              struct failure *failure);
/* All of it, or a status: PCE_TIMEOUT, PCE_CLOSED, PCE_RESET, PCE_IO. */
PCE_MUST_CHECK enum pce_status client_send(struct client *client, const void *octets, size_t size,
                                           struct mono deadline);
/* At least one octet, at most size_max. PCE_CLOSED at the peer's FIN, PCE_RESET after a reset. */
PCE_MUST_CHECK enum pce_status client_receive(struct client *client, void *octets, size_t size_max,
                                              size_t *size, struct mono deadline);
/* Exactly size octets. */
PCE_MUST_CHECK enum pce_status client_receive_all(struct client *client, void *octets, size_t size,
                                                  struct mono deadline);
/* Our FIN; receiving goes on. */
void client_shutdown(struct client *client);
/* Closes; harmless when closed already. client_reset does so with a RST. */
void client_close(struct client *client);
void client_reset(struct client *client);

#endif
