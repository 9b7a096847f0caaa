#include "core/ted/deal.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

/* With fewer items than one for so many numbers, the numbers would cost more than the items. */
#define DEAL_NUMBERS_FOR_ITEM 4

static uint32_t deal_number(const struct deal *deal, const char *items, uint32_t index)
{
    uint32_t number;
    memcpy(&number, items + index * deal->item_size, sizeof number);
    CHECK(number < deal->number_count); /* cannot fail: numbers are indexes of the caller's array */
    return number;
}

/* ends[number] becomes the end of its items, which stand at their places. */
static void deal_out(const struct deal *deal, const char *from, uint32_t *ends)
{
    for (uint32_t i = 0; i < deal->count; i++)
        ends[deal_number(deal, from, i) + 1]++;
    for (uint32_t number = 0; number < deal->number_count; number++)
        ends[number + 1] += ends[number];
    /* ends[number] starts as the first place of the number and walks to its end. */
    for (uint32_t i = 0; i < deal->count; i++)
        memcpy((char *)deal->items + ends[deal_number(deal, from, i)]++ * deal->item_size,
               from + i * deal->item_size, deal->item_size);
}

static void deal_sort_run(const struct deal *deal, uint32_t first, uint32_t end)
{
    const char *items = deal->items;
    uint32_t sorted = first + 1;
    while (sorted < end && deal->compare(items + (sorted - 1) * deal->item_size,
                                         items + sorted * deal->item_size) <= 0)
        sorted++;
    if (sorted < end)
        qsort((char *)deal->items + first * deal->item_size, end - first, deal->item_size,
              deal->compare);
}

enum pce_status deal_sort(const struct deal *deal)
{
    if (deal->count < deal->number_count / DEAL_NUMBERS_FOR_ITEM) {
        deal_sort_run(deal, 0, deal->count);
        return PCE_OK;
    }
    uint32_t *ends = calloc((size_t)deal->number_count + 1, sizeof *ends);
    char *copy = malloc(deal->count * deal->item_size + 1);
    bool has_memory = ends != NULL && copy != NULL;
    if (has_memory && deal->count > 0) {
        memcpy(copy, deal->items, deal->count * deal->item_size);
        deal_out(deal, copy, ends);
    }
    for (uint32_t number = 0, first = 0; has_memory && number < deal->number_count; number++) {
        deal_sort_run(deal, first, ends[number]);
        first = ends[number];
    }
    free(copy);
    free(ends);
    return has_memory ? PCE_OK : PCE_NO_MEMORY;
}
