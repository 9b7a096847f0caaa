#include "core/bgp/ls_key.h"

#include <stdlib.h>

#define NLRI_HEADER_SIZE 4

struct sorted_tlv {
    const struct bgp_tlv *tlv;
};

static int tlv_compare(const void *left, const void *right)
{
    const struct bgp_tlv *a = ((const struct sorted_tlv *)left)->tlv;
    const struct bgp_tlv *b = ((const struct sorted_tlv *)right)->tlv;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->octets, b->octets, a->size);
}

/* A list's TLVs in order; NULL: the arena is full. */
static struct sorted_tlv *sorted(const struct bgp_tlv_list *list, struct arena *arena)
{
    struct sorted_tlv *order = ARENA_ARRAY(arena, struct sorted_tlv, list->count);
    for (uint32_t i = 0; order != NULL && i < list->count; i++)
        order[i].tlv = &list->tlvs[i];
    if (order != NULL && list->count > 1)
        qsort(order, list->count, sizeof *order, tlv_compare);
    return order;
}

static bool put_sorted(struct wire_writer *writer, const struct bgp_tlv_list *list,
                       struct arena *arena)
{
    const struct sorted_tlv *order = sorted(list, arena);
    for (uint32_t i = 0; order != NULL && i < list->count; i++) {
        wire_put_u16(writer, order[i].tlv->type);
        wire_put_u16(writer, order[i].tlv->size);
        wire_put_octets(writer, order[i].tlv->octets, order[i].tlv->size);
    }
    return order != NULL;
}

/* Node descriptors are the TLVs of an NLRI that have TLVs inside; their values are sorted before
 * they are compared. */
static bool put_key(struct wire_writer *writer, const struct bgp_nlri *nlri, struct arena *arena)
{
    struct bgp_tlv *copies = ARENA_ARRAY(arena, struct bgp_tlv, nlri->tlvs.count);
    struct bgp_tlv_list list = {copies, nlri->tlvs.count};
    if (copies == NULL)
        return false;
    for (uint32_t i = 0; i < list.count; i++) {
        copies[i] = nlri->tlvs.tlvs[i];
        if (copies[i].subs.count == 0)
            continue;
        uint8_t *octets = arena_alloc(arena, copies[i].size);
        struct wire_writer inner = wire_writer_init(octets, octets == NULL ? 0 : copies[i].size);
        if (octets == NULL || !put_sorted(&inner, &copies[i].subs, arena))
            return false;
        copies[i].octets = octets;
    }
    return put_sorted(writer, &list, arena);
}

/* One that ascends is its own key: type, length and value as they lie in the message. */
enum pce_status bgp_ls_key(const struct bgp_nlri *nlri, struct arena *arena, struct wire_span *key)
{
    size_t size = (size_t)nlri->size + NLRI_HEADER_SIZE;
    const uint8_t *start = nlri->octets - NLRI_HEADER_SIZE;
    if (!nlri->is_unordered) {
        *key = (struct wire_span){start, size};
        return PCE_OK;
    }
    uint8_t *octets = arena_alloc(arena, size);
    if (octets == NULL)
        return PCE_LIMIT;
    struct wire_writer writer = wire_writer_init(octets, size);
    /* Header, Protocol-ID and Identifier stay as they are. */
    wire_put_octets(&writer, start, NLRI_HEADER_SIZE + 1 + 8);
    if (!put_key(&writer, nlri, arena))
        return PCE_LIMIT;
    *key = (struct wire_span){octets, wire_written(&writer)};
    return PCE_OK;
}
