/* Opening: the folder is taken, the file is looked at, and only then LMDB may have it. */
#include "io/store/store_impl.h"

#include "core/base/check.h"
#include "io/os/folder.h"
#include "io/store/page_check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_NAME "data.mdb" /* LMDB's own names */
#define NEW_NAME  "new.mdb"
#define LOCK_NAME "pced.lock"
#define FILE_MODE 0640

_Static_assert(STORE_KEY_SIZE_MAX == 511, "what mdb_env_get_maxkeysize says");

/* A file of the folder by its whole name. */
struct store_file {
    char path[STORE_PATH_SIZE + 16];
};

static struct store_file file_of(const char *folder, const char *name)
{
    struct store_file file;
    (void)snprintf(file.path, sizeof file.path, "%s/%s", folder, name);
    return file;
}

/* ---- the lock ---- */

/* "": it is not known. */
static void read_holder(int lock, char text[24])
{
    ssize_t size = pread(lock, text, 16, 0);
    text[size > 0 ? size : 0] = '\0';
    text[strspn(text, "0123456789")] = '\0';
}

static enum pce_status refuse_held(int lock, const char *folder, struct failure *failure)
{
    char holder[24];
    int error = errno;
    read_holder(lock, holder);
    if (error == EWOULDBLOCK)
        return failure_set(failure, PCE_EXISTS, "the store %s is in use by another process%s%s",
                           folder, holder[0] == '\0' ? "" : ": ", holder);
    return failure_set_errno(failure, error, "cannot lock the store %s", folder);
}

/* The lock is of the open file: it goes with the process, however that ends, and a second one of
 * the same process is refused, too. */
static enum pce_status take_lock(struct store *store, struct failure *failure)
{
    struct store_file file = file_of(store->path, LOCK_NAME);
    store->lock = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (store->lock < 0)
        return failure_set_errno(failure, errno, "cannot write in the folder of the store, %s",
                                 store->path);
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
        return refuse_held(store->lock, store->path, failure);
    char text[24];
    int size = snprintf(text, sizeof text, "%d\n", (int)getpid());
    /* Only told to whoever is refused: a disk that is full does not matter here. */
    if (ftruncate(store->lock, 0) == 0)
        (void)!pwrite(store->lock, text, (size_t)size, 0);
    return PCE_OK;
}

static enum pce_status probe_lock(const char *folder, struct failure *failure)
{
    struct store_file file = file_of(folder, LOCK_NAME);
    int lock = open(file.path, O_RDWR | O_CLOEXEC);
    if (lock < 0 && errno == ENOENT)
        return folder_may_create(file.path, failure);
    if (lock < 0)
        return failure_set_errno(failure, errno, "cannot write in the folder of the store, %s",
                                 folder);
    enum pce_status status = PCE_OK;
    if (flock(lock, LOCK_SH | LOCK_NB) != 0)
        status = refuse_held(lock, folder, failure);
    (void)close(lock);
    return status;
}

/* ---- the folder ---- */

static enum pce_status sync_folder(const char *folder, struct failure *failure)
{
    enum pce_status status = PCE_OK;
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || fsync(descriptor) != 0)
        status =
            failure_set_errno(failure, errno, "cannot sync the folder of the store, %s", folder);
    if (descriptor >= 0)
        (void)close(descriptor);
    return status;
}

static enum pce_status refuse_lmdb(int code, const char *what, const char *path,
                                   struct failure *failure)
{
    return failure_set(failure, store_code_status(code), "cannot %s %s: %s", what, path,
                       mdb_strerror(code));
}

/* Under another name until it is whole: an empty or half a data.mdb is damage, and never a new
 * store that a kill has interrupted. */
static enum pce_status make_data(const struct store *store, const struct store_file *data,
                                 struct failure *failure)
{
    struct store_file fresh = file_of(store->path, NEW_NAME);
    MDB_env *env = NULL;
    (void)unlink(fresh.path);
    int code = mdb_env_create(&env);
    if (code == 0)
        code = mdb_env_set_mapsize(env, store->size_max);
    if (code == 0)
        code = mdb_env_open(env, fresh.path, MDB_NOSUBDIR | MDB_NOLOCK, FILE_MODE);
    if (code == 0)
        code = mdb_env_sync(env, 1);
    if (env != NULL)
        mdb_env_close(env);
    if (code == 0 && rename(fresh.path, data->path) != 0)
        code = errno;
    if (code == 0)
        return sync_folder(store->path, failure);
    (void)unlink(fresh.path);
    return refuse_lmdb(code, "make the store", data->path, failure);
}

static enum pce_status check_folder(const char *path, struct failure *failure)
{
    struct stat stat_;
    if (stat(path, &stat_) != 0)
        return failure_set_errno(failure, errno, "cannot use the folder of the store, %s", path);
    if (!S_ISDIR(stat_.st_mode))
        return failure_set(failure, PCE_INVALID, "the store %s is no folder", path);
    return PCE_OK;
}

static bool store_file_is_missing(const struct store_file *file)
{
    struct stat stat_;
    return lstat(file->path, &stat_) != 0 && errno == ENOENT;
}

/* ---- the environment ---- */

static int open_records(struct store *store)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (code != 0)
        return code;
    code = mdb_dbi_open(txn, NULL, 0, &store->records);
    if (code == 0)
        return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return code;
}

static enum pce_status open_environment(struct store *store, struct failure *failure)
{
    int freed;
    int code = mdb_env_create(&store->env);
    if (code == 0)
        code = mdb_env_set_mapsize(store->env, store->size_max);
    if (code == 0)
        code = mdb_env_open(store->env, store->path, MDB_NOTLS, FILE_MODE);
    if (code == 0)
        code = mdb_reader_check(store->env, &freed); /* places of copiers that have died */
    if (code == 0)
        code = open_records(store);
    if (code == 0)
        return PCE_OK;
    return refuse_lmdb(code, "open the store", store->path, failure);
}

static enum pce_status open_folder(struct store *store, struct failure *failure)
{
    struct store_file data = file_of(store->path, DATA_NAME);
    enum pce_status status = check_folder(store->path, failure);
    if (status == PCE_OK)
        status = take_lock(store, failure);
    if (status == PCE_OK && store_file_is_missing(&data))
        status = make_data(store, &data, failure);
    if (status == PCE_OK)
        status = page_check(data.path, store->size_max + STORE_RESERVE, failure);
    if (status == PCE_OK)
        status = open_environment(store, failure);
    if (status == PCE_OK)
        status = sync_folder(store->path, failure);
    return status;
}

static enum pce_status check_options(const struct store_options *options, struct failure *failure)
{
    if (options->path[0] == '\0' || strlen(options->path) >= STORE_PATH_SIZE)
        return failure_set(failure, PCE_INVALID, "the path of the store has 1 to %d octets",
                           STORE_PATH_SIZE - 1);
    if (options->size_max < STORE_SIZE_MIN || options->size_max > SIZE_MAX / 2)
        return failure_set(failure, PCE_INVALID, "a store has %" PRIu64 " octets at least",
                           STORE_SIZE_MIN);
    return PCE_OK;
}

static struct store *store_alloc(const struct store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    CHECK(options->quota_count <= STORE_QUOTAS_MAX);
    if (store == NULL)
        return NULL;
    (void)snprintf(store->path, sizeof store->path, "%s", options->path);
    store->size_max = options->size_max;
    store->quota_count = options->quota_count;
    store->on_failed = options->on_failed;
    store->context = options->context;
    for (unsigned i = 0; i < options->quota_count; i++)
        store->quotas[i] = options->quotas[i];
    store->lock = -1;
    list_init(&store->group);
    list_init(&store->unanswered);
    thread_owner_claim(&store->owner);
    return store;
}

enum pce_status store_open(const struct store_options *options, struct store **out,
                           struct failure *failure)
{
    enum pce_status status = check_options(options, failure);
    if (status != PCE_OK)
        return status;
    struct store *store = store_alloc(options);
    if (store == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a store");
    status = open_folder(store, failure);
    if (status == PCE_OK)
        status = store_verify(store, failure);
    if (status == PCE_OK) {
        status = store_open_mailbox(store);
        if (status != PCE_OK)
            (void)!failure_set(failure, status, "the store's mailbox: %s", pce_status_text(status));
    }
    if (status == PCE_OK)
        *out = store;
    else
        store_release(store);
    return status;
}

enum pce_status store_probe(const struct store_options *options, struct failure *failure)
{
    enum pce_status status = check_options(options, failure);
    if (status == PCE_OK)
        status = check_folder(options->path, failure);
    if (status == PCE_OK)
        status = probe_lock(options->path, failure);
    if (status != PCE_OK)
        return status;
    struct store_file data = file_of(options->path, DATA_NAME);
    return store_file_is_missing(&data)
               ? PCE_OK
               : page_check(data.path, options->size_max + STORE_RESERVE, failure);
}
