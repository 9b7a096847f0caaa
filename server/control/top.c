#include "server/control/top.h"

#include "core/base/check.h"

void top_init(struct top *top, struct top_entry *entries, uint32_t room)
{
    CHECK(room > 0);
    *top = (struct top){.entries = entries, .room = room};
}

static bool comes_before(const struct top_entry *one, const struct top_entry *other)
{
    return one->rank != other->rank ? one->rank < other->rank : one->place < other->place;
}

static void swap(struct top_entry *one, struct top_entry *other)
{
    struct top_entry kept = *one;
    *one = *other;
    *other = kept;
}

static void sift_up(struct top *top, uint32_t at)
{
    struct top_entry *entries = top->entries;
    for (uint32_t parent; at > 0 && comes_before(&entries[parent = (at - 1) / 2], &entries[at]);
         at = parent)
        swap(&entries[parent], &entries[at]);
}

/* `count`: how many are a heap. */
static void top_sift_down(struct top *top, uint32_t count)
{
    struct top_entry *entries = top->entries;
    uint32_t at = 0;
    CHECK(count <= top->count);
    for (uint64_t child = 1; child < count; child = 2 * (uint64_t)at + 1) {
        if (child + 1 < count && comes_before(&entries[child], &entries[child + 1]))
            child++;
        if (!comes_before(&entries[at], &entries[child]))
            return;
        swap(&entries[at], &entries[child]);
        at = (uint32_t)child;
    }
}

bool top_offer(struct top *top, uint64_t rank, uint64_t place, uint32_t *slot)
{
    struct top_entry entry = {.rank = rank, .place = place, .slot = top->count};
    if (top->count < top->room) {
        top->entries[top->count] = entry;
        sift_up(top, top->count++);
    } else {
        if (!comes_before(&entry, &top->entries[0]))
            return false;
        entry.slot = top->entries[0].slot;
        top->entries[0] = entry;
        top_sift_down(top, top->count);
    }
    *slot = entry.slot;
    CHECK(top->count <= top->room && entry.slot < top->room);
    return true;
}

uint64_t top_end(const struct top *top)
{
    return top->count < top->room ? UINT64_MAX : top->entries[0].rank;
}

void top_sort(struct top *top)
{
    for (uint32_t count = top->count; count > 1; count--) {
        swap(&top->entries[0], &top->entries[count - 1]);
        top_sift_down(top, count - 1);
    }
}
