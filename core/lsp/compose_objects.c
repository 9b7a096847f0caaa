/* What stands behind the LSP object of an order: judged for this peer, and written in the order of
 * the grammar. */
#include "core/lsp/compose.h"
#include "core/lsp/compose_policy.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

/* While an order is composed. */
struct composing {
    const struct lsp_ability *ability;
    const struct lsp_wanted *wanted;
    struct pcep_message message;
    const uint8_t *octets;         /* of that message */
    const struct pcep_object *ero; /* the first path */
    uint32_t path_count;
    bool has_attributes; /* the last path has a PATH-ATTRIB */
    const char *reason;
};

static enum pce_status compose_refuse(struct composing *composing, enum pce_status status,
                                      const char *reason)
{
    composing->reason = reason;
    return status;
}

/* ---- whether the session can be asked ---- */

static const char *ability_refusal(const struct lsp_ability *ability,
                                   const struct lsp_wanted *wanted)
{
    const uint8_t kind = wanted->kind;
    bool is_initiation = kind == LSP_ORDER_INITIATE || kind == LSP_ORDER_DELETE ||
                         kind == LSP_ORDER_DELETE_ALL || kind == LSP_ORDER_ADOPT;
    if (is_initiation)
        return ability->may_initiate ? NULL : "no instantiation of LSPs was agreed (I flag)";
    /* RFC 8232 5.2 asks for nothing but the F flag. */
    if (kind == LSP_ORDER_RESYNC && wanted->is_first)
        return ability->may_trigger ? NULL : "no triggered synchronisation was agreed (F flag)";
    if (!ability->may_update)
        return "no update of LSPs was agreed (U flag)";
    if (kind == LSP_ORDER_RESYNC && !ability->may_resync)
        return "no triggered resynchronisation was agreed (T flag)";
    if (kind == LSP_ORDER_RETURN && lsp_profile_has(ability->profile, LSP_HABIT_KEEPS_DELEGATION))
        return "this kind of peer does not take a delegation back";
    return NULL;
}

/* What may be asked of all LSPs is of no setup type. */
static bool has_setup_type(const struct lsp_wanted *wanted)
{
    return wanted->kind != LSP_ORDER_DELETE_ALL && wanted->kind != LSP_ORDER_RESYNC;
}

static enum pce_status judge_session(struct composing *composing)
{
    const struct lsp_ability *ability = composing->ability;
    const struct lsp_wanted *wanted = composing->wanted;
    const char *reason = ability_refusal(ability, wanted);
    if (reason == NULL && has_setup_type(wanted) &&
        (wanted->setup_type >= 64 || (ability->psts & UINT64_C(1) << wanted->setup_type) == 0))
        reason = "the setup type is not of both ends";
    if (reason == NULL)
        reason = lsp_compose_policy_refusal(ability, wanted);
    if (reason == NULL)
        reason = lsp_compose_color_refusal(ability, wanted);
    if (reason == NULL)
        reason = lsp_binding_refusal(&wanted->binding, wanted->setup_type);
    return reason == NULL ? PCE_OK : compose_refuse(composing, PCE_DENIED, reason);
}

/* ---- the objects ---- */

static enum pce_status compose_read_objects(struct composing *composing, struct arena *arena)
{
    struct wire_span objects = composing->wanted->objects;
    size_t size = PCEP_HEADER_SIZE + objects.size;
    if (size > UINT16_MAX)
        return compose_refuse(composing, PCE_LIMIT, "more objects than a message holds");
    uint8_t *octets = arena_alloc(arena, size);
    if (octets == NULL)
        return compose_refuse(composing, PCE_LIMIT, "no memory to compose it");
    struct wire_writer writer = wire_writer_init(octets, size);
    size_t message = pcep_message_open(&writer, composing->wanted->kind == LSP_ORDER_INITIATE
                                                    ? PCEP_MESSAGE_PCINITIATE
                                                    : PCEP_MESSAGE_PCUPD);
    wire_put_octets(&writer, objects.octets, objects.size);
    pcep_message_close(&writer, message);
    struct pcep_fault fault = {0};
    enum pce_status status =
        pcep_decode((struct wire_span){octets, size}, arena, &composing->message, &fault);
    composing->octets = octets;
    if (pcep_fault_is_set(&fault))
        return compose_refuse(composing, PCE_INVALID, fault.reason);
    return status == PCE_OK ? PCE_OK
                            : compose_refuse(composing, PCE_LIMIT, "no memory to compose it");
}

/* Objects in their places; those of one step stay in the order in which they were given. */
static const uint8_t steps_of_update[][2] = {
    {PCEP_OBJECT_ASSOCIATION_V4, PCEP_OBJECT_ASSOCIATION_V6},
    {PCEP_OBJECT_ERO, PCEP_OBJECT_PATH_ATTRIB},
    {PCEP_OBJECT_OF, PCEP_OBJECT_OF},
    {PCEP_OBJECT_LSPA, PCEP_OBJECT_LSPA},
    {PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_BANDWIDTH},
    {PCEP_OBJECT_METRIC, PCEP_OBJECT_METRIC},
    {PCEP_OBJECT_IRO, PCEP_OBJECT_IRO},
    {PCEP_OBJECT_XRO, PCEP_OBJECT_XRO},
    {PCEP_OBJECT_VENDOR_INFORMATION, PCEP_OBJECT_VENDOR_INFORMATION},
};
static const uint8_t steps_of_initiation[][2] = {
    {PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_END_POINTS_V6},
    {PCEP_OBJECT_ERO, PCEP_OBJECT_PATH_ATTRIB},
    {PCEP_OBJECT_ASSOCIATION_V4, PCEP_OBJECT_ASSOCIATION_V6},
    {PCEP_OBJECT_OF, PCEP_OBJECT_OF},
    {PCEP_OBJECT_LSPA, PCEP_OBJECT_LSPA},
    {PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_BANDWIDTH},
    {PCEP_OBJECT_METRIC, PCEP_OBJECT_METRIC},
    {PCEP_OBJECT_IRO, PCEP_OBJECT_IRO},
    {PCEP_OBJECT_XRO, PCEP_OBJECT_XRO},
    {PCEP_OBJECT_VENDOR_INFORMATION, PCEP_OBJECT_VENDOR_INFORMATION},
};
_Static_assert(PCEP_OBJECT_COUNT <= UINT8_MAX, "ids of objects are octets in the tables");

struct steps {
    const uint8_t (*at)[2];
    uint32_t count;
};

static struct steps steps_of(uint8_t kind)
{
    if (kind == LSP_ORDER_INITIATE)
        return (struct steps){steps_of_initiation,
                              sizeof steps_of_initiation / sizeof steps_of_initiation[0]};
    if (kind == LSP_ORDER_UPDATE)
        return (struct steps){steps_of_update, sizeof steps_of_update / sizeof steps_of_update[0]};
    return (struct steps){NULL, 0}; /* the others carry nothing that is asked */
}

static bool is_in_step(const struct pcep_object *object, const uint8_t step[2])
{
    return object->row != NULL && (object->row->id == step[0] || object->row->id == step[1]);
}

static bool has_place(const struct pcep_object *object, struct steps steps)
{
    for (uint32_t i = 0; i < steps.count; i++) {
        if (is_in_step(object, steps.at[i]))
            return true;
    }
    return false;
}

static bool is_of_ipv6(const struct pcep_object *object)
{
    return object->row->id == PCEP_OBJECT_END_POINTS_V6 ||
           object->row->id == PCEP_OBJECT_ASSOCIATION_V6;
}

/* Multipath draft 5.1.1: what is not of both ends is not sent. */
static enum pce_status judge_attributes(struct composing *composing,
                                        const struct pcep_object *object)
{
    const struct lsp_ability *ability = composing->ability;
    if (ability->paths_max <= 1)
        return compose_refuse(composing, PCE_DENIED,
                              "several segment lists were not agreed (MULTIPATH-CAP)");
    if ((ability->multipath_flags & PCEP_MULTIPATH_W) == 0 &&
        pcep_find_tlv(object, PCEP_TLV_MULTIPATH_WEIGHT) != NULL)
        return compose_refuse(composing, PCE_DENIED, "the peer knows no weights (MULTIPATH-CAP)");
    if ((ability->multipath_flags & PCEP_MULTIPATH_B) == 0 &&
        pcep_find_tlv(object, PCEP_TLV_MULTIPATH_BACKUP) != NULL)
        return compose_refuse(composing, PCE_DENIED, "the peer knows no backups (MULTIPATH-CAP)");
    return PCE_OK;
}

/* Multipath draft 4.1: of several paths each has its PATH-ATTRIB in front of it. */
static enum pce_status judge_another(struct composing *composing, const struct pcep_object *ero)
{
    bool has_attributes = ero > composing->message.objects && ero[-1].row != NULL &&
                          ero[-1].row->id == PCEP_OBJECT_PATH_ATTRIB;
    if (composing->ero == NULL)
        composing->ero = ero;
    else if (!composing->has_attributes || !has_attributes)
        return compose_refuse(composing, PCE_INVALID, "more than one path");
    composing->has_attributes = has_attributes;
    /* Multipath draft 5.1.1: ways back are not counted. */
    if (has_attributes &&
        (((const struct pcep_path_attrib *)ero[-1].body)->flags & PCEP_PATH_ATTRIB_R) != 0)
        return PCE_OK;
    if (++composing->path_count > 1 && composing->path_count > composing->ability->paths_max)
        return compose_refuse(composing, PCE_DENIED,
                              "more segment lists than the peer's MULTIPATH-CAP");
    return PCE_OK;
}

static enum pce_status judge_object(struct composing *composing, const struct pcep_object *object,
                                    struct steps steps)
{
    bool is_v4_alone = lsp_profile_has(composing->ability->profile, LSP_HABIT_IPV4_ALONE);
    if (!has_place(object, steps))
        return compose_refuse(composing, PCE_INVALID, "an object that such an order cannot carry");
    if (is_v4_alone && is_of_ipv6(object))
        return compose_refuse(composing, PCE_DENIED, "this kind of peer has no ends of IPv6");
    /* RFC 8733 5.1 */
    if (object->row->id == PCEP_OBJECT_LSPA && !composing->ability->may_auto_bandwidth &&
        pcep_find_tlv_entry(object, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES) != NULL)
        return compose_refuse(composing, PCE_DENIED, "no auto-bandwidth was agreed (RFC 8733)");
    if (object->row->id == PCEP_OBJECT_PATH_ATTRIB)
        return judge_attributes(composing, object);
    return object->row->id == PCEP_OBJECT_ERO ? judge_another(composing, object) : PCE_OK;
}

static enum pce_status compose_judge_objects(struct composing *composing)
{
    struct steps steps = steps_of(composing->wanted->kind);
    for (uint32_t i = 0; i < composing->message.object_count; i++) {
        enum pce_status status = judge_object(composing, &composing->message.objects[i], steps);
        if (status != PCE_OK)
            return status;
    }
    if (steps.count > 0 && composing->ero == NULL)
        return compose_refuse(composing, PCE_INVALID, "no path");
    return PCE_OK;
}

/* ---- the path ---- */

static bool is_hop_of(const struct pcep_subobject *hop, uint8_t setup_type)
{
    bool is_sr = hop->row != NULL && hop->row->id == PCEP_SUBOBJECT_SR;
    bool is_srv6 = hop->row != NULL && hop->row->id == PCEP_SUBOBJECT_SRV6;
    if (setup_type == PCEP_PST_SR)
        return is_sr;
    if (setup_type == PCEP_PST_SRV6)
        return is_srv6;
    return hop->row != NULL && !is_sr && !is_srv6;
}

static bool is_label(const struct pcep_subobject *hop)
{
    const struct pcep_sub_sr *sr = hop->body;
    return (sr->flags & (PCEP_SR_M | PCEP_SR_S)) == PCEP_SR_M;
}

static enum pce_status judge_hop(struct composing *composing, const struct pcep_subobject *hop)
{
    const struct lsp_profile *profile = composing->ability->profile;
    if (!is_hop_of(hop, composing->wanted->setup_type))
        return compose_refuse(composing, PCE_INVALID, "a hop that is not of the setup type");
    if (hop->row->id == PCEP_SUBOBJECT_SR && lsp_profile_has(profile, LSP_HABIT_LABELS_ALONE) &&
        !is_label(hop))
        return compose_refuse(composing, PCE_DENIED, "this kind of peer takes labels alone");
    return PCE_OK;
}

/* An empty path in an update says that there is none any more (RFC 8231 6.2). */
static enum pce_status judge_empty(struct composing *composing)
{
    if (composing->wanted->kind == LSP_ORDER_INITIATE)
        return compose_refuse(composing, PCE_INVALID, "an empty path");
    if (lsp_profile_has(composing->ability->profile, LSP_HABIT_NO_EMPTY_ERO))
        return compose_refuse(composing, PCE_DENIED,
                              "this kind of peer does not answer an empty path");
    return PCE_OK;
}

static enum pce_status judge_path(struct composing *composing, const struct pcep_object *ero)
{
    const struct lsp_ability *ability = composing->ability;
    if (ero->subobject_count == 0)
        return judge_empty(composing);
    /* RFC 8664 5.1, RFC 9603 5.1: never more than the peer's MSD. */
    uint8_t depth_max = lsp_ability_depth_max(ability, composing->wanted->setup_type);
    if (depth_max > 0 && ero->subobject_count > depth_max)
        return compose_refuse(composing, PCE_DENIED, "more segments than the peer's MSD");
    for (uint32_t i = 0; i < ero->subobject_count; i++) {
        enum pce_status status = judge_hop(composing, &ero->subobjects[i]);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

static enum pce_status judge_paths(struct composing *composing)
{
    const struct pcep_message *message = &composing->message;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < message->object_count && status == PCE_OK; i++)
        if (message->objects[i].row != NULL && message->objects[i].row->id == PCEP_OBJECT_ERO)
            status = judge_path(composing, &message->objects[i]);
    return status;
}

/* ---- writing ---- */

/* A label alone: what is said beside it (NAI, traffic class, TTL) this kind of peer has no use for. */
static void put_bare_segment(const struct pcep_subobject *hop, struct wire_writer *writer)
{
    const struct pcep_sub_sr *sr = hop->body;
    const struct pcep_sub_sr bare = {
        .nt = PCEP_NAI_NONE, .flags = PCEP_SR_F | PCEP_SR_M, .sid = sr->sid & UINT32_C(0xFFFFF000)};
    pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &bare);
}

static void put_raw(const struct composing *composing, const struct pcep_object *object,
                    struct wire_writer *writer)
{
    wire_put_octets(writer, composing->octets + object->offset, object->size);
}

static void put_ero(const struct composing *composing, const struct pcep_object *ero,
                    struct wire_writer *writer)
{
    bool is_bare = composing->wanted->setup_type == PCEP_PST_SR &&
                   lsp_profile_has(composing->ability->profile, LSP_HABIT_NO_NAI);
    if (!is_bare) {
        put_raw(composing, ero, writer);
        return;
    }
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, ero->header_flags, NULL);
    for (uint32_t i = 0; i < ero->subobject_count; i++)
        put_bare_segment(&ero->subobjects[i], writer);
    pcep_object_close(writer, object);
}

static void put_step(const struct composing *composing, const uint8_t step[2],
                     struct wire_writer *writer)
{
    const struct pcep_message *message = &composing->message;
    const struct lsp_policy *policy = composing->wanted->policy;
    if (policy != NULL && step[0] == PCEP_OBJECT_ASSOCIATION_V4)
        lsp_compose_policy_association(composing->ability->profile, policy, writer);
    for (uint32_t i = 0; i < message->object_count; i++) {
        if (!is_in_step(&message->objects[i], step))
            continue;
        if (message->objects[i].row->id == PCEP_OBJECT_ERO)
            put_ero(composing, &message->objects[i], writer);
        else
            put_raw(composing, &message->objects[i], writer);
    }
    if (policy != NULL && step[0] == PCEP_OBJECT_VENDOR_INFORMATION)
        lsp_compose_policy_vendor(composing->ability->profile, policy, writer);
}

/* RFC 8231 5.7.3, RFC 8232 6.2, RFC 8741 4: an update that asks for no path has an empty ERO. */
static bool wants_empty_ero(uint8_t kind)
{
    return kind == LSP_ORDER_RETURN || kind == LSP_ORDER_RESYNC || kind == LSP_ORDER_CONTROL;
}

static void put_objects(const struct composing *composing, struct wire_writer *writer)
{
    struct steps steps = steps_of(composing->wanted->kind);
    for (uint32_t i = 0; i < steps.count; i++)
        put_step(composing, steps.at[i], writer);
    if (wants_empty_ero(composing->wanted->kind)) {
        size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, NULL);
        pcep_object_close(writer, object);
    }
}

static enum pce_status compose_all(struct composing *composing, struct arena *arena,
                                   struct wire_writer *writer)
{
    enum pce_status status = judge_session(composing);
    if (status == PCE_OK)
        status = compose_read_objects(composing, arena);
    if (status == PCE_OK)
        status = compose_judge_objects(composing);
    if (status == PCE_OK)
        status = judge_paths(composing);
    if (status != PCE_OK)
        return status;
    put_objects(composing, writer);
    return writer->failed ? compose_refuse(composing, PCE_LIMIT, "longer than the peer can take")
                          : PCE_OK;
}

static float compose_bandwidth_of(const struct pcep_message *message)
{
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row != NULL && object->row->id == PCEP_OBJECT_BANDWIDTH)
            return ((const struct pcep_bandwidth *)object->body)->bandwidth;
    }
    return -1;
}

enum pce_status lsp_compose_objects(const struct lsp_ability *ability,
                                    const struct lsp_wanted *wanted, struct arena *arena,
                                    struct wire_writer *writer, struct lsp_composition *composition)
{
    struct composing composing = {.ability = ability, .wanted = wanted};
    enum pce_status status = compose_all(&composing, arena, writer);
    composition->reason = composing.reason;
    composition->bandwidth = compose_bandwidth_of(&composing.message);
    composition->path_digest =
        composing.ero == NULL
            ? LSP_PATH_EMPTY
            : lsp_path_digest(composing.ero->subobjects, composing.ero->subobject_count);
    return status;
}
