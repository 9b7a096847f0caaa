#include "server/control/path_json.h"

#include "core/pcep/model.h"
#include "core/pcep/segments.h"
#include "server/control/lsp_words.h"

#include <stdio.h>

#define HOP_TEXT_SIZE 256 /* a SID and two addresses */

struct hop_text {
    char text[HOP_TEXT_SIZE];
};

/* "192.0.2.1 > 192.0.2.2" */
struct nai_text {
    char text[2 * IP_TEXT_SIZE + 4];
};

static void prefix_text(const struct pcep_sub_prefix *prefix, struct hop_text *hop)
{
    char address[IP_TEXT_SIZE];
    (void)snprintf(hop->text, sizeof hop->text, "%s/%u", ip_format(&prefix->prefix, address),
                   prefix->bits);
}

/* What the segment is of: a node, or an adjacency; "" where the report does not say. */
static void nai_text(const struct ip *local, const struct ip *remote, struct nai_text *nai)
{
    char from[IP_TEXT_SIZE];
    char to[IP_TEXT_SIZE];
    nai->text[0] = '\0';
    if (local->family != IP_NONE && remote->family != IP_NONE)
        (void)snprintf(nai->text, sizeof nai->text, "%s > %s", ip_format(local, from),
                       ip_format(remote, to));
    else if (local->family != IP_NONE)
        (void)snprintf(nai->text, sizeof nai->text, "%s", ip_format(local, from));
}

static void segment_text(const char *sid, const struct nai_text *nai, struct hop_text *hop)
{
    bool has_both = sid[0] != '\0' && nai->text[0] != '\0';
    (void)snprintf(hop->text, sizeof hop->text, "%s%s%s%s", sid, has_both ? " (" : "", nai->text,
                   has_both ? ")" : "");
}

static void sr_text(const struct pcep_sub_sr *sr, struct hop_text *hop)
{
    char label[PCEP_SEGMENT_TEXT_SIZE];
    struct nai_text nai;
    nai_text(&sr->local, &sr->remote, &nai);
    segment_text(pcep_segment_text(sr, label), &nai, hop);
}

static void srv6_text(const struct pcep_sub_srv6 *srv6, struct hop_text *hop)
{
    char sid[IP_TEXT_SIZE] = "";
    struct nai_text nai;
    nai_text(&srv6->local, &srv6->remote, &nai);
    if (srv6->sid.family != IP_NONE)
        (void)ip_format(&srv6->sid, sid);
    segment_text(sid, &nai, hop);
}

static void unnumbered_text(const struct pcep_sub_unnumbered *end, struct hop_text *hop)
{
    char router[IP_TEXT_SIZE];
    (void)snprintf(hop->text, sizeof hop->text, "%s interface %u",
                   ip_format(&end->router_id, router), end->interface_id);
}

/* Whatever has no text of its own here is told by its name; all of it stands in the objects. */
static void hop_text_of(const struct pcep_subobject *sub, struct hop_text *hop)
{
    (void)snprintf(hop->text, sizeof hop->text, "%s", sub->row == NULL ? "?" : sub->row->name);
    if (sub->row == NULL || sub->body == NULL)
        return;
    switch (sub->row->id) {
    case PCEP_SUBOBJECT_IPV4_PREFIX:
    case PCEP_SUBOBJECT_IPV6_PREFIX:
        prefix_text(sub->body, hop);
        break;
    case PCEP_SUBOBJECT_UNNUMBERED:
        unnumbered_text(sub->body, hop);
        break;
    case PCEP_SUBOBJECT_SR:
        sr_text(sub->body, hop);
        break;
    case PCEP_SUBOBJECT_SRV6:
        srv6_text(sub->body, hop);
        break;
    default:
        break;
    }
}

static json_t *hops_json(const struct pcep_object *object)
{
    json_t *hops = json_array();
    for (uint32_t i = 0; i < object->subobject_count && hops != NULL; i++) {
        struct hop_text hop;
        hop_text_of(&object->subobjects[i], &hop);
        if (json_array_append_new(hops, json_string(hop.text)) != 0) {
            json_decref(hops);
            hops = NULL;
        }
    }
    return hops;
}

json_t *path_json(const struct pcep_message *message, enum pcep_object_id kind)
{
    json_t *paths = json_array();
    for (uint32_t i = 0; i < message->object_count && paths != NULL; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL || object->row->id != kind)
            continue;
        if (json_array_append_new(paths, hops_json(object)) != 0) {
            json_decref(paths);
            paths = NULL;
        }
    }
    return paths;
}

static json_t *attributes_json(const struct pcep_object *object)
{
    const struct pcep_path_attrib *body = object->body;
    const struct pcep_multipath_weight *weight = pcep_find_tlv(object, PCEP_TLV_MULTIPATH_WEIGHT);
    const struct pcep_multipath_backup *backup = pcep_find_tlv(object, PCEP_TLV_MULTIPATH_BACKUP);
    const bool is_backup = backup != NULL && (backup->flags & PCEP_MULTIPATH_BACKUP_B) != 0;
    /* Multipath draft 4.3: without a weight it is 1. */
    return json_pack("{s:I,s:I,s:o,s:b,s:b}", "path_id", (json_int_t)body->path_id, "weight",
                     (json_int_t)(weight == NULL ? 1 : weight->weight), "state",
                     lsp_state_json((uint8_t)(body->flags & PCEP_PATH_ATTRIB_O)), "is_backup",
                     (int)is_backup, "is_reverse", (body->flags & PCEP_PATH_ATTRIB_R) != 0);
}

json_t *path_attributes_json(const struct pcep_message *message, enum pcep_object_id kind)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < message->object_count && list != NULL; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL || object->row->id != kind)
            continue;
        bool has = i > 0 && object[-1].row != NULL && object[-1].row->id == PCEP_OBJECT_PATH_ATTRIB;
        if (json_array_append_new(list, has ? attributes_json(object - 1) : json_null()) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}
