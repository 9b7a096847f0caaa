#include "core/path/explain.h"

#include "core/base/check.h"
#include "core/path/engine.h"

struct explaining {
    struct path_engine *engine;
    const struct ted_snapshot *snapshot;
    const struct path_request *request;
    struct path_explanation *explanation;
    uint64_t work_left;
};

/* false: memory ran out. */
static bool explain_price(struct explaining *explaining, const struct path_request *relaxed,
                          struct path_price *price)
{
    struct path_result result;
    path_attempt(explaining->engine, explaining->snapshot, relaxed, explaining->work_left, &result);
    explaining->work_left -=
        result.work < explaining->work_left ? result.work : explaining->work_left;
    price->is_known = result.outcome == PATH_FOUND;
    price->cost = price->is_known ? result.metrics[relaxed->metric] : 0;
    return result.outcome != PATH_NO_MEMORY;
}

static bool explain_path(struct explaining *explaining)
{
    const struct ted_snapshot *snapshot = explaining->snapshot;
    const struct path_request *request = explaining->request;
    struct path_explanation *explanation = explaining->explanation;
    uint32_t asked = relax_asked(snapshot, request), bits[RELAX_BITS_MAX];
    uint32_t count = relax_list(asked, bits);
    struct path_request relaxed = relax_without(request, asked);
    bool is_enough = explain_price(explaining, &relaxed, &explanation->free);
    CHECK(count < RELAX_BITS_MAX);
    if (request->objective != PATH_MIN_METRIC)
        bits[count++] = 0;
    for (uint32_t i = 0; i < count && is_enough; i++) {
        struct path_price *price = &explanation->prices[explanation->price_count++];
        relaxed = relax_without(request, bits[i]);
        relaxed.objective = bits[i] == 0 ? PATH_MIN_METRIC : request->objective;
        relaxed.undesired = request->undesired;
        price->constraint = bits[i];
        is_enough = explain_price(explaining, &relaxed, price);
    }
    return is_enough;
}

/* By each bounded metric, whatever the others are and however the path is written down. What an algorithm
 * minimises is the metric of its definition, and so the least of no other one. */
static bool explain_bounds(struct explaining *explaining)
{
    struct path_explanation *explanation = explaining->explanation;
    const struct path_request *request = explaining->request;
    const uint32_t not_of_links = PATH_CONSTRAINT_BOUNDS | (uint32_t)PATH_CONSTRAINT_SID_DEPTH;
    struct path_request relaxed = relax_without(request, not_of_links);
    bool is_enough = true;
    if (request->algorithm != 0)
        return true;
    for (unsigned m = 0; m < ADDITIVE_METRIC_COUNT && is_enough; m++) {
        struct path_price price;
        relaxed.metric = (enum path_metric)m;
        if ((request->bound_mask & 1U << m) == 0)
            continue;
        is_enough = explain_price(explaining, &relaxed, &price);
        explanation->reached |= price.is_known ? 1U << m : 0;
        explanation->least[m] = price.cost;
    }
    return is_enough;
}

static bool explain_none(struct explaining *explaining)
{
    return path_cut_find(explaining->engine, explaining->snapshot, explaining->request,
                         &explaining->explanation->cut) &&
           explain_bounds(explaining);
}

bool path_explain(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, struct path_result *result,
                  struct path_explanation *explanation)
{
    struct explaining explaining = {engine, snapshot, request, explanation, engine->work_max};
    bool is_enough = result->outcome != PATH_NO_MEMORY;
    *explanation = (struct path_explanation){.metric = request->metric};
    explanation->cost = result->metrics[request->metric];
    if (result->outcome == PATH_FOUND)
        is_enough = explain_path(&explaining);
    else if (result->outcome == PATH_NONE)
        is_enough = explain_none(&explaining);
    result->work += engine->work_max - explaining.work_left;
    return is_enough;
}
