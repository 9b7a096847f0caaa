#include "server/config/config_rules.h"

#include "core/pcep/model.h"
#include "server/config/config_impl.h"
#include "server/config/config_peers.h"

#include <stdlib.h>
#include <string.h>

/* One rule while its members are read. */
struct rule_reading {
    const struct config_outline *outline;
    struct config_fault *fault;
    struct lsp_delegation_rule *rule;
    char path[CONFIG_OUTLINE_PATH_SIZE]; /* "delegation-rules[3]" */
    bool has_delegation;
};

struct rule_word {
    const char *word;
    uint8_t value;
};

static const struct rule_word setup_words[] = {
    {"rsvp-te", PCEP_PST_RSVP_TE}, {"sr-mpls", PCEP_PST_SR}, {"srv6", PCEP_PST_SRV6}, {NULL, 0}};
static const struct rule_word delegation_words[] = {{"accept", 1}, {"refuse", 0}, {NULL, 0}};

static bool find_word(const struct rule_word *words, const char *text, uint8_t *value)
{
    for (; words->word != NULL; words++) {
        if (strcmp(words->word, text) != 0)
            continue;
        *value = words->value;
        return true;
    }
    return false;
}

static enum pce_status rules_read_name(struct rule_reading *reading,
                                       const struct config_outline_entry *entry)
{
    size_t size = strlen(entry->value);
    if (size == 0 || size >= LSP_DELEGATION_PATTERN_SIZE)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must have 1 to %d octets", LSP_DELEGATION_PATTERN_SIZE - 1);
    memcpy(reading->rule->pattern, entry->value, size + 1);
    return PCE_OK;
}

static enum pce_status rules_read_setup(struct rule_reading *reading,
                                        const struct config_outline_entry *entry)
{
    if (find_word(setup_words, entry->value, &reading->rule->setup_type))
        return PCE_OK;
    return config_refuse(reading->fault, reading->outline, entry->path,
                         "must be rsvp-te, sr-mpls or srv6");
}

static enum pce_status rules_read_delegation(struct rule_reading *reading,
                                             const struct config_outline_entry *entry)
{
    uint8_t accepts;
    if (!find_word(delegation_words, entry->value, &accepts))
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be accept or refuse");
    reading->rule->accepts = accepts != 0;
    reading->has_delegation = true;
    return PCE_OK;
}

static enum pce_status rules_read_member(struct rule_reading *reading,
                                         const struct config_outline_entry *entry)
{
    const char *name = entry->path + strlen(reading->path) + 1;
    if (entry->kind != CONFIG_OUTLINE_SCALAR)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be a single value");
    if (strcmp(name, "name") == 0)
        return rules_read_name(reading, entry);
    if (strcmp(name, "setup-type") == 0)
        return rules_read_setup(reading, entry);
    if (strcmp(name, "delegation") == 0)
        return rules_read_delegation(reading, entry);
    return config_refuse(reading->fault, reading->outline, entry->path, "there is no such key");
}

static enum pce_status rules_read_entry(struct rule_reading *reading)
{
    const struct config_outline *outline = reading->outline;
    const struct config_outline_entry *entry = config_outline_find(outline, reading->path);
    size_t size = strlen(reading->path);
    if (entry->kind != CONFIG_OUTLINE_MAPPING)
        return config_refuse(reading->fault, outline, reading->path, "must be a mapping");
    for (entry++; entry < outline->entries + outline->count &&
                  strncmp(entry->path, reading->path, size) == 0 && entry->path[size] == '.';
         entry++) {
        enum pce_status status = rules_read_member(reading, entry);
        if (status != PCE_OK)
            return status;
    }
    if (!reading->has_delegation)
        return config_refuse(reading->fault, outline, reading->path, "delegation must be named");
    return PCE_OK;
}

enum pce_status config_rules_read(const struct config_outline *outline, struct config_lists *lists,
                                  struct config_fault *fault)
{
    uint32_t count;
    enum pce_status status =
        config_list_size(outline, "delegation-rules", CONFIG_RULES_MAX, &count, fault);
    if (status != PCE_OK || count == 0)
        return status;
    lists->rules = calloc(count, sizeof *lists->rules);
    if (lists->rules == NULL)
        return PCE_NO_MEMORY;
    lists->rule_count = count;
    for (uint32_t i = 0; status == PCE_OK && i < count; i++) {
        struct lsp_delegation_rule *rule = &lists->rules[i];
        struct rule_reading reading = {.outline = outline, .fault = fault, .rule = rule};
        rule->pattern[0] = '*'; /* any name, where the rule names none */
        rule->setup_type = LSP_DELEGATION_ANY_SETUP;
        (void)snprintf(reading.path, sizeof reading.path, "delegation-rules[%u]", i);
        status = rules_read_entry(&reading);
    }
    return status;
}

bool config_rules_are_equal(const struct config_lists *a, const struct config_lists *b)
{
    if (a->rule_count != b->rule_count)
        return false;
    for (uint32_t i = 0; i < a->rule_count; i++) {
        const struct lsp_delegation_rule *left = &a->rules[i];
        const struct lsp_delegation_rule *right = &b->rules[i];
        if (left->accepts != right->accepts || left->setup_type != right->setup_type ||
            strcmp(left->pattern, right->pattern) != 0)
            return false;
    }
    return true;
}
