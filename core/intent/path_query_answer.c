/* A path query answered: the search, and what comes of it as JSON. */
#include "core/base/check.h"
#include "core/intent/intent_attributes.h"
#include "core/intent/path_query.h"
#include "core/path/explain.h"
#include "core/requests/metric.h"
#include "core/requests/unmet.h"

#include <stdlib.h>
#include <string.h>

struct answering {
    const struct ted_snapshot *snapshot;
    struct path_request request;
    struct path_result result; /* links and sids are those below */
    uint32_t links[PATH_HOPS_MAX];
    struct path_sid sids[PATH_SIDS_MAX];
    struct path_explanation explanation;
};

static uint32_t answer_find_node(const struct ted_snapshot *snapshot, const char *text)
{
    struct ip address;
    uint32_t node = ted_find_node_by_name(snapshot, text);
    return node == TED_NONE && ip_parse(text, &address)
               ? ted_find_node_by_address(snapshot, &address)
               : node;
}

static const char *answer_node(const struct answering *answering, uint32_t node)
{
    return answering->snapshot->nodes[node].name;
}

/* Appends a new reference and gives the list; NULL: memory ran out. */
static json_t *answer_append(json_t *list, json_t *item)
{
    if (list == NULL)
        json_decref(item);
    else if (json_array_append_new(list, item) == 0)
        return list;
    json_decref(list);
    return NULL;
}

/* ---- the path ---- */

static json_t *answer_nodes(const struct answering *answering)
{
    const struct path_result *result = &answering->result;
    json_t *list = json_array();
    list = answer_append(list, json_string(answer_node(answering, answering->request.source)));
    for (uint32_t i = 0; i < result->link_count && list != NULL; i++)
        list = answer_append(
            list,
            json_string(answer_node(answering, answering->snapshot->links[result->links[i]].to)));
    return list;
}

static json_t *answer_sid(const struct answering *answering, const struct path_sid *sid)
{
    char text[IP_TEXT_SIZE];
    const char *kind = sid->kind == PATH_SID_NODE ? "node" : "adjacency";
    const char *node = answer_node(answering, sid->node);
    if (answering->request.setup == PATH_SETUP_SRV6)
        return json_pack("{s:s,s:s,s:s}", "sid", ip_format(&sid->srv6.sid, text), "kind", kind,
                         "node", node);
    return json_pack("{s:I,s:s,s:s}", "label", (json_int_t)sid->label, "kind", kind, "node", node);
}

static json_t *answer_sids(const struct answering *answering)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < answering->result.sid_count && list != NULL; i++)
        list = answer_append(list, answer_sid(answering, &answering->result.sids[i]));
    return list;
}

/* Those that every link says. */
static json_t *answer_metrics(const struct answering *answering)
{
    json_t *object = json_object();
    for (unsigned m = 0; m < PATH_METRIC_COUNT && object != NULL; m++) {
        if ((answering->result.unmeasured >> m & 1) == 0 &&
            json_object_set_new(object, metric_word((enum path_metric)m),
                                json_real(answering->result.metrics[m])) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

/* ---- why this one ---- */

static json_t *answer_cost(const struct path_price *price)
{
    return price->is_known ? json_real(price->cost) : json_null();
}

/* SID_DEPTH is the list as a whole there (core/path/relax.h). */
static const char *answer_constraint(const struct answering *answering, uint32_t bit)
{
    if (bit == 0)
        return "objective";
    if (bit == PATH_CONSTRAINT_SID_DEPTH)
        bit = PATH_CONSTRAINT_SID_LIST;
    uint16_t unmet = unmet_of_constraints(&answering->request, bit);
    for (unsigned i = 0; i < UNMET_COUNT; i++) {
        if ((unmet & UNMET_BIT(i)) != 0)
            return unmet_name(i);
    }
    return "?";
}

static json_t *answer_why(const struct answering *answering)
{
    const struct path_explanation *explanation = &answering->explanation;
    json_t *list = json_array();
    for (uint32_t i = 0; i < explanation->price_count && list != NULL; i++) {
        const struct path_price *price = &explanation->prices[i];
        list = answer_append(list, json_pack("{s:s,s:o}", "constraint",
                                             answer_constraint(answering, price->constraint),
                                             "cost_without", answer_cost(price)));
    }
    return json_pack("{s:s,s:f,s:o,s:o}", "metric", metric_word(explanation->metric), "cost",
                     explanation->cost, "cost_unconstrained", answer_cost(&explanation->free),
                     "constraints", list);
}

/* ---- why none ---- */

static json_t *answer_names(uint16_t unmet)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < UNMET_COUNT && list != NULL; i++) {
        if ((unmet & UNMET_BIT(i)) != 0)
            list = answer_append(list, json_string(unmet_name(i)));
    }
    return list;
}

static json_t *answer_cut_link(const struct answering *answering, const struct path_cut_link *cut)
{
    const struct ted_link *link = &answering->snapshot->links[cut->link];
    json_t *breaks = answer_names(unmet_of_constraints(&answering->request, cut->breaks));
    if (cut->breaks == 0)
        breaks = answer_append(breaks, json_string("no transit"));
    return json_pack("{s:s,s:s,s:o}", "from", answer_node(answering, link->from), "to",
                     answer_node(answering, link->to), "breaks", breaks);
}

static json_t *answer_cut(const struct answering *answering)
{
    const struct path_cut *cut = &answering->explanation.cut;
    json_t *list = json_array();
    for (uint32_t i = 0; i < cut->count && list != NULL; i++)
        list = answer_append(list, answer_cut_link(answering, &cut->links[i]));
    return list;
}

static json_t *answer_bounds(const struct answering *answering)
{
    const struct path_explanation *explanation = &answering->explanation;
    json_t *list = json_array();
    for (unsigned m = 0; m < PATH_METRIC_SIDS && list != NULL; m++) {
        if ((explanation->reached >> m & 1) != 0)
            list = answer_append(list, json_pack("{s:s,s:f,s:f}", "metric",
                                                 metric_word((enum path_metric)m), "bound",
                                                 answering->request.bounds[m], "least",
                                                 explanation->least[m]));
    }
    return list;
}

static json_t *answer_why_not(const struct answering *answering)
{
    static const char *const words[] = {[PATH_BLAME_NONE] = "none",
                                        [PATH_BLAME_EACH] = "each",
                                        [PATH_BLAME_LEAST] = "least",
                                        [PATH_BLAME_ENOUGH] = "enough"};
    const struct path_result *result = &answering->result;
    return json_pack("{s:s,s:o,s:o,s:I,s:o}", "blame", words[result->blame], "constraints",
                     answer_names(unmet_of_result(&answering->request, result)), "cut",
                     answer_cut(answering), "cut_links",
                     (json_int_t)answering->explanation.cut.total, "bounds",
                     answer_bounds(answering));
}

/* ---- the whole ---- */

static json_t *answer_write(const struct answering *answering)
{
    const struct path_result *result = &answering->result;
    switch (result->outcome) {
    case PATH_FOUND:
        return json_pack("{s:s,s:o,s:o,s:o,s:i,s:I,s:o}", "outcome", "path", "nodes",
                         answer_nodes(answering), "sids", answer_sids(answering), "metrics",
                         answer_metrics(answering), "algorithm", (int)result->algorithm, "work",
                         (json_int_t)result->work, "why", answer_why(answering));
    case PATH_NONE:
        return json_pack("{s:s,s:I,s:o}", "outcome", "no path", "work", (json_int_t)result->work,
                         "why_not", answer_why_not(answering));
    case PATH_WORK_EXCEEDED:
        return json_pack("{s:s,s:I}", "outcome", "work exceeded", "work", (json_int_t)result->work);
    default:
        return NULL;
    }
}

static void answer_keep(struct answering *answering)
{
    struct path_result *result = &answering->result;
    CHECK(result->link_count <= PATH_HOPS_MAX && result->sid_count <= PATH_SIDS_MAX);
    if (result->outcome != PATH_FOUND)
        return;
    if (result->link_count > 0)
        memcpy(answering->links, result->links, result->link_count * sizeof *result->links);
    if (result->sid_count > 0)
        memcpy(answering->sids, result->sids, result->sid_count * sizeof *result->sids);
    result->links = answering->links;
    result->sids = answering->sids;
}

static bool answer_search(struct answering *answering, struct path_engine *engine)
{
    path_compute(engine, answering->snapshot, &answering->request, &answering->result);
    answer_keep(answering);
    return path_explain(engine, answering->snapshot, &answering->request, &answering->result,
                        &answering->explanation);
}

/* The node that is not there is said; NULL: all are. */
static const char *answer_exclude(const struct path_query *query, struct path_avoid *avoid)
{
    for (uint32_t i = 0; i < query->node_count; i++) {
        uint32_t node = answer_find_node(avoid->snapshot, query->nodes[i]);
        if (node == TED_NONE)
            return query->nodes[i];
        path_avoid_node(avoid, node);
    }
    for (uint32_t i = 0; i < query->srlg_count; i++)
        path_avoid_srlg(avoid, query->srlgs[i]);
    return NULL;
}

static void answer_begin(const struct path_query *query, const struct ted_snapshot *snapshot,
                         struct answering *answering)
{
    struct path_request *request = &answering->request;
    answering->snapshot = snapshot;
    intent_request_of(&query->intent, &query->path, request);
    request->source = answer_find_node(snapshot, query->from);
    request->destination = answer_find_node(snapshot, query->to);
    request->objective = query->objective;
    request->algorithm = query->algorithm;
    request->is_algorithm_strict = true;
    if (request->source == TED_NONE || request->destination == TED_NONE)
        return;
    bool is_v4 = snapshot->nodes[request->destination].router_id_v4.family != IP_NONE;
    request->family = is_v4 && request->setup != PATH_SETUP_SRV6 ? IP_V4 : IP_V6;
    request->sids_max = path_sids_max_least(
        request->sids_max, path_sids_max_of_node(snapshot, request->source, request->setup));
}

static json_t *answer_run(const struct path_query *query, struct path_engine *engine,
                          struct answering *answering, struct path_avoid *avoid)
{
    const struct path_request *request = &answering->request;
    const char *unknown = request->source == TED_NONE        ? query->from
                          : request->destination == TED_NONE ? query->to
                                                             : answer_exclude(query, avoid);
    if (unknown != NULL)
        return json_pack("{s:s,s:s}", "outcome", "unknown node", "node", unknown);
    answering->request.excluded = avoid;
    return answer_search(answering, engine) ? answer_write(answering) : NULL;
}

json_t *path_query_answer(const struct path_query *query, struct path_engine *engine,
                          const struct ted_snapshot *snapshot, const struct ted_reservations *held)
{
    const struct path_reservations reservations = {.table = held};
    struct path_avoid avoid = {.snapshot = NULL};
    struct answering *answering = calloc(1, sizeof *answering);
    json_t *json = NULL;
    if (answering != NULL && path_avoid_begin(&avoid, snapshot)) {
        answer_begin(query, snapshot, answering);
        answering->request.reservations = held == NULL ? NULL : &reservations;
        json = answer_run(query, engine, answering, &avoid);
    }
    path_avoid_fini(&avoid);
    free(answering);
    return json;
}
