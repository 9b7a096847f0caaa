#include "server/config/config_lists.h"
#include "server/config/config_table.h"

#include "core/base/check.h"

#include <string.h>

/* The words of a default: "127.0.0.1 ::1". They are ours, so a bad one is a bug. */
static void set_addresses(struct config_addresses *addresses, const char *words)
{
    addresses->count = 0;
    while (words[0] != '\0') {
        char word[IP_TEXT_SIZE];
        size_t size = strcspn(words, " ");
        CHECK(size < sizeof word && addresses->count < CONFIG_ADDRESSES_MAX);
        memcpy(word, words, size);
        word[size] = '\0';
        CHECK(ip_parse(word, &addresses->items[addresses->count]));
        addresses->count++;
        words += size;
        words += strspn(words, " ");
    }
}

static void set_default(const struct config_key *key, void *member)
{
    switch (key->kind) {
    case CONFIG_KIND_UINT:
    case CONFIG_KIND_HOLD:
    case CONFIG_KIND_ENUM:
        CHECK(key->size == sizeof(uint32_t));
        *(uint32_t *)member = key->value;
        break;
    case CONFIG_KIND_BOOL:
        CHECK(key->size == sizeof(bool));
        *(bool *)member = key->value != 0;
        break;
    case CONFIG_KIND_TEXT:
        CHECK(strlen(key->text_value) < key->size); /* a default is whole */
        (void)snprintf(member, key->size, "%s", key->text_value);
        break;
    case CONFIG_KIND_ADDRESSES:
        set_addresses(member, key->text_value);
        break;
    case CONFIG_KIND_PREFIXES: /* no list at all */
        break;
    }
}

/* Cleared first, padding included: config_compare looks at octets. */
void config_set_defaults(struct config *config)
{
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < config_table_count; i++)
        set_default(&config_table[i], (char *)config + config_table[i].offset);
}

void config_fini(struct config *config)
{
    config_lists_destroy(config->lists);
    config->lists = NULL;
}

static const struct config_lists *lists_of(const struct config *config)
{
    static const struct config_lists empty;
    return config->lists == NULL ? &empty : config->lists;
}

/* Where the value of this key stands. */
static const void *member_of(const struct config *config, const struct config_key *key)
{
    const void *whole =
        key->kind == CONFIG_KIND_PREFIXES ? (const void *)lists_of(config) : (const void *)config;
    return (const char *)whole + key->offset;
}

static bool config_is_equal(const struct config_key *key, const void *a, const void *b)
{
    if (key->kind == CONFIG_KIND_TEXT)
        return strcmp(a, b) == 0;
    if (key->kind == CONFIG_KIND_PREFIXES)
        return config_prefixes_are_equal(a, b);
    if (key->kind != CONFIG_KIND_ADDRESSES)
        return memcmp(a, b, key->size) == 0;
    const struct config_addresses *left = a;
    const struct config_addresses *right = b;
    if (left->count != right->count)
        return false;
    for (uint32_t i = 0; i < left->count; i++) {
        if (!ip_is_equal(&left->items[i], &right->items[i]))
            return false;
    }
    return true;
}

void config_compare(const struct config *before, const struct config *after,
                    void (*visit)(void *context, const char *key, enum config_apply apply),
                    void *context)
{
    for (size_t i = 0; i < config_table_count; i++) {
        const struct config_key *key = &config_table[i];
        char name[96];
        if (config_is_equal(key, member_of(before, key), member_of(after, key)))
            continue;
        (void)snprintf(name, sizeof name, "%s.%s", key->section, key->key);
        visit(context, name, key->apply);
    }
    if (!config_groups_are_equal(lists_of(before), lists_of(after)))
        visit(context, "peer-groups", CONFIG_APPLY_NOW);
    if (!config_peers_are_equal(lists_of(before), lists_of(after)))
        visit(context, "peers", CONFIG_APPLY_NOW);
    if (!config_bgp_is_equal(lists_of(before)->bgp, lists_of(after)->bgp))
        visit(context, "bgp-ls", CONFIG_APPLY_NOW);
    if (!config_rules_are_equal(lists_of(before), lists_of(after)))
        visit(context, "delegation-rules", CONFIG_APPLY_NOW);
}

void config_format_fault(const struct config_fault *fault, const char *file, char *text,
                         size_t text_size)
{
    char line[16] = "";
    if (fault->line != 0)
        (void)snprintf(line, sizeof line, "%u:", fault->line);
    (void)snprintf(text, text_size, "%s:%s %s%s%s", file, line, fault->key,
                   fault->key[0] == '\0' ? "" : ": ", fault->reason);
}
