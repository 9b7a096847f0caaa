/* UPDATE (RFC 4271 4.3) and what its mistakes ask for (RFC 7606, RFC 9552 8.2.2). */
#include "core/bgp/codec_impl.h"
#include "core/bgp/layout.h"

/* The octets of an attribute as a NOTIFICATION carries them: type, length and value, flags in
 * front. */
static struct wire_span attribute_octets(const struct bgp_codec *codec,
                                         const struct bgp_attribute *attribute)
{
    const uint8_t *start = codec->message.octets + attribute->offset;
    return (struct wire_span){start, (size_t)(attribute->octets - start) + attribute->size};
}

/* The attribute's own mark, and the message's fault. */
static void attribute_fault(const struct bgp_codec *codec, struct bgp_attribute *attribute,
                            enum bgp_action action, enum bgp_error_code error, const char *reason)
{
    if (action > attribute->action)
        attribute->action = action;
    bgp_fault_set(codec->fault, (struct bgp_fault){.action = action,
                                                   .error = error,
                                                   .offset = attribute->offset,
                                                   .data = attribute_octets(codec, attribute),
                                                   .reason = reason});
}

/* RFC 4271 6.3: a malformed attribute's subcode. */
static enum bgp_error_code malformed_error(const struct bgp_attribute_row *row, uint16_t error)
{
    switch (row->id) {
    case BGP_ATTRIBUTE_ORIGIN:
        return error == BGP_DECODING_BAD_VALUE ? BGP_ERROR_BAD_ORIGIN
                                               : BGP_ERROR_BAD_ATTRIBUTE_LENGTH;
    case BGP_ATTRIBUTE_AS_PATH:
        return BGP_ERROR_BAD_AS_PATH;
    case BGP_ATTRIBUTE_MP_REACH_NLRI:
    case BGP_ATTRIBUTE_MP_UNREACH_NLRI:
    case BGP_ATTRIBUTE_BGP_LS:
        return BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE;
    default:
        return BGP_ERROR_BAD_ATTRIBUTE_LENGTH;
    }
}

static bool is_of_reflectors(enum bgp_attribute_id id)
{
    return id == BGP_ATTRIBUTE_ORIGINATOR_ID || id == BGP_ATTRIBUTE_CLUSTER_LIST;
}

/* RFC 7606 3 c, 4, 7.5, 7.9 and 7.10: what is asked before the value is looked at. False: it need
 * not be. */
static bool attribute_check(const struct bgp_codec *codec, struct bgp_attribute *attribute)
{
    const struct bgp_attribute_row *row = attribute->row;
    const uint8_t category = BGP_ATTRIBUTE_OPTIONAL | BGP_ATTRIBUTE_TRANSITIVE;
    if (codec->options.is_external &&
        (row->id == BGP_ATTRIBUTE_LOCAL_PREF || is_of_reflectors(row->id))) {
        attribute_fault(codec, attribute, BGP_ACTION_DISCARD, BGP_ERROR_BAD_ATTRIBUTE_FLAGS,
                        "an attribute of iBGP from an external peer");
        return false;
    }
    if ((attribute->flags & category) != (uint8_t)row->category) {
        attribute_fault(codec, attribute,
                        row->on_error == BGP_ACTION_RESET ? BGP_ACTION_RESET : BGP_ACTION_WITHDRAW,
                        BGP_ERROR_BAD_ATTRIBUTE_FLAGS, "flags that the attribute does not have");
        return false;
    }
    bool may_be_empty = row->id == BGP_ATTRIBUTE_AS_PATH ||
                        row->id == BGP_ATTRIBUTE_ATOMIC_AGGREGATE ||
                        row->id == BGP_ATTRIBUTE_BGP_LS;
    if (attribute->size > 0 || may_be_empty)
        return true;
    attribute_fault(codec, attribute, row->on_error, BGP_ERROR_BAD_ATTRIBUTE_LENGTH,
                    "an attribute without a value");
    return false;
}

/* AS4_PATH has 4 octets for an AS, whatever was settled (RFC 6793 3). */
static uint8_t attribute_kind(const struct bgp_codec *codec, enum bgp_attribute_id id)
{
    bool is_as4 = codec->options.has_as4 || id == BGP_ATTRIBUTE_AS4_PATH ||
                  id == BGP_ATTRIBUTE_AS4_AGGREGATOR;
    return is_as4 ? BGP_DECODING_AS4 : BGP_DECODING_PLAIN;
}

/* RFC 9552 5.5: an address; of IPv6 perhaps with a link-local one behind it. */
static bool next_hop_is_valid(const struct bgp_mp_reach *reach)
{
    size_t size = reach->next_hop.size;
    return size == 4 || size == 16 || size == 32;
}

static enum pce_status decode_families(const struct bgp_codec *codec, struct wire_reader reader,
                                       struct bgp_attribute *attribute)
{
    bool is_reach = attribute->row->id == BGP_ATTRIBUTE_MP_REACH_NLRI;
    const struct bgp_mp_reach *reach = attribute->body;
    const struct bgp_mp_unreach *unreach = attribute->body;
    uint16_t afi = is_reach ? reach->afi : unreach->afi;
    uint8_t safi = is_reach ? reach->safi : unreach->safi;
    uint32_t offset = attribute->offset;
    attribute->is_other_family = afi != BGP_AFI_LS || safi != BGP_SAFI_LS;
    if (attribute->is_other_family)
        return PCE_OK;
    if (is_reach && !next_hop_is_valid(reach)) {
        attribute_fault(codec, attribute, BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE,
                        "a next hop of another length");
        return PCE_INVALID;
    }
    enum pce_status status = bgp_decode_nlris(codec, reader, attribute, &offset);
    if (status == PCE_INVALID) {
        attribute_fault(codec, attribute, BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE,
                        "lengths of NLRIs do not fit");
        codec->fault->offset = offset;
    }
    return status;
}

/* RFC 9552 8.2.2: with one wrong length in it the whole attribute is discarded. */
static enum pce_status decode_link_state(const struct bgp_codec *codec, struct wire_reader reader,
                                         struct bgp_attribute *attribute)
{
    uint32_t offset = attribute->offset;
    enum pce_status status =
        bgp_tlvs_decode(reader, BGP_DECODING_PLAIN, codec->arena, &attribute->tlvs, &offset);
    if (status != PCE_INVALID)
        return status;
    attribute->body = NULL;
    attribute->tlvs = (struct bgp_tlv_list){NULL, 0};
    bool is_first = codec->fault->action < BGP_ACTION_DISCARD;
    attribute_fault(codec, attribute, BGP_ACTION_DISCARD, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE,
                    "lengths of TLVs do not fit");
    if (is_first)
        codec->fault->offset = offset;
    return PCE_OK;
}

static enum pce_status decode_tail(const struct bgp_codec *codec, struct wire_reader reader,
                                   struct bgp_attribute *attribute)
{
    switch (attribute->row->tail) {
    case BGP_TAIL_NLRIS:
        return decode_families(codec, reader, attribute);
    case BGP_TAIL_TLVS:
        return decode_link_state(codec, reader, attribute);
    default:
        return PCE_OK;
    }
}

/* PCE_INVALID: the session is to be reset. */
static enum pce_status decode_attribute(const struct bgp_codec *codec, struct wire_reader value,
                                        struct bgp_attribute *attribute)
{
    const struct bgp_attribute_row *row = attribute->row;
    struct wire_decoding decoding = {.arena = codec->arena, .kind = attribute_kind(codec, row->id)};
    if (!attribute_check(codec, attribute))
        return attribute->action == BGP_ACTION_RESET ? PCE_INVALID : PCE_OK;
    void *body = arena_alloc(codec->arena, row->layout->body_size);
    if (body == NULL)
        return PCE_LIMIT;
    bool is_good = row->layout->decode(&value, body, &decoding) && !value.failed;
    if (decoding.is_full)
        return PCE_LIMIT;
    if (!is_good || (row->tail == BGP_TAIL_NONE && wire_left(&value) > 0)) {
        attribute_fault(codec, attribute, row->on_error, malformed_error(row, decoding.error),
                        decoding.reason != NULL ? decoding.reason
                                                : "an attribute of another length");
        return row->on_error == BGP_ACTION_RESET ? PCE_INVALID : PCE_OK;
    }
    attribute->body = body;
    return decode_tail(codec, value, attribute);
}

/* Flags, type, length and value; false: what is left is no attribute (RFC 7606 4). */
static bool read_attribute(struct wire_reader *reader, struct bgp_attribute *attribute)
{
    attribute->offset = wire_offset(reader);
    attribute->flags = wire_u8(reader);
    attribute->type = wire_u8(reader);
    bool is_extended = (attribute->flags & BGP_ATTRIBUTE_EXTENDED) != 0;
    attribute->size = is_extended ? wire_u16(reader) : wire_u8(reader);
    attribute->octets = reader->at;
    wire_skip(reader, attribute->size);
    return !reader->failed;
}

static uint32_t count_attributes(struct wire_reader reader)
{
    struct bgp_attribute attribute;
    uint32_t count = 0;
    while (wire_left(&reader) > 0 && read_attribute(&reader, &attribute))
        count++;
    return count;
}

/* RFC 7606 3 g: NLRIs twice cannot be told apart; of others the first counts. False: no more is to be
 * done with it. */
static bool check_repeated(const struct bgp_codec *codec, uint32_t seen[8],
                           struct bgp_attribute *attribute)
{
    uint32_t *word = &seen[attribute->type / 32];
    uint32_t bit = UINT32_C(1) << attribute->type % 32;
    bool is_repeated = (*word & bit) != 0;
    *word |= bit;
    if (!is_repeated)
        return true;
    bool has_nlris = attribute->row != NULL && attribute->row->tail == BGP_TAIL_NLRIS;
    if (has_nlris)
        attribute_fault(codec, attribute, BGP_ACTION_RESET, BGP_ERROR_MALFORMED_ATTRIBUTES,
                        "NLRIs of one kind come twice");
    else
        attribute_fault(codec, attribute, BGP_ACTION_DISCARD, BGP_ERROR_MALFORMED_ATTRIBUTES,
                        "an attribute comes twice");
    return false;
}

static enum pce_status update_decode_one(const struct bgp_codec *codec, uint32_t seen[8],
                                         struct bgp_attribute *attribute)
{
    struct wire_reader value = {codec->message.octets, attribute->octets,
                                attribute->octets + attribute->size, false};
    attribute->row = bgp_attribute_find(attribute->type);
    if (!check_repeated(codec, seen, attribute))
        return attribute->action == BGP_ACTION_RESET ? PCE_INVALID : PCE_OK;
    if (attribute->row != NULL)
        return decode_attribute(codec, value, attribute);
    if ((attribute->flags & BGP_ATTRIBUTE_OPTIONAL) != 0)
        return PCE_OK;
    attribute_fault(codec, attribute, BGP_ACTION_RESET, BGP_ERROR_UNKNOWN_WELL_KNOWN,
                    "an unknown attribute that says that it is well known");
    return PCE_INVALID;
}

static enum pce_status decode_attributes(const struct bgp_codec *codec, struct wire_reader reader,
                                         struct bgp_update *update)
{
    uint32_t seen[8] = {0};
    uint32_t count = count_attributes(reader);
    enum pce_status result = PCE_OK;
    update->attributes = arena_alloc_array(codec->arena, count, sizeof *update->attributes);
    if (update->attributes == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        struct bgp_attribute *attribute = &update->attributes[i];
        (void)read_attribute(&reader, attribute);
        update->attribute_count = i + 1;
        /* What comes after a mistake is still read: the strongest one counts. */
        enum pce_status status = update_decode_one(codec, seen, attribute);
        if (status == PCE_LIMIT)
            return status;
        if (status == PCE_INVALID)
            result = status;
    }
    update->rest = (struct wire_span){reader.at, wire_left(&reader)};
    if (update->rest.size > 0)
        bgp_fault_set(codec->fault,
                      (struct bgp_fault){.action = BGP_ACTION_WITHDRAW,
                                         .error = BGP_ERROR_MALFORMED_ATTRIBUTES,
                                         .offset = wire_offset(&reader),
                                         .reason = "the last attribute does not fit"});
    return result;
}

static bool has_attribute(const struct bgp_update *update, enum bgp_attribute_id id)
{
    for (uint32_t i = 0; i < update->attribute_count; i++) {
        if (update->attributes[i].row != NULL && update->attributes[i].row->id == id)
            return true;
    }
    return false;
}

/* RFC 7606 3 d: what announces needs ORIGIN and AS_PATH; the data of the NOTIFICATION is the type. */
static void check_mandatory(const struct bgp_codec *codec, const struct bgp_update *update)
{
    static const uint8_t types[] = {1, 2};
    static const enum bgp_attribute_id ids[] = {BGP_ATTRIBUTE_ORIGIN, BGP_ATTRIBUTE_AS_PATH};
    if (!has_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI) && update->nlri.size == 0)
        return;
    for (unsigned i = 0; i < 2; i++) {
        if (!has_attribute(update, ids[i]))
            bgp_fault_set(codec->fault,
                          (struct bgp_fault){.action = BGP_ACTION_WITHDRAW,
                                             .error = BGP_ERROR_MISSING_ATTRIBUTE,
                                             .offset = BGP_HEADER_SIZE,
                                             .data = {&types[i], 1},
                                             .reason = "ORIGIN or AS_PATH is missing"});
    }
}

/* RFC 7606 5.2: attributes that announce nothing, and are wrong, may hide NLRIs. */
static enum pce_status judge_update(const struct bgp_codec *codec, struct bgp_update *update)
{
    if (codec->fault->action != BGP_ACTION_WITHDRAW)
        return PCE_OK;
    update->is_withdraw =
        has_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI) || update->nlri.size > 0;
    if (update->is_withdraw)
        return PCE_OK;
    codec->fault->action = BGP_ACTION_RESET;
    return PCE_INVALID;
}

enum pce_status bgp_decode_update(const struct bgp_codec *codec, struct wire_reader reader,
                                  struct bgp_update *update)
{
    struct wire_reader withdrawn = wire_sub(&reader, wire_u16(&reader));
    struct wire_reader attributes = wire_sub(&reader, wire_u16(&reader));
    if (reader.failed)
        return bgp_codec_reset(codec, BGP_ERROR_MALFORMED_ATTRIBUTES, BGP_HEADER_SIZE,
                               (struct wire_span){NULL, 0},
                               "lengths of withdrawn routes and attributes exceed the message");
    update->withdrawn = wire_rest(&withdrawn);
    update->nlri = wire_rest(&reader);
    enum pce_status status = decode_attributes(codec, attributes, update);
    if (status != PCE_OK)
        return status;
    check_mandatory(codec, update);
    return judge_update(codec, update);
}

static void encode_nlri(struct wire_writer *writer, const struct bgp_nlri *nlri)
{
    wire_put_u16(writer, nlri->type);
    size_t start = wire_written(writer);
    wire_put_u16(writer, 0);
    if (nlri->row != NULL) {
        wire_put_u8(writer, nlri->protocol);
        wire_put_u64(writer, nlri->identifier);
        bgp_tlvs_encode(writer, &nlri->tlvs);
    } else {
        wire_put_octets(writer, nlri->octets, nlri->size);
    }
    wire_patch_u16(writer, start, wire_written(writer) - start - 2);
}

static void encode_value(struct wire_writer *writer, const struct bgp_attribute *attribute)
{
    if (attribute->body == NULL || attribute->is_other_family) {
        wire_put_octets(writer, attribute->octets, attribute->size);
        return;
    }
    attribute->row->layout->encode(writer, attribute->body);
    for (uint32_t i = 0; i < attribute->nlri_count; i++)
        encode_nlri(writer, &attribute->nlris[i]);
    bgp_tlvs_encode(writer, &attribute->tlvs);
}

static void encode_attribute(struct wire_writer *writer, const struct bgp_attribute *attribute)
{
    wire_put_u8(writer, attribute->flags);
    wire_put_u8(writer, attribute->type);
    size_t start = wire_written(writer);
    if ((attribute->flags & BGP_ATTRIBUTE_EXTENDED) != 0) {
        wire_put_u16(writer, 0);
        encode_value(writer, attribute);
        wire_patch_u16(writer, start, wire_written(writer) - start - 2);
        return;
    }
    uint8_t *size = wire_reserve(writer, 1);
    encode_value(writer, attribute);
    writer->failed |= wire_written(writer) - start - 1 > UINT8_MAX;
    if (size != NULL)
        *size = (uint8_t)(wire_written(writer) - start - 1);
}

void bgp_encode_update(struct wire_writer *writer, const struct bgp_update *update)
{
    wire_put_u16(writer, (uint16_t)update->withdrawn.size);
    wire_put_octets(writer, update->withdrawn.octets, update->withdrawn.size);
    size_t start = wire_written(writer);
    wire_put_u16(writer, 0);
    for (uint32_t i = 0; i < update->attribute_count; i++)
        encode_attribute(writer, &update->attributes[i]);
    wire_put_octets(writer, update->rest.octets, update->rest.size);
    wire_patch_u16(writer, start, wire_written(writer) - start - 2);
    wire_put_octets(writer, update->nlri.octets, update->nlri.size);
}
