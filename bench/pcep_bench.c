/* Codec: nanoseconds for a typical PCReq decoded and for a PCRep with a five-hop SR-ERO encoded, as
 * straight-line writing does it and from the list of its objects. Times are of the processor: what
 * else runs does not count. Each figure is the minimum of many short runs: what is more than that
 * was done by others.
 *
 *     pcep_bench [ROUNDS]      the table
 *     pcep_bench NAME ROUNDS   one of decode, put, encode, that often: for callgrind, whose two
 * counts of instructions at N and 2N rounds differ by N times the true cost */
#include "core/base/check.h"
#include "core/base/number.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUNS 50 /* of which the minimum is told */

static double pcep_now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* RP with PATH-SETUP-TYPE, END-POINTS, LSPA, BANDWIDTH and two METRICs (RFC 5440 6.4). */
static size_t pcep_make_request(uint8_t *room, size_t size)
{
    struct wire_writer w = wire_writer_init(room, size);
    struct pcep_path_setup_type pst = {.pst = PCEP_PST_SR};
    struct pcep_rp rp = {.flags = PCEP_RP_O, .request_id = 1};
    struct pcep_end_points_v4 ends = {.source = ip_from_u32(1), .destination = ip_from_u32(2)};
    struct pcep_lspa lspa = {.setup_priority = 4, .holding_priority = 4};
    struct pcep_bandwidth bandwidth = {.bandwidth = 125000.0F};
    struct pcep_metric depth = {
        .flags = PCEP_METRIC_B, .type = PCEP_METRIC_TYPE_SID_DEPTH, .value = 10.0F};
    struct pcep_metric te = {.flags = PCEP_METRIC_C, .type = PCEP_METRIC_TYPE_TE};
    size_t message = pcep_message_open(&w, PCEP_MESSAGE_PCREQ);
    size_t object = pcep_object_open(&w, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    pcep_tlv_put(&w, PCEP_TLV_PATH_SETUP_TYPE, &pst);
    pcep_object_close(&w, object);
    pcep_object_put(&w, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    pcep_object_put(&w, PCEP_OBJECT_LSPA, 0, &lspa);
    pcep_object_put(&w, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    pcep_object_put(&w, PCEP_OBJECT_METRIC, PCEP_OBJECT_FLAG_P, &depth);
    pcep_object_put(&w, PCEP_OBJECT_METRIC, 0, &te);
    pcep_message_close(&w, message);
    CHECK(!w.failed);
    return wire_written(&w);
}

/* Each does its work so often, and gives how many octets one of it has. */
static size_t run_decode(unsigned rounds)
{
    uint8_t room[256];
    size_t size = pcep_make_request(room, sizeof room);
    struct arena arena;
    arena_init(&arena, 1U << 20);
    for (unsigned i = 0; i < rounds; i++) {
        struct pcep_message message;
        struct pcep_fault fault;
        arena_reset(&arena);
        CHECK(pcep_decode((struct wire_span){room, size}, &arena, &message, &fault) == PCE_OK);
        CHECK(message.object_count == 6);
    }
    arena_fini(&arena);
    return size;
}

static void put_reply(struct wire_writer *w, const struct pcep_rp *rp,
                      const struct pcep_sub_sr hops[5], const struct pcep_metric *metric)
{
    static const struct pcep_path_setup_type pst = {.pst = PCEP_PST_SR};
    size_t message = pcep_message_open(w, PCEP_MESSAGE_PCREP);
    size_t object = pcep_object_open(w, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, rp);
    pcep_tlv_put(w, PCEP_TLV_PATH_SETUP_TYPE, &pst);
    pcep_object_close(w, object);
    object = pcep_object_open(w, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, NULL);
    for (unsigned i = 0; i < 5; i++)
        pcep_subobject_put(w, PCEP_SUBOBJECT_SR, false, &hops[i]);
    pcep_object_close(w, object);
    pcep_object_put(w, PCEP_OBJECT_METRIC, 0, metric);
    pcep_message_close(w, message);
}

static void make_hops(struct pcep_sub_sr hops[5])
{
    for (unsigned i = 0; i < 5; i++) {
        hops[i] = (struct pcep_sub_sr){
            .nt = PCEP_NAI_IPV4_NODE, .flags = PCEP_SR_M, .sid = (16000U + i) << 12};
        hops[i].local = ip_from_u32(0x0A000001 + i);
    }
}

static size_t run_put(unsigned rounds)
{
    uint8_t room[512];
    struct pcep_sub_sr hops[5];
    struct pcep_rp rp = {.flags = PCEP_RP_O};
    struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_IGP, .value = 30.0F};
    size_t size = 0;
    make_hops(hops);
    for (unsigned i = 0; i < rounds; i++) {
        struct wire_writer w = wire_writer_init(room, sizeof room);
        rp.request_id = i;
        put_reply(&w, &rp, hops, &metric);
        CHECK(!w.failed);
        size = wire_written(&w);
    }
    return size;
}

/* The same reply, decoded once and encoded from its objects. */
static size_t run_encode(unsigned rounds)
{
    uint8_t room[512];
    uint8_t again[512];
    struct pcep_sub_sr hops[5];
    struct pcep_rp rp = {.flags = PCEP_RP_O, .request_id = 1};
    struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_IGP, .value = 30.0F};
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault;
    struct wire_writer made = wire_writer_init(room, sizeof room);
    make_hops(hops);
    put_reply(&made, &rp, hops, &metric);
    size_t size = wire_written(&made);
    arena_init(&arena, 1U << 20);
    CHECK(pcep_decode((struct wire_span){room, size}, &arena, &message, &fault) == PCE_OK);
    for (unsigned i = 0; i < rounds; i++) {
        struct wire_writer w = wire_writer_init(again, sizeof again);
        CHECK(pcep_encode(&message, &w) == PCE_OK && wire_written(&w) == size);
    }
    CHECK(memcmp(room, again, size) == 0);
    arena_fini(&arena);
    return size;
}

static const struct {
    const char *name;
    const char *text;
    size_t (*run)(unsigned rounds);
} cases[] = {
    {"decode", "PCReq decode", run_decode},
    {"put", "PCRep encode, five SR hops, straight-line", run_put},
    {"encode", "PCRep encode, five SR hops, from objects", run_encode},
};
#define CASE_COUNT (sizeof cases / sizeof cases[0])

static void pcep_measure(size_t index, unsigned rounds)
{
    unsigned each = rounds / RUNS;
    double min = 0;
    size_t size = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        double start = pcep_now_ns();
        size = cases[index].run(each);
        double spent = (pcep_now_ns() - start) / each;
        if (run == 0 || spent < min)
            min = spent;
    }
    printf("%s: %.1f ns (%zu octets)\n", cases[index].text, min, size);
}

static unsigned parse_rounds(const char *text)
{
    uint64_t rounds;
    CHECK(number_parse(text, INT32_MAX - 1, &rounds) && rounds >= RUNS);
    return (unsigned)rounds;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < CASE_COUNT; i++) {
        if (strcmp(argv[1], cases[i].name) == 0)
            printf("%s: %zu octets\n", cases[i].text, cases[i].run(parse_rounds(argv[2])));
    }
    for (size_t i = 0; argc < 3 && i < CASE_COUNT; i++)
        pcep_measure(i, argc > 1 ? parse_rounds(argv[1]) : 2000000);
    return EXIT_SUCCESS;
}
