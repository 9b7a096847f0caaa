#include "core/reopt/adjust.h"

#include "core/base/check.h"
#include "core/lsp/adjust_pace.h"
#include "core/pcep/model.h"
#include "core/reopt/route.h"

static bool adjust_is_held(const struct reopt *reopt, const struct lsp *lsp, struct mono now)
{
    const struct lsp_lane *lane =
        reopt->orders == NULL ? NULL : lsp_lane_find(reopt->orders, &lsp->pcc->address);
    return lane != NULL && adjust_pace_is_held(lane, now);
}

static bool adjust_differs(float a, float b)
{
    return a < b || a > b;
}

static bool adjust_is_postponed(const struct lsp_auto_bandwidth *entry, float bandwidth,
                                const struct reopt_scene *scene)
{
    return scene->snapshot != NULL && entry->no_room_serial == scene->snapshot->serial &&
           mono_is_before(scene->now, entry->no_room_until) &&
           !adjust_differs(entry->no_room, bandwidth);
}

void adjust_postpone(const struct adjustment *adjustment, const struct reopt_scene *scene)
{
    struct lsp_auto_bandwidth *entry = adjustment->entry;
    entry->no_room = adjustment->bandwidth;
    entry->no_room_serial = scene->snapshot->serial;
    entry->no_room_until = mono_add_s(scene->now, ADJUST_AGAIN_S);
}

/* What the operator has said of it goes before what its PCC repeats, or leaves out. */
static struct lsp_auto_bandwidth adjust_terms(const struct lsp_auto_bandwidth *entry,
                                              const struct lsp_reading *reading)
{
    struct lsp_auto_bandwidth terms = *entry;
    if (reading->has_wants && reading->wants.auto_bandwidth != NULL)
        terms.attributes = *reading->wants.auto_bandwidth;
    return terms;
}

struct adjustment adjust_of(struct reopt *reopt, const struct lsp_reading *reading,
                            const struct reopt_scene *scene)
{
    struct adjustment adjustment = {.entry = lsp_auto_bandwidth_find(reopt->db, reading->lsp)};
    if (adjustment.entry == NULL)
        return adjustment;
    const struct lsp_auto_bandwidth terms = adjust_terms(adjustment.entry, reading);
    bool is_held = adjust_is_held(reopt, reading->lsp, scene->now);
    adjustment.bandwidth = lsp_auto_bandwidth_wanted(&terms, is_held);
    if (adjust_is_postponed(&terms, adjustment.bandwidth, scene))
        adjustment.bandwidth = terms.granted;
    adjustment.is_due = adjust_differs(adjustment.bandwidth, terms.granted);
    if (is_held && adjust_differs(lsp_auto_bandwidth_wanted(&terms, false), terms.granted))
        (void)slot_set_add(&reopt->held, reading->lsp->slot);
    return adjustment;
}

void adjust_begin(const struct adjustment *adjustment, struct lsp *lsp)
{
    struct lsp_auto_bandwidth *entry = adjustment->entry;
    if (entry == NULL || !adjust_differs(entry->asked, adjustment->bandwidth))
        return;
    entry->asked = adjustment->bandwidth;
    if (lsp->route != NULL)
        lsp->route->moved_turn = 0;
}

/* What the LSP asks to hold, whether it is up or not. */
static struct ted_claim adjust_plain_claim(const struct lsp_reading *reading)
{
    const struct lsp_summary *summary = &reading->instance->summary;
    if (reading->has_wants)
        return reading->wants.claim;
    uint8_t setup = summary->setup_priority < TED_PRIORITIES ? summary->setup_priority : 7;
    return ted_claim_of(summary->bandwidth, setup, summary->holding_priority);
}

struct ted_claim adjust_claim_of(const struct adjustment *adjustment,
                                 const struct lsp_reading *reading)
{
    struct ted_claim claim = adjust_plain_claim(reading);
    if (adjustment->entry != NULL)
        claim.octets_per_s = ted_octets_of_bandwidth(adjustment->bandwidth);
    return claim;
}

bool adjust_is_pending(struct reopt *reopt, const struct lsp *lsp)
{
    const struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(reopt->db, lsp);
    return entry != NULL && entry->asked >= 0 && adjust_differs(entry->asked, entry->granted);
}

struct ted_claim adjust_claim(struct reopt *reopt, const struct lsp_reading *reading,
                              bool is_ordered)
{
    struct adjustment has = {.entry = lsp_auto_bandwidth_find(reopt->db, reading->lsp)};
    if (has.entry != NULL) {
        bool holds_more = is_ordered && has.entry->asked > has.entry->granted;
        has.bandwidth = holds_more ? has.entry->asked : has.entry->granted;
    }
    return adjust_claim_of(&has, reading);
}

/* ---- the update ---- */

static void adjust_put_raw(const struct pcep_object *object, struct wire_writer *writer)
{
    wire_put_octets(writer, object->octets - PCEP_OBJECT_HEADER_SIZE, object->size);
}

/* Without the attributes that were not agreed. */
static void adjust_put_plain_lspa(const struct pcep_object *lspa, struct wire_writer *writer)
{
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSPA, lspa->header_flags, lspa->body);
    for (uint32_t i = 0; i < lspa->tlv_count; i++) {
        const struct pcep_tlv *tlv = &lspa->tlvs[i];
        if (tlv->type == pcep_tlv_get(PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES)->type)
            continue;
        wire_put_octets(writer, tlv->octets - 4, 4U + (tlv->size + 3U) / 4 * 4);
    }
    pcep_object_close(writer, object);
}

void adjust_put_wants(const struct adjustment *adjustment, struct wire_span attributes,
                      struct wire_writer *writer)
{
    const struct pcep_bandwidth body = {.bandwidth = adjustment->bandwidth};
    struct wire_reader reader = wire_reader_init(attributes.octets, attributes.size);
    while (wire_left(&reader) >= PCEP_OBJECT_HEADER_SIZE) {
        const uint8_t *object = attributes.octets + wire_offset(&reader);
        uint8_t class_ = wire_u8(&reader);
        wire_skip(&reader, 1);
        size_t size = wire_u16(&reader);
        CHECK(size >= PCEP_OBJECT_HEADER_SIZE); /* we have written them */
        wire_skip(&reader, size - PCEP_OBJECT_HEADER_SIZE);
        if (adjustment->entry == NULL || class_ != PCEP_CLASS_BANDWIDTH)
            wire_put_octets(writer, object, size);
    }
    if (adjustment->entry != NULL)
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &body);
}

void adjust_put(const struct adjustment *adjustment, const struct lsp_reading *reading,
                struct wire_writer *writer)
{
    const struct pcep_lsp_state *state = reading->state;
    const struct pcep_object *object;
    if (pcep_get(state->lspa, &object)) {
        if (!reading->lsp->pcc->session.may_auto_bandwidth &&
            pcep_find_tlv_entry(object, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES) != NULL)
            adjust_put_plain_lspa(object, writer);
        else
            adjust_put_raw(object, writer);
    }
    if (adjustment->entry != NULL) {
        const struct pcep_bandwidth body = {.bandwidth = adjustment->bandwidth};
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &body);
    } else if (pcep_get(state->bandwidth, &object)) {
        adjust_put_raw(object, writer);
    }
}
