/* One scalar of the file: its row decides. */
#include "server/config/config_impl.h"

#include "core/base/check.h"
#include "core/base/number.h"

#include <string.h>

static bool scalar_is_word(const struct config_key *key, const char *value)
{
    for (uint32_t i = 0; i < key->word_count; i++) {
        if (strcmp(key->words[i], value) == 0)
            return true;
    }
    return false;
}

static void list_words(const struct config_key *key, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < key->word_count && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", key->words[i]);
}

/* The scalar as it is written against its row: libcyaml would take "12x" for 12 and any word for a
 * boolean. */
enum pce_status config_check_scalar(const struct config_key *key,
                                    const struct config_outline_entry *entry,
                                    const struct config_outline *outline,
                                    struct config_fault *fault)
{
    const char *path = entry->path;
    uint64_t number;
    char words[128];
    const char *unit = key->unit[0] == '\0' ? "" : " ";
    switch (key->kind) {
    case CONFIG_KIND_HOLD:
        if (strcmp(entry->value, "auto") == 0 || strcmp(entry->value, "off") == 0)
            return PCE_OK;
        if (!number_parse(entry->value, UINT64_MAX, &number) || number < key->min ||
            number > key->max)
            return config_refuse(fault, outline, path,
                                 "is %.40s, must be auto, off or %u to %u%s%s", entry->value,
                                 key->min, key->max, unit, key->unit);
        return PCE_OK;
    case CONFIG_KIND_UINT:
        if (!number_parse(entry->value, UINT64_MAX, &number))
            return config_refuse(fault, outline, path, "must be a whole number, not \"%.40s\"",
                                 entry->value);
        if (number < key->min || number > key->max)
            return config_refuse(fault, outline, path, "is %.40s, must be %u to %u%s%s",
                                 entry->value, key->min, key->max, unit, key->unit);
        return PCE_OK;
    case CONFIG_KIND_BOOL:
        if (strcmp(entry->value, "true") != 0 && strcmp(entry->value, "false") != 0)
            return config_refuse(fault, outline, path, "must be true or false, not \"%.40s\"",
                                 entry->value);
        return PCE_OK;
    case CONFIG_KIND_ENUM:
        list_words(key, words, sizeof words);
        if (!scalar_is_word(key, entry->value))
            return config_refuse(fault, outline, path, "must be one of %s, not \"%.40s\"", words,
                                 entry->value);
        return PCE_OK;
    case CONFIG_KIND_TEXT:
        if (strlen(entry->value) == CONFIG_TEXT_SIZE - 1)
            return config_refuse(fault, outline, path, "is longer than %d octets",
                                 CONFIG_TEXT_SIZE - 2);
        return PCE_OK;
    case CONFIG_KIND_ADDRESSES:
        return config_refuse(fault, outline, path, "must be a list of addresses");
    case CONFIG_KIND_PREFIXES:
        return config_refuse(fault, outline, path, "must be a list of prefixes");
    }
    return PCE_OK;
}

uint32_t config_scalar_value(const struct config_key *key, const char *text)
{
    uint64_t number;
    if (key->kind == CONFIG_KIND_BOOL)
        return strcmp(text, "true") == 0;
    if (key->kind == CONFIG_KIND_HOLD && strcmp(text, "auto") == 0)
        return CONFIG_HOLD_AUTO;
    if (key->kind == CONFIG_KIND_HOLD && strcmp(text, "off") == 0)
        return CONFIG_HOLD_OFF;
    for (uint32_t i = 0; key->kind == CONFIG_KIND_ENUM && i < key->word_count; i++) {
        if (strcmp(key->words[i], text) == 0)
            return i;
    }
    CHECK(number_parse(text, key->max, &number));
    return (uint32_t)number;
}

const struct config_key *config_key_get(const char *section, const char *key)
{
    size_t i = 0;
    while (i < config_table_count &&
           (strcmp(config_table[i].section, section) != 0 || strcmp(config_table[i].key, key) != 0))
        i++;
    CHECK(i < config_table_count);
    return &config_table[i];
}
