#include "server/log/log_tally.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(log_tally, more_reasons_than_rows_are_counted_together)
{
    static struct log_tally tally;
    static char reasons[LOG_TALLY_ROWS + 2][8];
    char text[LOG_TALLY_TEXT_SIZE];
    for (unsigned i = 0; i < LOG_TALLY_ROWS + 2; i++) {
        (void)snprintf(reasons[i], sizeof reasons[i], "r%u", i);
        log_tally_add(&tally, reasons[i]);
        log_tally_add(&tally, reasons[i]);
    }
    cr_expect_eq(log_tally_take(&tally, text), 2 * (LOG_TALLY_ROWS + 2));
    cr_expect_not_null(strstr(text, "2 r31"), "%s", text);
    cr_expect_null(strstr(text, "r32"));
    cr_expect_not_null(strstr(text, ", 4 others"), "%s", text);
    cr_expect_eq(log_tally_take(&tally, text), 0);
    cr_expect_str_eq(text, "");
}

Test(log_tally, reasons_that_do_not_fit_a_line_are_counted_together)
{
    static struct log_tally tally;
    static char reasons[4][LOG_TALLY_TEXT_SIZE / 2];
    char text[LOG_TALLY_TEXT_SIZE];
    for (unsigned i = 0; i < 4; i++) {
        memset(reasons[i], 'a' + (int)i, sizeof reasons[i] - 1);
        log_tally_add(&tally, reasons[i]);
    }
    cr_expect_eq(log_tally_take(&tally, text), 4);
    cr_expect_not_null(strstr(text, ", 3 others"), "%s", text);
    cr_expect_eq(strncmp(text, "1 aaa", 5), 0);
}

Test(log_tally, what_has_no_reason_is_one_of_the_others)
{
    static struct log_tally tally;
    char text[LOG_TALLY_TEXT_SIZE];
    log_tally_add(&tally, NULL);
    log_tally_add(&tally, "a reset");
    cr_expect_eq(log_tally_take(&tally, text), 2);
    cr_expect_str_eq(text, "1 a reset, 1 others");
}
