/* Request: what pcectl request asks and what it is told; shared by its files.
 *
 * request_args.c reads the command line, request_session.c is the PCC, request_messages.c what it
 * says, request_source.c the address that it comes from, request_show.c shows answers.
 *
 * Thread: the only one. Owns: the lists, until request_plan_fini.
 * Bound: REQUEST_PAIRS_MAX pairs, REQUEST_HOPS_MAX hops of an answer. */
#ifndef PCED_SERVER_PCECTL_REQUEST_REQUEST_H
#define PCED_SERVER_PCECTL_REQUEST_REQUEST_H

#include "core/base/arena.h"
#include "core/base/status.h"
#include "core/pcep/codec.h"
#include "core/pcep/grammar.h"
#include "core/pcep/model.h"
#include "core/ted/ted.h"
#include "io/net/client.h"

#include <stdbool.h>
#include <stdint.h>

#define REQUEST_PAIRS_MAX   100000
#define REQUEST_HOPS_MAX    1024
#define REQUEST_BOUNDS_MAX  8
#define REQUEST_METRICS_MAX PCEP_REQUEST_METRICS_MAX
#define REQUEST_SIZE        1024 /* octets of the longest message that the options can ask for */

struct request_pair {
    struct ip from, to;
};

struct request_hop {
    enum pcep_subobject_id kind; /* SR, SRV6, IPV4_PREFIX, IPV6_PREFIX or UNNUMBERED; others are
                                    shown by name */
    uint32_t label;              /* of an SR hop that has one */
    bool has_label;
    struct ip sid;           /* of an SRV6 hop that has one */
    struct ip local, remote; /* the NAI, or the address of the hop; remote only of an adjacency */
    uint32_t interface_id;   /* of an UNNUMBERED hop, whose router id is `local` */
};

enum request_outcome {
    REQUEST_WAITING,
    REQUEST_PATH,
    REQUEST_NO_PATH,
    REQUEST_ERROR,   /* PCErr */
    REQUEST_BAD,     /* a response with neither a path nor NO-PATH, or none that can be read */
    REQUEST_TIMEOUT, /* no answer in time */
    REQUEST_LOST,    /* the session ended before */
};

struct request_answer {
    enum request_outcome outcome;
    uint64_t asked_ns, latency_ns;
    uint32_t reasons; /* NO-PATH-VECTOR flags */
    /* UNMET_BITs: what a NO-PATH names as constraints that cannot be met (RFC 5440 7.5, flag C).
     * Its bounds are in `metrics` too, those on metrics without a name there alone. */
    uint16_t unmet;
    uint8_t error_type, error_value;
    uint32_t metric_count;
    struct pcep_metric metrics[REQUEST_METRICS_MAX];
    uint32_t hop_count;
    struct request_hop *hops;
};

/* The whole of a run. */
struct request_plan {
    struct client_options server;
    uint32_t timeout_ms; /* for the session, and for each answer */
    uint32_t parallel;   /* requests that are out at a time */
    bool is_json;
    uint8_t pst;        /* PATH-SETUP-TYPE */
    uint8_t metric;     /* enum pcep_metric_type to minimise */
    uint16_t objective; /* enum pcep_of_code, 0: none is sent */
    uint8_t msd;        /* 0: none is sent */
    float bandwidth;    /* octets per second, 0: none is sent */
    bool has_lspa;      /* else none is sent: no affinities, priority 0 (RFC 5440 7.11) */
    uint32_t exclude_any, include_any, include_all;
    uint8_t priority; /* setup and holding */
    struct pcep_metric bounds[REQUEST_BOUNDS_MAX];
    uint32_t bound_count;
    struct ted_snapshot *topology; /* for names, or NULL */
    struct request_pair *pairs;
    uint32_t pair_count;
    uint32_t pair_room;
    struct request_answer *answers; /* as many as pairs */
};

/* COMMAND_OK, or the exit code after a text on stderr; -1: help was printed. */
int request_parse(int argc, char **argv, struct request_plan *plan);
void request_plan_fini(struct request_plan *plan);

/* Opens the session, asks for every pair, closes. False when there is no session, which was told;
 * answers that did not come are marked. */
bool request_run(struct request_plan *plan);

void request_show(const struct request_plan *plan);
/* There is no session: one line on stderr, and with --json the same as a document. error_type 0:
 * no PCErr came. */
void request_show_failure(const struct request_plan *plan, const char *text, uint8_t error_type,
                          uint8_t error_value);

/* Whole messages: an Open, and the request for a pair. The writer has failed, or the Open is false,
 * when there is no room. */
PCE_MUST_CHECK bool request_write_open(const struct request_plan *plan, struct wire_writer *writer);
void request_write_request(const struct request_plan *plan, uint32_t index,
                           struct wire_writer *writer);

#endif
