/* Publication and reclamation, with what ck_epoch promises in its place and nothing beyond: what
 * was given to ck_epoch_call is destroyed by a poll as soon as each section that had begun before
 * the call has ended. Whatever the order of steps, no reader sees a thing that was destroyed, and
 * each thing that was replaced is destroyed once. */
#include "io/os/thread.h"
#include "tests/orders/atomics.h"

#include <ck_epoch.h>

/* ---- the epoch ---- */

#define RECORDS_MAX 4
#define CALLS_MAX   4

static struct {
    ck_epoch_record_t *records[RECORDS_MAX];
    unsigned record_count;
    struct {
        ck_epoch_entry_t *entry;
        ck_epoch_cb_t *function;
        uint32_t waits_for; /* a bit for each record with a section */
    } calls[CALLS_MAX];
} epoch;

static void model_register(ck_epoch_record_t *record)
{
    if (epoch.record_count == RECORDS_MAX)
        exit(2);
    epoch.records[epoch.record_count++] = record;
}

static uint32_t bit_of(const ck_epoch_record_t *record)
{
    unsigned i = 0;
    while (epoch.records[i] != record)
        i++;
    return 1U << i;
}

static void model_begin(ck_epoch_record_t *record)
{
    model_before(true);
    record->active = 1;
    model_after("begin a section");
}

static bool model_end(ck_epoch_record_t *record)
{
    model_before(true);
    record->active = 0;
    for (unsigned i = 0; i < CALLS_MAX; i++)
        epoch.calls[i].waits_for &= ~bit_of(record);
    model_after("end a section");
    return true;
}

static void model_call(ck_epoch_entry_t *entry, ck_epoch_cb_t *function)
{
    unsigned free_one = 0;
    model_before(true);
    while (epoch.calls[free_one].entry != NULL)
        free_one++;
    epoch.calls[free_one].entry = entry;
    epoch.calls[free_one].function = function;
    for (unsigned i = 0; i < epoch.record_count; i++) {
        if (epoch.records[i]->active != 0)
            epoch.calls[free_one].waits_for |= 1U << i;
    }
    model_after("retire");
}

static bool model_poll_epoch(void)
{
    model_before(true);
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        ck_epoch_entry_t *entry = epoch.calls[i].entry;
        if (entry == NULL || epoch.calls[i].waits_for != 0)
            continue;
        epoch.calls[i].entry = NULL;
        epoch.calls[i].function(entry);
    }
    model_after("poll the epoch");
    return true;
}

#define ck_epoch_init(e)                ((void)(e))
#define ck_epoch_recycle(e, c)          NULL
#define ck_epoch_register(e, record, c) model_register(record)
#define ck_epoch_unregister(record)     ((void)(record))
#define ck_epoch_begin(record, s)       model_begin(record)
#define ck_epoch_end(record, s)         model_end(record)
#define ck_epoch_call(r, entry, f)      model_call(entry, f)
#define ck_epoch_poll(r)                model_poll_epoch()

#include "io/share/snapshot.c"

/* ---- the model ---- */

#define THINGS_MAX  4
#define READERS_MAX 2

struct thing {
    uint8_t number;
    bool is_destroyed;
};

static struct {
    struct snapshot_domain *domain;
    struct snapshot_publisher *publisher;
    struct snapshot_reader *readers[READERS_MAX];
    struct snapshot_cell cell;
    struct thing things[THINGS_MAX];
    unsigned things_count, sections;
} shared;

static void destroy_thing(void *context)
{
    struct thing *thing = context;
    model_expect(!thing->is_destroyed, "a thing is destroyed twice");
    thing->is_destroyed = true;
}

static void run_publisher(void *context)
{
    (void)context;
    for (unsigned i = 0; i < shared.things_count; i++)
        model_expect(snapshot_publish(shared.publisher, &shared.cell, &shared.things[i],
                                      destroy_thing) == PCE_OK,
                     "nothing can be published");
    model_expect(snapshot_drain(shared.publisher, MONO_NEVER) == PCE_OK, "a drain gives up");
}

static void run_reader(void *context)
{
    struct snapshot_reader *reader = shared.readers[*(unsigned *)context];
    uint8_t last = 0;
    for (unsigned i = 0; i < shared.sections; i++) {
        snapshot_enter(reader);
        const struct thing *thing = snapshot_get(&shared.cell);
        model_step("read");
        if (thing != NULL) {
            model_expect(!thing->is_destroyed, "a reader holds a thing that was destroyed");
            model_expect(thing->number >= last, "an older thing comes after a newer one");
            last = thing->number;
        }
        snapshot_leave(reader);
    }
}

static void start(unsigned readers, unsigned things, unsigned sections)
{
    static unsigned numbers[READERS_MAX] = {0, 1};
    static const char *const names[READERS_MAX] = {"reader 0", "reader 1"};
    memset(&epoch, 0, sizeof epoch);
    memset(&shared, 0, sizeof shared);
    model_region(&epoch, sizeof epoch);
    model_region(&shared, sizeof shared);
    shared.things_count = things;
    shared.sections = sections;
    for (uint8_t i = 0; i < THINGS_MAX; i++)
        shared.things[i].number = i;
    if (snapshot_domain_create(&shared.domain) != PCE_OK ||
        snapshot_publisher_create(shared.domain, &shared.publisher) != PCE_OK)
        exit(2);
    for (unsigned i = 0; i < readers; i++) {
        if (snapshot_reader_create(shared.domain, &shared.readers[i]) != PCE_OK)
            exit(2);
        model_thread(names[i], run_reader, &numbers[i], false);
    }
    model_thread("publisher", run_publisher, NULL, false);
}

static void all_but_the_last_are_gone(void)
{
    for (unsigned i = 0; i < shared.things_count; i++)
        model_expect(shared.things[i].is_destroyed == (i + 1 < shared.things_count),
                     "a thing that was replaced is there, or the one in force is not");
}

static void one_reader(void)
{
    start(1, 4, 3);
}

static void two_readers(void)
{
    start(2, 3, 2);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 reader with 3 sections, 4 things", one_reader, all_but_the_last_are_gone, true},
        {"2 readers with 2 sections, 3 things", two_readers, all_but_the_last_are_gone, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
