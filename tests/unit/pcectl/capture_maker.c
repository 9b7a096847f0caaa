#include "capture_maker.h"

#include "core/base/check.h"
#include "core/bgp/frame.h"
#include "core/pcep/registry.h"
#include "core/wire/hex.h"

#include <stdio.h>
#include <stdlib.h>

struct maker maker_create(bool is_little)
{
    struct maker maker = {.octets = malloc(MAKER_SIZE_MAX), .is_little = is_little, .s = 1000};
    CHECK(maker.octets != NULL);
    maker.writer = wire_writer_init(maker.octets, MAKER_SIZE_MAX);
    return maker;
}

void maker_destroy(struct maker *maker)
{
    free(maker->octets);
}

size_t maker_size(const struct maker *maker)
{
    CHECK(!maker->writer.failed);
    return wire_written(&maker->writer);
}

void maker_u16(struct maker *maker, uint16_t value)
{
    wire_put_u16(&maker->writer, maker->is_little ? __builtin_bswap16(value) : value);
}

void maker_u32(struct maker *maker, uint32_t value)
{
    wire_put_u32(&maker->writer, maker->is_little ? __builtin_bswap32(value) : value);
}

static void maker_u64(struct maker *maker, uint64_t value)
{
    wire_put_u64(&maker->writer, maker->is_little ? __builtin_bswap64(value) : value);
}

/* ---- pcap ---- */

void maker_pcap(struct maker *maker, uint32_t link_type, bool is_nano)
{
    maker->is_nano = is_nano;
    maker_u32(maker, is_nano ? 0xA1B23C4DU : 0xA1B2C3D4U);
    maker_u16(maker, 2);
    maker_u16(maker, 4);
    maker_u32(maker, 0);
    maker_u32(maker, 0);
    maker_u32(maker, 65535);
    maker_u32(maker, link_type);
}

void maker_cut_packet(struct maker *maker, struct wire_span octets, size_t kept)
{
    maker_u32(maker, maker->s++);
    maker_u32(maker, maker->is_nano ? maker->ns : maker->ns / 1000);
    maker_u32(maker, (uint32_t)kept);
    maker_u32(maker, (uint32_t)octets.size);
    wire_put_octets(&maker->writer, octets.octets, kept);
}

void maker_packet(struct maker *maker, struct wire_span octets)
{
    maker_cut_packet(maker, octets, octets.size);
}

/* ---- pcapng ---- */

size_t maker_block_begin(struct maker *maker, uint32_t type)
{
    size_t begin = wire_written(&maker->writer);
    maker_u32(maker, type);
    maker_u32(maker, 0);
    return begin;
}

void maker_block_end(struct maker *maker, size_t begin)
{
    while ((wire_written(&maker->writer) - begin) % 4 != 0)
        wire_put_u8(&maker->writer, 0);
    uint32_t size = (uint32_t)(wire_written(&maker->writer) - begin + 4);
    maker_u32(maker, size);
    memcpy(maker->octets + begin + 4, maker->writer.at - 4, 4);
}

void maker_section(struct maker *maker)
{
    size_t begin = maker_block_begin(maker, 0x0A0D0D0AU);
    maker_u32(maker, 0x1A2B3C4DU);
    maker_u16(maker, 1);
    maker_u16(maker, 0);
    maker_u64(maker, UINT64_MAX);
    maker_block_end(maker, begin);
}

void maker_interface(struct maker *maker, uint16_t link_type, uint32_t snap_size,
                     uint8_t resolution, int64_t offset_s)
{
    size_t begin = maker_block_begin(maker, 1);
    maker_u16(maker, link_type);
    maker_u16(maker, 0);
    maker_u32(maker, snap_size);
    maker_u16(maker, 2); /* if_name, padded */
    maker_u16(maker, 5);
    wire_put_octets(&maker->writer, "wire0\0\0", 8);
    if (resolution != 0) {
        maker_u16(maker, 9);
        maker_u16(maker, 1);
        wire_put_u8(&maker->writer, resolution);
        wire_put_zeros(&maker->writer, 3);
    }
    if (offset_s != 0) {
        maker_u16(maker, 14);
        maker_u16(maker, 8);
        maker_u64(maker, (uint64_t)offset_s);
    }
    maker_u32(maker, 0); /* the end of the options */
    maker_block_end(maker, begin);
}

void maker_enhanced(struct maker *maker, uint32_t interface, uint64_t ticks,
                    struct wire_span octets)
{
    size_t begin = maker_block_begin(maker, 6);
    maker_u32(maker, interface);
    maker_u32(maker, (uint32_t)(ticks >> 32));
    maker_u32(maker, (uint32_t)ticks);
    maker_u32(maker, (uint32_t)octets.size);
    maker_u32(maker, (uint32_t)octets.size);
    wire_put_octets(&maker->writer, octets.octets, octets.size);
    maker_block_end(maker, begin);
}

/* ---- headers ---- */

static struct wire_writer made_writer(void)
{
    static uint8_t storage[MADE_MAX][70000];
    static unsigned next;
    return wire_writer_init(storage[next++ % MADE_MAX], sizeof storage[0]);
}

static struct wire_span made(const struct wire_writer *writer)
{
    CHECK(!writer->failed);
    return (struct wire_span){writer->start, wire_written(writer)};
}

struct wire_span make_text(const char *hex)
{
    struct wire_writer writer = made_writer();
    uint8_t *octets = wire_reserve(&writer, strlen(hex) / 2);
    CHECK(octets != NULL && hex_parse(hex, strlen(hex), octets));
    return made(&writer);
}

struct wire_span make_tcp(const struct made_tcp *tcp, struct wire_span payload)
{
    struct wire_writer writer = made_writer();
    wire_put_u16(&writer, tcp->from);
    wire_put_u16(&writer, tcp->to);
    wire_put_u32(&writer, tcp->sequence);
    wire_put_u32(&writer, tcp->acknowledged);
    wire_put_u8(&writer, 0x60); /* with an option */
    wire_put_u8(&writer, tcp->flags);
    wire_put_zeros(&writer, 6);
    wire_put_u32(&writer, 0x01010101);
    wire_put_octets(&writer, payload.octets, payload.size);
    return made(&writer);
}

struct wire_span make_ipv4_part(unsigned a, unsigned b, uint16_t id, uint16_t fragment,
                                struct wire_span payload)
{
    struct wire_writer writer = made_writer();
    wire_put_u16(&writer, 0x4500);
    wire_put_u16(&writer, (uint16_t)(20 + payload.size));
    wire_put_u16(&writer, id);
    wire_put_u16(&writer, fragment);
    wire_put_u32(&writer, 0x40060000); /* TTL, TCP, checksum */
    wire_put_u32(&writer, 0xC0000200U + a);
    wire_put_u32(&writer, 0xC0000200U + b);
    wire_put_octets(&writer, payload.octets, payload.size);
    return made(&writer);
}

struct wire_span make_ipv4(unsigned a, unsigned b, struct wire_span payload)
{
    return make_ipv4_part(a, b, 0, 0x4000, payload);
}

struct wire_span make_ipv6(unsigned a, unsigned b, uint8_t next, struct wire_span payload)
{
    struct wire_writer writer = made_writer();
    unsigned ends[2] = {a, b};
    wire_put_u32(&writer, 0x60000000);
    wire_put_u16(&writer, (uint16_t)payload.size);
    wire_put_u8(&writer, next);
    wire_put_u8(&writer, 64);
    for (unsigned i = 0; i < 2; i++) {
        wire_put_u32(&writer, 0x20010DB8);
        wire_put_zeros(&writer, 8);
        wire_put_u32(&writer, ends[i]);
    }
    wire_put_octets(&writer, payload.octets, payload.size);
    return made(&writer);
}

struct wire_span make_ethernet(uint16_t type, struct wire_span payload)
{
    struct wire_writer writer = made_writer();
    wire_put_zeros(&writer, 12);
    wire_put_u16(&writer, type);
    wire_put_octets(&writer, payload.octets, payload.size);
    return made(&writer);
}

struct wire_span make_join(struct wire_span a, struct wire_span b)
{
    struct wire_writer writer = made_writer();
    wire_put_octets(&writer, a.octets, a.size);
    wire_put_octets(&writer, b.octets, b.size);
    return made(&writer);
}

struct wire_span make_slice(struct wire_span span, size_t from, size_t to)
{
    CHECK(from <= to && to <= span.size);
    return (struct wire_span){span.octets + from, to - from};
}

/* ---- what came out ---- */

static void on_event(void *context, const struct capture_event *event)
{
    struct record *record = context;
    CHECK(record->count < RECORD_EVENTS_MAX);
    struct recorded *to = &record->events[record->count++];
    *to = (struct recorded){.kind = event->kind,
                            .direction = event->direction,
                            .stamp = event->stamp,
                            .session = event->session,
                            .from = event->from,
                            .to = event->to,
                            .octets_size = event->octets.size,
                            .size = event->size,
                            .whole = event->whole};
    size_t size = event->octets.size < RECORD_OCTETS_MAX ? event->octets.size : RECORD_OCTETS_MAX;
    if (size > 0)
        memcpy(to->octets, event->octets.octets, size);
    if (event->text != NULL)
        (void)snprintf(to->text, sizeof to->text, "%s", event->text);
}

static struct session_stats *on_begin(void *context, uint32_t session,
                                      const struct capture_endpoint ends[2])
{
    struct record *record = context;
    record->begin_count++;
    CHECK(session == record->begin_count && ends[0].port + ends[1].port > 0);
    return NULL;
}

static void on_end(void *context, struct session_stats *stats, const char *how)
{
    struct record *record = context;
    CHECK(stats == NULL);
    record->end_count++;
    record->how = how;
}

struct record *record_run(const void *octets, size_t size, const struct flow_options *options)
{
    static const struct flow_sink sink = {on_event, on_begin, on_end};
    static const struct flow_options usual;
    struct record *record = calloc(1, sizeof *record);
    CHECK(record != NULL);
    uint8_t *exact = malloc(size + (size == 0)); /* a read past it is seen */
    CHECK(exact != NULL);
    if (size > 0)
        memcpy(exact, octets, size);
    struct source source;
    struct capture capture;
    source_init_memory(&source, exact, size);
    record->status =
        capture_init(&capture, &source, options != NULL ? options : &usual, &sink, record);
    while (record->status == PCE_OK) {
        record->status = capture_next(&capture);
        if (capture.flows.octets > record->octets_most)
            record->octets_most = capture.flows.octets;
        if (capture.flows.map.count > record->connections_most)
            record->connections_most = capture.flows.map.count;
    }
    capture_end(&capture, record->status);
    record->counters = capture.counters;
    record->flow_counters = capture.flows.counters;
    capture_fini(&capture);
    source_fini(&source);
    free(exact);
    return record;
}

struct record *maker_run(const struct maker *maker, const struct flow_options *options)
{
    return record_run(maker->octets, maker_size(maker), options);
}

/* Messages of BGP begin with their marker. */
static const char *record_message_name(const uint8_t *octets)
{
    return octets[0] == 0xFF ? bgp_message_name(octets[BGP_HEADER_SIZE - 1])
                             : pcep_message_name(octets[1]);
}

const char *record_text(const struct record *record)
{
    static const char *const words[CAPTURE_KINDS] = {
        "",         "gap",     "bad-header", "cut",       "limit",
        "fragment", "damaged", "skipped",    "encrypted", "unfinished",
    };
    static char text[16384];
    size_t at = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < record->count && at < sizeof text - 64; i++) {
        const struct recorded *event = &record->events[i];
        int size;
        if (event->kind == CAPTURE_MESSAGE)
            size = snprintf(text + at, sizeof text - at, "%s%c ",
                            record_message_name(event->octets), "?><"[event->direction]);
        else if (event->size > 0)
            size = snprintf(text + at, sizeof text - at, "%s(%llu) ", words[event->kind],
                            (unsigned long long)event->size);
        else
            size = snprintf(text + at, sizeof text - at, "%s ", words[event->kind]);
        at += (size_t)size;
    }
    if (at > 0)
        text[at - 1] = '\0';
    return text;
}
