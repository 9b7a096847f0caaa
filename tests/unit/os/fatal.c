/* The last words, read by another process than the one that says them. */
#include "io/os/fatal.h"

#include "core/base/check.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say_end(void)
{
    static const char words[] = "before the end\n";
    (void)!write(STDERR_FILENO, words, sizeof words - 1);
}

/* Runs it in a process of its own; what that has said, and the signal that ended it. */
static int last_words_of(void (*run)(void), char *text, size_t size)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        fatal_install(say_end);
        run();
        _exit(0);
    }
    (void)close(ends[1]);
    size_t used = 0;
    for (ssize_t got; used < size - 1 && (got = read(ends[0], text + used, size - 1 - used)) > 0;)
        used += (size_t)got;
    text[used] = '\0';
    (void)close(ends[0]);
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status), "it did not end by a signal: %s", text);
    return WTERMSIG(status);
}

static void fail_a_check(void)
{
    int two = 2;
    CHECK(two == 3);
}

Test(fatal, a_check_says_its_condition_thread_and_calls_once)
{
    char text[16384];
    cr_assert_eq(last_words_of(fail_a_check, text, sizeof text), SIGABRT);
    const char *found = strstr(text, "unit/os/fatal.c:");
    cr_assert_not_null(found, "%s", text);
    cr_assert_not_null(strstr(found, ": check failed: two == 3; thread "), "%s", text);
    cr_assert_not_null(strstr(found, "; calls:\n"));
    cr_assert_not_null(strstr(found, "(+0x"), "no calls: %s", text);
    cr_assert_not_null(strstr(found, "before the end\n"));
    cr_assert_null(strstr(text, "fatal signal"), "told twice: %s", text);
}
