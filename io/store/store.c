/* The store's thread, its queue and its answers. */
#include "io/store/store_impl.h"

#include "core/base/check.h"
#include "io/os/clock.h"

#include <sched.h>

/* An answer that was not taken is offered again after so long. */
#define OFFER_AGAIN_MS 2

enum store_mail {
    STORE_MAIL_BATCH, /* pointers[0]: the batch, the store's from now on */
    STORE_MAIL_STOP,
};

/* ---- those who ask ---- */

/* Never above max, not for a moment: what is refused leaves no trace that refuses others. */
static bool waiting_add(_Atomic uint64_t *count, uint64_t amount, uint64_t max)
{
    uint64_t before = atomic_load_explicit(count, memory_order_relaxed);
    do {
        if (before + amount > max)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(count, &before, before + amount,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

static bool waiting_enter(struct store *store, uint64_t octets)
{
    if (!waiting_add(&store->waiting, 1, STORE_WAITING_MAX))
        return false;
    if (waiting_add(&store->waiting_octets, octets, STORE_WAITING_OCTETS_MAX))
        return true;
    atomic_fetch_sub_explicit(&store->waiting, 1, memory_order_relaxed);
    return false;
}

static void waiting_leave(struct store *store, uint64_t octets)
{
    atomic_fetch_sub_explicit(&store->waiting_octets, octets, memory_order_relaxed);
    atomic_fetch_sub_explicit(&store->waiting, 1, memory_order_relaxed);
}

enum pce_status store_submit(struct store *store, struct store_batch *batch,
                             const struct store_reply *reply)
{
    struct mail mail = {.kind = STORE_MAIL_BATCH, .pointers = {batch}};
    uint64_t octets = batch->room;
    if (!waiting_enter(store, octets)) {
        counter_add_shared(&store->refused, 1);
        return PCE_LIMIT;
    }
    batch->reply = *reply;
    enum pce_status status = mailbox_post(store->mailbox, &mail, NULL);
    if (status == PCE_OK)
        return PCE_OK;
    waiting_leave(store, octets);
    counter_add_shared(&store->refused, 1);
    return status;
}

/* ---- the thread ---- */

static void on_mail(void *context, const struct mail *mail)
{
    struct store *store = context;
    switch ((enum store_mail)mail->kind) {
    case STORE_MAIL_BATCH: {
        struct store_batch *batch = mail->pointers[0];
        list_push_back(&store->group, &batch->link);
        break;
    }
    case STORE_MAIL_STOP:
        store->is_stopping = true;
        break;
    }
}

static void forget_batch(struct store *store, struct store_batch *batch)
{
    list_remove(&batch->link);
    waiting_leave(store, batch->room);
    store_batch_destroy(batch);
}

/* One asker that takes nothing does not keep answers from the others. */
static void deliver_answers(struct store *store)
{
    LIST_FOR_SAFE(link, following, &store->unanswered)
    {
        struct store_batch *batch = CONTAINER_OF(link, struct store_batch, link);
        const struct store_result result = {store_code_status(batch->code), batch->code};
        if (batch->reply.deliver(batch->reply.context, batch->reply.tag, &result))
            forget_batch(store, batch);
    }
}

static void store_run(void *context)
{
    struct store *store = context;
    thread_owner_claim(&store->owner);
    while (!store->is_stopping) {
        struct mono deadline = list_is_empty(&store->unanswered)
                                   ? MONO_NEVER
                                   : mono_add_ms(clock_now(), OFFER_AGAIN_MS);
        (void)!mailbox_wait(store->mailbox, deadline);
        if (!list_is_empty(&store->group))
            store_commit(store, &store->group);
        list_splice_back(&store->unanswered, &store->group);
        deliver_answers(store);
    }
}

/* One more than all batches: the order to stop is never refused. */
enum pce_status store_open_mailbox(struct store *store)
{
    return mailbox_create(STORE_WAITING_MAX + 1, on_mail, store, &store->mailbox);
}

enum pce_status store_start(struct store *store, struct failure *failure)
{
    CHECK(!store->is_started);
    enum pce_status status =
        thread_start(&store->thread, "pced-store", THREAD_CPU_ANY, store_run, store, failure);
    store->is_started = status == PCE_OK;
    return status;
}

static void stop_thread(struct store *store)
{
    const struct mail mail = {.kind = STORE_MAIL_STOP};
    while (mailbox_post(store->mailbox, &mail, NULL) != PCE_OK)
        (void)sched_yield(); /* the mailbox has room for it: not reached */
    thread_join(&store->thread);
    thread_owner_claim(&store->owner);
}

static void drop_unanswered(struct store *store)
{
    while (!list_is_empty(&store->unanswered))
        forget_batch(store, CONTAINER_OF(store->unanswered.next, struct store_batch, link));
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->is_started)
        stop_thread(store);
    /* Only where the thread was never started something is left in the mailbox. */
    while (mailbox_drain(store->mailbox) > 0)
        continue;
    list_splice_back(&store->unanswered, &store->group);
    drop_unanswered(store);
    store_release(store);
}

struct store_figures store_figures(const struct store *store)
{
    return (struct store_figures){
        .commits = counter_get(&store->commits),
        .records = counter_get(&store->records_written),
        .octets = counter_get(&store->octets_written),
        .refused = counter_get(&store->refused),
        .failed = counter_get(&store->failed),
        .waiting = atomic_load_explicit(&store->waiting, memory_order_relaxed),
        .size = counter_get(&store->size),
    };
}
