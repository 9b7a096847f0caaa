/* Alone: a network's UPDATEs through pced's own reading, its RIB and its merging, on one thread and without a
 * kernel: what each step takes of a processor, as one line of JSON.
 *
 * Thread: one. Owns: nothing afterwards. */
#ifndef PCED_BENCH_LSFEED_ALONE_H
#define PCED_BENCH_LSFEED_ALONE_H

#include "core/ted/ted.h"

/* The exit code. */
int alone_run(const struct ted_snapshot *snapshot);

#endif
