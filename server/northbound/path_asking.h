/* Path asking: a path that an operator wants to know, computed by a thread of the pool and answered
 * when it is there; the shard's turn only hands it on.
 *
 * It names nodes by their names, and is computed on whatever network there is when its turn comes.
 *
 * Thread: the shard's; between the order and its answer a thread of the pool reads the query, and
 * writes the answer. Owns: nothing; the asking is the poster's. Bound: the pool's room for operators
 * (server/shard/compute.h). */
#ifndef PCED_SERVER_NORTHBOUND_PATH_ASKING_H
#define PCED_SERVER_NORTHBOUND_PATH_ASKING_H

#include "core/intent/path_query.h"
#include "server/northbound/envelope.h"
#include "server/shard/part.h"

enum path_asking_outcome {
    PATH_ASKING_ANSWERED, /* `answer` is there, unless memory ran out */
    PATH_ASKING_NO_NETWORK,
    PATH_ASKING_BUSY, /* too many are being computed, or there is nobody who computes */
};

struct path_asking {
    struct path_query query;
    enum path_asking_outcome outcome;
    json_t *answer; /* the poster's reference; NULL: none */
};

/* Its path computations, and their way back. */
extern const struct shard_part path_askings_part;

#endif
