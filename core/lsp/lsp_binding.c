#include "core/lsp/lsp_binding.h"

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

size_t lsp_binding_size(const struct lsp_binding *binding)
{
    switch (binding->what) {
    case LSP_BINDING_ANY:
        return TLV_FIXED;
    case LSP_BINDING_THIS:
    case LSP_BINDING_REMOVE:
        return TLV_FIXED + (binding->is_srv6 ? SID_SIZE : LABEL_SIZE);
    default:
        return 0;
    }
}

/* RFC 9604 5: an empty one leaves the choice to the PCC. */
void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer)
{
    const uint32_t entry = binding->label << LABEL_SHIFT;
    struct pcep_te_path_binding tlv = {
        .type = binding->is_srv6 ? TYPE_SID : TYPE_LABEL,
        .flags = binding->what == LSP_BINDING_REMOVE ? FLAG_R : 0,
    };
    if (binding->what == LSP_BINDING_NONE)
        return;
    if (binding->what != LSP_BINDING_ANY && binding->is_srv6)
        tlv.sid = binding->sid;
    if (binding->what != LSP_BINDING_ANY && !binding->is_srv6) {
        tlv.entries = &entry;
        tlv.count = 1;
    }
    pcep_tlv_put(writer, PCEP_TLV_TE_PATH_BINDING, &tlv);
}
