/* A candidate path: given hop by hop, or computed under constraints. */
#include "core/intent/intent_reader.h"

#include "core/pcep/model.h"
#include "core/requests/metric.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- segments and hops ---- */

static bool path_read_hops(struct intent_reader *reader, const char *name, const json_t *list)
{
    struct intent_path *path = reader->path;
    if (!reader->has_hops)
        return intent_read_segments(reader, name, list, path->hops);
    return intent_read_hops(reader, name, list, path->hops);
}

static bool path_take_hops(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct intent_path *path = reader->path;
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count == 0)
        return intent_refuse(reader, name, "must be a list of one entry or more");
    if (count > reader->limits->hops_max || count > INTENT_HOPS_MAX)
        return intent_refuse(reader, name, "has more entries than limits.intent-segments");
    if (path->hops != NULL)
        return intent_refuse(reader, name, "a path has segments or hops, not both");
    path->hops = calloc(count, sizeof *path->hops);
    reader->has_no_memory |= path->hops == NULL;
    if (path->hops == NULL)
        return false;
    path->hop_count = (uint32_t)count;
    reader->has_hops = strcmp(name, "hops") == 0;
    return path_read_hops(reader, name, value);
}

/* ---- what is computed ---- */

static bool path_take_metric(struct intent_reader *reader, const char *name, const json_t *value)
{
    const char *word = json_string_value(value);
    enum path_metric metric = word == NULL ? PATH_METRIC_COUNT : metric_of_word(word);
    if (metric == PATH_METRIC_COUNT)
        return intent_refuse(
            reader, name, "must be igp, te, hops, delay, min-delay, delay-variation, loss or sids");
    reader->path->dynamic.metric = metric;
    return true;
}

static bool path_take_bounds(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct intent_dynamic *dynamic = &reader->path->dynamic;
    const char *word;
    json_t *bound;
    if (!json_is_object(value))
        return intent_refuse(reader, name, "must be an object of metrics and what they may be");
    json_object_foreach((json_t *)(uintptr_t)value, word, bound)
    {
        enum path_metric metric = metric_of_word(word);
        double number = json_number_value(bound);
        if (metric == PATH_METRIC_COUNT)
            return intent_refuse(reader, name, "has a metric that is not known");
        /* A METRIC object has it in single precision (RFC 5440 7.8). */
        if (!json_is_number(bound) || !(number >= 0) || number > 3.4e38)
            return intent_refuse(reader, name, "a bound must be a number from 0 on");
        dynamic->bound_mask |= 1U << metric;
        dynamic->bounds[metric] = (double)(float)number;
    }
    if (!path_allows_bounds(dynamic->bound_mask))
        return intent_refuse(reader, name, "bounds more metrics than are kept at once");
    return true;
}

static bool path_take_exclude_any(struct intent_reader *reader, const char *name,
                                  const json_t *value)
{
    return intent_take_number(reader, name, value, UINT32_MAX, &reader->path->dynamic.exclude_any);
}

static bool path_take_include_any(struct intent_reader *reader, const char *name,
                                  const json_t *value)
{
    return intent_take_number(reader, name, value, UINT32_MAX, &reader->path->dynamic.include_any);
}

static bool path_take_include_all(struct intent_reader *reader, const char *name,
                                  const json_t *value)
{
    return intent_take_number(reader, name, value, UINT32_MAX, &reader->path->dynamic.include_all);
}

static bool path_take_depth(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_octet(reader, name, value, UINT8_MAX, &reader->path->dynamic.sid_depth);
}

static bool path_take_protection(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    const char *word = json_string_value(value);
    for (uint8_t i = 0; word != NULL && i < INTENT_PROTECTION_COUNT; i++) {
        if (strcmp(word, intent_protection_words[i]) == 0) {
            reader->path->dynamic.protection = i;
            return true;
        }
    }
    return intent_refuse(reader, name,
                         "must be one of unprotected-preferred, protected-preferred, "
                         "unprotected-only, protected-only");
}

static const struct intent_member dynamic_members[] = {
    {"metric", path_take_metric, false},           {"bounds", path_take_bounds, false},
    {"exclude_any", path_take_exclude_any, false}, {"include_any", path_take_include_any, false},
    {"include_all", path_take_include_all, false}, {"sid_depth", path_take_depth, false},
    {"protection", path_take_protection, false},   {NULL, NULL, false},
};

bool intent_take_dynamic(struct intent_reader *reader, const char *name, const json_t *value)
{
    size_t outer = strlen(reader->place);
    reader->path->is_dynamic = true;
    (void)snprintf(reader->place + outer, sizeof reader->place - outer, "%s.", name);
    bool is_good = intent_read_object(reader, value, dynamic_members);
    reader->place[outer] = '\0';
    return is_good;
}

/* ---- the path ---- */

static bool path_take_preference(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    return intent_take_number(reader, name, value, UINT32_MAX, &reader->path->preference);
}

static bool path_take_name(struct intent_reader *reader, const char *name, const json_t *value)
{
    const char *text = json_string_value(value);
    struct intent_path *path = reader->path;
    if (text == NULL || !intent_name_is_valid(text, INTENT_LSP_NAME_MAX))
        return intent_refuse(reader, name,
                             "must be 1 to 255 printable characters but space, / and \\");
    path->has_own_name = true;
    path->name_size = (uint8_t)strlen(text);
    memcpy(path->name, text, path->name_size);
    return true;
}

bool intent_take_bandwidth(struct intent_reader *reader, const char *name, const json_t *value)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0) || number > 3.4e38)
        return intent_refuse(reader, name, "must be a number from 0 on, in octets a second");
    reader->path->bandwidth = (float)number;
    return true;
}

bool intent_take_setup_priority(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_octet(reader, name, value, TED_PRIORITIES - 1,
                             &reader->path->setup_priority);
}

static bool path_take_holding(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_octet(reader, name, value, TED_PRIORITIES - 1,
                             &reader->path->holding_priority);
}

static const struct intent_member path_members[] = {
    {"preference", path_take_preference, false},
    {"lsp", path_take_name, false},
    {"bandwidth", intent_take_bandwidth, false},
    {"auto_bandwidth", intent_take_auto_bandwidth, false},
    {"setup_priority", intent_take_setup_priority, false},
    {"holding_priority", path_take_holding, false},
    {"binding", intent_take_binding, false},
    {"segments", path_take_hops, false},
    {"lists", intent_take_lists, false},
    {"hops", path_take_hops, false},
    {"dynamic", intent_take_dynamic, false},
    {NULL, NULL, false},
};

bool intent_take_path(struct intent_reader *reader, const char *list, size_t index,
                      const json_t *value)
{
    struct intent_path *path = reader->path;
    *path = (struct intent_path){.preference = INTENT_PREFERENCE,
                                 .setup_priority = INTENT_PRIORITY_DEFAULT,
                                 .holding_priority = INTENT_PRIORITY_DEFAULT};
    reader->has_hops = false;
    if (!intent_read_item(reader, list, index, value, path_members))
        return false;
    if (path->is_dynamic == (path->hops != NULL))
        return intent_refuse(reader, list, "a path is dynamic, or has segments, lists or hops");
    if (path->has_auto_bandwidth && !path->is_dynamic)
        return intent_refuse(reader, list, "only a dynamic path has auto_bandwidth");
    /* RFC 3209 4.7.3: one that could not hold what it has set up would pre-empt itself. */
    if (path->holding_priority > path->setup_priority)
        return intent_refuse(reader, list, "the holding priority is lower than the setup priority");
    const char *refusal = lsp_binding_refusal(&path->binding, reader->intent->setup_type);
    if (refusal != NULL)
        return intent_refuse(reader, list, refusal);
    bool is_sr = reader->intent->setup_type != PCEP_PST_RSVP_TE;
    if (path->hops != NULL && reader->has_hops == is_sr)
        return intent_refuse(reader, list,
                             is_sr ? "SR-MPLS and SRv6 have segments, no hops"
                                   : "RSVP-TE has hops, no segments");
    return true;
}
