/* TE-PATH-BINDING (RFC 9604 4): a value whose form the binding type tells. The drafts had a type of
 * two octets and no flags, and always a whole label stack entry; routers still send that as 65505.
 * A value of another size than its type wants is kept as octets. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

enum { BINDING_LABEL = 0, BINDING_ENTRY = 1, BINDING_SID = 2, BINDING_SID_STRUCTURE = 3 };

#define LABEL_SIZE         3 /* 20 bits of label, four spare: the length is 7 (RFC 9604 4) */
#define ENTRY_SIZE         4
#define SID_SIZE           16
#define SID_STRUCTURE_SIZE 24

/* The entry at the cursor; a label alone stands in its highest bits. */
static bool binding_read_entry(struct wire_reader *reader, size_t size,
                               struct pcep_te_path_binding *binding, struct wire_decoding *decoding)
{
    uint32_t *entries = arena_alloc(decoding->arena, sizeof *entries);
    if (entries == NULL) {
        decoding->is_full = true;
        return false;
    }
    entries[0] = size == LABEL_SIZE ? field_u24(reader) << 8 : wire_u32(reader);
    binding->entries = entries;
    binding->count = 1;
    return true;
}

static void read_structure(struct wire_reader *reader, struct pcep_te_path_binding *binding)
{
    binding->sid_reserved = wire_u16(reader);
    binding->behavior = wire_u16(reader);
    binding->locator_block_bits = wire_u8(reader);
    binding->locator_node_bits = wire_u8(reader);
    binding->function_bits = wire_u8(reader);
    binding->argument_bits = wire_u8(reader);
}

bool pcep_decode_te_path_binding(struct wire_reader *reader, void *body,
                                 struct wire_decoding *decoding)
{
    struct pcep_te_path_binding *binding = body;
    *binding = (struct pcep_te_path_binding){.type = wire_u8(reader)};
    binding->flags = wire_u8(reader);
    binding->reserved = wire_u16(reader);
    size_t size = wire_left(reader);
    if (reader->failed)
        return false;
    if ((binding->type == BINDING_LABEL && size == LABEL_SIZE) ||
        (binding->type == BINDING_ENTRY && size == ENTRY_SIZE))
        return binding_read_entry(reader, size, binding, decoding);
    if ((binding->type == BINDING_SID && size == SID_SIZE) ||
        (binding->type == BINDING_SID_STRUCTURE && size == SID_STRUCTURE_SIZE))
        binding->sid = field_ip(reader, IP_V6);
    if (binding->type == BINDING_SID_STRUCTURE && size == SID_STRUCTURE_SIZE)
        read_structure(reader, binding);
    binding->value = wire_rest(reader);
    return !reader->failed;
}

static void write_structure(struct wire_writer *writer, const struct pcep_te_path_binding *binding)
{
    wire_put_u16(writer, binding->sid_reserved);
    wire_put_u16(writer, binding->behavior);
    wire_put_u8(writer, binding->locator_block_bits);
    wire_put_u8(writer, binding->locator_node_bits);
    wire_put_u8(writer, binding->function_bits);
    wire_put_u8(writer, binding->argument_bits);
}

void pcep_encode_te_path_binding(struct wire_writer *writer, const void *body)
{
    const struct pcep_te_path_binding *binding = body;
    wire_put_u8(writer, binding->type);
    wire_put_u8(writer, binding->flags);
    wire_put_u16(writer, binding->reserved);
    for (uint32_t i = 0; i < binding->count; i++) {
        if (binding->type == BINDING_LABEL)
            field_put_u24(writer, binding->entries[i] >> 8);
        else
            wire_put_u32(writer, binding->entries[i]);
    }
    if (binding->sid.family == IP_V6)
        field_put_ip(writer, &binding->sid, SID_SIZE);
    if (binding->sid.family == IP_V6 && binding->type == BINDING_SID_STRUCTURE)
        write_structure(writer, binding);
    wire_put_octets(writer, binding->value.octets, binding->value.size);
}

/* reserved holds the high octet of the type. */
bool pcep_decode_te_path_binding_old(struct wire_reader *reader, void *body,
                                     struct wire_decoding *decoding)
{
    struct pcep_te_path_binding *binding = body;
    *binding = (struct pcep_te_path_binding){.reserved = wire_u8(reader)};
    binding->type = wire_u8(reader);
    if (reader->failed)
        return false;
    if (binding->reserved == 0 && binding->type <= BINDING_ENTRY && wire_left(reader) == ENTRY_SIZE)
        return binding_read_entry(reader, ENTRY_SIZE, binding, decoding);
    binding->value = wire_rest(reader);
    return true;
}

void pcep_encode_te_path_binding_old(struct wire_writer *writer, const void *body)
{
    const struct pcep_te_path_binding *binding = body;
    wire_put_u8(writer, (uint8_t)binding->reserved);
    wire_put_u8(writer, binding->type);
    for (uint32_t i = 0; i < binding->count; i++)
        wire_put_u32(writer, binding->entries[i]);
    wire_put_octets(writer, binding->value.octets, binding->value.size);
}
