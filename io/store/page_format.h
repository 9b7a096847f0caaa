/* Page format: how LMDB 0.9 lays out its file (data version 1), as far as page_check reads it.
 *
 * A file begins with two meta pages; the one with the greater transaction number holds. It names
 * the root of two trees: the list of free pages and the records. A node begins with eight octets;
 * in a branch they hold the number of a page, in a leaf the size of a value, which may lie in
 * overflow pages. Numbers are in the order of the machine, and so is this header.
 *
 * Thread: any; constant. Owns: nothing. */
#ifndef PCED_IO_STORE_PAGE_FORMAT_H
#define PCED_IO_STORE_PAGE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

_Static_assert(sizeof(size_t) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "the pages are described as 64-bit little-endian machines write them");

#define PAGE_MAGIC      UINT32_C(0xBEEFC0DE)
#define PAGE_VERSION    1
#define PAGE_METAS      2
#define PAGE_SIZE_MIN   512
#define PAGE_SIZE_MAX   32768
#define PAGE_NO_ROOT    UINT64_MAX
#define PAGE_HEAD_SIZE  16
#define PAGE_NODE_SIZE  8
#define PAGE_POINTER    2       /* octets of a place in a page */
#define PAGE_MEMORY     0xc010U /* flags that mean something in memory alone */
#define NODE_OVERFLOW   0x01
#define TREE_ORDER_BITS 0x7fU /* of a tree's flags: how its keys are compared, and duplicates */
#define TREE_NUMBERS    0x08U /* keys are numbers of the machine */

enum page_kind { PAGE_BRANCH = 0x01, PAGE_LEAF = 0x02, PAGE_OVERFLOW = 0x04, PAGE_META = 0x08 };

struct page_head {
    uint64_t number;
    uint16_t pad;
    uint16_t flags;
    union {
        struct {
            uint16_t lower; /* where the places of the nodes end */
            uint16_t upper; /* where the nodes begin */
        };
        uint32_t overflow_count;
    };
};

struct page_tree {
    uint32_t pad; /* of the first tree: the size of a page */
    uint16_t flags;
    uint16_t depth;
    uint64_t branch_pages;
    uint64_t leaf_pages;
    uint64_t overflow_pages;
    uint64_t entries;
    uint64_t root;
};

enum { TREE_FREE, TREE_RECORDS, TREE_COUNT };

struct page_meta {
    uint32_t magic;
    uint32_t version;
    uint64_t address;
    uint64_t map_size;
    struct page_tree trees[TREE_COUNT];
    uint64_t last_page;
    uint64_t transaction;
};

struct page_node {
    uint16_t low;
    uint16_t high;
    uint16_t flags; /* in a branch: the highest part of the page's number */
    uint16_t key_size;
};

_Static_assert(sizeof(struct page_head) == PAGE_HEAD_SIZE, "as in the file");
_Static_assert(sizeof(struct page_tree) == 48 && sizeof(struct page_meta) == 136, "as in the file");
_Static_assert(sizeof(struct page_node) == PAGE_NODE_SIZE, "as in the file");

#endif
