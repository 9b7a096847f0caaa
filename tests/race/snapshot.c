/* Readers hold a snapshot for one section at a time while it is replaced as fast as possible: no
 * reader may see one that was destroyed. Run under ThreadSanitizer (and AddressSanitizer). */
#include "io/share/snapshot.h"
#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/thread.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READERS  3
#define VERSIONS 10000
#define WORDS    64

struct version {
    unsigned words[WORDS]; /* all the same number; overwritten before it is freed */
};

static struct snapshot_domain *domain;
static struct snapshot_cell cell;
static _Atomic unsigned running;
static _Atomic unsigned is_over;
static unsigned destroyed;

struct reader {
    struct thread thread;
    uint64_t sections;
    unsigned last;
};

static void destroy_version(void *thing)
{
    struct version *version = thing;
    memset(version, 0xff, sizeof *version);
    free(version);
    destroyed++;
}

static void read_on(void *context)
{
    struct reader *reader = context;
    struct snapshot_reader *section;
    CHECK(snapshot_reader_create(domain, &section) == PCE_OK);
    atomic_fetch_add(&running, 1);
    while (!atomic_load(&is_over)) {
        snapshot_enter(section);
        const struct version *version = snapshot_get(&cell);
        unsigned number = version->words[0];
        for (unsigned i = 1; i < WORDS; i++) {
            CHECK(version->words[i] == number);
            /* Let the publisher come in between: that is what is looked for. */
            if (i == WORDS / 2 && reader->sections % 4 == 0)
                (void)sched_yield();
        }
        CHECK(number >= reader->last);
        reader->last = number;
        snapshot_leave(section);
        reader->sections++;
    }
    snapshot_reader_destroy(section);
}

static void publish(struct snapshot_publisher *publisher, unsigned number)
{
    struct version *version = malloc(sizeof *version);
    CHECK(version != NULL);
    for (unsigned i = 0; i < WORDS; i++)
        version->words[i] = number;
    while (snapshot_publish(publisher, &cell, version, destroy_version) != PCE_OK)
        (void)sched_yield();
}

int main(void)
{
    struct snapshot_publisher *publisher;
    CHECK(snapshot_domain_create(&domain) == PCE_OK);
    CHECK(snapshot_publisher_create(domain, &publisher) == PCE_OK);
    publish(publisher, 1);
    struct reader readers[READERS];
    for (unsigned i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.last = 0};
        CHECK(thread_start(&readers[i].thread, "reader", THREAD_CPU_ANY, read_on, &readers[i],
                           NULL) == PCE_OK);
    }
    while (atomic_load(&running) < READERS)
        (void)sched_yield();
    for (unsigned number = 2; number <= VERSIONS; number++)
        publish(publisher, number);
    atomic_store(&is_over, 1);
    uint64_t sections = 0;
    for (unsigned i = 0; i < READERS; i++) {
        thread_join(&readers[i].thread);
        sections += readers[i].sections;
    }
    CHECK(snapshot_publish(publisher, &cell, NULL, NULL) == PCE_OK);
    CHECK(snapshot_drain(publisher, mono_add_s(clock_now(), 10)) == PCE_OK);
    CHECK(destroyed == VERSIONS);
    snapshot_publisher_destroy(publisher);
    snapshot_domain_destroy(domain);
    printf("snapshot: %u versions, %llu sections of %d readers\n", destroyed,
           (unsigned long long)sections, READERS);
    return 0;
}
