/* API records: what the store keeps of API sources.
 *
 * A source is one record "NAME/0", or several where it is larger than one may be: "NAME/1" goes on where "NAME/0" ends.
 * The first begins with a header of API_RECORD_HEADER_SIZE octets, the text follows.
 *
 * Thread: the main thread, before the store's thread starts. Owns: the seeds, until they are destroyed.
 * Bound: API_RECORD_CHUNKS records for each source. */
#ifndef PCED_SERVER_TOPOLOGY_API_RECORD_H
#define PCED_SERVER_TOPOLOGY_API_RECORD_H

#include "io/os/failure.h"
#include "server/topology/api_source.h"

#define API_RECORD_SIZE_MAX    1048576
#define API_RECORD_HEADER_SIZE 16
#define API_RECORD_CHUNKS                                                                          \
    ((API_SOURCE_OCTETS_MAX + API_RECORD_HEADER_SIZE - 1) / API_RECORD_SIZE_MAX + 1)

/* A source as the store has it. */
struct api_seed {
    struct api_source source; /* spec, text, size, changed_s */
    size_t wanted;            /* octets of the text, of which `size` are there */
    uint32_t chunks;          /* that were read */
};

struct api_seeds {
    struct api_seed *seeds[API_SOURCES_MAX];
    uint32_t count;
};

struct stored;

/* A record that cannot be read is logged and left alone. */
PCE_MUST_CHECK enum pce_status api_seeds_read(struct stored *stored, struct api_seeds *seeds,
                                              struct failure *failure);
void api_seeds_fini(struct api_seeds *seeds);

#endif
