#include "core/intent/intent_binding.h"
#include "core/intent/intent_group.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/pcep/names.h"
#include "core/requests/metric.h"

const char *const intent_protection_words[INTENT_PROTECTION_COUNT] = {
    [TED_UNPROTECTED_PREFERRED] = "unprotected-preferred",
    [TED_PROTECTED_PREFERRED] = "protected-preferred",
    [TED_UNPROTECTED_ONLY] = "unprotected-only",
    [TED_PROTECTED_ONLY] = "protected-only",
};

const char *intent_setup_text(uint8_t setup_type)
{
    return wire_names_find(&pcep_names_PATH_SETUP_TYPES, setup_type);
}

static json_t *intent_write_ip(const struct ip *address)
{
    char text[IP_TEXT_SIZE];
    return json_string(ip_format(address, text));
}

/* Each adds one member; false: memory ran out, for which json_object_set_new looks at NULL. */
static bool intent_add(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

/* ---- what is computed ---- */

static json_t *write_bounds(const struct intent_dynamic *dynamic)
{
    json_t *json = json_object();
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        if ((dynamic->bound_mask & (1U << i)) == 0)
            continue;
        if (!intent_add(json, metric_word((enum path_metric)i), json_real(dynamic->bounds[i]))) {
            json_decref(json);
            return NULL;
        }
    }
    return json;
}

static json_t *write_dynamic(const struct intent_dynamic *dynamic)
{
    CHECK(dynamic->protection < INTENT_PROTECTION_COUNT);
    return json_pack("{s:s,s:o,s:I,s:I,s:I,s:i,s:s}", "metric", metric_word(dynamic->metric),
                     "bounds", write_bounds(dynamic), "exclude_any",
                     (json_int_t)dynamic->exclude_any, "include_any",
                     (json_int_t)dynamic->include_any, "include_all",
                     (json_int_t)dynamic->include_all, "sid_depth", (int)dynamic->sid_depth,
                     "protection", intent_protection_words[dynamic->protection]);
}

/* ---- paths ---- */

static json_t *write_path(const struct intent_path *path, bool is_sr)
{
    const char *kind = path->is_dynamic ? "dynamic" : is_sr ? "segments" : "hops";
    json_t *way;
    if (path->is_dynamic)
        way = write_dynamic(&path->dynamic);
    else if (path->list_count > 0)
        way = intent_write_lists(path);
    else
        way = intent_write_hops(path->hops, path->hop_count, is_sr);
    if (path->list_count > 0)
        kind = "lists";
    json_t *json =
        json_pack("{s:I,s:f,s:i,s:i,s:o}", "preference", (json_int_t)path->preference, "bandwidth",
                  (double)path->bandwidth, "setup_priority", (int)path->setup_priority,
                  "holding_priority", (int)path->holding_priority, kind, way);
    bool is_good =
        json != NULL && (!path->has_own_name || intent_add(json, "lsp", json_string(path->name))) &&
        (!path->has_auto_bandwidth ||
         intent_add(json, "auto_bandwidth", intent_write_auto_bandwidth(&path->auto_bandwidth))) &&
        (path->binding.what == LSP_BINDING_NONE ||
         intent_add(json, "binding", intent_write_binding(&path->binding)));
    if (is_good)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *write_paths(const struct intent *intent)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < intent->path_count; i++) {
        json_t *path = write_path(&intent->paths[i], intent->setup_type != PCEP_PST_RSVP_TE);
        if (json_array_append_new(list, path) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *intent_write(const struct intent *intent)
{
    json_t *json =
        json_pack("{s:o,s:s,s:o}", "endpoint", intent_write_ip(&intent->endpoint), "setup_type",
                  intent_setup_text(intent->setup_type), "paths", write_paths(intent));
    bool is_good = json != NULL;
    if (is_good && intent->has_source)
        is_good = intent_add(json, "source", intent_write_ip(&intent->source));
    if (is_good && intent->has_color)
        is_good = intent_add(json, "color", json_integer(intent->color));
    if (is_good && intent->group.id != 0)
        is_good = intent_add(json, "disjoint", intent_write_group(&intent->group));
    if (is_good)
        return json;
    json_decref(json);
    return NULL;
}
