#include "core/lsp/lsp_octets.h"

#include "core/pcep/model.h"
#include "core/wire/field.h"

#define TLV_HEADER_SIZE      4
#define LSP_FLAGS_OFFSET     6 /* in the object: the 16 bits whose lower 12 are the flags */
#define OBJECT_LENGTH_OFFSET 2

/* The object as it came, header included. */
static const uint8_t *object_octets(const struct pcep_object *object)
{
    return object->octets - PCEP_OBJECT_HEADER_SIZE;
}

static uint16_t offset_in(const struct pcep_object *object, const uint8_t *octets)
{
    return (uint16_t)(octets - object_octets(object));
}

/* The version says nothing about the LSP (RFC 8232 3.3.1): a new one is no news of it. */
static const struct pcep_tlv *find_version(const struct pcep_object *lsp)
{
    return pcep_find_tlv_entry(lsp, PCEP_TLV_LSP_DB_VERSION);
}

static size_t tlv_size(const struct pcep_tlv *tlv)
{
    return TLV_HEADER_SIZE + ((size_t)tlv->size + 3) / 4 * 4;
}

static size_t octets_write_lsp(const struct pcep_object *lsp, uint8_t *octets)
{
    const struct pcep_tlv *version = find_version(lsp);
    size_t size = lsp->size;
    memcpy(octets, object_octets(lsp), size);
    if (version != NULL) {
        size_t at = offset_in(lsp, version->octets) - (size_t)TLV_HEADER_SIZE;
        size_t behind = at + tlv_size(version);
        memmove(octets + at, octets + behind, size - behind);
        size -= behind - at;
        field_store_u16(octets + OBJECT_LENGTH_OFFSET, (uint32_t)size);
    }
    /* RFC 8231 7.3: S speaks of the report, and not of the LSP. */
    uint16_t flags = field_load_u16(octets + LSP_FLAGS_OFFSET);
    field_store_u16(octets + LSP_FLAGS_OFFSET, flags & (uint16_t)~PCEP_LSP_S);
    return size;
}

static bool is_association(const struct pcep_object *object)
{
    return object->class_ == pcep_object_get(PCEP_OBJECT_ASSOCIATION_V4)->class_;
}

size_t lsp_octets_write(const struct lsp_report *report, uint8_t *octets)
{
    size_t size = octets_write_lsp(report->lsp, octets);
    for (const struct pcep_object *at = report->lsp + 1; at < report->state->end; at++) {
        if (is_association(at))
            continue;
        memcpy(octets + size, object_octets(at), at->size);
        size += at->size;
    }
    return size;
}

uint8_t lsp_octets_setup_type(const struct pcep_lsp_state *state)
{
    const struct pcep_object *srp;
    const struct pcep_path_setup_type *tlv =
        pcep_get(state->srp, &srp) ? pcep_find_tlv(srp, PCEP_TLV_PATH_SETUP_TYPE) : NULL;
    return tlv == NULL ? PCEP_PST_RSVP_TE : tlv->pst;
}

/* ---- the summary ---- */

static float bandwidth_of(const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    if (!pcep_get(optional, &object))
        return 0;
    return ((const struct pcep_bandwidth *)object->body)->bandwidth;
}

static bool is_path(const struct pcep_object *object)
{
    return object->class_ == pcep_object_get(PCEP_OBJECT_ERO)->class_ ||
           object->class_ == pcep_object_get(PCEP_OBJECT_PATH_ATTRIB)->class_;
}

/* From the first object of the intended path to the last one: lists of segments stand together
 * (multipath draft 5). */
static void find_path(const struct lsp_report *report, size_t lsp_size, struct lsp_summary *summary)
{
    size_t at = lsp_size;
    for (const struct pcep_object *object = report->lsp + 1; object < report->state->end;
         object++) {
        if (is_association(object))
            continue;
        if (is_path(object)) {
            if (summary->path_at == 0)
                summary->path_at = (uint16_t)at;
            summary->path_size = (uint16_t)(at + object->size - summary->path_at);
        }
        at += object->size;
    }
}

/* Returns the octets of the LSP object as it is kept. */
static size_t read_lsp(const struct pcep_object *lsp, struct lsp_summary *summary)
{
    const struct pcep_tlv *version = find_version(lsp);
    const uint16_t cut = version == NULL ? 0 : (uint16_t)tlv_size(version);
    for (uint32_t i = 0; i < lsp->tlv_count; i++) {
        const struct pcep_tlv *tlv = &lsp->tlvs[i];
        if (tlv->row == NULL)
            continue;
        uint16_t at = offset_in(lsp, tlv->octets);
        if (version != NULL && tlv > version)
            at -= cut;
        if ((tlv->row->id == PCEP_TLV_IPV4_LSP_IDENTIFIERS ||
             tlv->row->id == PCEP_TLV_IPV6_LSP_IDENTIFIERS) &&
            summary->identifiers_at == 0)
            summary->identifiers_at = at;
        if ((tlv->row->id == PCEP_TLV_TE_PATH_BINDING ||
             tlv->row->id == PCEP_TLV_TE_PATH_BINDING_OLD) &&
            summary->binding_at == 0)
            summary->binding_at = (uint16_t)(at - TLV_HEADER_SIZE);
    }
    summary->flags = ((const struct pcep_lsp *)lsp->body)->flags & (uint16_t)~PCEP_LSP_S;
    return (size_t)lsp->size - cut;
}

struct lsp_summary lsp_octets_summary(const struct lsp_report *report)
{
    const struct pcep_lsp_state *state = report->state;
    const struct pcep_object *object;
    struct lsp_summary summary = {
        .bandwidth = bandwidth_of(state->bandwidth),
        .bandwidth_measured = bandwidth_of(state->actual_bandwidth),
        .setup_type = lsp_octets_setup_type(state),
    };
    if (pcep_get(state->lspa, &object)) {
        const struct pcep_lspa *lspa = object->body;
        summary.setup_priority = lspa->setup_priority;
        summary.holding_priority = lspa->holding_priority;
    }
    find_path(report, read_lsp(report->lsp, &summary), &summary);
    return summary;
}
