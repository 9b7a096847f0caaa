/* The message around an order: SRP and LSP, with the numbers of the moment. */
#include "core/lsp/compose.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#define HEAD_SIZE      12 /* of an SRP: header and fields */
#define LSP_SIZE       8
#define PST_TLV_SIZE   8
#define TLV_HEAD_SIZE  4
#define COLOR_TLV_SIZE 8

static size_t padded(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

static bool compose_is_update(uint8_t kind)
{
    return kind == LSP_ORDER_UPDATE || kind == LSP_ORDER_RETURN || kind == LSP_ORDER_RESYNC ||
           kind == LSP_ORDER_CONTROL;
}

/* RFC 8408 4: the TLV's absence means RSVP-TE. */
static size_t setup_size(const struct lsp_head *head)
{
    return head->setup_type == PCEP_PST_RSVP_TE ? 0 : PST_TLV_SIZE;
}

static size_t name_size(const struct lsp_head *head)
{
    return head->kind == LSP_ORDER_INITIATE ? TLV_HEAD_SIZE + padded(head->name.size) : 0;
}

static size_t color_size(const struct lsp_head *head)
{
    return head->has_color ? COLOR_TLV_SIZE : 0;
}

size_t lsp_compose_size(const struct lsp_head *head, size_t objects_size)
{
    return PCEP_HEADER_SIZE + HEAD_SIZE + setup_size(head) + LSP_SIZE + name_size(head) +
           color_size(head) + (head->binding == NULL ? 0 : lsp_binding_size(head->binding)) +
           objects_size;
}

/* RFC 9753 3: without that capability the P flags of stateful objects are clear. */
static void write_srp(const struct lsp_head *head, struct wire_writer *writer)
{
    struct pcep_srp srp = {.srp_id = head->srp_id};
    if (head->kind == LSP_ORDER_DELETE || head->kind == LSP_ORDER_DELETE_ALL)
        srp.flags = PCEP_SRP_R;
    else if (head->kind == LSP_ORDER_CONTROL)
        srp.flags = PCEP_SRP_C;
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, 0, &srp);
    if (setup_size(head) > 0) {
        const struct pcep_path_setup_type tlv = {.pst = head->setup_type};
        pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &tlv);
    }
    pcep_object_close(writer, object);
}

/* RFC 8231 5.7.3: D keeps a delegation. RFC 8741 4: not together with C of the SRP. RFC 8281 6: an
 * orphan is asked for by SRP and LSP alone. */
static uint16_t compose_flags(const struct lsp_profile *profile, const struct lsp_head *head)
{
    uint16_t up = head->is_up ? PCEP_LSP_A : 0;
    switch (head->kind) {
    case LSP_ORDER_UPDATE:
    case LSP_ORDER_INITIATE:
        return (uint16_t)(PCEP_LSP_D | up);
    case LSP_ORDER_RESYNC:
        return PCEP_LSP_S;
    case LSP_ORDER_DELETE:
    case LSP_ORDER_DELETE_ALL:
        return lsp_profile_has(profile, LSP_HABIT_DELETE_NEEDS_D) ? PCEP_LSP_D : 0;
    case LSP_ORDER_RETURN:
        return up;
    default:
        return 0;
    }
}

static void write_lsp(const struct lsp_profile *profile, const struct lsp_head *head,
                      struct wire_writer *writer)
{
    const struct pcep_lsp lsp = {.plsp_id = head->plsp_id, .flags = compose_flags(profile, head)};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, 0, &lsp);
    if (head->kind == LSP_ORDER_INITIATE) {
        const struct pcep_symbolic_path_name name = {.name = head->name};
        pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
    }
    if (head->has_color) {
        const struct pcep_color color = {.color = head->color};
        pcep_tlv_put(writer, PCEP_TLV_COLOR, &color);
    }
    if (head->binding != NULL)
        lsp_binding_put(head->binding, writer);
    pcep_object_close(writer, object);
}

void lsp_compose_message(const struct lsp_profile *profile, const struct lsp_head *head,
                         struct wire_span objects, struct wire_writer *writer)
{
    size_t message = pcep_message_open(
        writer, compose_is_update(head->kind) ? PCEP_MESSAGE_PCUPD : PCEP_MESSAGE_PCINITIATE);
    write_srp(head, writer);
    write_lsp(profile, head, writer);
    wire_put_octets(writer, objects.octets, objects.size);
    pcep_message_close(writer, message);
}
