/* What the PCC of pcectl request says: its Open and its requests. */
#include "server/pcectl/request/request.h"

#include "core/pcep/frame.h"
#include "io/os/clock.h"

#define KEEPALIVE_S  30
#define DEAD_TIMER_S 120

/* RSVP-TE and the kind of segment routing that is asked for, with the capability of a node without a
 * limit to its SID depth: a limit that is wanted goes into each request (RFC 8408 3, RFC 8664 4.1.2,
 * 4.5, RFC 9603 4.1.1). */
bool request_write_open(const struct request_plan *plan, struct wire_writer *writer)
{
    const bool is_srv6 = plan->pst == PCEP_PST_SRV6;
    const uint8_t psts[] = {PCEP_PST_RSVP_TE, is_srv6 ? PCEP_PST_SRV6 : PCEP_PST_SR};
    const struct pcep_sr_pce_capability sr = {.flags = PCEP_SR_CAPABILITY_X};
    const struct pcep_srv6_pce_capability srv6 = {.count = 0};
    const struct pcep_path_setup_type_capability capability = {.psts = psts, .count = 2};
    struct pcep_tlv sub = {.row = pcep_tlv_get(PCEP_TLV_SR_PCE_CAPABILITY), .body = &sr};
    if (is_srv6)
        sub = (struct pcep_tlv){.row = pcep_tlv_get(PCEP_TLV_SRV6_PCE_CAPABILITY), .body = &srv6};
    struct pcep_tlv tlv = {.row = pcep_tlv_get(PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY),
                           .body = &capability,
                           .subs = &sub,
                           .sub_count = 1};
    const struct pcep_open body = {.version = PCEP_VERSION,
                                   .keepalive_s = KEEPALIVE_S,
                                   .dead_timer_s = DEAD_TIMER_S,
                                   .sid = (uint8_t)(clock_now().ns / MONO_NS_PER_S)};
    struct pcep_object object = {.row = pcep_object_get(PCEP_OBJECT_OPEN), .body = &body};
    struct pcep_message message = {.row = pcep_message_find(PCEP_MESSAGE_OPEN),
                                   .version = PCEP_VERSION,
                                   .type = PCEP_MESSAGE_OPEN};
    sub.type = sub.row->type;
    tlv.type = tlv.row->type;
    object.class_ = object.row->class_;
    object.type = object.row->type;
    object.tlvs = &tlv;
    object.tlv_count = 1;
    message.objects = &object;
    message.object_count = 1;
    return pcep_encode(&message, writer) == PCE_OK;
}

static void put_metrics(const struct request_plan *plan, struct wire_writer *writer)
{
    const struct pcep_metric wanted = {.flags = PCEP_METRIC_C, .type = plan->metric};
    pcep_object_put(writer, PCEP_OBJECT_METRIC, PCEP_OBJECT_FLAG_P, &wanted);
    for (uint32_t i = 0; i < plan->bound_count; i++)
        pcep_object_put(writer, PCEP_OBJECT_METRIC, PCEP_OBJECT_FLAG_P, &plan->bounds[i]);
    if (plan->msd == 0)
        return;
    const struct pcep_metric msd = {
        .flags = PCEP_METRIC_B, .type = PCEP_METRIC_TYPE_SID_DEPTH, .value = plan->msd};
    pcep_object_put(writer, PCEP_OBJECT_METRIC, PCEP_OBJECT_FLAG_P, &msd);
}

/* RFC 5440 6.4, in its order. */
static void messages_put_request(const struct request_plan *plan, uint32_t index,
                                 struct wire_writer *writer)
{
    const struct request_pair *pair = &plan->pairs[index];
    const struct pcep_rp rp = {.flags = PCEP_RP_O, .request_id = index + 1};
    const struct pcep_end_points ends = {.source = pair->from, .destination = pair->to};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    if (plan->pst != PCEP_PST_RSVP_TE) {
        const struct pcep_path_setup_type setup = {.pst = plan->pst};
        pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    }
    pcep_object_close(writer, object);
    pcep_object_put(
        writer, pair->from.family == IP_V6 ? PCEP_OBJECT_END_POINTS_V6 : PCEP_OBJECT_END_POINTS_V4,
        PCEP_OBJECT_FLAG_P, &ends);
    if (plan->has_lspa) {
        const struct pcep_lspa lspa = {.exclude_any = plan->exclude_any,
                                       .include_any = plan->include_any,
                                       .include_all = plan->include_all,
                                       .setup_priority = plan->priority,
                                       .holding_priority = plan->priority};
        pcep_object_put(writer, PCEP_OBJECT_LSPA, PCEP_OBJECT_FLAG_P, &lspa);
    }
    if (plan->bandwidth > 0) {
        const struct pcep_bandwidth bandwidth = {.bandwidth = plan->bandwidth};
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &bandwidth);
    }
    put_metrics(plan, writer);
    if (plan->objective != 0) {
        const struct pcep_of of = {.code = plan->objective};
        pcep_object_put(writer, PCEP_OBJECT_OF, PCEP_OBJECT_FLAG_P, &of);
    }
}

void request_write_request(const struct request_plan *plan, uint32_t index,
                           struct wire_writer *writer)
{
    size_t message = pcep_message_open(writer, PCEP_MESSAGE_PCREQ);
    messages_put_request(plan, index, writer);
    pcep_message_close(writer, message);
}
