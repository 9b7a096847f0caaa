#include "core/intent/intent_binding.h"

#include "core/intent/intent_reader.h"
#include "core/pcep/model.h"

#include <string.h>

/* ---- JSON ---- */

bool intent_take_binding(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct lsp_binding *binding = &reader->path->binding;
    const char *text = json_string_value(value);
    *binding = (struct lsp_binding){.what = LSP_BINDING_THIS};
    if (json_is_integer(value))
        return intent_take_number(reader, name, value, LSP_BINDING_LABEL_MAX, &binding->label);
    binding->is_srv6 = true;
    if (text != NULL && ip_parse(text, &binding->sid) && binding->sid.family == IP_V6)
        return true;
    if (text == NULL || strcmp(text, "any") != 0)
        return intent_refuse(reader, name, "must be \"any\", a label or a SID");
    binding->what = LSP_BINDING_ANY;
    binding->is_srv6 = reader->intent->setup_type == PCEP_PST_SRV6;
    return true;
}

json_t *intent_write_binding(const struct lsp_binding *binding)
{
    char text[IP_TEXT_SIZE];
    if (binding->what == LSP_BINDING_ANY)
        return json_string("any");
    if (!binding->is_srv6)
        return json_integer(binding->label);
    return json_string(ip_format(&binding->sid, text));
}

/* ---- what is asked ---- */

struct lsp_binding intent_binding_to_ask(const struct lsp_binding *wanted,
                                         const struct lsp *reported)
{
    struct lsp_binding ask = *wanted;
    const struct lsp_instance *instance = lsp_first_instance(reported);
    const struct lsp_binding there = lsp_binding_reported(instance);
    if (there.what == LSP_BINDING_NONE || there.is_srv6 != wanted->is_srv6 ||
        wanted->what == LSP_BINDING_NONE)
        return ask;
    if (wanted->what == LSP_BINDING_ANY ||
        lsp_binding_find(instance, wanted).what != LSP_BINDING_NONE)
        return (struct lsp_binding){.what = LSP_BINDING_NONE};
    ask.former = there.former;
    return ask;
}

struct lsp_binding intent_binding_to_remove(const struct lsp *reported)
{
    struct lsp_binding there = lsp_binding_reported(lsp_first_instance(reported));
    if (there.what == LSP_BINDING_THIS)
        there.what = LSP_BINDING_REMOVE;
    return there;
}
