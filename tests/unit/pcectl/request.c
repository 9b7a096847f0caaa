#include "server/pcectl/request/request.h"
#include "server/pcectl/command.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ON_NATIONAL "request --topology " PCED_SOURCE_DIR "/deploy/topologies/national.yaml "

static struct request_plan plan;

/* The words of a command line, divided at blanks. */
static int parse(const char *line)
{
    static char words[512];
    static char *argv[40];
    int argc = 0;
    (void)snprintf(words, sizeof words, "%s", line);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    request_plan_fini(&plan);
    return request_parse(argc, argv, &plan);
}

Test(request, the_server_may_be_named_in_every_usual_form)
{
    char text[IP_TEXT_SIZE];
    static const char *const lines[][3] = {
        {"request --from 192.0.2.1 --to 192.0.2.2", "127.0.0.1", "4189"},
        {"request --server 192.0.2.9 --from 192.0.2.1 --to 192.0.2.2", "192.0.2.9", "4189"},
        {"request --server 192.0.2.9:99 --from 192.0.2.1 --to 192.0.2.2", "192.0.2.9", "99"},
        {"request --server 2001:db8::1 --from 192.0.2.1 --to 192.0.2.2", "2001:db8::1", "4189"},
        {"request --server [2001:db8::1]:77 --from 192.0.2.1 --to 192.0.2.2", "2001:db8::1", "77"},
        {"request --server [2001:db8::1] --from 192.0.2.1 --to 192.0.2.2", "2001:db8::1", "4189"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        cr_assert_eq(parse(lines[i][0]), COMMAND_OK, "%s", lines[i][0]);
        cr_expect_str_eq(ip_format(&plan.server.to, text), lines[i][1]);
        cr_expect_eq(plan.server.to_port, strtoul(lines[i][2], NULL, 10));
    }
}

Test(request, what_is_asked_stands_in_the_plan)
{
    cr_assert_eq(
        parse("request --from 192.0.2.1 --to 192.0.2.2 --from 192.0.2.3 --to 192.0.2.4 "
              "--setup rsvp --metric te --bound delay=1500 --bound hops=9 "
              "--bandwidth 10G --exclude-any 0x2 --priority 3 --msd 5 --of mbp --timeout 2.5 "
              "--parallel 8 --json"),
        COMMAND_OK);
    cr_expect_eq(plan.pair_count, 2);
    cr_expect_eq(plan.pst, PCEP_PST_RSVP_TE);
    cr_expect_eq(plan.metric, PCEP_METRIC_TYPE_TE);
    cr_expect_eq(plan.bound_count, 2);
    cr_expect_eq(plan.bounds[0].type, PCEP_METRIC_TYPE_PATH_DELAY);
    cr_expect_float_eq(plan.bounds[0].value, 1500.0F, 0.0F);
    cr_expect_float_eq(plan.bandwidth, 1.25e9F, 0.0F, "10 Gbit/s in octets");
    cr_expect(plan.has_lspa);
    cr_expect_eq(plan.exclude_any, 2);
    cr_expect_eq(plan.priority, 3);
    cr_expect_eq(plan.msd, 5);
    cr_expect_eq(plan.objective, PCEP_OF_MBP);
    cr_expect_eq(plan.timeout_ms, 2500);
    cr_expect_eq(plan.parallel, 8);
    cr_expect(plan.is_json);
}

Test(request, the_kind_of_segments_is_asked_for_and_offered)
{
    uint8_t octets[128];
    static const char *const words[] = {"", "--setup sr", "--setup srv6"};
    static const uint8_t psts[] = {PCEP_PST_SR, PCEP_PST_SR, PCEP_PST_SRV6};
    for (size_t i = 0; i < sizeof psts; i++) {
        char line[128];
        struct wire_writer writer = wire_writer_init(octets, sizeof octets);
        snprintf(line, sizeof line, "request --from 192.0.2.1 --to 192.0.2.2 %s", words[i]);
        cr_assert_eq(parse(line), COMMAND_OK);
        cr_expect_eq(plan.pst, psts[i]);
        cr_assert(request_write_open(&plan, &writer));
        /* The types of the list stand behind 4 + 8 octets of headers, and 4 + 4 of the TLV. */
        cr_expect_eq(octets[20], PCEP_PST_RSVP_TE);
        cr_expect_eq(octets[21], psts[i]);
    }
}

Test(request, wrong_words_are_usage_errors)
{
    static const char *const lines[] = {
        "request",
        "request --from 192.0.2.1",
        "request --to 192.0.2.1",
        "request --from 192.0.2.1 --to 2001:db8::1",
        "request --from Lyon --to Paris",
        "request --nonsense",
        "request --from",
        "request --server 300.1.1.1 --from 192.0.2.1 --to 192.0.2.2",
        "request --server 127.0.0.1:0 --from 192.0.2.1 --to 192.0.2.2",
        "request --server 127.0.0.1:65536 --from 192.0.2.1 --to 192.0.2.2",
        "request --bandwidth 10X --from 192.0.2.1 --to 192.0.2.2",
        "request --bandwidth 10GG --from 192.0.2.1 --to 192.0.2.2",
        "request --bandwidth nan --from 192.0.2.1 --to 192.0.2.2",
        "request --bandwidth 1e300T --from 192.0.2.1 --to 192.0.2.2",
        "request --bound cost=3 --from 192.0.2.1 --to 192.0.2.2",
        "request --bound igp --from 192.0.2.1 --to 192.0.2.2",
        "request --msd 256 --from 192.0.2.1 --to 192.0.2.2",
        "request --exclude-any 4294967296 --from 192.0.2.1 --to 192.0.2.2",
        "request --timeout 0 --from 192.0.2.1 --to 192.0.2.2",
        "request --pairs 3",
        "request --topology /nowhere --pairs 3",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cr_expect_eq(parse(lines[i]), COMMAND_USAGE, "%s", lines[i]);
    cr_expect_eq(parse(ON_NATIONAL "--pairs 100001"), COMMAND_USAGE);
    cr_expect_eq(parse(ON_NATIONAL "--all-from Nowhere"), COMMAND_USAGE);
    request_plan_fini(&plan);
}

Test(request, random_pairs_depend_on_the_seed_alone_and_differ_in_their_ends)
{
    static struct request_pair before[100];
    cr_assert_eq(parse(ON_NATIONAL "--pairs 100 --seed 5"), COMMAND_OK);
    cr_assert_eq(plan.pair_count, 100);
    memcpy(before, plan.pairs, sizeof before);
    for (unsigned i = 0; i < 100; i++)
        cr_expect_not(ip_is_equal(&before[i].from, &before[i].to));
    cr_assert_eq(parse(ON_NATIONAL "--pairs 100 --seed 5"), COMMAND_OK);
    cr_expect_eq(memcmp(before, plan.pairs, sizeof before), 0);
    cr_assert_eq(parse(ON_NATIONAL "--pairs 100 --seed 6"), COMMAND_OK);
    cr_expect_neq(memcmp(before, plan.pairs, sizeof before), 0);
    request_plan_fini(&plan);
}

Test(request, all_from_asks_for_every_other_node)
{
    cr_assert_eq(parse(ON_NATIONAL "--all-from Paris"), COMMAND_OK);
    cr_expect_eq(plan.pair_count, plan.topology->node_count - 1);
    request_plan_fini(&plan);
}
