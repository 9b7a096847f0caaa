/* Endpoint: an address and a TCP port as one text; names of hosts.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_CONFIG_ENDPOINT_H
#define PCED_SERVER_CONFIG_ENDPOINT_H

#include "core/base/ip.h"

/* "192.0.2.1:80", "[2001:db8::1]:80", or "80" alone for 127.0.0.1. Ports 1 to 65535. */
bool endpoint_parse(const char *text, struct ip *address, uint16_t *port);

/* Whether these could be names of hosts, separated by spaces: letters, digits, dots and hyphens. */
bool host_names_are_good(const char *names);

#endif
