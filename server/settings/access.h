/* Access list: which addresses may have a session at all, by prefix (longest match).
 *
 * Asked for each accepted connection before anything else is done for it, and for nothing else. A
 * reload makes a new list; sessions that stand are left alone.
 *
 * Thread: made by one thread, then immutable: any thread asks it.
 * Owns: its entries. Bound: ACCESS_ENTRIES_MAX; an answer looks at O(log n) entries and at most one
 * for each length of prefix. */
#ifndef PCED_SERVER_SETTINGS_ACCESS_H
#define PCED_SERVER_SETTINGS_ACCESS_H

#include "core/base/ip.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCESS_ENTRIES_MAX 65536

struct access_entry {
    struct ip prefix;
    uint8_t bits;
    bool is_permitted;
};

struct access_list;

/* Copies the entries; bits behind a prefix's length are ignored. is_permitted: what holds where no
 * entry matches. PCE_EXISTS: the same prefix is there twice with different answers; PCE_LIMIT,
 * PCE_INVALID (a prefix without family, or too long), PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status access_list_create(const struct access_entry *entries, size_t count,
                                                  bool is_permitted, struct access_list **list);
void access_list_destroy(struct access_list *list);

/* NULL is the list that permits everybody. */
bool access_list_permits(const struct access_list *list, const struct ip *address);

#endif
