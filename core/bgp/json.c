#include "core/bgp/json.h"

#include "core/bgp/layout.h"
#include "core/bgp/names.h"
#include "core/bgp/print.h"
#include "core/wire/json_value.h"

/* The value of what has a row, or its octets. */
static void set_body(json_t *json, const struct wire_layout *layout, const void *body,
                     struct wire_span octets)
{
    if (layout != NULL)
        json_object_set_new(json, "body", wire_json_body(layout, body));
    else
        json_object_set_new(json, "octets", wire_json_hex(octets));
}

static json_t *json_capability(const struct bgp_capability *capability)
{
    const struct bgp_capability_row *row = capability->row;
    json_t *json = json_pack("{s:s, s:i}", "capability", row == NULL ? "unknown" : row->name,
                             "code", capability->code);
    set_body(json, row == NULL ? NULL : row->layout, capability->body,
             (struct wire_span){capability->octets, capability->size});
    return json;
}

static json_t *json_parameter(const struct bgp_parameter *parameter)
{
    json_t *json = json_pack("{s:i}", "type", parameter->type);
    if (parameter->capabilities == NULL) {
        json_object_set_new(json, "octets",
                            wire_json_hex((struct wire_span){parameter->octets, parameter->size}));
        return json;
    }
    json_t *list = json_array();
    for (uint32_t i = 0; i < parameter->capability_count; i++)
        json_array_append_new(list, json_capability(&parameter->capabilities[i]));
    json_object_set_new(json, "capabilities", list);
    return json;
}

static void set_open(json_t *json, const struct bgp_open_message *open)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < open->parameter_count; i++)
        json_array_append_new(list, json_parameter(&open->parameters[i]));
    json_object_set_new(json, "body", wire_json_body(&bgp_layout_open, &open->body));
    json_object_set_new(json, "parameters", list);
}

static json_t *json_one_tlv(const struct bgp_tlv *tlv)
{
    const struct bgp_tlv_row *row = tlv->row;
    json_t *json =
        json_pack("{s:s, s:i}", "tlv", row == NULL ? "unknown" : row->name, "type", tlv->type);
    set_body(json, row == NULL ? NULL : row->layout, tlv->body,
             (struct wire_span){tlv->octets, tlv->size});
    return json;
}

/* Lists of each level that is open: a TLV goes into its level's, and what is inside it into a list of
 * its own. */
static json_t *json_of_tlvs(const struct bgp_tlv_list *list)
{
    json_t *lists[BGP_TLV_DEPTH_MAX + 1] = {json_array()};
    struct bgp_tlv_walk walk;
    enum bgp_tlv_event event;
    const struct bgp_tlv *tlv;
    bgp_tlv_walk_init(&walk, list);
    while ((tlv = bgp_tlv_walk_next(&walk, &event)) != NULL) {
        if (event == BGP_TLV_LEAVE)
            continue;
        json_t *json = json_one_tlv(tlv);
        if (tlv->subs.count > 0) {
            lists[walk.depth + 1] = json_array();
            json_object_set_new(json, "tlvs", lists[walk.depth + 1]);
        }
        json_array_append_new(lists[walk.depth], json);
    }
    return lists[0];
}

static json_t *json_nlri(const struct bgp_nlri *nlri)
{
    json_t *json = json_pack("{s:s, s:i}", "nlri", nlri->row == NULL ? "unknown" : nlri->row->name,
                             "type", nlri->type);
    if (nlri->row == NULL) {
        json_object_set_new(json, "octets",
                            wire_json_hex((struct wire_span){nlri->octets, nlri->size}));
        return json;
    }
    const char *protocol = wire_names_find(&bgp_names_PROTOCOLS, nlri->protocol);
    json_object_set_new(json, "protocol", json_integer(nlri->protocol));
    json_object_set_new(json, "protocol_text",
                        json_string(protocol == NULL ? "unassigned" : protocol));
    json_object_set_new(json, "identifier", json_integer((json_int_t)nlri->identifier));
    if (nlri->is_unordered)
        json_object_set_new(json, "is_unordered", json_true());
    if (nlri->action != BGP_ACTION_NONE)
        json_object_set_new(json, "action", json_string(bgp_action_text(nlri->action)));
    json_object_set_new(json, "tlvs", json_of_tlvs(&nlri->tlvs));
    return json;
}

static json_t *json_attribute(const struct bgp_attribute *attribute)
{
    const struct bgp_attribute_row *row = attribute->row;
    bool has_body = row != NULL && attribute->body != NULL;
    json_t *json = json_pack("{s:s, s:i, s:i}", "attribute", row == NULL ? "unknown" : row->name,
                             "type", attribute->type, "flags", attribute->flags);
    if (attribute->action != BGP_ACTION_NONE)
        json_object_set_new(json, "action", json_string(bgp_action_text(attribute->action)));
    set_body(json, has_body ? row->layout : NULL, attribute->body,
             (struct wire_span){attribute->octets, attribute->size});
    if (attribute->is_other_family)
        json_object_set_new(json, "octets",
                            wire_json_hex((struct wire_span){attribute->octets, attribute->size}));
    if (has_body && row->tail == BGP_TAIL_NLRIS && !attribute->is_other_family) {
        json_t *list = json_array();
        for (uint32_t i = 0; i < attribute->nlri_count; i++)
            json_array_append_new(list, json_nlri(&attribute->nlris[i]));
        json_object_set_new(json, "nlris", list);
    }
    if (has_body && row->tail == BGP_TAIL_TLVS)
        json_object_set_new(json, "tlvs", json_of_tlvs(&attribute->tlvs));
    return json;
}

static void set_span(json_t *json, const char *name, struct wire_span span)
{
    if (span.size > 0)
        json_object_set_new(json, name, wire_json_hex(span));
}

static void set_update(json_t *json, const struct bgp_update *update)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < update->attribute_count; i++)
        json_array_append_new(list, json_attribute(&update->attributes[i]));
    json_object_set_new(json, "attributes", list);
    set_span(json, "withdrawn", update->withdrawn);
    set_span(json, "rest", update->rest);
    set_span(json, "routes", update->nlri);
}

static void set_notification(json_t *json, const struct bgp_notification *notification)
{
    struct wire_span text = bgp_shutdown_communication(notification);
    json_object_set_new(json, "code", json_integer(notification->code));
    json_object_set_new(json, "code_text", json_string(bgp_error_code_text(notification->code)));
    json_object_set_new(json, "subcode", json_integer(notification->subcode));
    json_object_set_new(json, "subcode_text",
                        json_string(bgp_error_text(notification->code, notification->subcode)));
    set_span(json, "data", notification->data);
    if (text.size > 0)
        json_object_set_new(json, "communication",
                            json_stringn((const char *)text.octets, text.size));
}

static json_t *json_of_fault(const struct bgp_fault *fault)
{
    return json_pack("{s:s, s:i, s:i, s:i, s:s}", "action", bgp_action_text(fault->action), "code",
                     bgp_fault_code(fault), "subcode", bgp_fault_subcode(fault), "offset",
                     (int)fault->offset, "reason", fault->reason);
}

json_t *bgp_to_json(const struct bgp_message *message, const struct bgp_fault *fault)
{
    json_t *json = json_pack("{s:s, s:i, s:i}", "message", bgp_message_name(message->type), "type",
                             message->type, "size", (int)message->size);
    if (message->type == BGP_MESSAGE_OPEN) {
        set_open(json, &message->open);
    } else if (message->type == BGP_MESSAGE_UPDATE) {
        set_update(json, &message->update);
    } else if (message->type == BGP_MESSAGE_NOTIFICATION) {
        set_notification(json, &message->notification);
    } else if (message->type == BGP_MESSAGE_ROUTE_REFRESH) {
        json_object_set_new(json, "body",
                            wire_json_body(&bgp_layout_route_refresh, &message->refresh.body));
        set_span(json, "rest", message->refresh.rest);
    }
    if (fault != NULL && bgp_fault_is_set(fault))
        json_object_set_new(json, "fault", json_of_fault(fault));
    return json;
}
