#include "core/bgp/tlv.h"

#include "core/bgp/layout.h"

struct tlv_decoding {
    struct wire_decoding wire; /* first of all: what rows' decoders see */
    uint32_t bad_offset;
    struct bgp_tlv
        *open_first; /* TLVs whose value goes on with TLVs, in the order of their reading */
    struct bgp_tlv *open_last;
    struct wire_reader origin; /* for offsets */
};

/* Whether headers and lengths fill the reader exactly. */
static bool tlvs_count(struct wire_reader reader, uint32_t *count, uint32_t *bad_offset)
{
    for (*count = 0; wire_left(&reader) > 0; ++*count) {
        *bad_offset = wire_offset(&reader);
        wire_skip(&reader, 2);
        wire_skip(&reader, wire_u16(&reader));
    }
    return !reader.failed;
}

static void tlv_open(struct tlv_decoding *decoding, struct bgp_tlv *tlv)
{
    tlv->next_open = NULL;
    if (decoding->open_first == NULL)
        decoding->open_first = tlv;
    else
        decoding->open_last->next_open = tlv;
    decoding->open_last = tlv;
}

/* The body by the row; where it has another form the TLV stays octets (RFC 9552 8.2.2: contents make
 * nothing malformed). */
static bool tlv_decode_body(struct tlv_decoding *decoding, struct bgp_tlv *tlv,
                            struct wire_reader value)
{
    const struct bgp_tlv_row *row = bgp_tlv_find(tlv->type);
    if (row == NULL)
        return true;
    void *body = arena_alloc(decoding->wire.arena, row->layout->body_size);
    if (body == NULL)
        return false;
    bool is_good = row->layout->decode(&value, body, &decoding->wire) && !value.failed;
    if (decoding->wire.is_full)
        return false;
    bool has_subs = is_good && row->has_subs && tlv->depth + 1 < BGP_TLV_DEPTH_MAX;
    if (!is_good || (!has_subs && wire_left(&value) > 0))
        return true;
    tlv->row = row;
    tlv->body = body;
    if (has_subs && wire_left(&value) > 0) {
        /* What is left waits here until its turn comes. */
        tlv->subs.count = (uint32_t)wire_left(&value);
        tlv_open(decoding, tlv);
    }
    return true;
}

/* PCE_OK, PCE_INVALID or PCE_LIMIT. */
static enum pce_status tlvs_read(struct tlv_decoding *decoding, struct wire_reader reader,
                                 uint8_t depth, struct bgp_tlv_list *list)
{
    uint32_t count;
    if (!tlvs_count(reader, &count, &decoding->bad_offset))
        return PCE_INVALID;
    struct bgp_tlv *tlvs = arena_alloc_array(decoding->wire.arena, count, sizeof *tlvs);
    if (tlvs == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        struct bgp_tlv *tlv = &tlvs[i];
        tlv->offset = wire_offset(&reader);
        tlv->depth = depth;
        tlv->type = wire_u16(&reader);
        tlv->size = wire_u16(&reader);
        tlv->octets = reader.at;
        if (!tlv_decode_body(decoding, tlv, wire_sub_known(&reader, tlv->size)))
            return PCE_LIMIT;
    }
    *list = (struct bgp_tlv_list){tlvs, count};
    return PCE_OK;
}

/* The octets behind the body of a TLV whose subs are to be read. */
static struct wire_reader open_part(const struct tlv_decoding *decoding, const struct bgp_tlv *tlv)
{
    const uint8_t *end = tlv->octets + tlv->size;
    return (struct wire_reader){decoding->origin.origin, end - tlv->subs.count, end, false};
}

/* Level by level with a list of what is open: no call goes deeper with the input. */
enum pce_status bgp_tlvs_decode(struct wire_reader reader, uint8_t kind, struct arena *arena,
                                struct bgp_tlv_list *list, uint32_t *offset)
{
    struct tlv_decoding decoding = {.wire = {.arena = arena, .kind = kind}, .origin = reader};
    enum pce_status status = tlvs_read(&decoding, reader, 0, list);
    for (struct bgp_tlv *tlv = decoding.open_first; status == PCE_OK && tlv != NULL;
         tlv = tlv->next_open) {
        struct wire_reader part = open_part(&decoding, tlv);
        tlv->subs.count = 0;
        status = tlvs_read(&decoding, part, (uint8_t)(tlv->depth + 1), &tlv->subs);
    }
    *offset = decoding.bad_offset;
    return status;
}

void bgp_tlvs_encode(struct wire_writer *writer, const struct bgp_tlv_list *list)
{
    size_t starts[BGP_TLV_DEPTH_MAX];
    struct bgp_tlv_walk walk;
    enum bgp_tlv_event event;
    const struct bgp_tlv *tlv;
    bgp_tlv_walk_init(&walk, list);
    while ((tlv = bgp_tlv_walk_next(&walk, &event)) != NULL) {
        if (event == BGP_TLV_LEAVE) {
            size_t start = starts[walk.depth];
            wire_patch_u16(writer, start + 2, wire_written(writer) - start - BGP_TLV_HEADER_SIZE);
            continue;
        }
        starts[walk.depth] = wire_written(writer);
        wire_put_u16(writer, tlv->type);
        wire_put_u16(writer, 0);
        if (tlv->row != NULL)
            tlv->row->layout->encode(writer, tlv->body);
        else
            wire_put_octets(writer, tlv->octets, tlv->size);
    }
}

const struct bgp_tlv *bgp_tlvs_find(const struct bgp_tlv_list *list, enum bgp_tlv_id id)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->tlvs[i].row != NULL && list->tlvs[i].row->id == id)
            return &list->tlvs[i];
    }
    return NULL;
}

const void *bgp_tlvs_find_body(const struct bgp_tlv_list *list, enum bgp_tlv_id id)
{
    const struct bgp_tlv *tlv = bgp_tlvs_find(list, id);
    return tlv == NULL ? NULL : tlv->body;
}

void bgp_tlv_walk_init(struct bgp_tlv_walk *walk, const struct bgp_tlv_list *list)
{
    *walk = (struct bgp_tlv_walk){.levels[0] = {list, 0}};
}

static const struct bgp_tlv *walk_current(const struct bgp_tlv_walk *walk)
{
    return &walk->levels[walk->depth].list->tlvs[walk->levels[walk->depth].index];
}

const struct bgp_tlv *bgp_tlv_walk_next(struct bgp_tlv_walk *walk, enum bgp_tlv_event *event)
{
    if (walk->goes_in) {
        const struct bgp_tlv *entered = walk_current(walk);
        walk->goes_in = false;
        if (entered->subs.count == 0) {
            *event = BGP_TLV_LEAVE;
            walk->levels[walk->depth].index++;
            return entered;
        }
        CHECK(walk->depth + 1 < BGP_TLV_DEPTH_MAX); /* the decoder goes no deeper */
        walk->depth++;
        walk->levels[walk->depth].list = &entered->subs;
        walk->levels[walk->depth].index = 0;
    }
    if (walk->levels[walk->depth].index < walk->levels[walk->depth].list->count) {
        *event = BGP_TLV_ENTER;
        walk->goes_in = true;
        return walk_current(walk);
    }
    if (walk->depth == 0)
        return NULL;
    walk->depth--;
    *event = BGP_TLV_LEAVE;
    const struct bgp_tlv *left = walk_current(walk);
    walk->levels[walk->depth].index++;
    return left;
}
