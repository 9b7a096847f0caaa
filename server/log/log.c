#include "server/log/log.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/folder.h"
#include "io/os/thread.h"
#include "server/log/log_ring.h"
#include "server/log/log_tally.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* The one log of the process. The settings are single words: a line that is written while they
 * change follows either the old or the new ones. */
static struct {
    _Atomic uint32_t level;
    _Atomic uint32_t rate_max;
    _Atomic bool is_json;
    _Atomic bool is_running; /* lines go through the ring */
    _Atomic bool is_ending;
    _Atomic bool is_asleep; /* the thread waits for its wake-up */
    _Atomic bool is_done;
    _Atomic uint64_t lost;
    _Atomic(struct log_site *) sites;
    _Atomic int descriptor;      /* where lines go */
    int wake;                    /* eventfd */
    char path[CONFIG_TEXT_SIZE]; /* "" for stderr */
    struct log_ring *ring;
    struct thread thread;
} the_log = {.level = CONFIG_LOG_LEVEL_INFO, .rate_max = 1000, .descriptor = STDERR_FILENO};

static const char *const level_words[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
_Static_assert(sizeof level_words / sizeof level_words[0] == CONFIG_LOG_LEVEL_ERROR + 1,
               "each level has its word");

uint64_t log_lost(void)
{
    return atomic_load_explicit(&the_log.lost, memory_order_relaxed);
}

bool log_is_on(enum config_log_level level)
{
    return level >= atomic_load_explicit(&the_log.level, memory_order_relaxed);
}

/* All of it, in as many writes as it takes; what the file refuses is lost. */
static void write_all(const char *octets, size_t size)
{
    int descriptor = atomic_load_explicit(&the_log.descriptor, memory_order_acquire);
    while (size > 0) {
        ssize_t written = write(descriptor, octets, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            atomic_fetch_add_explicit(&the_log.lost, 1, memory_order_relaxed);
            return;
        }
        octets += written;
        size -= (size_t)written;
    }
}

/* Both sides change `is_asleep` by an atomic exchange, as in the mailbox. A plain load here could
 * be done before the line is visible to others: the log's thread would see no line and fall asleep,
 * and this one would see it awake. */
static void wake_writer(void)
{
    uint64_t one = 1;
    if (atomic_exchange(&the_log.is_asleep, false))
        (void)!write(the_log.wake, &one, sizeof one);
}

static void put_line(const char *octets, size_t size)
{
    if (!atomic_load_explicit(&the_log.is_running, memory_order_acquire)) {
        write_all(octets, size);
        return;
    }
    if (!log_ring_put(the_log.ring, octets, size))
        atomic_fetch_add_explicit(&the_log.lost, 1, memory_order_relaxed);
    else
        wake_writer();
}

static void list_site(struct log_site *site)
{
    if (atomic_exchange(&site->is_listed, 1) != 0)
        return;
    site->next = atomic_load(&the_log.sites);
    while (!atomic_compare_exchange_weak(&the_log.sites, &site->next, site))
        continue;
}

/* Whether the site may write one more line in this second. Two threads that enter a new second at
 * the same time may let a line more through: it is a damper, not an account. */
static bool may_write(struct log_site *site)
{
    uint64_t second = clock_now().ns / MONO_NS_PER_S;
    if (atomic_load_explicit(&site->window_s, memory_order_relaxed) != second) {
        atomic_store_explicit(&site->window_s, second, memory_order_relaxed);
        atomic_store_explicit(&site->count, 0, memory_order_relaxed);
    }
    uint32_t count = atomic_fetch_add_explicit(&site->count, 1, memory_order_relaxed);
    return count < atomic_load_explicit(&the_log.rate_max, memory_order_relaxed);
}

/* A tally is the only count of its site: two counts would be taken at two moments, and the reasons
 * would not add up to the number beside them. */
static void suppress(struct log_site *site, const char *reason)
{
    if (site->tally != NULL)
        log_tally_add(site->tally, reason);
    else
        atomic_fetch_add_explicit(&site->suppressed, 1, memory_order_relaxed);
}

static uint32_t take_suppressed(struct log_site *site)
{
    if (atomic_load_explicit(&site->suppressed, memory_order_relaxed) == 0)
        return 0;
    return atomic_exchange_explicit(&site->suppressed, 0, memory_order_relaxed);
}

static void log_begin_line(struct log_line *line, const struct log_site *site)
{
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &parts) == NULL)
        memset(&parts, 0, sizeof parts);
    char instant[40];
    size_t size = strftime(instant, sizeof instant, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(instant + size, sizeof instant - size, ".%06ldZ", now.tv_nsec / 1000);
    line->is_json = atomic_load_explicit(&the_log.is_json, memory_order_relaxed);
    line->is_cut = false;
    int written = snprintf(line->octets, sizeof line->octets,
                           line->is_json ? "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\""
                                         : "%s %-7s %s",
                           instant, level_words[site->level], site->event);
    CHECK(written > 0 && (size_t)written < sizeof line->octets); /* events are constant words */
    line->size = (size_t)written;
}

/* A line for what the site has suppressed, by reason where it has a tally. */
static void tell_site(struct log_site *site)
{
    struct log_line line;
    char reasons[LOG_TALLY_TEXT_SIZE];
    uint32_t suppressed =
        site->tally != NULL ? log_tally_take(site->tally, reasons) : take_suppressed(site);
    if (suppressed == 0)
        return;
    log_begin_line(&line, site);
    log_number(&line, "suppressed", suppressed);
    if (site->tally != NULL)
        log_text(&line, "reasons", reasons);
    log_end(&line);
}

bool log_begin(struct log_line *line, struct log_site *site)
{
    return log_begin_for(line, site, NULL);
}

bool log_begin_for(struct log_line *line, struct log_site *site, const char *reason)
{
    if (!log_is_on(site->level))
        return false;
    list_site(site);
    if (!may_write(site)) {
        suppress(site, reason);
        return false;
    }
    if (site->tally != NULL)
        tell_site(site);
    log_begin_line(line, site);
    uint32_t suppressed = take_suppressed(site);
    if (suppressed > 0)
        log_number(line, "suppressed", suppressed);
    return true;
}

void log_end(struct log_line *line)
{
    const char *mark = line->is_json ? ",\"cut\":true" : " cut=true";
    size_t room = sizeof line->octets - line->size;
    int size = snprintf(line->octets + line->size, room, "%s%s\n", line->is_cut ? mark : "",
                        line->is_json ? "}" : "");
    CHECK(size > 0 && (size_t)size < room);
    put_line(line->octets, line->size + (size_t)size);
}

/* Sites that were active in this second go on counting. */
static void tell_suppressed_before(uint64_t second)
{
    for (struct log_site *site = atomic_load(&the_log.sites); site != NULL; site = site->next) {
        if (atomic_load_explicit(&site->window_s, memory_order_relaxed) < second)
            tell_site(site);
    }
}

/* A site that fell silent would keep its count for ever. */
void log_tell_suppressed(void)
{
    tell_suppressed_before(clock_now().ns / MONO_NS_PER_S);
}

static void write_waiting(void)
{
    for (;;) {
        const struct log_slot *slot = log_ring_peek(the_log.ring);
        if (slot == NULL)
            return;
        write_all(slot->octets, slot->size);
        log_ring_release(the_log.ring);
    }
}

/* Sleeps until a writer of lines wakes it, a second at most: then suppressed counts are told. */
static void sleep_for_lines(void)
{
    struct pollfd wake = {.fd = the_log.wake, .events = POLLIN};
    uint64_t count;
    (void)atomic_exchange(&the_log.is_asleep, true);
    if (log_ring_peek(the_log.ring) == NULL && !atomic_load(&the_log.is_ending))
        (void)poll(&wake, 1, 1000);
    atomic_store(&the_log.is_asleep, false);
    (void)!read(the_log.wake, &count, sizeof count);
}

static void run_writer(void *context)
{
    (void)context;
    while (!atomic_load(&the_log.is_ending)) {
        write_waiting();
        log_tell_suppressed();
        write_waiting();
        sleep_for_lines();
    }
    write_waiting();
    tell_suppressed_before(UINT64_MAX);
    write_waiting();
    atomic_store(&the_log.is_done, true);
}

void log_configure(const struct config_log *config)
{
    atomic_store_explicit(&the_log.level, config->level, memory_order_relaxed);
    atomic_store_explicit(&the_log.rate_max, config->rate_max, memory_order_relaxed);
    atomic_store_explicit(&the_log.is_json, config->format == CONFIG_LOG_FORMAT_JSON,
                          memory_order_relaxed);
}

static enum pce_status log_open_file(int *descriptor, struct failure *failure)
{
    *descriptor = open(the_log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (*descriptor < 0)
        return failure_set_errno(failure, errno, "cannot open the log file %s", the_log.path);
    return PCE_OK;
}

enum pce_status log_probe(const struct config_log *config, struct failure *failure)
{
    if (config->destination != CONFIG_LOG_DESTINATION_FILE)
        return PCE_OK;
    int descriptor = open(config->file, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) {
        (void)close(descriptor);
        return PCE_OK;
    }
    if (errno == ENOENT)
        return folder_may_create(config->file, failure);
    return failure_set_errno(failure, errno, "cannot open the log file %s", config->file);
}

enum pce_status log_reopen(struct failure *failure)
{
    if (the_log.path[0] == '\0')
        return PCE_OK;
    int fresh;
    enum pce_status status = log_open_file(&fresh, failure);
    if (status != PCE_OK)
        return status;
    /* The number stays: a line that is being written goes to the old file or to the new one. */
    int descriptor = atomic_load(&the_log.descriptor);
    int renamed = dup3(fresh, descriptor, O_CLOEXEC);
    int error = errno;
    (void)close(fresh);
    if (renamed < 0)
        return failure_set_errno(failure, error, "cannot reopen the log file %s", the_log.path);
    return PCE_OK;
}

static enum pce_status start_writer(struct failure *failure)
{
    the_log.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (the_log.wake < 0)
        return failure_set_errno(failure, errno, "cannot make an eventfd for the log");
    the_log.ring = malloc(sizeof *the_log.ring);
    if (the_log.ring == NULL) {
        (void)close(the_log.wake);
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the log");
    }
    log_ring_init(the_log.ring);
    atomic_store(&the_log.is_ending, false);
    atomic_store(&the_log.is_done, false);
    enum pce_status status =
        thread_start(&the_log.thread, "pced-log", THREAD_CPU_ANY, run_writer, NULL, failure);
    if (status != PCE_OK) {
        (void)close(the_log.wake);
        free(the_log.ring);
        the_log.ring = NULL;
        return status;
    }
    atomic_store_explicit(&the_log.is_running, true, memory_order_release);
    return PCE_OK;
}

enum pce_status log_open(const struct config_log *config, struct failure *failure)
{
    log_configure(config);
    the_log.path[0] = '\0';
    if (config->destination == CONFIG_LOG_DESTINATION_FILE) {
        int descriptor;
        memcpy(the_log.path, config->file, sizeof the_log.path);
        enum pce_status status = log_open_file(&descriptor, failure);
        if (status != PCE_OK)
            return status;
        atomic_store_explicit(&the_log.descriptor, descriptor, memory_order_release);
    }
    return start_writer(failure);
}

static bool wait_for_writer(uint32_t wait_ms)
{
    struct mono deadline = mono_add_ms(clock_now(), wait_ms);
    while (!atomic_load(&the_log.is_done) && mono_is_before(clock_now(), deadline))
        (void)poll(NULL, 0, 1);
    return atomic_load(&the_log.is_done);
}

/* The writer is woken even where it does not say that it sleeps: it may be about to. */
void log_flush(uint32_t wait_ms)
{
    uint64_t one = 1;
    if (!atomic_load(&the_log.is_running))
        return;
    (void)!write(the_log.wake, &one, sizeof one);
    for (uint32_t i = 0; i < wait_ms && !log_ring_is_empty(the_log.ring); i++)
        (void)poll(NULL, 0, 1);
}

/* A writer that hangs in its file is left behind: the process is about to end anyway, and its ring
 * and descriptor must stay. */
void log_close(uint32_t wait_ms)
{
    if (!atomic_load(&the_log.is_running))
        return;
    uint64_t one = 1;
    atomic_store(&the_log.is_ending, true);
    (void)!write(the_log.wake, &one, sizeof one);
    if (!wait_for_writer(wait_ms))
        return;
    thread_join(&the_log.thread);
    atomic_store(&the_log.is_running, false);
    write_waiting();
    (void)close(the_log.wake);
    free(the_log.ring);
    the_log.ring = NULL;
    int descriptor = atomic_exchange(&the_log.descriptor, STDERR_FILENO);
    if (descriptor != STDERR_FILENO)
        (void)close(descriptor);
}
