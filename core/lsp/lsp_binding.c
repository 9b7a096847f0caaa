#include "core/lsp/lsp_binding.h"

#include "core/lsp/lsp.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#define TYPE_LABEL  0
#define TYPE_SID    2
#define FLAG_R      UINT8_C(0x80)
#define TLV_FIXED   8 /* header, type, flags, reserved */
#define LABEL_SIZE  4 /* 20 bits in three octets (RFC 9604 4), and one of padding */
#define SID_SIZE    16
#define LABEL_SHIFT 12

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

/* ---- what is reported ---- */

struct lsp_binding lsp_binding_reported(const struct lsp_instance *instance)
{
    struct lsp_binding binding = {.what = LSP_BINDING_NONE};
    const size_t at = instance->summary.binding_at;
    struct wire_reader reader = wire_reader_init(instance->octets + at, instance->size - at);
    const uint16_t type = wire_u16(&reader), size = wire_u16(&reader);
    struct wire_reader body = wire_sub(&reader, size);
    const uint8_t kind = wire_u8(&body), flags = wire_u8(&body);
    wire_skip(&body, 2); /* reserved */
    if (at == 0 || type != pcep_tlv_get(PCEP_TLV_TE_PATH_BINDING)->type || (flags & FLAG_R) != 0)
        return binding;
    binding.is_srv6 = kind >= TYPE_SID;
    if (binding.is_srv6) {
        binding.sid.family = IP_V6;
        wire_copy(&body, binding.sid.octets, SID_SIZE);
    } else { /* 20 bits, also where a whole stack entry is there */
        binding.label = (uint32_t)wire_u16(&body) << 4;
        binding.label |= wire_u8(&body) >> 4;
    }
    binding.what = body.failed ? LSP_BINDING_NONE : LSP_BINDING_THIS;
    return binding;
}

/* ---- what is asked for ---- */

static size_t value_size(const struct lsp_binding *binding)
{
    return TLV_FIXED + (binding->is_srv6 ? SID_SIZE : LABEL_SIZE);
}

size_t lsp_binding_size(const struct lsp_binding *binding)
{
    switch (binding->what) {
    case LSP_BINDING_ANY:
        return TLV_FIXED;
    case LSP_BINDING_THIS:
    case LSP_BINDING_REMOVE:
        return value_size(binding) * (binding->replaces ? 2 : 1);
    default:
        return 0;
    }
}

/* RFC 9604 5: an empty one leaves the choice to the PCC. */
static void put_empty(bool is_srv6, struct wire_writer *writer)
{
    const struct pcep_te_path_binding tlv = {.type = is_srv6 ? TYPE_SID : TYPE_LABEL};
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}

static void put_value(uint8_t flags, bool is_srv6, uint32_t label, const struct ip *sid,
                      struct wire_writer *writer)
{
    const uint32_t entry = label << LABEL_SHIFT;
    struct pcep_te_path_binding tlv = {.type = is_srv6 ? TYPE_SID : TYPE_LABEL, .flags = flags};
    if (is_srv6) {
        tlv.sid = *sid;
    } else {
        tlv.entries = &entry;
        tlv.count = 1;
    }
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}

void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer)
{
    const uint8_t flags = binding->what == LSP_BINDING_REMOVE ? FLAG_R : 0;
    if (binding->what == LSP_BINDING_NONE)
        return;
    if (binding->what == LSP_BINDING_ANY) {
        put_empty(binding->is_srv6, writer);
        return;
    }
    if (binding->replaces)
        put_value(FLAG_R, binding->is_srv6, binding->former.label, &binding->former.sid, writer);
    put_value(flags, binding->is_srv6, binding->label, &binding->sid, writer);
}
