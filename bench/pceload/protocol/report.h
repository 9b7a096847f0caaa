/* Report: a PCRpt of one LSP (RFC 8231 6.1), what a PCC reports first, and where its octets differ
 * from one LSP to the next: that of most LSPs is a copy with a few of them written over.
 *
 * Thread: any; a form is immutable once made. Owns: nothing but a form's octets.
 * Bound: REPORT_FORM_SIZE octets of a form, REPORT_SEGMENTS_MAX segments. */
#ifndef PCED_BENCH_PCELOAD_PROTOCOL_REPORT_H
#define PCED_BENCH_PCELOAD_PROTOCOL_REPORT_H

#include "bench/pceload/options.h"
#include "core/base/wire.h"

#define REPORT_FORM_SIZE 512u
#define REPORT_NAME_SIZE 24u  /* "pceload-SSSSSSS-NNNNNNNN" */
#define REPORT_HEAD_SIZE 128u /* of a report without its name and its path: no more than that */

struct report {
    uint32_t srp_id; /* 0: nothing was asked */
    bool is_removed; /* R in SRP and LSP (RFC 8281 5.4) */
    uint8_t setup_type;
    uint32_t plsp_id;
    uint16_t flags; /* PCEP_LSP_… */
    struct ip source, destination;
    struct wire_span name;
    struct wire_span path; /* objects: ERO and what follows, ASSOCIATIONs before it */
};

/* The whole message. 0: there is no room for it; REPORT_HEAD_SIZE, name and path suffice. */
size_t report_put(const struct report *report, uint8_t *to, size_t room);
/* PCErr that refuses what an SRP-ID asked for (RFC 8231 6.3); 16 octets more than the header. */
size_t report_put_error(uint32_t srp_id, uint8_t type, uint8_t value, uint8_t *to, size_t room);

/* An LSP of the PCC's own. */
struct report_values {
    uint32_t session; /* among all; both are in the name */
    uint32_t number;  /* from 1: its PLSP-ID */
    uint16_t flags;
    struct ip source, destination;
    struct report_hop {
        uint32_t label;
        struct ip node;
    } hops[REPORT_SEGMENTS_MAX];
    float bandwidth; /* octets/s; 0: none is asked for */
};

struct report_form {
    uint32_t size;
    uint32_t id_at;   /* of PLSP-ID and flags */
    uint32_t ends_at; /* of the addresses in LSP-IDENTIFIERS */
    uint32_t name_at, path_at;
    uint32_t hops_at, hop_size;
    uint32_t label_at, node_at; /* in a hop; 0: it has none */
    uint32_t bandwidth_at;      /* 0: none */
    uint8_t octets[REPORT_FORM_SIZE];
};

struct report_forms {
    bool is_v6;
    uint32_t segments;
    struct report_form plain, wide; /* wide: with BANDWIDTH */
};

void report_forms_make(struct report_forms *forms, const struct options *options, bool is_v6);
/* The first report of that LSP, REPORT_FORM_SIZE octets at most; returns octets. */
size_t report_put_own(const struct report_forms *forms, const struct report_values *values,
                      uint8_t *to);
/* Its path alone, in the octets that report_put_own has written. */
struct wire_span report_path_of(const struct report_forms *forms,
                                const struct report_values *values, const uint8_t *octets);
void report_put_name(uint32_t session, uint32_t number, uint8_t name[REPORT_NAME_SIZE]);
/* The number of that session's LSP which has this name; 0: none has. */
uint32_t report_number_of(struct wire_span name, uint32_t session);

#endif
