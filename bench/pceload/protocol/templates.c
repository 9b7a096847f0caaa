#include "bench/pceload/protocol/templates.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <string.h>

/* ---- making ---- */

static struct wire_writer begin_form(struct form *form)
{
    *form = (struct form){0};
    return wire_writer_init(form->octets, sizeof form->octets);
}

static void finish_form(struct form *form, struct wire_writer *writer, size_t message)
{
    pcep_message_close(writer, message);
    CHECK(!writer->failed);
    form->size = (uint32_t)wire_written(writer);
}

/* Without an MSD there is no limit to the depth. */
static void put_capability(struct wire_writer *writer, const struct options *options)
{
    const uint16_t h_encaps = (uint16_t)(PCEP_MSD_H_ENCAPS << 8 | (options->msd & UINT8_MAX));
    const struct pcep_srv6_pce_capability srv6 = {.msds = &h_encaps, .count = options->msd != 0};
    const struct pcep_sr_pce_capability sr = {.flags = options->msd == 0 ? PCEP_SR_CAPABILITY_X : 0,
                                              .msd = (uint8_t)options->msd};
    if (options->setup == SETUP_SRV6)
        pcep_tlv_put(writer, PCEP_TLV_SRV6_PCE_CAPABILITY, &srv6);
    else
        pcep_tlv_put(writer, PCEP_TLV_SR_PCE_CAPABILITY, &sr);
}

static void templates_make_open(struct form *form, const struct options *options)
{
    const uint8_t psts[] = {PCEP_PST_RSVP_TE,
                            options->setup == SETUP_SRV6 ? PCEP_PST_SRV6 : PCEP_PST_SR};
    const struct pcep_open open = {.version = 1,
                                   .keepalive_s = (uint8_t)options->keepalive_s,
                                   .dead_timer_s = (uint8_t)options->dead_timer_s,
                                   .sid = 1};
    const struct pcep_stateful_pce_capability stateful = {.flags =
                                                              PCEP_STATEFUL_U | PCEP_STATEFUL_I};
    const struct pcep_path_setup_type_capability capability = {.psts = psts, .count = 2};
    struct wire_writer writer = begin_form(form);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_OPEN);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_OPEN, 0, &open);
    if (options->is_stateful)
        pcep_tlv_put(&writer, PCEP_TLV_STATEFUL_PCE_CAPABILITY, &stateful);
    size_t tlv = pcep_tlv_open(&writer, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY, &capability);
    put_capability(&writer, options);
    pcep_tlv_close(&writer, tlv);
    pcep_object_close(&writer, object);
    finish_form(form, &writer, message);
}

static void make_keepalive(struct form *form)
{
    struct wire_writer writer = begin_form(form);
    finish_form(form, &writer, pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE));
}

static void make_close(struct form *form)
{
    const struct pcep_close close = {.reason = PCEP_CLOSE_NO_EXPLANATION};
    struct wire_writer writer = begin_form(form);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_CLOSE);
    pcep_object_put(&writer, PCEP_OBJECT_CLOSE, 0, &close);
    finish_form(form, &writer, message);
}

static void put_constraints(struct form *form, struct wire_writer *writer, enum request_kind kind)
{
    /* What a request without LSPA asks for (RFC 5440 7.11), and bandwidths are drawn for. */
    const struct pcep_lspa lspa = {.setup_priority = 0, .holding_priority = 0};
    const struct pcep_bandwidth bandwidth = {0};
    const struct pcep_metric metric = {.flags = PCEP_METRIC_C, .type = PCEP_METRIC_TYPE_TE};
    if (kind == REQUEST_AFFINITY || kind == REQUEST_ALL) {
        form->lspa_at = (uint32_t)wire_written(writer) + PCEP_OBJECT_HEADER_SIZE;
        pcep_object_put(writer, PCEP_OBJECT_LSPA, PCEP_OBJECT_FLAG_P, &lspa);
    }
    if (kind == REQUEST_BANDWIDTH || kind == REQUEST_ALL) {
        form->bandwidth_at = (uint32_t)wire_written(writer) + PCEP_OBJECT_HEADER_SIZE;
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &bandwidth);
    }
    if (kind == REQUEST_METRIC || kind == REQUEST_ALL)
        pcep_object_put(writer, PCEP_OBJECT_METRIC, PCEP_OBJECT_FLAG_P, &metric);
}

static void templates_make_request(struct form *form, const struct options *options, bool is_v6,
                                   enum request_kind kind)
{
    const struct pcep_rp rp = {.request_id = 1};
    const struct pcep_path_setup_type setup = {.pst = options->setup == SETUP_SRV6 ? PCEP_PST_SRV6
                                                                                   : PCEP_PST_SR};
    struct wire_writer writer = begin_form(form);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    if (options->setup != SETUP_RSVP)
        pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(&writer, object);
    form->ends_at = (uint32_t)wire_written(&writer) + PCEP_OBJECT_HEADER_SIZE;
    if (is_v6) {
        const struct ip none = {.family = IP_V6};
        const struct pcep_end_points_v6 ends = {none, none};
        pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V6, PCEP_OBJECT_FLAG_P, &ends);
    } else {
        const struct ip none = {.family = IP_V4};
        const struct pcep_end_points_v4 ends = {none, none};
        pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    }
    put_constraints(form, &writer, kind);
    finish_form(form, &writer, message);
}

/* RFC 8231 5.6: PLSP-ID 0, no flags, an empty ERO; with the identifiers that 7.3.1 wants. */
static void make_end_of_sync(struct form *form, bool is_v6)
{
    const struct pcep_lsp lsp = {.plsp_id = 0};
    const struct ip none = {.family = is_v6 ? IP_V6 : IP_V4};
    const struct pcep_ipv4_lsp_identifiers identifiers = {
        .sender = none, .extended_tunnel_id = none, .endpoint = none};
    struct wire_writer writer = begin_form(form);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    pcep_tlv_put(&writer, is_v6 ? PCEP_TLV_IPV6_LSP_IDENTIFIERS : PCEP_TLV_IPV4_LSP_IDENTIFIERS,
                 &identifiers);
    pcep_object_close(&writer, object);
    pcep_object_put(&writer, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, NULL);
    finish_form(form, &writer, message);
}

/* Between two addresses of documentation (RFC 5737), so that it takes next to no time. */
static void make_mark(struct form *form)
{
    const struct pcep_rp rp = {.request_id = TEMPLATES_MARK_ID};
    const struct pcep_end_points_v4 ends = {ip_from_u32(UINT32_C(0xcb007101)),
                                            ip_from_u32(UINT32_C(0xcb007102))};
    struct wire_writer writer = begin_form(form);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    pcep_object_put(&writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    finish_form(form, &writer, message);
}

/* A PCReq whose octet at `offset` is another one. */
static void spoil(struct templates *templates, unsigned kind, uint32_t offset, uint8_t value)
{
    templates->malformed[kind] = templates->requests[REQUEST_PLAIN];
    templates->malformed[kind].octets[offset] = value;
}

/* Mistakes of all depths: some end the session, others only their request (RFC 5440 6.7, 7.2). */
static void make_malformed(struct templates *templates)
{
    uint32_t ends = templates->requests[REQUEST_PLAIN].ends_at - PCEP_OBJECT_HEADER_SIZE;
    spoil(templates, 0, 7, 0);           /* an RP of no length */
    spoil(templates, 1, ends + 3, 64);   /* END-POINTS that run past the message */
    spoil(templates, 2, 1, 200);         /* a type of message that nobody knows */
    spoil(templates, 3, ends, 99);       /* an object class that nobody knows, to be processed */
    spoil(templates, 4, 5, 0x10);        /* an RP without P */
    spoil(templates, 5, ends + 1, 0xf2); /* an object type that nobody knows */
}

void templates_make(struct templates *templates, const struct options *options, bool is_v6)
{
    *templates = (struct templates){.is_v6 = is_v6};
    templates_make_open(&templates->open, options);
    make_keepalive(&templates->keepalive);
    make_close(&templates->close);
    for (unsigned kind = 0; kind < REQUEST_KINDS; kind++)
        templates_make_request(&templates->requests[kind], options, is_v6, (enum request_kind)kind);
    make_malformed(templates);
    if (options->is_stateful)
        report_forms_make(&templates->reports, options, is_v6);
    make_end_of_sync(&templates->end_of_sync, is_v6);
    make_mark(&templates->mark);
}

/* ---- use ---- */

static void templates_put_u32(uint8_t *to, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(to, &value, sizeof value);
}

size_t templates_put_request(const struct templates *templates, enum request_kind kind,
                             const struct request_values *values, uint8_t *to)
{
    const struct form *form = &templates->requests[kind];
    size_t size = templates->is_v6 ? 16 : 4;
    memcpy(to, form->octets, form->size);
    templates_put_u32(to + REQUEST_ID_AT, values->id);
    memcpy(to + form->ends_at, values->source, size);
    memcpy(to + form->ends_at + size, values->destination, size);
    if (form->lspa_at != 0) {
        templates_put_u32(to + form->lspa_at, values->exclude_any);
        templates_put_u32(to + form->lspa_at + 4, values->include_any);
    }
    if (form->bandwidth_at != 0) {
        uint32_t bits;
        memcpy(&bits, &values->bandwidth, sizeof bits);
        templates_put_u32(to + form->bandwidth_at, bits);
    }
    return form->size;
}
