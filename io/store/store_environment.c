/* What is asked of LMDB's environment, and its end. */
#include "io/store/store_impl.h"

#include <stdlib.h>
#include <unistd.h>

void store_measure(struct store *store)
{
    MDB_envinfo info;
    MDB_stat stat_;
    if (mdb_env_info(store->env, &info) == 0 && mdb_env_stat(store->env, &stat_) == 0)
        counter_set(&store->size, ((uint64_t)info.me_last_pgno + 1) * stat_.ms_psize);
}

void store_release(struct store *store)
{
    mailbox_destroy(store->mailbox);
    /* A map that was lost is not given back once more: something else may lie there. */
    if (store->env != NULL && !store->is_broken)
        mdb_env_close(store->env);
    if (store->lock >= 0)
        (void)close(store->lock);
    free(store);
}
