/* Wavelengths (RFC 8780 4.3, 5.1): links, and a label set of them. The number of links and the
 * length of the label set stand in front of each; what cannot be read is a syntax error of its own,
 * 27/3 (RFC 8780 5.2). */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

enum { LINK_IPV4 = 1, LINK_IPV6 = 2, LINK_UNNUMBERED = 3 };

#define LABEL_SET_HEADER_SIZE 4
#define LABEL_SIZE            4

static bool refuse_wavelength(struct wire_decoding *decoding, const char *reason)
{
    return wire_decoding_refuse(decoding, PCEP_ERROR_RWA_SYNTAX, reason);
}

/* ---- links ---- */

bool pcep_decode_link_identifier(struct wire_reader *reader, void *body,
                                 struct wire_decoding *decoding)
{
    struct pcep_link_identifier *link = body;
    *link = (struct pcep_link_identifier){.type = wire_u8(reader)};
    link->reserved = field_u24(reader);
    if (link->type < LINK_IPV4 || link->type > LINK_UNNUMBERED)
        return refuse_wavelength(decoding, "unknown type of link identifier");
    link->address = field_ip(reader, link->type == LINK_IPV6 ? IP_V6 : IP_V4);
    if (link->type == LINK_UNNUMBERED)
        link->interface_id = wire_u32(reader);
    return !reader->failed || refuse_wavelength(decoding, "link identifier does not fit");
}

void pcep_encode_link_identifier(struct wire_writer *writer, const void *body)
{
    const struct pcep_link_identifier *link = body;
    wire_put_u8(writer, link->type);
    field_put_u24(writer, link->reserved);
    field_put_ip(writer, &link->address, link->type == LINK_IPV6 ? 16 : 4);
    if (link->type == LINK_UNNUMBERED)
        wire_put_u32(writer, link->interface_id);
}

static bool wavelength_read_links(struct wire_reader *reader, uint32_t count,
                                  struct wire_list *list, struct wire_decoding *decoding)
{
    struct pcep_link_identifier *links = arena_alloc(decoding->arena, count * sizeof *links);
    decoding->is_full |= links == NULL;
    for (uint32_t i = 0; links != NULL && i < count; i++) {
        if (!pcep_decode_link_identifier(reader, &links[i], decoding))
            return false;
    }
    *list = (struct wire_list){links, count};
    return links != NULL;
}

static void write_links(struct wire_writer *writer, const struct wire_list *list)
{
    const struct pcep_link_identifier *links = list->bodies;
    for (uint32_t i = 0; i < list->count; i++)
        pcep_encode_link_identifier(writer, &links[i]);
}

/* ---- the label set ---- */

struct label_set {
    uint8_t action;
    uint16_t count;
    uint32_t label;
    const uint32_t *more;
    uint32_t more_count;
};

/* Its header, the first label, and words whose meaning the action gives. */
static bool read_label_set(struct wire_reader *reader, struct label_set *set,
                           struct wire_decoding *decoding)
{
    uint16_t first = wire_u16(reader);
    size_t size = wire_u16(reader);
    if (size < LABEL_SET_HEADER_SIZE + LABEL_SIZE || size % LABEL_SIZE != 0)
        return refuse_wavelength(decoding, "length of the wavelength constraint");
    struct wire_reader labels = wire_sub(reader, size - LABEL_SET_HEADER_SIZE);
    *set = (struct label_set){
        .action = (uint8_t)(first >> 12), .count = first & 0xFFF, .label = wire_u32(&labels)};
    set->more = field_u32s(&labels, decoding->arena, &set->more_count);
    decoding->is_full |= set->more == NULL;
    if (reader->failed || labels.failed)
        return refuse_wavelength(decoding, "wavelength constraint does not fit");
    return set->more != NULL;
}

static void write_label_set(struct wire_writer *writer, const struct label_set *set)
{
    size_t size = LABEL_SET_HEADER_SIZE + LABEL_SIZE * (size_t)(1 + set->more_count);
    if (size > UINT16_MAX)
        writer->failed = true;
    wire_put_u16(writer, (uint16_t)(set->action << 12 | (set->count & 0xFFF)));
    wire_put_u16(writer, (uint16_t)size);
    wire_put_u32(writer, set->label);
    field_put_u32s(writer, set->more, set->more_count);
}

/* ---- the TLVs ---- */

bool pcep_decode_wavelength_restriction(struct wire_reader *reader, void *body,
                                        struct wire_decoding *decoding)
{
    struct pcep_wavelength_restriction *restriction = body;
    struct label_set set = {.action = 0};
    restriction->action = wire_u8(reader);
    uint32_t count = wire_u8(reader);
    restriction->reserved = wire_u16(reader);
    if (!wavelength_read_links(reader, count, &restriction->links, decoding) ||
        !read_label_set(reader, &set, decoding))
        return false;
    restriction->label_action = set.action;
    restriction->label_count = set.count;
    restriction->label = set.label;
    restriction->more = set.more;
    restriction->count = set.more_count;
    restriction->further = wire_rest(reader);
    return true;
}

void pcep_encode_wavelength_restriction(struct wire_writer *writer, const void *body)
{
    const struct pcep_wavelength_restriction *restriction = body;
    if (restriction->links.count > UINT8_MAX)
        writer->failed = true;
    wire_put_u8(writer, restriction->action);
    wire_put_u8(writer, (uint8_t)restriction->links.count);
    wire_put_u16(writer, restriction->reserved);
    write_links(writer, &restriction->links);
    write_label_set(writer,
                    &(struct label_set){restriction->label_action, restriction->label_count,
                                        restriction->label, restriction->more, restriction->count});
    wire_put_octets(writer, restriction->further.octets, restriction->further.size);
}

/* One link, without a count. */
bool pcep_decode_wavelength_allocation(struct wire_reader *reader, void *body,
                                       struct wire_decoding *decoding)
{
    struct pcep_wavelength_allocation *allocation = body;
    struct label_set set = {.action = 0};
    allocation->reserved = wire_u16(reader);
    allocation->flags = wire_u16(reader);
    if (!wavelength_read_links(reader, 1, &allocation->links, decoding) ||
        !read_label_set(reader, &set, decoding))
        return false;
    allocation->label_action = set.action;
    allocation->label_count = set.count;
    allocation->label = set.label;
    allocation->more = set.more;
    allocation->count = set.more_count;
    return true;
}

void pcep_encode_wavelength_allocation(struct wire_writer *writer, const void *body)
{
    const struct pcep_wavelength_allocation *allocation = body;
    wire_put_u16(writer, allocation->reserved);
    wire_put_u16(writer, allocation->flags);
    write_links(writer, &allocation->links);
    write_label_set(writer,
                    &(struct label_set){allocation->label_action, allocation->label_count,
                                        allocation->label, allocation->more, allocation->count});
}
