/* Record: the header before each stored value, by which damage of the record is noticed.
 *
 * Octets: version (4), size of the value (4), checksum (8: XXH3 of the eight octets before it, the
 * key and the value, each seeded with the one before). LMDB has no checksums: a page that a disk
 * gives back wrong would be believed.
 *
 * Thread: any. Owns: nothing. Bound: RECORD_HEADER_SIZE octets. */
#ifndef PCED_IO_STORE_RECORD_H
#define PCED_IO_STORE_RECORD_H

#include "core/base/wire.h"

#define RECORD_HEADER_SIZE 16
#define RECORD_VERSION     1

void record_seal(struct wire_span key, struct wire_span value, uint8_t header[RECORD_HEADER_SIZE]);

/* The value within what was stored; NULL, or what is wrong with it. */
const char *record_open(struct wire_span key, struct wire_span stored, struct wire_span *value);

#endif
