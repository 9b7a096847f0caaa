/* Page check: whether every page of an LMDB file that its last commit reaches is sound, read
 * without mapping the file.
 *
 * LMDB believes its pages: where one is damaged it reads outside of it, or aborts, and a file that
 * was cut off ends the process by SIGBUS. So each page is looked at before: its place in the file,
 * its kind and number, that its nodes lie within it, that no page is used twice, and that trees and
 * list of free pages are as the meta page counts them. What the records say is record.h's.
 *
 * Thread: any; it blocks. Nobody may write to the file meanwhile. Owns: nothing.
 * Bound: a bit for each page of size_max, PAGE_DEPTH_MAX pages of memory. */
#ifndef PCED_IO_STORE_PAGE_CHECK_H
#define PCED_IO_STORE_PAGE_CHECK_H

#include "io/os/failure.h"

#include <stdint.h>

#define PAGE_DEPTH_MAX 32 /* LMDB's own limit: its cursors go no deeper */

/* PCE_IO: it is damaged, or cannot be read; PCE_INVALID: it is larger than size_max;
 * PCE_NOT_FOUND: there is none. */
PCE_MUST_CHECK enum pce_status page_check(const char *path, uint64_t size_max,
                                          struct failure *failure);

#endif
