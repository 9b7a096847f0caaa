#include "core/intent/path_query.h"

#include "core/base/list.h"
#include "core/intent/intent_reader.h"

#include <stdio.h>
#include <string.h>

struct query_reader {
    struct intent_reader reader;
    struct path_query *query;
};

static struct path_query *query_of(struct intent_reader *reader)
{
    return CONTAINER_OF(reader, struct query_reader, reader)->query;
}

static bool query_take_node(struct intent_reader *reader, const char *name, const json_t *value,
                            char node[PATH_QUERY_NODE_SIZE])
{
    size_t size = json_string_length(value);
    if (!json_is_string(value) || size == 0 || size >= PATH_QUERY_NODE_SIZE)
        return intent_refuse(reader, name, "must be the name or an address of a node");
    memcpy(node, json_string_value(value), size + 1);
    return true;
}

static bool query_take_from(struct intent_reader *reader, const char *name, const json_t *value)
{
    return query_take_node(reader, name, value, query_of(reader)->from);
}

static bool query_take_to(struct intent_reader *reader, const char *name, const json_t *value)
{
    return query_take_node(reader, name, value, query_of(reader)->to);
}

static bool query_take_objective(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    static const char *const words[] = {[PATH_MIN_METRIC] = "metric",
                                        [PATH_MIN_MAX_LOAD] = "load",
                                        [PATH_MAX_RESIDUAL_BANDWIDTH] = "residual-bandwidth"};
    const char *word = json_string_value(value);
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            query_of(reader)->objective = (enum path_objective)i;
            return true;
        }
    }
    return intent_refuse(reader, name, "must be metric, load or residual-bandwidth");
}

static bool query_take_algorithm(struct intent_reader *reader, const char *name,
                                 const json_t *value)
{
    uint8_t *algorithm = &query_of(reader)->algorithm;
    if (!intent_take_octet(reader, name, value, UINT8_MAX, algorithm))
        return false;
    return *algorithm == 0 || *algorithm >= TED_FLEX_ALGORITHM_MIN ||
           intent_refuse(reader, name, "must be 0 or a flexible algorithm, 128 to 255");
}

static bool query_is_list(struct intent_reader *reader, const char *name, const json_t *value)
{
    return (json_is_array(value) && json_array_size(value) <= PATH_QUERY_EXCLUDED_MAX) ||
           intent_refuse(reader, name, "must be a list of at most 32 entries");
}

static bool query_take_nodes(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct path_query *query = query_of(reader);
    bool is_good = query_is_list(reader, name, value);
    for (size_t i = 0; is_good && i < json_array_size(value); i++)
        is_good = query_take_node(reader, name, json_array_get(value, i),
                                  query->nodes[query->node_count++]);
    return is_good;
}

static bool query_take_srlgs(struct intent_reader *reader, const char *name, const json_t *value)
{
    struct path_query *query = query_of(reader);
    bool is_good = query_is_list(reader, name, value);
    for (size_t i = 0; is_good && i < json_array_size(value); i++)
        is_good = intent_take_number(reader, name, json_array_get(value, i), UINT32_MAX,
                                     &query->srlgs[query->srlg_count++]);
    return is_good;
}

static const struct intent_member query_members[] = {
    {"from", query_take_from, true},
    {"to", query_take_to, true},
    {"setup_type", intent_take_setup, false},
    {"bandwidth", intent_take_bandwidth, false},
    {"setup_priority", intent_take_setup_priority, false},
    {"objective", query_take_objective, false},
    {"algorithm", query_take_algorithm, false},
    {"exclude_nodes", query_take_nodes, false},
    {"exclude_srlgs", query_take_srlgs, false},
    {"dynamic", intent_take_dynamic, false},
    {NULL, NULL, false},
};

bool path_query_read(const json_t *json, struct path_query *query, struct intent_fault *fault)
{
    struct query_reader reading = {.query = query};
    *query = (struct path_query){.intent.setup_type = PCEP_PST_SR,
                                 .path.setup_priority = INTENT_PRIORITY_DEFAULT};
    reading.reader.intent = &query->intent;
    reading.reader.path = &query->path;
    reading.reader.fault = fault;
    return intent_read_object(&reading.reader, json, query_members);
}
