#include "core/intent/intent_ero.h"

#include "core/base/map.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "core/requests/ero.h"

#define SHIFT_LABEL      12     /* RFC 8664 4.3.1: the label is the high 20 bits */
#define BEHAVIOR_UNKNOWN 0xFFFF /* RFC 9603 4.3.1 */

static const char unknown_node[] = "the node of a segment is not in the network";
static const char unknown_link[] = "the adjacency of a segment is not in the network";
static const char node_without_sid[] = "the node of a segment has no SID that can be used";
static const char link_without_sid[] = "the adjacency of a segment has no SID";

struct ero {
    const struct ted_snapshot *snapshot;
    const struct intent *intent;
    uint32_t at; /* where the segment before ends; TED_NONE: not known */
    struct wire_writer *writer;
};

/* ---- the walk through the network ---- */

/* The node that a segment leads to; TED_NONE: it is not known. *before: where the segment begins, as
 * far as that is known. */
static uint32_t ero_go_to_node(struct ero *ero, const struct ip *address, uint32_t *before)
{
    const struct ted_snapshot *snapshot = ero->snapshot;
    uint32_t node = snapshot == NULL ? TED_NONE : ted_find_node_by_address(snapshot, address);
    *before = ero->at == TED_NONE ? node : ero->at;
    ero->at = node;
    return node;
}

static bool ero_is_link(const struct ted_link *link, const struct intent_hop *hop)
{
    bool is_v4 = hop->local.family == IP_V4;
    return ip_is_equal(is_v4 ? &link->local_v4 : &link->local_v6, &hop->local) &&
           ip_is_equal(is_v4 ? &link->remote_v4 : &link->remote_v6, &hop->remote);
}

static uint32_t ero_find_link(const struct ted_snapshot *snapshot, const struct intent_hop *hop)
{
    uint32_t from = ted_find_node_by_address(snapshot, &hop->local);
    if (from == TED_NONE)
        return TED_NONE;
    for (uint32_t i = snapshot->first_edge[from]; i < snapshot->first_edge[from + 1]; i++)
        if (ero_is_link(&snapshot->links[snapshot->edges[i].link], hop))
            return snapshot->edges[i].link;
    return TED_NONE;
}

/* The link that a segment leads over; TED_NONE: it is not known. */
static uint32_t ero_go_over_link(struct ero *ero, const struct intent_hop *hop)
{
    const struct ted_snapshot *snapshot = ero->snapshot;
    ero->at = TED_NONE;
    if (snapshot == NULL)
        return TED_NONE;
    uint32_t link = ero_find_link(snapshot, hop);
    if (link != TED_NONE)
        ero->at = snapshot->links[link].to;
    return link;
}

/* ---- segments of SR-MPLS ---- */

static const char *ero_find_node_label(struct ero *ero, const struct intent_hop *hop,
                                       uint32_t *label)
{
    uint32_t before, node = ero_go_to_node(ero, &hop->address, &before);
    if (hop->label != INTENT_NO_LABEL)
        return NULL;
    if (node == TED_NONE)
        return unknown_node;
    const struct ted_prefix_sid *sid =
        ted_find_prefix_sid(ero->snapshot, node, 0, hop->address.family);
    *label = sid == NULL ? TED_NONE : ted_label_of_index(ero->snapshot, before, sid->index);
    return *label == TED_NONE ? node_without_sid : NULL;
}

static const char *ero_find_link_label(struct ero *ero, const struct intent_hop *hop,
                                       uint32_t *label)
{
    uint32_t link = ero_go_over_link(ero, hop);
    if (hop->label != INTENT_NO_LABEL)
        return NULL;
    if (link == TED_NONE)
        return unknown_link;
    const struct ted_adj_sid *sid =
        ted_find_adj_sid(ero->snapshot, link, hop->local.family, TED_PROTECTED_PREFERRED);
    if (sid != NULL)
        *label = sid->label;
    return sid == NULL ? link_without_sid : NULL;
}

static const char *ero_write_label(struct ero *ero, const struct intent_hop *hop)
{
    const char *reason = NULL;
    uint32_t label = hop->label;
    struct pcep_sub_sr body = {.nt = PCEP_NAI_NONE, .flags = PCEP_SR_F | PCEP_SR_M};
    if (hop->address.family != IP_NONE) {
        reason = ero_find_node_label(ero, hop, &label);
        body.nt = hop->address.family == IP_V4 ? PCEP_NAI_IPV4_NODE : PCEP_NAI_IPV6_NODE;
        body.local = hop->address;
    } else if (hop->local.family != IP_NONE) {
        reason = ero_find_link_label(ero, hop, &label);
        body.nt = hop->local.family == IP_V4 ? PCEP_NAI_IPV4_ADJACENCY : PCEP_NAI_IPV6_ADJACENCY;
        body.local = hop->local;
        body.remote = hop->remote;
    } else {
        ero->at = TED_NONE;
    }
    if (body.nt != PCEP_NAI_NONE)
        body.flags = PCEP_SR_M;
    body.sid = label << SHIFT_LABEL;
    if (reason == NULL)
        pcep_subobject_put(ero->writer, PCEP_SUBOBJECT_SR, false, &body);
    return reason;
}

/* ---- segments of SRv6 ---- */

/* What the network knows of a SID that the operator names; NULL: nothing. */
static const struct ted_srv6_sid *ero_find_named(const struct ted_snapshot *snapshot,
                                                 struct ted_range range, const struct ip *sid)
{
    for (uint32_t i = 0; i < range.count; i++)
        if (ip_is_equal(&snapshot->srv6_sids[range.first + i].sid, sid))
            return &snapshot->srv6_sids[range.first + i];
    return NULL;
}

static const char *ero_find_end(struct ero *ero, const struct intent_hop *hop,
                                const struct ted_srv6_sid **sid)
{
    uint32_t before, node = ero_go_to_node(ero, &hop->address, &before);
    const struct ted_snapshot *snapshot = ero->snapshot;
    bool is_named = hop->sid.family != IP_NONE;
    if (node != TED_NONE)
        *sid = is_named ? ero_find_named(snapshot, snapshot->nodes[node].srv6_sids, &hop->sid)
                        : ted_find_end_sid(snapshot, node, 0);
    if (is_named || *sid != NULL)
        return NULL;
    return node == TED_NONE ? unknown_node : node_without_sid;
}

static const char *ero_find_end_x(struct ero *ero, const struct intent_hop *hop,
                                  const struct ted_srv6_sid **sid)
{
    uint32_t link = ero_go_over_link(ero, hop);
    const struct ted_snapshot *snapshot = ero->snapshot;
    bool is_named = hop->sid.family != IP_NONE;
    if (link != TED_NONE)
        *sid = is_named ? ero_find_named(snapshot, snapshot->links[link].srv6_sids, &hop->sid)
                        : ted_find_end_x_sid(snapshot, link, 0, TED_PROTECTED_PREFERRED);
    if (is_named || *sid != NULL)
        return NULL;
    return link == TED_NONE ? unknown_link : link_without_sid;
}

/* RFC 9603 4.3.1: NAIs of SRv6 are IPv6 addresses alone. */
static void ero_put_nai(const struct intent_hop *hop, struct pcep_sub_srv6 *body)
{
    if (hop->address.family == IP_V6) {
        body->nt = PCEP_NAI_IPV6_NODE;
        body->local = hop->address;
    } else if (hop->local.family == IP_V6) {
        body->nt = PCEP_NAI_IPV6_ADJACENCY;
        body->local = hop->local;
        body->remote = hop->remote;
    }
    if (body->nt != PCEP_NAI_NONE)
        body->flags &= (uint16_t)~PCEP_SRV6_F;
}

static const char *ero_write_srv6(struct ero *ero, const struct intent_hop *hop)
{
    const char *reason = NULL;
    const struct ted_srv6_sid named = {.sid = hop->sid, .behavior = BEHAVIOR_UNKNOWN};
    const struct ted_srv6_sid *sid = NULL;
    if (hop->address.family != IP_NONE)
        reason = ero_find_end(ero, hop, &sid);
    else if (hop->local.family != IP_NONE)
        reason = ero_find_end_x(ero, hop, &sid);
    else
        ero->at = TED_NONE;
    if (reason != NULL)
        return reason;
    struct pcep_sub_srv6 body = ero_srv6_of(sid == NULL ? &named : sid);
    ero_put_nai(hop, &body);
    pcep_subobject_put(ero->writer, PCEP_SUBOBJECT_SRV6, false, &body);
    return NULL;
}

/* ---- hops ---- */

static void ero_write_address(struct ero *ero, const struct intent_hop *hop)
{
    const struct pcep_sub_prefix body = {.prefix = hop->address,
                                         .bits = (uint8_t)(8 * ip_size(&hop->address))};
    pcep_subobject_put(ero->writer,
                       hop->address.family == IP_V4 ? PCEP_SUBOBJECT_IPV4_PREFIX
                                                    : PCEP_SUBOBJECT_IPV6_PREFIX,
                       hop->is_loose, &body);
}

/* ero->at: where it begins. */
static const char *ero_write_hops(struct ero *ero, const struct intent_hop *hops, uint32_t count)
{
    const char *reason = NULL;
    size_t object = pcep_object_open(ero->writer, PCEP_OBJECT_ERO, 0, NULL);
    for (uint32_t i = 0; i < count && reason == NULL; i++) {
        if (ero->intent->setup_type == PCEP_PST_SR)
            reason = ero_write_label(ero, &hops[i]);
        else if (ero->intent->setup_type == PCEP_PST_SRV6)
            reason = ero_write_srv6(ero, &hops[i]);
        else
            ero_write_address(ero, &hops[i]);
    }
    pcep_object_close(ero->writer, object);
    return reason;
}

/* Multipath draft 4.3, 5.4: path IDs from 1; a list that is no backup is protected by all that are. */
static void ero_write_attributes(const struct intent_segment_list *list, uint32_t path_id,
                                 struct wire_writer *writer)
{
    const struct pcep_path_attrib body = {.path_id = path_id};
    const struct pcep_multipath_weight weight = {.weight = list->weight};
    const struct pcep_multipath_backup backup = {.flags = PCEP_MULTIPATH_BACKUP_B};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_PATH_ATTRIB, 0, &body);
    if (list->weight != 1)
        pcep_tlv_put(writer, PCEP_TLV_MULTIPATH_WEIGHT, &weight);
    if (list->is_backup)
        pcep_tlv_put(writer, PCEP_TLV_MULTIPATH_BACKUP, &backup);
    pcep_object_close(writer, object);
}

const char *intent_ero_write(const struct ted_snapshot *snapshot, const struct intent *intent,
                             const struct intent_path *path, struct wire_writer *writer)
{
    const char *reason = NULL;
    struct ero ero = {.snapshot = snapshot, .intent = intent, .writer = writer};
    const struct intent_hop *hops = path->hops;
    uint32_t source =
        snapshot == NULL ? TED_NONE : ted_find_node_by_address(snapshot, &intent->source);
    ero.at = source;
    if (path->list_count == 0)
        return ero_write_hops(&ero, hops, path->hop_count);
    for (uint32_t i = 0; i < path->list_count && reason == NULL; i++) {
        const struct intent_segment_list *list = &path->lists[i];
        ero.at = source;
        ero_write_attributes(list, i + 1, writer);
        reason = ero_write_hops(&ero, hops, list->hop_count);
        hops += list->hop_count;
    }
    return reason;
}

/* ---- the digest ---- */

/* The octets as a message, which the codec wants. */
static bool digest_decode(struct wire_span objects, struct arena *arena,
                          struct pcep_message *message)
{
    struct pcep_fault fault = {0};
    size_t size = PCEP_HEADER_SIZE + objects.size;
    uint8_t *octets = size > PCEP_MESSAGE_SIZE_MAX ? NULL : arena_alloc(arena, size);
    if (octets == NULL)
        return false;
    struct wire_writer writer = wire_writer_init(octets, size);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    wire_put_octets(&writer, objects.octets, objects.size);
    pcep_message_close(&writer, at);
    return !writer.failed &&
           pcep_decode((struct wire_span){octets, size}, arena, message, &fault) == PCE_OK;
}

bool intent_hops_of(struct wire_span objects, struct arena *arena, struct pcep_subobjects *hops)
{
    struct pcep_message message;
    *hops = (struct pcep_subobjects){.at = NULL};
    if (objects.size == 0)
        return true;
    if (!digest_decode(objects, arena, &message))
        return false;
    for (uint32_t i = 0; i < message.object_count; i++) {
        const struct pcep_object *object = &message.objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_ERO)
            continue;
        *hops = pcep_subobjects_of(pcep_optional_of(object));
        break;
    }
    return true;
}

bool intent_digest_of(struct wire_span objects, struct arena *arena, uint64_t *digest)
{
    struct pcep_message message;
    uint32_t count = 0;
    *digest = LSP_PATH_EMPTY;
    if (objects.size == 0)
        return true;
    if (!digest_decode(objects, arena, &message))
        return false;
    for (uint32_t i = 0; i < message.object_count; i++) {
        const struct pcep_object *object = &message.objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_ERO)
            continue;
        uint64_t of_list = lsp_path_digest(object->subobjects, object->subobject_count);
        *digest = count++ == 0 ? of_list : map_hash_with(&of_list, sizeof of_list, *digest);
    }
    return true;
}
