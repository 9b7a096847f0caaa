/* The trees of the file, and its two beginnings. */
#include "io/store/page_check.h"

#include "io/store/page_checker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- trees ---- */

/* The node of the level that is next, or false when its page is done. */
static bool level_next(struct page_checker *checker, unsigned level, unsigned *next,
                       struct page_node *node)
{
    struct page_head head;
    const uint8_t *page = checker->levels + level * checker->page_size;
    memcpy(&head, page, sizeof head);
    if (*next == page_node_count(&head))
        return false;
    (void)page_node_at(page, (*next)++, node);
    return true;
}

static bool leaf_is_good(struct page_checker *checker, unsigned level, bool is_free)
{
    struct page_node node;
    const uint8_t *page = checker->levels + level * checker->page_size;
    for (unsigned next = 0; level_next(checker, level, &next, &node);) {
        if (!page_value_is_good(checker, page, next - 1, is_free))
            return false;
    }
    return true;
}

/* Down to the leaf that begins at this page and back up, without recursion: all leaves lie at one
 * depth. */
static bool tree_walk(struct page_checker *checker, const struct page_tree *tree, bool is_free)
{
    unsigned next[PAGE_DEPTH_MAX] = {0};
    unsigned leaf = tree->depth - 1U;
    unsigned level = 0;
    struct page_node node = {.key_size = 0};
    if (!page_load(checker, 0, tree->root, leaf == 0 ? PAGE_LEAF : PAGE_BRANCH))
        return false;
    for (;;) {
        if (level == leaf && !leaf_is_good(checker, level, is_free))
            return false;
        while (level == leaf || !level_next(checker, level, &next[level], &node)) {
            if (level == 0)
                return true;
            level--;
        }
        uint64_t number = node.low | (uint64_t)node.high << 16 | (uint64_t)node.flags << 32;
        level++;
        next[level] = 0;
        if (!page_load(checker, level, number, level == leaf ? PAGE_LEAF : PAGE_BRANCH))
            return false;
    }
}

static bool tree_is_good(struct page_checker *checker, const struct page_tree *tree, bool is_free)
{
    if ((tree->flags & TREE_ORDER_BITS) != (is_free ? TREE_NUMBERS : 0))
        return page_damaged(checker, "a tree of it is not one of pced");
    memset(&checker->sum, 0, sizeof checker->sum);
    if (tree->root != PAGE_NO_ROOT) {
        if (tree->depth == 0 || tree->depth > PAGE_DEPTH_MAX)
            return page_damaged(checker, "a tree of it has depth %u", tree->depth);
        if (!tree_walk(checker, tree, is_free))
            return false;
    }
    if (checker->sum.entries == tree->entries && checker->sum.leaf_pages == tree->leaf_pages &&
        checker->sum.branch_pages == tree->branch_pages &&
        checker->sum.overflow_pages == tree->overflow_pages)
        return true;
    return page_damaged(checker, "it has %" PRIu64 " records of the %" PRIu64 " that it counts",
                        checker->sum.entries, tree->entries);
}

/* ---- the file ---- */

static bool meta_read(struct page_checker *checker, unsigned index, struct page_meta *meta)
{
    uint8_t page[sizeof(struct page_head) + sizeof *meta];
    struct page_head head;
    if (!page_read_at(checker, page, sizeof page, index * checker->page_size))
        return false;
    memcpy(&head, page, sizeof head);
    memcpy(meta, page + sizeof head, sizeof *meta);
    if (!page_head_is_good(checker, &head, index, PAGE_META))
        return false;
    if (meta->magic != PAGE_MAGIC)
        return page_damaged(checker, "it is no file of LMDB");
    if (meta->version != PAGE_VERSION)
        return page_damaged(checker, "it has version %u of LMDB's format, not %u", meta->version,
                            PAGE_VERSION);
    return true;
}

static bool page_size_is_good(struct page_checker *checker, size_t size)
{
    if (size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0) {
        checker->page_size = size;
        return true;
    }
    return page_damaged(checker, "it says that its pages have %zu octets", size);
}

/* Each commit writes the meta page that its transaction's number is even or odd with, so that both
 * are of neighbours; both of a new file have 0. */
static bool metas_follow(const struct page_meta metas[PAGE_METAS])
{
    uint64_t even = metas[0].transaction;
    uint64_t odd = metas[1].transaction;
    return (even == 0 && odd == 0) ||
           (even % 2 == 0 && odd % 2 == 1 && (odd == even + 1 || even == odd + 1));
}

/* The one that holds. Both must be good: which one is older is known by them alone. */
static bool metas_read(struct page_checker *checker, struct page_meta *meta)
{
    struct page_meta metas[PAGE_METAS];
    if (!meta_read(checker, 0, &metas[0]) ||
        !page_size_is_good(checker, metas[0].trees[TREE_FREE].pad) ||
        !meta_read(checker, 1, &metas[1]))
        return false;
    if (metas[1].trees[TREE_FREE].pad != checker->page_size)
        return page_damaged(checker, "its two beginnings differ in the size of pages");
    if (!metas_follow(metas))
        return page_damaged(checker, "its two beginnings are not of neighbouring transactions");
    *meta = metas[metas[1].transaction > metas[0].transaction];
    if (meta->last_page < PAGE_METAS - 1 || meta->last_page >= meta->map_size / checker->page_size)
        return page_damaged(checker, "it says that it has %" PRIu64 " pages", meta->last_page);
    checker->page_limit = meta->last_page + 1;
    return true;
}

static bool trees_are_good(struct page_checker *checker, const struct page_meta *meta)
{
    checker->seen = calloc(checker->page_limit / 8 + 1, 1);
    checker->levels = calloc(PAGE_DEPTH_MAX, checker->page_size);
    bool is_good = false;
    if (checker->seen == NULL || checker->levels == NULL)
        checker->error = ENOMEM;
    else
        is_good = tree_is_good(checker, &meta->trees[TREE_RECORDS], false) &&
                  tree_is_good(checker, &meta->trees[TREE_FREE], true);
    free(checker->seen);
    free(checker->levels);
    return is_good;
}

static enum pce_status file_check(struct page_checker *checker, uint64_t size_max,
                                  struct failure *failure)
{
    struct page_meta meta = {.magic = 0};
    struct stat stat;
    checker->page_size = PAGE_SIZE_MIN;
    if (fstat(checker->descriptor, &stat) != 0)
        return failure_set_errno(failure, errno, "cannot look at %s", checker->path);
    if (!S_ISREG(stat.st_mode))
        return failure_set(failure, PCE_IO, "%s is no file", checker->path);
    bool is_good = metas_read(checker, &meta);
    uint64_t size = checker->page_limit * checker->page_size;
    if (is_good && size > size_max)
        return failure_set(failure, PCE_INVALID,
                           "%s has %" PRIu64 " octets in use: more than the %" PRIu64
                           " that it may have",
                           checker->path, size, size_max);
    checker->page_count = (uint64_t)stat.st_size / checker->page_size;
    if (is_good && checker->page_count < PAGE_METAS)
        is_good = page_damaged(checker, "it ends within a page");
    if (is_good && trees_are_good(checker, &meta))
        return PCE_OK;
    if (checker->error != 0)
        return failure_set_errno(failure, checker->error, "cannot read %s", checker->path);
    return failure_set(failure, PCE_IO,
                       "%.120s is damaged and was left as it is: %s. Name another folder, or put "
                       "a good copy in its place",
                       checker->path, checker->why);
}

enum pce_status page_check(const char *path, uint64_t size_max, struct failure *failure)
{
    struct page_checker checker = {.path = path};
    checker.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (checker.descriptor < 0)
        return failure_set_errno(failure, errno, "cannot open %s", path);
    enum pce_status status = file_check(&checker, size_max, failure);
    (void)close(checker.descriptor);
    return status;
}
