/* Marks of what waits, where memory for a longer list is refused. */
#include "core/session/send_marks.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The list is grown by realloc alone; the program is linked so that it comes here. */
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool is_refusing;
static unsigned refused_count;

void *__wrap_realloc(void *old, size_t size)
{
    if (!is_refusing)
        return __real_realloc(old, size);
    refused_count++;
    return NULL;
}

static void reset(void)
{
    is_refusing = false;
    refused_count = 0;
}

TestSuite(send_marks_memory, .init = reset, .timeout = 60);

/* What is popped in the end is what has been pushed and taken: nothing is lost or counted twice. */
static void push_and_pop(uint32_t count, uint32_t (*span_of)(uint32_t))
{
    struct send_marks *marks = NULL;
    uint64_t before = 0;
    send_marks_push(&marks, span_of(0));
    cr_assert_eq(send_marks_covered(marks), span_of(0));
    is_refusing = true;
    for (uint32_t i = 1; i < count; i++) {
        before = send_marks_covered(marks);
        send_marks_push(&marks, span_of(i));
        uint64_t added = send_marks_covered(marks) - before;
        cr_assert(added == 0 || added == span_of(i), "push %u added %lu", i, (unsigned long)added);
    }
    cr_assert_gt(refused_count, 0U, "no allocation was refused: the test shows nothing");
    uint64_t covered = send_marks_covered(marks);
    uint64_t popped = 0;
    for (uint64_t span = send_marks_pop(marks); span != 0; span = send_marks_pop(marks))
        popped += span;
    cr_assert_eq(popped, covered);
    is_refusing = false;
    send_marks_free(&marks);
}

static uint32_t one_size(uint32_t index)
{
    (void)index;
    return 100;
}

static uint32_t doubling(uint32_t index)
{
    return index < 31 ? 1U << index : UINT32_MAX;
}

static uint32_t shrinking(uint32_t index)
{
    return index < 31 ? 1U << (31 - index) : 1;
}

static uint32_t largest(uint32_t index)
{
    (void)index;
    return UINT32_MAX;
}

Test(send_marks_memory, equal_spans_fit_into_the_list_that_there_is)
{
    push_and_pop(100000, one_size);
}

Test(send_marks_memory, spans_of_very_different_sizes_do_as_well)
{
    push_and_pop(200, doubling);
    push_and_pop(200, shrinking);
}

Test(send_marks_memory, spans_that_cannot_be_joined_are_refused)
{
    push_and_pop(200, largest);
}
