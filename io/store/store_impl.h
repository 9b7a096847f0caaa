/* The inside of the store, for the files of io/store.
 *
 * Thread: as store.h has it. Owns: as store.h has it. Bound: as store.h has it. */
#ifndef PCED_IO_STORE_STORE_IMPL_H
#define PCED_IO_STORE_STORE_IMPL_H

#include "core/base/list.h"
#include "io/os/counter.h"
#include "io/os/thread.h"
#include "io/share/mailbox.h"
#include "io/store/store.h"

#include <lmdb.h>

/* Beside LMDB's codes (negative, near -30800) and errno values (positive). */
enum store_code {
    STORE_CODE_QUOTA = -1,  /* one more of its kind is not allowed */
    STORE_CODE_BROKEN = -2, /* the environment cannot be used any more */
};

/* A change within a batch's octets: this, the key, and what is stored under it. */
struct store_change {
    uint32_t stored_size; /* with the record's header; 0: a deletion */
    uint32_t key_size;
};

struct store_batch {
    struct list_link link;
    uint8_t *octets;
    size_t size;
    size_t room;
    unsigned count;
    bool has_put;
    struct store_reply reply;
    int code; /* 0, an errno value, LMDB's or enum store_code */
};

/* A change as it is read out of a batch. */
struct store_item {
    struct wire_span key;
    struct wire_span stored;
    bool is_delete;
};

struct store {
    char path[STORE_PATH_SIZE];
    uint64_t size_max;
    struct store_quota quotas[STORE_QUOTAS_MAX];
    uint64_t quota_counts[STORE_QUOTAS_MAX]; /* the store's thread, while it runs */
    unsigned quota_count;
    void (*on_failed)(void *context, const struct store_result *result);
    void *context;
    int lock; /* pced.lock */
    MDB_env *env;
    MDB_dbi records;
    bool is_broken; /* the map is lost: LMDB must not be called any more */
    bool is_started;
    bool is_stopping;
    struct mailbox *mailbox;
    struct thread thread;
    struct thread_owner owner;
    struct list_link group;      /* taken off the mailbox, to be committed */
    struct list_link unanswered; /* committed or failed */
    _Atomic uint64_t waiting;
    _Atomic uint64_t waiting_octets;
    struct counter refused; /* shared by those who submit; the others are of the store's thread */
    struct counter commits;
    struct counter records_written;
    struct counter octets_written;
    struct counter failed;
    struct counter size;
};

/* The item at *offset, which moves on; false at the end of the batch. */
bool store_batch_next(const struct store_batch *batch, size_t *offset, struct store_item *item);

/* The quota that counts the key, or quota_count. */
unsigned store_quota_find(const struct store *store, struct wire_span key);

/* Commits the batches of the list and sets the code of each. */
void store_commit(struct store *store, struct list_link *group);

/* Where the store's thread gets its batches from. */
PCE_MUST_CHECK enum pce_status store_open_mailbox(struct store *store);
/* Everything of a store whose thread has ended or never begun. */
void store_release(struct store *store);

/* Reads all records once: damage is found, quotas are counted. */
PCE_MUST_CHECK enum pce_status store_verify(struct store *store, struct failure *failure);

enum pce_status store_code_status(int code);
/* Takes what the environment says of the file's size into the figures. */
void store_measure(struct store *store);

#endif
