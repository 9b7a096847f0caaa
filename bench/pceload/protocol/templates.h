/* Templates: the messages of a PCC as octets, made by the codec once; a request is a copy of one
 * with its number, addresses and amounts written over.
 *
 * Thread: made by main; immutable afterwards. Owns: its octets.
 * Bound: TEMPLATE_SIZE octets each. */
#ifndef PCED_BENCH_PCELOAD_PROTOCOL_TEMPLATES_H
#define PCED_BENCH_PCELOAD_PROTOCOL_TEMPLATES_H

#include "bench/pceload/protocol/report.h"

#include <stddef.h>

#define TEMPLATE_SIZE 256u

/* Which constraints a request has. */
enum request_kind {
    REQUEST_PLAIN,
    REQUEST_BANDWIDTH,
    REQUEST_AFFINITY,
    REQUEST_METRIC,
    REQUEST_ALL, /* all three */
    REQUEST_KINDS
};

#define MALFORMED_KINDS 6u /* messages that are wrong, each in another way */

struct form {
    uint32_t size;
    uint32_t ends_at; /* offset of the two addresses */
    uint32_t lspa_at; /* of LSPA's exclude-any; 0: there is none */
    uint32_t bandwidth_at;
    uint8_t octets[TEMPLATE_SIZE];
};

struct templates {
    bool is_v6;
    struct form open, keepalive, close;
    struct form requests[REQUEST_KINDS];
    struct report_forms reports;
    struct form end_of_sync, mark;
    struct form malformed[MALFORMED_KINDS];
};

/* The Request-ID of a mark: a request that no network has a path for, sent to learn from its answer
 * that the server has read what came before it. */
#define TEMPLATES_MARK_ID UINT32_MAX

#define REQUEST_ID_AT 12u /* behind the message's header, the object's and RP's flags */

void templates_make(struct templates *templates, const struct options *options, bool is_v6);

/* What one request has of its own. */
struct request_values {
    uint32_t id;
    const uint8_t *source, *destination; /* 4 or 16 octets */
    uint32_t exclude_any;
    uint32_t include_any;
    float bandwidth; /* octets per second */
};

/* Writes a request to `to`, which has TEMPLATE_SIZE octets; returns its size. */
size_t templates_put_request(const struct templates *templates, enum request_kind kind,
                             const struct request_values *values, uint8_t *to);

#endif
