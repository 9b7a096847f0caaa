#include "io/store/page_checker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is found first is told. */
bool page_damaged(struct page_checker *checker, const char *format, ...)
{
    va_list arguments;
    if (checker->why[0] != '\0' || checker->error != 0)
        return false;
    va_start(arguments, format);
    (void)vsnprintf(checker->why, sizeof checker->why, format, arguments);
    va_end(arguments);
    return false;
}

bool page_read_at(struct page_checker *checker, void *to, size_t size, uint64_t offset)
{
    uint8_t *at = to;
    while (size > 0) {
        ssize_t got = pread(checker->descriptor, at, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            checker->error = errno;
        if (got <= 0)
            return page_damaged(checker, "it ends within a page");
        at += got;
        size -= (size_t)got;
        offset += (uint64_t)got;
    }
    return true;
}

/* ---- pages ---- */

/* A page is used once, by one tree or by the list of free pages. */
static bool page_mark(struct page_checker *checker, uint64_t number)
{
    if (number < PAGE_METAS || number >= checker->page_limit)
        return page_damaged(checker, "it names page %" PRIu64 " and has %" PRIu64, number,
                            checker->page_limit);
    uint8_t bit = (uint8_t)(1U << (number & 7));
    if ((checker->seen[number / 8] & bit) != 0)
        return page_damaged(checker, "page %" PRIu64 " is used twice", number);
    checker->seen[number / 8] |= bit;
    return true;
}

static bool page_is_there(struct page_checker *checker, uint64_t number)
{
    if (!page_mark(checker, number))
        return false;
    return number < checker->page_count ||
           page_damaged(checker, "page %" PRIu64 " is behind its end: it was cut off", number);
}

bool page_head_is_good(struct page_checker *checker, const struct page_head *head, uint64_t number,
                       enum page_kind kind)
{
    if (head->number == number && (head->flags & ~PAGE_MEMORY) == kind)
        return true;
    return page_damaged(checker, "page %" PRIu64 " is not what it should be", number);
}

unsigned page_node_count(const struct page_head *head)
{
    return (unsigned)(head->lower - PAGE_HEAD_SIZE) / PAGE_POINTER;
}

/* Where the node's octets begin and end follows from what was checked by nodes_fit. */
const uint8_t *page_node_at(const uint8_t *page, unsigned index, struct page_node *node)
{
    uint16_t place;
    memcpy(&place, page + PAGE_HEAD_SIZE + (size_t)index * PAGE_POINTER, sizeof place);
    memcpy(node, page + place, sizeof *node);
    return page + place + sizeof *node;
}

static size_t node_value_size(const struct page_node *node)
{
    return node->low | (size_t)node->high << 16;
}

static bool node_fits(const struct page_checker *checker, const uint8_t *page,
                      const struct page_head *head, unsigned index)
{
    uint16_t place;
    struct page_node node;
    memcpy(&place, page + PAGE_HEAD_SIZE + (size_t)index * PAGE_POINTER, sizeof place);
    if (place < head->upper || place + sizeof node > checker->page_size)
        return false;
    memcpy(&node, page + place, sizeof node);
    size_t size = sizeof node + node.key_size;
    if ((head->flags & PAGE_LEAF) != 0) {
        if ((node.flags & ~NODE_OVERFLOW) != 0)
            return false;
        size += (node.flags & NODE_OVERFLOW) != 0 ? sizeof(uint64_t) : node_value_size(&node);
    }
    return size <= checker->page_size - place;
}

static bool nodes_fit(struct page_checker *checker, const uint8_t *page,
                      const struct page_head *head)
{
    bool is_good = head->lower >= PAGE_HEAD_SIZE + PAGE_POINTER && head->lower <= head->upper &&
                   head->upper <= checker->page_size && head->lower % PAGE_POINTER == 0;
    for (unsigned i = 0; is_good && i < page_node_count(head); i++)
        is_good = node_fits(checker, page, head, i);
    return is_good ||
           page_damaged(checker, "page %" PRIu64 " has nodes that are not within it", head->number);
}

/* Into the memory of the level. */
bool page_load(struct page_checker *checker, unsigned level, uint64_t number, enum page_kind kind)
{
    struct page_head head;
    uint8_t *page = checker->levels + level * checker->page_size;
    if (!page_is_there(checker, number) ||
        !page_read_at(checker, page, checker->page_size, number * checker->page_size))
        return false;
    memcpy(&head, page, sizeof head);
    if (!page_head_is_good(checker, &head, number, kind) || !nodes_fit(checker, page, &head))
        return false;
    checker->sum.branch_pages += kind == PAGE_BRANCH;
    checker->sum.leaf_pages += kind == PAGE_LEAF;
    checker->sum.entries += kind == PAGE_LEAF ? page_node_count(&head) : 0;
    return true;
}

/* ---- values ---- */

/* A value that has pages of its own: all of them are whole in the file. */
static bool overflow_is_good(struct page_checker *checker, uint64_t number, size_t size)
{
    struct page_head head;
    if (!page_is_there(checker, number) ||
        !page_read_at(checker, &head, sizeof head, number * checker->page_size) ||
        !page_head_is_good(checker, &head, number, PAGE_OVERFLOW))
        return false;
    if (head.overflow_count == 0 ||
        (uint64_t)head.overflow_count * checker->page_size < PAGE_HEAD_SIZE + (uint64_t)size)
        return page_damaged(checker, "the value in page %" PRIu64 " is longer than its pages",
                            number);
    for (uint64_t i = 1; i < head.overflow_count; i++) {
        if (!page_is_there(checker, number + i))
            return false;
    }
    checker->sum.overflow_pages += head.overflow_count;
    return true;
}

/* A list of free pages: how many, and their numbers, falling. They may lie behind the end of the
 * file, which grows when they are used. */
static bool free_list_is_good(struct page_checker *checker, const uint64_t *list, size_t size)
{
    uint64_t count = size < sizeof count ? UINT64_MAX : list[0];
    if (size % sizeof count != 0 || count > size / sizeof count - 1)
        return page_damaged(checker, "a list of free pages is longer than its record");
    for (uint64_t i = 1; i <= count; i++) {
        if (i > 1 && list[i] >= list[i - 1])
            return page_damaged(checker, "a list of free pages is not in order");
        if (!page_mark(checker, list[i]))
            return false;
    }
    return true;
}

static bool free_value_is_good(struct page_checker *checker, const struct page_node *node,
                               const uint8_t *value, uint64_t offset)
{
    size_t size = node_value_size(node);
    uint64_t *list = calloc(1, size > 0 ? size : 1);
    if (list == NULL) {
        checker->error = ENOMEM;
        return false;
    }
    bool is_good = true;
    if ((node->flags & NODE_OVERFLOW) != 0)
        is_good = page_read_at(checker, list, size, offset);
    else
        memcpy(list, value, size);
    is_good = is_good && free_list_is_good(checker, list, size);
    free(list);
    return is_good;
}

bool page_value_is_good(struct page_checker *checker, const uint8_t *page, unsigned index,
                        bool is_free)
{
    struct page_node node;
    uint64_t number = 0;
    const uint8_t *key = page_node_at(page, index, &node);
    const uint8_t *value = key + node.key_size;
    if ((node.flags & NODE_OVERFLOW) != 0) {
        memcpy(&number, value, sizeof number);
        if (!overflow_is_good(checker, number, node_value_size(&node)))
            return false;
    }
    if (!is_free)
        return true;
    if (node.key_size != sizeof(uint64_t))
        return page_damaged(checker, "a list of free pages has no number");
    return free_value_is_good(checker, &node, value, number * checker->page_size + PAGE_HEAD_SIZE);
}
