/* The log's ring with two slots, and how its thread sleeps and is woken: whatever the order of
 * steps, each line is written once or counted as lost, whole and in its thread's order, and the
 * thread does not sleep while a line waits. */
#define MODEL_WRITE(d, octets, size) model_log_write(d, octets, size)
#include "tests/orders/atomics.h"

#include "server/log/log.h"

#undef LOG_LINE_SIZE
#undef LOG_RING_LINES
#define LOG_LINE_SIZE  8
#define LOG_RING_LINES 2
#define THREADS_MAX    2

static ssize_t model_log_write(int descriptor, const void *octets, size_t size);

#include "server/log/log.c"
#include "server/log/log_ring.c"

static struct {
    unsigned threads, count;
    uint8_t next[THREADS_MAX]; /* the number that its next line has at least */
    uint8_t written;
    bool closes; /* the last of the threads asks the log to end */
    uint8_t ended;
} shared;

/* A line is two octets: its thread and its number. */
static void judge_line(const uint8_t *octets, size_t size)
{
    model_expect(size == 2 && octets[0] < shared.threads, "a line is not what was put");
    model_expect(octets[1] >= shared.next[octets[0]], "a line comes twice, or before an older one");
    shared.next[octets[0]] = (uint8_t)(octets[1] + 1);
    shared.written++;
}

static ssize_t model_log_write(int descriptor, const void *octets, size_t size)
{
    if (descriptor >= 1000)
        return model_write_event(descriptor, size);
    model_step("write a line");
    judge_line(octets, size);
    return (ssize_t)size;
}

static void run_thread(void *context)
{
    uint8_t thread = *(uint8_t *)context;
    for (unsigned i = 0; i < shared.count; i++) {
        const char line[2] = {(char)thread, (char)i};
        put_line(line, sizeof line);
    }
    if (++shared.ended < shared.threads || !shared.closes)
        return;
    uint64_t one = 1; /* as in log_close */
    atomic_store(&the_log.is_ending, true);
    (void)!write(the_log.wake, &one, sizeof one);
}

static void start(unsigned threads, unsigned count, bool closes)
{
    static uint8_t numbers[THREADS_MAX] = {0, 1};
    static const char *const names[THREADS_MAX] = {"thread 0", "thread 1"};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    model_region(&the_log, sizeof the_log);
    shared.threads = threads;
    shared.count = count;
    shared.closes = closes;
    the_log.ring = malloc(sizeof *the_log.ring);
    log_ring_init(the_log.ring);
    the_log.wake = eventfd(0, 0);
    the_log.lost = 0;
    the_log.is_running = true;
    the_log.is_ending = the_log.is_asleep = the_log.is_done = false;
    for (unsigned i = 0; i < threads; i++)
        model_thread(names[i], run_thread, &numbers[i], false);
    model_thread("log", run_writer, NULL, !closes);
}

static void all_is_written(void)
{
    model_expect(shared.written + log_lost() == shared.threads * shared.count,
                 "a line is neither written nor counted as lost");
    model_expect(!shared.closes || the_log.is_done, "the log does not end");
}

static void one(void)
{
    start(1, 4, false);
}

static void one_ends(void)
{
    start(1, 3, true);
}

static void two(void)
{
    start(2, 2, false);
}

static void two_end(void)
{
    start(2, 1, true);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 thread with 4 lines", one, all_is_written, true},
        {"1 thread with 3 lines, then the end", one_ends, all_is_written, true},
        {"2 threads with 2 lines", two, all_is_written, true},
        {"2 threads with 1 line, then the end", two_end, all_is_written, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
