/* The whole of an intent, and what its parts must have in common. */
#include "core/intent/intent_group.h"

#include "core/pcep/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool intent_take_endpoint(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    return intent_take_address(reader, name, value, &reader->intent->endpoint);
}

static bool intent_take_source(struct intent_reader *reader, const char *name, const json_t *value)
{
    reader->intent->has_source = true;
    return intent_take_address(reader, name, value, &reader->intent->source);
}

bool intent_take_setup(struct intent_reader *reader, const char *name, const json_t *value)
{
    static const uint8_t types[] = {PCEP_PST_SR, PCEP_PST_SRV6, PCEP_PST_RSVP_TE};
    const char *text = json_string_value(value);
    for (size_t i = 0; text != NULL && i < sizeof types; i++) {
        if (strcmp(text, intent_setup_text(types[i])) != 0)
            continue;
        reader->intent->setup_type = types[i];
        return true;
    }
    return intent_refuse(reader, name, "must be SR-MPLS, SRv6 or RSVP-TE");
}

static bool intent_take_color(struct intent_reader *reader, const char *name, const json_t *value)
{
    reader->intent->has_color = true;
    return intent_take_number(reader, name, value, UINT32_MAX, &reader->intent->color);
}

/* Read after all others, since the setup type says what hops they have. */
static bool intent_skip_paths(struct intent_reader *reader, const char *name, const json_t *value)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count == 0)
        return intent_refuse(reader, name, "must be a list of one path or more");
    if (count > reader->limits->paths_max || count > INTENT_PATHS_MAX)
        return intent_refuse(reader, name, "has more entries than limits.intent-paths");
    return true;
}

static bool intent_read_paths(struct intent_reader *reader, const json_t *list)
{
    struct intent *intent = reader->intent;
    size_t count = json_array_size(list);
    intent->paths = calloc(count, sizeof *intent->paths);
    reader->has_no_memory |= intent->paths == NULL;
    if (intent->paths == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        reader->path = &intent->paths[i];
        intent->path_count = (uint32_t)i + 1;
        if (!intent_take_path(reader, "paths", i, json_array_get(list, i)))
            return false;
    }
    return true;
}

static const struct intent_member intent_members[] = {
    {"endpoint", intent_take_endpoint, true},
    {"source", intent_take_source, false},
    {"setup_type", intent_take_setup, false},
    {"color", intent_take_color, false},
    {"disjoint", intent_take_group, false},
    {"paths", intent_skip_paths, true},
    {NULL, NULL, false},
};

static void intent_name_paths(struct intent *intent)
{
    for (uint32_t i = 0; i < intent->path_count; i++) {
        struct intent_path *path = &intent->paths[i];
        if (path->has_own_name)
            continue;
        int size =
            intent->path_count == 1
                ? snprintf(path->name, sizeof path->name, "%s", intent->name)
                : snprintf(path->name, sizeof path->name, "%s-%u", intent->name, path->preference);
        path->name_size = (uint8_t)size;
    }
}

/* A policy has one candidate path of a preference that is active, and one LSP of a name. */
static bool intent_check_pair(struct intent_reader *reader, const struct intent_path *a,
                              const struct intent_path *b)
{
    if (a->preference == b->preference)
        return intent_refuse(reader, "paths", "two paths have one preference");
    if (a->name_size == b->name_size && memcmp(a->name, b->name, a->name_size) == 0)
        return intent_refuse(reader, "paths", "two paths have one LSP name");
    return true;
}

static bool intent_check(struct intent_reader *reader)
{
    struct intent *intent = reader->intent;
    if (!intent->has_source && intent->pcc.family != intent->endpoint.family)
        return intent_refuse(reader, "source",
                             "is needed: the PCC's address is of another family than the endpoint");
    if (!intent->has_source)
        intent->source = intent->pcc;
    if (intent->source.family != intent->endpoint.family)
        return intent_refuse(reader, "source", "is of another family than the endpoint");
    if (ip_is_equal(&intent->source, &intent->endpoint))
        return intent_refuse(reader, "endpoint", "is where the paths begin");
    intent_name_paths(intent);
    for (uint32_t i = 0; i < intent->path_count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (!intent_check_pair(reader, &intent->paths[i], &intent->paths[k]))
                return false;
    return true;
}

static bool intent_read_all(struct intent_reader *reader, const json_t *json)
{
    return intent_read_object(reader, json, intent_members) &&
           intent_read_paths(reader, json_object_get(json, "paths")) && intent_check(reader);
}

enum pce_status intent_read(const json_t *json, const struct intent_key *key,
                            const struct intent_limits *limits, struct intent **intent,
                            struct intent_fault *fault)
{
    struct intent *made = calloc(1, sizeof *made);
    if (made == NULL)
        return PCE_NO_MEMORY;
    struct intent_reader reader = {.limits = limits, .intent = made, .fault = fault};
    fault->reason = NULL;
    made->pcc = key->pcc;
    made->setup_type = PCEP_PST_SR;
    bool is_good =
        intent_name_is_valid(key->name, INTENT_NAME_MAX) ||
        intent_refuse(&reader, "name", "must be 1 to 200 printable characters but space, / and \\");
    if (is_good) {
        made->name_size = (uint8_t)strlen(key->name);
        memcpy(made->name, key->name, made->name_size);
    }
    if (is_good && intent_read_all(&reader, json)) {
        *intent = made;
        return PCE_OK;
    }
    intent_destroy(made);
    return reader.has_no_memory ? PCE_NO_MEMORY : PCE_INVALID;
}
