#include "capture_maker.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Packets of a connection that begins, with one Open: raw IP. */
static struct wire_span syn(void)
{
    return make_ipv4(
        1, 2,
        make_tcp(&(struct made_tcp){40000, 4189, 99, 0, TCP_SYN}, (struct wire_span){NULL, 0}));
}

static struct wire_span open_message(void)
{
    return make_ipv4(
        1, 2, make_tcp(&(struct made_tcp){40000, 4189, 100, 1, TCP_ACK}, make_text(OPEN_HEX)));
}

static void expect(const struct maker *maker, const char *text, enum pce_status status)
{
    struct record *record = maker_run(maker, NULL);
    cr_expect_str_eq(record_text(record), text);
    cr_expect_eq(record->status, status, "status %d", record->status);
    free(record);
}

static void expect_time(const struct maker *maker, int64_t s, uint32_t ns)
{
    struct record *record = maker_run(maker, NULL);
    cr_assert_eq(record->count, 1, "%s", record_text(record));
    cr_expect(record->events[0].stamp.time.is_known);
    cr_expect_eq(record->events[0].stamp.time.s, s);
    cr_expect_eq(record->events[0].stamp.time.ns, ns, "%u", record->events[0].stamp.time.ns);
    free(record);
}

Test(capture_file, pcap_is_read_in_both_byte_orders_and_both_clocks)
{
    for (unsigned i = 0; i < 4; i++) {
        struct maker maker = maker_create((i & 1) != 0);
        maker_pcap(&maker, LINK_RAW, (i & 2) != 0);
        maker.ns = 123456789;
        maker_packet(&maker, syn());
        maker_packet(&maker, open_message());
        expect(&maker, "Open>", PCE_CLOSED);
        expect_time(&maker, 1001, (i & 2) != 0 ? 123456789 : 123456000);
        maker_destroy(&maker);
    }
}

Test(capture_file, upper_half_of_the_link_type_is_about_checksums)
{
    struct maker maker = maker_create(true);
    maker_pcap(&maker, 0x24000000U | LINK_RAW, false);
    maker_packet(&maker, open_message());
    expect(&maker, "Open>", PCE_CLOSED);
    maker_destroy(&maker);
}

Test(capture_file, pcapng_is_read_in_both_byte_orders)
{
    for (unsigned i = 0; i < 2; i++) {
        struct maker maker = maker_create(i == 1);
        maker_section(&maker);
        maker_interface(&maker, LINK_RAW, 0, 0, 0);
        maker_enhanced(&maker, 0, 1500000, open_message());
        expect(&maker, "Open>", PCE_CLOSED);
        expect_time(&maker, 1, 500000000);
        maker_destroy(&maker);
    }
}

struct clock_row {
    uint8_t resolution;
    int64_t offset_s;
    uint64_t ticks;
    int64_t s;
    uint32_t ns;
};

Test(capture_file, each_interface_has_its_clock)
{
    static const struct clock_row rows[] = {
        {0, 0, 1700000000123456, 1700000000, 123456000},
        {6, 0, 1700000000123456, 1700000000, 123456000},
        {9, 0, 1700000000123456789, 1700000000, 123456789},
        {3, 0, 1700000000123, 1700000000, 123000000},
        {12, 0, 5000000000007, 5, 0},
        {12, 0, 5000000001999, 5, 1},
        {19, 0, 10000000000000000000U, 1, 0},
        {6, 1000, 2500000, 1002, 500000000},
        {6, -3, 2500000, -1, 500000000},
        {0x80 | 10, 0, 5 * 1024 + 512, 5, 500000000},
        {0x80 | 32, 0, (UINT64_C(7) << 32) + (UINT64_C(1) << 30), 7, 250000000},
        {0x80 | 63, 0, (UINT64_C(1) << 63) + (UINT64_C(1) << 62), 1, 500000000},
        {0x80, 0, 77, 77, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (unsigned order = 0; order < 2; order++) {
            struct maker maker = maker_create(order == 1);
            maker_section(&maker);
            maker_interface(&maker, LINK_ETHERNET, 0, 3, 77);
            maker_interface(&maker, LINK_RAW, 0, rows[i].resolution, rows[i].offset_s);
            maker_enhanced(&maker, 1, rows[i].ticks, open_message());
            expect_time(&maker, rows[i].s, rows[i].ns);
            maker_destroy(&maker);
        }
    }
}

Test(capture_file, simple_packets_have_no_time_and_are_cut_by_their_interface)
{
    struct maker maker = maker_create(true);
    struct wire_span packet = make_join(open_message(), make_text("00000000"));
    maker_section(&maker);
    maker_interface(&maker, LINK_RAW, (uint32_t)packet.size - 4, 0, 0);
    size_t begin = maker_block_begin(&maker, 3);
    maker_u32(&maker, (uint32_t)packet.size);
    wire_put_octets(&maker.writer, packet.octets, packet.size - 4);
    maker_block_end(&maker, begin);
    struct record *record = maker_run(&maker, NULL);
    cr_expect_str_eq(record_text(record), "Open>");
    cr_expect_not(record->events[0].stamp.time.is_known);
    free(record);
    maker_destroy(&maker);
}

Test(capture_file, old_packet_blocks_are_read)
{
    struct maker maker = maker_create(false);
    maker_section(&maker);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    size_t begin = maker_block_begin(&maker, 2);
    struct wire_span packet = open_message();
    maker_u16(&maker, 0);
    maker_u16(&maker, 0xFFFF);
    maker_u32(&maker, 0);
    maker_u32(&maker, 2000001);
    maker_u32(&maker, (uint32_t)packet.size);
    maker_u32(&maker, (uint32_t)packet.size);
    wire_put_octets(&maker.writer, packet.octets, packet.size);
    maker_block_end(&maker, begin);
    expect_time(&maker, 2, 1000);
    maker_destroy(&maker);
}

Test(capture_file, unknown_blocks_of_any_size_are_stepped_over)
{
    struct maker maker = maker_create(true);
    maker_section(&maker);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    size_t begin = maker_block_begin(&maker, 0x0BAD);
    wire_put_zeros(&maker.writer, SOURCE_WANT_MAX + 400);
    maker_block_end(&maker, begin);
    begin = maker_block_begin(&maker, 5);
    maker_block_end(&maker, begin);
    maker_enhanced(&maker, 0, 1, open_message());
    expect(&maker, "Open>", PCE_CLOSED);
    maker_destroy(&maker);
}

Test(capture_file, sections_have_their_own_order_and_interfaces)
{
    struct maker maker = maker_create(true);
    maker_section(&maker);
    maker_interface(&maker, LINK_ETHERNET, 0, 0, 0);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    maker_enhanced(&maker, 1, 1, syn());
    maker.is_little = false;
    maker_section(&maker);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    maker_enhanced(&maker, 0, 2, open_message());
    expect(&maker, "Open>", PCE_CLOSED);
    maker_enhanced(&maker, 1, 3, open_message()); /* the new section has one interface alone */
    expect(&maker, "Open>", PCE_INVALID);
    maker_destroy(&maker);
}

/* ---- damage ---- */

static struct maker small_file(bool is_pcapng)
{
    struct maker maker = maker_create(true);
    if (is_pcapng) {
        maker_section(&maker);
        maker_interface(&maker, LINK_RAW, 0, 9, 5);
        maker_enhanced(&maker, 0, 1, open_message());
    } else {
        maker_pcap(&maker, LINK_RAW, false);
        maker_packet(&maker, open_message());
    }
    return maker;
}

Test(capture_file, file_that_is_cut_anywhere_says_so)
{
    for (unsigned kind = 0; kind < 2; kind++) {
        struct maker maker = small_file(kind == 1);
        unsigned cut_count = 0;
        for (size_t size = CAPTURE_MAGIC_SIZE; size < maker_size(&maker); size++) {
            struct record *record = record_run(maker.octets, size, NULL);
            cr_expect(record->status == PCE_LIMIT || record->status == PCE_CLOSED);
            bool is_said = strcmp(record_text(record), "damaged") == 0;
            cr_expect_eq(is_said, record->status == PCE_LIMIT, "at %zu: %s", size,
                         record_text(record));
            cut_count += is_said;
            free(record);
        }
        cr_expect_gt(cut_count, 60);
        maker_destroy(&maker);
    }
}

Test(capture_file, any_octet_may_be_wrong)
{
    for (unsigned kind = 0; kind < 2; kind++) {
        struct maker maker = small_file(kind == 1);
        size_t size = maker_size(&maker);
        for (size_t at = 0; at < size; at++) {
            static const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
            uint8_t was = maker.octets[at];
            for (size_t i = 0; i < sizeof values; i++) {
                maker.octets[at] = values[i];
                struct record *record = record_run(maker.octets, size, NULL);
                cr_expect(record->status != PCE_OK && record->status != PCE_NO_MEMORY);
                free(record);
            }
            maker.octets[at] = was;
        }
        maker_destroy(&maker);
    }
}

/* What init and the packets say of these octets. */
static const char *reason_of(const struct maker *maker, uint64_t *offset)
{
    struct source source;
    struct capture_file file;
    struct capture_packet packet;
    source_init_memory(&source, maker->octets, maker_size(maker));
    enum pce_status status = capture_file_init(&file, &source);
    while (status == PCE_OK)
        status = capture_file_next(&file, &packet);
    capture_file_fini(&file);
    *offset = file.reason_offset;
    return file.reason != NULL ? file.reason : "none";
}

static void expect_reason(struct maker *maker, const char *part, uint64_t offset)
{
    uint64_t found;
    const char *reason = reason_of(maker, &found);
    cr_expect(strstr(reason, part) != NULL, "\"%s\" is not in \"%s\"", part, reason);
    cr_expect_eq(found, offset, "%llu, not %llu: %s", (unsigned long long)found,
                 (unsigned long long)offset, reason);
    maker_destroy(maker);
}

Test(capture_file, damage_is_named_with_its_place)
{
    struct maker maker = small_file(false);
    maker.octets[4] = 3; /* major version, little-endian */
    expect_reason(&maker, "version of the pcap file", 0);

    maker = small_file(false);
    memset(maker.octets + 24 + 8, 0xFF, 3);
    expect_reason(&maker, "longer than any", 24);

    maker = small_file(true);
    maker.octets[8] = 0;
    expect_reason(&maker, "neither pcap nor pcapng", 0);

    maker = small_file(true);
    maker.octets[12] = 2;
    expect_reason(&maker, "version of the pcapng section", 0);

    maker = small_file(true);
    maker.octets[28 + 4] = 8; /* length of the interface's block */
    expect_reason(&maker, "length of a block is impossible", 28);

    maker = small_file(true);
    maker.octets[28 + 4] += 1;
    expect_reason(&maker, "length of a block is impossible", 28);

    maker = small_file(true);
    maker.octets[24] += 4; /* the second length of the section */
    expect_reason(&maker, "two lengths", 0);

    maker = small_file(true);
    maker.octets[28 + 18] = 200; /* length of if_name */
    expect_reason(&maker, "option runs past", 28);

    maker = small_file(true);
    maker.octets[28 + 32] = 20; /* if_tsresol */
    expect_reason(&maker, "resolution", 28);
}

Test(capture_file, second_section_needs_a_byte_order)
{
    struct maker maker = small_file(true);
    size_t at = maker_size(&maker);
    maker_section(&maker);
    maker.octets[at + 8] = 0;
    expect_reason(&maker, "byte order", at);
}

Test(capture_file, packets_must_fit_their_block)
{
    struct maker maker = maker_create(true);
    maker_section(&maker);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    size_t at = maker_size(&maker);
    maker_enhanced(&maker, 0, 1, open_message());
    maker.octets[at + 20] = 0xFF; /* captured length */
    expect_reason(&maker, "packet runs past its block", at);

    maker = maker_create(true);
    maker_section(&maker);
    at = maker_size(&maker);
    size_t begin = maker_block_begin(&maker, 3);
    maker_u32(&maker, 0);
    maker_block_end(&maker, begin);
    expect_reason(&maker, "interface that is not described", at);
}

Test(capture_file, packets_have_a_limit)
{
    uint8_t *zeros = calloc(1, CAPTURE_PACKET_MAX + 1);
    for (uint32_t more = 0; more < 2; more++) {
        struct maker maker = maker_create(true);
        maker_pcap(&maker, LINK_RAW, false);
        maker_packet(&maker, (struct wire_span){zeros, CAPTURE_PACKET_MAX + more});
        struct record *record = maker_run(&maker, NULL);
        cr_expect_eq(record->status, more == 0 ? PCE_CLOSED : PCE_INVALID);
        cr_expect_eq(record->counters.packets, 1 - more);
        free(record);
        maker_destroy(&maker);
    }
    free(zeros);
}

Test(capture_file, interfaces_have_a_limit)
{
    struct maker maker = maker_create(true);
    maker_section(&maker);
    for (uint32_t i = 0; i < CAPTURE_INTERFACES_MAX; i++)
        maker_interface(&maker, LINK_RAW, 0, 0, 0);
    expect(&maker, "", PCE_CLOSED);
    uint64_t at = maker_size(&maker);
    maker_interface(&maker, LINK_RAW, 0, 0, 0);
    expect_reason(&maker, "more interfaces", at);
}

Test(capture_file, kind_is_seen_from_the_first_octets)
{
    static const struct {
        char hex[32];
        enum capture_kind kind;
    } rows[] = {
        {"a1b2c3d40002000400000000", CAPTURE_PCAP},
        {"d4c3b2a10200040000000000", CAPTURE_PCAP},
        {"a1b23c4d0002000400000000", CAPTURE_PCAP},
        {"4d3cb2a10200040000000000", CAPTURE_PCAP},
        {"0a0d0d0a1c0000004d3c2b1a", CAPTURE_PCAPNG},
        {"0a0d0d0a0000001c1a2b3c4d", CAPTURE_PCAPNG},
        {"0a0d0d0a3230303230303034", CAPTURE_NONE},
        {"0a0d0d0a", CAPTURE_NONE},
        {"a1b2cd340002000400000000", CAPTURE_FOREIGN},
        {"1f8b08000000000000030000", CAPTURE_FOREIGN},
        {"28b52ffd0000000000000000", CAPTURE_FOREIGN},
        {"736e6f6f7000000000000002", CAPTURE_FOREIGN},
        {"2001000c01100008201e7801", CAPTURE_NONE},
        {"20020004", CAPTURE_NONE},
        {"d4c3b2a1", CAPTURE_PCAP},
        {"d4c3b2", CAPTURE_NONE},
        {"", CAPTURE_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(capture_recognise(make_text(rows[i].hex)), rows[i].kind, "%s", rows[i].hex);
}
