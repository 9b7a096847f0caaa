/* Instants that are noted, at their limit and past it. */
#include "bench/pceload/results/instants.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *print(const struct instants *instants, bool *is_whole)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    *is_whole = instants_print(instants, file);
    (void)fclose(file);
    return text;
}

Test(instants, are_printed_in_seconds_in_the_order_of_their_coming, .timeout = 30)
{
    struct instants instants = {0};
    bool is_whole;
    instants_note(&instants, UINT64_C(3000001999));
    instants_note(&instants, UINT64_C(12000000));
    char *text = print(&instants, &is_whole);
    cr_assert_str_eq(text, "3.000001\n0.012000\n");
    cr_assert(is_whole);
    free(text);
    instants_fini(&instants);
}

Test(instants, one_past_the_limit_is_told, .timeout = 30)
{
    struct instants instants = {0};
    for (uint32_t i = 0; i < INSTANTS_MAX; i++)
        instants_note(&instants, i);
    cr_assert_eq(instants.missed, 0);
    instants_note(&instants, 1);
    cr_assert_eq(instants.count, INSTANTS_MAX);
    cr_assert_eq(instants.missed, 1);
    instants.count = 1;
    bool is_whole;
    free(print(&instants, &is_whole));
    cr_assert_not(is_whole);
    instants_fini(&instants);
}
