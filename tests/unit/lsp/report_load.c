/* Whether a shard keeps up with its PCCs, and who goes where it does not. */
#include "core/lsp/report_load.h"
#include "core/lsp/lsp_pcc.h"

#include <criterion/criterion.h>
#include <string.h>

#define LATE_S  5
#define CLOSE_S 60
#define COUNT   3

static struct report_load load;
static struct lsp_pcc pccs[COUNT];
static uint64_t received;
static struct mono now;

static void set_up(void)
{
    report_load_init(&load);
    memset(pccs, 0, sizeof pccs);
    for (unsigned i = 0; i < COUNT; i++)
        pccs[i].sync = LSP_SYNC_DONE;
    received = 0;
    now = (struct mono){1000 * MONO_NS_PER_S};
}

TestSuite(report_load, .init = set_up, .timeout = 30);

static struct report_verdict turn_of(bool has_left, bool is_near)
{
    const struct report_limits limits = {LATE_S, CLOSE_S};
    const struct report_turn turn = {received, has_left, is_near};
    return report_load_on_turn(&load, &limits, &turn, now);
}

static void pass_ms(uint64_t ms)
{
    now = mono_add_ms(now, ms);
}

static void report(unsigned pcc, uint32_t octets)
{
    received += octets;
    if (report_load_count(&load, octets))
        report_load_note(&load, &pccs[pcc], octets);
}

/* Behind for so long, with a turn and a report each half of a second. */
static struct report_verdict stay_behind(unsigned pcc, uint64_t seconds)
{
    struct report_verdict verdict = turn_of(true, false);
    for (uint64_t i = 0; i < 2 * seconds; i++) {
        report(pcc, 1000);
        pass_ms(500);
        verdict = turn_of(true, false);
    }
    return verdict;
}

Test(report_load, is_late_when_it_has_been_behind_for_the_time_and_not_before)
{
    (void)turn_of(true, false);
    report(0, 1000);
    pass_ms(1000 * LATE_S - 1);
    cr_assert_not(turn_of(true, false).begins);
    pass_ms(1);
    cr_assert(turn_of(true, false).begins);
    cr_assert(load.is_late);
    cr_assert_not(turn_of(true, false).begins, "once");
    cr_assert(turn_of(false, false).ends);
    cr_assert_not(load.is_late);
    cr_assert_eq(report_load_lag_ns(&load, now), 0);
}

Test(report_load, one_turn_that_leaves_nothing_is_the_end_of_it)
{
    (void)stay_behind(0, LATE_S - 1);
    (void)turn_of(false, false);
    cr_assert_not(stay_behind(0, LATE_S - 1).begins);
}

Test(report_load, what_comes_too_fast_has_to_be_reports)
{
    (void)turn_of(true, false);
    report(0, 1000);
    received += 1002; /* of requests */
    pass_ms(1000 * LATE_S);
    cr_assert_not(turn_of(true, false).begins);
    report(0, 2);
    cr_assert(turn_of(true, false).begins);
}

Test(report_load, closes_one_in_each_window_when_it_has_lasted)
{
    cr_assert_null(stay_behind(0, CLOSE_S - 1).too_fast);
    report(0, 1000);
    pass_ms(999);
    cr_assert_null(turn_of(true, false).too_fast);
    report(1, 2000);
    pass_ms(1);
    cr_assert_eq(turn_of(true, false).too_fast, &pccs[1], "who has sent most in this window");
    report(0, 1000);
    cr_assert_null(turn_of(true, false).too_fast);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_eq(turn_of(true, false).too_fast, &pccs[0]);
}

Test(report_load, nobody_goes_who_has_sent_nothing_in_the_window)
{
    (void)stay_behind(0, CLOSE_S);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_null(turn_of(true, false).too_fast);
}

Test(report_load, one_that_is_not_synchronised_goes_first_if_it_sends_its_part)
{
    pccs[2].sync = LSP_SYNC_RUNNING;
    (void)stay_behind(0, CLOSE_S);
    report(0, 3000);
    report(1, 2001);
    report(2, 999); /* 6,000 by three, and of that the half */
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_eq(turn_of(true, false).too_fast, &pccs[0]);
    report(0, 3000);
    report(1, 2000);
    report(2, 1000);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_eq(turn_of(true, false).too_fast, &pccs[2]);
}

Test(report_load, one_that_is_synchronised_meanwhile_is_as_any_other)
{
    pccs[2].sync = LSP_SYNC_RUNNING;
    (void)stay_behind(0, CLOSE_S);
    report(2, 1000);
    pccs[2].sync = LSP_SYNC_DONE;
    report(0, 1001);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_eq(turn_of(true, false).too_fast, &pccs[0]);
}

Test(report_load, one_whose_session_has_ended_is_not_named)
{
    pccs[2].sync = LSP_SYNC_RUNNING;
    pccs[2].count = 1;
    (void)stay_behind(0, CLOSE_S);
    report(2, 9000);
    cr_assert_eq(report_load_growth(&load), 1);
    report_load_forget(&load, &pccs[2]);
    cr_assert_eq(report_load_growth(&load), 0);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_null(turn_of(true, true).too_fast);
    cr_assert_null(load.most_growing);
}

Test(report_load, near_a_limit_the_synchronisation_that_brings_most_new_lsps_goes)
{
    (void)turn_of(false, true);
    pccs[0].count = 100;
    pccs[1].sync = pccs[2].sync = LSP_SYNC_RUNNING;
    pccs[1].count_before = pccs[1].count = 50; /* what it had before */
    pccs[2].count = 3;
    report(0, 1000);
    report(1, 1000);
    report(2, 1);
    pass_ms(REPORT_WINDOW_MS - 1);
    cr_assert_null(turn_of(false, true).too_many);
    pass_ms(1);
    const struct report_verdict verdict = turn_of(false, true);
    cr_assert_eq(verdict.too_many, &pccs[2]);
    cr_assert_null(verdict.too_fast);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_null(turn_of(false, true).too_many, "it has sent nothing since");
}

Test(report_load, nothing_is_watched_while_all_is_well)
{
    (void)turn_of(false, false);
    cr_assert_not(report_load_count(&load, 1000));
    (void)turn_of(true, false);
    cr_assert(report_load_count(&load, 1000));
    (void)turn_of(false, false);
    cr_assert_not(report_load_count(&load, 1000));
}

Test(report_load, zero_turns_either_off)
{
    const struct report_limits never = {0, CLOSE_S};
    const struct report_limits told = {LATE_S, 0};
    (void)stay_behind(0, 10 * CLOSE_S);
    const struct report_turn turn = {received, true, false};
    report(0, 1000);
    pass_ms(REPORT_WINDOW_MS);
    cr_assert_null(report_load_on_turn(&load, &told, &turn, now).too_fast);
    cr_assert(load.is_late);
    cr_assert(report_load_on_turn(&load, &never, &turn, now).ends);
}
