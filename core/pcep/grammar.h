/* Grammar: what a decoded message means as requests, reports and replies (RFC 5440 6.4 ff., RFC
 * 8231 6).
 *
 * Lenient in receiving: objects of a request are taken in whatever order they come behind their RP.
 * What the grammar demands and the message lacks is a fault with the RFC's error; a fault of scope
 * REQUEST refuses that request only, and the others stand. Objects that are unknown (or known and
 * out of place) are errors in a request with their P flag set (PCErr 3 and 4). Without it they are
 * skipped, and so they are in all other messages, where the P flag says nothing (RFC 8231 7).
 *
 * Thread: any. Owns: nothing; the views live in the arena and point into the message. */
#ifndef PCED_CORE_PCEP_GRAMMAR_H
#define PCED_CORE_PCEP_GRAMMAR_H

#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/pcep/optional.h"

#define PCEP_REQUEST_METRICS_MAX 16 /* METRIC objects of one request; more is PCErr 10/11 */
#define PCEP_SECTION_FAULTS_MAX  8  /* faults told about one request or LSP; more are not listed */

/* One request of a PCReq. What a request may lack is optional (optional.h), and so is what one that
 * is refused may lack; an object that is there has its typed body in object->body. */
struct pcep_request {
    const struct pcep_object *rp;
    const struct pcep_optional *end_points; /* of two addresses: one of another kind is not here */
    const struct pcep_optional *lsp;
    const struct pcep_optional *lspa;
    const struct pcep_optional *bandwidth; /* requested: the Object-Type says so (RFC 5440 7.7) */
    const struct pcep_optional *existing_bandwidth;
    const struct pcep_object *metrics[PCEP_REQUEST_METRICS_MAX];
    uint32_t metric_count;
    const struct pcep_optional *of;
    const struct pcep_optional *rro;
    const struct pcep_optional *iro;
    const struct pcep_optional *xro;
    const struct pcep_optional *load_balancing;
    const struct pcep_object *const *associations;
    uint32_t association_count;
    struct pcep_fault fault; /* scope REQUEST: this one is refused */
    /* All that is wrong with it, `fault` first: one PCEP-ERROR for each (RFC 5440 6.4). */
    const struct pcep_fault *faults;
    uint32_t fault_count;
};

struct pcep_request_list {
    struct pcep_request *requests;
    uint32_t request_count;
    const struct pcep_object *const *svecs;
    uint32_t svec_count;
};

/* Of a PCRpt, PCUpd or PCInitiate: one LSP. */
struct pcep_lsp_state {
    const struct pcep_optional *srp;
    const struct pcep_optional *lsp;
    const struct pcep_optional *end_points; /* PCInitiate */
    const struct pcep_optional *ero;        /* intended path */
    const struct pcep_optional *cci;        /* instead of a path: RFC 9050, RFC 9757 */
    const struct pcep_optional *rro;        /* actual path */
    const struct pcep_optional *bandwidth;
    const struct pcep_optional *lspa;
    /* Of the actual path: the BANDWIDTH of the existing LSP, by its Object-Type, and the METRICs in
     * front of the RRO. The others are of the intended one. */
    const struct pcep_optional *actual_bandwidth;
    uint32_t metric_count;
    uint32_t actual_metric_count;
    const struct pcep_object *const *associations;
    uint32_t association_count;
    uint32_t fault_count;
    uint8_t setup_type; /* PATH-SETUP-TYPE of the SRP; without one RSVP-TE (RFC 8408 4) */
    const struct pcep_object *end; /* behind its last object */
    const struct pcep_fault *faults;
    struct pcep_fault fault; /* as in a request; the id is that of the SRP, where there is one */
    const struct pcep_object *metrics[PCEP_REQUEST_METRICS_MAX]; /* so many as are counted */
    const struct pcep_object *actual_metrics[PCEP_REQUEST_METRICS_MAX];
};

struct pcep_lsp_state_list {
    struct pcep_lsp_state *states;
    uint32_t state_count;
};

/* One response of a PCRep. */
struct pcep_response {
    const struct pcep_object *rp;
    const struct pcep_optional *no_path;
    const struct pcep_optional *ero; /* the first path */
    const struct pcep_optional *lspa;
    const struct pcep_optional *bandwidth;
    const struct pcep_object *metrics[PCEP_REQUEST_METRICS_MAX];
    uint32_t metric_count;
    struct pcep_fault fault; /* as in a request */
    const struct pcep_fault *faults;
    uint32_t fault_count;
};

struct pcep_response_list {
    struct pcep_response *responses;
    uint32_t response_count;
};

/* PCE_OK: the list is complete; single requests may carry faults. PCE_INVALID: *fault refuses the
 * whole message (no RP at all: 6/1). PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status pcep_parse_requests(const struct pcep_message *message,
                                                   struct arena *arena,
                                                   struct pcep_request_list *list,
                                                   struct pcep_fault *fault);
/* PCRpt, PCUpd, PCInitiate. */
PCE_MUST_CHECK enum pce_status pcep_parse_lsp_states(const struct pcep_message *message,
                                                     struct arena *arena,
                                                     struct pcep_lsp_state_list *list,
                                                     struct pcep_fault *fault);
PCE_MUST_CHECK enum pce_status pcep_parse_responses(const struct pcep_message *message,
                                                    struct arena *arena,
                                                    struct pcep_response_list *list,
                                                    struct pcep_fault *fault);

/* A message of any type, as a whole: *fault is the first thing that its grammar finds wrong (scope
 * NONE: nothing). Unlike the functions above it judges what is legal, not what pced supports.
 * PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status pcep_check_received(const struct pcep_message *message,
                                                   struct arena *arena, struct pcep_fault *fault);

/* Sending is strict: whether the message may be sent as it is. Objects in the order of the grammar,
 * none missing, none more than once that stands once; no object that is unknown or malformed;
 * reserved fields, unassigned flags and padding zero; no reserved numbers; what receiving checks,
 * too. *fault is the first thing that is wrong (scope NONE: nothing), its error that which the peer
 * would send (type 0: none). The offset is that of the object, where the message has been decoded.
 * PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status pcep_check_sending(const struct pcep_message *message,
                                                  struct arena *arena, struct pcep_fault *fault);

#endif
