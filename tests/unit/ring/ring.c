#include "io/ring/ring_impl.h"
/* The ring itself: its deadline, its watches, and what it says when the kernel refuses. */
#include "tests/lib/io_support.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct ring *ring_open(void)
{
    struct ring_options options = {.file_count = 16};
    struct failure failure;
    struct ring *ring;
    cr_assert_eq(ring_create(&options, &ring, &failure), PCE_OK, "%s", failure.text);
    return ring;
}

Test(ring, waits_until_its_deadline)
{
    struct ring *ring = ring_open();
    struct mono start = clock_now();
    cr_assert_eq(ring_turn(ring, mono_add_ms(start, 20)), PCE_TIMEOUT);
    cr_assert(mono_since_ns(clock_now(), start) >= 20 * MONO_NS_PER_MS);
    cr_assert_eq(ring_turn(ring, (struct mono){0}), PCE_TIMEOUT, "the past: a poll");
    cr_assert(strstr(ring_path_text(ring), "descriptors") != NULL);
    ring_destroy(ring);
}

struct watched {
    struct ring_watch *watch;
    int event;
    unsigned calls;
    bool destroys;
};

static void on_readable(void *context)
{
    struct watched *watched = context;
    watched->calls++;
    if (watched->destroys) {
        ring_watch_destroy(watched->watch);
        return;
    }
    uint64_t value;
    cr_assert_eq(read(watched->event, &value, sizeof value), (ssize_t)sizeof value);
}

static void turn_until_called(struct ring *ring, const struct watched *watched, unsigned calls)
{
    struct mono deadline = mono_add_s(clock_now(), 10);
    while (watched->calls < calls && mono_is_before(clock_now(), deadline))
        cr_assert_neq(ring_turn(ring, deadline), PCE_IO);
    cr_assert_eq(watched->calls, calls);
}

Test(ring, tells_each_time_that_a_watched_descriptor_is_readable)
{
    struct ring *ring = ring_open();
    struct watched watched = {.event = eventfd(0, EFD_NONBLOCK)};
    cr_assert_eq(ring_watch_create(ring, watched.event, on_readable, &watched, &watched.watch),
                 PCE_OK);
    uint64_t one = 1;
    for (unsigned i = 1; i <= 3; i++) {
        cr_assert_eq(write(watched.event, &one, sizeof one), (ssize_t)sizeof one);
        turn_until_called(ring, &watched, i);
    }
    ring_watch_destroy(watched.watch);
    cr_assert_eq(write(watched.event, &one, sizeof one), (ssize_t)sizeof one);
    cr_assert_eq(ring_settle(ring, mono_add_s(clock_now(), 10)), PCE_OK);
    cr_assert_eq(watched.calls, 3);
    (void)close(watched.event);
    ring_destroy(ring);
}

Test(ring, a_watch_may_be_destroyed_in_its_own_callback)
{
    struct ring *ring = ring_open();
    struct watched watched = {.event = eventfd(1, EFD_NONBLOCK), .destroys = true};
    cr_assert_eq(ring_watch_create(ring, watched.event, on_readable, &watched, &watched.watch),
                 PCE_OK);
    turn_until_called(ring, &watched, 1);
    cr_assert_eq(ring_settle(ring, mono_add_s(clock_now(), 10)), PCE_OK);
    (void)close(watched.event);
    ring_destroy(ring);
}

/* From here on io_uring_setup gives this error to the process, as a container's profile does. */
static void refuse_io_uring(unsigned error)
{
    struct sock_filter code[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, __NR_io_uring_setup},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog program = {.len = 4, .filter = code};
    cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void check_refusal(unsigned error, enum pce_status status, const char *word)
{
    refuse_io_uring(error);
    struct ring_options options = {0};
    struct failure failure = {""};
    struct ring *ring;
    cr_assert_eq(ring_create(&options, &ring, &failure), status);
    cr_assert(ring == NULL);
    cr_assert(strstr(failure.text, word) != NULL, "%s", failure.text);
}

Test(ring, a_kernel_without_io_uring_is_explained)
{
    check_refusal(ENOSYS, PCE_UNSUPPORTED, "seccomp");
}

Test(ring, a_profile_that_forbids_io_uring_is_explained)
{
    check_refusal(EPERM, PCE_DENIED, "seccomp");
}

Test(ring, a_lack_of_locked_memory_is_explained)
{
    check_refusal(ENOMEM, PCE_NO_MEMORY, "ulimit -l");
}

Test(ring, an_old_kernel_is_explained)
{
    check_refusal(EINVAL, PCE_UNSUPPORTED, "6.1");
}

Test(ring, a_lack_of_descriptors_is_explained)
{
    struct rlimit limit = {3, 3};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    struct ring_options options = {0};
    struct failure failure = {""};
    struct ring *ring;
    cr_assert_eq(ring_create(&options, &ring, &failure), PCE_LIMIT);
    cr_assert(strstr(failure.text, "ulimit -n") != NULL, "%s", failure.text);
}

Test(ring, eighty_rings_fit_beside_each_other)
{
    struct ring *rings[80];
    struct ring_options options = {.buffer_count = 8};
    struct failure failure;
    for (int i = 0; i < 80; i++)
        cr_assert_eq(ring_create(&options, &rings[i], &failure), PCE_OK, "ring %d: %s", i,
                     failure.text);
    for (int i = 0; i < 80; i++) {
        cr_assert(ring_file_count(rings[i]) >= 500);
        ring_destroy(rings[i]);
    }
}

Test(ring, waits_for_more_while_it_is_patient)
{
    struct ring *ring = ring_open();
    struct watched watched = {.event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    cr_assert_eq(ring_watch_create(ring, watched.event, on_readable, &watched, &watched.watch),
                 PCE_OK);
    (void)!ring_turn(ring, (struct mono){0});
    ring_set_coalesce(ring, 40000);
    struct mono start = clock_now();
    uint64_t one = 1;
    cr_assert_eq(write(watched.event, &one, sizeof one), (ssize_t)sizeof one);
    cr_assert_eq(ring_turn(ring, mono_add_s(start, 10)), PCE_OK);
    uint64_t patient_ns = mono_since_ns(clock_now(), start);
    cr_expect_eq(watched.calls, 1);
    cr_expect_lt(patient_ns, 5 * MONO_NS_PER_S, "not until the deadline");
    ring_set_coalesce(ring, 0);
    start = clock_now();
    cr_assert_eq(write(watched.event, &one, sizeof one), (ssize_t)sizeof one);
    cr_assert_eq(ring_turn(ring, mono_add_s(start, 10)), PCE_OK);
    cr_expect_eq(watched.calls, 2);
    if (patient_ns >= 40 * MONO_NS_PER_MS) /* before 6.12 the kernel cannot do it */
        cr_expect_lt(mono_since_ns(clock_now(), start), patient_ns);
    ring_set_coalesce(ring, 40000);
    start = clock_now();
    (void)!ring_turn(ring, (struct mono){0});
    cr_expect_lt(mono_since_ns(clock_now(), start), 40 * MONO_NS_PER_MS, "a poll is none");
    ring_watch_destroy(watched.watch);
    cr_assert_eq(ring_settle(ring, mono_add_s(clock_now(), 5)), PCE_OK);
    ring_destroy(ring);
    close(watched.event);
}

/* As if it had no memory for what is submitted, for as long as it is asked. */
Test(ring, a_kernel_that_takes_nothing_breaks_the_ring_and_not_the_process)
{
    struct ring_options options = {.sq_entries = 8, .cq_entries = 64, .buffer_count = 8};
    struct ring *ring = NULL;
    cr_assert_eq(ring_create(&options, &ring, NULL), PCE_OK);
    int enter = ring->uring.enter_ring_fd;
    ring->uring.enter_ring_fd = INT32_MAX;
    for (int i = 0; i < 100; i++)
        ring_cancel(ring, ring, RING_TAG_RECEIVE, RING_TAG_CANCEL);
    cr_assert_eq(ring_turn(ring, (struct mono){0}), PCE_IO);
    cr_assert_eq(ring_settle(ring, (struct mono){0}), PCE_IO);
    ring->uring.enter_ring_fd = enter;
    ring_destroy(ring);
}
