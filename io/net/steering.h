/* Steering: which shard a source address belongs to, once in C and once as the program that the
 * kernel runs for each connection. Both are the same hash; a test holds them against each other.
 *
 * A plain modulo would put routers that are numbered with a stride (one per /24) on one shard, so
 * the octets are mixed first.
 *
 * Thread: any; for io/ alone, but for listener_shard_of. */
#ifndef PCED_IO_NET_STEERING_H
#define PCED_IO_NET_STEERING_H

#include "core/base/ip.h"
#include "io/os/failure.h"

/* Attaches the program for the family to the SO_REUSEPORT group of the socket. */
PCE_MUST_CHECK enum pce_status steering_attach(int descriptor, enum ip_family family,
                                               unsigned shard_count, struct failure *failure);

#endif
