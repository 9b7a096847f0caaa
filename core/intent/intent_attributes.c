#include "core/intent/intent_attributes.h"

#include "core/base/check.h"
#include "core/base/map.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/requests/metric.h"
#include "core/requests/setup.h"

/* RFC 9488 5 */
static uint8_t attributes_lspa_flags(uint8_t protection)
{
    static const uint8_t flags[] = {
        [TED_UNPROTECTED_PREFERRED] = 0,
        [TED_PROTECTED_PREFERRED] = PCEP_LSPA_L,
        [TED_UNPROTECTED_ONLY] = PCEP_LSPA_E,
        [TED_PROTECTED_ONLY] = PCEP_LSPA_L | PCEP_LSPA_E,
    };
    return flags[protection];
}

struct pcep_lspa intent_lspa_of(const struct intent_path *path)
{
    const struct intent_dynamic *dynamic = &path->dynamic;
    return (struct pcep_lspa){.exclude_any = dynamic->exclude_any,
                              .include_any = dynamic->include_any,
                              .include_all = dynamic->include_all,
                              .setup_priority = path->setup_priority,
                              .holding_priority = path->holding_priority,
                              .flags = attributes_lspa_flags(dynamic->protection)};
}

bool intent_has_lspa(const struct intent *intent, const struct intent_path *path)
{
    const struct pcep_lspa lspa = intent_lspa_of(path);
    bool is_plain = !path->has_auto_bandwidth &&
                    (lspa.exclude_any | lspa.include_any | lspa.include_all) == 0 &&
                    lspa.flags == 0 && lspa.setup_priority == INTENT_PRIORITY_DEFAULT &&
                    lspa.holding_priority == INTENT_PRIORITY_DEFAULT;
    return !is_plain || intent->setup_type == PCEP_PST_RSVP_TE;
}

static void attributes_put_metrics(const struct intent_path *path, struct wire_writer *writer)
{
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        if ((path->dynamic.bound_mask & (1U << i)) == 0)
            continue;
        const struct pcep_metric body = {.flags = PCEP_METRIC_B,
                                         .type = metric_type((enum path_metric)i),
                                         .value = (float)path->dynamic.bounds[i]};
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &body);
    }
}

/* That it begins with, where it follows the traffic. */
static float attributes_bandwidth(const struct intent_path *path)
{
    return path->has_auto_bandwidth ? auto_bandwidth_within(&path->auto_bandwidth, path->bandwidth)
                                    : path->bandwidth;
}

/* RFC 8733 5.2: its attributes are in each message, as long as the bandwidth is to follow. */
static void attributes_put_lspa(const struct intent_path *path, struct wire_writer *writer)
{
    const struct pcep_lspa lspa = intent_lspa_of(path);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSPA, 0, &lspa);
    if (path->has_auto_bandwidth)
        auto_bandwidth_write(&path->auto_bandwidth, writer);
    pcep_object_close(writer, object);
}

void intent_attributes_write(const struct intent *intent, const struct intent_path *path,
                             struct wire_writer *writer)
{
    const struct pcep_bandwidth bandwidth = {.bandwidth = attributes_bandwidth(path)};
    if (intent_has_lspa(intent, path))
        attributes_put_lspa(path, writer);
    if (bandwidth.bandwidth > 0)
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    if (path->is_dynamic)
        attributes_put_metrics(path, writer);
}

uint64_t intent_attributes_digest(const struct intent *intent, const struct intent_path *path)
{
    uint8_t octets[INTENT_ATTRIBUTES_SIZE];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    intent_attributes_write(intent, path, &writer);
    lsp_binding_put(&path->binding, &writer);
    CHECK(!writer.failed);
    return map_hash(octets, wire_written(&writer));
}

void intent_request_of(const struct intent *intent, const struct intent_path *path,
                       struct path_request *request)
{
    const struct intent_dynamic *dynamic = &path->dynamic;
    *request = (struct path_request){
        .source = TED_NONE,
        .destination = TED_NONE,
        .objective = PATH_MIN_METRIC,
        .metric = dynamic->metric,
        .bound_mask = dynamic->bound_mask,
        .bandwidth = attributes_bandwidth(path),
        .priority = path->setup_priority,
        .exclude_any = dynamic->exclude_any,
        .include_any = dynamic->include_any,
        .include_all = dynamic->include_all,
        .sids_max = dynamic->sid_depth,
        .family = intent->endpoint.family,
        .protection = dynamic->protection,
    };
    bool is_computed = setup_of_pst(intent->setup_type, &request->setup);
    CHECK(is_computed);
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++)
        request->bounds[i] = dynamic->bounds[i];
}
