/* Known LSPs: what a PCC has to keep of LSPs that the PCE has changed or made. Of its own ones that
 * nobody has touched it keeps nothing: see own.h.
 *
 * Thread: the worker's. Owns: the records, until known_fini. Bound: KNOWN_INITIATED_MAX LSPs that a
 * PCE has made in the life of a session; names of NAME_MAX_SIZE octets, paths of ORDER_PATH_MAX. */
#ifndef PCED_BENCH_PCELOAD_LSPS_KNOWN_H
#define PCED_BENCH_PCELOAD_LSPS_KNOWN_H

#include "bench/pceload/protocol/order.h"
#include "bench/pceload/protocol/report.h"

#define KNOWN_INITIATED_MAX 65536u
#define KNOWN_NAME_SIZE_MAX 1024u

struct known_lsp {
    uint32_t plsp_id;
    bool is_initiated, is_delegated;
    uint8_t setup_type;
    struct ip source, destination;
    uint16_t name_size, path_size;
    uint8_t octets[]; /* name, path */
};

/* By PLSP-ID, from 1 on; the first `own` ones are the PCC's own. */
struct known {
    struct known_lsp **at; /* [plsp_id - 1]; NULL: nobody has touched it, or it is gone */
    uint32_t own, count, room;
};

void known_init(struct known *known, uint32_t own);
void known_fini(struct known *known);
/* NULL: there is no record of it. */
struct known_lsp *known_find(const struct known *known, uint32_t plsp_id);
struct known_lsp *known_find_name(const struct known *known, struct wire_span name);
/* Puts a record with these octets in the place of the one that was there. The caller's report has
 * flags D and C, ends, name and path; the record is returned. */
struct known_lsp *known_put(struct known *known, const struct report *report);
/* The PLSP-ID of the next LSP that a PCE makes; 0: KNOWN_INITIATED_MAX were made. */
uint32_t known_next(const struct known *known);
void known_remove(struct known *known, uint32_t plsp_id);
/* What a PCC says of it. */
struct report known_report(const struct known_lsp *lsp);

#endif
