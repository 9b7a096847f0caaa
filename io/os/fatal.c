#include "io/os/fatal.h"

#include "core/base/check.h"

#include <execinfo.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LINE_SIZE       512
#define NUMBER_SIZE     20 /* digits of 64 bits */
#define OTHER_WAIT_MS   1000
#define THREAD_NAME_MAX 16

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

static const struct {
    int number;
    const char *name;
} fatal_signals[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
    {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"},
};

#define SIGNAL_COUNT (sizeof fatal_signals / sizeof fatal_signals[0])

static struct fatal_stack main_stack;
static void (*last_call)(void);
static atomic_flag is_reporting = ATOMIC_FLAG_INIT;
static _Thread_local bool is_reporter;

/* A line that is put together without the C library's formatting, which is not for signal handlers.
 */
struct fatal_line {
    char octets[LINE_SIZE];
    size_t size;
};

static void line_text(struct fatal_line *line, const char *text)
{
    size_t size = strlen(text);
    if (size > LINE_SIZE - line->size)
        size = LINE_SIZE - line->size;
    memcpy(line->octets + line->size, text, size);
    line->size += size;
}

static void line_number(struct fatal_line *line, uint64_t number, unsigned base)
{
    char digits[NUMBER_SIZE + 1];
    size_t at = NUMBER_SIZE;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    line_text(line, digits + at);
}

/* Where and in whom it was, and the calls that led there. */
static void line_end(struct fatal_line *line)
{
    void *calls[FATAL_CALLS_MAX];
    char name[THREAD_NAME_MAX] = "";
    (void)prctl(PR_GET_NAME, name);
    line_text(line, "; thread ");
    line_text(line, name);
    line_text(line, "; calls:\n");
    (void)!write(STDERR_FILENO, line->octets, line->size);
    backtrace_symbols_fd(calls, backtrace(calls, FATAL_CALLS_MAX), STDERR_FILENO);
    if (last_call != NULL)
        last_call();
}

/* Whether this thread is the one that tells. Another one that fails meanwhile waits for it. */
static bool fatal_begin(void)
{
    if (is_reporter)
        return false;
    if (atomic_flag_test_and_set(&is_reporting)) {
        (void)poll(NULL, 0, OTHER_WAIT_MS);
        return false;
    }
    is_reporter = true;
    return true;
}

static void on_check_failed(const char *condition, const char *file, int line)
{
    struct fatal_line text = {.size = 0};
    if (!fatal_begin())
        return;
    line_text(&text, file);
    line_text(&text, ":");
    line_number(&text, (uint64_t)line, 10);
    line_text(&text, ": check failed: ");
    line_text(&text, condition);
    line_end(&text);
}

/* The signal had its handler taken away when this one was called: raised again it ends the process.
 * Until this one returns it is blocked, so that the dump shows what was interrupted. */
static void on_fatal_signal(int number, siginfo_t *information, void *context)
{
    struct fatal_line text = {.size = 0};
    (void)context;
    if (fatal_begin()) {
        line_text(&text, "pced: fatal signal ");
        for (size_t i = 0; i < SIGNAL_COUNT; i++) {
            if (fatal_signals[i].number == number)
                line_text(&text, fatal_signals[i].name);
        }
        if (information->si_code > 0 && number != SIGABRT) {
            line_text(&text, " at address 0x");
            line_number(&text, (uint64_t)(uintptr_t)information->si_addr, 16);
        }
        line_end(&text);
    }
    (void)raise(number);
}

void fatal_enter_thread(struct fatal_stack *stack)
{
    if (HAS_SANITIZER)
        return;
    stack_t alternate = {.ss_sp = stack->octets, .ss_size = sizeof stack->octets};
    (void)sigaltstack(&alternate, NULL); /* without one the report needs the thread's own stack */
}

void fatal_leave_thread(void)
{
    if (HAS_SANITIZER)
        return;
    stack_t none = {.ss_flags = SS_DISABLE};
    (void)sigaltstack(&none, NULL);
}

void fatal_keep_open(sigset_t *set)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigdelset(set, fatal_signals[i].number);
}

void fatal_install(void (*before_end)(void))
{
    void *calls[1];
    (void)backtrace(calls, 1); /* the first one loads a library, which takes memory */
    last_call = before_end;
    check_set_handler(on_check_failed);
    fatal_enter_thread(&main_stack);
    if (HAS_SANITIZER)
        return;
    struct sigaction action = {.sa_sigaction = on_fatal_signal};
    action.sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigaction(fatal_signals[i].number, &action, NULL);
}
