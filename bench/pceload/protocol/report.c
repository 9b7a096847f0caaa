#include "bench/pceload/protocol/report.h"

#include "core/pcep/codec.h"
#include "core/pcep/model.h"

/* RFC 8408 4: without this TLV the setup type is RSVP-TE. */
static void report_put_srp(struct wire_writer *writer, const struct report *report)
{
    const struct pcep_srp srp = {.flags = report->is_removed ? PCEP_SRP_R : 0,
                                 .srp_id = report->srp_id};
    const struct pcep_path_setup_type setup = {.pst = report->setup_type};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    if (report->setup_type != PCEP_PST_RSVP_TE)
        pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(writer, object);
}

/* RFC 8231 7.3.1, 7.3.2 */
static void report_put_lsp(struct wire_writer *writer, const struct report *report)
{
    const struct pcep_lsp lsp = {.plsp_id = report->plsp_id, .flags = report->flags};
    const struct pcep_ipv4_lsp_identifiers identifiers = {.sender = report->source,
                                                          .lsp_id = 1,
                                                          .tunnel_id = (uint16_t)report->plsp_id,
                                                          .extended_tunnel_id = report->source,
                                                          .endpoint = report->destination};
    const struct pcep_symbolic_path_name name = {.name = report->name};
    bool is_v6 = report->source.family == IP_V6;
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    pcep_tlv_put(writer, is_v6 ? PCEP_TLV_IPV6_LSP_IDENTIFIERS : PCEP_TLV_IPV4_LSP_IDENTIFIERS,
                 &identifiers);
    pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
    pcep_object_close(writer, object);
}

size_t report_put(const struct report *report, uint8_t *to, size_t room)
{
    struct wire_writer writer = wire_writer_init(to, room);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    if (report->srp_id != 0 || report->setup_type != PCEP_PST_RSVP_TE)
        report_put_srp(&writer, report);
    report_put_lsp(&writer, report);
    wire_put_octets(&writer, report->path.octets, report->path.size);
    pcep_message_close(&writer, message);
    return writer.failed ? 0 : wire_written(&writer);
}

size_t report_put_error(uint32_t srp_id, uint8_t type, uint8_t value, uint8_t *to, size_t room)
{
    const struct pcep_srp srp = {.srp_id = srp_id};
    const struct pcep_error error = {.type = type, .value = value};
    struct wire_writer writer = wire_writer_init(to, room);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCERR);
    if (srp_id != 0)
        pcep_object_put(&writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    pcep_object_put(&writer, PCEP_OBJECT_PCEP_ERROR, 0, &error);
    pcep_message_close(&writer, message);
    return writer.failed ? 0 : wire_written(&writer);
}
