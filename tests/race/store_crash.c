/* A process that keeps records is killed at any moment, again and again, in one store: what was
 * acknowledged is there afterwards, nothing is there by half, and the store opens each time. Two
 * threads ask at the same time, so that a race of them with the store's thread shows, too. */
#include "core/base/check.h"
#include "core/base/random.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS      80
#define ASKERS     2
#define PAIRS      64 /* keys of each asker */
#define IN_FLIGHT  8
#define LIFE_MS    40 /* at most */
#define VALUE_SIZE 600

/* A batch of number n writes n under both keys of a pair: they are equal, or a batch is there by
 * half. Shared with the child: a kill takes nothing of it. */
struct account {
    _Atomic uint64_t acknowledged[ASKERS][PAIRS];
    _Atomic uint64_t submitted[ASKERS][PAIRS];
    _Atomic uint64_t answers;
};

struct asker {
    struct thread thread;
    struct store *store;
    unsigned index;
    _Atomic unsigned in_flight;
};

static struct account *account;
static char folder[] = "/tmp/pced-crash-XXXXXX";
static struct asker askers[ASKERS];

static struct store *open_it(void)
{
    static const struct store_quota quotas[] = {{"a", 2 * (uint64_t)PAIRS * ASKERS}};
    const struct store_options options = {
        .path = folder, .size_max = 4U << 20, .quotas = quotas, .quota_count = 1};
    struct failure failure;
    struct store *store = NULL;
    if (store_open(&options, &store, &failure) == PCE_OK)
        return store;
    (void)fprintf(stderr, "%s\n", failure.text);
    exit(1);
}

static bool on_kept(void *context, uint64_t tag, const struct store_result *result)
{
    struct asker *asker = context;
    unsigned pair = (unsigned)(tag % PAIRS);
    CHECK(result->status == PCE_OK);
    atomic_store(&account->acknowledged[asker->index][pair], tag);
    atomic_fetch_add(&account->answers, 1);
    atomic_fetch_sub(&asker->in_flight, 1);
    return true;
}

static void put_half(struct store_batch *batch, const struct asker *asker, uint64_t number,
                     char half)
{
    char key[32];
    uint64_t value[VALUE_SIZE / 8];
    int size =
        snprintf(key, sizeof key, "a%u/%02u/%c", asker->index, (unsigned)(number % PAIRS), half);
    for (unsigned i = 0; i < VALUE_SIZE / 8; i++)
        value[i] = number;
    const struct wire_span key_span = {(const uint8_t *)key, (size_t)size};
    const struct wire_span value_span = {(const uint8_t *)value, sizeof value};
    if (store_batch_put(batch, key_span, value_span) != PCE_OK)
        abort();
}

static void run_asker(void *context)
{
    struct asker *asker = context;
    uint64_t number = 0;
    for (unsigned i = 0; i < PAIRS; i++) {
        uint64_t last = atomic_load(&account->submitted[asker->index][i]);
        number = last > number ? last : number;
    }
    for (;;) {
        while (atomic_load(&asker->in_flight) >= IN_FLIGHT)
            (void)sched_yield();
        struct store_batch *batch = store_batch_create();
        const struct store_reply reply = {on_kept, asker, ++number};
        if (batch == NULL)
            abort();
        put_half(batch, asker, number, 'x');
        put_half(batch, asker, number, 'y');
        atomic_store(&account->submitted[asker->index][number % PAIRS], number);
        atomic_fetch_add(&asker->in_flight, 1);
        if (store_submit(asker->store, batch, &reply) != PCE_OK)
            abort();
    }
}

_Noreturn static void run_child(void)
{
    struct failure failure;
    struct store *store = open_it();
    if (store_start(store, &failure) != PCE_OK)
        _exit(1);
    for (unsigned i = 0; i < ASKERS; i++) {
        askers[i].store = store;
        askers[i].index = i;
        if (thread_start(&askers[i].thread, "asker", THREAD_CPU_ANY, run_asker, &askers[i],
                         &failure) != PCE_OK)
            _exit(1);
    }
    for (;;)
        (void)pause();
}

/* ---- what is there afterwards ---- */

struct halves {
    uint64_t numbers[ASKERS][PAIRS][2];
    unsigned count;
};

static enum pce_status take_half(void *context, struct wire_span key, struct wire_span value)
{
    struct halves *halves = context;
    uint64_t numbers[VALUE_SIZE / 8];
    const uint8_t *text = key.octets; /* "a1/23/x" */
    CHECK(key.size == 7 && value.size == sizeof numbers);
    unsigned asker = (unsigned)text[1] - '0';
    unsigned pair = ((unsigned)text[3] - '0') * 10 + (unsigned)text[4] - '0';
    CHECK(asker < ASKERS && pair < PAIRS);
    memcpy(numbers, value.octets, sizeof numbers);
    for (unsigned i = 0; i < VALUE_SIZE / 8; i++)
        CHECK(numbers[i] == numbers[0]);
    halves->numbers[asker][pair][text[6] == 'y'] = numbers[0];
    halves->count++;
    return PCE_OK;
}

static void verify(void)
{
    static struct halves halves;
    struct failure failure;
    struct store *store = open_it();
    memset(&halves, 0, sizeof halves);
    CHECK(store_walk(store, "", take_half, &halves, &failure) == PCE_OK);
    for (unsigned asker = 0; asker < ASKERS; asker++) {
        for (unsigned pair = 0; pair < PAIRS; pair++) {
            uint64_t number = halves.numbers[asker][pair][0];
            CHECK(number == halves.numbers[asker][pair][1]);
            CHECK(number >= atomic_load(&account->acknowledged[asker][pair]));
            CHECK(number <= atomic_load(&account->submitted[asker][pair]));
        }
    }
    store_close(store);
}

static void remove_folder(void)
{
    char path[sizeof folder + 300];
    struct dirent *entry;
    DIR *entries = opendir(folder);
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (entries != NULL)
        (void)closedir(entries);
    (void)rmdir(folder);
}

/* At any moment of the child's life, its start included; now and then only after an answer, so that
 * there is something to lose. */
static void wait_for_moment(struct random *random, unsigned round)
{
    uint64_t answers = atomic_load(&account->answers);
    struct mono deadline = mono_add_ms(clock_now(), 10000);
    while (round % 2 == 0 && atomic_load(&account->answers) == answers) {
        CHECK(mono_is_before(clock_now(), deadline));
        (void)sched_yield();
    }
    const struct timespec moment = {.tv_nsec = (long)(random_u64(random) % (LIFE_MS * 1000000U))};
    (void)nanosleep(&moment, NULL);
}

int main(void)
{
    struct random random = {clock_now().ns};
    account =
        mmap(NULL, sizeof *account, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (account == MAP_FAILED || mkdtemp(folder) == NULL)
        return 1;
    for (unsigned round = 0; round < KILLS; round++) {
        int how = 0;
        pid_t child = fork();
        if (child < 0)
            return 1;
        if (child == 0)
            run_child();
        wait_for_moment(&random, round);
        if (kill(child, SIGKILL) != 0 || waitpid(child, &how, 0) != child)
            return 1;
        CHECK(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL); /* it did not end before by itself */
        verify();
    }
    printf("%d kills, %llu batches acknowledged\n", KILLS,
           (unsigned long long)atomic_load(&account->answers));
    remove_folder();
    return atomic_load(&account->answers) > KILLS ? 0 : 1;
}
