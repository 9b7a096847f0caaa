/* Showing the answers of pcectl request: a table, or one JSON document. */
#include "core/pcep/error.h"
#include "server/pcectl/request/request.h"

#include "core/requests/metric.h"
#include "core/requests/unmet.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE        256
#define METRIC_TEXT_SIZE 16

static const char *show_outcome_text(const struct request_answer *answer)
{
    switch (answer->outcome) {
    case REQUEST_PATH:
        return "path";
    case REQUEST_NO_PATH:
        return "NO-PATH";
    case REQUEST_ERROR:
        return "PCErr";
    case REQUEST_BAD:
        return "bad reply";
    case REQUEST_TIMEOUT:
        return "timeout";
    case REQUEST_WAITING:
    case REQUEST_LOST:
        return "lost";
    }
    return "?";
}

/* The name of the node that has the address, or the address. */
static void name_address(const struct request_plan *plan, const struct ip *ip, char *text,
                         size_t size)
{
    char address[IP_TEXT_SIZE];
    uint32_t node = TED_NONE;
    if (plan->topology != NULL)
        node = ted_find_node_by_address(plan->topology, ip);
    (void)snprintf(text, size, "%s",
                   node == TED_NONE ? ip_format(ip, address) : plan->topology->nodes[node].name);
}

/* Where a label stack leads, hop by hop. */
struct trail {
    const struct request_plan *plan;
    uint32_t at; /* the node that reads the next label, or TED_NONE when that is not known */
};

static struct trail begin_trail(const struct request_plan *plan, const struct request_pair *pair)
{
    struct trail trail = {plan, TED_NONE};
    if (plan->topology != NULL)
        trail.at = ted_find_node_by_address(plan->topology, &pair->from);
    return trail;
}

/* Whether a neighbour of the reader takes the label for this prefix SID index: a node segment is
 * pushed in the SRGB of the next router (RFC 8660 2.10.1). */
static bool is_label_of(const struct trail *trail, uint32_t index, uint32_t label)
{
    const struct ted_snapshot *topology = trail->plan->topology;
    for (uint32_t i = topology->first_edge[trail->at]; i < topology->first_edge[trail->at + 1];
         i++) {
        if (ted_label_of_index(topology, topology->edges[i].node, index) == label)
            return true;
    }
    return false;
}

static uint32_t find_node_segment(const struct trail *trail, uint32_t label)
{
    const struct ted_snapshot *topology = trail->plan->topology;
    for (uint32_t node = 0; node < topology->node_count; node++) {
        struct ted_range sids = topology->nodes[node].prefix_sids;
        for (uint32_t i = sids.first; i < sids.first + sids.count; i++) {
            if (is_label_of(trail, topology->prefix_sids[i].index, label))
                return node;
        }
    }
    return TED_NONE;
}

/* The directed link of the reader with this adjacency SID. */
static uint32_t find_adjacency(const struct trail *trail, uint32_t label)
{
    const struct ted_snapshot *topology = trail->plan->topology;
    for (uint32_t i = topology->first_edge[trail->at]; i < topology->first_edge[trail->at + 1];
         i++) {
        struct ted_range sids = topology->links[topology->edges[i].link].adj_sids;
        for (uint32_t k = sids.first; k < sids.first + sids.count; k++) {
            if (topology->adj_sids[k].label == label)
                return topology->edges[i].link;
        }
    }
    return TED_NONE;
}

static bool is_sid_among(const struct ted_snapshot *topology, struct ted_range sids,
                         const struct ip *sid)
{
    for (uint32_t i = sids.first; i < sids.first + sids.count; i++)
        if (ip_is_equal(&topology->srv6_sids[i].sid, sid))
            return true;
    return false;
}

/* The directed link, the reader's or not, or the node that has the SID of SRv6. */
static void find_srv6(const struct ted_snapshot *topology, const struct ip *sid, uint32_t *link,
                      uint32_t *node)
{
    *link = *node = TED_NONE;
    for (uint32_t i = 0; i < topology->link_count && *link == TED_NONE; i++)
        if (is_sid_among(topology, topology->links[i].srv6_sids, sid))
            *link = i;
    for (uint32_t i = 0; i < topology->node_count && *node == TED_NONE; i++)
        if (is_sid_among(topology, topology->nodes[i].srv6_sids, sid))
            *node = i;
}

/* "Lyon" for a node segment, "Lyon>Paris" for an adjacency; "" when the topology does not tell. */
static void show_follow_segment(struct trail *trail, const struct request_hop *hop, char *text,
                                size_t size)
{
    const struct ted_snapshot *topology = trail->plan->topology;
    uint32_t link = TED_NONE, node = TED_NONE;
    text[0] = '\0';
    if (trail->at == TED_NONE)
        return;
    if (hop->kind == PCEP_SUBOBJECT_SRV6)
        find_srv6(topology, &hop->sid, &link, &node);
    else
        link = find_adjacency(trail, hop->label);
    if (link != TED_NONE)
        node = topology->links[link].to;
    else if (hop->kind == PCEP_SUBOBJECT_SR)
        node = find_node_segment(trail, hop->label);
    if (link != TED_NONE)
        (void)snprintf(text, size, "%s>%s", topology->nodes[topology->links[link].from].name,
                       topology->nodes[node].name);
    else if (node != TED_NONE)
        (void)snprintf(text, size, "%s", topology->nodes[node].name);
    trail->at = node;
}

/* What the hop itself says of where it leads: its NAI. */
static void follow_nai(struct trail *trail, const struct request_hop *hop, char *text, size_t size)
{
    char local[TEXT_SIZE];
    char remote[TEXT_SIZE];
    const struct ip *end = hop->remote.family != IP_NONE ? &hop->remote : &hop->local;
    name_address(trail->plan, &hop->local, local, sizeof local);
    name_address(trail->plan, end, remote, sizeof remote);
    if (end == &hop->remote)
        (void)snprintf(text, size, "%s>%s", local, remote);
    else
        (void)snprintf(text, size, "%s", local);
    if (trail->plan->topology != NULL)
        trail->at = ted_find_node_by_address(trail->plan->topology, end);
}

/* "16004 Lyon", "24007 Lyon>Paris", "fcbb:bb:4:1:: Lyon" */
static void name_segment(struct trail *trail, const struct request_hop *hop, char *text,
                         size_t size)
{
    char name[2 * TEXT_SIZE + 4] = "", sid[IP_TEXT_SIZE] = "-";
    bool has_sid = hop->has_label || hop->sid.family != IP_NONE;
    if (hop->has_label)
        (void)snprintf(sid, sizeof sid, "%u", hop->label);
    else if (has_sid)
        (void)ip_format(&hop->sid, sid);
    if (hop->local.family != IP_NONE)
        follow_nai(trail, hop, name, sizeof name);
    else if (has_sid)
        show_follow_segment(trail, hop, name, sizeof name);
    (void)snprintf(text, size, "%s%s%s", sid, name[0] == '\0' ? "" : " ", name);
}

/* A segment, "192.0.2.1", "Lyon interface 7" */
static void name_hop(struct trail *trail, const struct request_hop *hop, char *text, size_t size)
{
    char name[2 * TEXT_SIZE + 4] = "";
    switch (hop->kind) {
    case PCEP_SUBOBJECT_SR:
    case PCEP_SUBOBJECT_SRV6:
        name_segment(trail, hop, text, size);
        break;
    case PCEP_SUBOBJECT_IPV4_PREFIX:
    case PCEP_SUBOBJECT_IPV6_PREFIX:
        name_address(trail->plan, &hop->local, text, size);
        break;
    case PCEP_SUBOBJECT_UNNUMBERED:
        name_address(trail->plan, &hop->local, name, sizeof name);
        (void)snprintf(text, size, "%s interface %u", name, hop->interface_id);
        break;
    default:
        (void)snprintf(text, size, "(%s)",
                       hop->kind == PCEP_SUBOBJECT_COUNT ? "unknown hop"
                                                         : pcep_subobject_get(hop->kind)->name);
        break;
    }
}

/* The words of the NO-PATH-VECTOR bits that a PCE of today sets. */
static const struct {
    uint32_t bit;
    const char *text;
} reasons[] = {
    {PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE, "PCE unavailable"},
    {PCEP_NO_PATH_VECTOR_UNKNOWN_DESTINATION, "unknown destination"},
    {PCEP_NO_PATH_VECTOR_UNKNOWN_SOURCE, "unknown source"},
    {PCEP_NO_PATH_VECTOR_NO_GCO_SOLUTION, "no global solution"},
    {PCEP_NO_PATH_VECTOR_NO_DISJOINT_PATH, "no disjoint path"},
};

/* "te", or "metric-17" for one that the engine does not have. */
static const char *name_metric(uint8_t type, char text[METRIC_TEXT_SIZE])
{
    enum path_metric metric = metric_of_type(type);
    if (metric != PATH_METRIC_COUNT)
        return metric_word(metric);
    (void)snprintf(text, METRIC_TEXT_SIZE, "metric-%u", type);
    return text;
}

/* ---- constraints that cannot be met ---- */

static json_t *json_of_unmet(const struct request_answer *answer)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < UNMET_COUNT; i++) {
        if ((answer->unmet & UNMET_BIT(i)) != 0)
            (void)json_array_append_new(array, json_string(unmet_name(i)));
    }
    for (uint32_t i = 0; i < answer->metric_count; i++) {
        char text[METRIC_TEXT_SIZE];
        uint8_t type = answer->metrics[i].type;
        if (metric_of_type(type) == PATH_METRIC_COUNT)
            (void)json_array_append_new(array,
                                        json_sprintf("bound on %s", name_metric(type, text)));
    }
    return array;
}

static void describe_unmet(const struct request_answer *answer, char *text, size_t size)
{
    json_t *unmet = json_of_unmet(answer);
    const json_t *name;
    size_t i;
    size_t used = 0;
    json_array_foreach(unmet, i, name)
    {
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     i == 0 ? "cannot be met: " : ", ", json_string_value(name));
    }
    if (used == 0)
        (void)snprintf(text, size, "constraints cannot be met");
    json_decref(unmet);
}

static void describe_reasons(const struct request_answer *answer, char *text, size_t size)
{
    uint32_t bits = answer->reasons;
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0] && used < size; i++) {
        if ((bits & reasons[i].bit) != 0)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     reasons[i].text);
    }
    if (bits == 0)
        describe_unmet(answer, text, size);
}

static void describe_metrics(const struct request_answer *answer, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    if (answer->outcome != REQUEST_PATH)
        return;
    for (uint32_t i = 0; i < answer->metric_count && used < size; i++) {
        const struct pcep_metric *metric = &answer->metrics[i];
        char name[METRIC_TEXT_SIZE];
        used += (size_t)snprintf(text + used, size - used, "%s%s %.9g", used == 0 ? "" : ", ",
                                 name_metric(metric->type, name), (double)metric->value);
    }
}

/* ---- table ---- */

struct widths {
    int from, to, cost;
};

static void widen(int *width, const char *text)
{
    int size = (int)strlen(text);
    if (size > *width)
        *width = size;
}

static struct widths show_measure(const struct request_plan *plan)
{
    struct widths widths = {4, 2, 4};
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        char text[TEXT_SIZE];
        name_address(plan, &plan->pairs[i].from, text, sizeof text);
        widen(&widths.from, text);
        name_address(plan, &plan->pairs[i].to, text, sizeof text);
        widen(&widths.to, text);
        describe_metrics(&plan->answers[i], text, sizeof text);
        widen(&widths.cost, text);
    }
    return widths;
}

static void show_print_detail(const struct request_plan *plan, uint32_t index)
{
    const struct request_answer *answer = &plan->answers[index];
    struct trail trail = begin_trail(plan, &plan->pairs[index]);
    char text[TEXT_SIZE * 3];
    switch (answer->outcome) {
    case REQUEST_PATH:
        for (uint32_t i = 0; i < answer->hop_count; i++) {
            name_hop(&trail, &answer->hops[i], text, sizeof text);
            printf("%s%s", i == 0 ? "" : " | ", text);
        }
        break;
    case REQUEST_NO_PATH:
        describe_reasons(answer, text, sizeof text);
        printf("%s", text);
        break;
    case REQUEST_ERROR:
        printf("%u/%u %s %s", answer->error_type, answer->error_value,
               pcep_error_type_text(answer->error_type),
               pcep_error_text(answer->error_type, answer->error_value));
        break;
    case REQUEST_BAD:
        printf("neither a path nor NO-PATH");
        break;
    case REQUEST_WAITING:
    case REQUEST_TIMEOUT:
    case REQUEST_LOST:
        break;
    }
    printf("\n");
}

static bool was_answered(const struct request_answer *answer)
{
    return answer->outcome == REQUEST_PATH || answer->outcome == REQUEST_NO_PATH ||
           answer->outcome == REQUEST_ERROR || answer->outcome == REQUEST_BAD;
}

static void show_print_row(const struct request_plan *plan, uint32_t index,
                           const struct widths *widths)
{
    const struct request_answer *answer = &plan->answers[index];
    char from[TEXT_SIZE];
    char to[TEXT_SIZE];
    char cost[TEXT_SIZE];
    char latency[24] = "-";
    name_address(plan, &plan->pairs[index].from, from, sizeof from);
    name_address(plan, &plan->pairs[index].to, to, sizeof to);
    describe_metrics(answer, cost, sizeof cost);
    if (was_answered(answer))
        (void)snprintf(latency, sizeof latency, "%llu",
                       (unsigned long long)(answer->latency_ns / 1000));
    printf("%-*s  %-*s  %-7s  %-*s  %6s  ", widths->from, from, widths->to, to,
           show_outcome_text(answer), widths->cost, cost, latency);
    show_print_detail(plan, index);
}

static int compare_latency(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static void print_summary(const struct request_plan *plan)
{
    uint32_t paths = 0, answers = 0;
    uint64_t *latencies = calloc(plan->pair_count, sizeof *latencies);
    if (latencies == NULL)
        return;
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        paths += plan->answers[i].outcome == REQUEST_PATH;
        if (was_answered(&plan->answers[i]))
            latencies[answers++] = plan->answers[i].latency_ns;
    }
    printf("\n%u requests: %u with a path, %u without", plan->pair_count, paths,
           plan->pair_count - paths);
    if (answers > 0) {
        qsort(latencies, answers, sizeof *latencies, compare_latency);
        printf("; %llu us in the median, %llu us at worst",
               (unsigned long long)(latencies[answers / 2] / 1000),
               (unsigned long long)(latencies[answers - 1] / 1000));
    }
    printf("\n");
    free(latencies);
}

static const char *stack_title(uint8_t pst)
{
    switch (pst) {
    case PCEP_PST_SR:
        return "label stack";
    case PCEP_PST_SRV6:
        return "SID list";
    default:
        return "hops";
    }
}

static void show_table(const struct request_plan *plan)
{
    struct widths widths = show_measure(plan);
    printf("%-*s  %-*s  %-7s  %-*s  %6s  %s\n", widths.from, "from", widths.to, "to", "answer",
           widths.cost, "cost", "us", stack_title(plan->pst));
    for (uint32_t i = 0; i < plan->pair_count; i++)
        show_print_row(plan, i, &widths);
    print_summary(plan);
}

/* ---- JSON ---- */

static json_t *json_of_hop(struct trail *trail, const struct request_hop *hop)
{
    char text[TEXT_SIZE * 3];
    json_t *object = json_object();
    if (hop->has_label)
        (void)json_object_set_new(object, "label", json_integer(hop->label));
    if (hop->sid.family != IP_NONE)
        (void)json_object_set_new(object, "sid", json_string(ip_format(&hop->sid, text)));
    if (hop->local.family != IP_NONE)
        (void)json_object_set_new(object, "address", json_string(ip_format(&hop->local, text)));
    if (hop->remote.family != IP_NONE)
        (void)json_object_set_new(object, "remote", json_string(ip_format(&hop->remote, text)));
    if (hop->interface_id != 0)
        (void)json_object_set_new(object, "interface", json_integer(hop->interface_id));
    name_hop(trail, hop, text, sizeof text);
    (void)json_object_set_new(object, "text", json_string(text));
    return object;
}

static json_t *json_of_metrics(const struct request_answer *answer)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < answer->metric_count; i++) {
        char name[METRIC_TEXT_SIZE];
        (void)json_object_set_new(object, name_metric(answer->metrics[i].type, name),
                                  json_real((double)answer->metrics[i].value));
    }
    return object;
}

static void add_detail(const struct request_plan *plan, uint32_t index, json_t *object)
{
    const struct request_answer *answer = &plan->answers[index];
    struct trail trail = begin_trail(plan, &plan->pairs[index]);
    char text[TEXT_SIZE];
    if (answer->outcome == REQUEST_PATH) {
        json_t *hops = json_array();
        for (uint32_t i = 0; i < answer->hop_count; i++)
            (void)json_array_append_new(hops, json_of_hop(&trail, &answer->hops[i]));
        (void)json_object_set_new(object, "metrics", json_of_metrics(answer));
        (void)json_object_set_new(object, "hops", hops);
    } else if (answer->outcome == REQUEST_NO_PATH) {
        describe_reasons(answer, text, sizeof text);
        (void)json_object_set_new(object, "reasons", json_string(text));
        (void)json_object_set_new(object, "reason_bits", json_integer(answer->reasons));
        (void)json_object_set_new(object, "unmet", json_of_unmet(answer));
    } else if (answer->outcome == REQUEST_ERROR) {
        (void)json_object_set_new(object, "error_type", json_integer(answer->error_type));
        (void)json_object_set_new(object, "error_value", json_integer(answer->error_value));
    }
    if (was_answered(answer))
        (void)json_object_set_new(object, "microseconds",
                                  json_integer((json_int_t)(answer->latency_ns / 1000)));
}

static void show_print_json(const struct request_plan *plan)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        char text[TEXT_SIZE];
        json_t *object = json_object();
        name_address(plan, &plan->pairs[i].from, text, sizeof text);
        (void)json_object_set_new(object, "from", json_string(text));
        name_address(plan, &plan->pairs[i].to, text, sizeof text);
        (void)json_object_set_new(object, "to", json_string(text));
        (void)json_object_set_new(object, "answer",
                                  json_string(show_outcome_text(&plan->answers[i])));
        add_detail(plan, i, object);
        (void)json_array_append_new(array, object);
    }
    (void)json_dumpf(array, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(array);
}

void request_show(const struct request_plan *plan)
{
    if (plan->is_json)
        show_print_json(plan);
    else
        show_table(plan);
}

/* The form of the API's errors. */
void request_show_failure(const struct request_plan *plan, const char *text, uint8_t error_type,
                          uint8_t error_value)
{
    (void)fprintf(stderr, "%s\n", text);
    if (!plan->is_json)
        return;
    json_t *error = json_pack("{s:s}", "message", text);
    if (error_type != 0) {
        (void)json_object_set_new(error, "error_type", json_integer(error_type));
        (void)json_object_set_new(error, "error_value", json_integer(error_value));
    }
    json_t *document = json_pack("{s:o}", "error", error);
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(document);
}
