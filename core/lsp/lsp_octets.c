#include "core/lsp/lsp_octets.h"

#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define TLV_HEADER_SIZE      4
#define LSP_WORD_OFFSET      4 /* in the object: PLSP-ID and flags */
#define LSP_TLVS_OFFSET      8
#define OBJECT_LENGTH_OFFSET 2

/* The object as it came, header included. */
static const uint8_t *object_octets(const struct pcep_object *object)
{
    return object->octets - PCEP_OBJECT_HEADER_SIZE;
}

static bool is_association(const struct pcep_object *object)
{
    return object->class_ == PCEP_CLASS_ASSOCIATION;
}

static size_t octets_padded(size_t size)
{
    return (size + 3) / 4 * 4;
}

/* What the LSP has once, and not each report of it: the name, whose PCC may leave it out the next
 * time (RFC 8231 7.3.2), and the version of the whole LSP-DB (RFC 8232 3.3.1). */
static bool is_kept(const struct pcep_tlv *tlv)
{
    return tlv->row == NULL ||
           (tlv->row->id != PCEP_TLV_SYMBOLIC_PATH_NAME && tlv->row->id != PCEP_TLV_LSP_DB_VERSION);
}

/* Where a TLV that is asked for often stands. */
static void note_place(const struct pcep_tlv *tlv, size_t at, struct lsp_summary *places)
{
    if (tlv->row == NULL)
        return;
    if ((tlv->row->id == PCEP_TLV_IPV4_LSP_IDENTIFIERS ||
         tlv->row->id == PCEP_TLV_IPV6_LSP_IDENTIFIERS) &&
        places->identifiers_at == 0)
        places->identifiers_at = (uint16_t)(at + TLV_HEADER_SIZE);
    if ((tlv->row->id == PCEP_TLV_TE_PATH_BINDING ||
         tlv->row->id == PCEP_TLV_TE_PATH_BINDING_OLD) &&
        places->binding_at == 0)
        places->binding_at = (uint16_t)at;
}

/* The PLSP-ID is of a session, and S speaks of the report (RFC 8231 7.3): both are 0. */
static size_t octets_write_lsp(const struct pcep_object *lsp, uint8_t *octets,
                               struct lsp_summary *places)
{
    size_t size = LSP_TLVS_OFFSET;
    memcpy(octets, object_octets(lsp), PCEP_OBJECT_HEADER_SIZE);
    places->flags = ((const struct pcep_lsp *)lsp->body)->flags & (uint16_t)~PCEP_LSP_S;
    field_store_u32(octets + LSP_WORD_OFFSET, places->flags);
    for (uint32_t i = 0; i < lsp->tlv_count; i++) {
        const struct pcep_tlv *tlv = &lsp->tlvs[i];
        if (!is_kept(tlv))
            continue;
        note_place(tlv, size, places);
        memcpy(octets + size, tlv->octets - TLV_HEADER_SIZE,
               TLV_HEADER_SIZE + octets_padded(tlv->size));
        size += TLV_HEADER_SIZE + octets_padded(tlv->size);
    }
    field_store_u16(octets + OBJECT_LENGTH_OFFSET, (uint32_t)size);
    return size;
}

/* Whether these octets stand at *at of what is kept, which goes on behind them. */
static bool octets_go_on(const struct lsp_instance *instance, size_t *at, const uint8_t *octets,
                         size_t size)
{
    if (instance->size - *at < size || memcmp(instance->octets + *at, octets, size) != 0)
        return false;
    *at += size;
    return true;
}

static bool lsp_goes_on(const struct lsp_instance *instance, size_t *at,
                        const struct pcep_object *lsp)
{
    const uint16_t flags = ((const struct pcep_lsp *)lsp->body)->flags & (uint16_t)~PCEP_LSP_S;
    if (flags != instance->summary.flags ||
        memcmp(instance->octets, object_octets(lsp), OBJECT_LENGTH_OFFSET) != 0)
        return false;
    *at = LSP_TLVS_OFFSET;
    for (uint32_t i = 0; i < lsp->tlv_count; i++) {
        const struct pcep_tlv *tlv = &lsp->tlvs[i];
        if (is_kept(tlv) && !octets_go_on(instance, at, tlv->octets - TLV_HEADER_SIZE,
                                          TLV_HEADER_SIZE + octets_padded(tlv->size)))
            return false;
    }
    const size_t carried_at = instance->summary.carried_at;
    const size_t end = field_load_u16(instance->octets + OBJECT_LENGTH_OFFSET);
    /* One that says what was carried is news: it is the router's word from now on. */
    const bool is_whole = *at == (carried_at != 0 ? carried_at : end);
    *at = end;
    return is_whole;
}

bool lsp_octets_are(const struct lsp_instance *instance, const struct lsp_report *report)
{
    const struct pcep_object *const end = report->state->end;
    size_t at = 0;
    if (!lsp_goes_on(instance, &at, report->lsp))
        return false;
    /* Objects in a row are octets in a row. */
    for (const struct pcep_object *object = report->lsp + 1; object < end;) {
        const uint8_t *first = object_octets(object);
        size_t size = 0;
        for (; object < end && !is_association(object); object++)
            size += object->size;
        if (!octets_go_on(instance, &at, first, size))
            return false;
        while (object < end && is_association(object))
            object++;
    }
    return at == instance->size;
}

size_t lsp_octets_restore(const struct lsp *lsp, const struct lsp_instance *instance,
                          uint8_t *octets)
{
    const size_t size = field_load_u16(instance->octets + OBJECT_LENGTH_OFFSET);
    const struct wire_span said = lsp_said_name(lsp);
    const size_t name_size = octets_padded(said.size);
    uint8_t *name = octets + size;
    memcpy(octets, instance->octets, size);
    field_store_u16(octets + OBJECT_LENGTH_OFFSET, (uint32_t)(size + TLV_HEADER_SIZE + name_size));
    if (lsp_is_bound(lsp))
        field_store_u32(octets + LSP_WORD_OFFSET, lsp->plsp_id << 12 | instance->summary.flags);
    field_store_u16(name, pcep_tlv_get(PCEP_TLV_SYMBOLIC_PATH_NAME)->type);
    field_store_u16(name + 2, (uint32_t)said.size);
    memset(name + TLV_HEADER_SIZE, 0, name_size);
    memcpy(name + TLV_HEADER_SIZE, said.octets, said.size);
    memcpy(name + TLV_HEADER_SIZE + name_size, instance->octets + size, instance->size - size);
    return instance->size + TLV_HEADER_SIZE + name_size;
}

/* A PATH-ATTRIB is of the list after it, which may be one of RROs (multipath draft 6). */
static bool is_path(const struct pcep_object *object, const struct pcep_object *end)
{
    if (object->class_ == PCEP_CLASS_PATH_ATTRIB)
        object++;
    return object < end && object->class_ == PCEP_CLASS_ERO;
}

/* As much as a message has room for beside the rest of the report. */
static size_t octets_room(const struct lsp_report *report)
{
    size_t rest = PCEP_HEADER_SIZE + LSP_OCTETS_RESTORED_MAX;
    for (const struct pcep_object *at = report->lsp + 1; at < report->state->end; at++)
        rest += at->size;
    return rest < PCEP_MESSAGE_SIZE_MAX ? PCEP_MESSAGE_SIZE_MAX - rest : 0;
}

static size_t octets_carry_bindings(const struct lsp_report *report,
                                    struct lsp_binding_carry *carry, uint8_t *octets, size_t size,
                                    struct lsp_summary *places)
{
    const size_t room = octets_room(report);
    const size_t whole = room > size ? lsp_binding_carry(carry, octets, size, room) : size;
    if (whole == size)
        return size;
    places->carried_at = (uint16_t)size;
    if (places->binding_at == 0)
        places->binding_at = (uint16_t)size;
    field_store_u16(octets + OBJECT_LENGTH_OFFSET, (uint32_t)whole);
    return whole;
}

size_t lsp_octets_write(const struct lsp_report *report, struct lsp_binding_carry *carry,
                        uint8_t *octets, struct lsp_summary *places)
{
    *places = (struct lsp_summary){.path_at = 0};
    size_t size = octets_write_lsp(report->lsp, octets, places);
    if (carry->former != NULL && carry->former->summary.binding_at != 0)
        size = octets_carry_bindings(report, carry, octets, size, places);
    for (const struct pcep_object *at = report->lsp + 1; at < report->state->end; at++) {
        if (is_association(at))
            continue;
        memcpy(octets + size, object_octets(at), at->size);
        /* Lists of segments stand together, each with its attributes (multipath draft 5). */
        if (is_path(at, report->state->end)) {
            if (places->path_at == 0)
                places->path_at = (uint16_t)size;
            places->path_size = (uint16_t)(size + at->size - places->path_at);
        }
        size += at->size;
    }
    return size;
}

/* ---- the summary ---- */

static float bandwidth_of(const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    if (!pcep_get(optional, &object))
        return 0;
    return ((const struct pcep_bandwidth *)object->body)->bandwidth;
}

struct lsp_summary lsp_octets_summary(const struct lsp_report *report,
                                      const struct lsp_summary *places)
{
    const struct pcep_lsp_state *state = report->state;
    const struct pcep_object *object;
    struct lsp_summary summary = *places;
    summary.bandwidth = bandwidth_of(state->bandwidth);
    summary.bandwidth_measured = bandwidth_of(state->actual_bandwidth);
    summary.setup_type = state->setup_type;
    if (pcep_get(state->lspa, &object)) {
        const struct pcep_lspa *lspa = object->body;
        summary.setup_priority = lspa->setup_priority;
        summary.holding_priority = lspa->holding_priority;
    }
    return summary;
}
