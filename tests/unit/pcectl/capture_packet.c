#include "capture_maker.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const struct made_tcp ports = {40000, 4189, 100, 1, TCP_ACK};

static struct wire_span segment(void)
{
    return make_tcp(&ports, make_text(OPEN_HEX));
}

static struct wire_span v4(void)
{
    return make_ipv4(1, 2, segment());
}

static struct wire_span v6(void)
{
    return make_ipv6(1, 2, 6, segment());
}

static struct wire_span behind(const char *hex, struct wire_span payload)
{
    return make_join(make_text(hex), payload);
}

/* The result of both steps, and whether the payload is the Open message. */
static enum packet_result read_packet(uint16_t link_type, struct wire_span octets, bool *is_open)
{
    struct packet_ip ip;
    struct packet_tcp tcp;
    static const uint8_t open[] = {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 0x1E, 0x78, 1};
    uint8_t *exact = malloc(octets.size + 1);
    if (octets.size > 0)
        memcpy(exact, octets.octets, octets.size);
    *is_open = false;
    enum packet_result result =
        packet_read_ip(link_type, (struct wire_span){exact, octets.size}, &ip);
    if (result == PACKET_OK)
        result = packet_read_tcp(&ip, &tcp);
    if (result == PACKET_OK)
        *is_open = tcp.payload.size == sizeof open && tcp.payload_size == sizeof open &&
                   memcmp(tcp.payload.octets, open, sizeof open) == 0 &&
                   tcp.source_port == ports.from && tcp.destination_port == ports.to &&
                   tcp.sequence == ports.sequence && tcp.acknowledged == ports.acknowledged &&
                   tcp.flags == ports.flags;
    free(exact);
    return result;
}

#define EXPECT_OPEN(link_type, octets)                                                             \
    do {                                                                                           \
        bool is_open;                                                                              \
        cr_expect_eq(read_packet((link_type), (octets), &is_open), PACKET_OK);                     \
        cr_expect(is_open);                                                                        \
    } while (0)
#define EXPECT_RESULT(link_type, octets, result)                                                   \
    do {                                                                                           \
        bool is_open;                                                                              \
        enum packet_result found = read_packet((link_type), (octets), &is_open);                   \
        cr_expect_eq(found, (result), "result %d", found);                                         \
    } while (0)

Test(capture_packet, ethernet_carries_both_families)
{
    EXPECT_OPEN(LINK_ETHERNET, make_ethernet(0x0800, v4()));
    EXPECT_OPEN(LINK_ETHERNET, make_ethernet(0x86DD, v6()));
    EXPECT_RESULT(LINK_ETHERNET, make_ethernet(0x0806, v4()), PACKET_OTHER);
    EXPECT_RESULT(LINK_ETHERNET, make_ethernet(0x0026, v4()), PACKET_OTHER);
}

Test(capture_packet, ethernet_padding_is_not_payload)
{
    EXPECT_OPEN(LINK_ETHERNET, make_join(make_ethernet(0x0800, v4()), make_text("000000000000")));
    EXPECT_OPEN(LINK_ETHERNET, make_join(make_ethernet(0x86DD, v6()), make_text("00000000")));
}

Test(capture_packet, vlan_tags_are_stepped_over)
{
    EXPECT_OPEN(LINK_ETHERNET, make_ethernet(0x8100, behind("00050800", v4())));
    EXPECT_OPEN(LINK_ETHERNET, make_ethernet(0x88A8, behind("0007810000050800", v4())));
    EXPECT_OPEN(LINK_ETHERNET, make_ethernet(0x9100, behind("00079200000586dd", v6())));
}

Test(capture_packet, vlan_tags_have_a_limit)
{
    for (unsigned extra = 0; extra < 2; extra++) {
        struct wire_span inner = v4();
        for (unsigned i = 0; i < PACKET_TAGS_MAX + extra; i++)
            inner = behind(i == 0 ? "00010800" : "00018100", inner);
        EXPECT_RESULT(LINK_ETHERNET, make_ethernet(0x8100, inner),
                      extra == 0 ? PACKET_OK : PACKET_OTHER);
    }
}

Test(capture_packet, linux_cooked_captures_are_read)
{
    EXPECT_OPEN(LINK_SLL, behind("000000010006000000000000"
                                 "00000800",
                                 v4()));
    EXPECT_OPEN(LINK_SLL, behind("000003040006000000000000"
                                 "000086dd",
                                 v6()));
    EXPECT_OPEN(LINK_SLL, behind("000000010006000000000000"
                                 "0000810000050800",
                                 v4()));
    EXPECT_OPEN(LINK_SLL2, behind("0800000000000001"
                                  "000100060000000000000000",
                                  v4()));
    EXPECT_OPEN(LINK_SLL2, behind("86dd000000000001"
                                  "000104060000000000000000",
                                  v6()));
    EXPECT_RESULT(LINK_SLL2,
                  behind("0806000000000001"
                         "000104060000000000000000",
                         v6()),
                  PACKET_OTHER);
}

Test(capture_packet, loopback_families_are_of_any_system_and_order)
{
    static const char v4_heads[][9] = {"00000002", "02000000"};
    static const char v6_heads[][9] = {"0000000a", "0a000000", "00000018", "18000000",
                                       "0000001c", "1c000000", "0000001e", "1e000000"};
    for (size_t i = 0; i < sizeof v4_heads / sizeof v4_heads[0]; i++) {
        EXPECT_OPEN(LINK_NULL, behind(v4_heads[i], v4()));
        EXPECT_OPEN(LINK_LOOP, behind(v4_heads[i], v4()));
    }
    for (size_t i = 0; i < sizeof v6_heads / sizeof v6_heads[0]; i++)
        EXPECT_OPEN(LINK_NULL, behind(v6_heads[i], v6()));
    EXPECT_RESULT(LINK_NULL, behind("00000007", v4()), PACKET_OTHER);
}

Test(capture_packet, raw_ip_says_its_version_itself)
{
    static const uint16_t links[] = {12, 14, LINK_RAW, 228, 229};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        EXPECT_OPEN(links[i], v4());
        EXPECT_OPEN(links[i], v6());
        EXPECT_RESULT(links[i], make_text("50"), PACKET_OTHER);
    }
    EXPECT_RESULT(105, v4(), PACKET_LINK); /* 802.11 */
}

Test(capture_packet, ipv4_options_are_stepped_over)
{
    struct wire_span inner = segment();
    struct wire_span header = make_slice(make_ipv4(1, 2,
                                                   behind("01010101"
                                                          "94040000",
                                                          inner)),
                                         0, 28);
    uint8_t octets[200];
    struct wire_span whole = make_join(header, inner);
    memcpy(octets, whole.octets, whole.size);
    octets[0] = 0x47;
    EXPECT_OPEN(LINK_RAW, ((struct wire_span){octets, whole.size}));
    octets[0] = 0x4F; /* options that leave too little for TCP */
    EXPECT_RESULT(LINK_RAW, ((struct wire_span){octets, whole.size}), PACKET_CUT);
    octets[0] = 0x44;
    EXPECT_RESULT(LINK_RAW, ((struct wire_span){octets, whole.size}), PACKET_BAD);
}

Test(capture_packet, length_of_zero_is_left_to_the_card)
{
    uint8_t octets[200];
    struct wire_span whole = v4();
    memcpy(octets, whole.octets, whole.size);
    octets[2] = octets[3] = 0;
    EXPECT_OPEN(LINK_RAW, ((struct wire_span){octets, whole.size}));
    whole = v6();
    memcpy(octets, whole.octets, whole.size);
    octets[4] = octets[5] = 0;
    EXPECT_OPEN(LINK_RAW, ((struct wire_span){octets, whole.size}));
}

Test(capture_packet, ipv6_extension_headers_are_stepped_over)
{
    /* hop-by-hop, routing, destination options, AH, TCP */
    struct wire_span inner = behind("0600000000000000", segment());
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 60, inner));
    inner = behind("3c01000000000000"
                   "0000000000000000",
                   inner);
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 43, inner));
    inner = behind("2b00000000000000", inner);
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 0, inner));
    struct wire_span ah = behind("060400000000000100000001"
                                 "000000000000000000000000",
                                 segment());
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 51, ah));
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 0, behind("3300000000000000", ah)));
    /* a fragment header around a whole datagram (RFC 6946) */
    EXPECT_OPEN(LINK_RAW, make_ipv6(1, 2, 44, behind("0600000000000007", segment())));
    EXPECT_RESULT(LINK_RAW, make_ipv6(1, 2, 59, segment()), PACKET_OTHER);
    EXPECT_RESULT(LINK_RAW, make_ipv6(1, 2, 17, segment()), PACKET_OTHER);
    EXPECT_RESULT(LINK_RAW, make_ipv6(1, 2, 60, make_text("06ff000000000000")), PACKET_CUT);
}

Test(capture_packet, extension_headers_have_a_limit)
{
    for (unsigned extra = 0; extra < 2; extra++) {
        struct wire_span inner = segment();
        for (unsigned i = 0; i < 2 * PACKET_EXTENSIONS_MAX + extra; i++)
            inner = behind(i == 0 ? "0600000000000000" : "3c00000000000000", inner);
        /* Each of the two steps may take as many. */
        EXPECT_RESULT(LINK_RAW, make_ipv6(1, 2, 60, inner), extra == 0 ? PACKET_OK : PACKET_OTHER);
    }
}

Test(capture_packet, headers_that_are_cut_anywhere_are_cut)
{
    const struct {
        uint16_t link_type;
        struct wire_span octets;
    } rows[] = {
        {LINK_ETHERNET, make_ethernet(0x8100, behind("00050800", v4()))},
        {LINK_SLL2, behind("86dd000000000001"
                           "000104060000000000000000",
                           v6())},
        {LINK_RAW, make_ipv6(1, 2, 60, behind("0600000000000000", segment()))},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t headers = rows[i].octets.size - 12;
        for (size_t size = rows[i].link_type == LINK_RAW; size < headers; size++)
            EXPECT_RESULT(rows[i].link_type, make_slice(rows[i].octets, 0, size), PACKET_CUT);
        EXPECT_RESULT(rows[i].link_type, make_slice(rows[i].octets, 0, headers), PACKET_OK);
    }
}

Test(capture_packet, tcp_header_must_fit)
{
    uint8_t octets[200];
    struct wire_span whole = v4();
    memcpy(octets, whole.octets, whole.size);
    octets[20 + 12] = 0x40;
    EXPECT_RESULT(LINK_RAW, ((struct wire_span){octets, whole.size}), PACKET_BAD);
    octets[20 + 12] = 0xF0;
    EXPECT_RESULT(LINK_RAW, ((struct wire_span){octets, whole.size}), PACKET_BAD);
    octets[9] = 17;
    EXPECT_RESULT(LINK_RAW, ((struct wire_span){octets, whole.size}), PACKET_OTHER);
}

Test(capture_packet, what_was_cut_off_still_counts)
{
    struct packet_ip ip;
    struct packet_tcp tcp;
    struct wire_span whole = v4();
    cr_assert_eq(packet_read_ip(LINK_RAW, make_slice(whole, 0, whole.size - 5), &ip), PACKET_OK);
    cr_assert_eq(packet_read_tcp(&ip, &tcp), PACKET_OK);
    cr_expect_eq(tcp.payload.size, 7);
    cr_expect_eq(tcp.payload_size, 12);
}

/* ---- fragments ---- */

/* A TCP segment with three messages: 24 + 28 octets, in parts of 16, 24 and 12. */
static struct wire_span large_segment(void)
{
    return make_tcp(&ports, make_text(OPEN_HEX KEEPALIVE_HEX CLOSE_HEX));
}

static struct wire_span part_v4(size_t from, size_t to, bool has_more)
{
    return make_ipv4_part(1, 2, 7, (uint16_t)(from / 8 + (has_more ? 0x2000U : 0)),
                          make_slice(large_segment(), from, to));
}

static struct wire_span part_v6(size_t from, size_t to, bool has_more)
{
    char head[17];
    (void)snprintf(head, sizeof head, "0600%04x00000009", (unsigned)(from + has_more));
    return make_ipv6(1, 2, 44, behind(head, make_slice(large_segment(), from, to)));
}

static void expect_parts(const struct wire_span *parts, size_t count, const char *text)
{
    struct maker maker = maker_create(true);
    maker_pcap(&maker, LINK_RAW, false);
    for (size_t i = 0; i < count; i++)
        maker_packet(&maker, parts[i]);
    struct record *record = maker_run(&maker, NULL);
    cr_expect_str_eq(record_text(record), text);
    cr_expect_eq(record->counters.fragments, count);
    free(record);
    maker_destroy(&maker);
}

Test(capture_fragment, parts_come_in_any_order_and_twice)
{
    static const uint8_t orders[][4] = {{0, 1, 2, 2}, {2, 1, 0, 0}, {1, 1, 0, 2},
                                        {1, 2, 1, 0}, {2, 0, 2, 1}, {0, 2, 0, 1}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        const struct wire_span four[3] = {part_v4(0, 16, true), part_v4(16, 40, true),
                                          part_v4(40, 52, false)};
        const struct wire_span six[3] = {part_v6(0, 16, true), part_v6(16, 40, true),
                                         part_v6(40, 52, false)};
        struct wire_span parts[4];
        size_t count = i < 2 ? 3 : 4; /* a part that comes when all is done begins a new datagram */
        for (size_t j = 0; j < count; j++)
            parts[j] = four[orders[i][j]];
        expect_parts(parts, count, "Open> Keepalive> Close>");
        for (size_t j = 0; j < count; j++)
            parts[j] = six[orders[i][j]];
        expect_parts(parts, count, "Open> Keepalive> Close>");
    }
}

Test(capture_fragment, message_has_time_and_number_of_the_part_that_came_last)
{
    struct maker maker = maker_create(true);
    maker_pcap(&maker, LINK_RAW, false);
    maker_packet(&maker, part_v4(16, 52, false));
    maker_packet(&maker, part_v4(0, 16, true));
    struct record *record = maker_run(&maker, NULL);
    cr_assert_eq(record->count, 3);
    cr_expect_eq(record->events[0].stamp.packet, 2);
    cr_expect_eq(record->events[0].stamp.time.s, 1001);
    free(record);
    maker_destroy(&maker);
}

Test(capture_fragment, overlap_that_agrees_is_no_fault)
{
    const struct wire_span parts[] = {part_v4(0, 24, true), part_v4(16, 40, true),
                                      part_v4(32, 52, false)};
    expect_parts(parts, 3, "Open> Keepalive> Close>");
}

Test(capture_fragment, overlap_that_differs_loses_the_datagram)
{
    uint8_t octets[200];
    struct wire_span part = part_v4(16, 40, true);
    memcpy(octets, part.octets, part.size);
    octets[20 + 20] ^= 1;
    const struct wire_span parts[] = {
        part_v4(0, 16, true), part, {octets, part.size}, part_v4(40, 52, false)};
    /* The part behind it is of a datagram that never gets whole. */
    expect_parts(parts, 4, "fragment fragment");
}

Test(capture_fragment, lengths_must_agree)
{
    const struct wire_span odd[] = {part_v4(0, 17, true)};
    expect_parts(odd, 1, "fragment");
    const struct wire_span two_ends[] = {part_v4(24, 40, false), part_v4(16, 32, false)};
    expect_parts(two_ends, 2, "fragment");
    const struct wire_span huge[] = {make_ipv4_part(1, 2, 7, 0x1FFF, make_text(OPEN_HEX))};
    expect_parts(huge, 1, "fragment");
    const struct wire_span early_end[] = {part_v4(0, 8, true), part_v4(16, 40, true),
                                          part_v4(8, 16, false)};
    expect_parts(early_end, 3, "fragment");
}

Test(capture_fragment, part_that_was_not_captured_whole_loses_the_datagram)
{
    struct maker maker = maker_create(true);
    maker_pcap(&maker, LINK_RAW, false);
    struct wire_span part = part_v4(0, 16, true);
    maker_cut_packet(&maker, part, part.size - 1);
    struct record *record = maker_run(&maker, NULL);
    cr_expect_str_eq(record_text(record), "fragment");
    cr_expect_str_eq(record->events[0].text, "a fragment was not captured whole");
    free(record);
    maker_destroy(&maker);
}

Test(capture_fragment, datagram_that_waits_too_long_is_lost)
{
    for (unsigned more = 0; more < 2; more++) {
        struct maker maker = maker_create(true);
        maker_pcap(&maker, LINK_RAW, false);
        maker_packet(&maker, part_v4(0, 16, true));
        maker.s = 1000 + FRAGMENT_WAIT_S + more;
        maker_packet(&maker, part_v4(16, 52, false));
        struct record *record = maker_run(&maker, NULL);
        cr_expect_str_eq(record_text(record),
                         more == 0 ? "Open> Keepalive> Close>" : "fragment fragment");
        free(record);
        maker_destroy(&maker);
    }
}

Test(capture_fragment, datagrams_have_a_limit)
{
    for (unsigned more = 0; more < 2; more++) {
        struct maker maker = maker_create(true);
        maker_pcap(&maker, LINK_RAW, false);
        for (unsigned id = 0; id < FRAGMENT_SETS_MAX + more; id++) {
            maker.s = 1000;
            maker_packet(&maker, make_ipv4_part(1, 2, (uint16_t)(100 + id), 0x2000,
                                                make_slice(large_segment(), 0, 16)));
        }
        struct record *record = maker_run(&maker, NULL);
        unsigned crowded = 0;
        for (uint32_t i = 0; i < record->count; i++)
            crowded += strstr(record->events[i].text, "too many") != NULL;
        cr_expect_eq(record->count, FRAGMENT_SETS_MAX + more);
        cr_expect_eq(crowded, more);
        free(record);
        maker_destroy(&maker);
    }
}

Test(capture_fragment, lost_datagrams_of_others_are_not_said)
{
    struct maker maker = maker_create(true);
    struct made_tcp web = {40000, 80, 1, 1, TCP_ACK};
    maker_pcap(&maker, LINK_RAW, false);
    maker_packet(&maker, make_ipv4_part(1, 2, 7, 0x2000,
                                        make_slice(make_tcp(&web, make_text(OPEN_HEX)), 0, 16)));
    struct record *record = maker_run(&maker, NULL);
    cr_expect_str_eq(record_text(record), "");
    free(record);
    maker_destroy(&maker);
}
