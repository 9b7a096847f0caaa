/* The options that every TCP socket of ours has, listening or connecting; for io/ alone.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_IO_NET_SOCKET_OPTIONS_H
#define PCED_IO_NET_SOCKET_OPTIONS_H

#include <stdbool.h>

bool socket_set_option(int descriptor, int level, int name, int value);
/* Sharing of the address and port, no delay, and what bounds the octets that the kernel takes for a
 * peer that does not read. low_water: 0 for the default, -1 for none. False with errno set. */
bool socket_set_options(int descriptor, int family, int send_buffer, int low_water);

#endif
