/* Items that are dealt out to their numbers and sorted there. */
#include "core/ted/deal.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define ITEMS_MAX 1000

TestSuite(deal, .timeout = 10);

struct dealt {
    uint32_t number, value;
};

static int dealt_compare(const void *left, const void *right)
{
    const struct dealt *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* So many items of numbers that are no more than so many, in an order of no order. */
static void deal_and_look(uint32_t count, uint32_t number_count)
{
    struct dealt items[ITEMS_MAX], wanted[ITEMS_MAX];
    uint32_t state = 12345;
    for (uint32_t i = 0; i < count; i++) {
        state = state * 1664525U + 1013904223U;
        items[i] = wanted[i] = (struct dealt){(state >> 8) % number_count, state >> 24};
    }
    const struct deal deal = {.items = items,
                              .count = count,
                              .number_count = number_count,
                              .item_size = sizeof *items,
                              .compare = dealt_compare};
    qsort(wanted, count, sizeof *wanted, dealt_compare);
    cr_assert_eq(deal_sort(&deal), PCE_OK);
    cr_assert_arr_eq(items, wanted, count * sizeof *items);
}

Test(deal, sorts_as_one_sort_of_all_does)
{
    deal_and_look(ITEMS_MAX, 1);
    deal_and_look(ITEMS_MAX, 7);
    deal_and_look(ITEMS_MAX, ITEMS_MAX);
}

Test(deal, sorts_few_items_of_many_numbers)
{
    deal_and_look(10, 1000000);
    deal_and_look(2, 8);
    deal_and_look(1, 1);
}

Test(deal, sorts_nothing)
{
    const struct deal none = {.item_size = sizeof(struct dealt), .compare = dealt_compare};
    const struct deal numbers = {
        .number_count = 3, .item_size = sizeof(struct dealt), .compare = dealt_compare};
    cr_assert_eq(deal_sort(&none), PCE_OK);
    cr_assert_eq(deal_sort(&numbers), PCE_OK);
}
