/* Signals, taken one at a time by the main thread: no handler runs anywhere.
 *
 * Thread: the main thread; signal_block before any other thread is started (threads inherit it). */
#ifndef PCED_IO_OS_SIGNAL_H
#define PCED_IO_OS_SIGNAL_H

#include "core/base/mono.h"
#include "core/base/status.h"

/* Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGUSR2 so that signal_wait can take them, and
 * ignores SIGPIPE. */
void signal_block(void);

/* Waits for one of them until the deadline (MONO_NEVER: for ever). PCE_TIMEOUT when none came. */
PCE_MUST_CHECK enum pce_status signal_wait(struct mono deadline, int *number);

/* A descriptor that is readable while one of them waits, for a poll loop; signal_take reads it
 * without waiting: PCE_AGAIN when none waits. The caller closes the descriptor. */
PCE_MUST_CHECK enum pce_status signal_open(int *descriptor);
PCE_MUST_CHECK enum pce_status signal_take(int descriptor, int *number);

#endif
