/* Page checker: what is known of a file while its pages are looked at, and the looks at one page.
 *
 * Thread: as page_check.h has it. Owns: nothing. Bound: as page_check.h has it. */
#ifndef PCED_IO_STORE_PAGE_CHECKER_H
#define PCED_IO_STORE_PAGE_CHECKER_H

#include "io/store/page_format.h"

#include <stdbool.h>

struct page_checker {
    const char *path;
    int descriptor;
    int error;            /* an errno value, where the file could not be read */
    size_t page_size;     /* octets */
    uint64_t page_count;  /* whole pages that the file has */
    uint64_t page_limit;  /* pages that the last commit knows: numbers are below */
    uint8_t *seen;        /* a bit for each of these */
    uint8_t *levels;      /* a page for each level of a tree */
    struct page_tree sum; /* of the tree that is walked */
    char why[160];        /* "": nothing was found */
};

/* What is found first is told. False always. */
bool page_damaged(struct page_checker *checker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool page_read_at(struct page_checker *checker, void *to, size_t size, uint64_t offset);
bool page_head_is_good(struct page_checker *checker, const struct page_head *head, uint64_t number,
                       enum page_kind kind);
/* Into the memory of the level; nodes of a page that was loaded lie within it. */
bool page_load(struct page_checker *checker, unsigned level, uint64_t number, enum page_kind kind);
unsigned page_node_count(const struct page_head *head);
/* The node and its key. */
const uint8_t *page_node_at(const uint8_t *page, unsigned index, struct page_node *node);
/* The overflow pages of a value; is_free: the value is a list of free pages. */
bool page_value_is_good(struct page_checker *checker, const uint8_t *page, unsigned index,
                        bool is_free);

#endif
