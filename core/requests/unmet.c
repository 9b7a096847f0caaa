#include "core/requests/unmet.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/pcep/registry.h"
#include "core/requests/metric.h"

static const char *const names[UNMET_COUNT] = {
#define NAME(id, name) [UNMET_##id] = (name),
    UNMET_ROWS(NAME)
#undef NAME
#define NAME(metric, word, type) [UNMET_BOUND + PATH_METRIC_##metric] = "bound on " word,
        METRIC_ROWS(NAME)
#undef NAME
};

const char *unmet_name(unsigned unmet)
{
    CHECK(unmet < UNMET_COUNT);
    return names[unmet];
}

/* Which one limits the SID list: the bound of the request, unless the MSD is lower. */
static enum unmet depth_of(const struct path_request *request)
{
    bool is_bounded = (request->bound_mask & (1U << PATH_METRIC_SIDS)) != 0;
    bool binds =
        request->sids_max == 0 || request->bounds[PATH_METRIC_SIDS] <= (double)request->sids_max;
    return is_bounded && binds ? (enum unmet)(UNMET_BOUND + PATH_METRIC_SIDS) : UNMET_SID_DEPTH;
}

uint16_t unmet_of_constraints(const struct path_request *request, uint32_t unsatisfied)
{
    static const struct {
        enum path_constraint constraint;
        enum unmet unmet;
    } rows[] = {
        {PATH_CONSTRAINT_BANDWIDTH, UNMET_BANDWIDTH},
        {PATH_CONSTRAINT_AFFINITY, UNMET_AFFINITIES},
        {PATH_CONSTRAINT_PROTECTION, UNMET_PROTECTION},
        {PATH_CONSTRAINT_HOPS, UNMET_STRICT_HOPS},
        {PATH_CONSTRAINT_SID_LIST, UNMET_SID_LIST},
        {PATH_CONSTRAINT_EXCLUSION, UNMET_EXCLUSION},
        {PATH_CONSTRAINT_ALGORITHM, UNMET_ALGORITHM},
    };
    uint32_t unmet = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((unsatisfied & rows[i].constraint) != 0)
            unmet |= UNMET_BIT(rows[i].unmet);
    }
    unmet |= (unsatisfied & PATH_CONSTRAINT_BOUNDS) / PATH_CONSTRAINT_BOUND(0) << UNMET_BOUND;
    if ((unsatisfied & PATH_CONSTRAINT_SID_DEPTH) != 0)
        unmet |= UNMET_BIT(depth_of(request));
    return (uint16_t)unmet;
}

static void read_metric(struct wire_reader body, float bounds[PATH_METRIC_COUNT])
{
    wire_skip(&body, 2);
    uint8_t flags = wire_u8(&body);
    enum path_metric metric = metric_of_type(wire_u8(&body));
    float value = wire_f32(&body);
    if (!body.failed && metric != PATH_METRIC_COUNT && (flags & PCEP_METRIC_B) != 0)
        bounds[metric] = value;
}

void unmet_read_bounds(struct wire_span response, float bounds[PATH_METRIC_COUNT])
{
    const struct pcep_object_row *row = pcep_object_get(PCEP_OBJECT_METRIC);
    struct wire_reader reader = wire_reader_init(response.octets, response.size);
    while (wire_left(&reader) > 0) {
        uint8_t class = wire_u8(&reader);
        uint8_t type = wire_u8(&reader) >> 4;
        uint16_t size = wire_u16(&reader);
        if (size < PCEP_OBJECT_HEADER_SIZE)
            return;
        struct wire_reader body = wire_sub(&reader, (size_t)size - PCEP_OBJECT_HEADER_SIZE);
        if (class == row->class_ && type == row->type)
            read_metric(body, bounds);
    }
}
