#include "core/intent/intent_ero.h"

#include "core/base/map.h"
#include "core/intent/intent_segment.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/frame.h"

struct ero {
    struct intent_walk walk;
    const struct intent *intent;
    struct wire_writer *writer;
};

static void ero_write_address(struct ero *ero, const struct intent_hop *hop)
{
    const struct pcep_sub_prefix body = {.prefix = hop->address,
                                         .bits = (uint8_t)(8 * ip_size(&hop->address))};
    pcep_subobject_put(ero->writer,
                       hop->address.family == IP_V4 ? PCEP_SUBOBJECT_IPV4_PREFIX
                                                    : PCEP_SUBOBJECT_IPV6_PREFIX,
                       hop->is_loose, &body);
}

/* ero->walk.at: where it begins. */
static const char *ero_write_hops(struct ero *ero, const struct intent_hop *hops, uint32_t count)
{
    const char *reason = NULL;
    size_t object = pcep_object_open(ero->writer, PCEP_OBJECT_ERO, 0, NULL);
    for (uint32_t i = 0; i < count && reason == NULL; i++) {
        if (ero->intent->setup_type == PCEP_PST_RSVP_TE)
            ero_write_address(ero, &hops[i]);
        else
            reason =
                intent_segment_write(&ero->walk, ero->intent->setup_type, &hops[i], ero->writer);
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
    struct ero ero = {.walk = {.snapshot = snapshot}, .intent = intent, .writer = writer};
    const struct intent_hop *hops = path->hops;
    uint32_t source =
        snapshot == NULL ? TED_NONE : ted_find_node_by_address(snapshot, &intent->source);
    ero.walk.at = source;
    if (path->list_count == 0)
        return ero_write_hops(&ero, hops, path->hop_count);
    for (uint32_t i = 0; i < path->list_count && reason == NULL; i++) {
        const struct intent_segment_list *list = &path->lists[i];
        ero.walk.at = source;
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
