/* What the documents of GMPLS, flow specifications, schedules and native IP ask of the values of
 * their objects, where one message tells. */
#include "core/pcep/error.h"
#include "core/pcep/grammar_place.h"

#include "core/pcep/model.h"

#define FLOWSPEC_R  0x01                 /* removed (RFC 9168 5) */
#define MULTICAST_G 0x01                 /* any group (RFC 9168 7) */
#define MULTICAST_S 0x02                 /* any source */
#define LABEL_SET_L 0x010000             /* loose (RFC 8779 2.5.2.5) */
#define LABEL_SET_O 0x008000             /* the old label */
#define PCECC_N     UINT32_C(0x00000002) /* native IP (RFC 9757 4.1) */

enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };
enum { SCHEDULE_OPTION_LAST = 3 }; /* RFC 8934 5.2.2 */

/* ---- GMPLS (RFC 8779, RFC 9504) ---- */

static bool is_reoptimization(const struct grammar_run *run)
{
    const struct pcep_object *rp = grammar_find(run, PCEP_OBJECT_RP);
    return rp != NULL && (((const struct pcep_rp *)rp->body)->flags & PCEP_RP_R) != 0;
}

/* RFC 8779 2.5.2.5 */
static void check_label_set(const struct grammar_run *run, const struct pcep_tlv *tlv,
                            struct fault_place *place)
{
    const struct pcep_label_set *set = tlv->body;
    if ((set->flags & LABEL_SET_O) == 0)
        return;
    if ((set->flags & LABEL_SET_L) != 0)
        grammar_refuse(place, PCEP_ERROR_LABEL_SET_O_WITH_L, tlv->offset,
                       "LABEL-SET with both O and L");
    else if (set->action != 0 || set->subchannels.size == 0)
        grammar_refuse(place, PCEP_ERROR_LABEL_SET_O_BAD_FORMAT, tlv->offset,
                       "LABEL-SET with O is no list of one label");
    if (run->message->type == PCEP_MESSAGE_PCREQ && !is_reoptimization(run))
        grammar_refuse(place, PCEP_ERROR_LABEL_SET_O_WITHOUT_R, tlv->offset,
                       "LABEL-SET with O, and RP without R");
}

static void check_end_points(const struct grammar_run *run, const struct pcep_object *object,
                             struct fault_place *place)
{
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        if (object->tlvs[i].row != NULL && object->tlvs[i].row->id == PCEP_TLV_LABEL_SET)
            check_label_set(run, &object->tlvs[i], place);
    }
    bool is_stateful = run->message->type == PCEP_MESSAGE_PCRPT ||
                       run->message->type == PCEP_MESSAGE_PCUPD ||
                       run->message->type == PCEP_MESSAGE_PCINITIATE;
    /* RFC 9504 7.4 */
    if (is_stateful && pcep_find_tlv_entry(object, PCEP_TLV_LABEL_REQUEST) == NULL)
        grammar_refuse(place, PCEP_ERROR_LABEL_REQUEST_MISSING, object->offset,
                       "LABEL-REQUEST missing");
}

/* RFC 8779 2.3: there is a bandwidth of the forward direction. */
static void check_bandwidth(const struct pcep_object *object, struct fault_place *place)
{
    const struct pcep_generalized_bandwidth *bandwidth = object->body;
    if (bandwidth->forward.size == 0)
        grammar_refuse(place, PCEP_ERROR_BAD_GENERALIZED_BANDWIDTH, object->offset,
                       "generalized BANDWIDTH without a bandwidth");
}

/* ---- flow specifications (RFC 9168) ---- */

static bool is_seen_before(const struct pcep_tlv *filter, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (filter->subs[i].type == filter->subs[index].type)
            return true;
    }
    return false;
}

static bool is_any_group_of_one_source(const struct pcep_tlv *tlv)
{
    if (tlv->row->id != PCEP_TLV_FLOW_MULTICAST_V4 && tlv->row->id != PCEP_TLV_FLOW_MULTICAST_V6)
        return false;
    const struct pcep_multicast *flow = tlv->body;
    return (flow->flags & (MULTICAST_G | MULTICAST_S)) == MULTICAST_G;
}

/* RFC 9168 7. One of each type: a filter is cut off at the first that is there twice, which bounds
 * the comparisons by the number of types that have a row. */
static void check_filter(const struct pcep_tlv *filter, struct fault_place *place)
{
    for (uint32_t i = 0; i < filter->sub_count; i++) {
        const struct pcep_tlv *tlv = &filter->subs[i];
        if (pcep_tlv_find(PCEP_TLV_SPACE_FLOW_FILTER, tlv->type) == NULL) {
            grammar_refuse(place, PCEP_ERROR_FLOW_NOT_SUPPORTED, tlv->offset,
                           "flow specification of an unknown type");
            return;
        }
        if (is_seen_before(filter, i)) {
            grammar_refuse(place, PCEP_ERROR_FLOW_MALFORMED, tlv->offset,
                           "two flow specifications of one type");
            return;
        }
        if (tlv->row != NULL && is_any_group_of_one_source(tlv))
            grammar_refuse(place, PCEP_ERROR_FLOW_MALFORMED, tlv->offset,
                           "multicast flow of any group from one source");
    }
}

/* RFC 9168 5 */
static void check_flowspec(const struct pcep_object *object, struct fault_place *place)
{
    const struct pcep_flowspec *flow = object->body;
    const struct pcep_tlv *filter = pcep_find_tlv_entry(object, PCEP_TLV_FLOW_FILTER);
    if (flow->afi != AFI_IPV4 && flow->afi != AFI_IPV6)
        grammar_refuse(place, PCEP_ERROR_FLOW_MALFORMED, object->offset,
                       "FLOWSPEC of an unknown address family");
    if (pcep_find_tlv_entry(object, PCEP_TLV_SPEAKER_ENTITY_ID) == NULL)
        grammar_refuse(place, PCEP_ERROR_FLOW_MALFORMED, object->offset,
                       "FLOWSPEC without SPEAKER-ENTITY-ID");
    if ((flow->flags & FLOWSPEC_R) != 0)
        return;
    if (filter == NULL)
        grammar_refuse(place, PCEP_ERROR_FLOW_MALFORMED, object->offset,
                       "FLOWSPEC without FLOW-FILTER");
    else
        check_filter(filter, place);
}

/* ---- schedules (RFC 8934 5.2.2) ---- */

static void check_schedule(const struct pcep_object *lsp, struct fault_place *place)
{
    const struct pcep_periodical_schedule *schedule =
        pcep_find_tlv(lsp, PCEP_TLV_SCHED_PD_LSP_ATTRIBUTE);
    if (schedule != NULL && (schedule->option == 0 || schedule->option > SCHEDULE_OPTION_LAST))
        grammar_refuse(place, PCEP_ERROR_PARAMETER_NOT_SUPPORTED, lsp->offset,
                       "unknown way to repeat a schedule");
}

/* ---- native IP (RFC 9757) ---- */

static bool is_removal(const struct grammar_run *run)
{
    const struct pcep_object *srp = grammar_find(run, PCEP_OBJECT_SRP);
    return srp != NULL && (((const struct pcep_srp *)srp->body)->flags & PCEP_SRP_R) != 0;
}

/* One that is malformed is there, too. */
static bool is_native(const struct pcep_object *object)
{
    return object->class_ >= PCEP_CLASS_BGP_PEER_INFO && object->class_ <= PCEP_CLASS_PEER_PREFIX;
}

/* RFC 9757 5.1, 5.2: each instruction has one object that says what it is about. */
static void check_instruction(const struct grammar_run *run, const struct pcep_object *cci,
                              struct fault_place *place)
{
    uint32_t count = 0;
    for (const struct pcep_object *at = cci + 1; at < run->end && is_native(at); at++)
        count++;
    if (count == 0 && !is_removal(run))
        grammar_refuse(place, PCEP_ERROR_NATIVE_IP_MISSING, cci->offset,
                       "native IP object missing");
    if (count > 1)
        grammar_refuse(place, PCEP_ERROR_NATIVE_IP_OBJECT_REPEATED, cci[2].offset,
                       "more than one native IP object");
}

/* RFC 9757 4.1 */
void grammar_check_native_ip(const struct pcep_tlv *setup_types, struct fault_place *place)
{
    const struct pcep_path_setup_type_capability *list = setup_types->body;
    bool is_listed = false;
    for (uint32_t i = 0; i < list->count; i++)
        is_listed |= list->psts[i] == PCEP_PST_NATIVE_IP;
    if (!is_listed)
        return;
    const struct pcep_pcecc_capability *pcecc =
        pcep_find_sub_tlv(setup_types, PCEP_TLV_PCECC_CAPABILITY);
    if (pcecc == NULL)
        grammar_refuse(place, PCEP_ERROR_PCECC_CAPABILITY_MISSING, setup_types->offset,
                       "PCECC-CAPABILITY missing");
    else if ((pcecc->flags & PCECC_N) == 0)
        grammar_refuse(place, PCEP_ERROR_NATIVE_IP_BIT_NOT_SET, setup_types->offset,
                       "native IP without its capability bit");
}

static void extensions_check_object(const struct grammar_run *run, const struct pcep_object *object,
                                    struct fault_place *place)
{
    switch (object->row->id) {
    case PCEP_OBJECT_END_POINTS_GENERALIZED:
        check_end_points(run, object, place);
        break;
    case PCEP_OBJECT_BANDWIDTH_GENERALIZED:
    case PCEP_OBJECT_BANDWIDTH_GENERALIZED_EXISTING:
        check_bandwidth(object, place);
        break;
    case PCEP_OBJECT_FLOWSPEC:
        check_flowspec(object, place);
        break;
    case PCEP_OBJECT_LSP:
        check_schedule(object, place);
        break;
    case PCEP_OBJECT_CCI_NATIVE_IP:
        check_instruction(run, object, place);
        break;
    default:
        break;
    }
}

/* What a request lets be ignored is not judged. */
/* The classes of extensions_check_object: most sections have an LSP of these, or none. */
#define CHECKED_CLASSES                                                                            \
    (UINT64_C(1) << PCEP_CLASS_END_POINTS | UINT64_C(1) << PCEP_CLASS_BANDWIDTH |                  \
     UINT64_C(1) << PCEP_CLASS_FLOWSPEC | UINT64_C(1) << PCEP_CLASS_LSP |                          \
     UINT64_C(1) << PCEP_CLASS_CCI)

void grammar_check_extensions(const struct grammar_run *run, struct fault_place *place)
{
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (!grammar_has_class(CHECKED_CLASSES, object))
            continue;
        bool is_ignored = place->heeds_p && (object->header_flags & PCEP_OBJECT_FLAG_P) == 0;
        if (object->row != NULL && object->fault == NULL && !is_ignored)
            extensions_check_object(run, object, place);
    }
}
