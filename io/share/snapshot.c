#include "io/share/snapshot.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/sanitizer.h"
#include "io/os/thread.h"

#include <ck_epoch.h>
#include <sched.h>
#include <stdlib.h>

/* A record of ck_epoch stays on the domain's list for ever: it is lent out again, and freed with
 * the domain. */
struct epoch_seat {
    ck_epoch_record_t record; /* first: ck gives this address back */
    struct epoch_seat *next;
};

struct snapshot_domain {
    ck_epoch_t epoch;
    struct epoch_seat *_Atomic seats;
} __attribute__((aligned(CK_MD_CACHELINE)));

struct snapshot_reader {
    struct epoch_seat *seat;
    struct snapshot_domain *domain;
    ck_epoch_section_t section;
    struct thread_owner owner;
};

struct snapshot_publisher {
    struct epoch_seat *seat;
    struct snapshot_domain *domain;
    struct thread_owner owner;
    unsigned retired;
};

struct retired {
    ck_epoch_entry_t entry;
    struct snapshot_publisher *publisher;
    snapshot_destroy_fn *destroy;
    void *thing;
};

enum pce_status snapshot_domain_create(struct snapshot_domain **out)
{
    struct snapshot_domain *domain = aligned_alloc(CK_MD_CACHELINE, sizeof *domain);
    if (domain == NULL)
        return PCE_NO_MEMORY;
    ck_epoch_init(&domain->epoch);
    atomic_init(&domain->seats, NULL);
    *out = domain;
    return PCE_OK;
}

void snapshot_domain_destroy(struct snapshot_domain *domain)
{
    if (domain == NULL)
        return;
    struct epoch_seat *seat = atomic_load(&domain->seats);
    while (seat != NULL) {
        struct epoch_seat *next = seat->next;
        free(seat);
        seat = next;
    }
    free(domain);
}

static struct epoch_seat *seat_take(struct snapshot_domain *domain)
{
    ck_epoch_record_t *record = ck_epoch_recycle(&domain->epoch, NULL);
    if (record != NULL)
        return (struct epoch_seat *)(void *)record;
    size_t align = _Alignof(struct epoch_seat);
    struct epoch_seat *seat = aligned_alloc(align, sizeof *seat);
    if (seat == NULL)
        return NULL;
    ck_epoch_register(&domain->epoch, &seat->record, NULL);
    seat->next = atomic_load(&domain->seats);
    while (!atomic_compare_exchange_weak(&domain->seats, &seat->next, seat))
        continue;
    return seat;
}

enum pce_status snapshot_reader_create(struct snapshot_domain *domain, struct snapshot_reader **out)
{
    struct snapshot_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return PCE_NO_MEMORY;
    reader->domain = domain;
    reader->seat = seat_take(domain);
    if (reader->seat == NULL) {
        free(reader);
        return PCE_NO_MEMORY;
    }
    thread_owner_claim(&reader->owner);
    *out = reader;
    return PCE_OK;
}

void snapshot_reader_destroy(struct snapshot_reader *reader)
{
    if (reader == NULL)
        return;
    CHECK(reader->seat->record.active == 0);
    ck_epoch_unregister(&reader->seat->record);
    free(reader);
}

void snapshot_enter(struct snapshot_reader *reader)
{
    thread_owner_check(&reader->owner);
    CHECK(reader->seat->record.active == 0);
    ck_epoch_begin(&reader->seat->record, &reader->section);
}

void snapshot_leave(struct snapshot_reader *reader)
{
    thread_owner_check(&reader->owner);
    TSAN_RELEASE(reader->domain);
    (void)ck_epoch_end(&reader->seat->record, &reader->section);
}

const void *snapshot_get(const struct snapshot_cell *cell)
{
    return __atomic_load_n(&cell->current, __ATOMIC_ACQUIRE);
}

enum pce_status snapshot_publisher_create(struct snapshot_domain *domain,
                                          struct snapshot_publisher **out)
{
    struct snapshot_publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher == NULL)
        return PCE_NO_MEMORY;
    publisher->domain = domain;
    publisher->seat = seat_take(domain);
    if (publisher->seat == NULL) {
        free(publisher);
        return PCE_NO_MEMORY;
    }
    thread_owner_claim(&publisher->owner);
    *out = publisher;
    return PCE_OK;
}

void snapshot_publisher_destroy(struct snapshot_publisher *publisher)
{
    if (publisher == NULL)
        return;
    enum pce_status status = snapshot_drain(publisher, MONO_NEVER);
    CHECK(status == PCE_OK); /* cannot fail: without a deadline it goes on until all is freed */
    ck_epoch_unregister(&publisher->seat->record);
    free(publisher);
}

static void destroy_retired(ck_epoch_entry_t *entry)
{
    struct retired *retired = (struct retired *)(void *)entry; /* the first member */
    TSAN_ACQUIRE(retired->publisher->domain);
    retired->publisher->retired--;
    retired->destroy(retired->thing);
    free(retired);
}

enum pce_status snapshot_publish(struct snapshot_publisher *publisher, struct snapshot_cell *cell,
                                 void *thing, snapshot_destroy_fn *destroy)
{
    thread_owner_check(&publisher->owner);
    void *old = cell->current;
    struct retired *retired = NULL;
    if (old != NULL) {
        if (snapshot_poll(publisher) >= SNAPSHOT_RETIRED_MAX)
            return PCE_LIMIT;
        retired = calloc(1, sizeof *retired);
        if (retired == NULL)
            return PCE_NO_MEMORY;
        *retired = (struct retired){.publisher = publisher, .destroy = cell->destroy, .thing = old};
    }
    cell->destroy = destroy;
    __atomic_store_n(&cell->current, thing, __ATOMIC_SEQ_CST);
    if (retired != NULL) {
        publisher->retired++;
        ck_epoch_call(&publisher->seat->record, &retired->entry, destroy_retired);
        (void)snapshot_poll(publisher);
    }
    return PCE_OK;
}

/* Each call of ck_epoch_poll advances the epoch by one at most, and what was retired is free after
 * two advances: a few calls free all that can be freed now. */
unsigned snapshot_poll(struct snapshot_publisher *publisher)
{
    thread_owner_check(&publisher->owner);
    for (int i = 0; i < CK_EPOCH_LENGTH && publisher->retired > 0; i++)
        (void)ck_epoch_poll(&publisher->seat->record);
    return publisher->retired;
}

enum pce_status snapshot_drain(struct snapshot_publisher *publisher, struct mono deadline)
{
    while (snapshot_poll(publisher) > 0) {
        if (!mono_is_before(clock_now(), deadline))
            return PCE_TIMEOUT;
        (void)sched_yield();
    }
    return PCE_OK;
}
