/* Captures made by tests, octet by octet, and what was found in them. */
#ifndef PCED_TESTS_UNIT_PCECTL_CAPTURE_MAKER_H
#define PCED_TESTS_UNIT_PCECTL_CAPTURE_MAKER_H

#include "server/pcectl/capture/capture.h"

#define MAKER_SIZE_MAX    (4U << 20)
#define RECORD_EVENTS_MAX 4096U
#define RECORD_OCTETS_MAX 64U

enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_SLL = 113,
    LINK_SLL2 = 276
};

/* A file that grows. Numbers go in its byte order. */
struct maker {
    uint8_t *octets;
    struct wire_writer writer;
    bool is_little;
    bool is_nano;
    uint32_t s, ns; /* of the next packet; maker_packet adds a second */
};

struct maker maker_create(bool is_little);
void maker_destroy(struct maker *maker);
void maker_u16(struct maker *maker, uint16_t value);
void maker_u32(struct maker *maker, uint32_t value);
size_t maker_size(const struct maker *maker);

/* pcap */
void maker_pcap(struct maker *maker, uint32_t link_type, bool is_nano);
void maker_packet(struct maker *maker, struct wire_span octets);
void maker_cut_packet(struct maker *maker, struct wire_span octets, size_t kept);

/* pcapng: a block around a body that ends with the next call */
size_t maker_block_begin(struct maker *maker, uint32_t type);
void maker_block_end(struct maker *maker, size_t begin);
void maker_section(struct maker *maker);
/* resolution 0: no option. */
void maker_interface(struct maker *maker, uint16_t link_type, uint32_t snap_size,
                     uint8_t resolution, int64_t offset_s);
void maker_enhanced(struct maker *maker, uint32_t interface, uint64_t ticks,
                    struct wire_span octets);

/* Headers, put before what they carry; each gives a span over storage of its own that is valid
 * until MADE_MAX more were made. */
#define MADE_MAX 64U
struct made_tcp {
    uint16_t from, to;
    uint32_t sequence, acknowledged;
    uint8_t flags;
};
struct wire_span make_text(const char *hex);
struct wire_span make_tcp(const struct made_tcp *tcp, struct wire_span payload);
/* Addresses 192.0.2.a and 192.0.2.b. */
struct wire_span make_ipv4(unsigned a, unsigned b, struct wire_span payload);
/* fragment: the 16 bits with flags and offset. */
struct wire_span make_ipv4_part(unsigned a, unsigned b, uint16_t id, uint16_t fragment,
                                struct wire_span payload);
/* 2001:db8::a, 2001:db8::b; next: protocol of the payload. */
struct wire_span make_ipv6(unsigned a, unsigned b, uint8_t next, struct wire_span payload);
struct wire_span make_ethernet(uint16_t type, struct wire_span payload);
struct wire_span make_join(struct wire_span a, struct wire_span b);
struct wire_span make_slice(struct wire_span span, size_t from, size_t to);

/* PCEP messages. */
#define OPEN_HEX      "2001000c01100008201e7801"
#define KEEPALIVE_HEX "20020004"
#define CLOSE_HEX     "2007000c0f10000800000002"
#define STARTTLS_HEX  "200d0004"
/* 32 octets: RP and END-POINTS. */
#define PCREQ_HEX                                                                                  \
    "200300200212000c0000000000000001041200"                                                       \
    "0c"                                                                                           \
    "c0000201c0000209"                                                                             \
    "05100004"

/* What came out. */
struct recorded {
    enum capture_event_kind kind;
    enum capture_direction direction;
    struct capture_stamp stamp;
    uint32_t session;
    struct capture_endpoint from, to;
    size_t octets_size;
    uint8_t octets[RECORD_OCTETS_MAX];
    uint64_t size;
    uint32_t whole;
    char text[80];
};

struct record {
    struct recorded events[RECORD_EVENTS_MAX];
    uint32_t count;
    uint32_t begin_count, end_count;
    const char *how; /* the last session ended */
    enum pce_status status;
    struct capture_counters counters;
    struct flow_counters flow_counters;
    size_t octets_most; /* held at once */
    size_t connections_most;
};

/* Runs the whole file. options may be NULL. The record is to be freed with free(). */
struct record *maker_run(const struct maker *maker, const struct flow_options *options);
struct record *record_run(const void *octets, size_t size, const struct flow_options *options);
/* "Open>Keepalive<gap(8)…": messages with their direction (> to the server, < to the client, ? not
 * known), other events by name and size. Valid until the next call. */
const char *record_text(const struct record *record);

#endif
