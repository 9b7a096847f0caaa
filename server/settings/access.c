#include "server/settings/access.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define NO_PARENT UINT32_MAX

/* Sorted by address, shorter prefixes first: the entry before or at an address is the longest match
 * or lies within it, and `parent` leads from each prefix to the one around it. */
struct node {
    struct access_entry entry;
    uint32_t parent;
};

struct access_list {
    bool is_permitted; /* by default */
    uint32_t count;
    struct node nodes[];
};

static struct ip masked(struct ip ip, unsigned bits)
{
    size_t size = ip_size(&ip);
    for (size_t i = 0; i < size; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * (unsigned)i : 0;
        if (kept < 8)
            ip.octets[i] &= (uint8_t)(0xff00U >> kept);
    }
    return ip;
}

static int access_compare(const void *left, const void *right)
{
    const struct node *a = left;
    const struct node *b = right;
    int order = ip_compare(&a->entry.prefix, &b->entry.prefix);
    return order != 0 ? order : (int)a->entry.bits - (int)b->entry.bits;
}

static bool access_is_around(const struct node *node, const struct ip *address)
{
    return node->entry.prefix.family == address->family &&
           ip_is_within(address, &node->entry.prefix, node->entry.bits);
}

/* The nearest prefix around each one is the one before it, or around that one. */
static void access_find_parents(struct access_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t parent = i == 0 ? NO_PARENT : i - 1;
        while (parent != NO_PARENT &&
               !access_is_around(&list->nodes[parent], &list->nodes[i].entry.prefix))
            parent = list->nodes[parent].parent;
        CHECK(parent == NO_PARENT || parent < i); /* so that a walk up ends */
        list->nodes[i].parent = parent;
    }
}

/* Equal prefixes become one; false when they contradict each other. */
static bool merge_equal(struct access_list *list)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (kept > 0 && access_compare(&list->nodes[kept - 1], &list->nodes[i]) == 0) {
            if (list->nodes[kept - 1].entry.is_permitted != list->nodes[i].entry.is_permitted)
                return false;
            continue;
        }
        list->nodes[kept++] = list->nodes[i];
    }
    list->count = kept;
    return true;
}

enum pce_status access_list_create(const struct access_entry *entries, size_t count,
                                   bool is_permitted, struct access_list **out)
{
    *out = NULL;
    if (count > ACCESS_ENTRIES_MAX)
        return PCE_LIMIT;
    struct access_list *list = malloc(sizeof *list + count * sizeof list->nodes[0]);
    if (list == NULL)
        return PCE_NO_MEMORY;
    list->is_permitted = is_permitted;
    list->count = (uint32_t)count;
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < count; i++) {
        struct access_entry entry = entries[i];
        if (ip_size(&entry.prefix) == 0 || entry.bits > 8 * ip_size(&entry.prefix))
            status = PCE_INVALID;
        entry.prefix = masked(entry.prefix, entry.bits);
        list->nodes[i] = (struct node){.entry = entry};
    }
    if (status == PCE_OK) {
        qsort(list->nodes, count, sizeof list->nodes[0], access_compare);
        if (!merge_equal(list))
            status = PCE_EXISTS;
    }
    if (status != PCE_OK) {
        free(list);
        return status;
    }
    access_find_parents(list);
    *out = list;
    return PCE_OK;
}

void access_list_destroy(struct access_list *list)
{
    free(list);
}

/* The last entry that is not behind the address. */
static uint32_t access_find_before(const struct access_list *list, const struct ip *address)
{
    uint32_t low = 0;
    uint32_t high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ip_compare(&list->nodes[middle].entry.prefix, address) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NO_PARENT : low - 1;
}

bool access_list_permits(const struct access_list *list, const struct ip *address)
{
    if (list == NULL)
        return true;
    uint32_t index = access_find_before(list, address);
    while (index != NO_PARENT && !access_is_around(&list->nodes[index], address))
        index = list->nodes[index].parent;
    return index == NO_PARENT ? list->is_permitted : list->nodes[index].entry.is_permitted;
}
