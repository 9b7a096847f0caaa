#include "core/session/send_marks.h"

#include "core/base/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 12 /* a block of 64 octets */

struct send_marks {
    uint64_t covered;
    uint16_t head; /* spans before it are taken off */
    uint16_t count;
    uint16_t capacity;
    bool is_used; /* since send_marks_clear */
    uint32_t spans[];
};

_Static_assert(SEND_MARKS_MAX <= UINT16_MAX, "counts are 16 bits wide");
_Static_assert(sizeof(((struct send_marks *)0)->spans[0]) == 4,
               "send_marks.h says 4 octets a mark");
_Static_assert(sizeof(struct send_marks) + FIRST_CAPACITY * 4 == 64, "a block of 64 octets");
_Static_assert(FIRST_CAPACITY >= 4, "the shortest list has a share");
_Static_assert(SEND_MARKS_MAX >= 4 * SEND_MARKS_SHARES, "merging makes room for very many");

static size_t size_of(uint32_t capacity)
{
    return sizeof(struct send_marks) + capacity * sizeof(uint32_t);
}

static void move_to_front(struct send_marks *marks)
{
    CHECK(marks->head + marks->count <= marks->capacity);
    memmove(marks->spans, marks->spans + marks->head, marks->count * sizeof marks->spans[0]);
    marks->head = 0;
}

/* What merged neighbours may span of the whole. Where memory for more marks is refused a short list
 * has to do, and its shares are the larger. */
static uint64_t share_of(const struct send_marks *marks)
{
    uint32_t shares = marks->capacity / 4U;
    return marks->covered / (shares < SEND_MARKS_SHARES ? shares : SEND_MARKS_SHARES);
}

/* Joins neighbours that span at most a share of the whole together. Afterwards any two neighbours
 * span more than that, so that at most two marks a share, and one more, are left: about half. False
 * when none could be joined, as what they span would not fit 32 bits. */
static bool merge_neighbours(struct send_marks *marks)
{
    CHECK(marks->head == 0);
    uint32_t *spans = marks->spans;
    uint64_t share = share_of(marks);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < marks->count; i++) {
        uint64_t sum = kept == 0 ? UINT64_MAX : (uint64_t)spans[kept - 1] + spans[i];
        if (sum <= share && sum <= UINT32_MAX)
            spans[kept - 1] = (uint32_t)sum;
        else
            spans[kept++] = spans[i];
    }
    marks->count = (uint16_t)kept;
    return kept < marks->capacity;
}

static struct send_marks *send_marks_grow(struct send_marks *marks)
{
    CHECK(marks == NULL || marks->capacity < SEND_MARKS_MAX);
    uint32_t capacity = marks == NULL ? FIRST_CAPACITY : marks->capacity * 2U;
    if (capacity > SEND_MARKS_MAX)
        capacity = SEND_MARKS_MAX;
    struct send_marks *grown = realloc(marks, size_of(capacity));
    if (grown == NULL)
        return NULL;
    if (marks == NULL)
        *grown = (struct send_marks){0};
    grown->capacity = (uint16_t)capacity;
    return grown;
}

/* A list with room for one more; NULL when there is no memory for the first, or no room can be
 * made. */
static struct send_marks *send_marks_make_room(struct send_marks *marks)
{
    if (marks != NULL && marks->head + marks->count < marks->capacity)
        return marks;
    if (marks != NULL && marks->head >= marks->capacity / 2) {
        /* Half of the list at least was taken off since the last move, which pays for this one. */
        move_to_front(marks);
        return marks;
    }
    if (marks == NULL || marks->capacity < SEND_MARKS_MAX) {
        struct send_marks *grown = send_marks_grow(marks);
        if (grown != NULL || marks == NULL)
            return grown;
    }
    move_to_front(marks);
    return merge_neighbours(marks) ? marks : NULL;
}

void send_marks_push(struct send_marks **marks, uint64_t span)
{
    if (span > UINT32_MAX)
        return;
    struct send_marks *with_room = send_marks_make_room(*marks);
    if (with_room == NULL)
        return;
    *marks = with_room;
    with_room->is_used = true;
    CHECK(with_room->head + with_room->count < with_room->capacity);
    with_room->spans[with_room->head + with_room->count] = (uint32_t)span;
    with_room->count++;
    with_room->covered += span;
}

uint64_t send_marks_pop(struct send_marks *marks)
{
    if (marks == NULL || marks->count == 0)
        return 0;
    uint32_t span = marks->spans[marks->head];
    CHECK(marks->covered >= span);
    marks->head++;
    marks->count--;
    marks->covered -= span;
    return span;
}

uint64_t send_marks_covered(const struct send_marks *marks)
{
    return marks == NULL ? 0 : marks->covered;
}

size_t send_marks_octets(const struct send_marks *marks)
{
    return marks == NULL ? 0 : size_of(marks->capacity);
}

void send_marks_clear(struct send_marks **marks)
{
    struct send_marks *block = *marks;
    if (block == NULL)
        return;
    if (!block->is_used) {
        send_marks_free(marks);
        return;
    }
    block->is_used = false;
    block->head = 0;
    block->count = 0;
    block->covered = 0;
}

void send_marks_free(struct send_marks **marks)
{
    free(*marks);
    *marks = NULL;
}
