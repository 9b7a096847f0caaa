#include "core/bgp/print.h"

#include "core/base/utf8.h"
#include "core/bgp/layout.h"
#include "core/bgp/names.h"
#include "core/wire/show_body.h"

struct bgp_printer {
    struct wire_writer *out;
    struct bgp_print_options options;
};

static void line_begin(const struct bgp_printer *p, unsigned depth, uint32_t offset)
{
    if (p->options.has_offsets)
        show_format(p->out, "%05u ", offset);
    show_format(p->out, "%*s", (int)(2 * depth), "");
}

/* What has a row by its body, what has none, or another form, by its octets. */
static void put_body(const struct bgp_printer *p, const struct wire_layout *layout,
                     const void *body, struct wire_span octets)
{
    if (layout != NULL) {
        show_body(p->out, layout, body);
    } else {
        show_format(p->out, ": ");
        show_octets(p->out, octets);
    }
    show_format(p->out, "\n");
}

/* "NAME (17)", "unknown (17)", or "malformed NAME (17)" where the row is known but does not fit. */
static void put_title(const struct bgp_printer *p, const char *name, bool has_row, unsigned code)
{
    const char *prefix = name != NULL && !has_row ? "malformed " : "";
    show_format(p->out, "%s%s (%u)", prefix, name == NULL ? "unknown" : name, code);
}

static void print_capability(const struct bgp_printer *p, const struct bgp_capability *capability)
{
    const struct bgp_capability_row *known = bgp_capability_find(capability->code);
    const struct bgp_capability_row *row = capability->row;
    line_begin(p, 2, capability->offset);
    put_title(p, known == NULL ? NULL : known->name, row != NULL, capability->code);
    put_body(p, row == NULL ? NULL : row->layout, capability->body,
             (struct wire_span){capability->octets, capability->size});
}

static void print_open(const struct bgp_printer *p, const struct bgp_open_message *open)
{
    line_begin(p, 1, BGP_HEADER_SIZE);
    put_title(p, "OPEN", true, BGP_MESSAGE_OPEN);
    put_body(p, &bgp_layout_open, &open->body, (struct wire_span){NULL, 0});
    for (uint32_t i = 0; i < open->parameter_count; i++) {
        const struct bgp_parameter *parameter = &open->parameters[i];
        line_begin(p, 1, parameter->offset);
        if (parameter->capabilities == NULL) {
            show_format(p->out, "parameter (%u): ", parameter->type);
            show_octets(p->out, (struct wire_span){parameter->octets, parameter->size});
            show_format(p->out, "\n");
            continue;
        }
        show_format(p->out, "capabilities (%u)\n", parameter->type);
        for (uint32_t k = 0; k < parameter->capability_count; k++)
            print_capability(p, &parameter->capabilities[k]);
    }
}

static void print_tlv_list(const struct bgp_printer *p, const struct bgp_tlv_list *list,
                           unsigned depth)
{
    struct bgp_tlv_walk walk;
    enum bgp_tlv_event event;
    const struct bgp_tlv *tlv;
    bgp_tlv_walk_init(&walk, list);
    while ((tlv = bgp_tlv_walk_next(&walk, &event)) != NULL) {
        if (event == BGP_TLV_LEAVE)
            continue;
        const struct bgp_tlv_row *row = bgp_tlv_find(tlv->type);
        line_begin(p, depth + walk.depth, tlv->offset);
        put_title(p, row == NULL ? NULL : row->name, tlv->row != NULL, tlv->type);
        put_body(p, tlv->row == NULL ? NULL : tlv->row->layout, tlv->body,
                 (struct wire_span){tlv->octets, tlv->size});
    }
}

static void print_nlri(const struct bgp_printer *p, const struct bgp_nlri *nlri)
{
    line_begin(p, 2, nlri->offset);
    show_format(p->out, "NLRI ");
    put_title(p, nlri->row == NULL ? NULL : nlri->row->name, nlri->row != NULL, nlri->type);
    if (nlri->row == NULL) {
        put_body(p, NULL, NULL, (struct wire_span){nlri->octets, nlri->size});
        return;
    }
    const char *protocol = wire_names_find(&bgp_names_PROTOCOLS, nlri->protocol);
    show_format(p->out, ": protocol %u [%s], identifier %llu", nlri->protocol,
                protocol == NULL ? "unassigned" : protocol, (unsigned long long)nlri->identifier);
    show_format(p->out, "%s%s\n", nlri->is_unordered ? ", not ascending" : "",
                nlri->action == BGP_ACTION_NONE ? "" : ", discarded");
    print_tlv_list(p, &nlri->tlvs, 3);
}

static void print_span(const struct bgp_printer *p, const char *name, struct wire_span span)
{
    if (span.size == 0)
        return;
    line_begin(p, 1, 0);
    show_format(p->out, "%s: ", name);
    show_octets(p->out, span);
    show_format(p->out, "\n");
}

static void print_attribute(const struct bgp_printer *p, const struct bgp_attribute *attribute)
{
    const struct bgp_attribute_row *row = attribute->row;
    bool has_body = row != NULL && attribute->body != NULL;
    line_begin(p, 1, attribute->offset);
    put_title(p, row == NULL ? NULL : row->name, has_body, attribute->type);
    show_format(p->out, ", flags 0x%02x", attribute->flags);
    if (attribute->action != BGP_ACTION_NONE)
        show_format(p->out, ", %s", bgp_action_text(attribute->action));
    put_body(p, has_body ? row->layout : NULL, attribute->body,
             (struct wire_span){attribute->octets, attribute->size});
    if (attribute->is_other_family)
        print_span(p, "  NLRIs and what is in front of them",
                   (struct wire_span){attribute->octets, attribute->size});
    for (uint32_t i = 0; i < attribute->nlri_count; i++)
        print_nlri(p, &attribute->nlris[i]);
    print_tlv_list(p, &attribute->tlvs, 2);
}

static void print_update(const struct bgp_printer *p, const struct bgp_update *update)
{
    print_span(p, "withdrawn routes", update->withdrawn);
    for (uint32_t i = 0; i < update->attribute_count; i++)
        print_attribute(p, &update->attributes[i]);
    print_span(p, "unread attributes", update->rest);
    print_span(p, "routes", update->nlri);
}

struct wire_span bgp_shutdown_communication(const struct bgp_notification *notification)
{
    const struct wire_span none = {NULL, 0};
    unsigned error = (unsigned)notification->code << 8 | notification->subcode;
    struct wire_span data = notification->data;
    if ((error != BGP_ERROR_SHUTDOWN && error != BGP_ERROR_RESET) || data.size == 0)
        return none;
    struct wire_span text = {data.octets + 1, data.octets[0]};
    if (text.size > data.size - 1)
        return none;
    for (size_t at = 0; at < text.size;) {
        size_t size = utf8_character_size(text.octets + at, text.size - at);
        if (size == 0)
            return none;
        at += size;
    }
    return text;
}

static void put_error_name(const struct bgp_printer *p, unsigned code, unsigned subcode)
{
    const char *text = bgp_error_text(code, subcode);
    show_format(p->out, "%u/%u [%s%s%s]", code, subcode, bgp_error_code_text(code),
                *text == '\0' ? "" : ": ", text);
}

/* Control characters would let a peer write on a terminal. */
static void put_communication(const struct bgp_printer *p, struct wire_span text)
{
    show_format(p->out, ", communication \"");
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.octets[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\')
            wire_put_u8(p->out, c);
        else
            show_format(p->out, "\\x%02x", c);
    }
    show_format(p->out, "\"");
}

static void print_notification(const struct bgp_printer *p,
                               const struct bgp_notification *notification)
{
    struct wire_span text = bgp_shutdown_communication(notification);
    line_begin(p, 1, BGP_HEADER_SIZE);
    show_format(p->out, "error ");
    put_error_name(p, notification->code, notification->subcode);
    if (text.size > 0) {
        put_communication(p, text);
    } else if (notification->data.size > 0) {
        show_format(p->out, ", data ");
        show_octets(p->out, notification->data);
    }
    show_format(p->out, "\n");
}

static void print_refresh(const struct bgp_printer *p, const struct bgp_refresh_message *refresh)
{
    line_begin(p, 1, BGP_HEADER_SIZE);
    put_title(p, "ROUTE-REFRESH", true, BGP_MESSAGE_ROUTE_REFRESH);
    put_body(p, &bgp_layout_route_refresh, &refresh->body, (struct wire_span){NULL, 0});
    print_span(p, "unread", refresh->rest);
}

void bgp_print(struct wire_writer *out, const struct bgp_message *message,
               const struct bgp_fault *fault, struct bgp_print_options options)
{
    struct bgp_printer p = {out, options};
    line_begin(&p, 0, 0);
    show_format(out, "%s (%u), %u octets\n", bgp_message_name(message->type), message->type,
                message->size);
    if (message->type == BGP_MESSAGE_OPEN)
        print_open(&p, &message->open);
    else if (message->type == BGP_MESSAGE_UPDATE)
        print_update(&p, &message->update);
    else if (message->type == BGP_MESSAGE_NOTIFICATION)
        print_notification(&p, &message->notification);
    else if (message->type == BGP_MESSAGE_ROUTE_REFRESH)
        print_refresh(&p, &message->refresh);
    if (fault == NULL || !bgp_fault_is_set(fault))
        return;
    show_format(out, "! %s, ", bgp_action_text(fault->action));
    put_error_name(&p, bgp_fault_code(fault), bgp_fault_subcode(fault));
    show_format(out, " at %u: %s\n", fault->offset, fault->reason);
}
