#include "server/pcectl/capture/stream.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define TAKEN_MAX (4U << 20)

/* What a stream gave out. */
struct taken {
    uint8_t *octets; /* a gap leaves zeros */
    size_t size;
    uint32_t gap_count, gap_size;
    uint64_t last_packet; /* of the stamp of the last octets */
};

static void on_octets(void *context, struct wire_span octets, const struct capture_stamp *stamp)
{
    struct taken *taken = context;
    cr_assert(taken->size + octets.size <= TAKEN_MAX);
    memcpy(taken->octets + taken->size, octets.octets, octets.size);
    taken->size += octets.size;
    taken->last_packet = stamp->packet;
}

static void on_gap(void *context, uint32_t size, const struct capture_stamp *stamp)
{
    struct taken *taken = context;
    (void)stamp;
    taken->gap_count++;
    taken->gap_size += size;
    taken->size += size;
}

static const struct stream_sink sink = {on_octets, on_gap};

struct bench {
    struct stream stream;
    struct taken taken;
    struct capture_stamp stamp;
};

static struct bench *bench_create(uint32_t next)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench->taken.octets = calloc(1, TAKEN_MAX);
    bench->stamp.time = (struct capture_time){.s = 100, .is_known = true};
    stream_init(&bench->stream, &sink, &bench->taken);
    stream_start(&bench->stream, next);
    return bench;
}

static void bench_destroy(struct bench *bench)
{
    stream_fini(&bench->stream);
    free(bench->taken.octets);
    free(bench);
}

static void put(struct bench *bench, uint32_t sequence, const char *text)
{
    bench->stamp.packet++;
    cr_assert_eq(stream_put(&bench->stream, sequence,
                            (struct wire_span){(const uint8_t *)text, strlen(text)}, &bench->stamp),
                 PCE_OK);
}

static void expect(const struct bench *bench, const char *text)
{
    cr_expect_eq(bench->taken.size, strlen(text), "\"%.*s\"", (int)bench->taken.size,
                 (const char *)bench->taken.octets);
    cr_expect(memcmp(bench->taken.octets, text, strlen(text)) == 0, "\"%.*s\"",
              (int)bench->taken.size, (const char *)bench->taken.octets);
}

Test(capture_stream, octets_in_order_come_out_at_once)
{
    struct bench *bench = bench_create(10);
    put(bench, 10, "ab");
    expect(bench, "ab");
    put(bench, 12, "cd");
    expect(bench, "abcd");
    bench_destroy(bench);
}

Test(capture_stream, hole_is_filled_and_what_waited_has_the_time_of_that)
{
    struct bench *bench = bench_create(10);
    put(bench, 14, "ef");
    put(bench, 12, "cd");
    expect(bench, "");
    cr_expect_eq(bench->stream.held_size, 4);
    put(bench, 10, "ab");
    expect(bench, "abcdef");
    cr_expect_eq(bench->taken.last_packet, 3);
    cr_expect_eq(bench->stream.held_size, 0);
    cr_expect_eq(bench->stream.late_count, 2);
    bench_destroy(bench);
}

Test(capture_stream, what_comes_again_is_counted_and_dropped)
{
    struct bench *bench = bench_create(10);
    put(bench, 10, "abcd");
    put(bench, 10, "ABCD");
    put(bench, 12, "CDef");
    put(bench, 9, "X"); /* a keepalive probe */
    expect(bench, "abcdef");
    cr_expect_eq(bench->stream.repeated_size, 7);
    bench_destroy(bench);
}

Test(capture_stream, first_octets_win_behind_a_hole_too)
{
    struct bench *bench = bench_create(10);
    put(bench, 13, "def");
    put(bench, 12, "CDEFGH"); /* around it */
    put(bench, 11, "bX");
    put(bench, 10, "a123456789");
    expect(bench, "abCdefGH89");
    cr_expect_eq(bench->taken.gap_count, 0);
    bench_destroy(bench);
}

Test(capture_stream, sequence_numbers_wrap)
{
    struct bench *bench = bench_create(0xFFFFFFFEU);
    put(bench, 2, "ef");
    put(bench, 0, "cd");
    put(bench, 0xFFFFFFFEU, "ab");
    put(bench, 0xFFFFFFFCU, "xxabcdefgh");
    expect(bench, "abcdefgh");
    bench_destroy(bench);
}

Test(capture_stream, stream_that_was_under_way_starts_with_its_first_octets)
{
    struct bench *bench = bench_create(0);
    bench->stream.is_started = false;
    put(bench, 77, "ab");
    put(bench, 79, "cd");
    expect(bench, "abcd");
    bench_destroy(bench);
}

Test(capture_stream, hole_that_is_not_acknowledged_stays_open)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "cd");
    stream_acknowledge(&bench->stream, 10);
    for (unsigned i = 0; i < 1000; i++)
        stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 0);
    bench_destroy(bench);
}

Test(capture_stream, acknowledged_hole_is_given_up_after_some_packets)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "cd");
    stream_acknowledge(&bench->stream, 14);
    for (unsigned i = 0; i < STREAM_PATIENCE_PACKETS; i++)
        stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 0);
    bench->stamp.packet = 99;
    stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 1);
    cr_expect_eq(bench->taken.gap_size, 2);
    cr_expect_eq(bench->taken.size, 4);
    cr_expect_eq(bench->taken.last_packet, 1, "what waited keeps its own time");
    put(bench, 14, "e");
    cr_expect_eq(bench->taken.size, 5);
    bench_destroy(bench);
}

Test(capture_stream, acknowledged_hole_is_given_up_after_some_time)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "cd");
    stream_acknowledge(&bench->stream, 11);
    stream_tick(&bench->stream, &bench->stamp);
    bench->stamp.time.s += STREAM_PATIENCE_S;
    bench->stamp.time.ns = 0;
    stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 1);
    bench_destroy(bench);
}

Test(capture_stream, hole_is_filled_by_a_packet_that_was_captured_after_its_acknowledgement)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "cd");
    stream_acknowledge(&bench->stream, 14);
    stream_tick(&bench->stream, &bench->stamp);
    put(bench, 10, "ab");
    stream_tick(&bench->stream, &bench->stamp);
    expect(bench, "abcd");
    cr_expect_eq(bench->taken.gap_count, 0);
    bench_destroy(bench);
}

Test(capture_stream, hole_is_given_up_after_a_minute_without_acknowledgements)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "cd");
    bench->stamp.time.s += STREAM_HOLE_S - 1;
    stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 0);
    bench->stamp.time.s += 1;
    stream_tick(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 1);
    bench_destroy(bench);
}

Test(capture_stream, octets_behind_a_hole_have_a_limit)
{
    static uint8_t much[STREAM_HELD_MAX / 4];
    struct bench *bench = bench_create(10);
    struct wire_span part = {much, sizeof much};
    for (uint32_t i = 0; i < 5; i++) {
        cr_expect_eq(bench->taken.gap_count, 0);
        cr_assert_eq(
            stream_put(&bench->stream, 20 + i * (uint32_t)sizeof much, part, &bench->stamp),
            PCE_OK);
        cr_expect_leq(bench->stream.held_size, STREAM_HELD_MAX);
    }
    cr_expect_eq(bench->taken.gap_count, 1);
    cr_expect_eq(bench->taken.gap_size, 10);
    cr_expect_eq(bench->taken.size, 10 + 5 * sizeof much);
    bench_destroy(bench);
}

Test(capture_stream, segments_behind_a_hole_have_a_limit)
{
    struct bench *bench = bench_create(10);
    for (uint32_t i = 0; i < STREAM_SEGMENTS_MAX; i++)
        put(bench, 12 + 2 * i, "x");
    cr_expect_eq(bench->stream.held_count, STREAM_SEGMENTS_MAX);
    cr_expect_eq(bench->taken.gap_count, 0);
    put(bench, 12 + 2 * STREAM_SEGMENTS_MAX, "x");
    cr_expect_eq(bench->stream.held_count, STREAM_SEGMENTS_MAX);
    cr_expect_eq(bench->taken.gap_count, 1);
    bench_destroy(bench);
}

Test(capture_stream, flush_tells_every_hole_and_what_is_missing_at_the_end)
{
    struct bench *bench = bench_create(10);
    put(bench, 12, "c");
    put(bench, 15, "f");
    stream_flush_to(&bench->stream, 20, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 3);
    cr_expect_eq(bench->taken.gap_size, 2 + 2 + 4);
    stream_flush_to(&bench->stream, 20, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 3);
    bench_destroy(bench);
}

Test(capture_stream, flush_tells_what_the_receiver_has_and_never_came)
{
    struct bench *bench = bench_create(10);
    put(bench, 10, "ab");
    stream_acknowledge(&bench->stream, 13);
    stream_flush(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_count, 0, "the number of a FIN");
    stream_acknowledge(&bench->stream, 14);
    stream_flush(&bench->stream, &bench->stamp);
    cr_expect_eq(bench->taken.gap_size, 2);
    bench_destroy(bench);
}

/* ---- model: any order, any overlap ---- */

Test(capture_stream, pieces_in_any_order_give_the_whole)
{
    struct random random = test_random_init("capture_stream", 793);
    for (unsigned turn = 0; turn < 300; turn++) {
        uint8_t whole[512];
        uint32_t first = (uint32_t)random_u64(&random);
        uint32_t size = 1 + (uint32_t)test_random_below(&random, sizeof whole);
        for (size_t i = 0; i < sizeof whole; i++)
            whole[i] = (uint8_t)random_u64(&random);
        struct bench *bench = bench_create(first);
        while (bench->taken.size < size) {
            uint32_t from = (uint32_t)test_random_below(&random, size);
            uint32_t part = 1 + (uint32_t)test_random_below(&random, size - from);
            part = part > 40 ? 40 : part;
            uint8_t *exact = malloc(part);
            memcpy(exact, whole + from, part);
            cr_assert_eq(stream_put(&bench->stream, first + from, (struct wire_span){exact, part},
                                    &bench->stamp),
                         PCE_OK);
            free(exact);
            cr_assert_leq(bench->stream.held_size, size);
        }
        cr_assert_eq(bench->taken.size, size);
        cr_assert(memcmp(bench->taken.octets, whole, size) == 0, "turn %u", turn);
        cr_assert_eq(bench->taken.gap_count + bench->stream.held_size, 0);
        bench_destroy(bench);
    }
}
