/* The table of all keys, from the rows: docs/CONFIGURATION.md holds it, and a test compares. */
#include "server/config/config_table.h"

#include <string.h>

static void print_number(uint32_t value, FILE *file)
{
    if (value == CONFIG_HOLD_AUTO)
        (void)fprintf(file, "auto");
    else
        (void)fprintf(file, "%u", value);
}

static void print_default(const struct config_key *key, FILE *file)
{
    switch (key->kind) {
    case CONFIG_KIND_UINT:
        (void)fprintf(file, "%u", key->value);
        break;
    case CONFIG_KIND_HOLD:
        print_number(key->value, file);
        break;
    case CONFIG_KIND_BOOL:
        (void)fprintf(file, "%s", key->value != 0 ? "true" : "false");
        break;
    case CONFIG_KIND_ENUM:
        (void)fprintf(file, "%s", key->words[key->value]);
        break;
    case CONFIG_KIND_TEXT:
    case CONFIG_KIND_ADDRESSES:
    case CONFIG_KIND_PREFIXES:
        (void)fprintf(file, "%s", key->text_value[0] == '\0' ? "(none)" : key->text_value);
        break;
    }
}

static void print_range(const struct config_key *key, FILE *file)
{
    switch (key->kind) {
    case CONFIG_KIND_UINT:
        (void)fprintf(file, "%u–%u", key->min, key->max);
        break;
    case CONFIG_KIND_HOLD:
        (void)fprintf(file, "auto, off, %u–%u", key->min, key->max);
        break;
    case CONFIG_KIND_PREFIXES:
        (void)fprintf(file, "list of prefixes");
        break;
    case CONFIG_KIND_BOOL:
        (void)fprintf(file, "true, false");
        break;
    case CONFIG_KIND_ENUM:
        for (uint32_t i = 0; i < key->word_count; i++)
            (void)fprintf(file, "%s%s", i == 0 ? "" : ", ", key->words[i]);
        break;
    case CONFIG_KIND_TEXT:
        (void)fprintf(file, "text");
        break;
    case CONFIG_KIND_ADDRESSES:
        (void)fprintf(file, "1–%d addresses", CONFIG_ADDRESSES_MAX);
        break;
    }
}

static const char *config_apply_text(enum config_apply apply)
{
    switch (apply) {
    case CONFIG_APPLY_NOW:
        return "reload";
    case CONFIG_APPLY_SESSIONS:
        return "new sessions";
    case CONFIG_APPLY_RESTART:
        return "restart";
    }
    return "";
}

void config_print_keys(FILE *file)
{
    for (size_t s = 0; s < config_section_count; s++) {
        const struct config_section *section = &config_sections[s];
        (void)fprintf(file, "### `%s`\n\n%s\n\n", section->key, section->text);
        (void)fprintf(file, "| key | default | range | unit | changes at | meaning |\n");
        (void)fprintf(file, "|---|---|---|---|---|---|\n");
        for (size_t i = 0; i < config_table_count; i++) {
            const struct config_key *key = &config_table[i];
            if (strcmp(key->section, section->key) != 0)
                continue;
            (void)fprintf(file, "| `%s` | ", key->key);
            print_default(key, file);
            (void)fprintf(file, " | ");
            print_range(key, file);
            (void)fprintf(file, " | %s | %s | %s |\n", key->unit[0] == '\0' ? "–" : key->unit,
                          config_apply_text(key->apply), key->text);
        }
        (void)fprintf(file, "\n");
    }
}
