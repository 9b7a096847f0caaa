/* Deal: sorts items whose order begins with a small number (a node's index, the rank of a name): they are dealt out
 * to their numbers first, so that only the few of one number are sorted at a time.
 *
 * Thread: any. Owns: nothing afterwards. Bound: O(items + numbers) beside the sorting of each number's items, and a
 * copy of the items. */
#ifndef PCED_CORE_TED_DEAL_H
#define PCED_CORE_TED_DEAL_H

#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deal {
    void *items;
    uint32_t count;
    uint32_t number_count; /* numbers are less than that */
    size_t item_size;      /* each begins with its number, a uint32_t */
    /* The whole order, of which the number is the first part. */
    int (*compare)(const void *left, const void *right);
};

PCE_MUST_CHECK enum pce_status deal_sort(const struct deal *deal);

#endif
