/* The values of a topology file: how each kind is written, and what it becomes.
 *
 * Each function reads the current scalar into a field of the type that it names, within the row's
 * range where it says so.
 *
 * Thread: the caller's. Owns: nothing. Bound: as topology_reader.h. */
#ifndef PCED_CORE_TED_TOPOLOGY_SCALAR_H
#define PCED_CORE_TED_TOPOLOGY_SCALAR_H

#include "core/ted/topology_reader.h"

topo_read_fn topo_read_u32;  /* uint32_t in the row's range: 16000, 0x3e80 */
topo_read_fn topo_read_u8;   /* uint8_t in the row's range */
topo_read_fn topo_read_bool; /* bool: true, false */
topo_read_fn topo_read_name; /* char[TED_NAME_SIZE_MAX + 1]: row->min octets or more */
topo_read_fn topo_read_ip;   /* struct ip of either family */
topo_read_fn topo_read_v4;   /* struct ip */
topo_read_fn topo_read_v6;   /* struct ip */

/* float, octets per second, from bits per second with a suffix k, M, G or T: 10G, 2.5G */
topo_read_fn topo_read_bandwidth;
/* uint32_t, microseconds in the row's range, from us (or nothing) or ms: 250, 250us, 1.25ms */
topo_read_fn topo_read_delay;
/* uint32_t, units of 0.000003 % up to the row's maximum, from a number of percent: 0.5 */
topo_read_fn topo_read_loss;
/* double, degrees from -row->max to row->max */
topo_read_fn topo_read_degrees;
/* uint8_t: 0, 1 or 128-255 (RFC 8665 8.5: the others are not assigned) */
topo_read_fn topo_read_algorithm;
/* uint8_t, enum ip_family: ipv4, ipv6, and where row->min is 0 also both (IP_NONE) */
topo_read_fn topo_read_family;
/* uint16_t, an SRv6 endpoint behaviour: End, End.X or a number from 1 to 65534 (RFC 8986 10.2) */
topo_read_fn topo_read_behavior;

#endif
