#include "server/pcectl/capture/source.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void expect_octets(struct source *source, size_t size, enum pce_status status,
                          const char *text)
{
    struct wire_span octets = {NULL, 0};
    cr_expect_eq(source_peek(source, size, &octets), status);
    cr_expect_eq(octets.size, strlen(text));
    cr_expect(octets.size == 0 || memcmp(octets.octets, text, octets.size) == 0);
}

Test(capture_source, memory_is_given_out_in_order)
{
    struct source source;
    source_init_memory(&source, "abcdef", 6);
    expect_octets(&source, 4, PCE_OK, "abcd");
    expect_octets(&source, 2, PCE_OK, "ab");
    source_step(&source, 3);
    expect_octets(&source, 4, PCE_INVALID, "def");
    cr_expect_eq(source.offset, 3);
    cr_expect_eq(source_skip(&source, 3), PCE_OK);
    expect_octets(&source, 1, PCE_CLOSED, "");
    cr_expect_eq(source_skip(&source, 1), PCE_INVALID, "what is promised is missing");
    source_fini(&source);
}

Test(capture_source, pipe_gives_what_is_wanted_however_it_comes)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    struct source source;
    source_init_file(&source, ends[0]);
    cr_assert_eq(write(ends[1], "abc", 3), 3);
    expect_octets(&source, 2, PCE_OK, "ab");
    source_step(&source, 2);
    cr_assert_eq(write(ends[1], "def", 3), 3);
    expect_octets(&source, 4, PCE_OK, "cdef");
    (void)close(ends[1]);
    expect_octets(&source, 5, PCE_INVALID, "cdef");
    source_fini(&source);
    (void)close(ends[0]);
}

Test(capture_source, large_and_small_wants_change)
{
    FILE *file = tmpfile();
    for (unsigned i = 0; i < 300000; i++)
        cr_assert_eq(fwrite(&i, sizeof i, 1, file), 1);
    cr_assert_eq(fflush(file), 0);
    cr_assert_eq(lseek(fileno(file), 0, SEEK_SET), 0);
    struct source source;
    source_init_file(&source, fileno(file));
    struct wire_span octets;
    size_t at = 0;
    static const size_t sizes[] = {4, 70000, 12, 1000000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        cr_assert_eq(source_peek(&source, sizes[i], &octets), PCE_OK);
        for (size_t j = 0; j + 4 <= sizes[i]; j += 4) {
            unsigned value;
            memcpy(&value, octets.octets + j, sizeof value);
            cr_assert_eq(value, (at + j) / 4);
        }
        source_step(&source, sizes[i] / 8 * 4);
        at += sizes[i] / 8 * 4;
    }
    cr_expect_eq(source_skip(&source, 1200000 - at), PCE_OK);
    expect_octets(&source, 1, PCE_CLOSED, "");
    cr_expect_eq(source.offset, 1200000);
    source_fini(&source);
    (void)fclose(file);
}

/* ---- following ---- */

struct writer {
    int descriptor;
    int idle[2]; /* a pipe: the source says that it waits */
    const char *text;
};

static void on_idle(void *context)
{
    const struct writer *writer = context;
    cr_assert_eq(write(writer->idle[1], "i", 1), 1);
}

/* Writes octet by octet, each when the source has waited for one. */
static void *write_slowly(void *argument)
{
    const struct writer *writer = argument;
    char mark;
    for (const char *at = writer->text; *at != '\0'; at++) {
        cr_assert_eq(read(writer->idle[0], &mark, 1), 1);
        cr_assert_eq(write(writer->descriptor, at, 1), 1);
    }
    return NULL;
}

static void follow(bool is_pipe)
{
    char path[] = "/tmp/capture_source.XXXXXX";
    int stop[2], data[2];
    cr_assert_eq(pipe(stop), 0);
    struct writer writer = {.text = "abcdef"};
    cr_assert_eq(pipe(writer.idle), 0);
    if (is_pipe) {
        cr_assert_eq(pipe(data), 0);
    } else {
        data[1] = mkstemp(path);
        data[0] = open(path, O_RDONLY | O_CLOEXEC);
    }
    writer.descriptor = data[1];
    struct source source;
    source_init_file(&source, data[0]);
    source_follow(&source, is_pipe ? NULL : path, stop[0]);
    source_set_idle(&source, on_idle, &writer);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, write_slowly, &writer), 0);
    expect_octets(&source, 4, PCE_OK, "abcd");
    source_step(&source, 4);
    expect_octets(&source, 2, PCE_OK, "ef");
    source_step(&source, 2);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_assert_eq(write(stop[1], "s", 1), 1);
    expect_octets(&source, 3, PCE_CANCELLED, "");
    source_fini(&source);
    (void)close(data[0]);
    (void)close(data[1]);
    if (!is_pipe)
        (void)unlink(path);
}

Test(capture_source, growing_file_is_followed_until_it_is_stopped, .timeout = 60)
{
    follow(false);
}

Test(capture_source, pipe_is_followed_until_it_is_stopped, .timeout = 60)
{
    follow(true);
}

Test(capture_source, file_that_is_gone_ends, .timeout = 60)
{
    char path[] = "/tmp/capture_source.XXXXXX";
    int stop[2];
    cr_assert_eq(pipe(stop), 0);
    int descriptor = mkstemp(path);
    struct source source;
    source_init_file(&source, descriptor);
    source_follow(&source, path, stop[0]);
    cr_assert_eq(unlink(path), 0);
    expect_octets(&source, 1, PCE_CLOSED, "");
    source_fini(&source);
    (void)close(descriptor);
}

Test(capture_source, file_that_shrinks_ends, .timeout = 60)
{
    FILE *file = tmpfile();
    int stop[2];
    cr_assert_eq(pipe(stop), 0);
    cr_assert_eq(write(fileno(file), "abcdef", 6), 6);
    cr_assert_eq(ftruncate(fileno(file), 3), 0);
    struct source source;
    source_init_file(&source, fileno(file)); /* its place is behind the end */
    source_follow(&source, "/proc/self/fd/0", stop[0]);
    expect_octets(&source, 1, PCE_CLOSED, "");
    source_fini(&source);
    (void)fclose(file);
}
