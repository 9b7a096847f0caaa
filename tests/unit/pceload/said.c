/* What sessions say: messages that the codec reads back, and where they come from. */
#include "bench/pceload/options.h"
#include "bench/pceload/protocol/templates.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <criterion/criterion.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static struct templates templates;
static struct arena arena; /* of the last decoded message */

static void end(void)
{
    arena_fini(&arena);
}

TestSuite(said, .fini = end);

static enum pce_status decode(const uint8_t *octets, size_t size, struct pcep_message *message,
                              struct pcep_fault *fault)
{
    arena_fini(&arena);
    arena_init(&arena, 65536);
    *fault = (struct pcep_fault){0};
    return pcep_decode((struct wire_span){octets, size}, &arena, message, fault);
}

static void expect_good(const uint8_t *octets, size_t size)
{
    struct pcep_message message;
    struct pcep_fault fault;
    cr_assert_eq(decode(octets, size, &message, &fault), PCE_OK);
    cr_assert_eq(fault.scope, PCEP_FAULT_NONE, "%s", fault.reason);
}

Test(said, every_message_is_one_that_the_codec_reads)
{
    for (unsigned v6 = 0; v6 < 2; v6++) {
        const struct options options = {.is_stateful = true, .reports = 1, .segments = 5, .msd = 5};
        templates_make(&templates, &options, v6 == 1);
        expect_good(templates.open.octets, templates.open.size);
        expect_good(templates.keepalive.octets, templates.keepalive.size);
        expect_good(templates.close.octets, templates.close.size);
        expect_good(templates.end_of_sync.octets, templates.end_of_sync.size);
        expect_good(templates.mark.octets, templates.mark.size);
        for (unsigned kind = 0; kind < REQUEST_KINDS; kind++)
            expect_good(templates.requests[kind].octets, templates.requests[kind].size);
    }
}

Test(said, request_has_its_own_values)
{
    const struct options options = {.setup = SETUP_SR};
    const uint8_t from[] = {192, 0, 2, 1}, to[] = {192, 0, 2, 9};
    const struct request_values values = {0x01020304, from, to, 0x40, 0x0d, 1250.0F};
    uint8_t octets[TEMPLATE_SIZE];
    struct pcep_message message;
    struct pcep_fault fault;
    templates_make(&templates, &options, false);
    size_t size = templates_put_request(&templates, REQUEST_ALL, &values, octets);
    cr_assert_eq(decode(octets, size, &message, &fault), PCE_OK);
    cr_assert_eq(message.object_count, 5u);
    const struct pcep_rp *rp = message.objects[0].body;
    const struct pcep_end_points_v4 *ends = message.objects[1].body;
    const struct pcep_lspa *lspa = message.objects[2].body;
    const struct pcep_bandwidth *bandwidth = message.objects[3].body;
    cr_assert_eq(rp->request_id, 0x01020304u);
    cr_assert_arr_eq(ends->source.octets, from, 4);
    cr_assert_arr_eq(ends->destination.octets, to, 4);
    cr_assert_eq(lspa->exclude_any, 0x40u);
    cr_assert_eq(lspa->include_any, 0x0du);
    cr_assert_eq(bandwidth->bandwidth, 1250.0F);
}

Test(said, malformed_messages_are_not_what_a_request_is)
{
    const struct options options = {0};
    templates_make(&templates, &options, false);
    for (unsigned i = 0; i < MALFORMED_KINDS; i++)
        cr_assert_neq(memcmp(templates.malformed[i].octets, templates.requests[0].octets,
                             templates.requests[0].size),
                      0);
}

/* ---- options ---- */

static bool read_options(struct options *options, const char *text)
{
    char copy[256], *words[16] = {"pceload"}, *save = NULL;
    int count = 1;
    bool is_help = false;
    (void)snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
        words[count++] = word;
    optind = 0;
    return options_read(options, count, words, &is_help);
}

static const char *source_text(const struct options *options, uint32_t index)
{
    static char text[IP_TEXT_SIZE];
    struct ip source = options_source(options, index);
    return ip_format(&source, text);
}

Test(said, sessions_come_from_one_address_each)
{
    struct options options;
    cr_assert(read_options(&options, "--sessions 1000 127.0.0.1:14200"));
    cr_assert_str_eq(source_text(&options, 0), "127.1.0.1");
    cr_assert_str_eq(source_text(&options, 253), "127.1.0.254");
    cr_assert_str_eq(source_text(&options, 254), "127.1.1.1");
    cr_assert(
        read_options(&options, "--sessions 9 --sources-offset 4 --sources 10.0.0.0/28 10.9.0.1"));
    cr_assert_str_eq(source_text(&options, 0), "10.0.0.4");
    cr_assert(read_options(&options, "--sessions 9 --sources 2001:db8::/64 [2001:db8:1::1]:4190"));
    cr_assert_str_eq(source_text(&options, 0), "2001:db8::1");
    cr_assert_str_eq(source_text(&options, 65535), "2001:db8::1:0");
    cr_assert_eq(options.port, 4190);
}

Test(said, what_does_not_fit_together_is_refused)
{
    struct options options;
    cr_assert_not(read_options(&options, "--sessions 300 --sources 10.0.0.0/24 10.9.0.1"));
    cr_assert_not(read_options(&options, "--sources 10.0.0.0/8 ::1"));
    cr_assert_not(read_options(&options, "--depth 1 127.0.0.1"));
    cr_assert_not(read_options(&options, "--sessions 3 --misbehave stall:4 127.0.0.1"));
    cr_assert_not(read_options(&options, "--misbehave dance:1 127.0.0.1"));
    cr_assert_not(read_options(&options, "--depth 65 --pairs x 127.0.0.1"));
    cr_assert_not(read_options(&options, "127.0.0.1:0"));
    cr_assert_not(read_options(&options, "[::1"));
    cr_assert_not(read_options(&options, "--sessions 1.5 127.0.0.1"));
    cr_assert_not(read_options(&options, ""));
}

Test(said, last_sessions_are_those_that_misbehave)
{
    struct options options;
    cr_assert(
        read_options(&options, "--sessions 10 --misbehave drip:2:100 --misbehave reset:3 ::1"));
    cr_assert_eq(options_behaviour(&options, 4), BEHAVE_WELL);
    cr_assert_eq(options_behaviour(&options, 5), BEHAVE_DRIP);
    cr_assert_eq(options_behaviour(&options, 7), BEHAVE_RESET);
    cr_assert_eq(options_behaviour(&options, 9), BEHAVE_RESET);
    cr_assert_eq(options.misbehaviour_param[BEHAVE_DRIP], 100.0);
}
