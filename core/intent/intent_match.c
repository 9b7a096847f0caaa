/* What a PCC reports of the attributes, against what is wanted. What it does not report is as wanted
 * where that is the default; elsewhere it is asked for, once (look_see.c). */
#include "core/intent/intent_attributes.h"

#include "core/intent/intent_binding.h"
#include "core/intent/intent_group.h"
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_color.h"
#include "core/lsp/profile.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/lsp_reading.h"
#include "core/requests/metric.h"

static bool match_is_equal(float a, float b)
{
    return !(a < b) && !(a > b);
}

static bool match_bandwidth(const struct intent_path *path, const struct pcep_lsp_state *state)
{
    const struct pcep_object *object;
    if (path->has_auto_bandwidth)
        return true; /* it is what traffic asks for */
    if (!pcep_get(state->bandwidth, &object))
        return !(path->bandwidth > 0);
    return match_is_equal(((const struct pcep_bandwidth *)object->body)->bandwidth,
                          path->bandwidth);
}

/* Where nothing is said of it in an order, a router may have priorities of its own. */
static bool match_lspa(const struct intent *intent, const struct intent_path *path,
                       const struct pcep_lsp_state *state)
{
    const struct pcep_lspa wanted = intent_lspa_of(path);
    bool is_said = intent_has_lspa(intent, path);
    const struct pcep_object *object;
    if (!pcep_get(state->lspa, &object))
        return !is_said;
    const struct pcep_lspa *lspa = object->body;
    bool has_affinities = lspa->exclude_any == wanted.exclude_any &&
                          lspa->include_any == wanted.include_any &&
                          lspa->include_all == wanted.include_all;
    bool has_priorities = lspa->setup_priority == wanted.setup_priority &&
                          lspa->holding_priority == wanted.holding_priority;
    bool has_protection =
        wanted.flags == 0 || ((lspa->flags ^ wanted.flags) & (PCEP_LSPA_L | PCEP_LSPA_E)) == 0;
    return has_affinities && (!is_said || (has_priorities && has_protection));
}

static bool match_bound(const struct intent_path *path, const struct pcep_metric *metric,
                        uint32_t *found)
{
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        if (metric_type((enum path_metric)i) != metric->type)
            continue;
        *found |= 1U << i;
        return (path->dynamic.bound_mask & (1U << i)) != 0 &&
               match_is_equal(metric->value, (float)path->dynamic.bounds[i]);
    }
    return true; /* none of ours */
}

static bool match_bounds(const struct intent_path *path, const struct pcep_lsp_state *state)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < state->metric_count; i++) {
        const struct pcep_metric *metric = state->metrics[i]->body;
        if ((metric->flags & PCEP_METRIC_B) != 0 && !match_bound(path, metric, &found))
            return false;
    }
    return !path->is_dynamic || found == path->dynamic.bound_mask;
}

/* ---- the policy ---- */

/* Where the TLVs of an ASSOCIATION begin (RFC 8697 6.1): behind the source, which is IPv4 in
 * Object-Type 1. The codec has walked these octets when they came. */
static size_t match_tlvs_at(const struct lsp_membership *membership)
{
    bool is_v4 = membership->octets[1] >> 4 == 1;
    return is_v4 ? 16 : 28;
}

static bool match_has_type(uint16_t type, enum pcep_tlv_id id)
{
    return pcep_tlv_get(id)->type == type;
}

/* SRPOLICY-CPATH-PREFERENCE, in whichever form. False: it is not reported. */
static bool match_find_preference(const struct lsp_membership *membership, uint32_t *preference)
{
    struct wire_reader reader = wire_reader_init(membership->octets, membership->size);
    wire_skip(&reader, match_tlvs_at(membership));
    while (!reader.failed && wire_left(&reader) > 0) {
        uint16_t type = wire_u16(&reader), size = wire_u16(&reader);
        struct wire_reader body = wire_sub(&reader, size);
        *preference = wire_u32(&body);
        if (!body.failed && (match_has_type(type, PCEP_TLV_SRPOLICY_CPATH_PREFERENCE) ||
                             match_has_type(type, PCEP_TLV_SRPOLICY_CPATH_PREFERENCE_OLD)))
            return true;
        wire_skip(&reader, (4U - size % 4U) % 4U);
    }
    return false;
}

static bool match_preference(const struct intent_path *path, const struct lsp *reported)
{
    uint32_t preference;
    for (const struct lsp_membership *at = reported->memberships; at != NULL; at = at->next)
        if (lsp_profile_association_bit(at->group->type) != 0 &&
            match_find_preference(at, &preference) && preference != path->preference)
            return false;
    return true;
}

static bool match_policy(const struct intent *intent, const struct intent_path *path,
                         const struct lsp *reported)
{
    uint32_t color;
    if (lsp_color_of(reported, &color) && (!intent->has_color || color != intent->color))
        return false;
    if (intent_group_is_other(&intent->group, reported))
        return false;
    return !intent_is_policy(intent) || match_preference(path, reported);
}

enum intent_match intent_attributes_match(const struct intent *intent,
                                          const struct intent_path *path,
                                          const struct lsp *reported, struct arena *arena)
{
    struct lsp_reading reading;
    if (!lsp_reading_of(reported, arena, &reading))
        return INTENT_MATCH;
    if (!match_policy(intent, path, reported))
        return INTENT_MATCH_POLICY;
    bool is_same = match_bandwidth(path, reading.state) &&
                   match_lspa(intent, path, reading.state) && match_bounds(path, reading.state) &&
                   intent_binding_to_ask(&path->binding, reported).what == LSP_BINDING_NONE;
    return is_same ? INTENT_MATCH : INTENT_MATCH_OTHER;
}
