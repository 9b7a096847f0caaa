#include "core/lsp/lsp_binding.h"

#include "core/lsp/lsp.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#include <string.h>

#define TYPE_LABEL  0
#define TYPE_SID    2
#define TYPES       4 /* 1 is a label, too, and 3 a SID */
#define FLAG_R      UINT8_C(0x80)
#define LABEL_SIZE  3 /* 20 bits (RFC 9604 4) */
#define SID_SIZE    16
#define LABEL_SHIFT 12

#define TLV_HEADER_SIZE      4
#define BINDING_FIXED        4 /* type, flags, reserved */
#define OBJECT_LENGTH_OFFSET 2
#define LSP_TLVS_OFFSET      8

const char *lsp_binding_refusal(const struct lsp_binding *binding, uint8_t setup_type)
{
    const bool has_value = binding->what == LSP_BINDING_THIS || binding->what == LSP_BINDING_REMOVE;
    if (binding->what == LSP_BINDING_NONE)
        return NULL;
    if (binding->is_srv6 != (setup_type == PCEP_PST_SRV6))
        return "a binding SID of SRv6 is of an SRv6 LSP, and a label of any other";
    if (!has_value)
        return NULL;
    if (binding->is_srv6)
        return binding->sid.family == IP_V6 ? NULL : "a binding SID is an IPv6 address";
    return binding->label >= LSP_BINDING_LABEL_MIN && binding->label <= LSP_BINDING_LABEL_MAX
               ? NULL
               : "a binding label is from 16 to 1048575";
}

bool lsp_binding_is_same(const struct lsp_binding *a, const struct lsp_binding *b)
{
    if (a->is_srv6 != b->is_srv6)
        return false;
    return a->is_srv6 ? ip_is_equal(&a->sid, &b->sid) : a->label == b->label;
}

static size_t binding_padded(size_t size)
{
    return (size + 3) / 4 * 4;
}

/* Octets of a TLV with a value of that size, padding included. */
static size_t binding_tlv_size(size_t size)
{
    return TLV_HEADER_SIZE + BINDING_FIXED + binding_padded(size);
}

/* ---- what is reported ---- */

/* The label or SID that a form says; NONE: it has none. What stands after it is the form's. */
static struct lsp_binding binding_of_form(const struct lsp_binding_form *form)
{
    struct lsp_binding binding = {.what = LSP_BINDING_NONE};
    if (form->type >= TYPES || form->size < (form->type >= TYPE_SID ? SID_SIZE : LABEL_SIZE))
        return binding;
    binding.what = LSP_BINDING_THIS;
    binding.is_srv6 = form->type >= TYPE_SID;
    binding.former = *form;
    if (binding.is_srv6) {
        binding.sid.family = IP_V6;
        memcpy(binding.sid.octets, form->octets, SID_SIZE);
    } else { /* 20 bits, also where a whole stack entry is there */
        binding.label = field_load_u24(form->octets) >> 4;
    }
    return binding;
}

/* The binding of the TLV that begins here: THIS, or REMOVE where it is taken back; NONE: it has none. */
static struct lsp_binding binding_of_tlv(const uint8_t *tlv, size_t size)
{
    struct lsp_binding binding = {.what = LSP_BINDING_NONE};
    struct lsp_binding_form form = {.type = tlv[TLV_HEADER_SIZE]};
    if (field_load_u16(tlv) != pcep_tlv_get(PCEP_TLV_TE_PATH_BINDING)->type ||
        size < BINDING_FIXED || size - BINDING_FIXED > sizeof form.octets)
        return binding;
    form.size = (uint8_t)(size - BINDING_FIXED);
    memcpy(form.octets, tlv + TLV_HEADER_SIZE + BINDING_FIXED, form.size);
    binding = binding_of_form(&form);
    if (binding.what == LSP_BINDING_THIS && (tlv[TLV_HEADER_SIZE + 1] & FLAG_R) != 0)
        binding.what = LSP_BINDING_REMOVE;
    return binding;
}

/* The TLVs of an LSP object. */
struct binding_walk {
    const uint8_t *octets;
    size_t at, end;
};

static struct binding_walk binding_walk_of(const struct lsp_instance *instance)
{
    const size_t at = instance->summary.binding_at;
    return (struct binding_walk){instance->octets, at,
                                 at == 0 ? 0
                                         : field_load_u16(instance->octets + OBJECT_LENGTH_OFFSET)};
}

/* The next TLV, and its binding; NULL: that was the last one. */
static const uint8_t *binding_walk_next(struct binding_walk *walk, struct lsp_binding *binding)
{
    if (walk->at + TLV_HEADER_SIZE >= walk->end)
        return NULL;
    const uint8_t *tlv = walk->octets + walk->at;
    const size_t size = field_load_u16(tlv + 2);
    if (size > walk->end - walk->at - TLV_HEADER_SIZE)
        return NULL;
    *binding = binding_of_tlv(tlv, size);
    walk->at += TLV_HEADER_SIZE + binding_padded(size);
    return tlv;
}

/* The first one, of this value where one is wanted. */
static struct lsp_binding binding_look_for(struct binding_walk walk,
                                           const struct lsp_binding *wanted)
{
    struct lsp_binding found;
    while (binding_walk_next(&walk, &found) != NULL)
        if (found.what == LSP_BINDING_THIS &&
            (wanted == NULL || lsp_binding_is_same(&found, wanted)))
            return found;
    return (struct lsp_binding){.what = LSP_BINDING_NONE};
}

struct lsp_binding lsp_binding_reported(const struct lsp_instance *instance)
{
    return binding_look_for(binding_walk_of(instance), NULL);
}

struct lsp_binding lsp_binding_find(const struct lsp_instance *instance,
                                    const struct lsp_binding *wanted)
{
    return binding_look_for(binding_walk_of(instance), wanted);
}

/* Whether the TLVs say something of this value, be it that it goes. */
static bool binding_is_said(struct binding_walk walk, const struct lsp_binding *binding)
{
    struct lsp_binding said;
    while (binding_walk_next(&walk, &said) != NULL)
        if (said.what != LSP_BINDING_NONE && lsp_binding_is_same(&said, binding))
            return true;
    return false;
}

size_t lsp_binding_carry(struct lsp_binding_carry *carry, uint8_t *object, size_t size, size_t room)
{
    const struct binding_walk own = {object, LSP_TLVS_OFFSET, size};
    struct binding_walk walk = binding_walk_of(carry->former);
    struct lsp_binding binding;
    const uint8_t *tlv;
    for (unsigned count = 0; (tlv = binding_walk_next(&walk, &binding)) != NULL;) {
        const size_t more = binding_tlv_size(binding.former.size);
        if (binding.what != LSP_BINDING_THIS || binding_is_said(own, &binding))
            continue;
        carry->is_cut = count++ == LSP_BINDINGS_CARRIED_MAX || more > room - size;
        if (carry->is_cut)
            break;
        memcpy(object + size, tlv, more);
        size += more;
    }
    return size;
}

void lsp_binding_withdraw(struct lsp_instance *instance, const struct lsp_binding_form *former)
{
    const struct lsp_binding gone = binding_of_form(former);
    struct binding_walk walk = binding_walk_of(instance);
    struct lsp_binding binding;
    const size_t carried_at = instance->summary.carried_at;
    walk.at = carried_at == 0 ? walk.end : carried_at;
    for (size_t at = walk.at; binding_walk_next(&walk, &binding) != NULL; at = walk.at)
        if (gone.what == LSP_BINDING_THIS && lsp_binding_is_same(&binding, &gone))
            instance->octets[at + TLV_HEADER_SIZE + 1] |= FLAG_R;
}

/* ---- what is asked for ---- */

static size_t binding_former_size(const struct lsp_binding *binding)
{
    return binding->former.size == 0 ? 0 : binding_tlv_size(binding->former.size);
}

/* The label or SID itself is said: all but a removal of what was reported. */
static bool binding_has_value(const struct lsp_binding *binding)
{
    return binding->what == LSP_BINDING_THIS ||
           (binding->what == LSP_BINDING_REMOVE && binding->former.size == 0);
}

size_t lsp_binding_size(const struct lsp_binding *binding)
{
    if (binding->what == LSP_BINDING_NONE)
        return 0;
    if (binding->what == LSP_BINDING_ANY)
        return binding_tlv_size(0);
    size_t value = binding_tlv_size(binding->is_srv6 ? SID_SIZE : LABEL_SIZE);
    return binding_former_size(binding) + (binding_has_value(binding) ? value : 0);
}

/* RFC 9604 5: an empty one leaves the choice to the PCC. */
static void put_empty(bool is_srv6, struct wire_writer *writer)
{
    const struct pcep_te_path_binding tlv = {.type = is_srv6 ? TYPE_SID : TYPE_LABEL};
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}

static void put_value(uint8_t flags, const struct lsp_binding *binding, struct wire_writer *writer)
{
    const uint32_t entry = binding->label << LABEL_SHIFT;
    struct pcep_te_path_binding tlv = {.type = binding->is_srv6 ? TYPE_SID : TYPE_LABEL,
                                       .flags = flags};
    if (binding->is_srv6) {
        tlv.sid = binding->sid;
    } else {
        tlv.entries = &entry;
        tlv.count = 1;
    }
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}

/* RFC 9604 5: the specific TLV, so type and value are the PCC's. */
static void put_former(const struct lsp_binding_form *former, struct wire_writer *writer)
{
    const struct pcep_te_path_binding tlv = {
        .type = former->type, .flags = FLAG_R, .value = {former->octets, former->size}};
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}

void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer)
{
    if (binding->what == LSP_BINDING_NONE)
        return;
    if (binding->what == LSP_BINDING_ANY) {
        put_empty(binding->is_srv6, writer);
        return;
    }
    if (binding->former.size > 0)
        put_former(&binding->former, writer);
    if (binding_has_value(binding))
        put_value(binding->what == LSP_BINDING_REMOVE ? FLAG_R : 0, binding, writer);
}
