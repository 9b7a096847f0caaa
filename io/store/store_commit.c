/* A group of batches becomes one transaction. */
#include "io/store/store_impl.h"

#include <string.h>

/* What a transaction changes beside the file; nothing of it counts before the commit. */
struct pass {
    MDB_txn *txn;
    int64_t quota_changes[STORE_QUOTAS_MAX];
    uint64_t records;
    uint64_t octets;
};

static MDB_val span_value(struct wire_span span)
{
    /* LMDB does not write to what it is given. */
    union {
        const uint8_t *octets;
        void *data;
    } cast = {.octets = span.octets};
    return (MDB_val){span.size, cast.data};
}

static bool code_is_room(int code)
{
    return code == MDB_MAP_FULL || code == MDB_TXN_FULL;
}

/* How the batch would change the number of records of each quota. A batch names a key once, so
 * each key is judged by what was there before. */
static int pass_count(const struct store *store, const struct pass *pass,
                      const struct store_batch *batch, int64_t changes[STORE_QUOTAS_MAX])
{
    struct store_item item;
    memset(changes, 0, STORE_QUOTAS_MAX * sizeof changes[0]);
    for (size_t offset = 0; store_batch_next(batch, &offset, &item);) {
        MDB_val key = span_value(item.key);
        MDB_val found;
        unsigned quota = store_quota_find(store, item.key);
        if (quota == store->quota_count)
            continue;
        int code = mdb_get(pass->txn, store->records, &key, &found);
        if (code != 0 && code != MDB_NOTFOUND)
            return code;
        if (item.is_delete)
            changes[quota] -= code == 0;
        else
            changes[quota] += code == MDB_NOTFOUND;
    }
    return 0;
}

/* A batch that adds none is let through: a limit that was lowered must not keep changes out. */
static bool pass_is_within(const struct store *store, const struct pass *pass,
                           const int64_t changes[STORE_QUOTAS_MAX])
{
    for (unsigned i = 0; i < store->quota_count; i++) {
        int64_t count = (int64_t)store->quota_counts[i] + pass->quota_changes[i] + changes[i];
        if (changes[i] > 0 && count > (int64_t)store->quotas[i].count_max)
            return false;
    }
    return true;
}

static int pass_write(const struct store *store, struct pass *pass, const struct store_batch *batch)
{
    struct store_item item;
    int code = 0;
    for (size_t offset = 0; code == 0 && store_batch_next(batch, &offset, &item);) {
        MDB_val key = span_value(item.key);
        MDB_val stored = span_value(item.stored);
        code = item.is_delete ? mdb_del(pass->txn, store->records, &key, NULL)
                              : mdb_put(pass->txn, store->records, &key, &stored, 0);
        if (item.is_delete && code == MDB_NOTFOUND)
            code = 0;
        pass->records++;
        pass->octets += item.key.size + item.stored.size;
    }
    return code;
}

/* What is returned is about the whole transaction; what is wrong with the batch alone is in its
 * code, and nothing of it was written. */
static int pass_add(const struct store *store, struct pass *pass, struct store_batch *batch)
{
    int64_t changes[STORE_QUOTAS_MAX];
    int code = pass_count(store, pass, batch, changes);
    if (code != 0)
        return code;
    if (!pass_is_within(store, pass, changes)) {
        batch->code = STORE_CODE_QUOTA;
        return 0;
    }
    batch->code = 0;
    code = pass_write(store, pass, batch);
    for (unsigned i = 0; i < store->quota_count; i++)
        pass->quota_changes[i] += changes[i];
    return code;
}

static void pass_settle(struct store *store, const struct pass *pass)
{
    if (pass->records == 0)
        return;
    for (unsigned i = 0; i < store->quota_count; i++)
        store->quota_counts[i] += (uint64_t)pass->quota_changes[i];
    counter_add(&store->commits, 1);
    counter_add(&store->records_written, pass->records);
    counter_add(&store->octets_written, pass->octets);
    store_measure(store);
}

/* One transaction; what failed it stands in all batches. After MDB_MAP_FULL a transaction is good
 * for nothing but its abort. */
static int commit_once(struct store *store, struct list_link *group)
{
    struct pass pass = {.txn = NULL};
    int code = store->is_broken ? STORE_CODE_BROKEN : mdb_txn_begin(store->env, NULL, 0, &pass.txn);
    LIST_FOR(link, group)
    {
        if (code != 0)
            break;
        code = pass_add(store, &pass, CONTAINER_OF(link, struct store_batch, link));
    }
    if (code == 0)
        code = mdb_txn_commit(pass.txn);
    else if (pass.txn != NULL)
        mdb_txn_abort(pass.txn);
    if (code == 0) {
        pass_settle(store, &pass);
        return 0;
    }
    LIST_FOR(link, group)
    {
        CONTAINER_OF(link, struct store_batch, link)->code = code;
    }
    return code;
}

/* No transaction is open in this process, as set_mapsize wants it. Where the new mapping is refused
 * the old one is gone. */
static void commit_resize(struct store *store, uint64_t size)
{
    if (!store->is_broken && mdb_env_set_mapsize(store->env, size) != 0)
        store->is_broken = true;
}

/* One batch that had no room in the file. A reader that died may hold pages; a deletion may use the
 * reserve. */
static void commit_short(struct store *store, struct list_link *alone,
                         const struct store_batch *batch)
{
    int freed = 0;
    if (mdb_reader_check(store->env, &freed) == 0 && freed > 0 &&
        !code_is_room(commit_once(store, alone)))
        return;
    if (batch->has_put)
        return;
    commit_resize(store, store->size_max + STORE_RESERVE);
    (void)commit_once(store, alone);
    commit_resize(store, store->size_max);
}

/* Batches that have no room together may have it one by one, and each gets its own answer. */
static void commit_each(struct store *store, struct list_link *group)
{
    struct list_link done, alone;
    list_init(&done);
    list_init(&alone);
    for (struct list_link *link; (link = list_pop_front(group)) != NULL;) {
        list_push_back(&alone, link);
        if (code_is_room(commit_once(store, &alone)))
            commit_short(store, &alone, CONTAINER_OF(link, struct store_batch, link));
        list_splice_back(&done, &alone);
    }
    list_splice_back(group, &done);
}

void store_commit(struct store *store, struct list_link *group)
{
    thread_owner_check(&store->owner);
    if (code_is_room(commit_once(store, group)))
        commit_each(store, group);
    LIST_FOR(link, group)
    {
        int code = CONTAINER_OF(link, struct store_batch, link)->code;
        const struct store_result result = {store_code_status(code), code};
        if (code == 0)
            continue;
        counter_add(&store->failed, 1);
        if (store->on_failed != NULL)
            store->on_failed(store->context, &result);
    }
}
