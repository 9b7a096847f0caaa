/* The small parts: threads, files, signals, the client, failures, counters. */
#include "io/net/client.h"
#include "io/os/clock.h"
#include "io/os/counter.h"
#include "io/os/failure.h"
#include "io/os/file.h"
#include "io/os/signal.h"
#include "io/os/thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct seen {
    struct thread_owner owner;
    uint32_t number;
    char name[THREAD_NAME_SIZE];
    sigset_t blocked;
};

static void look_around(void *context)
{
    struct seen *seen = context;
    seen->number = thread_self();
    (void)pthread_getname_np(pthread_self(), seen->name, sizeof seen->name);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &seen->blocked);
    thread_owner_claim(&seen->owner);
    thread_owner_check(&seen->owner);
}

Test(thread, has_its_name_its_number_and_no_signals)
{
    struct seen seen = {0};
    struct thread thread;
    thread_owner_check(&seen.owner);
    cr_assert_eq(
        thread_start(&thread, "a-name-that-is-too-long", THREAD_CPU_ANY, look_around, &seen, NULL),
        PCE_OK);
    thread_join(&thread);
    cr_assert_str_eq(seen.name, "a-name-that-is-");
    cr_assert_neq(seen.number, thread_self());
    cr_assert_eq(sigismember(&seen.blocked, SIGTERM), 1);
}

Test(thread, another_threads_thing_aborts, .signal = SIGABRT)
{
    struct seen seen = {0};
    struct thread thread;
    cr_assert_eq(thread_start(&thread, "owner", THREAD_CPU_ANY, look_around, &seen, NULL), PCE_OK);
    thread_join(&thread);
    thread_owner_check(&seen.owner);
}

Test(thread, a_core_that_is_not_there_is_refused)
{
    struct seen seen = {0};
    struct thread thread;
    struct failure failure;
    cr_assert_eq(thread_start(&thread, "x", 1023, look_around, &seen, &failure), PCE_INVALID);
    cr_assert(strstr(failure.text, "1023") != NULL);
}

static void write_file(char *path, size_t size)
{
    int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    char *octets = malloc(size + 1);
    memset(octets, 'x', size);
    cr_assert_eq(write(descriptor, octets, size), (ssize_t)size);
    free(octets);
    (void)close(descriptor);
}

Test(file, is_read_whole_up_to_its_limit)
{
    static const size_t sizes[] = {0, 1, 16383, 16384, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char path[] = "/tmp/pced-file-XXXXXX";
        write_file(path, sizes[i]);
        char *octets;
        size_t size;
        struct failure failure;
        cr_assert_eq(file_read(path, sizes[i], &octets, &size, &failure), PCE_OK);
        cr_assert_eq(size, sizes[i]);
        cr_assert_eq(strlen(octets), size);
        free(octets);
        if (sizes[i] > 0) {
            cr_assert_eq(file_read(path, sizes[i] - 1, &octets, &size, &failure), PCE_INVALID);
            cr_assert(octets == NULL && strstr(failure.text, path) != NULL);
        }
        (void)unlink(path);
    }
}

Test(file, says_why_it_cannot_be_read)
{
    char *octets;
    size_t size;
    struct failure failure;
    cr_assert_eq(file_read("/nonexistent/file", 10, &octets, &size, &failure), PCE_NOT_FOUND);
    cr_assert_str_eq(failure.text, "/nonexistent/file: No such file or directory");
    cr_assert_eq(file_read("/tmp", 10, &octets, &size, &failure), PCE_INVALID);
    cr_assert(octets == NULL);
}

/* A pipe that takes a file's place must hold nobody up, and is no empty file. */
Test(file, may_be_a_pipe_that_is_written)
{
    char path[64];
    char *octets;
    size_t size;
    struct failure failure;
    (void)snprintf(path, sizeof path, "/tmp/pced-pipe-%d", (int)getpid());
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_expect_eq(file_read(path, 100, &octets, &size, &failure), PCE_IO, "nobody writes");
    int writer = open(path, O_RDWR);
    cr_assert_eq(write(writer, "abc", 3), 3);
    cr_expect_eq(file_read(path, 100, &octets, &size, &failure), PCE_TIMEOUT, "it goes on");
    pid_t child = fork();
    if (child == 0) {
        (void)usleep(100000);
        _exit(write(writer, "abc", 3) == 3 ? 0 : 1);
    }
    (void)close(writer);
    cr_expect_eq(file_read(path, 100, &octets, &size, &failure), PCE_OK);
    cr_expect_eq(size, 3);
    free(octets);
    (void)waitpid(child, NULL, 0);
    (void)unlink(path);
}

Test(failure, keeps_status_and_text)
{
    struct failure failure;
    cr_assert_eq(failure_set(&failure, PCE_LIMIT, "at most %d", 3), PCE_LIMIT);
    cr_assert_str_eq(failure.text, "at most 3");
    cr_assert_eq(failure_set(NULL, PCE_IO, "x"), PCE_IO);
    char longer[2 * FAILURE_TEXT_SIZE];
    memset(longer, 'y', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    cr_assert_eq(failure_set_errno(&failure, EACCES, "%s", longer), PCE_DENIED);
    cr_assert_eq(strlen(failure.text), FAILURE_TEXT_SIZE - 1);
}

Test(counter, adds_and_subtracts)
{
    struct counter counter = {0};
    counter_add(&counter, 5);
    counter_add_shared(&counter, 2);
    counter_subtract(&counter, 3);
    cr_assert_eq(counter_get(&counter), 4);
}

Test(signal, are_taken_by_the_main_thread)
{
    signal_block();
    int number = 0;
    cr_assert_eq(signal_wait(mono_add_ms(clock_now(), 1), &number), PCE_TIMEOUT);
    cr_assert_eq(kill(getpid(), SIGHUP), 0);
    cr_assert_eq(signal_wait(mono_add_s(clock_now(), 5), &number), PCE_OK);
    cr_assert_eq(number, SIGHUP);
    int descriptor;
    cr_assert_eq(signal_open(&descriptor), PCE_OK);
    cr_assert_eq(signal_take(descriptor, &number), PCE_AGAIN);
    cr_assert_eq(kill(getpid(), SIGTERM), 0);
    struct pollfd watched = {.fd = descriptor, .events = POLLIN};
    cr_assert_eq(poll(&watched, 1, 5000), 1);
    cr_assert_eq(signal_take(descriptor, &number), PCE_OK);
    cr_assert_eq(number, SIGTERM);
    (void)close(descriptor);
}

Test(client, a_refused_connection_names_both_ends)
{
    struct client client;
    struct failure failure;
    struct client_options options = {.to_port = 1, .deadline = mono_add_s(clock_now(), 5)};
    cr_assert(ip_parse("127.0.0.1", &options.to));
    cr_assert(ip_parse("127.0.0.9", &options.from));
    cr_assert_eq(client_connect(&client, &options, &failure), PCE_CLOSED);
    cr_assert(strstr(failure.text, "127.0.0.1 port 1 from 127.0.0.9") != NULL, "%s", failure.text);
    client_close(&client);
}

Test(client, sends_and_receives_with_a_deadline)
{
    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    struct client one = {pair[0]};
    struct client two = {pair[1]};
    char got[8];
    size_t size;
    cr_assert_eq(client_receive(&two, got, sizeof got, &size, mono_add_ms(clock_now(), 5)),
                 PCE_TIMEOUT);
    cr_assert_eq(client_send(&one, "12345678", 8, mono_add_s(clock_now(), 5)), PCE_OK);
    cr_assert_eq(client_receive_all(&two, got, 8, mono_add_s(clock_now(), 5)), PCE_OK);
    cr_assert_eq(memcmp(got, "12345678", 8), 0);
    char *flood = calloc(1, 1 << 22);
    cr_assert_eq(client_send(&one, flood, 1 << 22, mono_add_ms(clock_now(), 20)), PCE_TIMEOUT);
    free(flood);
    client_close(&two);
    signal_block();
    cr_assert_eq(client_send(&one, "x", 1, mono_add_s(clock_now(), 5)), PCE_CLOSED);
    client_close(&one);
}
