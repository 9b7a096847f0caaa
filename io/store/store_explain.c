/* Why a batch was not kept, in words. */
#include "io/store/store_impl.h"

#include <errno.h>
#include <inttypes.h>

enum pce_status store_code_status(int code)
{
    if (code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == STORE_CODE_QUOTA)
        return PCE_LIMIT;
    return code >= 0 ? failure_status(code) : PCE_IO;
}

void store_explain(const struct store *store, const struct store_result *result,
                   struct failure *failure)
{
    const char *path = store->path;
    switch (result->code) {
    case 0:
        (void)!failure_set(failure, result->status, "the store: %s",
                           pce_status_text(result->status));
        break;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        (void)!failure_set(failure, PCE_LIMIT,
                           "the store %.200s is full: it may have %" PRIu64 " octets", path,
                           store->size_max);
        break;
    case STORE_CODE_QUOTA:
        (void)!failure_set(failure, PCE_LIMIT, "the store has as many records of a kind as it may");
        break;
    case MDB_PANIC:
    case STORE_CODE_BROKEN:
        (void)!failure_set(failure, PCE_IO,
                           "the store %.200s cannot be written to after a failure of the disk or "
                           "of memory, until a restart",
                           path);
        break;
    case EIO:
        /* LMDB says this also of a write that a full disk has cut short. */
        (void)!failure_set(failure, PCE_IO, "the store %.200s: the disk failed, or is full: %s",
                           path, mdb_strerror(EIO));
        break;
    default:
        (void)!failure_set(failure, result->status, "the store %.200s: %s", path,
                           mdb_strerror(result->code));
    }
}
