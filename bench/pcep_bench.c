/* Codec: nanoseconds for a typical PCReq decoded and for a PCRep with a five-hop SR-ERO encoded, as
 * straight-line writing does it. Times are of the processor: what else runs does not count.
 *
 *     pcep_bench [ROUNDS] */
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* RP with PATH-SETUP-TYPE, END-POINTS, LSPA, BANDWIDTH and two METRICs (RFC 5440 6.4). */
static size_t make_request(uint8_t *room, size_t size)
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

static void bench_decode(unsigned rounds)
{
    uint8_t room[256];
    size_t size = make_request(room, sizeof room);
    struct arena arena;
    uint64_t objects = 0;
    arena_init(&arena, 1U << 20);
    double start = now_ns();
    for (unsigned i = 0; i < rounds; i++) {
        struct pcep_message message;
        struct pcep_fault fault;
        arena_reset(&arena);
        CHECK(pcep_decode((struct wire_span){room, size}, &arena, &message, &fault) == PCE_OK);
        objects += message.object_count;
    }
    double spent = now_ns() - start;
    printf("PCReq decode: %.1f ns (%zu octets, %llu objects)\n", spent / rounds, size,
           (unsigned long long)(objects / rounds));
    arena_fini(&arena);
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

static void bench_encode(unsigned rounds)
{
    uint8_t room[512];
    struct pcep_sub_sr hops[5];
    struct pcep_rp rp = {.flags = PCEP_RP_O};
    struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_IGP, .value = 30.0F};
    size_t size = 0;
    for (unsigned i = 0; i < 5; i++) {
        hops[i] = (struct pcep_sub_sr){
            .nt = PCEP_NAI_IPV4_NODE, .flags = PCEP_SR_M, .sid = (16000U + i) << 12};
        hops[i].local = ip_from_u32(0x0A000001 + i);
    }
    double start = now_ns();
    for (unsigned i = 0; i < rounds; i++) {
        struct wire_writer w = wire_writer_init(room, sizeof room);
        rp.request_id = i;
        put_reply(&w, &rp, hops, &metric);
        CHECK(!w.failed);
        size = wire_written(&w);
    }
    printf("PCRep encode: %.1f ns (%zu octets, five SR hops)\n", (now_ns() - start) / rounds, size);
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 2000000;
    CHECK(rounds > 0 && rounds < INT32_MAX);
    bench_decode((unsigned)rounds);
    bench_encode((unsigned)rounds);
    return EXIT_SUCCESS;
}
