/* Delegation policy: which LSPs a PCC may give us to steer.
 *
 * A list of rules, of which the first one that fits decides, and what holds where none does.
 *
 * Thread: any; a policy is constant. Owns: nothing. Bound: LSP_DELEGATION_PATTERN_SIZE. */
#ifndef PCED_CORE_LSP_DELEGATION_POLICY_H
#define PCED_CORE_LSP_DELEGATION_POLICY_H

#include "core/base/wire.h"

#include <stdbool.h>
#include <stdint.h>

#define LSP_DELEGATION_PATTERN_SIZE 64
#define LSP_DELEGATION_ANY_SETUP    UINT8_MAX

struct lsp_delegation_rule {
    char pattern[LSP_DELEGATION_PATTERN_SIZE]; /* of the whole name; * any octets, ? any one */
    uint8_t setup_type;                        /* or LSP_DELEGATION_ANY_SETUP */
    bool accepts;
};

struct lsp_delegation_policy {
    const struct lsp_delegation_rule *rules;
    uint32_t rule_count;
    bool accepts; /* where no rule fits */
};

bool lsp_delegation_accepts(const struct lsp_delegation_policy *policy, struct wire_span name,
                            uint8_t setup_type);

#endif
