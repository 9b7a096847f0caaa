/* Order: what a PCUpd or a PCInitiate asks for, one LSP at a time (RFC 8231 6.2, RFC 8281 5.1).
 *
 * Thread: any. Owns: nothing; an order points into the message. Bound: ORDER_PATH_MAX. */
#ifndef PCED_BENCH_PCELOAD_PROTOCOL_ORDER_H
#define PCED_BENCH_PCELOAD_PROTOCOL_ORDER_H

#include "bench/pceload/protocol/received.h"
#include "core/base/ip.h"

#define ORDER_PATH_MAX 4096u /* octets; longer paths are refused */

struct order {
    uint32_t srp_id;
    bool is_removal; /* R in the SRP */
    uint8_t setup_type;
    bool has_lsp, has_ero;
    uint32_t plsp_id;
    uint16_t flags;
    struct wire_span name;          /* octets NULL: none */
    struct ip source, destination;  /* no family: END-POINTS are missing */
    const uint8_t *path, *path_end; /* the objects behind LSP */
};

struct order_reader {
    const uint8_t *at, *end;
    bool failed; /* a length did not fit, or an order does not begin with an SRP */
};

/* Of a whole message. */
struct order_reader order_reader_init(const uint8_t *octets, uint32_t size);
/* False at the end, or when the reader has failed. */
bool order_next(struct order_reader *reader, struct order *order);
/* Its path as a report has it: ASSOCIATIONs first (RFC 8697 6.3), no END-POINTS. Returns octets,
 * ORDER_PATH_MAX at most; SIZE_MAX: it is longer. */
size_t order_put_path(const struct order *order, uint8_t to[ORDER_PATH_MAX]);

#endif
