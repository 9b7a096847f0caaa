#include "capture_maker.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* What was said, as text: "message 12", "found 3" … with blanks between. */
struct told {
    struct framer framer;
    char text[1024];
};

static void on_news(void *context, const struct framer_news *news)
{
    static const char *const words[] = {"message", "broken", "bad", "found", "tls", "memory"};
    struct told *told = context;
    size_t at = strlen(told->text);
    unsigned long long size =
        news->event == FRAMER_MESSAGE ? news->octets.size : (unsigned long long)news->size;
    (void)snprintf(told->text + at, sizeof told->text - at, "%s%s %llu", at > 0 ? ", " : "",
                   words[news->event], size);
}

static struct told *told_create(bool is_in_step)
{
    struct told *told = calloc(1, sizeof *told);
    cr_assert_not_null(told);
    framer_init(&told->framer, &framer_pcep, on_news, told, is_in_step);
    return told;
}

static void told_destroy(struct told *told)
{
    framer_fini(&told->framer);
    free(told);
}

static const struct capture_stamp stamp;

/* In a block of its own, so that a read past it is seen. */
static void put(struct told *told, struct wire_span octets)
{
    uint8_t *exact = malloc(octets.size + (octets.size == 0));
    memcpy(exact, octets.octets, octets.size);
    framer_put(&told->framer, (struct wire_span){exact, octets.size}, &stamp);
    free(exact);
}

static void put_hex(struct told *told, const char *hex)
{
    put(told, make_text(hex));
}

#define EXPECT_TOLD(told, expected) cr_expect_str_eq((told)->text, (expected))

#define STREAM_HEX  OPEN_HEX KEEPALIVE_HEX PCREQ_HEX CLOSE_HEX
#define STREAM_TOLD "message 12, message 4, message 32, message 12"
#define STREAM_SIZE 60U

Test(capture_framer, messages_come_out_however_the_stream_is_cut)
{
    for (size_t first = 0; first <= STREAM_SIZE; first++) {
        for (size_t second = first; second <= STREAM_SIZE; second += 7) {
            struct told *told = told_create(true);
            struct wire_span all = make_text(STREAM_HEX);
            put(told, make_slice(all, 0, first));
            put(told, make_slice(all, first, second));
            put(told, make_slice(all, second, STREAM_SIZE));
            EXPECT_TOLD(told, STREAM_TOLD);
            uint32_t whole;
            cr_expect_eq(framer_pending(&told->framer, &whole), 0);
            told_destroy(told);
        }
    }
}

Test(capture_framer, octet_by_octet)
{
    struct told *told = told_create(true);
    struct wire_span all = make_text(STREAM_HEX);
    for (size_t at = 0; at < STREAM_SIZE; at++)
        put(told, make_slice(all, at, at + 1));
    EXPECT_TOLD(told, STREAM_TOLD);
    told_destroy(told);
}

Test(capture_framer, largest_message_is_kept_and_given_out)
{
    struct told *told = told_create(true);
    static const uint8_t large[65532] = {0x20, 3, 0xFF, 0xFC};
    put(told, (struct wire_span){large, 30000});
    uint32_t whole;
    cr_expect_eq(framer_pending(&told->framer, &whole), 30000);
    cr_expect_eq(whole, 65532);
    put(told, (struct wire_span){large + 30000, 35532});
    cr_expect_eq(told->framer.partial_room, 0, "nothing is kept between messages");
    EXPECT_TOLD(told, "message 65532");
    told_destroy(told);
}

Test(capture_framer, stream_that_was_under_way_is_searched)
{
    struct wire_span all = make_text(STREAM_HEX);
    for (size_t from = 0; from < STREAM_SIZE; from++) {
        struct told *told = told_create(false);
        put(told, make_slice(all, from, STREAM_SIZE));
        const char *expected = from == 0    ? "message 12, message 4, message 32, message 12"
                               : from <= 12 ? "message 4, message 32, message 12"
                               : from <= 16 ? "message 32, message 12"
                               : from <= 48 ? "message 12"
                                            : "";
        static const size_t begins[] = {0, 12, 16, 48};
        char text[128] = "";
        for (size_t i = 0; i < 4; i++) {
            if (from <= begins[i] && begins[i] > from)
                (void)snprintf(text, sizeof text, "found %zu, %s", begins[i] - from, expected);
            else if (from == begins[i])
                (void)snprintf(text, sizeof text, "found 0, %s", expected);
            if (text[0] != '\0')
                break;
        }
        cr_expect_str_eq(told->text, text, "from %zu: %s", from, told->text);
        told_destroy(told);
    }
}

Test(capture_framer, search_goes_on_over_pieces)
{
    struct wire_span all = make_text("00112233445566" STREAM_HEX);
    struct told *told = told_create(false);
    for (size_t at = 0; at < all.size; at++)
        put(told, make_slice(all, at, at + 1));
    EXPECT_TOLD(told, "found 7, " STREAM_TOLD);
    told_destroy(told);
}

Test(capture_framer, gap_within_a_message_costs_that_message_alone)
{
    struct wire_span all = make_text(STREAM_HEX);
    /* PCReq is 16 … 47; its header must be there */
    for (size_t from = 20; from < 47; from++) {
        for (size_t to = from + 1; to <= 48; to++) {
            struct told *told = told_create(true);
            put(told, make_slice(all, 0, from));
            framer_gap(&told->framer, (uint32_t)(to - from), &stamp);
            put(told, make_slice(all, to, STREAM_SIZE));
            EXPECT_TOLD(told, "message 12, message 4, broken 32, message 12");
            told_destroy(told);
        }
    }
}

Test(capture_framer, two_gaps_in_one_message_break_it_once)
{
    struct wire_span all = make_text(STREAM_HEX);
    struct told *told = told_create(true);
    put(told, make_slice(all, 0, 24));
    framer_gap(&told->framer, 4, &stamp);
    put(told, make_slice(all, 28, 36));
    framer_gap(&told->framer, 8, &stamp);
    put(told, make_slice(all, 44, STREAM_SIZE));
    EXPECT_TOLD(told, "message 12, message 4, broken 32, message 12");
    told_destroy(told);
}

Test(capture_framer, gap_past_a_message_is_searched_on_every_fourth_octet)
{
    /* A message that would be plausible, but stands at an odd place, is not taken for one. */
    struct told *told = told_create(true);
    put_hex(told, OPEN_HEX);
    framer_gap(&told->framer, 41, &stamp);
    put_hex(told, KEEPALIVE_HEX KEEPALIVE_HEX "000000" CLOSE_HEX);
    EXPECT_TOLD(told, "message 12, found 11, message 12");
    told_destroy(told);
}

Test(capture_framer, gap_between_messages_is_searched)
{
    struct told *told = told_create(true);
    put_hex(told, OPEN_HEX);
    framer_gap(&told->framer, 8, &stamp);
    put_hex(told, KEEPALIVE_HEX CLOSE_HEX);
    EXPECT_TOLD(told, "message 12, found 0, message 4, message 12");
    told_destroy(told);
}

Test(capture_framer, gap_after_a_part_of_a_header_is_searched)
{
    struct told *told = told_create(true);
    put_hex(told, OPEN_HEX "2003");
    framer_gap(&told->framer, 30, &stamp);
    put_hex(told, CLOSE_HEX);
    EXPECT_TOLD(told, "message 12, broken 0, found 0, message 12");
    told_destroy(told);
}

Test(capture_framer, header_that_cannot_be_is_said_and_searched)
{
    static const char bad[][9] = {"40020004", "00020004", "20020003", "20020000", "20020006"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct told *told = told_create(true);
        char hex[256];
        (void)snprintf(hex, sizeof hex, "%s%s%s%s", OPEN_HEX, bad[i], "ff", CLOSE_HEX);
        put_hex(told, hex);
        EXPECT_TOLD(told, "message 12, bad 0, found 5, message 12");
        told_destroy(told);
    }
}

Test(capture_framer, unknown_type_in_step_is_a_message)
{
    struct told *told = told_create(true);
    put_hex(told, OPEN_HEX "20630008ffffffff" CLOSE_HEX);
    EXPECT_TOLD(told, "message 12, message 8, message 12");
    told_destroy(told);
}

Test(capture_framer, tls_after_starttls_is_the_end_of_what_can_be_read)
{
    struct told *told = told_create(true);
    put_hex(told, STARTTLS_HEX "16030100051122334455");
    put_hex(told, "1703030001aa" OPEN_HEX);
    framer_gap(&told->framer, 100, &stamp);
    EXPECT_TOLD(told, "message 4, tls 0");
    told_destroy(told);

    told = told_create(true); /* without StartTLS it is a header that cannot be */
    put_hex(told, "16030100051122334455");
    EXPECT_TOLD(told, "bad 0");
    told_destroy(told);

    told = told_create(true); /* the other side refused: PCEP goes on */
    put_hex(told, STARTTLS_HEX OPEN_HEX);
    EXPECT_TOLD(told, "message 4, message 12");
    told_destroy(told);
}

Test(capture_framer, judgement)
{
    static const struct {
        char hex[80];
        enum framer_verdict verdict;
    } rows[] = {
        {OPEN_HEX, FRAMER_YES},
        {KEEPALIVE_HEX, FRAMER_YES},
        {STARTTLS_HEX, FRAMER_YES},
        {PCREQ_HEX, FRAMER_YES},
        {KEEPALIVE_HEX CLOSE_HEX, FRAMER_YES},
        {"", FRAMER_MAYBE},
        {"20", FRAMER_MAYBE},
        {"2001", FRAMER_MAYBE},
        {"2001000c", FRAMER_MAYBE},
        {"2001000c0110", FRAMER_MAYBE},
        {"2001000c01100008", FRAMER_YES},                        /* the rest is still to come */
        {"21020004", FRAMER_NO},                                 /* flags */
        {"40020004", FRAMER_NO},                                 /* version */
        {"20000004", FRAMER_NO},                                 /* no such type */
        {"200e000c01100008201e7801", FRAMER_NO},                 /* no such type */
        {"20020008", FRAMER_NO},                                 /* a Keepalive has no objects */
        {"20010004", FRAMER_NO},                                 /* an Open has one */
        {"2001000e01100008", FRAMER_NO},                         /* no multiple of four */
        {"2001000c02100008201e7801", FRAMER_NO},                 /* RP in an Open */
        {"2001000c0110000a201e7801", FRAMER_NO},                 /* length of the object */
        {"2001000c01100010201e7801", FRAMER_NO},                 /* object past the message */
        {"2001000c01100000201e7801", FRAMER_NO},                 /* object of nothing */
        {"200300100212000c00000000000000010000", FRAMER_NO},     /* what follows is no header */
        {"2003001402120008000000000000000800000000", FRAMER_NO}, /* class 0 */
        {"2003000cfa1000080000000120", FRAMER_NO},               /* unknown class in front */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(framer_pcep.judge(make_text(rows[i].hex)), rows[i].verdict, "%s", rows[i].hex);
}
