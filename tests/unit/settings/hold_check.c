/* Send-hold times that a healthy peer may miss: said once for each place of the configuration. */
#include "server/settings/hold_check.h"

#include <criterion/criterion.h>
#include <string.h>

static struct config config;
static char told[8][256];
static uint32_t told_count;

static void on_finding(void *context, const struct hold_finding *finding)
{
    cr_assert_eq(context, &config);
    cr_assert_lt(told_count, 8);
    hold_format(finding, told[told_count++], sizeof told[0]);
}

static void check(const char *text)
{
    struct config_fault fault;
    cr_assert_eq(config_read(text, strlen(text), "", &config, &fault), PCE_OK, "%s: %s", fault.key,
                 fault.reason);
    told_count = 0;
    hold_check(&config, on_finding, &config);
    config_fini(&config);
}

Test(hold_check, a_time_that_is_longer_or_off_or_auto_is_no_finding)
{
    check("session: {send-hold: 121}\n");
    cr_expect_eq(told_count, 0);
    check("session: {send-hold: off}\n");
    cr_expect_eq(told_count, 0);
    check("");
    cr_expect_eq(told_count, 0);
}

Test(hold_check, the_sections_are_told_once_whoever_inherits_from_them)
{
    check("session: {send-hold: 120}\n"
          "peer-groups: [{name: a, pending-soft: 8192}]\n"
          "peers: [{prefix: 192.0.2.1, group: a}, {prefix: 192.0.2.2}]\n");
    cr_assert_eq(told_count, 1);
    cr_expect_str_eq(told[0], "session: send-hold (120 s) is not longer than dead-timer (120 s)");
}

Test(hold_check, groups_are_told_by_name_and_peers_together)
{
    check("peer-groups: [{name: slow, send-hold: 60}, {name: fine, send-hold: 600}]\n"
          "peers:\n"
          "  - {prefix: 192.0.2.1, group: slow}\n"
          "  - {prefix: 192.0.2.2, group: fine, dead-timer: 250, send-hold: 200}\n"
          "  - {prefix: 192.0.2.0/24, send-hold: 30}\n"
          "  - {prefix: 192.0.2.4, group: slow, send-hold: 400}\n");
    cr_assert_eq(told_count, 2);
    cr_expect_str_eq(told[0],
                     "peer-groups: slow: send-hold (60 s) is not longer than dead-timer (120 s)");
    cr_expect_str_eq(told[1], "peers: 192.0.2.2/32 and 1 more: send-hold (200 s) is not longer "
                              "than dead-timer (250 s)");
}
