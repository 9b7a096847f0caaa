/* Store: keys and values that survive the process and the machine, in LMDB, behind a thread.
 *
 * The thread `pced-store` alone writes. Whoever wants something kept puts together a batch of
 * changes and submits it; all that waits is written in one transaction (group commit), synced, and
 * only then is each batch answered. A batch is kept whole or not at all. A batch that was not
 * answered, because the process ended or because its commit failed at the very last step, may be
 * there all the same: orders have to be idempotent.
 *
 * Nothing is read while the thread runs: store_walk comes before store_start.
 *
 * A file that is damaged is never written to: store_open looks at every page and every record of
 * it before LMDB may map it, and says what is wrong. What cannot be seen so is a file that somebody
 * cuts off while it is in use.
 *
 * In the folder: data.mdb (and LMDB's lock.mdb), which mdb_copy may copy at any time, and
 * pced.lock, by which a second process is refused.
 *
 * Thread: store_submit, store_explain and store_figures by any; the rest by the thread that opened
 * it. deliver is called on the store's thread. Owns: the environment, and batches from store_submit
 * to their answer. Bound: STORE_WAITING_MAX batches and STORE_WAITING_OCTETS_MAX octets are not yet
 * answered; size_max octets of file, and STORE_RESERVE more for deletions. */
#ifndef PCED_IO_STORE_STORE_H
#define PCED_IO_STORE_STORE_H

#include "core/base/wire.h"
#include "io/os/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_PATH_SIZE          1024              /* octets of the folder's path with its NUL */
#define STORE_KEY_SIZE_MAX       511               /* LMDB's own limit */
#define STORE_VALUE_SIZE_MAX     ((size_t)1 << 20) /* octets */
#define STORE_BATCH_CHANGES_MAX  256
#define STORE_BATCH_OCTETS_MAX   ((size_t)4 << 20)
#define STORE_WAITING_MAX        1024
#define STORE_WAITING_OCTETS_MAX ((uint64_t)64 << 20)
#define STORE_SIZE_MIN           ((uint64_t)1 << 20) /* of size_max */
/* A full store could not be emptied: a deletion writes pages, too. */
#define STORE_RESERVE     ((uint64_t)8 << 20)
#define STORE_QUOTAS_MAX  16
#define STORE_PREFIX_SIZE 32 /* octets of a quota's prefix with its NUL */

struct store;
struct store_batch;

/* How many records there may be whose keys begin so. */
struct store_quota {
    char prefix[STORE_PREFIX_SIZE];
    uint64_t count_max;
};

/* PCE_OK, or why nothing of the batch was kept. */
struct store_result {
    enum pce_status status;
    int code; /* for store_explain alone */
};

struct store_options {
    const char *path;  /* a folder that exists */
    uint64_t size_max; /* octets of the file */
    const struct store_quota *quotas;
    unsigned quota_count;
    /* NULL, or told of each batch of which nothing was kept, on the store's thread. */
    void (*on_failed)(void *context, const struct store_result *result);
    void *context;
};

/* False: it cannot be taken now, and is offered again. */
typedef bool store_deliver_fn(void *context, uint64_t tag, const struct store_result *result);

struct store_reply {
    store_deliver_fn *deliver;
    void *context;
    uint64_t tag; /* whatever tells the asker which batch it was */
};

struct store_figures {
    uint64_t commits; /* transactions that were written and synced */
    uint64_t records; /* changes in these: puts and deletions */
    uint64_t octets;  /* keys and values of these changes */
    uint64_t refused; /* batches for which there was no place */
    uint64_t failed;  /* batches of which nothing was kept */
    uint64_t waiting; /* batches that are not yet answered */
    uint64_t size;    /* octets of the file that are or were in use */
};

/* Opens or makes the store. PCE_EXISTS: another process has it; PCE_IO: the file is damaged, or the
 * machine refuses; PCE_INVALID: size_max does not do; PCE_NOT_FOUND, PCE_DENIED: the folder. */
PCE_MUST_CHECK enum pce_status store_open(const struct store_options *options, struct store **store,
                                          struct failure *failure);
/* Whether store_open could succeed; makes nothing and changes nothing. */
PCE_MUST_CHECK enum pce_status store_probe(const struct store_options *options,
                                           struct failure *failure);

/* Key and value are valid during the call. What is not PCE_OK ends the walk and is given back. */
typedef enum pce_status store_visit_fn(void *context, struct wire_span key, struct wire_span value);
/* All records whose keys begin with the prefix, in the order of their keys. Not after store_start.
 */
PCE_MUST_CHECK enum pce_status store_walk(struct store *store, const char *prefix,
                                          store_visit_fn *visit, void *context,
                                          struct failure *failure);

/* Starts the thread. */
PCE_MUST_CHECK enum pce_status store_start(struct store *store, struct failure *failure);
/* Writes what waits, answers it, and ends. Nobody may submit any more. NULL is fine. */
void store_close(struct store *store);

/* ---- batches: of one thread until they are submitted ---- */

/* NULL: no memory. */
struct store_batch *store_batch_create(void);
void store_batch_destroy(struct store_batch *batch);
/* A batch names a key once (PCE_EXISTS). PCE_INVALID: a key that is empty or too long; PCE_LIMIT: a
 * value that is too large, or a full batch; what fails leaves the batch as it was. */
PCE_MUST_CHECK enum pce_status store_batch_put(struct store_batch *batch, struct wire_span key,
                                               struct wire_span value);
/* A key that is not there when it is to be deleted is fine. */
PCE_MUST_CHECK enum pce_status store_batch_delete(struct store_batch *batch, struct wire_span key);

/* The batch is the store's when it is PCE_OK, and an answer comes. PCE_LIMIT: no place now, the
 * batch stays with the caller. */
PCE_MUST_CHECK enum pce_status store_submit(struct store *store, struct store_batch *batch,
                                            const struct store_reply *reply);

/* Why a batch was not kept, for an operator. */
void store_explain(const struct store *store, const struct store_result *result,
                   struct failure *failure);
struct store_figures store_figures(const struct store *store);

#endif
