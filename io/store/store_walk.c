/* Reading at the start, when nothing is written yet. */
#include "io/store/store_impl.h"

#include "core/base/check.h"
#include "io/store/record.h"

#include <stdio.h>
#include <string.h>

#define KEY_TEXT_SIZE 64

static struct wire_span value_span(MDB_val value)
{
    return (struct wire_span){value.mv_data, value.mv_size};
}

static bool key_begins(struct wire_span key, const char *prefix)
{
    size_t size = strlen(prefix);
    return key.size >= size && memcmp(key.octets, prefix, size) == 0;
}

unsigned store_quota_find(const struct store *store, struct wire_span key)
{
    unsigned i = 0;
    while (i < store->quota_count && !key_begins(key, store->quotas[i].prefix))
        i++;
    return i;
}

/* What of the key can be shown. */
static void key_format(struct wire_span key, char text[KEY_TEXT_SIZE])
{
    size_t i = 0;
    for (; i < key.size && i < KEY_TEXT_SIZE - 1; i++)
        text[i] = (char)(key.octets[i] > ' ' && key.octets[i] < 0x7f ? key.octets[i] : '?');
    text[i] = '\0';
}

static enum pce_status refuse_record(const struct store *store, struct wire_span key,
                                     const char *why, struct failure *failure)
{
    char text[KEY_TEXT_SIZE];
    key_format(key, text);
    return failure_set(failure, PCE_IO,
                       "%.120s/data.mdb is damaged and was left as it is: the record %s: %s. Name "
                       "another folder, or put a good copy in its place",
                       store->path, text, why);
}

/* A walk that goes on: what is sought, and whom it is told. */
struct walk {
    struct store *store;
    const char *prefix;
    store_visit_fn *visit;
    void *context;
    struct failure *failure;
};

static enum pce_status walk_cursor(const struct walk *walk, MDB_cursor *cursor)
{
    MDB_val key = {strlen(walk->prefix), NULL};
    MDB_val stored;
    /* LMDB does not write to the key that it is given, and has no key that is empty. */
    union {
        const char *text;
        void *data;
    } cast = {.text = walk->prefix};
    key.mv_data = cast.data;
    int code = mdb_cursor_get(cursor, &key, &stored, key.mv_size == 0 ? MDB_FIRST : MDB_SET_RANGE);
    for (; code == 0 && key_begins(value_span(key), walk->prefix);
         code = mdb_cursor_get(cursor, &key, &stored, MDB_NEXT)) {
        struct wire_span value;
        const char *why = record_open(value_span(key), value_span(stored), &value);
        if (why != NULL)
            return refuse_record(walk->store, value_span(key), why, walk->failure);
        enum pce_status status = walk->visit(walk->context, value_span(key), value);
        if (status != PCE_OK)
            return status;
    }
    if (code == 0 || code == MDB_NOTFOUND)
        return PCE_OK;
    return failure_set(walk->failure, store_code_status(code), "cannot read the store %s: %s",
                       walk->store->path, mdb_strerror(code));
}

static enum pce_status walk_run(const struct walk *walk)
{
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    enum pce_status status = PCE_OK;
    int code = mdb_txn_begin(walk->store->env, NULL, MDB_RDONLY, &txn);
    if (code == 0)
        code = mdb_cursor_open(txn, walk->store->records, &cursor);
    if (code == 0)
        status = walk_cursor(walk, cursor);
    else
        status = failure_set(walk->failure, store_code_status(code), "cannot read the store %s: %s",
                             walk->store->path, mdb_strerror(code));
    if (cursor != NULL)
        mdb_cursor_close(cursor);
    if (txn != NULL)
        mdb_txn_abort(txn);
    return status;
}

enum pce_status store_walk(struct store *store, const char *prefix, store_visit_fn *visit,
                           void *context, struct failure *failure)
{
    const struct walk walk = {store, prefix, visit, context, failure};
    CHECK(!store->is_started);
    thread_owner_check(&store->owner);
    return walk_run(&walk);
}

static enum pce_status count_record(void *context, struct wire_span key, struct wire_span value)
{
    struct store *store = context;
    unsigned quota = store_quota_find(store, key);
    (void)value;
    if (quota < store->quota_count)
        store->quota_counts[quota]++;
    return PCE_OK;
}

enum pce_status store_verify(struct store *store, struct failure *failure)
{
    store_measure(store);
    return store_walk(store, "", count_record, store, failure);
}
