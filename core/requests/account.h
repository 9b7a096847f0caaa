/* Account: what a request that asks for bandwidth sees of what LSPs hold (core/ted/reservations.h).
 *
 * Such a request is computed with what LSPs leave of each link. What the LSP holds that it is for is
 * free to it (RFC 5440 7.4.1): the owner is asked what that is, by what the request says of it: its
 * LSP object, or for a reoptimisation its RRO and the BANDWIDTH that it has there. An answer takes
 * nothing: what the PCC then reports does. Answers are of one state of the account, by the number of
 * its changes, and are not known again on another one; those of requests that name an LSP are not
 * kept at all.
 *
 * Thread: the owning shard; the table is everybody's. Owns: nothing but the room for one request's
 * own links. Bound: REQUEST_OWN_LINKS_MAX of them. */
#ifndef PCED_CORE_REQUESTS_ACCOUNT_H
#define PCED_CORE_REQUESTS_ACCOUNT_H

#include "core/base/wire.h"
#include "core/path/path.h"
#include "core/pcep/optional.h"

#include <stdbool.h>
#include <stdint.h>

#define REQUEST_OWN_LINKS_MAX 2048 /* that one LSP holds */
#define REQUEST_UNDESIRED_MAX 4096 /* links that another thread is told of */

struct request_account {
    const struct ted_reservations *table;
    /* Of the request that was shown it last. */
    struct path_reservations seen;
    uint32_t own_links[REQUEST_OWN_LINKS_MAX];
};

/* The LSP that a request is for, by what it says. */
struct request_lsp {
    uint32_t plsp_id;             /* 0: not said */
    struct wire_span name;        /* size 0: not said */
    struct pcep_subobjects route; /* where it goes, if this is a reoptimisation; else none */
    struct ted_claim claim;       /* what it has there */
    uint32_t source;              /* where it begins: a node of the snapshot */
    enum path_setup setup;
};

/* What that LSP holds. */
struct request_own {
    struct ted_claim claim;
    uint32_t *links; /* room for REQUEST_OWN_LINKS_MAX indexes of the snapshot: ascending */
    uint32_t count;
    uint64_t work; /* steps of the engine that it took to find out */
};

struct request_context;
struct request_plan;
struct session;

/* Whether bandwidth has a say in the answer. */
static inline bool account_is_asked(const struct path_request *path)
{
    return path->bandwidth > 0 || path->objective != PATH_MIN_METRIC;
}

/* Internal to core/requests. */

/* Whether the answer depends on what LSPs hold. */
bool account_counts(const struct request_context *context, const struct path_request *path);
/* The state of the account now, where there is one; else 0. */
uint64_t account_state(const struct request_context *context);
/* Shows the plan's path the account as it is, valid until the next call; notes its state. To be
 * called right before the path is looked for or computed. */
void account_show(struct request_context *context, struct session *session,
                  struct request_plan *plan);
/* Whether the request says which LSP it is for. */
bool account_names_lsp(const struct request_plan *plan);

#endif
