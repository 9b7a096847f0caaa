/* Fatal: the last words of a process that cannot go on.
 *
 * A CHECK that fails, and SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, are reported on stderr: what
 * it was, on which thread, and the calls that led there, one line each. The process then ends by
 * that signal as if nobody had caught it, so that the exit status and the core dump are what they
 * would have been. Nothing here asks for memory or takes a lock: the report works where the
 * allocator itself is what broke. `addr2line -f -e pced OFFSET` names the lines of the calls.
 *
 * In a build with a sanitizer the signals are left to the sanitizer, which tells more.
 *
 * Thread: fatal_install by the main thread before there are others; fatal_enter_thread by each
 * other one at its begin (thread_start does it). Owns: nothing that has to be released.
 * Bound: FATAL_CALLS_MAX calls; a stack of FATAL_STACK_SIZE octets for each thread. */
#ifndef PCED_IO_OS_FATAL_H
#define PCED_IO_OS_FATAL_H

#include <signal.h>
#include <stdint.h>

#define FATAL_CALLS_MAX  64
#define FATAL_STACK_SIZE 32768

/* What a thread has for the report when its own stack is used up or broken. */
struct fatal_stack {
    uint8_t octets[FATAL_STACK_SIZE];
};

/* Takes the signals and the CHECKs. before_end, or NULL, is called when the report is out: it may
 * do only what a signal handler may. */
void fatal_install(void (*before_end)(void));

/* The calling thread reports on this stack, which must stay as long as the thread. */
void fatal_enter_thread(struct fatal_stack *stack);
void fatal_leave_thread(void);

/* Takes the signals out of a set that is about to be blocked: a fault of a thread that blocks its
 * signal ends the process without a word. */
void fatal_keep_open(sigset_t *set);

#endif
