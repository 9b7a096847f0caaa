#include "core/pcep/print.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/pcep/names.h"
#include "core/pcep/segments.h"
#include "core/wire/show_body.h"

struct printer {
    struct wire_writer *out;
    struct pcep_print_options options;
    enum pcep_tail kind; /* of the object whose subobjects are printed */
    bool has_fields;     /* the line has a field already */
};

static void print_begin_line(struct printer *p, unsigned depth, uint32_t offset)
{
    if (p->options.has_offsets)
        show_format(p->out, "%05u ", offset);
    show_format(p->out, "%*s", (int)(2 * depth), "");
    p->has_fields = false;
}

static void end_line(struct printer *p)
{
    show_format(p->out, "\n");
}

/* What stands in front of a field: ": " for the first of a line, ", " for the others. */
static void put_separator(struct printer *p)
{
    show_format(p->out, p->has_fields ? ", " : ": ");
    p->has_fields = true;
}

static void put_name(struct printer *p, const char *name)
{
    put_separator(p);
    show_hyphenated(p->out, name);
}

/* Names that depend on the object that carries the subobject. */
static const struct wire_names *names_of(const struct printer *p, const struct wire_field *field)
{
    unsigned style = field->names->style;
    if (style != PCEP_STYLE_SUB_FLAGS && style != PCEP_STYLE_SUB_RRO_FLAGS &&
        style != PCEP_STYLE_SUB_ATTRIBUTE)
        return field->names;
    if (p->kind == PCEP_TAIL_RRO && style != PCEP_STYLE_SUB_ATTRIBUTE)
        return &pcep_names_RRO_FLAGS;
    if (p->kind == PCEP_TAIL_XRO && style != PCEP_STYLE_SUB_RRO_FLAGS)
        return &pcep_names_XRO_ATTRIBUTES;
    return &pcep_names_RESERVED;
}

static bool is_hidden(const struct wire_names *names, const struct wire_value *value)
{
    bool is_zero = value->kind == WIRE_VALUE_NUMBER && value->number == 0;
    return show_hides(names, value) || (names->style == PCEP_STYLE_ALGORITHM && is_zero);
}

static void put_fields(struct printer *p, const struct wire_layout *layout, const void *body)
{
    struct wire_field_table table = layout->fields();
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        const struct wire_names *names = names_of(p, field);
        struct wire_value value = wire_field_load(field, body);
        bool is_algorithm = names->style == PCEP_STYLE_ALGORITHM;
        if (is_hidden(names, &value) && !(is_algorithm && pcep_segment_has_algorithm(&table, body)))
            continue;
        put_name(p, field->name);
        show_format(p->out, " ");
        if (value.kind == WIRE_VALUE_LIST)
            show_list(p->out, names->element, &value);
        else
            show_value(p->out, field, names, &value);
    }
}

/* The label of a SID that is a label stack entry, and the meaning of an error, which no single
 * field tells. */
static void put_sr_label(struct printer *p, const struct pcep_sub_sr *sr)
{
    char text[PCEP_SEGMENT_TEXT_SIZE];
    if (*pcep_segment_text(sr, text) != '\0')
        show_format(p->out, " [%s]", text);
}

/* A type without values has only its own text. */
static void put_error_text(struct printer *p, unsigned type, unsigned value)
{
    const char *text = pcep_error_text(type, value);
    show_format(p->out, *text == '\0' ? " [%s%s]" : " [%s: %s]", pcep_error_type_text(type), text);
}

static void put_meaning(struct printer *p, const struct pcep_object *object)
{
    if (object->row->id == PCEP_OBJECT_PCEP_ERROR) {
        const struct pcep_error *error = object->body;
        put_error_text(p, error->type, error->value);
    } else if (object->row->id == PCEP_OBJECT_NOTIFICATION) {
        const struct pcep_notification *notification = object->body;
        show_format(p->out, " [%s]",
                    pcep_notification_text(notification->type, notification->value));
    } else if (object->row->id == PCEP_OBJECT_LSP) {
        static const char *const states[8] = {"down",     "up",         "active",     "going down",
                                              "going up", "reserved 5", "reserved 6", "reserved 7"};
        const struct pcep_lsp *lsp = object->body;
        show_format(p->out, " [%s]", states[(lsp->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT]);
    }
}

/* The name of a thing whose row is known though its octets could not be read, or not. */
static void put_kept_name(struct printer *p, const char *name)
{
    show_format(p->out, "%s%s", name == NULL ? "unknown" : "malformed ", name == NULL ? "" : name);
}

static void print_tlv(struct printer *p, const struct pcep_tlv *tlv, enum pcep_tlv_space space,
                      unsigned depth)
{
    const struct pcep_tlv_row *row = pcep_tlv_find(space, tlv->type);
    print_begin_line(p, depth, tlv->offset);
    show_format(p->out, "TLV ");
    if (tlv->row != NULL)
        show_format(p->out, "%s", tlv->row->name);
    else
        put_kept_name(p, row == NULL ? NULL : row->name);
    show_format(p->out, " (%u)", tlv->type);
    if (tlv->row != NULL) {
        put_fields(p, tlv->row->layout, tlv->body);
    } else {
        put_separator(p);
        show_octets(p->out, (struct wire_span){tlv->octets, tlv->size});
    }
    end_line(p);
}

static void print_rest(struct printer *p, struct wire_span rest, unsigned depth, uint32_t offset)
{
    if (rest.size == 0)
        return;
    print_begin_line(p, depth, offset);
    show_format(p->out, "unread: ");
    show_octets(p->out, rest);
    end_line(p);
}

static void print_tlvs(struct printer *p, const struct pcep_object *object)
{
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        const struct pcep_tlv *tlv = &object->tlvs[i];
        CHECK(tlv->sub_count == 0 || tlv->row != NULL);
        print_tlv(p, tlv, PCEP_TLV_SPACE_OBJECT, 2);
        for (uint32_t k = 0; k < tlv->sub_count; k++)
            print_tlv(p, &tlv->subs[k], tlv->row->subs, 3);
        print_rest(p, tlv->rest, 3, tlv->offset);
    }
}

static void print_subobject_line(struct printer *p, const struct pcep_subobject *subobject,
                                 unsigned depth)
{
    const struct pcep_subobject_row *row = pcep_subobject_find(p->kind, subobject->type);
    print_begin_line(p, depth, subobject->offset);
    if (subobject->row != NULL)
        show_format(p->out, "%s", subobject->row->name);
    else
        put_kept_name(p, row == NULL ? NULL : row->name);
    show_format(p->out, " (%u)", subobject->type);
    if (subobject->is_loose)
        show_format(p->out, p->kind == PCEP_TAIL_XRO ? " should-exclude" : " loose");
    if (subobject->row == NULL) {
        put_separator(p);
        show_octets(p->out, (struct wire_span){subobject->octets, (size_t)subobject->size - 2});
    } else {
        put_fields(p, subobject->row->layout, subobject->body);
        if (subobject->row->id == PCEP_SUBOBJECT_SR)
            put_sr_label(p, subobject->body);
    }
    end_line(p);
}

/* A subobject with those inside it (RFC 5521 2.2). */
static void print_subobject(struct printer *p, const struct pcep_subobject *subobject)
{
    print_subobject_line(p, subobject, 2);
    if (subobject->row == NULL || subobject->row->id != PCEP_SUBOBJECT_EXRS)
        return;
    const struct pcep_sub_exrs *exrs = subobject->body;
    enum pcep_tail kind = p->kind;
    p->kind = PCEP_TAIL_XRO;
    for (uint32_t i = 0; i < exrs->count; i++)
        print_subobject_line(p, &exrs->subobjects[i], 3);
    p->kind = kind;
}

static void print_object(struct printer *p, const struct pcep_object *object)
{
    print_begin_line(p, 1, object->offset);
    const struct pcep_object_row *row = pcep_object_find(object->class_, object->type);
    if (object->row != NULL)
        show_format(p->out, "%s", object->row->name);
    else
        put_kept_name(p, row == NULL ? NULL : row->name);
    show_format(p->out, " (%u/%u)", object->class_, object->type);
    if ((object->header_flags & PCEP_OBJECT_FLAG_P) != 0)
        show_format(p->out, " P");
    if ((object->header_flags & PCEP_OBJECT_FLAG_I) != 0)
        show_format(p->out, " I");
    if (object->row == NULL) {
        put_separator(p);
        show_octets(p->out, (struct wire_span){object->octets, (size_t)object->size - 4});
        end_line(p);
    } else {
        put_fields(p, object->row->layout, object->body);
        put_meaning(p, object);
        end_line(p);
        p->kind = object->row->tail;
        print_tlvs(p, object);
        for (uint32_t i = 0; i < object->subobject_count; i++)
            print_subobject(p, &object->subobjects[i]);
        print_rest(p, object->rest, 2, object->offset + object->size - (uint32_t)object->rest.size);
    }
    p->kind = PCEP_TAIL_NONE;
}

/* The document that says how the thing at an offset of an object has to be; NULL: not known. */
static const char *reference_in(const struct pcep_object *object, uint32_t offset)
{
    const struct pcep_object_row *row = pcep_object_find(object->class_, object->type);
    const char *reference = row == NULL ? NULL : row->reference;
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        const struct pcep_tlv_row *tlv = pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, object->tlvs[i].type);
        if (object->tlvs[i].offset == offset && tlv != NULL)
            reference = tlv->reference;
    }
    for (uint32_t i = 0; i < object->subobject_count && row != NULL; i++) {
        const struct pcep_subobject_row *subobject =
            pcep_subobject_find(row->tail, object->subobjects[i].type);
        if (object->subobjects[i].offset == offset && subobject != NULL)
            reference = subobject->reference;
    }
    return reference;
}

/* The same of the message, where no object is there. */
static const char *reference_at(const struct pcep_message *message, uint32_t offset)
{
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->offset <= offset && offset < object->offset + object->size)
            return reference_in(object, offset);
    }
    return message->row == NULL ? NULL : message->row->reference;
}

static void print_fault(struct printer *p, const struct pcep_message *message,
                        const struct pcep_fault *fault, unsigned depth)
{
    const char *reference = reference_at(message, fault->offset);
    show_format(p->out, "%*s! ", (int)(2 * depth), "");
    if (fault->error_type != 0) {
        show_format(p->out, "PCErr %u/%u", fault->error_type, fault->error_value);
        put_error_text(p, fault->error_type, fault->error_value);
        show_format(p->out, " (%s) ", pcep_error_reference(fault->error_type, fault->error_value));
    }
    show_format(p->out, "at octet %u: %s", fault->offset, fault->reason);
    if (reference != NULL)
        show_format(p->out, " (see %s)", reference);
    end_line(p);
}

void pcep_print(struct wire_writer *out, const struct pcep_message *message,
                const struct pcep_fault *fault, struct pcep_print_options options)
{
    struct printer p = {.out = out, .options = options, .kind = PCEP_TAIL_NONE};
    print_begin_line(&p, 0, 0);
    show_format(p.out, "%s (%u), %u octets", pcep_message_name(message->type), message->type,
                message->size);
    if (message->version != 1)
        show_format(p.out, ", version %u", message->version);
    if (message->flags != 0)
        show_format(p.out, ", flags 0x%02x", message->flags);
    end_line(&p);
    bool is_shown = false;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        print_object(&p, object);
        if (object->fault != NULL) {
            print_fault(&p, message, object->fault, 2);
            is_shown |= fault != NULL && fault->offset == object->fault->offset;
        }
    }
    if (fault != NULL && pcep_fault_is_set(fault) && !is_shown)
        print_fault(&p, message, fault, 1);
}
