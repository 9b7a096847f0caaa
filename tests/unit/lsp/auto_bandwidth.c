/* Attributes of auto-bandwidth (RFC 8733 5.2), octet by octet, and what they make of a bandwidth. */
#include "core/lsp/auto_bandwidth.h"

#include "core/lsp/adjust_pace.h"
#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"
#include "tests/unit/lsp/order_rig.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(auto_bandwidth, .timeout = 20);

/* Figures 4 to 16, one of each. */
#define SAMPLE     "0001 0004 0000 012c"
#define ADJUSTMENT "0002 0004 0001 5180"
#define DOWN       "0003 0004 0002 a300"
#define THRESHOLDS                                                                                 \
    "0004 0004 47f4 2400 0005 0008 0000 0005 447a 0000"                                            \
    "0006 0004 4874 2400 0007 0008 0000 000a 44fa 0000"
#define BOUNDS "0008 0004 447a 0000 0009 0004 4cee 6b28"
#define OVERFLOW                                                                                   \
    "000a 0008 0000 0003 48f4 2400 000b 0008 2800 0004 453b 8000"                                  \
    "000c 0008 0000 0005 4912 7c00 000d 0008 3c00 001f 457a 0000"
#define ALL SAMPLE ADJUSTMENT DOWN THRESHOLDS BOUNDS OVERFLOW

static struct arena arena;

/* The TLV of an LSPA with these sub-TLVs. */
static const struct pcep_tlv *tlv_of(const char *subs)
{
    static uint8_t octets[512];
    static struct pcep_message message;
    struct pcep_fault fault = {0};
    const struct pcep_lspa body = {.setup_priority = 7, .holding_priority = 7};
    struct wire_span value = hex_octets(subs);
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_LSPA, 0, &body);
    size_t tlv = pcep_tlv_open(&writer, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES, NULL);
    wire_put_octets(&writer, value.octets, value.size);
    pcep_tlv_close(&writer, tlv);
    pcep_object_close(&writer, object);
    pcep_message_close(&writer, at);
    arena_init(&arena, 1U << 20);
    cr_assert_eq(
        pcep_decode((struct wire_span){octets, wire_written(&writer)}, &arena, &message, &fault),
        PCE_OK);
    const struct pcep_tlv *found =
        pcep_find_tlv_entry(&message.objects[0], PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES);
    cr_assert_not_null(found);
    return found;
}

static unsigned read_into(struct auto_bandwidth *attributes, const char *subs)
{
    unsigned ignored = auto_bandwidth_read(tlv_of(subs), attributes);
    arena_fini(&arena);
    return ignored;
}

static struct wire_span written(const struct auto_bandwidth *attributes)
{
    static uint8_t octets[256];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    auto_bandwidth_write(attributes, &writer);
    cr_assert_not(writer.failed);
    return (struct wire_span){octets, wire_written(&writer)};
}

static void expect_octets(struct wire_span got, const char *hex)
{
    struct wire_span want = hex_octets(hex);
    cr_expect_eq(got.size, want.size);
    cr_expect_eq(memcmp(got.octets, want.octets, want.size), 0);
}

Test(auto_bandwidth, each_attribute_is_read_from_its_sub_tlv)
{
    struct auto_bandwidth got = {0};
    cr_expect_eq(read_into(&got, ALL), 0);
    cr_expect_eq(got.sample_s, 300);
    cr_expect_eq(got.adjustment_s, 86400);
    cr_expect_eq(got.down_adjustment_s, 172800);
    cr_expect_float_eq(got.up.absolute, 125000, 0.1);
    cr_expect_eq(got.up.percentage, 5);
    cr_expect_float_eq(got.up.minimum, 1000, 0.1);
    cr_expect_float_eq(got.down.absolute, 250000, 0.1);
    cr_expect_eq(got.down.percentage, 10);
    cr_expect_float_eq(got.minimum, 1000, 0.1);
    cr_expect_float_eq(got.maximum, 125000000, 10);
    cr_expect_eq(got.overflow.count, 3);
    cr_expect_float_eq(got.overflow.absolute, 500000, 0.1);
    cr_expect_eq(got.overflow.percentage, 20);
    cr_expect_eq(got.overflow.percentage_count, 4);
    cr_expect_eq(got.underflow.count, 5);
    cr_expect_eq(got.underflow.percentage, 30);
    cr_expect_eq(got.underflow.percentage_count, 31);
}

Test(auto_bandwidth, what_is_read_is_written_octet_by_octet)
{
    struct auto_bandwidth attributes = {0};
    (void)read_into(&attributes, ALL);
    expect_octets(written(&attributes), "0025 0080" ALL);
}

Test(auto_bandwidth, what_is_not_set_is_not_written_but_for_one_sub_tlv)
{
    const struct auto_bandwidth none = {0};
    expect_octets(written(&none), "0025 0008" SAMPLE);
}

Test(auto_bandwidth, what_is_missing_stays_as_it_was)
{
    struct auto_bandwidth got = {0};
    (void)read_into(&got, SAMPLE BOUNDS);
    cr_expect_eq(read_into(&got, "0001 0004 0000 003c"), 0);
    cr_expect_eq(got.sample_s, 60);
    cr_expect_float_eq(got.minimum, 1000, 0.1);
}

Test(auto_bandwidth, of_two_sub_tlvs_of_one_type_the_first_counts)
{
    struct auto_bandwidth got = {0};
    cr_expect_eq(read_into(&got, "0001 0004 0000 003c 0001 0004 0000 0014"), 0);
    cr_expect_eq(got.sample_s, 60);
}

/* Each is invalid by itself, or does not fit the others; all of it stays as it was. */
Test(auto_bandwidth, invalid_values_are_ignored_and_counted)
{
    static const char *const cases[] = {
        "0001 0004 0000 0000",           /* an interval of 0 */
        "0001 0004 0009 3a81",           /* 604,801 s */
        "0001 0004 0001 5181",           /* samples longer than the adjustment */
        "0002 0004 0000 012b",           /* an adjustment shorter than the samples */
        "0003 0004 0000 012b",           /* likewise downwards */
        "0004 0004 ffc0 0000",           /* no number */
        "0004 0004 bf80 0000",           /* -1 */
        "0004 0004 7f80 0000",           /* infinite */
        "0005 0008 0000 0000 0000 0000", /* 0 % */
        "0005 0008 0000 0065 0000 0000", /* 101 % */
        "0008 0004 4cee 6b30",           /* a minimum above the maximum */
        "0009 0004 4479 0000",           /* a maximum below the minimum */
        "000a 0008 0000 0000 48f4 2400", /* 0 times */
        "000b 0008 2800 0000 453b 8000", /* 0 times */
        "000d 0008 0000 0001 453b 8000", /* 0 % */
        "0001 0008 0000 003c 0000 0000", /* of another length */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct auto_bandwidth before = {0}, after;
        uint8_t octets[256];
        (void)read_into(&before, ALL);
        after = before;
        cr_expect_eq(read_into(&after, cases[i]), 1, "%s", cases[i]);
        struct wire_span got = written(&after);
        memcpy(octets, got.octets, got.size);
        size_t size = got.size;
        got = written(&before);
        cr_expect_eq(size, got.size, "%s", cases[i]);
        cr_expect_eq(memcmp(octets, got.octets, got.size), 0, "%s", cases[i]);
    }
}

Test(auto_bandwidth, the_longest_interval_is_seven_days)
{
    struct auto_bandwidth got = {0};
    cr_expect_eq(read_into(&got, "0002 0004 0009 3a80"), 0);
    cr_expect_eq(got.adjustment_s, 604800);
    cr_expect_eq(auto_bandwidth_down_adjustment_s(&got), 604800);
}

/* ---- judging ---- */

static enum auto_bandwidth_change judge(const char *subs, float has, float wants)
{
    struct auto_bandwidth attributes = {0};
    (void)read_into(&attributes, subs);
    return auto_bandwidth_judge(&attributes, has, wants);
}

Test(auto_bandwidth, without_a_threshold_five_per_cent_are_enough)
{
    cr_expect_eq(judge(SAMPLE, 1000, 1049), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(SAMPLE, 1000, 1050), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(SAMPLE, 1000, 951), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(SAMPLE, 1000, 950), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(SAMPLE, 1000, 1000), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(SAMPLE, 0, 1), AUTO_BANDWIDTH_ADJUSTED);
}

#define BY_1000   "0004 0004 447a 0000"           /* 1,000 octets a second */
#define BY_10_PCT "0005 0008 0000 000a 42c8 0000" /* 10 %, of 100 at least */

Test(auto_bandwidth, either_threshold_is_enough_and_a_value_takes_the_place_of_the_default)
{
    cr_expect_eq(judge(BY_1000, 10000, 10999), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(BY_1000, 10000, 11000), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(BY_1000 BY_10_PCT, 2000, 2199), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(BY_1000 BY_10_PCT, 2000, 2200), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(BY_10_PCT, 500, 599), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(BY_10_PCT, 500, 600), AUTO_BANDWIDTH_ADJUSTED);
}

Test(auto_bandwidth, downwards_has_thresholds_of_its_own)
{
    const char *subs = BY_1000 "0006 0004 4348 0000"; /* 200 downwards */
    cr_expect_eq(judge(subs, 10000, 10200), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(subs, 10000, 9801), AUTO_BANDWIDTH_STAYS);
    cr_expect_eq(judge(subs, 10000, 9800), AUTO_BANDWIDTH_ADJUSTED);
}

Test(auto_bandwidth, overflow_and_underflow_are_told_apart)
{
    const char *over = "000a 0008 0000 0003 447a 0000";
    const char *under = "000d 0008 6400 0002 0000 0000"; /* 50 % */
    cr_expect_eq(judge(over, 10000, 10999), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(over, 10000, 11000), AUTO_BANDWIDTH_OVERFLOWS);
    cr_expect_eq(judge(over, 10000, 1), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(judge(under, 10000, 5000), AUTO_BANDWIDTH_OVERFLOWS);
    cr_expect_eq(judge(under, 10000, 90000), AUTO_BANDWIDTH_ADJUSTED);
}

Test(auto_bandwidth, what_is_outside_of_the_bounds_comes_back_however_little_that_is)
{
    struct auto_bandwidth attributes = {.minimum = 100, .maximum = 1000};
    cr_expect_float_eq(auto_bandwidth_within(&attributes, 1001), 1000, 0);
    cr_expect_float_eq(auto_bandwidth_within(&attributes, 99), 100, 0);
    cr_expect_float_eq(auto_bandwidth_within(&attributes, 500), 500, 0);
    cr_expect_eq(auto_bandwidth_judge(&attributes, 1001, 1000), AUTO_BANDWIDTH_ADJUSTED);
    cr_expect_eq(auto_bandwidth_judge(&attributes, 99, 100), AUTO_BANDWIDTH_ADJUSTED);
    attributes.maximum = 0;
    cr_expect_float_eq(auto_bandwidth_within(&attributes, 1e9F), 1e9F, 0);
}

/* ---- LSPs ---- */

static struct lsp_rig db;
static struct lsp_pcc *pcc;

static void begin(uint32_t entries_max)
{
    const struct lsp_limits limits = {.lsps_max = 8,
                                      .octets_max = 100000,
                                      .lsps_per_pcc_max = 8,
                                      .auto_bandwidths_max = entries_max,
                                      .stale_s = 600,
                                      .record_max = 64};
    lsp_rig_init(&db, &limits);
    pcc = lsp_rig_up(&db, 1, true);
    pcc->session.may_auto_bandwidth = true;
}

static void tell(uint32_t plsp_id, const char *subs, float bandwidth)
{
    char name[2] = {(char)('a' + plsp_id), '\0'};
    const struct wire_span attributes =
        subs == NULL ? (struct wire_span){NULL, 0} : hex_octets(subs);
    const struct lsp_report_spec spec = {.plsp_id = plsp_id,
                                         .name = name,
                                         .flags = PCEP_LSP_A,
                                         .setup_type = 1,
                                         .segments = {16001},
                                         .bandwidth = bandwidth,
                                         .auto_bandwidth = attributes};
    cr_assert_eq(lsp_rig_report(&db, pcc, &spec), PCE_OK);
}

static struct lsp_auto_bandwidth *entry_of(uint32_t plsp_id)
{
    return lsp_auto_bandwidth_find(&db.db, lsp_pcc_find_plsp_id(pcc, plsp_id));
}

Test(auto_bandwidth, an_lsp_has_what_it_was_granted_and_wants_what_it_requests)
{
    begin(8);
    tell(1, SAMPLE, 1000);
    cr_assert_not_null(entry_of(1));
    cr_expect_float_eq(lsp_auto_bandwidth_wanted(entry_of(1), false), 1000, 0);
    tell(1, SAMPLE, 2000);
    cr_expect_float_eq(entry_of(1)->granted, 1000, 0);
    cr_expect_float_eq(lsp_auto_bandwidth_wanted(entry_of(1), false), 2000, 0);
    cr_expect_float_eq(lsp_auto_bandwidth_wanted(entry_of(1), true), 1000, 0);
    lsp_auto_bandwidth_on_done(&db.db, lsp_pcc_find_plsp_id(pcc, 1), 2000);
    cr_expect_float_eq(lsp_auto_bandwidth_wanted(entry_of(1), true), 2000, 0);
    lsp_rig_fini(&db);
}

Test(auto_bandwidth, of_an_lsp_without_the_tlv_is_off)
{
    begin(8);
    tell(1, SAMPLE, 1000);
    tell(1, NULL, 1000);
    cr_expect_null(entry_of(1));
    cr_expect_eq(db.db.counters.lsp_auto_bandwidths, 0);
    pcc->session.may_auto_bandwidth = false;
    tell(1, SAMPLE, 1000);
    cr_expect_null(entry_of(1));
    lsp_rig_fini(&db);
}

Test(auto_bandwidth, attributes_begin_with_their_defaults_in_each_session)
{
    begin(8);
    tell(1, SAMPLE BOUNDS, 2000);
    cr_expect_float_eq(entry_of(1)->attributes.minimum, 1000, 0);
    lsp_db_on_down(&db.db, pcc, db.now);
    pcc = lsp_rig_up(&db, 1, true);
    pcc->session.may_auto_bandwidth = true;
    tell(1, SAMPLE, 2000);
    cr_expect_float_eq(entry_of(1)->attributes.minimum, 0, 0);
    lsp_rig_fini(&db);
}

Test(auto_bandwidth, the_limit_of_lsps_is_exact)
{
    begin(2);
    for (uint32_t i = 1; i <= 3; i++)
        tell(i, SAMPLE, 1000);
    cr_expect_not_null(entry_of(2));
    cr_expect_null(entry_of(3));
    cr_expect_eq(db.db.counters.lsp_limit_auto_bandwidths, 1);
    tell(1, NULL, 1000);
    tell(3, SAMPLE, 1000);
    cr_expect_not_null(entry_of(3), "a place is free again");
    lsp_rig_fini(&db);
}

Test(auto_bandwidth, what_is_no_amount_is_not_requested)
{
    begin(8);
    tell(1, SAMPLE, 1000);
    tell(1, SAMPLE, -1);
    cr_expect_not(entry_of(1)->has_requested);
    cr_expect_float_eq(lsp_auto_bandwidth_wanted(entry_of(1), false), 1000, 0);
    lsp_rig_fini(&db);
}

/* ---- the pace ---- */

Test(auto_bandwidth, the_limit_of_adjustments_a_minute_is_exact)
{
    rig_init(LSP_PROFILE_STANDARD);
    rig.orders.settings.adjustments_max = 2;
    cr_expect_not(adjust_pace_on_report(rig.lane, rig.now));
    cr_expect_not(adjust_pace_on_report(rig.lane, rig.now));
    cr_expect_not(adjust_pace_is_held(rig.lane, rig.now));
    cr_expect(adjust_pace_on_report(rig.lane, rig.now));
    cr_expect(adjust_pace_is_held(rig.lane, rig.now));
    cr_expect_not(adjust_pace_on_report(rig.lane, rig.now), "it is told once");
    struct mono later = mono_add_s(rig.now, ADJUST_PAUSE_S);
    cr_expect_not(adjust_pace_is_held(rig.lane, later));
    cr_expect_not(adjust_pace_on_report(rig.lane, later));
    rig_fini();
}

Test(auto_bandwidth, a_pcc_that_is_overwhelmed_is_held_until_it_clears_that_or_its_time_is_over)
{
    rig_init(LSP_PROFILE_STANDARD);
    adjust_pace_on_overwhelmed(rig.lane, 0, rig.now);
    cr_expect(adjust_pace_is_held(rig.lane, mono_add_s(rig.now, 100000)));
    adjust_pace_on_cleared(rig.lane);
    cr_expect_not(adjust_pace_is_held(rig.lane, rig.now));
    adjust_pace_on_overwhelmed(rig.lane, 30, rig.now);
    cr_expect(adjust_pace_is_held(rig.lane, mono_add_s(rig.now, 29)));
    cr_expect_not(adjust_pace_is_held(rig.lane, mono_add_s(rig.now, 30)));
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_STANDARD);
    cr_expect_not(adjust_pace_is_held(rig.lane, rig.now), "another session, another state");
    rig_fini();
}
