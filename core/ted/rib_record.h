/* RIB records: an object as the octets that are kept of it. Only what is present takes room.
 *
 * Thread: any. Owns: nothing: an object that was unpacked points into its record.
 * Bound: RIB_RECORD_SIZE_MAX octets. */
#ifndef PCED_CORE_TED_RIB_RECORD_H
#define PCED_CORE_TED_RIB_RECORD_H

#include "core/ted/rib_object.h"

#define RIB_RECORD_SIZE_MAX 262144

struct rib_field {
    uint16_t offset, size;
};

struct rib_list {
    uint16_t offset;       /* of the pointer */
    uint16_t count_offset; /* of the uint32_t beside it */
    uint16_t item_size;
};

/* How a kind of objects is kept: bits of `present` are fields first, lists afterwards. */
struct rib_layout {
    uint32_t object_size;
    uint32_t field_count, list_count;
    const struct rib_field *fields;
    const struct rib_list *lists;
};

extern const struct rib_layout rib_node_layout, rib_link_layout, rib_prefix_layout;

/* Octets of the object's record; 0: a list is longer than RIB_LIST_MAX, or it is too large. */
size_t rib_record_size(const struct rib_layout *layout, const void *object);
/* Fills that many octets, aligned for every type. */
void rib_record_pack(const struct rib_layout *layout, const void *object, uint8_t *record);
void rib_record_unpack(const struct rib_layout *layout, const uint8_t *record, void *object);
/* Of a link's record the addresses and ids of its ends alone; link: zeroed. */
void rib_record_unpack_ends(const uint8_t *record, struct rib_link *link);
/* Takes over what `object` does not have and `other` has: fields and whole lists. */
void rib_record_complete(const struct rib_layout *layout, void *object, const void *other);

#endif
