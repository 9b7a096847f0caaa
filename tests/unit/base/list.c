#include "core/base/list.h"

#include <criterion/criterion.h>

struct item {
    int number;
    struct list_link link;
};

static struct list_link head;
static struct item items[4];

static void setup(void)
{
    list_init(&head);
    for (int i = 0; i < 4; i++) {
        items[i].number = i;
        list_init(&items[i].link);
    }
}

TestSuite(list, .init = setup);

/* The numbers on the list, as decimal digits from front to back. */
static int digits(const struct list_link *list)
{
    int value = 0;
    LIST_FOR(link, list)
    value = value * 10 + CONTAINER_OF(link, struct item, link)->number;
    return value;
}

Test(list, push_back_keeps_order)
{
    cr_assert(list_is_empty(&head));
    for (int i = 1; i < 4; i++)
        list_push_back(&head, &items[i].link);
    cr_assert_not(list_is_empty(&head));
    cr_assert_eq(digits(&head), 123);
}

Test(list, push_front_reverses_order)
{
    for (int i = 1; i < 4; i++)
        list_push_front(&head, &items[i].link);
    cr_assert_eq(digits(&head), 321);
}

Test(list, remove_is_harmless_when_repeated)
{
    for (int i = 1; i < 4; i++)
        list_push_back(&head, &items[i].link);
    list_remove(&items[2].link);
    list_remove(&items[2].link);
    cr_assert_not(list_is_linked(&items[2].link));
    cr_assert(list_is_linked(&items[1].link));
    cr_assert_eq(digits(&head), 13);
}

Test(list, pop_front_empties_the_list_in_order)
{
    for (int i = 1; i < 4; i++)
        list_push_back(&head, &items[i].link);
    for (int i = 1; i < 4; i++) {
        struct list_link *link = list_pop_front(&head);
        cr_assert_eq(link, &items[i].link);
        cr_assert_not(list_is_linked(link));
    }
    cr_assert_null(list_pop_front(&head));
}

Test(list, splice_back_appends_and_empties_the_source)
{
    struct list_link other;
    list_init(&other);
    list_push_back(&head, &items[1].link);
    list_push_back(&other, &items[2].link);
    list_push_back(&other, &items[3].link);
    list_splice_back(&head, &other);
    cr_assert(list_is_empty(&other));
    cr_assert_eq(digits(&head), 123);
    list_splice_back(&head, &other);
    cr_assert_eq(digits(&head), 123);
    list_splice_back(&other, &head);
    cr_assert(list_is_empty(&head));
    cr_assert_eq(digits(&other), 123);
}

Test(list, safe_walk_may_remove_where_it_stands)
{
    for (int i = 1; i < 4; i++)
        list_push_back(&head, &items[i].link);
    int walked = 0;
    LIST_FOR_SAFE(link, following, &head)
    {
        list_remove(link);
        walked++;
    }
    cr_assert_eq(walked, 3);
    cr_assert(list_is_empty(&head));
}
