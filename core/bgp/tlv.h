/* TLVs of link state: lists of them, inside each other, decoded by their rows.
 *
 * Thread: any. Owns: nothing; lists live in the arena of the decode call and point into its octets.
 * Bound: BGP_TLV_DEPTH_MAX levels; each level takes 4 octets of header, so that the message's size
 * bounds the number. */
#ifndef PCED_CORE_BGP_TLV_H
#define PCED_CORE_BGP_TLV_H

#include "core/base/arena.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/bgp/registry.h"
#include "core/wire/layout.h"

#define BGP_TLV_HEADER_SIZE 4
#define BGP_TLV_DEPTH_MAX   6

struct bgp_tlv;

struct bgp_tlv_list {
    struct bgp_tlv *tlvs;
    uint32_t count;
};

struct bgp_tlv {
    const struct bgp_tlv_row *row; /* NULL: unknown, or of another form than its row's: octets */
    const void *body;              /* struct of the row; NULL when row is NULL */
    const uint8_t *octets;         /* the value on the wire; may be NULL in a list that we make */
    struct bgp_tlv_list subs;      /* where the row has them */
    struct bgp_tlv *next_open;     /* for the decoder: the next one whose subs are to be read */
    uint32_t offset;               /* of the TLV, from the start of the message */
    uint16_t type;
    uint16_t size; /* of the value */
    uint8_t depth; /* 0: at the top */
};

/* All that is left of the reader. kind: enum bgp_decoding_kind.
 * PCE_INVALID: lengths do not fit, at *offset. PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status bgp_tlvs_decode(struct wire_reader reader, uint8_t kind,
                                               struct arena *arena, struct bgp_tlv_list *list,
                                               uint32_t *offset);
void bgp_tlvs_encode(struct wire_writer *writer, const struct bgp_tlv_list *list);

/* The first TLV of that row in the list, not inside its TLVs; NULL when there is none. */
const struct bgp_tlv *bgp_tlvs_find(const struct bgp_tlv_list *list, enum bgp_tlv_id id);
/* Its body. */
const void *bgp_tlvs_find_body(const struct bgp_tlv_list *list, enum bgp_tlv_id id);

/* A walk through a list and all that is inside it: each TLV is entered, and left after what is
 * inside it. */
struct bgp_tlv_walk {
    struct {
        const struct bgp_tlv_list *list;
        uint32_t index;
    } levels[BGP_TLV_DEPTH_MAX];
    unsigned depth; /* of the level that is walked */
    bool goes_in;   /* the TLV that was entered last has not been looked into yet */
};

enum bgp_tlv_event { BGP_TLV_ENTER, BGP_TLV_LEAVE };

void bgp_tlv_walk_init(struct bgp_tlv_walk *walk, const struct bgp_tlv_list *list);
/* NULL: the end. */
const struct bgp_tlv *bgp_tlv_walk_next(struct bgp_tlv_walk *walk, enum bgp_tlv_event *event);

#endif
