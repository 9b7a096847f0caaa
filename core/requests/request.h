/* Request: one path request of a PCReq, mapped to what the path engine understands.
 *
 * Every object of a request is honoured, refused or, where its P flag allows it, left out of
 * account:
 *
 * END-POINTS       nodes, by any address of theirs; P must be set (10/1).
 * RP               R is a new computation, to which what the LSP holds is free (account.h); B,
 *                  VSPT, D and M are refused (4/4), and N, a P2MP path (16/2); the priority is
 *                  given back where a queue heeds it, else the reply says 0 (RFC 5440 7.4.1).
 * PATH-SETUP-TYPE  one that both ends advertised and that the engine has, else 21/1 and the end of
 *                  the session (RFC 8408 5).
 * BANDWIDTH, LSPA  constraints; values that mean nothing are 10/11. Without LSPA the setup priority
 *                  is 0 (RFC 5440 7.11). L and E choose among adjacency SIDs (RFC 9488 5); the
 *                  holding priority is told and nothing else, as nothing is reserved here.
 * METRIC           B set: a bound. B clear: the objective; of several the first one, as RFC 5440 7.8
 *                  leaves it to the PCE. C set: told in the reply. Of a type and B value that come
 *                  twice the first one counts. Types 1, 2, 3, 11-14, 22; others with P set are 4/4, or
 *                  4/5 for those of P2MP, bandwidth and the user (RFC 8233, RFC 9933); without P
 *                  they are left out. So is, or 4/4, a bound past PATH_BOUNDS_MAX.
 *                  Type 11 above the session's MSD is 10/9 (RFC 8664 4.5, for SRv6 as well).
 * OF               MCP, MLP, MBP, and MPLP: the least loss, whatever METRIC says; others with P set
 *                  are 4/4, without P the default, MCP (RFC 5541 3.2.1).
 * RRO, BANDWIDTH   of a reoptimisation: where the LSP goes, and what it has there (Object-Type 2).
 * others           both of these without R, IRO, XRO, ASSOCIATION …: with P set 4/1, without it
 *                  left out. So are those in front of the requests, but SVEC and what belongs to it
 *                  (synced_set.h), for every request of the message. RFC 5440 7.2 allows giving them back with the I flag; that is not
 *                  done.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing; points into the message. */
#ifndef PCED_CORE_REQUESTS_REQUEST_H
#define PCED_CORE_REQUESTS_REQUEST_H

#include "core/pcep/grammar.h"
#include "core/requests/requests.h"

struct request_plan {
    const struct pcep_request *request;
    const struct pcep_message *message; /* that it came in */
    struct wire_span alone; /* its octets, where its answer may be kept (cached.h); else none */
    const struct pcep_fault *faults; /* that the grammar found in one that had to wait, */
    uint32_t fault_count;            /* unless 0: nothing else was read then */
    struct path_request path;        /* source, destination: TED_NONE where unknown */
    uint64_t account;                /* state of it that `path` was last shown */
    uint32_t no_path_vector;         /* not 0: NO-PATH with these bits, nothing to compute */
    uint32_t computed_mask;          /* 1 << enum path_metric: C was set */
    uint8_t pst;                     /* PATH-SETUP-TYPE */
    uint8_t priority;                /* that the reply's RP gives back */
    bool has_pst;                    /* its TLV was there: it is echoed */
    bool is_refused;                 /* PCErr was due */
    bool ends_session;               /* with that PCErr (RFC 8408 5) */
    bool is_tied;                    /* to others of its message: computed together (synced.h) */
    bool is_heavy;                   /* not computed yet, and not to be computed here */
    uint16_t of_code;                /* that is applied */
};

/* What a request is read against. */
struct request_scene {
    const struct pcep_message *message;
    const struct session *session;
    const struct ted_snapshot *snapshot; /* NULL: PCE unavailable */
    const struct pcep_object *demand;    /* in front of the requests, and not honoured; or NULL */
    const uint32_t *dependent_ids;       /* requests that SVECs tie together, ascending */
    uint32_t dependent_count;
    bool may_tie;        /* requests that depend on each other are answered */
    bool heeds_priority; /* requests may have to wait, and then it counts */
};

/* What is asked of a SVEC's requests together, and RFC 8306 3.12 of P2MP trees. Flags that nobody has
 * assigned are ignored (RFC 5440 7.13.2). */
#define REQUEST_SVEC_DIVERSITY (PCEP_SVEC_L | PCEP_SVEC_N | PCEP_SVEC_S)
#define REQUEST_SVEC_P2MP      UINT32_C(0x18)
#define REQUEST_SVEC_FLAGS     (REQUEST_SVEC_DIVERSITY | REQUEST_SVEC_P2MP)

/* Whether a SVEC ties its requests (RFC 5440 7.13). */
bool request_is_tie(const struct pcep_object *svec);

/* Reads what stands in front of the requests into the scene: which ones depend on each other, and
 * what is demanded of all. PCE_LIMIT when the arena is full. */
PCE_MUST_CHECK enum pce_status request_read_head(const struct pcep_request_list *list,
                                                 struct arena *arena, struct request_scene *scene);

/* Maps a request that the grammar found sound. Gives false, and the fault, when it is refused. */
bool request_read(const struct request_scene *scene, const struct pcep_request *request,
                  struct request_plan *plan, struct pcep_fault *fault);

/* Its octets in the message that it came in, from the RP to the next one. */
struct wire_span request_octets_of(const struct request_plan *plan);
uint32_t request_id_of(const struct pcep_request *request);
/* RFC 5440 7.4.1: 7 is the highest, 0 is none. */
uint8_t request_priority_of(const struct pcep_request *request);

#endif
