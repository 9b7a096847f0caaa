#include "server/control/lsp_words.h"

#include "core/pcep/model.h"
#include "core/pcep/names.h"

#include <stdio.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const operational_texts[] = {
    [PCEP_LSP_DOWN] = "down",         [PCEP_LSP_UP] = "up",
    [PCEP_LSP_ACTIVE] = "active",     [PCEP_LSP_GOING_DOWN] = "going down",
    [PCEP_LSP_GOING_UP] = "going up",
};

static bool words_parse(const char *const *texts, size_t count, const char *text, uint8_t *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(texts[i], text) == 0) {
            *value = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool lsp_state_parse(const char *text, uint8_t *operational)
{
    return words_parse(operational_texts, COUNT(operational_texts), text, operational);
}

bool lsp_setup_parse(const char *text, uint8_t *setup_type)
{
    const struct wire_names *names = &pcep_names_PATH_SETUP_TYPES;
    for (uint32_t i = 0; i < names->count; i++) {
        if (strcasecmp(names->rows[i].text, text) == 0) {
            *setup_type = (uint8_t)names->rows[i].value;
            return true;
        }
    }
    return false;
}

/* A value that has no name yet is told as the number that it is. */
json_t *lsp_text_json(const char *const *texts, size_t count, unsigned value)
{
    char number[16];
    if (value < count)
        return json_string(texts[value]);
    (void)snprintf(number, sizeof number, "%u", value);
    return json_string(number);
}

json_t *lsp_state_json(uint8_t operational)
{
    return lsp_text_json(operational_texts, COUNT(operational_texts), operational);
}

json_t *lsp_setup_json(uint8_t setup_type)
{
    char number[16];
    const char *text = wire_names_find(&pcep_names_PATH_SETUP_TYPES, setup_type);
    (void)snprintf(number, sizeof number, "%u", setup_type);
    return json_string(text == NULL ? number : text);
}
