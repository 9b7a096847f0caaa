/* What the objects of a section must say together: values and TLVs that one object asks of another,
 * or of itself. Each check cites the document that gives the error its number. */
#include "core/pcep/error.h"
#include "core/pcep/grammar_place.h"

#include "core/pcep/model.h"

#define PATHS_COMPARED    64
#define BINDINGS_COMPARED 16  /* of one LSP, those in front of each */
#define RANGES_MAX        256 /* of association IDs in one Open; more is a wrong one */

enum { ASSOCIATION_DISJOINT = 2, ASSOCIATION_SR_POLICY = 6, ASSOCIATION_VN = 7 };
/* RFC 8800 5.3: the objective functions for disjoint paths */
enum { OF_MSL = 15, OF_MSN = 17 };

/* ---- requests and replies ---- */

/* RFC 5440 7.4 and 7.4.1 */
static void check_rp(const struct grammar_run *run, struct fault_place *place)
{
    const struct pcep_object *object = grammar_find(run, PCEP_OBJECT_RP);
    if (object == NULL)
        return;
    const struct pcep_rp *rp = object->body;
    if ((object->header_flags & PCEP_OBJECT_FLAG_P) == 0)
        grammar_refuse(place, PCEP_ERROR_P_FLAG_NOT_SET, object->offset, "RP without P flag");
    if (rp->request_id == 0)
        grammar_refuse(place, PCEP_ERROR_UNKNOWN_REQUEST, object->offset, "request-ID 0");
}

/* ---- states of LSPs ---- */

static bool values_has_segments(const struct pcep_object *ero)
{
    for (uint32_t i = 0; i < ero->subobject_count; i++) {
        const struct pcep_subobject_row *row = ero->subobjects[i].row;
        if (row != NULL && (row->id == PCEP_SUBOBJECT_SR || row->id == PCEP_SUBOBJECT_SRV6))
            return true;
    }
    return false;
}

/* Seen to be signaled by RSVP-TE: by the setup type, and by a path that no segments make. */
static bool is_signaled(const struct grammar_run *run)
{
    const struct pcep_object *srp = grammar_find(run, PCEP_OBJECT_SRP);
    const struct pcep_object *ero = grammar_find(run, PCEP_OBJECT_ERO);
    const struct pcep_path_setup_type *tlv =
        srp == NULL ? NULL : pcep_find_tlv(srp, PCEP_TLV_PATH_SETUP_TYPE);
    if (tlv != NULL && tlv->pst != PCEP_PST_RSVP_TE)
        return false;
    return ero != NULL && ero->subobject_count > 0 && !values_has_segments(ero);
}

static bool has_either(const struct pcep_object *object, enum pcep_tlv_id a, enum pcep_tlv_id b)
{
    return pcep_find_tlv_entry(object, a) != NULL || pcep_find_tlv_entry(object, b) != NULL;
}

/* RFC 8231 7.3.1 and RFC 8623 7.1.1 */
static void check_identifiers(const struct grammar_run *run, const struct pcep_object *object,
                              struct fault_place *place)
{
    const struct pcep_lsp *lsp = object->body;
    if ((lsp->flags & PCEP_LSP_N) != 0) {
        if (!has_either(object, PCEP_TLV_P2MP_IPV4_LSP_IDENTIFIERS,
                        PCEP_TLV_P2MP_IPV6_LSP_IDENTIFIERS))
            grammar_refuse(place, PCEP_ERROR_P2MP_LSP_IDENTIFIERS_MISSING, object->offset,
                           "P2MP-LSP-IDENTIFIERS missing");
    } else if (!has_either(object, PCEP_TLV_IPV4_LSP_IDENTIFIERS, PCEP_TLV_IPV6_LSP_IDENTIFIERS) &&
               is_signaled(run)) {
        grammar_refuse(place, PCEP_ERROR_LSP_IDENTIFIERS_MISSING, object->offset,
                       "LSP-IDENTIFIERS missing");
    }
}

/* RFC 8623 7.2: leaves cannot be up when the tree is down. */
static void check_leaves(const struct grammar_run *run, const struct pcep_lsp *lsp,
                         struct fault_place *place)
{
    if ((lsp->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT != PCEP_LSP_DOWN)
        return;
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (object->row == NULL || object->row->id != PCEP_OBJECT_S2LS)
            continue;
        uint32_t state = ((const struct pcep_flag_word *)object->body)->flags & 7;
        if (state == PCEP_LSP_UP || state == PCEP_LSP_ACTIVE)
            grammar_refuse(place, PCEP_ERROR_S2LS_O_DIFFERS, object->offset,
                           "S2LS is up and its LSP is down");
    }
}

/* RFC 8231 6.1, 6.2 and RFC 8281 5.1: the path of an LSP is an ERO. A SERO stands for one in the
 * tree of a P2MP LSP alone (RFC 8623 6.1), and instructions need none (RFC 9050 6.2). One that has
 * none of the three lacks it by the grammar's rows. */
static void values_check_path(const struct grammar_run *run, struct fault_place *place)
{
    const struct pcep_object *sero = grammar_find(run, PCEP_OBJECT_SERO);
    if (sero == NULL)
        return;
    const struct pcep_object *object = grammar_find(run, PCEP_OBJECT_LSP);
    bool is_tree =
        object != NULL && (((const struct pcep_lsp *)object->body)->flags & PCEP_LSP_N) != 0;
    bool has_other = grammar_find(run, PCEP_OBJECT_ERO) != NULL ||
                     grammar_find(run, PCEP_OBJECT_CCI) != NULL ||
                     grammar_find(run, PCEP_OBJECT_CCI_NATIVE_IP) != NULL;
    if (!is_tree && !has_other)
        grammar_refuse(place, PCEP_ERROR_ERO_MISSING, sero->offset,
                       "ERO missing: a SERO is of a P2MP LSP");
}

#define BINDING_SID_STRUCTURE 3  /* RFC 9604 4 */
#define LABELS_RESERVED       16 /* RFC 3032 2.1 */
#define LABEL_SHIFT           12
#define SID_BITS              128

static const struct pcep_te_path_binding *binding_at(const struct pcep_object *lsp, uint32_t index)
{
    const struct pcep_tlv *tlv = &lsp->tlvs[index];
    return tlv->row != NULL && tlv->row->id == PCEP_TLV_TE_PATH_BINDING ? tlv->body : NULL;
}

/* RFC 9604 5: one value told as of two types. */
static bool bindings_clash(const struct pcep_te_path_binding *a,
                           const struct pcep_te_path_binding *b)
{
    if (a->type == b->type)
        return false;
    if (a->count > 0 && b->count > 0)
        return a->entries[0] >> LABEL_SHIFT == b->entries[0] >> LABEL_SHIFT;
    return a->sid.family == IP_V6 && ip_is_equal(&a->sid, &b->sid);
}

static bool clashes_before(const struct pcep_object *lsp, uint32_t index)
{
    const struct pcep_te_path_binding *binding = binding_at(lsp, index);
    const uint32_t first = index > BINDINGS_COMPARED ? index - BINDINGS_COMPARED : 0;
    for (uint32_t i = first; i < index; i++) {
        const struct pcep_te_path_binding *other = binding_at(lsp, i);
        if (other != NULL && bindings_clash(other, binding))
            return true;
    }
    return false;
}

static void check_binding(const struct pcep_object *lsp, uint32_t index, struct fault_place *place)
{
    const struct pcep_te_path_binding *binding = binding_at(lsp, index);
    if (binding == NULL)
        return;
    const uint32_t offset = lsp->tlvs[index].offset;
    const unsigned bits = 0U + binding->locator_block_bits + binding->locator_node_bits +
                          binding->function_bits + binding->argument_bits;
    /* RFC 9604 5 */
    if (binding->count > 0 && binding->entries[0] >> LABEL_SHIFT < LABELS_RESERVED)
        grammar_refuse(place, PCEP_ERROR_BAD_LABEL_VALUE, offset,
                       "a reserved label as binding label");
    /* RFC 9604 4.1 */
    if (binding->type == BINDING_SID_STRUCTURE && bits > SID_BITS)
        grammar_refuse(place, PCEP_ERROR_BAD_SRV6_SID_STRUCTURE, offset,
                       "the structure of a binding SID is longer than 128 bits");
    if (clashes_before(lsp, index))
        grammar_refuse(place, PCEP_ERROR_BINDING_TYPES_INCONSISTENT, offset,
                       "one binding value of two types");
}

static void check_report(const struct grammar_run *run, struct fault_place *place)
{
    const struct pcep_object *object = grammar_find(run, PCEP_OBJECT_LSP);
    if (object == NULL)
        return;
    const struct pcep_lsp *lsp = object->body;
    check_identifiers(run, object, place);
    check_leaves(run, lsp, place);
    for (uint32_t i = 0; i < object->tlv_count; i++)
        check_binding(object, i, place);
    /* RFC 8281 5.3.1 */
    if ((lsp->flags & PCEP_LSP_C) == 0 && pcep_find_tlv(object, PCEP_TLV_SPEAKER_ENTITY_ID) != NULL)
        grammar_refuse(place, PCEP_ERROR_SPEAKER_ENTITY_ID_UNEXPECTED, object->offset,
                       "SPEAKER-ENTITY-ID of an LSP that no PCE initiated");
}

/* RFC 8281 5.3 */
static void check_initiation(const struct grammar_run *run, struct fault_place *place)
{
    const struct pcep_object *object = grammar_find(run, PCEP_OBJECT_LSP);
    const struct pcep_object *srp = grammar_find(run, PCEP_OBJECT_SRP);
    if (object == NULL || srp == NULL ||
        (((const struct pcep_srp *)srp->body)->flags & PCEP_SRP_R) != 0)
        return;
    const struct pcep_lsp *lsp = object->body;
    if (lsp->plsp_id == 0 && pcep_find_tlv(object, PCEP_TLV_SYMBOLIC_PATH_NAME) == NULL)
        grammar_refuse(place, PCEP_ERROR_SYMBOLIC_PATH_NAME_MISSING, object->offset,
                       "SYMBOLIC-PATH-NAME missing");
    if (lsp->plsp_id != 0 && grammar_find(run, PCEP_OBJECT_ERO) != NULL)
        grammar_refuse(place, PCEP_ERROR_PLSP_ID_IN_INITIATION, object->offset,
                       "PLSP-ID of an initiation is not zero");
}

/* ---- associations and paths ---- */

static bool values_is_association(const struct pcep_object *object)
{
    return object->row != NULL && (object->row->id == PCEP_OBJECT_ASSOCIATION_V4 ||
                                   object->row->id == PCEP_OBJECT_ASSOCIATION_V6);
}

/* RFC 8800 5.2 and 5.3 */
static void check_disjoint(const struct pcep_object *object, struct fault_place *place)
{
    const struct pcep_of_list *list = pcep_find_tlv(object, PCEP_TLV_OF_LIST);
    if (pcep_find_tlv(object, PCEP_TLV_DISJOINTNESS_CONFIGURATION) == NULL)
        grammar_refuse(place, PCEP_ERROR_DISJOINTNESS_CONFIGURATION_MISSING, object->offset,
                       "DISJOINTNESS-CONFIGURATION missing");
    if (list != NULL && list->count > 0 && (list->codes[0] < OF_MSL || list->codes[0] > OF_MSN))
        grammar_refuse(place, PCEP_ERROR_OF_INCOMPATIBLE, object->offset,
                       "the first objective function is none of disjoint paths");
}

/* What leaves a group is not asked for its TLVs, and what a request lets be ignored is not judged.
 */
static void check_associations(const struct grammar_run *run, struct fault_place *place)
{
    uint32_t policies = 0;
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (!values_is_association(object))
            continue;
        const struct pcep_association *association = object->body;
        bool is_ignored = place->heeds_p && (object->header_flags & PCEP_OBJECT_FLAG_P) == 0;
        if ((association->flags & PCEP_ASSOCIATION_R) != 0 || is_ignored)
            continue;
        if (association->type == ASSOCIATION_DISJOINT)
            check_disjoint(object, place);
        /* RFC 9358; the registry names the error */
        if (association->type == ASSOCIATION_VN &&
            pcep_find_tlv_entry(object, PCEP_TLV_VIRTUAL_NETWORK) == NULL)
            grammar_refuse(place, PCEP_ERROR_VIRTUAL_NETWORK_MISSING, object->offset,
                           "VIRTUAL-NETWORK missing");
        if (association->type != ASSOCIATION_SR_POLICY)
            continue;
        policies++;
        /* RFC 9862 4.2 and 4.1 */
        if (pcep_find_tlv(object, PCEP_TLV_SRPOLICY_CPATH_ID) == NULL)
            grammar_refuse(place, PCEP_ERROR_SR_POLICY_TLV_MISSING, object->offset,
                           "SRPOLICY-CPATH-ID missing");
        if (policies == 2)
            grammar_refuse(place, PCEP_ERROR_ASSOCIATION_NOT_JOINED, object->offset,
                           "a second SR policy for one LSP");
    }
}

static bool values_is_listed(const uint32_t *ids, uint32_t count, uint32_t id)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

/* Multipath draft 5.2, 6: the actual path of a list has the path ID of the intended one. */
static bool values_is_actual(const struct pcep_object *attributes, const struct pcep_object *end)
{
    return attributes + 1 < end && attributes[1].class_ == PCEP_CLASS_RRO;
}

/* Multipath draft 5.2: path IDs differ, but 0 names no path. The first PATHS_COMPARED are compared:
 * that is far above what a router takes, and a bound on the work. */
static void check_path_ids(const struct grammar_run *run, struct fault_place *place)
{
    uint32_t ids[PATHS_COMPARED];
    uint32_t count = 0;
    for (const struct pcep_object *at = run->first; at < run->end && count < PATHS_COMPARED; at++) {
        if (at->row == NULL || at->row->id != PCEP_OBJECT_PATH_ATTRIB ||
            values_is_actual(at, run->end))
            continue;
        uint32_t id = ((const struct pcep_path_attrib *)at->body)->path_id;
        if (id != 0 && values_is_listed(ids, count, id)) {
            grammar_refuse(place, PCEP_ERROR_PATH_ID_CONFLICT, at->offset,
                           "two paths with one path ID");
            return;
        }
        ids[count++] = id;
    }
}

static bool values_has_class(class_set present, enum pcep_class class_)
{
    return (present >> class_ & 1) != 0;
}

void grammar_check_values(const struct grammar_run *run, class_set present,
                          struct fault_place *place)
{
    switch (run->message->type) {
    case PCEP_MESSAGE_PCREQ:
    case PCEP_MESSAGE_PCMONREQ:
    case PCEP_MESSAGE_PCREP:
        check_rp(run, place);
        break;
    case PCEP_MESSAGE_PCRPT:
        if (values_has_class(present, PCEP_CLASS_SERO))
            values_check_path(run, place);
        check_report(run, place);
        break;
    case PCEP_MESSAGE_PCUPD:
        values_check_path(run, place);
        break;
    case PCEP_MESSAGE_PCINITIATE:
        values_check_path(run, place);
        check_initiation(run, place);
        break;
    default:
        break;
    }
    if (values_has_class(present, PCEP_CLASS_ASSOCIATION))
        check_associations(run, place);
    if (values_has_class(present, PCEP_CLASS_PATH_ATTRIB))
        check_path_ids(run, place);
    grammar_check_extensions(run, place);
}

/* ---- Open ---- */

static bool lists_setup_type(const struct pcep_path_setup_type_capability *capability, uint8_t pst)
{
    for (uint32_t i = 0; i < capability->count; i++) {
        if (capability->psts[i] == pst)
            return true;
    }
    return false;
}

/* A setup type that is listed has its capabilities told in a sub-TLV. */
static const struct {
    uint8_t pst;
    uint16_t error; /* enum pcep_error_code */
    enum pcep_tlv_id tlv;
    const char *missing;
} capabilities[] = {
    {PCEP_PST_SR, PCEP_ERROR_SR_CAPABILITY_MISSING, PCEP_TLV_SR_PCE_CAPABILITY,
     "SR-PCE-CAPABILITY missing"}, /* RFC 8664 5.1 */
    {PCEP_PST_PCECC, PCEP_ERROR_PCECC_CAPABILITY_MISSING, PCEP_TLV_PCECC_CAPABILITY,
     "PCECC-CAPABILITY missing"}, /* RFC 9050 5.4 */
    {PCEP_PST_SRV6, PCEP_ERROR_SRV6_CAPABILITY_MISSING, PCEP_TLV_SRV6_PCE_CAPABILITY,
     "SRv6-PCE-CAPABILITY missing"}, /* RFC 9603 5.1 */
};

static void check_setup_types(const struct pcep_object *open, struct fault_place *place)
{
    const struct pcep_tlv *tlv = pcep_find_tlv_entry(open, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY);
    if (tlv == NULL)
        return;
    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        if (lists_setup_type(tlv->body, capabilities[i].pst) &&
            pcep_find_sub_tlv(tlv, capabilities[i].tlv) == NULL)
            grammar_refuse(place, capabilities[i].error, tlv->offset, capabilities[i].missing);
    }
    grammar_check_native_ip(tlv, place);
    const struct pcep_sr_pce_capability *sr = pcep_find_sub_tlv(tlv, PCEP_TLV_SR_PCE_CAPABILITY);
    /* RFC 8664 5.1 */
    if (sr != NULL && (sr->flags & PCEP_SR_CAPABILITY_X) == 0 && sr->msd == 0)
        grammar_refuse(place, PCEP_ERROR_MSD_ZERO, tlv->offset, "a limited SID depth of zero");
}

/* One range: its type, first and last ID. */
struct id_range {
    uint32_t type;
    uint32_t first;
    uint32_t last;
};

static struct id_range range_at(const struct pcep_association_ranges *ranges, uint32_t index)
{
    uint64_t range = ranges->ranges[index];
    uint32_t first = (uint32_t)(range >> 16 & 0xFFFF);
    return (struct id_range){(uint32_t)(range >> 32 & 0xFFFF), first,
                             first + (uint32_t)(range & 0xFFFF) - 1};
}

/* RFC 8697 3.4: a range ends within the numbers, and those of one type do not overlap. */
static bool ranges_are_good(const struct pcep_association_ranges *ranges)
{
    for (uint32_t i = 0; i < ranges->count; i++) {
        struct id_range a = range_at(ranges, i);
        if (a.last > 0xFFFF || a.last + 1 == a.first)
            return false;
        for (uint32_t k = 0; k < i; k++) {
            struct id_range b = range_at(ranges, k);
            if (a.type == b.type && a.first <= b.last && b.first <= a.last)
                return false;
        }
    }
    return true;
}

static void check_ranges(const struct pcep_object *open, struct fault_place *place)
{
    const struct pcep_tlv *tlv = pcep_find_tlv_entry(open, PCEP_TLV_ASSOCIATION_RANGES);
    if (tlv != NULL && !ranges_are_good(tlv->body))
        grammar_refuse(place, PCEP_ERROR_INVALID_OPEN, tlv->offset,
                       "ranges of association IDs are wrong");
    /* RFC 8697 4.1.1 */
    uint32_t lists = 0;
    for (uint32_t i = 0; i < open->tlv_count; i++) {
        if (open->tlvs[i].row == NULL || open->tlvs[i].row->id != PCEP_TLV_ASSOCIATION_TYPE_LIST)
            continue;
        if (++lists == 2)
            grammar_refuse(place, PCEP_ERROR_INVALID_OPEN, open->tlvs[i].offset,
                           "a second ASSOC-Type-List");
    }
}

void grammar_check_open(const struct grammar_run *run, struct fault_place *place)
{
    const struct pcep_object *open = grammar_find(run, PCEP_OBJECT_OPEN);
    if (open == NULL || open->fault != NULL)
        return;
    check_setup_types(open, place);
    check_ranges(open, place);
}
