/* SR policy: which candidate path of which policy an LSP is, by the association that its PCC has
 * reported (RFC 9862 4): type 6, or one of the types that routers had before it.
 *
 * Where LSP-IDENTIFIERS name no ends, those of the policy are the LSP's: the headend is the source
 * of the association, and its Extended Association ID has colour and endpoint.
 *
 * Thread: the owning shard. Owns: nothing; the names are in the LSP's octets. */
#ifndef PCED_CORE_LSP_SR_POLICY_H
#define PCED_CORE_LSP_SR_POLICY_H

#include "core/base/ip.h"
#include "core/lsp/lsp.h"
#include "core/lsp/lsp_db.h"

#include <stdbool.h>

#define SR_POLICY_PREFERENCE 100 /* RFC 9256 2.7: of a path that names none */

struct sr_policy {
    struct ip headend;
    struct ip endpoint; /* IP_NONE: the association names none */
    uint32_t color;
    uint32_t preference;
    bool has_path_id; /* SRPOLICY-CPATH-ID: what follows */
    uint8_t origin;   /* protocol origin (RFC 9256 2.4) */
    uint32_t originator_as;
    struct ip originator;
    uint32_t discriminator;
    struct wire_span policy_name; /* octets NULL: none */
    struct wire_span path_name;
};

/* False: it is in no group of an SR policy. */
bool sr_policy_of(const struct lsp *lsp, struct sr_policy *policy);

/* Whether the report leaves the LSP the policy and the candidate path that it has been in this
 * session (RFC 9862 4.1, 4.2). False: *fault is this report's error. lsp NULL: it is not there yet. */
bool sr_policy_fits(const struct lsp *lsp, const struct lsp_report *report,
                    struct pcep_fault *fault);

/* From where to where an LSP goes; IP_NONE: nothing says so. An end of LSP-IDENTIFIERS that is
 * unspecified is one only where no policy knows a better one. */
struct lsp_ends {
    struct ip source;
    struct ip destination;
};
struct lsp_ends lsp_ends_of(const struct lsp *lsp);

#endif
