#include "core/lsp/delegation_policy.h"

#include <stddef.h>

/* Without recursion: at a mismatch the last star takes one octet more. */
static bool is_match(const char *pattern, struct wire_span name)
{
    const char *star = NULL;
    size_t star_at = 0;
    size_t at = 0;
    while (at < name.size) {
        bool is_octet = *pattern != '*' && (*pattern == '?' || *pattern == (char)name.octets[at]);
        if (*pattern == '*') {
            star = pattern++;
            star_at = at;
        } else if (*pattern != '\0' && is_octet) {
            pattern++;
            at++;
        } else if (star != NULL) {
            pattern = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool lsp_delegation_accepts(const struct lsp_delegation_policy *policy, struct wire_span name,
                            uint8_t setup_type)
{
    for (uint32_t i = 0; i < policy->rule_count; i++) {
        const struct lsp_delegation_rule *rule = &policy->rules[i];
        bool is_setup =
            rule->setup_type == LSP_DELEGATION_ANY_SETUP || rule->setup_type == setup_type;
        if (is_setup && is_match(rule->pattern, name))
            return rule->accepts;
    }
    return policy->accepts;
}
