/* How a peer is told which SR policy an LSP is a candidate path of (RFC 9862 4, and older forms).
 *
 * Internal to core/lsp.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_LSP_COMPOSE_POLICY_H
#define PCED_CORE_LSP_COMPOSE_POLICY_H

#include "core/lsp/compose.h"

/* Why this peer cannot be told of the policy; NULL: it can. */
const char *lsp_compose_policy_refusal(const struct lsp_ability *ability,
                                       const struct lsp_wanted *wanted);
/* Why this peer cannot be told of a colour without a policy (RFC 9863 2); NULL: it can. */
const char *lsp_compose_color_refusal(const struct lsp_ability *ability,
                                      const struct lsp_wanted *wanted);
/* The ASSOCIATION, where the profile's form is one; else nothing. */
void lsp_compose_policy_association(const struct lsp_profile *profile,
                                    const struct lsp_policy *policy, struct wire_writer *writer);
/* The VENDOR-INFORMATION, where the profile's form is that; else nothing. */
void lsp_compose_policy_vendor(const struct lsp_profile *profile, const struct lsp_policy *policy,
                               struct wire_writer *writer);

#endif
