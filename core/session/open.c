#include "core/session/open.h"
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <string.h>

#define PST_BIT(pst) (UINT64_C(1) << (pst))

/* ---- what the peer says ---- */

static const struct pcep_object *find_only_open(const struct pcep_message *message)
{
    const struct pcep_object *found = NULL;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_OPEN)
            continue;
        if (found != NULL)
            return NULL;
        found = object;
    }
    return found;
}

static uint64_t own_psts(const struct session_config *config)
{
    return (config->rsvp_te ? PST_BIT(PCEP_PST_RSVP_TE) : 0) |
           (config->sr_mpls ? PST_BIT(PCEP_PST_SR) : 0) |
           (config->srv6 ? PST_BIT(PCEP_PST_SRV6) : 0);
}

static void open_refuse(struct session_open_view *view, enum pcep_error_code error, uint32_t offset,
                        const char *reason)
{
    view->judgement = SESSION_OPEN_UNACCEPTABLE;
    pcep_fault_set(&view->fault, PCEP_FAULT_SESSION, error, offset, reason);
}

static void read_sr(struct session_peer_open *said, const struct pcep_sr_pce_capability *capability)
{
    said->sr = true;
    said->sr_unlimited_msd = (capability->flags & PCEP_SR_CAPABILITY_X) != 0;
    /* RFC 8664 5.1: with X set the MSD is ignored. */
    said->sr_msd = said->sr_unlimited_msd ? 0 : capability->msd;
    said->sr_algorithms = (capability->flags & PCEP_SR_CAPABILITY_S) != 0;
}

static bool is_srv6_msd(unsigned type)
{
    return type == PCEP_MSD_SEGMENTS_LEFT || type == PCEP_MSD_END_POP ||
           type == PCEP_MSD_H_ENCAPS || type == PCEP_MSD_END_D;
}

/* RFC 9603 4.1.1: of the limits H.Encaps is the one of a headend that puts SIDs on; the others are
 * of endpoints. RFC 9352 4.3: with 0 it adds no routing header, which leaves the one SID that is the
 * destination address. RFC 9603 5.1: a type that is none of SRv6 is 1/1. */
static void read_srv6_msds(const struct pcep_srv6_pce_capability *capability,
                           const struct pcep_tlv *tlv, struct session_open_view *view)
{
    for (uint32_t i = 0; i < capability->count; i++) {
        unsigned type = capability->msds[i] >> 8, value = capability->msds[i] & UINT8_MAX;
        if (type == PCEP_MSD_NONE && value == 0)
            continue;
        if (!is_srv6_msd(type))
            open_refuse(view, PCEP_ERROR_INVALID_OPEN, tlv->offset,
                        "an MSD type of SRv6-PCE-CAPABILITY is none of SRv6");
        if (type == PCEP_MSD_H_ENCAPS && view->said.srv6_msd == 0)
            view->said.srv6_msd = value == 0 ? 1 : (uint8_t)value;
    }
}

static void read_srv6(const struct session_config *config,
                      const struct pcep_srv6_pce_capability *capability, const struct pcep_tlv *tlv,
                      struct session_open_view *view)
{
    view->said.srv6 = capability != NULL;
    if (!config->srv6)
        return;
    if (capability == NULL) {
        open_refuse(view, PCEP_ERROR_SRV6_CAPABILITY_MISSING, tlv->offset,
                    "no SRv6-PCE-CAPABILITY beside path setup type 3");
        return;
    }
    view->said.srv6_algorithms = (capability->flags & PCEP_SRV6_CAPABILITY_S) != 0;
    read_srv6_msds(capability, tlv, view);
}

/* ---- what of an OPEN is malformed ---- */

/* The codec keeps a TLV that it cannot read as octets: its type is known all the same. What it
 * cannot walk of sub-TLVs stays unread. */
static bool is_malformed(const struct pcep_tlv *tlv, enum pcep_tlv_space space)
{
    return tlv->row == NULL ? pcep_tlv_find(space, tlv->type) != NULL : tlv->rest.size > 0;
}

static bool is_type(const struct pcep_tlv *tlv, enum pcep_tlv_id id)
{
    return tlv->type == pcep_tlv_get(id)->type;
}

/* What we act on. SR-PCE-CAPABILITY stands in the OPEN itself before RFC 8408. */
static bool decides(const struct pcep_tlv *tlv)
{
    return is_type(tlv, PCEP_TLV_STATEFUL_PCE_CAPABILITY) ||
           is_type(tlv, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY) ||
           is_type(tlv, PCEP_TLV_SR_PCE_CAPABILITY);
}

static void skip_tlv(struct session_peer_open *said)
{
    if (said->open_tlvs_skipped < UINT8_MAX)
        said->open_tlvs_skipped++;
}

/* A sub-TLV beside a setup type that both ends serve decides; the others are skipped. */
static void judge_sub_tlv(const struct session_config *config, const struct pcep_tlv *sub,
                          struct session_open_view *view)
{
    uint64_t common = view->said.psts & own_psts(config);
    bool is_sr = is_type(sub, PCEP_TLV_SR_PCE_CAPABILITY);
    bool is_srv6 = is_type(sub, PCEP_TLV_SRV6_PCE_CAPABILITY);
    if ((is_sr && (common & PST_BIT(PCEP_PST_SR)) != 0) ||
        (is_srv6 && (common & PST_BIT(PCEP_PST_SRV6)) != 0))
        open_refuse(view, PCEP_ERROR_MALFORMED_OBJECT, sub->offset,
                    "malformed capability of a path setup type");
    else
        skip_tlv(&view->said);
}

/* Only what a session depends on ends it: RFC 5440 7.1 has TLVs that are not recognised ignored,
 * and one that we do not act on is of no more consequence, whatever is in it. */
static void open_judge_tlvs(struct session_open_view *view)
{
    const struct pcep_object *open = view->object;
    for (uint32_t i = 0; i < open->tlv_count; i++) {
        const struct pcep_tlv *tlv = &open->tlvs[i];
        if (!is_malformed(tlv, PCEP_TLV_SPACE_OBJECT))
            continue;
        if (decides(tlv))
            open_refuse(view, PCEP_ERROR_MALFORMED_OBJECT, tlv->offset, "malformed TLV of OPEN");
        else
            skip_tlv(&view->said);
    }
    if (open->rest.size > 0)
        open_refuse(view, PCEP_ERROR_MALFORMED_OBJECT, open->offset, "TLV does not fit into OPEN");
}

/* RFC 8408 5, RFC 8664 5.1, RFC 9603 5.1: what a listed setup type needs beside it. */
static void read_setup_types(const struct session_config *config, const struct pcep_tlv *tlv,
                             struct session_open_view *view)
{
    const struct pcep_path_setup_type_capability *list = tlv->body;
    struct session_peer_open *said = &view->said;
    said->has_pst_list = true;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->psts[i] < 64)
            said->psts |= PST_BIT(list->psts[i]);
    }
    for (uint32_t i = 0; i < tlv->sub_count; i++) {
        if (is_malformed(&tlv->subs[i], tlv->row->subs))
            judge_sub_tlv(config, &tlv->subs[i], view);
    }
    const struct pcep_sr_pce_capability *sr = pcep_find_sub_tlv(tlv, PCEP_TLV_SR_PCE_CAPABILITY);
    if ((said->psts & PST_BIT(PCEP_PST_SR)) != 0) {
        if (sr != NULL)
            read_sr(said, sr);
        if (config->sr_mpls && sr == NULL)
            open_refuse(view, PCEP_ERROR_SR_CAPABILITY_MISSING, tlv->offset,
                        "no SR-PCE-CAPABILITY beside path setup type 1");
        else if (config->sr_mpls && !said->sr_unlimited_msd && said->sr_msd == 0)
            open_refuse(view, PCEP_ERROR_MSD_ZERO, tlv->offset, "a limited SID depth of zero");
    }
    if ((said->psts & PST_BIT(PCEP_PST_SRV6)) != 0)
        read_srv6(config, pcep_find_sub_tlv(tlv, PCEP_TLV_SRV6_PCE_CAPABILITY), tlv, view);
}

/* Peers older than RFC 8408 put SR-PCE-CAPABILITY into the OPEN itself (RFC 8664 appendix A); there
 * an MSD of 0 names no limit. */
static void read_old_sr(const struct pcep_object *open, struct session_peer_open *said)
{
    const struct pcep_sr_pce_capability *sr = pcep_find_tlv(open, PCEP_TLV_SR_PCE_CAPABILITY);
    if (sr == NULL || said->sr)
        return;
    if (!said->has_pst_list)
        said->psts |= PST_BIT(PCEP_PST_SR);
    if ((said->psts & PST_BIT(PCEP_PST_SR)) == 0)
        return;
    read_sr(said, sr);
    if (said->sr_msd == 0)
        said->sr_unlimited_msd = true;
}

static uint8_t association_bit(uint16_t type)
{
    switch (type) {
    case 2:
        return SESSION_LISTS_DISJOINT;
    case 6:
        return SESSION_LISTS_SR_POLICY;
    case 0x14:
        return SESSION_LISTS_POLICY_CISCO;
    case 0xFFE1:
        return SESSION_LISTS_POLICY_JUNIPER;
    default:
        return 0;
    }
}

static void read_associations(const struct pcep_object *open, struct session_peer_open *said)
{
    const struct pcep_association_types *list = pcep_find_tlv(open, PCEP_TLV_ASSOCIATION_TYPE_LIST);
    if (list == NULL)
        return;
    said->associations = SESSION_LISTS_ASSOCIATIONS;
    for (uint32_t i = 0; i < list->count; i++)
        said->associations |= association_bit(list->types[i]);
}

/* Multipath draft 5.1.1: a number of 0 is reserved; one path is what everybody has. */
static void read_multipath(const struct pcep_object *open, struct session_peer_open *said)
{
    const struct pcep_multipath_cap *cap = pcep_find_tlv(open, PCEP_TLV_MULTIPATH_CAP);
    if (cap == NULL)
        return;
    unsigned paths =
        cap->paths_max < SESSION_MULTIPATHS_MAX ? cap->paths_max : SESSION_MULTIPATHS_MAX;
    said->multipaths = (paths == 0 ? 1U : paths) & 0x1FU;
    said->multipath_weights = (cap->flags & PCEP_MULTIPATH_W) != 0;
    said->multipath_backups = (cap->flags & PCEP_MULTIPATH_B) != 0;
}

static void read_capabilities(const struct session_config *config, struct session_open_view *view)
{
    const struct pcep_object *open = view->object;
    struct session_peer_open *said = &view->said;
    const struct pcep_stateful_pce_capability *stateful =
        pcep_find_tlv(open, PCEP_TLV_STATEFUL_PCE_CAPABILITY);
    said->stateful = stateful != NULL;
    said->stateful_flags = stateful != NULL ? stateful->flags : 0;
    said->has_db_version = pcep_find_tlv(open, PCEP_TLV_LSP_DB_VERSION) != NULL;
    said->auto_bandwidth = pcep_find_tlv(open, PCEP_TLV_AUTO_BANDWIDTH_CAPABILITY) != NULL;
    read_associations(open, said);
    read_multipath(open, said);
    for (uint32_t i = 0; i < open->tlv_count; i++) {
        const struct pcep_tlv *tlv = &open->tlvs[i];
        if (tlv->type != pcep_tlv_get(PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY)->type)
            continue;
        if (tlv->row != NULL)
            read_setup_types(config, tlv, view);
        break; /* RFC 8408 3: the first one counts */
    }
    if (!said->has_pst_list)
        said->psts = PST_BIT(PCEP_PST_RSVP_TE);
    read_old_sr(open, said);
    if (!pcep_fault_is_set(&view->fault) && (said->psts & own_psts(config)) == 0)
        open_refuse(view, PCEP_ERROR_PST_MISMATCH, open->offset, "no path setup type in common");
}

static bool open_is_within(uint8_t value, uint8_t min, uint8_t max)
{
    return value >= min && value <= max;
}

/* A peer that sends no Keepalives needs no DeadTimer (RFC 5440 7.3); one that sends them but never
 * has us give it up is taken where silence is allowed. */
static bool are_timers_acceptable(const struct session_config *config, uint8_t keepalive_s,
                                  uint8_t dead_timer_s)
{
    if (keepalive_s == 0)
        return config->allow_keepalive_zero;
    if (!open_is_within(keepalive_s, config->keepalive_min_s, config->keepalive_max_s))
        return false;
    if (dead_timer_s == 0)
        return config->allow_keepalive_zero;
    return dead_timer_s >= keepalive_s &&
           open_is_within(dead_timer_s, config->dead_timer_min_s, config->dead_timer_max_s);
}

static uint8_t clamp(unsigned value, uint8_t min, uint8_t max)
{
    if (value < min)
        return min;
    return value > max ? max : (uint8_t)value;
}

/* What of the peer's timers we can live with stays, the rest moves into our ranges. A Keepalive of
 * 0 comes here only where it is not allowed. Gives false when the ranges leave nothing to propose.
 */
static bool correct_timers(const struct session_config *config, uint8_t *keepalive_s,
                           uint8_t *dead_timer_s)
{
    uint8_t keepalive_max_s = config->keepalive_max_s;
    if (keepalive_max_s > config->dead_timer_max_s)
        keepalive_max_s = config->dead_timer_max_s;
    *keepalive_s =
        clamp(*keepalive_s == 0 ? 1 : *keepalive_s, config->keepalive_min_s, keepalive_max_s);
    unsigned dead_s = *dead_timer_s;
    if (dead_s < *keepalive_s)
        dead_s = 4U * *keepalive_s; /* RFC 5440 7.3: the recommended ratio */
    *dead_timer_s = clamp(dead_s, config->dead_timer_min_s, config->dead_timer_max_s);
    return are_timers_acceptable(config, *keepalive_s, *dead_timer_s);
}

/* RFC 5440 7.15: what is not negotiable, and has no error of its own in a later RFC, is 1/3. */
static void judge_timers(const struct session_config *config, struct session_open_view *view)
{
    uint8_t keepalive_s = view->said.keepalive_s;
    uint8_t dead_timer_s = view->said.dead_timer_s;
    if (are_timers_acceptable(config, keepalive_s, dead_timer_s))
        return;
    if (config->fixed_timers)
        open_refuse(view, PCEP_ERROR_OPEN_NOT_NEGOTIABLE, view->object->offset,
                    "timers that are not negotiable");
    else if (!correct_timers(config, &keepalive_s, &dead_timer_s))
        open_refuse(view, PCEP_ERROR_OPEN_NOT_NEGOTIABLE, view->object->offset,
                    "no timers are acceptable");
    else
        view->judgement = SESSION_OPEN_NEGOTIABLE;
}

void session_open_read(const struct session_config *config, const struct pcep_message *message,
                       struct session_open_view *view)
{
    memset(view, 0, sizeof *view);
    view->object = find_only_open(message);
    if (view->object == NULL) {
        view->judgement = SESSION_OPEN_MALFORMED;
        return;
    }
    const struct pcep_open *open = view->object->body;
    view->said.keepalive_s = open->keepalive_s;
    view->said.dead_timer_s = open->dead_timer_s;
    view->said.sid = open->sid;
    open_judge_tlvs(view);
    read_capabilities(config, view);
    if (open->version != PCEP_VERSION)
        open_refuse(view, PCEP_ERROR_VERSION_NOT_SUPPORTED, view->object->offset,
                    "PCEP version not supported");
    if (view->judgement == SESSION_OPEN_ACCEPTABLE)
        judge_timers(config, view);
}

void session_proposal_read(const struct session_config *config, const struct pcep_message *message,
                           struct session_open_view *view)
{
    memset(view, 0, sizeof *view);
    view->judgement = SESSION_OPEN_UNACCEPTABLE;
    view->object = find_only_open(message);
    if (view->object == NULL)
        return;
    const struct pcep_open *open = view->object->body;
    view->said.keepalive_s = open->keepalive_s;
    view->said.dead_timer_s = open->dead_timer_s;
    if (are_timers_acceptable(config, open->keepalive_s, open->dead_timer_s))
        view->judgement = SESSION_OPEN_ACCEPTABLE;
}

/* ---- what we say ---- */

#define OPEN_TLVS_MAX 7
#define OPEN_SUBS_MAX 2
#define OPEN_PSTS_MAX 3

/* The parts of an OPEN that is being written: they point at each other. */
struct open_parts {
    struct pcep_stateful_pce_capability stateful;
    struct pcep_path_setup_type_capability setup_types;
    struct pcep_sr_pce_capability sr;
    struct pcep_srv6_pce_capability srv6;
    struct pcep_lsp_db_version version;
    struct pcep_octets speaker;
    struct pcep_association_types associations;
    struct pcep_flag_word auto_bandwidth;
    struct pcep_multipath_cap multipath;
    uint8_t psts[OPEN_PSTS_MAX];
    struct pcep_tlv subs[OPEN_SUBS_MAX];
    struct pcep_tlv tlvs[OPEN_TLVS_MAX];
    uint32_t sub_count;
    uint32_t tlv_count;
};

static struct pcep_tlv make_tlv(enum pcep_tlv_id id, const void *body)
{
    const struct pcep_tlv_row *row = pcep_tlv_get(id);
    return (struct pcep_tlv){.row = row, .type = row->type, .body = body};
}

/* Bounds: one SR and one SRv6 sub-TLV, three setup types. */
static void make_setup_types(const struct session_config *config, struct open_parts *parts)
{
    uint32_t count = 0;
    if (config->rsvp_te)
        parts->psts[count++] = PCEP_PST_RSVP_TE;
    if (config->sr_mpls) {
        parts->psts[count++] = PCEP_PST_SR;
        /* RFC 8664 5.1: a PCE says N = 0, X = 1, MSD = 0. RFC 9933 6.1: S by default. */
        parts->sr.flags = PCEP_SR_CAPABILITY_X | PCEP_SR_CAPABILITY_S;
        parts->subs[parts->sub_count++] = make_tlv(PCEP_TLV_SR_PCE_CAPABILITY, &parts->sr);
    }
    if (config->srv6) {
        parts->psts[count++] = PCEP_PST_SRV6;
        /* RFC 9603 4.1.1: a PCE sets no N flag and names no MSDs. */
        parts->srv6.flags = PCEP_SRV6_CAPABILITY_S;
        parts->subs[parts->sub_count++] = make_tlv(PCEP_TLV_SRV6_PCE_CAPABILITY, &parts->srv6);
    }
    parts->setup_types.psts = parts->psts;
    parts->setup_types.count = count;
    CHECK(count <= OPEN_PSTS_MAX && parts->sub_count <= OPEN_SUBS_MAX);
    struct pcep_tlv tlv = make_tlv(PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY, &parts->setup_types);
    tlv.subs = parts->subs;
    tlv.sub_count = parts->sub_count;
    CHECK(parts->tlv_count < OPEN_TLVS_MAX);
    parts->tlvs[parts->tlv_count++] = tlv;
}

static void make_last(struct open_parts *parts, enum pcep_tlv_id id, const void *body)
{
    CHECK(parts->tlv_count < OPEN_TLVS_MAX);
    parts->tlvs[parts->tlv_count++] = make_tlv(id, body);
}

/* RFC 8232 3.2: where the LSPs of this peer have survived its last session. */
static void make_version(struct session *session, struct open_parts *parts)
{
    if (!session->config->stateful || !session->config->db_version ||
        session->ops->get_db_version == NULL)
        return;
    parts->version.version = session->ops->get_db_version(session);
    if (parts->version.version == 0)
        return;
    make_last(parts, PCEP_TLV_LSP_DB_VERSION, &parts->version);
}

/* RFC 8232 3.3.2 */
static void make_speaker(const struct session_config *config, struct open_parts *parts)
{
    const size_t size = strlen(config->speaker_id);
    if (!config->stateful || size == 0)
        return;
    parts->speaker.octets = (struct wire_span){(const uint8_t *)config->speaker_id, size};
    CHECK(parts->tlv_count < OPEN_TLVS_MAX);
    parts->tlvs[parts->tlv_count++] = make_tlv(PCEP_TLV_SPEAKER_ENTITY_ID, &parts->speaker);
}

/* RFC 8697 3.4: the types of associations that are acted on. Path protection (RFC 8745), disjoint
 * (RFC 8800), bidirectional (RFC 9059, and 8 for segment routing), SR policies (RFC 9862). */
static void make_associations(const struct session_config *config, struct open_parts *parts)
{
    static const uint16_t types[] = {1, 2, 4, 5, 6, 8};
    if (!config->stateful)
        return;
    parts->associations.types = types;
    parts->associations.count = sizeof types / sizeof types[0];
    CHECK(parts->tlv_count < OPEN_TLVS_MAX);
    parts->tlvs[parts->tlv_count++] =
        make_tlv(PCEP_TLV_ASSOCIATION_TYPE_LIST, &parts->associations);
}

/* Always at least the setup types: FRR's pathd ends at an OPEN without TLVs. What is newer stands
 * behind them: an unknown TLV ends what it reads. */
static void make_tlvs(struct session *session, struct open_parts *parts)
{
    const struct session_config *config = session->config;
    memset(parts, 0, sizeof *parts);
    if (config->stateful) {
        parts->stateful.flags = (config->stateful_update ? PCEP_STATEFUL_U : 0) |
                                (config->stateful_initiate ? PCEP_STATEFUL_I : 0) |
                                (config->db_version ? PCEP_STATEFUL_S | PCEP_STATEFUL_D : 0) |
                                (config->resync ? PCEP_STATEFUL_T : 0) |
                                (config->triggered_sync ? PCEP_STATEFUL_F : 0) |
                                (config->color ? PCEP_STATEFUL_C : 0);
        parts->tlvs[parts->tlv_count++] =
            make_tlv(PCEP_TLV_STATEFUL_PCE_CAPABILITY, &parts->stateful);
    }
    make_setup_types(config, parts);
    make_version(session, parts);
    make_speaker(config, parts);
    make_associations(config, parts);
    if (config->stateful && config->auto_bandwidth)
        make_last(parts, PCEP_TLV_AUTO_BANDWIDTH_CAPABILITY, &parts->auto_bandwidth);
    if (config->stateful && config->multipaths > 0) {
        parts->multipath = (struct pcep_multipath_cap){
            .paths_max = config->multipaths, .flags = PCEP_MULTIPATH_W | PCEP_MULTIPATH_B};
        make_last(parts, PCEP_TLV_MULTIPATH_CAP, &parts->multipath);
    }
}

static struct pcep_object make_object(enum pcep_object_id id, const void *body)
{
    const struct pcep_object_row *row = pcep_object_get(id);
    return (struct pcep_object){.row = row, .class_ = row->class_, .type = row->type, .body = body};
}

static struct pcep_message make_message(enum pcep_message_type type, struct pcep_object *objects,
                                        uint32_t object_count)
{
    return (struct pcep_message){.row = pcep_message_find(type),
                                 .version = PCEP_VERSION,
                                 .type = (uint8_t)type,
                                 .objects = objects,
                                 .object_count = object_count};
}

/* A message that does not fit has failed the writer, which is what the sender asks. */
static void encode(const struct pcep_message *message, struct wire_writer *writer)
{
    if (pcep_encode(message, writer) != PCE_OK)
        writer->failed = true;
}

void session_open_write(struct session *session, struct wire_writer *writer)
{
    struct open_parts parts;
    make_tlvs(session, &parts);
    const struct pcep_open body = {
        .version = PCEP_VERSION,
        .keepalive_s = session->keepalive_s,
        .dead_timer_s = session->own_dead_timer_s,
        .sid = session->local_sid,
    };
    struct pcep_object open = make_object(PCEP_OBJECT_OPEN, &body);
    open.tlvs = parts.tlvs;
    open.tlv_count = parts.tlv_count;
    const struct pcep_message message = make_message(PCEP_MESSAGE_OPEN, &open, 1);
    encode(&message, writer);
}

void session_open_write_proposal(struct session *session, const struct session_open_view *view,
                                 struct wire_writer *writer)
{
    CHECK(view->judgement == SESSION_OPEN_NEGOTIABLE); /* so there is something to propose */
    struct pcep_open body = *(const struct pcep_open *)view->object->body;
    (void)correct_timers(session->config, &body.keepalive_s, &body.dead_timer_s);
    const struct pcep_error error = {.type = pcep_error_type(PCEP_ERROR_OPEN_NEGOTIABLE),
                                     .value = pcep_error_value(PCEP_ERROR_OPEN_NEGOTIABLE)};
    struct pcep_object objects[2] = {make_object(PCEP_OBJECT_PCEP_ERROR, &error), *view->object};
    objects[1].body = &body;
    struct open_parts parts;
    /* An OPEN without TLVs ends FRR's pathd (make_tlvs): our own stand in a proposal that has
     * none. */
    if (objects[1].tlv_count == 0) {
        make_tlvs(session, &parts);
        objects[1].tlvs = parts.tlvs;
        objects[1].tlv_count = parts.tlv_count;
    }
    const struct pcep_message message = make_message(PCEP_MESSAGE_PCERR, objects, 2);
    encode(&message, writer);
}
